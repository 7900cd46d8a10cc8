/*
 * The audit log: who did what to whom, why, when; append only. Every act of staff and
 * every change of a setting has an entry, written in the transaction of the act. The
 * application's role may read and add, nothing else; a trigger refuses the rest to
 * everybody. Names and addresses do not belong in details: they would outlive an erasure.
 */
#ifndef FORUM_AUDIT_H
#define FORUM_AUDIT_H

#include "base/ctx.h"

struct audit_entry {
	const char *action;  /* what happened: "post_hide"; lower case, verb last */
	const char *subject; /* to what: "post", "topic", "person", "setting" … */
	int64_t subject_id;
	int64_t person_id;   /* whom it concerns: the author, the member; 0: nobody */
	const char *reason;  /* as the one who acted gave it; NULL: none */
	const char *details; /* a JSON object; NULL: none */
};

/* Queued with the running batch, in the name of ctx->actor. */
void audit_write(struct ctx *ctx, const struct audit_entry *entry);

/* The same without a reason. details_json: an object, or NULL. */
void audit_add(struct ctx *ctx, const char *action, const char *subject, int64_t subject_id,
	       const char *details_json);

/* In words, through _(): "Edited somebody's post"; NULL: not a code of this release. */
const char *audit_action_name(const char *code);

#endif
