/*
 * Where an imported post stands here.
 */
#include "forum/import.h"

#include "db/db.h"

DB_STATEMENT(import_post,
	     "select our_id\n"
	     "from import_map\n"
	     "where kind = 'post' and foreign_id = $1\n"
	     "order by source_id\n"
	     "limit 1",
	     1);

enum err import_find_post(struct ctx *ctx, int64_t foreign_id, int64_t *post_id)
{
	struct rows rows;

	TRY(db_query(ctx, &import_post, &rows, param_i64(foreign_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*post_id = col_i64(&rows);
	return OK;
}
