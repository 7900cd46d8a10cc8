/*
 * The gate. Every check that does not depend on the page stands here once, in one
 * order, so that no handler can forget one.
 */
#include "web/gate.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/session.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "web/blocked.h"
#include "web/consent.h"
#include "web/routes.h"

bool gate_is_https(const struct request *request)
{
	return strncmp(request->site->config->site.base_url, "https://", 8) == 0;
}

/* The prefix makes the browser insist on Secure, Path=/ and no Domain. */
static const char *cookie_name(const struct request *request, const char *name)
{
	return gate_is_https(request) ? arena_printf(request->ctx.arena, "__Host-%s", name) : name;
}

const char *gate_cookie(const struct request *request, const char *name)
{
	return http_cookie(request->http, cookie_name(request, name));
}

void gate_set_cookie(struct request *request, const char *name, const char *value,
		     int64_t max_age_seconds)
{
	http_set_cookie(request->response, cookie_name(request, name), value,
			(struct http_cookie_options){ .max_age_seconds = max_age_seconds,
						      .is_secure = gate_is_https(request) });
}

void gate_choose_language(struct request *request)
{
	const char *wanted = request->actor.language;

	if (!i18n_is_supported(wanted))
		wanted = gate_cookie(request, "language");
	if (!i18n_is_supported(wanted))
		wanted = i18n_negotiate(request->http->accept_language);
	if (!wanted)
		wanted = request->site->config->site.default_language;
	i18n_use(wanted);
	request->ctx.language = i18n_language();
}

static enum err find_route(struct request *request)
{
	bool is_other_method;

	if (request->http->method == HTTP_OTHER)
		return fail(&request->ctx, ERR_METHOD, NULL, NULL);
	request->route = route_find(request, &is_other_method);
	if (!request->route)
		return fail(&request->ctx, is_other_method ? ERR_METHOD : ERR_NOT_FOUND, NULL,
			    NULL);
	return OK;
}

/*
 * What others have changed since the last request. Failing is no failure: what was
 * known counts, and whether the database is away shows at the page's own statements.
 * What it costs is not the page's.
 */
static void refresh_settings(struct request *request)
{
	if (request->route->access == ACCESS_OPERATOR)
		return;
	if (site_settings_refresh(&request->ctx) != OK)
		error_clear(&request->ctx);
	db_count_reset(request->ctx.db);
}

static enum err find_actor(struct request *request)
{
	const char *token = gate_cookie(request, "session");

	request->session_token = "";
	request->actor = actor_visitor;
	if (request->route->access == ACCESS_OPERATOR || request->route->access == ACCESS_PROGRAM ||
	    strlen(token) != CRYPTO_TOKEN_TEXT_LENGTH)
		return OK;
	TRY(session_load(&request->ctx, token, &request->actor));
	if (request->actor.id)
		request->session_token = token;
	return OK;
}

/* Addresses are compared as text: a list of a few loopback or monitoring hosts. */
bool gate_is_operator(const struct request *request)
{
	struct slice rest = slice_of(request->site->config->web.metrics_allow);

	while (rest.data) {
		struct slice address = slice_trim(slice_cut(&rest, ','));
		if (address.length > 0 && slice_is(address, request->http->client_address))
			return true;
	}
	return false;
}

static enum err check_access(struct request *request)
{
	switch (request->route->access) {
	case ACCESS_OPERATOR:
		if (!gate_is_operator(request))
			return fail(&request->ctx, ERR_FORBIDDEN, NULL, NULL);
		return OK;
	case ACCESS_MEMBER:
		if (!request->actor.id)
			return fail(&request->ctx, ERR_UNAUTHENTICATED, NULL, NULL);
		return OK;
	case ACCESS_ALL:
	case ACCESS_PROGRAM:
		return OK;
	}
	return OK;
}

/*
 * The team without its second factor may read, and set one up. Everything else of a
 * member's, and all that is the team's, waits; respond.c leads there.
 */
static enum err check_second_factor(struct request *request)
{
	static const char *const open_to_all[] = { "/settings", "/notifications", "/check" };
	const char *path = request->http->path;

	if (!request->actor.lacks_second_factor || request->route->access != ACCESS_MEMBER)
		return OK;
	for (size_t i = 0; i < ARRAY_COUNT(open_to_all); i++)
		if (strncmp(path, open_to_all[i], strlen(open_to_all[i])) == 0)
			return OK;
	return fail(
		&request->ctx, ERR_FORBIDDEN, "second_factor", "%s",
		_("The team signs in in two steps. Set it up in your settings, then go on here."));
}

static const char *visitor_token(const struct request *request)
{
	if (request->set_csrf_cookie)
		return request->set_csrf_cookie;
	return gate_cookie(request, "visitor");
}

const char *gate_csrf(struct request *request)
{
	const char *token = request->session_token;

	if (!token[0])
		token = visitor_token(request);
	if (strlen(token) != CRYPTO_TOKEN_TEXT_LENGTH) {
		token = crypto_token(request->ctx.arena);
		request->set_csrf_cookie = token;
	}
	return session_csrf(&request->ctx, token);
}

static bool is_same_origin(const struct request *request)
{
	const char *site = request->http->sec_fetch_site;
	const char *origin = request->http->origin;

	if (site[0] && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return false;
	return !origin[0] || strcmp(origin, request->site->config->site.base_url) == 0;
}

static bool has_csrf_token(struct request *request)
{
	const char *token = request->session_token;

	if (!token[0])
		token = visitor_token(request);
	if (strlen(token) != CRYPTO_TOKEN_TEXT_LENGTH)
		return false;
	return crypto_equal(http_form(request->http, "csrf"), session_csrf(&request->ctx, token));
}

static enum err check_origin(struct request *request)
{
	if (request->http->method != HTTP_POST || request->route->guard == GUARD_NONE)
		return OK;
	if (!is_same_origin(request))
		return fail(&request->ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("This form was sent from another site, so it was not accepted."));
	if (request->route->guard != GUARD_ORIGIN && !has_csrf_token(request))
		return fail(
			&request->ctx, ERR_FORBIDDEN, NULL, "%s",
			_("This form is too old to be accepted. Reload the page and send it again."));
	return OK;
}

/* By its hash: a file is not copied for it. */
static void add_file(struct buf *content, const struct http_pair *pair)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	if (!pair->bytes)
		return;
	crypto_sha256(hash, pair->bytes, pair->length);
	buf_bytes(content, (const char *)hash, sizeof(hash));
}

/*
 * The key makes a repeat harmless, but must not swallow a second, different text
 * that is sent from the same form after going back: so what counts is the key
 * together with what the form holds.
 */
static void make_form_key(struct request *request)
{
	const char *key = http_form(request->http, "key");
	uint8_t hash[CRYPTO_HASH_BYTES];
	struct buf content;

	request->form_key = "";
	if (request->http->method != HTTP_POST || strlen(key) < 16 || strlen(key) > 128)
		return;
	buf_init(&content, request->ctx.arena, 2 * HTTP_BODY_MAX_BYTES);
	buf_text(&content, request->http->path);
	for (size_t i = 0; i < request->http->form.count; i++) {
		const struct http_pair *pair = &request->http->form.items[i];
		if (strcmp(pair->name, "csrf") == 0)
			continue;
		buf_bytes(&content, pair->name, strlen(pair->name) + 1);
		buf_bytes(&content, pair->value, strlen(pair->value) + 1);
		add_file(&content, pair);
	}
	crypto_sha256(hash, content.data, content.length);
	request->form_key = crypto_base64url(request->ctx.arena, hash, sizeof(hash));
}

/*
 * Files are taken where the site map says so, and nowhere else. That nginx lets no more
 * through there than it should is not taken on trust.
 */
static enum err check_files(struct request *request)
{
	const struct http_pairs *form = &request->http->form;

	if (request->route->guard == GUARD_FILES)
		return OK;
	if (!request->http->is_raw && request->http->body_length > HTTP_BODY_MAX_BYTES)
		return fail(&request->ctx, ERR_TOO_LARGE, NULL, NULL);
	for (size_t i = 0; i < form->count; i++)
		if (form->items[i].bytes)
			return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

enum err gate_pass(struct request *request)
{
	request->actor = actor_visitor;
	gate_choose_language(request);
	TRY(find_route(request));
	TRY(check_files(request));
	refresh_settings(request);
	TRY(find_actor(request));
	request->ctx.actor = &request->actor;
	gate_choose_language(request);
	TRY(blocked_check(request));
	TRY(check_access(request));
	TRY(check_second_factor(request));
	TRY(check_origin(request));
	make_form_key(request);
	return consent_check(request);
}
