/*
 * One event into what is known of its item. Field by field the later one wins, so
 * that the order in which events come does not matter; what a read said is of the
 * time when it was asked, what a notice carried is of the notice's time, or of the
 * item's creation where it only says that the item is there.
 */
#include "forum/mirror_parts.h"

/* Lexical order settles what the clock leaves open, the same way in any order. */
static bool is_later_text(const struct mirror_item *item, int64_t at, const char *text)
{
	return at > item->text_at || (at == item->text_at && strcmp(text, item->body) > 0);
}

static void set_text(struct mirror_item *item, const struct item *told, int64_t at)
{
	item->is_text_changed = item->is_text_changed || strcmp(item->body, told->text) != 0 ||
				strcmp(item->html, told->html) != 0 ||
				strcmp(item->title, told->title) != 0;
	item->body = told->text;
	item->html = told->html;
	item->title = told->title;
	item->text_at = at;
	if (told->edited_at > item->edited_at)
		item->edited_at = told->edited_at;
}

/* Of two at the same moment the less public: it can be mended by reading again. */
static void set_visibility(struct mirror_item *item, enum item_visibility visibility, int64_t at)
{
	if (at < item->visibility_at || (at == item->visibility_at && visibility == ITEM_PUBLIC))
		return;
	item->visibility = visibility;
	item->visibility_at = at;
}

static void fill(const char **field, const char *told)
{
	if (!**field && *told)
		*field = told;
}

static void replace(const char **field, const char *told)
{
	if (*told)
		*field = told;
}

static void set_author(struct mirror_item *item, const struct item *told, bool is_read)
{
	bool is_known = item->is_self || item->author_key[0];

	if (!told->is_self && !told->author_key[0])
		return;
	if (is_known && !is_read)
		return;
	item->is_author_changed = item->is_author_changed || item->is_self != told->is_self ||
				  strcmp(item->author_key, told->author_key) != 0 ||
				  strcmp(item->author_name, told->author_name) != 0;
	item->is_self = told->is_self;
	item->author_key = told->is_self ? "" : told->author_key;
	if (told->author_name[0])
		item->author_name = told->author_name;
}

static void set_created(struct mirror_item *item, int64_t created_at)
{
	if (!created_at || item->created_at == created_at)
		return;
	item->is_created_changed = item->created_at != 0 || item->post_id != 0;
	item->created_at = created_at;
}

static void set_media(struct mirror_item *item, const struct item *told)
{
	item->are_media_told = true;
	item->has_media = told->media_count > 0;
	item->media = told->media;
	item->media_count = told->media_count;
}

/* Where it hangs: known for good once it is known, but for what a read corrects. */
static void set_place(struct mirror_item *item, const struct item *told, bool is_read)
{
	void (*set)(const char **, const char *) = is_read ? replace : fill;

	set(&item->address, told->address);
	set(&item->url, told->url);
	if (item->kind == ITEM_POST)
		return;
	set(&item->parent_key, told->parent_key);
	set(&item->root_key, told->root_key);
}

/* {"like":3}; how many, never who. */
static const char *reactions_json(struct ctx *ctx, const struct item *told)
{
	struct buf json;

	buf_init(&json, ctx->arena, 4096);
	buf_char(&json, '{');
	for (size_t i = 0; i < told->reaction_count; i++) {
		buf_text(&json, i ? "," : "");
		buf_json(&json, told->reactions[i].name);
		buf_printf(&json, ":%lld", (long long)told->reactions[i].count);
	}
	buf_char(&json, '}');
	return json.is_overflown ? "{}" : json.data;
}

static void merge_read(struct ctx *ctx, struct mirror_item *item, const struct source_event *event)
{
	const struct item *told = &event->item;
	int64_t at = event->observed_at;

	if (at < item->confirmed_at)
		return;
	item->confirmed_at = at;
	item->missing_since = item->missing_at = item->missing_count = 0;
	if (at > item->removed_at)
		item->removed_at = 0;
	set_place(item, told, true);
	set_author(item, told, true);
	set_created(item, told->created_at);
	if (told->has_text && at >= item->text_at)
		set_text(item, told, at);
	if (at >= item->visibility_at) {
		item->visibility = told->visibility;
		item->visibility_at = at;
	}
	item->is_by_visitor = told->is_by_visitor;
	item->can_comment = told->can_comment;
	if (told->comment_count >= 0)
		item->comment_count = told->comment_count;
	if (told->has_media)
		set_media(item, told);
	if (told->has_reactions)
		item->reactions = reactions_json(ctx, told);
}

static void merge_hint(struct mirror_item *item, const struct source_event *event)
{
	const struct item *told = &event->item;
	int64_t created = told->created_at ? told->created_at : 1;
	int64_t text_at = told->edited_at ? told->edited_at : created;

	set_place(item, told, false);
	set_author(item, told, false);
	if (!item->created_at)
		set_created(item, told->created_at);
	if (told->has_text && is_later_text(item, text_at, told->text))
		set_text(item, told, text_at);
	/*
	 * That a comment was added says nothing of later hides. A post is added twice
	 * when it was scheduled: then the later notice knows.
	 */
	set_visibility(item, told->visibility,
		       item->kind == ITEM_COMMENT ? created : event->observed_at);
	if (!item->confirmed_at)
		item->is_by_visitor = item->is_by_visitor || told->is_by_visitor;
	if (told->has_media && !item->confirmed_at && !item->has_media)
		set_media(item, told);
}

static void merge_missing(struct mirror_item *item, int64_t at)
{
	if (at <= item->missing_at || at < item->confirmed_at)
		return;
	if (!item->missing_since)
		item->missing_since = at;
	item->missing_at = at;
	item->missing_count++;
}

void mirror_merge(struct ctx *ctx, struct mirror_item *item, const struct source_event *event)
{
	const struct item *told = &event->item;

	item->is_changed = item->is_told = true;
	fill(&item->address, told->address);
	switch (event->kind) {
	case EVENT_REMOVED:
		set_place(item, told, false);
		if (!item->removed_at || !item->is_removal_final)
			item->removed_at = event->observed_at ? event->observed_at : 1;
		item->is_removal_final = true;
		break;
	case EVENT_MISSING:
		merge_missing(item, event->observed_at);
		break;
	case EVENT_VISIBILITY:
		set_place(item, told, false);
		set_visibility(item, told->visibility, event->observed_at);
		break;
	case EVENT_ITEM:
		/* What was said to be removed does not come back, nor do its words. */
		if (item->is_removal_final)
			set_place(item, told, false);
		else if (event->is_confirmed)
			merge_read(ctx, item, event);
		else
			merge_hint(item, event);
		break;
	case EVENT_STALE:
	case EVENT_COUNTS:
	case EVENT_GAP:
		break;
	}
}
