/*
 * One process a node. It listens to the database and asks what has become visible since
 * the last time it asked, so nothing is passed over, in whatever order transactions end.
 *
 * A page may have been made just before a change and come into the store just after it was
 * taken away. So what was taken away is taken away again: after REPEAT_MS, when nothing that
 * old is stored any more (the program forbids it for what it made in more than SHARED_MADE_MS,
 * web/shared_page.h; nginx stores the rest within milliseconds), and once more much later,
 * for a machine that stood still.
 *
 * What was missed, while this process or the database was away, is not looked for: a new
 * connection begins with a new generation. When the process ends nothing is kept.
 */
#include "jobs/page_cache.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/page_change.h"
#include "jobs/page_store.h"
#include "jobs/slot.h"

#define PAGE_CACHE_MEMORY ((size_t)64 * 1024 * 1024)
#define REPEAT_MS         700
#define REPEAT_LATE_MS    5000
/* A process that had not yet heard of new settings has by then. */
#define AGAIN_MS          1000
#define LOOK_MS           2000
/* What waits to be repeated; more in so little time is a new generation. */
#define REPEATS_MAX       64
/* Of one look. Past it everything anew is cheaper. */
#define ADDRESSES_MAX     2000

struct repeat {
	int64_t born, at; /* monotonic */
	int after_ms;
	char seen[PAGE_SEEN_MAX];
};

struct page_cache {
	struct page_store store;
	int64_t connection;
	char seen[PAGE_SEEN_MAX];
	struct repeat repeats[REPEATS_MAX];
	size_t repeat_count;
	int64_t again_at; /* monotonic; 0: not */
};

/*
 * What came shortly after is repeated together with what came first, a little later: so
 * much goes on at once on a large site that each for itself would be too many.
 */
static void add_repeat(struct ctx *ctx, struct page_cache *cache, const char *seen, int after_ms)
{
	const int64_t now = clock_monotonic(), after = after_ms * (CLOCK_SECOND / 1000);
	struct repeat *repeat;

	for (size_t i = 0; i < cache->repeat_count; i++) {
		repeat = &cache->repeats[i];
		if (repeat->after_ms == after_ms && now - repeat->born < after / 8) {
			repeat->at = now + after;
			return;
		}
	}
	if (cache->repeat_count == REPEATS_MAX) {
		page_store_begin(ctx, &cache->store, "much at once");
		return;
	}
	repeat = &cache->repeats[cache->repeat_count++];
	*repeat = (struct repeat){ .born = now, .at = now + after, .after_ms = after_ms };
	snprintf(repeat->seen, sizeof(repeat->seen), "%s", seen);
}

/* "/t/12-title", "/t/12-title?page=2"… */
static void add_addresses(struct ctx *ctx, const struct page_change *change, const char **out,
			  size_t *count)
{
	for (int64_t page = 1; page <= change->pages && *count < ADDRESSES_MAX; page++)
		out[(*count)++] = page == 1 ? change->address
					    : arena_printf(ctx->arena, "%s?page=%lld",
							   change->address, (long long)page);
}

static void take_away(struct ctx *ctx, struct page_cache *cache, const struct page_change *changes,
		      size_t count)
{
	const char **addresses = arena_array_of(ctx->arena, ADDRESSES_MAX, const char *);
	size_t address_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (changes[i].kind == PAGE_ALL)
			continue;
		add_addresses(ctx, &changes[i], addresses, &address_count);
	}
	if (address_count == ADDRESSES_MAX)
		page_store_begin(ctx, &cache->store, "much changed");
	else if (address_count > 0 && !page_store_purge(ctx, addresses, address_count))
		page_store_begin(ctx, &cache->store, "nginx could not be told");
}

static bool has_all(const struct page_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].kind == PAGE_ALL)
			return true;
	return false;
}

/* *seen becomes what is seen now. */
static enum err take_away_new(struct ctx *ctx, struct page_cache *cache, const char *since,
			      char *seen, size_t *count)
{
	struct page_change *changes;

	TRY(page_changes_since(ctx, since, seen, &changes, count));
	if (has_all(changes, *count)) {
		page_store_begin(ctx, &cache->store, "everything changed");
		cache->again_at = clock_monotonic() + AGAIN_MS * (CLOCK_SECOND / 1000);
	} else if (*count >= PAGE_CHANGES_MAX) {
		page_store_begin(ctx, &cache->store, "much changed");
	} else {
		take_away(ctx, cache, changes, *count);
	}
	return OK;
}

/* What was everything needs no repeating: pages of a generation were made after it began. */
static enum err take_away_again(struct ctx *ctx, struct page_cache *cache, const char *since)
{
	struct page_change *changes;
	char seen[PAGE_SEEN_MAX];
	size_t count;

	TRY(page_changes_since(ctx, since, seen, &changes, &count));
	if (count < PAGE_CHANGES_MAX)
		take_away(ctx, cache, changes, count);
	else
		page_store_begin(ctx, &cache->store, "much changed");
	return OK;
}

/* What was due: the list keeps those that are not. */
static enum err repeat_due(struct ctx *ctx, struct page_cache *cache)
{
	int64_t now = clock_monotonic();
	size_t kept = 0;

	if (cache->again_at && cache->again_at <= now) {
		page_store_begin(ctx, &cache->store, "settings are everywhere");
		cache->again_at = 0;
	}

	for (size_t i = 0; i < cache->repeat_count; i++) {
		if (cache->repeats[i].at <= now)
			TRY(take_away_again(ctx, cache, cache->repeats[i].seen));
		else
			cache->repeats[kept++] = cache->repeats[i];
	}
	cache->repeat_count = kept;
	return OK;
}

/*
 * What is seen is read before the new generation begins, so that no change falls between;
 * the settings that other processes keep may be old for a moment, so it is begun again.
 */
static enum err begin(struct ctx *ctx, struct page_cache *cache)
{
	struct page_change *none;
	size_t count;

	cache->connection = 0;
	cache->repeat_count = 0;
	TRY(page_changes_since(ctx, "", cache->seen, &none, &count));
	page_store_begin(ctx, &cache->store, "start");
	cache->again_at = clock_monotonic() + AGAIN_MS * (CLOCK_SECOND / 1000);
	cache->connection = db_connection_number(ctx->db);
	return OK;
}

static enum err step(struct ctx *ctx, void *state, bool *worked)
{
	struct page_cache *cache = state;
	char before[PAGE_SEEN_MAX];
	size_t count;

	*worked = false;
	if (cache->connection != db_connection_number(ctx->db))
		return begin(ctx, cache);
	TRY(repeat_due(ctx, cache));
	snprintf(before, sizeof(before), "%s", cache->seen);
	TRY(take_away_new(ctx, cache, before, cache->seen, &count));
	if (count > 0) {
		add_repeat(ctx, cache, before, REPEAT_MS);
		add_repeat(ctx, cache, before, REPEAT_LATE_MS);
	}
	return OK;
}

static int wait_ms(const void *state)
{
	const struct page_cache *cache = state;
	int64_t now = clock_monotonic(), wait = LOOK_MS * (CLOCK_SECOND / 1000);

	for (size_t i = 0; i < cache->repeat_count; i++)
		if (cache->repeats[i].at - now < wait)
			wait = cache->repeats[i].at - now;
	if (cache->again_at && cache->again_at - now < wait)
		wait = cache->again_at - now;
	return wait > 0 ? (int)(wait / (CLOCK_SECOND / 1000)) + 1 : 1;
}

static struct ctx ctx_at_end(const struct config *config)
{
	return (struct ctx){ .arena = arena_new(PAGE_CACHE_MEMORY),
			     .config = config,
			     .actor = &actor_system,
			     .language = "en",
			     .request_id = "pages",
			     .now = clock_now() };
}

static void end(const struct supervisor_worker *worker, const struct page_store *store)
{
	struct ctx ctx = ctx_at_end(worker->pool->data);

	page_store_end(&ctx, store);
	arena_free(ctx.arena);
}

void page_cache_off(const struct config *config)
{
	struct ctx ctx = ctx_at_end(config);

	page_store_close(&ctx);
	arena_free(ctx.arena);
}

int page_cache_work(const struct supervisor_worker *worker)
{
	struct page_cache cache = { 0 };
	const struct slot slot = {
		.worker = worker,
		.name = "pages",
		.channels = { "pages" },
		.poll_seconds = LOOK_MS / 1000,
		.wait_ms = wait_ms,
		.memory_max_bytes = PAGE_CACHE_MEMORY,
		.step = step,
		.state = &cache,
	};
	int status = slot_work(&slot);

	end(worker, &cache.store);
	return status;
}
