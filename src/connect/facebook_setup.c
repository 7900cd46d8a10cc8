/*
 * Setting up: what has to be in the configuration, the two subscriptions, and two
 * small questions.
 */
#include "connect/facebook_setup.h"

#include "base/buf.h"
#include "connect/facebook_call.h"
#include "connect/foreign.h"
#include "i18n/i18n.h"
#include "net/json.h"

#define NOTICES         "feed,mention,ratings"
#define NAME_MAX_POINTS 100

const char *facebook_configured(struct ctx *ctx, const struct source *source)
{
	if (!fb_is_id(source->account))
		return N_(
			"The Page is named by its number, which stands under “About” of the Page.");
	if (!*ctx->config->facebook.app_id)
		return N_("facebook.app_id is not set: it is the number of your app at "
			  "developers.facebook.com.");
	if (!*ctx->config->facebook.app_secret)
		return N_("facebook.app_secret is not set: it stands under “App settings, Basic” "
			  "of your app.");
	if (!*ctx->config->facebook.verify_token)
		return N_(
			"facebook.verify_token is not set: make up a long password; Facebook says "
			"it back when it subscribes.");
	if (!fb_page_token(ctx, source))
		return N_("facebook.page_tokens has no token for this Page.");
	return NULL;
}

const char *facebook_callback_url(struct ctx *ctx)
{
	return arena_printf(ctx->arena, "%s" FACEBOOK_CALLBACK_PATH, ctx->config->site.base_url);
}

static enum err call_and_tell(struct ctx *ctx, struct source *source, const struct fb_call *call,
			      struct fb_answer *answer, struct connect_error *error)
{
	TRY(fb_call(ctx, source, call, answer));
	fb_tell(answer, error);
	if (error->failure == CONNECT_OK && json_has(answer->root, "success") &&
	    !json_bool_at(answer->root, "success", true))
		*error = (struct connect_error){
			.failure = CONNECT_PERMANENT,
			.message = "Facebook answered that it did not do it",
			.trace_id = ""
		};
	return OK;
}

enum err facebook_subscribe(struct ctx *ctx, struct source *source, struct connect_error *error)
{
	struct fb_call app = {
		.method = "POST",
		.path = arena_printf(ctx->arena, "%s/subscriptions", ctx->config->facebook.app_id),
		.pairs = { { "object", "page" },
			   { "callback_url", facebook_callback_url(ctx) },
			   { "fields", NOTICES },
			   { "include_values", "true" },
			   { "verify_token", ctx->config->facebook.verify_token } },
		.pair_count = 5,
		.is_apps = true,
	};
	struct fb_call page = {
		.method = "POST",
		.path = arena_printf(ctx->arena, "%s/subscribed_apps", source->account),
		.pairs = { { "subscribed_fields", NOTICES } },
		.pair_count = 1,
	};
	struct fb_answer answer;

	TRY(call_and_tell(ctx, source, &app, &answer, error));
	if (error->failure == CONNECT_OK)
		TRY(call_and_tell(ctx, source, &page, &answer, error));
	return OK;
}

enum err facebook_page_name(struct ctx *ctx, struct source *source, const char **name,
			    struct connect_error *error)
{
	struct fb_call call = { .path = source->account,
				.pairs = { { "fields", "id,name" } },
				.pair_count = 1 };
	struct fb_answer answer;

	*name = "";
	TRY(call_and_tell(ctx, source, &call, &answer, error));
	if (error->failure == CONNECT_OK)
		*name = foreign_line(ctx->arena, json_text_or_empty(answer.root, "name"),
				     NAME_MAX_POINTS);
	return OK;
}

/* The entry about our Page; one that names no Page can be no other's. */
static const char *scoped_id_in(const struct source *source, const json_t *list)
{
	json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		const char *id = json_text_at(entry, "id");
		const char *page = json_text_at(json_at(entry, "page"), "id");

		if (id && fb_is_id(id) && (!page || !strcmp(page, source->account)))
			return id;
	}
	return "";
}

enum err facebook_scoped_id(struct ctx *ctx, struct source *source, const char *app_user_id,
			    const char **scoped_id, struct connect_error *error)
{
	struct fb_call call = {
		.path = arena_printf(ctx->arena, "%s/ids_for_pages", app_user_id),
		.pairs = { { "page", source->account } },
		.pair_count = 1,
		.is_apps = true,
	};
	struct fb_answer answer;

	*scoped_id = "";
	connect_error_set(error, CONNECT_OK, "");
	if (!fb_is_id(app_user_id))
		return OK;
	TRY(call_and_tell(ctx, source, &call, &answer, error));
	if (error->failure == CONNECT_OK)
		*scoped_id = scoped_id_in(source, json_at(answer.root, "data"));
	else if (error->failure == CONNECT_MISSING || error->failure == CONNECT_PERMANENT)
		error->failure = CONNECT_OK;
	return OK;
}
