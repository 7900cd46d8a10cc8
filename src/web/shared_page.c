/*
 * Versions of pages as ETag and Last-Modified (RFC 9110, 8.8 and 13).
 *
 * The tag is weak: a page of the same version may differ in what is no news (how many
 * answers its authors have given by now). The date is a second's, and two changes may
 * share one, so it is only said of what has rested for a while.
 */
#include "web/shared_page.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "http/compress.h"
#include "static_version.h"
#include "text/slug.h"
#include "web/gate.h"
#include "web/routes.h"

#define RESTED_SECONDS 10
/* Longer is of no use: crawlers come more seldom, and a machine may have stood still. */
#define KEPT_SECONDS   "14400"
#define SHARED_MADE_MS 300

bool shared_is_asked(const struct request *request)
{
	/* Every cookie that changes a page or is changed by one. */
	static const char *const personal[] = { "session", "visitor", "notice" };

	if (request->actor.id || request->set_csrf_cookie || request->http->method == HTTP_POST)
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(personal); i++)
		if (gate_cookie(request, personal[i])[0])
			return false;
	return true;
}

static const char *tag_of(struct request *request, const struct page_version *version)
{
	return arena_printf(request->ctx.arena, "W/\"%llx-%llx-%s-%s\"",
			    (unsigned long long)version->newest, (unsigned long long)version->count,
			    request->ctx.language, request->site->tag);
}

/* "" where two pages may have the same date. */
static const char *date_of(struct request *request, const struct page_version *version)
{
	if (!version->changed_at ||
	    request->ctx.now - version->changed_at < RESTED_SECONDS * CLOCK_SECOND)
		return "";
	return clock_http(request->ctx.arena, version->changed_at);
}

/* If-None-Match comes first; where it stands, the date is not looked at. */
static bool is_same_as_clients(struct request *request, const struct page_version *version)
{
	const struct http_request *http = request->http;
	const char *date;

	if (!version->is_settled)
		return false;
	if (http->if_none_match[0])
		return strstr(http->if_none_match, tag_of(request, version)) != NULL;
	date = date_of(request, version);
	return date[0] && strcmp(http->if_modified_since, date) == 0;
}

static void add_version(struct request *request, const struct page_version *version)
{
	const char *date = date_of(request, version);

	http_header(request->response, "ETag", tag_of(request, version));
	if (date[0])
		http_header(request->response, "Last-Modified", date);
}

enum err shared_page_begin(struct request *request, enum page_kind kind, int64_t id,
			   struct shared_page *out, bool *is_same)
{
	*out = (struct shared_page){ .is_shared = shared_is_asked(request) };
	*is_same = false;
	request->is_versioned = true;
	if (!out->is_shared)
		return OK;
	if (!request->http->if_none_match[0] && !request->http->if_modified_since[0]) {
		page_version_add(&request->ctx, kind, id, &out->rows);
		return OK;
	}
	TRY(page_version_load(&request->ctx, kind, id, &out->version));
	out->is_known = true;
	*is_same = is_same_as_clients(request, &out->version);
	if (*is_same) {
		add_version(request, &out->version);
		request->response->status = 304;
	}
	return OK;
}

void shared_page_end(struct request *request, struct shared_page *page, const char *path)
{
	if (!page->is_shared)
		return;
	if (!page->is_known)
		page_version_read(&request->ctx, &page->rows, &page->version);
	if (!page->version.is_settled)
		return;
	add_version(request, &page->version);
	request->kept_at = path_encode(request->ctx.arena, path);
}

/* What nginx keeps -------------------------------------------------------------------------- */

/* Under the language that nginx takes it for, the page has this one. */
static bool has_language_of_store(const struct request *request)
{
	const char *language = request->http->store_language;

	if (strcmp(language, "-") == 0)
		language = request->site->config->site.default_language;
	return strcmp(language, request->ctx.language) == 0;
}

/*
 * Any other spelling of the address is another key for nginx, which nobody would take
 * away; and what was made of what stood in the database long ago may be taken away before
 * it is there (jobs/page_cache.c).
 */
static bool may_be_kept_long(const struct request *request)
{
	return request->response->status == 200 &&
	       strcmp(request->http->uri, request->kept_at) == 0 &&
	       clock_monotonic() - request->began <= SHARED_MADE_MS * (CLOCK_SECOND / 1000);
}

static bool may_be_kept_short(const struct request *request)
{
	const int status = request->response->status;
	const char *query = request->http->query;

	/* Words that somebody may make up are no reason to keep anything. */
	return (!query[0] || strncmp(query, "page=", 5) == 0) &&
	       (status == 200 || status == 301 || status == 404 || status == 410);
}

/*
 * As X-Accel-Expires has it. nginx counts in whole seconds and keeps what is kept for "1"
 * nearly two; so until the end of this one ("@": a moment).
 */
static const char *kept_until(const struct request *request)
{
	if (strcmp(request->site->config->cache.pages, "on") != 0 || !request->route ||
	    request->route->cache != CACHE_PAGE || !shared_is_asked(request) ||
	    !has_language_of_store(request))
		return "0";
	if (request->kept_at)
		return may_be_kept_long(request) ? KEPT_SECONDS : "0";
	if (!may_be_kept_short(request))
		return "0";
	return arena_printf(request->ctx.arena, "@%lld",
			    (long long)(request->ctx.now / CLOCK_SECOND));
}

/* Of what was made: all else that visitors see, when it says no version itself. */
static void add_tag_of_body(struct request *request, bool is_kept)
{
	struct http_response *response = request->response;
	uint8_t sum[CRYPTO_CHECKSUM_BYTES];
	const char *tag;

	if (request->is_versioned || response->status != 200 || !request->route ||
	    request->route->cache != CACHE_PAGE || !shared_is_asked(request) ||
	    http_has_header(response, "ETag"))
		return;
	crypto_checksum(sum, response->body.data, response->body.length);
	tag = arena_printf(request->ctx.arena, "W/\"%s\"",
			   crypto_hex(request->ctx.arena, sum, sizeof sum));
	http_header(response, "ETag", tag);
	/* What nginx keeps it must have whole: it compares the tags itself. */
	if (is_kept || !strstr(request->http->if_none_match, tag))
		return;
	response->status = 304;
	buf_clear(&response->body);
}

void shared_page_finish(struct request *request)
{
	struct http_response *response = request->response;
	const char *until = request->http->store_language[0] ? kept_until(request) : "0";

	add_tag_of_body(request, strcmp(until, "0") != 0);
	if (!request->http->store_language[0])
		return;
	http_header(response, "X-Accel-Expires", until);
	/* Kept or not, it carries nothing of anybody's. */
	if (shared_is_asked(request) && request->route && request->route->cache == CACHE_PAGE)
		http_compress(response, request->ctx.arena,
			      http_coding_from_text(request->http->store_coding));
}

/* When a file was made; a missing one is as good as any. */
static void hash_file(struct buf *out, const char *path)
{
	struct stat file;

	if (stat(path, &file) == 0)
		buf_printf(out, "%s %lld %lld %lld\n", path, (long long)file.st_size,
			   (long long)file.st_mtim.tv_sec, (long long)file.st_mtim.tv_nsec);
}

const char *shared_site_tag(struct arena *arena, const struct site *site)
{
	static const char *const languages[] = { "fr", "en" };
	const struct config *config = site->config;
	uint8_t hash[CRYPTO_HASH_BYTES];
	struct buf made_of;

	buf_init(&made_of, arena, 256 * 1024);
	hash_file(&made_of, "/proc/self/exe");
	for (size_t i = 0; i < ARRAY_COUNT(languages); i++)
		hash_file(&made_of,
			  arena_printf(arena, "%s/%s/LC_MESSAGES/entraide-%s.mo",
				       config->paths.locale_dir, languages[i], languages[i]));
	buf_printf(&made_of, "%s\n%s\n%s\n%s\n%s\n%s\n", STATIC_PREFIX, config->site.name,
		   config->site.base_url, config->site.timezone,
		   site->header_extra.html ? site->header_extra.html : "",
		   site->footer_extra.html ? site->footer_extra.html : "");
	crypto_sha256(hash, made_of.data, made_of.length);
	return crypto_hex(arena, hash, 5);
}
