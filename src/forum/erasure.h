/*
 * Requests to be forgotten by people of another network: by the network's own
 * callback, or by the form on the site, as who only commented there never used our
 * app. Each has a code, with which its page tells what became of it. The team decides
 * on them; mirror_erase_author (mirror.h) then does it.
 */
#ifndef FORUM_ERASURE_H
#define FORUM_ERASURE_H

#include "base/ctx.h"

#define ERASURE_CODE_LENGTH 32
#define ERASURE_ADDRESS_MAX 1000
#define ERASURE_NAME_MAX    100
#define ERASURE_CONTACT_MAX 254
#define ERASURE_REASON_MAX  2000
#define ERASURES_SHOWN      100
#define ERASURES_DONE_SHOWN 20

enum erasure_origin { ERASURE_CALLBACK, ERASURE_DEAUTHORIZE, ERASURE_FORM, ERASURE_MODERATOR };
enum erasure_state {
	ERASURE_RECEIVED, /* nobody decided yet; or, with decided_at, it is being done */
	ERASURE_DONE,
	ERASURE_REFUSED,
	ERASURE_UNKNOWN_PERSON, /* the network could not say who it is here */
};

/* Signed by the network: stored before this returns. user_id: as the app knows them. */
enum err erasure_from_network(struct ctx *ctx, enum erasure_origin origin, const char *user_id,
			      const char **code) MUST_CHECK;

struct erasure_form {
	const char *address; /* of the comment, there or here */
	const char *name, *contact, *reason;
	const char *client; /* whom to count: an address of the internet */
	const char *form_key;
};
/*
 * ERR_INVALID at "address", "name", "contact", "reason"; ERR_THROTTLED. The same form
 * sent twice gives the same code.
 */
enum err erasure_ask(struct ctx *ctx, const struct erasure_form *form,
		     const char **code) MUST_CHECK;

struct erasure {
	int64_t id, created_at, decided_at, done_at;
	const char *code;
	enum erasure_origin origin;
	enum erasure_state state;
	const char *refusal; /* for people: why it was refused; "" */
	/* For the team only. */
	const char *name, *contact, *reason, *address, *source_name;
	int64_t author_id, post_id, topic_id; /* 0: not known */
	const char *topic_title, *post_excerpt;
	int64_t item_count; /* that this author wrote */
};

/* What its page tells. ERR_NOT_FOUND: there is no such code. */
enum err erasure_by_code(struct ctx *ctx, const char *code, struct erasure *out) MUST_CHECK;

struct erasures {
	struct erasure *items;
	size_t count, open_count; /* the open ones first, oldest first; then the newest done */
};
/* Those who manage people. */
enum err erasure_list(struct ctx *ctx, struct erasures *out) MUST_CHECK;

/*
 * Erases the author of what the request is about. address: "" or where that is, for
 * one that was not found. ERR_INVALID at "address"; ERR_CONFLICT: decided already.
 */
enum err erasure_carry_out(struct ctx *ctx, int64_t id, const char *address) MUST_CHECK;
/* ERR_INVALID at "reason": people are told why. */
enum err erasure_refuse(struct ctx *ctx, int64_t id, const char *reason) MUST_CHECK;
/* Without a request: the author of this post. ERR_INVALID: not told who that is. */
enum err erasure_of_post(struct ctx *ctx, int64_t post_id, const char **code) MUST_CHECK;

/* The worker's ------------------------------------------------------------------------ */

/* What a network's callback asked for, of whom only the app's id is known yet. */
struct erasure_call {
	int64_t id;
	const char *user_id;
};
enum err erasure_calls(struct ctx *ctx, struct erasure_call **out, size_t *count) MUST_CHECK;
/* The source knows them as scoped_id: *found says whether they wrote there; then it is done. */
enum err erasure_resolve(struct ctx *ctx, int64_t id, int64_t source_id, const char *scoped_id,
			 bool *found) MUST_CHECK;
/* No source knows them: there is nothing of theirs. */
enum err erasure_unknown(struct ctx *ctx, int64_t id) MUST_CHECK;

#endif
