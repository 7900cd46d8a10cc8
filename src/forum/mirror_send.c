/*
 * What people here send there: an answer, its edits, its deletion; hiding, showing
 * and deleting what customers wrote. All of it is queued with the change it follows
 * from; the worker sends it.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"
#include "forum/audit.h"
#include "i18n/i18n.h"

/*
 * What a post answers: the mirrored answer above a comment, else the mirrored post of
 * its topic, or the first that was merged into it. A comment on a native answer has
 * nobody to go to.
 */
DB_STATEMENT(
	send_target,
	"select p.body_md, t.visibility, i.id, i.source_id, i.can_comment, i.removed_at is not null,\n"
	"	exists (select from mirror_outbox o where o.post_id = p.id and o.kind = 'reply')\n"
	"from posts p\n"
	"join topics t on t.id = p.topic_id\n"
	"left join posts parent on parent.id = p.parent_id\n"
	"left join mirror_items i on i.post_id = case when parent.kind = 'answer' then parent.id\n"
	"	else coalesce((select q.id from posts q join mirror_items qi on qi.post_id = q.id\n"
	"			where q.topic_id = p.topic_id and q.kind = 'question'),\n"
	"		(select m.merged_post_id from topics m join mirror_items mi on mi.post_id = m.merged_post_id\n"
	"			where m.merged_into = p.topic_id and mi.kind = 'post' order by m.id limit 1)) end\n"
	"where p.id = $1",
	1);

DB_STATEMENT(send_insert,
	     "insert into mirror_outbox (source_id, kind, item_id, post_id, actor_id, body)\n"
	     "values ($1, $2, $3, $4, $5, $6)",
	     6);

DB_STATEMENT(send_wake, "select pg_notify('mirror', '')", 0);

/* One that has not gone yet goes with the new words; one that was sent is edited there. */
DB_STATEMENT(
	send_edit,
	"with waiting as (\n"
	"	update mirror_outbox set body = $3\n"
	"	where post_id = $1 and kind in ('reply', 'edit') and state = 'queued' and attempts = 0 returning id\n"
	"), sent as (\n"
	"	insert into mirror_outbox (source_id, kind, item_id, post_id, actor_id, body)\n"
	"	select i.source_id, 'edit', i.id, i.post_id, $2, $3 from mirror_items i\n"
	"	where i.post_id = $1 and i.is_ours and i.removed_at is null and i.body <> $3\n"
	"		and not exists (select from waiting)\n"
	"	returning id\n"
	")\n"
	"select pg_notify('mirror', '') from sent",
	3);

DB_STATEMENT(
	send_deletion,
	"with waiting as (\n"
	"	update mirror_outbox set state = 'cancelled', done_at = clock_timestamp()\n"
	"	where post_id = $1 and kind in ('reply', 'edit') and state = 'queued' and attempts = 0 returning id\n"
	"), sent as (\n"
	"	insert into mirror_outbox (source_id, kind, item_id, post_id, actor_id)\n"
	"	select i.source_id, 'delete', i.id, i.post_id, $2 from mirror_items i\n"
	"	where i.post_id = $1 and i.is_ours and i.removed_at is null\n"
	"	returning id\n"
	")\n"
	"select pg_notify('mirror', '') from sent",
	2);

DB_STATEMENT(
	send_item_of_post,
	"select i.id, i.source_id, i.kind, i.is_self, i.removed_at is not null, t.visibility,\n"
	"	exists (select from mirror_outbox o where o.item_id = i.id and o.kind = $2\n"
	"		and o.state in ('queued', 'sending', 'unknown'))\n"
	"from mirror_items i join topics t on t.id = i.topic_id where i.post_id = $1",
	2);

DB_STATEMENT(send_again,
	     "update mirror_outbox set state = 'queued', run_at = clock_timestamp(), error = ''\n"
	     "where id = $1 and state = 'failed'",
	     1);

DB_STATEMENT(send_cancel,
	     "update mirror_outbox set state = 'cancelled', done_at = clock_timestamp()\n"
	     "where id = $1 and state in ('queued', 'failed')",
	     1);

static enum err require_staff(struct ctx *ctx, enum visibility topic_visibility)
{
	return policy_require(
		ctx, MAY_REPLY_OUT,
		&(struct subject){ .topic_visibility = topic_visibility, .now = ctx->now });
}

static enum err check_text(struct ctx *ctx, const struct connector *connector, const char *text)
{
	int64_t length = mirror_text_length(text), most = connector->text_max(ctx);

	if (!text[0])
		return fail(ctx, ERR_INVALID, "body", "%s",
			    _("Without its markup this text says nothing."));
	if (length > most)
		return fail(ctx, ERR_INVALID, "body",
			    _("This text has %s characters there; %s takes at most %s."),
			    i18n_number(ctx->arena, length), connector->title,
			    i18n_number(ctx->arena, most));
	return OK;
}

struct target {
	int64_t item_id, source_id;
	const char *body_md;
	bool is_sent_already;
};

static enum err load_target(struct ctx *ctx, int64_t post_id, struct target *target)
{
	enum visibility visibility;
	bool can_comment, is_removed;
	struct rows rows;

	TRY(db_query(ctx, &send_target, &rows, param_i64(post_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	target->body_md = col_text(&rows);
	visibility = visibility_from_text(col_text(&rows));
	target->item_id = col_i64(&rows);
	target->source_id = col_i64(&rows);
	can_comment = col_bool(&rows);
	is_removed = col_bool(&rows);
	target->is_sent_already = col_bool(&rows);
	TRY(require_staff(ctx, visibility));
	if (!target->item_id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (is_removed || !can_comment)
		return fail(ctx, ERR_INVALID, "body", "%s",
			    _("No answer can be sent there any more."));
	return OK;
}

enum err mirror_send_reply(struct ctx *ctx, int64_t post_id)
{
	const struct connector *connector;
	struct mirror mirror;
	struct target target = { 0 };
	const char *text;

	TRY(load_target(ctx, post_id, &target));
	if (target.is_sent_already)
		return OK;
	TRY(mirror_load(ctx, target.source_id, &mirror));
	connector = connector_find(mirror.source.connector);
	if (!connector || !connector->can_reply || mirror.state == MIRROR_REMOVED)
		return fail(ctx, ERR_INVALID, "body", "%s",
			    _("No answer can be sent there any more."));
	text = mirror_plain_text(ctx, target.body_md);
	TRY(check_text(ctx, connector, text));
	db_add(ctx, &send_insert, NULL, param_i64(target.source_id), param_text("reply"),
	       param_i64(target.item_id), param_i64(post_id), param_id(ctx->actor->id),
	       param_text(text));
	db_add_params(ctx, &send_wake, NULL, NULL, 0);
	return db_run(ctx);
}

void mirror_add_edit(struct ctx *ctx, int64_t post_id, const char *markdown)
{
	db_add(ctx, &send_edit, NULL, param_i64(post_id), param_id(ctx->actor->id),
	       param_text(mirror_plain_text(ctx, markdown)));
}

void mirror_add_deletion(struct ctx *ctx, int64_t post_id)
{
	db_add(ctx, &send_deletion, NULL, param_i64(post_id), param_id(ctx->actor->id));
}

static bool can_do(const struct connector *connector, enum write_kind kind)
{
	return connector && (kind == WRITE_DELETE ? connector->can_delete : connector->can_hide);
}

enum err mirror_send_moderation(struct ctx *ctx, int64_t post_id, enum write_kind kind)
{
	struct param word = param_text(write_kind_text(kind));
	int64_t item_id, source_id;
	bool is_post, is_self, is_removed;
	struct mirror mirror;
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &send_item_of_post, &rows, param_i64(post_id), word));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	item_id = col_i64(&rows);
	source_id = col_i64(&rows);
	is_post = item_kind_from_text(col_text(&rows)) == ITEM_POST;
	is_self = col_bool(&rows);
	is_removed = col_bool(&rows);
	TRY(require_staff(ctx, visibility_from_text(col_text(&rows))));
	if (col_bool(&rows))
		return db_commit(ctx);
	TRY(mirror_load(ctx, source_id, &mirror));
	if (is_post || is_removed || (is_self && kind != WRITE_DELETE) ||
	    !can_do(connector_find(mirror.source.connector), kind))
		return fail(ctx, ERR_INVALID, NULL, "%s", _("This cannot be done there."));
	db_add(ctx, &send_insert, NULL, param_i64(source_id), word, param_i64(item_id),
	       param_null(), param_id(ctx->actor->id), param_text(""));
	audit_add(ctx, arena_printf(ctx->arena, "mirror_%s", write_kind_text(kind)), "post",
		  post_id, NULL);
	db_add_params(ctx, &send_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

static enum err change_entry(struct ctx *ctx, const struct stmt *statement, int64_t outbox_id)
{
	TRY(require_staff(ctx, VISIBILITY_VISIBLE));
	db_add(ctx, statement, NULL, param_i64(outbox_id));
	db_add_params(ctx, &send_wake, NULL, NULL, 0);
	return db_run(ctx);
}

enum err mirror_outbox_retry(struct ctx *ctx, int64_t outbox_id)
{
	return change_entry(ctx, &send_again, outbox_id);
}

enum err mirror_outbox_cancel(struct ctx *ctx, int64_t outbox_id)
{
	return change_entry(ctx, &send_cancel, outbox_id);
}
