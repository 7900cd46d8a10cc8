/* Who helped most in the last thirty days: refreshed by the job "counts". */
#ifndef FORUM_HELPERS_H
#define FORUM_HELPERS_H

#include "forum/person.h"

struct rows;

/* Queues the statement; helpers_read takes the rows after db_run. */
void helpers_add(struct ctx *ctx, struct rows *rows);
void helpers_read(struct ctx *ctx, struct rows *rows, struct helper **out, size_t *count);

#endif
