/*
 * Articles in the search index: what marks them, what the index has of them, and that an
 * index built anew while they change has them all, as they are then.
 */
#include "jobs_fixture.h"

#include "forum/index_state.h"
#include "forum/indexing.h"
#include "search/search.h"

static int64_t put_article(struct ctx *ctx, const char *title)
{
	int64_t id;

	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into articles (language, title, product, category_id)"
				    " values ('fr', '%s', 'Théière', %lld)",
				    title, (long long)forum_category(ctx)));
	id = forum_number(ctx, "select max(id) from articles where 0 = $1::bigint", 0);
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into article_versions (article_id, number, title,"
			     " summary, body_md, body_html) values (%lld, 1, '%s',"
			     " 'Le résumé parle de vison.', 'Le **texte** parle de zibeline.', '')",
			     (long long)id, title));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update articles set latest_version_id = v.id,"
				    " published_version_id = v.id, state = 'published',"
				    " summary = v.summary, published_at = now(), changed_at = now()"
				    " from article_versions v where v.article_id = articles.id"
				    " and articles.id = %lld",
				    (long long)id));
	return id;
}

static void set_article(struct ctx *ctx, int64_t id, const char *change)
{
	forum_sql(ctx, arena_printf(ctx->arena, "update articles set %s where id = %lld", change,
				    (long long)id));
}

static bool is_marked(struct ctx *ctx, int64_t id)
{
	return forum_number(ctx, "select count(*) from search_article_marks where article_id = $1",
			    id) == 1;
}

static struct search_reader *open_reader(void)
{
	struct search_reader *reader;

	assert_int_equal(search_reader_open(jobs_index_directory, &reader), SEARCH_OK);
	return reader;
}

/* Each public article is in the index as it is now, and nothing else of this kind. */
static void assert_index_is_true(struct ctx *ctx)
{
	struct index_stamp stamps[INDEX_STAMPS];
	struct search_reader *reader = open_reader();
	struct search_sorts sorts;
	size_t count;

	assert_int_equal(jobs_index_owed(ctx), 0);
	assert_ok(ctx, index_article_stamps_after(ctx, 0, stamps, &count));
	assert_int_equal(search_count_sorts(reader, &sorts), SEARCH_OK);
	assert_int_equal(sorts.articles, count);
	for (size_t i = 0; i < count; i++) {
		struct search_entry entry;
		bool is_there;

		assert_int_equal(search_find_entries(reader, SEARCH_ARTICLE, &stamps[i].id, 1,
						     &entry, &is_there),
				 SEARCH_OK);
		assert_true(is_there);
		assert_int_equal(entry.stamp, stamps[i].stamp);
	}
	search_reader_close(reader);
}

static void test_an_article_is_found_by_all_its_words_until_it_is_archived(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = put_article(ctx, "Détartrer comme un campagnol");

	jobs_index_until_idle(ctx, true);
	assert_int_equal(jobs_hits("campagnol"), 1);
	assert_int_equal(jobs_hits("zibeline vison"), 1);
	assert_int_equal(jobs_hits("théière campagnol"), 1);
	assert_index_is_true(ctx);
	set_article(ctx, id, "state = 'archived', archived_at = now()");
	assert_int_equal(jobs_index_all(ctx).articles, 1);
	assert_int_equal(jobs_hits("campagnol"), 0);
	set_article(ctx, id, "state = 'published', archived_at = null");
	jobs_index_all(ctx);
	assert_int_equal(jobs_hits("campagnol"), 1);
	assert_index_is_true(ctx);
}

static void test_what_readers_have_marks_and_nothing_else(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = put_article(ctx, "Un article sur le lérot");
	static const struct {
		const char *change;
		bool marks;
	} cases[] = {
		{ "title = 'Un autre titre'", true },
		{ "summary = 'Un autre résumé'", true },
		{ "category_id = null", true },
		{ "product = 'Bouilloire'", true },
		{ "state = 'archived', archived_at = now()", true },
		{ "state = 'published', archived_at = null", true },
		{ "view_count = view_count + 1", false },
		{ "review_due = '2030-01-01'", false },
		{ "updated_at = now()", false },
		/* The 1st and 3rd thank-you do, the 2nd does not. */
		{ "helpful_count = 1", true },
		{ "helpful_count = 2", false },
		{ "helpful_count = 3", true },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		forum_sql(ctx, "delete from search_article_marks");
		set_article(ctx, id, cases[i].change);
		if (is_marked(ctx, id) != cases[i].marks)
			fail_msg("%s", cases[i].change);
	}
}

static void test_a_category_of_another_name_marks_its_articles(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t id = put_article(ctx, "Un article sur le muscardin");

	forum_sql(ctx, "delete from search_article_marks");
	assert_ok(ctx, index_mark_category(ctx, forum_category(ctx)));
	assert_false(is_marked(ctx, id));
	assert_ok(ctx,
		  index_mark_category(
			  ctx,
			  forum_number(ctx, "select category_id from articles where id = $1", id)));
	assert_true(is_marked(ctx, id));
}

static void test_an_index_built_while_articles_change_has_them_as_they_are(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	struct index_build build = { .is_anew = true, .most_ms = 1 };
	struct index_run run = { .limits = { .batches = 100, .build_ms = 1 } };
	int64_t changed = put_article(ctx, "Un article sur le hérisson"),
		gone = put_article(ctx, "Un article sur le furet");

	jobs_put_topics(ctx, 1000);
	jobs_index_all(ctx);
	assert_ok(ctx, index_build(ctx, &build));
	assert_false(build.is_finished);
	forum_sql(ctx, "update search_state set is_broken = false");
	set_article(ctx, changed, "title = 'Un article sur la genette'");
	set_article(ctx, gone, "state = 'archived', archived_at = now()");
	assert_ok(ctx, index_run(ctx, &run));
	assert_int_equal(run.articles, 2);
	assert_int_equal(jobs_hits("genette"), 1);
	build = (struct index_build){ 0 };
	assert_ok(ctx, index_build(ctx, &build));
	assert_true(build.is_finished);
	jobs_index_all(ctx);
	assert_int_equal(jobs_hits("genette"), 1);
	assert_int_equal(jobs_hits("hérisson") + jobs_hits("furet"), 0);
	assert_index_is_true(ctx);
}

static void test_what_is_left_over_or_missing_is_named_unless_it_is_marked(void **state)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");
	int64_t here = put_article(ctx, "Un article sur le chamois"),
		gone = put_article(ctx, "Un article sur le mouflon");
	const int64_t ids[] = { here, gone, 1L << 60 };
	int64_t hidden[3];
	size_t count;

	set_article(ctx, gone, "state = 'archived', archived_at = now()");
	assert_ok(ctx, index_articles_hidden(ctx, ids, 3, hidden, &count));
	assert_int_equal(count, 1);
	forum_sql(ctx, "delete from search_article_marks");
	assert_ok(ctx, index_articles_hidden(ctx, ids, 3, hidden, &count));
	assert_int_equal(count, 2);
	assert_int_equal(hidden[0], gone);
	assert_ok(ctx, index_mark_articles(ctx, ids, 3));
	assert_true(is_marked(ctx, gone) && is_marked(ctx, here));
	jobs_index_all(ctx);
	assert_index_is_true(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_an_article_is_found_by_all_its_words_until_it_is_archived),
		FORUM_TEST(test_what_readers_have_marks_and_nothing_else),
		FORUM_TEST(test_a_category_of_another_name_marks_its_articles),
		FORUM_TEST(test_an_index_built_while_articles_change_has_them_as_they_are),
		FORUM_TEST(test_what_is_left_over_or_missing_is_named_unless_it_is_marked),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_jobs_index_articles");
}
