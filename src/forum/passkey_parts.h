/* What the files of passkey.h share. Inside src/forum only. */
#ifndef FORUM_PASSKEY_PARTS_H
#define FORUM_PASSKEY_PARTS_H

#include "db/db.h"
#include "forum/passkey.h"
#include "net/webauthn.h"

/* Where we are; false: there are no passkeys here. */
bool passkey_site(struct ctx *ctx, struct webauthn_site *out);

/* What a person is called to the browser's keeper of keys: says nothing about who it is. */
const char *passkey_user_handle(struct ctx *ctx, int64_t person_id);

/* From base64url; empty where it is none, or too long. */
struct slice passkey_part(struct ctx *ctx, const char *text);

/*
 * The challenge in the client data is one of ours, for this and for them (0: anybody);
 * it is used up by it. ERR_INVALID at "passkey".
 */
enum err passkey_use_challenge(struct ctx *ctx, enum passkey_purpose purpose, int64_t person_id,
			       struct slice client_data) MUST_CHECK;

/* The sentence for the person; the problem goes to the log. */
enum err passkey_fail(struct ctx *ctx, const char *problem) MUST_CHECK;

#endif
