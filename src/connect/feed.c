/*
 * The feed connector: a blog or a status page, mirrored by reading alone. The
 * account is the feed's address. What is not in the feed any more may still be
 * there: feeds keep the newest only.
 *
 * The address comes from an administrator, but what stands behind it may lead
 * anywhere: private networks are refused, also after a redirect, unless the place
 * is named in feed.private_hosts. Older pages and feeds of comments are read from
 * the same place only.
 */
#include "connect/feed.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/slice.h"
#include "connect/feed_parse.h"
#include "connect/foreign.h"
#include "i18n/i18n.h"
#include "net/http_client.h"

#define REDIRECTS_MAX       3
#define RETRY_AFTER_MAX     (24 * 3600)
#define WATERMARK_MAX_BYTES 4000

/* ---- fetching ---------------------------------------------------------- */

static bool may_be_private(struct ctx *ctx, const char *url)
{
	struct slice rest = slice_of(ctx->config->feed.private_hosts);
	const char *place = http_url_place(ctx->arena, url);

	while (place && rest.data)
		if (slice_is(slice_cut(&rest, ' '), place))
			return true;
	return false;
}

static int64_t retry_at(const struct http_fetched *fetched)
{
	const char *after = http_fetched_header(fetched, "retry-after");
	int64_t seconds;

	if (!after)
		return 0;
	if (!text_to_i64(after, &seconds))
		return foreign_mail_time(after);
	return seconds > 0 && seconds < RETRY_AFTER_MAX ? clock_now() + seconds * CLOCK_SECOND : 0;
}

static void tell_status(struct ctx *ctx, const struct http_fetched *fetched,
			struct connect_error *error)
{
	connect_error_set(
		error, CONNECT_OPERATOR,
		arena_printf(ctx->arena, "the feed's server answered %d", fetched->status));
	if (fetched->status == 429 || (fetched->status == 503 && retry_at(fetched))) {
		error->failure = CONNECT_THROTTLED;
		error->retry_at = retry_at(fetched);
	} else if (fetched->status >= 500 || fetched->status == 408) {
		error->failure = CONNECT_RETRY;
	}
}

static void fetch(struct ctx *ctx, const char *url, const struct fetch_pair *headers,
		  size_t header_count, struct http_fetched *fetched, struct connect_error *error)
{
	struct http_fetch question = { .url = url,
				       .headers = headers,
				       .header_count = header_count,
				       .max_bytes = FEED_MAX_BYTES,
				       .redirects_max = REDIRECTS_MAX,
				       .may_be_private = may_be_private(ctx, url) };

	connect_error_set(error, CONNECT_OK, "");
	/* Where the guard is lifted, a redirect could lead anywhere. */
	if (question.may_be_private)
		question.redirects_max = 0;
	http_fetch(ctx, &question, fetched);
	if (fetched->outcome == FETCH_NOT_SENT || fetched->outcome == FETCH_LOST)
		connect_error_set(error, CONNECT_RETRY, fetched->problem);
	else if (fetched->outcome != FETCH_ANSWERED)
		connect_error_set(error, CONNECT_OPERATOR, fetched->problem);
	else if (fetched->status != 200 && fetched->status != 304)
		tell_status(ctx, fetched, error);
}

/* A feed that cannot be read will be mended by those who write it. */
static bool read_feed(struct ctx *ctx, const char *url, const struct http_fetched *fetched,
		      struct feed *feed, struct connect_error *error)
{
	bool is_feed = feed_parse(ctx, url, fetched->body, fetched->length, feed);

	if (!is_feed)
		connect_error_set(
			error, CONNECT_OPERATOR,
			arena_printf(ctx->arena, "the feed cannot be read: %s", feed->problem));
	else if (feed->problem)
		log_event(LOG_LEVEL_WARNING, "feed_broken", "url", url, "problem", feed->problem,
			  NULL);
	return is_feed;
}

static bool is_same_place(struct ctx *ctx, const char *a, const char *b)
{
	const char *one = http_url_place(ctx->arena, a), *other = http_url_place(ctx->arena, b);

	return one && other && !strcmp(one, other);
}

/* ---- what was there last time ------------------------------------------ */

/* "etag=…&modified=…" */
static size_t conditions(struct ctx *ctx, const char *watermark, struct fetch_pair headers[2])
{
	const char *etag = foreign_query(ctx->arena, watermark, "etag");
	const char *modified = foreign_query(ctx->arena, watermark, "modified");
	size_t count = 0;

	if (etag)
		headers[count++] = (struct fetch_pair){ "If-None-Match", etag };
	if (modified)
		headers[count++] = (struct fetch_pair){ "If-Modified-Since", modified };
	return count;
}

static const char *watermark_of(struct ctx *ctx, const struct http_fetched *fetched)
{
	const char *etag = http_fetched_header(fetched, "etag");
	const char *modified = http_fetched_header(fetched, "last-modified");
	struct buf out;

	buf_init(&out, ctx->arena, WATERMARK_MAX_BYTES);
	if (etag) {
		buf_text(&out, "etag=");
		buf_url(&out, etag);
	}
	if (modified) {
		buf_printf(&out, "%smodified=", etag ? "&" : "");
		buf_url(&out, modified);
	}
	return out.is_overflown ? "" : out.data;
}

/* ---- reading ----------------------------------------------------------- */

static enum err give(const struct event_sink *sink, const struct item *item, int64_t observed_at)
{
	struct source_event event = {
		.kind = EVENT_ITEM, .is_confirmed = true, .observed_at = observed_at, .item = *item
	};

	return sink->take(sink->data, &event);
}

/* Only feeds of the same place are asked for their comments. */
static void check_address(struct ctx *ctx, const struct source *source, struct item *item)
{
	if (*item->address && !is_same_place(ctx, item->address, source->account))
		item->address = "";
}

static enum err read_posts(struct ctx *ctx, struct source *source, struct posts_reading *reading,
			   const struct event_sink *sink, struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	bool is_first = !reading->cursor || !*reading->cursor;
	const char *url = is_first ? source->account : reading->cursor;
	const char *watermark = is_first && reading->watermark ? reading->watermark : "";
	int64_t observed_at = clock_now();
	struct fetch_pair headers[2];
	struct feed feed;

	reading->next = "";
	reading->next_watermark = watermark;
	fetch(ctx, url, headers, conditions(ctx, watermark, headers), fetched, error);
	if (error->failure != CONNECT_OK || fetched->status == 304 ||
	    !read_feed(ctx, url, fetched, &feed, error))
		return OK;
	for (size_t i = 0; i < feed.item_count; i++) {
		check_address(ctx, source, &feed.items[i]);
		TRY(give(sink, &feed.items[i], observed_at));
	}
	if (is_first)
		reading->next_watermark = watermark_of(ctx, fetched);
	if (*feed.next && strcmp(feed.next, url) != 0 &&
	    is_same_place(ctx, feed.next, source->account))
		reading->next = feed.next;
	return OK;
}

/* Everything in a feed of comments hangs on its post. */
static void make_comment(const struct item_address *post, struct item *item)
{
	item->kind = ITEM_COMMENT;
	item->is_self = item->is_by_visitor = false;
	item->address = "";
	if (!*item->parent_key || !strcmp(item->parent_key, item->key))
		item->parent_key = post->key;
	item->root_key = post->key;
}

static enum err read_comments(struct ctx *ctx, struct source *source,
			      const struct item_address *post, struct comments_reading *reading,
			      const struct event_sink *sink, struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	int64_t observed_at = clock_now();
	struct feed feed;

	reading->next = "";
	/* A feed holds the newest, so what is not in it says nothing. */
	reading->is_complete = false;
	connect_error_set(error, CONNECT_OK, "");
	if (!post->address || !is_same_place(ctx, post->address, source->account))
		return OK;
	fetch(ctx, post->address, NULL, 0, fetched, error);
	if (error->failure != CONNECT_OK || !read_feed(ctx, post->address, fetched, &feed, error))
		return OK;
	/* Newest first as feeds are; the interface wants the oldest first. */
	for (size_t i = feed.item_count; i-- > 0;) {
		make_comment(post, &feed.items[i]);
		TRY(give(sink, &feed.items[i], observed_at));
	}
	return OK;
}

static bool is_asked_for(const struct item *item, const struct item_address *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (items[i].kind == item->kind && !strcmp(items[i].key, item->key))
			return true;
	return false;
}

static enum err read_items(struct ctx *ctx, struct source *source, const struct item_address *items,
			   size_t count, const struct event_sink *sink, struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	int64_t observed_at = clock_now();
	struct feed feed;

	fetch(ctx, source->account, NULL, 0, fetched, error);
	if (error->failure != CONNECT_OK || !read_feed(ctx, source->account, fetched, &feed, error))
		return OK;
	for (size_t i = 0; i < feed.item_count; i++) {
		check_address(ctx, source, &feed.items[i]);
		if (is_asked_for(&feed.items[i], items, count))
			TRY(give(sink, &feed.items[i], observed_at));
	}
	return OK;
}

/* ---- pictures ---------------------------------------------------------- */

static enum err media(struct ctx *ctx, struct source *source, const char *url, size_t max_bytes,
		      const char **bytes, size_t *length, struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	struct http_fetch question = { .url = url,
				       .max_bytes = max_bytes,
				       .redirects_max = REDIRECTS_MAX,
				       .may_be_private = may_be_private(ctx, url) };

	(void)source;
	*bytes = "";
	*length = 0;
	connect_error_set(error, CONNECT_OK, "");
	if (question.may_be_private)
		question.redirects_max = 0;
	http_fetch(ctx, &question, fetched);
	if (fetched->outcome == FETCH_NOT_SENT || fetched->outcome == FETCH_LOST)
		connect_error_set(error, CONNECT_RETRY, fetched->problem);
	else if (fetched->outcome != FETCH_ANSWERED)
		connect_error_set(error, CONNECT_PERMANENT, fetched->problem);
	else if (fetched->status == 403 || fetched->status == 404 || fetched->status == 410)
		connect_error_set(error, CONNECT_MISSING, "the picture is not there any more");
	else if (fetched->status != 200)
		connect_error_set(error,
				  fetched->status >= 500 || fetched->status == 429
					  ? CONNECT_RETRY
					  : CONNECT_PERMANENT,
				  arena_printf(ctx->arena, "the picture's server answered %d",
					       fetched->status));
	if (error->failure != CONNECT_OK)
		return OK;
	*bytes = fetched->body;
	*length = fetched->length;
	return OK;
}

/* ---- setting up -------------------------------------------------------- */

static const char *configured(struct ctx *ctx, const struct source *source)
{
	if (!http_url_place(ctx->arena, source->account))
		return N_("The feed's address must begin with https:// or http:// and have no user "
			  "name in it.");
	return NULL;
}

/* advice: NULL when it is well; argument: what belongs into it. */
static void add_line(struct source_health *out, const char *what, const char *advice,
		     const char *argument)
{
	out->is_well = out->is_well && !advice;
	out->lines[out->line_count++] = (struct health_line){ .is_well = !advice,
							      .what = what,
							      .advice = advice ? advice : "",
							      .arguments = { argument } };
}

static void check_entries(struct ctx *ctx, const struct http_fetched *fetched, const char *url,
			  struct source_health *out)
{
	struct feed feed;
	bool is_feed = feed_parse(ctx, url, fetched->body, fetched->length, &feed);

	add_line(out, N_("What stands there is a feed"),
		 is_feed ? NULL : N_("It cannot be read: %s"), feed.problem);
	if (!is_feed)
		return;
	add_line(out, N_("The feed is whole"),
		 feed.problem ? N_("It has a fault, and only what stands before it is taken: %s")
			      : NULL,
		 feed.problem);
	add_line(out, N_("The feed has entries"),
		 feed.item_count ? NULL : N_("There is none. Look whether the address is right."),
		 NULL);
}

static enum err health(struct ctx *ctx, struct source *source, struct source_health *out,
		       struct connect_error *error)
{
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	const char *problem = configured(ctx, source);

	*out = (struct source_health){ .is_well = true };
	connect_error_set(error, CONNECT_OK, "");
	if (problem) {
		add_line(out, N_("The settings are there"), problem, NULL);
		connect_error_set(error, CONNECT_OPERATOR, "the feed's address is wrong");
		return OK;
	}
	fetch(ctx, source->account, NULL, 0, fetched, error);
	add_line(out, N_("The feed can be fetched"),
		 error->failure == CONNECT_OK ? NULL : N_("It failed: %s"), error->message);
	if (error->failure == CONNECT_OK)
		check_entries(ctx, fetched, source->account, out);
	return OK;
}

const struct connector feed_connector = {
	.name = "feed",
	/* TRANSLATORS: a kind of source: a news feed, whatever its format. */
	.title = N_("Feed (RSS, Atom)"),
	.has_comments = true,
	.is_markup = true,
	.configured = configured,
	.health = health,
	.read_posts = read_posts,
	.read_comments = read_comments,
	.read_items = read_items,
	.media = media,
};
