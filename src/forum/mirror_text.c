/*
 * The words of mirrored items: plain text made markup, titles made of first
 * sentences, names as the brand lets them be shown; and, the other way, Markdown
 * made the plain text that goes out.
 */
#include "forum/mirror_parts.h"

#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "forum/topic_write.h"
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/sanitize.h"
#include "text/url.h"

#define TITLE_MAX_POINTS 120
#define NAME_MAX_POINTS  60
#define MD_MAX_BYTES     200000
#define HTML_MAX_BYTES   ((size_t)1024 * 1024)

/* Plain text → markup -------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

/* Bytes of the address that begins here; 0: none does. */
static size_t address_length(const char *text)
{
	size_t scheme = strncmp(text, "https://", 8) == 0  ? 8
			: strncmp(text, "http://", 7) == 0 ? 7
							   : 0;
	size_t length = scheme;

	if (!scheme)
		return 0;
	while (!is_blank(text[length]) && !strchr("<>\"", text[length]))
		length++;
	while (length > scheme && strchr(".,;:!?)'", text[length - 1]))
		length--;
	return length > scheme ? length : 0;
}

static size_t write_link(struct buf *out, const char *text)
{
	size_t length = address_length(text);

	if (!length)
		return 0;
	buf_text(out, "<a href=\"");
	buf_html(out, text, length);
	buf_text(out, "\">");
	buf_html(out, text, length);
	buf_text(out, "</a>");
	return length;
}

/* Blank lines part paragraphs, line feeds stay, addresses become links. */
static const char *markup_of_plain(struct ctx *ctx, const char *text)
{
	struct buf out;

	buf_init(&out, ctx->arena, HTML_MAX_BYTES);
	buf_text(&out, "<p>");
	for (size_t i = 0, length; text[i]; i += length) {
		bool is_begin = i == 0 || is_blank(text[i - 1]) || text[i - 1] == '(';

		length = is_begin ? write_link(&out, text + i) : 0;
		if (length)
			continue;
		length = 1;
		if (text[i] == '\n' && text[i + 1] == '\n') {
			length = strspn(text + i, "\n");
			buf_text(&out, "</p><p>");
		} else if (text[i] == '\n') {
			buf_text(&out, "<br>");
		} else {
			buf_html(&out, text + i, 1);
		}
	}
	buf_text(&out, "</p>");
	return out.is_overflown ? "" : out.data;
}

static enum err make_body(struct ctx *ctx, const struct mirror_item *item, struct mirror_words *out)
{
	const struct sanitize_options options = { .has_images = false };
	const char *markup = item->html[0] ? item->html : markup_of_plain(ctx, item->body);
	struct html_fragment clean;
	enum err result = item->html[0] || item->body[0]
				  ? sanitize_html(ctx, markup, &options, &clean)
				  : OK;

	out->html = out->markdown = "";
	/* More than anybody reads: the original's address stands beside it. */
	if (result == ERR_INVALID) {
		error_clear(ctx);
		return OK;
	}
	TRY(result);
	if (!item->html[0] && !item->body[0])
		return OK;
	out->html = clean.html;
	out->markdown = markdown_from_html(ctx->arena, clean.html);
	if (strlen(out->markdown) > MD_MAX_BYTES)
		out->markdown = "";
	return OK;
}

/* Titles --------------------------------------------------------------------------- */

/* Bytes of the first sentence of the first line that says something. */
static size_t sentence_length(const char *text)
{
	size_t length = 0;

	for (; text[length] && text[length] != '\n'; length++) {
		bool is_end = strchr(".!?", text[length]) && length > 0;

		if (is_end && is_blank(text[length + 1])) {
			length += text[length] != '.';
			break;
		}
	}
	return length;
}

/* Cut at a word, with "…". */
static const char *shorten(struct arena *arena, const char *text, size_t max_points)
{
	size_t length = utf8_prefix(text, max_points), word;

	if (!text[length])
		return text;
	length = utf8_prefix(text, max_points - 1);
	for (word = length; word > length / 2 && text[word] != ' '; word--)
		;
	if (word <= length / 2)
		word = length;
	while (word > 0 && strchr(" ,;:-", text[word - 1]))
		word--;
	return arena_printf(arena, "%.*s…", (int)word, text);
}

/* Control and invisible characters have no place in a title. */
static char *one_line(struct arena *arena, const char *text, size_t length)
{
	char *line = arena_alloc(arena, length + 1);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		bool is_space = (unsigned char)text[i] <= ' ' || text[i] == 127;

		if (!is_space)
			line[used++] = text[i];
		else if (used > 0 && line[used - 1] != ' ')
			line[used++] = ' ';
	}
	while (used > 0 && line[used - 1] == ' ')
		used--;
	line[used] = '\0';
	return line;
}

static const char *date_title(struct ctx *ctx, const struct mirror_item *item)
{
	const char *date = i18n_date(ctx->arena, item->created_at ? item->created_at : ctx->now);

	/* TRANSLATORS: title of a mirrored post without words; a date follows. */
	return arena_printf(ctx->arena, item->has_media ? _("Photo of %s") : _("Posted on %s"),
			    date);
}

static const char *make_title(struct ctx *ctx, const struct mirror_item *item, const char *plain)
{
	const char *source = item->title[0] ? item->title : plain;
	const char *line;

	source += strspn(source, " \t\r\n");
	line = one_line(ctx->arena, source,
			item->title[0] ? strlen(source) : sentence_length(source));
	return line[0] ? shorten(ctx->arena, line, TITLE_MAX_POINTS) : date_title(ctx, item);
}

enum err mirror_words_make(struct ctx *ctx, const struct mirror_batch *batch,
			   const struct mirror_item *item, struct mirror_words *out)
{
	const char *plain = item->body;

	(void)batch;
	TRY(make_body(ctx, item, out));
	out->title = out->excerpt = "";
	if (item->kind != ITEM_POST && item->post_kind != POST_QUESTION)
		return OK;
	out->excerpt = markdown_excerpt(ctx->arena, out->markdown, TOPIC_EXCERPT_POINTS);
	/* A comment that was split off has the title that was given to it. */
	if (item->kind != ITEM_POST)
		return OK;
	if (!plain[0])
		plain = out->excerpt;
	out->title = make_title(ctx, item, plain);
	return OK;
}

/* Names ---------------------------------------------------------------------------- */

static const char *first_word(struct arena *arena, const char *name)
{
	return arena_strndup(arena, name, strcspn(name, " "));
}

const char *mirror_author_shown(struct ctx *ctx, const struct mirror_batch *batch,
				const struct mirror_item *item)
{
	enum mirror_authors choice = batch->mirror->show_authors;
	const char *name = one_line(ctx->arena, item->author_name, strlen(item->author_name));

	if (item->is_self)
		name = batch->mirror->source.name;
	else if (choice == AUTHORS_FIRST_NAME)
		name = first_word(ctx->arena, name);
	if (!name[0] || (!item->is_self && choice != AUTHORS_NAME && choice != AUTHORS_FIRST_NAME))
		/* TRANSLATORS: who wrote on Facebook, without a name: "Facebook customer". */
		return arena_printf(ctx->arena, _("%s customer"),
				    batch->connector ? batch->connector->title : "");
	return arena_strndup(ctx->arena, name, utf8_prefix(name, NAME_MAX_POINTS));
}

/* Markdown → plain text ------------------------------------------------------------- */

struct plain {
	struct buf out;
	const char *href;  /* of the link that is open */
	size_t link_start; /* where its words begin */
};

static bool is_tag(const char *tag, const char *name)
{
	size_t length = strlen(name);

	return strncmp(tag, name, length) == 0 && !(tag[length] >= 'a' && tag[length] <= 'z') &&
	       !(tag[length] >= '0' && tag[length] <= '9');
}

static void line_feeds(struct plain *plain, size_t wanted)
{
	struct buf *out = &plain->out;
	size_t present = 0;

	while (out->length > 0 && out->data[out->length - 1] == ' ')
		out->data[--out->length] = '\0';
	while (present < out->length && out->data[out->length - 1 - present] == '\n')
		present++;
	for (; out->length > 0 && present < wanted; present++)
		buf_char(out, '\n');
}

/* Five entities: what our own writer uses (text/html.c). */
static size_t write_entity(struct buf *out, const char *text)
{
	static const struct {
		const char *name;
		char character;
	} entities[] = { { "&amp;", '&' },
			 { "&lt;", '<' },
			 { "&gt;", '>' },
			 { "&quot;", '"' },
			 { "&#39;", '\'' } };

	for (size_t i = 0; i < ARRAY_COUNT(entities); i++) {
		size_t length = strlen(entities[i].name);

		if (strncmp(text, entities[i].name, length) == 0) {
			buf_char(out, entities[i].character);
			return length;
		}
	}
	buf_char(out, *text);
	return 1;
}

static void open_link(struct ctx *ctx, struct plain *plain, const char *tag, size_t length)
{
	const char *href = memmem(tag, length, "href=\"", 6);
	struct buf url;

	buf_init(&url, ctx->arena, 8192);
	if (href)
		for (href += 6; *href && *href != '"';)
			href += write_entity(&url, href);
	plain->href = url.data;
	plain->link_start = plain->out.length;
}

/* "words (address)", or the address alone when it is its own words. */
static void close_link(struct ctx *ctx, struct plain *plain)
{
	const char *words = plain->out.data + plain->link_start;

	if (plain->href && url_kind_of(plain->href) == URL_WEB && strcmp(words, plain->href) != 0)
		buf_printf(&plain->out, " (%s)", plain->href);
	else if (plain->href && plain->href[0] == '/')
		buf_printf(&plain->out, " (%s%s)", ctx->config->site.base_url, plain->href);
	plain->href = NULL;
}

static void write_tag(struct ctx *ctx, struct plain *plain, const char *tag, size_t length)
{
	static const char *const blocks[] = {
		"p",  "h1", "h2",    "h3", "h4",  "h5",  "h6",
		"ul", "ol", "table", "hr", "pre", "div", "blockquote"
	};
	bool is_end = tag[0] == '/';

	tag += is_end;
	if (is_tag(tag, "br") || is_tag(tag, "tr"))
		line_feeds(plain, plain->out.length > 0 ? 1 : 0);
	else if (is_tag(tag, "li"))
		line_feeds(plain, 1);
	if (is_tag(tag, "li") && !is_end)
		buf_text(&plain->out, "- ");
	if (is_tag(tag, "td") && is_end)
		buf_text(&plain->out, " ");
	if (is_tag(tag, "a") && !is_end)
		open_link(ctx, plain, tag, length);
	else if (is_tag(tag, "a"))
		close_link(ctx, plain);
	for (size_t i = 0; i < ARRAY_COUNT(blocks); i++)
		if (is_tag(tag, blocks[i]))
			line_feeds(plain, 2);
}

/* Of markup that our own writer made: tags have no ">" in their attributes. */
static const char *plain_of_markup(struct ctx *ctx, const char *html)
{
	struct plain plain = { 0 };
	bool is_literal = false;

	buf_init(&plain.out, ctx->arena, HTML_MAX_BYTES);
	while (*html) {
		if (*html == '<') {
			size_t length = strcspn(html, ">");

			is_literal = is_tag(html + 1, "pre") ||
				     (is_literal && !is_tag(html + 1, "/pre"));
			write_tag(ctx, &plain, html + 1, length);
			html += length + (html[length] == '>');
		} else if (*html == '\n' && !is_literal) {
			/* A soft break is a blank; behind a tag it is nothing. */
			if (plain.out.length > 0 && !is_blank(plain.out.data[plain.out.length - 1]))
				buf_char(&plain.out, ' ');
			html++;
		} else if (*html == '&') {
			html += write_entity(&plain.out, html);
		} else {
			buf_char(&plain.out, *html++);
		}
	}
	while (plain.out.length > 0 && is_blank(plain.out.data[plain.out.length - 1]))
		plain.out.data[--plain.out.length] = '\0';
	return plain.out.data;
}

const char *mirror_plain_text(struct ctx *ctx, const char *markdown)
{
	const struct markdown_options options = { .has_images = false };
	struct html_fragment html;

	if (markdown_render(ctx, NULL, markdown, &options, &html) == OK)
		return plain_of_markup(ctx, html.html);
	/* Too involved to be rendered: it could not have been posted either. */
	error_clear(ctx);
	return markdown;
}

int64_t mirror_text_length(const char *text)
{
	int64_t units = 0;
	uint32_t point;

	for (size_t length; (length = utf8_next(text, &point)) > 0; text += length)
		units += point > 0xFFFF ? 2 : 1;
	return units;
}
