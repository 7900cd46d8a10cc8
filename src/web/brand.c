/*
 * /brand/…: the style sheet and the logo that administrators chose.
 */
#include "web/brand.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "forum/brand_logo.h"
#include "web/handlers.h"
#include "web/respond.h"

#define MEMORY_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define HASH_SHOWN_BYTES 8

/* One a process: what is shown, and of which reading of the settings. */
static struct {
	struct arena *arena;
	int64_t version; /* -1: never made */
	struct brand_shown shown;
} kept = { .version = -1 };

static const char *css_path(struct arena *arena, const char *css)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	if (!css[0])
		return "";
	crypto_sha256(hash, css, strlen(css));
	return arena_printf(arena, "/brand/%s.css", crypto_hex(arena, hash, HASH_SHOWN_BYTES));
}

static const char *logo_path(struct arena *arena)
{
	int64_t id = site_number(SITE_BRAND_LOGO);

	return id ? arena_printf(arena, "/brand/logo-%lld.webp", (long long)id) : "/theme/logo.svg";
}

/* The setting, or what the operator put into the theme's folder. */
static struct html_fragment fragment(struct request *request, enum site_setting_id id,
				     struct html_fragment of_theme)
{
	struct ctx ctx = { .arena = kept.arena, .config = request->site->config };
	struct html_fragment out = { "" };

	if (brand_fragment(&ctx, site_text(id), &out) != OK || !out.html[0])
		return of_theme;
	return (struct html_fragment){ arena_strdup(kept.arena, out.html) };
}

static void make(struct request *request)
{
	const struct brand_look look = brand_look_in_force();
	struct brand_shown *shown = &kept.shown;

	if (!kept.arena)
		kept.arena = arena_new(MEMORY_MAX_BYTES);
	arena_reset(kept.arena);
	kept.version = site_settings_version();
	shown->name = arena_strdup(kept.arena, brand_name(request->site->config));
	shown->css = brand_css(kept.arena, &look);
	shown->css_path = css_path(kept.arena, shown->css);
	shown->logo_path = logo_path(kept.arena);
	shown->header = fragment(request, SITE_BRAND_HEADER, request->site->header_extra);
	shown->footer = fragment(request, SITE_BRAND_FOOTER, request->site->footer_extra);
}

const struct brand_shown *brand_shown(struct request *request)
{
	if (kept.version != site_settings_version())
		make(request);
	return &kept.shown;
}

/* An older address leads to the newest: a page may be older than the change. */
static enum err show_css(struct request *request)
{
	const struct brand_shown *shown = brand_shown(request);

	if (!shown->css[0])
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	if (strcmp(request->http->path, shown->css_path) != 0)
		return respond_redirect(request, 302, shown->css_path);
	return respond_text(request, 200, "text/css; charset=utf-8", shown->css);
}

static enum err show_logo(struct request *request, int64_t id)
{
	const char *picture = "";
	size_t length = 0;

	TRY(brand_logo_load(&request->ctx, id, &picture, &length));
	request->response->content_type = "image/webp";
	buf_bytes(&request->response->body, picture, length);
	return OK;
}

enum err brand_file_show(struct request *request)
{
	const char *name = request->slug, *number = name + strlen("logo-");
	const char *dot = strrchr(name, '.');
	int64_t id;

	if (dot && strcmp(dot, ".css") == 0)
		return show_css(request);
	if (dot && strcmp(dot, ".webp") == 0 && strncmp(name, "logo-", strlen("logo-")) == 0 &&
	    number < dot &&
	    text_to_i64(arena_strndup(request->ctx.arena, number, (size_t)(dot - number)), &id) &&
	    id > 0)
		return show_logo(request, id);
	return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
}
