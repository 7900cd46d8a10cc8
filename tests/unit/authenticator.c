/* OpenSSL for keys and signatures; CBOR written by hand, so that the reader is not its own judge. */
/* First: they name what base/banned.h bans. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "authenticator.h"

#include "unit.h"

#include "base/buf.h"
#include "base/crypto.h"

#define MESSAGE_MAX 8192

static void free_key(void *key)
{
	EVP_PKEY_free(key);
}

static void *new_key(int algorithm)
{
	if (algorithm == WEBAUTHN_RS256)
		return EVP_RSA_gen(2048);
	return algorithm == WEBAUTHN_EDDSA ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
					   : EVP_EC_gen("P-256");
}

struct authenticator *authenticator_new(struct arena *arena, int algorithm)
{
	struct authenticator *self = arena_new_of(arena, struct authenticator);

	*self = (struct authenticator){
		.arena = arena,
		.key = new_key(algorithm),
		.algorithm = algorithm,
		.count = 1,
		.flags = AUTHENTICATOR_PRESENT | AUTHENTICATOR_VERIFIED,
		.rp_id = "forum.example",
		.origin = "https://forum.example",
		.format = "none",
	};
	assert_non_null(self->key);
	arena_defer(arena, free_key, self->key);
	crypto_random(self->id, sizeof(self->id));
	return self;
}

static struct slice slice_from(const struct buf *buf)
{
	return slice_make(buf->data, buf->length);
}

struct slice authenticator_client_data(struct authenticator *self, const char *type,
				       const char *challenge)
{
	const char *text = arena_printf(
		self->arena,
		"{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}",
		type, challenge, self->origin);

	return slice_make(text, strlen(text));
}

/* CBOR ---------------------------------------------------------------------------------- */

static void put(struct buf *out, const char *bytes, size_t length)
{
	buf_bytes(out, bytes, length);
}
#define PUT(out, literal) put((out), (literal), sizeof(literal) - 1)

static void put_bytes(struct buf *out, const void *bytes, size_t length)
{
	const uint8_t head[3] = { 0x59, (uint8_t)(length >> 8), (uint8_t)length };

	buf_bytes(out, (const char *)head, sizeof(head));
	buf_bytes(out, bytes, length);
}

static void put_point(struct buf *out, EVP_PKEY *key)
{
	uint8_t point[65];
	size_t length = 0;

	assert_int_equal(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
							 sizeof(point), &length),
			 1);
	assert_int_equal(length, sizeof(point));
	PUT(out, "\xa5\x01\x02\x03\x26\x20\x01\x21");
	put_bytes(out, point + 1, 32);
	PUT(out, "\x22");
	put_bytes(out, point + 33, 32);
}

static void put_modulus(struct buf *out, EVP_PKEY *key)
{
	uint8_t modulus[256];
	BIGNUM *number = NULL;

	assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &number), 1);
	assert_int_equal(BN_bn2binpad(number, modulus, sizeof(modulus)), (int)sizeof(modulus));
	BN_free(number);
	PUT(out, "\xa4\x01\x03\x03\x39\x01\x00\x20");
	put_bytes(out, modulus, sizeof(modulus));
	PUT(out, "\x21\x43\x01\x00\x01");
}

/* COSE (RFC 8152 section 13). */
static void put_key(struct buf *out, const struct authenticator *self)
{
	uint8_t raw[32];
	size_t length = sizeof(raw);

	if (self->algorithm == WEBAUTHN_ES256) {
		put_point(out, self->key);
	} else if (self->algorithm == WEBAUTHN_RS256) {
		put_modulus(out, self->key);
	} else {
		assert_int_equal(EVP_PKEY_get_raw_public_key(self->key, raw, &length), 1);
		PUT(out, "\xa4\x01\x01\x03\x27\x20\x06\x21");
		put_bytes(out, raw, length);
	}
}

/* Authenticator data and signatures ------------------------------------------------------- */

static void put_head(struct buf *out, const struct authenticator *self, uint8_t more_flags)
{
	uint8_t head[37];

	crypto_sha256(head, self->rp_id, strlen(self->rp_id));
	head[32] = (uint8_t)(self->flags | more_flags | (self->extension.length ? 0x80 : 0));
	for (int i = 0; i < 4; i++)
		head[33 + i] = (uint8_t)(self->count >> (8 * (3 - i)));
	buf_bytes(out, (const char *)head, sizeof(head));
}

static struct slice sign(struct authenticator *self, struct slice data, struct slice client_data)
{
	const EVP_MD *digest = self->algorithm == WEBAUTHN_EDDSA ? NULL : EVP_sha256();
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	uint8_t message[MESSAGE_MAX], *signature = arena_alloc(self->arena, 512);
	size_t length = 512;

	assert_true(data.length + CRYPTO_HASH_BYTES <= sizeof(message));
	memcpy(message, data.data, data.length);
	crypto_sha256(message + data.length, client_data.data, client_data.length);
	assert_int_equal(EVP_DigestSignInit(context, NULL, digest, NULL, self->key), 1);
	assert_int_equal(EVP_DigestSign(context, signature, &length, message,
					data.length + CRYPTO_HASH_BYTES),
			 1);
	EVP_MD_CTX_free(context);
	return slice_make((const char *)signature, length);
}

static void put_statement(struct buf *out, struct authenticator *self, struct slice data,
			  struct slice client_data)
{
	struct slice signature;

	if (strcmp(self->format, "none") == 0) {
		PUT(out, "\xa0");
		return;
	}
	signature = sign(self, data, client_data);
	PUT(out, "\xa2\x63"
		 "alg");
	if (self->algorithm == WEBAUTHN_RS256)
		PUT(out, "\x39\x01\x00");
	else
		buf_char(out, (char)(0x20 - 1 - self->algorithm));
	PUT(out, "\x63"
		 "sig");
	put_bytes(out, signature.data, signature.length);
}

struct slice authenticator_attest(struct authenticator *self, struct slice client_data)
{
	static const char aaguid[16];
	struct buf data, object;

	buf_init(&data, self->arena, MESSAGE_MAX);
	put_head(&data, self, 0x40);
	put(&data, aaguid, sizeof(aaguid));
	put(&data, "\0\x20", 2);
	put(&data, (const char *)self->id, sizeof(self->id));
	put_key(&data, self);
	put(&data, self->extension.data, self->extension.length);
	buf_init(&object, self->arena, MESSAGE_MAX);
	PUT(&object, "\xa3\x63"
		     "fmt");
	buf_char(&object, (char)(0x60 + strlen(self->format)));
	buf_text(&object, self->format);
	PUT(&object, "\x67"
		     "attStmt");
	put_statement(&object, self, slice_from(&data), client_data);
	PUT(&object, "\x68"
		     "authData");
	put_bytes(&object, data.data, data.length);
	return slice_from(&object);
}

struct webauthn_assertion authenticator_assert(struct authenticator *self, const char *challenge)
{
	struct webauthn_assertion made;
	struct buf data;

	buf_init(&data, self->arena, MESSAGE_MAX);
	put_head(&data, self, 0);
	put(&data, self->extension.data, self->extension.length);
	made.client_data = authenticator_client_data(self, WEBAUTHN_GET, challenge);
	made.authenticator_data = slice_from(&data);
	made.signature = sign(self, made.authenticator_data, made.client_data);
	return made;
}
