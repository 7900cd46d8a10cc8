/*
 * From marks to documents: the living index. Words that somebody just wrote go first,
 * in small batches, and between any two others.
 */
#include "base/log.h"
#include "db/db.h"
#include "jobs/index_parts.h"

struct ctx index_inner(const struct ctx *ctx, struct arena *arena)
{
	struct ctx inner = *ctx;

	inner.arena = arena;
	return inner;
}

enum err index_pass_on(struct ctx *ctx, const struct ctx *inner, enum err result)
{
	if (result != OK)
		return fail_log(ctx, result, "%s",
				inner->error.details ? inner->error.details : err_name(result));
	return OK;
}

/* Documents ------------------------------------------------------------------------- */

static enum search_result put(struct search_writer *writer, const struct search_document *document,
			      bool is_gone)
{
	return is_gone ? search_writer_remove(writer, document->kind, document->id)
		       : search_writer_put(writer, document);
}

static enum err put_together(struct ctx *ctx, const struct index_batch *batch,
			     enum search_result *written)
{
	struct search_document *documents = arena_array_of(ctx->arena, batch->count,
							   struct search_document);
	bool *is_gone = arena_array_of(ctx->arena, batch->count, bool);

	if (batch->kind == SEARCH_ARTICLE)
		TRY(index_article_documents(ctx, batch->ids, batch->count, documents, is_gone));
	else
		TRY(index_documents(ctx, batch->ids, batch->count, documents, is_gone));
	for (size_t i = 0; i < batch->count && *written == SEARCH_OK; i++)
		*written = put(batch->writer, &documents[i], is_gone[i]);
	return OK;
}

/* One that cannot be read is left out, and said. */
static enum err put_one_by_one(struct ctx *ctx, const struct index_batch *batch,
			       enum search_result *written)
{
	for (size_t i = 0; i < batch->count && *written == SEARCH_OK; i++) {
		const struct index_batch single = { batch->writer, batch->kind, &batch->ids[i], 1 };
		enum err result = put_together(ctx, &single, written);
		if (result == ERR_UNAVAILABLE)
			return result;
		if (result == OK)
			continue;
		log_event(LOG_LEVEL_ERROR, "index",
			  batch->kind == SEARCH_ARTICLE ? "article" : "topic",
			  log_i64(batch->ids[i]), "error", err_name(result), "details",
			  ctx->error.details, NULL);
		error_clear(ctx);
	}
	return OK;
}

enum err index_put(struct ctx *ctx, const struct index_batch *batch, enum search_result *written)
{
	enum err result;

	*written = SEARCH_OK;
	result = put_together(ctx, batch, written);
	if (result == OK || result == ERR_UNAVAILABLE)
		return result;
	error_clear(ctx);
	return put_one_by_one(ctx, batch, written);
}

/* Batches --------------------------------------------------------------------------- */

/* Puts what the marks stand for, and commits. */
static enum err put_marked(struct ctx *ctx, struct index_batch batch,
			   const struct index_mark *marks, enum search_result *written)
{
	int64_t *ids = arena_array_of(ctx->arena, batch.count, int64_t);

	for (size_t i = 0; i < batch.count; i++)
		ids[i] = marks[i].id;
	batch.ids = ids;
	TRY(index_put(ctx, &batch, written));
	if (*written == SEARCH_OK)
		*written = search_writer_commit(batch.writer);
	return OK;
}

/* Articles are few and change rarely: before anything else they are no wait. */
static enum err write_articles(struct ctx *ctx, struct search_writer *writer, struct index_run *run,
			       size_t *count, enum search_result *written)
{
	struct index_batch batch = { .writer = writer, .kind = SEARCH_ARTICLE };
	struct index_mark *marks;

	TRY(index_article_marks(ctx, &marks, count));
	batch.count = *count;
	if (*count == 0)
		return OK;
	TRY(put_marked(ctx, batch, marks, written));
	if (*written != SEARCH_OK)
		return OK;
	run->articles += (int64_t)*count;
	return index_article_marks_done(ctx, marks, *count);
}

static enum err write_turn(struct ctx *ctx, struct search_writer *writer, enum index_turn turn,
			   struct index_run *run, size_t *count, enum search_result *written)
{
	struct index_mark *marks;

	TRY(index_marks(ctx, turn, &marks, count));
	if (*count == 0)
		return OK;
	TRY(put_marked(ctx, (struct index_batch){ writer, SEARCH_TOPIC, NULL, *count }, marks,
		       written));
	if (*written != SEARCH_OK)
		return OK;
	run->written += (int64_t)*count;
	return index_marks_done(ctx, marks, *count);
}

static enum err write_all_articles(struct ctx *ctx, struct search_writer *writer,
				   struct index_run *run, enum search_result *written)
{
	struct arena *arena = arena_new(INDEX_ARENA_MAX_BYTES);
	size_t count = INDEX_BATCH;
	enum err result = OK;

	while (result == OK && *written == SEARCH_OK && count == INDEX_BATCH) {
		struct ctx inner = index_inner(ctx, arena);
		result = write_articles(&inner, writer, run, &count, written);
		result = index_pass_on(ctx, &inner, result);
		arena_reset(arena);
	}
	arena_free(arena);
	return result;
}

static enum err write_batches(struct ctx *ctx, struct search_writer *writer, struct index_run *run,
			      enum search_result *written)
{
	struct arena *arena = arena_new(INDEX_ARENA_MAX_BYTES);
	enum index_turn turn = INDEX_WORDS;
	size_t count = 1, batches = 0;
	enum err result = OK;

	/* It ends when what is oldest is nothing, for words are among that too. */
	while (result == OK && *written == SEARCH_OK && (count > 0 || turn == INDEX_OLDEST)) {
		struct ctx inner = index_inner(ctx, arena);
		run->has_more = run->limits.batches > 0 && batches == run->limits.batches;
		if (run->has_more)
			break;
		result = write_turn(&inner, writer, turn, run, &count, written);
		result = index_pass_on(ctx, &inner, result);
		batches += count > 0;
		turn = turn == INDEX_WORDS ? INDEX_OLDEST : INDEX_WORDS;
		arena_reset(arena);
	}
	arena_free(arena);
	return result;
}

static enum err write_locked(struct ctx *ctx, struct index_run *run, enum search_result *written)
{
	struct search_writer *writer;
	enum err result;

	*written = search_writer_open_living(ctx->config->search.index_dir, &writer);
	if (*written != SEARCH_OK)
		return OK;
	result = write_all_articles(ctx, writer, run, written);
	if (result == OK && *written == SEARCH_OK)
		result = write_batches(ctx, writer, run, written);
	search_writer_close(writer);
	return result;
}

/* An unlock that fails has lost its connection, and the lock with it. */
static enum err unlock(struct ctx *ctx, enum err result)
{
	struct error kept = ctx->error;

	if (index_unlock(ctx, INDEX_LOCK_WRITE) != OK && result != OK)
		ctx->error = kept;
	return result;
}

enum err index_write(struct ctx *ctx, struct index_run *run, enum search_result *written)
{
	bool is_ours;

	*written = SEARCH_OK;
	TRY(index_lock(ctx, INDEX_LOCK_WRITE, &is_ours));
	if (!is_ours) {
		run->is_busy = true;
		return OK;
	}
	return unlock(ctx, write_locked(ctx, run, written));
}
