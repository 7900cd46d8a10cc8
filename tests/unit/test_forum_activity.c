/*
 * The figures of the dashboards: what each counts, worked out by hand here; and that
 * keeping them up to date bit by bit comes to the same as working them out anew.
 */
#include "forum_fixture.h"

#include "forum/activity.h"
#include "forum/category.h"
#include "forum/view_count.h"

/* A Wednesday, noon in UTC. */
#define NOW (INT64_C(1763553600) * CLOCK_SECOND)

static void forget(struct ctx *ctx)
{
	forum_sql(ctx,
		  "delete from question_periods; delete from community_periods;"
		  "delete from view_days; delete from moderation_items; delete from person_days;"
		  "update topics set visibility = 'withdrawn';"
		  "update posts set visibility = 'withdrawn'");
	ctx->now = NOW;
}

static int64_t asked(struct ctx *ctx, int64_t category_id, int64_t hours_ago)
{
	return forum_put_topic(ctx,
			       (struct forum_new_topic){
				       .category_id = category_id,
				       .author_id = forum_person(ctx, "asker", ROLE_CUSTOMER)->id,
				       .at = NOW - hours_ago * CLOCK_HOUR });
}

static int64_t answered(struct ctx *ctx, int64_t topic_id, int64_t author_id, int64_t minutes_after)
{
	int64_t at = forum_number(ctx,
				  "select (extract(epoch from created_at) * 1000000)::bigint"
				  " from topics where id = $1",
				  topic_id);

	return forum_put_post(ctx,
			      (struct forum_new_post){ .topic_id = topic_id,
						       .author_id = author_id,
						       .kind = POST_ANSWER,
						       .at = at + minutes_after * CLOCK_MINUTE });
}

static struct activity load(struct ctx *ctx, enum activity_unit unit, int64_t category_id)
{
	struct activity activity;

	ctx->actor = forum_person(ctx, "advisor", ROLE_ADVISOR);
	assert_ok(ctx, activity_load(ctx, unit, category_id, &activity));
	return activity;
}

static struct activity refreshed(struct ctx *ctx, enum activity_unit unit, int64_t category_id)
{
	int64_t written;

	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	return load(ctx, unit, category_id);
}

/* n-th from the newest. */
static struct activity_period ago(const struct activity *activity, size_t n)
{
	return activity->periods[activity->count - 1 - n];
}

static void test_there_is_a_period_for_each_that_is_shown(void **state)
{
	struct ctx *ctx = *state;
	struct activity activity;

	forget(ctx);
	for (size_t unit = 0; unit < ACTIVITY_UNITS; unit++) {
		activity = load(ctx, (enum activity_unit)unit, 0);
		assert_int_equal(activity.count, activity_period_counts[unit]);
		assert_int_equal(ago(&activity, 0).questions, 0);
	}
	/* The first of November. */
	assert_int_equal(ago(&activity, 0).starts_at, INT64_C(1761955200) * CLOCK_SECOND);
	activity = refreshed(ctx, ACTIVITY_WEEK, 0);
	/* Monday. */
	assert_int_equal(ago(&activity, 0).starts_at, NOW - 60 * CLOCK_HOUR);
}

static void test_only_questions_that_are_old_enough_can_be_late(void **state)
{
	struct ctx *ctx = *state;
	int64_t helper = forum_person(ctx, "helper", ROLE_CUSTOMER)->id, category, topic;
	struct activity_period week;
	struct activity activity;

	forget(ctx);
	category = forum_category(ctx);
	answered(ctx, asked(ctx, category, 50), helper, 30);
	answered(ctx, asked(ctx, category, 49), helper, 20 * 60);
	answered(ctx, asked(ctx, category, 48), helper, 30 * 60);
	asked(ctx, category, 2);
	topic = asked(ctx, category, 0);
	answered(ctx, topic, helper, 0);
	activity = refreshed(ctx, ACTIVITY_WEEK, 0);
	week = ago(&activity, 0);
	assert_int_equal(week.questions, 5);
	assert_int_equal(week.due[0], 4);
	assert_int_equal(week.in_time[0], 1);
	assert_int_equal(week.due[1], 3);
	assert_int_equal(week.in_time[1], 2);
	assert_int_equal(week.due[2], 0);
	ctx->now = NOW + 4 * CLOCK_DAY - CLOCK_HOUR;
	activity = refreshed(ctx, ACTIVITY_WEEK, 0);
	week = ago(&activity, 0);
	assert_int_equal(week.due[2], 5);
	assert_int_equal(week.in_time[2], 4);
}

static void test_the_first_answer_is_put_down_to_who_gave_it(void **state)
{
	struct ctx *ctx = *state;
	int64_t staff = forum_person(ctx, "staff", ROLE_ADVISOR)->id;
	int64_t expert = forum_person(ctx, "expert", ROLE_CUSTOMER)->id;
	int64_t customer = forum_person(ctx, "customer", ROLE_CUSTOMER)->id;
	int64_t category, topic;
	struct activity_period today;
	struct activity activity;

	forget(ctx);
	category = forum_category(ctx);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into experts (person_id, category_id, state, answered_at, ends_at)"
			" values (%lld, %lld, 'active', to_timestamp(%lld), 'infinity')",
			(long long)expert, (long long)category,
			(long long)((NOW - 6 * CLOCK_HOUR) / CLOCK_SECOND)));
	/* By oneself does not count, nor what comes second. */
	topic = asked(ctx, category, 10);
	answered(ctx, topic, forum_number(ctx, "select author_id from topics where id = $1", topic),
		 1);
	answered(ctx, topic, staff, 10);
	answered(ctx, topic, customer, 11);
	answered(ctx, asked(ctx, category, 10), staff, 20);
	/* Not in office yet; then in office. */
	answered(ctx, asked(ctx, category, 10), expert, 60);
	answered(ctx, asked(ctx, category, 5), expert, 30);
	answered(ctx, asked(ctx, category, 5), customer, 120);
	asked(ctx, category, 5);
	activity = refreshed(ctx, ACTIVITY_DAY, 0);
	today = ago(&activity, 0);
	assert_int_equal(today.questions, 6);
	assert_int_equal(today.answers, 7);
	assert_int_equal(today.first.count, 5);
	assert_int_equal(today.first.median, 30 * 60);
	assert_int_equal(today.staff.count, 2);
	assert_int_equal(today.staff.median, 15 * 60);
	assert_int_equal(today.staff.p90, 19 * 60);
	assert_int_equal(today.expert.count, 1);
	assert_int_equal(today.expert.median, 30 * 60);
	assert_int_equal(today.customer.count, 2);
	assert_int_equal(today.customer.median, 90 * 60);
}

static void test_a_category_counts_what_is_below_it_and_nothing_else(void **state)
{
	struct ctx *ctx = *state;
	int64_t one, other, below;
	struct view_count views = { 0 };
	struct activity activity;

	forget(ctx);
	one = forum_category(ctx);
	assert_ok(ctx, category_put(ctx,
				    &(struct category_new){ .slug = "beside",
							    .icon = "box",
							    .name_fr = "x",
							    .name_en = "x" },
				    &other));
	assert_ok(ctx, category_put(ctx,
				    &(struct category_new){ .slug = "below",
							    .icon = "box",
							    .name_fr = "x",
							    .name_en = "x",
							    .parent_id = one },
				    &below));
	asked(ctx, below, 3);
	asked(ctx, one, 3);
	asked(ctx, other, 3);
	for (int i = 0; i < 5; i++)
		view_count_add(&views, below, 1);
	view_count_add(&views, other, 1);
	view_count_store(ctx, &views);
	activity = refreshed(ctx, ACTIVITY_MONTH, 0);
	assert_int_equal(ago(&activity, 0).questions, 3);
	assert_int_equal(ago(&activity, 0).views, 6);
	activity = load(ctx, ACTIVITY_MONTH, one);
	assert_int_equal(ago(&activity, 0).questions, 2);
	assert_int_equal(ago(&activity, 0).views, 5);
	activity = load(ctx, ACTIVITY_MONTH, other);
	assert_int_equal(ago(&activity, 0).questions, 1);
	assert_int_equal(ago(&activity, 0).views, 1);
}

static void put_item(struct ctx *ctx, int64_t opened_hours_ago, int64_t hours)
{
	int64_t person = forum_person(ctx, "whom", ROLE_CUSTOMER)->id;

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into moderation_items (kind, person_id, opened_at, state, decided_at, decision)"
			" values ('flag', %lld, to_timestamp(%lld), 'decided', to_timestamp(%lld), 'ignore')",
			(long long)person,
			(long long)(NOW / CLOCK_SECOND - opened_hours_ago * 3600),
			(long long)(NOW / CLOCK_SECOND - (opened_hours_ago - hours) * 3600)));
}

static void test_people_count_once_in_a_period_and_moderation_when_it_happens(void **state)
{
	struct ctx *ctx = *state;
	int64_t one = forum_person(ctx, "one", ROLE_CUSTOMER)->id;
	int64_t two = forum_person(ctx, "two", ROLE_CUSTOMER)->id, written;
	struct activity activity;

	forget(ctx);
	ctx->now = NOW + CLOCK_DAY;
	/* Two people, one of them on both days. */
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into person_days values (%lld, '2025-11-18'),"
				    " (%lld, '2025-11-19'), (%lld, '2025-11-19')",
				    (long long)one, (long long)two, (long long)one));
	put_item(ctx, 30, 2);
	put_item(ctx, 8, 4);
	put_item(ctx, 7, 1);
	activity = refreshed(ctx, ACTIVITY_DAY, 0);
	assert_int_equal(ago(&activity, 2).active, 1);
	assert_int_equal(ago(&activity, 1).active, 2);
	assert_int_equal(ago(&activity, 1).opened, 2);
	assert_int_equal(ago(&activity, 1).decided, 2);
	assert_int_equal(ago(&activity, 1).decision.median, 150 * 60);
	activity = load(ctx, ACTIVITY_WEEK, 0);
	assert_int_equal(ago(&activity, 0).active, 2);
	assert_int_equal(ago(&activity, 0).opened, 3);
	assert_int_equal(ago(&activity, 0).decision.median, 2 * 3600);
	/* Days of visits do not stay for long; the sum does. */
	forum_sql(ctx, "delete from person_days");
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	activity = load(ctx, ACTIVITY_WEEK, 0);
	assert_int_equal(ago(&activity, 0).active, 2);
}

/* Everything that the tables hold, as one number. */
static int64_t sum_of_all(struct ctx *ctx)
{
	return forum_number(
		ctx,
		"select (select coalesce(sum(hashtext(q::text)), 0) from question_periods q)"
		" + (select coalesce(sum(hashtext(c::text)), 0) from community_periods c)"
		" + $1",
		0);
}

static void test_bit_by_bit_comes_to_the_same_as_anew(void **state)
{
	struct ctx *ctx = *state;
	int64_t staff = forum_person(ctx, "staff", ROLE_ADVISOR)->id;
	int64_t customer = forum_person(ctx, "customer", ROLE_CUSTOMER)->id;
	int64_t category, kept, written;

	forget(ctx);
	category = forum_category(ctx);
	ctx->now = NOW - 70 * CLOCK_DAY;
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	/* Something every five hours; the frequent job comes after each. */
	for (int64_t hours = 60 * 24; hours >= 0; hours -= 5) {
		int64_t topic;

		ctx->now = NOW - hours * CLOCK_HOUR;
		topic = asked(ctx, category, hours);
		if (hours % 3 != 0)
			answered(ctx, topic, hours % 2 ? staff : customer, hours % 7);
		if (hours % 4 == 0)
			put_item(ctx, hours + 3, 3);
		assert_ok(ctx, activity_refresh(ctx, ACTIVITY_RECENT, &written));
	}
	ctx->now = NOW;
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_RECENT, &written));
	kept = sum_of_all(ctx);
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	assert_int_equal(written, 0);
	assert_int_equal(sum_of_all(ctx), kept);
	/* An old question that goes is mended at night. */
	forum_sql(ctx, "update topics set visibility = 'withdrawn' where id ="
		       " (select min(id) from topics where visibility = 'visible'"
		       " and created_at > to_timestamp(1763553600) - interval '20 days')");
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_RECENT, &written));
	assert_int_equal(sum_of_all(ctx), kept);
	assert_ok(ctx, activity_refresh(ctx, ACTIVITY_SHOWN, &written));
	assert_int_not_equal(written, 0);
}

static void test_nobody_but_the_team_reads_them(void **state)
{
	struct ctx *ctx = *state;
	struct activity activity;

	ctx->actor = forum_person(ctx, "customer", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, activity_load(ctx, ACTIVITY_DAY, 0, &activity));
}

static void test_views_wait_and_are_written_together(void **state)
{
	struct ctx *ctx = *state;
	struct view_count views = { 0 };

	forget(ctx);
	assert_false(view_count_is_due(&views, INT64_MAX));
	view_count_add(&views, 1, CLOCK_SECOND);
	assert_false(view_count_is_due(&views, 60 * CLOCK_SECOND));
	assert_true(view_count_is_due(&views, 61 * CLOCK_SECOND));
	for (int i = 1; i < VIEW_COUNT_MAX; i++)
		view_count_add(&views, 2, CLOCK_SECOND);
	assert_true(view_count_is_due(&views, CLOCK_SECOND));
	view_count_store(ctx, &views);
	assert_int_equal(views.views, 0);
	view_count_add(&views, 2, CLOCK_SECOND);
	view_count_store(ctx, &views);
	assert_int_equal(forum_number(ctx, "select views from view_days where category_id = $1", 2),
			 VIEW_COUNT_MAX);
	/* More categories than there are places: it says so in time. */
	for (int64_t i = 0; !view_count_is_due(&views, 0); i++)
		view_count_add(&views, i, 0);
	assert_int_equal(views.count, VIEW_COUNT_CATEGORIES);
	view_count_store(ctx, &views);
	assert_int_equal(views.count, 0);
}

static void test_robots_that_say_so_are_not_readers(void **state)
{
	(void)state;
	assert_true(view_is_by_robot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://x)"));
	assert_true(view_is_by_robot("FacebookExternalHit/1.1"));
	assert_true(view_is_by_robot("python-requests/2.28"));
	assert_true(view_is_by_robot(""));
	assert_false(view_is_by_robot("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_there_is_a_period_for_each_that_is_shown),
		FORUM_TEST(test_only_questions_that_are_old_enough_can_be_late),
		FORUM_TEST(test_the_first_answer_is_put_down_to_who_gave_it),
		FORUM_TEST(test_a_category_counts_what_is_below_it_and_nothing_else),
		FORUM_TEST(test_people_count_once_in_a_period_and_moderation_when_it_happens),
		FORUM_TEST(test_bit_by_bit_comes_to_the_same_as_anew),
		FORUM_TEST(test_nobody_but_the_team_reads_them),
		FORUM_TEST(test_views_wait_and_are_written_together),
		cmocka_unit_test(test_robots_that_say_so_are_not_readers),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_activity");
}
