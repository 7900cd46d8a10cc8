/*
 * The questions of an archived category go where it says, and come back when that is
 * undone: in batches, so that nothing waits for long. Which way is read anew each time.
 */
#include "forum/category_change.h"

#include "db/db.h"

#define BATCH "300"

DB_STATEMENT(
	category_move_there,
	"with chosen as (\n"
	"	select t.id, c.moved_to from categories c join topics t on t.category_id = c.id\n"
	"	where c.id = $1 and c.moved_to is not null\n"
	"	order by t.id limit " BATCH " for update of t\n"
	"), kept as (\n"
	"	insert into category_moved_topics (category_id, topic_id) select $1, id from chosen\n"
	"	on conflict do nothing\n"
	")\n"
	"update topics t set category_id = s.moved_to from chosen s where t.id = s.id",
	1);

/* One that somebody moved elsewhere since stays there; where that was is in its history. */
DB_STATEMENT(
	category_move_back,
	"with chosen as (\n"
	"	select m.topic_id from category_moved_topics m join categories c on c.id = m.category_id\n"
	"	where m.category_id = $1 and c.archived_at is null\n"
	"	order by m.topic_id limit " BATCH "\n"
	"), gone as (\n"
	"	delete from category_moved_topics m using chosen s\n"
	"	where m.category_id = $1 and m.topic_id = s.topic_id returning m.topic_id\n"
	"), back as (\n"
	"	update topics t set category_id = $1 from gone g where t.id = g.topic_id\n"
	"		and t.category_id = (select (h.before ->> 'moved_to')::bigint from category_changes h\n"
	"			where h.category_id = $1 and h.before ->> 'moved_to' is not null\n"
	"			order by h.id desc limit 1)\n"
	")\n"
	"select count(*) from gone",
	1);

enum err category_move_run(struct ctx *ctx, int64_t id, bool *has_more)
{
	struct rows there, back;

	*has_more = false;
	db_begin(ctx);
	db_add(ctx, &category_move_there, &there, param_i64(id));
	db_add(ctx, &category_move_back, &back, param_i64(id));
	TRY(db_commit(ctx));
	*has_more = there.affected > 0 || (rows_next(&back) && col_i64(&back) > 0);
	return OK;
}
