/*
 * What a notice says. It is a hint: added and edited things are told as they were
 * carried, unconfirmed, and then as stale, to be read again. Removals are final;
 * hiding takes effect at once. No order is promised and everything may come twice;
 * that is the core's to bear.
 *
 * What is known and of no use (Messenger, likes of the Page, mentions elsewhere,
 * recommendations) is left out in silence; what is not known is counted.
 */
#include <jansson.h>

#include "base/clock.h"
#include "base/log.h"
#include "connect/facebook_call.h"
#include "connect/facebook_item.h"
#include "connect/facebook_push.h"
#include "connect/foreign.h"
#include "net/json.h"

struct notice {
	struct ctx *ctx;
	const struct source *source;
	const struct event_sink *sink;
	int64_t *unknown;
	int64_t time; /* of the entry: the only clock of an edit */
};

enum verb { VERB_CHANGED, VERB_HIDDEN, VERB_SHOWN, VERB_REMOVED, VERB_IGNORED, VERB_UNKNOWN };
enum thing { THING_POST, THING_COMMENT, THING_REACTION, THING_IGNORED, THING_UNKNOWN };

static const struct {
	const char *name;
	enum verb verb;
} verbs[] = {
	{ "add", VERB_CHANGED },     { "edited", VERB_CHANGED }, { "edit", VERB_CHANGED },
	{ "update", VERB_CHANGED },  { "hide", VERB_HIDDEN },    { "unhide", VERB_SHOWN },
	{ "remove", VERB_REMOVED },  { "delete", VERB_REMOVED }, { "block", VERB_IGNORED },
	{ "unblock", VERB_IGNORED }, { "mute", VERB_IGNORED },   { "follow", VERB_IGNORED },
};

static const struct {
	const char *name;
	enum thing thing;
} things[] = {
	{ "status", THING_POST },
	{ "post", THING_POST },
	{ "photo", THING_POST },
	{ "video", THING_POST },
	{ "share", THING_POST },
	{ "album", THING_POST },
	{ "event", THING_POST },
	{ "note", THING_POST },
	{ "milestone", THING_POST },
	{ "link", THING_POST },
	{ "story", THING_POST },
	{ "comment", THING_COMMENT },
	{ "reaction", THING_REACTION },
	{ "like", THING_REACTION },
	{ "address", THING_IGNORED },
	{ "connection", THING_IGNORED },
	{ "coupon", THING_IGNORED },
	{ "experience", THING_IGNORED },
	{ "group", THING_IGNORED },
	{ "group_message", THING_IGNORED },
	{ "interest", THING_IGNORED },
	{ "mention", THING_IGNORED },
	{ "page", THING_IGNORED },
	{ "picture", THING_IGNORED },
	{ "platform-story", THING_IGNORED },
	{ "photo-album", THING_IGNORED },
	{ "profile", THING_IGNORED },
	{ "question", THING_IGNORED },
	{ "rating", THING_IGNORED },
	{ "relationship-status", THING_IGNORED },
	{ "timeline cover", THING_IGNORED },
	{ "tag", THING_IGNORED },
};

static enum verb verb_of(const json_t *value)
{
	const char *name = json_text_or_empty(value, "verb");

	for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return verbs[i].verb;
	return VERB_UNKNOWN;
}

static enum thing thing_of(const json_t *value)
{
	const char *name = json_text_or_empty(value, "item");

	for (size_t i = 0; i < ARRAY_COUNT(things); i++)
		if (!strcmp(things[i].name, name))
			return things[i].thing;
	return THING_UNKNOWN;
}

static void count_unknown(const struct notice *notice, const char *field, const json_t *value)
{
	(*notice->unknown)++;
	log_event(LOG_LEVEL_INFO, "facebook_unknown_notice", "page", notice->source->account,
		  "field", field, "item", json_text_at(value, "item"), "verb",
		  json_text_at(value, "verb"), NULL);
}

/* ---- what is carried --------------------------------------------------- */

static const char *id_at(const json_t *value, const char *key)
{
	const char *id = json_text_at(value, key);

	return id && fb_is_id(id) ? id : NULL;
}

/* Which item it is about: key, address, root. False: it does not say. */
static bool read_place(const struct notice *notice, enum thing thing, const json_t *value,
		       struct item *out)
{
	const char *post = id_at(value, "post_id"), *comment = id_at(value, "comment_id");
	const char *parent = id_at(value, "parent_id");

	*out = (struct item){ .parent_key = "",
			      .root_key = post ? fb_last_part(post) : "",
			      .author_key = "",
			      .author_name = "",
			      .text = "",
			      .title = "",
			      .html = "",
			      .url = "",
			      .comment_count = -1,
			      .can_comment = true };
	if (thing == THING_COMMENT || (thing == THING_REACTION && comment)) {
		if (!comment)
			return false;
		out->kind = ITEM_COMMENT;
		out->key = fb_last_part(comment);
		out->address = comment;
		/* For comments straight under the post this is the post. */
		out->parent_key = parent ? fb_last_part(parent) : out->root_key;
		return true;
	}
	if (!post)
		return false;
	out->kind = ITEM_POST;
	out->key = out->root_key;
	out->address = strchr(post, '_') ? post
					 : arena_printf(notice->ctx->arena, "%s_%s",
							notice->source->account, post);
	return true;
}

static void add_picture(struct item *item, const char *kind, const char *url)
{
	struct item_media media = { .kind = kind, .url = url, .link = "", .title = "" };

	if (*url)
		fb_add_media(item, &media);
}

static void add_link(struct ctx *ctx, struct item *item, const char *kind, const char *url)
{
	struct item_media media = {
		.kind = kind, .url = "", .link = fb_unshim(ctx, url), .title = ""
	};

	if (*media.link)
		fb_add_media(item, &media);
}

static void read_media(struct ctx *ctx, const json_t *value, struct item *out)
{
	const char *kind = json_text_or_empty(value, "item");
	const char *link = json_text_at(value, "link");
	const json_t *photos = json_at(value, "photos");
	json_t *photo;
	size_t i;

	json_array_foreach(photos, i, photo)
	{
		if (json_is_string(photo))
			add_picture(out, "photo", foreign_web_url(json_string_value(photo)));
	}
	add_picture(out, "photo", foreign_web_url(json_text_at(value, "photo")));
	if (link && !strcmp(kind, "photo"))
		add_picture(out, "photo", foreign_web_url(link));
	else if (link && (!strcmp(kind, "share") || !strcmp(kind, "link")))
		add_link(ctx, out, "link", link);
	/* A film's own address expires and cannot be copied: a mark that there is one. */
	if (json_has(value, "video") || !strcmp(kind, "video"))
		fb_add_media(out, &(struct item_media){
					  .kind = "video", .url = "", .link = "", .title = "" });
}

/* A post that is not out yet, or one that never is: an advertisement. */
static bool is_unpublished(const json_t *value)
{
	return !json_bool_at(value, "published", true) ||
	       !json_bool_at(json_at(value, "post"), "is_published", true);
}

static void read_contents(const struct notice *notice, const json_t *value, struct item *out)
{
	struct ctx *ctx = notice->ctx;
	const json_t *from = json_at(value, "from");
	const char *message = json_text_at(value, "message");
	const char *id = json_text_at(from, "id"), *name = json_text_at(from, "name");
	const char *verb = json_text_or_empty(value, "verb");

	/* The older shape. */
	if (!json_is_object(from)) {
		id = json_text_at(value, "sender_id");
		name = json_text_at(value, "sender_name");
	}
	fb_read_author(ctx, notice->source, id, name, out);
	out->is_by_visitor = out->kind == ITEM_POST && *out->author_key && !out->is_self;
	out->created_at = foreign_time(json_text_at(value, "created_time"));
	out->edited_at = foreign_time(json_text_at(value, "edited_time"));
	if (!out->edited_at && strcmp(verb, "add") != 0)
		out->edited_at = notice->time;
	if (is_unpublished(value)) {
		out->visibility = ITEM_UNPUBLISHED;
		return;
	}
	read_media(ctx, value, out);
	/* Without a text: a picture, or something that we may not read. */
	out->has_text = message || out->media_count > 0;
	out->text = foreign_text(ctx->arena, message ? message : "");
}

/* ---- giving out -------------------------------------------------------- */

static enum err give(const struct notice *notice, enum event_kind kind, const struct item *item)
{
	struct source_event event = {
		.kind = kind, .is_confirmed = false, .observed_at = notice->time, .item = *item
	};

	return notice->sink->take(notice->sink->data, &event);
}

static enum err give_change(const struct notice *notice, const json_t *value, struct item *item)
{
	read_contents(notice, value, item);
	TRY(give(notice, EVENT_ITEM, item));
	/* Comments under an advertisement are not read; a post may yet be published. */
	if (item->visibility == ITEM_UNPUBLISHED && item->kind == ITEM_COMMENT)
		return OK;
	return give(notice, EVENT_STALE, item);
}

static enum err give_visibility(const struct notice *notice, enum verb verb, struct item *item)
{
	/* Whoever is named as the author here is the one who hid it. */
	item->visibility = verb == VERB_HIDDEN ? ITEM_HIDDEN : ITEM_PUBLIC;
	TRY(give(notice, EVENT_VISIBILITY, item));
	return give(notice, EVENT_STALE, item);
}

static enum err take_feed(const struct notice *notice, const json_t *value)
{
	enum thing thing = thing_of(value);
	enum verb verb = verb_of(value);
	struct item item;

	if (thing == THING_UNKNOWN || verb == VERB_UNKNOWN) {
		count_unknown(notice, "feed", value);
		return OK;
	}
	/* Likes of the Page itself, blocked films, albums: they name no post. */
	if (thing == THING_IGNORED || verb == VERB_IGNORED)
		return OK;
	if (!read_place(notice, thing, value, &item)) {
		if (thing == THING_COMMENT)
			count_unknown(notice, "feed", value);
		return OK;
	}
	if (thing == THING_REACTION)
		return give(notice, EVENT_COUNTS, &item);
	if (verb == VERB_REMOVED)
		return give(notice, EVENT_REMOVED, &item);
	if (verb == VERB_CHANGED)
		return give_change(notice, value, &item);
	return give_visibility(notice, verb, &item);
}

/* ---- the envelope ------------------------------------------------------ */

static enum err give_gap(const struct notice *notice)
{
	struct item none = { .key = "",
			     .address = "",
			     .parent_key = "",
			     .root_key = "",
			     .author_key = "",
			     .author_name = "",
			     .text = "",
			     .title = "",
			     .html = "",
			     .url = "",
			     .comment_count = -1 };

	return give(notice, EVENT_GAP, &none);
}

static enum err take_change(const struct notice *notice, const json_t *change)
{
	const char *field = json_text_or_empty(change, "field");
	const json_t *value = json_at(change, "value");

	/* Other people's places, and recommendations: no part of the Page's conversations. */
	if (!strcmp(field, "mention") || !strcmp(field, "ratings"))
		return OK;
	if (strcmp(field, "feed") != 0) {
		count_unknown(notice, field, value);
		return OK;
	}
	if (json_is_object(value))
		return take_feed(notice, value);
	/* "Include values" is off, or it was lost: something changed. */
	if (value)
		count_unknown(notice, field, NULL);
	return give_gap(notice);
}

static int64_t time_of(const json_t *entry, int64_t received_at)
{
	int64_t time = json_i64_at(entry, "time", 0);

	/* Messenger counts in milliseconds. */
	if (time > INT64_C(100000000000))
		time /= 1000;
	return time > 0 && time < INT64_C(100000000000) ? time * CLOCK_SECOND : received_at;
}

static enum err take_entry(struct notice *notice, const json_t *entry, int64_t received_at)
{
	const json_t *changes = json_at(entry, "changes"),
		     *fields = json_at(entry, "changed_fields");
	json_t *change;
	size_t i;

	if (strcmp(json_text_or_empty(entry, "id"), notice->source->account) != 0)
		return OK;
	notice->time = time_of(entry, received_at);
	json_array_foreach(changes, i, change)
	{
		TRY(take_change(notice, change));
	}
	json_array_foreach(fields, i, change)
	{
		if (json_is_string(change) && !strcmp(json_string_value(change), "feed"))
			TRY(give_gap(notice));
	}
	return OK;
}

static enum err take_envelope(struct notice *notice, const json_t *root, int64_t received_at)
{
	const char *object = json_text_or_empty(root, "object");
	const json_t *entries = json_at(root, "entry");
	json_t *entry;
	size_t i;

	/* About people and their permissions: nothing to mirror. */
	if (!strcmp(object, "user") || !strcmp(object, "permissions"))
		return OK;
	if (strcmp(object, "page") != 0 || !json_is_array(entries)) {
		count_unknown(notice, *object ? object : "no object", NULL);
		return OK;
	}
	json_array_foreach(entries, i, entry)
	{
		TRY(take_entry(notice, entry, received_at));
	}
	return OK;
}

enum err facebook_push_events(struct ctx *ctx, const struct source *source, const char *body,
			      size_t length, int64_t received_at, const struct event_sink *sink,
			      int64_t *unknown)
{
	struct notice notice = { .ctx = ctx, .source = source, .sink = sink, .unknown = unknown };
	const char *problem = NULL;
	const json_t *root = json_read(ctx, body, length, &problem);
	json_t *envelope;
	size_t i;

	*unknown = 0;
	if (!root)
		return fail_log(ctx, ERR_INVALID, "facebook: a notice cannot be read: %s", problem);
	if (!json_is_array(root))
		return take_envelope(&notice, root, received_at);
	json_array_foreach(root, i, envelope)
	{
		TRY(take_envelope(&notice, envelope, received_at));
	}
	return OK;
}
