/*
 * Giving articles away, as an import takes them.
 */
#include "db/db.h"
#include "forum/article_files.h"
#include "forum/article_import.h"

DB_STATEMENT(article_export_next,
	     "select a.id, coalesce(a.import_key, 'kb-' || a.id), v.title, v.summary, v.body_md,\n"
	     "	coalesce(c.slug, ''), a.product, a.language\n"
	     "from articles a join article_versions v on v.id = a.published_version_id\n"
	     "left join categories c on c.id = a.category_id\n"
	     "where a.is_public and a.id > $1 order by a.id limit $2::bigint",
	     2);

enum err article_export(struct ctx *ctx, int64_t *after, struct article_line **out, size_t *count)
{
	struct rows rows;

	*count = 0;
	*out = arena_array_of(ctx->arena, ARTICLE_BATCH, struct article_line);
	TRY(db_query(ctx, &article_export_next, &rows, param_i64(*after),
		     param_i64(ARTICLE_BATCH)));
	while (rows_next(&rows)) {
		struct article_line *line = &(*out)[(*count)++];

		*after = col_i64(&rows);
		line->id = col_text(&rows);
		line->title = col_text(&rows);
		line->summary = col_text(&rows);
		line->body = article_files_absolute(ctx, col_text(&rows));
		line->theme = col_text(&rows);
		line->product = col_text(&rows);
		line->language = col_text(&rows);
	}
	return OK;
}
