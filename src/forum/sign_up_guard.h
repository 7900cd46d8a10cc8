/*
 * Whom sign-up refuses before an account is made: programs that fill in every field, or
 * in no time; mail domains and networks that the team listed; addresses kept from people
 * who were removed as spam (sign_up_block.h). Numbers and lists are settings (sign_up.…),
 * edited at /admin/sign-up. Each refusal is counted by day and reason, never by whom.
 */
#ifndef FORUM_SIGN_UP_GUARD_H
#define FORUM_SIGN_UP_GUARD_H

#include "base/ctx.h"

enum sign_up_refusal {
	REFUSED_TRAP,    /* the field that people do not see was filled in */
	REFUSED_NO_TIME, /* the form's time is missing, forged or too old */
	REFUSED_FAST,
	REFUSED_DOMAIN,
	REFUSED_DISPOSABLE,
	REFUSED_ADDRESS,
	REFUSED_NETWORK,
	SIGN_UP_REFUSAL_COUNT,
};

/*
 * A program gave itself away. The caller answers as if all were well, and makes no
 * account: counted here.
 */
enum err sign_up_is_trapped(struct ctx *ctx, const char *trap, bool *out) MUST_CHECK;

/*
 * fill_seconds: how long the form was open; 0: not known, for a time that the site did
 * not sign. ERR_INVALID with a sentence, nothing lost: people send it again.
 */
enum err sign_up_check_time(struct ctx *ctx, int64_t fill_seconds) MUST_CHECK;

/*
 * ERR_INVALID at "email": its domain or itself is listed; ERR_FORBIDDEN: the network is.
 * Counts by itself, so never inside a transaction.
 */
enum err sign_up_check_lists(struct ctx *ctx, const char *email, const char *address) MUST_CHECK;

/* The same question of an account that is there already. *out false: not listed. */
enum err sign_up_is_listed(struct ctx *ctx, const char *email, const char *address, bool *out,
			   enum sign_up_refusal *why) MUST_CHECK;

/* For administrators: the last seven and thirty days. */
struct sign_up_figures {
	int64_t week[SIGN_UP_REFUSAL_COUNT], month[SIGN_UP_REFUSAL_COUNT];
	int64_t week_accounts, month_accounts; /* made, and confirmed since or not */
	int64_t week_total, month_total;       /* refused, for whatever reason */
};
enum err sign_up_figures_load(struct ctx *ctx, struct sign_up_figures *out) MUST_CHECK;
const char *sign_up_refusal_label(enum sign_up_refusal refusal); /* translated */

#endif
