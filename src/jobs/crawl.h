/*
 * Follows nginx's lean log: counts who crawls what, checks whether they are who they say,
 * and adds the views that the program has not heard of. forum/crawl.h is what is kept.
 */
#ifndef JOBS_CRAWL_H
#define JOBS_CRAWL_H

#include "forum/crawl.h"
#include "http/supervisor.h"

/* At most so many bytes of the log in a round: some thousand lines. */
#define CRAWL_ROUND_BYTES  ((size_t)256 * 1024)
/* At most so many networks in a round; of more, nothing is known. */
#define CRAWL_ROUND_CLAIMS 256
/* At most so many of them are looked up in it. */
#define CRAWL_ROUND_HOSTS  24

/* What a process remembers between two rounds. All noughts at first. */
struct crawl_follower {
	bool is_loaded;
	struct crawl_log log;
	char node[CRAWL_NODE_MAX + 1];
	const char *trouble; /* as it was written down last: "", "missing", "refused" */
	int64_t looked_at;   /* when; monotonic */
	int64_t hosts_after; /* until then nobody is looked up; monotonic */
};

/*
 * One round, for tests too. *worked: there is more to read. A log that cannot be read is
 * no error, but the trouble that the administrators' page shows.
 */
enum err crawl_round(struct ctx *ctx, struct crawl_follower *follower, bool *worked) MUST_CHECK;

/* Work of a pool of one process a node; pool->data is the const struct config. */
int crawl_work(const struct supervisor_worker *worker);

#endif
