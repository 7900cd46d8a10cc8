/*
 * The indexer. What is derived mends itself: an index that is missing or broken is
 * begun anew, with every topic marked.
 */
#include "jobs/index.h"

#include "base/log.h"
#include "db/db.h"
#include "forum/indexing.h"
#include "search/search.h"

/* A topic with all its answers, and what is made of them on the way. */
#define DOCUMENT_MEMORY_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BATCH_MEMORY_MAX_BYTES    ((size_t)8 * 1024 * 1024)

struct indexer {
	struct ctx *ctx;
	struct index_run *run;
	const char *directory;
	struct search_writer *writer;
	struct arena *document_arena; /* emptied after each topic */
	struct arena *batch_arena;    /* after each batch */
};

/* The same context with another arena. */
static struct ctx with_arena(const struct indexer *indexer, struct arena *arena)
{
	struct ctx ctx = *indexer->ctx;

	ctx.arena = arena;
	return ctx;
}

/* Keeps an inner context's failure, whose strings end with its arena. */
static enum err pass_on(struct indexer *indexer, const struct ctx *inner, enum err result)
{
	if (result != OK)
		return fail_log(indexer->ctx, result, "%s",
				inner->error.details ? inner->error.details : "index");
	return OK;
}

static enum err fail_search(struct indexer *indexer, const char *what, enum search_result result)
{
	log_event(LOG_LEVEL_ERROR, "index", "while", what, "error", search_result_name(result),
		  NULL);
	return fail_log(indexer->ctx, ERR_UNAVAILABLE, "search index, %s: %s", what,
			search_result_name(result));
}

static bool index_exists(const struct indexer *indexer)
{
	struct search_reader *reader = NULL;
	size_t documents;
	enum search_result result = search_reader_open(indexer->directory, &reader);

	if (result == SEARCH_OK) {
		result = search_count(reader, &documents);
		search_reader_close(reader);
	}
	return result == SEARCH_OK;
}

static enum err create_writer(struct indexer *indexer)
{
	enum search_result result = search_writer_create(indexer->directory, &indexer->writer);

	return result == SEARCH_OK ? OK : fail_search(indexer, "create", result);
}

static enum err begin_anew(struct indexer *indexer)
{
	int64_t count;

	TRY(create_writer(indexer));
	TRY(index_mark_all(indexer->ctx, &count));
	log_event(LOG_LEVEL_INFO, "index", "begun", "anew", "topics", log_i64(count), NULL);
	return OK;
}

static enum err open_writer(struct indexer *indexer)
{
	enum search_result result;

	if (indexer->run->is_anew)
		return create_writer(indexer);
	if (!index_exists(indexer))
		return begin_anew(indexer);
	result = search_writer_open(indexer->directory, &indexer->writer);
	if (result == SEARCH_CORRUPT)
		return begin_anew(indexer);
	return result == SEARCH_OK ? OK : fail_search(indexer, "open", result);
}

/* One topic into the index, or out of it. One that cannot be read is left out. */
static enum err index_topic(struct indexer *indexer, int64_t topic_id)
{
	struct ctx inner = with_arena(indexer, indexer->document_arena);
	struct search_document document;
	enum search_result written;
	enum err result;
	bool is_gone;

	result = index_document(&inner, topic_id, &document, &is_gone);
	if (result != OK && result != ERR_UNAVAILABLE) {
		log_event(LOG_LEVEL_ERROR, "index", "topic", log_i64(topic_id), "error",
			  err_name(result), "details", inner.error.details, NULL);
		return OK;
	}
	TRY(pass_on(indexer, &inner, result));
	written = is_gone ? search_writer_remove(indexer->writer, SEARCH_TOPIC, topic_id)
			  : search_writer_put(indexer->writer, &document);
	return written == SEARCH_OK ? OK : fail_search(indexer, "put", written);
}

static enum err index_topics(struct indexer *indexer, const struct index_mark *marks, size_t count)
{
	enum search_result written;

	for (size_t i = 0; i < count; i++) {
		enum err result = index_topic(indexer, marks[i].topic_id);
		arena_reset(indexer->document_arena);
		TRY(result);
		indexer->run->done++;
		if (indexer->run->progress)
			indexer->run->progress(indexer->run->data, indexer->run->done);
	}
	written = search_writer_commit(indexer->writer);
	return written == SEARCH_OK ? OK : fail_search(indexer, "commit", written);
}

static enum err store_related(struct indexer *indexer, struct search_reader *reader,
			      int64_t topic_id)
{
	struct ctx inner = with_arena(indexer, indexer->document_arena);
	struct search_hits *hits = arena_new_of(inner.arena, struct search_hits);
	int64_t ids[RELATED_MAX];
	enum search_result found = search_similar(reader, SEARCH_TOPIC, topic_id, RELATED_MAX,
						  hits);
	enum err result;

	if (found != SEARCH_OK)
		return fail_search(indexer, "similar", found);
	for (size_t i = 0; i < hits->count; i++)
		ids[i] = hits->items[i].id;
	result = pass_on(indexer, &inner, related_store(&inner, topic_id, ids, hits->count));
	arena_reset(indexer->document_arena);
	return result;
}

/* After the commit, so that the topics of one batch find each other. */
static enum err relate_topics(struct indexer *indexer, const struct index_mark *marks, size_t count)
{
	struct search_reader *reader;
	enum search_result opened = search_reader_open(indexer->directory, &reader);
	enum err result = OK;

	if (opened != SEARCH_OK)
		return fail_search(indexer, "read", opened);
	for (size_t i = 0; i < count && result == OK; i++)
		result = store_related(indexer, reader, marks[i].topic_id);
	search_reader_close(reader);
	return result;
}

static enum err index_batch(struct indexer *indexer, size_t *count)
{
	struct ctx inner = with_arena(indexer, indexer->batch_arena);
	struct index_mark *marks;

	TRY(pass_on(indexer, &inner, index_marks(&inner, &marks, count)));
	if (*count == 0)
		return OK;
	TRY(index_topics(indexer, marks, *count));
	TRY(relate_topics(indexer, marks, *count));
	return pass_on(indexer, &inner, index_marks_done(&inner, marks, *count));
}

static enum err index_batches(struct indexer *indexer)
{
	struct index_run *run = indexer->run;
	size_t count = 1;

	TRY(open_writer(indexer));
	for (size_t i = 0; count > 0; i++) {
		enum err result;
		if (run->most_batches > 0 && i == run->most_batches) {
			run->has_more = true;
			return OK;
		}
		result = index_batch(indexer, &count);
		arena_reset(indexer->batch_arena);
		TRY(result);
	}
	return OK;
}

static enum err run_locked(struct indexer *indexer)
{
	enum err result;

	indexer->document_arena = arena_new(DOCUMENT_MEMORY_MAX_BYTES);
	indexer->batch_arena = arena_new(BATCH_MEMORY_MAX_BYTES);
	result = index_batches(indexer);
	if (indexer->writer)
		search_writer_close(indexer->writer);
	arena_free(indexer->batch_arena);
	arena_free(indexer->document_arena);
	return result;
}

/* Most times nothing is marked: then neither lock nor writer is touched. */
static enum err has_work(struct indexer *indexer, bool *out)
{
	struct index_mark *marks;
	size_t count;

	TRY(index_marks(indexer->ctx, &marks, &count));
	*out = count > 0 || indexer->run->is_anew || !index_exists(indexer);
	return OK;
}

enum err index_run(struct ctx *ctx, struct index_run *run)
{
	struct indexer indexer = { .ctx = ctx,
				   .run = run,
				   .directory = ctx->config->search.index_dir };
	bool is_due, is_ours;
	enum err result;

	run->done = 0;
	run->is_busy = run->has_more = false;
	TRY(has_work(&indexer, &is_due));
	if (!is_due)
		return OK;
	TRY(index_lock(ctx, &is_ours));
	run->is_busy = !is_ours;
	if (!is_ours)
		return OK;
	result = run_locked(&indexer);
	if (result != OK) {
		struct error kept = ctx->error;
		/* A connection that is gone has let go of the lock by itself. */
		if (index_unlock(ctx) != OK)
			error_clear(ctx);
		ctx->error = kept;
		return result;
	}
	return index_unlock(ctx);
}
