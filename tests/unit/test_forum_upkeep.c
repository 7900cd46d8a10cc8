/*
 * Derived values: broken by hand, found, and mended; the counts that jobs refresh;
 * what is thrown away; what the search index owes; and what PostgreSQL does by itself.
 */
#include "forum_fixture.h"

#include "forum/check.h"
#include "forum/helpers.h"
#include "forum/index_state.h"
#include "forum/indexing.h"
#include "forum/post.h"
#include "search/search.h"

#define BODY "Ma **box** redémarre toutes les nuits à trois heures."

/* A question with an accepted, thanked answer and a comment, by three people. */
struct thread {
	struct actor *asker, *helper;
	int64_t category_id, topic_id, answer_id;
};

static struct thread make_thread(struct ctx *ctx)
{
	struct thread thread = { .asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
				 .helper = forum_person(ctx, "helper", ROLE_CUSTOMER),
				 .category_id = forum_category(ctx) };
	const char *path;
	int64_t comment_id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = thread.asker;
	assert_ok(ctx, topic_create(ctx,
				    &(struct topic_new){ .title = "Ma box redémarre chaque nuit",
							 .body_md = BODY,
							 .tags = "box, wi-fi",
							 .category_id = thread.category_id },
				    &thread.topic_id, &path));
	ctx->actor = thread.helper;
	assert_ok(ctx,
		  answer_create(
			  ctx,
			  &(struct answer_new){
				  .topic_id = thread.topic_id,
				  .body_md = "Changez l'alimentation de la box, elle fatigue." },
			  &thread.answer_id, &path));
	ctx->actor = thread.asker;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, comment_create(ctx,
				      &(struct comment_new){
					      .post_id = thread.answer_id,
					      .body_md = "C'était bien ça, merci beaucoup." },
				      &comment_id, &path));
	assert_ok(ctx, post_accept(ctx, thread.answer_id, true));
	assert_ok(ctx, post_thank(ctx, thread.answer_id, true));
	ctx->actor = thread.helper;
	assert_ok(ctx, topic_me_too(ctx, thread.topic_id, true));
	ctx->actor = &actor_system;
	return thread;
}

static int64_t differing(struct ctx *ctx, bool repair, const char *name)
{
	struct check_result *results;
	size_t count;
	int64_t sum = 0;

	assert_ok(ctx, check_run(ctx, repair, &results, &count));
	for (size_t i = 0; i < count; i++)
		if (!name || strcmp(results[i].name, name) == 0)
			sum += results[i].differing;
	return sum;
}

static void test_triggers_keep_every_derived_value(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx);

	assert_int_equal(differing(ctx, false, NULL), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from topics where id = $1 and answer_count = 1"
			" and comment_count = 1 and accepted_count = 1 and me_too_count = 1 and score = 1"
			" and first_answer_at is not null and solved_at is not null",
			thread.topic_id),
		1);
	assert_int_equal(
		forum_number(ctx, "select reputation from people where id = $1", thread.helper->id),
		25);
	ctx->actor = thread.helper;
	assert_ok(ctx, post_withdraw(ctx, thread.answer_id));
	assert_int_equal(differing(ctx, false, NULL), 0);
	assert_ok(ctx, post_restore(ctx, thread.answer_id));
	ctx->actor = thread.asker;
	assert_ok(ctx, post_thank(ctx, thread.answer_id, false));
	assert_ok(ctx, post_accept(ctx, thread.answer_id, false));
	assert_int_equal(differing(ctx, false, NULL), 0);
}

static int64_t entry_of(struct ctx *ctx, int64_t post_id)
{
	return forum_number(
		ctx, "select id from reputation_standing where post_id = $1 and cause = 'accepted'",
		post_id);
}

/* A column of every derived value is broken, one after the other. */
static void test_each_broken_value_is_found_by_name_and_mended(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx);
	struct check_result *results;
	size_t count;

	forum_sql(ctx, "insert into articles (language, title) values ('fr', 'Compté')");
	assert_ok(ctx, check_run(ctx, true, &results, &count));
	assert_ok(ctx, check_run(ctx, false, &results, &count));
	assert_true(count >= 17);
	for (size_t i = 0; i < count; i++) {
		const char *name = results[i].name, *column = strchr(name, '.') + 1;
		const char *table = arena_strndup(ctx->arena, name, (size_t)(column - name) - 1);
		bool is_time = strstr(column, "_at") != NULL,
		     is_text = strcmp(column, "tag_list") == 0;
		const char *wrong = is_time   ? "timestamptz '2001-01-01'"
				    : is_text ? "'wrong'"
				    : strcmp(column, "top_category_id") == 0
					    ? "(select min(id) from categories)"
					    : "777";
		const char *key = strcmp(table, "topic_tags") == 0 ? "topic_id" : "id";
		bool is_ledger = strcmp(table, "reputation_entries") == 0;
		int64_t id = strcmp(table, "people") == 0  ? thread.helper->id
			     : strcmp(table, "posts") == 0 ? thread.answer_id
			     : strcmp(table, "articles") == 0
				     ? forum_number(ctx,
						    "select max(id) from articles where id > $1", 0)
			     : is_ledger ? entry_of(ctx, thread.answer_id)
					 : thread.topic_id;

		if (is_ledger)
			wrong = "'removed'";

		forum_sql(ctx, arena_printf(ctx->arena, "update %s set %s = %s where %s = %lld",
					    table, column, wrong, key, (long long)id));
		if (differing(ctx, false, name) == 0)
			fail_msg("%s was broken, and not found", name);
		assert_true(differing(ctx, true, name) > 0);
		assert_int_equal(differing(ctx, false, NULL), 0);
	}
}

static void test_counts_include_children_and_only_what_is_visible(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx);
	int64_t parent = forum_category(ctx), tag;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "update categories set parent_id = %lld where id = %lld;"
				    "update topics set category_id = category_id where id = %lld",
				    (long long)parent, (long long)thread.category_id,
				    (long long)thread.topic_id));
	tag = forum_number(ctx, "select tag_id from topic_tags where topic_id = $1 limit 1",
			   thread.topic_id);
	assert_ok(ctx, counts_refresh(ctx));
	assert_int_equal(
		forum_number(ctx, "select topic_count from categories where id = $1", parent), 1);
	assert_int_equal(forum_number(ctx, "select topic_count from categories where id = $1",
				      thread.category_id),
			 1);
	assert_true(forum_number(ctx, "select topic_count from tags where id = $1", tag) >= 1);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set visibility = 'withdrawn' where id = %lld",
				    (long long)thread.topic_id));
	assert_ok(ctx, counts_refresh(ctx));
	assert_int_equal(
		forum_number(ctx, "select topic_count from categories where id = $1", parent), 0);
	assert_int_equal(forum_number(ctx, "select topic_count from categories where id = $1",
				      thread.category_id),
			 0);
}

static void test_top_helpers_are_customers_of_the_last_thirty_days(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread, of_old, of_team;
	struct helper *helpers;
	struct rows rows;
	size_t count;

	forum_sql(ctx,
		  "update posts set created_at = now() - interval '60 days'; delete from thanks");
	thread = make_thread(ctx);
	of_old = make_thread(ctx);
	of_team = make_thread(ctx);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update posts set created_at = now() - interval '31 days' where id = %lld;"
			"update thanks set created_at = now() - interval '31 days' where post_id = %lld;"
			"update people set role = 'advisor' where id = %lld",
			(long long)of_old.answer_id, (long long)of_old.answer_id,
			(long long)of_team.helper->id));
	assert_ok(ctx, counts_refresh(ctx));
	helpers_add(ctx, &rows);
	assert_ok(ctx, db_run(ctx));
	helpers_read(ctx, &rows, &helpers, &count);
	assert_int_equal(count, 1);
	assert_int_equal(helpers[0].author.id, thread.helper->id);
	assert_int_equal(helpers[0].points, 1 + 15 + 4);
	assert_int_equal(helpers[0].answers, 1);
	assert_int_equal(helpers[0].accepted, 1);
	assert_int_equal(helpers[0].thanks, 1);
}

static void test_purge_takes_only_what_has_served_its_time(void **state)
{
	struct ctx *ctx = *state;
	struct actor *zoe = forum_person(ctx, "zoe", ROLE_CUSTOMER);

	forum_sql(
		ctx,
		"delete from throttles; delete from form_keys; delete from sessions; delete from mail_tokens");
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into sessions (token_hash, person_id, expires_at) values"
			" (sha256('a'), %1$lld, now() - interval '1 second'), (sha256('b'), %1$lld, now() + interval '1 day');"
			"insert into mail_tokens (token_hash, person_id, purpose, email, expires_at) values"
			" (sha256('a'), %1$lld, 'reset', 'x', now() - interval '8 days'),"
			" (sha256('b'), %1$lld, 'reset', 'x', now() - interval '6 days');"
			"insert into form_keys (person_id, key, created_at) values"
			" (1, '0123456789abcdef', now() - interval '8 days'), (2, '0123456789abcdef', now());"
			"insert into throttles values ('a', 1, now() - interval '1 second'), ('b', 1, now() + interval '1 hour');"
			"insert into mails (address, language, kind, key, state, created_at) values"
			" ('x', 'fr', 'reset', 'old', 'sent', now() - interval '91 days'),"
			" ('x', 'fr', 'reset', 'new', 'sent', now()),"
			" ('x', 'fr', 'reset', 'stuck', 'queued', now() - interval '91 days')",
			(long long)zoe->id));
	assert_ok(ctx, upkeep_purge(ctx));
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from sessions", 0), 1);
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from mail_tokens", 0),
			 1);
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from form_keys", 0),
			 1);
	assert_int_equal(forum_number(ctx, "select count(*) + 0 * $1::bigint from throttles", 0),
			 1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) + 0 * $1::bigint from mails where key in ('old', 'new', 'stuck')",
			0),
		2);
}

/* Search marks ---------------------------------------------------------------------- */

static bool document_says(const struct search_document *document, const char *words)
{
	for (size_t i = 0; i < document->post_count; i++)
		if (strstr(document->posts[i].text, words))
			return true;
	return false;
}

static void test_document_has_the_words_and_no_markup(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx);
	struct search_document document;
	bool is_gone;

	assert_ok(ctx, index_document(ctx, thread.topic_id, &document, &is_gone));
	assert_false(is_gone);
	assert_string_equal(document.title, "Ma box redémarre chaque nuit");
	assert_true(document.posts[0].is_question);
	assert_string_equal(document.posts[0].text,
			    "Ma box redémarre toutes les nuits à trois heures.");
	assert_true(document_says(&document, "alimentation"));
	assert_true(document_says(&document, "merci beaucoup"));
	assert_int_equal(document.tag_count, 2);
	assert_string_equal(document.tags[0], "box");
	assert_true(document.is_solved);
	assert_int_equal(document.category_id, thread.category_id);
	assert_true(document.created_at > 0);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update posts set visibility = 'withdrawn' where id = %lld",
				    (long long)thread.answer_id));
	assert_ok(ctx, index_document(ctx, thread.topic_id, &document, &is_gone));
	assert_false(document_says(&document, "alimentation"));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set visibility = 'withdrawn' where id = %lld",
				    (long long)thread.topic_id));
	assert_ok(ctx, index_document(ctx, thread.topic_id, &document, &is_gone));
	assert_true(is_gone);
}

static void test_mark_set_again_meanwhile_stays(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx), other = make_thread(ctx);
	struct index_mark *marks;
	size_t count;
	int64_t owed;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "delete from search_marks where topic_id not in (%lld, %lld)",
				    (long long)thread.topic_id, (long long)other.topic_id));
	assert_ok(ctx, index_marks(ctx, INDEX_OLDEST, &marks, &count));
	assert_int_equal(count, 2);
	assert_true(marks[0].marked_at <= marks[1].marked_at);
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update topics set title = 'Un tout autre titre' where id = %lld",
			       (long long)thread.topic_id));
	assert_ok(ctx, index_marks_done(ctx, marks, count));
	assert_ok(ctx, index_marks(ctx, INDEX_OLDEST, &marks, &count));
	assert_int_equal(count, 1);
	assert_int_equal(marks[0].id, thread.topic_id);
	assert_ok(ctx, index_marks_done(ctx, marks, count));
	assert_ok(ctx, index_owed(ctx, &owed));
	assert_int_equal(owed, 0);
	assert_ok(ctx, index_mark_all(ctx, &owed));
	assert_int_equal(owed,
			 forum_number(ctx, "select count(*) + 0 * $1::bigint from topics", 0));
}

static void test_related_topics_are_replaced_and_must_exist(void **state)
{
	struct ctx *ctx = *state;
	struct thread thread = make_thread(ctx), other = make_thread(ctx);
	const int64_t first[] = { other.topic_id, 1L << 60 }, none[] = { 0 };

	assert_ok(ctx, related_store(ctx, thread.topic_id, first, 2));
	assert_int_equal(forum_number(ctx,
				      "select related_id from related_topics where topic_id = $1",
				      thread.topic_id),
			 other.topic_id);
	assert_ok(ctx, related_store(ctx, thread.topic_id, none, 0));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from related_topics where topic_id = $1",
				      thread.topic_id),
			 0);
	assert_ok(ctx, related_store(ctx, 1L << 60, first, 1));
}

static void test_one_writer_at_a_time(void **state)
{
	struct ctx *ctx = *state, second = *ctx;
	bool is_ours;

	second.arena = arena_new(FORUM_ARENA_BYTES);
	second.db = forum_connect();
	assert_ok(ctx, index_lock(ctx, INDEX_LOCK_WRITE, &is_ours));
	assert_true(is_ours);
	assert_ok(&second, index_lock(&second, INDEX_LOCK_WRITE, &is_ours));
	assert_false(is_ours);
	assert_ok(ctx, index_unlock(ctx, INDEX_LOCK_WRITE));
	assert_ok(&second, index_lock(&second, INDEX_LOCK_WRITE, &is_ours));
	assert_true(is_ours);
	/* A process that dies lets go. */
	arena_free(second.arena);
	db_close(second.db);
	for (int i = 0; i < 100 && (index_lock(ctx, INDEX_LOCK_WRITE, &is_ours) != OK || !is_ours);
	     i++)
		usleep(10000);
	assert_true(is_ours);
	assert_ok(ctx, index_unlock(ctx, INDEX_LOCK_WRITE));
}

/* As autovacuum does it, and a restored dump: nothing of ours is found by a search path. */
static const char analyze_all[] =
	"do $$ declare place record; begin\n"
	"for place in select n.nspname as schema, c.relname as relation\n"
	"from pg_class c join pg_namespace n on n.oid = c.relnamespace\n"
	"where c.relkind = 'r' and n.nspname = current_schema() loop\n"
	"perform set_config('search_path', 'pg_catalog', true);\n"
	"execute format('analyze %I.%I', place.schema, place.relation);\n"
	"execute format('reindex table %I.%I', place.schema, place.relation);\n"
	"end loop; end $$";

static void test_tables_are_analyzed_and_indexed_without_a_search_path(void **state)
{
	struct ctx *ctx = *state;

	make_thread(ctx);
	forum_sql(ctx, analyze_all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_triggers_keep_every_derived_value),
		FORUM_TEST(test_each_broken_value_is_found_by_name_and_mended),
		FORUM_TEST(test_counts_include_children_and_only_what_is_visible),
		FORUM_TEST(test_top_helpers_are_customers_of_the_last_thirty_days),
		FORUM_TEST(test_purge_takes_only_what_has_served_its_time),
		FORUM_TEST(test_document_has_the_words_and_no_markup),
		FORUM_TEST(test_mark_set_again_meanwhile_stays),
		FORUM_TEST(test_related_topics_are_replaced_and_must_exist),
		FORUM_TEST(test_one_writer_at_a_time),
		FORUM_TEST(test_tables_are_analyzed_and_indexed_without_a_search_path),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_upkeep");
}
