/* The audit log: who did what to whom, append only. */
#ifndef FORUM_AUDIT_H
#define FORUM_AUDIT_H

#include "base/ctx.h"

/* Queued with the running batch. details_json: an object, or NULL. */
void audit_add(struct ctx *ctx, const char *action, const char *subject, int64_t subject_id,
	       const char *details_json);

#endif
