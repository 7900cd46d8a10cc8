/*
 * Telling of a post that was held.
 */
#include "forum/post_release.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/mention.h"
#include "forum/notification.h"
#include "forum/policy.h"

DB_STATEMENT(released_post,
	     "select p.kind, p.topic_id, p.body_md, p.author_id, parent.author_id, t.author_id\n"
	     "from posts p join topics t on t.id = p.topic_id\n"
	     "left join posts parent on parent.id = p.parent_id\n"
	     "where p.id = $1 and p.visibility = 'visible' and t.visibility = 'visible'\n"
	     "	and p.author_id is not null",
	     1);

struct released {
	int64_t id, topic_id, author_id, parent_author_id, asker_id;
	enum post_kind kind;
	const char *body_md;
};

static void released_read(struct rows *rows, struct released *post)
{
	post->kind = post_kind_from_text(col_text(rows));
	post->topic_id = col_i64(rows);
	post->body_md = col_text(rows);
	post->author_id = col_i64(rows);
	post->parent_author_id = col_i64(rows);
	post->asker_id = col_i64(rows);
}

/* Notices carry who wrote: the author, not the program that sends them. */
static void tell(struct ctx *ctx, const struct released *post)
{
	if (post->kind == POST_QUESTION)
		notify_new_question(ctx, post->topic_id);
	if (post->kind == POST_ANSWER)
		notify_followers(ctx, NOTIFY_ANSWER, post->topic_id, post->id);
	if (post->kind != POST_COMMENT)
		return;
	if (post->parent_author_id && post->parent_author_id != post->author_id)
		notify_person(ctx, post->parent_author_id, NOTIFY_COMMENT, post->topic_id,
			      post->id);
	if (post->asker_id && post->asker_id != post->author_id &&
	    post->asker_id != post->parent_author_id)
		notify_person(ctx, post->asker_id, NOTIFY_COMMENT, post->topic_id, post->id);
}

static enum err announce(struct ctx *ctx, const struct released *post)
{
	struct mentions mentions;

	db_begin(ctx);
	mentions_add(ctx, post->body_md, &mentions);
	tell(ctx, post);
	if (mentions.count > 0)
		notify_mentioned(ctx, mentions.handles, mentions.count, post->topic_id, post->id);
	return db_commit(ctx);
}

enum err post_announce(struct ctx *ctx, int64_t post_id)
{
	struct actor author = { .role = ROLE_CUSTOMER, .name = "", .handle = "", .language = "" };
	const struct actor *before = ctx->actor;
	struct released post = { .id = post_id };
	struct rows rows;
	enum err result;

	TRY(db_query(ctx, &released_post, &rows, param_i64(post_id)));
	if (!rows_next(&rows))
		return OK;
	released_read(&rows, &post);
	author.id = post.author_id;
	ctx->actor = &author;
	result = announce(ctx, &post);
	ctx->actor = before;
	return result;
}
