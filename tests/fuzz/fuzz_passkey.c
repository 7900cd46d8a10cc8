/*
 * What browsers send of passkeys: the first bytes as client data, the rest as an
 * attestation object, and as authenticator data and signature of a key that is known.
 * Whatever is taken lies within the input and within the limits.
 */
#include "fuzz.h"

#include "base/crypto.h"
#include "net/cbor.h"
#include "net/webauthn.h"

static const struct webauthn_site site = { "localhost", "http://localhost:8080" };

static void check_cbor(struct slice bytes)
{
	static const char *const names[] = { "fmt", "attStmt", "authData" };
	size_t length = cbor_length(bytes);
	struct slice value, content;

	must(length <= bytes.length);
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		if (!cbor_member(bytes, names[i], &value))
			continue;
		must(length == bytes.length);
		must(value.data > bytes.data && value.length > 0);
		must(value.data + value.length <= bytes.data + bytes.length);
		must(cbor_length(value) == value.length);
		if (cbor_bytes(value, &content))
			must(content.length < value.length);
	}
}

static void check_client_data(struct ctx *ctx, struct slice bytes)
{
	const char *challenge, *problem;

	if (webauthn_challenge(ctx, &site, WEBAUTHN_GET, bytes, &challenge, &problem))
		must(strlen(challenge) == CRYPTO_TOKEN_TEXT_LENGTH && !problem[0]);
	else
		must(problem[0] != '\0');
}

static void check_register(struct ctx *ctx, struct slice client_data, struct slice object)
{
	struct webauthn_credential made;
	const char *problem;

	if (!webauthn_register(ctx, &site, client_data, object, &made, &problem)) {
		must(problem[0] != '\0');
		return;
	}
	must(made.id.length > 0 && made.id.length <= WEBAUTHN_CREDENTIAL_ID_MAX);
	must(made.id.data > object.data && made.id.data < object.data + object.length);
	must(made.public_key.length > 0 && made.public_key.length <= WEBAUTHN_PUBLIC_KEY_MAX);
	must(made.sign_count >= 0 && made.sign_count <= UINT32_MAX);
}

/* Nobody signs by chance. */
static void check_verify(struct ctx *ctx, struct slice client_data, struct slice rest)
{
	static const char key[64] = { 1 };
	const struct webauthn_credential known = { slice_make("id", 2), WEBAUTHN_ES256,
						   slice_make(key, sizeof(key)), 0, false };
	size_t half = rest.length < 37 ? rest.length : 37;
	const struct webauthn_assertion assertion = { client_data, slice_make(rest.data, half),
						      slice_make(rest.data + half,
								 rest.length - half) };
	struct webauthn_credential now;
	const char *problem;

	must(!webauthn_verify(ctx, &site, &assertion, &known, &now, &problem));
	must(problem[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config config;
	struct ctx ctx = { .arena = arena_new(16 << 20), .config = &config };
	struct slice all = slice_make((const char *)data, size);
	const void *end = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t first = end ? (size_t)((const uint8_t *)end - data) : size;
	struct slice rest = slice_make(all.data + first, size - first);

	if (end)
		rest = slice_make(rest.data + 1, rest.length - 1);
	all.length = first;
	check_cbor(rest);
	check_client_data(&ctx, all);
	check_register(&ctx, all, rest);
	check_verify(&ctx, all, rest);
	arena_free(ctx.arena);
	return 0;
}
