/*
 * The mail outbox: a row with a key is queued in the transaction of what it tells
 * of, together with the job that sends it; the job loads it, composes it in the
 * person's language and marks it. net/mail.h does the sending.
 */
#ifndef FORUM_MAIL_H
#define FORUM_MAIL_H

#include "base/ctx.h"

enum mail_kind {
	MAIL_CONFIRM,
	MAIL_RESET,
	MAIL_EXISTS,
	MAIL_CHANGE_EMAIL,
	MAIL_EMAIL_CHANGED,
	MAIL_PASSWORD_CHANGED,
	MAIL_NOTIFICATION,
	MAIL_MODERATION,    /* a decision: excerpt the statement, title the act, link its page */
	MAIL_PRIVACY,       /* a copy is ready, an erasure was asked for: notification says which */
	MAIL_SECOND_FACTOR, /* of two-step sign-in: notification says what happened */
	MAIL_NOTICE, /* a legal notice: notification says what, title its number or outcome */
	MAIL_MIRROR, /* a mirror needs an administrator: title its name, notification why */
	MAIL_CRISIS, /* something unusual goes on: to the team */
	MAIL_TEST, /* words to be looked at: notification the mail's name, title and excerpt its words */
	MAIL_KIND_COUNT
};

/* What a mail's text may say; "" where the kind has no use for it. */
struct mail_parameters {
	const char *link; /* absolute address */
	const char *name; /* who is written to */
	const char *actor, *title, *excerpt;
	const char *notification; /* its kind, for MAIL_NOTIFICATION */
};

/* Texts with named places: mail_text.h. */
struct mail_words {
	const char *subject, *body;
};

struct outgoing_mail {
	int64_t id, person_id;
	enum mail_kind kind;
	const char *address, *language, *key;
	struct mail_parameters parameters;
	struct mail_words words; /* of administrators; subject NULL: the default */
};

/*
 * Queues mail and job into the running transaction (or batch). key: unique; a
 * second mail with the same key is silently not queued. delay_seconds before it
 * may be sent. notification_id: cancelled if that was read meanwhile; 0 for none.
 */
struct mail_new {
	int64_t person_id, notification_id;
	const char *address, *language, *key;
	enum mail_kind kind;
	struct mail_parameters parameters;
	int delay_seconds;
};
void mail_queue(struct ctx *ctx, const struct mail_new *mail);

/* Queues a mail to somebody's own address about what happened; path: where it leads. */
void mail_tell(struct ctx *ctx, int64_t person_id, enum mail_kind kind, const char *what,
	       const char *path);

/* Queues words (subject NULL: the default) of a mail to the one who acts: mail_text.h. */
void mail_queue_test(struct ctx *ctx, const char *name, const char *language,
		     const struct mail_words *words);

/* For the job. ERR_GONE: sent or cancelled already, nothing to do. */
enum err mail_load(struct ctx *ctx, int64_t id, struct outgoing_mail *out) MUST_CHECK;
enum err mail_sent(struct ctx *ctx, int64_t id) MUST_CHECK;
enum err mail_refused(struct ctx *ctx, int64_t id, const char *why) MUST_CHECK;

#endif
