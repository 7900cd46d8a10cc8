/*
 * What the pages of /admin show, beside pages.h: the house around each of them, then
 * one struct a template.
 */
#ifndef WEB_PAGES_ADMIN_H
#define WEB_PAGES_ADMIN_H

#include "forum/audit_list.h"
#include "forum/brand_logo.h"
#include "forum/job_list.h"
#include "forum/member.h"
#include "forum/site_setting_change.h"
#include "forum/system_state.h"
#include "web/pages.h"

/* The pages that the actor may open, by area; areas without any are left out. */
struct admin_link {
	const char *path, *icon, *name, *description;
	bool is_current;
};
struct admin_area {
	const char *slug, *name;
	struct admin_link *links;
	size_t count;
};
struct admin_house {
	struct admin_area *areas;
	size_t count;
};

struct admin_page {
	struct frame frame;
};

/* One setting with its field. */
struct setting_field {
	enum site_setting_id id;
	const struct site_setting *setting;
	const char *value; /* what stands in the field */
	const char *default_shown;
	const char *hint; /* what may be typed: "a whole number from 1 to 30"; "" */
	const char *error;
	bool is_default;
};
/* How many entries site_setting.choices has: two a choice. */
static inline size_t setting_choice_count(const struct site_setting *setting)
{
	size_t count = 0;

	while (setting->choices && setting->choices[count])
		count += 2;
	return count;
}
struct setting_section_link {
	const struct site_section *section;
	size_t count, changed_count;
};
struct settings_home_page {
	struct frame frame;
	struct setting_section_link *sections;
	size_t count;
	struct site_history history;
	const char *next_path;
	struct field_error error;
};
struct settings_section_page {
	struct frame frame;
	const struct site_section *section;
	const char *path;
	struct setting_field *fields;
	size_t count;
	const char *reason;
	int64_t follows_id;
	struct site_history history;
	const char *next_path;
	struct field_error error;
};

struct brand_page {
	struct settings_section_page settings; /* its frame shows what is previewed */
	struct brand_logo_state logo;
	bool is_preview;
	const char *preview_path; /* style sheet of what stands in the fields */
};

struct members_page {
	struct frame frame;
	const char *words;
	enum role role; /* ROLE_VISITOR: any */
	struct member_list list;
	const char *next_path;
};
struct member_page {
	struct frame frame;
	struct member member;
	enum role role; /* what is chosen in the form */
	const char *reason;
	struct field_error error;
};
struct jobs_page {
	struct frame frame;
	struct job_state jobs;
	const char *next_path;
};
struct system_page {
	struct frame frame;
	struct system_state state;
	const char *version, *database_size, *index_health;
	const char *table_sizes[SYSTEM_TABLES_SHOWN];
	int64_t index_documents, pages_workers, slow_workers, job_slots;
};

struct audit_row {
	const struct audit_line *line;
	const char *action;       /* in words */
	const char *subject_path; /* "" where there is no page for it */
};
struct audit_page {
	struct frame frame;
	/* As typed. */
	const char *who, *whom, *action, *subject, *subject_id, *from, *to;
	struct audit_action {
		const char *code, *name;
	} * actions;
	size_t action_count;
	struct audit_row *rows;
	size_t count;
	bool is_filtered;
	const char *first_path, *next_path, *csv_path;
	struct field_error error;
};

#endif
