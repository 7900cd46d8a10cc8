/*
 * The full-text index (Xapian) in plain C. Derived data: it can be dropped and
 * rebuilt from PostgreSQL at any time. One writer (the worker), many readers.
 * No exception leaves: every function catches, and answers with an enum
 * search_result. `DatabaseModifiedError` is met by reopening once.
 *
 * Part 1 holds one document a topic; docs/search.md will say more.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum search_result {
	SEARCH_OK = 0,
	SEARCH_MISSING,      /* no index there (yet) */
	SEARCH_CORRUPT,
	SEARCH_LOCKED,       /* another writer */
	SEARCH_FULL,         /* no space left */
	SEARCH_FAILED,
};

struct search_document {
	int64_t topic_id;
	const char *language;        /* "fr" or "en": which stemmer */
	const char *title;
	const char *question;        /* plain words, no markup */
	const char *answers;
	const char *const *tags;
	size_t tag_count;
	int64_t category_id;
	int64_t created_at;          /* microseconds */
	bool is_solved;
};

struct search_writer;
enum search_result search_writer_open(const char *directory, struct search_writer **out);
enum search_result search_writer_put(struct search_writer *writer,
				     const struct search_document *document);
enum search_result search_writer_remove(struct search_writer *writer, int64_t topic_id);
enum search_result search_writer_commit(struct search_writer *writer);
void search_writer_close(struct search_writer *writer);

struct search_reader;
enum search_result search_reader_open(const char *directory, struct search_reader **out);
void search_reader_close(struct search_reader *reader);

#define SEARCH_HITS_MAX 50
#define SEARCH_QUERY_MAX_BYTES 500
#define SEARCH_OFFSET_MAX 1000

struct search_hits {
	int64_t topic_ids[SEARCH_HITS_MAX];
	size_t count;
	size_t estimate;             /* how many in all, about */
};

/*
 * words: what the person typed; never an error, at worst no hits. Accents and
 * case do not matter. limit <= SEARCH_HITS_MAX, offset <= SEARCH_OFFSET_MAX.
 */
enum search_result search_query(struct search_reader *reader, const char *words,
				const char *language, size_t offset, size_t limit,
				struct search_hits *out);

/* Topics like this one, best first, without itself. */
enum search_result search_similar(struct search_reader *reader, int64_t topic_id,
				  size_t limit, struct search_hits *out);

enum search_result search_count(struct search_reader *reader, size_t *documents);

const char *search_result_name(enum search_result result);

#ifdef __cplusplus
}
#endif
#endif
