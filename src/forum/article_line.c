/*
 * A line of an import: what it must have, and in which bounds. Its words are cleaned as
 * those of the editor are, so that storing it cannot fail for them.
 */
#include "base/buf.h"
#include "base/utf8.h"
#include "forum/article_files.h"
#include "forum/article_import.h"
#include "forum/article_parts.h"
#include "forum/field.h"
#include "net/json.h"
#include "text/markdown.h"
#include "text/sanitize.h"

/* A line of JSON may be six times as long as its words. */
#define OUTPUT_MAX_BYTES (8 * ARTICLE_LINE_MAX_BYTES)

static enum err refuse(struct ctx *ctx, const char *field, const char *sentence)
{
	return fail(ctx, ERR_INVALID, field, "%s", sentence);
}

/* Markup rather than Markdown: an end tag of what texts are made of. */
static bool looks_like_html(const char *body)
{
	static const char *const ends[] = {
		"</p>", "</div>", "</li>", "</a>", "</h2>", "</h3>", "</span>", "</table>",
	};

	for (size_t i = 0; i < ARRAY_COUNT(ends); i++)
		if (strstr(body, ends[i]))
			return true;
	return false;
}

/* What stands behind /kb/old/. */
static enum err check_id(struct ctx *ctx, const json_t *object, struct article_line *line)
{
	TRY(field_line(ctx, "id", json_text_or_empty(object, "id"), 1, ARTICLE_KEY_MAX, &line->id));
	if (strpbrk(line->id, "/?# "))
		return refuse(ctx, "id", "It may not have slashes, question marks, # or spaces.");
	return OK;
}

/* Cut between two words, with room for the dots. */
static const char *cut_title(struct arena *arena, const char *title)
{
	size_t length = utf8_prefix(title, ARTICLE_TITLE_MAX - 1), end = length;

	while (end > 0 && title[end] != ' ')
		end--;
	return arena_printf(arena, "%.*s…", (int)(end > length / 2 ? end : length), title);
}

/* A title may be as long as a summary; then the summary has it whole. */
static enum err check_title(struct ctx *ctx, const json_t *object, struct article_line *line)
{
	TRY(field_line(ctx, "title", json_text_or_empty(object, "title"), 3, ARTICLE_SUMMARY_MAX,
		       &line->title));
	TRY(field_line(ctx, "summary", json_text_or_empty(object, "summary"), 0,
		       ARTICLE_SUMMARY_MAX, &line->summary));
	if (utf8_count(line->title) <= ARTICLE_TITLE_MAX)
		return OK;
	if (!line->summary[0])
		line->summary = line->title;
	line->title = cut_title(ctx->arena, line->title);
	line->is_shortened = true;
	return OK;
}

static enum err check_place(struct ctx *ctx, const json_t *object, const char *default_language,
			    struct article_line *line)
{
	TRY(field_line(ctx, "theme", json_text_or_empty(object, "theme"), 0, ARTICLE_PRODUCT_MAX,
		       &line->theme));
	TRY(field_line(ctx, "product", json_text_or_empty(object, "product"), 0,
		       ARTICLE_PRODUCT_MAX, &line->product));
	line->language = json_has(object, "lang") ? json_text_or_empty(object, "lang")
						  : default_language;
	if (strcmp(line->language, "fr") != 0 && strcmp(line->language, "en") != 0)
		return refuse(ctx, "lang", "It is neither \"fr\" nor \"en\".");
	return OK;
}

static enum err read_body(struct ctx *ctx, const json_t *object, struct article_line *line)
{
	const struct sanitize_options options = { .are_links_followed = true, .has_images = true };
	const char *body = json_text_or_empty(object, "body");
	const char *format = json_text_or_empty(object, "format");
	bool is_html = strcmp(format, "html") == 0;
	struct html_fragment html = { "" };

	if (json_has(object, "format") && !is_html && strcmp(format, "markdown") != 0)
		return refuse(ctx, "format", "It is neither \"markdown\" nor \"html\".");
	if (!json_has(object, "format"))
		is_html = looks_like_html(body);
	if (is_html) {
		TRY(sanitize_html(ctx, body, &options, &html));
		body = markdown_from_html(ctx->arena, html.html);
	}
	body = article_files_local(ctx, body);
	TRY(field_text(ctx, "body", body, 10, MARKDOWN_MAX_BYTES, &line->body));
	return article_render(ctx, 0, line->body, &html);
}

enum err article_line_read(struct ctx *ctx, const char *line, size_t length,
			   const char *default_language, struct article_line *out)
{
	const char *problem = "";
	const json_t *object;

	*out = (struct article_line){ "", "", "", "", "", "", default_language, false };
	if (length > ARTICLE_LINE_MAX_BYTES)
		return refuse(ctx, NULL, "The line is longer than 256 KiB.");
	object = json_read(ctx, line, length, &problem);
	if (!object)
		return fail(ctx, ERR_INVALID, NULL, "This is no JSON: %s.", problem);
	if (!json_is_object(object))
		return refuse(ctx, NULL, "This is no JSON object.");
	TRY(check_id(ctx, object, out));
	TRY(check_title(ctx, object, out));
	TRY(check_place(ctx, object, default_language, out));
	return read_body(ctx, object, out);
}

/* Writing ---------------------------------------------------------------------------------- */

static void put(struct buf *out, const char *key, const char *text)
{
	if (!text[0])
		return;
	buf_text(out, ",");
	buf_json(out, key);
	buf_text(out, ":");
	buf_json(out, text);
}

const char *article_line_write(struct arena *arena, const struct article_line *line)
{
	struct buf out;

	buf_init(&out, arena, OUTPUT_MAX_BYTES);
	buf_text(&out, "{\"id\":");
	buf_json(&out, line->id);
	put(&out, "title", line->title);
	put(&out, "summary", line->summary);
	put(&out, "body", line->body);
	put(&out, "format", "markdown");
	put(&out, "theme", line->theme);
	put(&out, "product", line->product);
	put(&out, "lang", line->language);
	buf_text(&out, "}\n");
	return out.data;
}
