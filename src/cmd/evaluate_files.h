/*
 * The two files of `entraide search evaluate`, one JSON object a line:
 *   documents  {"id": "61", "title": "…", "body": "…", "theme": "…"}
 *   queries    {"q": "…", "expected": "61"}, or "expected": ["61", "68"]
 * Ids are texts or whole numbers; title, body and theme may be missing, body may be
 * HTML. Read line by line, so that a file may be larger than the memory; a line that
 * cannot be read is reported with its number and passed over.
 */
#ifndef CMD_EVALUATE_FILES_H
#define CMD_EVALUATE_FILES_H

#include "base/ctx.h"

#define EVALUATE_LINE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define EVALUATE_ID_MAX_BYTES   ((size_t)200)
#define EVALUATE_DOCUMENTS_MAX  2000000
#define EVALUATE_QUERIES_MAX    200000
#define EVALUATE_EXPECTED_MAX   100 /* of one query; further ones are passed over */

/* The texts of the documents' ids, each with a number from 1. */
struct evaluate_ids {
	struct arena *arena;
	const char **texts; /* texts[number - 1] */
	size_t count, capacity;
	uint32_t *slots; /* numbers by the hash of their text; 0: free */
	size_t slot_count;
};

void evaluate_ids_init(struct evaluate_ids *ids, struct arena *arena);
void evaluate_ids_release(struct evaluate_ids *ids);
/* The number of a text; 0 when it is not known. */
size_t evaluate_ids_find(const struct evaluate_ids *ids, const char *text);
/* The same, known from now on. */
size_t evaluate_ids_add(struct evaluate_ids *ids, const char *text);

/* Strings live until the next line. */
struct evaluate_document {
	const char *id, *title, *body, *theme; /* "" if missing; body as plain words */
};

/* Strings live in the context's arena. */
struct evaluate_query {
	const char *id; /* its own, or the number of its line */
	const char *words;
	const char **expected;
	size_t expected_count;
};

struct evaluate_lines {
	size_t read, bad;
};

/*
 * Calls take for each document; returns false when the file cannot be opened or read,
 * or take says that it cannot go on. Messages go to standard error.
 */
bool evaluate_read_documents(struct ctx *ctx, const char *path,
			     bool (*take)(void *data, const struct evaluate_document *document),
			     void *data, struct evaluate_lines *lines) MUST_CHECK;

bool evaluate_read_queries(struct ctx *ctx, const char *path, struct evaluate_query **out,
			   size_t *count, struct evaluate_lines *lines) MUST_CHECK;

#endif
