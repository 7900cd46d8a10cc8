/*
 * What is counted of searches and of the ask page: words and days, never people.
 */
#include "forum_fixture.h"

#include "forum/check.h"
#include "forum/statistics.h"

/* A number like those that stand in the forms. */
static const char *a_view(struct ctx *ctx)
{
	char *view = arena_strdup(ctx->arena, crypto_token(ctx->arena));

	assert_true(deflection_view_is_valid(view));
	return view;
}

static void forget(struct ctx *ctx)
{
	forum_sql(ctx, "delete from deflection_views; delete from deflection_days;"
		       "delete from search_log; delete from search_opened; delete from search_days;"
		       "delete from search_word_days; delete from search_position_days");
}

static int64_t number(struct ctx *ctx, const char *sql)
{
	return forum_number(ctx, arena_printf(ctx->arena, "select (%s) + 0 * $1", sql), 0);
}

static struct statistics report(struct ctx *ctx)
{
	struct statistics statistics;

	ctx->actor = forum_person(ctx, "advisor", ROLE_ADVISOR);
	assert_ok(ctx, statistics_sum(ctx));
	assert_ok(ctx, statistics_load(ctx, &statistics));
	return statistics;
}

static int64_t a_topic(struct ctx *ctx, const char *title)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
							      .title = title });
}

static void test_searches_are_grouped_by_their_telling_words(void **state)
{
	struct ctx *ctx = *state;
	struct statistics statistics;

	forget(ctx);
	ctx->language = "fr";
	record_search(ctx, "Comment activer mon répondeur ?", false);
	record_search(ctx, "répondeurs : activé", false);
	record_search(ctx, "facture", true);
	record_search(ctx, "?? !!", false);
	statistics = report(ctx);
	assert_int_equal(statistics.weeks[0].searches, 3);
	assert_int_equal(statistics.weeks[0].without_result, 2);
	assert_int_equal(statistics.words_count, 1);
	assert_int_equal(statistics.words[0].searches, 2);
	assert_non_null(strstr(statistics.words[0].words, "repond"));
	assert_true(statistics.words[0].last_at > ctx->now - 2 * CLOCK_DAY);
}

static void test_what_could_name_a_person_is_not_kept(void **state)
{
	struct ctx *ctx = *state;

	forget(ctx);
	record_search(ctx,
		      "box 06 12 34 56 78 marie@example.org author:\"Jean Dupont\" -auteur:luc "
		      "contrat FR7630006000 https://example.org/u/12 S04-03",
		      false);
	assert_int_equal(
		number(ctx, "select count(*) from search_log where example = 'box contrat S04-03'"),
		1);
	assert_int_equal(number(ctx, "select count(*) from search_log"
				     " where words ~ 'mari|dupont|jean|luc|78|7630|exampl'"),
			 0);
	record_search(ctx, "06.12.34.56.78", false);
	assert_int_equal(number(ctx, "select count(*) from search_log"), 1);
}

static void test_opened_results_are_counted_by_position(void **state)
{
	struct ctx *ctx = *state;
	struct statistics statistics;

	forget(ctx);
	for (int64_t position = -1; position <= 60; position++)
		record_search_opened(ctx, position);
	record_search_opened(ctx, 1);
	statistics = report(ctx);
	assert_int_equal(statistics.positions[0], 2);
	assert_int_equal(statistics.positions[9], 1);
	assert_int_equal(statistics.positions[10], 40);
}

static void test_an_ask_page_is_followed_to_its_end(void **state)
{
	struct ctx *ctx = *state;
	int64_t shown[2] = { a_topic(ctx, "Première"), a_topic(ctx, "Seconde") };
	int64_t asked = a_topic(ctx, "Posée quand même");
	const char *solved = a_view(ctx), *failed = a_view(ctx), *left = a_view(ctx);
	struct statistics statistics;
	struct statistics_week *week;

	forget(ctx);
	record_shown(ctx, a_view(ctx), NULL, 0);
	record_shown(ctx, solved, shown, 2);
	record_shown(ctx, solved, shown, 2);
	record_deflection(ctx, solved, shown[1], DEFLECTION_OPENED);
	record_deflection(ctx, solved, shown[1], DEFLECTION_SOLVED);
	record_shown(ctx, failed, shown, 1);
	record_deflection(ctx, failed, shown[1], DEFLECTION_SOLVED); /* it was not shown */
	record_asked(ctx, failed, asked);
	record_shown(ctx, left, shown, 2);
	record_deflection(ctx, left, shown[0], DEFLECTION_OPENED);
	statistics = report(ctx);
	week = &statistics.weeks[0];
	assert_int_equal(week->started, 4);
	assert_int_equal(week->shown, 3);
	assert_int_equal(week->opened, 2);
	assert_int_equal(week->solved, 1);
	assert_int_equal(week->asked, 1);
	assert_int_equal(week->asked_although, 1);
	assert_int_equal(week->left_after_opening, 1);
	assert_int_equal(statistics.failed_count, 1);
	assert_int_equal(statistics.failed[0].topic_id, asked);
	assert_int_equal(statistics.failed[0].shown_id, shown[0]);
	assert_int_equal(statistics.failed[0].shown_count, 1);
	assert_string_equal(statistics.failed[0].title, "Posée quand même");
	assert_false(statistics.failed[0].was_opened);
}

static int64_t an_article(struct ctx *ctx, const char *title)
{
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into articles (language, title) values ('fr', '%s')",
				    title));
	return number(ctx, "select max(id) from articles");
}

static int64_t of_article(struct ctx *ctx, const char *what, int64_t id)
{
	return number(ctx, arena_printf(ctx->arena,
					"select coalesce(sum(%s), 0) from article_deflections"
					" where article_id = %lld",
					what, (long long)id));
}

static void test_what_an_article_saved_is_counted_by_day_and_once_a_page(void **state)
{
	struct ctx *ctx = *state;
	int64_t shown[2] = { an_article(ctx, "Un"), an_article(ctx, "Deux") };
	const char *solved = a_view(ctx), *other = a_view(ctx);
	struct statistics_week *week;
	struct statistics statistics;

	forget(ctx);
	record_articles_shown(ctx, solved, shown, 2);
	record_articles_shown(ctx, solved, shown, 2);
	record_articles_shown(ctx, other, shown, 1);
	record_articles_shown(ctx, a_view(ctx), NULL, 0);
	record_article_deflection(ctx, solved, shown[1], DEFLECTION_OPENED);
	for (int i = 0; i < 2; i++)
		record_article_deflection(ctx, solved, shown[1], DEFLECTION_SOLVED);
	record_article_deflection(ctx, other, shown[1], DEFLECTION_SOLVED); /* not shown there */
	record_article_deflection(ctx, solved, shown[0], DEFLECTION_FOLLOWED);
	statistics = report(ctx);
	week = &statistics.weeks[0];
	assert_int_equal(week->started, 2);
	assert_int_equal(week->shown, 2);
	assert_int_equal(week->solved, 1);
	assert_int_equal(of_article(ctx, "shown", shown[0]), 2);
	assert_int_equal(of_article(ctx, "shown", shown[1]), 1);
	assert_int_equal(of_article(ctx, "opened", shown[1]), 1);
	assert_int_equal(of_article(ctx, "solved", shown[1]), 1);
	assert_int_equal(of_article(ctx, "solved", shown[0]), 0);
	/* A crash empties the rows; the sums stay. */
	forum_sql(ctx, "delete from deflection_views");
	record_articles_shown(ctx, a_view(ctx), shown, 1);
	report(ctx);
	assert_int_equal(of_article(ctx, "shown", shown[0]), 2);
	forum_sql(ctx, "update article_deflections set day = day - interval '14 months'");
	assert_ok(ctx, statistics_purge(ctx));
	assert_int_equal(number(ctx, "select count(*) from article_deflections"), 0);
}

static void test_one_page_cannot_fill_the_table(void **state)
{
	struct ctx *ctx = *state;
	const char *view = a_view(ctx);
	int64_t ids[30];

	for (int64_t round = 0; round < 4; round++) {
		for (int64_t i = 0; i < 30; i++)
			ids[i] = 1000 * round + i;
		record_shown(ctx, view, ids, 30);
	}
	assert_in_range(number(ctx, arena_printf(ctx->arena,
						 "select count(*) from deflection_hits"
						 " where view_id = '%s'",
						 view)),
			30, 70);
	assert_false(deflection_view_is_valid("short"));
	assert_false(deflection_view_is_valid("'; drop table topics; --aaaaaaaaaaaaaaaaaaaaa"));
	forget(ctx);
	record_shown(ctx, "short", ids, 1);
	record_asked(ctx, "", 1);
	assert_int_equal(number(ctx, "select count(*) from deflection_views"), 0);
}

static void test_sums_outlive_what_they_were_made_of(void **state)
{
	struct ctx *ctx = *state;
	struct statistics statistics;

	forget(ctx);
	ctx->language = "fr";
	record_search(ctx, "zygomatique", false);
	record_search(ctx, "zygomatique", false);
	record_shown(ctx, a_view(ctx), NULL, 0);
	record_search_opened(ctx, 3);
	report(ctx);
	/* A crash empties unlogged tables. */
	forum_sql(
		ctx,
		"delete from deflection_views; delete from search_log; delete from search_opened");
	record_search(ctx, "zygomatique", false);
	record_shown(ctx, a_view(ctx), NULL, 0);
	statistics = report(ctx);
	assert_int_equal(statistics.weeks[0].searches, 2);
	assert_int_equal(statistics.weeks[0].started, 1);
	assert_int_equal(statistics.words[0].searches, 2);
	assert_int_equal(statistics.positions[2], 1);
}

static void test_rows_go_after_a_month_and_sums_after_thirteen(void **state)
{
	struct ctx *ctx = *state;

	forget(ctx);
	record_search(ctx, "wifi", false);
	record_search_opened(ctx, 1);
	record_shown(ctx, a_view(ctx), (int64_t[]){ 1 }, 1);
	report(ctx);
	assert_ok(ctx, upkeep_purge(ctx));
	assert_int_equal(number(ctx, "select count(*) from search_log"), 1);
	forum_sql(
		ctx,
		"update search_log set day = day - 32; update search_opened set day = day - 32;"
		"update deflection_views set day = day - 32;"
		"update search_days set day = day - 396; update search_word_days set day = day - 396;"
		"update search_position_days set day = day - 396;"
		"update deflection_days set day = day - 396");
	assert_ok(ctx, upkeep_purge(ctx));
	assert_int_equal(number(ctx, "(select count(*) from search_log)"
				     " + (select count(*) from search_opened)"
				     " + (select count(*) from deflection_hits)"
				     " + (select count(*) from deflection_views)"),
			 0);
	assert_int_equal(number(ctx, "(select count(*) from search_days)"
				     " + (select count(*) from search_word_days)"
				     " + (select count(*) from search_position_days)"
				     " + (select count(*) from deflection_days)"),
			 4);
	forum_sql(ctx,
		  "update search_days set day = day - 5; update search_word_days set day = day - 5;"
		  "update search_position_days set day = day - 5;"
		  "update deflection_days set day = day - 5");
	assert_ok(ctx, upkeep_purge(ctx));
	assert_int_equal(number(ctx, "(select count(*) from search_days)"
				     " + (select count(*) from search_word_days)"
				     " + (select count(*) from search_position_days)"
				     " + (select count(*) from deflection_days)"),
			 0);
}

static void test_the_report_is_for_the_team_and_empty_at_first(void **state)
{
	struct ctx *ctx = *state;
	struct statistics statistics;

	forget(ctx);
	ctx->actor = forum_person(ctx, "customer", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, statistics_load(ctx, &statistics));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, statistics_load(ctx, &statistics));
	statistics = report(ctx);
	assert_int_equal(statistics.words_count, 0);
	assert_int_equal(statistics.failed_count, 0);
	for (size_t i = 0; i < STATISTICS_WEEKS; i++) {
		assert_int_equal(statistics.weeks[i].started + statistics.weeks[i].searches, 0);
		if (i > 0)
			assert_int_equal(statistics.weeks[i - 1].starts_at -
						 statistics.weeks[i].starts_at,
					 7 * CLOCK_DAY);
	}
}

static void test_counting_never_fails_a_page(void **state)
{
	struct ctx *ctx = *state;

	forum_sql(ctx, "alter table search_log rename to gone");
	record_search(ctx, "wifi", true);
	assert_int_equal(ctx->error.code, OK);
	forum_sql(ctx, "alter table gone rename to search_log");
	record_search(ctx, "wifi", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_searches_are_grouped_by_their_telling_words),
		FORUM_TEST(test_what_could_name_a_person_is_not_kept),
		FORUM_TEST(test_opened_results_are_counted_by_position),
		FORUM_TEST(test_an_ask_page_is_followed_to_its_end),
		FORUM_TEST(test_what_an_article_saved_is_counted_by_day_and_once_a_page),
		FORUM_TEST(test_one_page_cannot_fill_the_table),
		FORUM_TEST(test_sums_outlive_what_they_were_made_of),
		FORUM_TEST(test_rows_go_after_a_month_and_sums_after_thirteen),
		FORUM_TEST(test_the_report_is_for_the_team_and_empty_at_first),
		FORUM_TEST(test_counting_never_fails_a_page),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_statistics");
}
