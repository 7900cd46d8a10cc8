/*
 * Who helped most. The list is made by counts_refresh (check.c); pages only read it.
 */
#include "forum/helpers.h"

#include "db/db.h"
#include "forum/author.h"

DB_STATEMENT(helpers_top,
	     "select " PERSON_AUTHOR_COLUMNS(
		     "p") ", h.points, h.answers, h.accepted, h.thanks\n"
			  "from top_helpers h\n"
			  "join people p on p.id = h.person_id and p.state = 'active'\n"
			  "order by h.position\n"
			  "limit 5",
	     0);

_Static_assert(HELPERS_SHOWN == 5, "the statement says so too");

void helpers_add(struct ctx *ctx, struct rows *rows)
{
	db_add_params(ctx, &helpers_top, rows, NULL, 0);
}

void helpers_read(struct ctx *ctx, struct rows *rows, struct helper **out, size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct helper);
	*count = 0;
	while (rows_next(rows)) {
		struct helper *helper = &(*out)[(*count)++];
		author_read(ctx, rows, &helper->author);
		helper->points = col_i64(rows);
		helper->answers = col_i64(rows);
		helper->accepted = col_i64(rows);
		helper->thanks = col_i64(rows);
	}
}
