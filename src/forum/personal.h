/*
 * Personal data in what people are about to publish: found before it is public, and
 * given back to its writer, who takes it out with one press or says that it is none.
 * What is looked for is set under /admin/settings (personal.…).
 */
#ifndef FORUM_PERSONAL_H
#define FORUM_PERSONAL_H

#include "base/ctx.h"
#include "text/personal_data.h"

/* What the writer said when the form came back. */
enum personal_choice {
	PERSONAL_ASK,    /* nothing yet: refused when something is found */
	PERSONAL_REMOVE, /* publish without it */
	PERSONAL_KEEP,   /* it is none: published, and the team looks at it */
};
enum personal_choice personal_choice_parse(const char *text); /* "", "remove", "keep" */

/* One find, as the form shows it: the words around it, cut to a line. */
struct personal_place {
	const char *before, *found, *after;
	const char *kind; /* "telephone number", translated */
};

/*
 * Finds in a text that are not in the earlier one ("" for a new post): who edits a post
 * is not asked again about what stands there. None when the setting is off.
 */
size_t personal_places(struct ctx *ctx, const char *text, const char *earlier,
		       struct personal_place **out);

/* Is there any, and would the actor have to say something about it? */
bool personal_is_found(struct ctx *ctx, const char *text, const char *earlier);

/* "Call me: 06 12 34 56 78" → "Call me: [telephone number removed]". */
const char *personal_remove(struct ctx *ctx, const char *text);

/* Queued: the team sees what its writer published all the same. */
void personal_tell(struct ctx *ctx, int64_t post_id);

/* ERR_INVALID at "personal", with a sentence. */
enum err personal_refuse(struct ctx *ctx) MUST_CHECK;

#endif
