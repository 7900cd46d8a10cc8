/*
 * One function a kind of row: reads its attributes into the batch, or says why it
 * is left out; and one a kind of batch, that stores it. Inside src/forum only.
 */
#ifndef FORUM_IMPORT_ROWS_H
#define FORUM_IMPORT_ROWS_H

#include "forum/import_stackexchange.h"

struct dump_row;

struct import {
	struct ctx *ctx;  /* the command's: lasts */
	struct ctx batch; /* the same with an arena that a batch empties */
	const struct import_options *options;
	const struct import_source *source;
	struct import_file_report *file;
	void *rows; /* the batch: IMPORT_BATCH of the file's kind */
	size_t count;
	size_t batches; /* of this step so far */
};

typedef void import_row(struct import *import, const struct dump_row *row);
typedef enum err import_flush(struct import *import, struct import_counts *counts);

/* Counts rows as left out; reason is a constant. */
void import_skip(struct import *import, const char *reason, int64_t rows);

/* The batch's next place; it is filled by the caller. */
#define import_next(import, type) ((type *)import_place((import), sizeof(type)))
void *import_place(struct import *import, size_t size);

import_row take_person, take_tag, take_mapping, take_question, take_answer, take_comment, take_link,
	take_vote, take_badge, take_history;
import_flush flush_people, flush_tags, flush_mappings, flush_posts, flush_comments,
	flush_duplicates, flush_badges, flush_versions;

/* Attributes --------------------------------------------------------------- */

/* 0 when absent or not a number; "" when absent, copied into the batch. */
int64_t row_number(const struct dump_row *row, const char *name);
const char *row_text(struct import *import, const struct dump_row *row, const char *name);
int64_t row_time(const struct dump_row *row, const char *name);
/* One line, at most max_points, without control characters. */
const char *row_line(struct import *import, const struct dump_row *row, const char *name,
		     size_t max_points);
/* The licence of a text, from the row or from its date (CC BY-SA 2.5, 3.0, 4.0). */
const char *row_licence(struct import *import, const struct dump_row *row, int64_t created_at);
/* Since July 2025 rows with invented numbers mark copies of a dump. */
bool row_is_fabricated(const struct dump_row *row);

/* Texts -------------------------------------------------------------------- */

/* The foreign number of a post that url leads to; 0: elsewhere. */
int64_t import_linked_post(const struct import_source *source, const char *url);

/* Sanitised, with links between imported posts made ours; ids are looked up at once. */
struct import_text {
	const char *html;
	const char *clean;
	bool is_refused;
};
enum err import_clean_texts(struct import *import, struct import_text *texts,
			    size_t count) MUST_CHECK;

#endif
