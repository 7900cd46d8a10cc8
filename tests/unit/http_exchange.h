/*
 * One server in this process with a real unix socket, and the steps of which the
 * tests of requests are made: send, accept, answer, receive.
 */
#ifndef TESTS_HTTP_EXCHANGE_H
#define TESTS_HTTP_EXCHANGE_H

#include "fastcgi_client.h"
#include "http/http.h"

struct exchange_world {
	char folder[64], path[96];
	int listen_fd;
	struct http_server *server;
	struct arena *arena; /* of the request that was accepted last */
	volatile int should_stop;
	struct http_request request;
	enum err refusal;
};
extern struct exchange_world world;

/* Set-up and tear-down of a whole group of tests. */
int exchange_start(void **state);
int exchange_stop(void **state);

#define GET_PARAMS \
	"REQUEST_METHOD=GET", "REQUEST_URI=/t/1-a?page=2&q=%C3%A9", "REMOTE_ADDR=192.0.2.7", \
		"REQUEST_ID=0123456789abcdef0123456789abcdef", "ENTRAIDE_PARAMS_END=1"
#define POST_PARAMS(type, length) \
	"REQUEST_METHOD=POST", "REQUEST_URI=/ask", "CONTENT_TYPE=" type, "CONTENT_LENGTH=" length, \
		"ENTRAIDE_PARAMS_END=1"
#define URLENCODED "application/x-www-form-urlencoded"

struct buf *wire(struct arena *arena);

/* A whole request: BEGIN, the parameters, the body. */
struct buf *request_of(struct arena *arena, const char *const *params, const char *body);

/* http_accept into world; and an answer to what it accepted. */
enum http_accept_result accept_next(int wait_ms);
void answer(int status, const char *body);

/* Sends and accepts; the answer is left to the test. Returns the client's end. */
int exchange(const struct buf *bytes, enum http_accept_result expected);

/* The request is refused with this error, and the answer to that arrives. */
void expect_refusal(struct arena *arena, const char *const *params, const char *body,
		    enum err refusal);

/* The next good request is served, whatever came before it. */
void expect_alive(struct arena *arena);

/* The connection is closed without an answer, and the server lives on. */
void expect_dropped(struct arena *arena, const struct buf *bytes);

#endif
