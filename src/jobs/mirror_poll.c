/*
 * Reading without being told: the backstop for notices that never came. The newest
 * posts and those that are talked about, often; what changed its number of comments
 * within a month, hourly; everything, slowly. And a backfill, which is all of it once.
 */
#include "jobs/mirror_reading.h"

#include "base/clock.h"
#include "base/log.h"

#define NEWEST_POSTS   25
#define ACTIVE_SINCE   (48 * CLOCK_HOUR)
#define ACTIVE_MAX     200
#define CHANGED_SINCE  (30 * CLOCK_DAY)
/* A worker was away: notices of that time may be lost. */
#define DOWNTIME       (30 * CLOCK_MINUTE)
#define OVERLAP        CLOCK_DAY
/* Everything is read again within this, a slice an hour. */
#define SWEEP_WITHIN   (25 * CLOCK_DAY)
#define SWEEP_SLICE    50
#define PAGES_MAX      5000
#define UNREAD_AT_ONCE 100
#define URGENT_EVERY   (CLOCK_SECOND / 4)

struct threads {
	struct ctx *ctx;
	struct mirror *mirror;
	struct backfill_progress *progress;
	int64_t until;     /* monotonic; 0: none */
	int64_t urgent_at; /* monotonic: when to look for what cannot wait */
	bool is_stopped;
};

static bool may_go_on(struct threads *threads)
{
	if (!mirror_may_call(threads->ctx, threads->mirror, CALL_POLL))
		threads->is_stopped = true;
	if (threads->until && clock_monotonic() > threads->until)
		threads->is_stopped = true;
	return !threads->is_stopped;
}

static enum err let_urgent_pass(struct threads *threads)
{
	int64_t now = clock_monotonic();

	if (now < threads->urgent_at)
		return OK;
	threads->urgent_at = now + URGENT_EVERY;
	return mirror_do_urgent(threads->ctx);
}

static enum err read_one(struct threads *threads, const struct mirror_root *root)
{
	struct backfill_progress *progress = threads->progress;
	int64_t comments = 0;
	bool is_read;

	if (!may_go_on(threads))
		return OK;
	TRY(let_urgent_pass(threads));
	TRY(mirror_read_thread(threads->ctx, threads->mirror, root->key, root->address, &comments,
			       &is_read));
	/* Nobody's fault, or a limit: the rest has its turn later. */
	if (!is_read && threads->mirror->failed_calls >= 3)
		threads->is_stopped = true;
	if (progress) {
		progress->comments += comments;
		progress->posts++;
		if (progress->tell)
			progress->tell(progress->data, progress->posts, progress->comments);
	}
	return OK;
}

static enum err read_roots(struct threads *threads, const struct mirror_root *roots, size_t count)
{
	for (size_t i = 0; i < count && !threads->is_stopped; i++)
		TRY(read_one(threads, &roots[i]));
	return OK;
}

/* Pages of posts ------------------------------------------------------------------- */

enum which { ALL_POSTS, CHANGED_POSTS, NO_POSTS };

struct listing {
	int64_t since, limit;
	int pages_max;
	enum which threads_of;
	int64_t unread_since; /* ALL_POSTS: threads not read since */
	bool is_complete;
	const char *next_watermark;
};

static bool is_wanted(const struct listing *listing, const struct posts_page *page, size_t i)
{
	const struct mirror_root *root = &page->roots[i];

	if (listing->threads_of == NO_POSTS)
		return false;
	if (listing->threads_of == ALL_POSTS)
		return root->comments_read_at < listing->unread_since ||
		       root->comments_read_at == 0;
	return root->comments_read_at == 0 ||
	       (page->told[i] >= 0 && page->told[i] != root->comment_count);
}

static enum err read_page(struct threads *threads, struct listing *listing, struct ctx *inner,
			  struct posts_page *page)
{
	struct ctx *outer = threads->ctx;

	threads->ctx = inner;
	TRY(mirror_read_page(inner, threads->mirror, page));
	for (size_t i = 0; i < page->count && !threads->is_stopped; i++)
		if (is_wanted(listing, page, i))
			TRY(read_one(threads, &page->roots[i]));
	threads->ctx = outer;
	return OK;
}

static enum err read_listing(struct threads *threads, struct listing *listing)
{
	struct ctx *ctx = threads->ctx;
	struct posts_page page = { .reading = { .cursor = "",
						.watermark = threads->mirror->watermark,
						.since = listing->since,
						.limit = listing->limit } };

	for (int i = 0; i < listing->pages_max && may_go_on(threads); i++) {
		struct ctx inner = mirror_inner(ctx);
		enum err result = read_page(threads, listing, &inner, &page);
		const char *next = page.reading.next ? page.reading.next : "";

		threads->ctx = ctx;
		page.reading.cursor = arena_strdup(ctx->arena, next);
		if (page.reading.next_watermark)
			listing->next_watermark = arena_strdup(ctx->arena,
							       page.reading.next_watermark);
		TRY(mirror_inner_end(ctx, &inner, result));
		if (page.has_failed) {
			threads->is_stopped = true;
			return OK;
		}
		if (!page.reading.cursor[0] || threads->is_stopped) {
			listing->is_complete = !threads->is_stopped;
			return OK;
		}
	}
	return OK;
}

static enum err keep_watermark(struct threads *threads, const struct listing *listing)
{
	if (!listing->is_complete || !listing->next_watermark || !listing->next_watermark[0])
		return OK;
	return mirror_keep_watermark(threads->ctx, threads->mirror, listing->next_watermark);
}

/* Streams -------------------------------------------------------------------------- */

static enum err read_active(struct threads *threads, int64_t since)
{
	struct mirror_root *roots;
	size_t count;

	TRY(mirror_roots(threads->ctx, threads->mirror, POSTS_ACTIVE, since, ACTIVE_MAX, &roots,
			 &count));
	return read_roots(threads, roots, count);
}

enum err mirror_do_poll(struct ctx *ctx, struct mirror *mirror)
{
	int64_t now = clock_now(), last = mirror->polled_at;
	bool was_away = last && last < now - mirror->poll_minutes * CLOCK_MINUTE - DOWNTIME;
	struct threads threads = { .ctx = ctx, .mirror = mirror };
	struct listing listing = { .limit = NEWEST_POSTS,
				   .pages_max = 1,
				   .threads_of = CHANGED_POSTS };
	bool is_feed = !connector_find(mirror->source.connector)->has_comments;

	if (was_away)
		listing = (struct listing){ .since = last - OVERLAP,
					    .pages_max = PAGES_MAX,
					    .threads_of = CHANGED_POSTS };
	if (is_feed)
		listing.pages_max = PAGES_MAX;
	TRY(read_listing(&threads, &listing));
	TRY(keep_watermark(&threads, &listing));
	TRY(read_active(&threads, (was_away ? last - OVERLAP : now) - ACTIVE_SINCE));
	if (threads.is_stopped)
		return OK;
	if (was_away)
		TRY(mirror_do_changes(ctx, mirror));
	return mirror_stamp(ctx, mirror->source.id, STAMP_POLLED);
}

enum err mirror_do_changes(struct ctx *ctx, struct mirror *mirror)
{
	struct threads threads = { .ctx = ctx, .mirror = mirror };
	struct listing listing = { .since = clock_now() - CHANGED_SINCE,
				   .pages_max = PAGES_MAX,
				   .threads_of = CHANGED_POSTS };

	if (connector_find(mirror->source.connector)->has_comments)
		TRY(read_listing(&threads, &listing));
	return threads.is_stopped ? OK : mirror_stamp(ctx, mirror->source.id, STAMP_COUNTED);
}

/* Posts and their comments by their ids: also those that no list shows any more. */
static enum err read_by_ids(struct threads *threads, const struct mirror_root *roots, size_t count)
{
	struct ctx *ctx = threads->ctx;
	struct mirror_wish *wishes = arena_array_of(ctx->arena, count, struct mirror_wish);
	size_t unread;

	for (size_t i = 0; i < count; i++)
		wishes[i] = (struct mirror_wish){ .kind = ITEM_POST,
						  .key = roots[i].key,
						  .address = roots[i].address };
	TRY(mirror_read_wishes(ctx, threads->mirror, wishes, count, NULL, &unread));
	if (unread > 0) {
		threads->is_stopped = true;
		return OK;
	}
	return read_roots(threads, roots, count);
}

enum err mirror_do_sweep(struct ctx *ctx, struct mirror *mirror)
{
	struct threads threads = { .ctx = ctx, .mirror = mirror };
	struct mirror_root *roots;
	size_t count;

	TRY(mirror_roots(ctx, mirror, POSTS_OLDEST, clock_now() - SWEEP_WITHIN, SWEEP_SLICE, &roots,
			 &count));
	TRY(read_by_ids(&threads, roots, count));
	return mirror_stamp(ctx, mirror->source.id, STAMP_SWEPT);
}

/* Those that the listing did not show, for example of visitors, or long past. */
static enum err read_unread(struct threads *threads, int64_t since)
{
	struct mirror_root *roots;
	size_t count = 1;

	while (count > 0 && !threads->is_stopped) {
		struct ctx *outer = threads->ctx;
		struct ctx inner = mirror_inner(outer);
		enum err result;

		threads->ctx = &inner;
		result = mirror_roots(&inner, threads->mirror, POSTS_UNREAD, since, UNREAD_AT_ONCE,
				      &roots, &count);
		if (result == OK)
			result = read_by_ids(threads, roots, count);
		threads->ctx = outer;
		TRY(mirror_inner_end(outer, &inner, result));
		if (!may_go_on(threads))
			break;
	}
	return OK;
}

static enum err read_since(struct threads *threads, int64_t started_at)
{
	struct listing listing = { .pages_max = PAGES_MAX,
				   .threads_of = ALL_POSTS,
				   .unread_since = started_at };
	const char *watermark = threads->mirror->watermark;

	/* All of it, whatever was new last time. */
	threads->mirror->watermark = "";
	TRY(read_listing(threads, &listing));
	threads->mirror->watermark = watermark;
	if (threads->is_stopped)
		return OK;
	TRY(keep_watermark(threads, &listing));
	return read_unread(threads, started_at);
}

enum err mirror_do_backfill(struct ctx *ctx, struct mirror *mirror, int64_t until,
			    struct backfill_progress *progress, bool *done)
{
	struct threads threads = {
		.ctx = ctx, .mirror = mirror, .progress = progress, .until = until
	};

	*done = false;
	if (!mirror->backfill_started_at) {
		TRY(mirror_stamp(ctx, mirror->source.id, STAMP_BACKFILL_STARTED));
		mirror->backfill_started_at = clock_now();
	}
	TRY(read_since(&threads, mirror->backfill_started_at));
	if (threads.is_stopped)
		return OK;
	*done = true;
	return mirror_stamp(ctx, mirror->source.id, STAMP_BACKFILLED);
}

enum err mirror_read_all(struct ctx *ctx, struct mirror *mirror, struct backfill_progress *progress,
			 bool *done)
{
	struct threads threads = { .ctx = ctx, .mirror = mirror, .progress = progress };

	TRY(read_since(&threads, clock_now()));
	*done = !threads.is_stopped;
	return OK;
}
