/*
 * Error codes of the Graph API, as far as they are known: documented, recorded by
 * other people's clients, or both. What is not known is for ever, unless the answer
 * calls itself transient or the status says that the server failed.
 */
#include "connect/facebook_error.h"

#include "base/utf8.h"
#include "net/http_client.h"
#include "net/json.h"

#define MESSAGE_MAX_POINTS 500

static const char *const class_names[] = {
	[FB_OK] = "ok",
	[FB_RETRY] = "retry",
	[FB_SHRINK] = "shrink",
	[FB_PAGING] = "paging",
	[FB_FIELDS] = "fields",
	[FB_THROTTLE] = "throttle",
	[FB_TOKEN] = "token",
	[FB_OPERATOR] = "operator",
	[FB_AMBIGUOUS] = "ambiguous",
	[FB_PERMANENT] = "permanent",
	[FB_BLOCKED] = "write-blocked",
	[FB_DUPLICATE] = "duplicate-check",
};

const char *fb_class_name(enum fb_class class)
{
	return class_names[class];
}

/* ---- by code ----------------------------------------------------------- */

struct rule {
	int first, last;
	int subcode; /* -1: any */
	enum fb_class class;
};

/* The first that fits decides. */
static const struct rule rules[] = {
	{ 1, 1, 2853006, FB_OPERATOR }, /* a permission in disguise */
	{ 2, 2, -1, FB_RETRY },
	{ 3, 3, -1, FB_OPERATOR },
	{ 4, 4, -1, FB_THROTTLE }, /* the app's limit */
	{ 10, 10, -1, FB_OPERATOR },
	{ 17, 17, -1, FB_THROTTLE }, /* the person's */
	{ 32, 32, -1, FB_THROTTLE }, /* the Page's, with a person's token */
	{ 33, 33, -1, FB_AMBIGUOUS },
	{ 100, 100, 33, FB_AMBIGUOUS },
	{ 102, 102, -1, FB_TOKEN },
	{ 104, 104, -1, FB_TOKEN }, /* there was none */
	{ 190, 190, -1, FB_TOKEN },
	{ 200, 299, -1, FB_OPERATOR },
	{ 341, 341, -1, FB_THROTTLE },
	{ 368, 368, 1404082, FB_DUPLICATE },
	{ 368, 368, -1, FB_BLOCKED },
	{ 506, 506, -1, FB_DUPLICATE },
	{ 551, 551, -1, FB_PERMANENT },
	{ 613, 613, -1, FB_THROTTLE },
	{ 803, 803, -1, FB_AMBIGUOUS },   /* "aliases … do not exist" */
	{ 1705, 1705, -1, FB_PERMANENT }, /* a comment with a token that is not the Page's */
	{ 2500, 2500, -1, FB_PERMANENT },
	{ 80000, 80014, -1, FB_THROTTLE }, /* limits of a business, by kind of use */
	{ 1609005, 1609005, -1, FB_PERMANENT },
};

/* Codes 1 and 100 are several things; only the sentence tells them apart. */
static const struct {
	int code;
	const char *sentence; /* a part of it */
	enum fb_class class;
} sentences[] = {
	{ 1, "reduce the amount of data", FB_SHRINK },
	{ 100, "nonexisting field", FB_FIELDS },
	{ 100, "cursor", FB_PAGING },
	{ 100, "appsecret_proof", FB_OPERATOR },
	{ 100, "app secret proof", FB_OPERATOR },
	{ 100, "does not exist, cannot be loaded", FB_AMBIGUOUS },
};

static enum fb_class class_of_code(const json_t *error, const struct fb_error *read, int status)
{
	for (size_t i = 0; i < ARRAY_COUNT(sentences); i++)
		if (sentences[i].code == read->code &&
		    strcasestr(read->message, sentences[i].sentence))
			return sentences[i].class;
	for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
		const struct rule *rule = &rules[i];

		if (read->code >= rule->first && read->code <= rule->last &&
		    (rule->subcode < 0 || rule->subcode == read->subcode))
			return rule->class;
	}
	/* "Unknown error", unless it is one for good: a subcode, and not transient. */
	if (read->code == 1)
		return read->subcode && read->subcode != 99 &&
				       !json_bool_at(error, "is_transient", true)
			       ? FB_PERMANENT
			       : FB_RETRY;
	if (read->code == 0 || json_bool_at(error, "is_transient", false))
		return FB_RETRY;
	return status >= 500 ? FB_RETRY : FB_PERMANENT;
}

/* ---- shapes of an error ------------------------------------------------ */

/* Facebook's sentence for the developer, and the one for a person if it says more. */
static const char *message_of(struct ctx *ctx, const json_t *error)
{
	static const char *const keys[] = { "message", "error_message", "error_msg",
					    "error_description" };
	const char *message = "", *more = json_text_or_empty(error, "error_user_msg");

	for (size_t i = 0; i < ARRAY_COUNT(keys) && !*message; i++)
		message = json_text_or_empty(error, keys[i]);
	message = arena_printf(ctx->arena, "%s%s%s", message, *message && *more ? " " : "", more);
	message = http_scrub(ctx->arena, message);
	return arena_strndup(ctx->arena, message, utf8_prefix(message, MESSAGE_MAX_POINTS));
}

static int small_number(const json_t *object, const char *key)
{
	int64_t number = json_i64_at(object, key, 0);

	return number > 0 && number < INT32_MAX ? (int)number : 0;
}

static void read_error(struct ctx *ctx, const json_t *error, int status, struct fb_error *out)
{
	out->code = small_number(error, "code");
	if (!out->code)
		out->code = small_number(error, "error_code");
	out->subcode = small_number(error, "error_subcode");
	if (!out->subcode)
		out->subcode = small_number(error, "subcode"); /* debug_token's word */
	out->trace_id = json_text_or_empty(error, "fbtrace_id");
	out->message = message_of(ctx, error);
	out->class = class_of_code(error, out, status);
}

static bool is_error(const json_t *root)
{
	return json_has(root, "error") || json_has(root, "error_code") ||
	       json_has(root, "error_message");
}

static void classify_status(struct ctx *ctx, int status, const json_t *root, struct fb_error *out)
{
	if (status == 429)
		out->class = FB_THROTTLE;
	else if (status >= 500 || !root)
		out->class = FB_RETRY;
	else if (status >= 400 || json_is_false(root))
		out->class = FB_PERMANENT;
	if (out->class != FB_OK)
		out->message = arena_printf(ctx->arena, "HTTP %d, %s", status,
					    !root                 ? "an answer that is not JSON"
					    : json_is_false(root) ? "answered: false"
								  : "without an error");
}

void fb_classify(struct ctx *ctx, int status, const json_t *root, struct fb_error *out)
{
	const json_t *error = json_at(root, "error");

	*out = (struct fb_error){ .class = FB_OK, .message = "", .trace_id = "" };
	if (!is_error(root))
		classify_status(ctx, status, root, out);
	else
		read_error(ctx, json_is_object(error) ? error : root, status, out);
}

/* ---- for the caller ---------------------------------------------------- */

void fb_error_tell(const struct fb_error *error, struct connect_error *out)
{
	static const enum connect_failure failures[] = {
		[FB_OK] = CONNECT_OK,
		[FB_RETRY] = CONNECT_RETRY,
		[FB_SHRINK] = CONNECT_RETRY,
		[FB_PAGING] = CONNECT_RETRY,
		[FB_FIELDS] = CONNECT_PERMANENT,
		[FB_THROTTLE] = CONNECT_THROTTLED,
		[FB_TOKEN] = CONNECT_TOKEN,
		[FB_OPERATOR] = CONNECT_OPERATOR,
		[FB_AMBIGUOUS] = CONNECT_MISSING,
		[FB_PERMANENT] = CONNECT_PERMANENT,
		[FB_BLOCKED] = CONNECT_BLOCKED,
		[FB_DUPLICATE] = CONNECT_DUPLICATE,
	};

	*out = (struct connect_error){ .failure = failures[error->class],
				       .message = error->message,
				       .trace_id = error->trace_id,
				       .code = error->code,
				       .subcode = error->subcode };
}
