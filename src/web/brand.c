/*
 * The style sheet of all pages, and the logo that administrators chose.
 */
#include "web/brand.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/slice.h"
#include "forum/brand_logo.h"
#include "http/compress.h"
#include "web/handlers.h"
#include "web/respond.h"
#include "web/texts.h"

#define MEMORY_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define HASH_SHOWN_BYTES 8
#define APP_CSS          ENTRAIDE_DATA_DIR "/static/app.css"
#define CSS_MAX_BYTES    ((size_t)512 * 1024)
/* How long a new theme.css may go unseen. */
#define LOOKED_AT_EVERY  (2 * CLOCK_SECOND)
/* As long as nginx keeps what nobody asks for (nginx/site.conf.in). */
#define CSS_KEPT_SECONDS "43200"

/* One a process: what is shown, and of which reading of the settings. */
static struct {
	struct arena *arena;
	int64_t version; /* -1: never made */
	struct timespec theme_at;
	int64_t looked_at;
	struct brand_shown shown;
} kept = { .version = -1 };

static const char *css_path(struct arena *arena, const char *css)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	if (!css[0])
		return "";
	crypto_sha256(hash, css, strlen(css));
	return arena_printf(arena, "/theme/%s.css", crypto_hex(arena, hash, HASH_SHOWN_BYTES));
}

/* In the order of the cascade. Without a theme there are no colours, without ours nothing. */
static const char *join_css(struct arena *arena, const struct config *config,
			    const struct brand_look *look)
{
	const char *app = file_read(arena, APP_CSS, CSS_MAX_BYTES);
	const char *theme = theme_file(arena, config, "theme.css");

	if (app[0] && theme[0])
		return arena_printf(arena, "%s\n%s\n%s", app, theme, brand_css(arena, look));
	log_event(LOG_LEVEL_WARNING, "style_unread", "file", app[0] ? "theme.css" : APP_CSS, NULL);
	return "";
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
	shown->css = join_css(kept.arena, request->site->config, &look);
	shown->css_path = css_path(kept.arena, shown->css);
	shown->logo_path = logo_path(kept.arena);
	shown->header = fragment(request, SITE_BRAND_HEADER, request->site->header_extra);
	shown->footer = fragment(request, SITE_BRAND_FOOTER, request->site->footer_extra);
}

/* Whether the theme's sheet is another than the one that was read. */
static bool has_new_theme(struct request *request)
{
	const char *path = arena_printf(request->ctx.arena, "%s/theme.css",
					request->site->config->site.theme_dir);
	struct stat file;

	if (request->ctx.now - kept.looked_at < LOOKED_AT_EVERY)
		return false;
	kept.looked_at = request->ctx.now;
	if (stat(path, &file) != 0 ||
	    memcmp(&file.st_mtim, &kept.theme_at, sizeof file.st_mtim) == 0)
		return false;
	kept.theme_at = file.st_mtim;
	return true;
}

const struct brand_shown *brand_shown(struct request *request)
{
	bool is_new = has_new_theme(request);

	if (is_new || kept.version != site_settings_version())
		make(request);
	return &kept.shown;
}

/*
 * Asked for once a browser, and by nginx once a form: it keeps the sheet so that pages that
 * it keeps have one when this program is away. The address is its version.
 */
static enum err show_css(struct request *request)
{
	const struct brand_shown *shown = brand_shown(request);
	struct http_response *response = request->response;

	if (!shown->css[0])
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	/* An older address leads to the newest: a page may be older than the change. */
	if (strcmp(request->http->path, shown->css_path) != 0)
		return respond_redirect(request, 302, shown->css_path);
	TRY(respond_text(request, 200, "text/css; charset=utf-8", shown->css));
	request->file = FILE_PUBLIC;
	http_header(response, "Vary", "Accept-Encoding");
	http_header(response, "X-Accel-Expires",
		    strcmp(request->site->config->cache.pages, "on") == 0 ? CSS_KEPT_SECONDS : "0");
	http_compress(response, request->ctx.arena,
		      http_coding_from_text(request->http->store_coding));
	return OK;
}

enum err theme_file_show(struct request *request)
{
	const char *dot = strrchr(request->slug, '.');

	if (dot && strcmp(dot, ".css") == 0)
		return show_css(request);
	return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
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

	if (dot && strcmp(dot, ".webp") == 0 && strncmp(name, "logo-", strlen("logo-")) == 0 &&
	    number < dot &&
	    text_to_i64(arena_strndup(request->ctx.arena, number, (size_t)(dot - number)), &id) &&
	    id > 0)
		return show_logo(request, id);
	return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
}
