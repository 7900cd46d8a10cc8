/*
 * A line of an import of articles. What is taken is within the bounds of an article, and
 * written down again it is taken as the same.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "forum/article_import.h"
#include "text/markdown.h"

static bool is_text(const char *text, size_t most)
{
	return utf8_is_valid(text, strlen(text)) && utf8_count(text) <= most;
}

static void check_bounds(const struct article_line *line)
{
	must(line->id[0] && is_text(line->id, ARTICLE_KEY_MAX) && !strpbrk(line->id, "/?# \n"));
	must(utf8_count(line->title) >= 3 && is_text(line->title, ARTICLE_TITLE_MAX));
	must(is_text(line->summary, ARTICLE_SUMMARY_MAX));
	must(is_text(line->theme, ARTICLE_PRODUCT_MAX));
	must(is_text(line->product, ARTICLE_PRODUCT_MAX));
	must(is_text(line->body, MARKDOWN_MAX_BYTES) && strlen(line->body) <= MARKDOWN_MAX_BYTES);
	must(strcmp(line->language, "fr") == 0 || strcmp(line->language, "en") == 0);
}

static void check_again(struct ctx *ctx, const struct article_line *line)
{
	const char *written = article_line_write(ctx->arena, line);
	struct article_line again;

	must(strchr(written, '\n') == written + strlen(written) - 1);
	must(article_line_read(ctx, written, strlen(written), "fr", &again) == OK);
	must(strcmp(again.id, line->id) == 0 && strcmp(again.title, line->title) == 0);
	must(strcmp(again.summary, line->summary) == 0 && strcmp(again.body, line->body) == 0);
	must(strcmp(again.theme, line->theme) == 0 && strcmp(again.product, line->product) == 0);
	must(strcmp(again.language, line->language) == 0 && !again.is_shortened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)256 << 20);
	struct ctx ctx = { .arena = arena, .language = "en" };
	struct article_line line;
	enum err result = article_line_read(&ctx, (const char *)data, size, "fr", &line);

	must(result == OK || result == ERR_INVALID);
	if (result == OK) {
		check_bounds(&line);
		check_again(&ctx, &line);
	} else {
		must(ctx.error.message && ctx.error.message[0]);
	}
	arena_free(arena);
	return 0;
}
