/*
 * Who crawls what: requests of programs that say who they are, counted from nginx's lean
 * log (http/crawl_line.h) by day, crawler, kind of page and answer. The same log says how
 * often threads and articles were shown that the program has not heard of; those are added
 * to its own counts of views (view_count.h). docs/crawlers.md says what is kept of whom.
 *
 * What was counted and how far the log has been read change in one transaction, so that
 * nothing is counted twice, whoever dies when.
 */
#ifndef FORUM_CRAWL_H
#define FORUM_CRAWL_H

#include "base/ctx.h"
#include "base/follow.h"
#include "http/crawl_line.h"

#define CRAWL_DAYS_KEPT    90
#define CRAWL_NODE_MAX     400
#define CRAWL_NETWORK_MAX  50
#define CRAWL_HOST_MAX     255
/* Rows that are kept of networks; of more, nothing is known. */
#define CRAWL_NETWORKS_MAX 5000

/* Is it who it says it is? */
enum crawl_verdict {
	CRAWL_VERIFIED,
	CRAWL_FALSE,
	CRAWL_UNKNOWN, /* not looked up, or DNS had no answer */
	CRAWL_NONE,    /* its maker gives no way to check */
	CRAWL_VERDICT_COUNT,
};
const char *crawl_verdict_text(enum crawl_verdict verdict); /* as in the database */
enum crawl_verdict crawl_verdict_from_text(const char *text);

/* "googlebot"; "other" of those that only say that they are one. */
const char *crawl_slug(const struct crawler *crawler);
bool crawl_can_be_checked(const struct crawler *crawler);

/* From where a crawler came, and what is known of it ------------------------------------- */

struct crawl_claim {
	const struct crawler *crawler;
	char network[CRAWL_NETWORK_MAX + 1]; /* "66.249.66.1/32", "2001:db8:1:2::/64" */
	const char *address;                 /* one of it */
	enum crawl_verdict verdict;
	bool is_known;    /* it stands in the table, and counts still */
	const char *host; /* for crawl_claims_store: its name in DNS, "" */
	int64_t requests;
};

/* Its address, or the /64 of an IPv6 one. False: it is no address. */
bool crawl_network_of(const char *address, char out[CRAWL_NETWORK_MAX + 1]) MUST_CHECK;

/* verdict and is_known of each. One statement. */
enum err crawl_claims_load(struct ctx *ctx, struct crawl_claim *claims, size_t count) MUST_CHECK;
/*
 * Keeps those that were looked up just now: a verdict for seven days, none for an hour.
 * Where the table is full, new ones are let go.
 */
enum err crawl_claims_store(struct ctx *ctx, const struct crawl_claim *claims,
			    size_t count) MUST_CHECK;

/* Counting, in memory --------------------------------------------------------------------- */

struct crawl_count {
	int64_t day; /* since 1970, UTC */
	const char *crawler;
	enum crawl_verdict verdict;
	enum crawl_kind kind;
	enum crawl_answer answer;
	bool is_kept;
	int64_t requests, bytes;
};
struct crawl_view {
	int64_t day, id, views;
};
/* Of one round; in the arena. */
struct crawl_counts {
	struct crawl_count *counts;
	struct crawl_view *topics, *articles; /* articles: of any day, day is 0 */
	size_t count, topic_count, article_count, most;
	int64_t lines, skipped;
	int64_t last_line_at;
};

/* Room for so many lines. */
void crawl_counts_init(struct crawl_counts *counts, struct arena *arena, size_t lines);
/* verdict: of a crawler; of a person's line it is not looked at. */
void crawl_counts_add(struct crawl_counts *counts, const struct crawl_line *line,
		      enum crawl_verdict verdict);

/* The log's place --------------------------------------------------------------------------- */

struct crawl_log {
	const char *node; /* "host:/path/of/the/log" */
	int64_t version;
	struct follow_place place;
};

/* A node that is not known yet becomes so: version 0, at the beginning. */
enum err crawl_log_load(struct ctx *ctx, const char *node, struct crawl_log *out) MUST_CHECK;

/*
 * Adds what was counted between log->place and place, and moves the place there; log is
 * what it is now. claims: those whose requests are added to their networks. Lines older
 * than CRAWL_DAYS_KEPT are let go.
 * ERR_CONFLICT: another process was faster; nothing was added, load the log again.
 */
enum err crawl_store(struct ctx *ctx, struct crawl_log *log, const struct follow_place *place,
		     const struct crawl_counts *counts, const struct crawl_claim *claims,
		     size_t claim_count) MUST_CHECK;

/* The counts alone, without a log or its views: what a demo had in the past. */
enum err crawl_counts_store(struct ctx *ctx, const struct crawl_counts *counts,
			    const struct crawl_claim *claims, size_t claim_count) MUST_CHECK;

/* The log was looked at just now; trouble: "" or why it could not be read. */
enum err crawl_log_looked(struct ctx *ctx, const char *node, const char *trouble) MUST_CHECK;

/* Every night: what has served its time. */
enum err crawl_forget(struct ctx *ctx) MUST_CHECK;

#endif
