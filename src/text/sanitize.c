/*
 * Foreign HTML to ours: what html_read gives goes to the markup writer, with the
 * attributes that are allowed. Elements and their places are decided in
 * markup.c, attributes here: each element has its own, and the rest (id, style,
 * target, on…) does not exist for us.
 */
#include "text/sanitize.h"

#include <strings.h>

#include "base/utf8.h"
#include "i18n/i18n.h"
#include "text/html_reader.h"
#include "text/markup.h"
#include "text/url.h"

#define OUTPUT_MAX_BYTES     (4 * (size_t)SANITIZE_MAX_BYTES)
#define ATTRIBUTES_MAX_BYTES ((size_t)SANITIZE_MAX_BYTES)
#define CLASS_MAX_BYTES      64
#define TASK_OPEN            "☐"
#define TASK_DONE            "☑"

struct sanitizer {
	struct ctx *ctx;
	const struct sanitize_options *options;
	struct buf attributes; /* of the tag at hand */
	struct markup_writer writer;
	struct markup_token open[HTML_DEPTH_MAX];
	size_t open_count;
};

/* The classes that mean something to our style sheets. */
static const struct {
	const char *element, *class;
	bool is_prefix;
} classes[] = {
	{ "code", "language-", true },   { "details", "spoiler", false },
	{ "span", "task", false },       { "span", "task-done", false },
	{ "td", "align-center", false }, { "td", "align-left", false },
	{ "td", "align-right", false },  { "th", "align-center", false },
	{ "th", "align-left", false },   { "th", "align-right", false },
};

/* The value without what has no place in a text. */
static const char *clean_value(struct sanitizer *sanitizer, const char *value)
{
	const char *end = value + strlen(value);
	char *clean = arena_alloc(sanitizer->ctx->arena, (size_t)(end - value) + 1);
	size_t length = 0;

	while (value < end) {
		size_t dropped = html_dropped_length(value, (size_t)(end - value));

		if (dropped == 0)
			clean[length++] = *value;
		value += dropped ? dropped : 1;
	}
	clean[length] = '\0';
	return clean;
}

static void add_attribute(struct sanitizer *sanitizer, const char *name, const char *value)
{
	struct buf *out = &sanitizer->attributes;

	buf_char(out, ' ');
	buf_text(out, name);
	buf_text(out, "=\"");
	html_text(out, clean_value(sanitizer, value));
	buf_char(out, '"');
}

static void copy_attribute(struct sanitizer *sanitizer, const char **attributes, const char *name)
{
	const char *value = html_attribute(attributes, name);

	if (value)
		add_attribute(sanitizer, name, value);
}

static bool is_allowed_class(const char *element, const char *class, size_t length)
{
	for (size_t i = 0; i < ARRAY_COUNT(classes); i++) {
		size_t known = strlen(classes[i].class);

		if (strcmp(classes[i].element, element) != 0 || length > CLASS_MAX_BYTES)
			continue;
		if (strncmp(classes[i].class, class, known) == 0 &&
		    (classes[i].is_prefix ? length > known : length == known))
			return true;
	}
	return false;
}

/* The allowed ones among the names of a class attribute, in their order. */
static bool add_classes(struct sanitizer *sanitizer, const char *element, const char *names)
{
	struct buf *out = &sanitizer->attributes;
	bool has_any = false;

	while (names && *names) {
		size_t length = strcspn(names, " \t\n\r\f");

		if (is_allowed_class(element, names, length)) {
			buf_text(out, has_any ? " " : " class=\"");
			buf_html(out, names, length);
			has_any = true;
		}
		names += length;
		names += strspn(names, " \t\n\r\f");
	}
	if (has_any)
		buf_char(out, '"');
	return has_any;
}

/* The cleaned address after the caller's rewriting; NULL if it is refused. */
static const char *allowed_url(struct sanitizer *sanitizer, const char *url, enum url_kind *kind)
{
	const struct sanitize_options *options = sanitizer->options;
	struct arena *arena = sanitizer->ctx->arena;

	if (!url)
		return NULL;
	url = url_clean(arena, url);
	*kind = url_kind_of(url);
	if (*kind == URL_REFUSED || !options->rewrite_url)
		return *kind == URL_REFUSED ? NULL : url;
	url = options->rewrite_url(options->rewrite_data, url);
	if (!url)
		return NULL;
	url = url_clean(arena, url);
	*kind = url_kind_of(url);
	return *kind == URL_REFUSED ? NULL : url;
}

static bool is_own_site(const struct ctx *ctx, const char *url)
{
	const char *base = ctx->config ? ctx->config->site.base_url : NULL;
	size_t length = base ? strlen(base) : 0;

	return length > 0 && strncasecmp(url, base, length) == 0 &&
	       (url[length] == '\0' || strchr("/?#", url[length]));
}

/* False: the link is not to be written. */
static bool link_attributes(struct sanitizer *sanitizer, const char *url, const char **attributes)
{
	enum url_kind kind;

	url = allowed_url(sanitizer, url, &kind);
	if (!url)
		return false;
	add_attribute(sanitizer, "href", url);
	copy_attribute(sanitizer, attributes, "title");
	if (kind == URL_WEB && !is_own_site(sanitizer->ctx, url))
		add_attribute(sanitizer, "rel",
			      sanitizer->options->are_links_followed ? "ugc" : "ugc nofollow");
	return true;
}

static bool is_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length > 0 && length <= 9 && text[length] == '\0';
}

static void cell_attributes(struct sanitizer *sanitizer, const char *element,
			    const char **attributes)
{
	const char *align = html_attribute(attributes, "align");

	if (align)
		add_classes(sanitizer, element,
			    arena_printf(sanitizer->ctx->arena, "align-%.8s", align));
	else
		add_classes(sanitizer, element, html_attribute(attributes, "class"));
}

/* Fills sanitizer->attributes; false: the element is not to be written. */
static bool element_attributes(struct sanitizer *sanitizer, const char *element,
			       const char **attributes)
{
	const char *start = html_attribute(attributes, "start");

	buf_clear(&sanitizer->attributes);
	if (strcmp(element, "a") == 0)
		return link_attributes(sanitizer, html_attribute(attributes, "href"), attributes);
	if (strcmp(element, "span") == 0)
		return add_classes(sanitizer, element, html_attribute(attributes, "class"));
	if (strcmp(element, "td") == 0 || strcmp(element, "th") == 0)
		cell_attributes(sanitizer, element, attributes);
	else if (strcmp(element, "code") == 0 || strcmp(element, "details") == 0)
		add_classes(sanitizer, element, html_attribute(attributes, "class"));
	else if (strcmp(element, "abbr") == 0)
		copy_attribute(sanitizer, attributes, "title");
	else if (strcmp(element, "ol") == 0 && start && is_number(start))
		add_attribute(sanitizer, "start", start);
	return true;
}

static const char *kept_attributes(struct sanitizer *sanitizer)
{
	return sanitizer->attributes.length == 0
		       ? ""
		       : buf_to_arena(&sanitizer->attributes, sanitizer->ctx->arena);
}

static struct markup_token open_element(struct sanitizer *sanitizer,
					const struct markup_element *element,
					const char **attributes)
{
	const char *kept;

	if (!element_attributes(sanitizer, element->name, attributes))
		return (struct markup_token){ 0 };
	kept = kept_attributes(sanitizer);
	if (!kept)
		return (struct markup_token){ 0 };
	return markup_open(&sanitizer->writer, element, kept);
}

/* In a link it is only its words: a link cannot stand in a link. */
static void write_picture_link(struct sanitizer *sanitizer, const char **attributes)
{
	struct markup_writer *writer = &sanitizer->writer;
	const char *address = html_attribute(attributes, "src");
	const char *words = html_attribute(attributes, "alt");
	const char *link[] = { "href", address, NULL };
	struct markup_token token = { 0 };

	if (!address)
		return;
	if (!words || !*words)
		words = markup_is_in_link(writer) ? "" : url_clean(sanitizer->ctx->arena, address);
	words = clean_value(sanitizer, words);
	token = open_element(sanitizer, markup_find("a"), link);
	if (token.kind != TOKEN_NOTHING || markup_is_in_link(writer))
		markup_text(writer, words, strlen(words));
	markup_close(writer, token);
}

static void add_number(struct sanitizer *sanitizer, const char *name, int64_t number)
{
	add_attribute(sanitizer, name,
		      arena_printf(sanitizer->ctx->arena, "%lld", (long long)number));
}

/* Articles' columns are about 45 rem wide at most. */
static void add_sizes(struct sanitizer *sanitizer, const struct sanitize_picture *picture)
{
	add_number(sanitizer, "width", picture->width);
	add_number(sanitizer, "height", picture->height);
	if (!picture->small_url[0])
		return;
	add_attribute(sanitizer, "srcset",
		      arena_printf(sanitizer->ctx->arena, "%s %lldw, %s %lldw", picture->small_url,
				   (long long)picture->small_width, picture->url,
				   (long long)picture->width));
	add_attribute(sanitizer, "sizes", "(min-width: 48em) 45rem, 100vw");
}

static void write_picture(struct sanitizer *sanitizer, const char **attributes)
{
	const struct sanitize_options *options = sanitizer->options;
	const char *alt = html_attribute(attributes, "alt");
	struct sanitize_picture picture = { .url = NULL, .small_url = "", .alt = "" };
	enum url_kind kind = URL_REFUSED;

	if (options->has_images)
		picture.url = allowed_url(sanitizer, html_attribute(attributes, "src"), &kind);
	if (options->has_images && (!picture.url || kind == URL_MAIL))
		return;
	if (!options->has_images ||
	    (options->picture && !options->picture(options->picture_data, picture.url, &picture))) {
		write_picture_link(sanitizer, attributes);
		return;
	}
	buf_clear(&sanitizer->attributes);
	add_attribute(sanitizer, "src", picture.url);
	add_attribute(sanitizer, "alt", alt && *alt ? alt : picture.alt);
	copy_attribute(sanitizer, attributes, "title");
	if (picture.width > 0)
		add_sizes(sanitizer, &picture);
	add_attribute(sanitizer, "loading", "lazy");
	if (!sanitizer->attributes.is_overflown)
		markup_void(&sanitizer->writer, markup_find("img"), sanitizer->attributes.data);
}

/* The box of a task list becomes a character: no form controls in posts. */
static void write_task(struct sanitizer *sanitizer, const char **attributes)
{
	const char *type = html_attribute(attributes, "type");
	bool is_done = html_attribute(attributes, "checked") != NULL;
	struct markup_token token;

	if (!type || strcasecmp(type, "checkbox") != 0)
		return;
	token = markup_open(&sanitizer->writer, markup_find("span"),
			    is_done ? " class=\"task task-done\"" : " class=\"task\"");
	markup_text(&sanitizer->writer, is_done ? TASK_DONE : TASK_OPEN, strlen(TASK_OPEN));
	markup_close(&sanitizer->writer, token);
}

/* Our own box around a table, read again: the table brings a new one. */
static bool is_table_box(const char *name, const char **attributes)
{
	const char *class = html_attribute(attributes, "class");

	return strcmp(name, "div") == 0 && class && strcmp(class, "table-wrap") == 0;
}

static void on_start(void *data, const char *name, const char **attributes)
{
	struct sanitizer *sanitizer = data;
	const struct markup_element *element = markup_find(name);
	struct markup_token token = { 0 };

	if (strcmp(name, "input") == 0)
		write_task(sanitizer, attributes);
	else if (strcmp(name, "img") == 0)
		write_picture(sanitizer, attributes);
	else if (is_table_box(name, attributes))
		markup_break(&sanitizer->writer);
	else if (element && (element->kind == MARKUP_VOID || element->kind == MARKUP_RULE))
		markup_void(&sanitizer->writer, element, "");
	else if (element)
		token = open_element(sanitizer, element, attributes);
	/* html_read never goes deeper. */
	sanitizer->open[sanitizer->open_count++] = token;
}

static void on_end(void *data, const char *name)
{
	struct sanitizer *sanitizer = data;

	(void)name;
	markup_close(&sanitizer->writer, sanitizer->open[--sanitizer->open_count]);
}

static void on_text(void *data, const char *text, size_t length)
{
	struct sanitizer *sanitizer = data;

	markup_text(&sanitizer->writer, text, length);
}

enum err sanitize_html(struct ctx *ctx, const char *html, const struct sanitize_options *options,
		       struct html_fragment *out)
{
	struct sanitizer *sanitizer = arena_new_of(ctx->arena, struct sanitizer);
	struct html_handler handler = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
		.data = sanitizer,
	};
	struct buf output;

	buf_init(&output, ctx->arena, OUTPUT_MAX_BYTES);
	sanitizer->ctx = ctx;
	sanitizer->options = options;
	buf_init(&sanitizer->attributes, ctx->arena, ATTRIBUTES_MAX_BYTES);
	markup_init(&sanitizer->writer, &output);
	TRY(html_read(ctx, html, SANITIZE_MAX_BYTES, &handler));
	markup_finish(&sanitizer->writer);
	if (sanitizer->writer.is_too_deep)
		return fail(ctx, ERR_INVALID, NULL, _("This HTML is nested too deeply."));
	if (output.is_overflown)
		return fail(ctx, ERR_INVALID, NULL, _("This text is too long."));
	out->html = output.data;
	return OK;
}
