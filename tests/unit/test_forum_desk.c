/*
 * The desk: rows out of events in whatever portions they come, against a reckoning from
 * everything; clocks that stand still; breaches and who is told; claims, also by several
 * at once; the queue and its order.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forum_fixture.h"

#include "forum/desk_queue.h"
#include "forum/desk_reckon.h"
#include "forum/desk_watch.h"
#include "forum/desk_check.h"
#include "forum/desk_work.h"
#include "forum/site_setting.h"

#define PROCESSES 6

/* Reckoning ------------------------------------------------------------------------------ */

/* A zone like ours, weekdays nine to six; 2026-03-29 and 2026-10-25 change the clocks. */
static const struct working_calendar *paris(struct ctx *ctx)
{
	struct working_rules *rules = arena_new_of(ctx->arena, struct working_rules);
	struct zone *zone = arena_new_of(ctx->arena, struct zone);
	const char *problem;
	int line;

	assert_true(working_hours_parse(ctx->arena, "monday-friday 9:00-18:00", rules, &line,
					&problem));
	assert_true(zone_load(ctx->arena, "Europe/Paris", working_first(), working_end(), zone));
	return working_calendar_new(ctx->arena, rules, zone);
}

static int64_t at(const char *text)
{
	int64_t time;

	assert_true(clock_parse(text, &time));
	return time;
}

static struct desk_facts asked(const char *when)
{
	return (struct desk_facts){ .asked_at = at(when),
				    .is_visible = true,
				    .has_clock = true,
				    .level = 1,
				    .first_target_minutes = 120,
				    .solution_target_minutes = 600 };
}

static struct desk_row row_of(struct ctx *ctx, const struct desk_facts *facts, const char *now)
{
	struct desk_row row;

	desk_reckon(facts, paris(ctx), 75, at(now), &row);
	return row;
}

static void test_a_question_asked_on_friday_evening_is_due_on_monday(void **state)
{
	struct ctx *ctx = *state;
	/* The night in between is the one in which summer time begins. */
	struct desk_facts facts = asked("2026-03-27T16:30:00Z");
	struct desk_row row = row_of(ctx, &facts, "2026-03-27T16:31:00Z");

	assert_int_equal(row.stage, DESK_UNANSWERED);
	assert_int_equal(row.first.due_at, at("2026-03-30T08:30:00Z"));
	assert_int_equal(row.due_at, row.first.due_at);
	assert_int_equal(row.look_at, row.warning_at);
	facts = asked("2026-10-23T15:30:00Z");
	row = row_of(ctx, &facts, "2026-10-23T15:31:00Z");
	assert_int_equal(row.first.due_at, at("2026-10-26T09:30:00Z"));
}

static void test_the_first_answer_meets_one_clock_and_leaves_the_other(void **state)
{
	struct ctx *ctx = *state;
	struct desk_facts facts = asked("2026-11-23T08:00:00Z");
	struct desk_row row;

	facts.first_answer_at = at("2026-11-23T09:00:00Z");
	row = row_of(ctx, &facts, "2026-11-23T09:30:00Z");
	assert_int_equal(row.stage, DESK_ANSWERED);
	assert_int_equal(row.first.met_at, facts.first_answer_at);
	assert_int_equal(row.first.breached_at, 0);
	assert_int_equal(row.due_at, row.solution.due_at);
	facts.first_answer_at = at("2026-11-23T11:00:00Z");
	row = row_of(ctx, &facts, "2026-11-23T11:30:00Z");
	assert_int_equal(row.first.breached_at, at("2026-11-23T10:00:00Z"));
	assert_string_equal(row.first.cause, "unseen");
	assert_false(row.is_breached); /* of what is still open, nothing is late */
}

static void test_waiting_hiding_and_solving_stop_the_clock_and_handing_over_does_not(void **state)
{
	struct ctx *ctx = *state;
	struct desk_facts facts = asked("2026-11-23T08:00:00Z");
	const struct desk_step steps[] = {
		{ DESK_STEP_PUBLISHED, at("2026-11-23T08:00:00Z") },
		{ DESK_STEP_WAITING, at("2026-11-23T08:30:00Z") },
		{ DESK_STEP_HIDDEN, at("2026-11-23T08:45:00Z") },
		{ DESK_STEP_RESUMED, at("2026-11-23T09:00:00Z") },
		{ DESK_STEP_SHOWN, at("2026-11-23T09:30:00Z") },
		{ DESK_STEP_HANDED_OVER, at("2026-11-23T09:40:00Z") },
		{ DESK_STEP_DONE, at("2026-11-23T10:00:00Z") },
		{ DESK_STEP_UNDONE, at("2026-11-23T11:00:00Z") },
	};
	struct desk_row row;

	facts.first_answer_at = at("2026-11-23T09:45:00Z");
	facts.steps = steps;
	facts.step_count = ARRAY_COUNT(steps);
	row = row_of(ctx, &facts, "2026-11-23T11:05:00Z");
	assert_int_equal(row.stage, DESK_REOPENED);
	assert_int_equal(row.hand_overs, 1);
	assert_int_equal(row.spell_count, 2);
	assert_false(row.spells[0].is_solved);
	assert_int_equal(row.spells[0].to - row.spells[0].from, CLOCK_HOUR);
	assert_true(row.spells[1].is_solved);
	/* Ten hours from nine: one till ten less one hour, solved an hour: to six with 2 h over. */
	assert_int_equal(row.solution.due_at, at("2026-11-24T11:00:00Z"));
}

static void test_what_the_tables_say_counts_more_than_what_was_noted(void **state)
{
	struct ctx *ctx = *state;
	struct desk_facts facts = asked("2026-11-23T08:00:00Z");
	struct desk_row row;

	facts.is_done = true;
	facts.settled_at = at("2026-11-23T10:00:00Z");
	row = row_of(ctx, &facts, "2026-11-24T10:00:00Z");
	assert_int_equal(row.stage, DESK_DONE);
	assert_int_equal(row.solution.met_at, facts.settled_at);
	assert_int_equal(row.due_at, 0);
	facts = asked("2026-11-23T08:00:00Z");
	facts.is_visible = false;
	row = row_of(ctx, &facts, "2026-11-24T10:00:00Z");
	assert_int_equal(row.stage, DESK_DONE);
	facts = asked("2026-11-23T08:00:00Z");
	facts.is_waiting = true;
	facts.status_at = at("2026-11-23T08:30:00Z");
	row = row_of(ctx, &facts, "2026-11-24T10:00:00Z");
	assert_int_equal(row.waiting_since, facts.status_at);
	assert_int_equal(row.due_at, 0);
}

static void test_causes_are_chosen_by_what_can_be_seen(void **state)
{
	struct ctx *ctx = *state;
	const char *now = "2026-11-27T10:00:00Z";
	struct desk_facts facts = asked("2026-11-23T08:00:00Z");

	assert_string_equal(row_of(ctx, &facts, now).first.cause, "unseen");
	facts.first_claimed_at = facts.asked_at + CLOCK_MINUTE;
	assert_string_equal(row_of(ctx, &facts, now).first.cause, "claimed");
	facts.level = 2;
	assert_string_equal(row_of(ctx, &facts, now).first.cause, "level");
	facts = asked("2026-11-21T08:00:00Z"); /* a Saturday */
	assert_string_equal(row_of(ctx, &facts, now).first.cause, "few_hours");
	assert_true(row_of(ctx, &facts, now).is_breached);
}

/* Rows ---------------------------------------------------------------------------------- */

static void work(struct ctx *ctx)
{
	bool has_more = true;

	for (int i = 0; has_more && i < 1000; i++)
		assert_ok(ctx, desk_work(ctx, &has_more));
	assert_false(has_more);
}

static const char *text_of(struct ctx *ctx, const char *column, int64_t topic_id)
{
	const struct stmt statement = {
		NULL,
		arena_printf(ctx->arena,
			     "select coalesce((%s)::text, '') from desk_questions"
			     " where topic_id = $1",
			     column),
		1
	};
	struct rows rows;

	assert_ok(ctx, db_query(ctx, &statement, &rows, param_i64(topic_id)));
	return rows_next(&rows) ? col_text(&rows) : "no row";
}

static void set(struct ctx *ctx, int64_t topic_id, const char *change)
{
	forum_sql(ctx, arena_printf(ctx->arena, "update topics set %s where id = %lld", change,
				    (long long)topic_id));
}

static int64_t question(struct ctx *ctx)
{
	return forum_ask(ctx, forum_person(ctx, "asks", ROLE_CUSTOMER));
}

static void test_a_question_goes_through_its_stages(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asks", ROLE_CUSTOMER);
	struct actor *other = forum_person(ctx, "helps", ROLE_CUSTOMER);
	int64_t topic = forum_ask(ctx, asker), post;

	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "unanswered");
	assert_string_equal(text_of(ctx, "due_at = first_due_at", topic), "true");
	forum_answer(ctx, asker, topic, "J'ai oublié de dire que c'est la nouvelle box.");
	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "unanswered"); /* their own */
	post = forum_answer(ctx, other, topic, "Il faut la mettre à jour, puis redémarrer.");
	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "answered");
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update posts set accepted_at = now() where id = %lld",
			       (long long)post));
	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "done");
	assert_string_equal(text_of(ctx, "due_at", topic), "");
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update posts set accepted_at = null where id = %lld",
			       (long long)post));
	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "reopened");
	set(ctx, topic, "status = 'needs_information', status_at = now()");
	work(ctx);
	assert_string_equal(text_of(ctx, "waiting_since is not null", topic), "true");
	set(ctx, topic, "visibility = 'withdrawn'");
	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "done");
}

static void test_an_archive_stands_in_the_queue_without_a_clock(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = forum_put_topic(
		ctx, (struct forum_new_topic){ .title = "Vieille question",
					       .category_id = forum_category(ctx) });

	work(ctx);
	assert_string_equal(text_of(ctx, "stage", topic), "unanswered");
	assert_string_equal(text_of(ctx, "clock_at", topic), "");
	assert_string_equal(text_of(ctx, "due_at", topic), "");
	assert_int_equal(
		forum_number(ctx, "select count(*) from desk_breaches where topic_id = $1", topic),
		0);
}

/* The same numbers each time: a failure comes again. */
static int some(int most)
{
	static uint32_t state = 6;

	state = state * 1664525 + 1013904223;
	return (int)((state >> 16) % (uint32_t)most);
}

static void random_change(struct ctx *ctx, int64_t topic, int which)
{
	switch (which) {
	case 0:
		set(ctx, topic, "status = 'needs_information', status_at = clock_timestamp()");
		break;
	case 1:
		set(ctx, topic, "status = 'open', status_at = clock_timestamp()");
		break;
	case 2:
		set(ctx, topic, "status = 'closed', status_at = clock_timestamp()");
		break;
	case 3:
		set(ctx, topic,
		    "visibility = case visibility when 'visible' then 'withdrawn' else 'visible' end");
		break;
	case 4:
		forum_sql(ctx, arena_printf(ctx->arena, "select desk_event(%lld, 'handed_over')",
					    (long long)topic));
		break;
	default:
		forum_sql(
			ctx,
			arena_printf(
				ctx->arena,
				"update posts set visibility = case visibility when 'visible' then 'withdrawn'"
				" else 'visible' end where topic_id = %lld and kind = 'answer'",
				(long long)topic));
	}
}

#define ROWS \
	"select coalesce(sum(hashtextextended((to_jsonb(q) - 'updated_at')::text, 0)::numeric % 1000000007), 0)::bigint" \
	" + (select coalesce(sum(hashtextextended(s::text, 0)::numeric % 1000000007), 0)::bigint from desk_spells s)" \
	" from desk_questions q where $1 = 0"

/*
 * Forty histories of twelve changes. Worked on after each change, now and then, or (by
 * forgetting the rows) only now: always the same rows, and reckoning again changes none.
 */
static void test_portions_make_no_difference_nor_does_reckoning_again(void **state)
{
	struct ctx *ctx = *state;
	int64_t topics[40], before, version, after = 0;

	for (size_t i = 0; i < ARRAY_COUNT(topics); i++) {
		topics[i] = question(ctx);
		forum_answer(ctx, forum_person(ctx, "helps", ROLE_CUSTOMER), topics[i],
			     "Une réponse assez longue pour compter.");
	}
	for (int i = 0; i < 480; i++) {
		random_change(ctx, topics[some(ARRAY_COUNT(topics))], some(6));
		if (some(3) == 0)
			work(ctx);
	}
	work(ctx);
	before = forum_number(ctx, ROWS, 0);
	version = forum_number(ctx,
			       "select max(extract(epoch from updated_at) * 1000000)::bigint"
			       " from desk_questions where $1 = 0",
			       0);
	do
		assert_ok(ctx, desk_work_again(ctx, &after));
	while (after);
	assert_int_equal(forum_number(ctx, ROWS, 0), before);
	assert_int_equal(forum_number(ctx,
				      "select max(extract(epoch from updated_at) * 1000000)::bigint"
				      " from desk_questions where $1 = 0",
				      0),
			 version);
	forum_sql(ctx, "delete from desk_spells; delete from desk_questions");
	forum_sql(ctx, "update desk_events set is_new = true");
	work(ctx);
	assert_int_equal(forum_number(ctx, ROWS, 0), before);
}

/* Asked so long ago that all its time is over, but not so long that it is an archive. */
static int64_t late_question(struct ctx *ctx, int days)
{
	int64_t topic = question(ctx);

	set(ctx, topic, arena_printf(ctx->arena, "created_at = now() - interval '%d days'", days));
	return topic;
}

static int64_t told(struct ctx *ctx, int64_t topic, const char *kind)
{
	return forum_number(
		ctx,
		arena_printf(
			ctx->arena,
			"select count(*) from notifications where topic_id = $1 and kind = '%s'",
			kind),
		topic);
}

static void test_a_breach_is_recorded_once_with_its_cause(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = late_question(ctx, 20);

	work(ctx);
	assert_string_equal(text_of(ctx, "is_breached", topic), "true");
	assert_int_equal(forum_number(ctx,
				      "select count(*) from desk_breaches where topic_id = $1"
				      " and met_at is null and cause in ('unseen', 'few_hours')",
				      topic),
			 2);
	assert_int_equal(told(ctx, topic, "desk_late"), 0); /* too long ago to be news */
	forum_answer(ctx, forum_person(ctx, "helps", ROLE_CUSTOMER), topic,
		     "Une réponse qui vient bien tard.");
	forum_sql(ctx, "update desk_targets set first_minutes = 500000 where kind = 'all'");
	work(ctx);
	/* A fact: another target does not undo it. */
	assert_int_equal(forum_number(ctx,
				      "select count(*) from desk_breaches where topic_id = $1"
				      " and kind = 'first_answer'",
				      topic),
			 1);
	forum_sql(ctx, "update desk_targets set first_minutes = 480 where kind = 'all'");
}

static void open_all_week(struct ctx *ctx)
{
	forum_sql(ctx,
		  "insert into site_settings (name, value) values"
		  " ('desk.hours', 'monday-sunday 0:00-24:00'), ('desk.french_holidays', 'off')"
		  " on conflict (name) do update set value = excluded.value");
	assert_ok(ctx, site_settings_refresh(ctx));
}

static void test_advisors_are_told_before_and_after_once_each(void **state)
{
	struct ctx *ctx = *state;
	struct actor *holder = forum_person(ctx, "holds", ROLE_ADVISOR);
	int64_t topic;

	open_all_week(ctx);
	topic = question(ctx);
	set(ctx, topic, "created_at = now() - interval '7 hours'"); /* of eight */
	forum_sql(ctx, "insert into desk_teams (name) values ('Première ligne')");
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into desk_members (person_id, team_id) select %lld, max(id) from desk_teams",
			(long long)holder->id));
	work(ctx);
	assert_int_equal(told(ctx, topic, "desk_warning"), 1);
	assert_int_equal(told(ctx, topic, "desk_late"), 0);
	forum_sql(ctx,
		  arena_printf(ctx->arena, "select desk_event(%lld, 'changed')", (long long)topic));
	work(ctx);
	assert_int_equal(told(ctx, topic, "desk_warning"), 1);
	ctx->now += 2 * CLOCK_HOUR; /* the clock that the worker looks at */
	work(ctx);
	work(ctx);
	assert_int_equal(told(ctx, topic, "desk_late"), 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from mails m join notifications n"
				      " on n.id = m.notification_id where n.topic_id = $1",
				      topic),
			 2);
}

static void test_watched_words_are_found_and_shorten_the_clock(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic = question(ctx);

	work(ctx);
	assert_string_equal(text_of(ctx, "watched_reason", topic), "");
	assert_string_equal(text_of(ctx, "first_target_minutes", topic), "480");
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update posts set body_md = 'Ma box a pris feu : il y a eu une explosion !'"
			" where topic_id = %lld",
			(long long)topic));
	work(ctx);
	assert_string_equal(text_of(ctx, "watched_reason", topic), "safety");
	assert_string_equal(text_of(ctx, "first_target_minutes", topic), "60");
	assert_int_equal(desk_watch_find("Je vais prendre un avocat.", "fr"), DESK_LEGAL);
	assert_int_equal(desk_watch_find("The avocado is ripe.", "en"), DESK_NOT_WATCHED);
}

static void test_default_lists_of_watched_words_are_lists(void **state)
{
	struct ctx *ctx = *state;

	for (int i = 0; i < SITE_SETTING_COUNT; i++)
		assert_null(desk_watch_problem(
			ctx->arena, (enum site_setting_id)i,
			site_settings[i].default_text ? site_settings[i].default_text : ""));
	assert_non_null(desk_watch_problem(ctx->arena, SITE_DESK_CRISIS_FR, "a*"));
}

/* Claims --------------------------------------------------------------------------------- */

static struct actor *advisor(struct ctx *ctx)
{
	return forum_person(ctx, "advises", ROLE_ADVISOR);
}

static void test_a_claim_is_held_by_its_token_until_its_time_is_over(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = advisor(ctx), *other = advisor(ctx);
	struct desk_claim first, second, renewed;
	int64_t topic = question(ctx);

	work(ctx);
	ctx->actor = one;
	assert_ok(ctx, desk_claim(ctx, topic, &first));
	assert_ok(ctx, desk_renew(ctx, topic, first.token, &renewed));
	ctx->actor = other;
	assert_err(ctx, ERR_CONFLICT, desk_claim(ctx, topic, &second));
	assert_err(ctx, ERR_CONFLICT, desk_renew(ctx, topic, first.token, &renewed));
	assert_ok(ctx, desk_let_go(ctx, topic)); /* not theirs: nothing happens */
	ctx->actor = one;
	assert_ok(ctx, desk_claim(ctx, topic, &second)); /* another tab */
	assert_err(ctx, ERR_CONFLICT, desk_renew(ctx, topic, first.token, &renewed));
	forum_sql(
		ctx,
		arena_printf(ctx->arena, /* the browser crashed */
			     "update desk_questions set claimed_until = now() - interval '1 second'"
			     " where topic_id = %lld",
			     (long long)topic));
	assert_err(ctx, ERR_CONFLICT, desk_renew(ctx, topic, second.token, &renewed));
	ctx->actor = other;
	assert_ok(ctx, desk_claim(ctx, topic, &second));
	set(ctx, topic, "status = 'closed', status_at = now()");
	work(ctx);
	assert_err(ctx, ERR_CONFLICT, desk_claim(ctx, topic, &second));
	assert_string_equal(text_of(ctx, "claimed_by", topic), "");
}

/* Exits with 0 for the one who got it, 1 for a conflict. */
static void claim_in_child(struct ctx *ctx, struct actor *actor, int64_t topic)
{
	struct ctx mine = *ctx;
	struct desk_claim claim;
	enum err result;

	mine.arena = arena_new(FORUM_ARENA_BYTES);
	mine.db = forum_connect();
	mine.actor = actor;
	result = desk_claim(&mine, topic, &claim);
	_exit(result == OK ? 0 : result == ERR_CONFLICT ? 1 : 2);
}

static void test_two_advisors_never_hold_the_same_question(void **state)
{
	struct ctx *ctx = *state;
	struct actor *actors[PROCESSES];
	pid_t children[PROCESSES];

	for (int i = 0; i < PROCESSES; i++)
		actors[i] = advisor(ctx);
	for (int round = 0; round < 8; round++) {
		int64_t topic = question(ctx);
		int winners = 0, losers = 0, status;

		work(ctx);
		for (int i = 0; i < PROCESSES; i++) {
			children[i] = fork();
			if (children[i] == 0)
				claim_in_child(ctx, actors[i], topic);
		}
		for (int i = 0; i < PROCESSES; i++) {
			assert_int_equal(waitpid(children[i], &status, 0), children[i]);
			winners += WIFEXITED(status) && WEXITSTATUS(status) == 0;
			losers += WIFEXITED(status) && WEXITSTATUS(status) == 1;
		}
		assert_int_equal(winners, 1);
		assert_int_equal(losers, PROCESSES - 1);
	}
}

static void test_an_act_locks_and_does_not_cross_whoever_has_it(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = advisor(ctx), *other = advisor(ctx);
	struct desk_question locked;
	struct desk_claim claim;
	int64_t topic = question(ctx);

	work(ctx);
	ctx->actor = one;
	assert_ok(ctx, desk_claim(ctx, topic, &claim));
	db_begin(ctx);
	assert_ok(ctx, desk_lock(ctx, topic, &locked));
	assert_int_equal(locked.topic_id, topic);
	desk_changed(ctx, topic, DESK_EVENT_HANDED_OVER);
	assert_ok(ctx, db_commit(ctx));
	work(ctx);
	assert_string_equal(text_of(ctx, "hand_overs", topic), "1");
	ctx->actor = other;
	db_begin(ctx);
	assert_err(ctx, ERR_CONFLICT, desk_lock(ctx, topic, &locked));
	db_rollback(ctx);
	ctx->actor = forum_person(ctx, "reads", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, desk_load(ctx, topic, &locked));
}

/* The queue --------------------------------------------------------------------------------- */

static int place_of(const struct desk_list *list, int64_t topic)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].topic_id == topic)
			return (int)i;
	return -1;
}

static void test_the_queue_is_in_the_order_of_what_runs_out_with_me_too_as_weight(void **state)
{
	struct ctx *ctx = *state;
	struct desk_query query = { .show = DESK_SHOW_UNANSWERED,
				    .category_id = forum_number(
					    ctx,
					    "insert into categories (slug, name_fr, name_en) values"
					    " ('desk-' || $1::text, 'Bureau', 'Desk') returning id",
					    getpid()) };
	int64_t topics[3] = { question(ctx), question(ctx), question(ctx) };
	struct desk_list list;

	open_all_week(ctx); /* or three are due on two days */
	for (int i = 0; i < 3; i++)
		set(ctx, topics[i],
		    arena_printf(ctx->arena,
				 "category_id = %lld, created_at = now() - interval '%d minutes'",
				 (long long)query.category_id, 30 - 10 * i));
	work(ctx);
	ctx->actor = advisor(ctx);
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(list.count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(place_of(&list, topics[i]), i);
	for (int i = 0; i < 3; i++) {
		struct actor *person = forum_person(ctx, "too", ROLE_CUSTOMER);

		forum_sql(
			ctx,
			arena_printf(ctx->arena,
				     "insert into me_too (topic_id, person_id) values (%lld, %lld)",
				     (long long)topics[2], (long long)person->id));
	}
	work(ctx);
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(place_of(&list, topics[2]), 0);
	assert_true(list.counts[DESK_SHOW_UNANSWERED] >= 3);
	query.after = (struct list_key){ list.items[0].order_at, list.items[0].topic_id };
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(list.count, 2);
}

static void test_experts_see_and_take_questions_of_their_fields_only(void **state)
{
	struct ctx *ctx = *state;
	struct actor *expert = forum_person(ctx, "knows", ROLE_CUSTOMER);
	int64_t inside = question(ctx), outside = question(ctx);
	int64_t category = forum_number(ctx,
					"insert into categories (slug, name_fr, name_en) values"
					" ('field-' || $1::text, 'Champ', 'Field') returning id",
					getpid());
	struct desk_query query = { .show = DESK_SHOW_ALL };
	struct desk_question found;
	struct desk_claim claim;
	struct desk_list list;

	set(ctx, inside, arena_printf(ctx->arena, "category_id = %lld", (long long)category));
	work(ctx);
	ctx->actor = expert;
	assert_err(ctx, ERR_FORBIDDEN, desk_list(ctx, &query, &list));
	expert->expert_fields = arena_printf(ctx->arena, ",c%lld,", (long long)category);
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].topic_id, inside);
	assert_int_equal(list.counts[DESK_SHOW_ALL], 1);
	assert_ok(ctx, desk_claim(ctx, inside, &claim));
	assert_err(ctx, ERR_FORBIDDEN, desk_claim(ctx, outside, &claim));
	assert_err(ctx, ERR_FORBIDDEN, desk_load(ctx, outside, &found));
}

static void test_filters_are_kept_by_name_and_bounded(void **state)
{
	struct ctx *ctx = *state;
	struct desk_query query = { .show = DESK_SHOW_MINE, .is_free = true };
	struct desk_list list;

	ctx->actor = advisor(ctx);
	for (int i = 0; i < DESK_FILTERS_MAX; i++)
		assert_ok(ctx, desk_filter_keep(ctx, arena_printf(ctx->arena, "Filter %d", i),
						desk_query_text(ctx->arena, &query)));
	assert_err(ctx, ERR_INVALID, desk_filter_keep(ctx, "One more", "show=mine"));
	assert_ok(ctx, desk_filter_keep(ctx, "FILTER 3", "show=watched"));
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(list.filter_count, DESK_FILTERS_MAX);
	assert_string_equal(list.filters[0].query, "show=mine&free=1");
	assert_ok(ctx, desk_filter_drop(ctx, list.filters[0].id));
	assert_ok(ctx, desk_list(ctx, &query, &list));
	assert_int_equal(list.filter_count, DESK_FILTERS_MAX - 1);
	assert_err(ctx, ERR_INVALID, desk_filter_keep(ctx, "", "show=mine"));
}

/* What the queue should have, and what it should not. */
static void test_the_check_finds_rows_that_are_missing_or_left_over(void **state)
{
	struct ctx *ctx = *state;
	int64_t missing, left_over, differing;

	missing = question(ctx);
	left_over = question(ctx);
	work(ctx);
	assert_ok(ctx, desk_check(ctx, false, &differing));
	assert_int_equal(differing, 0);
	forum_sql(ctx, arena_printf(ctx->arena, "delete from desk_questions where topic_id = %lld",
				    (long long)missing));
	set(ctx, left_over, "status = 'closed'");
	assert_ok(ctx, desk_check(ctx, false, &differing));
	assert_int_equal(differing, 1); /* the other one waits for the worker */
	forum_sql(ctx, "update desk_events set is_new = false");
	forum_sql(ctx, "delete from jobs where kind = 'desk_all'");
	assert_ok(ctx, desk_check(ctx, true, &differing));
	assert_int_equal(differing, 2);
	assert_int_equal(
		forum_number(ctx, "select count(*) from jobs where kind = 'desk_all' and $1 = 0",
			     0),
		1);
}

/* A job goes through 2,000 with one arena: a batch must not keep what one text took. */
static void test_a_batch_takes_little_memory(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asks", ROLE_CUSTOMER);
	int64_t category = forum_category(ctx), after = 0;
	size_t before;

	for (int i = 0; i < DESK_BATCH; i++)
		forum_put_topic(ctx, (struct forum_new_topic){ .category_id = category,
							       .author_id = asker->id });
	before = arena_used(ctx->arena);
	assert_ok(ctx, desk_work_again(ctx, &after));
	assert_true(arena_used(ctx->arena) - before < (size_t)2 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_question_asked_on_friday_evening_is_due_on_monday),
		FORUM_TEST(test_the_first_answer_meets_one_clock_and_leaves_the_other),
		FORUM_TEST(
			test_waiting_hiding_and_solving_stop_the_clock_and_handing_over_does_not),
		FORUM_TEST(test_what_the_tables_say_counts_more_than_what_was_noted),
		FORUM_TEST(test_causes_are_chosen_by_what_can_be_seen),
		FORUM_TEST(test_a_question_goes_through_its_stages),
		FORUM_TEST(test_an_archive_stands_in_the_queue_without_a_clock),
		FORUM_TEST(test_portions_make_no_difference_nor_does_reckoning_again),
		FORUM_TEST(test_a_breach_is_recorded_once_with_its_cause),
		FORUM_TEST(test_watched_words_are_found_and_shorten_the_clock),
		FORUM_TEST(test_default_lists_of_watched_words_are_lists),
		FORUM_TEST(test_a_claim_is_held_by_its_token_until_its_time_is_over),
		FORUM_TEST(test_two_advisors_never_hold_the_same_question),
		FORUM_TEST(test_an_act_locks_and_does_not_cross_whoever_has_it),
		FORUM_TEST(test_the_queue_is_in_the_order_of_what_runs_out_with_me_too_as_weight),
		FORUM_TEST(test_experts_see_and_take_questions_of_their_fields_only),
		FORUM_TEST(test_filters_are_kept_by_name_and_bounded),
		FORUM_TEST(test_advisors_are_told_before_and_after_once_each),
		FORUM_TEST(test_the_check_finds_rows_that_are_missing_or_left_over),
		FORUM_TEST(test_a_batch_takes_little_memory),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_desk");
}
