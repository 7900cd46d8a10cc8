/*
 * New texts: the steps that questions, answers and comments share.
 */
#include "forum/writing.h"

#include "base/clock.h"
#include "forum/actor.h"
#include "forum/draft.h"
#include "forum/field.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/throttle.h"
#include "forum/trust.h"
#include "i18n/i18n.h"

/* Discourse's: the same text again within this time is a mistake. */
#define TWIN_WINDOW (5 * CLOCK_MINUTE)

/*
 * Numbers are taken before the rows are written, so that everything that points
 * to the new post can travel with it.
 */
DB_STATEMENT(writing_ids,
	     "select nextval('posts_id_seq'), case when $1 then nextval('topics_id_seq') end", 1);

DB_STATEMENT(writing_twin,
	     "select exists (select from posts p where p.author_id = $1 and p.created_at > $2"
	     " and p.kind = $3 and p.parent_id is not distinct from $4 and p.body_md = $5"
	     " and p.visibility = 'visible')",
	     5);

/* Its number comes from the trigger posts_added. */
DB_STATEMENT(
	writing_insert,
	"insert into posts (id, topic_id, kind, parent_id, author_id, body_md, body_html, created_at, visibility)"
	" overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
	9);

DB_STATEMENT(writing_follow,
	     "insert into follows (person_id, kind, target_id, created_at)"
	     " values ($1, 'topic', $2, $3) on conflict do nothing",
	     3);

static enum err clean_body(struct ctx *ctx, struct writing *writing, const char *body_md)
{
	bool is_comment = writing->kind == POST_COMMENT;

	return field_text(ctx, "body", body_md, is_comment ? COMMENT_BODY_MIN : POST_BODY_MIN,
			  is_comment ? COMMENT_MAX_BYTES : POST_BODY_MAX_BYTES, &writing->body_md);
}

enum err writing_begin(struct ctx *ctx, struct writing *writing, const char *body_md,
		       int64_t asked_at)
{
	const struct actor *actor = ctx->actor;

	if (actor->role == ROLE_VISITOR)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	if (writing->personal == PERSONAL_REMOVE)
		body_md = personal_remove(ctx, body_md ? body_md : "");
	TRY(clean_body(ctx, writing, body_md));
	writing->at = actor->is_automatic && asked_at ? asked_at : ctx->now;
	db_begin(ctx);
	db_add(ctx, &writing_ids, &writing->ids, param_bool(writing->kind == POST_QUESTION));
	db_add(ctx, &writing_twin, &writing->twin, param_id(actor->id),
	       param_time(writing->at - TWIN_WINDOW), param_text(post_kind_text(writing->kind)),
	       param_id(writing->parent_id), param_text(writing->body_md));
	if (writing->kind == POST_QUESTION)
		throttle_add_question(ctx, &writing->gap, &writing->day);
	else
		throttle_add_post(ctx, &writing->gap, &writing->day);
	mentions_add(ctx, writing->body_md, &writing->mentions);
	holding_begin(ctx, &writing->holding,
		      &(struct holding_text){ .title = writing->title ? writing->title : "",
					      .body_md = writing->body_md,
					      .language = ctx->language,
					      .fill_seconds = writing->fill_seconds });
	return OK;
}

/* Without a key once_claim has nothing to send, and leaves the queue to us. */
enum err writing_claim(struct ctx *ctx, const char *form_key, const char **earlier)
{
	TRY(once_claim(ctx, form_key, earlier));
	return db_run(ctx);
}

/* What the program writes was looked at by whoever made it write. */
static enum err check_personal(struct ctx *ctx, struct writing *writing)
{
	bool is_found = ctx->actor->id != 0 && !ctx->actor->is_automatic &&
			(personal_is_found(ctx, writing->body_md, "") ||
			 (writing->title && personal_is_found(ctx, writing->title, "")));

	if (is_found && writing->personal != PERSONAL_KEEP)
		return personal_refuse(ctx);
	writing->is_personal_kept = is_found;
	return OK;
}

enum err writing_check(struct ctx *ctx, struct writing *writing)
{
	rows_next(&writing->ids);
	writing->post_id = col_i64(&writing->ids);
	if (writing->kind == POST_QUESTION)
		writing->topic_id = col_i64(&writing->ids);
	rows_next(&writing->twin);
	if (col_bool(&writing->twin) && !ctx->actor->is_automatic)
		return fail(ctx, ERR_INVALID, "body", "%s",
			    _("You wrote exactly this a moment ago."));
	TRY(check_personal(ctx, writing));
	TRY(throttle_check(ctx, &writing->gap));
	TRY(throttle_check(ctx, &writing->day));
	writing->holding.text.category_id = writing->category_id;
	if (writing->language)
		writing->holding.text.language = writing->language;
	TRY(holding_decide(ctx, &writing->holding));
	TRY(mentions_render(&writing->mentions, "body", writing->body_md, ctx->actor->is_trusted,
			    &writing->body));
	return trust_check_body(ctx, "body", writing->body.html, writing->mentions.count);
}

void writing_add_post(struct ctx *ctx, struct writing *writing, const char *draft_place)
{
	struct param author = param_id(ctx->actor->id);

	db_add(ctx, &writing_insert, NULL, param_i64(writing->post_id),
	       param_i64(writing->topic_id), param_text(post_kind_text(writing->kind)),
	       param_id(writing->parent_id), author, param_text(writing->body_md),
	       param_text(writing->body.html), param_time(writing->at),
	       param_text(visibility_text(holding_visibility(&writing->holding))));
	holding_record(ctx, &writing->holding, writing->post_id);
	if (ctx->actor->id) {
		if (writing->kind != POST_COMMENT)
			db_add(ctx, &writing_follow, NULL, author, param_i64(writing->topic_id),
			       param_time(writing->at));
		draft_drop(ctx, draft_place);
	}
	if (writing->is_personal_kept)
		personal_tell(ctx, writing->post_id);
	if (writing->mentions.count > 0 && !writing_is_held(writing))
		notify_mentioned(ctx, writing->mentions.handles, writing->mentions.count,
				 writing->topic_id, writing->post_id);
}

bool writing_is_held(const struct writing *writing)
{
	return holding_visibility(&writing->holding) == VISIBILITY_HELD;
}

void writing_tell(const struct writing *writing, bool *is_held)
{
	if (is_held)
		*is_held = writing_is_held(writing);
}

enum err writing_end(struct ctx *ctx, enum err result)
{
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* "/t/12-slug?page=2#p45" is post 45; "/t/12-slug" is topic 12. */
void writing_repeat(const char *earlier, int64_t *id, const char **path)
{
	const char *anchor = strstr(earlier, "#p");
	const char *number = anchor ? anchor + strlen("#p") : earlier + strspn(earlier, "/t");

	*id = strtoll(number, NULL, 10);
	*path = earlier;
}
