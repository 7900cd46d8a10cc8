/*
 * The other end of FastCGI, for tests only: writes records, good and bad ones,
 * and reads what comes back. See the FastCGI specification 1.0, section 3.
 */
#ifndef TESTS_FASTCGI_CLIENT_H
#define TESTS_FASTCGI_CLIENT_H

#include "base/buf.h"

enum {
	RECORD_BEGIN = 1,
	RECORD_ABORT = 2,
	RECORD_END = 3,
	RECORD_PARAMS = 4,
	RECORD_STDIN = 5,
	RECORD_STDOUT = 6,
	RECORD_GET_VALUES = 9,
};

/* Appends one record of request 1; at most 65535 bytes of content. */
void fastcgi_record(struct buf *out, int type, const void *content, size_t length);

void fastcgi_begin(struct buf *out);

/* A name-value pair, as it stands inside PARAMS. */
void fastcgi_pair(struct buf *out, const char *name, const char *value);

/* A PARAMS record of pairs ("NAME=value", …, NULL), and the empty one after it. */
void fastcgi_params(struct buf *out, const char *const *pairs);

/* STDIN records of the body, and the empty one after it. */
void fastcgi_stdin(struct buf *out, const void *body, size_t length);

/* Connects to the unix socket and sends the bytes; returns the socket, or -1. */
int fastcgi_send(const char *path, const struct buf *bytes);

/*
 * Reads until the other end closes, at most 10 s, and closes fd. The content of
 * STDOUT goes to *out. True: it ended with END_REQUEST, status 0.
 */
bool fastcgi_receive(int fd, struct buf *out);

/* What stands before the first empty line, then what stands behind it. */
const char *fastcgi_body(const struct buf *answer);

#endif
