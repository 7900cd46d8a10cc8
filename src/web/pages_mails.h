/*
 * What mails say: the list of them, and the editor of one in one language; beside pages.h,
 * which has the rest.
 */
#ifndef WEB_PAGES_MAILS_H
#define WEB_PAGES_MAILS_H

#include "forum/mail_text_change.h"
#include "web/pages.h"

/* /admin/mails */
struct mails_row {
	const struct mail_text *text;
	const struct mail_text_state *states; /* a language each */
};
struct mails_group {
	const char *slug, *name;
	struct mails_row *rows;
	size_t count;
};
struct mails_page {
	struct frame frame;
	struct mails_group *groups;
	size_t group_count;
	const char *const *languages; /* what each calls itself */
	size_t language_count;
};

/* A placeholder of a mail, for the list beside the editor. */
struct mail_place_row {
	const char *shown; /* "{link}" */
	const char *explanation;
	bool is_needed, fits_subject;
};

/* /admin/mails/reset-fr */
struct mail_edit_page {
	struct frame frame;
	const struct mail_text *text;
	const char *label, *language_name;
	const char *path;
	struct {
		const char *name, *path;
	} other; /* the same mail in the other language */
	struct mail_text_history history;
	struct mail_words words, standard; /* in the fields; the default ones */
	const char *reason;
	struct mail_place_row *places;
	size_t place_count;
	struct mail_words preview; /* as it would go out; subject NULL: not asked for */
	bool was_tried;            /* a test is on its way */
	struct field_error error;
};

#endif
