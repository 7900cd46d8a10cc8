/*
 * The knowledge base, for readers and for who writes it; beside pages.h, which has the
 * rest.
 */
#ifndef WEB_PAGES_ARTICLES_H
#define WEB_PAGES_ARTICLES_H

#include "forum/article_wanted.h"
#include "forum/article_work.h"
#include "text/diff.h"
#include "text/outline.h"
#include "web/pages.h"

/* /kb */
struct articles_page {
	struct frame frame;
	struct article_home home;
	bool can_write;
};

/* /kb/c/box, /kb/p/box-4 */
struct article_place_page {
	struct frame frame;
	struct article_place_view place;
	const char *path; /* "/kb/c/box" */
	bool is_first_page;
	const char *next_path;
};

/* /kb/12-redemarrer-votre-box */
struct article_page {
	struct frame frame;
	struct article_view view;
	struct outline outline;
	const char *path;
	bool can_write;
	struct field_error error; /* of "was this helpful?", and what was typed there */
	const char *reason, *comment;
};

/* /kb/work */
struct article_work_list_page {
	struct frame frame;
	enum article_show show;
	struct article_list list;
	struct article_wanted_list wanted; /* beside what is not helpful */
	int64_t counts[ARTICLE_SHOW_COUNT];
	const char *next_path;
};

/* One that was archived since is in no list. */
static inline bool articles_has_category(const struct categories *all, int64_t id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].id == id)
			return true;
	return false;
}

/* /kb/work/new, /kb/work/12 */
struct article_work_page {
	struct frame frame;
	bool is_new;
	struct article_work work; /* empty for a new one */
	struct categories categories;
	struct article_form form; /* what stands in the fields */
	bool has_preview;
	struct html_fragment preview;
	struct outline preview_outline;
	const char *typed_at, *typed_due, *typed_owner, *typed_other, *typed_address, *typed_reason;
	const char *suggested_due; /* "2027-11-23" */
	const char *alt;           /* as typed, of a file that was refused */
	const char *files_said;    /* what became of a file; "" */
	struct field_error error;
};

/* /kb/work/12/3 */
struct article_version_page {
	struct frame frame;
	struct article article;
	struct article_version version, before;
	struct html_fragment body;
	struct diff_run *diff;
	size_t diff_count;
};

#endif
