/*
 * Form keys: what makes a repeat harmless.
 */
#include "forum/once.h"

#include "db/db.h"
#include "forum/actor.h"

DB_STATEMENT(once_insert,
	     "insert into form_keys (person_id, key)\n"
	     "values ($1, $2)\n"
	     "on conflict do nothing",
	     2);

DB_STATEMENT(once_earlier,
	     "select result\n"
	     "from form_keys\n"
	     "where person_id = $1 and key = $2",
	     2);

DB_STATEMENT(once_store,
	     "update form_keys set result = $3\n"
	     "where person_id = $1 and key = $2",
	     3);

DB_STATEMENT(once_delete_old,
	     "delete from form_keys\n"
	     "where created_at < now() - interval '7 days'",
	     0);

#define KEY_MIN_LENGTH 16
#define KEY_MAX_LENGTH 64

enum err once_claim(struct ctx *ctx, const char *key, const char **earlier)
{
	struct rows claimed, result;
	size_t length = key ? strlen(key) : 0;

	*earlier = NULL;
	if (!key)
		return OK;
	if (length < KEY_MIN_LENGTH || length > KEY_MAX_LENGTH)
		return fail_log(ctx, ERR_BAD_REQUEST, "form key of %zu bytes", length);
	db_add(ctx, &once_insert, &claimed, param_i64(ctx->actor->id), param_text(key));
	db_add(ctx, &once_earlier, &result, param_i64(ctx->actor->id), param_text(key));
	TRY(db_run(ctx));
	if (claimed.affected == 1)
		return OK;
	db_rollback(ctx);
	*earlier = rows_next(&result) ? col_text(&result) : "";
	return OK;
}

void once_result(struct ctx *ctx, const char *key, const char *result)
{
	if (key)
		db_add(ctx, &once_store, NULL, param_i64(ctx->actor->id), param_text(key),
		       param_text(result));
}

enum err once_purge(struct ctx *ctx)
{
	return db_query_params(ctx, &once_delete_old, NULL, NULL, 0);
}
