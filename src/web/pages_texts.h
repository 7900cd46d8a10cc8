/*
 * The brand's own pages, their editor, and being asked to agree to the charter again;
 * beside pages.h, which has the rest.
 */
#ifndef WEB_PAGES_TEXTS_H
#define WEB_PAGES_TEXTS_H

#include "forum/page_text.h"
#include "web/pages.h"

/* /admin/texts */
struct texts_row {
	const struct page_text_state *state;
	const char *label; /* "Community charter"; a free page's name */
};
struct texts_page {
	struct frame frame;
	struct texts_row *rows;
	size_t count;
	const char *name; /* of a new page, as typed */
	struct field_error error;
};

/* /admin/texts/charter */
struct text_edit_page {
	struct frame frame;
	const char *label;
	struct page_text_history history;
	struct page_text_version words; /* what stands in the fields */
	int64_t newest_number;
	bool is_charter;
	bool asks; /* everybody again, as ticked */
	bool has_theme;
	bool has_preview;
	struct html_fragment preview_fr, preview_en;
	struct field_error error;
};

/* /admin/texts/charter/3 */
struct text_version_page {
	struct frame frame;
	const char *label;
	struct page_text_state state;
	struct page_text_version version, before; /* number 0: there is none before */
	struct html_fragment body_fr, body_en;
	struct diff_run *diff_fr, *diff_en;
	size_t diff_fr_count, diff_en_count;
	struct field_error error;
};

/* The charter to agree to; and the form that was being sent, to be sent again with it. */
struct agree_page {
	struct frame frame;
	const char *heading;
	struct html_fragment body;
	const char *language;
	int64_t publication_id;
	const char *action; /* where the form goes */
	const char *next;   /* path after /charter/agree; "" when a form goes on */
	struct kept_pair {
		const char *name, *value;
	} * kept;
	size_t kept_count;
	struct field_error error;
};

#endif
