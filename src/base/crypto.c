/*
 * A thin layer over libsodium: it fixes the choices (algorithms, parameters,
 * encodings), so that callers have none to make.
 */
#include "base/crypto.h"

#include <sodium.h>

#define PASSWORD_MEMORY_BYTES ((size_t)19 * 1024 * 1024)
#define PASSWORD_PASSES       2

bool crypto_init(void)
{
	return sodium_init() >= 0;
}

void crypto_random(void *out, size_t length)
{
	randombytes_buf(out, length);
}

char *crypto_token(struct arena *arena)
{
	uint8_t bytes[CRYPTO_TOKEN_BYTES];
	char *token;

	crypto_random(bytes, sizeof(bytes));
	token = crypto_base64url(arena, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
	return token;
}

void crypto_sha256(uint8_t out[CRYPTO_HASH_BYTES], const void *data, size_t length)
{
	crypto_hash_sha256(out, data, length);
}

void crypto_hmac(uint8_t out[CRYPTO_HASH_BYTES], const void *key, size_t key_length,
		 const void *data, size_t length)
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_length);
	crypto_auth_hmacsha256_update(&state, data, length);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

char *crypto_hex(struct arena *arena, const void *data, size_t length)
{
	char *text = arena_array(arena, length + 1, 2);

	return sodium_bin2hex(text, 2 * length + 1, data, length);
}

char *crypto_base64url(struct arena *arena, const void *data, size_t length)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t size = sodium_base64_encoded_len(length, variant);
	char *text = arena_alloc(arena, size);

	return sodium_bin2base64(text, size, data, length, variant);
}

bool crypto_equal(const char *a, const char *b)
{
	size_t length = strlen(a);

	return length == strlen(b) && sodium_memcmp(a, b, length) == 0;
}

char *crypto_password_hash(struct arena *arena, const char *password)
{
	char *hash = arena_alloc(arena, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSWORD_PASSES,
				  PASSWORD_MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return NULL;
	return hash;
}

bool crypto_password_matches(const char *hash, const char *password)
{
	return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
