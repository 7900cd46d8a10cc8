/*
 * What the pages of /admin/tags show, beside pages.h.
 */
#ifndef WEB_PAGES_TAGS_H
#define WEB_PAGES_TAGS_H

#include "forum/tag_admin.h"
#include "web/pages.h"

struct tags_admin_page {
	struct frame frame;
	struct tag_rows tags;
	const char *words;
	enum tag_sort sort;
	const char *first_path; /* "" on the first page */
	const char *next_path;
	struct field_error error;
};

struct tag_admin_page {
	struct frame frame;
	struct tag_view view;
	/* What stands in the fields. */
	const char *description_fr, *description_en, *name, *into, *word;
	const char *reason, *rename_reason, *merge_reason, *word_reason, *delete_reason;
	bool is_restricted;
	struct field_error error;
};

struct tag_forbidden_page {
	struct frame frame;
	struct tag_forbidden forbidden;
	const char *word, *reason;
	struct field_error error;
};

#endif
