/*
 * People, as others see them, and as they see themselves. Accounts (sign-up,
 * passwords, addresses) are in account.h, sessions in session.h.
 */
#ifndef FORUM_PERSON_H
#define FORUM_PERSON_H

#include "base/ctx.h"
#include "forum/actor.h"
#include "text/html.h"

#define PERSON_NAME_MIN      2
#define PERSON_NAME_MAX      40
#define PERSON_BIO_MAX_BYTES 4000

/* The little that stands beside a post or a title. */
struct author {
	int64_t id;        /* 0: deleted, or an import without an account */
	const char *name;  /* never empty */
	const char *slug;  /* for /u/ID-slug */
	const char *title; /* "Conseillère clientèle"; "" for most */
	enum role role;
	bool is_suspended;
	int64_t created_at; /* member since; 0 when unknown */
	int64_t accepted_count;
	int64_t answer_count;
	const char *rank; /* in ctx->language; "" where none is shown */
};

struct person {
	struct author author;
	const char *handle;
	const char *state;
	struct html_fragment bio;
	const char *bio_md;
	const char *language;
	const char *email; /* only for oneself and who manages people, else "" */
	bool is_confirmed;
	bool wants_mail;
	bool is_minor; /* said so themselves; shown to nobody else */
	int64_t question_count, thanks_count, reputation;
};

/* Profile; ERR_NOT_FOUND for unknown or anonymised people. */
enum err person_load(struct ctx *ctx, int64_t id, struct person *out) MUST_CHECK;

/* Sets name is not offered: it identifies. Language, bio and mail wishes are. */
struct person_changes {
	const char *language;
	const char *bio_md;
	bool wants_mail;
	bool is_minor;
};
enum err person_update(struct ctx *ctx, const struct person_changes *changes) MUST_CHECK;
/* The language switch: the actor's own. */
enum err person_set_language(struct ctx *ctx, const char *language) MUST_CHECK;

struct helper {
	struct author author;
	int64_t points, answers, accepted, thanks;
};
#define HELPERS_SHOWN 5

#endif
