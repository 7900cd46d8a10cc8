/*
 * Counters of all workers in one piece of shared memory. The supervisor makes
 * it, each worker writes its own slot only, and whoever is asked for /metrics
 * sums the slots. A slot belongs to a place in a pool, not to a process: the
 * next worker there counts on, so counters never go back, also not over a reload
 * with a new binary (the memory is a memfd that is handed on).
 *
 * It knows numbers only; names of routes and the text page are web/'s.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "base/base.h"

#define METRICS_ROUTES     384 /* the last one takes what has no route */
#define METRICS_STATUSES   24
#define METRICS_BUCKETS    13
#define METRICS_POOLS      4
#define METRICS_POOL_SLOTS 32 /* most workers in one pool */

/* The statuses counted one by one; the last entry, 0, takes all others. */
extern const int metrics_status_codes[METRICS_STATUSES];

/* Upper bounds of the latency histogram, in microseconds; one more is +Inf. */
extern const int64_t metrics_bucket_bounds_us[METRICS_BUCKETS];

struct metrics;      /* the whole memory */
struct metrics_slot; /* one worker's part */

/* NULL when the system refuses the memory. */
struct metrics *metrics_new(void);

/*
 * Takes over the memory behind fd, as metrics_fd gave it to another process.
 * NULL when it is not laid out like ours (an older or newer binary).
 */
struct metrics *metrics_attach(int fd);
int metrics_fd(const struct metrics *metrics);
void metrics_free(struct metrics *metrics);

/* pool below METRICS_POOLS, index below METRICS_POOL_SLOTS. Never NULL. */
struct metrics_slot *metrics_slot(struct metrics *metrics, size_t pool, size_t index);

/* What one request was; by the worker that owns the slot, and nobody else. */
struct metrics_sample {
	size_t route; /* index in the table of routes */
	int status;
	int64_t duration_us;
	int64_t statements; /* SQL statements, and how often we waited for them */
	int64_t round_trips;
};
void metrics_count(struct metrics_slot *slot, struct metrics_sample sample);

/* Requests counted in the slot so far, by all workers that had it. */
uint64_t metrics_slot_requests(const struct metrics_slot *slot);

/* By the supervisor: a worker of this pool died and was not asked to. */
void metrics_count_restart(struct metrics *metrics, size_t pool);

struct metrics_totals {
	uint64_t requests[METRICS_ROUTES][METRICS_STATUSES];
	struct {
		uint64_t latency[METRICS_BUCKETS + 1]; /* not cumulative */
		uint64_t latency_sum_us;
		uint64_t requests, statements, round_trips, restarts;
	} pools[METRICS_POOLS];
};

/* Sums all slots. About 25 kB: give it memory of the arena, not of the stack. */
void metrics_sum(const struct metrics *metrics, struct metrics_totals *out);

#endif
