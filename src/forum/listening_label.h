/*
 * Labelling: each week the worker draws a sample of the texts of the week before, people say
 * what each is, and of some two people independently. What that says of all texts:
 * listening_estimate.h. The sample names texts by their id and has no copy of them: what is
 * erased, withdrawn or held is out of it at once.
 */
#ifndef FORUM_LISTENING_LABEL_H
#define FORUM_LISTENING_LABEL_H

#include "forum/listening.h"
#include "forum/listening_estimate.h"
#include "forum/post.h"

enum listening_label {
	LISTENING_NEGATIVE,
	LISTENING_NEUTRAL,
	LISTENING_POSITIVE,
	LISTENING_OTHER, /* not about us */
	LISTENING_SKIPPED,
	LISTENING_LABEL_COUNT,
};
const char *listening_label_text(enum listening_label label); /* "negative" */
const char *listening_label_name(enum listening_label label); /* in English: show through _() */
bool listening_label_parse(const char *text, enum listening_label *out);

/* The worker's side ------------------------------------------------------------------------ */

/*
 * Draws the sample of a week, once; false in *drawn when there is one already, or nothing to
 * draw from. The same seed, texts and themes give the same sample.
 */
enum err listening_draw(struct ctx *ctx, int64_t week, uint64_t seed, bool *drawn) MUST_CHECK;
/* That of the week that ended last, with a seed of chance. */
enum err listening_draw_due(struct ctx *ctx) MUST_CHECK;

/* Labelling -------------------------------------------------------------------------------- */

/* Samples of so many weeks are still labelled. */
#define LISTENING_OPEN_WEEKS   4
/* What was labelled longer ago stays. */
#define LISTENING_UNDO_MINUTES 60

/* Without its author's name, and without a link that would show it. */
struct listening_task {
	int64_t text_id; /* 0: nothing is left for the actor */
	int64_t week;
	const char *title, *language, *source; /* source: "" for the forum */
	struct html_fragment body;
	bool is_question;
	int64_t done, needed; /* labels of its week: texts, and the second of some */
	bool can_undo;
};
/* wanted: a text to come first, or 0. One round trip. ERR_FORBIDDEN but for the team. */
enum err listening_task(struct ctx *ctx, int64_t wanted, struct listening_task *out) MUST_CHECK;
/* ERR_NOT_FOUND: no such text. A text that others have labelled meanwhile is left as it is. */
enum err listening_give_label(struct ctx *ctx, int64_t text_id, enum listening_label label,
			      const char *form_key) MUST_CHECK;
/* Takes the actor's newest label back; *text_id: whose it was, or 0. */
enum err listening_take_back(struct ctx *ctx, const char *form_key, int64_t *text_id) MUST_CHECK;

/* Results ---------------------------------------------------------------------------------- */

struct listening_week_share {
	int64_t drawn; /* texts of the sample that are still public; 0: no sample */
	struct listening_share share;
};
struct listening_results {
	struct listening_week_share weeks[LISTENING_WEEKS_MAX];
	int64_t labelled; /* in all these weeks */
	struct listening_confusion confusion;
	struct listening_kappa kappa;
	int64_t left; /* labels that open samples wait for */
};
/* Weeks from first_week on. One round trip. ERR_FORBIDDEN but for the team. */
enum err listening_results(struct ctx *ctx, int64_t first_week, size_t week_count,
			   struct listening_results *out) MUST_CHECK;

#endif
