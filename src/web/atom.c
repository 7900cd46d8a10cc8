/*
 * Elements in the order in which RFC 4287 names them; every text is escaped, every address
 * absolute.
 */
#include "web/atom.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "i18n/i18n.h"
#include "web/brand.h"
#include "web/respond.h"

/* A reader who wants more than so much of a text follows the link. */
#define CONTENT_MAX_BYTES 30000

enum err atom_choose_language(struct request *request)
{
	const char *wanted = http_parameter(request->http, "lang");

	if (!wanted[0])
		return OK;
	if (!i18n_is_supported(wanted))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	i18n_use(wanted);
	request->ctx.language = i18n_language();
	return OK;
}

/* XML has no place for control characters, not even escaped. */
static void write_words(struct buf *out, const char *text)
{
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at >= 0x20)
			buf_html(out, at, 1);
		else
			buf_char(out, ' ');
}

static void write_element(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "<%s>", name);
	write_words(out, text);
	buf_printf(out, "</%s>\n", name);
}

static void write_link(struct buf *out, const char *attributes, const char *url)
{
	buf_printf(out, "<link %s href=\"", attributes);
	write_words(out, url);
	buf_text(out, "\"/>\n");
}

static void write_author(struct request *request, const char *name, const char *path)
{
	struct buf *out = &request->response->body;

	buf_text(out, "<author>");
	write_element(out, "name", name);
	if (path[0])
		write_element(out, "uri", site_url(request, path));
	buf_text(out, "</author>\n");
}

void atom_begin(struct request *request, const struct atom_feed *feed)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;
	const char *self = site_url(request, arena_printf(arena, "%s%clang=%s", feed->path,
							  strchr(feed->path, '?') ? '&' : '?',
							  request->ctx.language));

	request->response->content_type = "application/atom+xml; charset=utf-8";
	if (feed->updated_at)
		http_header(request->response, "Last-Modified",
			    clock_http(arena, feed->updated_at));
	buf_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
		   request->ctx.language);
	write_element(out, "id", self);
	write_element(out, "title", feed->title);
	write_link(out, "rel=\"self\" type=\"application/atom+xml\"", self);
	write_link(out, "rel=\"alternate\" type=\"text/html\"", site_url(request, feed->page_path));
	write_element(out, "updated", clock_rfc3339(arena, feed->updated_at));
	write_author(request, brand_shown(request)->name, "");
}

/* Links in it may be paths of this site. */
static void write_content(struct request *request, const char *html)
{
	struct buf *out = &request->response->body;

	buf_printf(out, "<content type=\"html\" xml:base=\"%s\">", site_url(request, "/"));
	write_words(out, html);
	buf_text(out, "</content>\n");
}

void atom_entry(struct request *request, const struct atom_entry *entry)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;
	bool has_content = entry->content && strlen(entry->content) <= CONTENT_MAX_BYTES;

	buf_printf(out, "<entry xml:lang=\"%s\">\n", entry->language);
	write_element(out, "id", site_url(request, entry->id_path));
	write_element(out, "title", entry->title);
	write_link(out, "rel=\"alternate\" type=\"text/html\"", site_url(request, entry->path));
	write_element(out, "published", clock_rfc3339(arena, entry->published_at));
	write_element(out, "updated", clock_rfc3339(arena, entry->updated_at));
	if (entry->author)
		write_author(request, entry->author, entry->author_path);
	if (entry->summary[0])
		write_element(out, "summary", entry->summary);
	if (has_content)
		write_content(request, entry->content);
	if (entry->category[0]) {
		buf_printf(out, "<category term=\"%s\" label=\"", entry->category);
		write_words(out, entry->category_name);
		buf_text(out, "\"/>\n");
	}
	buf_text(out, "</entry>\n");
}

void atom_end(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct buf *out = &request->response->body;
	uint8_t hash[CRYPTO_HASH_BYTES];
	const char *tag;

	buf_text(out, "</feed>\n");
	crypto_sha256(hash, out->data, out->length);
	tag = arena_printf(arena, "W/\"%s\"", crypto_hex(arena, hash, 12));
	http_header(request->response, "ETag", tag);
	if (!strstr(request->http->if_none_match, tag))
		return;
	request->response->status = 304;
	buf_clear(out);
}
