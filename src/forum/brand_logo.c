/*
 * Uploaded logos.
 */
#include "forum/brand_logo.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/job.h"
#include "forum/policy.h"
#include "forum/site_setting_change.h"
#include "forum/writing.h"
#include "forum/once.h"
#include "i18n/i18n.h"

DB_STATEMENT(brand_logo_insert,
	     "insert into brand_logos (original, uploaded_by, uploaded_at) values ($1, $2, $3)\n"
	     "returning id",
	     3);

DB_STATEMENT(brand_logo_of_id,
	     "select original from brand_logos where id = $1 and state = 'waiting'", 1);

DB_STATEMENT(
	brand_logo_store,
	"update brand_logos set state = 'ready', original = null, picture = $2, width = $3::bigint,\n"
	"	height = $4::bigint\n"
	"where id = $1 and state = 'waiting'",
	4);

DB_STATEMENT(brand_logo_drop,
	     "update brand_logos set state = 'refused', original = null, error = left($2, 500)\n"
	     "where id = $1 and state = 'waiting'",
	     2);

DB_STATEMENT(brand_logo_picture,
	     "select picture from brand_logos where id = $1 and state = 'ready'", 1);

DB_STATEMENT(brand_logo_last, "select state, error from brand_logos order by id desc limit 1", 0);

/* By its first bytes; the worker looks at all of them. */
static bool is_picture(const char *bytes, size_t length)
{
	static const struct {
		const char *mark;
		size_t length;
	} marks[] = {
		{ "\xff\xd8\xff", 3 }, { "\x89PNG\r\n\x1a\n", 8 }, { "GIF8", 4 }, { "RIFF", 4 }
	};

	for (size_t i = 0; i < ARRAY_COUNT(marks); i++)
		if (length > 16 && memcmp(bytes, marks[i].mark, marks[i].length) == 0)
			return true;
	return false;
}

static enum err check(struct ctx *ctx, const char *bytes, size_t length)
{
	TRY(policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now }));
	if (!bytes)
		return fail(ctx, ERR_INVALID, "logo", "%s", _("Choose a picture first."));
	if (length > BRAND_LOGO_MAX_BYTES)
		return fail(ctx, ERR_INVALID, "logo", _("A logo has at most %s kB."),
			    i18n_number(ctx->arena, BRAND_LOGO_MAX_BYTES / 1000));
	if (!is_picture(bytes, length))
		return fail(ctx, ERR_INVALID, "logo", "%s",
			    _("A logo is a picture in PNG, JPEG, WebP or GIF."));
	return OK;
}

static enum err upload(struct ctx *ctx, const char *bytes, size_t length, const char *form_key)
{
	const char *earlier;
	struct rows made;
	int64_t id;

	db_begin(ctx);
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &brand_logo_insert, &made, param_bytes(bytes, length),
		     param_id(ctx->actor->id), param_time(ctx->now)));
	(void)rows_next(&made);
	id = col_i64(&made);
	job_add(ctx, "brand_logo", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)id), NULL,
		0);
	audit_write(ctx, &(struct audit_entry){
				 .action = "logo_uploaded", .subject = "logo", .subject_id = id });
	once_result(ctx, form_key, "/admin/brand");
	return db_commit(ctx);
}

enum err brand_logo_upload(struct ctx *ctx, const char *bytes, size_t length, const char *form_key)
{
	TRY(check(ctx, bytes, length));
	return writing_end(ctx, upload(ctx, bytes, length, form_key));
}

enum err brand_logo_original(struct ctx *ctx, int64_t id, const char **bytes, size_t *length)
{
	struct rows rows;

	*bytes = NULL;
	*length = 0;
	TRY(db_query(ctx, &brand_logo_of_id, &rows, param_i64(id)));
	if (rows_next(&rows))
		*bytes = col_bytes(&rows, length);
	return OK;
}

enum err brand_logo_ready(struct ctx *ctx, int64_t id, const char *picture, size_t length,
			  int64_t width, int64_t height)
{
	struct site_setting_input input = {
		.id = SITE_BRAND_LOGO,
		.value = arena_printf(ctx->arena, "%lld", (long long)id),
	};
	struct site_settings_form form = {
		.inputs = &input, .count = 1, .reason = "", .follows_id = INT64_MAX
	};
	size_t changed;

	TRY(db_query(ctx, &brand_logo_store, NULL, param_i64(id), param_bytes(picture, length),
		     param_i64(width), param_i64(height)));
	return site_settings_change(ctx, &form, &changed);
}

enum err brand_logo_refuse(struct ctx *ctx, int64_t id, const char *why)
{
	return db_query(ctx, &brand_logo_drop, NULL, param_i64(id), param_text(why));
}

enum err brand_logo_load(struct ctx *ctx, int64_t id, const char **picture, size_t *length)
{
	struct rows rows;

	TRY(db_query(ctx, &brand_logo_picture, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*picture = col_bytes(&rows, length);
	return OK;
}

enum err brand_logo_newest(struct ctx *ctx, struct brand_logo_state *out)
{
	struct rows rows;

	*out = (struct brand_logo_state){ .error = "" };
	TRY(db_query_params(ctx, &brand_logo_last, &rows, NULL, 0));
	if (!rows_next(&rows))
		return OK;
	const char *state = col_text(&rows);
	out->is_waiting = strcmp(state, "waiting") == 0;
	out->is_refused = strcmp(state, "refused") == 0;
	out->error = col_text(&rows);
	return OK;
}
