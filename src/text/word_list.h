/*
 * Lists of words and phrases, looked for in a text all at once (Aho and Corasick):
 * the time grows with the text, not with the lists. Whole words only: "cul" is
 * not in "calcul". "arnaqu*" is every word that begins so. An exception is a phrase
 * inside which a word does not count: "cul de sac". Accents, case, look-alike
 * letters and digits for letters are read through (word_fold.h).
 */
#ifndef TEXT_WORD_LIST_H
#define TEXT_WORD_LIST_H

#include "base/arena.h"

#define WORD_ENTRY_MAX_POINTS  100
#define WORD_ENTRY_MAX_WORDS   8
#define WORD_ENTRIES_MAX       50000
#define WORD_MATCHES_MAX       100
/* Before "*": a shorter beginning would catch half of a language. */
#define WORD_PREFIX_MIN_POINTS 3

/* For which texts an entry counts; a text's language is one of them. */
#define WORD_FRENCH  1u
#define WORD_ENGLISH 2u
#define WORD_ANY     3u

unsigned word_language(const char *language); /* "fr", "en"; else any */

struct word_entry {
	const char *text; /* must live as long as the matcher */
	int64_t list_id;
	unsigned languages;
	bool is_exception;
};

/*
 * One entry a line; empty lines and what follows "#" are left out. Entries that
 * have no letter, too many words, too many letters or a too short "…*" are refused:
 * *bad_line is the first such line from 1, else 0. At most WORD_ENTRIES_MAX.
 */
size_t word_list_parse(struct arena *arena, const char *lines, const struct word_entry *like,
		       struct word_entry **out, size_t *bad_line);

struct word_matcher;

/* The caller's; entries past WORD_ENTRIES_MAX are left out. Never NULL. */
struct word_matcher *word_matcher_new(const struct word_entry *entries, size_t count);
void word_matcher_free(struct word_matcher *matcher);

struct word_match {
	size_t start, end; /* bytes of the text, at characters' borders */
	const char *entry;
	int64_t list_id;
};

/* In the order of the text, at most WORD_MATCHES_MAX, one for each place and list. */
size_t word_matcher_find(const struct word_matcher *matcher, struct arena *arena, const char *text,
			 const char *language, struct word_match **out);

#endif
