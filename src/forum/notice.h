/*
 * Legal notices (Digital Services Act, article 16): anybody, without an account, may say
 * that something on the site is against the law. Each post that a notice points at is an
 * item of the queue (moderation.h), decided there; when the last is decided, so is the
 * notice, and whoever sent it is told. The receipt's code opens the page that says how it
 * goes on, and from which they may complain once within six months (article 20): somebody
 * else decides. Whoever often sends manifestly unfounded notices is warned, then for some
 * time not heard (article 23.2): what comes meanwhile is kept, but set aside.
 */
#ifndef FORUM_NOTICE_H
#define FORUM_NOTICE_H

#include "forum/case.h"
#include "forum/moderation_queue.h"
#include "forum/notice_address.h"

#define NOTICE_EXPLANATION_MIN  20
#define NOTICE_EXPLANATION_MAX  4000 /* code points */
#define NOTICE_NAME_MAX         100
#define NOTICE_EMAIL_MAX        254
#define NOTICE_COMPLAINT_MONTHS 6

/* What the law is broken by, as people say it; each stands for a rule of the cases. */
enum notice_category {
	NOTICE_HATE,
	NOTICE_INSULT,
	NOTICE_PRIVACY,
	NOTICE_MINORS,
	NOTICE_VIOLENCE,
	NOTICE_FRAUD,
	NOTICE_PROPERTY,
	NOTICE_PRODUCTS,
	NOTICE_OTHER,
	NOTICE_CATEGORY_COUNT,
};
const char *notice_category_text(enum notice_category category);
const char *notice_category_label(enum notice_category category); /* translated */
enum rule notice_category_rule(enum notice_category category);
bool notice_category_parse(const char *text, enum notice_category *out);

struct notice_form {
	const char *addresses; /* of ours, between white space */
	const char *category;  /* as notice_category_text says */
	const char *explanation, *name, *email;
	bool is_in_good_faith;
	const char *trap;   /* what only programs fill in */
	const char *client; /* whom to count: an address of the internet */
	const char *form_key;
};
/*
 * *code: of its page. ERR_INVALID at "addresses", "category", "explanation", "name",
 * "email", "faith", "trap"; ERR_THROTTLED. The same form sent twice is one notice.
 */
enum err notice_create(struct ctx *ctx, const struct notice_form *form,
		       const char **code) MUST_CHECK;

enum notice_state { NOTICE_RECEIVED, NOTICE_EXAMINED, NOTICE_DECIDED, NOTICE_SET_ASIDE };
enum notice_outcome {
	NOTICE_NO_OUTCOME,
	NOTICE_REMOVED,   /* all that it is about, or changed so that it is lawful */
	NOTICE_PARTLY,    /* some of it */
	NOTICE_LEFT,      /* nothing was found to be against the law */
	NOTICE_UNFOUNDED, /* and manifestly so */
};
const char *notice_outcome_text(enum notice_outcome outcome);  /* "removed"; "" for none */
const char *notice_outcome_label(enum notice_outcome outcome); /* translated; "" for none */

/* What became of one address. */
struct notice_target {
	const char *address;
	int64_t post_id, decided_at;
	bool is_decided, is_visible; /* may be read today */
	enum moderation_decision decision;
	const char *note; /* to the notifier, where it stays */
};
struct notice {
	int64_t id, created_at, examined_at, decided_at;
	const char *code, *explanation, *name, *email;
	enum notice_category category;
	enum notice_outcome outcome;
	enum notice_state state;
	int64_t suspended_until; /* of the notifier, today; 0: not */
	struct notice_target *targets;
	size_t target_count;
	bool is_warned; /* for this notice, that it must not happen again */
	bool can_complain;
	int64_t complaint_until;
	struct {
		int64_t created_at, decided_at; /* 0: there is none; not yet */
		const char *text, *answer;
		bool is_upheld;
	} complaint;
	/* For the team: the notifier's notices within the window of the settings. */
	int64_t notifier_notices, notifier_unfounded, notifier_warned_at;
};

/* For who has the code. ERR_NOT_FOUND. */
enum err notice_by_code(struct ctx *ctx, const char *code, struct notice *out) MUST_CHECK;
/* For the team. ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum err notice_by_id(struct ctx *ctx, int64_t id, struct notice *out) MUST_CHECK;

/*
 * By who has the code. ERR_NOT_FOUND; ERR_INVALID at "text"; ERR_CONFLICT: not decided
 * yet, complained already, too late; ERR_FORBIDDEN: suspended.
 */
enum err notice_complain(struct ctx *ctx, const char *code, const char *text,
			 const char *form_key) MUST_CHECK;

/* Parts of deciding, in the transaction of moderation_decide.h ------------------------- */

/* Queues a lock, before the items': of two who decide its last items, one settles it. */
void notice_lock(struct ctx *ctx, int64_t id);
/*
 * Queues what follows from deciding one of its items: if it was the last, the outcome,
 * the mail, and, where it was manifestly unfounded, the warning or the suspension.
 */
void notice_settle(struct ctx *ctx, int64_t id);
/* An item is open again. ERR_CONFLICT: there is a complaint about the decision. */
enum err notice_reopen(struct ctx *ctx, int64_t id) MUST_CHECK;
/* Upheld: what the notice is about is withdrawn. ERR_FORBIDDEN: decided by the actor. */
enum err notice_complaint_decide(struct ctx *ctx, int64_t id, int64_t item_id, bool is_upheld,
				 const char *answer) MUST_CHECK;

/* The list of the team --------------------------------------------------------------- */

#define NOTICES_PER_PAGE 50
struct notice_line {
	int64_t id, created_at, decided_at, item_id;
	const char *code;
	enum notice_category category;
	enum notice_state state;
	enum notice_outcome outcome;
	int64_t target_count;
	int64_t suspension_id, suspended_until; /* of the notifier, in force; 0 */
};
struct notice_list {
	struct notice_line *items;
	size_t count;
	bool has_more;
};
/* The newest first, after that number; 0 from the beginning. Moderators. */
enum err notice_list(struct ctx *ctx, int64_t after_id, struct notice_list *out) MUST_CHECK;
/* Handles what was set aside. ERR_CONFLICT: it is handled already. */
enum err notice_take_up(struct ctx *ctx, int64_t id, const char *form_key) MUST_CHECK;
/* The notifier is heard again. ERR_CONFLICT: that has ended. */
enum err notice_end_suspension(struct ctx *ctx, int64_t id, const char *form_key) MUST_CHECK;

#endif
