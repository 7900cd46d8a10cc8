/*
 * Mail addresses and networks that may not sign up again, kept as keyed hashes: who reads
 * the table, a dump or a backup learns no address. They come from bulk removals as spam
 * and from the team's hand, end by themselves, and can be lifted and put back. Many
 * blocked networks in one range (an IPv4 /24, an IPv6 /48) block the range.
 */
#ifndef FORUM_SIGN_UP_BLOCK_H
#define FORUM_SIGN_UP_BLOCK_H

#include "base/ctx.h"

#define SIGN_UP_BLOCKS_SHOWN      50
#define SIGN_UP_BLOCK_REASON_MAX  200
#define SIGN_UP_BLOCK_ADDRESS_MAX 254

struct sign_up_blocked {
	bool has_email, has_network;
};
/* One statement; what is no address is not blocked. */
enum err sign_up_block_find(struct ctx *ctx, const char *email, const char *address,
			    struct sign_up_blocked *out) MUST_CHECK;

/*
 * By hand: an e-mail address or the address of a network. MAY_CHANGE_SETTINGS;
 * ERR_INVALID at "address" or "block_reason".
 */
enum err sign_up_block_add(struct ctx *ctx, const char *address, const char *reason) MUST_CHECK;

/* ERR_NOT_FOUND: no such one, or it is so already. */
enum err sign_up_block_lift(struct ctx *ctx, int64_t id) MUST_CHECK;
enum err sign_up_block_restore(struct ctx *ctx, int64_t id) MUST_CHECK;

/*
 * Within the transaction of a bulk removal as spam, if the settings say so: the person's
 * address and the networks of their sessions; and its undoing, queued.
 */
enum err sign_up_block_person(struct ctx *ctx, int64_t person_id, int64_t removal_id) MUST_CHECK;
void sign_up_block_undo(struct ctx *ctx, int64_t removal_id);

struct sign_up_block {
	int64_t id, added_at, expires_at, lifted_at, person_id;
	bool is_email;
	const char *place, *reason;
	const char *added_by;    /* "" : the program */
	const char *person_name; /* who was removed; "" when it was added by hand */
};
/* Newest first, those that count before those that were lifted. MAY_CHANGE_SETTINGS. */
enum err sign_up_block_list(struct ctx *ctx, struct sign_up_block **out, size_t *count) MUST_CHECK;

#endif
