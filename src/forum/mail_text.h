/*
 * What each mail says. The default words stand in the table of mail_text_table.c and in the
 * catalogues; administrators may put words of their own in their place, by language
 * (mail_text_change.h). Both are texts with named places, filled by letter.c. Greeting,
 * button, signature and the way to unsubscribe are the frame around them, and fixed.
 */
#ifndef FORUM_MAIL_TEXT_H
#define FORUM_MAIL_TEXT_H

#include "forum/mail.h"

#define MAIL_SUBJECT_MAX         120  /* code points, as written */
#define MAIL_BODY_MAX            8000 /* bytes, as written */
#define MAIL_TEXT_PARAGRAPHS_MAX 5    /* of a default */

enum mail_place {
	MAIL_PLACE_NAME,
	MAIL_PLACE_BRAND,
	MAIL_PLACE_LINK,
	MAIL_PLACE_CONTACT,
	MAIL_PLACE_ACTOR,
	MAIL_PLACE_TITLE,
	MAIL_PLACE_EXCERPT,
	MAIL_PLACE_STATEMENT,
	MAIL_PLACE_ANSWER,
	MAIL_PLACE_NUMBER,
	MAIL_PLACE_OUTCOME,
	MAIL_PLACE_WARNING,
	MAIL_PLACE_REDRESS,
	MAIL_PLACE_MIRROR,
	MAIL_PLACE_DETAILS,
	MAIL_PLACE_COUNT
};

struct mail_place_info {
	const char *name;        /* between the braces */
	const char *explanation; /* in English: show it through _() */
	bool fits_subject;       /* one short line */
};
extern const struct mail_place_info mail_places[MAIL_PLACE_COUNT];

enum mail_group {
	MAIL_GROUP_ACCOUNT,
	MAIL_GROUP_NEWS,
	MAIL_GROUP_MODERATION,
	MAIL_GROUP_SECURITY,
	MAIL_GROUP_PRIVACY,
	MAIL_GROUP_NOTICES,
	MAIL_GROUP_MIRRORS,
	MAIL_GROUP_DESK,
	MAIL_GROUP_COUNT
};
extern const char *const mail_group_names[MAIL_GROUP_COUNT]; /* in English */

/* Sentences in English: show them through _(). */
struct mail_text {
	const char *name; /* kind, or kind-what: as mail_load puts it together */
	enum mail_kind kind;
	const char *what; /* parameters.notification; "" for a kind that is one mail */
	enum mail_group group;
	const char *label, *when; /* what it is called, and the sentence on when it goes out */
	const char *subject, *paragraphs[MAIL_TEXT_PARAGRAPHS_MAX];
	const char *button;
	unsigned places, needed; /* bits 1 << enum mail_place */
	const char *example_path;
};
extern const struct mail_text mail_texts[];
extern const size_t mail_text_count;

/* NULL: there is none of this name. */
const struct mail_text *mail_text_find(const char *name);

/* Of a mail; one whose "what" is not known here is what the last of its kind is. */
const struct mail_text *mail_text_of(enum mail_kind kind, const char *what);

/* In the present language. */
struct mail_words mail_text_default(struct ctx *ctx, const struct mail_text *text);

/*
 * Why these words cannot go out as this mail, as a translated sentence, and which field it
 * is about ("subject", "body"); NULL: they can.
 */
const char *mail_text_problem(struct ctx *ctx, const struct mail_text *text,
			      const struct mail_words *words, const char **field);

/* Cleans what was typed. ERR_INVALID: with the field and the sentence above. */
enum err mail_text_check(struct ctx *ctx, const struct mail_text *text,
			 struct mail_words *words) MUST_CHECK;

#endif
