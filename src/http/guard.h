/*
 * Looks at a FastCGI request before libfcgi does, without taking it off the
 * socket (MSG_PEEK), and lets only well-formed ones through.
 *
 * libfcgi trusts its peer: lengths near 2^31 abort the process, FCGI_GET_VALUES
 * smashes its stack, an ABORT in the middle of the parameters yields a request
 * without any, and silence holds the process for ever. So a request must be
 * BEGIN, PARAMS… and STDIN… of one request id, whole, in time and in bounds.
 */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "base/base.h"

#define GUARD_PARAMS_MAX_BYTES (64 * 1024)
#define GUARD_PARAMS_MAX       256
#define GUARD_CHUNK_BYTES      (16 * 1024)

/*
 * Of the body so much is looked at. A sender's whole request must fit in the
 * socket's queue to be seen before it is read, and that holds about 200 kB; what
 * lies behind this mark goes to libfcgi unseen.
 */
#define GUARD_BODY_MAX_BYTES (128 * 1024)

enum guard_phase { GUARD_BEGIN, GUARD_PARAMS, GUARD_STDIN, GUARD_DONE };

struct guard {
	enum guard_phase phase;
	uint8_t header[8]; /* of the record being looked at */
	size_t header_length;
	size_t content_left, padding_left;
	unsigned int request_id;
	uint8_t begin[8];
	size_t begin_length;
	size_t params_length, body_length;
	/* A NUL or a '=' where libfcgi's "NAME=value" strings cannot hold it. */
	bool is_ambiguous;
	bool is_whole; /* the end of the body was seen */
	uint8_t params[GUARD_PARAMS_MAX_BYTES];
	uint8_t chunk[GUARD_CHUNK_BYTES];
};

/*
 * Looks at the request waiting on the connected socket fd, for at most
 * timeout_ms. NULL: it may be read. Otherwise a word for the log that says why
 * the connection is to be dropped. fd must block, with SO_RCVTIMEO set.
 */
const char *guard_request(struct guard *guard, int fd, int64_t timeout_ms) MUST_CHECK;

#endif
