/*
 * Markdown as it is typed: rendered or refused with a sentence, harmless, stable
 * under the sanitiser; and the other readers of it (mentions, excerpt, quote).
 */
#include "base/utf8.h"
#include "fuzz.h"
#include "markup_properties.h"
#include "text/markdown.h"
#include "text/sanitize.h"

#define INPUT_ARENA_BYTES ((size_t)256 * 1024 * 1024)
#define EXCERPT_POINTS    80

static const char *mention(void *data, const char *name)
{
	size_t *calls = data;

	must(++*calls <= MARKDOWN_MENTIONS_MAX);
	must(markdown_name_is_valid(name));
	return strlen(name) % 2 ? "/u/1-x" : NULL;
}

static void try_render(struct arena *arena, const char *text)
{
	size_t calls = 0;
	struct markdown_options options = {
		.has_images = true,
		.mention = mention,
		.mention_data = &calls,
	};
	struct sanitize_options sanitize = { .has_images = true };
	struct ctx ctx = { .arena = arena };
	struct html_fragment once, twice;

	if (markdown_render(&ctx, "body", text, &options, &once) != OK) {
		must(ctx.error.message != NULL && strcmp(ctx.error.field, "body") == 0);
		return;
	}
	must(strlen(once.html) <= MARKDOWN_OUTPUT_MAX_BYTES);
	must_be_harmless_markup(once.html);
	if (strlen(once.html) > SANITIZE_MAX_BYTES)
		return;
	must(sanitize_html(&ctx, once.html, &sanitize, &twice) == OK);
	must(strcmp(once.html, twice.html) == 0);
}

static void try_readers(struct arena *arena, const char *text)
{
	const char *names[MARKDOWN_MENTIONS_MAX];
	size_t count = markdown_mentions(arena, text, names);
	const char *excerpt = markdown_excerpt(arena, text, EXCERPT_POINTS);
	const char *quote = markdown_quote(arena, text);

	must(count <= MARKDOWN_MENTIONS_MAX);
	for (size_t i = 0; i < count; i++)
		must(markdown_name_is_valid(names[i]));
	must(utf8_is_valid(excerpt, strlen(excerpt)));
	must(utf8_count(excerpt) <= EXCERPT_POINTS + 1);
	must(strpbrk(excerpt, "\n\t") == NULL);
	must(strlen(quote) >= strlen(text) || *text == '\n' || *text == '\r' ||
	     text[strlen(text) - 1] == '\n' || text[strlen(text) - 1] == '\r');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena;
	char *text;

	if (!utf8_is_valid((const char *)data, size))
		return 0;
	arena = arena_new(INPUT_ARENA_BYTES);
	text = arena_strndup(arena, (const char *)data, size);
	try_render(arena, text);
	try_readers(arena, text);
	arena_free(arena);
	return 0;
}
