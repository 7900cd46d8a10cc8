/*
 * Undoing an act, if everything is still as the act left it: fields have the values that
 * it gave them, posts stand where it put them. What came later otherwise (answers,
 * comments, edits, decisions on single posts) is carried along.
 */
#include "forum/topic_act_parts.h"

#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(undo_ends,
	     "select a.topic_id, coalesce(a.other_id, 0) from topic_acts a where a.id = $1", 1);

DB_STATEMENT(undo_act,
	     "select a.id, a.topic_id, a.other_id, a.post_id, a.kind, a.undone_at is not null\n"
	     "from topic_acts a where a.id = $1 for update",
	     1);

/* The fields of a topic as acts write them (topic_act.c). */
#define TOPIC_STATE \
	"jsonb_build_object('category_id', t.category_id, 'status', t.status,\n" \
	"		'duplicate_of', t.duplicate_of, 'status_reason', t.status_reason, 'pinned', t.pinned,\n" \
	"		'pinned_until', (extract(epoch from t.pinned_until) * 1000000)::bigint,\n" \
	"		'is_locked', t.is_locked, 'stage', t.stage)"

DB_STATEMENT(undo_is_field_kept,
	     "select " TOPIC_STATE " @> a.after and t.merged_into is null\n"
	     "from topic_acts a join topics t on t.id = a.topic_id where a.id = $1",
	     1);

/* $2: where the posts must be; a merge's question is a comment there, a split's asks. */
DB_STATEMENT(
	undo_are_posts_kept,
	"select not exists (select from jsonb_array_elements(a.moved -> 'posts') e\n"
	"		join posts p on p.id = (e ->> 0)::bigint\n"
	"		where p.topic_id <> $2::bigint\n"
	"			or (a.kind = 'merge' and p.kind <> case when e ->> 2 = 'question' then 'comment' else e ->> 2 end)\n"
	"			or (a.kind = 'split' and p.kind <> e ->> 2 and p.kind <> 'question'))\n"
	"	and not exists (select from topics t where t.id = $2::bigint and t.merged_into is not null)\n"
	"	and (a.kind <> 'merge' or exists (select from topics t where t.id = a.topic_id and t.merged_into = $2::bigint))\n"
	"	and (a.kind <> 'split' or not exists (select from topics t where t.id = a.topic_id and t.merged_into is not null))\n"
	"from topic_acts a where a.id = $1",
	2);

DB_STATEMENT(
	undo_fields,
	"update topics t set\n"
	"	category_id = coalesce((a.before ->> 'category_id')::bigint, t.category_id),\n"
	"	status = coalesce(a.before ->> 'status', t.status),\n"
	"	duplicate_of = case when a.before ? 'duplicate_of'\n"
	"		then (a.before ->> 'duplicate_of')::bigint else t.duplicate_of end,\n"
	"	status_reason = coalesce(a.before ->> 'status_reason', t.status_reason),\n"
	"	status_by = case when a.before ? 'status' then $2::bigint else t.status_by end,\n"
	"	status_at = case when a.before ? 'status' then $3::timestamptz else t.status_at end,\n"
	"	pinned = coalesce(a.before ->> 'pinned', t.pinned),\n"
	"	pinned_until = case when a.before ? 'pinned_until'\n"
	"		then from_us((a.before ->> 'pinned_until')::bigint) else t.pinned_until end,\n"
	"	is_locked = coalesce((a.before ->> 'is_locked')::boolean, t.is_locked),\n"
	"	stage = coalesce(a.before ->> 'stage', t.stage)\n"
	"from topic_acts a where a.id = $1 and t.id = a.topic_id",
	3);

DB_STATEMENT(undo_done,
	     "update topic_acts set undone_at = clock_timestamp(), undone_by = $2 where id = $1",
	     2);

DB_STATEMENT(undo_title, "select t.title from topics t where t.id = $1", 1);

static enum err later_stands_in_the_way(struct ctx *ctx)
{
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("This cannot be undone as things are: something was changed here since. "
		      "Undo the later change first."));
}

static enum err check_kept(struct ctx *ctx, const struct act_undo *act)
{
	bool is_merge = act->kind == ACT_MERGE, is_split = act->kind == ACT_SPLIT;
	struct param id = param_i64(act->id);
	struct rows rows;

	if (is_merge || is_split)
		TRY(db_query(ctx, &undo_are_posts_kept, &rows, id, param_i64(act->other_id)));
	else
		TRY(db_query(ctx, &undo_is_field_kept, &rows, id));
	return rows_next(&rows) && col_bool(&rows) ? OK : later_stands_in_the_way(ctx);
}

static enum err add_undo(struct ctx *ctx, const struct act_undo *act)
{
	switch (act->kind) {
	case ACT_MERGE:
		TRY(check_kept(ctx, act));
		return topic_merge_add_undo(ctx, act);
	case ACT_SPLIT:
		TRY(check_kept(ctx, act));
		return topic_split_add_undo(ctx, act);
	case ACT_AUTHOR:
		return post_origin_add_undo(ctx, act);
	case ACT_VISIBILITY:
		return topic_visibility_add_undo(ctx, act);
	default:
		TRY(check_kept(ctx, act));
		db_add(ctx, &undo_fields, NULL, param_i64(act->id), param_id(ctx->actor->id),
		       param_time(ctx->now));
		return OK;
	}
}

static enum err load(struct ctx *ctx, int64_t act_id, struct act_undo *act, struct rows *titles)
{
	int64_t topic_id, other_id;
	struct rows ends, rows;

	TRY(db_query(ctx, &undo_ends, &ends, param_i64(act_id)));
	if (!rows_next(&ends))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	topic_id = col_i64(&ends);
	other_id = col_i64(&ends);
	topic_act_add_locks(ctx, topic_id, other_id);
	db_add(ctx, &undo_act, &rows, param_i64(act_id));
	db_add(ctx, &undo_title, titles, param_i64(topic_id));
	TRY(db_run(ctx));
	rows_next(&rows);
	act->id = col_i64(&rows);
	act->topic_id = col_i64(&rows);
	act->other_id = col_i64(&rows);
	act->post_id = col_i64(&rows);
	act->kind = topic_act_kind_from_text(col_text(&rows));
	act->is_undone = col_bool(&rows);
	return OK;
}

static enum err undo(struct ctx *ctx, int64_t act_id, const char *form_key, const char **path)
{
	struct subject subject = { .visibility = VISIBILITY_WITHDRAWN, .now = ctx->now };
	const char *earlier;
	struct act_undo act = { 0 };
	struct rows titles;

	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	TRY(load(ctx, act_id, &act, &titles));
	TRY(policy_require(ctx, topic_act_right(act.kind), &subject));
	rows_next(&titles);
	*path = topic_path(ctx->arena, act.topic_id, col_text(&titles));
	if (act.is_undone)
		return db_commit(ctx);
	TRY(add_undo(ctx, &act));
	db_add(ctx, &undo_done, NULL, param_i64(act.id), param_id(ctx->actor->id));
	topic_act_add_audit(ctx, act.kind, act.topic_id, act.other_id, NULL, true);
	once_result(ctx, form_key, *path);
	return db_commit(ctx);
}

enum err topic_act_undo(struct ctx *ctx, int64_t act_id, const char *form_key, const char **path)
{
	return writing_end(ctx, undo(ctx, act_id, form_key, path));
}
