/*
 * Pages about people's data: beside pages.h, which has the rest.
 */
#ifndef WEB_PAGES_PRIVACY_H
#define WEB_PAGES_PRIVACY_H

#include "forum/privacy.h"
#include "web/pages.h"

/* /settings/privacy */
struct privacy_page {
	struct frame frame;
	struct privacy_state state;
	bool is_team; /* whose account is not erased like this */
	struct field_error error;
};

/* /privacy, and /admin/privacy with the log of what the nights threw away. */
struct register_page {
	struct frame frame;
	/* The brand's privacy policy above it; no heading: there is none. */
	const char *policy_heading, *policy_language;
	struct html_fragment policy;
	const struct privacy_class *classes;
	size_t class_count;
	bool shows_log;
	bool has_seal_key;
	struct retention_entry *log;
	size_t log_count;
};

#endif
