/*
 * Notices, worked in. A removal or a hide takes effect at once; what was written or
 * edited is read again, many in one call, because the reading is the truth. If it
 * cannot be read now, what the notice carried is shown, and it is read later.
 */
#include "jobs/mirror_reading.h"

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "jobs/slot.h"

#define DELIVERIES_AT_ONCE 500
#define BYTES_AT_ONCE      ((size_t)8 * 1024 * 1024)

struct notices {
	struct event_list direct, hints; /* removals and visibilities; carried items */
	struct mirror_wish *wishes;
	size_t wish_count, known_count; /* the first are to be read, known_count later */
	struct mirror_wish *counts;
	bool has_gap;
};

static bool has_wish(const struct mirror_wish *wishes, size_t count, enum item_kind kind,
		     const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (wishes[i].kind == kind && strcmp(wishes[i].key, key) == 0)
			return true;
	return false;
}

static void add_wish(struct mirror_wish *wishes, size_t *count, const struct item *item)
{
	if (!item->key[0] || has_wish(wishes, *count, item->kind, item->key))
		return;
	wishes[(*count)++] = (struct mirror_wish){ .kind = item->kind,
						   .key = item->key,
						   .address = item->address };
}

static enum err sort_event(struct notices *notices, const struct source_event *event)
{
	switch (event->kind) {
	case EVENT_REMOVED:
	case EVENT_VISIBILITY:
		return event_list_take(&notices->direct, event);
	case EVENT_ITEM:
		return event_list_take(&notices->hints, event);
	case EVENT_STALE:
	case EVENT_MISSING:
		add_wish(notices->wishes, &notices->wish_count, &event->item);
		return OK;
	case EVENT_COUNTS:
		add_wish(notices->counts, &notices->known_count, &event->item);
		return OK;
	case EVENT_GAP:
		notices->has_gap = true;
		return OK;
	}
	return OK;
}

/* Posts under which somebody wrote, and which nobody has read yet, with all below. */
static enum err wish_unknown_posts(struct ctx *ctx, const struct mirror *mirror,
				   const struct event_list *events, struct notices *notices)
{
	const char **keys = arena_array_of(ctx->arena, events->count, const char *);
	bool *known = arena_array_of(ctx->arena, events->count, bool);
	struct mirror_wish *posts = arena_array_of(ctx->arena, events->count, struct mirror_wish);
	size_t count = 0;

	for (size_t i = 0; i < events->count; i++) {
		const char *root = events->items[i].item.root_key;

		if (!root[0] || has_wish(posts, count, ITEM_POST, root))
			continue;
		keys[count] = root;
		posts[count++] = (struct mirror_wish){ .kind = ITEM_POST,
						       .key = root,
						       .address = "" };
	}
	TRY(mirror_known_posts(ctx, mirror, keys, count, known));
	for (size_t i = 0; i < count; i++) {
		bool is_wished = has_wish(notices->wishes, notices->wish_count, ITEM_POST,
					  posts[i].key);

		if (known[i])
			continue;
		posts[i].with_comments = true;
		if (!is_wished)
			notices->wishes[notices->wish_count++] = posts[i];
	}
	return OK;
}

static enum err sort_events(struct ctx *ctx, const struct mirror *mirror,
			    const struct event_list *events, struct notices *notices)
{
	*notices = (struct notices){
		.wishes = arena_array_of(ctx->arena, 2 * events->count, struct mirror_wish),
		.counts = arena_array_of(ctx->arena, events->count, struct mirror_wish),
	};
	event_list_init(&notices->direct, ctx->arena);
	event_list_init(&notices->hints, ctx->arena);
	for (size_t i = 0; i < events->count; i++)
		TRY(sort_event(notices, &events->items[i]));
	return wish_unknown_posts(ctx, mirror, events, notices);
}

/* Carried values of what could not be read. */
static enum err apply_hints(struct ctx *ctx, struct mirror *mirror, const struct notices *notices,
			    const struct mirror_wish *unread, size_t count)
{
	struct event_list hints;

	event_list_init(&hints, ctx->arena);
	for (size_t i = 0; i < notices->hints.count; i++) {
		const struct source_event *event = &notices->hints.items[i];
		bool is_unread = has_wish(unread, count, event->item.kind, event->item.key);
		bool was_wished = has_wish(notices->wishes, notices->wish_count, event->item.kind,
					   event->item.key);

		if (is_unread || !was_wished)
			TRY(event_list_take(&hints, event));
	}
	return mirror_apply_all(ctx, mirror, hints.items, hints.count);
}

static enum err read_again(struct ctx *ctx, struct mirror *mirror, struct notices *notices)
{
	struct mirror_wish *wishes = arena_array_of(ctx->arena, notices->wish_count,
						    struct mirror_wish);
	size_t count = 0, unread;

	/* Posts first: a comment has to hang on something. */
	for (size_t i = 0; i < notices->wish_count; i++)
		if (notices->wishes[i].kind == ITEM_POST)
			wishes[count++] = notices->wishes[i];
	for (size_t i = 0; i < notices->wish_count; i++)
		if (notices->wishes[i].kind != ITEM_POST)
			wishes[count++] = notices->wishes[i];
	TRY(mirror_read_wishes(ctx, mirror, wishes, count, &notices->hints, &unread));
	TRY(apply_hints(ctx, mirror, notices, wishes, unread));
	mirror_add_wishes(ctx, mirror, wishes, unread);
	mirror_add_known_wishes(ctx, mirror, notices->counts, notices->known_count);
	TRY(db_run(ctx));
	if (notices->has_gap)
		return mirror_stamp(ctx, mirror->source.id, STAMP_GAP);
	return OK;
}

static enum err work_in(struct ctx *ctx, struct mirror *mirror, const struct event_list *events)
{
	struct notices notices;

	if (events->count == 0)
		return OK;
	TRY(sort_events(ctx, mirror, events, &notices));
	TRY(mirror_apply_all(ctx, mirror, notices.direct.items, notices.direct.count));
	TRY(read_again(ctx, mirror, &notices));
	return mirror_stamp(ctx, mirror->source.id, STAMP_EVENT);
}

/* Bodies ---------------------------------------------------------------------------- */

struct bodies {
	struct mirror_delivery *items;
	size_t count;
	bool *is_unreadable;
};

static enum err read_bodies(struct ctx *ctx, const struct mirror *mirror, struct bodies *bodies,
			    struct event_list *events)
{
	const struct connector *connector = connector_find(mirror->source.connector);
	struct event_sink sink = event_list_sink(events);

	for (size_t i = 0; i < bodies->count; i++) {
		struct mirror_delivery *body = &bodies->items[i];
		int64_t unknown = 0;
		enum err result;

		if (strcmp(body->connector, mirror->source.connector) != 0)
			continue;
		result = connector->push_events(ctx, &mirror->source, body->body, body->length,
						body->received_at, &sink, &unknown);
		if (unknown > body->unknown_count)
			body->unknown_count = unknown;
		bodies->is_unreadable[i] = result == ERR_INVALID;
		if (result == ERR_INVALID)
			error_clear(ctx);
		else
			TRY(result);
	}
	return OK;
}

static enum err work_in_bodies(struct ctx *ctx, struct bodies *bodies)
{
	struct mirror *mirrors;
	size_t count;

	TRY(mirror_list(ctx, &mirrors, &count));
	for (size_t i = 0; i < count; i++) {
		const struct connector *connector = connector_find(mirrors[i].source.connector);
		struct event_list events;

		if (!connector || !connector->has_push)
			continue;
		event_list_init(&events, ctx->arena);
		TRY(read_bodies(ctx, &mirrors[i], bodies, &events));
		TRY(work_in(ctx, &mirrors[i], &events));
	}
	return OK;
}

static enum err finish_bodies(struct ctx *ctx, struct bodies *bodies)
{
	struct mirror_delivery *done = arena_array_of(ctx->arena, bodies->count,
						      struct mirror_delivery);
	size_t count = 0;

	for (size_t i = 0; i < bodies->count; i++) {
		if (bodies->is_unreadable[i])
			TRY(mirror_delivery_failed(ctx, &bodies->items[i], "this is not readable"));
		else
			done[count++] = bodies->items[i];
	}
	return mirror_deliveries_done(ctx, done, count);
}

static enum err try_bodies(struct ctx *ctx, struct bodies *bodies)
{
	struct ctx inner = mirror_inner(ctx);
	enum err result = work_in_bodies(&inner, bodies);

	if (result == OK)
		result = finish_bodies(&inner, bodies);
	return mirror_inner_end(ctx, &inner, result);
}

/* One that cannot be worked in must not hold up the others: they go one by one then. */
static enum err one_by_one(struct ctx *ctx, struct bodies *bodies)
{
	for (size_t i = 0; i < bodies->count; i++) {
		struct bodies one = { .items = &bodies->items[i],
				      .count = 1,
				      .is_unreadable = &bodies->is_unreadable[i] };
		enum err result = try_bodies(ctx, &one);

		if (result == ERR_UNAVAILABLE)
			return result;
		if (result == OK)
			continue;
		log_event(LOG_LEVEL_ERROR, "mirror_delivery", "id", log_i64(bodies->items[i].id),
			  "error", err_name(result), "why", slot_why(&ctx->error), NULL);
		TRY(mirror_delivery_failed(ctx, &bodies->items[i], slot_why(&ctx->error)));
		error_clear(ctx);
	}
	return OK;
}

enum err mirror_do_deliveries(struct ctx *ctx)
{
	struct bodies bodies;
	enum err result;

	TRY(mirror_deliveries(ctx, DELIVERIES_AT_ONCE, BYTES_AT_ONCE, &bodies.items,
			      &bodies.count));
	bodies.is_unreadable = arena_array_of(ctx->arena, bodies.count, bool);
	result = try_bodies(ctx, &bodies);
	if (result == OK || result == ERR_UNAVAILABLE)
		return result;
	error_clear(ctx);
	return one_by_one(ctx, &bodies);
}

enum err mirror_do_refreshes(struct ctx *ctx, struct mirror *mirror)
{
	struct mirror_wish *wishes, *all;
	size_t count, unread, done = 0;

	TRY(mirror_wishes(ctx, mirror, 4 * CONNECT_ITEMS_MAX, &wishes, &count));
	all = arena_array_of(ctx->arena, count, struct mirror_wish);
	if (count > 0)
		memcpy(all, wishes, count * sizeof(*all));
	TRY(mirror_read_wishes(ctx, mirror, wishes, count, NULL, &unread));
	TRY(mirror_wishes_later(ctx, mirror, wishes, unread));
	for (size_t i = 0; i < count; i++)
		if (!has_wish(wishes, unread, all[i].kind, all[i].key))
			all[done++] = all[i];
	return mirror_wishes_done(ctx, mirror, all, done);
}
