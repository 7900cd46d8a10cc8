/*
 * Renaming, merging and undoing: what happens at once. tag_change_run.c has the questions.
 */
#include "forum/tag_change.h"

#include "base/buf.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/tag.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(tag_lock_all, "select pg_advisory_xact_lock(hashtextextended('tags', 0))", 0);

/* For update: what is being tagged with it comes before, and is moved too. */
DB_STATEMENT(
	tag_present,
	"select g.id, g.merged_into, g.name, exists (select from tag_changes c\n"
	"	where (c.tag_id = g.id or c.other_id = g.id) and c.state in ('running', 'undoing'))\n"
	"from tags g where g.id = $1 for update",
	1);

DB_STATEMENT(
	tag_meant,
	"select g.id, g.merged_into, g.name, exists (select from tag_changes c\n"
	"	where (c.tag_id = g.id or c.other_id = g.id) and c.state in ('running', 'undoing'))\n"
	"from tags g where g.name = tag_resolve(lower($1))",
	1);

DB_STATEMENT(tag_word_taken,
	     "select 1, g.merged_into is not null from tags g where g.name = $1 and g.id <> $2\n"
	     "union all select 2, w.tag_id is null from tag_words w\n"
	     "where w.word = $1 and w.tag_id is distinct from $2",
	     2);

DB_STATEMENT(tag_name_insert,
	     "insert into tag_words (word, kind, tag_id) values ($1, 'earlier', $2)\n"
	     "on conflict (word) do update set kind = 'earlier', tag_id = excluded.tag_id",
	     2);

DB_STATEMENT(tag_word_forget, "delete from tag_words where word = $1 and tag_id = $2", 2);

/* Its questions' lists are made anew in batches instead of by the trigger. */
DB_STATEMENT(tag_in_batches, "select set_config('entraide.renaming', 'on', true)", 0);

DB_STATEMENT(tag_name_update, "update tags set name = $2 where id = $1", 2);

DB_STATEMENT(
	tag_change_insert,
	"insert into tag_changes (kind, tag_id, other_id, from_name, to_name, reason, asked_by,\n"
	"	total)\n"
	"select $1, $2::bigint, $3::bigint, $4, $5, $6, $7, count(*)\n"
	"from topic_tags tt where tt.tag_id = $2::bigint returning id",
	7);

/* Merging: $1 goes into $2, by the change $3 ----------------------------------------- */

DB_STATEMENT(tag_merge_follows,
	     "insert into follows (person_id, kind, target_id, merged_by)\n"
	     "select f.person_id, 'tag', $2::bigint, $3::bigint from follows f\n"
	     "where f.kind = 'tag' and f.target_id = $1::bigint order by f.person_id\n"
	     "on conflict do nothing",
	     3);

/* Who is one in both stays it once: in office before named, and else there. */
DB_STATEMENT(
	tag_merge_experts_twice,
	"with live as (\n"
	"	select e.id, e.person_id, e.tag_id, e.state,\n"
	"		2 * (e.state = 'active')::integer + (e.tag_id = $2::bigint)::integer as weight\n"
	"	from experts e where e.tag_id in ($1::bigint, $2::bigint) and e.state in ('nominated', 'active')\n"
	"), ended as (\n"
	"	update experts e set state = 'ended', ended_at = now(), end_reason = 'tag_merged'\n"
	"	from live l where e.id = l.id and exists (select from live o\n"
	"		where o.person_id = l.person_id and o.weight > l.weight)\n"
	"	returning e.id, l.state\n"
	")\n"
	"update tag_changes set moved = moved || jsonb_build_object('ended',\n"
	"	(select coalesce(jsonb_agg(jsonb_build_array(id, state)), '[]') from ended))\n"
	"where id = $3",
	3);

DB_STATEMENT(
	tag_merge_rest,
	"with experts_moved as (\n"
	"	update experts set tag_id = $2::bigint\n"
	"	where tag_id = $1::bigint and state in ('nominated', 'active') returning id\n"
	"), words as (\n"
	"	update tag_words set tag_id = $2::bigint where tag_id = $1::bigint returning word\n"
	"), tags_moved as (\n"
	"	update tags set merged_into = $2::bigint\n"
	"	where merged_into = $1::bigint or id = $1::bigint returning id\n"
	")\n"
	"update tag_changes set moved = moved || jsonb_build_object(\n"
	"	'experts', (select coalesce(jsonb_agg(id), '[]') from experts_moved),\n"
	"	'words', (select coalesce(jsonb_agg(word), '[]') from words),\n"
	"	'tags', (select coalesce(jsonb_agg(id), '[]') from tags_moved where id <> $1::bigint))\n"
	"where id = $3",
	3);

/* Undoing ------------------------------------------------------------------------------- */

DB_STATEMENT(
	tag_change_present,
	"select c.kind, c.tag_id, c.other_id, c.from_name, c.to_name, g.name,\n"
	"	c.state = 'done' and c.asked_at > now() - make_interval(days => $2::integer),\n"
	"	not exists (select from tag_changes n where n.id <> c.id\n"
	"		and (n.tag_id in (c.tag_id, c.other_id) or n.other_id in (c.tag_id, c.other_id))\n"
	"		and n.state in ('running', 'undoing')),\n"
	"	case when c.kind = 'rename' then g.merged_into is null and g.name = c.to_name\n"
	"		else g.merged_into = c.other_id end\n"
	"from tag_changes c join tags g on g.id = c.tag_id where c.id = $1 for update of c",
	2);

DB_STATEMENT(
	tag_change_turn_back,
	"update tag_changes c set state = 'undoing', undone_by = $2, undone_at = now(), done = 0,\n"
	"	last_topic_id = 0, ended_at = null, total = case when c.kind = 'merge'\n"
	"		then (select count(*) from tag_change_topics k where k.change_id = c.id)\n"
	"		else (select count(*) from topic_tags tt where tt.tag_id = c.tag_id) end\n"
	"where c.id = $1",
	2);

DB_STATEMENT(tag_unmerge_follows, "delete from follows where merged_by = $1", 1);

DB_STATEMENT(
	tag_unmerge_rest,
	"with c as (select * from tag_changes where id = $1),\n"
	"own as (update tags g set merged_into = null from c where g.id = c.tag_id),\n"
	"others as (update tags g set merged_into = c.tag_id from c\n"
	"	where g.merged_into = c.other_id and g.id in\n"
	"		(select t::bigint from jsonb_array_elements_text(c.moved -> 'tags') t)),\n"
	"words as (update tag_words w set tag_id = c.tag_id from c\n"
	"	where w.tag_id = c.other_id and c.moved -> 'words' ? w.word)\n"
	"update experts e set tag_id = c.tag_id from c where e.tag_id = c.other_id\n"
	"	and e.id in (select x::bigint from jsonb_array_elements_text(c.moved -> 'experts') x)",
	1);

DB_STATEMENT(
	tag_unmerge_experts_twice,
	"update experts e set state = x ->> 1, ended_at = null, end_reason = ''\n"
	"from tag_changes c cross join jsonb_array_elements(c.moved -> 'ended') x\n"
	"where c.id = $1 and e.id = (x ->> 0)::bigint and e.state = 'ended'\n"
	"	and e.end_reason = 'tag_merged' and not exists (select from experts o\n"
	"		where o.person_id = e.person_id and o.tag_id = e.tag_id and o.id <> e.id\n"
	"			and o.state in ('nominated', 'active'))",
	1);

/* The history -------------------------------------------------------------------------- */

DB_STATEMENT(
	tag_changes_of,
	"select c.id, c.tag_id, c.kind, c.state, c.from_name, c.to_name, c.reason, coalesce(p.name, ''),\n"
	"	c.asked_at, c.undone_at, c.total::bigint, c.done::bigint, c.state = 'done'\n"
	"		and c.asked_at > now() - make_interval(days => $2::integer)\n"
	"from tag_changes c left join people p on p.id = c.asked_by\n"
	"where c.tag_id = $1 or c.other_id = $1 order by c.id desc limit $3",
	3);

static enum tag_change_state state_from_text(const char *text)
{
	static const char *const states[] = {
		[TAG_RUNNING] = "running",
		[TAG_DONE] = "done",
		[TAG_UNDOING] = "undoing",
		[TAG_UNDONE] = "undone",
	};

	for (size_t i = 0; i < ARRAY_COUNT(states); i++)
		if (strcmp(states[i], text) == 0)
			return (enum tag_change_state)i;
	return TAG_UNDONE;
}

void tag_history_add(struct ctx *ctx, int64_t tag_id, struct rows *rows)
{
	db_add(ctx, &tag_changes_of, rows, param_i64(tag_id), param_i64(TAG_UNDO_DAYS),
	       param_i64(TAG_CHANGES_SHOWN));
}

void tag_history_read(struct rows *rows, struct tag_history *out)
{
	*out = (struct tag_history){ 0 };
	while (out->count < TAG_CHANGES_SHOWN && rows_next(rows)) {
		struct tag_change *change = &out->items[out->count++];

		change->id = col_i64(rows);
		change->tag_id = col_i64(rows);
		change->kind = strcmp(col_text(rows), "merge") == 0 ? TAG_MERGE : TAG_RENAME;
		change->state = state_from_text(col_text(rows));
		change->from_name = col_text(rows);
		change->to_name = col_text(rows);
		change->reason = col_text(rows);
		change->asked_by = col_text(rows);
		change->asked_at = col_time(rows);
		change->undone_at = col_time(rows);
		change->total = col_i64(rows);
		change->done = col_i64(rows);
		change->can_undo = col_bool(rows);
	}
}

/* What all acts on tags share ------------------------------------------------------- */

static void locked_read(struct rows *rows, struct tag_locked *out)
{
	out->id = col_i64(rows);
	out->merged_into = col_i64(rows);
	out->name = col_text(rows);
	out->is_busy = col_bool(rows);
}

static enum err check_idle(struct ctx *ctx, const struct tag_locked *tag)
{
	if (tag->merged_into)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This tag was merged into another: undo that first."));
	if (tag->is_busy)
		return fail(
			ctx, ERR_CONFLICT, NULL,
			_("Something is still under way with the tag “%s”: wait until it is done."),
			tag->name);
	return OK;
}

enum err tag_lock(struct ctx *ctx, int64_t tag_id, const char *form_key, struct tag_locked *out,
		  const char **earlier)
{
	struct rows rows;

	*out = (struct tag_locked){ .name = "" };
	*earlier = NULL;
	TRY(policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now }));
	db_begin(ctx);
	db_add_params(ctx, &tag_lock_all, NULL, NULL, 0);
	db_add(ctx, &tag_present, &rows, param_i64(tag_id));
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier || !tag_id)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	locked_read(&rows, out);
	return check_idle(ctx, out);
}

enum err tag_check_word_free(struct ctx *ctx, const char *field, const char *word, int64_t own_id)
{
	bool is_tag, is_other;
	struct rows rows;

	TRY(db_query(ctx, &tag_word_taken, &rows, param_text(word), param_i64(own_id)));
	if (!rows_next(&rows))
		return OK;
	is_tag = col_i64(&rows) == 1;
	is_other = col_bool(&rows);
	if (is_tag && is_other)
		return fail(ctx, ERR_INVALID, field,
			    _("A tag called “%s” was merged into another: undo that first."), word);
	if (is_tag)
		return fail(ctx, ERR_INVALID, field,
			    _("There is a tag called “%s”: merge the two instead."), word);
	if (is_other)
		return fail(ctx, ERR_INVALID, field, _("“%s” may not be a tag: allow it first."),
			    word);
	return fail(ctx, ERR_INVALID, field, _("“%s” leads to another tag already."), word);
}

const char *tag_names_json(struct ctx *ctx, const char *from, const char *to)
{
	struct buf json;

	buf_init(&json, ctx->arena, 4096);
	buf_text(&json, "{\"from\":");
	buf_json(&json, from);
	buf_text(&json, ",\"to\":");
	buf_json(&json, to);
	buf_text(&json, "}");
	return json.data;
}

enum err tag_finish(struct ctx *ctx, const char *action, int64_t tag_id, const char *reason,
		    const char *details, const char *form_key)
{
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "tag",
						.subject_id = tag_id,
						.reason = reason,
						.details = details });
	once_result(ctx, form_key, "/admin/tags");
	return db_commit(ctx);
}

static void add_job(struct ctx *ctx, int64_t change_id)
{
	job_add(ctx, "tag_change", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)change_id),
		NULL, 0);
}

static enum err add_change(struct ctx *ctx, const char *kind, const struct tag_locked *tag,
			   int64_t other_id, const char *to_name, const char *reason, int64_t *id)
{
	struct rows rows;

	TRY(db_query(ctx, &tag_change_insert, &rows, param_text(kind), param_i64(tag->id),
		     param_id(other_id), param_text(tag->name), param_text(to_name),
		     param_text(reason), param_id(ctx->actor->id)));
	*id = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

/* Renaming ------------------------------------------------------------------------------ */

/* The earlier name leads on; the new one is no longer a word beside it. */
static void add_name(struct ctx *ctx, int64_t tag_id, const char *from, const char *to)
{
	db_add_params(ctx, &tag_in_batches, NULL, NULL, 0);
	db_add(ctx, &tag_word_forget, NULL, param_text(to), param_i64(tag_id));
	db_add(ctx, &tag_name_update, NULL, param_i64(tag_id), param_text(to));
	db_add(ctx, &tag_name_insert, NULL, param_text(from), param_i64(tag_id));
}

static enum err rename_to(struct ctx *ctx, int64_t tag_id, const char *name, const char *reason,
			  const char *form_key)
{
	struct tag_locked tag;
	const char *earlier;
	int64_t id;

	TRY(tag_lock(ctx, tag_id, form_key, &tag, &earlier));
	if (earlier)
		return OK;
	if (strcmp(tag.name, name) == 0)
		return fail(ctx, ERR_INVALID, "name", "%s", _("The tag is called that already."));
	TRY(tag_check_word_free(ctx, "name", name, tag_id));
	TRY(add_change(ctx, "rename", &tag, 0, name, reason, &id));
	add_name(ctx, tag_id, tag.name, name);
	add_job(ctx, id);
	return tag_finish(ctx, "tag_renamed", tag_id, reason, tag_names_json(ctx, tag.name, name),
			  form_key);
}

enum err tag_rename(struct ctx *ctx, int64_t tag_id, const char *name, const char *reason,
		    const char *form_key)
{
	TRY(policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now }));
	TRY(tag_parse_one(ctx, "name", name, &name));
	TRY(field_line(ctx, "rename_reason", reason, 1, TAG_REASON_MAX, &reason));
	return constraint_explain(ctx,
				  writing_end(ctx, rename_to(ctx, tag_id, name, reason, form_key)));
}

/* Merging ------------------------------------------------------------------------------- */

static enum err find_target(struct ctx *ctx, const char *into, int64_t tag_id,
			    struct tag_locked *target)
{
	struct rows rows;

	*target = (struct tag_locked){ .name = "" };
	TRY(db_query(ctx, &tag_meant, &rows, param_text(into)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "into", _("There is no tag called “%s”."), into);
	locked_read(&rows, target);
	if (target->id == tag_id)
		return fail(ctx, ERR_INVALID, "into", "%s", _("That is this tag itself."));
	return check_idle(ctx, target);
}

static enum err merge(struct ctx *ctx, int64_t tag_id, const char *into, const char *reason,
		      const char *form_key)
{
	struct tag_locked tag, target;
	const char *earlier;
	int64_t id;

	TRY(tag_lock(ctx, tag_id, form_key, &tag, &earlier));
	if (earlier)
		return OK;
	TRY(find_target(ctx, into, tag_id, &target));
	TRY(add_change(ctx, "merge", &tag, target.id, target.name, reason, &id));
	db_add(ctx, &tag_merge_follows, NULL, param_i64(tag_id), param_i64(target.id),
	       param_i64(id));
	db_add(ctx, &tag_merge_experts_twice, NULL, param_i64(tag_id), param_i64(target.id),
	       param_i64(id));
	db_add(ctx, &tag_merge_rest, NULL, param_i64(tag_id), param_i64(target.id), param_i64(id));
	add_job(ctx, id);
	return tag_finish(ctx, "tag_merged", tag_id, reason,
			  tag_names_json(ctx, tag.name, target.name), form_key);
}

enum err tag_merge(struct ctx *ctx, int64_t tag_id, const char *into, const char *reason,
		   const char *form_key)
{
	TRY(policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now }));
	TRY(tag_parse_one(ctx, "into", into, &into));
	TRY(field_line(ctx, "merge_reason", reason, 1, TAG_REASON_MAX, &reason));
	return writing_end(ctx, merge(ctx, tag_id, into, reason, form_key));
}

/* Undoing ------------------------------------------------------------------------------- */

struct undone {
	int64_t id, tag_id, other_id;
	const char *from_name, *to_name;
	bool is_merge;
};

static enum err take_undone(struct ctx *ctx, struct rows *rows, struct undone *out)
{
	bool is_in_time, is_idle, is_newest;

	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->is_merge = strcmp(col_text(rows), "merge") == 0;
	out->tag_id = col_i64(rows);
	out->other_id = col_i64(rows);
	out->from_name = col_text(rows);
	out->to_name = col_text(rows);
	col_skip(rows);
	is_in_time = col_bool(rows);
	is_idle = col_bool(rows);
	is_newest = col_bool(rows);
	if (!is_in_time)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This can no longer be undone, or is under way already."));
	if (!is_idle)
		return fail(
			ctx, ERR_CONFLICT, NULL,
			_("Something is still under way with the tag “%s”: wait until it is done."),
			out->to_name);
	if (!is_newest)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("The tag was renamed or merged since: undo that first."));
	return OK;
}

/* A tag made since may have the earlier name only where somebody was very fast. */
static enum err add_unrename(struct ctx *ctx, const struct undone *undone)
{
	TRY(tag_check_word_free(ctx, NULL, undone->from_name, undone->tag_id));
	add_name(ctx, undone->tag_id, undone->to_name, undone->from_name);
	return OK;
}

static void add_unmerge(struct ctx *ctx, const struct undone *undone)
{
	db_add(ctx, &tag_unmerge_follows, NULL, param_i64(undone->id));
	db_add(ctx, &tag_unmerge_rest, NULL, param_i64(undone->id));
	db_add(ctx, &tag_unmerge_experts_twice, NULL, param_i64(undone->id));
}

static enum err undo(struct ctx *ctx, int64_t change_id, const char *form_key)
{
	struct undone undone = { .id = change_id };
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	db_add_params(ctx, &tag_lock_all, NULL, NULL, 0);
	db_add(ctx, &tag_change_present, &rows, param_i64(change_id), param_i64(TAG_UNDO_DAYS));
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(take_undone(ctx, &rows, &undone));
	if (undone.is_merge)
		add_unmerge(ctx, &undone);
	else
		TRY(add_unrename(ctx, &undone));
	db_add(ctx, &tag_change_turn_back, NULL, param_i64(change_id), param_id(ctx->actor->id));
	add_job(ctx, change_id);
	return tag_finish(ctx, "tag_change_undone", undone.tag_id, NULL,
			  tag_names_json(ctx, undone.to_name, undone.from_name), form_key);
}

enum err tag_change_undo(struct ctx *ctx, int64_t change_id, const char *form_key)
{
	TRY(policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now }));
	return writing_end(ctx, undo(ctx, change_id, form_key));
}
