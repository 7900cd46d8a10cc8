/* What a mail says, in the language of the moment: the same for text and HTML. */
#ifndef JOBS_LETTER_H
#define JOBS_LETTER_H

#include "base/ctx.h"
#include "forum/mail.h"

#define LETTER_PARAGRAPHS_MAX 4

struct letter {
	const char *subject, *heading, *greeting;
	const char *paragraphs[LETTER_PARAGRAPHS_MAX];
	size_t paragraph_count;
	const char *button_text, *link; /* "" for none */
	const char *footer;             /* "" for none */
	const char *unsubscribe_link;   /* "" for none */
};

void letter_write(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out);

/* The text part. */
const char *letter_text(struct ctx *ctx, const struct letter *letter);

#endif
