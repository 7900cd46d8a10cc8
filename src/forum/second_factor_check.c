/*
 * Is it the right code? Those of the app and those for recovery are typed into one
 * field; their forms tell them apart.
 */
#include "forum/second_factor_parts.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "forum/audit.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

/* Crockford's base 32: no letter looks like a digit. 12 of them are 60 bits. */
#define RECOVERY_LETTERS     "0123456789abcdefghjkmnpqrstvwxyz"
#define RECOVERY_CODE_LENGTH 12

DB_STATEMENT(
	second_factor_secret,
	"select totp_secret from second_factors where person_id = $1 and totp_secret is not null",
	1);

/* Each code once; two at the same moment: one of them. */
DB_STATEMENT(
	second_factor_use_step,
	"update second_factors set totp_last_step = $2 where person_id = $1 and totp_last_step < $2",
	2);

DB_STATEMENT(recovery_code_use,
	     "update recovery_codes set used_at = now()\n"
	     "where person_id = $1 and code_hash = $2 and used_at is null",
	     2);

DB_STATEMENT(recovery_codes_delete, "delete from recovery_codes where person_id = $1", 1);

DB_STATEMENT(recovery_code_insert,
	     "insert into recovery_codes (person_id, code_hash) values ($1, $2)", 2);

/* 32 letters divide 256: each is as likely. */
static void new_recovery_letters(char out[RECOVERY_CODE_LENGTH + 1])
{
	crypto_random(out, RECOVERY_CODE_LENGTH);
	for (int i = 0; i < RECOVERY_CODE_LENGTH; i++)
		out[i] = RECOVERY_LETTERS[(uint8_t)out[i] % 32];
	out[RECOVERY_CODE_LENGTH] = '\0';
}

/* As people write what they read: capitals, blanks, I for 1, O for 0. */
static bool recovery_letters(const char *typed, char out[RECOVERY_CODE_LENGTH + 1])
{
	size_t length = 0;

	for (const char *c = typed; *c; c++) {
		char letter = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;

		if (letter == ' ' || letter == '-')
			continue;
		letter = letter == 'i' || letter == 'l' ? '1' : letter == 'o' ? '0' : letter;
		if (length == RECOVERY_CODE_LENGTH || !strchr(RECOVERY_LETTERS, letter))
			return false;
		out[length++] = letter;
	}
	out[length] = '\0';
	return length == RECOVERY_CODE_LENGTH;
}

static struct param hash_letters(struct ctx *ctx, const char *letters)
{
	const char *key = ctx->config->secret.key;
	const char *text = arena_printf(ctx->arena, "recovery:%s", letters);
	uint8_t *mac = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);

	crypto_hmac(mac, key, strlen(key), text, strlen(text));
	return param_bytes(mac, CRYPTO_HASH_BYTES);
}

const char *const *recovery_codes_add(struct ctx *ctx, int64_t person_id)
{
	const char **codes = arena_array_of(ctx->arena, RECOVERY_CODE_COUNT, const char *);
	char letters[RECOVERY_CODE_LENGTH + 1];

	db_add(ctx, &recovery_codes_delete, NULL, param_i64(person_id));
	for (int i = 0; i < RECOVERY_CODE_COUNT; i++) {
		new_recovery_letters(letters);
		codes[i] = arena_printf(ctx->arena, "%.4s-%.4s-%s", letters, letters + 4,
					letters + 8);
		db_add(ctx, &recovery_code_insert, NULL, param_i64(person_id),
		       hash_letters(ctx, letters));
	}
	return codes;
}

/* Checking -------------------------------------------------------------------------- */

static enum err check_app(struct ctx *ctx, int64_t person_id, struct rows *found, const char *code,
			  bool *is_right)
{
	uint8_t secret[TOTP_SECRET_BYTES];
	struct rows used;
	int64_t step;

	*is_right = false;
	if (!rows_next(found) || !totp_open(ctx, found, secret) ||
	    !totp_matches(secret, ctx->now / CLOCK_SECOND, code, &step))
		return OK;
	TRY(db_query(ctx, &second_factor_use_step, &used, param_i64(person_id), param_i64(step)));
	*is_right = used.affected == 1;
	return OK;
}

/* The one that was used up is told of: nobody uses one without noticing. */
static enum err check_recovery(struct ctx *ctx, int64_t person_id, const char *typed,
			       bool *is_right)
{
	char letters[RECOVERY_CODE_LENGTH + 1];
	struct rows used;

	*is_right = false;
	if (!recovery_letters(typed, letters))
		return OK;
	TRY(db_query(ctx, &recovery_code_use, &used, param_i64(person_id),
		     hash_letters(ctx, letters)));
	*is_right = used.affected == 1;
	if (!*is_right)
		return OK;
	second_factor_add_notice(ctx, person_id, "recovery");
	audit_add(ctx, "recovery_code_used", "person", person_id, NULL);
	return db_run(ctx);
}

enum err second_factor_check(struct ctx *ctx, int64_t person_id, const char *code,
			     const char *field, const char **by)
{
	const char *who = arena_printf(ctx->arena, "%lld", (long long)person_id);
	struct rows minutes, day, found;
	bool is_right;

	throttle_add(ctx, &throttle_second_factor, who, &minutes);
	throttle_add(ctx, &throttle_second_factor_day, who, &day);
	db_add(ctx, &second_factor_secret, &found, param_i64(person_id));
	TRY(db_run(ctx));
	TRY(throttle_check(ctx, &minutes));
	TRY(throttle_check(ctx, &day));
	*by = BY_TOTP;
	TRY(check_app(ctx, person_id, &found, code, &is_right));
	if (!is_right) {
		*by = BY_RECOVERY_CODE;
		TRY(check_recovery(ctx, person_id, code, &is_right));
	}
	if (!is_right)
		return fail(ctx, ERR_INVALID, field, "%s",
			    _("This code is not right, or was used already."));
	return throttle_clear(ctx, &throttle_second_factor, who);
}
