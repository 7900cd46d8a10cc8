/*
 * Setting up an app, new recovery codes, and going back to the password alone.
 */
#include "forum/second_factor_parts.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "forum/account_parts.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

#define SEAL_PURPOSE "totp secret"

DB_STATEMENT(
	second_factor_state,
	"select coalesce(f.totp_secret is not null, false), coalesce(f.totp_next is not null, false),\n"
	"	f.totp_since,\n"
	"	(select count(*) from recovery_codes r where r.person_id = p.id and r.used_at is null),\n"
	"	(select count(*) from passkeys k where k.person_id = p.id)\n"
	"from people p\n"
	"left join second_factors f on f.person_id = p.id\n"
	"where p.id = $1",
	1);

DB_STATEMENT(
	second_factor_next,
	"select f.totp_next, p.email,\n"
	"	(select count(*) from recovery_codes r where r.person_id = $1 and r.used_at is null)\n"
	"from second_factors f\n"
	"join people p on p.id = f.person_id\n"
	"where f.person_id = $1 and f.totp_next is not null",
	1);

DB_STATEMENT(second_factor_put_next,
	     "insert into second_factors (person_id, totp_next) values ($1, $2)\n"
	     "on conflict (person_id) do update set totp_next = excluded.totp_next",
	     2);

DB_STATEMENT(second_factor_take_next,
	     "update second_factors set totp_secret = totp_next, totp_next = null,\n"
	     "	totp_since = now(), totp_last_step = $2\n"
	     "where person_id = $1 and totp_next = $3",
	     3);

DB_STATEMENT(second_factor_session,
	     "update sessions set authenticated_by = 'totp', checked_at = now() where id = $1", 1);

DB_STATEMENT(second_factor_delete, "delete from second_factors where person_id = $1", 1);

/* Where nothing is left that they would stand in for. */
DB_STATEMENT(second_factor_delete_codes,
	     "delete from recovery_codes r where r.person_id = $1 and not has_second_factor($1)",
	     1);

DB_STATEMENT(second_factor_delete_passkeys, "delete from passkeys where person_id = $1", 1);

DB_STATEMENT(second_factor_delete_steps, "delete from sign_in_steps where person_id = $1", 1);

bool is_second_factor(const char *authenticated_by)
{
	return strcmp(authenticated_by, BY_TOTP) == 0 ||
	       strcmp(authenticated_by, BY_RECOVERY_CODE) == 0 ||
	       strcmp(authenticated_by, BY_PASSKEY) == 0;
}

struct param totp_seal(struct ctx *ctx, const uint8_t secret[TOTP_SECRET_BYTES])
{
	size_t length;
	const uint8_t *sealed = crypto_seal(ctx->arena, ctx->config->secret.key, SEAL_PURPOSE,
					    secret, TOTP_SECRET_BYTES, &length);

	return param_bytes(sealed, length);
}

bool totp_open(struct ctx *ctx, struct rows *rows, uint8_t secret[TOTP_SECRET_BYTES])
{
	size_t sealed_length, length = 0;
	const char *sealed = col_bytes(rows, &sealed_length);
	const uint8_t *opened = crypto_open(ctx->arena, ctx->config->secret.key, SEAL_PURPOSE,
					    sealed, sealed_length, &length);

	if (!opened || length != TOTP_SECRET_BYTES)
		return false;
	memcpy(secret, opened, TOTP_SECRET_BYTES);
	return true;
}

void second_factor_add_notice(struct ctx *ctx, int64_t person_id, const char *what)
{
	mail_tell(ctx, person_id, MAIL_SECOND_FACTOR, what, "/settings/security");
}

static bool is_required(const struct ctx *ctx)
{
	return strcmp(ctx->config->security.staff_without_second_factor, "allowed") != 0 &&
	       (role_is_staff(ctx->actor->role) || ctx->actor->lacks_second_factor);
}

enum err second_factor_load(struct ctx *ctx, struct second_factor *out)
{
	TRY(second_factor_of(ctx, ctx->actor->id, out));
	out->is_required = is_required(ctx);
	return OK;
}

enum err second_factor_of(struct ctx *ctx, int64_t person_id, struct second_factor *out)
{
	struct rows rows;

	*out = (struct second_factor){ .has_app = false };
	TRY(db_query(ctx, &second_factor_state, &rows, param_i64(person_id)));
	if (!rows_next(&rows))
		return OK;
	out->has_app = col_bool(&rows);
	out->is_setting_up = col_bool(&rows);
	out->app_since = col_time(&rows);
	out->codes_left = col_i64(&rows);
	out->passkey_count = col_i64(&rows);
	return OK;
}

bool second_factor_is_on(const struct second_factor *state)
{
	return state->has_app || state->passkey_count > 0;
}

enum err second_factor_begin(struct ctx *ctx)
{
	uint8_t secret[TOTP_SECRET_BYTES];

	crypto_random(secret, sizeof(secret));
	return db_query(ctx, &second_factor_put_next, NULL, param_i64(ctx->actor->id),
			totp_seal(ctx, secret));
}

/* The secret that waits for its first code. */
struct waiting {
	uint8_t secret[TOTP_SECRET_BYTES];
	struct param sealed;
	const char *email;
	int64_t codes_left;
};

static enum err waiting_load(struct ctx *ctx, struct waiting *out)
{
	struct rows rows;
	size_t length;
	const char *sealed;

	TRY(db_query(ctx, &second_factor_next, &rows, param_i64(ctx->actor->id)));
	if (!rows_next(&rows) || !totp_open(ctx, &rows, out->secret))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->email = col_text(&rows);
	out->codes_left = col_i64(&rows);
	rows_rewind(&rows);
	rows_next(&rows);
	sealed = col_bytes(&rows, &length);
	out->sealed = param_bytes(sealed, length);
	return OK;
}

/* The key URI format that apps have agreed on: otpauth://totp/ISSUER:ACCOUNT?… */
static const char *uri_of(struct ctx *ctx, const struct totp_setup *setup)
{
	struct buf uri;

	buf_init(&uri, ctx->arena, 4096);
	buf_text(&uri, "otpauth://totp/");
	buf_url(&uri, setup->issuer);
	buf_text(&uri, ":");
	buf_url(&uri, setup->account);
	buf_printf(&uri, "?secret=%s&issuer=", setup->secret);
	buf_url(&uri, setup->issuer);
	buf_printf(&uri, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_SECONDS);
	return uri.data;
}

enum err second_factor_setup(struct ctx *ctx, struct totp_setup *out)
{
	struct waiting waiting = { 0 };

	TRY(waiting_load(ctx, &waiting));
	out->secret = totp_secret_text(ctx->arena, waiting.secret);
	out->issuer = ctx->config->site.name;
	out->account = waiting.email;
	out->uri = uri_of(ctx, out);
	return OK;
}

static enum err fail_code(struct ctx *ctx)
{
	return fail(
		ctx, ERR_INVALID, "code", "%s",
		_("This code is not right, or no longer. Take the one that your app shows now."));
}

static enum err confirm(struct ctx *ctx, const struct waiting *waiting, int64_t step,
			const char *const **codes)
{
	int64_t id = ctx->actor->id;
	struct rows taken;

	db_begin(ctx);
	db_add(ctx, &second_factor_take_next, &taken, param_i64(id), param_i64(step),
	       waiting->sealed);
	*codes = waiting->codes_left > 0 ? NULL : recovery_codes_add(ctx, id);
	db_add(ctx, &second_factor_session, NULL, param_i64(ctx->actor->session_id));
	account_add_end_sessions(ctx, id, ctx->actor->session_id);
	db_add(ctx, &second_factor_delete_steps, NULL, param_i64(id));
	second_factor_add_notice(ctx, id, "on");
	audit_add(ctx, "second_factor_set_up", "person", id, NULL);
	TRY(db_run(ctx));
	/* Begun anew in another window meanwhile: that secret is not the one shown here. */
	if (taken.affected == 0) {
		db_rollback(ctx);
		return fail_code(ctx);
	}
	return db_commit(ctx);
}

enum err second_factor_confirm(struct ctx *ctx, const char *code, const char *const **codes)
{
	const char *who = arena_printf(ctx->arena, "%lld", (long long)ctx->actor->id);
	struct waiting waiting = { 0 };
	int64_t step;

	*codes = NULL;
	TRY(throttle_take(ctx, &throttle_second_factor, who));
	TRY(waiting_load(ctx, &waiting));
	if (!totp_matches(waiting.secret, ctx->now / CLOCK_SECOND, code, &step))
		return fail_code(ctx);
	TRY(throttle_clear(ctx, &throttle_second_factor, who));
	return confirm(ctx, &waiting, step, codes);
}

enum err second_factor_new_codes(struct ctx *ctx, const char *const **codes)
{
	struct second_factor state;

	TRY(second_factor_load(ctx, &state));
	if (!second_factor_is_on(&state))
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s", _("Set up two-step sign-in first."));
	db_begin(ctx);
	*codes = recovery_codes_add(ctx, ctx->actor->id);
	second_factor_add_notice(ctx, ctx->actor->id, "codes");
	audit_add(ctx, "recovery_codes_made", "person", ctx->actor->id, NULL);
	return db_commit(ctx);
}

static enum err remove_app(struct ctx *ctx, int64_t person_id, const char *what, bool and_passkeys)
{
	db_begin(ctx);
	db_add(ctx, &second_factor_delete, NULL, param_i64(person_id));
	if (and_passkeys)
		db_add(ctx, &second_factor_delete_passkeys, NULL, param_i64(person_id));
	db_add(ctx, &second_factor_delete_codes, NULL, param_i64(person_id));
	db_add(ctx, &second_factor_delete_steps, NULL, param_i64(person_id));
	account_add_end_sessions(ctx, person_id, ctx->actor->session_id);
	second_factor_add_notice(ctx, person_id, what);
	audit_add(ctx, "second_factor_removed", "person", person_id, NULL);
	return db_commit(ctx);
}

enum err second_factor_remove(struct ctx *ctx)
{
	struct second_factor state;

	TRY(second_factor_load(ctx, &state));
	if (state.is_required && state.passkey_count == 0)
		return fail(
			ctx, ERR_FORBIDDEN, NULL, "%s",
			_("The team cannot do without two-step sign-in. You can set up another app instead."));
	return remove_app(ctx, ctx->actor->id, state.passkey_count > 0 ? "app_off" : "off", false);
}

enum err second_factor_reset(struct ctx *ctx, const char *email)
{
	int64_t person_id;

	TRY(account_find(ctx, email, &person_id));
	if (!person_id)
		return fail(ctx, ERR_NOT_FOUND, "email", "%s",
			    _("There is no account with this address."));
	return remove_app(ctx, person_id, "reset", true);
}
