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

void crypto_checksum(uint8_t out[CRYPTO_CHECKSUM_BYTES], const void *data, size_t length)
{
	static const uint8_t key[crypto_shorthash_siphashx24_KEYBYTES] = "entraide";

	crypto_shorthash_siphashx24(out, data, length, key);
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

uint8_t *crypto_from_base64url(struct arena *arena, const char *text, size_t *out_length)
{
	size_t length = strlen(text), most = length / 4 * 3 + 3;
	uint8_t *bytes = arena_alloc(arena, most);

	*out_length = 0;
	if (sodium_base642bin(bytes, most, text, length, NULL, out_length, NULL,
			      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	return bytes;
}

bool crypto_equal(const char *a, const char *b)
{
	size_t length = strlen(a);

	return length == strlen(b) && sodium_memcmp(a, b, length) == 0;
}

_Static_assert(CRYPTO_SEAL_BYTES == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES &&
		       CRYPTO_HASH_BYTES == crypto_secretbox_KEYBYTES,
	       "the nonce stands before the box; the key is an HMAC");

uint8_t *crypto_seal(struct arena *arena, const char *secret, const char *purpose, const void *data,
		     size_t length, size_t *out_length)
{
	uint8_t *sealed = arena_alloc(arena, length + CRYPTO_SEAL_BYTES);
	uint8_t key[crypto_secretbox_KEYBYTES];

	crypto_hmac(key, secret, strlen(secret), purpose, strlen(purpose));
	crypto_random(sealed, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, data, length, sealed, key);
	sodium_memzero(key, sizeof(key));
	*out_length = length + CRYPTO_SEAL_BYTES;
	return sealed;
}

uint8_t *crypto_open(struct arena *arena, const char *secret, const char *purpose,
		     const void *sealed, size_t length, size_t *out_length)
{
	const uint8_t *bytes = sealed;
	uint8_t key[crypto_secretbox_KEYBYTES], *data;
	int failure;

	if (length < CRYPTO_SEAL_BYTES)
		return NULL;
	data = arena_alloc(arena, length - CRYPTO_SEAL_BYTES + 1);
	crypto_hmac(key, secret, strlen(secret), purpose, strlen(purpose));
	failure = crypto_secretbox_open_easy(data, bytes + crypto_secretbox_NONCEBYTES,
					     length - crypto_secretbox_NONCEBYTES, bytes, key);
	sodium_memzero(key, sizeof(key));
	*out_length = length - CRYPTO_SEAL_BYTES;
	return failure ? NULL : data;
}

_Static_assert(CRYPTO_BOX_BYTES == crypto_box_SEALBYTES, "as the header says");

/* Both halves of a pair of keys have 32 bytes. */
static bool read_key(const char *text, uint8_t key[crypto_box_PUBLICKEYBYTES])
{
	size_t length;

	return sodium_base642bin(key, crypto_box_PUBLICKEYBYTES, text, strlen(text), NULL, &length,
				 NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
	       length == crypto_box_PUBLICKEYBYTES;
}

uint8_t *crypto_box_seal_to(struct arena *arena, const char *public_key, const void *data,
			    size_t length, size_t *out_length)
{
	uint8_t key[crypto_box_PUBLICKEYBYTES], *sealed;

	if (!read_key(public_key, key))
		return NULL;
	sealed = arena_alloc(arena, length + CRYPTO_BOX_BYTES);
	*out_length = length + CRYPTO_BOX_BYTES;
	return crypto_box_seal(sealed, data, length, key) == 0 ? sealed : NULL;
}

uint8_t *crypto_box_open_with(struct arena *arena, const char *public_key, const char *secret_key,
			      const void *sealed, size_t length, size_t *out_length)
{
	uint8_t public_bytes[crypto_box_PUBLICKEYBYTES], secret_bytes[crypto_box_SECRETKEYBYTES];
	uint8_t *data;
	int failure;

	if (length < CRYPTO_BOX_BYTES || !read_key(public_key, public_bytes) ||
	    !read_key(secret_key, secret_bytes))
		return NULL;
	data = arena_alloc(arena, length - CRYPTO_BOX_BYTES + 1);
	failure = crypto_box_seal_open(data, sealed, length, public_bytes, secret_bytes);
	sodium_memzero(secret_bytes, sizeof(secret_bytes));
	*out_length = length - CRYPTO_BOX_BYTES;
	return failure ? NULL : data;
}

void crypto_box_new_keys(struct arena *arena, const char **public_key, const char **secret_key)
{
	uint8_t public_bytes[crypto_box_PUBLICKEYBYTES], secret_bytes[crypto_box_SECRETKEYBYTES];

	crypto_box_keypair(public_bytes, secret_bytes);
	*public_key = crypto_base64url(arena, public_bytes, sizeof(public_bytes));
	*secret_key = crypto_base64url(arena, secret_bytes, sizeof(secret_bytes));
	sodium_memzero(secret_bytes, sizeof(secret_bytes));
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
