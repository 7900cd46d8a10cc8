/*
 * What can be done to a post without changing its words: withdrawing, restoring
 * and accepting it. The counts that follow are kept by the triggers.
 */
#include "forum/post_columns.h"

#include "forum/audit.h"
#include "forum/mirror.h"
#include "forum/notification.h"
#include "forum/writing.h"

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

static enum err set_visibility(struct ctx *ctx, int64_t id, enum visibility visibility)
{
	bool is_withdrawal = visibility != VISIBILITY_VISIBLE;
	struct post_lock lock;
	struct subject subject;
	struct param word = param_text(visibility_text(visibility));

	TRY(lock_post(ctx, id, &lock));
	/* Done already: a second click. */
	if (is_withdrawal == (lock.post.visibility != VISIBILITY_VISIBLE))
		return db_commit(ctx);
	subject = post_subject(ctx, &lock.post, &lock.topic);
	TRY(policy_require(ctx, is_withdrawal ? MAY_WITHDRAW_POST : MAY_RESTORE_POST, &subject));
	db_add(ctx, &post_set_visibility, NULL, param_i64(id), word, param_id(ctx->actor->id),
	       param_time(ctx->now));
	if (lock.post.kind == POST_QUESTION)
		db_add(ctx, &topic_set_visibility, NULL, param_i64(lock.topic.id), word);
	if (is_withdrawal && lock.post.kind != POST_QUESTION &&
	    role_is_staff(lock.post.author.role))
		mirror_add_deletion(ctx, id);
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
