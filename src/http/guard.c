/*
 * A small state machine over the records of one request. It is fed whatever
 * chunks the socket has, so nothing depends on how the sender cut them.
 * Numbers and layouts: FastCGI specification 1.0, sections 3 and 5.
 */
#include "http/guard.h"

#include <errno.h>
#include <fastcgi.h>
#include <sys/socket.h>

#include "base/clock.h"

_Static_assert(sizeof(FCGI_Header) == 8, "record header");
_Static_assert(sizeof(FCGI_BeginRequestBody) == 8, "begin record");

/* A length of 1 byte, or of 4 with the highest bit set. False: cut off. */
static bool take_length(const uint8_t **at, const uint8_t *end, size_t *out)
{
	const uint8_t *from = *at;

	if (from == end)
		return false;
	if (from[0] < 0x80) {
		*out = from[0];
		*at += 1;
		return true;
	}
	if (end - from < 4)
		return false;
	*out = (size_t)(from[0] & 0x7f) << 24 | (size_t)from[1] << 16 | (size_t)from[2] << 8 |
	       (size_t)from[3];
	*at += 4;
	return true;
}

/* The name-value pairs, once their stream has ended. */
static const char *check_params(struct guard *guard)
{
	const uint8_t *at = guard->params, *end = at + guard->params_length;
	size_t name_length, value_length;

	for (size_t count = 0; at != end; count++) {
		if (count == GUARD_PARAMS_MAX)
			return "too_many_params";
		if (!take_length(&at, end, &name_length) || !take_length(&at, end, &value_length))
			return "params_cut_off";
		size_t left = (size_t)(end - at);
		if (name_length > left || value_length > left - name_length)
			return "params_cut_off";
		if (memchr(at, '\0', name_length + value_length) != NULL ||
		    memchr(at, '=', name_length) != NULL)
			guard->is_ambiguous = true;
		at += name_length + value_length;
	}
	return NULL;
}

static const char *check_begin(const struct guard *guard)
{
	if (guard->begin[0] != 0 || guard->begin[1] != FCGI_RESPONDER)
		return "other_role";
	return NULL;
}

/* The header of a record, whole: is it the one that may come now? */
static const char *start_record(struct guard *guard)
{
	static const uint8_t expected[] = {
		[GUARD_BEGIN] = FCGI_BEGIN_REQUEST,
		[GUARD_PARAMS] = FCGI_PARAMS,
		[GUARD_STDIN] = FCGI_STDIN,
	};
	const uint8_t *header = guard->header;
	unsigned int request_id = (unsigned int)header[2] << 8 | header[3];

	if (header[0] != FCGI_VERSION_1)
		return "not_fastcgi";
	if (header[1] != expected[guard->phase])
		return "record_out_of_order";
	guard->content_left = (size_t)header[4] << 8 | header[5];
	guard->padding_left = header[6];
	if (guard->phase == GUARD_BEGIN) {
		guard->request_id = request_id;
		if (guard->content_left != sizeof(guard->begin))
			return "begin_length";
	}
	if (request_id == 0 || request_id != guard->request_id)
		return "other_request_id";
	/*
	 * Where libfcgi changes from one stream to the next it forgets to skip the
	 * padding, and would take it for records that were never looked at.
	 */
	bool ends_phase = guard->phase == GUARD_BEGIN ||
			  (guard->phase == GUARD_PARAMS && guard->content_left == 0);
	if (ends_phase && guard->padding_left > 0)
		return "padding";
	return NULL;
}

/* Content and padding of a record are through. */
static const char *end_record(struct guard *guard)
{
	bool is_last_of_stream = guard->header[4] == 0 && guard->header[5] == 0;

	guard->header_length = 0;
	switch (guard->phase) {
	case GUARD_BEGIN:
		guard->phase = GUARD_PARAMS;
		return check_begin(guard);
	case GUARD_PARAMS:
		if (!is_last_of_stream)
			return NULL;
		guard->phase = GUARD_STDIN;
		return check_params(guard);
	case GUARD_STDIN:
		guard->is_whole = is_last_of_stream;
		if (is_last_of_stream || guard->body_length > GUARD_BODY_MAX_BYTES)
			guard->phase = GUARD_DONE;
		return NULL;
	case GUARD_DONE:
		break;
	}
	return NULL;
}

static const char *take_content(struct guard *guard, const uint8_t *bytes, size_t length)
{
	switch (guard->phase) {
	case GUARD_BEGIN:
		memcpy(guard->begin + guard->begin_length, bytes, length);
		guard->begin_length += length;
		break;
	case GUARD_PARAMS:
		if (length > sizeof(guard->params) - guard->params_length)
			return "params_too_large";
		memcpy(guard->params + guard->params_length, bytes, length);
		guard->params_length += length;
		break;
	case GUARD_STDIN:
		guard->body_length += length;
		break;
	case GUARD_DONE:
		break;
	}
	return NULL;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One step: a piece of header, content or padding. Says how far it came. */
static const char *feed_piece(struct guard *guard, const uint8_t *bytes, size_t length,
			      size_t *used)
{
	const char *problem = NULL;

	if (guard->header_length < sizeof(guard->header)) {
		*used = least(length, sizeof(guard->header) - guard->header_length);
		memcpy(guard->header + guard->header_length, bytes, *used);
		guard->header_length += *used;
		if (guard->header_length < sizeof(guard->header))
			return NULL;
		problem = start_record(guard);
	} else if (guard->content_left > 0) {
		*used = least(length, guard->content_left);
		guard->content_left -= *used;
		problem = take_content(guard, bytes, *used);
	} else {
		*used = least(length, guard->padding_left);
		guard->padding_left -= *used;
	}
	if (problem == NULL && guard->content_left == 0 && guard->padding_left == 0)
		problem = end_record(guard);
	return problem;
}

static const char *feed(struct guard *guard, const uint8_t *bytes, size_t length)
{
	const char *problem = NULL;
	size_t used = 0;

	for (size_t at = 0; at < length && problem == NULL && guard->phase != GUARD_DONE;
	     at += used)
		problem = feed_piece(guard, bytes + at, length - at, &used);
	return problem;
}

/* Everything but the two big arrays, which need no clearing. */
static void guard_init(struct guard *guard)
{
	memset(guard, 0, offsetof(struct guard, params));
}

const char *guard_request(struct guard *guard, int fd, int64_t timeout_ms)
{
	int64_t give_up_at = clock_monotonic() + timeout_ms * 1000;
	int peek_from = 0;

	guard_init(guard);
	/* From here on each MSG_PEEK continues where the last one ended. */
	if (setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &peek_from, sizeof(peek_from)) != 0)
		return "peek_refused";
	while (guard->phase != GUARD_DONE) {
		ssize_t got = recv(fd, guard->chunk, sizeof(guard->chunk), MSG_PEEK);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? "silence" : "connection_lost";
		if (got == 0)
			return "cut_off";
		const char *problem = feed(guard, guard->chunk, (size_t)got);
		if (problem != NULL)
			return problem;
		if (guard->phase != GUARD_DONE && clock_monotonic() > give_up_at)
			return "too_slow";
	}
	return NULL;
}
