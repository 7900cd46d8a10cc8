/*
 * Requests that must not come in: refused with the right error where nginx's
 * client is to blame, dropped where it is not nginx that speaks.
 */
#include "unit.h"

#include "base/clock.h"
#include "http_exchange.h"

/* Refused requests ------------------------------------------------------------ */

static void test_requests_that_break_a_rule_are_refused(void **state)
{
	const char *nothing[] = { NULL };
	const char *no_sentinel[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/", NULL };
	const char *no_method[] = { "REQUEST_URI=/", "ENTRAIDE_PARAMS_END=1", NULL };
	const char *odd_method[] = { "REQUEST_METHOD=get", "REQUEST_URI=/", "ENTRAIDE_PARAMS_END=1",
				     NULL };
	const char *no_uri[] = { "REQUEST_METHOD=GET", "ENTRAIDE_PARAMS_END=1", NULL };
	const char *dots[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/static/../x",
			       "ENTRAIDE_PARAMS_END=1", NULL };
	const char *bad_query[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/?a=%00",
				    "ENTRAIDE_PARAMS_END=1", NULL };
	const char *bad_cookie[] = { GET_PARAMS, "HTTP_COOKIE=a=\xff", NULL };
	const char *bad_agent[] = { GET_PARAMS, "HTTP_USER_AGENT=a\rb", NULL };
	const char *get_body[] = { GET_PARAMS, "CONTENT_LENGTH=1", NULL };
	const char *bad_length[] = { POST_PARAMS(URLENCODED, "-1"), NULL };
	const char *short_body[] = { POST_PARAMS(URLENCODED, "9"), NULL };
	const char *long_body[] = { POST_PARAMS(URLENCODED, "3"), NULL };
	const char *bad_form[] = { POST_PARAMS(URLENCODED, "5"), NULL };
	const char *bad_json[] = { POST_PARAMS("application/json", "5"), NULL };
	const struct {
		const char *const *params;
		const char *body;
	} cases[] = {
		{ nothing, "" },          { no_sentinel, "" },   { no_method, "" },
		{ odd_method, "" },       { no_uri, "" },        { dots, "" },
		{ bad_query, "" },        { bad_cookie, "" },    { bad_agent, "" },
		{ get_body, "x" },        { bad_length, "" },    { short_body, "a=1" },
		{ long_body, "a=1&b=2" }, { bad_form, "a=%00" }, { bad_json, "\"\xff..\"" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		expect_refusal(*state, cases[i].params, cases[i].body, ERR_BAD_REQUEST);
}

static void test_too_large_and_unknown_types_say_so(void **state)
{
	const char *large[] = { POST_PARAMS(URLENCODED, "262145"), NULL };
	const char *huge[] = { POST_PARAMS(URLENCODED, "99999999999999999999999"), NULL };
	const char *xml[] = { POST_PARAMS("application/xml", "4"), NULL };
	const char *none[] = { POST_PARAMS("", "4"), NULL };

	expect_refusal(*state, large, "", ERR_TOO_LARGE);
	expect_refusal(*state, huge, "", ERR_TOO_LARGE);
	expect_refusal(*state, xml, "<a/>", ERR_UNSUPPORTED);
	expect_refusal(*state, none, "a=12", ERR_UNSUPPORTED);
}

static void test_overlong_headers_and_queries_are_refused(void **state)
{
	char *filler = arena_alloc(*state, HTTP_HEADER_MAX_BYTES + 2);

	memset(filler, 'a', HTTP_HEADER_MAX_BYTES + 1);
	const char *agent[] = { GET_PARAMS, arena_printf(*state, "HTTP_USER_AGENT=%s", filler),
				NULL };
	expect_refusal(*state, agent, "", ERR_BAD_REQUEST);
	filler[HTTP_QUERY_MAX_BYTES + 1] = '\0';
	const char *query[] = { "REQUEST_METHOD=GET", "ENTRAIDE_PARAMS_END=1",
				arena_printf(*state, "REQUEST_URI=/?%s", filler), NULL };
	expect_refusal(*state, query, "", ERR_BAD_REQUEST);
}

static void test_a_nul_or_equals_sign_in_a_parameter_name_is_refused(void **state)
{
	static const struct {
		const char *pair;
		size_t length;
	} cases[] = {
		{ "\x06\x01"
		  "HTTP_A\0",
		  9 },
		{ "\x06\x01"
		  "HTT\0_A1",
		  9 },
		{ "\x06\x01"
		  "HTT=_A1",
		  9 },
	};
	const char *params[] = { GET_PARAMS, NULL };

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct buf *bytes = wire(*state), *out = wire(*state);

		fastcgi_begin(bytes);
		fastcgi_record(bytes, RECORD_PARAMS, cases[i].pair, cases[i].length);
		fastcgi_params(bytes, params);
		fastcgi_stdin(bytes, "", 0);
		int fd = exchange(bytes, HTTP_ACCEPT_REFUSED);
		assert_int_equal(world.refusal, ERR_BAD_REQUEST);
		answer(400, "no");
		assert_true(fastcgi_receive(fd, out));
	}
}

/* What is not FastCGI, and what hurts libfcgi ---------------------------------- */

static void test_malformed_records_are_dropped(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct buf *bytes = wire(*state);

	expect_dropped(*state, bytes);                        /* nothing at all */
	buf_text(bytes, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); /* another protocol */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes); /* cut off after BEGIN */
	expect_dropped(*state, bytes);
	fastcgi_record(bytes, RECORD_ABORT, NULL, 0); /* ABORT for PARAMS */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_stdin(bytes, "body", 4); /* STDIN for PARAMS */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_record(bytes, RECORD_ABORT, NULL, 0); /* ABORT for STDIN */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, "", 0);
	bytes->data[9] = 2; /* another role */
	expect_dropped(*state, bytes);
}

static void test_lengths_that_abort_libfcgi_are_dropped(void **state)
{
	static const char *const pairs[] = {
		"\xc0\x00\x00\x00\xc0\x00\x00\x00"
		"a",
		"\xff\xff\xff\xfe\xff\xff\xff\xfe"
		"a",
		"\xff\xff\xff\xff\x01"
		"a",
		"\x01\x05"
		"ab",
		"\x80\x00",
	};
	static const size_t lengths[] = { 9, 9, 6, 4, 2 };

	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
		struct buf *bytes = wire(*state);

		fastcgi_begin(bytes);
		fastcgi_record(bytes, RECORD_PARAMS, pairs[i], lengths[i]);
		fastcgi_record(bytes, RECORD_PARAMS, NULL, 0);
		fastcgi_stdin(bytes, "", 0);
		expect_dropped(*state, bytes);
	}
}

/* FCGI_GET_VALUES with one name 200 times smashes libfcgi's stack. */
static void test_get_values_never_reaches_libfcgi(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct buf *values = wire(*state), *bytes = wire(*state);

	for (int i = 0; i < 200; i++)
		fastcgi_pair(values, "FCGI_MAX_CONNS", "");
	fastcgi_record(bytes, RECORD_GET_VALUES, values->data, values->length);
	bytes->data[3] = 0; /* a management record: request 0 */
	struct buf *later = wire(*state);
	fastcgi_begin(later);
	fastcgi_params(later, params);
	buf_bytes(later, bytes->data, bytes->length);
	expect_dropped(*state, later);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, "", 0);
	expect_dropped(*state, bytes);
}

/* There libfcgi reads the padding as records; the guard must not be led astray. */
static void test_padding_where_libfcgi_forgets_it_is_dropped(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	static const char hidden[8] = { 1, RECORD_GET_VALUES };
	struct buf *bytes = wire(*state);

	fastcgi_begin(bytes);
	bytes->data[6] = sizeof(hidden);
	buf_bytes(bytes, hidden, sizeof(hidden));
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, "", 0);
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	bytes->data[bytes->length - 2] = sizeof(hidden);
	buf_bytes(bytes, hidden, sizeof(hidden));
	fastcgi_stdin(bytes, "", 0);
	expect_dropped(*state, bytes);
}

static void test_too_many_or_too_large_parameters_are_dropped(void **state)
{
	char *filler = arena_alloc(*state, 30001);
	struct buf *pairs = wire(*state), *bytes = wire(*state);

	for (int i = 0; i < 300; i++)
		fastcgi_pair(pairs, "HTTP_X", "1");
	fastcgi_begin(bytes);
	fastcgi_record(bytes, RECORD_PARAMS, pairs->data, pairs->length);
	fastcgi_params(bytes, (const char *[]){ GET_PARAMS, NULL });
	fastcgi_stdin(bytes, "", 0);
	expect_dropped(*state, bytes);
	memset(filler, 'a', 30000);
	buf_clear(pairs);
	fastcgi_pair(pairs, "HTTP_X", filler);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	for (int i = 0; i < 3; i++)
		fastcgi_record(bytes, RECORD_PARAMS, pairs->data, pairs->length);
	fastcgi_params(bytes, (const char *[]){ GET_PARAMS, NULL });
	fastcgi_stdin(bytes, "", 0);
	expect_dropped(*state, bytes);
}

/* A silent peer holds a worker for 2 s and no longer, wherever it fell silent. */
static void test_silence_is_given_up(void **state)
{
	struct buf *bytes = wire(*state);
	int64_t before = clock_monotonic();

	fastcgi_begin(bytes);
	int fd = fastcgi_send(world.path, bytes);
	assert_int_equal(accept_next(50), HTTP_ACCEPT_IDLE);
	assert_true(clock_monotonic() - before < 3 * CLOCK_SECOND);
	close(fd);
	expect_alive(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_requests_that_break_a_rule_are_refused),
		TEST(test_too_large_and_unknown_types_say_so),
		TEST(test_overlong_headers_and_queries_are_refused),
		TEST(test_a_nul_or_equals_sign_in_a_parameter_name_is_refused),
		TEST(test_malformed_records_are_dropped),
		TEST(test_lengths_that_abort_libfcgi_are_dropped),
		TEST(test_get_values_never_reaches_libfcgi),
		TEST(test_padding_where_libfcgi_forgets_it_is_dropped),
		TEST(test_too_many_or_too_large_parameters_are_dropped),
		TEST(test_silence_is_given_up),
	};

	return cmocka_run_group_tests(tests, exchange_start, exchange_stop);
}
