/*
 * IndexNow, against a stand-in: what it is told, what it is not, and that it is left alone
 * when it fails.
 */
#include "forum_fixture.h"

#include "forum/indexnow.h"
#include "forum/site_setting.h"
#include "forum/sitemap.h"
#include "http_stub.h"

static void takes(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	(void)request;
	reply->status = 202;
}

static void fails(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	(void)request;
	reply->status = 503;
}

static void refuses(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	(void)request;
	reply->status = 403;
}

static void switch_to(struct ctx *ctx, const char *value)
{
	forum_sql(ctx, "delete from site_settings where name = 'crawlers.indexnow'");
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into site_settings (name, value)"
				    " values ('crawlers.indexnow', '%s')",
				    value));
	site_settings_hear("site_settings");
	assert_ok(ctx, site_settings_refresh(ctx));
}

static void begin(struct ctx *ctx, struct stub *stub, stub_answer *answer)
{
	struct config *config = arena_new_of(ctx->arena, struct config);

	stub_start(stub, answer);
	*config = *ctx->config;
	config->crawlers.indexnow_url = arena_printf(ctx->arena, "%s/indexnow", stub->url);
	ctx->config = config;
	forum_sql(ctx,
		  "delete from indexnow_marks; delete from sitemap_touches;"
		  "update indexnow_state set failures = 0, closed_until = null, last_error = ''");
	switch_to(ctx, "on");
}

static void learn(struct ctx *ctx)
{
	struct sitemap_run run = { .most = 8 };

	assert_ok(ctx, sitemap_update(ctx, &run));
}

static int64_t send(struct ctx *ctx)
{
	int64_t sent;

	assert_ok(ctx, indexnow_send(ctx, &sent));
	return sent;
}

static int64_t waiting(struct ctx *ctx)
{
	return forum_number(ctx, "select count(*) from indexnow_marks where $1 = 0", 0);
}

static int64_t ask_by(struct ctx *ctx, int level)
{
	struct actor *asker = forum_person(ctx, "Ines", ROLE_CUSTOMER);

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set trust_level = %d where id = %lld",
			       level, (long long)asker->id));
	return forum_ask(ctx, asker);
}

static bool has_topic(struct ctx *ctx, const char *text, int64_t id)
{
	return strstr(text, arena_printf(ctx->arena, "%s/t/%lld-", ctx->config->site.base_url,
					 (long long)id)) != NULL;
}

static void test_it_is_told_of_what_may_be_found_and_of_what_is_gone(void **state)
{
	struct ctx *ctx = *state;
	struct stub stub;
	const char *body;
	int64_t known, newcomers, gone;

	begin(ctx, &stub, takes);
	known = ask_by(ctx, 2);
	newcomers = ask_by(ctx, 0);
	gone = ask_by(ctx, 2);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set visibility = 'withdrawn' where id = %lld",
				    (long long)gone));
	learn(ctx);
	assert_int_equal(waiting(ctx), 3);
	assert_int_equal(send(ctx), 2);
	assert_int_equal(waiting(ctx), 0);
	assert_int_equal(stub.shared->count, 1);
	body = stub.shared->requests[0].body;
	assert_string_equal(stub.shared->requests[0].target, "/indexnow");
	assert_non_null(strstr(stub.shared->requests[0].headers, "application/json"));
	assert_non_null(strstr(body, indexnow_key(ctx)));
	assert_non_null(strstr(body, "/indexnow.txt\""));
	assert_true(has_topic(ctx, body, known));
	assert_true(has_topic(ctx, body, gone));
	assert_false(has_topic(ctx, body, newcomers));
	/* Nothing new: nothing said. */
	assert_int_equal(send(ctx), 0);
	assert_int_equal(stub.shared->count, 1);
	stub_stop(&stub);
}

static void test_off_it_is_told_nothing(void **state)
{
	struct ctx *ctx = *state;
	struct stub stub;

	begin(ctx, &stub, takes);
	switch_to(ctx, "off");
	ask_by(ctx, 2);
	learn(ctx);
	assert_int_equal(waiting(ctx), 0);
	assert_int_equal(send(ctx), 0);
	assert_int_equal(stub.shared->count, 0);
	stub_stop(&stub);
}

static int64_t closed_minutes(struct ctx *ctx)
{
	return forum_number(
		ctx,
		"select coalesce(round(extract(epoch from closed_until - now()) / 60), 0)::bigint\n"
		"from indexnow_state where $1 = 0",
		0);
}

static void test_one_that_fails_is_left_alone_longer_each_time(void **state)
{
	struct ctx *ctx = *state;
	struct stub stub;

	begin(ctx, &stub, fails);
	ask_by(ctx, 2);
	learn(ctx);
	assert_int_equal(send(ctx), 0);
	assert_int_equal(waiting(ctx), 1);
	assert_int_equal(closed_minutes(ctx), 1);
	assert_int_equal(send(ctx), 0);
	assert_int_equal(stub.shared->count, 1);
	forum_sql(ctx, "update indexnow_state set closed_until = now()");
	assert_int_equal(send(ctx), 0);
	assert_int_equal(stub.shared->count, 2);
	assert_int_equal(closed_minutes(ctx), 2);
	stub_stop(&stub);
	begin(ctx, &stub, refuses);
	ask_by(ctx, 2);
	learn(ctx);
	assert_int_equal(send(ctx), 0);
	assert_int_equal(closed_minutes(ctx), 24 * 60);
	stub_stop(&stub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_it_is_told_of_what_may_be_found_and_of_what_is_gone),
		FORUM_TEST(test_off_it_is_told_nothing),
		FORUM_TEST(test_one_that_fails_is_left_alone_longer_each_time),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_indexnow");
}
