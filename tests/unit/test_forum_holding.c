/*
 * Rules before publication: what each kind catches, what becomes of the post, and what
 * is learnt from what the team decides.
 */
#include "forum_fixture.h"

#include "forum/holding.h"
#include "forum/post_release.h"
#include "forum/spam_lesson.h"
#include "text/word_list.h"

#define LONG_BODY "Bonjour à tous, ma box redémarre toutes les nuits depuis lundi dernier, merci."

/* Rules on their own ------------------------------------------------------------------- */

static bool catches(struct holding_rule rule, struct holding_text text, struct holding_facts facts)
{
	struct arena *arena = arena_new((size_t)1 << 22);
	struct word_entry entry = { rule.words, 7, WORD_ANY, false };
	struct word_matcher *words = word_matcher_new(&entry, rule.kind == HOLD_WORDS);
	const char *why;
	bool is_caught;

	rule.id = 7;
	if (rule.kind != HOLD_TRUST || rule.trust_most == 0)
		rule.trust_most = 4;
	if (!text.title)
		text.title = "";
	if (!text.body_md)
		text.body_md = LONG_BODY;
	text.language = "fr";
	is_caught = holding_rule_catches(arena, &rule, words, &text, &facts, &why);
	word_matcher_free(words);
	arena_free(arena);
	return is_caught;
}

#define RULE(...)  ((struct holding_rule){ __VA_ARGS__ })
#define TEXT(...)  ((struct holding_text){ __VA_ARGS__ })
#define FACTS(...) ((struct holding_facts){ __VA_ARGS__ })

static void test_each_kind_catches_what_it_says(void **state)
{
	(void)state;
	assert_true(catches(RULE(.kind = HOLD_FIRST_POSTS, .number = 2), TEXT(),
			    FACTS(.post_count = 1)));
	assert_false(catches(RULE(.kind = HOLD_FIRST_POSTS, .number = 2), TEXT(),
			     FACTS(.post_count = 2)));
	assert_true(catches(RULE(.kind = HOLD_LINKS, .number = 2),
			    TEXT(.body_md = "http://a.b www.c.d"), FACTS()));
	assert_false(catches(RULE(.kind = HOLD_LINKS, .number = 2),
			     TEXT(.body_md = "http://www.c.d"), FACTS()));
	assert_true(catches(RULE(.kind = HOLD_HOSTS, .words = "good.fr\nevil.example"),
			    TEXT(.body_md = "see https://WWW.evil.example/x"), FACTS()));
	assert_false(catches(RULE(.kind = HOLD_HOSTS, .words = "evil.example"),
			     TEXT(.body_md = "see https://devil.example/x"), FACTS()));
	assert_true(catches(RULE(.kind = HOLD_WORDS, .words = "arnaqu*"),
			    TEXT(.title = "Quelle @rnaque"), FACTS()));
	assert_false(catches(RULE(.kind = HOLD_WORDS, .words = "arnaqu*"), TEXT(), FACTS()));
	assert_true(catches(RULE(.kind = HOLD_CATEGORY, .words = "4\n12"), TEXT(.category_id = 12),
			    FACTS()));
	assert_false(catches(RULE(.kind = HOLD_CATEGORY, .words = "4\n12"), TEXT(.category_id = 2),
			     FACTS()));
	assert_true(
		catches(RULE(.kind = HOLD_TRUST, .number = 1), TEXT(), FACTS(.trust_level = 0)));
	assert_false(
		catches(RULE(.kind = HOLD_TRUST, .number = 1), TEXT(), FACTS(.trust_level = 1)));
	assert_true(catches(RULE(.kind = HOLD_REPUTATION, .number = 10), TEXT(),
			    FACTS(.reputation = 9)));
	assert_true(catches(RULE(.kind = HOLD_FILL_TIME, .number = 3), TEXT(.fill_seconds = 2),
			    FACTS()));
	assert_false(catches(RULE(.kind = HOLD_FILL_TIME, .number = 3), TEXT(.fill_seconds = 0),
			     FACTS()));
	assert_true(catches(RULE(.kind = HOLD_DORMANT, .number = 180), TEXT(),
			    FACTS(.silent_days = 180)));
	assert_true(catches(RULE(.kind = HOLD_SIMILAR, .number = 60), TEXT(),
			    FACTS(.similar_percent = 61)));
	assert_false(
		catches(RULE(.kind = HOLD_SPAM, .number = 95), TEXT(), FACTS(.spam_percent = 94)));
}

static void test_hours_go_over_midnight(void **state)
{
	(void)state;
	for (int64_t hour = 0; hour < 24; hour++) {
		assert_int_equal(catches(RULE(.kind = HOLD_HOURS, .words = "22-6"), TEXT(),
					 FACTS(.hour = hour)),
				 hour >= 22 || hour < 6);
		assert_int_equal(catches(RULE(.kind = HOLD_HOURS, .words = "9 - 17"), TEXT(),
					 FACTS(.hour = hour)),
				 hour >= 9 && hour < 17);
		assert_false(catches(RULE(.kind = HOLD_HOURS, .words = "night"), TEXT(),
				     FACTS(.hour = hour)));
	}
}

static void test_a_rule_is_for_people_up_to_its_level(void **state)
{
	(void)state;
	assert_true(catches(RULE(.kind = HOLD_TRUST, .number = 5, .trust_most = 2), TEXT(),
			    FACTS(.trust_level = 2)));
	assert_false(catches(RULE(.kind = HOLD_TRUST, .number = 5, .trust_most = 2), TEXT(),
			     FACTS(.trust_level = 3)));
}

/* In the database ------------------------------------------------------------------------ */

static void only_rule(struct ctx *ctx, const char *values)
{
	forum_sql(ctx, "update holding_rules set is_on = false");
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into holding_rules (position, name, is_on, kind, act, number,"
			     " words, message_fr) values (1, 'The rule', true, %s)",
			     values));
}

static enum err ask(struct ctx *ctx, const struct actor *asker, const char *body, int64_t *id,
		    bool *is_held)
{
	struct topic_new form = { .title = FORUM_TITLE,
				  .body_md = body,
				  .language = "fr",
				  .category_id = forum_category(ctx),
				  .is_held = is_held };
	const struct actor *before = ctx->actor;
	const char *path;
	enum err result;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = asker;
	result = topic_create(ctx, &form, id, &path);
	ctx->actor = before;
	return result;
}

static void test_a_held_question_is_its_authors_and_the_teams(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *paul = forum_person(ctx, "Paul", ROLE_CUSTOMER);
	struct actor *advisor = forum_person(ctx, "Lea", ROLE_ADVISOR);
	bool is_held = false;
	struct topic topic;
	int64_t id;

	only_rule(ctx, "'links', 'hold', 1, '', ''");
	assert_ok(ctx, ask(ctx, marie, LONG_BODY " https://spam.example/x", &id, &is_held));
	assert_true(is_held);
	ctx->actor = paul;
	assert_err(ctx, ERR_NOT_FOUND, topic_load(ctx, id, &topic));
	ctx->actor = marie;
	assert_ok(ctx, topic_load(ctx, id, &topic));
	assert_int_equal(topic.visibility, VISIBILITY_HELD);
	ctx->actor = advisor;
	assert_ok(ctx, topic_load(ctx, id, &topic));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where topic_id = $1"
				      " and kind = 'held' and state = 'open'"
				      " and reasons->0->>'code' = 'links'",
				      id),
			 1);
	assert_int_equal(forum_number(ctx,
				      "select question_count::bigint from people where id = $1",
				      marie->id),
			 0);
}

static void test_the_team_is_never_held(void **state)
{
	struct ctx *ctx = *state;
	bool is_held = true;
	int64_t id;

	only_rule(ctx, "'trust', 'hold', 5, '', ''");
	assert_ok(ctx, ask(ctx, forum_person(ctx, "Lea", ROLE_ADVISOR), LONG_BODY, &id, &is_held));
	assert_false(is_held);
}

static void test_a_refusal_has_the_rules_words(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t id;

	only_rule(ctx, "'words', 'refuse', 0, 'casino en ligne', 'Pas de jeux ici.'");
	ctx->language = "fr";
	assert_int_equal(ask(ctx, marie, "Le meilleur c@sino en l1gne est ici, venez !", &id, NULL),
			 ERR_INVALID);
	assert_string_equal(ctx->error.message, "Pas de jeux ici.");
	assert_string_equal(ctx->error.field, "body");
}

static void test_a_mark_publishes_and_tells_the_team(void **state)
{
	struct ctx *ctx = *state;
	bool is_held = true;
	int64_t id;

	only_rule(ctx, "'first_posts', 'mark', 3, '', ''");
	assert_ok(ctx,
		  ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER), LONG_BODY, &id, &is_held));
	assert_false(is_held);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where topic_id = $1"
				      " and kind = 'first_post'",
				      id),
			 1);
}

static void test_an_edit_cannot_bring_in_what_would_be_held(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *paul = forum_person(ctx, "Paul", ROLE_CUSTOMER);
	struct post_edit form = { .body_md = "Voyez https://spam.example/ pour la solution." };
	const char *path;
	int64_t topic;

	forum_sql(ctx, "update holding_rules set is_on = false");
	topic = forum_ask(ctx, paul);
	only_rule(ctx, "'links', 'hold', 1, '', ''");
	form.id = forum_answer(ctx, marie, topic, "Débranchez la box dix secondes.");
	ctx->actor = marie;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(forum_post(ctx, form.id).visibility, VISIBILITY_HELD);
	ctx->actor = paul;
	form.id = forum_question_of(ctx, topic);
	forum_answer(ctx, marie, topic, "Une autre réponse, sans adresse.");
	form.revision_count = 0;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(forum_post(ctx, form.id).visibility, VISIBILITY_VISIBLE);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from moderation_items where post_id = $1",
				      form.id),
			 1);
}

static void test_followers_are_told_when_a_held_answer_is_let_through(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *paul = forum_person(ctx, "Paul", ROLE_CUSTOMER);
	int64_t topic, post;
	const char *told =
		"select count(*) from notifications where kind = 'answer' and post_id = $1";

	forum_sql(ctx, "update holding_rules set is_on = false");
	topic = forum_ask(ctx, paul);
	only_rule(ctx, "'first_posts', 'hold', 1, '', ''");
	post = forum_answer(ctx, marie, topic, "Débranchez la box dix secondes.");
	assert_int_equal(forum_number(ctx, told, post), 0);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update posts set visibility = 'visible' where id = %lld",
				    (long long)post));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from jobs where kind = 'post_released'"
				      " and (payload->>'id')::bigint = $1",
				      post),
			 1);
	ctx->actor = &actor_system;
	assert_ok(ctx, post_announce(ctx, post));
	assert_int_equal(forum_number(ctx, told, post), 1);
}

/* Lessons ------------------------------------------------------------------------------- */

static void judge_as_spam(struct ctx *ctx, int64_t post)
{
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update posts set visibility = 'withdrawn' where id = %lld",
				    (long long)post));
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into moderation_cases (act, post_id, rule, facts, statement,"
			       " is_decided_automatically, complaint_until)"
			       " values ('withdraw', %lld, 'spam', 'x', 'x', true, now())",
			       (long long)post));
	assert_ok(ctx, spam_judge(ctx, post));
}

/* Counts are the sum of what is still known: a lesson forgotten was never learnt. */
static void test_the_oldest_lessons_are_forgotten_wholly(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	const char *totals =
		"select spam::bigint from spam_totals where language = 'fr' and $1 = $1";
	const char *words = "select coalesce(sum(spam), 0)::bigint from spam_tokens where $1 = $1";
	const char *kept = "select count(*) from spam_lessons where post_id = $1";
	int64_t topic = 0, old = 0, fresh = 0, learnt_fresh = 0;

	forum_sql(ctx, "update holding_rules set is_on = false");
	forum_sql(ctx, "delete from spam_lessons");
	forum_sql(ctx, "delete from spam_tokens");
	forum_sql(ctx, "update spam_totals set spam = 0, ham = 0");
	topic = forum_ask(ctx, marie);
	old = forum_answer(ctx, marie, topic,
			   "Gagnez mille euros par jour sans rien faire chez nous.");
	fresh = forum_answer(ctx, marie, topic,
			     "Gagnez mille montres suisses par jour, sans rien payer.");
	ctx->actor = &actor_system;
	judge_as_spam(ctx, fresh);
	learnt_fresh = forum_number(ctx, words, 1);
	judge_as_spam(ctx, old);
	assert_true(forum_number(ctx, words, 1) > learnt_fresh);
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update spam_lessons set learnt_at = learnt_at - interval '1 day'"
			       " where post_id = %lld",
			       (long long)old));
	assert_ok(ctx, spam_forget_lessons(ctx, 1));
	assert_int_equal(forum_number(ctx, kept, old), 0);
	assert_int_equal(forum_number(ctx, kept, fresh), 1);
	assert_int_equal(forum_number(ctx, totals, 1), 1);
	assert_int_equal(forum_number(ctx, words, 1), learnt_fresh);
	assert_ok(ctx, spam_forget_lessons(ctx, 1));
	assert_int_equal(forum_number(ctx, kept, fresh), 1);
}

static void test_decisions_are_learnt_once_and_unlearnt(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	const char *totals =
		"select spam::bigint from spam_totals where language = 'fr' and $1 = $1";
	const char *words = "select coalesce(sum(spam), 0)::bigint from spam_tokens where $1 = $1";
	int64_t before = forum_number(ctx, totals, 1), counted = forum_number(ctx, words, 1);
	int64_t post;

	forum_sql(ctx, "update holding_rules set is_on = false");
	post = forum_answer(ctx, marie, forum_ask(ctx, marie),
			    "Gagnez mille euros par jour sans rien faire du tout chez nous.");
	ctx->actor = &actor_system;
	judge_as_spam(ctx, post);
	assert_ok(ctx, spam_judge(ctx, post));
	assert_int_equal(forum_number(ctx, totals, 1), before + 1);
	assert_true(forum_number(ctx, words, 1) > counted + 10);
	assert_int_equal(
		forum_number(ctx, "select count(*) from removed_texts where post_id = $1", post),
		1);
	forum_sql(ctx, "update moderation_cases set reversed_at = now(), reversal = 'undone'");
	assert_ok(ctx, spam_judge(ctx, post));
	assert_int_equal(forum_number(ctx, totals, 1), before);
	assert_int_equal(forum_number(ctx, words, 1), counted);
	assert_int_equal(
		forum_number(ctx, "select count(*) from removed_texts where post_id = $1", post),
		0);
}

static void test_what_is_like_a_removed_text_is_held(void **state)
{
	struct ctx *ctx = *state;
	struct actor *marie = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	const char *text =
		"Achetez vos montres de luxe à moitié prix sur notre boutique, livraison "
		"offerte pour toute commande passée avant dimanche soir.";
	bool is_held = false;
	int64_t id;

	forum_sql(ctx, "update holding_rules set is_on = false");
	assert_ok(ctx, ask(ctx, marie, text, &id, &is_held));
	assert_false(is_held);
	ctx->actor = &actor_system;
	judge_as_spam(ctx, forum_question_of(ctx, id));
	only_rule(ctx, "'similar', 'hold', 60, '', ''");
	/* The copy of the rules is of an earlier version: the first question reads them. */
	assert_ok(ctx, ask(ctx, marie, LONG_BODY, &id, &is_held));
	assert_false(is_held);
	assert_ok(
		ctx,
		ask(ctx, forum_person(ctx, "Paul", ROLE_CUSTOMER),
		    "Achetez vos MONTRES de luxe à moitié prix sur notre boutique, livraison offerte "
		    "pour toute commande passée avant lundi soir !!",
		    &id, &is_held));
	assert_true(is_held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_each_kind_catches_what_it_says),
		FORUM_TEST(test_hours_go_over_midnight),
		FORUM_TEST(test_a_rule_is_for_people_up_to_its_level),
		FORUM_TEST(test_a_held_question_is_its_authors_and_the_teams),
		FORUM_TEST(test_the_team_is_never_held),
		FORUM_TEST(test_a_refusal_has_the_rules_words),
		FORUM_TEST(test_a_mark_publishes_and_tells_the_team),
		FORUM_TEST(test_an_edit_cannot_bring_in_what_would_be_held),
		FORUM_TEST(test_followers_are_told_when_a_held_answer_is_let_through),
		FORUM_TEST(test_the_oldest_lessons_are_forgotten_wholly),
		FORUM_TEST(test_decisions_are_learnt_once_and_unlearnt),
		FORUM_TEST(test_what_is_like_a_removed_text_is_held),
	};
	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_holding");
}
