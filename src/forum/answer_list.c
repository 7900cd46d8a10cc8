/*
 * A person's answers, for the profile: newest first, pages by key.
 */
#include "forum/post_columns.h"

#include "forum/topic_columns.h"
#include "text/markdown.h"
#include "text/slug.h"

#define ANSWERS_SHOWN  20
#define EXCERPT_POINTS 200

/* So much of the text is enough for its first words. */
DB_STATEMENT(
	answers_of_author,
	"select p.id, p.topic_id, p.created_at, p.score, p.accepted_at is not null, t.title, left(p.body_md, 800)"
	" from posts p join topics t on t.id = p.topic_id"
	" where p.author_id = $1 and p.kind = 'answer' and p.visibility = 'visible' and t.visibility = 'visible'"
	" and (p.created_at, p.id) < ($2::timestamptz, $3::bigint)"
	" order by p.created_at desc, p.id desc limit $4",
	4);

static void answer_row_read(struct ctx *ctx, struct rows *rows, struct answer_row *row)
{
	row->id = col_i64(rows);
	row->topic_id = col_i64(rows);
	row->created_at = col_time(rows);
	row->score = col_i64(rows);
	row->is_accepted = col_bool(rows);
	row->topic_title = col_text(rows);
	row->topic_slug = slug_from(ctx->arena, row->topic_title);
	row->excerpt = markdown_excerpt(ctx->arena, col_text(rows), EXCERPT_POINTS);
}

void answer_list_add(struct ctx *ctx, int64_t person_id, struct list_key after, struct rows *rows)
{
	db_add(ctx, &answers_of_author, rows, param_i64(person_id), list_param_time(after),
	       list_param_id(after), param_i64(ANSWERS_SHOWN + 1));
}

void answer_list_read(struct ctx *ctx, struct rows *rows, struct answer_list *out)
{
	const struct answer_row *last;

	*out = (struct answer_list){
		.items = arena_array_of(ctx->arena, (size_t)rows->count, struct answer_row),
		.has_more = rows->count > ANSWERS_SHOWN,
	};
	while (out->count < ANSWERS_SHOWN && rows_next(rows))
		answer_row_read(ctx, rows, &out->items[out->count++]);
	if (out->count == 0)
		return;
	last = &out->items[out->count - 1];
	out->next = (struct list_key){ last->created_at, last->id };
}
