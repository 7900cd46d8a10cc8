/*
 * Each counter has a single writer, so a relaxed load and store is enough: no
 * locked instruction on the way of a request. A reader may see one request
 * counted in one place and not yet in the other; a scrape does not mind.
 */
#include "http/metrics.h"

#include <assert.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Changes with the layout below, so that no binary reads another's numbers. */
#define LAYOUT_MAGIC 0x656e747261696402u

typedef _Atomic uint64_t counter_type;

struct metrics_slot {
	counter_type requests[METRICS_ROUTES][METRICS_STATUSES];
	counter_type latency[METRICS_BUCKETS + 1];
	counter_type latency_sum_us, count, statements, round_trips;
};

struct shared {
	uint64_t magic, size;
	counter_type restarts[METRICS_POOLS];
	/* Pages of slots that nobody ever had are not touched and cost nothing. */
	counter_type is_used[METRICS_POOLS][METRICS_POOL_SLOTS];
	struct metrics_slot slots[METRICS_POOLS][METRICS_POOL_SLOTS];
};

struct metrics {
	int fd;
	struct shared *shared;
};

const int metrics_status_codes[METRICS_STATUSES] = {
	200, 201, 202, 204, 301, 302, 303, 304, 308, 400, 401, 403,
	404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 503, 0,
};

const int64_t metrics_bucket_bounds_us[METRICS_BUCKETS] = {
	500,    1000,   2000,   5000,    10000,   20000,   50000,
	100000, 200000, 500000, 1000000, 2000000, 5000000,
};

static struct metrics *map(int fd)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));

	if (metrics == NULL)
		return NULL;
	void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		free(metrics);
		return NULL;
	}
	metrics->fd = fd;
	metrics->shared = memory;
	return metrics;
}

struct metrics *metrics_new(void)
{
	int fd = memfd_create("entraide-metrics", MFD_CLOEXEC);

	if (fd < 0)
		return NULL;
	struct metrics *metrics = ftruncate(fd, sizeof(struct shared)) == 0 ? map(fd) : NULL;
	if (metrics == NULL) {
		close(fd);
		return NULL;
	}
	metrics->shared->magic = LAYOUT_MAGIC;
	metrics->shared->size = sizeof(struct shared);
	return metrics;
}

struct metrics *metrics_attach(int fd)
{
	struct stat found;

	/* The size first: a shorter memory would be a bus error, not a value. */
	if (fstat(fd, &found) != 0 || found.st_size != (off_t)sizeof(struct shared))
		return NULL;
	struct metrics *metrics = map(fd);
	if (metrics == NULL)
		return NULL;
	if (metrics->shared->magic != LAYOUT_MAGIC ||
	    metrics->shared->size != sizeof(struct shared)) {
		munmap(metrics->shared, sizeof(struct shared));
		free(metrics);
		return NULL;
	}
	return metrics;
}

int metrics_fd(const struct metrics *metrics)
{
	return metrics->fd;
}

void metrics_free(struct metrics *metrics)
{
	if (metrics == NULL)
		return;
	munmap(metrics->shared, sizeof(struct shared));
	close(metrics->fd);
	free(metrics);
}

struct metrics_slot *metrics_slot(struct metrics *metrics, size_t pool, size_t index)
{
	assert(pool < METRICS_POOLS && index < METRICS_POOL_SLOTS);
	atomic_store_explicit(&metrics->shared->is_used[pool][index], 1, memory_order_relaxed);
	return &metrics->shared->slots[pool][index];
}

static void add(counter_type *counter, int64_t amount)
{
	if (amount <= 0)
		return;
	uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
	atomic_store_explicit(counter, now + (uint64_t)amount, memory_order_relaxed);
}

static uint64_t read_counter(const counter_type *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static size_t status_index(int status)
{
	size_t index = 0;

	while (index < METRICS_STATUSES - 1 && metrics_status_codes[index] != status)
		index++;
	return index;
}

static size_t bucket_index(int64_t duration_us)
{
	size_t index = 0;

	while (index < METRICS_BUCKETS && duration_us > metrics_bucket_bounds_us[index])
		index++;
	return index;
}

void metrics_count(struct metrics_slot *slot, struct metrics_sample sample)
{
	size_t route = sample.route < METRICS_ROUTES ? sample.route : METRICS_ROUTES - 1;

	add(&slot->requests[route][status_index(sample.status)], 1);
	add(&slot->latency[bucket_index(sample.duration_us)], 1);
	add(&slot->latency_sum_us, sample.duration_us);
	add(&slot->count, 1);
	add(&slot->statements, sample.statements);
	add(&slot->round_trips, sample.round_trips);
}

uint64_t metrics_slot_requests(const struct metrics_slot *slot)
{
	return read_counter(&slot->count);
}

void metrics_count_restart(struct metrics *metrics, size_t pool)
{
	assert(pool < METRICS_POOLS);
	add(&metrics->shared->restarts[pool], 1);
}

static void sum_slot(const struct metrics_slot *slot, size_t pool, struct metrics_totals *out)
{
	for (size_t route = 0; route < METRICS_ROUTES; route++)
		for (size_t status = 0; status < METRICS_STATUSES; status++)
			out->requests[route][status] += read_counter(
				&slot->requests[route][status]);
	for (size_t i = 0; i <= METRICS_BUCKETS; i++)
		out->pools[pool].latency[i] += read_counter(&slot->latency[i]);
	out->pools[pool].latency_sum_us += read_counter(&slot->latency_sum_us);
	out->pools[pool].requests += read_counter(&slot->count);
	out->pools[pool].statements += read_counter(&slot->statements);
	out->pools[pool].round_trips += read_counter(&slot->round_trips);
}

void metrics_sum(const struct metrics *metrics, struct metrics_totals *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t pool = 0; pool < METRICS_POOLS; pool++) {
		for (size_t i = 0; i < METRICS_POOL_SLOTS; i++)
			if (read_counter(&metrics->shared->is_used[pool][i]) != 0)
				sum_slot(&metrics->shared->slots[pool][i], pool, out);
		out->pools[pool].restarts = read_counter(&metrics->shared->restarts[pool]);
	}
}
