/*
 * Reading from a source: items by their ids, a page of posts, the comments of one.
 */
#include "jobs/mirror_reading.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"

#define INNER_MEMORY_BYTES ((size_t)256 * 1024 * 1024)
#define COMMENTS_AT_ONCE   100
#define POSTS_AT_ONCE      100
/* Of a thread without end: what was read is applied, then it goes on. */
#define EVENTS_AT_ONCE     1000
#define PAGES_MAX          2000

/* Events --------------------------------------------------------------------------- */

void event_list_init(struct event_list *list, struct arena *arena)
{
	*list = (struct event_list){ .arena = arena };
}

static void copy_text(struct arena *arena, const char **text)
{
	*text = *text && **text ? arena_strdup(arena, *text) : "";
}

static void copy_item(struct arena *arena, struct item *item)
{
	const char **texts[] = { &item->key,      &item->address,    &item->parent_key,
				 &item->root_key, &item->author_key, &item->author_name,
				 &item->text,     &item->title,      &item->html,
				 &item->url };

	for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
		copy_text(arena, texts[i]);
	for (size_t i = 0; i < item->media_count; i++) {
		copy_text(arena, &item->media[i].kind);
		copy_text(arena, &item->media[i].url);
		copy_text(arena, &item->media[i].link);
		copy_text(arena, &item->media[i].title);
	}
	for (size_t i = 0; i < item->reaction_count; i++)
		copy_text(arena, &item->reactions[i].name);
}

enum err event_list_take(void *data, const struct source_event *event)
{
	struct event_list *list = data;

	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 16;
		struct source_event *items = arena_array_of(list->arena, capacity,
							    struct source_event);

		if (list->count > 0)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count] = *event;
	copy_item(list->arena, &list->items[list->count++].item);
	return OK;
}

struct event_sink event_list_sink(struct event_list *list)
{
	return (struct event_sink){ .take = event_list_take, .data = list };
}

struct ctx mirror_inner(const struct ctx *ctx)
{
	struct ctx inner = *ctx;

	inner.arena = arena_new(INNER_MEMORY_BYTES);
	inner.now = clock_now();
	inner.error = (struct error){ 0 };
	return inner;
}

static const char *keep(struct ctx *ctx, const char *text)
{
	return text ? arena_strdup(ctx->arena, text) : NULL;
}

enum err mirror_inner_end(struct ctx *ctx, struct ctx *inner, enum err result)
{
	if (result != OK) {
		ctx->error = inner->error;
		ctx->error.field = keep(ctx, inner->error.field);
		ctx->error.message = keep(ctx, inner->error.message);
		ctx->error.details = keep(ctx, inner->error.details);
		ctx->error.constraint = keep(ctx, inner->error.constraint);
	}
	db_rollback(inner);
	arena_free(inner->arena);
	return result;
}

static void log_failure(const struct mirror *mirror, const char *what,
			const struct connect_error *error)
{
	if (error->failure == CONNECT_OK)
		return;
	log_event(LOG_LEVEL_WARNING, "mirror_call", "source", log_i64(mirror->source.id), "what",
		  what, "failure", connect_failure_name(error->failure), "code",
		  log_i64(error->code), "trace", error->trace_id, "why", error->message, NULL);
}

/* Items ---------------------------------------------------------------------------- */

static bool is_about(const struct item *item, enum item_kind kind, const char *key)
{
	return item->kind == kind && strcmp(item->key, key) == 0;
}

static const struct item *find_hint(const struct event_list *hints, enum item_kind kind,
				    const char *key)
{
	for (size_t i = 0; hints && i < hints->count; i++)
		if (is_about(&hints->items[i].item, kind, key) && hints->items[i].item.root_key[0])
			return &hints->items[i].item;
	return NULL;
}

/* A reading of a comment does not always say which post it is under; a notice does. */
static void complete_places(struct event_list *events, const struct event_list *hints)
{
	for (size_t i = 0; i < events->count; i++) {
		struct item *item = &events->items[i].item;
		const struct item *hint;

		if (item->kind != ITEM_COMMENT || item->root_key[0])
			continue;
		hint = find_hint(hints, item->kind, item->key);
		if (!hint)
			continue;
		item->root_key = hint->root_key;
		if (!item->parent_key[0])
			item->parent_key = hint->parent_key;
	}
}

static bool was_told(const struct event_list *events, const struct mirror_wish *wish)
{
	for (size_t i = 0; i < events->count; i++)
		if (is_about(&events->items[i].item, wish->kind, wish->key))
			return true;
	return false;
}

static enum err read_batch(struct ctx *ctx, struct mirror *mirror, const struct mirror_wish *wishes,
			   size_t count, const struct event_list *hints, bool *is_unread)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct item_address items[CONNECT_ITEMS_MAX];
	struct connect_error error = { 0 };
	struct event_list events;
	struct event_sink sink = event_list_sink(&events);

	event_list_init(&events, ctx->arena);
	for (size_t i = 0; i < count; i++)
		items[i] = (struct item_address){ .kind = wishes[i].kind,
						  .key = wishes[i].key,
						  .address = wishes[i].address };
	TRY(connector->read_items(ctx, &mirror->source, items, count, &sink, &error));
	log_failure(mirror, "items", &error);
	TRY(mirror_note_call(ctx, mirror, &error));
	complete_places(&events, hints);
	TRY(mirror_apply_all(ctx, mirror, events.items, events.count));
	for (size_t i = 0; i < count; i++)
		is_unread[i] = error.failure != CONNECT_OK && !was_told(&events, &wishes[i]);
	return OK;
}

static enum err read_comments_of(struct ctx *ctx, struct mirror *mirror,
				 const struct mirror_wish *wish, bool *is_unread)
{
	int64_t comments = 0;
	bool is_read;

	if (*is_unread || !wish->with_comments || wish->kind != ITEM_POST)
		return OK;
	TRY(mirror_read_thread(ctx, mirror, wish->key, wish->address, &comments, &is_read));
	*is_unread = !is_read;
	return OK;
}

static enum err read_some(struct ctx *ctx, struct mirror *mirror, struct mirror_wish *wishes,
			  size_t count, const struct event_list *hints, bool *is_unread)
{
	for (size_t i = 0; i < count; i++)
		is_unread[i] = true;
	if (!mirror_may_call(ctx, mirror, CALL_REFRESH))
		return OK;
	TRY(read_batch(ctx, mirror, wishes, count, hints, is_unread));
	for (size_t i = 0; i < count; i++)
		TRY(read_comments_of(ctx, mirror, &wishes[i], &is_unread[i]));
	return OK;
}

enum err mirror_read_wishes(struct ctx *ctx, struct mirror *mirror, struct mirror_wish *wishes,
			    size_t count, const struct event_list *hints, size_t *unread)
{
	*unread = 0;
	for (size_t done = 0; done < count; done += CONNECT_ITEMS_MAX) {
		size_t some = count - done < CONNECT_ITEMS_MAX ? count - done : CONNECT_ITEMS_MAX;
		bool is_unread[CONNECT_ITEMS_MAX];
		struct ctx inner = mirror_inner(ctx);
		enum err result = read_some(&inner, mirror, wishes + done, some, hints, is_unread);

		TRY(mirror_inner_end(ctx, &inner, result));
		for (size_t i = 0; i < some; i++)
			if (is_unread[i])
				wishes[(*unread)++] = wishes[done + i];
	}
	return OK;
}

/* Comments ------------------------------------------------------------------------- */

static void place_comments(struct event_list *events, const char *root_key)
{
	for (size_t i = 0; i < events->count; i++)
		if (!events->items[i].item.root_key[0])
			events->items[i].item.root_key = root_key;
}

struct thread_reading {
	const char *key, *address;
	struct comments_reading reading;
	struct connect_error error;
	struct event_list events;
	int64_t count;
};

static enum err apply_thread(struct ctx *ctx, struct mirror *mirror, struct thread_reading *thread)
{
	place_comments(&thread->events, thread->key);
	thread->count += (int64_t)thread->events.count;
	TRY(mirror_apply_all(ctx, mirror, thread->events.items, thread->events.count));
	thread->events.count = 0;
	return OK;
}

static enum err read_pages(struct ctx *ctx, struct mirror *mirror, struct thread_reading *thread)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	const struct item_address post = { .kind = ITEM_POST,
					   .key = thread->key,
					   .address = thread->address };
	struct event_sink sink = event_list_sink(&thread->events);

	for (int page = 0; page < PAGES_MAX; page++) {
		thread->error = (struct connect_error){ 0 };
		TRY(connector->read_comments(ctx, &mirror->source, &post, &thread->reading, &sink,
					     &thread->error));
		if (thread->error.failure != CONNECT_OK)
			break;
		if (!thread->reading.next || !thread->reading.next[0])
			break;
		thread->reading.cursor = arena_strdup(ctx->arena, thread->reading.next);
		if (thread->events.count >= EVENTS_AT_ONCE)
			TRY(apply_thread(ctx, mirror, thread));
	}
	return apply_thread(ctx, mirror, thread);
}

static enum err read_thread(struct ctx *ctx, struct mirror *mirror, struct thread_reading *thread,
			    bool *is_read)
{
	int64_t started_at = clock_now();

	event_list_init(&thread->events, ctx->arena);
	TRY(read_pages(ctx, mirror, thread));
	log_failure(mirror, "comments", &thread->error);
	TRY(mirror_note_call(ctx, mirror, &thread->error));
	*is_read = thread->error.failure == CONNECT_OK;
	/* A post that cannot be read is settled by reading the post. */
	if (thread->error.failure == CONNECT_MISSING)
		*is_read = true;
	if (thread->error.failure == CONNECT_OK)
		TRY(mirror_comments_read(ctx, mirror, thread->key, started_at,
					 thread->reading.is_complete));
	return OK;
}

enum err mirror_read_thread(struct ctx *ctx, struct mirror *mirror, const char *key,
			    const char *address, int64_t *comments, bool *is_read)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct thread_reading thread = {
		.key = key,
		.address = address,
		.reading = { .cursor = "", .next = "", .limit = COMMENTS_AT_ONCE }
	};
	struct ctx inner;
	enum err result;

	*is_read = true;
	if (!connector->has_comments || !connector->read_comments)
		return mirror_comments_read(ctx, mirror, key, clock_now(), false);
	inner = mirror_inner(ctx);
	result = read_thread(&inner, mirror, &thread, is_read);
	*comments += thread.count;
	return mirror_inner_end(ctx, &inner, result);
}

/* Posts ---------------------------------------------------------------------------- */

static void take_roots(struct ctx *ctx, const struct event_list *events, struct posts_page *page)
{
	page->roots = arena_array_of(ctx->arena, events->count, struct mirror_root);
	page->told = arena_array_of(ctx->arena, events->count, int64_t);
	page->count = 0;
	for (size_t i = 0; i < events->count; i++) {
		const struct item *item = &events->items[i].item;

		if (item->kind != ITEM_POST || events->items[i].kind != EVENT_ITEM)
			continue;
		page->told[page->count] = item->comment_count;
		page->roots[page->count++] = (struct mirror_root){ .key = item->key,
								   .address = item->address };
	}
}

enum err mirror_read_page(struct ctx *ctx, struct mirror *mirror, struct posts_page *page)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct connect_error error = { 0 };
	struct event_list events;
	struct event_sink sink = event_list_sink(&events);

	event_list_init(&events, ctx->arena);
	if (!page->reading.limit)
		page->reading.limit = POSTS_AT_ONCE;
	page->reading.next = "";
	TRY(connector->read_posts(ctx, &mirror->source, &page->reading, &sink, &error));
	log_failure(mirror, "posts", &error);
	TRY(mirror_note_call(ctx, mirror, &error));
	page->has_failed = error.failure != CONNECT_OK;
	take_roots(ctx, &events, page);
	TRY(mirror_roots_known(ctx, mirror, page->roots, page->count));
	return mirror_apply_all(ctx, mirror, events.items, events.count);
}
