/*
 * What an import left behind: where an imported post stands here, so that its old
 * address goes on working. The importer itself is import_*.c.
 */
#ifndef FORUM_IMPORT_H
#define FORUM_IMPORT_H

#include "base/ctx.h"

/* ERR_NOT_FOUND. The earliest import wins where two had the same number. */
enum err import_find_post(struct ctx *ctx, int64_t foreign_id, int64_t *post_id) MUST_CHECK;

#endif
