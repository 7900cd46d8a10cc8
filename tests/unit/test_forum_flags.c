/*
 * Flags: what one weighs, what they do together, and what a clique cannot do.
 */
#include "forum_fixture.h"

#include <math.h>

#include "forum/flag.h"
#include "forum/moderation.h"
#include "forum/privacy.h"

/* The arithmetic ---------------------------------------------------------------- */

static void assert_near(double got, double wanted)
{
	if (fabs(got - wanted) > 0.005)
		fail_msg("%f is not %f", got, wanted);
}

/* Computed by hand from field guide 2.3: distance to 70 % × 5 × log4(decided). */
static void test_accuracy_counts_after_five_decisions(void **state)
{
	(void)state;
	assert_near(flag_accuracy_bonus((struct flag_record){ 0, 0 }), 0);
	assert_near(flag_accuracy_bonus((struct flag_record){ 5, 0 }), 0);
	assert_near(flag_accuracy_bonus((struct flag_record){ 16, 0 }), 10);
	assert_near(flag_accuracy_bonus((struct flag_record){ 7, 3 }), 0);
	assert_near(flag_accuracy_bonus((struct flag_record){ 0, 16 }), -10);
	assert_near(flag_accuracy_bonus((struct flag_record){ 35, 65 }), -8.30);
	assert_near(flag_accuracy_bonus((struct flag_record){ 85, 15 }), 8.30);
}

static void test_weight_grows_with_trust_and_is_never_negative(void **state)
{
	const struct flag_record none = { 0 }, wrong = { 0, 64 };
	struct actor actor = { .role = ROLE_CUSTOMER };

	(void)state;
	for (int level = 0; level <= TRUST_LEVEL_MAX; level++) {
		actor.trust_level = level;
		assert_near(flag_weight(&actor, none), 1 + level);
	}
	assert_near(flag_weight(&actor, wrong), 0);
	actor.role = ROLE_MODERATOR;
	assert_near(flag_weight(&actor, none), 6);
}

static void test_caps_leave_the_decision_to_the_team(void **state)
{
	const struct flag_sum enough = { .score = 8.33, .people = 2 };
	const struct flag_sum alone = { .score = 20, .people = 1 };
	const struct flag_sum staff = { .score = 9, .people = 1, .has_staff = true };
	const struct flag_sum spam = { .score = 4, .people = 1, .has_spam_by_regular = true };
	struct flag_target target = { .author_trust = TRUST_NEW, .is_new_member = true };

	(void)state;
	assert_int_equal(flag_decide(&enough, &target), FLAG_HIDES);
	assert_int_equal(flag_decide(&alone, &target), FLAG_WAITS);
	assert_int_equal(flag_decide(&staff, &target), FLAG_HIDES);
	assert_int_equal(flag_decide(&spam, &target), FLAG_HIDES);
	target.is_new_member = false;
	target.author_trust = TRUST_MEMBER;
	assert_int_equal(flag_decide(&spam, &target), FLAG_WAITS);
	assert_int_equal(flag_decide(&(struct flag_sum){ .score = 8.32, .people = 9 }, &target),
			 FLAG_WAITS);
	target.hidden_lately = 3;
	assert_int_equal(flag_decide(&enough, &target), FLAG_CAPPED);
	target.hidden_lately = 0;
	target.has_answers = true;
	assert_int_equal(flag_decide(&enough, &target), FLAG_CAPPED);
	target.has_answers = false;
	target.author_trust = TRUST_REGULAR;
	assert_int_equal(flag_decide(&enough, &target), FLAG_CAPPED);
	target.author_trust = TRUST_NEW;
	target.is_by_staff = true;
	assert_int_equal(flag_decide(&staff, &target), FLAG_CAPPED);
}

/* With a database ------------------------------------------------------------------ */

/* Somebody with a session of an address, and a level of trust. */
static struct actor *flagger(struct ctx *ctx, const char *name, int trust, const char *address)
{
	static int count;
	struct actor *actor = forum_person(ctx, name, ROLE_CUSTOMER);
	char *sql = arena_printf(
		ctx->arena,
		"update people set trust_level = %d where id = %lld;\n"
		"insert into sessions (token_hash, person_id, expires_at, address)\n"
		"values (sha256('flags %d of %lld'), %lld, now() + interval '1 day', '%s')",
		trust, (long long)actor->id, count++, (long long)actor->id, (long long)actor->id,
		address);

	forum_sql(ctx, sql);
	actor->trust_level = trust;
	actor->session_id = forum_number(ctx, "select id from sessions where person_id = $1",
					 actor->id);
	return actor;
}

static enum err flag_as(struct ctx *ctx, const struct actor *actor, int64_t post_id,
			enum rule reason)
{
	const struct actor *before = ctx->actor;
	const char *path;
	enum err result;

	ctx->actor = actor;
	result = flag_create(ctx, &(struct flag_new){ .post_id = post_id, .reason = reason },
			     &path);
	ctx->actor = before;
	return result;
}

static bool is_held(struct ctx *ctx, int64_t post_id)
{
	return forum_post(ctx, post_id).visibility == VISIBILITY_HELD;
}

static int64_t answer_of(struct ctx *ctx, const struct actor *author)
{
	struct actor *asker = forum_person(ctx, "asks to be answered", ROLE_CUSTOMER);

	return forum_answer(ctx, author, forum_ask(ctx, asker), FORUM_BODY);
}

static int64_t counted(struct ctx *ctx, int64_t post_id)
{
	return forum_number(ctx, "select count(*) from flags where post_id = $1 and is_counted",
			    post_id);
}

static void test_independent_people_hide_a_post_and_its_author_is_told(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "hidden author", ROLE_CUSTOMER);
	int64_t post_id = answer_of(ctx, author), topic_id = forum_post(ctx, post_id).topic_id;

	for (int i = 0; i < 3; i++) {
		assert_false(is_held(ctx, post_id));
		assert_ok(ctx, flag_as(ctx,
				       flagger(ctx, "independent", TRUST_MEMBER,
					       arena_printf(ctx->arena, "10.1.%d.1", i)),
				       post_id, RULE_RUDE));
	}
	assert_true(is_held(ctx, post_id));
	assert_int_equal(
		forum_number(ctx, "select answer_count from topics where id = $1", topic_id), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_cases c join notifications n\n"
			"on n.case_id = c.id and n.person_id = c.person_id\n"
			"where c.post_id = $1 and c.act = 'hide' and c.is_decided_automatically\n"
			"and c.decided_by is null and c.rule = 'rude'",
			post_id),
		1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where post_id = $1\n"
				      "and kind = 'flag' and state = 'open' and score = 9",
				      post_id),
			 1);
}

static void test_one_address_counts_once(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = answer_of(ctx, forum_person(ctx, "one address", ROLE_CUSTOMER));

	for (int i = 0; i < 6; i++)
		assert_ok(ctx,
			  flag_as(ctx, flagger(ctx, "neighbour", TRUST_MEMBER, "2001:db8:0:7::1"),
				  post_id, RULE_SPAM));
	assert_ok(ctx, flag_as(ctx, flagger(ctx, "same house", TRUST_MEMBER, "2001:db8:0:7:5::9"),
			       post_id, RULE_SPAM));
	assert_false(is_held(ctx, post_id));
	assert_int_equal(counted(ctx, post_id), 1);
	assert_ok(ctx, flag_as(ctx, flagger(ctx, "elsewhere", TRUST_MEMBER, "2001:db8:0:8::1"),
			       post_id, RULE_SPAM));
	assert_int_equal(counted(ctx, post_id), 2);
}

/* Three who always flag together, from three addresses, with enough weight to hide. */
static void test_clique_counts_once_from_its_fourth_post_on(void **state)
{
	struct ctx *ctx = *state;
	struct actor *clique[3];
	int64_t post_id;

	for (int i = 0; i < 3; i++)
		clique[i] = flagger(ctx, "clique", TRUST_MEMBER,
				    arena_printf(ctx->arena, "10.2.%d.1", i));
	for (int round = 0; round < 4; round++) {
		post_id = answer_of(ctx, forum_person(ctx, "victim", ROLE_CUSTOMER));
		for (int i = 0; i < 3; i++)
			assert_ok(ctx, flag_as(ctx, clique[i], post_id, RULE_SPAM));
		assert_int_equal(is_held(ctx, post_id), round < 3);
	}
	assert_int_equal(counted(ctx, post_id), 1);
	/* Somebody who has nothing to do with them counts beside them. */
	assert_ok(ctx, flag_as(ctx, flagger(ctx, "bystander", TRUST_BASIC, "10.2.9.1"), post_id,
			       RULE_SPAM));
	assert_int_equal(counted(ctx, post_id), 2);
}

/* Two who watch for spam and are right stay two. */
static void test_people_who_are_right_together_are_no_clique(void **state)
{
	struct ctx *ctx = *state;
	struct actor *watch[2];
	int64_t post_id = 0;

	for (int i = 0; i < 2; i++)
		watch[i] = flagger(ctx, "watch", TRUST_REGULAR,
				   arena_printf(ctx->arena, "10.3.%d.1", i));
	for (int round = 0; round < 5; round++) {
		post_id = answer_of(ctx, forum_person(ctx, "spammer", ROLE_CUSTOMER));
		for (int i = 0; i < 2; i++)
			assert_ok(ctx, flag_as(ctx, watch[i], post_id, RULE_OFF_TOPIC));
		if (round < 4) {
			moderation_close_of_post(ctx, post_id, true);
			assert_ok(ctx, db_run(ctx));
		}
	}
	assert_int_equal(counted(ctx, post_id), 2);
}

static void test_one_person_loses_few_posts_before_the_team_looks(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "target", ROLE_CUSTOMER);
	int64_t post_id = 0;

	for (int round = 0; round < 4; round++) {
		post_id = answer_of(ctx, author);
		for (int i = 0; i < 3; i++)
			assert_ok(ctx,
				  flag_as(ctx,
					  flagger(ctx, "crowd", TRUST_MEMBER,
						  arena_printf(ctx->arena, "10.4.%d.%d", round, i)),
					  post_id, RULE_RUDE));
		assert_int_equal(is_held(ctx, post_id), round < 3);
	}
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where post_id = $1\n"
				      "and reasons @> '[{\"code\": \"capped\"}]' and score > 1000",
				      post_id),
			 1);
}

static void test_trusted_people_and_the_team_are_not_hidden(void **state)
{
	struct ctx *ctx = *state;
	struct actor *regular = flagger(ctx, "a regular", TRUST_REGULAR, "10.5.0.1");
	struct actor *advisor = forum_person(ctx, "an advisor", ROLE_ADVISOR);
	int64_t posts[2] = { answer_of(ctx, regular), answer_of(ctx, advisor) };

	for (int post = 0; post < 2; post++) {
		for (int i = 0; i < 5; i++)
			assert_ok(ctx,
				  flag_as(ctx,
					  flagger(ctx, "many", TRUST_REGULAR,
						  arena_printf(ctx->arena, "10.6.%d.%d", post, i)),
					  posts[post], RULE_SPAM));
		assert_false(is_held(ctx, posts[post]));
	}
}

static void test_second_flag_of_one_person_changes_nothing(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = answer_of(ctx, forum_person(ctx, "flagged once", ROLE_CUSTOMER));
	struct actor *actor = flagger(ctx, "insists", TRUST_BASIC, "10.7.0.1");

	assert_ok(ctx, flag_as(ctx, actor, post_id, RULE_SPAM));
	assert_ok(ctx, flag_as(ctx, actor, post_id, RULE_RUDE));
	assert_int_equal(
		forum_number(ctx, "select count(*) from flags where post_id = $1", post_id), 1);
	moderation_close_of_post(ctx, post_id, false);
	assert_ok(ctx, db_run(ctx));
	assert_err(ctx, ERR_CONFLICT, flag_as(ctx, actor, post_id, RULE_SPAM));
	forum_sql(ctx, "update flags set decided_at = now() - interval '25 hours'");
	assert_ok(ctx, flag_as(ctx, actor, post_id, RULE_SPAM));
}

static void test_flags_are_refused_where_they_make_no_sense(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "own flag", ROLE_CUSTOMER);
	int64_t post_id = answer_of(ctx, author), others[5];
	struct actor *new_member = flagger(ctx, "often", TRUST_NEW, "10.8.0.1");

	assert_err(ctx, ERR_FORBIDDEN, flag_as(ctx, author, post_id, RULE_SPAM));
	assert_err(ctx, ERR_INVALID, flag_as(ctx, new_member, post_id, RULE_OTHER));
	assert_err(ctx, ERR_NOT_FOUND, flag_as(ctx, new_member, 999999999, RULE_SPAM));
	/* Writing in tests forgets all limits: first all is written. */
	for (int i = 0; i < 5; i++)
		others[i] = answer_of(ctx, forum_person(ctx, "other", ROLE_CUSTOMER));
	for (int i = 0; i < 5; i++)
		assert_ok(ctx, flag_as(ctx, new_member, others[i], RULE_SPAM));
	assert_err(ctx, ERR_THROTTLED, flag_as(ctx, new_member, post_id, RULE_SPAM));
}

/* While it waits the network shows who flags twice; some time after, nobody needs it. */
static void test_networks_of_decided_flags_are_forgotten(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = answer_of(ctx, forum_person(ctx, "networked", ROLE_CUSTOMER));
	const char *known = "select count(*) from flags where post_id = $1 and network <> ''";

	assert_ok(ctx, flag_as(ctx, flagger(ctx, "seen from", TRUST_NEW, "10.9.0.1"), post_id,
			       RULE_OFF_TOPIC));
	forum_sql(ctx, "update flags set created_at = now() - interval '400 days'");
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, known, post_id), 1);
	forum_sql(ctx, "update flags set state = 'ignored', decided_at = now() - interval '29 days'"
		       " where state = 'open'");
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, known, post_id), 1);
	forum_sql(ctx, "update flags set decided_at = decided_at - interval '2 days'");
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, known, post_id), 0);
	assert_int_equal(
		forum_number(ctx, "select count(*) from flags where post_id = $1", post_id), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accuracy_counts_after_five_decisions),
		cmocka_unit_test(test_weight_grows_with_trust_and_is_never_negative),
		cmocka_unit_test(test_caps_leave_the_decision_to_the_team),
		FORUM_TEST(test_independent_people_hide_a_post_and_its_author_is_told),
		FORUM_TEST(test_one_address_counts_once),
		FORUM_TEST(test_clique_counts_once_from_its_fourth_post_on),
		FORUM_TEST(test_people_who_are_right_together_are_no_clique),
		FORUM_TEST(test_one_person_loses_few_posts_before_the_team_looks),
		FORUM_TEST(test_trusted_people_and_the_team_are_not_hidden),
		FORUM_TEST(test_second_flag_of_one_person_changes_nothing),
		FORUM_TEST(test_flags_are_refused_where_they_make_no_sense),
		FORUM_TEST(test_networks_of_decided_flags_are_forgotten),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_flags");
}
