/*
 * Challenges: 256 random bits, of which the hash is kept with what they are for. Each is
 * deleted by the first answer, right or wrong.
 */
#include "forum/passkey_parts.h"

#include "base/crypto.h"
#include "base/log.h"
#include "forum/actor.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

static const char *const purposes[] = {
	[PASSKEY_REGISTER] = "register",
	[PASSKEY_CHECK] = "check",
	[PASSKEY_STEP] = "step",
	[PASSKEY_SIGN_IN] = "sign_in",
};

DB_STATEMENT(passkey_challenge_insert,
	     "insert into passkey_challenges (challenge_hash, purpose, person_id, expires_at)\n"
	     "values ($1, $2, $3, now() + make_interval(mins => $4::integer))",
	     4);

DB_STATEMENT(
	passkey_challenge_use,
	"delete from passkey_challenges\n"
	"where challenge_hash = $1 and purpose = $2 and person_id is not distinct from $3::bigint\n"
	"	and expires_at > now()",
	3);

DB_STATEMENT(passkey_challenge_delete_ended,
	     "delete from passkey_challenges where expires_at <= now()", 0);

DB_STATEMENT(passkey_ids,
	     "select k.credential_id from passkeys k where k.person_id = $1 order by k.id limit $2",
	     2);

DB_STATEMENT(passkey_person, "select coalesce(p.handle, ''), p.name from people p where p.id = $1",
	     1);

bool passkey_site(struct ctx *ctx, struct webauthn_site *out)
{
	return webauthn_site_of(ctx->arena, ctx->config->site.base_url, out);
}

bool passkeys_work_here(const struct ctx *ctx)
{
	struct webauthn_site site;

	return webauthn_site_of(ctx->arena, ctx->config->site.base_url, &site);
}

const char *passkey_user_handle(struct ctx *ctx, int64_t person_id)
{
	const char *key = ctx->config->secret.key;
	const char *text = arena_printf(ctx->arena, "passkey user:%lld", (long long)person_id);
	uint8_t mac[CRYPTO_HASH_BYTES];

	crypto_hmac(mac, key, strlen(key), text, strlen(text));
	return crypto_base64url(ctx->arena, mac, sizeof(mac));
}

struct slice passkey_part(struct ctx *ctx, const char *text)
{
	size_t length = 0;
	const uint8_t *bytes;

	if (strlen(text) > 2 * (size_t)WEBAUTHN_PART_MAX)
		return slice_make("", 0);
	bytes = crypto_from_base64url(ctx->arena, text, &length);
	return bytes ? slice_make((const char *)bytes, length) : slice_make("", 0);
}

enum err passkey_fail(struct ctx *ctx, const char *problem)
{
	log_event(LOG_LEVEL_INFO, "passkey_refused", "problem", problem, "request",
		  ctx->request_id ? ctx->request_id : "", NULL);
	return fail(ctx, ERR_INVALID, "passkey", "%s",
		    _("This passkey was not accepted, or it took too long. Please try again."));
}

static struct param hash_of(struct ctx *ctx, const char *challenge)
{
	uint8_t *hash = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);

	crypto_sha256(hash, challenge, strlen(challenge));
	return param_bytes(hash, CRYPTO_HASH_BYTES);
}

enum err passkey_use_challenge(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id,
			       struct slice client_data)
{
	const char *type = purpose == PASSKEY_REGISTER ? WEBAUTHN_CREATE : WEBAUTHN_GET;
	const char *challenge = "", *problem = "";
	struct webauthn_site site;
	struct rows used;

	if (!passkey_site(ctx, &site))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!webauthn_challenge(ctx, &site, type, client_data, &challenge, &problem))
		return passkey_fail(ctx, problem);
	TRY(db_query(ctx, &passkey_challenge_use, &used, hash_of(ctx, challenge),
		     param_text(purposes[purpose]), param_id(person_id)));
	return used.affected == 1 ? OK : passkey_fail(ctx, "no challenge that waits");
}

static void read_credentials(struct ctx *ctx, struct rows *rows, struct passkey_options *out)
{
	out->credentials = arena_array_of(ctx->arena, (size_t)rows->count + 1, const char *);
	while (rows_next(rows)) {
		size_t length;
		const char *id = col_bytes(rows, &length);

		out->credentials[out->credential_count++] = crypto_base64url(ctx->arena, id,
									     length);
	}
}

static enum err read_person(struct ctx *ctx, struct rows *rows, int64_t person_id,
			    struct passkey_options *out)
{
	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->user_id = passkey_user_handle(ctx, person_id);
	out->user_name = col_text(rows);
	out->user_label = col_text(rows);
	if (!out->user_name[0])
		out->user_name = out->user_label;
	return OK;
}

enum err passkey_begin(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id,
		       const char *client_address, struct passkey_options *out)
{
	struct rows ids, person;
	struct webauthn_site site;

	*out = (struct passkey_options){ .must_verify = purpose == PASSKEY_SIGN_IN };
	if (!passkey_site(ctx, &site))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(throttle_take(ctx, &throttle_passkey, client_address));
	out->rp_id = site.rp_id;
	out->rp_name = ctx->config->site.name;
	out->challenge = crypto_token(ctx->arena);
	db_add(ctx, &passkey_challenge_insert, NULL, hash_of(ctx, out->challenge),
	       param_text(purposes[purpose]), param_id(person_id),
	       param_i64(PASSKEY_CHALLENGE_MINUTES));
	db_add(ctx, &passkey_ids, &ids, param_i64(person_id), param_i64(PASSKEYS_MAX));
	db_add(ctx, &passkey_person, &person, param_i64(person_id));
	TRY(db_run(ctx));
	read_credentials(ctx, &ids, out);
	if (purpose == PASSKEY_REGISTER)
		return read_person(ctx, &person, person_id, out);
	if (purpose != PASSKEY_SIGN_IN && out->credential_count == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err passkey_purge(struct ctx *ctx)
{
	return db_query_params(ctx, &passkey_challenge_delete_ended, NULL, NULL, 0);
}
