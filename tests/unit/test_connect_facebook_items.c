/* Posts and comments of the Graph API as items, in all the shapes that were seen. */
#include "unit.h"

#include "base/clock.h"
#include "connect/facebook_item.h"
#include "connect/facebook_token.h"
#include "connect_fixture.h"
#include "net/json.h"

static struct item read_item(struct fixture *fixture, enum item_kind kind, const char *text)
{
	const char *problem;
	const json_t *json = json_read(&fixture->ctx, text, strlen(text), &problem);
	struct item item;

	if (!json || !fb_read_item(&fixture->ctx, &fixture->source, kind, "", 0, json, &item))
		fail_msg("not read: %s", text);
	return item;
}

static void test_a_post_is_public_only_if_it_is_in_every_way(void **state)
{
	static const struct {
		const char *more;
		enum item_visibility visibility;
	} cases[] = {
		{ "", ITEM_PUBLIC },
		{ ",\"is_published\":true,\"privacy\":{\"value\":\"EVERYONE\"}", ITEM_PUBLIC },
		{ ",\"privacy\":{\"value\":\"\"}", ITEM_PUBLIC },
		{ ",\"privacy\":{\"value\":\"ALL_FRIENDS\"}", ITEM_PRIVATE },
		{ ",\"is_hidden\":true", ITEM_HIDDEN },
		{ ",\"is_expired\":true", ITEM_UNPUBLISHED },
		{ ",\"is_published\":false,\"is_hidden\":true", ITEM_UNPUBLISHED },
	};
	struct fixture *fixture = fixture_new(*state);

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct item item = read_item(
			fixture, ITEM_POST,
			arena_printf(*state, "{\"id\":\"" PAGE "_5\",\"message\":\"m\"%s}",
				     cases[i].more));

		assert_int_equal(item.visibility, cases[i].visibility);
		assert_int_equal(item.has_text, item.visibility != ITEM_UNPUBLISHED);
	}
}

static void test_authors_tell_the_page_from_visitors(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct item item = read_item(fixture, ITEM_POST,
				     "{\"id\":\"" PAGE "_5\",\"from\":{\"id\":" PAGE
				     ",\"name\":\" P\\n \"},\"story\":\"P added a photo.\"}");

	assert_true(item.is_self);
	assert_false(item.is_by_visitor);
	assert_string_equal(item.author_name, "P");
	assert_string_equal(item.title, "P added a photo.");
	item = read_item(fixture, ITEM_POST,
			 "{\"id\":5,\"from\":{\"id\":\"7\",\"name\":\"Ana\"},"
			 "\"story\":\"Ana shared a link.\"}");
	assert_true(item.is_by_visitor);
	assert_string_equal(item.address, PAGE "_5");
	/* The line names a person. */
	assert_string_equal(item.title, "");
	item = read_item(fixture, ITEM_COMMENT, "{\"id\":\"1_2\",\"message\":\"x\"}");
	assert_string_equal(item.author_key, "");
	assert_false(item.is_self);
}

static void test_attachments_become_media(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct item item = read_item(
		fixture, ITEM_POST,
		"{\"id\":\"" PAGE "_5\",\"attachments\":{\"data\":["
		"{\"type\":\"album\",\"media\":{\"image\":{\"src\":\"https://x/0.jpg\"}},"
		"\"subattachments\":{\"data\":[{\"type\":\"photo\",\"media\":{\"image\":{\"src\":"
		"\"https://x/1.jpg\",\"width\":720,\"height\":480}}},{\"type\":\"video_inline\","
		"\"media\":{\"image\":{\"src\":\"https://x/2.jpg\"}},\"url\":\"https://f/v\"}]}},"
		"{\"type\":\"share\",\"title\":\"Titel\",\"media\":{\"image\":{\"src\":"
		"\"https://x/3.jpg\"}},\"url\":\"https://l.facebook.com/l.php?u=https%3A%2F%2F"
		"example.org%2Fa%3Fb%3D1&h=AT\"},"
		"{\"type\":\"native_templates\"},"
		"{\"type\":\"something_new\",\"url\":\"javascript:alert(1)\"}]}}");

	assert_int_equal(item.media_count, 3);
	assert_string_equal(item.media[0].kind, "photo");
	assert_string_equal(item.media[0].url, "https://x/1.jpg");
	assert_int_equal(item.media[0].width, 720);
	assert_string_equal(item.media[1].kind, "video");
	assert_string_equal(item.media[1].link, "https://f/v");
	assert_string_equal(item.media[2].kind, "link");
	assert_string_equal(item.media[2].link, "https://example.org/a?b=1");
	/* The preview of a link is somebody else's picture. */
	assert_string_equal(item.media[2].url, "");
	assert_string_equal(item.media[2].title, "Titel");
}

static void test_counts_come_in_many_shapes(void **state)
{
	static const struct {
		const char *comments;
		int64_t count;
	} cases[] = {
		{ "{\"data\":[],\"summary\":{\"total_count\":7,\"can_comment\":false}}", 7 },
		{ "{\"count\":3}", 3 },
		{ "{\"total_count\":4}", 4 },
		{ "[]", -1 },
		{ "null", -1 },
	};
	struct fixture *fixture = fixture_new(*state);
	struct item item;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		item = read_item(fixture, ITEM_POST,
				 arena_printf(*state, "{\"id\":\"" PAGE "_5\",\"comments\":%s}",
					      cases[i].comments));
		assert_int_equal(item.comment_count, cases[i].count);
		assert_int_equal(item.can_comment, i != 0);
	}
	item = read_item(fixture, ITEM_COMMENT, "{\"id\":\"1_2\",\"like_count\":5}");
	assert_string_equal(item.reactions[0].name, "like");
	assert_int_equal(item.reactions[0].count, 5);
}

static void test_odd_tags_and_ids_do_no_harm(void **state)
{
	static const char *const tags[] = { "[]", "{}", "{\"94\":[{\"offset\":94,\"length\":7}]}",
					    "[{\"offset\":-1,\"length\":99999}]", "\"x\"" };
	static const char *const none[] = { "{}", "{\"id\":\"../5\"}", "{\"id\":\"\"}",
					    "[]", "{\"id\":\"5_\"}",   "{\"id\":null}" };
	struct fixture *fixture = fixture_new(*state);
	const char *problem;
	struct item item;

	for (size_t i = 0; i < ARRAY_COUNT(tags); i++)
		read_item(fixture, ITEM_COMMENT,
			  arena_printf(*state,
				       "{\"id\":\"1_2\",\"message\":\"m\",\"message_tags\":%s}",
				       tags[i]));
	for (size_t i = 0; i < ARRAY_COUNT(none); i++)
		assert_false(fb_read_item(
			&fixture->ctx, &fixture->source, ITEM_POST, "", 0,
			json_read(&fixture->ctx, none[i], strlen(none[i]), &problem), &item));
	/* Old comment ids have three parts; the key is the last of any. */
	assert_string_equal(read_item(fixture, ITEM_COMMENT, "{\"id\":\"1_2_3\"}").key, "3");
}

/* ---- the fixtures ------------------------------------------------------ */

static const json_t *shared(struct fixture *fixture, const char *name)
{
	const char *path = fixture_shared(fixture->ctx.arena, name), *problem;
	size_t length;
	const char *text;

	if (!path)
		return NULL;
	text = fixture_read(fixture->ctx.arena, path, &length);
	return json_read(&fixture->ctx, text, length, &problem);
}

static void test_the_modelled_answers_are_read(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const json_t *comments = shared(fixture, "modelled/graph/comments-stream.json");
	const json_t *feed = shared(fixture, "modelled/graph/feed-p3-last.json");
	struct item items[4];
	json_t *json;
	size_t i;

	if (!comments || !feed)
		return;
	json_array_foreach(json_at(comments, "data"), i, json)
	{
		assert_true(fb_read_item(&fixture->ctx, &fixture->source, ITEM_COMMENT,
					 "122100000000000101", 0, json, &items[i]));
	}
	assert_int_equal(i, 4);
	assert_string_equal(items[0].author_name, "Ana Ødegård");
	assert_string_equal(items[0].parent_key, "122100000000000101");
	assert_true(items[1].is_self);
	assert_string_equal(items[1].parent_key, "901000000000201");
	assert_false(items[1].can_comment);
	assert_string_equal(items[2].text, "");
	assert_int_equal(items[2].media_count, 1);
	assert_string_equal(items[3].author_key, "");
	json_array_foreach(json_at(feed, "data"), i, json)
	{
		assert_true(fb_read_item(&fixture->ctx, &fixture->source, ITEM_POST, "", 0, json,
					 &items[i]));
	}
	assert_int_equal(items[0].visibility, ITEM_PUBLIC);
	assert_int_equal(items[1].visibility, ITEM_UNPUBLISHED);
}

/* Whatever else was recorded is read or left out, and nothing breaks. */
static void test_the_recorded_answers_break_nothing(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *folder = fixture_shared(*state, "feed"), *problem;
	const char **names = folder ? fixture_names(*state, folder) : NULL;
	size_t length, read = 0;

	for (size_t i = 0; names && names[i]; i++) {
		const char *text = fixture_read(
			*state, arena_printf(*state, "%s/%s", folder, names[i]), &length);
		const json_t *root = json_read(&fixture->ctx, text, length, &problem);
		const json_t *list = json_at(root, "data");
		struct item item;

		for (size_t j = 0; j <= json_array_size(list); j++) {
			const json_t *json = j ? json_array_get(list, j - 1) : root;

			read += fb_read_item(&fixture->ctx, &fixture->source, ITEM_POST, "", 0,
					     json, &item);
			read += fb_read_item(&fixture->ctx, &fixture->source, ITEM_COMMENT, "9", 0,
					     json, &item);
		}
	}
	assert_true(!names || read > 40);
}

static void test_recorded_tokens_are_read_in_every_shape(void **state)
{
	static const struct {
		const char *file, *type, *app_id;
		bool is_valid, has_engagement;
	} cases[] = {
		{ "modelled/graph/debug-token-page.json", "PAGE", "123456789012345", true, true },
		{ "tokens/restfb.data-debug-token-info.json", "", "100000000000", true, false },
		{ "tokens/restfb.debug-token-info-2.json", "USER", "1234567890", true, false },
		{ "tokens/restfb.debug-token-info-3.json", "USER", "{app-id}", true, false },
	};
	struct fixture *fixture = fixture_new(*state);

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const json_t *root = shared(fixture, cases[i].file);
		struct fb_token token;

		if (!root)
			continue;
		fb_token_read(&fixture->ctx, root, &token);
		assert_string_equal(token.type, cases[i].type);
		assert_string_equal(token.app_id, cases[i].app_id);
		assert_int_equal(token.is_valid, cases[i].is_valid);
		assert_int_equal(fb_token_has_scope(&token, "pages_read_engagement", PAGE),
				 cases[i].has_engagement);
		/* Granted for another Page alone. */
		assert_false(fb_token_has_scope(&token, "pages_manage_engagement", PAGE));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_post_is_public_only_if_it_is_in_every_way),
		TEST(test_authors_tell_the_page_from_visitors),
		TEST(test_attachments_become_media),
		TEST(test_counts_come_in_many_shapes),
		TEST(test_odd_tags_and_ids_do_no_harm),
		TEST(test_the_modelled_answers_are_read),
		TEST(test_the_recorded_answers_break_nothing),
		TEST(test_recorded_tokens_are_read_in_every_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
