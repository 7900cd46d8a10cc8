/*
 * Reputation is a ledger: rows that are only ever added, one for each cause, and one
 * more that takes the points back when the cause is undone. Triggers write it
 * (migrations/functions.sql has the rules, settings "reputation" the numbers); here it
 * is read, and rings are judged: people who reward mostly each other.
 */
#ifndef FORUM_REPUTATION_H
#define FORUM_REPUTATION_H

#include "forum/person.h"

struct reputation_entry {
	int64_t id, points, created_at;
	const char *cause;    /* "accepted", "accepting", "thanks", "removed", "abuse" */
	const char *discount; /* "", "self", "address", "pair", "reciprocal", …, "cap" */
	bool is_undoing;
	int64_t topic_id, post_id; /* 0: gone, or out of sight */
	const char *topic_title;
};
#define REPUTATION_PER_PAGE 50

struct reputation_list {
	struct reputation_entry *items;
	size_t count;
	int64_t next; /* id of the last; 0 when there are no more */
};
/* Newest first, before that id (0: from the start). For oneself and moderators. */
enum err reputation_list(struct ctx *ctx, int64_t person_id, int64_t before,
			 struct reputation_list *out) MUST_CHECK;

/* For people, translated; a discount's is "" when it pays in full. */
const char *reputation_cause_label(const char *cause);
const char *reputation_discount_label(const char *discount);

/* Writes what the ledger owes everywhere; *written: how many causes were off. */
enum err reputation_settle_all(struct ctx *ctx, int64_t *written) MUST_CHECK;

/* Rings ------------------------------------------------------------------------------ */

struct ring {
	int64_t id, acts, discounted, found_at, seen_at, decided_at;
	const char *state; /* "open", "dismissed", "confirmed" */
	const char *reason;
	struct author decided_by; /* id 0: nobody yet */
	struct author *members;
	size_t member_count;
};
#define RINGS_PER_PAGE   20
#define RING_MEMBERS_MAX 50

struct ring_list {
	struct ring *items;
	size_t count;
	int64_t next;
};
/* state: "open" and so on. ERR_FORBIDDEN below moderators. */
enum err ring_list(struct ctx *ctx, const char *state, int64_t before,
		   struct ring_list *out) MUST_CHECK;

/* Who rewarded whom how often in the last thirty days before it was seen last. */
struct ring_pair {
	struct author giver, receiver;
	int64_t acts, points, discounted;
	bool is_same_address;
};
struct ring_evidence {
	struct ring ring;
	struct ring_pair *pairs;
	size_t pair_count;
};
#define RING_PAIRS_MAX 200
enum err ring_load(struct ctx *ctx, int64_t id, struct ring_evidence *out) MUST_CHECK;

/*
 * Confirmed: what its members earned from each other is taken back, and pays nothing
 * from now on. Dismissed: they are not listed again. Either can be changed later.
 * ERR_INVALID: no reason, or no such state.
 */
enum err ring_decide(struct ctx *ctx, int64_t id, const char *state, const char *reason) MUST_CHECK;

/* The nightly look for rings. */
enum err rings_find(struct ctx *ctx) MUST_CHECK;

#endif
