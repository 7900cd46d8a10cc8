/*
 * Cards: the picture of a thread that other sites show beside its address. Drawn by the
 * worker when somebody first asks for it, kept with what it shows, and made anew when that
 * changes. What a card shows has a version, which stands in its address: so whoever has one
 * may keep it for ever.
 */
#ifndef FORUM_CARD_H
#define FORUM_CARD_H

#include "forum/topic.h"

#define CARD_WIDTH  1200
#define CARD_HEIGHT 630

struct card_words {
	const char *brand, *title, *state; /* state: "Solved ✓", or "" */
	const char *ground, *ink, *accent; /* "#rrggbb" */
};

/* What the topic's card shows now; in the topic's own language as far as we speak it. */
struct card_words card_words_of(struct ctx *ctx, const struct topic *topic);
/* Twelve letters that are others when the words or the colours are. */
const char *card_version(struct ctx *ctx, const struct card_words *words);

/* As it was drawn last. *png is NULL: not yet. */
struct card {
	const char *version, *png;
	size_t length;
};
enum err card_load(struct ctx *ctx, int64_t topic_id, struct card *out) MUST_CHECK;
/* Has it drawn, soon. However many ask, it is drawn once. */
enum err card_ask(struct ctx *ctx, int64_t topic_id) MUST_CHECK;
/* The worker's. */
enum err card_store(struct ctx *ctx, int64_t topic_id, const struct card *card) MUST_CHECK;

#endif
