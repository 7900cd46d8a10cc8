/*
 * The brand's own markup. It is the operator's, as the configuration is, and may
 * use any element; only what the page's Content-Security-Policy forbids is looked
 * for, because a browser would drop it without a word to anybody.
 */
#include "text/sanitize.h"

#include <strings.h>

#include "base/utf8.h"
#include "i18n/i18n.h"
#include "text/html_reader.h"

struct brand_check {
	struct ctx *ctx;
	enum err result;
};

static enum err check_attribute(struct ctx *ctx, const char *name, const char *value)
{
	if (strncmp(name, "on", 2) == 0)
		return fail(
			ctx, ERR_INVALID, NULL,
			_("The attribute “%s” would not work: event handlers belong in script files."),
			name);
	if (strcmp(name, "style") == 0)
		return fail(
			ctx, ERR_INVALID, NULL,
			_("The attribute “style” would not work: styles belong in style sheets."));
	if (value && strncasecmp(value + strspn(value, " \t\n\r\f"), "javascript:", 11) == 0)
		return fail(ctx, ERR_INVALID, NULL,
			    _("An address that begins with “javascript:” would not work."));
	return OK;
}

static enum err check_element(struct ctx *ctx, const char *name, const char **attributes)
{
	if (strcmp(name, "style") == 0)
		return fail(
			ctx, ERR_INVALID, NULL,
			_("The element “style” would not work: styles belong in style sheets."));
	if (strcmp(name, "script") == 0 && !html_attribute(attributes, "src"))
		return fail(ctx, ERR_INVALID, NULL,
			    _("A script without “src” would not work: scripts belong in files."));
	for (; attributes && attributes[0]; attributes += 2)
		TRY(check_attribute(ctx, attributes[0], attributes[1]));
	return OK;
}

static void on_start(void *data, const char *name, const char **attributes)
{
	struct brand_check *check = data;

	if (check->result == OK)
		check->result = check_element(check->ctx, name, attributes);
}

static void on_end(void *data, const char *name)
{
	(void)data;
	(void)name;
}

static void on_text(void *data, const char *text, size_t length)
{
	(void)data;
	(void)text;
	(void)length;
}

enum err sanitize_brand_html(struct ctx *ctx, const char *html, struct html_fragment *out)
{
	struct brand_check check = { .ctx = ctx, .result = OK };
	struct html_handler handler = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
		.data = &check,
		.is_complete = true,
	};

	if (!utf8_is_valid(html, strlen(html)))
		return fail(ctx, ERR_INVALID, NULL, _("This text is not valid UTF-8."));
	TRY(html_read(ctx, html, SANITIZE_MAX_BYTES, &handler));
	TRY(check.result);
	out->html = html;
	return OK;
}
