/*
 * Entries of a feed as items.
 */
#include "connect/feed_entry.h"

#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/slice.h"
#include "connect/feed_parse.h"
#include "connect/foreign.h"
#include "text/html_reader.h"

#define KEY_MAX_BYTES 300

/* ---- values ------------------------------------------------------------ */

int64_t feed_time(const char *text)
{
	struct slice trimmed = slice_trim(slice_of(text));
	char moment[64];
	int64_t time;

	if (trimmed.length >= sizeof(moment))
		return 0;
	snprintf(moment, sizeof(moment), "%.*s", (int)trimmed.length, trimmed.data);
	time = foreign_time(moment);
	return time ? time : foreign_mail_time(moment);
}

const char *feed_name(struct ctx *ctx, const char *text)
{
	const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
	const char *angle = strchr(text, '<');

	if (open && close && memchr(text, '@', (size_t)(open - text)))
		text = arena_strndup(ctx->arena, open + 1, (size_t)(close - open - 1));
	else if (angle && angle > text)
		text = arena_strndup(ctx->arena, text, (size_t)(angle - text));
	text = foreign_line(ctx->arena, text, FEED_NAME_MAX_POINTS);
	return strchr(text, '@') ? "" : text;
}

void feed_entry_add_enclosure(struct feed_entry *entry, const char *url, const char *type)
{
	struct item_media media = { .kind = "file", .url = "", .link = url, .title = "" };

	if (!*url || entry->media_count == ITEM_MEDIA_MAX)
		return;
	if (type && !strncasecmp(type, "image/", 6)) {
		media.kind = "photo";
		media.url = url;
	} else if (type && !strncasecmp(type, "video/", 6)) {
		media.kind = "video";
	}
	entry->media[entry->media_count++] = media;
}

static void add_words(void *data, const char *text, size_t length)
{
	buf_bytes(data, text, length);
}

static void add_space(void *data, const char *name)
{
	/* Words in two cells or lines are two words. */
	if (strcmp(name, "b") != 0 && strcmp(name, "i") != 0 && strcmp(name, "em") != 0 &&
	    strcmp(name, "strong") != 0 && strcmp(name, "a") != 0 && strcmp(name, "span") != 0)
		buf_char(data, ' ');
}

static void begin_element(void *data, const char *name, const char **attributes)
{
	(void)attributes;
	add_space(data, name);
}

/* The words of a title that is markup. */
static const char *plain(struct ctx *ctx, const struct feed_text *text)
{
	struct html_handler handler = { .start = begin_element,
					.end = add_space,
					.text = add_words };
	struct buf words;

	if (!text->value)
		return "";
	if (!text->is_markup)
		return foreign_line(ctx->arena, text->value, FEED_TITLE_MAX_POINTS);
	buf_init(&words, ctx->arena, FEED_TEXT_MAX_BYTES * 2);
	handler.data = &words;
	if (html_read(ctx, text->value, FEED_TEXT_MAX_BYTES, &handler) != OK)
		error_clear(ctx);
	return foreign_line(ctx->arena, words.data, FEED_TITLE_MAX_POINTS);
}

/* ---- the item ---------------------------------------------------------- */

static const char *hash_of(struct ctx *ctx, const char *text)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, text, strlen(text));
	return arena_printf(ctx->arena, "sha256:%s", crypto_hex(ctx->arena, hash, sizeof(hash)));
}

/* An id as a key of bounded length; "" if it says nothing. */
static const char *key_of_id(struct ctx *ctx, const char *id)
{
	const char *key = id ? foreign_line(ctx->arena, id, 4000) : "";

	return strlen(key) <= KEY_MAX_BYTES ? key : hash_of(ctx, key);
}

/* What has no id is known by its address, or by its words. */
static const char *key_of(struct ctx *ctx, const struct feed_entry *entry, const char *title)
{
	const char *key = key_of_id(ctx, entry->id), *words = entry->content.value;

	if (!*key)
		key = key_of_id(ctx, entry->link);
	if (*key)
		return key;
	if (!words)
		words = entry->summary.value ? entry->summary.value : "";
	return hash_of(ctx, arena_printf(ctx->arena, "%s %s", title, words));
}

static void set_text(struct ctx *ctx, const struct feed_entry *entry, struct item *item)
{
	const struct feed_text *text = entry->content.value ? &entry->content : &entry->summary;

	item->has_text = true;
	item->text = item->html = "";
	if (text->value && text->is_markup)
		item->html = text->value;
	else if (text->value)
		item->text = foreign_text(ctx->arena, text->value);
}

static void set_author(struct ctx *ctx, const struct feed_entry *entry, struct item *item)
{
	const char *name = entry->author ? entry->author : "";

	item->author_name = name;
	item->author_key = entry->author_uri && strlen(entry->author_uri) <= KEY_MAX_BYTES
				   ? entry->author_uri
			   : *name ? arena_printf(ctx->arena, "name:%s", name)
				   : "";
}

void feed_entry_item(struct ctx *ctx, const struct feed_entry *entry, struct item *item)
{
	const char *parent = key_of_id(ctx, entry->reply_to);

	*item = (struct item){ .kind = ITEM_POST,
			       .parent_key = "",
			       .title = plain(ctx, &entry->title),
			       .created_at = entry->created_at ? entry->created_at
							       : entry->updated_at,
			       .url = entry->link ? entry->link : "",
			       .address = entry->comments_feed ? entry->comments_feed : "",
			       .comment_count = entry->comment_count,
			       .can_comment = false,
			       .has_media = true };
	item->key = item->root_key = key_of(ctx, entry, item->title);
	if (*parent && strcmp(parent, item->key) != 0) {
		item->kind = ITEM_COMMENT;
		item->parent_key = item->root_key = parent;
	}
	item->is_self = item->kind == ITEM_POST;
	if (entry->updated_at > item->created_at + CLOCK_SECOND)
		item->edited_at = entry->updated_at;
	set_text(ctx, entry, item);
	set_author(ctx, entry, item);
	memcpy(item->media, entry->media, sizeof(entry->media));
	item->media_count = entry->media_count;
}
