/*
 * The sitemap's files: who is in them and who is not, what makes one anew, that nothing
 * else is; and gzip, there and back.
 */
#include "forum_fixture.h"

#include "base/gzip.h"
#include "base/slice.h"
#include "forum/sitemap.h"

#define XML_MAX ((size_t)32 << 20)

/* Until nothing is due; how many files were made. */
static int64_t update(struct ctx *ctx)
{
	struct sitemap_run run = { .most = 8 };
	int64_t built = 0;

	do {
		assert_ok(ctx, sitemap_update(ctx, &run));
		built += run.built;
	} while (run.has_more);
	return built;
}

/* The file's text; "" when there is none. */
static const char *text_of(struct ctx *ctx, enum sitemap_kind kind, int64_t number)
{
	struct sitemap_file file;
	struct buf xml;

	if (sitemap_load(ctx, kind, number, &file) != OK) {
		error_clear(ctx);
		return "";
	}
	buf_init(&xml, ctx->arena, XML_MAX);
	assert_true(gzip_read(&xml, file.body, file.body_length));
	return xml.data;
}

static bool has(struct ctx *ctx, enum sitemap_kind kind, int64_t number, const char *path)
{
	const char *wanted = arena_printf(ctx->arena, "<loc>%s%s<", ctx->config->site.base_url,
					  path);

	return strstr(text_of(ctx, kind, number), wanted) != NULL;
}

static bool has_topic(struct ctx *ctx, int64_t id, const char *rest)
{
	return has(ctx, SITEMAP_TOPICS, id / SITEMAP_RANGE,
		   arena_printf(ctx->arena, "/t/%lld-%s%s", (long long)id,
				"ma-box-redemarre-chaque-nuit", rest));
}

static int64_t put_topic(struct ctx *ctx, int64_t author_id)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
							      .author_id = author_id,
							      .title = FORUM_TITLE });
}

static const char *number_text(struct ctx *ctx, const char *format, int64_t number)
{
	struct buf text;

	buf_init(&text, ctx->arena, 4096);
	for (const char *at = format; *at; at++) {
		if (*at == '#')
			buf_i64(&text, number);
		else
			buf_char(&text, *at);
	}
	return text.data;
}

static void sql_of(struct ctx *ctx, const char *format, int64_t number)
{
	forum_sql(ctx, number_text(ctx, format, number));
}

static void test_a_topic_is_in_it_when_it_may_be_found(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Helga", ROLE_ADVISOR);
	struct actor *newcomer = forum_person(ctx, "Noé", ROLE_CUSTOMER);
	int64_t plain = put_topic(ctx, helper->id), fresh = put_topic(ctx, newcomer->id);
	int64_t held = put_topic(ctx, helper->id), double_ = put_topic(ctx, helper->id);

	sql_of(ctx, "update people set trust_level = 0 where id = #", newcomer->id);
	sql_of(ctx, "update topics set visibility = 'held' where id = #", held);
	sql_of(ctx, "update topics set status = 'duplicate' where id = #", double_);
	update(ctx);
	assert_true(has_topic(ctx, plain, ""));
	assert_false(has_topic(ctx, fresh, ""));
	assert_false(has_topic(ctx, held, ""));
	assert_false(has_topic(ctx, double_, ""));
	/* Answered, it is; and its author's level does it as well. */
	forum_answer(ctx, helper, fresh, FORUM_BODY);
	assert_true(update(ctx) > 0);
	assert_true(has_topic(ctx, fresh, ""));
	fresh = put_topic(ctx, newcomer->id);
	update(ctx);
	assert_false(has_topic(ctx, fresh, ""));
	sql_of(ctx, "update people set trust_level = 1 where id = #", newcomer->id);
	update(ctx);
	assert_true(has_topic(ctx, fresh, ""));
	sql_of(ctx, "update topics set visibility = 'withdrawn' where id = #", plain);
	update(ctx);
	assert_false(has_topic(ctx, plain, ""));
}

static void test_only_what_was_touched_is_made_anew(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Hugo", ROLE_ADVISOR);
	int64_t topic = put_topic(ctx, helper->id);
	struct sitemap_run run = { .most = 8 };
	struct sitemap_file before, after;

	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_ok(ctx, sitemap_update(ctx, &run));
	assert_int_equal(run.built, 0);
	assert_ok(ctx, sitemap_load(ctx, SITEMAP_TOPICS, topic / SITEMAP_RANGE, &before));
	/* Made anew with the same contents, its time stays. */
	assert_ok(ctx, sitemap_touch_all(ctx));
	assert_ok(ctx, sitemap_update(ctx, &run));
	assert_true(run.built > 0);
	assert_int_equal(run.changed, 0);
	assert_ok(ctx, sitemap_load(ctx, SITEMAP_TOPICS, topic / SITEMAP_RANGE, &after));
	assert_int_equal(before.changed_at, after.changed_at);
	/* An answer: this file and the recent one; and the helper's, as it is their first. */
	forum_answer(ctx, helper, topic, FORUM_BODY);
	assert_ok(ctx, sitemap_update(ctx, &run));
	assert_int_equal(run.built, 3);
	assert_ok(ctx, sitemap_load(ctx, SITEMAP_TOPICS, topic / SITEMAP_RANGE, &after));
	assert_true(after.changed_at > before.changed_at);
	forum_answer(ctx, helper, topic, FORUM_BODY " Encore.");
	assert_ok(ctx, sitemap_update(ctx, &run));
	assert_int_equal(run.built, 2);
}

static const char *time_of(struct ctx *ctx, int64_t topic)
{
	const char *at = strstr(text_of(ctx, SITEMAP_TOPICS, topic / SITEMAP_RANGE),
				arena_printf(ctx->arena, "/t/%lld-", (long long)topic));

	assert_non_null(at);
	at = strstr(at, "<lastmod>");
	assert_non_null(at);
	return arena_strndup(ctx->arena, at + 9, 20);
}

static void test_the_time_is_that_of_the_newest_text(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Hana", ROLE_ADVISOR);
	int64_t topic = put_topic(ctx, helper->id), ids[3];

	forum_put_answers(ctx, topic, helper->id, 3, ids);
	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_string_equal(time_of(ctx, topic),
			    clock_rfc3339(ctx->arena, FORUM_DAY_ONE + 3 * CLOCK_MINUTE));
	/* A held one is not there to be read; a withdrawn one has changed the page. */
	sql_of(ctx, "update posts set visibility = 'held' where id = #", ids[2]);
	update(ctx);
	assert_string_equal(time_of(ctx, topic),
			    clock_rfc3339(ctx->arena, FORUM_DAY_ONE + 2 * CLOCK_MINUTE));
	sql_of(ctx,
	       "update posts set visibility = 'withdrawn', withdrawn_at = '2024-02-03 04:05:06Z' where id = #",
	       ids[2]);
	update(ctx);
	assert_string_equal(time_of(ctx, topic), "2024-02-03T04:05:06Z");
	sql_of(ctx,
	       "update posts set edited_at = '2025-02-03 04:05:06Z', revision_count = 1 where id = #",
	       ids[0]);
	update(ctx);
	assert_string_equal(time_of(ctx, topic), "2025-02-03T04:05:06Z");
}

static void test_long_threads_have_all_their_pages(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Hilda", ROLE_ADVISOR);
	int64_t topic = put_topic(ctx, helper->id), ids[45];

	forum_put_answers(ctx, topic, helper->id, 45, ids);
	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_true(has_topic(ctx, topic, ""));
	assert_true(has_topic(ctx, topic, "?page=2"));
	assert_true(has_topic(ctx, topic, "?page=3"));
	assert_false(has_topic(ctx, topic, "?page=4"));
}

static void test_recent_is_what_happened_in_three_days(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Hedi", ROLE_ADVISOR);
	int64_t old = put_topic(ctx, helper->id), answered = put_topic(ctx, helper->id);
	const char *path = "/t/#-ma-box-redemarre-chaque-nuit";

	forum_answer(ctx, helper, answered, FORUM_BODY);
	update(ctx);
	assert_true(has(ctx, SITEMAP_RECENT, 0, number_text(ctx, path, answered)));
	assert_false(has(ctx, SITEMAP_RECENT, 0, number_text(ctx, path, old)));
	sql_of(ctx, "update posts set created_at = now() - interval '73 hours' where topic_id = #",
	       answered);
	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_false(has(ctx, SITEMAP_RECENT, 0, number_text(ctx, path, answered)));
}

static void test_people_and_tags_that_say_something(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Hortense", ROLE_ADVISOR);
	struct actor *silent = forum_person(ctx, "Silvia", ROLE_CUSTOMER);
	int64_t topic = put_topic(ctx, helper->id);

	forum_answer(ctx, helper, topic, FORUM_BODY);
	forum_sql(ctx, "insert into tags (name, topic_count) values ('c++', 3), ('seldom', 2)");
	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_true(has(ctx, SITEMAP_PEOPLE, 0, number_text(ctx, "/u/#-hortense", helper->id)));
	assert_false(has(ctx, SITEMAP_PEOPLE, 0, number_text(ctx, "/u/#-silvia", silent->id)));
	assert_true(has(ctx, SITEMAP_TAGS, 0, "/tag/c%2B%2B"));
	assert_false(has(ctx, SITEMAP_TAGS, 0, "/tag/seldom"));
	assert_true(has(ctx, SITEMAP_PAGES, 0, "/"));
	assert_false(has(ctx, SITEMAP_PAGES, 0, "/login"));
	/* Another name is another address. */
	sql_of(ctx, "update people set name = 'Hermine' where id = #", helper->id);
	update(ctx);
	assert_true(has(ctx, SITEMAP_PEOPLE, 0, number_text(ctx, "/u/#-hermine", helper->id)));
	sql_of(ctx, "update people set state = 'anonymised', name = '-' where id = #", helper->id);
	update(ctx);
	assert_false(has(ctx, SITEMAP_PEOPLE, 0, number_text(ctx, "/u/#-hermine", helper->id)));
}

static void test_the_index_names_what_is_not_empty(void **state)
{
	struct ctx *ctx = *state;
	struct sitemap_index index;
	struct sitemap_file none;

	forum_sql(ctx, "delete from topic_tags");
	forum_sql(ctx, "update tags set topic_count = 0");
	assert_ok(ctx, sitemap_touch_all(ctx));
	update(ctx);
	assert_ok(ctx, sitemap_index_load(ctx, &index));
	assert_true(index.count >= 2);
	for (size_t i = 0; i < index.count; i++) {
		assert_true(index.items[i].addresses > 0);
		assert_int_not_equal(index.items[i].kind, SITEMAP_TAGS);
	}
	assert_err(ctx, ERR_NOT_FOUND, sitemap_load(ctx, SITEMAP_TAGS, 0, &none));
	assert_err(ctx, ERR_NOT_FOUND, sitemap_load(ctx, SITEMAP_TOPICS, 99999, &none));
}

static void test_a_file_has_one_name(void **state)
{
	static const char *const wrong[] = { "",
					     "topics",
					     "topics-",
					     "topics-01.xml.gz",
					     "topics-1.xml",
					     "topics-1.xml.gz/",
					     "topics--1.xml.gz",
					     "nothing-1.xml.gz",
					     "topics-99999999999999999999.xml.gz",
					     "topics-1-1.xml.gz" };
	struct ctx *ctx = *state;
	struct sitemap_file file = { .kind = SITEMAP_PEOPLE, .number = 12 };
	enum sitemap_kind kind;
	int64_t number;

	assert_string_equal(sitemap_path(ctx->arena, &file), "/sitemap/people-12.xml.gz");
	assert_true(sitemap_path_read("people-12.xml.gz", &kind, &number));
	assert_int_equal(kind, SITEMAP_PEOPLE);
	assert_int_equal(number, 12);
	for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
		assert_false(sitemap_path_read(wrong[i], &kind, &number));
}

static void test_gzip_there_and_back(void **state)
{
	struct ctx *ctx = *state;
	struct buf packed, again, text, small;

	buf_init(&packed, ctx->arena, XML_MAX);
	buf_init(&again, ctx->arena, XML_MAX);
	buf_init(&text, ctx->arena, XML_MAX);
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "<url>%d</url>\n", i);
	assert_true(gzip_write(&packed, text.data, text.length));
	assert_true(packed.length < text.length / 3);
	assert_true(gzip_read(&again, packed.data, packed.length));
	assert_int_equal(again.length, text.length);
	assert_memory_equal(again.data, text.data, text.length);
	/* The same bytes, the same file. */
	buf_clear(&again);
	assert_true(gzip_write(&again, text.data, text.length));
	assert_int_equal(again.length, packed.length);
	assert_memory_equal(again.data, packed.data, packed.length);
	/* What is no gzip, what was cut short, what grows too large. */
	buf_clear(&again);
	assert_false(gzip_read(&again, text.data, 1000));
	buf_clear(&again);
	assert_false(gzip_read(&again, packed.data, packed.length / 2));
	buf_init(&small, ctx->arena, 1000);
	assert_false(gzip_read(&small, packed.data, packed.length));
	buf_init(&small, ctx->arena, 1000);
	assert_false(gzip_write(&small, text.data, text.length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_topic_is_in_it_when_it_may_be_found),
		FORUM_TEST(test_only_what_was_touched_is_made_anew),
		FORUM_TEST(test_the_time_is_that_of_the_newest_text),
		FORUM_TEST(test_long_threads_have_all_their_pages),
		FORUM_TEST(test_recent_is_what_happened_in_three_days),
		FORUM_TEST(test_people_and_tags_that_say_something),
		FORUM_TEST(test_the_index_names_what_is_not_empty),
		FORUM_TEST(test_a_file_has_one_name),
		FORUM_TEST(test_gzip_there_and_back),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_sitemap");
}
