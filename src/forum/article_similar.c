/*
 * Articles for a question. As with similar questions (similar.c) the index ranks, and how
 * many of the title's words an article speaks of says whether it is near enough.
 */
#include "forum/article_similar.h"

#include "db/db.h"
#include "forum/article.h"
#include "forum/similar.h"
#include "search/search.h"
#include "text/markdown.h"

/* Shares of the title's words, in percent: of what an article says at its beginning. */
#define SHARE_SHOWN      33
#define SHARE_CLOSE      60
#define WORDS_CLOSE      2
#define BEGINNING_POINTS 1200

/* Of a body as written, what is read. */
#define BODY_READ "4000"

DB_STATEMENT(article_similar_rows,
	     "select a.id, a.title, a.language, a.summary, a.product, left(v.body_md, " BODY_READ
	     ")\n"
	     "from unnest($1::bigint[]) with ordinality as hit (id, place)\n"
	     "join articles a on a.id = hit.id and a.is_public\n"
	     "join article_versions v on v.id = a.published_version_id\n"
	     "order by hit.place",
	     1);

static void take(struct ctx *ctx, struct rows *rows, const struct similar_wanted *wanted,
		 struct article_similar_list *list)
{
	struct article_similar *article = &list->items[list->count];
	const char *summary, *product, *body;
	size_t share;

	article->id = col_i64(rows);
	article->title = col_text(rows);
	article->language = col_text(rows);
	summary = col_text(rows);
	product = col_text(rows);
	body = markdown_excerpt(ctx->arena, col_text(rows), BEGINNING_POINTS);
	share = similar_share(
		ctx, wanted,
		arena_printf(ctx->arena, "%s. %s. %s. %s", article->title, product, summary, body));
	if (share < SHARE_SHOWN)
		return;
	article->is_close = share >= SHARE_CLOSE && wanted->title.count >= WORDS_CLOSE;
	article->path = article_path(ctx->arena, article->id, article->title);
	article->excerpt = summary[0] ? summary
				      : markdown_excerpt(ctx->arena, body,
							 ARTICLE_SIMILAR_EXCERPT_POINTS);
	list->count++;
}

enum err article_similar_load(struct ctx *ctx, const struct search_hits *hits, const char *title,
			      const char *language, struct article_similar_list *out)
{
	struct similar_wanted *wanted = arena_new_of(ctx->arena, struct similar_wanted);
	int64_t ids[ARTICLE_SIMILAR_ASKED];
	struct rows rows;
	size_t count = 0;

	*out = (struct article_similar_list){ 0 };
	for (size_t i = 0; i < hits->count && count < ARTICLE_SIMILAR_ASKED; i++)
		if (hits->items[i].kind == SEARCH_ARTICLE)
			ids[count++] = hits->items[i].id;
	wanted->language = language;
	search_keywords_of(title, language, &wanted->title);
	if (count == 0 || wanted->title.count == 0)
		return OK;
	TRY(db_query(ctx, &article_similar_rows, &rows, param_i64s(ctx->arena, ids, count)));
	while (out->count < ARTICLE_SIMILAR_SHOWN && rows_next(&rows))
		take(ctx, &rows, wanted, out);
	return OK;
}

const int64_t *article_similar_ids(struct arena *arena, const struct article_similar_list *list)
{
	int64_t *ids = arena_array_of(arena, list->count, int64_t);

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->items[i].id;
	return ids;
}
