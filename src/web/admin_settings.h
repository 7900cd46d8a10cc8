/* What /admin/settings shares with pages that have a section for themselves. */
#ifndef WEB_ADMIN_SETTINGS_H
#define WEB_ADMIN_SETTINGS_H

#include "web/pages_admin.h"
#include "web/request.h"

/*
 * Fields, newest change and history of page->section; typed: what stood in the fields
 * when they were refused or previewed, or NULL.
 */
enum err settings_load(struct request *request, struct settings_section_page *page,
		       const struct site_settings_form *typed) MUST_CHECK;

/* The fields of that section that the request's form has, reason and key. */
enum err settings_read(struct request *request, const struct site_section *section,
		       struct site_settings_form *form) MUST_CHECK;

/* The section of that prefix, which is known. */
const struct site_section *settings_section(const char *prefix);

#endif
