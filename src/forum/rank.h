/*
 * Ranks: the reward, beside trust, which is rights. A ladder says what each thing done
 * here weighs; the weighted sum is a person's points. A rank has a least number of
 * points and conditions that must all hold as well. Whoever fulfils several has the
 * highest. Administrators write the ladder as lines:
 *
 *	# a comment
 *	points: questions 1, replies 2, articles 10, accepted 15, thanks 4
 *	Nouvelle tête | Newcomer | 0
 *	Voix active | Active voice | 100 | age_days >= 7, replies >= 5
 *
 * The words are those of figure_text. Every version is kept; the newest is in force,
 * for everybody and for all that was ever done.
 */
#ifndef FORUM_RANK_H
#define FORUM_RANK_H

#include "forum/figure.h"

#define RANKS_MAX        20
#define RANK_NAME_MAX    40
#define RANK_NUMBER_MAX  1000000
#define RANK_TEXT_MAX    8000 /* bytes */
#define RANK_HISTORY_MAX 20

struct rank {
	const char *name_fr, *name_en;
	int64_t points;
	int64_t least[FIGURE_COUNT]; /* 0: no condition */
};
struct ladder {
	int64_t id;
	const char *text;
	int64_t weights[FIGURE_COUNT];
	struct rank ranks[RANKS_MAX]; /* from the lowest; the first is everybody's */
	size_t count;
};

/*
 * Reads a ladder from its text. False: *line (from 1; 0: the whole) and *problem, a
 * sentence, translated, say what is wrong. Names live in the arena.
 */
bool rank_parse(struct arena *arena, const char *text, struct ladder *out, int *line,
		const char **problem);

/* Pure: the points, and the rank that they and the conditions reach (never NULL). */
int64_t rank_points(const struct ladder *ladder, const struct figures *figures);
const struct rank *rank_reached(const struct ladder *ladder, const struct figures *figures);
/* The one above, or NULL. */
const struct rank *rank_above(const struct ladder *ladder, const struct rank *rank);
/* From 1, the lowest. */
int rank_position(const struct ladder *ladder, const struct rank *rank);
const char *rank_name(const struct rank *rank, const char *language);

/* id 0: the one in force. ERR_NOT_FOUND. */
enum err ladder_load(struct ctx *ctx, int64_t id, struct ladder *out) MUST_CHECK;

struct ladder_version {
	int64_t id, created_at;
	const char *editor, *reason; /* "": the ladder that came with the program */
};
enum err ladder_history(struct ctx *ctx, struct ladder_version **out, size_t *count) MUST_CHECK;

/*
 * Puts a ladder in force; everybody's rank is then worked out anew by the worker.
 * follows_id: the version the editor saw. For administrators.
 * ERR_INVALID: a line cannot be read; ERR_CONFLICT: somebody changed it meanwhile.
 */
enum err ladder_change(struct ctx *ctx, const char *text, int64_t follows_id,
		       const char *reason) MUST_CHECK;

#endif
