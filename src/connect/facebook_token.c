/*
 * Looking at the token before trusting what is read with it.
 */
#include "connect/facebook_token.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "connect/foreign.h"
#include "net/json.h"

void fb_token_read(struct ctx *ctx, const json_t *root, struct fb_token *out)
{
	const json_t *data = json_is_object(json_at(root, "data")) ? json_at(root, "data") : root;

	*out = (struct fb_token){
		.is_valid = json_bool_at(data, "is_valid", false),
		.type = json_text_or_empty(data, "type"),
		.app_id = json_text_or_empty(data, "app_id"),
		.profile_id = json_text_or_empty(data, "profile_id"),
		.expires_at = foreign_time(json_text_at(data, "expires_at")),
		.data_access_expires_at = foreign_time(
			json_text_at(data, "data_access_expires_at")),
		.scopes = json_at(data, "scopes"),
		.granular_scopes = json_at(data, "granular_scopes"),
	};
	fb_classify(ctx, 200, data, &out->error);
}

static bool list_has(const json_t *list, const char *text)
{
	json_t *value;
	size_t i;

	json_array_foreach(list, i, value)
	{
		if (json_is_string(value) && !strcmp(json_string_value(value), text))
			return true;
	}
	return false;
}

bool fb_token_has_scope(const struct fb_token *token, const char *scope, const char *page)
{
	json_t *granted;
	size_t i;

	json_array_foreach(token->granular_scopes, i, granted)
	{
		const json_t *targets = json_at(granted, "target_ids");

		if (!strcmp(json_text_or_empty(granted, "scope"), scope))
			return !json_is_array(targets) || list_has(targets, page);
	}
	return list_has(token->scopes, scope);
}

enum err fb_token_ask(struct ctx *ctx, struct source *source, struct fb_token *out,
		      struct fb_answer *answer)
{
	struct fb_call call = { .path = "debug_token", .is_apps = true };
	const char *token = fb_page_token(ctx, source);

	*out = (struct fb_token){ .type = "", .app_id = "", .profile_id = "" };
	fb_add(&call, "input_token", token ? token : "");
	TRY(fb_call(ctx, source, &call, answer));
	if (answer->error.class == FB_OK)
		fb_token_read(ctx, answer->root, out);
	return OK;
}

/* ---- remembered -------------------------------------------------------- */

/* Of this process: what was checked, by its hash, and until when that holds. */
static struct {
	uint8_t hash[CRYPTO_HASH_BYTES];
	int64_t until;
} checked[16];

static void hash_of(struct ctx *ctx, const struct source *source, uint8_t out[CRYPTO_HASH_BYTES])
{
	const char *token = fb_page_token(ctx, source);
	const char *both = arena_printf(ctx->arena, "%s %s", source->account, token ? token : "");

	crypto_sha256(out, both, strlen(both));
}

static bool is_checked(const uint8_t hash[CRYPTO_HASH_BYTES], int64_t now)
{
	for (size_t i = 0; i < ARRAY_COUNT(checked); i++)
		if (checked[i].until > now && !memcmp(checked[i].hash, hash, CRYPTO_HASH_BYTES))
			return true;
	return false;
}

static void remember(const uint8_t hash[CRYPTO_HASH_BYTES], int64_t now)
{
	size_t oldest = 0;

	for (size_t i = 1; i < ARRAY_COUNT(checked); i++)
		if (checked[i].until < checked[oldest].until)
			oldest = i;
	memcpy(checked[oldest].hash, hash, CRYPTO_HASH_BYTES);
	checked[oldest].until = now + CLOCK_HOUR;
}

bool fb_has_failed(const struct fb_answer *answer, struct connect_error *error)
{
	fb_tell(answer, error);
	if (error->failure == CONNECT_TOKEN)
		memset(checked, 0, sizeof(checked));
	return error->failure != CONNECT_OK;
}

/* ---- the check --------------------------------------------------------- */

static void refuse(struct connect_error *error, enum connect_failure failure, const char *message,
		   const struct fb_error *why)
{
	*error = (struct connect_error){ .failure = failure,
					 .message = message,
					 .trace_id = why->trace_id ? why->trace_id : "",
					 .code = why->code,
					 .subcode = why->subcode };
}

static void judge(struct ctx *ctx, const struct source *source, const struct fb_token *token,
		  struct connect_error *error)
{
	int64_t now = clock_now();

	connect_error_set(error, CONNECT_OK, "");
	if (!token->is_valid)
		refuse(error, CONNECT_TOKEN,
		       arena_printf(ctx->arena, "the Page's token is not valid: %s",
				    token->error.message),
		       &token->error);
	else if (strcmp(token->type, "PAGE") != 0)
		refuse(error, CONNECT_OPERATOR,
		       arena_printf(ctx->arena, "the token is of the kind %s, not a Page's",
				    token->type),
		       &token->error);
	else if (strcmp(token->profile_id, source->account) != 0)
		refuse(error, CONNECT_OPERATOR, "the token belongs to another Page", &token->error);
	else if (token->data_access_expires_at && token->data_access_expires_at < now)
		refuse(error, CONNECT_TOKEN, "the token's access to data has expired",
		       &token->error);
}

enum err fb_token_check(struct ctx *ctx, struct source *source, struct connect_error *error)
{
	uint8_t hash[CRYPTO_HASH_BYTES];
	struct fb_answer answer;
	struct fb_token token;

	connect_error_set(error, CONNECT_OK, "");
	hash_of(ctx, source, hash);
	if (is_checked(hash, clock_now()))
		return OK;
	TRY(fb_token_ask(ctx, source, &token, &answer));
	if (fb_has_failed(&answer, error))
		return OK;
	judge(ctx, source, &token, error);
	if (error->failure == CONNECT_OK)
		remember(hash, clock_now());
	return OK;
}
