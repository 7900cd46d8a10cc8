/*
 * The audit log.
 */
#include "forum/audit.h"

#include "db/db.h"
#include "forum/actor.h"

DB_STATEMENT(audit_insert,
	     "insert into audit_log (actor_id, action, subject, subject_id, details, request_id)\n"
	     "values ($1, $2, $3, $4, coalesce($5::jsonb, '{}'), $6)",
	     6);

void audit_add(struct ctx *ctx, const char *action, const char *subject, int64_t subject_id,
	       const char *details_json)
{
	db_add(ctx, &audit_insert, NULL, param_id(ctx->actor->id), param_text(action),
	       param_text(subject), param_id(subject_id), param_text(details_json),
	       param_text(ctx->request_id));
}
