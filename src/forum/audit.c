/*
 * Writing the audit log.
 */
#include "forum/audit.h"

#include "db/db.h"
#include "forum/actor.h"

DB_STATEMENT(audit_insert,
	     "insert into audit_log (actor_id, action, subject, subject_id, person_id, reason,\n"
	     " details, request_id)\n"
	     "values ($1, $2, $3, $4, $5, coalesce($6, ''), coalesce($7::jsonb, '{}'), $8)",
	     8);

void audit_write(struct ctx *ctx, const struct audit_entry *entry)
{
	db_add(ctx, &audit_insert, NULL, param_id(ctx->actor->id), param_text(entry->action),
	       param_text(entry->subject), param_id(entry->subject_id), param_id(entry->person_id),
	       param_text(entry->reason), param_text(entry->details), param_text(ctx->request_id));
}

void audit_add(struct ctx *ctx, const char *action, const char *subject, int64_t subject_id,
	       const char *details_json)
{
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = subject,
						.subject_id = subject_id,
						.details = details_json });
}
