/*
 * Answering and commenting.
 */
#include "forum/post_columns.h"

#include "forum/actor.h"
#include "forum/desk_act.h"
#include "forum/mirror.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"

/* The asker said more: what the team waited for. */
DB_STATEMENT(topic_information_came,
	     "update topics set status = 'open', status_by = $2, status_at = $3"
	     " where id = $1 and status = 'needs_information'",
	     3);

/* The team's pages also have the withdrawn answers. */
DB_STATEMENT(answers_whole,
	     "select count(*) from posts p where p.topic_id = $1 and p.kind = 'answer'", 1);

void topic_add_information_came(struct ctx *ctx, const struct topic *topic)
{
	if (topic->status == STATUS_NEEDS_INFORMATION && ctx->actor->id != 0 &&
	    topic->author.id == ctx->actor->id)
		db_add(ctx, &topic_information_came, NULL, param_i64(topic->id),
		       param_id(ctx->actor->id), param_time(ctx->now));
}

/* The page of a new answer: the last, as the lock keeps others from coming between. */
static int64_t last_page(struct rows *whole, const struct topic *topic)
{
	int64_t before = rows_next(whole) ? col_i64(whole) : topic->answer_count;

	return before / ANSWERS_PER_PAGE + 1;
}

static enum err answer(struct ctx *ctx, const struct answer_new *form, int64_t *id,
		       const char **path)
{
	struct writing writing = { .kind = POST_ANSWER,
				   .topic_id = form->topic_id,
				   .personal = form->personal,
				   .fill_seconds = form->fill_seconds };
	struct subject subject;
	struct topic topic;
	const char *earlier;
	struct rows rows, whole = { .current = -1 };

	TRY(writing_begin(ctx, &writing, form->body_md, form->created_at));
	topic_add_bare_lock(ctx, form->topic_id, &rows);
	if (post_is_for_team(ctx))
		db_add(ctx, &answers_whole, &whole, param_i64(form->topic_id));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		writing_repeat(earlier, id, path);
		return OK;
	}
	TRY(topic_take(ctx, &rows, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_ANSWER, &subject));
	writing.language = topic.language;
	writing.category_id = topic.category_id;
	TRY(writing_check(ctx, &writing));
	writing_add_post(ctx, &writing,
			 arena_printf(ctx->arena, "answer:%lld", (long long)topic.id));
	if (form->is_sent_out)
		TRY(mirror_send_reply(ctx, writing.post_id));
	if (!writing_is_held(&writing)) {
		topic_add_information_came(ctx, &topic);
		notify_followers(ctx, NOTIFY_ANSWER, topic.id, writing.post_id);
		if (role_is_staff(ctx->actor->role) ||
		    (ctx->actor->expert_fields && ctx->actor->expert_fields[0]))
			desk_add_answered(ctx, topic.id);
	}
	writing_tell(&writing, form->is_held);
	*id = writing.post_id;
	*path = post_path_on_page(ctx->arena, &topic, last_page(&whole, &topic), *id);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err answer_create(struct ctx *ctx, const struct answer_new *form, int64_t *id,
		       const char **path)
{
	return writing_end(ctx, answer(ctx, form, id, path));
}

/* Who wrote what was commented, and who asked. */
static void notify_of_comment(struct ctx *ctx, const struct writing *writing,
			      const struct post *parent, const struct topic *topic)
{
	int64_t writer = parent->author.id, asker = topic->author.id;

	if (writer && writer != ctx->actor->id)
		notify_person(ctx, writer, NOTIFY_COMMENT, topic->id, writing->post_id);
	if (asker && asker != ctx->actor->id && asker != writer)
		notify_person(ctx, asker, NOTIFY_COMMENT, topic->id, writing->post_id);
}

static enum err check_comment(struct ctx *ctx, const struct post *parent, const struct topic *topic)
{
	struct subject subject = post_subject(ctx, parent, topic);

	if (parent->kind == POST_COMMENT)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return policy_require(ctx, MAY_COMMENT, &subject);
}

static enum err comment(struct ctx *ctx, const struct comment_new *form, int64_t *id,
			const char **path)
{
	struct writing writing = { .kind = POST_COMMENT,
				   .parent_id = form->post_id,
				   .personal = form->personal,
				   .fill_seconds = form->fill_seconds };
	struct post_lock lock;
	const char *earlier;

	TRY(writing_begin(ctx, &writing, form->body_md, form->created_at));
	post_lock_add(ctx, form->post_id, &lock);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		writing_repeat(earlier, id, path);
		return OK;
	}
	TRY(post_lock_take(ctx, &lock));
	TRY(check_comment(ctx, &lock.post, &lock.topic));
	writing.language = lock.topic.language;
	writing.category_id = lock.topic.category_id;
	TRY(writing_check(ctx, &writing));
	writing.topic_id = lock.topic.id;
	writing_add_post(ctx, &writing,
			 arena_printf(ctx->arena, "comment:%lld", (long long)form->post_id));
	if (form->is_sent_out)
		TRY(mirror_send_reply(ctx, writing.post_id));
	if (!writing_is_held(&writing)) {
		topic_add_information_came(ctx, &lock.topic);
		notify_of_comment(ctx, &writing, &lock.post, &lock.topic);
	}
	writing_tell(&writing, form->is_held);
	*id = writing.post_id;
	*path = post_path_on_page(ctx->arena, &lock.topic, lock.page, *id);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err comment_create(struct ctx *ctx, const struct comment_new *form, int64_t *id,
			const char **path)
{
	return writing_end(ctx, comment(ctx, form, id, path));
}
