/*
 * "Related questions": a search and a write for each topic, so only when nothing else
 * is to be done, and a few at a time.
 */
#include "db/db.h"
#include "jobs/index_parts.h"

static enum err relate(struct ctx *ctx, struct search_reader *reader, int64_t topic_id,
		       enum search_result *found)
{
	struct search_hits *hits = arena_new_of(ctx->arena, struct search_hits);
	int64_t ids[RELATED_MAX];
	size_t count = 0;

	/* Articles are among them, and are passed over. */
	*found = search_similar(reader, SEARCH_TOPIC, topic_id, (size_t)3 * RELATED_MAX, hits);
	if (*found != SEARCH_OK)
		return OK;
	for (size_t i = 0; i < hits->count && count < RELATED_MAX; i++)
		if (hits->items[i].kind == SEARCH_TOPIC)
			ids[count++] = hits->items[i].id;
	return related_store(ctx, topic_id, ids, count);
}

static enum err relate_batch(struct ctx *ctx, struct search_reader *reader, struct index_run *run)
{
	struct arena *arena = arena_new(INDEX_ARENA_MAX_BYTES);
	enum search_result found = SEARCH_OK;
	int64_t ids[RELATED_BATCH];
	size_t count;
	enum err result = related_due(ctx, ids, &count);

	for (size_t i = 0; i < count && result == OK && found == SEARCH_OK; i++) {
		struct ctx inner = index_inner(ctx, arena);
		result = index_pass_on(ctx, &inner, relate(&inner, reader, ids[i], &found));
		run->related += result == OK && found == SEARCH_OK;
		arena_reset(arena);
	}
	arena_free(arena);
	if (result == OK && found == SEARCH_OK)
		run->has_more = run->has_more || count == RELATED_BATCH;
	if (result == OK && found == SEARCH_CORRUPT)
		return index_report_broken(ctx);
	return result;
}

static enum err relate_locked(struct ctx *ctx, struct index_run *run)
{
	struct search_reader *reader;
	enum err result;

	if (search_reader_open(ctx->config->search.index_dir, &reader) != SEARCH_OK)
		return OK;
	result = relate_batch(ctx, reader, run);
	search_reader_close(reader);
	return result;
}

enum err index_relate(struct ctx *ctx, struct index_run *run)
{
	enum err result;
	bool is_ours;

	TRY(index_lock(ctx, INDEX_LOCK_RELATE, &is_ours));
	run->is_busy = run->is_busy || !is_ours;
	if (!is_ours)
		return OK;
	result = relate_locked(ctx, run);
	/* A connection that is gone has let go of the lock by itself. */
	if (result != OK)
		return result;
	return index_unlock(ctx, INDEX_LOCK_RELATE);
}
