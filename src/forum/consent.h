/*
 * Agreeing to the charter again. When it was published with "ask again", everybody who
 * had agreed before reads and leaves as they like but writes nothing (policy.c, by
 * actor.lacks_consent) until they agree. Each consent is a row of the table consents.
 */
#ifndef FORUM_CONSENT_H
#define FORUM_CONSENT_H

#include "base/ctx.h"

/*
 * Of the actor, to what they read: publication_id of struct page_text.
 * ERR_CONFLICT: the charter has changed since; show it anew.
 */
enum err consent_give(struct ctx *ctx, int64_t publication_id) MUST_CHECK;

#endif
