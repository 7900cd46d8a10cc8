/*
 * A mail as it goes out, in the language of the moment: the words of mail_text.h filled,
 * and the fixed frame around them. The same for text and HTML.
 */
#ifndef FORUM_LETTER_H
#define FORUM_LETTER_H

#include "base/ctx.h"
#include "forum/mail_text.h"

struct letter_piece {
	const char *text;
	bool is_link; /* text is the address */
};

struct letter_paragraph {
	struct letter_piece *pieces;
	size_t count;
	bool is_button; /* stands alone: the link, with the words of the button */
};

struct letter {
	const char *subject, *heading, *greeting;
	struct letter_paragraph *paragraphs;
	size_t paragraph_count;
	const char *button_text, *link; /* "" for none */
	const char *footer;             /* "" for none */
	const char *unsubscribe_link;   /* "" for none */
};

/* With the mail's own words, or with the default where those cannot go out. */
void letter_write(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out);

/* The text part. */
const char *letter_text(struct ctx *ctx, const struct letter *letter);

/*
 * A mail of this text with values of its own making, to the one who acts: for looking at
 * words before they go out. words: NULL for the default.
 */
struct outgoing_mail letter_example(struct ctx *ctx, const struct mail_text *text,
				    const struct mail_words *words);

#endif
