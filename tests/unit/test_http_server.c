/*
 * Requests over a real unix socket, through libfcgi and back, as nginx sends
 * them; and how waiting for them ends.
 */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "http_exchange.h"

/* Good requests --------------------------------------------------------------- */

static void test_a_get_request_goes_there_and_back(void **state)
{
	const char *params[] = { GET_PARAMS,
				 "HTTPS=on",
				 "HTTP_COOKIE=a=1; b=2",
				 "HTTP_USER_AGENT=Test/1",
				 "HTTP_ACCEPT_LANGUAGE=fr",
				 "HTTP_REFERER=https://x/",
				 "HTTP_ORIGIN=https://o",
				 "HTTP_SEC_FETCH_SITE=same-origin",
				 "HTTP_IF_NONE_MATCH=\"e\"",
				 "HTTP_X_OTHER=ignored",
				 NULL };
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
	const char *head[] = { "REQUEST_METHOD=HEAD", "REQUEST_URI=/", "ENTRAIDE_PARAMS_END=1",
			       NULL };
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
	fd = exchange(request_of(*state, multipart,
				 "--B\r\nContent-Disposition: form-data;"
				 "name=x\r\n\r\nyes\r\n--B--\r\n"),
		      HTTP_ACCEPT_REQUEST);
	assert_string_equal(http_form(&world.request, "x"), "yes");
	answer(200, "");
	close(fd);
}

static void test_a_request_without_id_gets_one(void **state)
{
	const char *params[] = { "REQUEST_METHOD=GET", "REQUEST_URI=/", "REQUEST_ID=x",
				 "ENTRAIDE_PARAMS_END=1", NULL };
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

/* Notices of other networks: nginx says so, nothing looks into them. */
static void test_a_raw_body_may_be_any_bytes_and_large(void **state)
{
	enum { LENGTH = 300000 };
	const char *raw[] = { POST_PARAMS("text/plain", "300000"), "ENTRAIDE_BODY=raw",
			      "HTTP_X_HUB_SIGNATURE_256=sha256=ab", NULL };
	const char *packed[] = { POST_PARAMS("application/json", "2"), "HTTP_CONTENT_ENCODING=gzip",
				 NULL };
	const char *over[] = { POST_PARAMS("text/plain", "4194305"), "ENTRAIDE_BODY=raw", NULL };
	char *body = arena_alloc(*state, LENGTH + 1);
	struct buf *bytes, *out = wire(*state);
	int status;

	memset(body, '\xff', LENGTH);
	body[LENGTH] = '\0';
	bytes = request_of(*state, raw, body);
	pid_t child = fork();
	if (child == 0) {
		int fd = fastcgi_send(world.path, bytes);
		bool is_good = fastcgi_receive(fd, out);
		_exit(is_good && strcmp(fastcgi_body(out), "all") == 0 ? 0 : 1);
	}
	assert_int_equal(accept_next(5000), HTTP_ACCEPT_REQUEST);
	assert_true(world.request.is_raw);
	assert_int_equal(world.request.body_length, LENGTH);
	assert_memory_equal(world.request.body, body, LENGTH);
	assert_string_equal(world.request.hub_signature, "sha256=ab");
	assert_int_equal(world.request.form.count, 0);
	answer(200, "all");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	expect_refusal(*state, packed, "{}", ERR_UNSUPPORTED);
	expect_refusal(*state, over, "x", ERR_TOO_LARGE);
}

/* Forms with files: the same limit, further up, and looked at before a byte is read. */
static void test_an_upload_may_be_larger_and_is_still_a_form(void **state)
{
	enum { LENGTH = 1000000 };
	const char *over[] = { POST_PARAMS("multipart/form-data; boundary=B", "8388609"),
			       "ENTRAIDE_BODY=upload", NULL };
	struct buf *body = arena_new_of(*state, struct buf), *bytes, *out = wire(*state);
	const char *upload[] = { NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL };
	const struct http_pair *file;
	int status;

	buf_init(body, *state, LENGTH + 1000);
	buf_text(body,
		 "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a b.png\"\r\n\r\n");
	for (int i = 0; i < LENGTH; i++)
		buf_char(body, 'x');
	buf_text(body, "\r\n--B--\r\n");
	const char *params[] = { POST_PARAMS("multipart/form-data; boundary=B", "0"),
				 "ENTRAIDE_BODY=upload", NULL };
	for (size_t i = 0; params[i]; i++)
		upload[i] = strncmp(params[i], "CONTENT_LENGTH=", 15) != 0
				    ? params[i]
				    : arena_printf(*state, "CONTENT_LENGTH=%zu", body->length);
	bytes = request_of(*state, upload, body->data);
	pid_t child = fork();
	if (child == 0) {
		int fd = fastcgi_send(world.path, bytes);
		bool is_good = fastcgi_receive(fd, out);
		_exit(is_good && strcmp(fastcgi_body(out), "all") == 0 ? 0 : 1);
	}
	assert_int_equal(accept_next(5000), HTTP_ACCEPT_REQUEST);
	assert_int_equal(http_files(&world.request, "f", &file, 1), 1);
	assert_int_equal(file->length, LENGTH);
	assert_string_equal(file->file_name, "a b.png");
	assert_int_equal(http_files(&world.request, "g", &file, 1), 0);
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
	kill(getpid(), SIGTERM); /* pending before the wait begins */
	arena_reset(world.arena);
	assert_int_equal(http_accept(world.server, world.arena, &before, &world.should_stop, -1,
				     &world.request, &world.refusal),
			 HTTP_ACCEPT_STOPPED);
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
	close(fd); /* as after kill -9: the file stays */
	assert_int_equal(http_listen(path, "", &other), HTTP_LISTEN_OK);
	close(other);
	unlink(path);
	assert_int_equal(http_listen(path, "no-such-group", &other), HTTP_LISTEN_FAILED);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	assert_int_equal(http_listen(path, "", &other), HTTP_LISTEN_FAILED);
	assert_int_equal(access(path, F_OK), 0); /* never deletes a file */
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
		TEST(test_a_raw_body_may_be_any_bytes_and_large),
		TEST(test_an_upload_may_be_larger_and_is_still_a_form),
		TEST(test_a_large_page_arrives_whole),
		TEST(test_a_client_that_left_hurts_nobody),
		TEST(test_a_request_in_small_pieces_is_put_together),
		TEST(test_stop_now_leaves_the_queue_and_stop_when_idle_serves_it),
		TEST(test_a_signal_ends_the_wait_even_if_it_came_before),
		TEST(test_an_unusable_answer_becomes_a_bare_500),
		TEST(test_listening_refuses_a_busy_socket_and_replaces_a_stale_one),
	};

	return cmocka_run_group_tests(tests, exchange_start, exchange_stop);
}
