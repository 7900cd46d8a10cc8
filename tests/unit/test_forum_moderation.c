/*
 * What comes into the queue, and the cases of acts: one open item a target, reasons that
 * add up, statements of reasons in the person's language, told on the site and by mail.
 */
#include "forum_fixture.h"

#include "forum/case.h"
#include "forum/moderation.h"

static int64_t open_items(struct ctx *ctx, int64_t post_id)
{
	return forum_number(
		ctx, "select count(*) from moderation_items where post_id = $1 and state = 'open'",
		post_id);
}

static void test_second_reason_joins_the_open_item(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "opened", ROLE_CUSTOMER);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, author));
	struct moderation_new item = { .kind = MODERATION_HELD,
				       .post_id = post_id,
				       .code = "rule",
				       .text = "Links of new members",
				       .score = 3 };

	moderation_open(ctx, &item);
	assert_ok(ctx, db_run(ctx));
	item.code = "spam_score";
	item.text = "\"quoted\" \\ text";
	item.score = 2;
	moderation_open(ctx, &item);
	moderation_open(ctx, &item);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(open_items(ctx, post_id), 1);
	assert_int_equal(forum_number(ctx,
				      "select jsonb_array_length(reasons) + (10 * score)::integer\n"
				      "from moderation_items where post_id = $1",
				      post_id),
			 2 + 30);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_items i join posts p on p.id = i.post_id\n"
			"where i.post_id = $1 and i.topic_id = p.topic_id\n"
			"and i.person_id = p.author_id",
			post_id),
		1);
	item.kind = MODERATION_FLAG;
	moderation_open(ctx, &item);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(open_items(ctx, post_id), 2);
}

static void test_closing_a_post_leaves_appeals(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "closed", ROLE_CUSTOMER);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, author));

	for (int kind = 0; kind < MODERATION_KIND_COUNT; kind++)
		moderation_open(ctx, &(struct moderation_new){ .kind = (enum moderation_kind)kind,
							       .post_id = post_id,
							       .reference_id = 1,
							       .code = "notice" });
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(open_items(ctx, post_id), MODERATION_KIND_COUNT);
	moderation_close_of_post(ctx, post_id, true);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(open_items(ctx, post_id), 2);
}

static void test_case_is_told_in_the_persons_language(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "told", ROLE_CUSTOMER);
	const struct actor *moderator = forum_person(ctx, "moderator of told", ROLE_MODERATOR);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, author)), id = 0;
	const struct case_new form = { .act = CASE_WITHDRAW,
				       .rule = RULE_SPAM,
				       .facts = "Un lien  vers une boutique.",
				       .origin = CASE_BY_FLAGS,
				       .post_id = post_id };

	ctx->actor = moderator;
	db_begin(ctx);
	assert_ok(ctx, case_open(ctx, &form, &id));
	assert_ok(ctx, db_commit(ctx));
	assert_int_equal(
		forum_number(ctx,
			     "select person_id from moderation_cases where id = $1\n"
			     "and language = 'fr' and facts = 'Un lien vers une boutique.'\n"
			     "and statement like '%Un lien vers une boutique.%'\n"
			     "and complaint_until > now() + interval '175 days'",
			     id),
		author->id);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from notifications where case_id = $1\n"
				      "and kind = 'case' and actor_id is null",
				      id),
			 1);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from mails m join jobs j on j.key = 'mail:' || m.id\n"
			     "where m.key = 'case:' || $1::bigint and m.kind = 'moderation'",
			     id),
		1);
}

static void test_a_demo_sends_no_mail_the_program_does(void **state)
{
	struct ctx *ctx = *state;
	struct actor *author = forum_person(ctx, "automatic", ROLE_CUSTOMER);
	struct actor demo = *forum_person(ctx, "demo moderator", ROLE_MODERATOR);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, author)), id = 0;
	struct case_new form = { .act = CASE_HIDE,
				 .rule = RULE_RUDE,
				 .origin = CASE_BY_FLAGS,
				 .is_decided_automatically = true,
				 .post_id = post_id };

	demo.is_automatic = true;
	ctx->actor = &demo;
	assert_ok(ctx, case_open(ctx, &form, &id));
	assert_int_equal(
		forum_number(ctx, "select count(*) from mails where key = 'case:' || $1::bigint",
			     id),
		0);
	ctx->actor = &actor_system;
	assert_ok(ctx, case_open(ctx, &form, &id));
	assert_int_equal(
		forum_number(ctx, "select count(*) from mails where key = 'case:' || $1::bigint",
			     id),
		1);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from moderation_cases where id = $1 and decided_by is null",
			id),
		1);
}

/* Article 17.3 wants each of these in every statement. */
static void test_statement_says_what_the_law_asks(void **state)
{
	struct ctx *ctx = *state;

	for (int act = 0; act < CASE_ACT_COUNT; act++) {
		for (int rule = 0; rule < RULE_COUNT; rule++) {
			const struct case_new form = {
				.act = (enum case_act)act,
				.rule = (enum rule)rule,
				.is_law = rule % 2 == 0,
				.is_decided_automatically = act == CASE_HIDE,
				.post_id = 1,
				.ends_at = act == CASE_SILENCE ? ctx->now + CLOCK_DAY : 0,
			};
			const char *text = case_statement(ctx, &form, "Ma box");

			assert_non_null(strstr(text, "“Ma box”"));
			assert_non_null(strstr(text, "found"));
			assert_non_null(strstr(text, act == CASE_HIDE ? "taken by the program"
								      : "taken by a person"));
			assert_non_null(strstr(text, form.is_law ? "law" : "/charter"));
			assert_non_null(strstr(text, "complain free of charge within six months"));
			assert_int_equal(strstr(text, "ends by itself") != NULL,
					 act == CASE_SILENCE);
		}
	}
}

static void test_words_go_there_and_back(void **state)
{
	enum moderation_kind kind = MODERATION_FLAG;
	enum rule rule = RULE_SPAM;

	(void)state;
	for (int i = 0; i < MODERATION_KIND_COUNT; i++) {
		assert_true(moderation_kind_parse(moderation_kind_text((enum moderation_kind)i),
						  &kind));
		assert_int_equal(kind, i);
	}
	for (int i = 0; i < RULE_COUNT; i++) {
		assert_true(rule_parse(rule_text((enum rule)i), &rule));
		assert_int_equal(rule, i);
	}
	for (int i = 0; i < CASE_ACT_COUNT; i++)
		assert_int_equal(case_act_from_text(case_act_text((enum case_act)i)), i);
	assert_false(moderation_kind_parse("", &kind));
	assert_false(rule_parse("spam ", &rule));
	assert_string_equal(moderation_reason_text("unheard_of"), "unheard_of");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_second_reason_joins_the_open_item),
		FORUM_TEST(test_closing_a_post_leaves_appeals),
		FORUM_TEST(test_case_is_told_in_the_persons_language),
		FORUM_TEST(test_a_demo_sends_no_mail_the_program_does),
		FORUM_TEST(test_statement_says_what_the_law_asks),
		FORUM_TEST(test_words_go_there_and_back),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_moderation");
}
