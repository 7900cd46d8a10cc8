/*
 * The desk's reports: what was promised and kept, the two lists of people, and who may
 * see them. All other figures are worked out a second time at the end of the simulated
 * year (tests/simulation/reports.py).
 */
#include "forum_fixture.h"

#include "forum/category.h"
#include "forum/desk_breach.h"
#include "forum/desk_report.h"

/* A Wednesday, noon in UTC. */
#define NOW (INT64_C(1763553600) * CLOCK_SECOND)

static void forget(struct ctx *ctx)
{
	forum_sql(ctx, "delete from desk_questions;"
		       "update topics set visibility = 'withdrawn';"
		       "update posts set visibility = 'withdrawn'");
	ctx->now = NOW;
}

static int64_t person(struct ctx *ctx, const char *name)
{
	return forum_person(ctx, name, ROLE_CUSTOMER)->id;
}

static int64_t asked(struct ctx *ctx, int64_t asker_id, int64_t category_id, int64_t days_ago)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = category_id,
							      .author_id = asker_id,
							      .at = NOW - days_ago * CLOCK_DAY });
}

static void answered(struct ctx *ctx, int64_t topic_id, int64_t helper_id, int64_t days_ago)
{
	forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
						     .author_id = helper_id,
						     .kind = POST_ANSWER,
						     .at = NOW - days_ago * CLOCK_DAY });
}

static struct desk_reports refreshed(struct ctx *ctx, size_t span)
{
	struct desk_reports reports;

	ctx->actor = &actor_system;
	forum_sql(ctx,
		  "update people set email_confirmed_at = now() where email_confirmed_at is null");
	assert_ok(ctx, desk_reports_refresh(ctx));
	ctx->actor = forum_person(ctx, "advisor", ROLE_ADVISOR);
	assert_ok(ctx, desk_reports_load(ctx, span, &reports));
	return reports;
}

/* In hours before NOW; nought: never. */
static void promised(struct ctx *ctx, int64_t topic_id, const char *team, int first_met,
		     int first_breached, int solution_met, int solution_breached)
{
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into desk_teams (name) values ('%s') on conflict do nothing",
			       team));
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into desk_questions (topic_id, stage, category_id, top_category_id, team_id,"
			"	clock_at, asked_at, order_at, first_target_minutes, solution_target_minutes,"
			"	first_met_at, first_breached_at, solution_met_at, solution_breached_at)"
			" select id, 'answered', category_id, top_category_id,"
			"	(select id from desk_teams where name = '%s'), created_at, created_at, created_at, 60, 600,"
			"	at - nullif(%d, 0) * interval '1 hour', at - nullif(%d, 0) * interval '1 hour',"
			"	at - nullif(%d, 0) * interval '1 hour', at - nullif(%d, 0) * interval '1 hour'"
			" from topics, to_timestamp(%lld) at where id = %lld",
			team, first_met, first_breached, solution_met, solution_breached,
			(long long)(NOW / CLOCK_SECOND), (long long)topic_id));
}

static void assert_figures(struct desk_report_line line, int64_t a, int64_t b, int64_t c, int64_t d)
{
	assert_int_equal(line.figures[0], a);
	assert_int_equal(line.figures[1], b);
	assert_int_equal(line.figures[2], c);
	assert_int_equal(line.figures[3], d);
}

static void test_promises_that_have_come_out_are_counted_by_category_and_team(void **state)
{
	struct ctx *ctx = *state;
	int64_t asker = person(ctx, "asker"), category, other;
	struct desk_reports reports;

	forget(ctx);
	category = forum_category(ctx);
	assert_ok(ctx, category_put(ctx,
				    &(struct category_new){ .slug = "tv",
							    .name_fr = "Télé",
							    .name_en = "TV",
							    .position = 9,
							    .icon = "",
							    .description_fr = "",
							    .description_en = "" },
				    &other));
	/* In time; late; not yet answered and late; all still open; asked too long ago. */
	promised(ctx, asked(ctx, asker, category, 2), "First line", 40, 0, 30, 0);
	promised(ctx, asked(ctx, asker, category, 3), "First line", 40, 45, 0, 0);
	promised(ctx, asked(ctx, asker, other, 3), "Networks", 0, 45, 0, 20);
	promised(ctx, asked(ctx, asker, other, 1), "Networks", 0, 0, 0, 0);
	promised(ctx, asked(ctx, asker, other, 8), "Networks", 150, 0, 140, 0);
	reports = refreshed(ctx, 0);
	assert_int_equal(reports.of[DESK_REPORT_TARGETS].count, 3);
	assert_int_equal(reports.of[DESK_REPORT_TARGETS].items[0].subject_id, 0);
	assert_figures(reports.of[DESK_REPORT_TARGETS].items[0], 3, 1, 2, 1);
	for (size_t i = 1; i < 3; i++)
		if (reports.of[DESK_REPORT_TARGETS].items[i].subject_id == other)
			assert_figures(reports.of[DESK_REPORT_TARGETS].items[i], 1, 0, 1, 0);
		else
			assert_figures(reports.of[DESK_REPORT_TARGETS].items[i], 2, 1, 1, 1);
	assert_int_equal(reports.of[DESK_REPORT_TEAMS].count, 2);
	assert_string_equal(reports.of[DESK_REPORT_TEAMS].items[0].name, "First line");
	assert_figures(reports.of[DESK_REPORT_TEAMS].items[0], 2, 1, 1, 1);
	assert_figures(reports.of[DESK_REPORT_TEAMS].items[1], 1, 0, 1, 0);
	reports = refreshed(ctx, 1);
	assert_figures(reports.of[DESK_REPORT_TARGETS].items[0], 4, 2, 3, 2);
}

/* Each cause at its place, and only those of the time. */
static void test_missed_targets_are_counted_by_cause(void **state)
{
	struct ctx *ctx = *state;
	int64_t asker = person(ctx, "asker"), topic;
	const struct desk_report_lines *lines;
	struct desk_reports reports;

	forget(ctx);
	for (size_t i = 0; i < desk_cause_count; i++) {
		topic = asked(ctx, asker, forum_category(ctx), 3);
		for (int kind = 0; kind < 2; kind++)
			forum_sql(
				ctx,
				arena_printf(
					ctx->arena,
					"insert into desk_breaches (topic_id, kind, due_at, cause, category_id)"
					" select id, '%s', to_timestamp(%lld) - interval '%d days', '%s', category_id"
					" from topics where id = %lld",
					kind ? "solution" : "first_answer",
					(long long)(NOW / CLOCK_SECOND), kind && i % 2 ? 8 : 2,
					desk_causes[i].text, (long long)topic));
	}
	forum_sql(ctx, "update desk_breaches set corrected_by = (select min(id) from people)"
		       " where cause = 'outage'");
	reports = refreshed(ctx, 0);
	lines = &reports.of[DESK_REPORT_CAUSES];
	assert_int_equal(lines->count, desk_cause_count);
	for (size_t i = 0; i < lines->count; i++) {
		int64_t solutions = i % 2 ? 0 : 1;

		assert_int_equal(lines->items[i].place, i);
		assert_figures(lines->items[i], 1 + solutions, 1, solutions,
			       strcmp(desk_causes[i].text, "outage") == 0 ? 1 + solutions : 0);
	}
}

static void failed_twice(struct ctx *ctx, int64_t asker_id)
{
	int64_t category = forum_category(ctx);

	asked(ctx, asker_id, category, 5);
	answered(ctx, asked(ctx, asker_id, category, 4), person(ctx, "helper"), 3);
	asked(ctx, asker_id, category, 1);
}

static bool is_cared_for(const struct desk_reports *reports, int64_t person_id)
{
	for (size_t i = 0; i < reports->care_count; i++)
		if (reports->care[i].author.id == person_id)
			return true;
	return false;
}

static void test_whose_questions_keep_failing_is_listed_with_the_reason(void **state)
{
	struct ctx *ctx = *state;
	int64_t unlucky = person(ctx, "unlucky");
	struct desk_reports reports;

	forget(ctx);
	failed_twice(ctx, unlucky);
	/* Once is no pattern. */
	asked(ctx, person(ctx, "once"), forum_category(ctx), 5);
	reports = refreshed(ctx, 1);
	assert_int_equal(reports.care_count, 1);
	assert_int_equal(reports.care[0].author.id, unlucky);
	assert_int_equal(reports.care[0].questions, 3);
	assert_int_equal(reports.care[0].failed, 2);
	assert_int_equal(reports.care[0].unanswered, 1);
	assert_true(reports.care[0].latest_id > 0 && reports.care[0].latest_title[0]);
}

static void test_who_helps_most_is_listed_from_five_answers_on(void **state)
{
	struct ctx *ctx = *state;
	int64_t asker = person(ctx, "asker"), pillar = person(ctx, "pillar"),
		lazy = person(ctx, "lazy");
	struct desk_reports reports;

	forget(ctx);
	for (int i = 0; i < 5; i++) {
		int64_t topic = asked(ctx, asker, forum_category(ctx), 3);

		answered(ctx, topic, pillar, 2);
		if (i < 4)
			answered(ctx, topic, lazy, 1);
	}
	/* Answers of their own. */
	answered(ctx, asked(ctx, lazy, forum_category(ctx), 3), lazy, 2);
	reports = refreshed(ctx, 1);
	assert_int_equal(reports.ambassador_count, 1);
	assert_int_equal(reports.ambassadors[0].author.id, pillar);
	assert_int_equal(reports.ambassadors[0].answers, 5);
	assert_int_equal(reports.ambassadors[0].reach, 5);
	assert_int_equal(reports.ambassadors[0].response_minutes, 24 * 60);
}

/* At once, and not only when the lists are made anew. */
static void test_minors_and_who_keeps_out_of_rankings_are_in_no_list(void **state)
{
	static const char *const reasons[] = { "is_minor = true", "is_ranked = false",
					       "state = 'suspended'", "role = 'advisor'" };
	struct ctx *ctx = *state;
	struct desk_reports reports;

	for (size_t i = 0; i < ARRAY_COUNT(reasons); i++) {
		int64_t id = person(ctx, "private");

		forget(ctx);
		failed_twice(ctx, id);
		reports = refreshed(ctx, 1);
		assert_true(is_cared_for(&reports, id));
		forum_sql(ctx, arena_printf(ctx->arena, "update people set %s where id = %lld",
					    reasons[i], (long long)id));
		assert_ok(ctx, desk_reports_load(ctx, 1, &reports));
		assert_false(is_cared_for(&reports, id));
		reports = refreshed(ctx, 1);
		assert_int_equal(
			forum_number(ctx,
				     "select count(*) from desk_report_people where person_id = $1",
				     id),
			0);
	}
}

static void test_only_the_team_sees_reports(void **state)
{
	struct ctx *ctx = *state;
	struct desk_reports reports;

	ctx->actor = forum_person(ctx, "asker", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, desk_reports_load(ctx, 0, &reports));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_promises_that_have_come_out_are_counted_by_category_and_team),
		FORUM_TEST(test_missed_targets_are_counted_by_cause),
		FORUM_TEST(test_whose_questions_keep_failing_is_listed_with_the_reason),
		FORUM_TEST(test_who_helps_most_is_listed_from_five_answers_on),
		FORUM_TEST(test_minors_and_who_keeps_out_of_rankings_are_in_no_list),
		FORUM_TEST(test_only_the_team_sees_reports),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_desk_report");
}
