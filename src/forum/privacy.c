/*
 * Copies and erasures. What belongs to a person is named in functions.sql
 * (person_export, person_sealed, person_erase): one place for what a new table must join.
 */
#include "forum/privacy.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/job.h"
#include "forum/mail.h"
#include "i18n/i18n.h"

#define PRIVACY_PATH "/settings/privacy"

DB_STATEMENT(
	privacy_of_person,
	"select x.asked_at, x.ready_at, x.expires_at, e.due_at, coalesce(p.charter_version, ''),\n"
	"	p.charter_accepted_at\n"
	"from people p\n"
	"left join person_exports x on x.person_id = p.id and coalesce(x.expires_at > now(), true)\n"
	"left join person_erasures e on e.person_id = p.id\n"
	"where p.id = $1",
	1);

DB_STATEMENT(copy_insert,
	     "insert into person_exports (person_id) values ($1)\n"
	     "on conflict (person_id) do update set asked_at = now(), ready_at = null,\n"
	     "	expires_at = null, archive = null\n"
	     "where person_exports.expires_at <= now()",
	     1);

DB_STATEMENT(copy_archive,
	     "select archive from person_exports\n"
	     "where person_id = $1 and archive is not null and expires_at > now()",
	     1);

DB_STATEMENT(copy_content,
	     "select person_export(p.id)::text, p.language\n"
	     "from person_exports x\n"
	     "join people p on p.id = x.person_id\n"
	     "where x.person_id = $1 and x.archive is null",
	     1);

DB_STATEMENT(copy_finish,
	     "update person_exports set archive = $2, ready_at = now(),\n"
	     "	expires_at = now() + make_interval(days => $3::integer)\n"
	     "where person_id = $1 and archive is null",
	     3);

DB_STATEMENT(leaving_insert,
	     "insert into person_erasures (person_id, due_at)\n"
	     "values ($1, now() + make_interval(days => $2::integer))\n"
	     "on conflict (person_id) do nothing",
	     2);

DB_STATEMENT(leaving_delete, "delete from person_erasures where person_id = $1", 1);

DB_STATEMENT(
	leaving_due,
	"select person_sealed($1, 'identity'), person_sealed($1, 'account'), person_sealed($1, 'connection')\n"
	"from people p\n"
	"join person_erasures e on e.person_id = p.id and e.due_at <= now()\n"
	"where p.id = $1 and p.role = 'customer' and p.state <> 'anonymised'\n"
	"for update",
	1);

DB_STATEMENT(sealed_insert,
	     "insert into sealed_records (class, sealed, keep_until)\n"
	     "values ($1, $2, now() + make_interval(years => $3::integer))",
	     3);

DB_STATEMENT(leaving_do, "select person_erase($1)", 1);

enum err privacy_state_load(struct ctx *ctx, struct privacy_state *out)
{
	struct rows rows;

	TRY(db_query(ctx, &privacy_of_person, &rows, param_i64(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	out->export_asked_at = col_time(&rows);
	out->export_ready_at = col_time(&rows);
	out->export_expires_at = col_time(&rows);
	out->erasure_due_at = col_time(&rows);
	out->charter_version = col_text(&rows);
	out->charter_accepted_at = col_time(&rows);
	return OK;
}

static const char *payload_of(struct ctx *ctx, int64_t person_id)
{
	return arena_printf(ctx->arena, "{\"id\": %lld}", (long long)person_id);
}

/* Copies ---------------------------------------------------------------------------- */

enum err privacy_ask_export(struct ctx *ctx)
{
	int64_t id = ctx->actor->id;
	struct rows made;

	db_begin(ctx);
	TRY(db_query(ctx, &copy_insert, &made, param_i64(id)));
	if (made.affected == 0) {
		db_rollback(ctx);
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("There is one already: fetch it, or wait until it is ready."));
	}
	job_add(ctx, "export", payload_of(ctx, id),
		arena_printf(ctx->arena, "export:%lld", (long long)id), 0);
	audit_add(ctx, "export_asked", "person", id, NULL);
	return db_commit(ctx);
}

enum err privacy_export_fetch(struct ctx *ctx, const char **zip, size_t *length)
{
	struct rows rows;

	TRY(db_query(ctx, &copy_archive, &rows, param_i64(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*zip = col_bytes(&rows, length);
	return OK;
}

enum err privacy_export_read(struct ctx *ctx, int64_t person_id, const char **json,
			     const char **language)
{
	struct rows rows;

	*json = NULL;
	TRY(db_query(ctx, &copy_content, &rows, param_i64(person_id)));
	if (!rows_next(&rows))
		return OK;
	*json = col_text(&rows);
	*language = col_text(&rows);
	return OK;
}

enum err privacy_export_keep(struct ctx *ctx, int64_t person_id, const void *zip, size_t length)
{
	struct rows kept;

	if (length > PRIVACY_EXPORT_MAX_BYTES)
		return fail_log(ctx, ERR_TOO_LARGE, "the copy of person %lld has %zu bytes",
				(long long)person_id, length);
	db_begin(ctx);
	TRY(db_query(ctx, &copy_finish, &kept, param_i64(person_id), param_bytes(zip, length),
		     param_i64(PRIVACY_EXPORT_DAYS)));
	if (kept.affected > 0)
		mail_tell(ctx, person_id, MAIL_PRIVACY, "export", PRIVACY_PATH);
	return db_commit(ctx);
}

/* Erasing ----------------------------------------------------------------------------- */

enum err privacy_ask_erasure(struct ctx *ctx)
{
	int64_t id = ctx->actor->id;
	struct rows asked;

	if (role_is_staff(ctx->actor->role) || ctx->actor->lacks_second_factor)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("You belong to the team: have your role taken back first."));
	db_begin(ctx);
	TRY(db_query(ctx, &leaving_insert, &asked, param_i64(id), param_i64(PRIVACY_ERASURE_DAYS)));
	if (asked.affected > 0) {
		job_add(ctx, "erase", payload_of(ctx, id),
			arena_printf(ctx->arena, "erase:%lld", (long long)id),
			PRIVACY_ERASURE_DAYS * 24 * 3600 + 60);
		mail_tell(ctx, id, MAIL_PRIVACY, "erasure", PRIVACY_PATH);
		audit_add(ctx, "erasure_asked", "person", id, NULL);
	}
	return db_commit(ctx);
}

enum err privacy_cancel_erasure(struct ctx *ctx)
{
	db_begin(ctx);
	db_add(ctx, &leaving_delete, NULL, param_i64(ctx->actor->id));
	audit_add(ctx, "erasure_taken_back", "person", ctx->actor->id, NULL);
	return db_commit(ctx);
}

/* Without a key there is nobody who could ever read it: then nothing is kept. */
static enum err add_sealed(struct ctx *ctx, const char *class, const char *text, int years)
{
	const char *key = ctx->config->privacy.seal_key;
	const uint8_t *sealed;
	size_t length;

	if (!key[0]) {
		log_event(LOG_LEVEL_WARNING, "erased_without_seal", "class", class, NULL);
		return OK;
	}
	sealed = crypto_box_seal_to(ctx->arena, key, text, strlen(text), &length);
	if (!sealed)
		return fail_log(ctx, ERR_INTERNAL, "privacy.seal_key is no public key");
	db_add(ctx, &sealed_insert, NULL, param_text(class), param_bytes(sealed, length),
	       param_i64(years));
	return OK;
}

static enum err erase(struct ctx *ctx, int64_t person_id)
{
	const char *identity, *account, *connection;
	struct rows due;

	db_begin(ctx);
	TRY(db_query(ctx, &leaving_due, &due, param_i64(person_id)));
	if (!rows_next(&due)) {
		db_rollback(ctx);
		return OK;
	}
	identity = col_text(&due);
	account = col_text(&due);
	connection = col_text(&due);
	/* Decree 2021-1362, articles 2 to 5: five years, one, and one. */
	TRY(add_sealed(ctx, "identity", identity, 5));
	TRY(add_sealed(ctx, "account", account, 1));
	TRY(add_sealed(ctx, "connection", connection, 1));
	db_add(ctx, &leaving_do, NULL, param_i64(person_id));
	audit_add(ctx, "person_erased", "person", person_id, NULL);
	return db_commit(ctx);
}

enum err privacy_erase(struct ctx *ctx, int64_t person_id)
{
	enum err result = erase(ctx, person_id);

	if (result != OK)
		db_rollback(ctx);
	return result;
}
