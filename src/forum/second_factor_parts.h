/* What the files of second_factor.h share. Inside src/forum only. */
#ifndef FORUM_SECOND_FACTOR_PARTS_H
#define FORUM_SECOND_FACTOR_PARTS_H

#include "base/totp.h"
#include "db/db.h"
#include "forum/second_factor.h"

/* A secret as it stands in the database, and back. False: not sealed by this site. */
struct param totp_seal(struct ctx *ctx, const uint8_t secret[TOTP_SECRET_BYTES]);
bool totp_open(struct ctx *ctx, struct rows *rows, uint8_t secret[TOTP_SECRET_BYTES]);

/* Queues the deletion of old codes and new ones; returns them. */
const char *const *recovery_codes_add(struct ctx *ctx, int64_t person_id);

/* Queues a mail to the person: what happened ("on", "off", "codes", "recovery",
 * "reset", "app_off", "passkey", "passkey_off", "passkey_copied"). */
void second_factor_add_notice(struct ctx *ctx, int64_t person_id, const char *what);

#endif
