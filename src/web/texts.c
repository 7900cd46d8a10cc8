/*
 * Reading the brand's own pages: published ones, else from the theme's folder.
 */
#include "web/texts.h"

#include "base/utf8.h"
#include "forum/page_text.h"
#include "text/markdown.h"

const char *file_read(struct arena *arena, const char *path, size_t max_bytes)
{
	FILE *file = fopen(path, "re");
	char *text;
	size_t length;

	if (!file)
		return "";
	text = arena_alloc(arena, max_bytes + 2);
	length = fread(text, 1, max_bytes + 1, file);
	(void)fclose(file);
	if (length > max_bytes || !utf8_is_valid(text, length))
		return "";
	text[length] = '\0';
	return text;
}

const char *theme_file(struct arena *arena, const struct config *config, const char *name)
{
	return file_read(arena, arena_printf(arena, "%s/%s", config->site.theme_dir, name),
			 TEXT_FILE_MAX_BYTES);
}

/* The page has one heading of the first level, and that is the layout's. */
static const char *take_heading(struct arena *arena, const char *markdown, const char **heading)
{
	size_t length = strcspn(markdown, "\r\n");

	if (strncmp(markdown, "# ", 2) != 0)
		return markdown;
	*heading = arena_strndup(arena, markdown + 2, length - 2);
	return markdown + length;
}

const char *theme_text(struct ctx *ctx, const char *name, const char *language,
		       const char **heading)
{
	const char *file = arena_printf(ctx->arena, "pages/%s.%s.md", name, language);

	*heading = "";
	return take_heading(ctx->arena, theme_file(ctx->arena, ctx->config, file), heading);
}

/* A name from an address may be anything but the name of a file. */
static bool is_plain(const char *name)
{
	return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

enum err text_load(struct request *request, const char *name, struct text_shown *out)
{
	struct ctx *ctx = &request->ctx;
	const struct markdown_options trusted = { .are_links_followed = true };
	struct page_text text;
	const char *markdown;

	*out = (struct text_shown){ .heading = "", .body.html = "", .language = ctx->language };
	if (!is_plain(name))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(page_text_load(ctx, name, &text));
	out->publication_id = text.publication_id;
	out->language = text.language;
	out->heading = text.title;
	markdown = text.body_md;
	if (!markdown[0]) {
		out->language = ctx->language;
		markdown = theme_text(ctx, name, ctx->language, &out->heading);
	}
	if (!markdown[0])
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return markdown_render(ctx, NULL, markdown, &trusted, &out->body);
}
