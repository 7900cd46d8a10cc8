/*
 * All comments of a post, where the topic's page shows only the first.
 */
#include "forum/post_columns.h"

/* $1 the post, $2 the comment to begin after, $3 how many. */
#define COMMENTS(audience) \
	"select " POST_COLUMNS " from posts p" POST_AUTHOR_JOIN \
	" where p.parent_id = $1 and p.kind = 'comment'" audience \
	" and ($2 = 0::bigint or (p.created_at, p.id) > (select s.created_at, s.id from posts s where s.id = $2))" \
	" order by p.created_at, p.id limit $3"

DB_STATEMENT(comment_page, COMMENTS(" and p.visibility = 'visible'"), 3);
DB_STATEMENT(comment_page_team, COMMENTS(""), 3);

enum err comment_list(struct ctx *ctx, int64_t post_id, int64_t after_id, struct post **out,
		      size_t *count, bool *has_more)
{
	struct topic topic;
	struct post parent;
	struct rows rows;

	/* Goes in the same round trip as post_load's. */
	db_add(ctx, post_is_for_team(ctx) ? &comment_page_team : &comment_page, &rows,
	       param_i64(post_id), param_i64(after_id), param_i64(COMMENTS_PER_PAGE + 1));
	TRY(post_load(ctx, post_id, &parent, &topic));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct post);
	*count = 0;
	while (*count < COMMENTS_PER_PAGE && rows_next(&rows)) {
		struct post *comment = &(*out)[(*count)++];

		post_read(ctx, &rows, comment);
		post_decide(ctx, comment, &topic);
	}
	*has_more = rows.count > COMMENTS_PER_PAGE;
	return OK;
}
