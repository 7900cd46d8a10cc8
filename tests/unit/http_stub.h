/*
 * A small HTTP server for tests of what asks other servers: a child process on the
 * loopback interface that answers by a function of the test and keeps what it was
 * asked in shared memory.
 */
#ifndef TESTS_HTTP_STUB_H
#define TESTS_HTTP_STUB_H

#include <sys/types.h>

#include "base/base.h"

#define STUB_REQUESTS_MAX 128
#define STUB_TEXT_MAX     8192

struct stub_request {
	char method[16];
	char target[STUB_TEXT_MAX]; /* path and query, as they came */
	char headers[STUB_TEXT_MAX];
	char body[STUB_TEXT_MAX];
	int connection; /* which one it came on, from 1 */
};

struct stub_reply {
	int status;          /* 0: 200 */
	const char *headers; /* whole lines with CRLF, or NULL */
	const char *body;
	size_t length;   /* 0: of the text */
	bool is_cut;     /* close before the answer */
	bool is_half;    /* close after half of the body */
	bool is_closing; /* close after it */
	bool is_raw;     /* body is all that is sent */
	int delay_ms;
};

/* index: how many requests came before. Runs in the server's process. */
typedef void stub_answer(int index, const struct stub_request *request, struct stub_reply *reply);

struct stub {
	pid_t child;
	int port;
	char url[64]; /* "http://127.0.0.1:4711" */
	struct stub_shared {
		int count;
		struct stub_request requests[STUB_REQUESTS_MAX];
	} * shared;
};

void stub_start(struct stub *stub, stub_answer *answer);
void stub_stop(struct stub *stub);

#endif
