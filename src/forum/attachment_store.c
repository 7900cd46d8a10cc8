/*
 * Adding files, making pictures ready, throwing away what nobody needs.
 */
#include "forum/attachment.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/field.h"
#include "forum/job.h"
#include "i18n/i18n.h"

#define WAITING_MAX_DAYS 2

DB_STATEMENT(
	attachment_insert,
	"insert into attachments (article_id, message_id, owner_id, kind, state, name, alt, bytes,\n"
	"	original, content, uploaded_at)\n"
	"values ($1, $2, $3, $4, $5, $6, $7, $8::integer, case when $5 = 'waiting' then $9::bytea end,\n"
	"	case when $5 = 'ready' then $9::bytea end, $10)\n"
	"returning id",
	10);

DB_STATEMENT(attachments_of_day,
	     "select count(*), coalesce(sum(f.bytes), 0)::bigint from attachments f\n"
	     "where f.owner_id = $1 and f.uploaded_at > $2",
	     2);

DB_STATEMENT(attachment_take,
	     "select f.original from attachments f where f.id = $1 and f.state = 'waiting'", 1);

DB_STATEMENT(
	attachment_set_ready,
	"update attachments set state = 'ready', original = null, content = $2::bytea, bytes = octet_length($2::bytea),\n"
	"	width = $3::integer, height = $4::integer, small = $5::bytea, small_width = $6::integer,\n"
	"	small_height = $7::integer\n"
	"where id = $1 and state = 'waiting'",
	7);

DB_STATEMENT(attachment_set_refused,
	     "update attachments set state = 'refused', original = null, problem = left($2, 500)\n"
	     "where id = $1 and state = 'waiting'",
	     2);

/* Whoever uploads and saves within the days is not hurried. */
DB_STATEMENT(
	attachments_forget,
	"delete from attachments f using (\n"
	"	select d.id from attachments d where d.article_id is not null\n"
	"		and d.uploaded_at < $1::timestamptz - make_interval(days => $2::integer)\n"
	"		and not exists (select from attachment_uses u where u.attachment_id = d.id)\n"
	"	order by d.id limit 1000) gone\n"
	"where f.id = gone.id",
	2);

DB_STATEMENT(
	attachments_give_up,
	"update attachments set state = 'refused', original = null, problem = 'it broke the decoder, or took too long'\n"
	"where state = 'waiting' and uploaded_at < $1::timestamptz - make_interval(days => $2::integer)",
	2);

/* Looking at them ---------------------------------------------------------------------------- */

static enum err check_one(struct ctx *ctx, const struct attachment_upload *upload)
{
	enum attachment_kind kind;
	const char *why, *alt;

	if (upload->length > ATTACHMENT_MAX_BYTES)
		return fail(ctx, ERR_INVALID, "file", _("A file has at most %s MB."),
			    i18n_number(ctx->arena, ATTACHMENT_MAX_BYTES / 1000000));
	if (!attachment_kind_of(upload->bytes, upload->length, &kind, &why))
		return fail(ctx, ERR_INVALID, "file", "%s", _(why));
	return field_line(ctx, "alt", upload->alt, 0, ATTACHMENT_ALT_MAX, &alt);
}

enum err attachment_check(struct ctx *ctx, const struct attachment_uploads *uploads, size_t most)
{
	if (uploads->count > most)
		return fail(ctx, ERR_INVALID, "file",
			    ngettext("Choose at most %s file.", "Choose at most %s files.",
				     (int64_t)most),
			    i18n_number(ctx->arena, (int64_t)most));
	for (size_t i = 0; i < uploads->count; i++)
		TRY(check_one(ctx, &uploads->items[i]));
	return OK;
}

/* Adding ---------------------------------------------------------------------------------------- */

static enum err check_day(struct ctx *ctx, const struct attachment_uploads *uploads)
{
	int64_t files = (int64_t)uploads->count, bytes = 0;
	struct rows rows;

	for (size_t i = 0; i < uploads->count; i++)
		bytes += (int64_t)uploads->items[i].length;
	TRY(db_query(ctx, &attachments_of_day, &rows, param_id(ctx->actor->id),
		     param_time(ctx->now - CLOCK_DAY)));
	if (rows_next(&rows)) {
		files += col_i64(&rows);
		bytes += col_i64(&rows);
	}
	if (files <= ATTACHMENT_DAY_MAX && bytes <= ATTACHMENT_DAY_MAX_BYTES)
		return OK;
	ctx->error.retry_after_seconds = 3600;
	return fail(ctx, ERR_THROTTLED, NULL, "%s",
		    _("You have added many files within a day. Please add the others tomorrow."));
}

static enum err add_one(struct ctx *ctx, int64_t article_id, int64_t message_id,
			const struct attachment_upload *upload, int64_t *id)
{
	enum attachment_kind kind;
	const char *why, *alt;
	struct rows rows;
	bool waits;

	*id = 0;
	if (!attachment_kind_of(upload->bytes, upload->length, &kind, &why))
		return fail(ctx, ERR_INVALID, "file", "%s", _(why));
	waits = kind == ATTACHMENT_PICTURE;
	TRY(field_line(ctx, "alt", upload->alt, 0, ATTACHMENT_ALT_MAX, &alt));
	TRY(db_query(ctx, &attachment_insert, &rows, param_id(article_id), param_id(message_id),
		     param_id(ctx->actor->id), param_text(attachment_kind_text(kind)),
		     param_text(waits ? "waiting" : "ready"),
		     param_text(attachment_name(ctx->arena, upload->name, kind)), param_text(alt),
		     param_i64((int64_t)upload->length), param_bytes(upload->bytes, upload->length),
		     param_time(ctx->now)));
	if (rows_next(&rows))
		*id = col_i64(&rows);
	if (waits)
		job_add(ctx, "attachment",
			arena_printf(ctx->arena, "{\"id\":%lld}", (long long)*id), NULL, 0);
	return OK;
}

enum err attachment_add(struct ctx *ctx, int64_t article_id, int64_t message_id,
			const struct attachment_uploads *uploads, int64_t *last_id)
{
	int64_t id = 0;

	if (uploads->count == 0)
		return OK;
	TRY(check_day(ctx, uploads));
	/* A handful, each with its own bytes: nothing is gained by one statement for all. */
	for (size_t i = 0; i < uploads->count; i++)
		TRY(add_one(ctx, article_id, message_id, &uploads->items[i], &id));
	if (last_id)
		*last_id = id;
	return OK;
}

/* The worker's -------------------------------------------------------------------------------- */

enum err attachment_original(struct ctx *ctx, int64_t id, const char **bytes, size_t *length)
{
	struct rows rows;

	*bytes = NULL;
	*length = 0;
	TRY(db_query(ctx, &attachment_take, &rows, param_i64(id)));
	if (rows_next(&rows))
		*bytes = col_bytes(&rows, length);
	return OK;
}

enum err attachment_ready(struct ctx *ctx, int64_t id, const struct attachment_picture *picture,
			  const struct attachment_picture *small)
{
	return db_query(ctx, &attachment_set_ready, NULL, param_i64(id),
			param_bytes(picture->bytes, picture->length), param_i64(picture->width),
			param_i64(picture->height),
			small->bytes ? param_bytes(small->bytes, small->length) : param_null(),
			param_i64(small->width), param_i64(small->height));
}

enum err attachment_refuse(struct ctx *ctx, int64_t id, const char *why)
{
	return db_query(ctx, &attachment_set_refused, NULL, param_i64(id), param_text(why));
}

enum err attachment_sweep(struct ctx *ctx)
{
	db_add(ctx, &attachments_give_up, NULL, param_time(ctx->now), param_i64(WAITING_MAX_DAYS));
	db_add(ctx, &attachments_forget, NULL, param_time(ctx->now),
	       param_i64(ATTACHMENT_UNUSED_DAYS));
	return db_run(ctx);
}
