/*
 * Signing in by a passkey, and answering with one. The challenge is used up first, so that
 * nothing can be tried twice; then the key is looked up, whose it is, the signature, and
 * at last the counter, in the statement that moves it on.
 */
#include "forum/passkey_parts.h"

#include "base/crypto.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/second_factor_parts.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

DB_STATEMENT(passkey_of_credential,
	     "select k.id, k.person_id, k.algorithm, k.public_key, k.sign_count\n"
	     "from passkeys k\n"
	     "join people p on p.id = k.person_id\n"
	     "where k.credential_id = $1 and p.state in ('unconfirmed', 'active', 'suspended')",
	     1);

/* A counter that stands at 0 on both sides is one that its authenticator does not keep. */
DB_STATEMENT(passkey_use,
	     "update passkeys set sign_count = $2, used_at = now()\n"
	     "where id = $1 and (sign_count < $2::bigint or (sign_count = 0 and $2::bigint = 0))",
	     2);

struct known_passkey {
	int64_t id, person_id;
	struct webauthn_credential credential;
};

static enum err load_known(struct ctx *ctx, struct slice credential_id, struct known_passkey *out)
{
	struct rows rows;
	size_t length = 0;
	const char *key;

	*out = (struct known_passkey){ .id = 0 };
	TRY(db_query(ctx, &passkey_of_credential, &rows,
		     param_bytes(credential_id.data, credential_id.length)));
	if (!rows_next(&rows))
		return passkey_fail(ctx, "no such credential");
	out->id = col_i64(&rows);
	out->person_id = col_i64(&rows);
	out->credential.id = credential_id;
	out->credential.algorithm = (int)col_i64(&rows);
	key = col_bytes(&rows, &length);
	out->credential.public_key = slice_make(key, length);
	out->credential.sign_count = col_i64(&rows);
	return OK;
}

/*
 * Step 6. A person who is known must own the key; of one who is not, the key says by its
 * handle who it is. What it says must be so in any case.
 */
static enum err check_owner(struct ctx *ctx, const struct known_passkey *known, int64_t person_id,
			    const char *user_handle)
{
	const char *handle = passkey_user_handle(ctx, known->person_id);

	if (person_id ? known->person_id != person_id : !user_handle[0])
		return passkey_fail(ctx, "another person's credential");
	if (user_handle[0] && !crypto_equal(user_handle, handle))
		return passkey_fail(ctx, "another person's handle");
	return OK;
}

/* Step 21: there may be a copy of the key. It is told of, not used. */
static enum err fail_counter(struct ctx *ctx, const struct known_passkey *known)
{
	second_factor_add_notice(ctx, known->person_id, "passkey_copied");
	audit_add(ctx, "passkey_counter_went_back", "person", known->person_id, NULL);
	TRY(db_run(ctx));
	return passkey_fail(ctx, "the counter went back");
}

static enum err verify(struct ctx *ctx, enum passkey_purpose purpose,
		       const struct passkey_answer *answer, struct slice client_data,
		       const struct known_passkey *known)
{
	const struct webauthn_assertion assertion = {
		.client_data = client_data,
		.authenticator_data = passkey_part(ctx, answer->authenticator_data),
		.signature = passkey_part(ctx, answer->signature),
	};
	struct webauthn_credential now;
	struct webauthn_site site;
	const char *problem = "";
	struct rows used;

	if (!passkey_site(ctx, &site) ||
	    !webauthn_verify(ctx, &site, &assertion, &known->credential, &now, &problem))
		return passkey_fail(ctx, problem);
	if (purpose == PASSKEY_SIGN_IN && !now.is_verified)
		return passkey_fail(ctx, "the person was not verified");
	TRY(db_query(ctx, &passkey_use, &used, param_i64(known->id), param_i64(now.sign_count)));
	return used.affected == 1 ? OK : fail_counter(ctx, known);
}

static const char *who_tries(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id,
			     const char *client_address)
{
	return purpose == PASSKEY_SIGN_IN ? client_address
					  : arena_printf(ctx->arena, "%lld", (long long)person_id);
}

enum err passkey_check(struct ctx *ctx, enum passkey_purpose purpose,
		       const struct passkey_answer *answer, const char *client_address,
		       int64_t *person_id)
{
	int64_t wanted = purpose == PASSKEY_SIGN_IN ? 0 : *person_id;
	const struct throttle *throttle = purpose == PASSKEY_SIGN_IN ? &throttle_login_address
								     : &throttle_second_factor;
	struct slice client_data = passkey_part(ctx, answer->client_data);
	struct known_passkey known;

	TRY(throttle_take(ctx, throttle, who_tries(ctx, purpose, wanted, client_address)));
	TRY(passkey_use_challenge(ctx, purpose, wanted, client_data));
	TRY(load_known(ctx, passkey_part(ctx, answer->id), &known));
	TRY(check_owner(ctx, &known, wanted, answer->user_handle));
	TRY(verify(ctx, purpose, answer, client_data, &known));
	*person_id = known.person_id;
	return purpose == PASSKEY_SIGN_IN
		       ? OK
		       : throttle_clear(ctx, throttle,
					who_tries(ctx, purpose, wanted, client_address));
}
