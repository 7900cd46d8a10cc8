/*
 * What can be done to a post without changing its words: withdrawing, restoring
 * and accepting it. The counts that follow are kept by the triggers.
 */
#include "forum/post_columns.h"

#include "forum/audit.h"
#include "forum/mirror.h"
#include "forum/notification.h"
#include "forum/topic_act_parts.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	post_set_visibility,
	/* What its network hides does not come back here. */
	"update posts set visibility = case when $2 = 'visible' and exists (select from mirror_items i"
	"	where i.post_id = posts.id and (i.removed_at is not null or i.visibility <> 'public'))"
	"	then 'held' else $2 end,"
	" withdrawn_by = case when $2 = 'visible' then null else $3::bigint end,"
	" withdrawn_at = case when $2 = 'visible' then null else $4::timestamptz end"
	" where id = $1",
	4);

/* A topic is as visible as its question. */
DB_STATEMENT(
	topic_set_visibility,
	"update topics t set visibility = case when $2 = 'visible' and exists (select from posts q"
	"	where q.topic_id = t.id and q.kind = 'question' and q.visibility = 'held')"
	"	then 'held' else $2 end"
	" where t.id = $1",
	2);

/* Is it still as the act left it? Held is not visible either. */
DB_STATEMENT(
	visibility_undo,
	"select (p.visibility = 'visible') = (a.after ->> 'visibility' = 'visible')\n"
	"	and p.kind = 'question' and t.merged_into is null, a.before ->> 'visibility'\n"
	"from topic_acts a join posts p on p.id = a.post_id join topics t on t.id = p.topic_id\n"
	"where a.id = $1",
	1);

DB_STATEMENT(post_set_accepted,
	     "update posts set accepted_at = $2::timestamptz,"
	     " accepted_by = case when $2 is null then null else $3::bigint end"
	     " where id = $1",
	     3);

static enum err lock_post(struct ctx *ctx, int64_t id, struct post_lock *lock)
{
	db_begin(ctx);
	post_lock_add(ctx, id, lock);
	TRY(db_run(ctx));
	return post_lock_take(ctx, lock);
}

static bool is_own(const struct ctx *ctx, const struct author *author)
{
	return author->id != 0 && author->id == ctx->actor->id;
}

static const char *visibility_json(bool is_withdrawn)
{
	return is_withdrawn ? "{\"visibility\":\"withdrawn\"}" : "{\"visibility\":\"visible\"}";
}

static void add_visibility(struct ctx *ctx, int64_t post_id, int64_t topic_id, const char *word)
{
	db_add(ctx, &post_set_visibility, NULL, param_i64(post_id), param_text(word),
	       param_id(ctx->actor->id), param_time(ctx->now));
	if (topic_id)
		db_add(ctx, &topic_set_visibility, NULL, param_i64(topic_id), param_text(word));
}

/* Both are locked already. */
void post_add_visibility(struct ctx *ctx, const struct post *post, enum visibility visibility)
{
	add_visibility(ctx, post->id, post->kind == POST_QUESTION ? post->topic_id : 0,
		       visibility_text(visibility));
}

static enum err set_visibility(struct ctx *ctx, int64_t id, enum visibility visibility)
{
	bool is_withdrawal = visibility != VISIBILITY_VISIBLE;
	struct post_lock lock;
	struct subject subject;

	TRY(lock_post(ctx, id, &lock));
	/* Done already: a second click. */
	if (is_withdrawal == (lock.post.visibility != VISIBILITY_VISIBLE))
		return db_commit(ctx);
	subject = post_subject(ctx, &lock.post, &lock.topic);
	TRY(policy_require(ctx, is_withdrawal ? MAY_WITHDRAW_POST : MAY_RESTORE_POST, &subject));
	post_add_visibility(ctx, &lock.post, visibility);
	if (is_withdrawal && lock.post.kind != POST_QUESTION &&
	    role_is_staff(lock.post.author.role))
		mirror_add_deletion(ctx, id);
	if (lock.post.kind == POST_QUESTION && !is_own(ctx, &lock.post.author))
		topic_act_add(ctx, &(struct act_change){ .kind = ACT_VISIBILITY,
							 .topic_id = lock.topic.id,
							 .post_id = id,
							 .before = visibility_json(!is_withdrawal),
							 .after = visibility_json(is_withdrawal) });
	if (!is_own(ctx, &lock.post.author))
		audit_add(ctx, is_withdrawal ? "post_withdraw" : "post_restore", "post", id, NULL);
	return db_commit(ctx);
}

enum err post_withdraw(struct ctx *ctx, int64_t id)
{
	return writing_end(ctx, set_visibility(ctx, id, VISIBILITY_WITHDRAWN));
}

enum err post_restore(struct ctx *ctx, int64_t id)
{
	return writing_end(ctx, set_visibility(ctx, id, VISIBILITY_VISIBLE));
}

/* A withdrawal that was not taken back otherwise, or the other way round. */
enum err topic_visibility_add_undo(struct ctx *ctx, const struct act_undo *act)
{
	struct rows rows;

	TRY(db_query(ctx, &visibility_undo, &rows, param_i64(act->id)));
	if (!rows_next(&rows) || !col_bool(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This cannot be undone as things are: something was changed here "
			      "since. Undo the later change first."));
	add_visibility(ctx, act->post_id, act->topic_id, col_text(&rows));
	return OK;
}

static enum err set_accepted(struct ctx *ctx, int64_t id, bool is_on)
{
	struct post_lock lock;
	struct subject subject;

	TRY(lock_post(ctx, id, &lock));
	if (is_on == (lock.post.accepted_at != 0))
		return db_commit(ctx);
	subject = post_subject(ctx, &lock.post, &lock.topic);
	TRY(policy_require(ctx, MAY_ACCEPT, &subject));
	db_add(ctx, &post_set_accepted, NULL, param_i64(id), param_time(is_on ? ctx->now : 0),
	       param_id(ctx->actor->id));
	if (is_on && lock.post.author.id && !is_own(ctx, &lock.post.author))
		notify_person(ctx, lock.post.author.id, NOTIFY_ACCEPTED, lock.topic.id, id);
	if (!is_own(ctx, &lock.topic.author))
		audit_add(ctx, is_on ? "accept" : "unaccept", "post", id, NULL);
	return db_commit(ctx);
}

enum err post_accept(struct ctx *ctx, int64_t id, bool is_on)
{
	return writing_end(ctx, set_accepted(ctx, id, is_on));
}
