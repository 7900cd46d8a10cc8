/*
 * The spam service, against a stand-in that answers as Akismet's public documentation
 * says: which parameters a call must have, the words of its answers, its headers.
 */
#include "forum_fixture.h"

#include "forum/holding.h"
#include "forum/site_setting.h"
#include "forum/spam_lesson.h"
#include "forum/spam_service.h"
#include "http_stub.h"

#define KEY "0123456789ab"

static bool has(const char *body, const char *pair)
{
	for (const char *at = strstr(body, pair); at; at = strstr(at + 1, pair))
		if (at == body || at[-1] == '&')
			return true;
	return false;
}

static void refuse(struct stub_reply *reply, const char *help)
{
	static char headers[200];

	snprintf(headers, sizeof(headers), "X-akismet-debug-help: %s\r\n", help);
	reply->headers = headers;
	reply->body = "invalid";
}

/* comment-check: "true" for the documentation's guaranteed author, else "false". */
static void check(const struct stub_request *request, struct stub_reply *reply)
{
	reply->body = strstr(request->body, "comment_author=viagra-test-123") ? "true" : "false";
	if (strstr(request->body, "surely"))
		reply->headers = "X-akismet-pro-tip: discard\r\n";
}

static void akismet(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	reply->body = "invalid";
	if (strcmp(request->method, "POST") != 0 || !has(request->body, "blog=http")) {
		refuse(reply, "Empty \"blog\" value");
		return;
	}
	if (strcmp(request->target, "/1.1/verify-key") == 0) {
		reply->body = has(request->body, "key=" KEY) ? "valid" : "invalid";
		return;
	}
	if (!has(request->body, "api_key=" KEY)) {
		refuse(reply, "We were unable to parse your api_key");
		return;
	}
	if (!has(request->body, "user_ip=")) {
		refuse(reply, "Empty \"user_ip\" value");
		return;
	}
	if (strcmp(request->target, "/1.1/comment-check") == 0)
		check(request, reply);
	else if (strcmp(request->target, "/1.1/submit-spam") == 0 ||
		 strcmp(request->target, "/1.1/submit-ham") == 0)
		reply->body = "Thanks for making the web a better place.";
	else
		reply->status = 404;
}

static void broken(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	if (strcmp(request->target, "/1.1/verify-key") == 0)
		reply->body = "valid";
	else
		reply->status = 500;
}

static void slow(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	reply->body = strcmp(request->target, "/1.1/verify-key") == 0 ? "valid" : "false";
	reply->delay_ms = strcmp(request->target, "/1.1/verify-key") == 0 ? 0 : 3000;
}

/* A site that asks the stand-in, with its state as it is on the first day. */
static void begin(struct ctx *ctx, struct stub *stub, stub_answer *answer, const char *key)
{
	struct config *config = arena_new_of(ctx->arena, struct config);

	stub_start(stub, answer);
	*config = *ctx->config;
	config->spam.service_url = arena_printf(ctx->arena, "%s/1.1", stub->url);
	config->spam.service_key = key;
	ctx->config = config;
	forum_sql(ctx, "update holding_rules set is_on = false;"
		       "delete from spam_service_checks; delete from spam_service_state;"
		       "insert into spam_service_state default values;"
		       "delete from jobs where kind like 'spam%';"
		       "delete from site_settings where name like 'spam.%';"
		       "insert into site_settings (name, value) values ('spam.service', 'on'),"
		       " ('spam.service_seconds', '1')");
	site_settings_hear("site_settings");
	assert_ok(ctx, site_settings_refresh(ctx));
}

static void end(struct ctx *ctx, struct stub *stub)
{
	stub_stop(stub);
	forum_sql(ctx, "delete from site_settings where name like 'spam.%'");
	site_settings_hear("site_settings");
	assert_ok(ctx, site_settings_refresh(ctx));
}

static int64_t answer_by(struct ctx *ctx, const char *name, const char *body)
{
	struct actor *asker = forum_person(ctx, "Asks", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, name, ROLE_CUSTOMER);

	return forum_answer(ctx, writer, forum_ask(ctx, asker), body);
}

static int64_t queued(struct ctx *ctx, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from jobs where kind = '%s' and $1 = 1",
					 kind),
			    1);
}

static int64_t items_of(struct ctx *ctx, int64_t post_id)
{
	return forum_number(ctx,
			    "select count(*) from moderation_items where post_id = $1"
			    " and state = 'open' and reasons->0->>'code' like 'service%'",
			    post_id);
}

static bool asked(const struct stub *stub, const char *target)
{
	for (int i = 0; i < stub->shared->count; i++)
		if (strcmp(stub->shared->requests[i].target, target) == 0)
			return true;
	return false;
}

static void test_writing_queues_a_question_and_waits_for_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct actor *regular = forum_person(ctx, "Regular", ROLE_CUSTOMER);
	struct stub stub;

	begin(ctx, &stub, akismet, KEY);
	answer_by(ctx, "Newcomer", FORUM_BODY);
	assert_int_equal(queued(ctx, "spam_check"), 2);
	assert_int_equal(stub.shared->count, 0);
	regular->trust_level = 2;
	forum_sql(ctx, "delete from jobs where kind = 'spam_check'");
	forum_ask(ctx, regular);
	assert_int_equal(queued(ctx, "spam_check"), 0);
	end(ctx, &stub);
	forum_ask(ctx, forum_person(ctx, "Later", ROLE_CUSTOMER));
	assert_int_equal(queued(ctx, "spam_check"), 0);
}

static void test_what_the_service_takes_for_spam_comes_before_the_team(void **state)
{
	struct ctx *ctx = *state;
	const char *score = "select (score * 10)::bigint from moderation_items where post_id = $1";
	int64_t fine, spam, sure;
	struct stub stub;

	begin(ctx, &stub, akismet, KEY);
	fine = answer_by(ctx, "Newcomer", FORUM_BODY);
	spam = answer_by(ctx, "viagra-test-123", "Buy this, it is very cheap today for all.");
	sure = answer_by(ctx, "viagra-test-123", "Buy this, it is surely cheap today for all.");
	assert_ok(ctx, spam_service_check(ctx, fine));
	assert_ok(ctx, spam_service_check(ctx, spam));
	assert_ok(ctx, spam_service_check(ctx, sure));
	assert_int_equal(items_of(ctx, fine), 0);
	assert_int_equal(items_of(ctx, spam), 1);
	assert_int_equal(forum_number(ctx, score, spam), 60);
	assert_int_equal(forum_number(ctx, score, sure), 90);
	/* It hides nothing by itself. */
	assert_int_equal(forum_post(ctx, sure).visibility, VISIBILITY_VISIBLE);
	/* The key was shown once, before the first question. */
	assert_string_equal(stub.shared->requests[0].target, "/1.1/verify-key");
	assert_int_equal(stub.shared->count, 4);
	assert_true(has(stub.shared->requests[1].body, "comment_type=reply"));
	assert_null(strstr(stub.shared->requests[1].body, "email"));
	assert_null(strstr(stub.shared->requests[1].body, "%40"));
	end(ctx, &stub);
}

static struct spam_service_state state_of(struct ctx *ctx)
{
	struct spam_service_state state;
	struct rows rows;

	spam_service_add_state(ctx, &rows);
	assert_ok(ctx, db_run(ctx));
	spam_service_read_state(ctx, &rows, &state);
	return state;
}

static void decide(struct ctx *ctx, int64_t post_id)
{
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "update moderation_items set state = 'decided', decision = 'approve',"
			     " decided_at = now() where post_id = %lld",
			     (long long)post_id));
	assert_ok(ctx, spam_judge(ctx, post_id));
	assert_ok(ctx, spam_service_add_tell(ctx, post_id));
}

static void test_the_service_is_told_when_the_team_saw_it_otherwise(void **state)
{
	struct ctx *ctx = *state;
	struct spam_service_state shown;
	int64_t post_id;
	struct stub stub;

	begin(ctx, &stub, akismet, KEY);
	post_id = answer_by(ctx, "viagra-test-123", "My name is odd, but my box is slow as well.");
	assert_ok(ctx, spam_service_check(ctx, post_id));
	decide(ctx, post_id);
	assert_int_equal(queued(ctx, "spam_tell"), 1);
	assert_ok(ctx, spam_service_tell(ctx, post_id));
	assert_true(asked(&stub, "/1.1/submit-ham"));
	assert_false(asked(&stub, "/1.1/submit-spam"));
	/* Once is enough. */
	assert_ok(ctx, spam_service_tell(ctx, post_id));
	assert_int_equal(stub.shared->count, 3);
	shown = state_of(ctx);
	assert_true(shown.has_key && shown.is_on && shown.asked_at > 0);
	assert_int_equal(shown.checks, 1);
	assert_int_equal(shown.spam, 1);
	assert_int_equal(shown.wrong, 1);
	assert_int_equal(shown.failures + shown.closed_minutes, 0);
	end(ctx, &stub);
}

static void test_a_service_that_fails_is_left_alone_for_a_while(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id;
	struct stub stub;

	begin(ctx, &stub, broken, KEY);
	post_id = answer_by(ctx, "Newcomer", FORUM_BODY);
	for (int i = 0; i < SPAM_SERVICE_FAILURES_MOST; i++) {
		assert_err(ctx, ERR_UNAVAILABLE, spam_service_check(ctx, post_id));
		error_clear(ctx);
	}
	assert_int_equal(stub.shared->count, 1 + SPAM_SERVICE_FAILURES_MOST);
	forum_sql(ctx, "delete from jobs where kind = 'spam_check'");
	assert_ok(ctx, spam_service_check(ctx, post_id));
	assert_int_equal(stub.shared->count, 1 + SPAM_SERVICE_FAILURES_MOST);
	assert_int_equal(state_of(ctx).failures, SPAM_SERVICE_FAILURES_MOST);
	assert_int_equal(state_of(ctx).closed_minutes, SPAM_SERVICE_CLOSED_MINUTES);
	assert_true(state_of(ctx).last_error[0]);
	/* Asked later, not forgotten. */
	assert_int_equal(queued(ctx, "spam_check"), 1);
	forum_sql(ctx, "update spam_service_state set closed_until = now() - interval '1 second'");
	assert_err(ctx, ERR_UNAVAILABLE, spam_service_check(ctx, post_id));
	error_clear(ctx);
	assert_int_equal(stub.shared->count, 2 + SPAM_SERVICE_FAILURES_MOST);
	end(ctx, &stub);
}

static void test_a_slow_service_is_waited_for_as_long_as_the_setting_says(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id, began;
	struct stub stub;

	begin(ctx, &stub, slow, KEY);
	post_id = answer_by(ctx, "Newcomer", FORUM_BODY);
	began = clock_monotonic();
	assert_err(ctx, ERR_UNAVAILABLE, spam_service_check(ctx, post_id));
	error_clear(ctx);
	assert_true(clock_monotonic() - began < 2500 * (CLOCK_SECOND / 1000));
	end(ctx, &stub);
}

static void test_a_key_that_is_refused_is_not_shown_again_at_once(void **state)
{
	struct ctx *ctx = *state;
	int64_t post_id;
	struct stub stub;

	begin(ctx, &stub, akismet, "another key");
	post_id = answer_by(ctx, "Newcomer", FORUM_BODY);
	assert_err(ctx, ERR_UNAVAILABLE, spam_service_check(ctx, post_id));
	error_clear(ctx);
	assert_ok(ctx, spam_service_check(ctx, post_id));
	assert_int_equal(stub.shared->count, 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from spam_service_state where $1 = 1"
				      " and last_error like '%not valid%'",
				      1),
			 1);
	end(ctx, &stub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_writing_queues_a_question_and_waits_for_nothing),
		FORUM_TEST(test_what_the_service_takes_for_spam_comes_before_the_team),
		FORUM_TEST(test_the_service_is_told_when_the_team_saw_it_otherwise),
		FORUM_TEST(test_a_service_that_fails_is_left_alone_for_a_while),
		FORUM_TEST(test_a_slow_service_is_waited_for_as_long_as_the_setting_says),
		FORUM_TEST(test_a_key_that_is_refused_is_not_shown_again_at_once),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_spam_service");
}
