/*
 * Agreeing to the charter again.
 */
#include "forum/consent.h"

#include "db/db.h"
#include "forum/actor.h"
#include "i18n/i18n.h"

/* The trigger people_consents keeps it for good. */
DB_STATEMENT(consent_update,
	     "update people set charter_version = coalesce(charter_version(), $3),\n"
	     "	charter_accepted_at = now()\n"
	     "where id = $1 and $2 = (select u.id from page_text_publications u\n"
	     "	where u.name = 'charter' order by u.id desc limit 1)\n"
	     "returning id",
	     3);

enum err consent_give(struct ctx *ctx, int64_t publication_id)
{
	struct rows rows;

	if (!ctx->actor->id)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, "%s", _("Sign in to do this."));
	TRY(db_query(ctx, &consent_update, &rows, param_i64(ctx->actor->id),
		     param_i64(publication_id), param_text(ctx->config->site.charter_version)));
	if (rows.count == 0)
		return fail(ctx, ERR_CONFLICT, "agree", "%s",
			    _("The charter has just changed again: this is the newest one."));
	return OK;
}
