/*
 * Words that stand for each other in searches: the lists that administrators
 * write, their history, and the newest of them in the form that search/ takes.
 * Whoever searches asks for the newest in the same round trip as everything else,
 * so a change is in force at the next search of every process.
 */
#ifndef FORUM_SYNONYMS_H
#define FORUM_SYNONYMS_H

#include "base/ctx.h"

struct rows;
struct search_explained;
struct search_synonyms;

/*
 * What a process keeps between searches: the newest lists, parsed once. Begins
 * zeroed; parsed is NULL while the lists that come with the program are in force,
 * which is what search/ takes NULL for.
 */
struct synonyms_in_use {
	struct search_synonyms *parsed;
	int64_t version;
};
/* Queues a statement, which gives a row only when there is another version. */
void synonyms_add(struct ctx *ctx, const struct synonyms_in_use *in_use, struct rows *rows);
/* After db_run. */
void synonyms_take(struct synonyms_in_use *in_use, struct rows *rows);
void synonyms_release(struct synonyms_in_use *in_use);

/* The lists as they are written. */
struct synonym_lists {
	int64_t id;                   /* 0: nothing was ever changed */
	const char *french, *english; /* those that come with the program, if is_default */
	bool is_default;
	const char *author_name;
	int64_t created_at;
};

#define SYNONYM_HISTORY_SHOWN 20

struct synonym_history {
	struct synonym_lists newest;
	struct synonym_lists shown; /* the one asked for */
	/* Newest first, without their texts; the last entry is the program's own. */
	struct synonym_lists versions[SYNONYM_HISTORY_SHOWN];
	size_t count;
	int64_t previous_id; /* what undo brings back, 0 the program's own */
	bool can_undo;
};
/*
 * For the page on which they are changed. shown_id: 0 for the newest.
 * ERR_NOT_FOUND: there is no such version. ERR_FORBIDDEN: not for this actor.
 */
enum err synonyms_load(struct ctx *ctx, int64_t shown_id, struct synonym_history *out) MUST_CHECK;

struct synonym_change {
	const char *french, *english;
	bool is_default;     /* back to those that come with the program */
	int64_t restored_id; /* not 0: what that version said, instead of the texts */
	int64_t follows_id;  /* the newest version that the person saw */
	const char *form_key;
};
/*
 * ERR_INVALID:  a line cannot be read (field "french" or "english"), or too long.
 * ERR_CONFLICT: somebody else changed the lists meanwhile.
 */
enum err synonyms_change(struct ctx *ctx, const struct synonym_change *change) MUST_CHECK;

/*
 * What lists would make of somebody's words, without saving them: *french and
 * *english by the list of that language. Errors as of synonyms_change.
 */
enum err synonyms_try(struct ctx *ctx, const struct synonym_change *change, const char *words,
		      struct search_explained *french, struct search_explained *english) MUST_CHECK;

#endif
