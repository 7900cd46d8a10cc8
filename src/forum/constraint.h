/*
 * Truth lives in the database's named constraints; here each name that a person
 * can run into has the field it belongs to and a sentence.
 */
#ifndef FORUM_CONSTRAINT_H
#define FORUM_CONSTRAINT_H

#include "base/ctx.h"

/*
 * Passes result on. If it failed for a constraint that a person can run into,
 * ctx->error says what they can do about it, and the code is the fitting one:
 *
 *	return constraint_explain(ctx, db_commit(ctx));
 */
enum err constraint_explain(struct ctx *ctx, enum err result) MUST_CHECK;

/* Was it this constraint that the last statement violated? */
bool constraint_is(const struct ctx *ctx, const char *constraint);

#endif
