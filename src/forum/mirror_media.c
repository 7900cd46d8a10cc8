/*
 * Pictures of mirrored items: which are to be copied, what came of it, and which files
 * nobody needs any more. A file is named by its content, so two items can share one.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"

#define ATTEMPTS_MAX 6
#define UNNEEDED_MAX 500

#define FILES_WAITING \
	"select m.id, m.item_id, m.attempts, m.source_url, i.kind, i.key, i.address\n" \
	"from mirror_media m join mirror_items i on i.id = m.item_id\n" \
	"where i.source_id = $1 and m.state = 'waiting' and m.run_at <= clock_timestamp()\n"

DB_STATEMENT(files_due,
	     FILES_WAITING "	and m.source_url not like '" MIRROR_EXPORT_URL "%'\n"
			   "order by m.run_at limit $2::bigint",
	     2);
DB_STATEMENT(files_of_export,
	     FILES_WAITING "	and m.source_url like '" MIRROR_EXPORT_URL "%'\n"
			   "order by m.run_at limit $2::bigint",
	     2);

DB_STATEMENT(
	file_stored,
	"update mirror_media set state = 'stored', file = $2, width = $3::bigint, height = $4::bigint,\n"
	"	bytes = $5::bigint, error = ''\n"
	"where id = $1 and state = 'waiting'",
	5);

DB_STATEMENT(file_refused,
	     "update mirror_media set state = 'refused', error = left($2, 500)\n"
	     "where id = $1 and state = 'waiting'",
	     2);

DB_STATEMENT(
	file_later,
	"update mirror_media set attempts = attempts + 1, error = left($2, 500),\n"
	"	state = case when attempts + 1 >= $3::bigint then 'refused' else 'waiting' end,\n"
	"	run_at = clock_timestamp() + make_interval(secs => 20 * 4 ^ attempts)\n"
	"where id = $1 and state = 'waiting'",
	3);

DB_STATEMENT(
	files_unneeded,
	"select distinct m.file from mirror_media m\n"
	"where m.state <> 'stored' and m.file <> ''\n"
	"	and not exists (select from mirror_media other where other.file = m.file and other.state = 'stored')\n"
	"limit $1::bigint",
	1);

DB_STATEMENT(
	files_forget,
	"update mirror_media set file = '' where file = any ($1::text[]) and state <> 'stored'", 1);

static enum err load_files(struct ctx *ctx, const struct stmt *statement,
			   const struct mirror *mirror, size_t limit, struct mirror_file **out,
			   size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, statement, &rows, param_i64(mirror->source.id),
		     param_i64((int64_t)limit)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror_file);
	*count = 0;
	while (rows_next(&rows)) {
		struct mirror_file *file = &(*out)[(*count)++];

		file->id = col_i64(&rows);
		file->item_id = col_i64(&rows);
		file->attempts = col_i64(&rows);
		file->url = col_text(&rows);
		file->item_kind = item_kind_from_text(col_text(&rows));
		file->item_key = col_text(&rows);
		file->item_address = col_text(&rows);
	}
	return OK;
}

enum err mirror_files(struct ctx *ctx, const struct mirror *mirror, size_t limit,
		      struct mirror_file **out, size_t *count)
{
	return load_files(ctx, &files_due, mirror, limit, out, count);
}

enum err mirror_files_of_export(struct ctx *ctx, const struct mirror *mirror, size_t limit,
				struct mirror_file **out, size_t *count)
{
	return load_files(ctx, &files_of_export, mirror, limit, out, count);
}

enum err mirror_file_stored(struct ctx *ctx, const struct mirror_file *file)
{
	return db_query(ctx, &file_stored, NULL, param_i64(file->id), param_text(file->file),
			param_i64(file->width), param_i64(file->height), param_i64(file->bytes));
}

enum err mirror_file_refused(struct ctx *ctx, const struct mirror_file *file, const char *why)
{
	return db_query(ctx, &file_refused, NULL, param_i64(file->id), param_text(why));
}

enum err mirror_file_later(struct ctx *ctx, const struct mirror *mirror,
			   const struct mirror_file *file, const char *why)
{
	/* Its address may have expired: a reading of the item brings another. */
	const struct mirror_wish wish = { .kind = file->item_kind,
					  .key = file->item_key,
					  .address = file->item_address };

	db_add(ctx, &file_later, NULL, param_i64(file->id), param_text(why),
	       param_i64(ATTEMPTS_MAX));
	mirror_add_wishes(ctx, mirror, &wish, 1);
	return db_run(ctx);
}

enum err mirror_files_unneeded(struct ctx *ctx, const char ***files, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &files_unneeded, &rows, param_i64(UNNEEDED_MAX)));
	*files = arena_array_of(ctx->arena, (size_t)rows.count, const char *);
	*count = 0;
	while (rows_next(&rows))
		(*files)[(*count)++] = col_text(&rows);
	return OK;
}

enum err mirror_files_deleted(struct ctx *ctx, const char *const *files, size_t count)
{
	if (count == 0)
		return OK;
	return db_query(ctx, &files_forget, NULL, param_texts(ctx->arena, files, count));
}
