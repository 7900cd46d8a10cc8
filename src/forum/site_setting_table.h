/*
 * Every setting that administrators may change, as the pages of /admin/settings read
 * it: one section a subject, one row a setting. To add one, write its row here and read
 * it with site_number(SITE_…), site_switch(SITE_…) or site_text(SITE_…); the page, the
 * history, undo and the audit log come by themselves. A section with a new prefix has a
 * SITE_SECTION first. What stands here once is kept under its name: rename the first
 * argument as you like, never the name in quotes.
 *
 *	SITE_NUMBER(ID, "section.name", default, least, most, label, explanation)
 *	SITE_SWITCH(ID, "section.name", default, label, explanation)
 *	SITE_CHOICE(ID, "section.name", "default", CHOICES("word", N_("What it means"), …),
 *	            label, explanation)
 *	SITE_TEXT(ID, "section.name", "default", most_characters, label, explanation)
 *	SITE_LONG_TEXT(ID, "section.name", "default", most_bytes, label, explanation)
 *
 * Labels name the unit ("…, in hours"); explanations are one sentence. Both are
 * translated, defaults are not. This file has no guard: it is included several times,
 * each time with what the five words are to mean.
 */
#ifndef SITE_SECTION
#define SITE_SECTION(prefix, label, explanation)
#endif
#ifndef SITE_NUMBER
#define SITE_NUMBER(id, name, default_number, least, most, label, explanation)
#endif
#ifndef SITE_SWITCH
#define SITE_SWITCH(id, name, default_value, label, explanation)
#endif
#ifndef SITE_CHOICE
#define SITE_CHOICE(id, name, default_word, choices, label, explanation)
#endif
#ifndef SITE_TEXT
#define SITE_TEXT(id, name, default_text, most_characters, label, explanation)
#endif
#ifndef SITE_LONG_TEXT
#define SITE_LONG_TEXT(id, name, default_text, most_bytes, label, explanation)
#endif

/* clang-format off */

/* Writing ----------------------------------------------------------------------------- */
SITE_SECTION("writing", N_("Writing"),
	N_("What people may still do with their own posts, and when the team may step in."))
SITE_NUMBER(WRITING_EDIT_HOURS, "writing.edit_hours", 24, 0, 8760,
	N_("Time to edit one's own posts, in hours"),
	N_("After this time, members may no longer change their posts; the team still may."))
SITE_NUMBER(WRITING_EDIT_HOURS_TRUSTED, "writing.edit_hours_trusted", 720, 0, 87600,
	N_("The same from trust level 2 on, in hours"),
	N_("People who have shown that they can be relied on get longer."))
SITE_NUMBER(WRITING_STAFF_ACCEPT_HOURS, "writing.staff_accept_hours", 72, 0, 8760,
	N_("Before the team may accept an answer, in hours"),
	N_("How long the person who asked is given to say which answer helped, before advisors may say it for them."))

/* Personal data ------------------------------------------------------------------------- */
SITE_SECTION("personal", N_("Personal data"),
	N_("What is caught before it is published, so that its writer can take it out."))
SITE_SWITCH(PERSONAL_CHECK, "personal.check", true,
	N_("Look for personal data before publishing"),
	N_("Telephone numbers, e-mail addresses, bank accounts, payment cards and customer numbers are shown to the writer, who may take them out in one press."))
SITE_LONG_TEXT(PERSONAL_PATTERNS, "personal.patterns", "", 2000,
	N_("Customer numbers"),
	N_("One pattern a line: # is a digit, @ a letter, * either, {6,8} repeats the one before, anything else is itself; “FR-@@ #{6,8}” is FR-AB 123456."))
SITE_LONG_TEXT(PERSONAL_ALLOWED, "personal.allowed", "", 4000,
	N_("Numbers and addresses that may be published"),
	N_("Your own, one a line: a telephone number, an e-mail address, or @brand.example for all addresses of a domain."))

/* clang-format on */

#undef SITE_SECTION
#undef SITE_NUMBER
#undef SITE_SWITCH
#undef SITE_CHOICE
#undef SITE_TEXT
#undef SITE_LONG_TEXT
