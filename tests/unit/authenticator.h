/*
 * An authenticator in software, with the browser before it: makes the bytes that a
 * passkey sends, right ones and, by its fields, wrong ones. The test owns it as long as
 * its arena.
 */
#ifndef TESTS_AUTHENTICATOR_H
#define TESTS_AUTHENTICATOR_H

#include "base/arena.h"
#include "net/webauthn.h"

#define AUTHENTICATOR_PRESENT  0x01
#define AUTHENTICATOR_VERIFIED 0x04

struct authenticator {
	struct arena *arena;
	void *key; /* OpenSSL's */
	int algorithm;
	uint8_t id[32];
	uint32_t count;
	uint8_t flags;
	const char *rp_id, *origin;
	const char *format;     /* "none" or "packed" */
	struct slice extension; /* CBOR after the authenticator data, or empty */
};

struct authenticator *authenticator_new(struct arena *arena, int algorithm);

struct slice authenticator_client_data(struct authenticator *self, const char *type,
				       const char *challenge);

/* The attestation object of a registration. */
struct slice authenticator_attest(struct authenticator *self, struct slice client_data);

struct webauthn_assertion authenticator_assert(struct authenticator *self, const char *challenge);

#endif
