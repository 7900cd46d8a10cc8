/*
 * The full-text index (Xapian) in plain C. Derived data: it can be dropped and
 * rebuilt from PostgreSQL at any time. One writer (the worker), many readers.
 * No exception leaves: every function catches, and answers with an enum
 * search_result. `DatabaseModifiedError` is met by reopening once.
 *
 * One document a topic or article, which knows the posts in it, so that a hit
 * points at the very answer. How hits are ranked stands in docs/search.md and, in
 * code, in ranking.hh alone.
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
	SEARCH_DENIED, /* no right to read or write there, or a disk that is read-only */
	SEARCH_FAILED, /* anything else */
};
const char *search_result_name(enum search_result result) SEARCH_NOEXCEPT;

/* What is found ------------------------------------------------------------- */

enum search_kind { SEARCH_TOPIC, SEARCH_ARTICLE };

/* A text inside a document: question, answer, or an article's body. */
struct search_post {
	int64_t id;       /* 0: the document itself */
	int64_t revision; /* the caller's; comes back with the hit, to see whether it is old */
	const char *text; /* plain words, no markup, paragraphs parted by \n */
	bool is_question; /* or the body of an article */
	bool is_accepted;
	bool is_official; /* by the brand's staff */
	int64_t score;    /* thanks and votes */
};

#define SEARCH_POSTS_MAX 300 /* further ones are not searched */

struct search_document {
	enum search_kind kind;
	int64_t id;
	int32_t audience;     /* who may see it: a number of the forum's; 0 everybody */
	const char *language; /* "fr", "en"; "": found out from the words */
	const char *title;
	const struct search_post *posts; /* the question first, then the best first */
	size_t post_count;
	const char *const *tags;
	size_t tag_count;
	const char *category_names; /* in all languages: words like others; may be "" */
	int64_t category_id, top_category_id;
	int64_t author_id;  /* 0: nobody's */
	const char *source; /* a lower-case word: "forum", "stackexchange", "facebook" … */
	int64_t created_at; /* microseconds, as all times here */
	int64_t active_at;
	int64_t score; /* of the question: thanks, "me too", votes */
	int64_t answer_count;
	bool is_solved;
	bool is_closed; /* or a duplicate: found, but below the one it is a duplicate of */
	int64_t stamp;  /* the caller's: differs when it would make another document now */
};

/*
 * The writer. What was put or removed is seen by readers after a commit, which
 * costs some 20 ms: put many, commit once. Closing commits too, but cannot say
 * whether it worked. Putting a document again replaces it. After a failure the
 * writer is good only for being closed; what was committed before stands.
 * SEARCH_LOCKED: another process (or this one) has it open for writing.
 * SEARCH_CORRUPT: only search_writer_create helps, and filling it anew.
 */
struct search_writer;
enum search_result search_writer_open(const char *directory,
				      struct search_writer **out) SEARCH_NOEXCEPT;
/* Never makes one: SEARCH_MISSING. */
enum search_result search_writer_open_living(const char *directory,
					     struct search_writer **out) SEARCH_NOEXCEPT;
/* An empty index, in the place of whatever is there. */
enum search_result search_writer_create(const char *directory,
					struct search_writer **out) SEARCH_NOEXCEPT;
enum search_result search_writer_put(struct search_writer *writer,
				     const struct search_document *document) SEARCH_NOEXCEPT;
enum search_result search_writer_remove(struct search_writer *writer, enum search_kind kind,
					int64_t id) SEARCH_NOEXCEPT;
enum search_result search_writer_commit(struct search_writer *writer) SEARCH_NOEXCEPT;
void search_writer_close(struct search_writer *writer) SEARCH_NOEXCEPT;

/*
 * A whole new index, made beside the living one and exchanged for it, with readers
 * looking on:
 *
 *	search_build_open      begins, or goes on after *position (0: from the start);
 *	                       generation: a number that was never used before; without a
 *	                       writer in *out all is there and waits for its exchange
 *	search_writer_put …    in any order that the caller can go on in
 *	search_build_commit    as often as it may have to be done again
 *	search_writer_close
 *	search_build_finish    packs it; may take a minute
 *	search_build_exchange  with no writer on the old one, which is removed
 *
 * Every step but put may be made again after a crash. SEARCH_LOCKED: somebody else
 * builds. What changes meanwhile is the caller's to put again.
 */
enum search_result search_build_open(const char *directory, int64_t generation,
				     struct search_writer **out, int64_t *position) SEARCH_NOEXCEPT;
enum search_result search_build_commit(struct search_writer *writer,
				       int64_t position) SEARCH_NOEXCEPT;
enum search_result search_build_finish(const char *directory, int64_t generation) SEARCH_NOEXCEPT;
enum search_result search_build_exchange(const char *directory, int64_t generation) SEARCH_NOEXCEPT;
/* Gives back the room that an unfinished one takes. */
void search_build_discard(const char *directory) SEARCH_NOEXCEPT;

/*
 * The reader. Opening needs no index yet: each question looks for the newest
 * state itself, and answers SEARCH_MISSING until there is one. It follows an index
 * that was swapped for another under the same name.
 */
struct search_reader;
enum search_result search_reader_open(const char *directory,
				      struct search_reader **out) SEARCH_NOEXCEPT;
void search_reader_close(struct search_reader *reader) SEARCH_NOEXCEPT;

/* What is asked --------------------------------------------------------------- */

#define SEARCH_QUERY_MAX_BYTES 500  /* the rest of what was typed is cut */
#define SEARCH_TEXT_MAX_BYTES  8000 /* of a whole question, for similar ones */
#define SEARCH_HITS_MAX        50
#define SEARCH_OFFSET_MAX      1000 /* a window: beyond it nothing is found */
#define SEARCH_TAGS_MAX        5
#define SEARCH_AUDIENCES_MAX   16

enum search_state { SEARCH_ANY_STATE, SEARCH_SOLVED, SEARCH_UNSOLVED, SEARCH_UNANSWERED };
enum search_sort { SEARCH_BEST, SEARCH_NEWEST, SEARCH_MOST_USEFUL };

/*
 * What hits have to be. Zero, "" and NULL ask nothing. The audiences are added by the forum, never
 * taken from what was typed; with none only audience 0 is found.
 */
struct search_filter {
	int32_t audiences[SEARCH_AUDIENCES_MAX]; /* besides 0 */
	size_t audience_count;
	bool has_kind;
	enum search_kind kind;
	int64_t category_id;               /* or one of its children */
	const char *tags[SEARCH_TAGS_MAX]; /* all of them */
	size_t tag_count;
	int64_t author_id;
	enum search_state state;
	const char *language, *source;
	int64_t after, before; /* created: after <= it < before */
};

/*
 * What a person typed, taken apart: known prefixes become filters, the rest stays
 * as words, with its phrases, minuses and ORs. Nothing is ever an error: "is:foo" or
 * an unclosed quotation mark are plain words.
 *   category:SLUG tag:NAME author:NAME is:solved|unsolved|unanswered|mine
 *   after:2025[-03[-14]] before:… lang:fr|en   (also: catégorie: auteur: est:résolu …)
 */
struct search_typed {
	char words[SEARCH_QUERY_MAX_BYTES + 1];
	char category[64];
	char tags[SEARCH_TAGS_MAX][64];
	size_t tag_count;
	char author[64];
	bool is_mine;
	enum search_state state;
	char language[3];
	int64_t after, before; /* in UTC */
};
void search_parse(const char *typed, struct search_typed *out) SEARCH_NOEXCEPT;

/*
 * Words that stand for each other, one group a line: "box, routeur, modem"; or for
 * one direction only: "4g => mobile, data". Lines that begin with # are comments.
 * Applied to questions, not to the index: a change needs no rebuild.
 */
#define SEARCH_SYNONYMS_MAX_BYTES ((size_t)64 * 1024)
struct search_synonyms;
/* *bad_line: the first line that cannot be read (from 1), or 0; the others count. */
enum search_result search_synonyms_parse(const char *french, const char *english,
					 struct search_synonyms **out, int *bad_french_line,
					 int *bad_english_line) SEARCH_NOEXCEPT;
void search_synonyms_free(struct search_synonyms *synonyms) SEARCH_NOEXCEPT;
/* The lists that come with the program, "fr" or "en". */
const char *search_synonyms_default(const char *language) SEARCH_NOEXCEPT;

/* What lists make of a question, for whoever writes them: its words that are looked for,
 * each with those that stand beside it. */
#define SEARCH_EXPLAINED_MAX 16
struct search_explained {
	struct {
		char words[80];
		char others[400]; /* "routeur, modem"; "" when there are none */
	} items[SEARCH_EXPLAINED_MAX];
	size_t count;
};
/* language: of the list to use, "fr" or "en". synonyms: NULL for the default lists. */
void search_synonyms_explain(const struct search_synonyms *synonyms, const char *words,
			     const char *language, struct search_explained *out) SEARCH_NOEXCEPT;

struct search_query {
	const char *words;    /* as in search_typed */
	const char *language; /* the reader's; words of the other language are found too */
	const struct search_synonyms *synonyms; /* or NULL: the default lists */
	struct search_filter filter;
	enum search_sort sort;
	size_t offset, limit;
	bool wants_snippets, wants_facets;
};

/* What comes back ----------------------------------------------------------- */

/* Stand before and after a match in titles and snippets; never part of a text. */
#define SEARCH_MARK_BEGIN '\x02'
#define SEARCH_MARK_END   '\x03'

struct search_hit {
	enum search_kind kind;
	int64_t id;
	int64_t post_id, post_revision; /* the text that matches best; 0: none, or the document's */
	bool is_post_question, is_post_accepted, is_post_official;
	/*
	 * With wants_snippets: plain text, with marks, of the index's time. Whoever
	 * shows it sees first that the post is visible and has this revision still.
	 */
	char title[640];
	char snippet[640]; /* of that post; "" if none */
	double weight;
};

/*
 * How many hits have each value. Of many more than SEARCH_FACETS_LOOK only about so many
 * are counted, spread over all: search_hits.is_exact is false then.
 */
#define SEARCH_FACETS_LOOK 500
#define SEARCH_FACETS_MAX  24
struct search_facet {
	int64_t value; /* category id, year */
	char name[24]; /* source, language */
	size_t count;
};
struct search_facets {
	struct search_facet categories[SEARCH_FACETS_MAX], years[SEARCH_FACETS_MAX],
		sources[SEARCH_FACETS_MAX], languages[SEARCH_FACETS_MAX];
	size_t category_count, year_count, source_count, language_count;
	size_t topics, articles;             /* of each kind */
	size_t solved, unsolved, unanswered; /* of the topics */
};

struct search_hits {
	struct search_hit items[SEARCH_HITS_MAX];
	size_t count;
	size_t estimate; /* how many in all, about; exact when is_exact */
	bool is_exact;
	struct search_facets facets;
	char correction[SEARCH_QUERY_MAX_BYTES + 1]; /* "did you mean"; "" if nothing better */
	bool is_corrected; /* nothing was found, so these are the correction's hits */
};

/*
 * Never an error for what was typed, at worst no hits. Accents and case do not
 * matter, nor does wi-fi, wifi or wi fi; "phrases", -not, OR and word* (three letters
 * or more) are known. Bounded in time whatever is typed: in words, in expansions,
 * in documents looked at. *out is large (some 80 kB): not for the stack.
 */
enum search_result search_run(struct search_reader *reader, const struct search_query *query,
			      struct search_hits *out) SEARCH_NOEXCEPT;

/* As you type: titles, the last word being unfinished. From two letters on. */
#define SEARCH_SUGGESTIONS_MAX 10
struct search_suggestion {
	enum search_kind kind;
	int64_t id;
	char title[640]; /* with marks */
	bool is_solved;
};
struct search_suggestions {
	struct search_suggestion items[SEARCH_SUGGESTIONS_MAX];
	size_t count;
};
enum search_result search_suggest(struct search_reader *reader, const char *typed,
				  const char *language, const struct search_filter *filter,
				  size_t limit, struct search_suggestions *out) SEARCH_NOEXCEPT;

/*
 * Documents that answer a whole question, title and body as written (plain words), for the ask
 * page. Hits come with snippets, of the solution where there is one.
 */
struct search_text {
	const char *title, *body;
	const char *language;
	const struct search_synonyms *synonyms; /* or NULL */
	struct search_filter filter;
	size_t limit;
};
enum search_result search_similar_text(struct search_reader *reader, const struct search_text *text,
				       struct search_hits *out) SEARCH_NOEXCEPT;

/* Documents like this one that everybody may see, best first, without itself, which
 * may be missing (then there are none); ids and weights only. */
enum search_result search_similar(struct search_reader *reader, enum search_kind kind, int64_t id,
				  size_t limit, struct search_hits *out) SEARCH_NOEXCEPT;

/*
 * The words of a text that carry its meaning: lower case, without accents, stemmed, without
 * stop words; each once, in the text's order. Needs no index. For counting and
 * comparing texts; not the index's own terms.
 */
#define SEARCH_KEYWORDS_MAX 24
struct search_keywords {
	char words[SEARCH_KEYWORDS_MAX][32];
	size_t count;
};
void search_keywords_of(const char *text, const char *language,
			struct search_keywords *out) SEARCH_NOEXCEPT;

/* About the index ------------------------------------------------------------ */

enum search_result search_count(struct search_reader *reader, size_t *documents) SEARCH_NOEXCEPT;

/* The living index, opened afresh. */
struct search_place {
	int64_t generation; /* 0: it was not built beside */
	size_t documents;
	uint64_t bytes;
	bool is_readable; /* else readers take it for missing: of an older program */
	bool is_current;  /* made with the words, stems and stop words of this program */
};
enum search_result search_look(const char *directory, struct search_place *out) SEARCH_NOEXCEPT;
/* Of the disk; 0 if it cannot be known. */
uint64_t search_free_bytes(const char *directory) SEARCH_NOEXCEPT;

/*
 * The documents as they stand, in an order of their own, for comparing: cursor is 0
 * at first, then what the call before left; *count < most: that was all.
 */
struct search_entry {
	enum search_kind kind;
	int64_t id, stamp;
};
enum search_result search_entries(struct search_reader *reader, uint32_t *cursor,
				  struct search_entry *out, size_t most,
				  size_t *count) SEARCH_NOEXCEPT;
enum search_result search_find_entries(struct search_reader *reader, enum search_kind kind,
				       const int64_t *ids, size_t count, struct search_entry *out,
				       bool *is_there) SEARCH_NOEXCEPT;

struct search_sorts {
	size_t documents, topics, articles, french, english;
};
enum search_result search_count_sorts(struct search_reader *reader,
				      struct search_sorts *out) SEARCH_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
