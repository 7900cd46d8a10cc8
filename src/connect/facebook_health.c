/*
 * Is all well with a Page? Each thing that can go wrong silently is looked at, and
 * said in a sentence with what to do. What cannot be looked at because something
 * before it is broken is left out: one cause, one line.
 */
#include "base/clock.h"
#include "connect/facebook_call.h"
#include "connect/facebook_setup.h"
#include "connect/facebook_token.h"
#include "connect/foreign.h"
#include "i18n/i18n.h"
#include "net/json.h"

#define EXPIRY_WARNING (14 * CLOCK_DAY)

static const char *const scopes[] = { "pages_read_engagement", "pages_read_user_content",
				      "pages_manage_engagement", "pages_manage_metadata" };

/* What to do, and what belongs into that sentence. */
struct advice {
	const char *sentence; /* NULL: nothing, it is well */
	const char *arguments[HEALTH_ARGUMENTS];
};

static const struct advice none = { .sentence = NULL };

static void add_line(struct source_health *health, const char *what, struct advice advice)
{
	struct health_line *line = &health->lines[health->line_count];

	if (advice.sentence)
		health->is_well = false;
	if (health->line_count == ARRAY_COUNT(health->lines))
		return;
	health->line_count++;
	*line = (struct health_line){ .is_well = !advice.sentence,
				      .what = what,
				      .advice = advice.sentence ? advice.sentence : "" };
	memcpy(line->arguments, advice.arguments, sizeof(line->arguments));
}

/* ---- the token --------------------------------------------------------- */

static struct advice advice_for_kind(const struct fb_token *token)
{
	if (!strcmp(token->type, "PAGE"))
		return none;
	return (struct advice){
		.sentence = N_(
			"The token is of the kind “%s”. Ask with it for me/accounts, and put "
			"the Page's own token from the answer into facebook.page_tokens."),
		.arguments = { token->type }
	};
}

static struct advice advice_for_scopes(struct ctx *ctx, const struct source *source,
				       const struct fb_token *token)
{
	const char *missing = "";

	for (size_t i = 0; i < ARRAY_COUNT(scopes); i++)
		if (!fb_token_has_scope(token, scopes[i], source->account))
			missing = arena_printf(ctx->arena, "%s%s%s", missing, *missing ? ", " : "",
					       scopes[i]);
	if (!*missing)
		return none;
	return (struct advice){
		.sentence = N_("Missing for this Page: %s. Make a new token and tick these."),
		.arguments = { missing }
	};
}

static struct advice advice_for_expiry(struct ctx *ctx, const struct fb_token *token, int64_t now)
{
	int64_t end = token->expires_at;

	if (end == 0 || end > now + EXPIRY_WARNING)
		return none;
	return (struct advice){
		.sentence = N_("It ends on %s. Make a token that does not end, from a long-lived "
			       "one or a system user."),
		.arguments = { clock_rfc3339(ctx->arena, end) }
	};
}

static struct advice advice_for_data_access(struct ctx *ctx, const struct fb_token *token,
					    int64_t now)
{
	int64_t end = token->data_access_expires_at;

	if (end == 0 || end > now + EXPIRY_WARNING)
		return none;
	return (struct advice){
		.sentence = N_("Access to data ends on %s, although the token stays valid. Let the "
			       "person behind it log in to the app again."),
		.arguments = { clock_rfc3339(ctx->arena, end) }
	};
}

static void add_token_lines(struct ctx *ctx, const struct source *source,
			    const struct fb_token *token, struct source_health *out)
{
	int64_t now = clock_now();
	bool is_this_page = !strcmp(token->profile_id, source->account);
	bool is_this_app = !strcmp(token->app_id, ctx->config->facebook.app_id);
	const struct advice kind = advice_for_kind(token);

	out->token_expires_at = token->expires_at;
	add_line(out, N_("The token is a Page's"), kind);
	if (!kind.sentence)
		add_line(out, N_("The token is this Page's"),
			 is_this_page
				 ? none
				 : (struct advice){ .sentence = N_("It belongs to the Page %s."),
						    .arguments = { token->profile_id } });
	add_line(out, N_("The token is this app's"),
		 is_this_app ? none
			     : (struct advice){
				       .sentence = N_(
					       "It belongs to the app %s. Make it with the app of "
					       "facebook.app_id."),
				       .arguments = { token->app_id } });
	add_line(out, N_("It has the permissions that a mirror needs"),
		 advice_for_scopes(ctx, source, token));
	add_line(out, N_("It does not end soon"), advice_for_expiry(ctx, token, now));
	add_line(out, N_("Its access to data does not end soon"),
		 advice_for_data_access(ctx, token, now));
}

/* ---- subscriptions ----------------------------------------------------- */

/* "feed", or {"name": "feed"}. */
static bool has_feed(const json_t *fields)
{
	json_t *field;
	size_t i;

	json_array_foreach(fields, i, field)
	{
		const char *name = json_is_string(field) ? json_string_value(field)
							 : json_text_at(field, "name");

		if (name && !strcmp(name, "feed"))
			return true;
	}
	return false;
}

static struct advice advice_for_page_subscription(struct ctx *ctx, const json_t *list)
{
	json_t *app;
	size_t i;

	json_array_foreach(list, i, app)
	{
		if (strcmp(json_text_or_empty(app, "id"), ctx->config->facebook.app_id) != 0)
			continue;
		if (has_feed(json_at(app, "subscribed_fields")))
			return none;
	}
	return (struct advice){ .sentence = N_("The Page does not send its notices to the app. Run "
					       "“entraide mirror subscribe”.") };
}

static struct advice advice_for_app_subscription(struct ctx *ctx, const json_t *list)
{
	const char *wanted = facebook_callback_url(ctx);
	json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		const char *url = json_text_or_empty(entry, "callback_url");

		if (strcmp(json_text_or_empty(entry, "object"), "page") != 0)
			continue;
		if (strcmp(url, wanted) != 0)
			return (struct advice){
				.sentence = N_(
					"The app's notices go to %s, not to %s. Run “entraide "
					"mirror subscribe” to change that."),
				.arguments = { url, wanted }
			};
		if (!json_bool_at(entry, "active", true))
			return (struct advice){
				.sentence = N_(
					"Facebook has switched the app's notices off, as it does "
					"when the site was not reached for long. Run “entraide "
					"mirror subscribe”.")
			};
		if (has_feed(json_at(entry, "fields")))
			return none;
	}
	return (struct advice){ .sentence = N_(
					"The app asks for no notices about Pages. Run “entraide "
					"mirror subscribe”.") };
}

static enum err add_subscription(struct ctx *ctx, struct source *source, bool is_apps,
				 struct source_health *out)
{
	struct fb_call call = {
		.path = arena_printf(ctx->arena,
				     is_apps ? "%s/subscriptions" : "%s/subscribed_apps",
				     is_apps ? ctx->config->facebook.app_id : source->account),
		.is_apps = is_apps,
	};
	struct fb_answer answer;
	struct advice advice;

	TRY(fb_call(ctx, source, &call, &answer));
	if (answer.error.class != FB_OK)
		advice = (struct advice){ .sentence = N_("It could not be asked for: %s"),
					  .arguments = { answer.error.message } };
	else if (is_apps)
		advice = advice_for_app_subscription(ctx, json_at(answer.root, "data"));
	else
		advice = advice_for_page_subscription(ctx, json_at(answer.root, "data"));
	add_line(out,
		 is_apps ? N_("The app is subscribed to notices")
			 : N_("The Page is subscribed to the app"),
		 advice);
	return OK;
}

/* ---- reading ----------------------------------------------------------- */

static struct advice advice_for_version(struct ctx *ctx, const char *version)
{
	const char *wanted = ctx->config->facebook.version;

	/* An expired version is served by another without a word. */
	if (!version || !*wanted || !strcmp(version, wanted))
		return none;
	return (struct advice){
		.sentence = N_("Facebook answers as %s, not as %s: that version is over. Set "
			       "facebook.version to a newer one."),
		.arguments = { version, wanted }
	};
}

/* The permissions may be there and the task on the Page not: only reading shows it. */
static struct advice advice_for_reading(const struct fb_answer *answer)
{
	if (answer->error.class == FB_OK)
		return none;
	if (answer->error.class == FB_OPERATOR)
		return (struct advice){
			.sentence = N_("Facebook refuses it (%s). The person or system user behind "
				       "the token needs the tasks “Content” and “Community "
				       "activity” on the Page."),
			.arguments = { answer->error.message }
		};
	return (struct advice){ .sentence = N_("It failed: %s"),
				.arguments = { answer->error.message } };
}

static enum err add_reading(struct ctx *ctx, struct source *source, struct source_health *out)
{
	struct fb_call call = { .path = arena_printf(ctx->arena, "%s/feed", source->account),
				.pairs = { { "fields", "id" }, { "limit", "1" } },
				.pair_count = 2 };
	struct fb_answer answer;

	TRY(fb_call(ctx, source, &call, &answer));
	add_line(out, N_("The Page's posts can be read"), advice_for_reading(&answer));
	add_line(out, N_("The version of the interface is current"),
		 advice_for_version(ctx, answer.version));
	return OK;
}

/* ---- together ---------------------------------------------------------- */

/* False: it is no use to look further. */
static bool judge_token(const struct fb_token *token, struct source_health *out,
			struct connect_error *error)
{
	if (token->is_valid) {
		add_line(out, N_("The token is valid"), none);
		return true;
	}
	add_line(out, N_("The token is valid"),
		 (struct advice){
			 .sentence = N_("Facebook says: %s Make a new token and put it into "
					"facebook.page_tokens."),
			 .arguments = { token->error.message } });
	connect_error_set(error, CONNECT_TOKEN, token->error.message);
	error->code = token->error.code;
	error->subcode = token->error.subcode;
	return false;
}

enum err facebook_health(struct ctx *ctx, struct source *source, struct source_health *out,
			 struct connect_error *error)
{
	const char *problem = facebook_configured(ctx, source);
	struct fb_answer answer;
	struct fb_token token;

	*out = (struct source_health){ .is_well = true };
	connect_error_set(error, CONNECT_OK, "");
	add_line(out, N_("The settings are there"), (struct advice){ .sentence = problem });
	if (problem) {
		connect_error_set(error, CONNECT_OPERATOR, "the settings are not complete");
		return OK;
	}
	TRY(fb_token_ask(ctx, source, &token, &answer));
	if (fb_has_failed(&answer, error)) {
		add_line(out, N_("Facebook can be reached with this app"),
			 (struct advice){ .sentence = N_("It failed: %s"),
					  .arguments = { error->message } });
		return OK;
	}
	if (!judge_token(&token, out, error))
		return OK;
	add_token_lines(ctx, source, &token, out);
	TRY(add_subscription(ctx, source, true, out));
	TRY(add_subscription(ctx, source, false, out));
	return add_reading(ctx, source, out);
}
