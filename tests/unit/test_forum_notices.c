/*
 * Legal notices: which addresses are ours, and each step a notice can take: received,
 * examined, decided, undone, complained about, set aside.
 */
#include "forum_fixture.h"

#include "forum/moderation_decide.h"
#include "forum/notice.h"

#define BASE        "https://forum.example"
#define FALSE_WORDS "The third line accuses me of something that I never did."

static int64_t a_post(struct ctx *ctx)
{
	static int count;

	return forum_answer(ctx, forum_person(ctx, "writes", ROLE_CUSTOMER),
			    forum_ask(ctx, forum_person(ctx, "asks", ROLE_CUSTOMER)),
			    arena_printf(ctx->arena, FORUM_BODY " (notice %d)", ++count));
}

/* By a stranger, from an address of mail that no other test has. */
static const char *notify(struct ctx *ctx, int64_t post_id, const char *email)
{
	const struct actor *before = ctx->actor;
	const char *code;

	ctx->actor = &actor_visitor;
	assert_ok(ctx, notice_create(ctx,
				     &(struct notice_form){
					     .addresses = arena_printf(ctx->arena, "/p/%lld",
								       (long long)post_id),
					     .category = "insult",
					     .explanation = FALSE_WORDS,
					     .name = "",
					     .email = email,
					     .is_in_good_faith = true,
					     .trap = "",
					     .client = "203.0.113.9" },
				     &code));
	forum_sql(ctx, "delete from throttles");
	ctx->actor = before;
	return code;
}

static struct notice load(struct ctx *ctx, const char *code)
{
	struct notice notice;

	assert_ok(ctx, notice_by_code(ctx, code, &notice));
	return notice;
}

static int64_t item_of(struct ctx *ctx, const char *code, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select coalesce(max(id), 0) from moderation_items\n"
					 "where reference_id = $1 and kind = '%s'",
					 kind),
			    load(ctx, code).id);
}

static enum err decide(struct ctx *ctx, const char *code, enum moderation_decision decision)
{
	return moderation_decide(ctx, &(struct moderation_choice){
					      .id = item_of(ctx, code, "notice"),
					      .decision = decision,
					      .rule = RULE_RUDE,
					      .is_law = true,
					      .note = "Parce que.",
				      });
}

/* Addresses ------------------------------------------------------------------------------ */

static void test_only_addresses_of_posts_here_are_read(void **state)
{
	static const struct {
		const char *address;
		int64_t topic_id, post_id;
	} good[] = {
		{ BASE "/t/12-slug", 12, 0 },
		{ BASE "/t/12-slug?page=2#p34", 0, 34 },
		{ BASE "/t/12#elsewhere", 12, 0 },
		{ "http://FORUM.example/p/34", 0, 34 },
		{ "forum.example/p/34/comments", 0, 34 },
		{ "/p/34#x", 0, 34 },
		{ "/t/9223372036854775807", 9223372036854775807, 0 },
	};
	static const char *const bad[] = {
		"",
		"/",
		"/p/",
		"/p/0",
		"/p/-1",
		"/p/34x",
		"/t/x",
		"/u/3",
		"//forum.example/p/1",
		"https://forum.example.evil/p/1",
		"https://forum.example@evil/p/1",
		"https://evil/?https://forum.example/p/1",
		"javascript:/p/1",
		BASE,
		BASE "/p/9223372036854775808",
		"https://forum.exampl/p/1",
	};
	struct notice_place place;

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		assert_true(notice_address_read(BASE, good[i].address, &place));
		assert_int_equal(place.topic_id, good[i].topic_id);
		assert_int_equal(place.post_id, good[i].post_id);
	}
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		assert_false(notice_address_read(BASE, bad[i], &place));
}

/* Steps ---------------------------------------------------------------------------------- */

static void test_a_notice_goes_from_received_to_decided(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = a_post(ctx);
	const char *code = notify(ctx, post_id, "");

	assert_int_equal(load(ctx, code).state, NOTICE_RECEIVED);
	ctx->actor = forum_person(ctx, "decides", ROLE_MODERATOR);
	assert_ok(ctx, moderation_claim(ctx, item_of(ctx, code, "notice")));
	assert_int_equal(load(ctx, code).state, NOTICE_EXAMINED);
	assert_ok(ctx, decide(ctx, code, DECISION_WITHDRAW));
	assert_int_equal(load(ctx, code).state, NOTICE_DECIDED);
	assert_int_equal(load(ctx, code).outcome, NOTICE_REMOVED);
	assert_false(load(ctx, code).can_complain);
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_WITHDRAWN);
	assert_ok(ctx, moderation_undo(ctx, item_of(ctx, code, "notice")));
	assert_int_equal(load(ctx, code).state, NOTICE_EXAMINED);
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
}

static void test_decisions_that_do_not_fit_are_refused(void **state)
{
	struct ctx *ctx = *state;
	const char *code = notify(ctx, a_post(ctx), "");

	ctx->actor = forum_person(ctx, "advises", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, decide(ctx, code, DECISION_APPROVE));
	ctx->actor = forum_person(ctx, "decides", ROLE_MODERATOR);
	assert_err(ctx, ERR_INVALID, decide(ctx, code, DECISION_IGNORE));
	assert_err(ctx, ERR_INVALID, decide(ctx, code, DECISION_UPHOLD));
	assert_err(ctx, ERR_INVALID,
		   moderation_decide(
			   ctx, &(struct moderation_choice){ .id = item_of(ctx, code, "notice"),
							     .decision = DECISION_APPROVE,
							     .note = "" }));
	assert_ok(ctx, decide(ctx, code, DECISION_APPROVE));
	assert_err(ctx, ERR_CONFLICT, decide(ctx, code, DECISION_WITHDRAW));
}

static void test_a_complaint_closes_the_way_back(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id = a_post(ctx), item;
	const char *code = notify(ctx, post_id, "");
	struct moderation_choice uphold = { .decision = DECISION_UPHOLD,
					    .note = "Vous avez raison." };

	ctx->actor = forum_person(ctx, "decides", ROLE_MODERATOR);
	assert_err(ctx, ERR_CONFLICT, notice_complain(ctx, code, FALSE_WORDS, NULL));
	assert_ok(ctx, decide(ctx, code, DECISION_APPROVE));
	assert_true(load(ctx, code).can_complain);
	assert_ok(ctx, notice_complain(ctx, code, FALSE_WORDS, NULL));
	assert_err(ctx, ERR_CONFLICT, notice_complain(ctx, code, FALSE_WORDS, NULL));
	assert_err(ctx, ERR_CONFLICT, moderation_undo(ctx, item_of(ctx, code, "notice")));
	item = uphold.id = item_of(ctx, code, "notice_complaint");
	assert_err(ctx, ERR_FORBIDDEN, moderation_claim(ctx, item));
	assert_err(ctx, ERR_FORBIDDEN, moderation_decide(ctx, &uphold));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_VISIBLE);
	ctx->actor = forum_person(ctx, "decides too", ROLE_MODERATOR);
	assert_ok(ctx, moderation_decide(ctx, &uphold));
	assert_int_equal(forum_post(ctx, post_id).visibility, VISIBILITY_WITHDRAWN);
	assert_int_equal(load(ctx, code).outcome, NOTICE_REMOVED);
	assert_true(load(ctx, code).complaint.is_upheld);
	assert_err(ctx, ERR_CONFLICT, moderation_undo(ctx, item));
}

/* Article 23 ----------------------------------------------------------------------------- */

static void test_a_warning_comes_before_a_suspension(void **state)
{
	struct ctx *ctx = *state;
	const char *email = "nonsense@example.org", *codes[4];
	int64_t post_id = a_post(ctx);

	ctx->actor = forum_person(ctx, "decides", ROLE_MODERATOR);
	for (int i = 0; i < 3; i++) {
		codes[i] = notify(ctx, post_id, email);
		assert_int_equal(load(ctx, codes[i]).state, NOTICE_RECEIVED);
		assert_ok(ctx, decide(ctx, codes[i], DECISION_UNFOUNDED));
	}
	assert_false(load(ctx, codes[0]).is_warned);
	assert_true(load(ctx, codes[1]).is_warned);
	assert_true(load(ctx, codes[2]).suspended_until > ctx->now);
	codes[3] = notify(ctx, post_id, "NONSENSE@example.org");
	assert_int_equal(load(ctx, codes[3]).state, NOTICE_SET_ASIDE);
	assert_int_equal(item_of(ctx, codes[3], "notice"), 0);
	assert_err(ctx, ERR_FORBIDDEN, notice_complain(ctx, codes[0], FALSE_WORDS, NULL));
	assert_int_equal(load(ctx, notify(ctx, post_id, "somebody@example.org")).state,
			 NOTICE_RECEIVED);
	/* Taking the third decision back takes the suspension with it. */
	assert_ok(ctx, moderation_undo(ctx, item_of(ctx, codes[2], "notice")));
	assert_int_equal(load(ctx, codes[0]).suspended_until, 0);
	assert_ok(ctx, notice_take_up(ctx, load(ctx, codes[3]).id, NULL));
	assert_int_equal(load(ctx, codes[3]).state, NOTICE_RECEIVED);
	assert_err(ctx, ERR_CONFLICT, notice_take_up(ctx, load(ctx, codes[3]).id, NULL));
	ctx->actor = forum_person(ctx, "advises", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, notice_take_up(ctx, load(ctx, codes[3]).id, NULL));
	assert_err(ctx, ERR_FORBIDDEN, notice_end_suspension(ctx, 1, NULL));
}

/* What is kept of the sender ---------------------------------------------------------------- */

static void test_the_sender_is_kept_as_a_code_that_tells_nobody(void **state)
{
	struct ctx *ctx = *state;
	struct notice notice = load(ctx, notify(ctx, a_post(ctx), "hidden@example.org"));

	assert_int_equal(forum_number(ctx,
				      "select count(*) from notices where id = $1\n"
				      "and notifier ~ '^mail:[0-9a-f]{64}$'",
				      notice.id),
			 1);
	notice = load(ctx, notify(ctx, a_post(ctx), ""));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from notices where id = $1\n"
				      "and notifier ~ '^network:[0-9a-f]{64}$'",
				      notice.id),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_only_addresses_of_posts_here_are_read),
		FORUM_TEST(test_a_notice_goes_from_received_to_decided),
		FORUM_TEST(test_decisions_that_do_not_fit_are_refused),
		FORUM_TEST(test_a_complaint_closes_the_way_back),
		FORUM_TEST(test_a_warning_comes_before_a_suspension),
		FORUM_TEST(test_the_sender_is_kept_as_a_code_that_tells_nobody),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_notices");
}
