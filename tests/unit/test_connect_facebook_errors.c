/* What an answer of the Graph API means: own table, and the fixtures' classes. */
#include "unit.h"

#include "base/clock.h"
#include "connect/facebook_call.h"
#include "connect/facebook_usage.h"
#include "connect_fixture.h"
#include "net/json.h"

static struct fb_error classify(struct fixture *fixture, int status, const char *body)
{
	const char *problem;
	struct fb_error error;

	fb_classify(&fixture->ctx, status, json_read(&fixture->ctx, body, strlen(body), &problem),
		    &error);
	return error;
}

#define ERROR(rest) "{\"error\":{" rest "}}"

static void test_each_code_has_its_class(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum fb_class class;
	} cases[] = {
		{ 200, "{\"data\":[]}", FB_OK },
		{ 200, "true", FB_OK },
		{ 200, "{\"success\":false}", FB_OK },
		{ 200, "false", FB_PERMANENT },
		{ 200, "", FB_RETRY },
		{ 404, "<html>", FB_RETRY },
		{ 429, "slow down", FB_THROTTLE },
		{ 500, "{}", FB_RETRY },
		{ 400, "{}", FB_PERMANENT },
		{ 200, ERROR("\"code\":1"), FB_RETRY },
		{ 500, ERROR("\"code\":1,\"error_subcode\":99"), FB_RETRY },
		{ 500,
		  ERROR("\"code\":1,\"message\":\"Please reduce the amount of data you're asking\""),
		  FB_SHRINK },
		{ 400, ERROR("\"code\":1,\"error_subcode\":5,\"is_transient\":false"),
		  FB_PERMANENT },
		{ 400, ERROR("\"code\":1,\"error_subcode\":5,\"is_transient\":true"), FB_RETRY },
		{ 400, ERROR("\"code\":1,\"error_subcode\":2853006"), FB_OPERATOR },
		{ 400, ERROR("\"code\":\"2\""), FB_RETRY },
		{ 400, ERROR("\"code\":3"), FB_OPERATOR },
		{ 400, ERROR("\"code\":17"), FB_THROTTLE },
		{ 400, ERROR("\"code\":32"), FB_THROTTLE },
		{ 400, ERROR("\"code\":33"), FB_AMBIGUOUS },
		{ 400, ERROR("\"code\":100,\"error_subcode\":33"), FB_AMBIGUOUS },
		{ 400,
		  ERROR("\"code\":100,\"message\":\"(#100) Tried accessing nonexisting field (x)\""),
		  FB_FIELDS },
		{ 400, ERROR("\"code\":100,\"message\":\"Invalid cursor\""), FB_PAGING },
		{ 400, ERROR("\"code\":100"), FB_PERMANENT },
		{ 400, ERROR("\"code\":104"), FB_TOKEN },
		{ 400, ERROR("\"code\":190,\"error_subcode\":2069032"), FB_TOKEN },
		{ 400, ERROR("\"code\":200,\"error_subcode\":2069030"), FB_OPERATOR },
		{ 400, ERROR("\"code\":299"), FB_OPERATOR },
		{ 400, ERROR("\"code\":341"), FB_THROTTLE },
		{ 400, ERROR("\"code\":368,\"error_subcode\":1404082"), FB_DUPLICATE },
		{ 400, ERROR("\"code\":368,\"error_subcode\":4854002"), FB_BLOCKED },
		{ 400, ERROR("\"code\":551"), FB_PERMANENT },
		{ 400, ERROR("\"code\":613,\"error_subcode\":1996"), FB_THROTTLE },
		{ 400, ERROR("\"code\":803"), FB_AMBIGUOUS },
		{ 400, ERROR("\"code\":2500"), FB_PERMANENT },
		{ 400, ERROR("\"code\":1609005"), FB_PERMANENT },
		{ 400, ERROR("\"code\":424242"), FB_PERMANENT },
		{ 500, ERROR("\"code\":424242"), FB_RETRY },
		{ 400, ERROR("\"code\":424242,\"is_transient\":true"), FB_RETRY },
		{ 500, ERROR(""), FB_RETRY },
		{ 400, "{\"error\":\"invalid\",\"error_description\":\"x\"}", FB_RETRY },
		{ 400, "{\"error_code\":190,\"error_msg\":\"x\"}", FB_TOKEN },
		{ 400, "{\"error_type\":\"OAuthException\",\"code\":190,\"error_message\":\"x\"}",
		  FB_TOKEN },
	};
	struct fixture *fixture = fixture_new(*state);

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct fb_error error = classify(fixture, cases[i].status, cases[i].body);

		if (error.class != cases[i].class)
			fail_msg("%s: %s instead of %s", cases[i].body, fb_class_name(error.class),
				 fb_class_name(cases[i].class));
	}
}

static void test_messages_carry_no_token_and_keep_the_trace(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct fb_error error = classify(
		fixture, 400,
		ERROR("\"code\":190,\"error_subcode\":460,\"fbtrace_id\":\"Abc\","
		      "\"message\":\"bad: access_token=EAAB123&x\",\"error_user_msg\":\"Log in.\""));

	assert_string_equal(error.message, "bad: access_token=...&x Log in.");
	assert_string_equal(error.trace_id, "Abc");
	assert_int_equal(error.code, 190);
	assert_int_equal(error.subcode, 460);
}

/* Headers of a fixture as an answer would have them. */
static void take_headers(const json_t *headers, struct http_fetched *fetched)
{
	const char *name;
	json_t *value;

	*fetched = (struct http_fetched){ .outcome = FETCH_ANSWERED };
	json_object_foreach((json_t *)(uintptr_t)headers, name, value)
		fetched->headers[fetched->header_count++] = (struct fetch_pair){
		name, json_string_value(value)
	};
}

static void check_modelled(struct fixture *fixture, const char *name, const json_t *root)
{
	const json_t *body = json_at(root, "body"), *expect = json_at(root, "expect");
	const char *wanted = json_text_at(expect, "class");
	int64_t minutes = json_i64_at(expect, "resume_after_minutes", 0);
	int status = (int)json_i64_at(root, "status", 0);
	struct http_fetched *fetched = arena_new_of(fixture->ctx.arena, struct http_fetched);
	struct fb_error error;
	struct fb_usage usage;
	const char *problem;

	if (json_is_string(body))
		body = json_read(&fixture->ctx, json_string_value(body),
				 strlen(json_string_value(body)), &problem);
	fb_classify(&fixture->ctx, status, body, &error);
	if (strcmp(fb_class_name(error.class), wanted) != 0)
		fail_msg("%s: %s instead of %s", name, fb_class_name(error.class), wanted);
	take_headers(json_at(root, "headers"), fetched);
	fb_usage_read(&fixture->ctx, fetched, &usage);
	assert_int_equal(usage.minutes, minutes);
	fb_usage_apply(&usage, error.class == FB_THROTTLE, 1000, &fixture->source);
	if (minutes)
		assert_int_equal(fixture->source.usage_until, 1000 + minutes * CLOCK_MINUTE);
}

static void test_the_modelled_errors_have_their_expected_classes(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *folder = fixture_shared(*state, "modelled/errors"), *problem;
	const char **names = folder ? fixture_names(*state, folder) : NULL;
	size_t count = 0, length;

	for (; names && names[count]; count++) {
		const char *path = arena_printf(*state, "%s/%s", folder, names[count]);
		const char *text = fixture_read(*state, path, &length);
		const json_t *root = json_read(&fixture->ctx, text, length, &problem);

		assert_non_null(root);
		check_modelled(fixture, names[count], root);
	}
	assert_true(!names || count >= 20);
}

static void test_the_recorded_errors_are_understood(void **state)
{
	static const struct {
		const char *file;
		enum fb_class class;
		int code, subcode;
	} cases[] = {
		{ "errors/pyfacebook.base.error_data.json", FB_AMBIGUOUS, 100, 0 },
		{ "errors/pyfacebook.error.json", FB_OPERATOR, 100, 0 },
		{ "errors/restfb.exampleErrorNew.json", FB_TOKEN, 190, 460 },
		{ "errors/restfb.exampleOauthError.json", FB_PERMANENT, 400, 0 },
		{ "errors/restfb.instagram.ig_login_exception.json", FB_PERMANENT, 2500, 0 },
		{ "errors/restfb.oauthExampleError.json", FB_PERMANENT, 1, 1965014 },
		{ "errors/restfb.threads.exception.json", FB_AMBIGUOUS, 100, 33 },
	};
	struct fixture *fixture = fixture_new(*state);
	size_t length;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		const char *path = fixture_shared(*state, cases[i].file);
		struct fb_error error;

		if (!path)
			continue;
		error = classify(fixture, 400, fixture_read(*state, path, &length));
		if (error.class != cases[i].class || error.code != cases[i].code ||
		    error.subcode != cases[i].subcode)
			fail_msg("%s: %s %d/%d", cases[i].file, fb_class_name(error.class),
				 error.code, error.subcode);
	}
}

static struct fb_usage usage_of(struct fixture *fixture, const char *name, const char *value)
{
	struct http_fetched *fetched = arena_new_of(fixture->ctx.arena, struct http_fetched);
	struct fb_usage usage;

	fetched->headers[0] = (struct fetch_pair){ "X-Other", "1" };
	fetched->headers[1] = (struct fetch_pair){ name, value };
	fetched->header_count = 2;
	fb_usage_read(&fixture->ctx, fetched, &usage);
	return usage;
}

static void test_the_highest_usage_counts(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct fb_usage usage;

	usage = usage_of(fixture, "X-APP-usage",
			 "{\"call_count\":28,\"total_time\":\"91.7\",\"total_cputime\":2}");
	assert_int_equal(usage.percent, 91);
	usage = usage_of(fixture, "x-business-use-case-usage",
			 "{\"1\":[{\"type\":\"pages\",\"call_count\":12},"
			 "{\"call_count\":208,\"estimated_time_to_regain_access\":17}],\"2\":5}");
	assert_int_equal(usage.percent, 208);
	assert_int_equal(usage.minutes, 17);
	usage = usage_of(fixture, "x-page-usage", "[[[");
	assert_true(usage.is_garbled);
	assert_false(usage.is_told);
	usage = usage_of(fixture, "x-app-usage", "{\"call_count\":-5,\"total_time\":{}}");
	assert_int_equal(usage.percent, 0);
}

static void test_usage_stops_calls_only_at_the_limit(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct source *source = &fixture->source;
	struct fb_usage usage = { .is_told = true, .percent = 80, .minutes = 3 };

	fb_usage_apply(&usage, false, 1000, source);
	assert_int_equal(source->usage_percent, 80);
	assert_int_equal(source->usage_until, 0);
	usage.percent = 100;
	fb_usage_apply(&usage, false, 1000, source);
	assert_int_equal(source->usage_until, 1000 + 3 * CLOCK_MINUTE);
	/* Garbage leaves the percentage as it is; nothing at all means far from it. */
	usage = (struct fb_usage){ .is_garbled = true };
	fb_usage_apply(&usage, false, 1000, source);
	assert_int_equal(source->usage_percent, 100);
	usage = (struct fb_usage){ 0 };
	fb_usage_apply(&usage, false, 1000, source);
	assert_int_equal(source->usage_percent, 0);
	assert_int_equal(source->usage_until, 0);
	/* Throttled without a time: how long is for the caller to say. */
	fb_usage_apply(&usage, true, 1000, source);
	assert_int_equal(source->usage_percent, 100);
	assert_int_equal(source->usage_until, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_code_has_its_class),
		TEST(test_messages_carry_no_token_and_keep_the_trace),
		TEST(test_the_modelled_errors_have_their_expected_classes),
		TEST(test_the_recorded_errors_are_understood),
		TEST(test_the_highest_usage_counts),
		TEST(test_usage_stops_calls_only_at_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
