/*
 * Building the index anew, beside the living one: the whole forum in pages by number,
 * so that it can stop anywhere and go on, in this process or another. What goes into
 * the living index meanwhile is noted (forum/index_state.h) and marked at the end.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "jobs/index_parts.h"

/*
 * What a kill may cost. Xapian keeps what is not committed in trees of terms, which
 * no cache holds for long: commits of 10,000, its own default, took one and a half
 * times as long (20,000 topics, 55 MB of words: 119 s of the processor against 70).
 */
#define TOPICS_PER_COMMIT 2000
#define LOCK_POLL_US      100000

/*
 * Room for the new index as it grows and once more for the packed one, in sizes of a
 * packed one, or of the words that go into it; and what an empty one takes.
 */
#define ROOM_PER_INDEX_BYTE 3
#define ROOM_PER_TEXT_BYTE  8
#define ROOM_MIN_BYTES      ((uint64_t)4 << 20)

struct builder {
	struct ctx *ctx;
	struct index_build *build;
	const char *directory;
	struct search_writer *writer;
	struct arena *arena; /* emptied after each batch */
	int64_t generation, position, done, uncommitted, ends_at;
};

static void show(const struct builder *builder)
{
	struct index_build *build = builder->build;

	if (build->progress)
		build->progress(build->data, builder->done, build->total);
}

/* One batch ---------------------------------------------------------------------- */

static enum err commit(struct builder *builder, enum search_result *written)
{
	*written = search_build_commit(builder->writer, builder->position);
	builder->uncommitted = 0;
	if (*written != SEARCH_OK)
		return OK;
	return index_build_progress(builder->ctx, builder->generation, builder->done);
}

static enum err put_batch(struct builder *builder, size_t *count, enum search_result *written)
{
	struct ctx inner = index_inner(builder->ctx, builder->arena);
	int64_t ids[INDEX_BATCH];
	enum err result = index_topics_after(&inner, builder->position, INDEX_BATCH, ids, count);

	if (result == OK && *count > 0) {
		struct index_batch batch = { builder->writer, SEARCH_TOPIC, ids, *count };
		result = index_put(&inner, &batch, written);
	}
	TRY(index_pass_on(builder->ctx, &inner, result));
	if (*count == 0 || *written != SEARCH_OK)
		return OK;
	builder->position = ids[*count - 1];
	builder->done += (int64_t)*count;
	builder->uncommitted += (int64_t)*count;
	builder->build->built += (int64_t)*count;
	show(builder);
	return OK;
}

/*
 * After the topics, all at once: they are few, and whoever is stopped here begins with
 * them again, since the place that is kept is that of the topics.
 */
static enum err put_articles(struct builder *builder, enum search_result *written)
{
	int64_t ids[INDEX_BATCH], after_id = 0;
	size_t count;

	do {
		struct ctx inner = index_inner(builder->ctx, builder->arena);
		enum err result = index_articles_after(&inner, after_id, INDEX_BATCH, ids, &count);
		struct index_batch batch = { builder->writer, SEARCH_ARTICLE, ids, count };
		if (result == OK && count > 0)
			result = index_put(&inner, &batch, written);
		TRY(index_pass_on(builder->ctx, &inner, result));
		after_id = count > 0 ? ids[count - 1] : 0;
		arena_reset(builder->arena);
	} while (count == INDEX_BATCH && *written == SEARCH_OK);
	return OK;
}

/* *is_whole: the last topic is in it and every article, committed. */
static enum err put_batches(struct builder *builder, bool *is_whole, enum search_result *written)
{
	size_t count;

	do {
		TRY(put_batch(builder, &count, written));
		arena_reset(builder->arena);
		if (*written == SEARCH_OK && builder->uncommitted >= TOPICS_PER_COMMIT)
			TRY(commit(builder, written));
		if (*written != SEARCH_OK)
			return OK;
	} while (count > 0 && (!builder->ends_at || clock_monotonic() < builder->ends_at));
	*is_whole = count == 0;
	if (*is_whole)
		TRY(put_articles(builder, written));
	return *written == SEARCH_OK ? commit(builder, written) : OK;
}

/* The pieces --------------------------------------------------------------------- */

static enum err has_room(struct builder *builder, bool *out)
{
	uint64_t needed = ROOM_MIN_BYTES;
	struct search_place place;
	int64_t text_bytes;

	if (search_look(builder->directory, &place) == SEARCH_OK && place.is_readable) {
		needed += ROOM_PER_INDEX_BYTE * place.bytes;
	} else {
		TRY(index_text_bytes(builder->ctx, &text_bytes));
		needed += ROOM_PER_TEXT_BYTE * (uint64_t)text_bytes;
	}
	*out = search_free_bytes(builder->directory) >= needed;
	return OK;
}

/* A full disk is not made fuller by what may not be finished. */
static void close_writer(struct builder *builder, enum search_result written)
{
	if (builder->writer)
		search_writer_close(builder->writer);
	builder->writer = NULL;
	if (written == SEARCH_FULL)
		search_build_discard(builder->directory);
}

static enum err fill(struct builder *builder, bool *is_whole, enum search_result *written)
{
	bool is_roomy = true;
	enum err result = OK;

	*written = search_build_open(builder->directory, builder->generation, &builder->writer,
				     &builder->position);
	*is_whole = *written == SEARCH_OK && !builder->writer;
	if (*written != SEARCH_OK || *is_whole)
		return OK;
	if (builder->position == 0) {
		builder->done = 0;
		result = has_room(builder, &is_roomy);
	}
	builder->build->resumed = builder->done;
	if (!is_roomy)
		*written = SEARCH_FULL;
	if (result == OK && is_roomy)
		result = put_batches(builder, is_whole, written);
	close_writer(builder, *written);
	return result;
}

static enum err exchange(struct builder *builder, enum search_result *written)
{
	enum err result = OK;

	TRY(index_lock_wait(builder->ctx, INDEX_LOCK_WRITE));
	*written = search_build_exchange(builder->directory, builder->generation);
	if (*written == SEARCH_OK)
		result = index_build_end(builder->ctx, builder->generation,
					 builder->build->is_related_anew);
	if (result != OK)
		return result; /* the connection is gone, and the lock with it */
	return index_unlock(builder->ctx, INDEX_LOCK_WRITE);
}

static enum err finish(struct builder *builder, enum search_result *written)
{
	struct search_place place;

	builder->done = builder->build->total;
	show(builder);
	*written = search_build_finish(builder->directory, builder->generation);
	if (*written == SEARCH_FULL)
		search_build_discard(builder->directory);
	if (*written != SEARCH_OK)
		return OK;
	TRY(exchange(builder, written));
	if (*written != SEARCH_OK)
		return OK;
	builder->build->is_finished = true;
	if (search_look(builder->directory, &place) == SEARCH_OK)
		log_event(LOG_LEVEL_INFO, "index", "built", log_i64((int64_t)place.documents),
			  "bytes", log_i64((int64_t)place.bytes), NULL);
	return OK;
}

static enum err build_locked(struct builder *builder, enum search_result *written)
{
	struct index_build *build = builder->build;
	struct index_state state;
	bool is_whole;
	enum err result;

	TRY(index_build_begin(builder->ctx, build->is_anew, &builder->generation));
	TRY(index_state_load(builder->ctx, &state));
	build->total = state.total;
	builder->done = state.done;
	builder->arena = arena_new(INDEX_ARENA_MAX_BYTES);
	result = fill(builder, &is_whole, written);
	arena_free(builder->arena);
	if (result != OK || *written != SEARCH_OK || !is_whole)
		return result;
	return finish(builder, written);
}

static enum err lock(struct ctx *ctx, int64_t wait_ms, bool *is_ours)
{
	int64_t ends_at = clock_monotonic() + wait_ms * (CLOCK_SECOND / 1000);

	TRY(index_lock(ctx, INDEX_LOCK_BUILD, is_ours));
	while (!*is_ours && clock_monotonic() < ends_at) {
		usleep(LOCK_POLL_US);
		TRY(index_lock(ctx, INDEX_LOCK_BUILD, is_ours));
	}
	return OK;
}

enum err index_build_piece(struct ctx *ctx, struct index_build *build, enum search_result *written)
{
	struct builder builder = { .ctx = ctx,
				   .build = build,
				   .directory = ctx->config->search.index_dir };
	struct error kept;
	enum err result;
	bool is_ours;

	*written = SEARCH_OK;
	build->resumed = build->built = build->total = 0;
	build->is_finished = false;
	TRY(lock(ctx, build->wait_ms, &is_ours));
	build->is_busy = !is_ours;
	if (!is_ours)
		return OK;
	if (build->most_ms > 0)
		builder.ends_at = clock_monotonic() + build->most_ms * (CLOCK_SECOND / 1000);
	result = build_locked(&builder, written);
	kept = ctx->error;
	if (index_unlock(ctx, INDEX_LOCK_BUILD) != OK && result != OK)
		ctx->error = kept;
	return result;
}

enum err index_build(struct ctx *ctx, struct index_build *build)
{
	enum search_result written;

	TRY(index_build_piece(ctx, build, &written));
	if (written != SEARCH_OK)
		return fail_log(ctx, ERR_UNAVAILABLE, "search index: %s",
				search_result_name(written));
	return OK;
}
