/*
 * What a Graph API answer means. Decided by the code in the JSON; the HTTP status
 * counts only where there is no JSON (the API uses it without much system).
 */
#ifndef CONNECT_FACEBOOK_ERROR_H
#define CONNECT_FACEBOOK_ERROR_H

#include <jansson.h>

#include "connect/connector.h"

enum fb_class {
	FB_OK,
	FB_RETRY,     /* nobody's fault */
	FB_SHRINK,    /* ask for less at a time */
	FB_PAGING,    /* the cursor is too old or too deep */
	FB_FIELDS,    /* a field that this object does not have */
	FB_THROTTLE,  /* too many calls */
	FB_TOKEN,     /* the token is dead */
	FB_OPERATOR,  /* a permission or setting is missing */
	FB_AMBIGUOUS, /* gone, or not for us */
	FB_PERMANENT, /* this call will never work */
	FB_BLOCKED,   /* writing is blocked for hours */
	FB_DUPLICATE, /* it thinks it has this text already */
};

struct fb_error {
	enum fb_class class;
	int code, subcode;
	const char *message;  /* no token in it */
	const char *trace_id; /* "" */
};

/* root: the answer's JSON, NULL when it is none. */
void fb_classify(struct ctx *ctx, int status, const json_t *root, struct fb_error *out);

const char *fb_class_name(enum fb_class class); /* "write-blocked" */

/* The same in the words of connector.h; retry_at stays 0. */
void fb_error_tell(const struct fb_error *error, struct connect_error *out);

#endif
