/*
 * Writing. There is no key that would make a repeat harmless, so everything hangs
 * on telling three things apart: it was not done, it was done, nobody knows. What
 * nobody knows is looked for (facebook_find_own), never sent again.
 *
 * A reply goes to /{comment}/comments and nowhere else: a POST to /{comment}, which
 * one of Facebook's guides names, would overwrite the comment if it is the Page's.
 */
#include "connect/facebook_write.h"

#include "base/clock.h"
#include "base/log.h"
#include "connect/facebook_call.h"
#include "connect/facebook_token.h"
#include "connect/foreign.h"
#include "net/json.h"

#define DEPTH_MAX      10
#define FIND_PAGES_MAX 4
#define FIND_SLACK     (5 * CLOCK_MINUTE)
#define REPLY_FIELDS   "id,parent{id},from{id},message,created_time,permalink_url"

/* ---- what is answered -------------------------------------------------- */

/*
 * Facebook's two levels: an answer to an answer goes to the comment that began the
 * thread. What was told about parents may be old, so it is asked: up to the top.
 */
static enum err find_target(struct ctx *ctx, struct source *source,
			    const struct source_write *write, const char **target,
			    struct connect_error *error)
{
	*target = write->address;
	connect_error_set(error, CONNECT_OK, "");
	if (write->root_address && !strcmp(write->address, write->root_address))
		return OK;
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		struct fb_call call = { .path = *target };
		struct fb_answer answer;
		const char *parent;

		fb_add(&call, "fields", "id,parent{id},can_comment");
		TRY(fb_call(ctx, source, &call, &answer));
		/* A post has no parent to ask for. */
		if (answer.error.class == FB_FIELDS)
			return OK;
		if (fb_has_failed(&answer, error))
			return OK;
		parent = json_text_at(json_at(answer.root, "parent"), "id");
		if (!parent || !fb_is_id(parent)) {
			if (!json_bool_at(answer.root, "can_comment", true))
				connect_error_set(error, CONNECT_PERMANENT,
						  "Facebook takes no more answers here");
			return OK;
		}
		*target = parent;
	}
	connect_error_set(error, CONNECT_PERMANENT, "the conversation is nested too deeply");
	return OK;
}

/* ---- what came of it --------------------------------------------------- */

static void take_result(struct ctx *ctx, const json_t *json, struct write_result *out)
{
	const char *id = json_text_at(json, "id");
	const char *parent = json_text_at(json_at(json, "parent"), "id");

	(void)ctx;
	if (id && fb_is_id(id)) {
		out->address = id;
		out->key = fb_last_part(id);
	}
	if (parent && fb_is_id(parent))
		out->parent_key = fb_last_part(parent);
	if (json_has(json, "permalink_url"))
		out->url = foreign_web_url(json_text_at(json, "permalink_url"));
}

/*
 * Whether a write that was not plainly done can have been done: no answer, a
 * failing server, or an answer that says neither. A refusal with a reason, and
 * what was never sent, cannot.
 */
static bool is_in_doubt(const struct fb_answer *answer)
{
	if (answer->outcome == FETCH_NOT_SENT || answer->outcome == FETCH_REFUSED)
		return false;
	return answer->error.class == FB_RETRY || answer->error.class == FB_SHRINK;
}

/* {"success": false} and a bare false come with status 200. */
static bool says_no(const json_t *root)
{
	return json_has(root, "success") && !json_bool_at(root, "success", true);
}

static void tell_refused(struct connect_error *error)
{
	connect_error_set(error, CONNECT_PERMANENT, "Facebook answered that it did not do it");
}

/* What stands there now: where it hangs, its address for people. Not essential. */
static enum err read_back(struct ctx *ctx, struct source *source, const char *text,
			  struct write_result *out)
{
	struct fb_call call = { .path = out->address };
	struct fb_answer answer;

	fb_add(&call, "fields", REPLY_FIELDS);
	TRY(fb_call(ctx, source, &call, &answer));
	if (answer.error.class != FB_OK)
		return OK;
	take_result(ctx, answer.root, out);
	if (strcmp(foreign_text_folded(ctx->arena, json_text_or_empty(answer.root, "message")),
		   foreign_text_folded(ctx->arena, text)) != 0)
		log_event(LOG_LEVEL_WARNING, "facebook_reply_differs", "address", out->address,
			  NULL);
	return OK;
}

/* ---- replies ----------------------------------------------------------- */

static bool check_text(struct ctx *ctx, const struct source_write *write,
		       struct connect_error *error)
{
	int64_t length = foreign_utf16_length(write->text);

	if (!*foreign_text(ctx->arena, write->text))
		connect_error_set(error, CONNECT_PERMANENT, "the text is empty");
	else if (length > ctx->config->facebook.reply_max)
		connect_error_set(error, CONNECT_PERMANENT,
				  arena_printf(ctx->arena,
					       "the text has %lld characters, more than %lld",
					       (long long)length,
					       (long long)ctx->config->facebook.reply_max));
	else
		return true;
	return false;
}

static enum err reply(struct ctx *ctx, struct source *source, const struct source_write *write,
		      struct write_result *out, struct connect_error *error)
{
	struct fb_call call = { .method = "POST" };
	struct fb_answer answer;
	const char *target;

	if (!check_text(ctx, write, error))
		return OK;
	TRY(find_target(ctx, source, write, &target, error));
	if (error->failure != CONNECT_OK)
		return OK;
	call.path = arena_printf(ctx->arena, "%s/comments", target);
	fb_add(&call, "message", write->text);
	TRY(fb_call(ctx, source, &call, &answer));
	if (is_in_doubt(&answer)) {
		fb_tell(&answer, error);
		error->failure = CONNECT_UNKNOWN;
		return OK;
	}
	if (fb_has_failed(&answer, error))
		return OK;
	if (says_no(answer.root)) {
		tell_refused(error);
		return OK;
	}
	take_result(ctx, answer.root, out);
	if (*out->address)
		return read_back(ctx, source, write->text, out);
	connect_error_set(error, CONNECT_UNKNOWN,
			  "Facebook did not tell the id of the new comment");
	return OK;
}

/* ---- edit, hide, delete ------------------------------------------------ */

/* Only what the Page wrote may be edited: with anything else the call is a mistake. */
static enum err check_own(struct ctx *ctx, struct source *source, const char *address,
			  struct connect_error *error)
{
	struct fb_call call = { .path = address };
	struct fb_answer answer;
	const char *author;

	fb_add(&call, "fields", "id,from{id}");
	TRY(fb_call(ctx, source, &call, &answer));
	if (fb_has_failed(&answer, error))
		return OK;
	author = json_text_at(json_at(answer.root, "from"), "id");
	if (!author || strcmp(author, source->account) != 0)
		connect_error_set(error, CONNECT_PERMANENT, "this comment is not the Page's own");
	return OK;
}

static enum err change(struct ctx *ctx, struct source *source, const struct source_write *write,
		       struct connect_error *error)
{
	struct fb_call call = { .method = write->kind == WRITE_DELETE ? "DELETE" : "POST",
				.path = write->address };
	struct fb_answer answer;

	if (write->kind == WRITE_EDIT) {
		if (!check_text(ctx, write, error))
			return OK;
		TRY(check_own(ctx, source, write->address, error));
		if (error->failure != CONNECT_OK)
			return OK;
		fb_add(&call, "message", write->text);
	} else if (write->kind != WRITE_DELETE) {
		fb_add(&call, "is_hidden", write->kind == WRITE_HIDE ? "true" : "false");
	}
	TRY(fb_call(ctx, source, &call, &answer));
	/* Done twice these do no harm, so doubt is nothing but "again". */
	if (!fb_has_failed(&answer, error) && says_no(answer.root))
		tell_refused(error);
	return OK;
}

enum err facebook_write(struct ctx *ctx, struct source *source, const struct source_write *write,
			struct write_result *out, struct connect_error *error)
{
	*out = (struct write_result){ .key = "", .address = "", .parent_key = "", .url = "" };
	connect_error_set(error, CONNECT_OK, "");
	if (!fb_is_id(write->address)) {
		connect_error_set(error, CONNECT_PERMANENT, "this is no id of Facebook's");
		return OK;
	}
	if (write->kind == WRITE_REPLY)
		return reply(ctx, source, write, out, error);
	return change(ctx, source, write, error);
}

/* ---- looking for it ---------------------------------------------------- */

static bool is_known(const struct source_write *write, const char *key)
{
	for (size_t i = 0; i < write->known_count; i++)
		if (!strcmp(write->known_keys[i], key))
			return true;
	return false;
}

static bool is_it(struct ctx *ctx, const struct source *source, const struct source_write *write,
		  const char *wanted, const json_t *json)
{
	const char *id = json_text_at(json, "id");
	const char *author = json_text_at(json_at(json, "from"), "id");

	return id && fb_is_id(id) && author && !strcmp(author, source->account) &&
	       foreign_time(json_text_at(json, "created_time")) >= write->asked_at - FIND_SLACK &&
	       !is_known(write, fb_last_part(id)) &&
	       !strcmp(foreign_text_folded(ctx->arena, json_text_or_empty(json, "message")),
		       wanted);
}

/* Newest first; of several the oldest is ours, so the last that is found. */
static bool look_through(struct ctx *ctx, const struct source *source,
			 const struct source_write *write, const json_t *data,
			 struct write_result *out, bool *is_past)
{
	const char *wanted = foreign_text_folded(ctx->arena, write->text);
	bool found = false;
	json_t *json;
	size_t i;

	json_array_foreach(data, i, json)
	{
		int64_t time = foreign_time(json_text_at(json, "created_time"));

		if (time > 0 && time < write->asked_at - FIND_SLACK)
			*is_past = true;
		if (is_it(ctx, source, write, wanted, json)) {
			take_result(ctx, json, out);
			found = true;
		}
	}
	return found;
}

static enum err find_under(struct ctx *ctx, struct source *source, const struct source_write *write,
			   const char *target, struct write_result *out, bool *found,
			   struct connect_error *error)
{
	const char *after = "";
	bool is_past = false;

	for (int page = 0; page < FIND_PAGES_MAX && !is_past; page++) {
		struct fb_call call = {
			.path = arena_printf(ctx->arena, "%s/comments", target),
			.pairs = { { "filter", "toplevel" },
				   { "order", "reverse_chronological" },
				   { "limit", "25" },
				   { "fields", REPLY_FIELDS } },
			.pair_count = 4,
		};
		struct fb_answer answer;
		const json_t *paging;

		if (*after)
			fb_add(&call, "after", after);
		TRY(fb_call(ctx, source, &call, &answer));
		if (fb_has_failed(&answer, error))
			return OK;
		if (!json_is_array(json_at(answer.root, "data"))) {
			connect_error_set(error, CONNECT_RETRY, "the answer has no list");
			return OK;
		}
		if (look_through(ctx, source, write, json_at(answer.root, "data"), out, &is_past))
			*found = true;
		paging = json_at(answer.root, "paging");
		after = json_text_or_empty(json_at(paging, "cursors"), "after");
		if (!*json_text_or_empty(paging, "next") || !*after)
			break;
	}
	return OK;
}

enum err facebook_find_own(struct ctx *ctx, struct source *source, const struct source_write *write,
			   struct write_result *out, bool *found, struct connect_error *error)
{
	const char *target;

	*found = false;
	*out = (struct write_result){ .key = "", .address = "", .parent_key = "", .url = "" };
	connect_error_set(error, CONNECT_OK, "");
	if (!fb_is_id(write->address)) {
		connect_error_set(error, CONNECT_PERMANENT, "this is no id of Facebook's");
		return OK;
	}
	/* With another kind of token nothing would be found, and it would be sent twice. */
	TRY(fb_token_check(ctx, source, error));
	if (error->failure != CONNECT_OK)
		return OK;
	TRY(find_target(ctx, source, write, &target, error));
	if (error->failure == CONNECT_PERMANENT)
		connect_error_set(error, CONNECT_OK, "");
	if (error->failure != CONNECT_OK)
		return OK;
	return find_under(ctx, source, write, target, out, found, error);
}
