/*
 * Undoing a decision, from what it left in its item. One statement a thing, in the order
 * topic, post, person, item.
 */
#include "forum/moderation_decide.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/moderation_parts.h"
#include "forum/notice.h"
#include "forum/notification.h"
#include "forum/policy.h"
#include "forum/post_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	undo_read,
	"select i.kind, i.post_id, i.decided_at, i.undo is not null,\n"
	"	coalesce(i.undo ->> 'visibility', 'visible'), (i.undo ->> 'withdrawn_by')::bigint,\n"
	"	(i.undo ->> 'withdrawn_at')::bigint, (i.undo ->> 'case')::bigint,\n"
	"	(i.undo ->> 'measure')::bigint, (i.undo ->> 'decided_at')::bigint, i.reference_id\n"
	"from moderation_items i where i.id = $1",
	1);

/* Still as it was read? */
DB_STATEMENT(undo_lock,
	     "select i.id from moderation_items i\n"
	     "where i.id = $1 and i.state = 'decided' and i.decided_at = $2 for no key update",
	     2);

DB_STATEMENT(undo_post,
	     "update posts set visibility = $2, withdrawn_by = nullif($3::bigint, 0),\n"
	     "	withdrawn_at = from_us($4::bigint) where id = $1",
	     4);
DB_STATEMENT(undo_topic,
	     "update topics set visibility = $2 where id = (select q.topic_id from posts q\n"
	     "	where q.id = $1 and q.kind = 'question')",
	     2);

/* Those that were decided in the same moment are this decision's. */
DB_STATEMENT(undo_flags,
	     "update flags set state = 'open', decided_at = null\n"
	     "where post_id = $1 and decided_at = $2 and state <> 'open'",
	     2);

/* A hiding that the decision ended is in force again. */
DB_STATEMENT(
	undo_hiding,
	"update moderation_cases k set reversed_at = null, reversed_by = null, reversal = null\n"
	"where k.id = (select h.id from moderation_cases h where h.post_id = $1 and h.act = 'hide'\n"
	"	and h.reversal in ('released', 'replaced') order by h.id desc limit 1)",
	1);

/*
 * The items open again; whose place another took meanwhile, stay decided. Each says who
 * undid it.
 */
DB_STATEMENT(
	undo_items,
	"update moderation_items i set state = 'open', decided_at = null, decided_by = null,\n"
	"	decision = null, note = '', undo = null, undone_at = clock_timestamp(), undone_by = $3::bigint\n"
	"where i.id in (select o.id from moderation_items o where (o.id = $1 or (o.post_id = $4::bigint\n"
	"		and o.decided_at = $2)) and o.state = 'decided' order by o.id for no key update)\n"
	"	and not exists (select from moderation_items n where n.state = 'open' and n.kind = i.kind\n"
	"		and n.post_id = i.post_id\n"
	"		and (i.kind <> 'notice' or n.reference_id = i.reference_id))",
	4);

struct undoing {
	int64_t id, post_id, decided_at, withdrawn_by, withdrawn_at, case_id, measure_id, notice_id;
	enum moderation_kind kind;
	enum visibility visibility;
	bool has_record;
	struct post_lock lock;
};

static enum err read_undo(struct ctx *ctx, struct undoing *undoing)
{
	struct rows rows;

	TRY(db_query(ctx, &undo_read, &rows, param_i64(undoing->id)));
	if (!rows_next(&rows) || !moderation_kind_parse(col_text(&rows), &undoing->kind))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	undoing->post_id = col_i64(&rows);
	undoing->decided_at = col_time(&rows);
	undoing->has_record = col_bool(&rows);
	undoing->visibility = visibility_from_text(col_text(&rows));
	undoing->withdrawn_by = col_i64(&rows);
	undoing->withdrawn_at = col_i64(&rows);
	undoing->case_id = col_i64(&rows);
	undoing->measure_id = col_i64(&rows);
	col_skip(&rows);
	undoing->notice_id = undoing->kind == MODERATION_NOTICE ? col_i64(&rows) : 0;
	return OK;
}

static enum err check(struct ctx *ctx, const struct undoing *undoing)
{
	if (!undoing->has_record || undoing->kind == MODERATION_APPEAL ||
	    undoing->kind == MODERATION_NOTICE_COMPLAINT)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This decision cannot be undone."));
	if (ctx->now - undoing->decided_at > MODERATION_UNDO_DAYS * CLOCK_DAY)
		return fail(ctx, ERR_CONFLICT, NULL,
			    _("After %d days a decision is no longer undone."),
			    MODERATION_UNDO_DAYS);
	return OK;
}

static enum err lock_all(struct ctx *ctx, struct undoing *undoing)
{
	struct rows item;

	if (undoing->post_id)
		post_lock_add(ctx, undoing->post_id, &undoing->lock);
	db_add(ctx, &undo_lock, &item, param_i64(undoing->id), param_time(undoing->decided_at));
	TRY(db_run(ctx));
	if (item.count != 1)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This was undone in the meantime."));
	return undoing->post_id ? post_lock_take(ctx, &undoing->lock) : OK;
}

/* Its author hears that it is shown again, or waits again. */
static void tell(struct ctx *ctx, const struct undoing *undoing)
{
	const struct post *post = &undoing->lock.post;

	if (!post->author.id || post->visibility == undoing->visibility)
		return;
	if (undoing->visibility == VISIBILITY_VISIBLE)
		notify_person(ctx, post->author.id, NOTIFY_RELEASED, post->topic_id, post->id);
	if (undoing->visibility == VISIBILITY_HELD)
		notify_person(ctx, post->author.id, NOTIFY_HELD, post->topic_id, post->id);
}

static void put_back_post(struct ctx *ctx, const struct undoing *undoing)
{
	struct param post = param_i64(undoing->post_id);
	struct param word = param_text(visibility_text(undoing->visibility));

	db_add(ctx, &undo_topic, NULL, post, word);
	db_add(ctx, &undo_post, NULL, post, word, param_i64(undoing->withdrawn_by),
	       param_i64(undoing->withdrawn_at));
	db_add(ctx, &undo_flags, NULL, post, param_time(undoing->decided_at));
	if (undoing->visibility == VISIBILITY_HELD)
		db_add(ctx, &undo_hiding, NULL, post);
	tell(ctx, undoing);
}

static enum err undo(struct ctx *ctx, struct undoing *undoing)
{
	const struct subject nothing = { .now = ctx->now };

	TRY(policy_require(ctx, MAY_MODERATE, &nothing));
	TRY(read_undo(ctx, undoing));
	TRY(check(ctx, undoing));
	db_begin(ctx);
	TRY(lock_all(ctx, undoing));
	if (undoing->notice_id)
		TRY(notice_reopen(ctx, undoing->notice_id));
	if (undoing->post_id)
		put_back_post(ctx, undoing);
	if (undoing->measure_id)
		measure_add_end(ctx, undoing->measure_id, _("The decision was undone."));
	if (undoing->case_id)
		case_reverse(ctx, undoing->case_id, CASE_UNDONE);
	db_add(ctx, &undo_items, NULL, param_i64(undoing->id), param_time(undoing->decided_at),
	       param_id(ctx->actor->id), param_id(undoing->post_id));
	audit_write(ctx, &(struct audit_entry){ .action = "queue_undo",
						.subject = "moderation_item",
						.subject_id = undoing->id,
						.person_id = undoing->lock.post.author.id });
	return db_commit(ctx);
}

enum err moderation_undo(struct ctx *ctx, int64_t id)
{
	struct undoing undoing = { .id = id };

	return writing_end(ctx, undo(ctx, &undoing));
}
