/* See http_exchange.h. */
#include "http_exchange.h"

#include <sys/socket.h>

#include "base/crypto.h"
#include "unit.h"

struct exchange_world world;

int exchange_start(void **state)
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

int exchange_stop(void **state)
{
	(void)state;
	http_server_free(world.server);
	arena_free(world.arena);
	close(world.listen_fd);
	unlink(world.path);
	rmdir(world.folder);
	return 0;
}

struct buf *wire(struct arena *arena)
{
	struct buf *buf = arena_new_of(arena, struct buf);

	buf_init(buf, arena, (size_t)4 * 1024 * 1024);
	return buf;
}

struct buf *request_of(struct arena *arena, const char *const *params, const char *body)
{
	struct buf *bytes = wire(arena);

	fastcgi_begin(bytes);
	fastcgi_params(bytes, params);
	fastcgi_stdin(bytes, body, strlen(body));
	return bytes;
}

enum http_accept_result accept_next(int wait_ms)
{
	arena_reset(world.arena);
	return http_accept(world.server, world.arena, NULL, &world.should_stop, wait_ms,
			   &world.request, &world.refusal);
}

void answer(int status, const char *body)
{
	struct http_response response = { .status = status,
					  .content_type = "text/html; charset=utf-8" };

	buf_init(&response.headers, world.arena, 10000);
	buf_init(&response.body, world.arena, HTTP_RESPONSE_MAX_BYTES);
	http_header(&response, "X-Test", "1");
	buf_text(&response.body, body);
	http_send(world.server, &world.request, &response);
}

int exchange(const struct buf *bytes, enum http_accept_result expected)
{
	int fd = fastcgi_send(world.path, bytes);

	assert_true(fd >= 0);
	assert_int_equal(accept_next(100), expected);
	return fd;
}

void expect_refusal(struct arena *arena, const char *const *params, const char *body,
		    enum err refusal)
{
	struct buf *out = wire(arena);
	int fd = exchange(request_of(arena, params, body), HTTP_ACCEPT_REFUSED);

	assert_int_equal(world.refusal, refusal);
	answer(400, "no");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(fastcgi_body(out), "no");
}

void expect_alive(struct arena *arena)
{
	const char *params[] = { GET_PARAMS, NULL };
	struct buf *out = wire(arena);
	int fd = exchange(request_of(arena, params, ""), HTTP_ACCEPT_REQUEST);

	answer(200, "alive");
	assert_true(fastcgi_receive(fd, out));
	assert_string_equal(fastcgi_body(out), "alive");
}

void expect_dropped(struct arena *arena, const struct buf *bytes)
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
