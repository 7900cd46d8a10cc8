/*
 * Single values by name.
 */
#include "forum/setting.h"

#include "db/db.h"

DB_STATEMENT(setting_select, "select value from settings where key = $1", 1);

DB_STATEMENT(setting_upsert,
	     "insert into settings (key, value)\n"
	     "values ($1, $2)\n"
	     "on conflict (key) do update set value = excluded.value, updated_at = now()",
	     2);

enum err setting_load(struct ctx *ctx, const char *key, const char **value)
{
	struct rows rows;

	TRY(db_query(ctx, &setting_select, &rows, param_text(key)));
	*value = rows_next(&rows) ? col_text(&rows) : "";
	return OK;
}

enum err setting_store(struct ctx *ctx, const char *key, const char *value)
{
	return db_query(ctx, &setting_upsert, NULL, param_text(key), param_text(value));
}
