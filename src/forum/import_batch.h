/* What the files of the import share. Inside src/forum only. */
#ifndef FORUM_IMPORT_BATCH_H
#define FORUM_IMPORT_BATCH_H

#include "forum/import.h"

struct rows;

/* Begins a transaction in which the triggers rest. */
void import_transaction(struct ctx *ctx);

/* Lets the rules before publication look at what came, those that are for imports. */
enum err import_hold(struct ctx *ctx, const struct import_source *source) MUST_CHECK;

/* Adds (made, orphaned) as a statement answered them; the rest was there before. */
void import_take_counts(struct rows *rows, size_t count, struct import_counts *counts);

#endif
