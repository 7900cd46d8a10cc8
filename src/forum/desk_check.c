/* The rows of the queue against the questions themselves. */
#include "forum/desk_check.h"

#include "db/db.h"
#include "forum/desk_work.h"

/* The same words as desk_work.c has, written a second time. */
DB_STATEMENT(desk_check_rows,
	     "select count(*) from topics t left join desk_questions q on q.topic_id = t.id\n"
	     "where (t.visibility = 'visible' and t.stage = '' and not t.is_solved\n"
	     "		and t.status in ('open', 'needs_information')\n"
	     "		and not exists (select from incidents i where i.topic_id = t.id))\n"
	     "	<> (q.topic_id is not null and q.stage <> 'done')\n"
	     "	and not exists (select from desk_events e where e.topic_id = t.id and e.is_new)",
	     0);

enum err desk_check(struct ctx *ctx, bool is_repair, int64_t *differing)
{
	struct rows rows;

	*differing = 0;
	TRY(db_query_params(ctx, &desk_check_rows, &rows, NULL, 0));
	if (rows_next(&rows))
		*differing = col_i64(&rows);
	if (!is_repair || *differing == 0)
		return OK;
	desk_schedule_again(ctx);
	return db_run(ctx);
}
