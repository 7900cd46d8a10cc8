/*
 * Facebook's notices, and the repair of its exports' texts. An event has a key that
 * is fit for a path, and texts that PostgreSQL takes.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "connect/facebook_call.h"
#include "connect/facebook_export.h"
#include "connect/facebook_push.h"

static enum err check(void *data, const struct source_event *event)
{
	const struct item *item = &event->item;

	(void)data;
	must(event->kind == EVENT_GAP || fb_is_id(item->key));
	must(event->kind == EVENT_GAP || fb_is_id(item->address));
	must(!*item->root_key || fb_is_id(item->root_key));
	must(!*item->parent_key || fb_is_id(item->parent_key));
	must(!*item->author_key || fb_is_id(item->author_key));
	must(utf8_is_valid(item->text, strlen(item->text)));
	must(utf8_is_valid(item->author_name, strlen(item->author_name)));
	must(item->media_count <= ITEM_MEDIA_MAX);
	must(!event->is_confirmed);
	must(item->visibility != ITEM_UNPUBLISHED || !*item->text);
	return OK;
}

static void check_repair(struct arena *arena, const char *text)
{
	const char *once, *twice;

	if (!utf8_is_valid(text, strlen(text)))
		return;
	once = facebook_repair(arena, text);
	must(utf8_is_valid(once, strlen(once)));
	must(strlen(once) <= strlen(text));
	twice = facebook_repair(arena, once);
	must(strlen(twice) <= strlen(once));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config config;
	struct ctx ctx = { .arena = arena_new(64 << 20), .config = &config };
	struct source source = { .account = "104822336490021" };
	struct event_sink sink = { .take = check };
	int64_t unknown;

	if (facebook_push_events(&ctx, &source, (const char *)data, size, 1, &sink, &unknown) == OK)
		must(unknown >= 0);
	check_repair(ctx.arena, arena_strndup(ctx.arena, (const char *)data, size));
	arena_free(ctx.arena);
	return 0;
}
