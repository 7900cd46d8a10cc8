/*
 * Reading posts: what the post files share. Inside src/forum only.
 */
#ifndef FORUM_POST_COLUMNS_H
#define FORUM_POST_COLUMNS_H

#include "db/db.h"
#include "forum/author.h"
#include "forum/post.h"

/* p is the post, a its author. */
#define POST_COLUMNS \
	"p.id, p.topic_id, p.parent_id, p.number, p.kind, " AUTHOR_COLUMNS( \
		"a", \
		"p") ", " \
		     "p.body_html, p.visibility, p.withdrawn_by, p.created_at, p.edited_at, p.accepted_at, " \
		     "p.revision_count, p.thanks_count, p.score, p.comment_count, p.source_url, p.source_licence, p.reply_to_id, p.endorsed_at, " \
		     "case when p.kind = 'answer' and a.is_expert then is_expert_of(p.author_id, p.topic_id) else false end"

#define POST_AUTHOR_JOIN " left join people a on a.id = p.author_id"

/* What POST_COLUMNS needs of the table, for selects that choose posts inside. */
#define POST_TABLE_COLUMNS(q) \
	q ".id, " q ".topic_id, " q ".parent_id, " q ".number, " q ".kind, " q ".author_id, " q \
	  ".author_name, " q ".is_official, " q ".body_html, " q ".visibility, " q \
	  ".withdrawn_by, " q ".created_at, " q ".edited_at, " q ".accepted_at, " q \
	  ".revision_count, " q ".thanks_count, " q ".score, " q ".comment_count, " q \
	  ".source_url, " q ".source_licence, " q ".reply_to_id, " q ".endorsed_at"

void post_read(struct ctx *ctx, struct rows *rows, struct post *post);

/*
 * A post that is about to change: its topic and itself, locked in that order,
 * with the page of answers on which it stands.
 */
struct post_lock {
	struct rows topics, posts, places;
	struct topic topic;
	struct post post; /* with body_md */
	bool is_author_trusted;
	int64_t page;
};
void post_lock_add(struct ctx *ctx, int64_t id, struct post_lock *lock);
/* After db_run: ERR_NOT_FOUND, ERR_GONE. */
enum err post_lock_take(struct ctx *ctx, struct post_lock *lock) MUST_CHECK;

/* Queues the change of "needs information" to "open" when the asker is the actor. */
void topic_add_information_came(struct ctx *ctx, const struct topic *topic);

/* Is the actor one of those who see what was withdrawn by anybody? */
bool post_is_for_team(const struct ctx *ctx);

/* Sets post->can for the actor. */
void post_decide(const struct ctx *ctx, struct post *post, const struct topic *topic);

/*
 * Queues the post's change, and of a question its topic's. The post is locked; who
 * withdraws is the actor.
 */
void post_add_visibility(struct ctx *ctx, const struct post *post, enum visibility visibility);

/* The address of a page of answers, with a post's anchor. */
const char *post_path_on_page(struct arena *arena, const struct topic *topic, int64_t page,
			      int64_t post_id);

#endif
