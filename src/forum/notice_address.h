/* What a legal notice points at: addresses of our own posts, as people copy them. */
#ifndef FORUM_NOTICE_ADDRESS_H
#define FORUM_NOTICE_ADDRESS_H

#include "base/arena.h"

#define NOTICE_ADDRESSES_MAX 10
#define NOTICE_ADDRESS_MAX   1000 /* bytes */

/* post_id, or topic_id for the question itself; the other is 0. */
struct notice_place {
	int64_t topic_id, post_id;
	const char *address; /* as it was typed */
};

/*
 * "https://forum.example/t/12-slug#p34", "/p/34/comments"…: a page of ours about a post.
 * base_url: "https://forum.example", without a slash at its end. False: anything else.
 */
bool notice_address_read(const char *base_url, const char *address, struct notice_place *out);

/*
 * Addresses between white space. *bad: the first that is none, or longer than
 * NOTICE_ADDRESS_MAX; NULL. False when there is a bad one or more than
 * NOTICE_ADDRESSES_MAX.
 */
bool notice_addresses_read(struct arena *arena, const char *base_url, const char *typed,
			   struct notice_place out[NOTICE_ADDRESSES_MAX], size_t *count,
			   const char **bad);

#endif
