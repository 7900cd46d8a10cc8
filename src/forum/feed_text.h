/*
 * What entries of a feed say beside what lists have: the text, and when it last changed.
 * What is mirrored and may not be indexed has none: it is not passed on either.
 */
#ifndef FORUM_FEED_TEXT_H
#define FORUM_FEED_TEXT_H

#include "base/ctx.h"

struct feed_text {
	bool is_there; /* visible, and may be passed on */
	const char *html, *language;
	int64_t updated_at; /* of the text, not of what was answered to it */
};

/* Of questions by their topics' ids, and of posts: out[i] belongs to ids[i]; a round trip. */
enum err feed_texts_of_topics(struct ctx *ctx, const int64_t *ids, size_t count,
			      struct feed_text *out) MUST_CHECK;
enum err feed_texts_of_posts(struct ctx *ctx, const int64_t *ids, size_t count,
			     struct feed_text *out) MUST_CHECK;

#endif
