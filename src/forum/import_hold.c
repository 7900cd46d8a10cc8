/*
 * Moderation of what was imported: rules that are for imports hold it, or mark it for the
 * team, as if it had been written here. What was looked at once is not held again.
 */
#include "forum/import_batch.h"

#include "db/db.h"
#include "forum/holding.h"

#define BATCH_POSTS            50
/* Words of a batch with all that is made to look for others in them. */
#define BATCH_MEMORY_MAX_BYTES ((size_t)256 << 20)

DB_STATEMENT(import_hold_asked,
	     "select exists (select from holding_rules r where r.is_on and r.on_imports\n"
	     "	and r.deleted_at is null)",
	     0);

DB_STATEMENT(
	import_hold_batch,
	"select p.id, t.category_id, case when p.kind = 'question' then t.title else '' end, p.body_md,\n"
	"	t.language, p.kind = 'question' and t.answer_count > 0\n"
	"from posts p join topics t on t.id = p.topic_id\n"
	"where p.id > $2 and p.visibility = 'visible'\n"
	"	and exists (select from import_map m where m.source_id = $1 and m.our_id = p.id\n"
	"		and m.kind in ('post', 'comment'))\n"
	"	and not exists (select from held_posts h where h.post_id = p.id)\n"
	"	and not exists (select from moderation_items i where i.post_id = p.id)\n"
	"order by p.id limit 50",
	2);

/* A topic is as visible as its question. Topics first, as everybody locks them. */
DB_STATEMENT(import_hold_topics,
	     "update topics t set visibility = 'held' from posts p\n"
	     "where p.id = any ($1::bigint[]) and p.kind = 'question' and t.id = p.topic_id",
	     1);
DB_STATEMENT(import_hold_posts,
	     "update posts set visibility = 'held' where id = any ($1::bigint[])", 1);

struct import_screen {
	struct holding items[BATCH_POSTS];
	bool has_answers[BATCH_POSTS];
	size_t count;
};

static void read_posts(struct rows *rows, struct import_screen *screen)
{
	while (rows_next(rows) && screen->count < BATCH_POSTS) {
		struct holding_text *text = &screen->items[screen->count].text;

		text->origin = ORIGIN_IMPORT;
		text->post_id = col_i64(rows);
		text->category_id = col_i64(rows);
		text->title = col_text(rows);
		text->body_md = col_text(rows);
		text->language = col_text(rows);
		screen->has_answers[screen->count++] = col_bool(rows);
	}
}

/* A question that was answered is marked: it would take its answers with it. */
static void hold(struct ctx *ctx, struct import_screen *screen)
{
	int64_t *ids = arena_array_of(ctx->arena, BATCH_POSTS, int64_t);
	struct param held;
	size_t count = 0;

	for (size_t i = 0; i < screen->count; i++) {
		if (screen->has_answers[i])
			holding_soften(&screen->items[i]);
		if (holding_visibility(&screen->items[i]) == VISIBILITY_HELD)
			ids[count++] = screen->items[i].text.post_id;
	}
	if (count == 0)
		return;
	held = param_i64s(ctx->arena, ids, count);
	db_add(ctx, &import_hold_topics, NULL, held);
	db_add(ctx, &import_hold_posts, NULL, held);
}

static enum err run_batch(struct ctx *ctx, const struct import_source *source, int64_t *last_id,
			  bool *has_more)
{
	struct import_screen *screen = arena_new_of(ctx->arena, struct import_screen);
	struct rows rows;

	*has_more = false;
	db_begin(ctx);
	TRY(db_query(ctx, &import_hold_batch, &rows, param_i64(source->id), param_i64(*last_id)));
	read_posts(&rows, screen);
	if (screen->count > 0) {
		*last_id = screen->items[screen->count - 1].text.post_id;
		TRY(holding_screen(ctx, screen->items, screen->count));
		hold(ctx, screen);
		TRY(holding_record_all(ctx, screen->items, screen->count));
	}
	*has_more = screen->count == BATCH_POSTS;
	return db_commit(ctx);
}

static enum err run(struct ctx *ctx, const struct import_source *source)
{
	int64_t last_id = 0;
	bool has_more = true;

	while (has_more) {
		enum err result = run_batch(ctx, source, &last_id, &has_more);

		if (result != OK)
			db_rollback(ctx);
		TRY(result);
		arena_reset(ctx->arena);
	}
	return OK;
}

enum err import_hold(struct ctx *ctx, const struct import_source *source)
{
	struct ctx batch = *ctx;
	struct rows rows;
	enum err result;

	TRY(db_query_params(ctx, &import_hold_asked, &rows, NULL, 0));
	if (!rows_next(&rows) || !col_bool(&rows))
		return OK;
	batch.arena = arena_new(BATCH_MEMORY_MAX_BYTES);
	result = run(&batch, source);
	if (result != OK)
		ctx->error = batch.error;
	arena_free(batch.arena);
	return result;
}
