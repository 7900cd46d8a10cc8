/*
 * Reading comments and single items from a Graph API that follows a script: what is
 * whole, what is gone, and what nobody can tell.
 */
#include "unit.h"

#include "graph_script.h"

/* ---- comments ---------------------------------------------------------- */

#define COMMENT(id, more) \
	"{\"id\":\"" id "\",\"created_time\":\"2026-01-01T10:01:40+0000\"," more \
	"\"message\":\"Text " id "\"}"

static struct comments_reading read_comments(struct scene *scene, const char *cursor)
{
	struct comments_reading reading = { .cursor = cursor, .limit = 100 };
	struct item_address post = { ITEM_POST, "500", "" };

	assert_int_equal(facebook_connector.read_comments(scene->ctx, scene->source, &post,
							  &reading, &scene->fixture->sink,
							  &scene->error),
			 OK);
	return reading;
}

static void test_comments_are_read_flat_and_with_those_of_the_pictures(void **state)
{
	struct script_line script[] = {
		{ .target = "/20_500/comments",
		  .body = LIST(COMMENT("500_1", "\"is_hidden\":true,") "," COMMENT(
				       "500_2", "\"parent\":{\"id\":\"500_1\"},"),
			       NEXT("C")) },
		{ .target = "/20_500/comments",
		  .body = LIST(COMMENT("500_3", "\"is_private\":true,"), "") },
		{ .target = "attachments",
		  .body = "{\"id\":\"20_500\",\"attachments\":{\"data\":[{\"media_type\":\"album\","
			  "\"target\":{\"id\":\"20_500\"},\"subattachments\":{\"data\":["
			  "{\"media_type\":\"photo\",\"target\":{\"id\":\"901\"}},"
			  "{\"media_type\":\"photo\",\"target\":{\"id\":902}}]}}]}}" },
		{ .target = "/901/comments", .body = LIST(COMMENT("901_4", ""), "") },
		{ .target = "/902/comments", .body = "{\"data\":[]}" },
	};
	struct scene scene = BEGIN(*state, "20", script);
	struct comments_reading reading = read_comments(&scene, "");

	assert_failure(&scene, CONNECT_OK);
	assert_false(reading.is_complete);
	for (int pages = 0; *reading.next && pages < 10; pages++)
		reading = read_comments(&scene, reading.next);
	assert_failure(&scene, CONNECT_OK);
	assert_true(reading.is_complete);
	assert_non_null(
		strstr(scene_request(&scene, 1)->target, "filter=stream&order=chronological"));
	assert_int_equal(scene.fixture->count, 4);
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "1")->visibility, ITEM_HIDDEN);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "1")->parent_key, "500");
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "2")->parent_key, "1");
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "3")->visibility, ITEM_PRIVATE);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "4")->root_key, "500");
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "4")->address, "901_4");
	scene_end(&scene);
}

static void test_a_list_that_could_not_be_read_is_not_complete(void **state)
{
	struct script_line script[] = {
		{ .target = "/comments", .body = "{\"count\":3}" },
		{ .target = "/comments", .status = 500, .body = "<html>" },
		{ .target = "/comments", .is_cut = true, .is_again = true },
	};
	struct scene scene = BEGIN(*state, "21", script);

	for (size_t i = 0; i < ARRAY_COUNT(script); i++) {
		assert_false(read_comments(&scene, "").is_complete);
		assert_failure(&scene, CONNECT_RETRY);
	}
	scene_end(&scene);
}

static void test_a_comment_without_an_id_is_known_by_its_permalink(void **state)
{
	struct script_line script[] = {
		{ .target = "/comments",
		  .body = LIST(
			  "{\"message\":\"a\",\"permalink_url\":\"https://www.facebook.com/22/"
			  "posts/500/?comment_id=77&reply_comment_id=78\"},{\"message\":\"b\"}",
			  "") },
		{ .target = "attachments", .body = "{\"id\":\"22_500\"}" },
	};
	struct scene scene = BEGIN(*state, "22", script);

	assert_true(read_comments(&scene, "").is_complete);
	assert_int_equal(scene.fixture->count, 1);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "78")->address, "500_78");
	scene_end(&scene);
}

/* ---- items ------------------------------------------------------------- */

static void read_items(struct scene *scene, const struct item_address *items, size_t count)
{
	fixture_forget(scene->fixture);
	assert_int_equal(facebook_connector.read_items(scene->ctx, scene->source, items, count,
						       &scene->fixture->sink, &scene->error),
			 OK);
}

static void test_one_missing_item_does_not_hide_the_others(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" },
						     { ITEM_POST, "500", "" },
						     { ITEM_COMMENT, "3", "../../etc" } };
	struct script_line script[] = {
		{ .target = "ids=500_1%2C500_2", .status = 400, .body = GONE },
		{ .target = "/500_1?", .body = COMMENT("500_1", "") },
		{ .target = "/500_2?", .status = 400, .body = GONE },
		{ .target = "/30_500?",
		  .body = "{\"id\":\"30_500\",\"is_published\":false,\"message\":\"secret\"}" },
	};
	struct scene scene = BEGIN(*state, "30", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_OK);
	assert_non_null(fixture_event(scene.fixture, EVENT_ITEM, "1"));
	assert_non_null(fixture_event(scene.fixture, EVENT_MISSING, "2"));
	assert_non_null(fixture_event(scene.fixture, EVENT_MISSING, "3"));
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "500")->visibility,
			 ITEM_UNPUBLISHED);
	assert_false(fixture_item(scene.fixture, EVENT_ITEM, "500")->has_text);
	assert_true(scene.fixture->events[0].is_confirmed);
	scene_end(&scene);
}

static void test_what_many_answers_lack_is_asked_for_alone(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" } };
	struct script_line script[] = {
		{ .target = "ids=", .body = "{\"500_1\":" COMMENT("500_1", "") "}" },
		{ .target = "/500_2?", .body = COMMENT("500_2", "") },
	};
	struct scene scene = BEGIN(*state, "31", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(scene.fixture->count, 2);
	scene_end(&scene);
}

static void test_a_failing_network_says_nothing_about_items(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" } };
	struct script_line script[] = {
		{ .target = "ids=", .status = 400, .body = GONE },
		{ .target = "/500_1?",
		  .status = 400,
		  .body = "{\"error\":{\"code\":190,\"message\":\"x\"}}" },
	};
	struct scene scene = BEGIN(*state, "32", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_TOKEN);
	assert_int_equal(scene.fixture->count, 0);
	assert_int_equal(scene_asked(&scene, "/500_2?"), 0);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_comments_are_read_flat_and_with_those_of_the_pictures),
		TEST(test_a_list_that_could_not_be_read_is_not_complete),
		TEST(test_a_comment_without_an_id_is_known_by_its_permalink),
		TEST(test_one_missing_item_does_not_hide_the_others),
		TEST(test_what_many_answers_lack_is_asked_for_alone),
		TEST(test_a_failing_network_says_nothing_about_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
