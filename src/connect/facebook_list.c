/*
 * Lists go on while paging.next is a non-empty text; nothing else counts. Its
 * address is never followed: the next question is made from cursors.after, or from
 * the few parameters of older time paging, and goes to the configured server.
 *
 * Our cursor is a query string of our own: after, until, since, __paging_token as
 * Facebook means them; oldest, the earliest creation time seen; restarts.
 */
#include "connect/facebook_list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/slice.h"
#include "connect/facebook_item.h"
#include "connect/foreign.h"
#include "net/json.h"

#define LIMIT_MAX        100
#define LIMIT_INITIAL    25
#define RESTARTS_MAX     5
#define CURSOR_MAX_BYTES 8000
#define ATTEMPTS_MAX     (6 + FB_RUNGS + RESTARTS_MAX)

struct cursor {
	const char *after, *until, *since, *token;
	int64_t oldest, restarts;
};

/* ---- the cursor -------------------------------------------------------- */

static int64_t number_of(struct ctx *ctx, const char *query, const char *name)
{
	const char *text = foreign_query(ctx->arena, query, name);
	int64_t number;

	return text && text_to_i64(text, &number) ? number : 0;
}

static struct cursor cursor_read(struct ctx *ctx, const char *text)
{
	return (struct cursor){
		.after = foreign_query(ctx->arena, text, "after"),
		.until = foreign_query(ctx->arena, text, "until"),
		.since = foreign_query(ctx->arena, text, "since"),
		.token = foreign_query(ctx->arena, text, "__paging_token"),
		.oldest = number_of(ctx, text, "oldest"),
		.restarts = number_of(ctx, text, "restarts"),
	};
}

static void add_part(struct buf *out, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	buf_printf(out, "%s%s=", out->length ? "&" : "", name);
	buf_url(out, value);
}

static const char *cursor_write(struct ctx *ctx, const struct cursor *cursor)
{
	struct buf out;

	buf_init(&out, ctx->arena, CURSOR_MAX_BYTES);
	add_part(&out, "after", cursor->after);
	add_part(&out, "until", cursor->until);
	add_part(&out, "since", cursor->since);
	add_part(&out, "__paging_token", cursor->token);
	if (cursor->oldest)
		add_part(&out, "oldest",
			 arena_printf(ctx->arena, "%lld", (long long)cursor->oldest));
	if (cursor->restarts)
		add_part(&out, "restarts",
			 arena_printf(ctx->arena, "%lld", (long long)cursor->restarts));
	return out.is_overflown ? "" : out.data;
}

static int64_t earliest(const json_t *data, int64_t oldest)
{
	json_t *object;
	size_t i;

	json_array_foreach(data, i, object)
	{
		int64_t time = foreign_time(json_text_at(object, "created_time")) / CLOCK_SECOND;

		if (time > 0 && (oldest == 0 || time < oldest))
			oldest = time;
	}
	return oldest;
}

/* The parameters of paging.next, if it leads to our own server; else nothing. */
static struct cursor cursor_of_address(struct ctx *ctx, const char *url)
{
	const char *place = http_url_place(ctx->arena, url);
	const char *base = ctx->config->facebook.base_url;
	const char *query = strchr(url, '?');
	size_t scheme = strcspn(base, ":");

	if (!place || !query || strncmp(url, base, scheme + 1) != 0 ||
	    strcmp(place, http_url_place(ctx->arena, base)) != 0)
		return (struct cursor){ 0 };
	return cursor_read(ctx, query + 1);
}

/* "" at the end. False: it goes on, but not in a way that we follow. */
static bool next_cursor(struct ctx *ctx, const struct fb_list *list, const struct cursor *sent,
			const char **out)
{
	const json_t *paging = json_at(list->root, "paging");
	const char *next = json_text_at(paging, "next");
	struct cursor cursor = { 0 };

	*out = "";
	if (!next || !*next)
		return true;
	cursor.after = json_text_at(json_at(paging, "cursors"), "after");
	if (!cursor.after || !*cursor.after)
		cursor = cursor_of_address(ctx, next);
	if (!cursor.after && !cursor.until && !cursor.token)
		return false;
	/* The same page again would go on for ever. */
	if (cursor.after && sent->after && !strcmp(cursor.after, sent->after))
		return false;
	/* A listing that was begun anew goes on below where that was. */
	if (!cursor.until)
		cursor.until = sent->until;
	cursor.oldest = earliest(list->data, sent->oldest);
	cursor.restarts = sent->restarts;
	*out = cursor_write(ctx, &cursor);
	return **out != '\0';
}

/* ---- one try ----------------------------------------------------------- */

static const char *seconds_text(struct ctx *ctx, int64_t seconds)
{
	return arena_printf(ctx->arena, "%lld", (long long)seconds);
}

static void add_paging(struct ctx *ctx, const struct fb_list *list, const struct cursor *cursor,
		       struct fb_call *call)
{
	const char *since = cursor->since, *until = cursor->until;

	if ((!since || !*since) && list->since)
		since = seconds_text(ctx, list->since);
	if ((!until || !*until) && list->until)
		until = seconds_text(ctx, list->until);
	fb_add(call, "limit", seconds_text(ctx, list->limit));
	if (since && *since)
		fb_add(call, "since", since);
	if (until && *until)
		fb_add(call, "until", until);
	if (cursor->token)
		fb_add(call, "__paging_token", cursor->token);
	if (cursor->after)
		fb_add(call, "after", cursor->after);
}

static enum err try_once(struct ctx *ctx, const struct fb_list *list, const struct cursor *cursor,
			 struct fb_answer *out)
{
	struct fb_call call = { .path = list->path };

	fb_add(&call, "fields",
	       list->is_bare ? "id,created_time" : fb_fields(list->kind, list->rung));
	for (size_t i = 0; i < list->pair_count; i++)
		fb_add(&call, list->pairs[i].name, list->pairs[i].value);
	add_paging(ctx, list, cursor, &call);
	return fb_call(ctx, list->source, &call, out);
}

/* ---- what to do about a refusal ---------------------------------------- */

static bool is_about_fields(const struct fb_error *error)
{
	return error->class == FB_FIELDS ||
	       (error->class == FB_OPERATOR &&
		(error->code == 10 || error->code == 200 || error->code == 283));
}

static bool shrink(struct fb_list *list)
{
	static const int64_t limits[] = { 50, 25, 10, 5, 1 };

	for (size_t i = 0; i < ARRAY_COUNT(limits); i++)
		if (limits[i] < list->limit) {
			list->limit = limits[i];
			return true;
		}
	if (list->is_bare)
		return false;
	list->is_bare = true;
	return true;
}

/*
 * A cursor that is refused is too old, or too deep for this edge: begin anew, for
 * posts just below the earliest time that was seen. Without such a time there is
 * no way on, and asking for the same again would not end.
 */
static bool restart(struct ctx *ctx, const struct fb_list *list, struct cursor *cursor)
{
	struct cursor fresh = { .oldest = cursor->oldest, .restarts = cursor->restarts + 1 };

	if (!cursor->after || fresh.restarts > RESTARTS_MAX)
		return false;
	if (list->kind == ITEM_POST && cursor->oldest) {
		const char *until = seconds_text(ctx, cursor->oldest + 1);

		if (cursor->until && !strcmp(cursor->until, until))
			return false;
		fresh.until = until;
	}
	*cursor = fresh;
	return true;
}

static bool is_too_deep(const struct fb_error *error)
{
	return error->class == FB_PAGING && strcasestr(error->message, "max limit");
}

static bool try_otherwise(struct ctx *ctx, struct fb_list *list, struct cursor *cursor,
			  const struct fb_error *error)
{
	if (error->class == FB_SHRINK)
		return shrink(list);
	if (is_about_fields(error) && list->rung < FB_RUNGS - 1) {
		list->rung++;
		return true;
	}
	/* Comments have no time to go on from. */
	if (error->class == FB_PAGING && !(is_too_deep(error) && list->kind == ITEM_COMMENT))
		return restart(ctx, list, cursor);
	return false;
}

static void fail_answer(struct fb_answer *answer, enum fb_class class, const char *message)
{
	answer->error.class = class;
	answer->error.message = message;
}

static void conclude(struct ctx *ctx, struct fb_list *list, const struct cursor *cursor,
		     struct fb_answer *answer)
{
	list->root = answer->root;
	list->data = json_at(answer->root, "data");
	if (!json_is_array(list->data)) {
		fail_answer(answer, FB_RETRY, "the answer has no list");
		return;
	}
	if (!list->is_bare)
		fb_remember_rung(list->source, list->kind, list->rung, clock_now());
	if (!next_cursor(ctx, list, cursor, &list->next))
		fail_answer(answer, FB_PERMANENT,
			    "the list goes round in circles, or leaves Facebook");
}

enum err fb_list_read(struct ctx *ctx, struct fb_list *list, struct fb_answer *out)
{
	struct cursor cursor = cursor_read(ctx, list->cursor);

	list->rung = fb_rung(list->source, list->kind, clock_now());
	list->next = "";
	if (list->limit <= 0 || list->limit > LIMIT_MAX)
		list->limit = list->limit <= 0 ? LIMIT_INITIAL : LIMIT_MAX;
	for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
		TRY(try_once(ctx, list, &cursor, out));
		if (out->error.class == FB_OK) {
			conclude(ctx, list, &cursor, out);
			return OK;
		}
		if (!try_otherwise(ctx, list, &cursor, &out->error))
			break;
	}
	if (is_too_deep(&out->error) && list->kind == ITEM_COMMENT) {
		log_event(LOG_LEVEL_WARNING, "facebook_too_deep", "path", list->path, NULL);
		out->error.class = FB_OK;
		list->data = list->root = NULL;
		list->is_cut = true;
	}
	return OK;
}
