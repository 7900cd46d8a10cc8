/*
 * Samples of a week, labels, and what they say. The arithmetic: test_listening_estimate.c.
 */
#include "forum_fixture.h"

#include "forum/crisis.h"
#include "forum/listening_label.h"
#include "forum/site_setting.h"

#define WEEK (7 * CLOCK_DAY)

static void put_posts(struct ctx *ctx, int count, const char *body)
{
	forum_sql(ctx,
		  arena_printf(
			  ctx->arena,
			  "with t as (insert into topics (category_id, title, created_at,"
			  " active_at, language) select %lld, 'Une question', from_us(%lld),"
			  " from_us(%lld), 'fr' from generate_series(1, %d) returning id)"
			  " insert into posts (topic_id, number, kind, body_md, body_html,"
			  " created_at) select id, 1, 'question', '%s', '', from_us(%lld) from t",
			  (long long)forum_category(ctx), (long long)(ctx->now - WEEK),
			  (long long)(ctx->now - WEEK), count, body, (long long)(ctx->now - WEEK)));
}

/* A week of fifty texts with the theme's word and 250 without, and a sample of it. */
static int64_t begin(struct ctx *ctx, uint64_t seed)
{
	int64_t week = listening_week(ctx->now) - 1;
	bool drawn;

	forum_sql(ctx, "delete from listening_samples");
	forum_sql(ctx, "delete from listening_themes");
	forum_sql(ctx, "update topics set visibility = 'withdrawn'");
	forum_sql(ctx, "insert into listening_themes (name, words) values ('Prix', 'prix')");
	put_posts(ctx, 50, "Le prix a changé");
	put_posts(ctx, 250, "rien de tel");
	assert_ok(ctx, listening_draw(ctx, week, seed, &drawn));
	assert_true(drawn);
	return week;
}

static int64_t number(struct ctx *ctx, const char *sql)
{
	return forum_number(ctx, sql, 0);
}

static void test_sample_is_drawn_in_proportion_and_says_how_probable_each_text_was(void **state)
{
	struct ctx *ctx = *state;

	(void)begin(ctx, 42);
	assert_int_equal(number(ctx, "select count(*) from listening_texts where $1 = 0"), 100);
	/* Two each, then 96 over 48 and 248: 15.6 and 80.4. */
	assert_int_equal(
		number(ctx, "select count(*) from listening_texts where theme_id = 0 and $1 = 0"),
		82);
	assert_int_equal(number(ctx, "select count(*) from listening_texts where $1 = 0 and"
				     " abs(probability - case when theme_id = 0 then 82 / 250.0"
				     " else 18 / 50.0 end) < 1e-9"),
			 100);
	assert_int_equal(
		number(ctx, "select count(*) from listening_texts where is_double and $1 = 0"), 20);
	assert_int_equal(number(ctx, "select sum(size) from listening_strata where $1 = 0"), 300);
	assert_int_equal(number(ctx, "select seed from listening_samples where $1 = 0"), 42);
}

static void test_same_seed_and_rows_give_the_same_sample(void **state)
{
	struct ctx *ctx = *state;
	int64_t week = begin(ctx, 42);
	bool drawn;

	forum_sql(ctx, "create temporary table first_draw as select post_id, is_double, probability"
		       " from listening_texts");
	assert_ok(ctx, listening_draw(ctx, week, 43, &drawn));
	assert_false(drawn);
	forum_sql(ctx, "delete from listening_samples");
	assert_ok(ctx, listening_draw(ctx, week, 42, &drawn));
	assert_int_equal(number(ctx,
				"select count(*) from listening_texts x join first_draw f using"
				" (post_id, is_double, probability) where $1 = 0"),
			 100);
	forum_sql(ctx, "delete from listening_samples");
	assert_ok(ctx, listening_draw(ctx, week, 43, &drawn));
	/* A third of three hundred is drawn: another sample shares about a third. */
	assert_in_range(number(ctx, "select count(*) from listening_texts x join first_draw f using"
				    " (post_id) where $1 = 0"),
			15, 60);
	forum_sql(ctx, "drop table first_draw");
}

static void label_all(struct ctx *ctx, enum listening_label label)
{
	struct listening_task task;

	for (int i = 0; i < 200; i++) {
		assert_ok(ctx, listening_task(ctx, 0, &task));
		if (!task.text_id)
			return;
		assert_ok(ctx, listening_give_label(ctx, task.text_id, label, NULL));
	}
	fail_msg("there is no end");
}

static void test_two_people_label_what_two_shall_and_nobody_labels_twice(void **state)
{
	struct ctx *ctx = *state;
	struct actor *first = forum_person(ctx, "Première", ROLE_ADVISOR);
	struct actor *second = forum_person(ctx, "Seconde", ROLE_ADVISOR);
	struct listening_task task;

	(void)begin(ctx, 7);
	ctx->actor = first;
	label_all(ctx, LISTENING_NEUTRAL);
	assert_int_equal(number(ctx, "select count(*) from listening_labels where $1 = 0"), 100);
	assert_ok(ctx, listening_task(ctx, 0, &task));
	assert_int_equal(task.done, 100);
	assert_int_equal(task.needed, 120);
	ctx->actor = second;
	label_all(ctx, LISTENING_NEGATIVE);
	assert_int_equal(number(ctx,
				"select count(*) from listening_labels l join listening_texts x"
				" on x.id = l.text_id and x.is_double where l.turn = 2 and $1 = 0"),
			 20);
	assert_int_equal(number(ctx, "select count(*) from listening_labels where $1 = 0"), 120);
	/* A label too many changes nothing. */
	assert_ok(
		ctx,
		listening_give_label(
			ctx,
			number(ctx,
			       "select min(id) from listening_texts where not is_double and $1 = 0"),
			LISTENING_POSITIVE, NULL));
	assert_int_equal(number(ctx, "select count(*) from listening_labels where $1 = 0"), 120);
}

static void test_skipped_text_is_left_to_others_and_a_label_can_be_taken_back(void **state)
{
	struct ctx *ctx = *state;
	struct actor *first = forum_person(ctx, "Hésitante", ROLE_ADVISOR);
	struct listening_task task, next;
	int64_t text_id;

	(void)begin(ctx, 8);
	ctx->actor = first;
	assert_ok(ctx, listening_task(ctx, 0, &task));
	assert_false(task.can_undo);
	assert_ok(ctx, listening_give_label(ctx, task.text_id, LISTENING_SKIPPED, NULL));
	assert_ok(ctx, listening_task(ctx, task.text_id, &next));
	assert_true(next.text_id != task.text_id);
	assert_int_equal(next.done, 0);
	assert_true(next.can_undo);
	assert_ok(ctx, listening_give_label(ctx, next.text_id, LISTENING_NEGATIVE, NULL));
	assert_ok(ctx, listening_take_back(ctx, NULL, &text_id));
	assert_int_equal(text_id, next.text_id);
	assert_ok(ctx, listening_task(ctx, text_id, &task));
	assert_int_equal(task.text_id, text_id);
	/* An hour later it stays. */
	assert_ok(ctx, listening_give_label(ctx, text_id, LISTENING_NEGATIVE, NULL));
	ctx->now += 2 * CLOCK_HOUR;
	assert_ok(ctx, listening_take_back(ctx, NULL, &text_id));
	assert_int_equal(text_id, 0);
}

/*
 * By hand: of the theme 18 of 50 drawn, 9 negative; of the rest 82 of 250, none. The share is
 * 50/300 · 1/2 = 0.0833 of all, all about us.
 */
static void test_share_weighs_strata_and_forgets_what_was_withdrawn(void **state)
{
	struct ctx *ctx = *state;
	struct listening_results results;
	int64_t week = begin(ctx, 9);

	forum_sql(ctx,
		  "insert into listening_labels (text_id, turn, label) select id, 1,"
		  " case when theme_id <> 0 and row_number() over (partition by theme_id"
		  " order by id) <= 9 then 'negative' else 'neutral' end from listening_texts");
	ctx->actor = forum_person(ctx, "Lectrice", ROLE_ADVISOR);
	assert_ok(ctx, listening_results(ctx, week, 1, &results));
	assert_int_equal(results.labelled, 100);
	assert_int_equal(results.left, 20);
	assert_true(results.weeks[0].share.is_known);
	assert_int_equal((int)(results.weeks[0].share.share * 100000 + 0.5), 8333);
	assert_true(results.weeks[0].share.low < 0.0833 && results.weeks[0].share.high > 0.0834);
	forum_sql(ctx,
		  "update posts set visibility = 'withdrawn' where id in (select x.post_id from"
		  " listening_texts x join listening_labels l on l.text_id = x.id"
		  " where l.label = 'negative')");
	assert_ok(ctx, listening_results(ctx, week, 1, &results));
	assert_int_equal(results.weeks[0].drawn, 91);
	assert_int_equal(results.weeks[0].share.negative, 0);
}

static void test_agreement_is_between_first_and_second_labels(void **state)
{
	struct ctx *ctx = *state;
	struct listening_results results;
	int64_t week = begin(ctx, 10);

	/* Twenty pairs: all first negative or neutral by turns, five of the second differ. */
	forum_sql(
		ctx,
		"with d as (select id, row_number() over (order by id) as n from listening_texts"
		" where is_double) insert into listening_labels (text_id, turn, label)"
		" select id, turn, case when (n + case when turn = 2 and n <= 5 then 1 else 0 end)"
		" % 2 = 0 then 'negative' else 'neutral' end from d, generate_series(1, 2) turn");
	ctx->actor = forum_person(ctx, "Accordée", ROLE_ADVISOR);
	assert_ok(ctx, listening_results(ctx, week, 1, &results));
	assert_int_equal(results.kappa.pairs, 20);
	assert_int_equal(results.kappa.agreed, 15);
	assert_int_equal(results.confusion.counts[LISTENING_NEUTRAL][LISTENING_NEGATIVE], 3);
	assert_int_equal(results.confusion.counts[LISTENING_NEGATIVE][LISTENING_NEUTRAL], 2);
	assert_true(results.kappa.kappa > 0.49 && results.kappa.kappa < 0.51);
}

static void test_nobody_but_the_team_labels(void **state)
{
	struct ctx *ctx = *state;
	struct listening_task task;

	(void)begin(ctx, 11);
	ctx->actor = forum_person(ctx, "Dehors", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, listening_task(ctx, 0, &task));
	assert_err(ctx, ERR_FORBIDDEN, listening_give_label(ctx, 1, LISTENING_NEGATIVE, NULL));
	ctx->actor = forum_person(ctx, "Dedans", ROLE_ADVISOR);
	assert_err(ctx, ERR_NOT_FOUND, listening_give_label(ctx, 999999, LISTENING_NEGATIVE, NULL));
}

/* Weeks of 100 labels each, so many of them negative; the last is the one that ended now. */
static void label_weeks(struct ctx *ctx, int before, int last)
{
	forum_sql(ctx, "delete from listening_samples");
	forum_sql(ctx, "update crisis_alerts set ended_at = now() where ended_at is null");
	forum_sql(ctx,
		  arena_printf(
			  ctx->arena,
			  "with s as (insert into listening_samples (week, seed)"
			  " select date '2000-01-03' + 7 * (%d - n), n from generate_series(1, 7) n"
			  " returning id, seed), k as (insert into listening_strata"
			  " select id, 0, 0, 2000 from s), x as (insert into listening_texts"
			  " (sample_id, post_id, source_id, theme_id, probability, is_double)"
			  " select s.id, p.id, 0, 0, 0.05, false from s, (select p.id from posts p"
			  " join topics t on t.id = p.topic_id and t.visibility = 'visible'"
			  " order by p.id limit 100) p returning id, sample_id)"
			  " insert into listening_labels (text_id, turn, label) select x.id, 1,"
			  " case when row_number() over (partition by s.id order by x.id)"
			  " <= case when s.seed = 1 then %d else %d end then 'negative'"
			  " else 'neutral' end from x join s on s.id = x.sample_id",
			  (int)listening_week(ctx->now), last, before));
}

static int64_t look_negative(struct ctx *ctx)
{
	int64_t opened = -1;

	assert_ok(ctx, crisis_look_negative(ctx, &opened));
	return opened;
}

static void test_more_negative_texts_than_before_are_an_alert_of_their_own(void **state)
{
	struct ctx *ctx = *state;
	struct crisis_alerts alerts;
	struct crisis_alert alert;
	struct crisis_topic *topics;
	int64_t opened;
	size_t count;

	(void)begin(ctx, 12);
	/* 28 of 100 after 20 of 100 six times: the intervals overlap. */
	label_weeks(ctx, 20, 28);
	assert_int_equal(look_negative(ctx), 0);
	label_weeks(ctx, 20, 45);
	forum_sql(ctx, "insert into crisis_alerts (began_at, last_at) values (now(), now())");
	assert_int_equal(look_negative(ctx), 1);
	assert_int_equal(look_negative(ctx), 0);
	ctx->actor = forum_person(ctx, "Veilleuse", ROLE_ADVISOR);
	assert_ok(ctx, crisis_alert_list(ctx, &alerts));
	assert_true(alerts.items[0].is_negative);
	assert_false(alerts.items[1].is_negative);
	assert_int_equal(alerts.items[0].signal_count, 1);
	assert_int_equal(alerts.items[0].signals[0].signal, CRISIS_NEGATIVE);
	assert_int_equal(alerts.items[0].signals[0].observed, 45);
	assert_int_equal((int)(alerts.items[0].signals[0].expected + 0.5), 20);
	assert_ok(ctx, crisis_alert_load(ctx, alerts.items[0].id, &alert, &topics, &count));
	assert_int_equal(alert.topic_count, 45);
	/* With the next week's sample it ends by itself, as those of counts do. */
	ctx->now += WEEK;
	assert_int_equal(look_negative(ctx), 0);
	assert_ok(ctx, crisis_look(ctx, &opened));
	assert_ok(ctx, crisis_alert_load(ctx, alerts.items[0].id, &alert, &topics, &count));
	assert_true(alert.ended_at != 0);
}

static void test_few_labels_and_few_weeks_raise_no_alert(void **state)
{
	struct ctx *ctx = *state;

	(void)begin(ctx, 13);
	label_weeks(ctx, 10, 90);
	forum_sql(ctx, "delete from listening_samples where seed > 4");
	assert_int_equal(look_negative(ctx), 0);
	label_weeks(ctx, 10, 90);
	forum_sql(ctx, "delete from listening_labels l using listening_texts x, listening_samples s"
		       " where x.id = l.text_id and s.id = x.sample_id and s.seed = 1"
		       " and x.id % 5 <> 0");
	assert_int_equal(look_negative(ctx), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_sample_is_drawn_in_proportion_and_says_how_probable_each_text_was),
		FORUM_TEST(test_same_seed_and_rows_give_the_same_sample),
		FORUM_TEST(test_two_people_label_what_two_shall_and_nobody_labels_twice),
		FORUM_TEST(test_skipped_text_is_left_to_others_and_a_label_can_be_taken_back),
		FORUM_TEST(test_share_weighs_strata_and_forgets_what_was_withdrawn),
		FORUM_TEST(test_agreement_is_between_first_and_second_labels),
		FORUM_TEST(test_nobody_but_the_team_labels),
		FORUM_TEST(test_more_negative_texts_than_before_are_an_alert_of_their_own),
		FORUM_TEST(test_few_labels_and_few_weeks_raise_no_alert),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_listening_label");
}
