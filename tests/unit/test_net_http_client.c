/*
 * Asking other servers: what is sent, what comes back, and what is refused. The
 * server is a child process on the loopback interface.
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "unit.h"

#include "base/clock.h"
#include "base/ctx.h"
#include "http_stub.h"
#include "net/http_client.h"
#include "net/http_guard.h"

static const struct config config;

static struct ctx ctx_in(struct arena *arena)
{
	return (struct ctx){ .arena = arena, .config = &config };
}

static struct http_fetched fetch(struct arena *arena, const struct http_fetch *question)
{
	struct ctx ctx = ctx_in(arena);
	struct http_fetched fetched;

	http_fetch(&ctx, question, &fetched);
	return fetched;
}

static struct http_fetch local(struct arena *arena, const struct stub *stub, const char *path)
{
	return (struct http_fetch){ .url = arena_printf(arena, "%s%s", stub->url, path),
				    .max_bytes = 100000,
				    .may_be_private = true };
}

/* ---- what is sent and comes back --------------------------------------- */

static void answer_plainly(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	(void)request;
	reply->headers = "X-Usage: one\r\nx-usage: two\r\nFACEBOOK-API-VERSION:v25.0\r\n";
	reply->body = "{\"a\":1}";
}

static void test_a_question_carries_query_header_and_token(void **state)
{
	static const struct fetch_pair query[] = { { "fields", "id,from{id}" }, { "q", "é&=" } };
	static const struct fetch_pair headers[] = { { "If-None-Match", "\"x\"" },
						     { "Bad", "a\r\nInjected: yes" } };
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, answer_plainly);
	question = local(*state, &stub, "/v1/x?a=b");
	question.query = query;
	question.query_count = 2;
	question.headers = headers;
	question.header_count = 2;
	question.bearer = "SECRET";
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_ANSWERED);
	assert_int_equal(fetched.status, 200);
	assert_string_equal(fetched.body, "{\"a\":1}");
	assert_string_equal(stub.shared->requests[0].target,
			    "/v1/x?a=b&fields=id%2Cfrom%7Bid%7D&q=%C3%A9%26%3D");
	assert_non_null(
		strstr(stub.shared->requests[0].headers, "\r\nAuthorization: Bearer SECRET\r\n"));
	assert_non_null(strstr(stub.shared->requests[0].headers, "\r\nIf-None-Match: \"x\"\r\n"));
	assert_null(strstr(stub.shared->requests[0].headers, "Injected"));
	stub_stop(&stub);
}

static void test_headers_are_found_in_any_case_and_when_repeated(void **state)
{
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;
	size_t index = 0;

	stub_start(&stub, answer_plainly);
	question = local(*state, &stub, "/");
	fetched = fetch(*state, &question);
	assert_string_equal(http_fetched_header_next(&fetched, "X-USAGE", &index), "one");
	assert_string_equal(http_fetched_header_next(&fetched, "X-USAGE", &index), "two");
	assert_null(http_fetched_header_next(&fetched, "X-USAGE", &index));
	assert_string_equal(http_fetched_header(&fetched, "facebook-api-version"), "v25.0");
	assert_null(http_fetched_header(&fetched, "etag"));
	stub_stop(&stub);
}

static void test_a_form_is_posted_and_a_delete_is_a_delete(void **state)
{
	static const struct fetch_pair form[] = { { "message", "Grüß dich & mehr\nZeile" } };
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, answer_plainly);
	question = local(*state, &stub, "/x/comments");
	question.method = "POST";
	question.form = form;
	question.form_count = 1;
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_ANSWERED);
	question = local(*state, &stub, "/x");
	question.method = "DELETE";
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_ANSWERED);
	assert_string_equal(stub.shared->requests[0].method, "POST");
	assert_string_equal(stub.shared->requests[0].body,
			    "message=Gr%C3%BC%C3%9F%20dich%20%26%20mehr%0AZeile");
	assert_null(strcasestr(stub.shared->requests[0].headers, "Expect:"));
	assert_string_equal(stub.shared->requests[1].method, "DELETE");
	assert_string_equal(stub.shared->requests[1].body, "");
	stub_stop(&stub);
}

static void test_reads_share_a_connection_and_writes_do_not(void **state)
{
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, answer_plainly);
	question = local(*state, &stub, "/");
	fetch(*state, &question);
	fetch(*state, &question);
	assert_int_equal(stub.shared->requests[0].connection, stub.shared->requests[1].connection);
	question.method = "POST";
	fetch(*state, &question);
	assert_int_not_equal(stub.shared->requests[1].connection,
			     stub.shared->requests[2].connection);
	stub_stop(&stub);
}

/* ---- when it goes wrong ------------------------------------------------ */

static void cut_off(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	reply->is_cut = strcmp(request->target, "/half") != 0;
	reply->is_half = !reply->is_cut;
	reply->body = "0123456789";
}

static void test_a_lost_answer_is_told_from_a_question_never_sent(void **state)
{
	struct http_fetch question;
	struct http_fetched fetched;
	struct stub stub;

	stub_start(&stub, cut_off);
	question = local(*state, &stub, "/comments");
	question.method = "POST";
	assert_int_equal(fetch(*state, &question).outcome, FETCH_LOST);
	/* Once: libcurl would repeat it by itself on a connection that it kept. */
	assert_int_equal(stub.shared->count, 1);
	question = local(*state, &stub, "/half");
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_LOST);
	assert_int_equal(fetched.length, 5);
	stub_stop(&stub);
	/* Nobody listens there any more. */
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_NOT_SENT);
	assert_non_null(fetched.problem);
}

static void answer_slowly(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	(void)request;
	reply->delay_ms = 5000;
	reply->body = "late";
}

static void test_the_time_is_bounded(void **state)
{
	struct http_fetch question;
	struct stub stub;
	int64_t start = clock_monotonic();

	stub_start(&stub, answer_slowly);
	question = local(*state, &stub, "/");
	question.seconds = 1;
	assert_int_equal(fetch(*state, &question).outcome, FETCH_LOST);
	assert_in_range((clock_monotonic() - start) / 1000, 900, 3000);
	stub_stop(&stub);
}

/* 400,000 zeros as zlib packs them: the middle of it is 387 zeros too. */
#define PACKED_LENGTH 410
static const unsigned char packed_head[] = { 0x78, 0xda, 0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00,
					     0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0a, 0x3f, 0xa0 };
static const unsigned char packed_tail[] = { 0xe0, 0x6f, 0x1a, 0xda, 0x00, 0x01 };

static void answer_at_length(int index, const struct stub_request *request,
			     struct stub_reply *reply)
{
	static unsigned char zeros[200000], packed[PACKED_LENGTH];

	(void)index;
	reply->length = sizeof(zeros);
	reply->body = (char *)zeros;
	if (strcmp(request->target, "/packed") != 0)
		return;
	memcpy(packed, packed_head, sizeof(packed_head));
	memcpy(packed + PACKED_LENGTH - sizeof(packed_tail), packed_tail, sizeof(packed_tail));
	reply->headers = "Content-Encoding: deflate\r\n";
	reply->body = (char *)packed;
	reply->length = PACKED_LENGTH;
}

static void test_the_bytes_are_bounded_also_when_packed(void **state)
{
	static const char *const paths[] = { "/long", "/packed" };
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, answer_at_length);
	for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
		question = local(*state, &stub, paths[i]);
		fetched = fetch(*state, &question);
		assert_int_equal(fetched.outcome, FETCH_TOO_LARGE);
		assert_non_null(strstr(fetched.problem, "larger than 100000"));
	}
	question = local(*state, &stub, "/packed");
	question.max_bytes = 500000;
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_ANSWERED);
	assert_int_equal(fetched.length, 400000);
	stub_stop(&stub);
}

static void redirect(int index, const struct stub_request *request, struct stub_reply *reply)
{
	static char headers[256];

	(void)index;
	reply->body = "end";
	if (!strcmp(request->target, "/end"))
		return;
	reply->status = 302;
	snprintf(headers, sizeof(headers), "Location: %s\r\n",
		 !strcmp(request->target, "/file") ? "file:///etc/passwd" : "/end");
	reply->headers = headers;
}

static void test_redirects_are_followed_only_when_asked_for(void **state)
{
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, redirect);
	question = local(*state, &stub, "/start");
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_ANSWERED);
	assert_int_equal(fetched.status, 302);
	question.redirects_max = 2;
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.status, 200);
	assert_string_equal(fetched.body, "end");
	assert_non_null(strstr(fetched.url, "/end"));
	question = local(*state, &stub, "/file");
	question.redirects_max = 2;
	assert_int_equal(fetch(*state, &question).outcome, FETCH_REFUSED);
	stub_stop(&stub);
}

/* ---- what is not asked ------------------------------------------------- */

static void test_private_addresses_are_refused_unless_allowed(void **state)
{
	struct http_fetched fetched;
	struct http_fetch question;
	struct stub stub;

	stub_start(&stub, answer_plainly);
	/* A connection that may be private is there, and must not be used for this. */
	question = local(*state, &stub, "/");
	assert_int_equal(fetch(*state, &question).outcome, FETCH_ANSWERED);
	question.may_be_private = false;
	fetched = fetch(*state, &question);
	assert_int_equal(fetched.outcome, FETCH_REFUSED);
	assert_non_null(strstr(fetched.problem, "private network"));
	question.url = arena_printf(*state, "http://localhost:%d/", stub.port);
	assert_int_equal(fetch(*state, &question).outcome, FETCH_REFUSED);
	question.url = arena_printf(*state, "http://[::ffff:127.0.0.1]:%d/", stub.port);
	assert_int_equal(fetch(*state, &question).outcome, FETCH_REFUSED);
	question.url = arena_printf(*state, "http://2130706433:%d/", stub.port);
	assert_int_equal(fetch(*state, &question).outcome, FETCH_REFUSED);
	assert_int_equal(stub.shared->count, 1);
	stub_stop(&stub);
}

static void test_only_web_addresses_without_a_user_are_asked(void **state)
{
	static const char *const urls[] = { "file:///etc/passwd",    "ftp://example.org/",
					    "gopher://example.org/", "http://user:pw@127.0.0.1/",
					    "nonsense://x",          "http://" };

	for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
		struct http_fetch question = { .url = urls[i],
					       .max_bytes = 1000,
					       .may_be_private = true };
		struct http_fetched fetched = fetch(*state, &question);

		if (fetched.outcome != FETCH_REFUSED)
			fail_msg("%s: outcome %d (%s)", urls[i], (int)fetched.outcome,
				 fetched.problem);
	}
}

static bool is_public(const char *text)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1)
		return http_address_is_public((struct sockaddr *)&ipv4, sizeof(ipv4));
	assert_int_equal(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1);
	return http_address_is_public((struct sockaddr *)&ipv6, sizeof(ipv6));
}

static void test_special_addresses_are_not_public(void **state)
{
	static const char *const private[] = {
		"0.0.0.0",
		"10.1.2.3",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.168.1.1",
		"198.18.0.1",
		"198.19.255.255",
		"224.0.0.1",
		"240.0.0.1",
		"255.255.255.255",
		"203.0.113.9",
		"::",
		"::1",
		"::ffff:10.0.0.1",
		"::ffff:127.0.0.1",
		"fc00::1",
		"fd12::1",
		"fe80::1",
		"ff02::1",
		"64:ff9b::a00:1",
		"2002:a00:1::",
		"2001:0:53aa::1",
		"2001:db8::1",
		"3fff::1",
		"::7f00:1",
		"100::1",
	};
	static const char *const public[] = { "1.1.1.1",         "9.255.255.255",
					      "100.63.255.255",  "100.128.0.1",
					      "172.32.0.1",      "157.240.1.35",
					      "193.0.0.1",       "2a03:2880:f12d::1",
					      "2606:4700::1111", "::ffff:1.1.1.1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(private); i++)
		if (is_public(private[i]))
			fail_msg("%s is taken for public", private[i]);
	for (size_t i = 0; i < ARRAY_COUNT(public); i++)
		if (!is_public(public[i]))
			fail_msg("%s is taken for private", public[i]);
}

/* ---- secrets ----------------------------------------------------------- */

static void test_secrets_are_made_unreadable(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "https://x/y?access_token=EAAB123&a=b", "https://x/y?access_token=...&a=b" },
		{ "a?appsecret_proof=00ff", "a?appsecret_proof=..." },
		{ "u=x%3Faccess_token%3DEAAB&b", "u=x%3Faccess_token%3D...&b" },
		{ "Authorization: Bearer EAAB x", "Authorization: Bearer ... x" },
		{ "{\"access_token\":\"EAAB\",\"a\":1}", "{\"access_token\":\"...\",\"a\":1}" },
		{ "ACCESS_TOKEN=EAAB", "ACCESS_TOKEN=..." },
		{ "nothing secret", "nothing secret" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(http_scrub(*state, cases[i].text), cases[i].expected);
}

static void test_a_place_is_host_and_port(void **state)
{
	assert_string_equal(http_url_place(*state, "https://Graph.Example/x?y"),
			    "graph.example:443");
	assert_string_equal(http_url_place(*state, "http://127.0.0.1:80/"), "127.0.0.1:80");
	assert_string_equal(http_url_place(*state, "http://[::1]:99/"), "[::1]:99");
	assert_null(http_url_place(*state, "ftp://x/"));
	assert_null(http_url_place(*state, "https://graph.example@evil.example/"));
	assert_null(http_url_place(*state, "/path"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_question_carries_query_header_and_token),
		TEST(test_headers_are_found_in_any_case_and_when_repeated),
		TEST(test_a_form_is_posted_and_a_delete_is_a_delete),
		TEST(test_reads_share_a_connection_and_writes_do_not),
		TEST(test_a_lost_answer_is_told_from_a_question_never_sent),
		TEST(test_the_time_is_bounded),
		TEST(test_the_bytes_are_bounded_also_when_packed),
		TEST(test_redirects_are_followed_only_when_asked_for),
		TEST(test_private_addresses_are_refused_unless_allowed),
		TEST(test_only_web_addresses_without_a_user_are_asked),
		TEST(test_special_addresses_are_not_public),
		TEST(test_secrets_are_made_unreadable),
		TEST(test_a_place_is_host_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
