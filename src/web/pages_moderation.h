/*
 * What the pages of moderation show: as web/pages.h, apart from it, so that a change
 * here is not one of every page.
 */
#ifndef WEB_PAGES_MODERATION_H
#define WEB_PAGES_MODERATION_H

#include "forum/flag.h"
#include "forum/complaint.h"
#include "forum/moderation_decide.h"
#include "forum/notice.h"
#include "web/pages.h"

/* One rule of a list to choose from. */
struct rule_choice {
	enum rule rule;
	const char *name, *label;
	bool is_chosen;
};

struct flag_page {
	struct frame frame;
	struct topic topic;
	struct post post;
	const char *path; /* back to the post */
	const char *detail;
	struct rule_choice rules[RULE_COUNT];
	struct field_error error;
};

/* The queue, or what was decided lately. */
struct moderation_filter {
	const char *label, *path;
	int64_t count;
	bool is_current, is_bounded; /* "1000+" */
};
struct moderation_page {
	struct frame frame;
	struct moderation_list list;
	struct moderation_filter filters[MODERATION_KIND_COUNT + 2];
	size_t filter_count;
	const char *kind; /* "flag"; "" for all */
	const char *next_path;
	bool is_decided, can_decide; /* and in batches */
	struct rule_choice rules[RULE_COUNT];
};

/* One item with its context, and the form that decides it. */
struct moderation_item_page {
	struct frame frame;
	struct moderation_view view;
	const char *kind; /* of the filter that is worked through */
	int64_t undo_id;  /* what was decided a moment ago; 0 */
	const char *undo_label;
	int64_t hours; /* proposed for a suspension */
	const char *note, *body_md;
	bool is_law, can_undo;
	bool has_notice;
	struct notice notice; /* that the item is about, or a complaint of its sender */
	struct rule_choice rules[RULE_COUNT];
	struct field_error error;
};

/* A person's history, and measures on them. */
struct moderation_person_page {
	struct frame frame;
	struct moderation_person person;
	struct categories categories;
	bool can_measure;
	const char *kind, *reason; /* as it was typed */
	int64_t hours, category_id;
	bool is_law;
	struct rule_choice rules[RULE_COUNT];
	struct field_error error;
};

/* A case as its person reads it; moderators too. */
struct case_page {
	struct frame frame;
	struct case_file file;
	const char *text; /* of a complaint that was refused */
	struct field_error error;
};

struct warnings_page {
	struct frame frame;
	struct measure *warnings;
	size_t count;
};

#endif
