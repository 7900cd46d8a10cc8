/*
 * Passkeys against W3C Web Authentication level 2, sections 7.1 and 7.2: what a right
 * authenticator sends is taken, with each algorithm; each thing that may be wrong is
 * refused. And CBOR, with the examples of RFC 8949.
 */
#include "unit.h"

#include "authenticator.h"
#include "base/crypto.h"
#include "net/cbor.h"
#include "net/webauthn.h"

static const struct config config;
static const struct webauthn_site site = { "forum.example", "https://forum.example" };
static const int algorithms[] = { WEBAUTHN_EDDSA, WEBAUTHN_ES256, WEBAUTHN_RS256 };

static struct ctx *ctx_of(struct arena *arena)
{
	struct ctx *ctx = arena_new_of(arena, struct ctx);

	*ctx = (struct ctx){ .arena = arena, .config = &config };
	return ctx;
}

static bool registers(struct ctx *ctx, struct authenticator *device,
		      struct webauthn_credential *out)
{
	const char *challenge = crypto_token(ctx->arena), *read, *problem;
	struct slice data = authenticator_client_data(device, WEBAUTHN_CREATE, challenge);
	bool is_good = webauthn_challenge(ctx, &site, WEBAUTHN_CREATE, data, &read, &problem) &&
		       webauthn_register(ctx, &site, data, authenticator_attest(device, data), out,
					 &problem);

	assert_int_equal(is_good, problem[0] == '\0');
	if (!is_good)
		return false;
	assert_string_equal(read, challenge);
	assert_true(webauthn_challenge(ctx, &site, WEBAUTHN_CREATE, data, &read, &problem));
	assert_string_equal(problem, "");
	return true;
}

static bool verifies(struct ctx *ctx, const struct webauthn_assertion *assertion,
		     const struct webauthn_credential *known, struct webauthn_credential *now)
{
	const char *problem;
	bool is_good = webauthn_verify(ctx, &site, assertion, known, now, &problem);

	assert_int_equal(is_good, problem[0] == '\0');
	return is_good;
}

/* Taken ----------------------------------------------------------------------------------- */

static void test_each_algorithm_registers_and_signs_in(void **state)
{
	struct ctx *ctx = ctx_of(*state);

	for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
		struct authenticator *device = authenticator_new(*state, algorithms[i]);
		struct webauthn_credential known, now;
		struct webauthn_assertion assertion;

		assert_true(registers(ctx, device, &known));
		assert_int_equal(known.algorithm, algorithms[i]);
		assert_int_equal(known.id.length, sizeof(device->id));
		assert_memory_equal(known.id.data, device->id, sizeof(device->id));
		assert_true(known.is_verified);
		device->count = 0x01020304;
		device->flags = AUTHENTICATOR_PRESENT;
		assertion = authenticator_assert(device, crypto_token(*state));
		assert_true(verifies(ctx, &assertion, &known, &now));
		assert_int_equal(now.sign_count, 0x01020304);
		assert_false(now.is_verified);
	}
}

static void test_a_key_that_vouches_for_itself_is_verified(void **state)
{
	struct ctx *ctx = ctx_of(*state);

	for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
		struct authenticator *device = authenticator_new(*state, algorithms[i]);
		struct webauthn_credential known;
		const char *problem;
		struct slice said, other;

		device->format = "packed";
		assert_true(registers(ctx, device, &known));
		said = authenticator_client_data(device, WEBAUTHN_CREATE, crypto_token(*state));
		other = authenticator_client_data(device, WEBAUTHN_CREATE, crypto_token(*state));
		assert_false(webauthn_register(
			ctx, &site, other, authenticator_attest(device, said), &known, &problem));
	}
}

static void test_extensions_are_read_over_and_rubbish_is_not(void **state)
{
	struct ctx *ctx = ctx_of(*state);
	struct authenticator *device = authenticator_new(*state, WEBAUTHN_ES256);
	struct webauthn_credential known, now;
	struct webauthn_assertion assertion;

	device->extension = slice_make("\xa1\x6b"
				       "credProtect\x02",
				       14);
	assert_true(registers(ctx, device, &known));
	device->extension = slice_make("\xa1\x63"
				       "uvm",
				       5);
	assert_false(registers(ctx, device, &now));
	device->extension = slice_make("\xa0\x00", 2);
	assert_false(registers(ctx, device, &now));
	assertion = authenticator_assert(device, crypto_token(*state));
	assert_false(verifies(ctx, &assertion, &known, &now));
}

/* Refused --------------------------------------------------------------------------------- */

static void test_another_site_or_type_is_refused(void **state)
{
	struct ctx *ctx = ctx_of(*state);
	struct authenticator *device = authenticator_new(*state, WEBAUTHN_ES256);
	struct webauthn_credential known, now;
	struct webauthn_assertion assertion;
	const char *challenge, *problem;

	assert_true(registers(ctx, device, &known));
	device->origin = "https://forum.example.evil";
	assert_false(registers(ctx, device, &now));
	device->origin = "http://forum.example";
	assert_false(registers(ctx, device, &now));
	device->origin = "https://forum.example";
	device->rp_id = "example";
	assert_false(registers(ctx, device, &now));
	assertion = authenticator_assert(device, crypto_token(*state));
	assert_false(verifies(ctx, &assertion, &known, &now));
	device->rp_id = "forum.example";
	assertion = authenticator_assert(device, crypto_token(*state));
	assert_false(webauthn_challenge(ctx, &site, WEBAUTHN_CREATE, assertion.client_data,
					&challenge, &problem));
	assert_true(webauthn_challenge(ctx, &site, WEBAUTHN_GET, assertion.client_data, &challenge,
				       &problem));
}

static void test_client_data_of_strange_shapes_is_refused(void **state)
{
	static const char *const shapes[] = {
		"",
		"null",
		"[]",
		"{",
		"{\"type\":\"webauthn.get\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"short\",\"origin\":\"https://forum.example\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"%s\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":[\"https://forum.example\"]}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://forum.example\",\"crossOrigin\":true}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"%s\",\"origin\":\"https://forum.example\","
		"\"tokenBinding\":{\"status\":\"present\",\"id\":\"x\"}}",
	};
	struct ctx *ctx = ctx_of(*state);
	const char *token = crypto_token(*state), *challenge, *problem;

	for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
		const char *at = strstr(shapes[i], "%s");
		const char *text = at ? arena_printf(*state, "%.*s%s%s", (int)(at - shapes[i]),
						     shapes[i], token, at + 2)
				      : shapes[i];

		assert_false(webauthn_challenge(ctx, &site, WEBAUTHN_GET,
						slice_make(text, strlen(text)), &challenge,
						&problem));
		assert_true(problem[0] != '\0');
	}
}

static void test_a_signature_must_be_that_keys_over_just_that(void **state)
{
	struct ctx *ctx = ctx_of(*state);

	for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
		struct authenticator *device = authenticator_new(*state, algorithms[i]);
		struct authenticator *thief = authenticator_new(*state, algorithms[i]);
		struct webauthn_credential known, now;
		struct webauthn_assertion right, forged;

		assert_true(registers(ctx, device, &known));
		right = authenticator_assert(device, crypto_token(*state));
		forged = authenticator_assert(thief, crypto_token(*state));
		assert_true(verifies(ctx, &right, &known, &now));
		assert_false(verifies(ctx, &forged, &known, &now));
		forged = right;
		forged.client_data = authenticator_client_data(device, WEBAUTHN_GET,
							       crypto_token(*state));
		assert_false(verifies(ctx, &forged, &known, &now));
		device->count++;
		forged = right;
		forged.authenticator_data =
			authenticator_assert(device, crypto_token(*state)).authenticator_data;
		assert_false(verifies(ctx, &forged, &known, &now));
		forged = right;
		forged.signature.length--;
		assert_false(verifies(ctx, &forged, &known, &now));
		known.algorithm = algorithms[(i + 1) % ARRAY_COUNT(algorithms)];
		assert_false(verifies(ctx, &right, &known, &now));
	}
}

static void test_somebody_must_have_been_there(void **state)
{
	struct ctx *ctx = ctx_of(*state);
	struct authenticator *device = authenticator_new(*state, WEBAUTHN_ES256);
	struct webauthn_credential known, now;
	struct webauthn_assertion assertion;

	assert_true(registers(ctx, device, &known));
	device->flags = AUTHENTICATOR_VERIFIED;
	assert_false(registers(ctx, device, &now));
	assertion = authenticator_assert(device, crypto_token(*state));
	assert_false(verifies(ctx, &assertion, &known, &now));
}

/* Every byte of a right answer matters, or is the signature's to guard. */
static void test_no_shortened_attestation_is_taken(void **state)
{
	struct ctx *ctx = ctx_of(*state);
	struct authenticator *device = authenticator_new(*state, WEBAUTHN_ES256);
	struct slice said = authenticator_client_data(device, WEBAUTHN_CREATE,
						      crypto_token(*state));
	struct slice object = authenticator_attest(device, said);
	struct webauthn_credential out;
	const char *problem;

	assert_true(webauthn_register(ctx, &site, said, object, &out, &problem));
	for (size_t length = 0; length < object.length; length++)
		assert_false(webauthn_register(ctx, &site, said, slice_make(object.data, length),
					       &out, &problem));
	object = slice_make(arena_printf(*state, "%.*s", 0, ""), 0);
	assert_false(webauthn_register(ctx, &site, said, object, &out, &problem));
}

static void test_an_attestation_that_nobody_asked_for_is_refused(void **state)
{
	struct ctx *ctx = ctx_of(*state);
	struct authenticator *device = authenticator_new(*state, WEBAUTHN_ES256);
	struct webauthn_credential out;

	device->format = "tpm";
	assert_false(registers(ctx, device, &out));
	device->format = "fido-u2f";
	assert_false(registers(ctx, device, &out));
}

/* Where ------------------------------------------------------------------------------------- */

static void test_passkeys_want_a_name_and_https(void **state)
{
	struct webauthn_site found;

	assert_true(webauthn_site_of(*state, "https://forum.example.fr", &found));
	assert_string_equal(found.rp_id, "forum.example.fr");
	assert_string_equal(found.origin, "https://forum.example.fr");
	assert_true(webauthn_site_of(*state, "https://forum.example.fr:8443", &found));
	assert_string_equal(found.rp_id, "forum.example.fr");
	assert_true(webauthn_site_of(*state, "http://localhost:8080", &found));
	assert_string_equal(found.rp_id, "localhost");
	assert_false(webauthn_site_of(*state, "http://forum.example.fr", &found));
	assert_false(webauthn_site_of(*state, "https://192.0.2.1", &found));
	assert_false(webauthn_site_of(*state, "http://127.0.0.1:8080", &found));
	assert_false(webauthn_site_of(*state, "https://[2001:db8::1]", &found));
}

/* CBOR -------------------------------------------------------------------------------------- */

static void test_cbor_ends_where_the_standard_says(void **state)
{
	/* RFC 8949, appendix A; then what is not well-formed, or not CTAP2's. */
	static const struct {
		const char *bytes;
		size_t length, expected;
	} cases[] = {
		{ "\x00", 1, 1 },
		{ "\x18\x18", 2, 2 },
		{ "\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9, 9 },
		{ "\x39\x03\xe7", 3, 3 },
		{ "\xf9\x3c\x00", 3, 3 },
		{ "\xf4", 1, 1 },
		{ "\x44\x01\x02\x03\x04", 5, 5 },
		{ "\x83\x01\x02\x03rest", 8, 4 },
		{ "\xa2\x61\x61\x01\x61\x62\x82\x02\x03", 9, 9 },
		{ "\xc1\x1a\x51\x4b\x67\xb0", 6, 6 },
		{ "", 0, 0 },
		{ "\x18", 1, 0 },
		{ "\x1c", 1, 0 },
		{ "\x44\x01\x02\x03", 4, 0 },
		{ "\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9, 0 },
		{ "\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9, 0 },
		{ "\xbb\x80\x00\x00\x00\x00\x00\x00\x00", 9, 0 },
		{ "\x5f\x41\x00\xff", 4, 0 },
		{ "\xff", 1, 0 },
		{ "\x81\x81\x81\x81\x81\x81\x81\x81\x81\x01", 10, 0 },
		{ "\xc1", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		if (cbor_length(slice_make(cases[i].bytes, cases[i].length)) != cases[i].expected)
			fail_msg("case %zu", i);
}

static void test_members_of_a_map_are_found_by_name(void **state)
{
	struct slice map = slice_make("\xa2\x61\x61\x42\x01\x02\x63"
				      "fmt\xa0",
				      11);
	struct slice value, content;

	(void)state;
	assert_true(cbor_member(map, "fmt", &value));
	assert_true(cbor_is_empty_map(value));
	assert_true(cbor_member(map, "a", &value) && cbor_bytes(value, &content));
	assert_int_equal(content.length, 2);
	assert_false(cbor_member(map, "b", &value));
	map.length--;
	assert_false(cbor_member(map, "a", &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_algorithm_registers_and_signs_in),
		TEST(test_a_key_that_vouches_for_itself_is_verified),
		TEST(test_extensions_are_read_over_and_rubbish_is_not),
		TEST(test_another_site_or_type_is_refused),
		TEST(test_client_data_of_strange_shapes_is_refused),
		TEST(test_a_signature_must_be_that_keys_over_just_that),
		TEST(test_somebody_must_have_been_there),
		TEST(test_no_shortened_attestation_is_taken),
		TEST(test_an_attestation_that_nobody_asked_for_is_refused),
		TEST(test_passkeys_want_a_name_and_https),
		TEST(test_cbor_ends_where_the_standard_says),
		TEST(test_members_of_a_map_are_found_by_name),
	};

	return crypto_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
