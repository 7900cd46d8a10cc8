/*
 * What the worker writes for people to read: one struct a template, as in
 * web/pages.h. Strings live in the job's arena.
 */
#ifndef JOBS_PAGES_H
#define JOBS_PAGES_H

#include "base/base.h"
#include "forum/letter.h"

/* The HTML part of a mail; its text part says the same. */
struct mail_page {
	const char *language;
	const char *brand;
	const char *heading;
	const char *greeting; /* "Hello Zoé,"; "" for none */
	const struct letter_paragraph *paragraphs;
	size_t paragraph_count;
	const char *button_text, *link; /* "" for none; link: absolute */
	const char *footer;             /* why this mail was sent; "" for none */
	const char *unsubscribe_link;   /* absolute; "" for none */
};

/* The readable half of a copy of everything about a person: tables of fields. */
struct export_field {
	const char *label, *value;
};
struct export_row {
	struct export_field *fields;
	size_t field_count;
};
struct export_section {
	const char *heading;
	struct export_row *rows;
	size_t row_count;
};
struct export_page {
	const char *language, *brand, *heading, *explanation;
	struct export_section *sections;
	size_t section_count;
};

#endif
