/*
 * Signing in. Whether an account exists shows neither in the answer nor in its
 * time: both cases make the same statements and one Argon2id verification.
 *
 * Attempts are counted by address, and by account and address, so that nobody can
 * keep somebody else out; a browser that signed in before has a count of its own.
 * All strangers together have a ceiling an account, against guessing from many
 * addresses.
 */
#include "forum/account_parts.h"

#include "base/crypto.h"
#include "db/db.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

/* What an attempt is held against. */
struct attempt {
	struct account account; /* id 0: there is none */
	const char *email_key;
	bool is_known_device;
};

static char *device_token(struct ctx *ctx, const struct account *account)
{
	const char *key = ctx->config->secret.key;
	/* With the password's hash: a new password makes all browsers strangers. */
	char *text = arena_printf(ctx->arena, "device:%lld:%s", (long long)account->id,
				  account->password_hash);
	uint8_t mac[CRYPTO_HASH_BYTES];

	crypto_hmac(mac, key, strlen(key), text, strlen(text));
	return crypto_base64url(ctx->arena, mac, sizeof(mac));
}

char *account_device_token(struct ctx *ctx, int64_t person_id)
{
	struct account account;
	struct rows rows;

	account_add_by_id(ctx, person_id, &rows);
	if (db_run(ctx) != OK || !rows_next(&rows)) {
		error_clear(ctx);
		return arena_strdup(ctx->arena, "");
	}
	account_read(&rows, &account);
	return device_token(ctx, &account);
}

/* One round trip: the address's count, and the account if there is one. */
static enum err begin(struct ctx *ctx, const struct credentials *credentials,
		      struct attempt *attempt)
{
	struct rows throttle, rows;

	attempt->email_key = account_email_key(ctx, credentials->email);
	throttle_add(ctx, &throttle_login_address, credentials->client_address, &throttle);
	account_add_by_key(ctx, attempt->email_key, &rows);
	TRY(db_run(ctx));
	TRY(throttle_check(ctx, &throttle));
	attempt->account = (struct account){ .password_hash = "" };
	if (rows_next(&rows))
		account_read(&rows, &attempt->account);
	attempt->is_known_device = attempt->account.id &&
				   crypto_equal(credentials->device_token,
						device_token(ctx, &attempt->account));
	return OK;
}

static const char *bucket_of(struct ctx *ctx, const struct credentials *credentials,
			     const struct attempt *attempt)
{
	if (attempt->is_known_device)
		return arena_printf(ctx->arena, "device:%lld", (long long)attempt->account.id);
	return arena_printf(ctx->arena, "%s|%s", attempt->email_key, credentials->client_address);
}

/* The second: the account's counts. */
static enum err count(struct ctx *ctx, const struct attempt *attempt, const char *bucket)
{
	struct rows account = { .current = -1 }, everywhere = { .current = -1 };

	throttle_add(ctx, &throttle_login_account, bucket, &account);
	if (!attempt->is_known_device)
		throttle_add(ctx, &throttle_login_everywhere, attempt->email_key, &everywhere);
	TRY(db_run(ctx));
	TRY(throttle_check(ctx, &account));
	return throttle_check(ctx, &everywhere);
}

enum err account_login(struct ctx *ctx, const struct credentials *credentials, int64_t *person_id)
{
	struct attempt attempt;
	const char *bucket;

	TRY(begin(ctx, credentials, &attempt));
	bucket = bucket_of(ctx, credentials, &attempt);
	TRY(count(ctx, &attempt, bucket));
	if (!account_password_matches(attempt.account.password_hash, credentials->password))
		return fail(ctx, ERR_INVALID, "password", "%s",
			    _("This address and this password do not belong together."));
	*person_id = attempt.account.id;
	return throttle_clear(ctx, &throttle_login_account, bucket);
}
