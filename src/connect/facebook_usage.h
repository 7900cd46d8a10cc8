/*
 * How much of the rate limit is used up, from the headers of an answer: percent,
 * and minutes until calls are taken again.
 */
#ifndef CONNECT_FACEBOOK_USAGE_H
#define CONNECT_FACEBOOK_USAGE_H

#include "connect/connector.h"
#include "net/http_client.h"

struct fb_usage {
	bool is_told;    /* at least one header could be read */
	bool is_garbled; /* at least one could not */
	int64_t percent; /* the highest of all; over 100 happens */
	int64_t minutes; /* 0: not told */
};

void fb_usage_read(struct ctx *ctx, const struct http_fetched *fetched, struct fb_usage *out);

/* Takes it over into the source. */
void fb_usage_apply(const struct fb_usage *usage, bool is_throttled, int64_t now,
		    struct source *source);

#endif
