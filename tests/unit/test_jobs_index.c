/*
 * The indexer with a real index: it begins by itself, follows changes, does the most
 * urgent first, leaves the index to whoever is at it; and what marks what.
 */
#include "jobs_fixture.h"

#include "forum/index_state.h"
#include "forum/indexing.h"
#include "forum/job.h"
#include "jobs/loop.h"
#include "search/search.h"

static void test_index_is_begun_by_itself_and_follows_changes(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t first = jobs_ask(ctx, "Voyant rouge sur le boîtier quokka"),
		second = jobs_ask(ctx, "Encore un voyant rouge ici");
	struct index_run run = jobs_index_until_idle(ctx, true);

	assert_int_equal(run.built, jobs_count_visible(ctx));
	assert_int_equal(jobs_hits("quokka"), 1);
	assert_int_equal(jobs_index_owed(ctx), 0);
	assert_true(run.related >= 2);
	assert_true(forum_number(ctx, "select count(*) from related_topics where topic_id = $1",
				 first) >= 1);

	jobs_set_topic(ctx, first, "visibility = 'withdrawn'");
	assert_int_equal(jobs_index_all(ctx).written, 1);
	assert_int_equal(jobs_hits("quokka"), 0);
	jobs_set_topic(ctx, second, "title = 'Un titre avec axolotl dedans'");
	jobs_index_all(ctx);
	assert_int_equal(jobs_hits("axolotl"), 1);
	/* Nothing marked: nothing is done. */
	run = jobs_index_all(ctx);
	assert_int_equal(run.written + run.built + run.related, 0);
}

static void test_indexing_in_pieces_says_that_there_is_more(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_run run = { .limits = { .batches = 2 } };

	jobs_index_all(ctx);
	jobs_put_topics(ctx, 600);
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(run.written, INDEX_WORDS_BATCH + INDEX_BATCH);
	assert_true(run.has_more);
	assert_int_equal(jobs_index_all(ctx).written, 600 - run.written);
	assert_int_equal(jobs_index_owed(ctx), 0);
}

/* The one who asks now is found before those who asked a minute ago. */
static void test_new_words_do_not_wait_for_a_burst(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_run run = { .limits = { .batches = 1 } };

	jobs_index_all(ctx);
	jobs_put_topics(ctx, 1000);
	forum_sql(ctx, "update topics set category_id = category_id, status = 'closed'"
		       " where title like 'Question numéro %'");
	jobs_ask(ctx, "Le boîtier narval ne démarre plus");
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(jobs_hits("narval"), 1);
	assert_true(jobs_index_owed(ctx) > 900);
	/* Nor do the old ones wait for ever. */
	forum_sql(ctx, "update search_marks set priority = 2, marked_at = 'epoch'"
		       " where topic_id = (select min(topic_id) from search_marks)");
	run.limits.batches = 2;
	jobs_put_topics(ctx, 100);
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from search_marks where marked_at = 'epoch'"
				      " and 0 = $1::bigint",
				      0),
			 0);
	jobs_index_all(ctx);
}

static void test_index_is_left_to_whoever_is_at_it(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1"), second = *ctx;
	struct index_run run = { 0 };
	bool is_ours;

	jobs_index_all(ctx);
	second.arena = arena_new(FORUM_ARENA_BYTES);
	second.db = forum_connect();
	assert_ok(&second, index_lock(&second, INDEX_LOCK_WRITE, &is_ours));
	assert_true(is_ours);
	jobs_ask(ctx, "Le boîtier lama ne démarre plus");
	assert_ok(ctx, index_run(ctx, &run));
	assert_true(run.is_busy);
	assert_int_equal(run.written, 0);
	arena_free(second.arena);
	db_close(second.db);
}

/* Building beside ------------------------------------------------------------------------- */

static void test_what_changes_while_building_is_in_the_new_index(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_build build = { .is_anew = true, .most_ms = 1 };
	struct index_run run = { .limits = { .batches = 100 } };
	int64_t changed = jobs_ask(ctx, "Le boîtier lynx ne démarre plus"),
		withdrawn = jobs_ask(ctx, "Le boîtier putois ne démarre plus");

	jobs_put_topics(ctx, 1000);
	jobs_index_all(ctx);
	assert_ok(ctx, index_build(ctx, &build));
	assert_false(build.is_finished);
	assert_true(build.built > 0);
	/* These two were built already; the worker goes on with the living one. */
	forum_sql(ctx, "update search_state set is_broken = false");
	jobs_set_topic(ctx, changed, "title = 'Le boîtier caracal ne démarre plus'");
	jobs_set_topic(ctx, withdrawn, "visibility = 'withdrawn'");
	run.limits.build_ms = 1;
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(run.written, 2);
	assert_int_equal(jobs_hits("caracal"), 1);
	build = (struct index_build){ 0 };
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_finished);
	assert_true(build.resumed > 0);
	jobs_index_all(ctx);
	assert_int_equal(jobs_hits("caracal"), 1);
	assert_int_equal(jobs_hits("lynx"), 0);
	assert_int_equal(jobs_hits("putois"), 0);
	assert_int_equal(jobs_index_owed(ctx), 0);
}

static void test_building_is_left_to_whoever_is_at_it(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1"), second = *ctx;
	struct index_build build = { .wait_ms = 1 };
	bool is_ours;

	second.arena = arena_new(FORUM_ARENA_BYTES);
	second.db = forum_connect();
	assert_ok(&second, index_lock(&second, INDEX_LOCK_BUILD, &is_ours));
	assert_true(is_ours);
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_busy);
	arena_free(second.arena);
	db_close(second.db);
}

/* What marks ------------------------------------------------------------------------------ */

/* ID stands for the number. */
static int64_t priority_after(struct ctx *ctx, int64_t id, const char *change)
{
	const char *at = strstr(change, "ID");

	assert_non_null(at);
	forum_sql(ctx, "delete from search_marks");
	forum_sql(ctx, arena_printf(ctx->arena, "%.*s%lld%s", (int)(at - change), change,
				    (long long)id, at + strlen("ID")));
	return forum_number(
		ctx, "select coalesce((select priority from search_marks where topic_id = $1), -1)",
		id);
}

static void test_changes_mark_as_much_as_they_matter(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = jobs_ask(ctx, "Le boîtier loutre ne démarre plus");
	static const struct {
		const char *change;
		int64_t priority;
	} cases[] = {
		{ "update topics set title = title || '!' where id = ID", 0 },
		{ "update topics set visibility = 'held' where id = ID", 0 },
		{ "update topics set visibility = 'visible' where id = ID", 0 },
		{ "update posts set body_md = body_md || '!' where topic_id = ID", 0 },
		{ "update posts set visibility = 'withdrawn' where topic_id = ID", 0 },
		{ "update posts set visibility = 'visible' where topic_id = ID", 0 },
		{ "insert into posts (topic_id, number, kind, body_md, body_html)"
		  " values (ID, 99, 'answer', 'Oui.', 'Oui.')",
		  0 },
		{ "update posts set accepted_at = now() where kind = 'answer' and topic_id = ID",
		  2 },
		{ "update topics set status = 'closed' where id = ID", 2 },
		{ "update topics set language = 'en' where id = ID", 2 },
		{ "delete from topic_tags where topic_id = ID", 2 },
		{ "update topics set comment_count = comment_count + 1 where id = ID", -1 },
		/* The 1st and 3rd vote do, the 2nd does not. */
		{ "update topics set score = 1 where id = ID", 2 },
		{ "update topics set score = 2 where id = ID", -1 },
		{ "update topics set score = 3 where id = ID", 2 },
		{ "update posts set thanks_count = 1, score = 1 where topic_id = ID", 2 },
		{ "update posts set thanks_count = 2, score = 2 where topic_id = ID", -1 },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		int64_t priority = priority_after(ctx, id, cases[i].change);
		if (priority != cases[i].priority)
			fail_msg("%s: priority %lld instead of %lld", cases[i].change,
				 (long long)priority, (long long)cases[i].priority);
	}
}

static void run_jobs(struct ctx *ctx)
{
	bool found = true;

	while (found)
		assert_ok(ctx, jobs_run_next(ctx, &found));
}

static void test_category_and_role_mark_their_topics_in_the_background(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = jobs_ask(ctx, "Le boîtier manchot ne démarre plus");
	int64_t category = forum_number(ctx, "select category_id from topics where id = $1", id);

	forum_sql(ctx, "delete from jobs");
	assert_int_equal(
		priority_after(ctx, category,
			       "update categories set name_fr = name_fr || '!' where id = ID"),
		-1);
	assert_int_equal(jobs_index_owed(ctx), 0);
	run_jobs(ctx);
	assert_true(jobs_index_owed(ctx) >= 1);
	assert_int_equal(
		forum_number(ctx, "select priority from search_marks where topic_id = $1", id), 2);
	forum_sql(ctx, "delete from search_marks");
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update people set role = 'advisor' where id ="
				    " (select author_id from topics where id = %lld)",
				    (long long)id));
	assert_int_equal(jobs_index_owed(ctx), 0);
	run_jobs(ctx);
	assert_true(jobs_index_owed(ctx) >= 1);
	forum_sql(ctx, "delete from search_marks; update people set role = 'customer'"
		       " where role = 'customer'");
	run_jobs(ctx);
	assert_int_equal(jobs_index_owed(ctx), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_index_is_begun_by_itself_and_follows_changes),
		FORUM_TEST(test_indexing_in_pieces_says_that_there_is_more),
		FORUM_TEST(test_new_words_do_not_wait_for_a_burst),
		FORUM_TEST(test_index_is_left_to_whoever_is_at_it),
		FORUM_TEST(test_what_changes_while_building_is_in_the_new_index),
		FORUM_TEST(test_building_is_left_to_whoever_is_at_it),
		FORUM_TEST(test_changes_mark_as_much_as_they_matter),
		FORUM_TEST(test_category_and_role_mark_their_topics_in_the_background),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs_index");
}
