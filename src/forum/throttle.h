/*
 * Limits on how often: fixed windows in one unlogged table. For what is asked
 * before a person is known (login, sign-up, reset), by account and by address;
 * for writing, by person, with the field guide's numbers. A refused attempt does
 * not lengthen the wait.
 */
#ifndef FORUM_THROTTLE_H
#define FORUM_THROTTLE_H

#include "base/ctx.h"

struct rows;

struct throttle {
	const char *name;
	int most, window_seconds;
	bool holds_for_staff; /* guessing a password: whoever asks */
};
extern const struct throttle throttle_login_address, /* 20 a minute an address */
	throttle_login_account,     /* 10 in 10 minutes, per account and address (or device) */
	throttle_login_everywhere,  /* 100 an hour an account, from unknown browsers */
	throttle_second_factor,     /* codes: 5 in 10 minutes a person */
	throttle_second_factor_day, /* and 50 a day */
	throttle_passkey,           /* challenges: 30 a minute an address */
	throttle_sign_up,           /* 10 an hour an address */
	throttle_mail,              /* 5 an hour an address: reset, resend */
	throttle_question,          /* 20 a day; new members 3 */
	throttle_question_new_member, throttle_question_gap, /* 1 in 15 s */
	throttle_post,                                       /* 500 a day; new members 10 */
	throttle_post_new_member, throttle_post_gap,         /* 1 in 5 s */
	throttle_reaction,       /* thanks, me too, follow: 60 a minute */
	throttle_search_visitor, /* 15 a minute an address, 75 at once */
	throttle_search_member,  /* 30 a minute, 150 at once */
	throttle_preview,        /* 60 a minute */
	throttle_erasure,        /* asking to be forgotten: 5 an hour an address */
	throttle_article_vote,   /* was it helpful: 10 a day (an address, or a member) */
	throttle_notice,         /* legal notices: 10 an hour an address */
	throttle_mail_test,      /* administrators trying what mails say: 10 an hour */
	throttle_similar;        /* the ask page looking for similar questions: 60 a minute */

/*
 * ERR_THROTTLED with a sentence and retry_after_seconds. who: an address or id.
 * Commits by itself (it must count even when the attempt fails), so never call it
 * inside a transaction. Staff and the system are not throttled, but for logins.
 */
enum err throttle_take(struct ctx *ctx, const struct throttle *throttle,
		       const char *who) MUST_CHECK;

/*
 * Several in one round trip: _add queues (nothing for who is not throttled),
 * throttle_check reads after db_run.
 */
void throttle_add(struct ctx *ctx, const struct throttle *throttle, const char *who,
		  struct rows *rows);
enum err throttle_check(struct ctx *ctx, struct rows *rows) MUST_CHECK;

/*
 * For what a person writes, inside the transaction that writes it: so a repeat
 * of the same form is known before it is refused, and what fails does not count.
 * The rows of the gap between two, and of the day.
 */
void throttle_add_question(struct ctx *ctx, struct rows *gap, struct rows *day);
void throttle_add_post(struct ctx *ctx, struct rows *gap, struct rows *day);
void throttle_add_reaction(struct ctx *ctx, struct rows *minute);
/* A day's flags, more with trust: settings. */
void throttle_add_flag(struct ctx *ctx, struct rows *day);

/* After a success: the window begins anew. */
enum err throttle_clear(struct ctx *ctx, const struct throttle *throttle,
			const char *who) MUST_CHECK;
enum err throttle_purge(struct ctx *ctx) MUST_CHECK;

#endif
