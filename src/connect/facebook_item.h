/*
 * A post or comment as the Graph API shows it, as an item; and which fields to ask
 * for. One unknown or forbidden field fails a whole request: hence a ladder of
 * three lists, from which the reading drops a step and remembers it for a day.
 */
#ifndef CONNECT_FACEBOOK_ITEM_H
#define CONNECT_FACEBOOK_ITEM_H

#include <jansson.h>

#include "connect/connector.h"

#define FB_RUNGS 3

/* The fields of a kind at a rung: 0 is the fullest. */
const char *fb_fields(enum item_kind kind, int rung);

/* The rung that worked last for this Page, within the last day. */
int fb_rung(const struct source *source, enum item_kind kind, int64_t now);
void fb_remember_rung(const struct source *source, enum item_kind kind, int rung, int64_t now);

/*
 * Takes an item over. False: it has no id, not even in its permalink, or hangs on
 * somebody else's place. Texts are cleaned; everything points into ctx->arena.
 * root_key: of the post being read, for comments; "" when not known. rung: of the
 * fields that were asked for.
 */
bool fb_read_item(struct ctx *ctx, const struct source *source, enum item_kind kind,
		  const char *root_key, int rung, const json_t *json, struct item *out);

/* The original address behind l.facebook.com's; "" if it leads to no web page. */
const char *fb_unshim(struct ctx *ctx, const char *url);

/* Author and whether it is the Page, from {"id", "name"}; both may be missing. */
void fb_read_author(struct ctx *ctx, const struct source *source, const char *id, const char *name,
		    struct item *out);

void fb_add_media(struct item *item, const struct item_media *media);

#endif
