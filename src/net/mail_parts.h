/*
 * What mail.c (composing) and mail_send.c (SMTP) share.
 */
#ifndef NET_MAIL_PARTS_H
#define NET_MAIL_PARTS_H

#include "base/ctx.h"

/* The most that a composed message may measure. */
#define MAIL_MAX_BYTES (4 << 20)

struct mailbox {
	const char *address;
	const char *name; /* may be empty or NULL */
};

/* Whom mails come from. ERR_INTERNAL: the configuration is wrong. */
enum err mail_sender(struct ctx *ctx, struct mailbox *out) MUST_CHECK;

#endif
