/*
 * From the Graph API's JSON to items. Nothing is sure to be there; ids and numbers
 * come as strings or as numbers (json.h makes them all strings).
 */
#include "connect/facebook_item.h"

#include "base/clock.h"
#include "base/log.h"
#include "connect/facebook_call.h"
#include "connect/foreign.h"
#include "net/json.h"

#define NAME_MAX_POINTS    100
#define TITLE_MAX_POINTS   200
#define SUBATTACHMENTS_MAX 3 /* levels */

/* ---- fields ------------------------------------------------------------ */

#define ATTACHMENT "media,media_type,type,title,url,unshimmed_url,target"

/*
 * Whether a post is published and a comment hidden is asked for on every rung:
 * without it, what must stay private could be shown. admin_creator (a member of
 * staff) is never asked for.
 */
static const char *const fields[][FB_RUNGS] = {
	[ITEM_POST] = {
		"id,created_time,updated_time,from{id,name},message,story,permalink_url,status_type,"
		"is_published,is_hidden,is_expired,privacy,parent_id,"
		"attachments{" ATTACHMENT ",subattachments},"
		"reactions.limit(0).summary(total_count),"
		"comments.limit(0).summary(total_count).filter(stream)",
		"id,created_time,from{id,name},message,permalink_url,is_published,is_hidden,"
		"attachments{" ATTACHMENT ",subattachments}",
		"id,created_time,message,from,is_published",
	},
	[ITEM_COMMENT] = {
		"id,parent{id},from{id,name},message,created_time,is_hidden,is_private,can_comment,"
		"can_hide,can_remove,comment_count,like_count,permalink_url,attachment",
		"id,parent{id},from{id,name},message,created_time,is_hidden,is_private,permalink_url,"
		"attachment",
		"id,parent{id},created_time,message,from,is_hidden",
	},
};

const char *fb_fields(enum item_kind kind, int rung)
{
	return fields[kind][rung];
}

/* Of this process: another one finds out by itself, at the price of one call. */
static struct ladder {
	char account[64];
	int rung[2];
	int64_t until;
} ladders[16];

static struct ladder *ladder_of(const struct source *source)
{
	struct ladder *oldest = &ladders[0];

	for (size_t i = 0; i < ARRAY_COUNT(ladders); i++) {
		if (!strcmp(ladders[i].account, source->account))
			return &ladders[i];
		if (ladders[i].until < oldest->until)
			oldest = &ladders[i];
	}
	*oldest = (struct ladder){ 0 };
	snprintf(oldest->account, sizeof(oldest->account), "%s", source->account);
	return oldest;
}

int fb_rung(const struct source *source, enum item_kind kind, int64_t now)
{
	struct ladder *ladder = ladder_of(source);

	return ladder->until > now ? ladder->rung[kind] : 0;
}

void fb_remember_rung(const struct source *source, enum item_kind kind, int rung, int64_t now)
{
	struct ladder *ladder = ladder_of(source);

	if (fb_rung(source, kind, now) == rung)
		return;
	if (ladder->until <= now)
		*ladder = (struct ladder){ 0 };
	snprintf(ladder->account, sizeof(ladder->account), "%s", source->account);
	ladder->rung[kind] = rung;
	ladder->until = now + CLOCK_DAY;
	log_event(LOG_LEVEL_WARNING, "facebook_fields", "page", source->account, "kind",
		  kind == ITEM_POST ? "post" : "comment", "rung", log_i64(rung), NULL);
}

/* ---- parts ------------------------------------------------------------- */

void fb_read_author(struct ctx *ctx, const struct source *source, const char *id, const char *name,
		    struct item *out)
{
	out->author_key = id && fb_is_id(id) ? id : "";
	out->author_name = name ? foreign_line(ctx->arena, name, NAME_MAX_POINTS) : "";
	out->is_self = *out->author_key && !strcmp(out->author_key, source->account);
}

const char *fb_unshim(struct ctx *ctx, const char *url)
{
	static const char *const shims[] = { "https://l.facebook.com/l.php?",
					     "http://l.facebook.com/l.php?",
					     "https://lm.facebook.com/l.php?" };

	for (size_t i = 0; url && i < ARRAY_COUNT(shims); i++) {
		size_t length = strlen(shims[i]);

		if (!strncmp(url, shims[i], length)) {
			url = foreign_query(ctx->arena, url + length, "u");
			break;
		}
	}
	return foreign_web_url(url);
}

void fb_add_media(struct item *item, const struct item_media *media)
{
	item->has_media = true;
	if (item->media_count < ITEM_MEDIA_MAX)
		item->media[item->media_count++] = *media;
}

static bool begins_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Open lists, both of them: what has a picture is one, else it is a link. */
static const char *media_kind(const char *type, const char *media_type, bool has_picture)
{
	if (begins_with(type, "video") || !strcmp(media_type, "video"))
		return "video";
	if (!strcmp(type, "sticker"))
		return "sticker";
	if (!strcmp(type, "file_upload"))
		return "file";
	if (!strcmp(type, "share") || !strcmp(media_type, "link") || !strcmp(type, "map") ||
	    !strcmp(type, "event") || !strcmp(type, "note") || !strcmp(type, "native_templates"))
		return "link";
	return has_picture ? "photo" : "link";
}

static void read_attachment(struct ctx *ctx, const json_t *json, int depth, struct item *out)
{
	const json_t *children = json_at(json_at(json, "subattachments"), "data");
	const json_t *image = json_at(json_at(json, "media"), "image");
	const char *link = json_text_at(json, "unshimmed_url");
	struct item_media media = { 0 };
	size_t i;
	json_t *child;

	/* An album's own picture is its first child's. */
	if (json_array_size(children) > 0 && depth < SUBATTACHMENTS_MAX) {
		json_array_foreach(children, i, child)
		{
			read_attachment(ctx, child, depth + 1, out);
		}
		return;
	}
	media.url = foreign_web_url(json_text_at(image, "src"));
	media.kind = media_kind(json_text_or_empty(json, "type"),
				json_text_or_empty(json, "media_type"), *media.url);
	media.link = fb_unshim(ctx, link ? link : json_text_at(json, "url"));
	media.title = foreign_line(ctx->arena, json_text_or_empty(json, "title"), TITLE_MAX_POINTS);
	media.width = json_i64_at(image, "width", 0);
	media.height = json_i64_at(image, "height", 0);
	/* The preview of a link is somebody else's picture. */
	if (!strcmp(media.kind, "link"))
		media.url = "";
	if (*media.url || *media.link)
		fb_add_media(out, &media);
}

static void read_attachments(struct ctx *ctx, const json_t *json, struct item *out)
{
	const json_t *list = json_at(json_at(json, "attachments"), "data");
	const json_t *one = json_at(json, "attachment");
	json_t *attachment;
	size_t i;

	json_array_foreach(list, i, attachment)
	{
		read_attachment(ctx, attachment, 0, out);
	}
	if (json_is_object(one))
		read_attachment(ctx, one, 0, out);
}

static void add_count(struct item *item, const char *name, int64_t count)
{
	if (count < 0)
		return;
	item->has_reactions = true;
	if (count > 0 && item->reaction_count < ITEM_REACTIONS_MAX)
		item->reactions[item->reaction_count++] = (struct item_reaction){ name, count };
}

/* {summary:{total_count}}, {count}, {total_count}, [], or not there: -1. */
static int64_t count_of(const json_t *list)
{
	int64_t count = json_i64_at(json_at(list, "summary"), "total_count", -1);

	if (count < 0)
		count = json_i64_at(list, "total_count", -1);
	return count < 0 ? json_i64_at(list, "count", -1) : count;
}

/* ---- posts ------------------------------------------------------------- */

static enum item_visibility post_visibility(const json_t *json)
{
	const char *privacy = json_text_or_empty(json_at(json, "privacy"), "value");

	if (!json_bool_at(json, "is_published", true) || json_bool_at(json, "is_expired", false))
		return ITEM_UNPUBLISHED;
	if (json_bool_at(json, "is_hidden", false))
		return ITEM_HIDDEN;
	return *privacy && strcmp(privacy, "EVERYONE") != 0 ? ITEM_PRIVATE : ITEM_PUBLIC;
}

/* Facebook's line about a post without words ("… added a photo."), of the Page only. */
static const char *story_of(struct ctx *ctx, const json_t *json, const struct item *item)
{
	const char *story = json_text_at(json, "story");

	return story && item->is_self && !*item->text
		       ? foreign_line(ctx->arena, story, TITLE_MAX_POINTS)
		       : "";
}

static bool read_post(struct ctx *ctx, const struct source *source, const json_t *json,
		      struct item *out)
{
	const char *id = json_text_at(json, "id");
	size_t prefix;

	if (!id || !fb_is_id(id))
		return false;
	prefix = strcspn(id, "_");
	/* Other people's posts that only tag the Page stand in its feed too. */
	if (!out->is_self && *out->author_key && id[prefix] &&
	    (strlen(source->account) != prefix || strncmp(id, source->account, prefix) != 0))
		return false;
	out->key = out->root_key = fb_last_part(id);
	out->address = id[prefix] ? id : arena_printf(ctx->arena, "%s_%s", source->account, id);
	out->is_by_visitor = !out->is_self;
	out->visibility = post_visibility(json);
	out->title = story_of(ctx, json, out);
	out->comment_count = count_of(json_at(json, "comments"));
	out->can_comment = json_bool_at(json_at(json_at(json, "comments"), "summary"),
					"can_comment", true);
	add_count(out, "all", count_of(json_at(json, "reactions")));
	return true;
}

/* ---- comments ---------------------------------------------------------- */

/* Without an id (Page Public Content Access) the permalink tells it. */
static const char *comment_id(struct ctx *ctx, const char *root_key, const json_t *json)
{
	const char *id = json_text_at(json, "id");
	const char *link = json_text_at(json, "permalink_url");
	const char *query = link ? strchr(link, '?') : NULL;

	if (id || !query)
		return id && fb_is_id(id) ? id : NULL;
	id = foreign_query(ctx->arena, query + 1, "reply_comment_id");
	if (!id)
		id = foreign_query(ctx->arena, query + 1, "comment_id");
	if (!id || !fb_is_id(id) || !*root_key)
		return NULL;
	return arena_printf(ctx->arena, "%s_%s", root_key, fb_last_part(id));
}

static bool read_comment(struct ctx *ctx, const char *root_key, const json_t *json,
			 struct item *out)
{
	const char *id = comment_id(ctx, root_key, json);
	const char *parent = json_text_at(json_at(json, "parent"), "id");

	if (!id)
		return false;
	out->key = fb_last_part(id);
	out->address = id;
	out->root_key = root_key;
	out->parent_key = parent && fb_is_id(parent) ? fb_last_part(parent) : root_key;
	out->visibility = json_bool_at(json, "is_private", false)  ? ITEM_PRIVATE
			  : json_bool_at(json, "is_hidden", false) ? ITEM_HIDDEN
								   : ITEM_PUBLIC;
	out->comment_count = json_i64_at(json, "comment_count", -1);
	out->can_comment = json_bool_at(json, "can_comment", true);
	add_count(out, "like", json_i64_at(json, "like_count", -1));
	return true;
}

bool fb_read_item(struct ctx *ctx, const struct source *source, enum item_kind kind,
		  const char *root_key, int rung, const json_t *json, struct item *out)
{
	const json_t *from = json_at(json, "from");

	*out = (struct item){ .kind = kind,
			      .parent_key = "",
			      .title = "",
			      .html = "",
			      .has_text = true,
			      .has_media = rung < FB_RUNGS - 1 };
	out->text = foreign_text(ctx->arena, json_text_or_empty(json, "message"));
	out->created_at = foreign_time(json_text_at(json, "created_time"));
	out->url = foreign_web_url(json_text_at(json, "permalink_url"));
	fb_read_author(ctx, source, json_text_at(from, "id"), json_text_at(from, "name"), out);
	if (kind == ITEM_POST ? !read_post(ctx, source, json, out)
			      : !read_comment(ctx, root_key, json, out))
		return false;
	if (out->visibility == ITEM_UNPUBLISHED) {
		/* Nobody has seen it yet, and nobody shall see it here. */
		out->has_text = out->has_media = false;
		out->text = out->title = "";
		return true;
	}
	read_attachments(ctx, json, out);
	return true;
}
