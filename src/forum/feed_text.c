/* Texts of entries, in the order in which they were asked for. */
#include "forum/feed_text.h"

#include "db/db.h"

#define MAY_PASS_ON \
	"t.visibility = 'visible' and p.visibility = 'visible'\n" \
	"	and (t.mirror_source_id is null or mirror_may_index(t.id))"

DB_STATEMENT(feed_topic_texts,
	     "select w.place, p.body_html, greatest(p.created_at, p.edited_at), t.language\n"
	     "from unnest($1::bigint[]) with ordinality as w (id, place)\n"
	     "join topics t on t.id = w.id\n"
	     "join posts p on p.topic_id = t.id and p.kind = 'question'\n"
	     "where " MAY_PASS_ON,
	     1);

DB_STATEMENT(feed_post_texts,
	     "select w.place, p.body_html, greatest(p.created_at, p.edited_at), t.language\n"
	     "from unnest($1::bigint[]) with ordinality as w (id, place)\n"
	     "join posts p on p.id = w.id join topics t on t.id = p.topic_id\n"
	     "where " MAY_PASS_ON,
	     1);

static enum err load(struct ctx *ctx, const struct stmt *statement, const int64_t *ids,
		     size_t count, struct feed_text *out)
{
	struct rows rows;

	memset(out, 0, count * sizeof *out);
	if (count == 0)
		return OK;
	TRY(db_query(ctx, statement, &rows, param_i64s(ctx->arena, ids, count)));
	while (rows_next(&rows)) {
		struct feed_text *text = &out[col_i64(&rows) - 1];

		text->is_there = true;
		text->html = col_text(&rows);
		text->updated_at = col_time(&rows);
		text->language = col_text(&rows);
	}
	return OK;
}

enum err feed_texts_of_topics(struct ctx *ctx, const int64_t *ids, size_t count,
			      struct feed_text *out)
{
	return load(ctx, &feed_topic_texts, ids, count, out);
}

enum err feed_texts_of_posts(struct ctx *ctx, const int64_t *ids, size_t count,
			     struct feed_text *out)
{
	return load(ctx, &feed_post_texts, ids, count, out);
}
