/* Between sitemap.c and sitemap_write.c. */
#ifndef FORUM_SITEMAP_PARTS_H
#define FORUM_SITEMAP_PARTS_H

#include "base/buf.h"
#include "forum/sitemap.h"

/* The file's XML as of now, into out; *addresses: how many are in it. */
enum err sitemap_write(struct ctx *ctx, enum sitemap_kind kind, int64_t number, struct buf *out,
		       int64_t *addresses) MUST_CHECK;

#endif
