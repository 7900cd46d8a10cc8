/*
 * Reading. The feed is the Page's own posts and visitors'; comments are read post
 * by post, all levels flat and in order of time. A post of several pictures has
 * comments on the pictures too, which are no part of its own list: they are read
 * after it, and hang on the post.
 */
#include "connect/facebook_read.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/slice.h"
#include "connect/facebook_item.h"
#include "connect/facebook_list.h"
#include "connect/facebook_token.h"
#include "connect/foreign.h"
#include "net/json.h"

#define PHOTOS_MAX 50

/* Posts are called by "PAGE_POST"; their key alone is enough to make that. */
static const char *address_of(struct ctx *ctx, const struct source *source,
			      const struct item_address *item)
{
	const char *address = item->address && *item->address ? item->address : item->key;

	if (item->kind == ITEM_COMMENT || strchr(address, '_'))
		return address;
	return arena_printf(ctx->arena, "%s_%s", source->account, address);
}

/* ---- giving out -------------------------------------------------------- */

struct reader {
	struct ctx *ctx;
	struct source *source;
	const struct event_sink *sink;
	const char *root_key;
	enum item_kind kind;
	int rung;
	int64_t observed_at;
};

static enum err give(const struct reader *reader, enum event_kind kind, const struct item *item)
{
	struct source_event event = { .kind = kind,
				      .is_confirmed = true,
				      .observed_at = reader->observed_at,
				      .item = *item };

	return reader->sink->take(reader->sink->data, &event);
}

static enum err give_json(const struct reader *reader, const json_t *json)
{
	struct item item;

	if (!fb_read_item(reader->ctx, reader->source, reader->kind, reader->root_key, reader->rung,
			  json, &item)) {
		log_event(LOG_LEVEL_INFO, "facebook_item_left_out", "page", reader->source->account,
			  "item", json_text_at(json, "id"), NULL);
		return OK;
	}
	return give(reader, EVENT_ITEM, &item);
}

/* Only its id could be read: let it be read again, alone. */
static enum err give_bare(const struct reader *reader, const json_t *json)
{
	const char *id = json_text_at(json, "id");
	struct item item = { .kind = reader->kind,
			     .parent_key = "",
			     .root_key = reader->root_key,
			     .author_key = "",
			     .author_name = "",
			     .text = "",
			     .title = "",
			     .html = "",
			     .url = "",
			     .comment_count = -1 };

	if (!id || !fb_is_id(id))
		return OK;
	item.key = fb_last_part(id);
	item.address = id;
	if (reader->kind == ITEM_POST)
		item.root_key = item.key;
	return give(reader, EVENT_STALE, &item);
}

static enum err give_list(struct reader *reader, const struct fb_list *list,
			  const struct fb_answer *answer)
{
	json_t *json;
	size_t i;

	reader->observed_at = answer->asked_at;
	reader->rung = list->rung;
	json_array_foreach(list->data, i, json)
	{
		TRY(list->is_bare ? give_bare(reader, json) : give_json(reader, json));
	}
	return OK;
}

/* ---- posts ------------------------------------------------------------- */

enum err facebook_read_posts(struct ctx *ctx, struct source *source, struct posts_reading *reading,
			     const struct event_sink *sink, struct connect_error *error)
{
	struct reader reader = {
		.ctx = ctx, .source = source, .sink = sink, .kind = ITEM_POST, .root_key = ""
	};
	struct fb_list list = { .source = source,
				.path = arena_printf(ctx->arena, "%s/feed", source->account),
				.kind = ITEM_POST,
				.since = reading->since / CLOCK_SECOND,
				.until = reading->until / CLOCK_SECOND,
				.cursor = reading->cursor ? reading->cursor : "",
				.limit = reading->limit };
	struct fb_answer answer;

	reading->next = reading->next_watermark = "";
	TRY(fb_token_check(ctx, source, error));
	if (error->failure != CONNECT_OK)
		return OK;
	TRY(fb_list_read(ctx, &list, &answer));
	reading->limit = list.limit;
	TRY(give_list(&reader, &list, &answer));
	if (!fb_has_failed(&answer, error))
		reading->next = list.next;
	return OK;
}

/* ---- comments ---------------------------------------------------------- */

/*
 * Where a reading of comments stands: "photo" is the picture whose comments are
 * being read, "photos" those still to come, "at" the list's own cursor.
 */
struct place {
	const char *photo, *photos, *at;
	bool is_cut;
};

static struct place place_read(struct ctx *ctx, const char *cursor)
{
	struct place place = { .photo = foreign_query(ctx->arena, cursor, "photo"),
			       .photos = foreign_query(ctx->arena, cursor, "photos"),
			       .at = foreign_query(ctx->arena, cursor, "at"),
			       .is_cut = foreign_query(ctx->arena, cursor, "cut") != NULL };

	if (place.photo && !fb_is_id(place.photo))
		place.photo = NULL;
	if (!place.at)
		place.at = "";
	return place;
}

static const char *place_write(struct ctx *ctx, const struct place *place)
{
	struct buf out;

	buf_init(&out, ctx->arena, 32768);
	buf_text(&out, place->is_cut ? "cut=1&at=" : "at=");
	buf_url(&out, place->at);
	if (place->photo)
		buf_printf(&out, "&photo=%s", place->photo);
	if (place->photos && *place->photos)
		buf_printf(&out, "&photos=%s", place->photos);
	return out.data;
}

/* Pictures of posts by post, of this process: asked again after an hour. */
static struct {
	char post[64];
	char photos[2048];
	int64_t until;
} albums[64];

static void collect_photos(const json_t *list, int depth, struct buf *out)
{
	json_t *attachment;
	size_t i;

	json_array_foreach(list, i, attachment)
	{
		const char *id = json_text_at(json_at(attachment, "target"), "id");
		const char *type = json_text_or_empty(attachment, "media_type");

		if (depth < 3)
			collect_photos(json_at(json_at(attachment, "subattachments"), "data"),
				       depth + 1, out);
		/* The comments of a single picture are its post's. */
		if (depth > 0 && id && fb_is_id(id) &&
		    (!strcmp(type, "photo") || !strcmp(type, "video")))
			buf_printf(out, "%s%s", out->length ? " " : "", id);
	}
}

static enum err ask_photos(struct ctx *ctx, struct source *source, const char *post,
			   const char **out, struct fb_answer *answer)
{
	struct fb_call call = { .path = post };
	struct buf photos;

	*out = "";
	fb_add(&call, "fields", "id,attachments{media_type,target,subattachments}");
	TRY(fb_call(ctx, source, &call, answer));
	buf_init(&photos, ctx->arena, sizeof(albums[0].photos) - 1);
	if (answer->error.class == FB_OK)
		collect_photos(json_at(json_at(answer->root, "attachments"), "data"), 0, &photos);
	/* What has no attachments is no post; what may not be asked for is not needed. */
	if (answer->error.class == FB_FIELDS || answer->error.class == FB_PERMANENT ||
	    answer->error.class == FB_OPERATOR)
		answer->error.class = FB_OK;
	if (!photos.is_overflown)
		*out = photos.data;
	return OK;
}

/* Separated by spaces; "" for a post that has one picture, or none. */
static enum err photos_of(struct ctx *ctx, struct source *source, const char *post,
			  const char **out, struct fb_answer *answer)
{
	size_t oldest = 0;

	*answer = (struct fb_answer){ .error = { .message = "", .trace_id = "" } };
	for (size_t i = 0; i < ARRAY_COUNT(albums); i++) {
		if (!strcmp(albums[i].post, post) && albums[i].until > clock_now()) {
			*out = arena_strdup(ctx->arena, albums[i].photos);
			return OK;
		}
		if (albums[i].until < albums[oldest].until)
			oldest = i;
	}
	TRY(ask_photos(ctx, source, post, out, answer));
	if (answer->error.class != FB_OK || strlen(post) >= sizeof(albums[0].post))
		return OK;
	snprintf(albums[oldest].post, sizeof(albums[0].post), "%s", post);
	snprintf(albums[oldest].photos, sizeof(albums[0].photos), "%s", *out);
	albums[oldest].until = clock_now() + CLOCK_HOUR;
	return OK;
}

/* On to the next picture; false: there is none. */
static bool next_photo(struct ctx *ctx, struct place *place)
{
	struct slice rest = slice_of(place->photos ? place->photos : "");
	struct slice first = slice_cut(&rest, ' ');

	place->photo = first.length ? arena_strndup(ctx->arena, first.data, first.length) : NULL;
	place->photos = rest.data ? arena_strndup(ctx->arena, rest.data, rest.length) : "";
	place->at = "";
	return place->photo != NULL;
}

/* What stands after this page of the list; "" when all was read. */
static enum err next_place(struct ctx *ctx, struct source *source, const char *post,
			   const struct fb_list *list, struct place *place,
			   struct comments_reading *reading, struct fb_answer *answer)
{
	place->is_cut = place->is_cut || list->is_cut;
	place->at = list->next;
	if (!*list->next) {
		if (!place->photo)
			TRY(photos_of(ctx, source, post, &place->photos, answer));
		if (answer->error.class != FB_OK || !next_photo(ctx, place)) {
			reading->is_complete = !place->is_cut;
			return OK;
		}
	}
	reading->next = place_write(ctx, place);
	return OK;
}

/* Reads one page at the place, and moves it on. */
static enum err read_at(struct reader *reader, const char *post, struct place *place,
			struct comments_reading *reading, struct connect_error *error)
{
	static const struct fetch_pair pairs[] = { { "filter", "stream" },
						   { "order", "chronological" },
						   { "summary", "true" } };
	struct fb_list list = { .source = reader->source,
				.path = arena_printf(reader->ctx->arena, "%s/comments",
						     place->photo ? place->photo : post),
				.kind = ITEM_COMMENT,
				.pairs = pairs,
				.pair_count = ARRAY_COUNT(pairs),
				.cursor = place->at,
				.limit = reading->limit };
	struct fb_answer answer;

	TRY(fb_list_read(reader->ctx, &list, &answer));
	reading->limit = list.limit;
	TRY(give_list(reader, &list, &answer));
	/* A picture that was taken out of the post takes nothing else along. */
	if (place->photo && answer.error.class == FB_AMBIGUOUS) {
		answer.error.class = FB_OK;
		list.is_cut = true;
	}
	if (fb_has_failed(&answer, error))
		return OK;
	TRY(next_place(reader->ctx, reader->source, post, &list, place, reading, &answer));
	if (fb_has_failed(&answer, error))
		reading->is_complete = false;
	return OK;
}

enum err facebook_read_comments(struct ctx *ctx, struct source *source,
				const struct item_address *post, struct comments_reading *reading,
				const struct event_sink *sink, struct connect_error *error)
{
	const char *address = address_of(ctx, source, post);
	struct place place = place_read(ctx, reading->cursor ? reading->cursor : "");
	struct reader reader = { .ctx = ctx,
				 .source = source,
				 .sink = sink,
				 .kind = ITEM_COMMENT,
				 .root_key = post->key };

	reading->next = "";
	reading->is_complete = false;
	if (!fb_is_id(address)) {
		connect_error_set(error, CONNECT_PERMANENT, "this is no id of Facebook's");
		return OK;
	}
	TRY(fb_token_check(ctx, source, error));
	return error->failure == CONNECT_OK ? read_at(&reader, address, &place, reading, error)
					    : OK;
}

/* ---- single items ------------------------------------------------------ */

struct batch {
	struct reader reader;
	const struct item_address *items[CONNECT_ITEMS_MAX];
	size_t count;
};

static enum err give_missing(const struct reader *reader, const struct item_address *item)
{
	struct item missing = { .kind = item->kind,
				.key = item->key,
				.address = item->address ? item->address : "",
				.parent_key = "",
				.root_key = item->kind == ITEM_POST ? item->key : "",
				.author_key = "",
				.author_name = "",
				.text = "",
				.title = "",
				.html = "",
				.url = "",
				.comment_count = -1 };

	return give(reader, EVENT_MISSING, &missing);
}

/* An answer about one item. Its key stays what we know it by. */
static enum err give_one(struct reader *reader, const struct item_address *asked,
			 const json_t *json, bool *is_understood)
{
	struct item item;

	*is_understood = fb_read_item(reader->ctx, reader->source, asked->kind, "", reader->rung,
				      json, &item);
	if (!*is_understood)
		return OK;
	if (strcmp(item.key, asked->key) != 0) {
		item.key = asked->key;
		item.address = address_of(reader->ctx, reader->source, asked);
	}
	if (asked->kind == ITEM_POST)
		item.root_key = item.key;
	return give(reader, EVENT_ITEM, &item);
}

/* Asks with fewer fields until that works, or no fewer are left. */
static enum err ask_fields(struct ctx *ctx, struct reader *reader, const char *path,
			   const char *ids, struct fb_answer *answer)
{
	for (reader->rung = fb_rung(reader->source, reader->kind, clock_now());; reader->rung++) {
		struct fb_call call = { .path = path };

		fb_add(&call, "fields", fb_fields(reader->kind, reader->rung));
		if (ids)
			fb_add(&call, "ids", ids);
		TRY(fb_call(ctx, reader->source, &call, answer));
		if (answer->error.class != FB_FIELDS || reader->rung == FB_RUNGS - 1)
			break;
	}
	if (answer->error.class == FB_OK)
		fb_remember_rung(reader->source, reader->kind, reader->rung, clock_now());
	reader->observed_at = answer->asked_at;
	return OK;
}

/* False in *goes_on: the network failed, and so would the next call. */
static enum err read_single(struct reader *reader, const struct item_address *item,
			    struct connect_error *error, bool *goes_on)
{
	const char *address = address_of(reader->ctx, reader->source, item);
	struct fb_answer answer;
	bool is_understood = false;

	*goes_on = true;
	TRY(ask_fields(reader->ctx, reader, address, NULL, &answer));
	if (answer.error.class == FB_OK)
		TRY(give_one(reader, item, answer.root, &is_understood));
	if (is_understood)
		return OK;
	if (answer.error.class == FB_AMBIGUOUS)
		return give_missing(reader, item);
	if (answer.error.class == FB_OK || answer.error.class == FB_PERMANENT ||
	    answer.error.class == FB_FIELDS) {
		/* Says nothing about whether it is there. */
		log_event(LOG_LEVEL_WARNING, "facebook_unreadable", "address", address, "message",
			  answer.error.message, NULL);
		return OK;
	}
	fb_has_failed(&answer, error);
	/* It may be this one item that we may not see. */
	*goes_on = error->failure == CONNECT_OPERATOR;
	return OK;
}

static enum err read_singly(struct batch *batch, struct connect_error *error)
{
	bool goes_on = true;

	for (size_t i = 0; goes_on && i < batch->count; i++)
		TRY(read_single(&batch->reader, batch->items[i], error, &goes_on));
	return OK;
}

static const char *ids_of(struct ctx *ctx, const struct batch *batch)
{
	struct buf ids;

	buf_init(&ids, ctx->arena, CONNECT_ITEMS_MAX * 256);
	for (size_t i = 0; i < batch->count; i++)
		buf_printf(&ids, "%s%s", i > 0 ? "," : "",
			   address_of(ctx, batch->reader.source, batch->items[i]));
	return ids.data;
}

/* What the answer lacks is asked for alone: one entry that is not there says little. */
static enum err give_batch(struct batch *batch, const json_t *root, struct connect_error *error)
{
	bool goes_on = true;

	for (size_t i = 0; goes_on && i < batch->count; i++) {
		struct reader one = batch->reader;
		const json_t *json = json_at(root,
					     address_of(one.ctx, one.source, batch->items[i]));
		bool is_understood = false;

		if (json_is_object(json) && !json_has(json, "error"))
			TRY(give_one(&one, batch->items[i], json, &is_understood));
		if (!is_understood)
			TRY(read_single(&one, batch->items[i], error, &goes_on));
	}
	return OK;
}

/* One item of whom nothing can be told makes the whole question fail. */
static bool may_be_one_of_them(enum fb_class class)
{
	return class == FB_AMBIGUOUS || class == FB_PERMANENT || class == FB_FIELDS ||
	       class == FB_SHRINK || class == FB_OPERATOR;
}

static enum err read_batch(struct batch *batch, struct connect_error *error)
{
	struct fb_answer answer;

	if (batch->count <= 1)
		return read_singly(batch, error);
	TRY(ask_fields(batch->reader.ctx, &batch->reader, "", ids_of(batch->reader.ctx, batch),
		       &answer));
	if (answer.error.class == FB_OK)
		return give_batch(batch, answer.root, error);
	if (may_be_one_of_them(answer.error.class))
		return read_singly(batch, error);
	fb_has_failed(&answer, error);
	return OK;
}

enum err facebook_read_items(struct ctx *ctx, struct source *source,
			     const struct item_address *items, size_t count,
			     const struct event_sink *sink, struct connect_error *error)
{
	TRY(fb_token_check(ctx, source, error));
	for (enum item_kind kind = ITEM_POST; kind <= ITEM_COMMENT && error->failure == CONNECT_OK;
	     kind++) {
		struct batch batch = { .reader = { .ctx = ctx,
						   .source = source,
						   .sink = sink,
						   .kind = kind,
						   .root_key = "",
						   .observed_at = clock_now() } };

		for (size_t i = 0; i < count && i < CONNECT_ITEMS_MAX; i++) {
			if (items[i].kind != kind)
				continue;
			if (fb_is_id(address_of(ctx, source, &items[i])))
				batch.items[batch.count++] = &items[i];
			else
				TRY(give_missing(&batch.reader, &items[i]));
		}
		if (batch.count > 0)
			TRY(read_batch(&batch, error));
	}
	return OK;
}
