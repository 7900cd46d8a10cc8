/*
 * What the tests of mirrors start from: a source, and events about its items, written
 * in one line each.
 */
#ifndef TESTS_MIRROR_FIXTURE_H
#define TESTS_MIRROR_FIXTURE_H

#include "forum_fixture.h"

#include "forum/mirror_work.h"

/* Times of events: seconds after FORUM_DAY_ONE. */
#define AT(seconds) (FORUM_DAY_ONE + (seconds)*CLOCK_SECOND)

/* A new source of its own, of the connector "facebook". */
struct mirror mirror_fixture(struct ctx *ctx);

/* Events about a post or a comment, made at creation time AT(1). text NULL: not told. */
struct source_event mirror_post(const char *key, const char *text);
struct source_event mirror_comment(const char *root, const char *parent, const char *key,
				   const char *text);
struct source_event mirror_event(enum event_kind kind, struct source_event item);
struct source_event confirmed(struct source_event event, int64_t at);
struct source_event hinted(struct source_event event, int64_t at);

void mirror_apply_one(struct ctx *ctx, const struct mirror *mirror, struct source_event event);

/*
 * What is shown, one item a line in the order of keys: "key|parent's text|author|text".
 * Lives in the context's arena.
 */
const char *mirror_shown(struct ctx *ctx, const struct mirror *mirror);
int64_t mirror_count(struct ctx *ctx, const struct mirror *mirror, const char *sql);
/* No derived value differs from its source. */
void assert_checks_clean(struct ctx *ctx);

#endif
