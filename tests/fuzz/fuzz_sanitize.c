/*
 * The sanitiser: whatever HTML comes in, harmless markup comes out, and stays as
 * it is when it is sanitised again; the Markdown made of it can be rendered.
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "markup_properties.h"
#include "text/markdown.h"
#include "text/sanitize.h"

#define INPUT_ARENA_BYTES ((size_t)256 * 1024 * 1024)

static void try_html(struct arena *arena, const char *html, const struct sanitize_options *options)
{
	struct ctx ctx = { .arena = arena };
	struct html_fragment once, twice;

	if (sanitize_html(&ctx, html, options, &once) != OK) {
		must(ctx.error.message != NULL);
		return;
	}
	must_be_harmless_markup(once.html);
	/* What grows over the limit by escaping cannot be tried again. */
	if (strlen(once.html) > SANITIZE_MAX_BYTES)
		return;
	must(sanitize_html(&ctx, once.html, options, &twice) == OK);
	must(strcmp(once.html, twice.html) == 0);
}

static void try_markdown_of(struct arena *arena, const char *html)
{
	struct sanitize_options options = { .has_images = true };
	struct markdown_options markdown_options = { .has_images = true };
	struct ctx ctx = { .arena = arena };
	struct html_fragment fragment, again;
	char *markdown;

	if (sanitize_html(&ctx, html, &options, &fragment) != OK)
		return;
	markdown = markdown_from_html(arena, fragment.html);
	must(utf8_is_valid(markdown, strlen(markdown)));
	if (markdown_render(&ctx, "body", markdown, &markdown_options, &again) == OK)
		must_be_harmless_markup(again.html);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	char *html;

	if (!utf8_is_valid((const char *)data, size))
		return 0;
	arena = arena_new(INPUT_ARENA_BYTES);
	html = arena_strndup(arena, (const char *)data, size);
	try_html(arena, html, &(struct sanitize_options){ .has_images = true });
	try_html(arena, html, &(struct sanitize_options){ .are_links_followed = true });
	try_markdown_of(arena, html);
	arena_free(arena);
	return 0;
}
