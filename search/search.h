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
#define SEARCH_NOEXCEPT noexcept
#else
#define SEARCH_NOEXCEPT
#endif

enum search_result {
	SEARCH_OK = 0,
	SEARCH_MISSING, /* no index there (yet) */
	SEARCH_CORRUPT,
	SEARCH_LOCKED, /* another writer */
	SEARCH_FULL,   /* no space left on the disk */
	SEARCH_FAILED, /* anything else */
};

struct search_document {
	int64_t topic_id;
	const char *language; /* "fr" or "en": which stemmer */
	const char *title;
	const char *question; /* plain words, no markup */
	const char *answers;
	const char *const *tags;
	size_t tag_count;
	int64_t category_id;
	int64_t created_at; /* microseconds */
	bool is_solved;
};

/*
 * The writer. What was put or removed is seen by readers after a commit, which
 * costs some 20 ms: put many, commit once. Closing commits too, but cannot say
 * whether it worked. Putting a topic again replaces it. After a failure the
 * writer is good only for being closed; what was committed before stands.
 * SEARCH_LOCKED: another process (or this one) has it open for writing.
 * SEARCH_CORRUPT: only search_writer_create helps, and filling it anew.
 */
struct search_writer;
enum search_result search_writer_open(const char *directory,
				      struct search_writer **out) SEARCH_NOEXCEPT;
/* An empty index, in the place of whatever is there. */
enum search_result search_writer_create(const char *directory,
					struct search_writer **out) SEARCH_NOEXCEPT;
enum search_result search_writer_put(struct search_writer *writer,
				     const struct search_document *document) SEARCH_NOEXCEPT;
enum search_result search_writer_remove(struct search_writer *writer,
					int64_t topic_id) SEARCH_NOEXCEPT;
enum search_result search_writer_commit(struct search_writer *writer) SEARCH_NOEXCEPT;
void search_writer_close(struct search_writer *writer) SEARCH_NOEXCEPT;

/*
 * The reader. Opening needs no index yet: each question looks for the newest
 * state itself, and answers SEARCH_MISSING until there is one.
 */
struct search_reader;
enum search_result search_reader_open(const char *directory,
				      struct search_reader **out) SEARCH_NOEXCEPT;
void search_reader_close(struct search_reader *reader) SEARCH_NOEXCEPT;

#define SEARCH_HITS_MAX        50
#define SEARCH_QUERY_MAX_BYTES 500
#define SEARCH_OFFSET_MAX      1000

struct search_hits {
	int64_t topic_ids[SEARCH_HITS_MAX];
	size_t count;
	size_t estimate; /* how many in all, about */
};

/*
 * words: what the person typed; never an error, at worst no hits; cut after
 * SEARCH_QUERY_MAX_BYTES. Accents and case do not matter, nor does wi-fi, wifi or
 * wi fi. Topics with all the words come first, then those with some; words in the
 * title count most. language ("fr", "en") chooses the stemmer; words of another
 * language are found as they are written.
 * Larger limits and offsets than SEARCH_HITS_MAX and SEARCH_OFFSET_MAX are cut.
 */
enum search_result search_query(struct search_reader *reader, const char *words,
				const char *language, size_t offset, size_t limit,
				struct search_hits *out) SEARCH_NOEXCEPT;

/* Topics like this one, best first, without itself; none if it is not indexed. */
enum search_result search_similar(struct search_reader *reader, int64_t topic_id, size_t limit,
				  struct search_hits *out) SEARCH_NOEXCEPT;

enum search_result search_count(struct search_reader *reader, size_t *documents) SEARCH_NOEXCEPT;

const char *search_result_name(enum search_result result) SEARCH_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
