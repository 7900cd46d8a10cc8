/*
 * Working through the queue: order and pages, claims (also by several at once), each
 * decision with what it does to post, author, flags and cases, undoing it, complaints,
 * and measures that end.
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "forum_fixture.h"

#include "base/clock.h"
#include "forum/complaint.h"
#include "forum/flag.h"
#include "forum/moderation_decide.h"

#define PROCESSES 4

static int64_t answer_of(struct ctx *ctx, const struct actor *author)
{
	static int count;
	struct actor *asker = forum_person(ctx, "asks", ROLE_CUSTOMER);

	/* The same words twice in a moment would be refused. */
	return forum_answer(ctx, author, forum_ask(ctx, asker),
			    arena_printf(ctx->arena, FORUM_BODY " (%d)", ++count));
}

static void open_item(struct ctx *ctx, enum moderation_kind kind, int64_t post_id, double score)
{
	moderation_open(ctx,
			&(struct moderation_new){
				.kind = kind, .post_id = post_id, .code = "rule", .score = score });
	assert_ok(ctx, db_run(ctx));
}

static int64_t item_of(struct ctx *ctx, int64_t post_id, const char *kind)
{
	return forum_number(
		ctx,
		arena_printf(ctx->arena,
			     "select id from moderation_items where post_id = $1 and kind = '%s'\n"
			     "order by id desc limit 1",
			     kind),
		post_id);
}

/* Held before publication, as a rule does it. */
static int64_t held_answer(struct ctx *ctx, const struct actor *author, double score)
{
	int64_t post_id = answer_of(ctx, author);

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update posts set visibility = 'held' where id = %lld",
			       (long long)post_id));
	open_item(ctx, MODERATION_HELD, post_id, score);
	return post_id;
}

static void flag_by(struct ctx *ctx, struct actor *flagger, int64_t post_id)
{
	const struct actor *before = ctx->actor;
	const char *path;

	ctx->actor = flagger;
	assert_ok(ctx,
		  flag_create(ctx, &(struct flag_new){ .post_id = post_id, .reason = RULE_RUDE },
			      &path));
	ctx->actor = before;
}

static void empty_queue(struct ctx *ctx)
{
	forum_sql(
		ctx,
		"update moderation_items set state = 'decided', decision = 'ignore',\n"
		"decided_at = now(), claimed_by = null, claimed_until = null where state = 'open'");
}

static enum err decide(struct ctx *ctx, int64_t item, enum moderation_decision decision)
{
	return moderation_decide(ctx, &(struct moderation_choice){ .id = item,
								   .decision = decision,
								   .rule = RULE_RUDE,
								   .note = "Parce que.",
								   .hours = 24 });
}

/* The list ----------------------------------------------------------------------------- */

static void test_pages_follow_each_other_by_urgency(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "paged", ROLE_CUSTOMER);
	struct moderation_query query = { .has_kind = true, .kind = MODERATION_HELD };
	struct moderation_list list;
	double score = 1e9;
	int64_t last = 0, seen = 0;

	empty_queue(ctx);
	for (int i = 0; i < 70; i++)
		open_item(ctx, MODERATION_HELD, answer_of(ctx, author), i % 3);
	ctx->actor = forum_person(ctx, "reads the queue", ROLE_ADVISOR);
	do {
		assert_ok(ctx, moderation_list(ctx, &query, &list));
		for (size_t i = 0; i < list.count; i++) {
			assert_true(list.items[i].score < score ||
				    (list.items[i].score == score && list.items[i].id > last));
			score = list.items[i].score;
			last = list.items[i].id;
			seen++;
		}
		query.after_id = last;
	} while (list.has_more);
	assert_int_equal(seen, 70);
	assert_int_equal(list.counts[MODERATION_HELD], 70);
	assert_int_equal(list.counts[MODERATION_FLAG], 0);
	query.has_kind = false;
	assert_err(ctx, ERR_FORBIDDEN, moderation_list(ctx, &query, &list));
	ctx->actor = author;
	assert_err(ctx, ERR_FORBIDDEN, moderation_list(ctx, &query, &list));
}

/* Claims ------------------------------------------------------------------------------- */

/* An advisor could keep a report from the moderators by claiming it. */
static void test_advisors_claim_what_was_held_and_no_report(void **state)
{
	struct ctx *ctx = *state;
	struct actor *advisor = forum_person(ctx, "advises", ROLE_ADVISOR);
	struct actor *author = forum_person(ctx, "reported", ROLE_CUSTOMER);
	int64_t held = held_answer(ctx, author, 1), reported = answer_of(ctx, author);
	int64_t item;

	flag_by(ctx, forum_person(ctx, "reports", ROLE_CUSTOMER), reported);
	item = item_of(ctx, reported, "flag");
	ctx->actor = advisor;
	assert_err(ctx, ERR_FORBIDDEN, moderation_claim(ctx, item));
	assert_int_equal(
		forum_number(ctx, "select count(claimed_by) from moderation_items where id = $1",
			     item),
		0);
	assert_ok(ctx, moderation_claim(ctx, item_of(ctx, held, "held")));
}

static void test_a_claim_keeps_others_out_and_ends_by_itself(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = forum_person(ctx, "claims", ROLE_MODERATOR);
	struct actor *other = forum_person(ctx, "comes late", ROLE_MODERATOR);
	int64_t post_id = held_answer(ctx, forum_person(ctx, "claimed", ROLE_CUSTOMER), 1);
	int64_t item = item_of(ctx, post_id, "held");

	ctx->actor = one;
	assert_ok(ctx, moderation_claim(ctx, item));
	assert_ok(ctx, moderation_claim(ctx, item));
	ctx->actor = other;
	assert_err(ctx, ERR_CONFLICT, moderation_claim(ctx, item));
	assert_err(ctx, ERR_CONFLICT, decide(ctx, item, DECISION_APPROVE));
	forum_sql(ctx, "update moderation_items set claimed_until = now() - interval '1 second'\n"
		       "where claimed_by is not null");
	assert_ok(ctx, moderation_claim(ctx, item));
	ctx->actor = one;
	assert_err(ctx, ERR_CONFLICT, moderation_claim(ctx, item));
	ctx->actor = other;
	assert_ok(ctx, decide(ctx, item, DECISION_APPROVE));
	assert_err(ctx, ERR_CONFLICT, decide(ctx, item, DECISION_WITHDRAW));
	assert_err(ctx, ERR_CONFLICT, moderation_claim(ctx, item));
	assert_err(ctx, ERR_NOT_FOUND, moderation_claim(ctx, 999999999));
}

/* Takes and decides what is next until there is nothing; counts in a file of its own. */
static void work_through(struct ctx *parent, struct actor *moderator)
{
	const struct moderation_query all = { .has_kind = false };
	struct ctx ctx = *parent;
	int64_t id = 1;
	int failed = 0;

	ctx.arena = arena_new(FORUM_ARENA_BYTES);
	ctx.db = forum_connect();
	ctx.actor = moderator;
	while (!failed) {
		failed = moderation_claim_next(&ctx, &all, &id) != OK;
		if (failed || !id)
			break;
		/* Nobody was faster: it was ours. */
		failed = moderation_decide(&ctx,
					   &(struct moderation_choice){
						   .id = id, .decision = DECISION_APPROVE }) != OK;
	}
	_exit(failed);
}

static void test_moderators_at_once_never_hold_the_same(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "of many", ROLE_CUSTOMER);
	struct actor *moderators[PROCESSES];
	pid_t children[PROCESSES];
	int status;

	empty_queue(ctx);
	for (int i = 0; i < 40; i++)
		open_item(ctx, MODERATION_FLAG, answer_of(ctx, author), 1);
	for (int i = 0; i < PROCESSES; i++)
		moderators[i] = forum_person(ctx, "at once", ROLE_MODERATOR);
	fflush(NULL);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			work_through(ctx, moderators[i]);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items i join audit_log a\n"
				      "on a.subject_id = i.post_id and a.action = 'queue_approve'\n"
				      "where i.person_id = $1 and i.state = 'decided'",
				      author->id),
			 40);
}

static void test_skipping_goes_on_and_comes_back(void **state)
{
	struct ctx *ctx = *state;
	struct moderation_query query = { .has_kind = false };
	int64_t items[3], id = 0;

	empty_queue(ctx);
	for (int i = 0; i < 3; i++)
		items[i] = item_of(
			ctx, held_answer(ctx, forum_person(ctx, "skipped", ROLE_CUSTOMER), 3 - i),
			"held");
	ctx->actor = forum_person(ctx, "skips", ROLE_MODERATOR);
	for (int i = 0; i < 4; i++) {
		assert_ok(ctx, moderation_claim_next(ctx, &query, &id));
		assert_int_equal(id, items[i % 3]);
		query.after_id = id;
	}
	/* One at a time. */
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where claimed_by = $1",
				      ctx->actor->id),
			 1);
}

/* Decisions ------------------------------------------------------------------------------ */

static int64_t told(struct ctx *ctx, int64_t post_id, const char *kind)
{
	return forum_number(
		ctx,
		arena_printf(
			ctx->arena,
			"select count(*) from notifications n join posts p on p.id = n.post_id\n"
			"where n.post_id = $1 and n.person_id = p.author_id and n.kind = '%s'",
			kind),
		post_id);
}

static void test_approving_shows_a_held_post_and_tells_its_author(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "approved", ROLE_CUSTOMER);
	int64_t post_id = held_answer(ctx, author, 1);

	ctx->actor = forum_person(ctx, "an advisor approves", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN,
		   decide(ctx, item_of(ctx, post_id, "held"), DECISION_WITHDRAW));
	assert_ok(ctx, decide(ctx, item_of(ctx, post_id, "held"), DECISION_APPROVE));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(told(ctx, post_id, "released"), 1);
}

static void test_withdrawing_opens_a_case_and_undo_reverses_it(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "withdrawn", ROLE_CUSTOMER);
	struct actor *flagger = forum_person(ctx, "flags it", ROLE_CUSTOMER);
	int64_t post_id = answer_of(ctx, author), item;

	flag_by(ctx, flagger, post_id);
	open_item(ctx, MODERATION_FIRST_POST, post_id, 1);
	item = item_of(ctx, post_id, "flag");
	ctx->actor = forum_person(ctx, "withdraws", ROLE_MODERATOR);
	assert_ok(ctx, decide(ctx, item, DECISION_WITHDRAW));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_WITHDRAWN);
	assert_int_equal(told(ctx, post_id, "case"), 1);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from flags where post_id = $1 and state = 'agreed'",
			     post_id),
		1);
	/* The other item of the post is decided with it. */
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_items where post_id = $1 and state = 'open'",
			post_id),
		0);
	assert_ok(ctx, moderation_undo(ctx, item));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_items where post_id = $1 and state = 'open'",
			post_id),
		2);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from flags where post_id = $1 and state = 'open'",
			     post_id),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_cases where post_id = $1 and reversal = 'undone'",
			post_id),
		1);
	assert_err(ctx, ERR_CONFLICT, moderation_undo(ctx, item));
}

static void test_ignoring_judges_nobody(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = answer_of(ctx, forum_person(ctx, "ignored", ROLE_CUSTOMER));

	flag_by(ctx, forum_person(ctx, "flags in vain", ROLE_CUSTOMER), post_id);
	ctx->actor = forum_person(ctx, "ignores", ROLE_MODERATOR);
	assert_ok(ctx, decide(ctx, item_of(ctx, post_id, "flag"), DECISION_IGNORE));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from flags where post_id = $1 and state = 'ignored'",
			     post_id),
		1);
}

static void test_editing_keeps_the_history_and_shows_it(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = held_answer(ctx, forum_person(ctx, "edited", ROLE_CUSTOMER), 1);
	struct moderation_choice choice = {
		.id = item_of(ctx, post_id, "held"),
		.decision = DECISION_EDIT,
		.note = "Numéro ôté",
		.body_md = "Appelez le service client, tout simplement."
	};

	ctx->actor = forum_person(ctx, "edits", ROLE_MODERATOR);
	assert_ok(ctx, moderation_decide(ctx, &choice));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(forum_post(ctx, post_id).revision_count, 1);
}

static void test_suspending_ends_when_undone_and_spares_the_team(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "suspended", ROLE_CUSTOMER);
	int64_t post_id = held_answer(ctx, author, 1), item = item_of(ctx, post_id, "held");
	int64_t staff_post = answer_of(ctx, forum_person(ctx, "a moderator too", ROLE_MODERATOR));

	ctx->actor = forum_person(ctx, "suspends", ROLE_MODERATOR);
	assert_ok(ctx, decide(ctx, item, DECISION_SUSPEND));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and state = 'suspended'\n"
			"and suspended_until between now() + interval '23 hours' and now() + interval '25 hours'",
			author->id),
		1);
	/* One for the post, one for the person. */
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_cases where person_id = $1",
				      author->id),
			 2);
	assert_ok(ctx, moderation_undo(ctx, item));
	assert_int_equal(
		forum_number(ctx, "select count(*) from people where id = $1 and state = 'active'",
			     author->id),
		1);
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_HELD);
	open_item(ctx, MODERATION_FLAG, staff_post, 1);
	assert_err(ctx, ERR_FORBIDDEN,
		   decide(ctx, item_of(ctx, staff_post, "flag"), DECISION_WARN));
}

/* Complaints ------------------------------------------------------------------------------- */

static void test_complaint_is_decided_by_somebody_else_and_puts_it_back(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "complains", ROLE_CUSTOMER);
	struct actor *one = forum_person(ctx, "decided it", ROLE_MODERATOR);
	struct actor *other = forum_person(ctx, "decides again", ROLE_MODERATOR);
	int64_t post_id = held_answer(ctx, author, 1), case_id, appeal;
	struct case_file file;

	ctx->actor = one;
	assert_ok(ctx, decide(ctx, item_of(ctx, post_id, "held"), DECISION_WITHDRAW));
	case_id = forum_number(ctx, "select id from moderation_cases where post_id = $1", post_id);
	assert_err(ctx, ERR_NOT_FOUND,
		   complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
	ctx->actor = author;
	assert_ok(ctx, case_file_load(ctx, case_id, &file));
	assert_true(file.can_complain && !file.is_for_team);
	assert_err(ctx, ERR_INVALID, complaint_create(ctx, case_id, "Non", NULL));
	assert_ok(ctx, complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
	assert_err(ctx, ERR_CONFLICT,
		   complaint_create(ctx, case_id, "Encore une fois, non.", NULL));
	appeal = forum_number(
		ctx, "select id from moderation_items where kind = 'appeal' and reference_id = $1",
		case_id);
	ctx->actor = one;
	assert_err(ctx, ERR_FORBIDDEN, moderation_claim(ctx, appeal));
	assert_err(ctx, ERR_FORBIDDEN, decide(ctx, appeal, DECISION_REJECT));
	ctx->actor = other;
	assert_err(ctx, ERR_INVALID, decide(ctx, appeal, DECISION_APPROVE));
	assert_ok(ctx, decide(ctx, appeal, DECISION_UPHOLD));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_cases where id = $1 and reversal = 'upheld'",
			case_id),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where case_id = $1 and kind = 'complaint'",
			case_id),
		1);
	ctx->actor = forum_person(ctx, "a stranger", ROLE_CUSTOMER);
	assert_err(ctx, ERR_NOT_FOUND, case_file_load(ctx, case_id, &file));
}

static void test_complaint_comes_within_six_months(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "too late", ROLE_CUSTOMER);
	int64_t post_id = held_answer(ctx, author, 1), case_id;

	ctx->actor = forum_person(ctx, "withdrew", ROLE_MODERATOR);
	assert_ok(ctx, decide(ctx, item_of(ctx, post_id, "held"), DECISION_WITHDRAW));
	case_id = forum_number(ctx, "select id from moderation_cases where post_id = $1", post_id);
	forum_sql(ctx, "update moderation_cases set complaint_until = now() - interval '1 day'");
	ctx->actor = author;
	assert_err(ctx, ERR_CONFLICT,
		   complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
}

/* A decision about a post of the author, complained about, and that decided. */
static int64_t complain_in_vain(struct ctx *ctx, const struct actor *author,
				const struct actor *one, const struct actor *other,
				enum moderation_decision decision)
{
	int64_t post_id = held_answer(ctx, author, 1), case_id;

	ctx->actor = one;
	assert_ok(ctx, decide(ctx, item_of(ctx, post_id, "held"), DECISION_WITHDRAW));
	case_id = forum_number(ctx, "select id from moderation_cases where post_id = $1", post_id);
	ctx->actor = author;
	assert_ok(ctx, complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
	ctx->actor = other;
	assert_ok(ctx, decide(ctx,
			      forum_number(ctx,
					   "select id from moderation_items"
					   " where kind = 'appeal' and reference_id = $1",
					   case_id),
			      decision));
	ctx->actor = author;
	return case_id;
}

/* Two: a warning. Three: not heard for some time; what was decided before is not counted. */
static void test_unfounded_complaints_are_counted_warned_of_and_not_heard(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "complains always", ROLE_CUSTOMER);
	struct actor *one = forum_person(ctx, "decided first", ROLE_MODERATOR);
	struct actor *other = forum_person(ctx, "decided after", ROLE_MODERATOR);
	static const struct {
		enum moderation_decision decision;
		const char *unfounded;
	} story[] = { { DECISION_REJECT, "" },
		      { DECISION_UNFOUNDED, "counted" },
		      { DECISION_REJECT, "" },
		      { DECISION_UNFOUNDED, "warning" },
		      { DECISION_UNFOUNDED, "suspension" } };
	struct case_file file;
	int64_t case_id = 0;

	for (size_t i = 0; i < ARRAY_COUNT(story); i++) {
		case_id = complain_in_vain(ctx, author, one, other, story[i].decision);
		assert_ok(ctx, case_file_load(ctx, case_id, &file));
		assert_string_equal(file.complaint.unfounded, story[i].unfounded);
		assert_false(file.complaint.is_upheld);
	}
	assert_true(file.suspended_until > ctx->now + 59 * CLOCK_DAY);
	ctx->actor = one;
	case_id = held_answer(ctx, author, 1);
	assert_ok(ctx, decide(ctx, item_of(ctx, case_id, "held"), DECISION_WITHDRAW));
	case_id = forum_number(ctx, "select id from moderation_cases where post_id = $1", case_id);
	ctx->actor = author;
	assert_ok(ctx, case_file_load(ctx, case_id, &file));
	assert_false(file.can_complain);
	assert_err(ctx, ERR_FORBIDDEN,
		   complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
	error_clear(ctx);
	/* Over: heard again. */
	forum_sql(ctx, "update complaints set suspends_until = now() - interval '1 second'"
		       " where suspends_until is not null");
	assert_ok(ctx, complaint_create(ctx, case_id, "Je ne suis pas d'accord.", NULL));
}

/* Measures --------------------------------------------------------------------------------- */

static enum err take(struct ctx *ctx, int64_t person_id, enum measure_kind kind, int64_t hours)
{
	return measure_take(ctx,
			    &(struct measure_new){ .person_id = person_id,
						   .kind = kind,
						   .rule = RULE_RUDE,
						   .reason = "Insultes répétées.",
						   .category_id = kind == MEASURE_RIGHTS_REMOVED
									  ? forum_category(ctx)
									  : 0,
						   .hours = hours });
}

static void test_measures_hold_and_end_by_themselves(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person = forum_person(ctx, "measured", ROLE_CUSTOMER);
	struct measure *warnings;
	bool has_more = false;
	size_t count;

	ctx->actor = forum_person(ctx, "measures", ROLE_MODERATOR);
	assert_ok(ctx, take(ctx, person->id, MEASURE_NOTE, 0));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_cases where person_id = $1",
				      person->id),
			 0);
	assert_ok(ctx, take(ctx, person->id, MEASURE_SILENCE, 24));
	assert_ok(ctx, take(ctx, person->id, MEASURE_SUSPENSION, 72));
	assert_ok(ctx, take(ctx, person->id, MEASURE_RIGHTS_REMOVED, 24));
	assert_ok(ctx, take(ctx, person->id, MEASURE_WARNING, 0));
	assert_err(ctx, ERR_INVALID, take(ctx, person->id, MEASURE_WARNING, 24));
	assert_err(ctx, ERR_INVALID, take(ctx, person->id, MEASURE_SILENCE, -1));
	assert_err(ctx, ERR_FORBIDDEN, take(ctx, ctx->actor->id, MEASURE_NOTE, 0));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and state = 'suspended' and has_warning\n"
			"and silenced_until > now() and cardinality(barred_categories) = 1",
			person->id),
		1);
	forum_sql(ctx, "update measures set created_at = created_at - interval '100 hours',\n"
		       "ends_at = ends_at - interval '100 hours' where ends_at is not null");
	assert_ok(ctx, measure_end_due(ctx, &has_more));
	assert_true(has_more);
	assert_ok(ctx, measure_end_due(ctx, &has_more));
	assert_false(has_more);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from people where id = $1 and state = 'active' and has_warning\n"
			"and silenced_until is null and barred_categories = '{}'",
			person->id),
		1);
	ctx->actor = person;
	assert_ok(ctx, measure_warnings(ctx, &warnings, &count));
	assert_int_equal(count, 1);
	assert_ok(ctx, measure_acknowledge(ctx, warnings[0].id));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from people where id = $1 and has_warning",
				      person->id),
			 0);
}

static void test_ending_a_measure_reverses_its_case(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person = forum_person(ctx, "forgiven", ROLE_CUSTOMER);
	int64_t id;

	ctx->actor = forum_person(ctx, "forgives", ROLE_MODERATOR);
	assert_ok(ctx, take(ctx, person->id, MEASURE_SUSPENSION, 0));
	id = forum_number(ctx, "select id from measures where person_id = $1", person->id);
	assert_err(ctx, ERR_INVALID, measure_end(ctx, id, "", NULL));
	assert_ok(ctx, measure_end(ctx, id, "Excuses faites.", NULL));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_cases where measure_id = $1 and reversed_at is not null",
			id),
		1);
	assert_int_equal(
		forum_number(ctx, "select count(*) from people where id = $1 and state = 'active'",
			     person->id),
		1);
}

static void test_steps_grow_and_stay(void **state)
{
	(void)state;
	assert_int_equal(measure_step_after(0), 24);
	assert_int_equal(measure_step_after(1), 72);
	assert_int_equal(measure_step_after(2), 168);
	assert_int_equal(measure_step_after(3), 720);
	assert_int_equal(measure_step_after(30), 720);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_pages_follow_each_other_by_urgency),
		FORUM_TEST(test_advisors_claim_what_was_held_and_no_report),
		FORUM_TEST(test_a_claim_keeps_others_out_and_ends_by_itself),
		FORUM_TEST(test_moderators_at_once_never_hold_the_same),
		FORUM_TEST(test_skipping_goes_on_and_comes_back),
		FORUM_TEST(test_approving_shows_a_held_post_and_tells_its_author),
		FORUM_TEST(test_withdrawing_opens_a_case_and_undo_reverses_it),
		FORUM_TEST(test_ignoring_judges_nobody),
		FORUM_TEST(test_editing_keeps_the_history_and_shows_it),
		FORUM_TEST(test_suspending_ends_when_undone_and_spares_the_team),
		FORUM_TEST(test_complaint_is_decided_by_somebody_else_and_puts_it_back),
		FORUM_TEST(test_complaint_comes_within_six_months),
		FORUM_TEST(test_unfounded_complaints_are_counted_warned_of_and_not_heard),
		FORUM_TEST(test_measures_hold_and_end_by_themselves),
		FORUM_TEST(test_ending_a_measure_reverses_its_case),
		cmocka_unit_test(test_steps_grow_and_stay),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_queue_work");
}
