/*
 * /sitemap.xml and its files, and robots.txt. The files are sent as they stand in the
 * database: gzip as a type of its own, which the protocol has, so nothing is negotiated.
 */
#include "forum/sitemap.h"

#include "base/clock.h"
#include "forum/indexnow.h"
#include "forum/site_setting.h"
#include "web/handlers.h"
#include "web/respond.h"

/* True: the client has it, and the answer is made. changed_at 0: never. */
static bool is_known(struct request *request, int64_t changed_at, size_t count)
{
	struct arena *arena = request->ctx.arena;
	const char *tag = arena_printf(arena, "\"%llx-%zx\"", (unsigned long long)changed_at,
				       count);

	http_header(request->response, "ETag", tag);
	if (changed_at)
		http_header(request->response, "Last-Modified", clock_http(arena, changed_at));
	if (!strstr(request->http->if_none_match, tag))
		return false;
	request->response->status = 304;
	return true;
}

enum err sitemap_index_show(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;
	struct sitemap_index index;
	int64_t newest = 0;

	TRY(sitemap_index_load(&request->ctx, &index));
	for (size_t i = 0; i < index.count; i++)
		newest = index.items[i].changed_at > newest ? index.items[i].changed_at : newest;
	request->response->content_type = "application/xml; charset=utf-8";
	/* A file that became empty is gone without any other being newer. */
	if (is_known(request, newest, index.count))
		return OK;
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	for (size_t i = 0; i < index.count; i++)
		buf_printf(out, "<sitemap><loc>%s</loc><lastmod>%s</lastmod></sitemap>\n",
			   site_url(request, sitemap_path(arena, &index.items[i])),
			   clock_rfc3339(arena, index.items[i].changed_at));
	buf_text(out, "</sitemapindex>\n");
	return OK;
}

enum err sitemap_file_show(struct request *request)
{
	struct sitemap_file file;
	enum sitemap_kind kind;
	int64_t number;

	if (!sitemap_path_read(request->slug, &kind, &number))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(sitemap_load(&request->ctx, kind, number, &file));
	request->response->content_type = "application/gzip";
	if (!is_known(request, file.changed_at, file.body_length))
		buf_bytes(&request->response->body, file.body, file.body_length);
	return OK;
}

/*
 * Kept away: addresses without end that never say anything of their own. What merely
 * carries noindex is left open, for a crawler that may not read a page cannot read that
 * either (docs/crawlers.md).
 */
enum err robots_show(struct request *request)
{
	struct buf *out = &request->response->body;
	const char *added = site_text(SITE_ROBOTS_ADDED);

	request->response->content_type = "text/plain; charset=utf-8";
	buf_text(out, "User-agent: *\n"
		      "Disallow: /search?\n"
		      "Disallow: /search/\n"
		      "Disallow: /login?\n"
		      "Disallow: /signup?\n"
		      "Disallow: /p/*/history\n"
		      "Disallow: /api/\n");
	if (added[0])
		buf_printf(out, "\n%s\n", added);
	buf_printf(out, "\nSitemap: %s\n", site_url(request, "/sitemap.xml"));
	return OK;
}

/* The proof that whoever tells search engines of this site's pages is this site. */
enum err indexnow_show(struct request *request)
{
	if (!indexnow_is_on())
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return respond_text(request, 200, "text/plain; charset=utf-8", indexnow_key(&request->ctx));
}
