/*
 * Giving a post to another author or time, for what was imported under a wrong one; and
 * taking it back. A question's topic goes with it.
 */
#include "forum/topic_act_parts.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/post_columns.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define NAME_MAX_POINTS 60

DB_STATEMENT(
	origin_facts,
	"select exists (select from mirror_items i where i.post_id = $1 and not i.is_ours),\n"
	"	exists (select from people p where p.id = $2 and p.state in ('active', 'imported')),\n"
	"	p.author_name from posts p where p.id = $1",
	2);

/* posts_moved counts for the one and no longer for the other. */
DB_STATEMENT(
	origin_set,
	"with g as (select $2::jsonb as state), asked as (\n"
	"	update topics t set author_id = (g.state ->> 'author_id')::bigint,\n"
	"		author_name = g.state ->> 'author_name',\n"
	"		created_at = from_us((g.state ->> 'created_at')::bigint)\n"
	"	from g, posts q where q.id = $1 and q.kind = 'question' and t.id = q.topic_id\n"
	")\n"
	"update posts p set author_id = (g.state ->> 'author_id')::bigint,\n"
	"	author_name = g.state ->> 'author_name',\n"
	"	created_at = from_us((g.state ->> 'created_at')::bigint)\n"
	"from g where p.id = $1",
	2);

DB_STATEMENT(
	origin_undo,
	"select jsonb_build_object('author_id', p.author_id, 'author_name', p.author_name,\n"
	"		'created_at', (extract(epoch from p.created_at) * 1000000)::bigint) @> a.after,\n"
	"	a.before::text\n"
	"from topic_acts a join posts p on p.id = a.post_id where a.id = $1",
	1);

/* A member's name is in their own row only, so that it goes with them. */
static const char *origin_json(struct ctx *ctx, int64_t author_id, const char *name,
			       int64_t created_at)
{
	struct buf json;

	buf_init(&json, ctx->arena, 4096);
	buf_text(&json, "{\"author_id\":");
	if (author_id)
		buf_i64(&json, author_id);
	else
		buf_text(&json, "null");
	buf_text(&json, ",\"author_name\":");
	buf_json(&json, name);
	buf_printf(&json, ",\"created_at\":%lld}", (long long)created_at);
	return buf_to_arena(&json, ctx->arena);
}

static enum err check(struct ctx *ctx, const struct post_origin *origin, struct rows *facts,
		      const char **name_before)
{
	bool is_mirrored, is_member;

	rows_next(facts);
	is_mirrored = col_bool(facts);
	is_member = col_bool(facts);
	*name_before = col_text(facts);
	if (is_mirrored)
		return fail(ctx, ERR_INVALID, "member", "%s",
			    _("This was mirrored: its author is said by “Who is this here?” under "
			      "the post."));
	if (origin->author_id && !is_member)
		return fail(ctx, ERR_INVALID, "member", "%s",
			    _("There is no such member, or they are no longer active."));
	if (origin->created_at > ctx->now)
		return fail(ctx, ERR_INVALID, "date", "%s", _("This day is still to come."));
	return OK;
}

static enum err clean_name(struct ctx *ctx, const struct post_origin *origin, const char **name)
{
	*name = "";
	if (origin->author_id)
		return OK;
	return field_line(ctx, "member", origin->author_name ? origin->author_name : "", 1,
			  NAME_MAX_POINTS, name);
}

static enum err set_origin(struct ctx *ctx, const struct topic_act_form *form,
			   const struct post_origin *origin)
{
	struct act_change change = { .kind = ACT_AUTHOR, .post_id = origin->post_id };
	const char *earlier, *name, *name_before;
	struct post_lock lock;
	struct subject subject;
	struct rows facts;
	int64_t at;

	TRY(topic_act_clean_reason(ctx, form->reason, &change.reason));
	TRY(clean_name(ctx, origin, &name));
	db_begin(ctx);
	post_lock_add(ctx, origin->post_id, &lock);
	db_add(ctx, &origin_facts, &facts, param_i64(origin->post_id), param_id(origin->author_id));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(post_lock_take(ctx, &lock));
	subject = post_subject(ctx, &lock.post, &lock.topic);
	TRY(policy_require(ctx, MAY_CHANGE_AUTHOR, &subject));
	TRY(check(ctx, origin, &facts, &name_before));
	at = origin->created_at ? origin->created_at : lock.post.created_at;
	change.topic_id = lock.topic.id;
	change.before = origin_json(ctx, lock.post.author.id, name_before, lock.post.created_at);
	change.after = origin_json(ctx, origin->author_id, name, at);
	if (strcmp(change.before, change.after) != 0) {
		topic_act_add(ctx, &change);
		db_add(ctx, &origin_set, NULL, param_i64(origin->post_id),
		       param_text(change.after));
		topic_act_add_audit(ctx, ACT_AUTHOR, lock.topic.id, 0, change.reason, false);
	}
	once_result(ctx, form->form_key, topic_path(ctx->arena, lock.topic.id, lock.topic.title));
	return db_commit(ctx);
}

enum err post_set_origin(struct ctx *ctx, const struct topic_act_form *form,
			 const struct post_origin *origin)
{
	return writing_end(ctx, set_origin(ctx, form, origin));
}

enum err post_origin_add_undo(struct ctx *ctx, const struct act_undo *act)
{
	struct rows rows;

	TRY(db_query(ctx, &origin_undo, &rows, param_i64(act->id)));
	if (!rows_next(&rows) || !col_bool(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This cannot be undone as things are: something was changed here "
			      "since. Undo the later change first."));
	db_add(ctx, &origin_set, NULL, param_i64(act->post_id), param_text(col_text(&rows)));
	return OK;
}
