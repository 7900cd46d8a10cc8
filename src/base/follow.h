/*
 * Reading a log that another program writes: forward from a place that is remembered, each
 * whole line once, through what happens to logs:
 *
 *  - renamed (LOG becomes LOG.1 and a new LOG begins): LOG.1 is read to its end first, and
 *    for some seconds more, because its writer may not have noticed yet;
 *  - copied to LOG.1 and truncated ("copytruncate"): likewise;
 *  - replaced, compressed or deleted before it was read to its end: what was not read is
 *    lost, and said to be;
 *  - a line that is only half written waits for its end.
 *
 * A file is known by its first bytes, not by its number, which the next file may get. Its
 * number only tells files apart of which nothing was read yet.
 */
#ifndef BASE_FOLLOW_H
#define BASE_FOLLOW_H

#include "base/crypto.h"

#define FOLLOW_HEAD_MAX     256
/* A renamed file counts as ended when nothing was written to it for so long. */
#define FOLLOW_REST_SECONDS 5

/* All noughts: nothing was read yet, begin at the beginning. */
struct follow_place {
	int64_t inode, offset;
	uint8_t head[CRYPTO_HASH_BYTES]; /* SHA-256 of its first head_length bytes */
	int64_t head_length;             /* the lesser of offset and FOLLOW_HEAD_MAX */
	bool is_in_long_line;            /* what stands before the next line feed is no line */
};

enum follow_result {
	FOLLOW_READ,    /* what there is, which may be nothing */
	FOLLOW_MISSING, /* no such file */
	FOLLOW_REFUSED, /* it may not be read, or is no file */
};

struct followed {
	const char *data; /* in room: whole lines, each with its line feed */
	size_t length;
	bool has_more;
	bool was_lost; /* lines may have been missed before these */
};

/*
 * Reads at most room_size bytes and moves *place behind the last whole line of them. A line
 * that does not fit into room is passed over. now: wall clock. Nothing is kept open.
 */
enum follow_result follow_read(const char *path, int64_t now, struct follow_place *place,
			       char *room, size_t room_size, struct followed *out) MUST_CHECK;

#endif
