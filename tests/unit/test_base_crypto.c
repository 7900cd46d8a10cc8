/* Hashes against published vectors; tokens and passwords by their properties. */
#include "unit.h"

#include "base/crypto.h"

static int start(void **state)
{
	(void)state;
	return crypto_init() ? 0 : -1;
}

/* FIPS 180-4's examples. */
static void test_sha256_agrees_with_the_standard(void **state)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, "abc", 3);
	assert_string_equal(crypto_hex(*state, hash, sizeof(hash)),
			    "ba7816bf8f01cfea414140de5dae2223"
			    "b00361a396177a9cb410ff61f20015ad");
	crypto_sha256(hash, "", 0);
	assert_string_equal(crypto_hex(*state, hash, sizeof(hash)),
			    "e3b0c44298fc1c149afbf4c8996fb924"
			    "27ae41e4649b934ca495991b7852b855");
}

static void test_a_checksum_tells_texts_apart(void **state)
{
	uint8_t one[CRYPTO_CHECKSUM_BYTES], same[CRYPTO_CHECKSUM_BYTES];
	uint8_t other[CRYPTO_CHECKSUM_BYTES], shorter[CRYPTO_CHECKSUM_BYTES];

	(void)state;
	crypto_checksum(one, "a page", 6);
	crypto_checksum(same, "a page", 6);
	crypto_checksum(other, "b page", 6);
	crypto_checksum(shorter, "a page", 5);
	assert_memory_equal(one, same, sizeof one);
	assert_memory_not_equal(one, other, sizeof one);
	assert_memory_not_equal(one, shorter, sizeof one);
}

/* RFC 4231, cases 2 and 6 (a key longer than a block). */
static void test_hmac_agrees_with_the_standard(void **state)
{
	uint8_t hash[CRYPTO_HASH_BYTES], key[131];
	const char *text = "what do ya want for nothing?";

	crypto_hmac(hash, "Jefe", 4, text, strlen(text));
	assert_string_equal(crypto_hex(*state, hash, sizeof(hash)),
			    "5bdcc146bf60754e6a042426089575c7"
			    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	text = "Test Using Larger Than Block-Size Key - Hash Key First";
	crypto_hmac(hash, key, sizeof(key), text, strlen(text));
	assert_string_equal(crypto_hex(*state, hash, sizeof(hash)),
			    "60e431591ee0b67f0d8a26aacbf5b77f"
			    "8e0bc6213728c5140546040f0ee37f54");
}

static void test_base64url_has_no_padding_and_is_safe_in_addresses(void **state)
{
	assert_string_equal(crypto_base64url(*state, "", 0), "");
	assert_string_equal(crypto_base64url(*state, "f", 1), "Zg");
	assert_string_equal(crypto_base64url(*state, "foobar", 6), "Zm9vYmFy");
	assert_string_equal(crypto_base64url(*state, "\xfb\xff\xbe", 3), "-_--");
	assert_string_equal(crypto_hex(*state, "", 0), "");
}

static void test_tokens_have_their_length_and_never_repeat(void **state)
{
	char *tokens[200];

	for (size_t i = 0; i < ARRAY_COUNT(tokens); i++) {
		tokens[i] = crypto_token(*state);
		assert_int_equal(strlen(tokens[i]), CRYPTO_TOKEN_TEXT_LENGTH);
		assert_int_equal(strspn(tokens[i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						   "abcdefghijklmnopqrstuvwxyz0123456789-_"),
				 CRYPTO_TOKEN_TEXT_LENGTH);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(tokens[i], tokens[j]);
	}
}

static void test_equal_compares_whole_texts(void **state)
{
	(void)state;
	assert_true(crypto_equal("", ""));
	assert_true(crypto_equal("secret", "secret"));
	assert_false(crypto_equal("secret", "secreu"));
	assert_false(crypto_equal("secret", "secre"));
	assert_false(crypto_equal("", "s"));
}

static void test_a_password_matches_its_own_hash_only(void **state)
{
	char *hash = crypto_password_hash(*state, "mot de passe été");
	char *other = crypto_password_hash(*state, "mot de passe été");

	assert_non_null(hash);
	/* The parameters travel with it: 19 MiB, 2 passes. */
	assert_non_null(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
	assert_string_not_equal(hash, other);
	assert_true(crypto_password_matches(hash, "mot de passe été"));
	assert_true(crypto_password_matches(other, "mot de passe été"));
	assert_false(crypto_password_matches(hash, "mot de passe ete"));
	assert_false(crypto_password_matches(hash, ""));
}

static void test_a_broken_hash_matches_nothing(void **state)
{
	(void)state;
	assert_false(crypto_password_matches("", ""));
	assert_false(crypto_password_matches("x", "x"));
	assert_false(crypto_password_matches("$argon2id$v=19$m=19456,t=2,p=1$", ""));
}

static void test_what_is_sealed_opens_with_its_own_key_and_purpose_only(void **state)
{
	const char *secret = "0123456789abcdef0123456789abcdef";
	size_t length, opened;
	uint8_t *sealed = crypto_seal(*state, secret, "a", "hello", 5, &length);

	assert_int_equal(length, 5 + CRYPTO_SEAL_BYTES);
	assert_null(memmem(sealed, length, "hello", 5));
	assert_memory_equal(crypto_open(*state, secret, "a", sealed, length, &opened), "hello", 5);
	assert_int_equal(opened, 5);
	assert_null(crypto_open(*state, secret, "b", sealed, length, &opened));
	assert_null(crypto_open(*state, "another secret, of enough letters", "a", sealed, length,
				&opened));
	assert_null(crypto_open(*state, secret, "a", sealed, length - 1, &opened));
	assert_null(crypto_open(*state, secret, "a", sealed, 3, &opened));
	sealed[length - 1] ^= 1;
	assert_null(crypto_open(*state, secret, "a", sealed, length, &opened));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sha256_agrees_with_the_standard),
		TEST(test_a_checksum_tells_texts_apart),
		TEST(test_hmac_agrees_with_the_standard),
		TEST(test_base64url_has_no_padding_and_is_safe_in_addresses),
		TEST(test_tokens_have_their_length_and_never_repeat),
		TEST(test_equal_compares_whole_texts),
		TEST(test_a_password_matches_its_own_hash_only),
		TEST(test_a_broken_hash_matches_nothing),
		TEST(test_what_is_sealed_opens_with_its_own_key_and_purpose_only),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
