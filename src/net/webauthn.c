/*
 * The steps are numbered as in the standard. Lengths and shapes are checked before
 * libfido2 sees a byte; what it cannot know (the challenge, whose credential) is the
 * caller's.
 */
/* First: OpenSSL's headers, which these include, name what base/banned.h bans. */
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include "net/webauthn.h"

#include <arpa/inet.h>

#include "base/crypto.h"
#include "net/cbor.h"
#include "net/json.h"

/* Authenticator data (level 2, section 6.1). */
#define RP_HASH_BYTES    32
#define FLAGS_AT         32
#define COUNT_AT         33
#define HEAD_BYTES       37
#define AAGUID_BYTES     16
#define FLAG_PRESENT     0x01
#define FLAG_VERIFIED    0x04
#define FLAG_CREDENTIAL  0x40
#define FLAG_EXTENSIONS  0x80
#define CHALLENGE_LENGTH CRYPTO_TOKEN_TEXT_LENGTH

static bool refuse(const char **problem, const char *what)
{
	*problem = what;
	return false;
}

static const unsigned char *bytes_of(struct slice slice)
{
	return (const unsigned char *)slice.data;
}

/* The site ------------------------------------------------------------------------------ */

static bool is_number(const char *host)
{
	uint8_t address[16];

	return host[0] == '[' || inet_pton(AF_INET, host, address) == 1;
}

bool webauthn_site_of(struct arena *arena, const char *base_url, struct webauthn_site *out)
{
	bool is_https = strncmp(base_url, "https://", 8) == 0;
	const char *host = strstr(base_url, "://");

	*out = (struct webauthn_site){ "", base_url };
	if (!host)
		return false;
	host += strlen("://");
	out->rp_id = arena_strndup(arena, host, strcspn(host, ":/"));
	return out->rp_id[0] && !is_number(host) && !is_number(out->rp_id) &&
	       (is_https || strcmp(out->rp_id, "localhost") == 0);
}

/* Client data --------------------------------------------------------------------------- */

bool webauthn_challenge(struct ctx *ctx, const struct webauthn_site *site, const char *type,
			struct slice client_data, const char **challenge, const char **problem)
{
	const char *why = "";
	const json_t *data;

	*challenge = "";
	*problem = "";
	if (client_data.length == 0 || client_data.length > WEBAUTHN_PART_MAX)
		return refuse(problem, "client data too long");
	data = json_read(ctx, client_data.data, client_data.length, &why);
	if (!data)
		return refuse(problem, why);
	/* 7.1 steps 7 to 10, 7.2 steps 11 to 14. */
	if (strcmp(json_text_or_empty(data, "type"), type) != 0)
		return refuse(problem, "client data of another type");
	*challenge = json_text_or_empty(data, "challenge");
	if (strlen(*challenge) != CHALLENGE_LENGTH)
		return refuse(problem, "no challenge of ours");
	if (strcmp(json_text_or_empty(data, "origin"), site->origin) != 0 ||
	    json_bool_at(data, "crossOrigin", false))
		return refuse(problem, "another origin");
	/* We never bind tokens, so nobody can have agreed on one with us. */
	if (strcmp(json_text_or_empty(json_at(data, "tokenBinding"), "status"), "present") == 0)
		return refuse(problem, "token binding");
	return true;
}

static void hash_client_data(struct slice client_data, uint8_t hash[CRYPTO_HASH_BYTES])
{
	crypto_sha256(hash, client_data.data, client_data.length);
}

/* Authenticator data -------------------------------------------------------------------- */

/* What follows the head is one item of CBOR where the flag says so, else nothing. */
static bool ends_well(struct slice rest, uint8_t flags)
{
	return (flags & FLAG_EXTENSIONS) ? rest.length > 0 && cbor_length(rest) == rest.length
					 : rest.length == 0;
}

/* 7.1 steps 13 to 15, 7.2 steps 15 to 17. */
static bool check_head(const struct webauthn_site *site, struct slice data, const char **problem)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	if (data.length < HEAD_BYTES || data.length > WEBAUTHN_PART_MAX)
		return refuse(problem, "authenticator data of no good length");
	crypto_sha256(hash, site->rp_id, strlen(site->rp_id));
	if (memcmp(data.data, hash, RP_HASH_BYTES) != 0)
		return refuse(problem, "authenticator data for another site");
	if (!((uint8_t)data.data[FLAGS_AT] & FLAG_PRESENT))
		return refuse(problem, "nobody was present");
	return true;
}

static void read_head(struct slice data, struct webauthn_credential *out)
{
	const unsigned char *count = bytes_of(data) + COUNT_AT;

	out->is_verified = ((uint8_t)data.data[FLAGS_AT] & FLAG_VERIFIED) != 0;
	out->sign_count = (int64_t)count[0] << 24 | (int64_t)count[1] << 16 |
			  (int64_t)count[2] << 8 | (int64_t)count[3];
}

/* The credential (6.5.1): AAGUID, length, id, key; and nothing that we do not know after it. */
static bool find_credential(struct slice data, struct webauthn_credential *out,
			    const char **problem)
{
	uint8_t flags = (uint8_t)data.data[FLAGS_AT];
	size_t at = HEAD_BYTES + AAGUID_BYTES, id_length, key_length;

	if (!(flags & FLAG_CREDENTIAL) || data.length < at + 2)
		return refuse(problem, "no credential");
	id_length = (size_t)((uint8_t)data.data[at] << 8 | (uint8_t)data.data[at + 1]);
	at += 2;
	if (id_length == 0 || id_length > WEBAUTHN_CREDENTIAL_ID_MAX ||
	    id_length > data.length - at)
		return refuse(problem, "a credential id of no good length");
	out->id = slice_make(data.data + at, id_length);
	at += id_length;
	key_length = cbor_length(slice_make(data.data + at, data.length - at));
	if (key_length == 0)
		return refuse(problem, "no key");
	at += key_length;
	if (!ends_well(slice_make(data.data + at, data.length - at), flags))
		return refuse(problem, "something after the key");
	return true;
}

/* Registering --------------------------------------------------------------------------- */

static void release_credential(void *thing)
{
	fido_cred_t *credential = thing;

	fido_cred_free(&credential);
}

/* libfido2 takes the key only as the algorithm that it was told. Step 16. */
static fido_cred_t *parse_credential(struct ctx *ctx, struct slice data, int *algorithm)
{
	static const int algorithms[] = { WEBAUTHN_EDDSA, WEBAUTHN_ES256, WEBAUTHN_RS256 };

	for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
		fido_cred_t *credential = fido_cred_new();

		if (!credential)
			return NULL;
		arena_defer(ctx->arena, release_credential, credential);
		*algorithm = algorithms[i];
		if (fido_cred_set_type(credential, algorithms[i]) == FIDO_OK &&
		    fido_cred_set_authdata_raw(credential, bytes_of(data), data.length) == FIDO_OK)
			return credential;
	}
	return NULL;
}

/* "packed" without certificates: the key vouches for itself (8.2, self attestation). */
static bool vouches_for_itself(fido_cred_t *credential, const struct webauthn_site *site,
			       struct slice client_data, struct slice statement)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	hash_client_data(client_data, hash);
	return fido_cred_set_rp(credential, site->rp_id, NULL) == FIDO_OK &&
	       fido_cred_set_clientdata_hash(credential, hash, sizeof(hash)) == FIDO_OK &&
	       fido_cred_set_fmt(credential, "packed") == FIDO_OK &&
	       fido_cred_set_attstmt(credential, bytes_of(statement), statement.length) ==
		       FIDO_OK &&
	       fido_cred_verify_self(credential) == FIDO_OK;
}

/* Steps 18 to 21. */
static bool check_attestation(fido_cred_t *credential, const struct webauthn_site *site,
			      struct slice client_data, struct slice object, const char **problem)
{
	struct slice format, statement, certificates;

	if (!cbor_member(object, "fmt", &format) || !cbor_member(object, "attStmt", &statement))
		return refuse(problem, "an attestation without its parts");
	if (cbor_is_text(format, "none") && cbor_is_empty_map(statement))
		return true;
	if (cbor_is_text(format, "packed") && !cbor_member(statement, "x5c", &certificates) &&
	    vouches_for_itself(credential, site, client_data, statement))
		return true;
	return refuse(problem, "an attestation that was not asked for");
}

bool webauthn_register(struct ctx *ctx, const struct webauthn_site *site, struct slice client_data,
		       struct slice attestation_object, struct webauthn_credential *out,
		       const char **problem)
{
	struct slice data = { NULL, 0 }, item;
	fido_cred_t *credential;

	*out = (struct webauthn_credential){ .algorithm = 0 };
	*problem = "";
	fido_init(0);
	if (attestation_object.length > WEBAUTHN_PART_MAX ||
	    !cbor_member(attestation_object, "authData", &item) || !cbor_bytes(item, &data))
		return refuse(problem, "no attestation object");
	if (!check_head(site, data, problem) || !find_credential(data, out, problem))
		return false;
	credential = parse_credential(ctx, data, &out->algorithm);
	if (!credential || fido_cred_pubkey_len(credential) == 0 ||
	    fido_cred_pubkey_len(credential) > WEBAUTHN_PUBLIC_KEY_MAX)
		return refuse(problem, "a key of no kind that we take");
	if (!check_attestation(credential, site, client_data, attestation_object, problem))
		return false;
	read_head(data, out);
	out->public_key = slice_make((const char *)fido_cred_pubkey_ptr(credential),
				     fido_cred_pubkey_len(credential));
	return true;
}

/* Signing in ---------------------------------------------------------------------------- */

static void release_assertion(void *thing)
{
	fido_assert_t *assertion = thing;

	fido_assert_free(&assertion);
}

static void release_es256(void *thing)
{
	es256_pk_t *key = thing;

	es256_pk_free(&key);
}

static void release_rs256(void *thing)
{
	rs256_pk_t *key = thing;

	rs256_pk_free(&key);
}

static void release_eddsa(void *thing)
{
	eddsa_pk_t *key = thing;

	eddsa_pk_free(&key);
}

/* The stored key as libfido2's own of that algorithm; NULL: it is none. */
static void *load_key(struct ctx *ctx, const struct webauthn_credential *known)
{
	const void *bytes = known->public_key.data;
	size_t length = known->public_key.length;
	bool is_good = false;
	void *key = NULL;

	switch (known->algorithm) {
	case WEBAUTHN_ES256:
		key = es256_pk_new();
		arena_defer(ctx->arena, release_es256, key);
		is_good = key && es256_pk_from_ptr(key, bytes, length) == FIDO_OK;
		break;
	case WEBAUTHN_RS256:
		key = rs256_pk_new();
		arena_defer(ctx->arena, release_rs256, key);
		is_good = key && rs256_pk_from_ptr(key, bytes, length) == FIDO_OK;
		break;
	case WEBAUTHN_EDDSA:
		key = eddsa_pk_new();
		arena_defer(ctx->arena, release_eddsa, key);
		is_good = key && eddsa_pk_from_ptr(key, bytes, length) == FIDO_OK;
		break;
	default:
		break;
	}
	return is_good ? key : NULL;
}

/* libfido2 wants authenticator data in a CBOR byte string or raw, the latter here. */
static bool fill(fido_assert_t *filled, const struct webauthn_site *site,
		 const struct webauthn_assertion *assertion)
{
	struct slice data = assertion->authenticator_data, signature = assertion->signature;
	uint8_t hash[CRYPTO_HASH_BYTES];

	hash_client_data(assertion->client_data, hash);
	return fido_assert_set_rp(filled, site->rp_id) == FIDO_OK &&
	       fido_assert_set_clientdata_hash(filled, hash, sizeof(hash)) == FIDO_OK &&
	       fido_assert_set_count(filled, 1) == FIDO_OK &&
	       fido_assert_set_authdata_raw(filled, 0, bytes_of(data), data.length) == FIDO_OK &&
	       fido_assert_set_up(filled, FIDO_OPT_TRUE) == FIDO_OK &&
	       fido_assert_set_sig(filled, 0, bytes_of(signature), signature.length) == FIDO_OK;
}

bool webauthn_verify(struct ctx *ctx, const struct webauthn_site *site,
		     const struct webauthn_assertion *assertion,
		     const struct webauthn_credential *known, struct webauthn_credential *out,
		     const char **problem)
{
	struct slice data = assertion->authenticator_data;
	fido_assert_t *filled;
	void *key;

	*out = *known;
	*problem = "";
	fido_init(0);
	if (!check_head(site, data, problem))
		return false;
	if (((uint8_t)data.data[FLAGS_AT] & FLAG_CREDENTIAL) ||
	    !ends_well(slice_make(data.data + HEAD_BYTES, data.length - HEAD_BYTES),
		       (uint8_t)data.data[FLAGS_AT]))
		return refuse(problem, "authenticator data with something else in it");
	if (assertion->signature.length == 0 || assertion->signature.length > WEBAUTHN_PART_MAX)
		return refuse(problem, "a signature of no good length");
	key = load_key(ctx, known);
	filled = fido_assert_new();
	if (filled)
		arena_defer(ctx->arena, release_assertion, filled);
	/* Steps 19 and 20. */
	if (!key || !filled || !fill(filled, site, assertion) ||
	    fido_assert_verify(filled, 0, known->algorithm, key) != FIDO_OK)
		return refuse(problem, "the signature is not the key's");
	read_head(data, out);
	return true;
}
