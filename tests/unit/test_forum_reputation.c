/*
 * The ledger of reputation: what is written when, what pays nothing, how it is undone,
 * recomputed, and how rings are found and judged.
 */
#include "forum_fixture.h"

#include "forum/check.h"
#include "forum/reputation.h"
#include "forum/session.h"
#include "forum/standing.h"

static int64_t reputation(struct ctx *ctx, const struct actor *person)
{
	return forum_number(ctx, "select reputation::bigint from people where id = $1", person->id);
}

static void accept_answer(struct ctx *ctx, const struct actor *asker, int64_t answer, bool is_on)
{
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, answer, is_on));
	ctx->actor = &actor_system;
}

static void thank(struct ctx *ctx, const struct actor *person, int64_t answer, bool is_on)
{
	ctx->actor = person;
	assert_ok(ctx, post_thank(ctx, answer, is_on));
	ctx->actor = &actor_system;
}

/* A question of one and the answer of the other, straight into the tables. */
static int64_t answer_by(struct ctx *ctx, const struct actor *asker, const struct actor *helper)
{
	int64_t topic = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
					       .author_id = asker->id,
					       .title = FORUM_TITLE });

	return forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic,
							    .author_id = helper->id,
							    .kind = POST_ANSWER,
							    .body = "Une réponse assez longue." });
}

static int64_t ledger_differences(struct ctx *ctx)
{
	return forum_number(ctx, "select count(*) from reputation_differences(null) where $1 = 0",
			    0);
}

static void test_points_come_and_go_with_their_cause(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Demandeuse", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Aideur", ROLE_CUSTOMER);
	int64_t answer = answer_by(ctx, asker, helper);

	accept_answer(ctx, asker, answer, true);
	assert_int_equal(reputation(ctx, helper), 15);
	assert_int_equal(reputation(ctx, asker), 2);
	thank(ctx, asker, answer, true);
	assert_int_equal(reputation(ctx, helper), 25);
	thank(ctx, asker, answer, false);
	accept_answer(ctx, asker, answer, false);
	assert_int_equal(reputation(ctx, helper), 0);
	assert_int_equal(reputation(ctx, asker), 0);
	assert_int_equal(
		forum_number(ctx, "select count(*) from reputation_entries where person_id = $1",
			     helper->id),
		4);
	assert_int_equal(ledger_differences(ctx), 0);
}

static void test_withdrawn_answer_takes_its_points_along_and_brings_them_back(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Retirée", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Retireur", ROLE_CUSTOMER);
	struct actor *moderator = forum_person(ctx, "Modo", ROLE_MODERATOR);
	int64_t answer = answer_by(ctx, asker, helper);

	accept_answer(ctx, asker, answer, true);
	thank(ctx, asker, answer, true);
	ctx->actor = moderator;
	assert_ok(ctx, post_withdraw(ctx, answer));
	/* Removed by the team: a little less than nothing. */
	assert_int_equal(reputation(ctx, helper), -5);
	assert_ok(ctx, post_restore(ctx, answer));
	assert_int_equal(reputation(ctx, helper), 25);
	assert_int_equal(ledger_differences(ctx), 0);
}

static void test_ones_own_answer_pays_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Toute seule", ROLE_CUSTOMER);
	int64_t answer = answer_by(ctx, asker, asker);

	accept_answer(ctx, asker, answer, true);
	assert_int_equal(reputation(ctx, asker), 0);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from reputation_entries where person_id = $1"
				      " and discount = 'self'",
				      asker->id),
			 1);
}

static void sign_in(struct ctx *ctx, const struct actor *person, const char *address)
{
	const char *token;

	assert_ok(ctx,
		  session_create(ctx, &(struct session_new){ person->id, address, "browser", NULL },
				 &token));
}

static void test_one_household_does_not_raise_itself(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Moi", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Moi aussi", ROLE_CUSTOMER);
	struct actor *other = forum_person(ctx, "Quelqu'un", ROLE_CUSTOMER);
	int64_t answer = answer_by(ctx, asker, helper);

	sign_in(ctx, asker, "2001:db8:7:7::1");
	sign_in(ctx, helper, "2001:db8:7:7:ffff::2");
	sign_in(ctx, other, "2001:db8:7:8::1");
	accept_answer(ctx, asker, answer, true);
	thank(ctx, asker, answer, true);
	assert_int_equal(reputation(ctx, helper), 0);
	assert_int_equal(reputation(ctx, asker), 0);
	thank(ctx, other, answer, true);
	assert_int_equal(reputation(ctx, helper), 10);
}

/* A company or a telephone network: six people, one address. */
static void test_an_address_of_many_proves_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *people[6];

	for (int i = 0; i < 6; i++) {
		people[i] = forum_person(ctx, arena_printf(ctx->arena, "Bureau %d", i),
					 ROLE_CUSTOMER);
		sign_in(ctx, people[i], "192.0.2.77");
	}
	thank(ctx, people[0], answer_by(ctx, people[0], people[1]), true);
	assert_int_equal(reputation(ctx, people[1]), 10);
}

static void test_fourth_post_of_a_week_pays_nothing_from_the_same_person(void **state)
{
	struct ctx *ctx = *state;
	struct actor *fan = forum_person(ctx, "Admiratrice", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Idole", ROLE_CUSTOMER);

	for (int i = 0; i < 5; i++)
		thank(ctx, fan, answer_by(ctx, fan, helper), true);
	assert_int_equal(reputation(ctx, helper), 30);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from reputation_entries where person_id = $1"
				      " and discount = 'pair'",
				      helper->id),
			 2);
	assert_int_equal(forum_number(ctx, "select thanks_count::bigint from people where id = $1",
				      helper->id),
			 5);
}

static void test_favours_returned_pay_twice_each_way(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = forum_person(ctx, "Castor", ROLE_CUSTOMER);
	struct actor *two = forum_person(ctx, "Pollux", ROLE_CUSTOMER);

	for (int i = 0; i < 3; i++) {
		thank(ctx, one, answer_by(ctx, one, two), true);
		thank(ctx, two, answer_by(ctx, two, one), true);
	}
	assert_int_equal(reputation(ctx, one), 20);
	assert_int_equal(reputation(ctx, two), 20);
}

static void test_thanks_of_a_day_are_capped_and_solutions_are_not(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Foule", ROLE_CUSTOMER);
	struct actor *star = forum_person(ctx, "Étoile", ROLE_CUSTOMER);
	int64_t answer = answer_by(ctx, asker, star);

	for (int i = 0; i < 22; i++)
		thank(ctx, forum_person(ctx, arena_printf(ctx->arena, "Fan %d", i), ROLE_CUSTOMER),
		      answer, true);
	assert_int_equal(reputation(ctx, star), 200);
	accept_answer(ctx, asker, answer, true);
	assert_int_equal(reputation(ctx, star), 215);
	assert_int_equal(ledger_differences(ctx), 0);
}

static void test_a_broken_ledger_is_found_and_mended(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Sans traces", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Sans points", ROLE_CUSTOMER);
	int64_t answer = answer_by(ctx, asker, helper);
	struct check_result *results;
	size_t count;

	forum_sql(ctx, "set entraide.importing = 'on'");
	accept_answer(ctx, asker, answer, true);
	thank(ctx, asker, answer, true);
	forum_sql(ctx, "set entraide.importing = 'off'");
	assert_int_equal(reputation(ctx, helper), 0);
	assert_int_equal(ledger_differences(ctx), 3);
	assert_ok(ctx, check_run(ctx, true, &results, &count));
	assert_int_equal(ledger_differences(ctx), 0);
	assert_int_equal(reputation(ctx, helper), 25);
	assert_int_equal(reputation(ctx, asker), 2);
}

static int64_t ring_of(struct ctx *ctx, const struct actor *person)
{
	return forum_number(
		ctx,
		"select coalesce(max(id), 0) from reputation_rings where members @> array[$1::bigint]",
		person->id);
}

/* Round and round: nobody returns a favour, each gives to one. */
static void test_a_ring_is_found_confirmed_and_pays_back(void **state)
{
	struct ctx *ctx = *state;
	struct actor *ring[4], *moderator = forum_person(ctx, "Juge", ROLE_MODERATOR);
	struct actor *crowd = forum_person(ctx, "Tout le monde", ROLE_CUSTOMER);
	struct ring_evidence evidence;
	int64_t id;

	for (int i = 0; i < 4; i++)
		ring[i] = forum_person(ctx, arena_printf(ctx->arena, "Anneau %d", i),
				       ROLE_CUSTOMER);
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 4; i++)
			thank(ctx, ring[i], answer_by(ctx, crowd, ring[(i + 1) % 4]), true);
	assert_int_equal(reputation(ctx, ring[0]), 30);
	assert_ok(ctx, rings_find(ctx));
	id = ring_of(ctx, ring[0]);
	assert_true(id > 0);
	ctx->actor = moderator;
	assert_ok(ctx, ring_load(ctx, id, &evidence));
	assert_int_equal(evidence.ring.member_count, 4);
	assert_int_equal(evidence.ring.acts, 12);
	assert_int_equal(evidence.pair_count, 4);
	assert_err(ctx, ERR_INVALID, ring_decide(ctx, id, "confirmed", ""));
	assert_ok(ctx, ring_decide(ctx, id, "confirmed", "Comptes de la même classe"));
	assert_int_equal(reputation(ctx, ring[0]), 0);
	thank(ctx, ring[0], answer_by(ctx, crowd, ring[2]), true);
	assert_int_equal(reputation(ctx, ring[2]), 0);
	ctx->actor = moderator;
	assert_ok(ctx, ring_decide(ctx, id, "dismissed", "C'était une erreur"));
	assert_true(reputation(ctx, ring[0]) > 0);
	assert_int_equal(ledger_differences(ctx), 0);
}

static void test_helpers_whom_others_thank_too_are_no_ring(void **state)
{
	struct ctx *ctx = *state;
	struct actor *one = forum_person(ctx, "Honnête", ROLE_CUSTOMER);
	struct actor *two = forum_person(ctx, "Serviable", ROLE_CUSTOMER);

	for (int i = 0; i < 3; i++) {
		thank(ctx, one, answer_by(ctx, one, two), true);
		thank(ctx, two, answer_by(ctx, two, one), true);
	}
	for (int i = 0; i < 5; i++) {
		struct actor *other = forum_person(ctx, arena_printf(ctx->arena, "Public %d", i),
						   ROLE_CUSTOMER);

		thank(ctx, other, answer_by(ctx, other, one), true);
		thank(ctx, other, answer_by(ctx, other, two), true);
	}
	assert_ok(ctx, rings_find(ctx));
	assert_int_equal(ring_of(ctx, one), 0);
}

static void test_rings_are_for_moderators(void **state)
{
	struct ctx *ctx = *state;
	struct ring_list list;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, ring_list(ctx, "open", 0, &list));
}

/* Level 1 comes by the job's function, from the figures in the database. */
static void test_standing_follows_figures(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person = forum_person(ctx, "Montante", ROLE_CUSTOMER);
	struct standing standing;

	forum_ask(ctx, person);
	assert_ok(ctx, standing_refresh(ctx, &person->id, 1));
	assert_int_equal(forum_number(ctx, "select trust_level::bigint from people where id = $1",
				      person->id),
			 0);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into person_days values (%lld, '2026-01-01'), (%lld, '2026-01-02')",
			(long long)person->id, (long long)person->id));
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from jobs where kind = 'standing' and key = $1::text",
			     person->id),
		1);
	assert_ok(ctx, standing_refresh(ctx, &person->id, 1));
	assert_int_equal(forum_number(ctx, "select trust_level::bigint from people where id = $1",
				      person->id),
			 1);
	ctx->actor = person;
	assert_ok(ctx, standing_load(ctx, person->id, &standing));
	assert_int_equal(standing.trust.ever.of[FIGURE_DAYS_VISITED], 2);
	assert_int_equal(standing.trust.ever.of[FIGURE_QUESTIONS], 1);
	ctx->actor = forum_person(ctx, "Curieuse", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, standing_load(ctx, person->id, &standing));
}

static void test_level_by_hand_is_for_moderators_with_a_reason(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person = forum_person(ctx, "Choisie", ROLE_CUSTOMER);

	ctx->actor = forum_person(ctx, "Conseiller", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, trust_give(ctx, person->id, 4, "Pour son aide"));
	ctx->actor = forum_person(ctx, "Modératrice", ROLE_MODERATOR);
	assert_err(ctx, ERR_INVALID, trust_give(ctx, person->id, 4, ""));
	assert_err(ctx, ERR_INVALID, trust_give(ctx, person->id, 5, "Pour son aide"));
	assert_ok(ctx, trust_give(ctx, person->id, 4, "Pour son aide"));
	assert_ok(ctx, standing_refresh(ctx, &person->id, 1));
	assert_int_equal(forum_number(ctx, "select trust_level::bigint from people where id = $1",
				      person->id),
			 4);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'trust_give' and person_id = $1",
			person->id),
		1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_points_come_and_go_with_their_cause),
		FORUM_TEST(test_withdrawn_answer_takes_its_points_along_and_brings_them_back),
		FORUM_TEST(test_ones_own_answer_pays_nothing),
		FORUM_TEST(test_one_household_does_not_raise_itself),
		FORUM_TEST(test_an_address_of_many_proves_nothing),
		FORUM_TEST(test_fourth_post_of_a_week_pays_nothing_from_the_same_person),
		FORUM_TEST(test_favours_returned_pay_twice_each_way),
		FORUM_TEST(test_thanks_of_a_day_are_capped_and_solutions_are_not),
		FORUM_TEST(test_a_broken_ledger_is_found_and_mended),
		FORUM_TEST(test_a_ring_is_found_confirmed_and_pays_back),
		FORUM_TEST(test_helpers_whom_others_thank_too_are_no_ring),
		FORUM_TEST(test_rings_are_for_moderators),
		FORUM_TEST(test_standing_follows_figures),
		FORUM_TEST(test_level_by_hand_is_for_moderators_with_a_reason),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_reputation");
}
