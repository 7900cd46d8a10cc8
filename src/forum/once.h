/*
 * A double click, or a repeat after a lost answer, must do nothing twice. Every
 * form that writes carries a random key; it is claimed in the same transaction
 * as the change, with what came of it (a path).
 *
 *	db_begin(ctx);
 *	TRY(once_claim(ctx, form_key, &earlier));
 *	if (earlier)            -- done before: rolled back, answer as then
 *		…
 *	… the change …
 *	once_result(ctx, form_key, path);   -- queued with the commit
 *	TRY(db_commit(ctx));
 *
 * Two at once: the second waits for the first's commit, then sees its result.
 */
#ifndef FORUM_ONCE_H
#define FORUM_ONCE_H

#include "base/ctx.h"

/*
 * Must be inside a transaction. *earlier: NULL when the key is ours now; else the
 * result of the first time, and the transaction has been rolled back.
 * ERR_BAD_REQUEST: no key, or a malformed one. A NULL key (jobs, commands, tests)
 * claims nothing.
 */
enum err once_claim(struct ctx *ctx, const char *key, const char **earlier) MUST_CHECK;
void once_result(struct ctx *ctx, const char *key, const char *result);
enum err once_purge(struct ctx *ctx) MUST_CHECK; /* older than seven days */

#endif
