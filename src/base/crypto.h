/*
 * Random numbers, hashes and secrets, all by libsodium. crypto_init must have
 * succeeded before anything else here is called.
 */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/arena.h"

#define CRYPTO_TOKEN_BYTES       32 /* a session or mail token */
#define CRYPTO_TOKEN_TEXT_LENGTH 43 /* base64url, no padding */
#define CRYPTO_HASH_BYTES        32 /* SHA-256 */

bool crypto_init(void) MUST_CHECK;

void crypto_random(void *out, size_t length);

/* 32 random bytes as 43 base64url characters. */
char *crypto_token(struct arena *arena);

void crypto_sha256(uint8_t out[CRYPTO_HASH_BYTES], const void *data, size_t length);

/*
 * Tells texts apart where nobody gains by making two of them alike: SipHash-2-4 with 128
 * bits and a fixed key, of any process the same, several times as fast as SHA-256.
 */
#define CRYPTO_CHECKSUM_BYTES 16
void crypto_checksum(uint8_t out[CRYPTO_CHECKSUM_BYTES], const void *data, size_t length);

/* HMAC-SHA256 (RFC 2104), a key of any length. */
void crypto_hmac(uint8_t out[CRYPTO_HASH_BYTES], const void *key, size_t key_length,
		 const void *data, size_t length);

/* Lower-case hexadecimal, 2 * length characters. */
char *crypto_hex(struct arena *arena, const void *data, size_t length);

/* base64url without padding (RFC 4648 section 5). */
char *crypto_base64url(struct arena *arena, const void *data, size_t length);
/* And back. NULL: it is none (or has padding, white space, stray bits). */
uint8_t *crypto_from_base64url(struct arena *arena, const char *text, size_t *out_length);

/* Constant time for equal lengths; false at once when lengths differ. */
bool crypto_equal(const char *a, const char *b);

/*
 * What must be kept but not be readable in a dump or a backup: authenticated
 * encryption (XSalsa20-Poly1305) under a key made from the configuration's secret and
 * purpose, so that what was sealed for one thing opens for no other.
 * *out_length: length + CRYPTO_SEAL_BYTES. Opening: NULL when it was not sealed so.
 */
#define CRYPTO_SEAL_BYTES 40
uint8_t *crypto_seal(struct arena *arena, const char *secret, const char *purpose, const void *data,
		     size_t length, size_t *out_length);
uint8_t *crypto_open(struct arena *arena, const char *secret, const char *purpose,
		     const void *sealed, size_t length, size_t *out_length);

/*
 * To a public key (43 base64url characters): who has the other half can open it, we
 * cannot (X25519 and XSalsa20-Poly1305, libsodium's sealed box). *out_length: length +
 * CRYPTO_BOX_BYTES. NULL: that is no key, or opening was not meant for this one.
 */
#define CRYPTO_BOX_BYTES 48
uint8_t *crypto_box_seal_to(struct arena *arena, const char *public_key, const void *data,
			    size_t length, size_t *out_length);
uint8_t *crypto_box_open_with(struct arena *arena, const char *public_key, const char *secret_key,
			      const void *sealed, size_t length, size_t *out_length);
void crypto_box_new_keys(struct arena *arena, const char **public_key, const char **secret_key);

/*
 * Argon2id, 19 MiB and 2 passes (OWASP's least; measured 30 ms on the machines
 * we plan for, where libsodium's "interactive" 64 MiB takes 115). The result
 * carries its parameters, so they can be raised later.
 * NULL: not enough memory.
 */
char *crypto_password_hash(struct arena *arena, const char *password);
bool crypto_password_matches(const char *hash, const char *password);

#endif
