/*
 * Reading the brand's texts from the theme's folder.
 */
#include "web/texts.h"

#include "base/utf8.h"
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

enum err text_load(struct request *request, const char *name, const char **heading,
		   struct html_fragment *out)
{
	struct ctx *ctx = &request->ctx;
	const struct markdown_options trusted = { .are_links_followed = true };
	const char *file = arena_printf(ctx->arena, "pages/%s.%s.md", name, ctx->language);
	const char *markdown = theme_file(ctx->arena, ctx->config, file);

	if (!markdown[0])
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	markdown = take_heading(ctx->arena, markdown, heading);
	return markdown_render(ctx, NULL, markdown, &trusted, out);
}
