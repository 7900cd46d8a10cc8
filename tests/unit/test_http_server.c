/*
 * Requests over a real unix socket, through libfcgi and back: what nginx sends
 * is answered, what would hurt libfcgi never reaches it.
 */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "fastcgi_client.h"
#include "http/http.h"

static struct {
	char folder[64], path[96];
	int listen_fd;
	struct http_server *server;
	struct arena *arena;
	volatile int should_stop;
	struct http_request request;
	enum err refusal;
} world;

static int start(void **state)
{
	(void)state;
	assert_true(crypto_init());
	snprintf(world.folder, sizeof(world.folder), "/tmp/entraide-test-XXXXXX");
	assert_non_null(mkdtemp(world.folder));
	snprintf(world.path, sizeof(world.path), "%s/socket", world.folder);
	assert_int_equal(http_listen(world.path, "", &world.listen_fd), HTTP_LISTEN_OK);
	world.server = http_server_new(world.listen_fd);
	world.arena = arena_new((size_t)8 * 1024 * 1024);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	http_server_free(world.server);
	arena_free(world.arena);
	close(world.listen_fd);
	unlink(world.path);
	rmdir(world.folder);
	return 0;
}

/* Helpers --------------------------------------------------------------------- */

#define GET_PARAMS "REQUEST_METHOD=GET", "REQUEST_URI=/t/1-a?page=2&q=%C3%A9", \
	"REMOTE_ADDR=192.0.2.7", "REQUEST_ID=0123456789abcdef0123456789abcdef", \
	"ENTRAIDE_PARAMS_END=1"
#define POST_PARAMS(type, length) "REQUEST_METHOD=POST", "REQUEST_URI=/ask", \
	"CONTENT_TYPE=" type, "CONTENT_LENGTH=" length, "ENTRAIDE_PARAMS_END=1"
#define URLENCODED "application/x-www-form-urlencoded"

static struct buf *wire(struct arena *arena)
{
	struct buf *buf = arena_new_of(arena, struct buf);

	buf_init(buf, arena, (size_t)4 * 1024 * 1024);
	return buf;
}

static struct buf *request_of(struct arena *arena, const char *const *params,
			      const char *body)
{
	struct buf *bytes = wire(arena);

	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, body, strlen(body));
	return bytes;
}

static enum http_accept_result accept_next(int wait_ms)
{
	arena_reset(world.arena);
	return http_accept(world.server, world.arena, NULL, &world.should_stop,
			   wait_ms, &world.request, &world.refusal);
}

static void answer(int status, const char *body)
{
	struct http_response response = { .status = status,
					  .content_type = "text/html; charset=utf-8" };

	buf_init(&response.headers, world.arena, 10000);
	buf_init(&response.body, world.arena, HTTP_RESPONSE_MAX_BYTES);
	http_header(&response, "X-Test", "1");
	buf_text(&response.body, body);
	http_send(world.server, &world.request, &response);
}

/* Sends and accepts; the answer is left to the test. */
static int exchange(const struct buf *bytes, enum http_accept_result expected)
{
	int fd = fastcgi_send(world.path, bytes);

	assert_true(fd >= 0);
	assert_int_equal(accept_next(100), expected);
	return fd;
}

static void expect_refusal(struct arena *arena, const char *const *params,
			   const char *body, enum err refusal)
{
	struct buf *out = wire(arena);
	int fd = exchange(request_of(arena, params, body), HTTP_ACCEPT_REFUSED);

	assert_int_equal(world.refusal, refusal);
	answer(400, "no");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(fastcgi_body(out), "no");
}

/* The next good request is served, whatever came before it. */
static void expect_alive(struct arena *arena)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct buf *out = wire(arena);
	int fd = exchange(request_of(arena, params, ""), HTTP_ACCEPT_REQUEST);

	answer(200, "alive");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(fastcgi_body(out), "alive");
}

static void expect_dropped(struct arena *arena, const struct buf *bytes)
{
	struct buf *out = wire(arena);
	int fd = fastcgi_send(world.path, bytes);

	assert_true(fd >= 0);
	shutdown(fd, SHUT_WR);
	assert_int_equal(accept_next(50), HTTP_ACCEPT_IDLE);
	assert_false(fastcgi_receive(fd, out));
	assert_int_equal(out->length, 0);
	expect_alive(arena);
}

/* Good requests --------------------------------------------------------------- */

static void test_a_get_request_goes_there_and_back(void **state)
{
	const char *params[] = { GET_PARAMS, "HTTPS=on", "HTTP_COOKIE=a=1; b=2",
		"HTTP_USER_AGENT=Test/1", "HTTP_ACCEPT_LANGUAGE=fr", "HTTP_REFERER=https://x/",
		"HTTP_ORIGIN=https://o", "HTTP_SEC_FETCH_SITE=same-origin",
		"HTTP_IF_NONE_MATCH=\"e\"", "HTTP_X_OTHER=ignored", NULL };
	struct http_request *request = &world.request;
	struct buf *out = wire(*state);
	int fd = exchange(request_of(*state, params, ""), HTTP_ACCEPT_REQUEST);

	assert_int_equal(request->method, HTTP_GET);
	assert_string_equal(request->path, "/t/1-a");
	assert_string_equal(request->query, "page=2&q=%C3%A9");
	assert_string_equal(http_parameter(request, "q"), "é");
	assert_string_equal(http_cookie(request, "b"), "2");
	assert_string_equal(request->client_address, "192.0.2.7");
	assert_string_equal(request->request_id, "0123456789abcdef0123456789abcdef");
	assert_string_equal(request->user_agent, "Test/1");
	assert_string_equal(request->accept_language, "fr");
	assert_string_equal(request->referer, "https://x/");
	assert_string_equal(request->origin, "https://o");
	assert_string_equal(request->sec_fetch_site, "same-origin");
	assert_string_equal(request->if_none_match, "\"e\"");
	assert_string_equal(request->authorization, "");
	assert_string_equal(request->body, "");
	assert_true(request->is_https);
	answer(200, "<p>é</p>");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(out->data, "Status: 200\r\nContent-Type: text/html; charset=utf-8\r\n"
			    "Content-Length: 9\r\nX-Test: 1\r\n\r\n<p>é</p>");
}

static void test_head_and_empty_statuses_have_no_body(void **state)
{
	const char *head[] = { "REQUEST_METHOD=HEAD", "REQUEST_URI=/",
			       "ENTRAIDE_PARAMS_END=1", NULL };
	struct buf *out = wire(*state);
	int fd = exchange(request_of(*state, head, ""), HTTP_ACCEPT_REQUEST);

	assert_int_equal(world.request.method, HTTP_HEAD);
	answer(200, "hidden");
	assert_true(fastcgi_receive(fd, out));
	assert_non_null(strstr(out->data, "Content-Length: 6\r\n"));
	assert_string_equal(fastcgi_body(out), "");
	buf_clear(out);
	fd = exchange(request_of(*state, head, ""), HTTP_ACCEPT_REQUEST);
	answer(304, "hidden");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(out->data, "Status: 304\r\nX-Test: 1\r\n\r\n");
}

static void test_bodies_are_read_by_their_type(void **state)
{
	const char *form[] = { POST_PARAMS(URLENCODED ";charset=UTF-8", "7"), NULL };
	const char *json[] = { POST_PARAMS("application/json", "7"), NULL };
	const char *report[] = { POST_PARAMS("application/reports+json", "7"), NULL };
	const char *multipart[] = { POST_PARAMS("multipart/form-data; boundary=B", "58"), NULL };
	const char *const *raw[] = { json, report };

	int fd = exchange(request_of(*state, form, "a=1&b=2"), HTTP_ACCEPT_REQUEST);
	assert_string_equal(http_form(&world.request, "b"), "2");
	answer(200, "");
	close(fd);
	for (size_t i = 0; i < ARRAY_COUNT(raw); i++) {
		fd = exchange(request_of(*state, raw[i], "{\"a\":1}"), HTTP_ACCEPT_REQUEST);
		assert_int_equal(world.request.form.count, 0);
		assert_int_equal(world.request.body_length, 7);
		assert_string_equal(world.request.body, "{\"a\":1}");
		answer(200, "");
		close(fd);
	}
	fd = exchange(request_of(*state, multipart, "--B\r\nContent-Disposition: form-data;"
				 "name=x\r\n\r\nyes\r\n--B--\r\n"), HTTP_ACCEPT_REQUEST);
	assert_string_equal(http_form(&world.request, "x"), "yes");
	answer(200, "");
	close(fd);
}

static void test_a_request_without_id_gets_one(void **state)
{
	const char *params[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/",
				 "REQUEST_ID=x", "ENTRAIDE_PARAMS_END=1", NULL };
	int fd = exchange(request_of(*state, params, ""), HTTP_ACCEPT_REQUEST);

	assert_int_equal(strlen(world.request.request_id), 32);
	answer(200, "");
	close(fd);
}

/* The largest body is larger than a socket's queue, so it needs a second process. */
static void test_the_largest_body_passes_and_one_byte_more_does_not(void **state)
{
	const char *fits[] = { POST_PARAMS("text/plain", "262144"), NULL };
	const char *over[] = { POST_PARAMS("text/plain", "262145"), NULL };
	char *body = arena_alloc(*state, HTTP_BODY_MAX_BYTES + 2);
	struct buf *bytes, *out = wire(*state);

	memset(body, 'x', HTTP_BODY_MAX_BYTES);
	bytes = request_of(*state, fits, body);
	pid_t child = fork();
	if (child == 0) {
		int fd = fastcgi_send(world.path, bytes);
		bool is_good = fastcgi_receive(fd, out);
		_exit(is_good && strcmp(fastcgi_body(out), "all") == 0 ? 0 : 1);
	}
	int status;
	assert_int_equal(accept_next(5000), HTTP_ACCEPT_REQUEST);
	assert_int_equal(world.request.body_length, HTTP_BODY_MAX_BYTES);
	assert_memory_equal(world.request.body, body, HTTP_BODY_MAX_BYTES);
	answer(200, "all");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	expect_refusal(*state, over, "x", ERR_TOO_LARGE);
}

static void test_a_large_page_arrives_whole(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	char *page = arena_alloc(*state, 1000001);
	struct buf *bytes = request_of(*state, params, ""), *out = wire(*state);

	memset(page, 'p', 1000000);
	pid_t child = fork();
	if (child == 0) {
		int fd = fastcgi_send(world.path, bytes);
		bool is_good = fastcgi_receive(fd, out);
		_exit(is_good && strcmp(fastcgi_body(out), page) == 0 ? 0 : 1);
	}
	int status;
	assert_int_equal(accept_next(5000), HTTP_ACCEPT_REQUEST);
	answer(200, page);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_a_client_that_left_hurts_nobody(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	char *page = arena_alloc(*state, 1000001);
	int fd = fastcgi_send(world.path, request_of(*state, params, ""));

	memset(page, 'p', 1000000);
	close(fd);
	assert_int_equal(accept_next(100), HTTP_ACCEPT_REQUEST);
	answer(200, page);
	expect_alive(*state);
}

/* Refused requests ------------------------------------------------------------ */

static void test_requests_that_break_a_rule_are_refused(void **state)
{
	const char *nothing[] = { NULL };
	const char *no_sentinel[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/", NULL };
	const char *no_method[] = { "REQUEST_URI=/", "ENTRAIDE_PARAMS_END=1", NULL };
	const char *odd_method[] = { "REQUEST_METHOD=get", "REQUEST_URI=/",
				     "ENTRAIDE_PARAMS_END=1", NULL };
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
	const struct { const char *const *params; const char *body; } cases[] = {
		{ nothing, "" }, { no_sentinel, "" }, { no_method, "" }, { odd_method, "" },
		{ no_uri, "" }, { dots, "" }, { bad_query, "" }, { bad_cookie, "" },
		{ bad_agent, "" }, { get_body, "x" }, { bad_length, "" }, { short_body, "a=1" },
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
	const char *agent[] = { GET_PARAMS, arena_printf(*state, "HTTP_USER_AGENT=%s", filler), NULL };
	expect_refusal(*state, agent, "", ERR_BAD_REQUEST);
	filler[HTTP_QUERY_MAX_BYTES + 1] = '\0';
	const char *query[] = { "REQUEST_METHOD=GET", "ENTRAIDE_PARAMS_END=1",
				arena_printf(*state, "REQUEST_URI=/?%s", filler), NULL };
	expect_refusal(*state, query, "", ERR_BAD_REQUEST);
}

static void test_a_nul_or_equals_sign_in_a_parameter_name_is_refused(void **state)
{
	static const struct { const char *pair; size_t length; } cases[] = {
		{ "\x06\x01" "HTTP_A\0", 9 }, { "\x06\x01" "HTT\0_A1", 9 }, { "\x06\x01" "HTT=_A1", 9 },
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

	expect_dropped(*state, bytes);                          /* nothing at all */
	buf_text(bytes, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");   /* another protocol */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);                                   /* cut off after BEGIN */
	expect_dropped(*state, bytes);
	fastcgi_record(bytes, RECORD_ABORT, NULL, 0);           /* ABORT for PARAMS */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_stdin(bytes, "body", 4);                        /* STDIN for PARAMS */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_record(bytes, RECORD_ABORT, NULL, 0);           /* ABORT for STDIN */
	expect_dropped(*state, bytes);
	buf_clear(bytes);
	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, "", 0);
	bytes->data[9] = 2;                                     /* another role */
	expect_dropped(*state, bytes);
}

static void test_lengths_that_abort_libfcgi_are_dropped(void **state)
{
	static const char *const pairs[] = {
		"\xc0\x00\x00\x00\xc0\x00\x00\x00" "a", "\xff\xff\xff\xfe\xff\xff\xff\xfe" "a",
		"\xff\xff\xff\xff\x01" "a", "\x01\x05" "ab", "\x80\x00",
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
	bytes->data[3] = 0;             /* a management record: request 0 */
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

static void test_a_request_in_small_pieces_is_put_together(void **state)
{
	const char *params[] = { POST_PARAMS(URLENCODED, "7"), NULL };
	struct buf *bytes = request_of(*state, params, "a=1&b=2"), *out = wire(*state);
	struct buf piece = { .data = bytes->data, .length = 3 };

	pid_t child = fork();
	if (child == 0) {
		int fd = fastcgi_send(world.path, &piece);
		for (size_t at = 3; at < bytes->length; at += 5) {
			size_t length = bytes->length - at < 5 ? bytes->length - at : 5;
			usleep(1000);
			if (send(fd, bytes->data + at, length, 0) != (ssize_t)length)
				_exit(1);
		}
		_exit(fastcgi_receive(fd, out) ? 0 : 1);
	}
	int status;
	assert_int_equal(accept_next(5000), HTTP_ACCEPT_REQUEST);
	assert_string_equal(http_form(&world.request, "b"), "2");
	answer(200, "");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Stopping, and the socket ------------------------------------------------------ */

static void test_stop_now_leaves_the_queue_and_stop_when_idle_serves_it(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct buf *out = wire(*state);
	int fd = fastcgi_send(world.path, request_of(*state, params, ""));

	world.should_stop = HTTP_STOP_NOW;
	assert_int_equal(accept_next(-1), HTTP_ACCEPT_STOPPED);
	world.should_stop = HTTP_STOP_WHEN_IDLE;
	assert_int_equal(accept_next(-1), HTTP_ACCEPT_REQUEST);
	answer(200, "late");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(fastcgi_body(out), "late");
	assert_int_equal(accept_next(-1), HTTP_ACCEPT_STOPPED);
	world.should_stop = HTTP_STOP_NOT;
}

static void on_signal(int number)
{
	(void)number;
	world.should_stop = HTTP_STOP_NOW;
}

static void test_a_signal_ends_the_wait_even_if_it_came_before(void **state)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked, before;

	(void)state;
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	kill(getpid(), SIGTERM);        /* pending before the wait begins */
	arena_reset(world.arena);
	assert_int_equal(http_accept(world.server, world.arena, &before, &world.should_stop,
				     -1, &world.request, &world.refusal), HTTP_ACCEPT_STOPPED);
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGTERM, SIG_DFL);
	world.should_stop = HTTP_STOP_NOT;
}

static void test_an_unusable_answer_becomes_a_bare_500(void **state)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct http_response response = { .status = 200, .content_type = "text/html" };
	struct buf *out = wire(*state);
	int fd = exchange(request_of(*state, params, ""), HTTP_ACCEPT_REQUEST);

	buf_init(&response.headers, world.arena, 100);
	buf_init(&response.body, world.arena, 5);
	buf_text(&response.body, "too long");
	http_send(world.server, &world.request, &response);
	assert_true(fastcgi_receive(fd, out));
	assert_memory_equal(out->data, "Status: 500\r\n", 13);
}

static void test_listening_refuses_a_busy_socket_and_replaces_a_stale_one(void **state)
{
	char *path = arena_printf(*state, "%s/second", world.folder);
	struct stat status;
	int fd, other;

	assert_int_equal(http_listen(path, "", &fd), HTTP_LISTEN_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0660);
	assert_int_equal(http_listen(path, "", &other), HTTP_LISTEN_BUSY);
	close(fd);                      /* as after kill -9: the file stays */
	assert_int_equal(http_listen(path, "", &other), HTTP_LISTEN_OK);
	close(other);
	unlink(path);
	assert_int_equal(http_listen(path, "no-such-group", &other), HTTP_LISTEN_FAILED);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	assert_int_equal(http_listen(path, "", &other), HTTP_LISTEN_FAILED);
	assert_int_equal(access(path, F_OK), 0);        /* never deletes a file */
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_get_request_goes_there_and_back),
		TEST(test_head_and_empty_statuses_have_no_body),
		TEST(test_bodies_are_read_by_their_type),
		TEST(test_a_request_without_id_gets_one),
		TEST(test_the_largest_body_passes_and_one_byte_more_does_not),
		TEST(test_a_large_page_arrives_whole),
		TEST(test_a_client_that_left_hurts_nobody),
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
		TEST(test_a_request_in_small_pieces_is_put_together),
		TEST(test_stop_now_leaves_the_queue_and_stop_when_idle_serves_it),
		TEST(test_a_signal_ends_the_wait_even_if_it_came_before),
		TEST(test_an_unusable_answer_becomes_a_bare_500),
		TEST(test_listening_refuses_a_busy_socket_and_replaces_a_stale_one),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
