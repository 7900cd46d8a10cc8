/*
 * Every derived value, beside the query that recomputes it: `entraide check` says
 * what differs, --repair mends it. Also what the nightly and frequent upkeep does.
 */
#ifndef FORUM_CHECK_H
#define FORUM_CHECK_H

#include "base/ctx.h"

struct check_result {
	const char *name;
	int64_t differing;
};
/* All checks; repairs when asked. *out has one entry a derived value. */
enum err check_run(struct ctx *ctx, bool repair, struct check_result **out,
		   size_t *count) MUST_CHECK;

/* The job "counts": categories, tags, top helpers of the last thirty days, the dashboards' newest figures. */
enum err counts_refresh(struct ctx *ctx) MUST_CHECK;
/* The job "purge": ended sessions, old tokens, form keys, throttles, sent mails. */
enum err upkeep_purge(struct ctx *ctx) MUST_CHECK;

#endif
