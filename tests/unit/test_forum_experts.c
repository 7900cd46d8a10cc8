/*
 * Experts: candidates, nomination, consent, what the office allows, its end.
 */
#include "forum_fixture.h"

#include "forum/expert.h"
#include "forum/session.h"

static int64_t put_topic(struct ctx *ctx, int64_t category_id, const struct actor *asker)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = category_id,
							      .author_id = asker->id,
							      .at = ctx->now - 10 * CLOCK_DAY,
							      .title = FORUM_TITLE });
}

static int64_t put_answer(struct ctx *ctx, int64_t topic_id, const struct actor *writer, int64_t at)
{
	return forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
							    .author_id = writer->id,
							    .kind = POST_ANSWER,
							    .at = at,
							    .body = "Une réponse qui aide." });
}

/* The actor as a session finds it, with its fields. */
static struct actor *signed_in(struct ctx *ctx, const struct actor *person)
{
	struct actor *actor = arena_new_of(ctx->arena, struct actor);
	const char *token;

	assert_ok(ctx,
		  session_create(ctx,
				 &(struct session_new){ person->id, "192.0.2.9", "browser", NULL },
				 &token));
	assert_ok(ctx, session_load(ctx, token, actor));
	return actor;
}

static int64_t nominated(struct ctx *ctx, const struct actor *person, int64_t category_id)
{
	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, expert_nominate(ctx, person->id, category_id, 0, "Répond très bien"));
	ctx->actor = &actor_system;
	return forum_number(ctx, "select max(id) from experts where person_id = $1", person->id);
}

static struct actor *expert_in(struct ctx *ctx, const char *name, int64_t category_id)
{
	struct actor *person = forum_person(ctx, name, ROLE_CUSTOMER);
	int64_t id = nominated(ctx, person, category_id);

	ctx->actor = person;
	assert_ok(ctx, expert_answer(ctx, id, true));
	ctx->actor = &actor_system;
	return signed_in(ctx, person);
}

static void test_score_rewards_what_helps_and_abuse_costs(void **state)
{
	struct candidate best = { .accepted_share = 50, .reach = 50, .thanks = 50, .days = 30 };
	struct candidate slow = best, rude = best, nobody = { .response_minutes = 100000 };

	(void)state;
	slow.response_minutes = 24 * 60;
	rude.abuses = 1;
	assert_int_equal(candidate_score(&best), 100);
	assert_int_equal(candidate_score(&slow), 85);
	assert_int_equal(candidate_score(&rude), 75);
	assert_int_equal(candidate_score(&nobody), 0);
}

static void test_candidates_stand_in_the_order_of_their_score(void **state)
{
	struct ctx *ctx = *state;
	int64_t category = forum_category(ctx);
	struct actor *asker = forum_person(ctx, "Demande", ROLE_CUSTOMER);
	struct actor *good = forum_person(ctx, "Excellente", ROLE_CUSTOMER);
	struct actor *fair = forum_person(ctx, "Passable", ROLE_CUSTOMER);
	struct actor *shy = forum_person(ctx, "Discrète", ROLE_CUSTOMER);
	struct candidates list;

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set is_ranked = false where id = %lld",
			       (long long)shy->id));
	for (int i = 0; i < 3; i++) {
		int64_t topic = put_topic(ctx, category, asker), answer;

		answer = put_answer(ctx, topic, good, ctx->now - 10 * CLOCK_DAY + CLOCK_HOUR);
		put_answer(ctx, topic, fair, ctx->now - 5 * CLOCK_DAY);
		put_answer(ctx, topic, shy, ctx->now - 9 * CLOCK_DAY);
		ctx->actor = asker;
		assert_ok(ctx, post_accept(ctx, answer, true));
	}
	ctx->actor = fair;
	assert_err(ctx, ERR_FORBIDDEN, candidate_list(ctx, category, 0, &list));
	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, candidate_list(ctx, category, 0, &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].author.id, good->id);
	assert_int_equal(list.items[0].accepted_share, 100);
	assert_int_equal(list.items[0].reach, 3);
	assert_int_equal(list.items[0].response_minutes, 60);
	assert_true(list.items[0].score > list.items[1].score);
	assert_err(ctx, ERR_NOT_FOUND, candidate_list(ctx, 999999999, 0, &list));
}

static void test_nothing_happens_without_consent(void **state)
{
	struct ctx *ctx = *state;
	int64_t category = forum_category(ctx);
	struct actor *person = forum_person(ctx, "Sollicitée", ROLE_CUSTOMER);
	int64_t id = nominated(ctx, person, category);
	struct expert expert;

	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where person_id = $1 and kind = 'expert'",
			person->id),
		1);
	assert_string_equal(signed_in(ctx, person)->expert_fields, "");
	ctx->actor = forum_person(ctx, "Une autre", ROLE_CUSTOMER);
	assert_err(ctx, ERR_CONFLICT, expert_answer(ctx, id, true));
	assert_err(ctx, ERR_NOT_FOUND, expert_load_own(ctx, id, &expert));
	ctx->actor = person;
	assert_ok(ctx, expert_load_own(ctx, id, &expert));
	assert_ok(ctx, expert_answer(ctx, id, false));
	assert_err(ctx, ERR_CONFLICT, expert_answer(ctx, id, true));
	assert_string_equal(signed_in(ctx, person)->expert_fields, "");
}

static void test_nomination_needs_an_advisor_a_reason_and_a_member(void **state)
{
	struct ctx *ctx = *state;
	int64_t category = forum_category(ctx);
	struct actor *person = forum_person(ctx, "Nommable", ROLE_CUSTOMER);
	struct actor *advisor = forum_person(ctx, "Conseil", ROLE_ADVISOR);

	ctx->actor = person;
	assert_err(ctx, ERR_FORBIDDEN, expert_nominate(ctx, person->id, category, 0, "Moi-même"));
	ctx->actor = advisor;
	assert_err(ctx, ERR_INVALID, expert_nominate(ctx, person->id, category, 0, ""));
	assert_err(ctx, ERR_INVALID, expert_nominate(ctx, person->id, 0, 0, "Répond bien"));
	assert_err(ctx, ERR_INVALID, expert_nominate(ctx, advisor->id, category, 0, "Répond bien"));
	assert_ok(ctx, expert_nominate(ctx, person->id, category, 0, "Répond bien"));
	assert_err(ctx, ERR_INVALID, expert_nominate(ctx, person->id, category, 0, "Répond bien"));
}

static void test_expert_is_marked_in_the_field_and_nowhere_else(void **state)
{
	struct ctx *ctx = *state;
	int64_t here = forum_category(ctx), elsewhere = forum_category(ctx);
	struct actor *asker = forum_person(ctx, "Demande", ROLE_CUSTOMER);
	struct actor *expert = expert_in(ctx, "Experte", here);
	int64_t inside = put_answer(ctx, put_topic(ctx, here, asker), expert, 0);
	int64_t outside = put_answer(ctx, put_topic(ctx, elsewhere, asker), expert, 0);

	assert_true(forum_post(ctx, inside).is_by_expert);
	assert_false(forum_post(ctx, outside).is_by_expert);
}

static void test_expert_accepts_and_endorses_others_answers_in_the_field(void **state)
{
	struct ctx *ctx = *state;
	int64_t here = forum_category(ctx), elsewhere = forum_category(ctx);
	struct actor *asker = forum_person(ctx, "Demande", ROLE_CUSTOMER);
	struct actor *helper = forum_person(ctx, "Aide", ROLE_CUSTOMER);
	struct actor *expert = expert_in(ctx, "Experte", here);
	int64_t topic = put_topic(ctx, here, asker);
	int64_t old = put_answer(ctx, topic, helper, ctx->now - 4 * CLOCK_DAY);
	int64_t fresh = put_answer(ctx, topic, helper, ctx->now - CLOCK_HOUR);
	int64_t own = put_answer(ctx, topic, expert, ctx->now - 4 * CLOCK_DAY);
	int64_t outside = put_answer(ctx, put_topic(ctx, elsewhere, asker), helper,
				     ctx->now - 4 * CLOCK_DAY);

	ctx->actor = expert;
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, fresh, true));
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, own, true));
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, outside, true));
	assert_ok(ctx, post_accept(ctx, old, true));
	assert_err(ctx, ERR_FORBIDDEN, post_endorse(ctx, own, true));
	assert_err(ctx, ERR_FORBIDDEN, post_endorse(ctx, outside, true));
	assert_ok(ctx, post_endorse(ctx, fresh, true));
	assert_true(forum_post(ctx, fresh).endorsed_at > 0);
	assert_ok(ctx, article_propose(ctx, fresh, "À garder"));
	assert_ok(ctx, article_propose(ctx, fresh, "Encore"));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from article_proposals where post_id = $1",
				      fresh),
			 1);
	assert_ok(ctx, post_endorse(ctx, fresh, false));
	ctx->actor = helper;
	assert_err(ctx, ERR_FORBIDDEN, post_endorse(ctx, old, true));
	assert_err(ctx, ERR_FORBIDDEN, article_propose(ctx, old, ""));
}

static void test_queue_has_the_unanswered_of_ones_fields_oldest_first(void **state)
{
	struct ctx *ctx = *state;
	int64_t here = forum_category(ctx), elsewhere = forum_category(ctx);
	struct actor *asker = forum_person(ctx, "Demande", ROLE_CUSTOMER);
	struct actor *expert = expert_in(ctx, "Experte", here);
	int64_t first = put_topic(ctx, here, asker), second = put_topic(ctx, here, asker);
	int64_t answered = put_topic(ctx, here, asker);
	struct topic_list list;

	put_topic(ctx, elsewhere, asker);
	put_answer(ctx, answered, asker, 0);
	ctx->actor = expert;
	assert_ok(ctx, expert_queue(ctx, (struct list_key){ 0, 0 }, &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].id, first);
	assert_int_equal(list.items[1].id, second);
	assert_ok(ctx,
		  expert_queue(ctx, (struct list_key){ list.items[0].created_at, first }, &list));
	assert_int_equal(list.count, 1);
	ctx->actor = asker;
	assert_ok(ctx, expert_queue(ctx, (struct list_key){ 0, 0 }, &list));
	assert_int_equal(list.count, 0);
}

static void test_term_ends_by_time_by_the_person_and_by_moderators(void **state)
{
	struct ctx *ctx = *state;
	int64_t category = forum_category(ctx);
	struct actor *timed = expert_in(ctx, "À terme", category);
	struct actor *leaving = expert_in(ctx, "Sortante", category);
	struct actor *removed = expert_in(ctx, "Écartée", category);
	const char *of = "select max(id) from experts where person_id = $1";

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update experts set ends_at = now() - interval '1 minute' where person_id = %lld",
			(long long)timed->id));
	assert_string_equal(signed_in(ctx, timed)->expert_fields, "");
	assert_ok(ctx, experts_end_terms(ctx));
	assert_int_equal(forum_number(ctx,
				      "select is_expert::integer::bigint from people where id = $1",
				      timed->id),
			 0);
	ctx->actor = leaving;
	assert_err(ctx, ERR_FORBIDDEN,
		   expert_end(ctx, forum_number(ctx, of, removed->id), "Jalousie"));
	assert_ok(ctx, expert_end(ctx, forum_number(ctx, of, leaving->id), NULL));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_err(ctx, ERR_INVALID, expert_end(ctx, forum_number(ctx, of, removed->id), ""));
	assert_ok(ctx, expert_end(ctx, forum_number(ctx, of, removed->id), "Ton déplacé"));
	assert_string_equal(signed_in(ctx, removed)->expert_fields, "");
}

static void test_leaders_are_of_the_month_and_the_field_and_want_it(void **state)
{
	struct ctx *ctx = *state;
	int64_t here = forum_category(ctx), elsewhere = forum_category(ctx);
	struct actor *asker = forum_person(ctx, "Demande", ROLE_CUSTOMER);
	struct actor *good = forum_person(ctx, "Meneuse", ROLE_CUSTOMER);
	struct actor *shy = forum_person(ctx, "Discrète", ROLE_CUSTOMER);
	int64_t topic = put_topic(ctx, here, asker);
	struct leaders list;

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set is_ranked = false where id = %lld",
			       (long long)shy->id));
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, put_answer(ctx, topic, good, 0), true));
	assert_ok(ctx, post_accept(ctx, put_answer(ctx, topic, shy, 0), true));
	assert_ok(ctx, leader_list(ctx, ctx->now - CLOCK_DAY, ctx->now + CLOCK_DAY, here, &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].author.id, good->id);
	assert_int_equal(list.items[0].points, 15);
	assert_int_equal(list.items[1].author.id, asker->id);
	assert_ok(ctx,
		  leader_list(ctx, ctx->now - CLOCK_DAY, ctx->now + CLOCK_DAY, elsewhere, &list));
	assert_int_equal(list.count, 0);
	assert_ok(ctx,
		  leader_list(ctx, ctx->now - 9 * CLOCK_DAY, ctx->now - CLOCK_DAY, here, &list));
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_score_rewards_what_helps_and_abuse_costs),
		FORUM_TEST(test_candidates_stand_in_the_order_of_their_score),
		FORUM_TEST(test_nothing_happens_without_consent),
		FORUM_TEST(test_nomination_needs_an_advisor_a_reason_and_a_member),
		FORUM_TEST(test_expert_is_marked_in_the_field_and_nowhere_else),
		FORUM_TEST(test_expert_accepts_and_endorses_others_answers_in_the_field),
		FORUM_TEST(test_queue_has_the_unanswered_of_ones_fields_oldest_first),
		FORUM_TEST(test_term_ends_by_time_by_the_person_and_by_moderators),
		FORUM_TEST(test_leaders_are_of_the_month_and_the_field_and_want_it),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_experts");
}
