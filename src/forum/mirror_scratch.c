/*
 * A schema of its own for replaying notices: made, filled by the migrations, looked at
 * and taken away again.
 */
#include "forum/mirror_work.h"

#include "db/db.h"

/* The name is ours: letters, digits and underscores. */
enum err mirror_scratch_make(struct ctx *ctx, const char *schema)
{
	return db_script(ctx, arena_printf(ctx->arena,
					   "set client_min_messages = warning;"
					   "drop schema if exists %s cascade; create schema %s;",
					   schema, schema));
}

enum err mirror_scratch_drop(struct ctx *ctx, const char *schema)
{
	return db_script(ctx, arena_printf(ctx->arena,
					   "set client_min_messages = warning;"
					   "drop schema if exists %s cascade;",
					   schema));
}
