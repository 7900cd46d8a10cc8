/*
 * Applying events: lock their threads, load them, merge, store; all in one
 * transaction of three or four round trips, however many events there are.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"

/* More would hold the locks, and the memory, for too long. */
#define EVENTS_AT_ONCE 500

DB_STATEMENT(mirror_reshown,
	     "delete from mirror_reshows where source_id = $1 and root_key = any ($2::text[])", 2);

struct names {
	const char **items;
	size_t count;
};

/* What a transaction is about. */
struct scope {
	struct names roots, keys;
	bool has_unknown_root;
};

static void add_name(struct names *names, const char *name)
{
	if (name[0])
		names->items[names->count++] = name;
}

static const char *root_of(const struct item *item)
{
	return item->kind == ITEM_POST ? item->key : item->root_key;
}

static bool is_wanted(const char *const *keys, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

/* Threads of comments whose notice did not name them, from what is known. */
static enum err find_roots(struct ctx *ctx, const struct mirror *mirror, struct scope *scope,
			   const char *const *lost, size_t count)
{
	size_t found = 0;
	struct rows rows;

	if (count == 0)
		return OK;
	TRY(mirror_find_roots(ctx, mirror, lost, count, &rows));
	while (rows_next(&rows)) {
		col_skip(&rows);
		found += is_wanted(lost, count, col_text(&rows));
		add_name(&scope->roots, col_text(&rows));
	}
	scope->has_unknown_root = found < count;
	return OK;
}

static enum err make_scope(struct ctx *ctx, const struct mirror *mirror,
			   const struct source_event *events, size_t count, struct scope *scope)
{
	const char **lost = arena_array_of(ctx->arena, count, const char *);
	size_t lost_count = 0;

	*scope = (struct scope){
		.keys.items = arena_array_of(ctx->arena, count, const char *),
		/* A key can be a post's and a comment's: two rows for a lost one. */
		.roots.items = arena_array_of(ctx->arena, 3 * count, const char *),
	};
	for (size_t i = 0; i < count; i++) {
		const struct item *item = &events[i].item;

		add_name(&scope->keys, item->key);
		add_name(&scope->roots, root_of(item));
		if (!root_of(item)[0] && !is_wanted(lost, lost_count, item->key))
			lost[lost_count++] = item->key;
	}
	return find_roots(ctx, mirror, scope, lost, lost_count);
}

static bool is_for_unknown(const struct source_event *event)
{
	return event->kind == EVENT_ITEM || event->kind == EVENT_REMOVED ||
	       event->kind == EVENT_VISIBILITY;
}

static void merge_all(struct ctx *ctx, struct mirror_batch *batch,
		      const struct source_event *events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct item *told = &events[i].item;
		struct mirror_item *item = mirror_batch_find(batch, told->kind, told->key);

		if (!told->key[0] || (!item && !is_for_unknown(&events[i])))
			continue;
		if (!item)
			item = mirror_batch_add(ctx, batch, told->kind, told->key);
		mirror_merge(ctx, item, &events[i]);
	}
}

/* What is stale is read again by the worker. */
static void ask_for_stale(struct ctx *ctx, const struct mirror *mirror,
			  const struct source_event *events, size_t count)
{
	struct mirror_wish *wishes = arena_array_of(ctx->arena, count, struct mirror_wish);
	size_t wish_count = 0;

	for (size_t i = 0; i < count; i++)
		if (events[i].kind == EVENT_STALE)
			wishes[wish_count++] = (struct mirror_wish){
				.kind = events[i].item.kind,
				.key = events[i].item.key,
				.address = events[i].item.address,
			};
	mirror_add_wishes(ctx, mirror, wishes, wish_count);
}

static enum err apply_batch(struct ctx *ctx, const struct mirror *mirror, const struct scope *scope,
			    const struct source_event *events, size_t count, bool is_reshown)
{
	struct mirror_batch batch;
	struct rows rows, bindable;

	mirror_batch_init(ctx, &batch, mirror);
	batch.is_reshown = is_reshown;
	db_begin(ctx);
	mirror_add_locks(ctx, mirror, scope->roots.items, scope->roots.count,
			 scope->has_unknown_root);
	mirror_add_rows(ctx, mirror, scope->roots.items, scope->roots.count, scope->keys.items,
			scope->keys.count, &rows);
	mirror_add_bindable(ctx, mirror, &bindable);
	if (is_reshown)
		db_add(ctx, &mirror_reshown, NULL, param_i64(mirror->source.id),
		       param_texts(ctx->arena, scope->roots.items, scope->roots.count));
	TRY(db_run(ctx));
	mirror_take_rows(ctx, &batch, &rows);
	merge_all(ctx, &batch, events, count);
	TRY(mirror_bind_echoes(ctx, &batch, &bindable));
	TRY(mirror_store(ctx, &batch));
	ask_for_stale(ctx, mirror, events, count);
	return db_commit(ctx);
}

/* In an arena of its own: a whole backfill goes through here. */
static enum err apply_some(struct ctx *ctx, const struct mirror *mirror,
			   const struct source_event *events, size_t count)
{
	struct scope scope;
	enum err result = make_scope(ctx, mirror, events, count, &scope);

	if (result == OK)
		result = apply_batch(ctx, mirror, &scope, events, count, false);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err mirror_apply_all(struct ctx *ctx, const struct mirror *mirror,
			  const struct source_event *events, size_t count)
{
	for (size_t i = 0; i < count; i += EVENTS_AT_ONCE) {
		size_t some = count - i < EVENTS_AT_ONCE ? count - i : EVENTS_AT_ONCE;

		TRY(apply_some(ctx, mirror, events + i, some));
	}
	return OK;
}

enum err mirror_apply(struct ctx *ctx, const struct mirror *mirror,
		      const struct source_event *event)
{
	return mirror_apply_all(ctx, mirror, event, 1);
}

DB_STATEMENT(mirror_reshow_list,
	     "select root_key from mirror_reshows where source_id = $1 order by root_key limit 20",
	     1);

enum err mirror_reshows(struct ctx *ctx, const struct mirror *mirror, const char ***roots,
			size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_reshow_list, &rows, param_i64(mirror->source.id)));
	*roots = arena_array_of(ctx->arena, (size_t)rows.count, const char *);
	*count = 0;
	while (rows_next(&rows))
		(*roots)[(*count)++] = col_text(&rows);
	return OK;
}

enum err mirror_show_again(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
			   size_t count)
{
	struct scope scope = { .roots = { .items = (const char **)(uintptr_t)roots,
					  .count = count } };
	enum err result = apply_batch(ctx, mirror, &scope, NULL, 0, true);

	if (result != OK)
		db_rollback(ctx);
	return result;
}
