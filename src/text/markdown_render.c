/*
 * Markdown to markup: measured, parsed, changed to our habits, printed by
 * cmark-gfm and then sanitised like any foreign HTML. The parser is trusted to
 * understand people, not to protect them.
 */
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/markdown_guard.h"
#include "text/markdown_mention.h"
#include "text/markdown_tree.h"
#include "text/sanitize.h"

enum err markdown_render(struct ctx *ctx, const char *field, const char *markdown,
			 const struct markdown_options *options, struct html_fragment *out)
{
	struct sanitize_options sanitize = {
		.are_links_followed = options->are_links_followed,
		.has_images = options->has_images,
		.picture = options->picture,
		.picture_data = options->picture_data,
	};
	const char *refusal = markdown_guard(ctx->arena, markdown);
	cmark_node *root;
	enum err result;

	if (refusal)
		return fail(ctx, ERR_INVALID, field, "%s", refusal);
	root = markdown_parse(ctx->arena, markdown);
	if (!root)
		return fail(ctx, ERR_INVALID, field,
			    _("Quotes, lists and emphasis may be at most %d deep."),
			    MARKDOWN_NESTING_MAX);
	markdown_link_mentions(ctx->arena, root, options);
	result = sanitize_html(ctx, markdown_tree_html(ctx->arena, root), &sanitize, out);
	if (result == ERR_INVALID)
		ctx->error.field = field;
	TRY(result);
	if (strlen(out->html) > MARKDOWN_OUTPUT_MAX_BYTES)
		return fail(ctx, ERR_INVALID, field, _("This text is too long."));
	return OK;
}
