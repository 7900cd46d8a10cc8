/*
 * Calling the Graph API. The token goes in a header, so that it stands in no
 * address, no log and no paging.next; the proof that we hold the app's secret goes
 * with every call.
 */
#include "connect/facebook_call.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/slice.h"
#include "connect/facebook_usage.h"
#include "net/json.h"

#define ANSWER_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define ID_MAX_BYTES     200

void fb_add(struct fb_call *call, const char *name, const char *value)
{
	if (call->pair_count == FB_PAIRS_MAX)
		abort();
	call->pairs[call->pair_count++] = (struct fetch_pair){ name, value };
}

/* ---- ids and tokens ---------------------------------------------------- */

bool fb_is_id(const char *text)
{
	size_t length = strspn(text, "0123456789_"
				     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return length > 0 && length <= ID_MAX_BYTES && text[length] == '\0' && text[0] != '_' &&
	       text[length - 1] != '_';
}

const char *fb_last_part(const char *id)
{
	const char *last = strrchr(id, '_');

	return last ? last + 1 : id;
}

const char *fb_page_token(struct ctx *ctx, const struct source *source)
{
	struct slice rest = slice_trim(slice_of(ctx->config->facebook.page_tokens));

	if (rest.length == 0)
		return NULL;
	if (!memchr(rest.data, '=', rest.length))
		return arena_strndup(ctx->arena, rest.data, rest.length);
	while (rest.data) {
		struct slice token = slice_cut(&rest, ',');
		struct slice page = slice_trim(slice_cut(&token, '='));

		token = slice_trim(token);
		if (slice_is(page, source->account) && token.length > 0)
			return arena_strndup(ctx->arena, token.data, token.length);
	}
	return NULL;
}

const char *fb_app_token(struct ctx *ctx)
{
	return arena_printf(ctx->arena, "%s|%s", ctx->config->facebook.app_id,
			    ctx->config->facebook.app_secret);
}

const char *fb_proof(struct ctx *ctx, const char *token)
{
	const char *secret = ctx->config->facebook.app_secret;
	uint8_t proof[CRYPTO_HASH_BYTES];

	crypto_hmac(proof, secret, strlen(secret), token, strlen(token));
	return crypto_hex(ctx->arena, proof, sizeof(proof));
}

/* ---- the call ---------------------------------------------------------- */

static const char *address_of(struct ctx *ctx, const struct fb_call *call)
{
	const char *version = ctx->config->facebook.version;

	return arena_printf(ctx->arena, "%s%s%s/%s", ctx->config->facebook.base_url,
			    *version ? "/" : "", version, call->path);
}

/* What a fetch that brought no answer means for a read; a write looks at outcome. */
static void tell_no_answer(const struct http_fetched *fetched, struct fb_answer *out)
{
	out->error = (struct fb_error){
		.class = fetched->outcome == FETCH_REFUSED     ? FB_PERMANENT
			 : fetched->outcome == FETCH_TOO_LARGE ? FB_SHRINK
							       : FB_RETRY,
		.message = fetched->problem,
		.trace_id = "",
	};
}

static void read_answer(struct ctx *ctx, struct source *source, const struct http_fetched *fetched,
			struct fb_answer *out)
{
	const char *problem = NULL;
	struct fb_usage usage;

	out->status = fetched->status;
	out->root = json_read(ctx, fetched->body, fetched->length, &problem);
	fb_classify(ctx, fetched->status, out->root, &out->error);
	out->version = http_fetched_header(fetched, "facebook-api-version");
	if (!*out->error.trace_id && http_fetched_header(fetched, "x-fb-trace-id"))
		out->error.trace_id = http_fetched_header(fetched, "x-fb-trace-id");
	fb_usage_read(ctx, fetched, &usage);
	fb_usage_apply(&usage, out->error.class == FB_THROTTLE, clock_now(), source);
	out->retry_at = source->usage_until;
}

static void log_failure(struct ctx *ctx, const struct source *source, const struct fb_call *call,
			const struct fb_answer *answer)
{
	const struct fb_error *error = &answer->error;

	log_event(LOG_LEVEL_INFO, "facebook_answer", "id", ctx->request_id, "page", source->account,
		  "path", call->path, "status", log_i64(answer->status), "class",
		  fb_class_name(error->class), "code", log_i64(error->code), "subcode",
		  log_i64(error->subcode), "trace_id", error->trace_id, "message", error->message,
		  NULL);
}

/* Calls while throttled only lengthen it. */
static bool must_wait(const struct source *source, struct fb_answer *out)
{
	if (source->usage_until <= clock_now())
		return false;
	out->outcome = FETCH_NOT_SENT;
	out->retry_at = source->usage_until;
	out->error = (struct fb_error){ .class = FB_THROTTLE,
					.message = "Facebook's limit of calls is reached",
					.trace_id = "" };
	return true;
}

enum err fb_call(struct ctx *ctx, struct source *source, const struct fb_call *call,
		 struct fb_answer *out)
{
	const char *token = call->is_apps ? fb_app_token(ctx) : fb_page_token(ctx, source);
	struct http_fetched *fetched = arena_new_of(ctx->arena, struct http_fetched);
	struct fb_call whole = *call;
	struct http_fetch fetch = { .method = call->method,
				    .url = address_of(ctx, call),
				    .bearer = token,
				    .max_bytes = ANSWER_MAX_BYTES,
				    .may_be_private = true };

	*out = (struct fb_answer){ .asked_at = clock_now() };
	if (!token)
		return fail_log(ctx, ERR_INTERNAL, "facebook: no token for Page %s",
				source->account);
	if (must_wait(source, out))
		return OK;
	fb_add(&whole, "appsecret_proof", fb_proof(ctx, token));
	if (call->method && !strcmp(call->method, "POST")) {
		fetch.form = whole.pairs;
		fetch.form_count = whole.pair_count;
	} else {
		fetch.query = whole.pairs;
		fetch.query_count = whole.pair_count;
	}
	http_fetch(ctx, &fetch, fetched);
	out->outcome = fetched->outcome;
	if (fetched->outcome == FETCH_ANSWERED)
		read_answer(ctx, source, fetched, out);
	else
		tell_no_answer(fetched, out);
	if (out->error.class != FB_OK)
		log_failure(ctx, source, call, out);
	return OK;
}

void fb_tell(const struct fb_answer *answer, struct connect_error *out)
{
	fb_error_tell(&answer->error, out);
	if (out->failure == CONNECT_THROTTLED)
		out->retry_at = answer->retry_at;
}
