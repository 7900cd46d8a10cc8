/*
 * The questions of a renamed or merged tag: a batch is taken, locked as everybody locks
 * questions, and written. What is left to do is read from the questions themselves, so a
 * batch that was killed is simply taken again.
 */
#include "forum/tag_change.h"

#include "db/db.h"
#include "forum/tag.h"

#define BATCH     300
#define BATCH_SQL "300"

DB_STATEMENT(tag_run_change,
	     "select c.kind = 'merge', c.state from tag_changes c where c.id = $1 for update", 1);

/* Those that do not say the name as it is now. */
DB_STATEMENT(
	tag_rename_take,
	"select t.id from topics t where t.id in (select x.id from tag_changes c\n"
	"	join tags g on g.id = c.tag_id join topic_tags tt on tt.tag_id = g.id\n"
	"	join topics x on x.id = tt.topic_id\n"
	"	where c.id = $1 and not (g.id || ':' || g.name) = any (string_to_array(x.tag_list, ','))\n"
	"	limit " BATCH_SQL ")\n"
	"order by t.id for update",
	1);

DB_STATEMENT(tag_merge_take,
	     "select t.id from topics t where t.id in (select tt.topic_id from tag_changes c\n"
	     "	join topic_tags tt on tt.tag_id = c.tag_id where c.id = $1 limit " BATCH_SQL ")\n"
	     "order by t.id for update",
	     1);

DB_STATEMENT(
	tag_unmerge_take,
	"select t.id from topics t where t.id in (select k.topic_id from tag_changes c\n"
	"	join tag_change_topics k on k.change_id = c.id and k.topic_id > c.last_topic_id\n"
	"	where c.id = $1 order by k.topic_id limit " BATCH_SQL ")\n"
	"order by t.id for update",
	1);

DB_STATEMENT(
	tag_rename_batch,
	"with c as (select $1::bigint as id)\n"
	"update topics t set tag_list = topic_tag_list(t.id) from c where t.id = any ($2::bigint[])",
	2);

/* The other tag takes its place, unless it is there already. */
DB_STATEMENT(
	tag_merge_batch,
	"with c as (select * from tag_changes where id = $1),\n"
	"had as (select tt.topic_id, tt.position, exists (select from topic_tags o\n"
	"		where o.topic_id = tt.topic_id and o.tag_id = c.other_id) as had_other\n"
	"	from topic_tags tt join c on c.tag_id = tt.tag_id where tt.topic_id = any ($2::bigint[])),\n"
	"kept as (insert into tag_change_topics (change_id, topic_id, position, had_other)\n"
	"	select c.id, h.topic_id, h.position, h.had_other from had h, c on conflict do nothing),\n"
	"gone as (delete from topic_tags tt using c\n"
	"	where tt.tag_id = c.tag_id and tt.topic_id = any ($2::bigint[]))\n"
	"insert into topic_tags (topic_id, tag_id, position)\n"
	"select h.topic_id, c.other_id, h.position from had h, c where not h.had_other",
	2);

/* Where somebody took the other tag away since, nothing comes back; nor a sixth tag. */
DB_STATEMENT(
	tag_unmerge_batch,
	"with c as (select * from tag_changes where id = $1),\n"
	"next as (select k.topic_id, k.had_other, k.position as was, o.position\n"
	"	from c join tag_change_topics k on k.change_id = c.id\n"
	"	join topic_tags o on o.topic_id = k.topic_id and o.tag_id = c.other_id\n"
	"	where k.topic_id = any ($2::bigint[]) and not exists (select from topic_tags tt\n"
	"		where tt.topic_id = k.topic_id and tt.tag_id = c.tag_id)),\n"
	"gone as (delete from topic_tags tt using next n, c\n"
	"	where tt.topic_id = n.topic_id and tt.tag_id = c.other_id and not n.had_other)\n"
	"insert into topic_tags (topic_id, tag_id, position)\n"
	"select n.topic_id, c.tag_id, case when n.had_other then n.was else n.position end\n"
	"from next n, c where not n.had_other\n"
	"	or (select count(*) from topic_tags tt where tt.topic_id = n.topic_id) < $3::bigint",
	3);

DB_STATEMENT(
	tag_run_progress,
	"update tag_changes set done = done + $3::integer, total = greatest(total, done + $3::integer),\n"
	"	last_topic_id = coalesce((select max(i) from unnest($2::bigint[]) i), last_topic_id)\n"
	"where id = $1",
	3);

DB_STATEMENT(tag_run_end,
	     "update tag_changes set ended_at = clock_timestamp(),\n"
	     "	state = case state when 'running' then 'done' else 'undone' end\n"
	     "where id = $1 and state in ('running', 'undoing')",
	     1);

/* As the job "counts" does for all. */
DB_STATEMENT(
	tag_run_recount,
	"update tags g set topic_count = n.topics, used_at = n.used_at\n"
	"from (select tag.id, count(t.id) as topics, coalesce(max(t.created_at), to_timestamp(0)) as used_at\n"
	"	from tag_changes c join tags tag on tag.id in (c.tag_id, c.other_id)\n"
	"	left join topic_tags tt on tt.tag_id = tag.id\n"
	"	left join topics t on t.id = tt.topic_id and t.visibility = 'visible'\n"
	"	where c.id = $1 group by tag.id) n\n"
	"where g.id = n.id and (g.topic_count, g.used_at) is distinct from (n.topics, n.used_at)",
	1);

struct work {
	const struct stmt *take, *batch;
	bool is_under_way;
};

/* What came in after the end is taken as well, but for what was put back. */
static struct work work_of(bool is_merge, const char *state)
{
	bool is_back = strcmp(state, "undoing") == 0 || strcmp(state, "undone") == 0;
	struct work work = {
		.take = &tag_rename_take,
		.batch = &tag_rename_batch,
		.is_under_way = strcmp(state, "running") == 0 || strcmp(state, "undoing") == 0,
	};

	if (is_merge) {
		work.take = is_back ? &tag_unmerge_take : &tag_merge_take;
		work.batch = is_back ? &tag_unmerge_batch : &tag_merge_batch;
	}
	return work;
}

static void add_batch(struct ctx *ctx, int64_t change_id, const struct work *work,
		      struct rows *taken)
{
	int64_t *ids = arena_array_of(ctx->arena, (size_t)taken->count + 1, int64_t);
	size_t count = 0;
	struct param list;

	while (rows_next(taken))
		ids[count++] = col_i64(taken);
	list = param_i64s(ctx->arena, ids, count);
	if (work->batch == &tag_unmerge_batch)
		db_add(ctx, work->batch, NULL, param_i64(change_id), list,
		       param_i64(TAGS_PER_TOPIC_MAX));
	else
		db_add(ctx, work->batch, NULL, param_i64(change_id), list);
	db_add(ctx, &tag_run_progress, NULL, param_i64(change_id), list, param_i64((int64_t)count));
}

static enum err run_batch(struct ctx *ctx, int64_t change_id, struct tag_progress *out)
{
	struct rows change, taken;
	struct work work;
	bool is_merge;

	db_begin(ctx);
	TRY(db_query(ctx, &tag_run_change, &change, param_i64(change_id)));
	if (!rows_next(&change))
		return db_commit(ctx);
	is_merge = col_bool(&change);
	work = work_of(is_merge, col_text(&change));
	TRY(db_query(ctx, work.take, &taken, param_i64(change_id)));
	out->has_more = taken.count == BATCH;
	out->is_finished = !out->has_more && work.is_under_way;
	if (taken.count > 0)
		add_batch(ctx, change_id, &work, &taken);
	if (!out->has_more) {
		db_add(ctx, &tag_run_end, NULL, param_i64(change_id));
		db_add(ctx, &tag_run_recount, NULL, param_i64(change_id));
	}
	return db_commit(ctx);
}

enum err tag_change_run(struct ctx *ctx, int64_t change_id, struct tag_progress *out)
{
	enum err result;

	*out = (struct tag_progress){ 0 };
	result = run_batch(ctx, change_id, out);
	if (result != OK)
		db_rollback(ctx);
	return result;
}
