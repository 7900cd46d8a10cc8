/*
 * Articles for the search index: their marks and documents. There are far fewer than
 * topics, so one turn and one order are enough.
 */
#include "db/db.h"
#include "forum/indexing.h"
#include "search/search.h"
#include "text/markdown.h"

/* MARKDOWN_MAX_BYTES is the most there is. */
#define ARTICLE_MAX_POINTS 32000

DB_STATEMENT(article_marks,
	     "select article_id, marked_at\n"
	     "from search_article_marks\n"
	     "order by marked_at, article_id\n"
	     "limit $1::bigint",
	     1);

/* As index_unmark: a mark that is being set again stays, and nobody waits. */
DB_STATEMENT(
	article_unmark,
	"with free as materialized (\n"
	"	select m.article_id from search_article_marks m\n"
	"	join unnest($1::bigint[], $2::bigint[]) as done (article_id, microseconds)\n"
	"		on m.article_id = done.article_id\n"
	"		and m.marked_at = timestamptz 'epoch' + done.microseconds * interval '1 microsecond'\n"
	"	for update of m skip locked\n"
	"), gone as (\n"
	"	delete from search_article_marks m using free f where m.article_id = f.article_id\n"
	"	returning m.article_id\n"
	"), redone as (\n"
	"	insert into search_redone_articles (article_id)\n"
	"	select g.article_id from gone g join search_state s on s.generation is not null\n"
	"	order by g.article_id\n"
	"	on conflict do nothing\n"
	")\n"
	"update search_state set last_commit_at = clock_timestamp()",
	2);

DB_STATEMENT(article_mark_some,
	     "insert into search_article_marks (article_id)\n"
	     "select a.id from articles a where a.id = any ($1::bigint[]) order by a.id\n"
	     "on conflict (article_id) do update set marked_at = clock_timestamp()",
	     1);

/* What a document is made of, in a number; thanks as roughly as they mark. */
#define STAMP \
	"hashtextextended(concat_ws('|', a.title, a.summary, a.language, a.published_version_id,\n" \
	"	octet_length(v.body_md), a.product, search_step(a.helpful_count), a.category_id,\n" \
	"	c.name_fr, c.name_en, p.name_fr, p.name_en), 0)"
#define TABLES \
	"join article_versions v on v.id = a.published_version_id\n" \
	"left join categories c on c.id = a.category_id\n" \
	"left join categories p on p.id = c.parent_id\n"

DB_STATEMENT(
	article_documents,
	"select wanted.place, a.language, a.title, coalesce(c.id, 0), coalesce(p.id, c.id, 0),\n"
	"	a.published_at, a.changed_at, a.helpful_count,\n"
	"	concat_ws(' ', a.product, c.name_fr, c.name_en, p.name_fr, p.name_en), " STAMP ",\n"
	"	v.id, a.summary, v.body_md\n"
	"from unnest($1::bigint[]) with ordinality as wanted (id, place)\n"
	"join articles a on a.id = wanted.id and a.is_public\n" TABLES "order by wanted.place",
	1);

DB_STATEMENT(article_next,
	     "select id from articles where is_public and id > $1 order by id limit $2::bigint", 2);

DB_STATEMENT(article_next_stamps,
	     "select a.id, " STAMP ",\n"
	     "	exists (select from search_article_marks m where m.article_id = a.id)\n"
	     "from articles a\n" TABLES "where a.is_public and a.id > $1\n"
	     "order by a.id limit $2::bigint",
	     2);

DB_STATEMENT(
	article_hidden_of,
	"select wanted.id\n"
	"from unnest($1::bigint[]) as wanted (id)\n"
	"where not exists (select from articles a where a.id = wanted.id and a.is_public)\n"
	"	and not exists (select from search_article_marks m where m.article_id = wanted.id)\n"
	"order by wanted.id",
	1);

enum err index_article_marks(struct ctx *ctx, struct index_mark **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &article_marks, &rows, param_i64(INDEX_BATCH)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct index_mark);
	*count = 0;
	while (rows_next(&rows)) {
		struct index_mark *mark = &(*out)[(*count)++];
		mark->id = col_i64(&rows);
		mark->marked_at = col_time(&rows);
	}
	return OK;
}

enum err index_article_marks_done(struct ctx *ctx, const struct index_mark *marks, size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *times = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		ids[i] = marks[i].id;
		times[i] = marks[i].marked_at;
	}
	return db_query(ctx, &article_unmark, NULL, param_i64s(ctx->arena, ids, count),
			param_i64s(ctx->arena, times, count));
}

enum err index_mark_articles(struct ctx *ctx, const int64_t *ids, size_t count)
{
	return db_query(ctx, &article_mark_some, NULL, param_i64s(ctx->arena, ids, count));
}

/* Documents ------------------------------------------------------------------------------ */

static void read_document(struct ctx *ctx, struct rows *rows, struct search_document *out)
{
	struct search_post *post = arena_new_of(ctx->arena, struct search_post);
	const char *summary;

	out->language = col_text(rows);
	out->title = col_text(rows);
	out->category_id = col_i64(rows);
	out->top_category_id = col_i64(rows);
	out->created_at = col_time(rows);
	out->active_at = col_time(rows);
	out->score = col_i64(rows);
	out->category_names = col_text(rows);
	out->stamp = col_i64(rows);
	out->source = "forum";
	post->revision = col_i64(rows);
	post->is_question = true;
	summary = col_text(rows);
	post->text = arena_printf(ctx->arena, "%s\n%s", summary,
				  markdown_excerpt(ctx->arena, col_text(rows), ARTICLE_MAX_POINTS));
	out->posts = post;
	out->post_count = 1;
}

enum err index_article_documents(struct ctx *ctx, const int64_t *ids, size_t count,
				 struct search_document *out, bool *is_gone)
{
	struct rows rows;

	TRY(db_query(ctx, &article_documents, &rows, param_i64s(ctx->arena, ids, count)));
	for (size_t i = 0; i < count; i++) {
		is_gone[i] = true;
		out[i] = (struct search_document){ .kind = SEARCH_ARTICLE, .id = ids[i] };
	}
	while (rows_next(&rows)) {
		int64_t place = col_i64(&rows);
		is_gone[place - 1] = false;
		read_document(ctx, &rows, &out[place - 1]);
	}
	return OK;
}

enum err index_articles_after(struct ctx *ctx, int64_t after_id, size_t limit, int64_t *ids,
			      size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(db_query(ctx, &article_next, &rows, param_i64(after_id), param_i64((int64_t)limit)));
	while (rows_next(&rows))
		ids[(*count)++] = col_i64(&rows);
	return OK;
}

enum err index_article_stamps_after(struct ctx *ctx, int64_t after_id, struct index_stamp *out,
				    size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(db_query(ctx, &article_next_stamps, &rows, param_i64(after_id),
		     param_i64(INDEX_STAMPS)));
	while (rows_next(&rows)) {
		struct index_stamp *stamp = &out[(*count)++];
		stamp->id = col_i64(&rows);
		stamp->stamp = col_i64(&rows);
		stamp->is_marked = col_bool(&rows);
	}
	return OK;
}

enum err index_articles_hidden(struct ctx *ctx, const int64_t *ids, size_t count, int64_t *out,
			       size_t *out_count)
{
	struct rows rows;

	*out_count = 0;
	TRY(db_query(ctx, &article_hidden_of, &rows, param_i64s(ctx->arena, ids, count)));
	while (rows_next(&rows))
		out[(*out_count)++] = col_i64(&rows);
	return OK;
}
