/*
 * One page of a list of the Graph API, whatever it takes: fewer fields, fewer
 * entries, the listing begun anew.
 */
#ifndef CONNECT_FACEBOOK_LIST_H
#define CONNECT_FACEBOOK_LIST_H

#include "connect/facebook_call.h"

struct fb_list {
	/* What to ask. */
	struct source *source;
	const char *path; /* "PAGE/feed" */
	enum item_kind kind;
	const struct fetch_pair *pairs; /* beside fields, limit and paging */
	size_t pair_count;
	int64_t since, until; /* Unix seconds; 0: open */
	const char *cursor;   /* "" or what next was */
	int64_t limit;        /* is lowered when Facebook cannot bear it */

	/* What came back, when the answer's class is FB_OK. */
	const json_t *data; /* a list */
	const json_t *root;
	int rung;         /* of the fields that were asked for */
	bool is_bare;     /* only ids and times were asked for, nothing else works */
	bool is_cut;      /* the rest cannot be reached: next is "" all the same */
	const char *next; /* "" at the end */
};

/* out: the last answer. A cursor never leads to another host: it holds no address. */
enum err fb_list_read(struct ctx *ctx, struct fb_list *list, struct fb_answer *out) MUST_CHECK;

#endif
