/*
 * Stack Exchange dumps: Users, Tags, Posts, Comments, PostLinks, Votes, Badges and
 * PostHistory, where they are present. All files are read through once before
 * anything is stored, so a broken dump is refused whole.
 */
#ifndef FORUM_IMPORT_STACKEXCHANGE_H
#define FORUM_IMPORT_STACKEXCHANGE_H

#include "forum/import.h"

struct import_options {
	const char *directory;
	struct import_source source;
	const char *category_slug;
	/* Called now and then: which file, bytes read of it, bytes in all. May be NULL. */
	void (*progress)(void *data, const char *step, int64_t done, int64_t total);
	void *progress_data;
};

#define IMPORT_REASONS_MAX 8
#define IMPORT_FILES_MAX   8

struct import_skipped {
	const char *reason;
	int64_t rows;
};

/* read = imported + present + all skipped; a test adds them up. */
struct import_file_report {
	const char *name; /* "Posts.xml" */
	bool is_present;
	int64_t read, imported, present;
	struct import_skipped skipped[IMPORT_REASONS_MAX];
	size_t skipped_count;
};

struct import_report {
	struct import_file_report files[IMPORT_FILES_MAX];
	size_t count;
};

/*
 * ERR_INVALID: a file is broken (which, and at what line), or there is no Posts.xml;
 * nothing was stored. ERR_CONFLICT: another import is running.
 */
enum err import_stackexchange(struct ctx *ctx, struct import_options *options,
			      struct import_report *report) MUST_CHECK;

#endif
