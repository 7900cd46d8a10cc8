/*
 * Everything here is decided again, from the rules and not from src/text: the
 * tables are written twice on purpose.
 */
#include "markup_oracle.h"

#include <gumbo.h>
#include <strings.h>

#define SCHEME_CHARACTERS "+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define WORK_MAX_BYTES    ((size_t)16 * 1024 * 1024)

static const char *const allowed_elements[] = {
	"a",     "abbr",    "blockquote", "br",      "caption", "cite",  "code",  "dd",
	"del",   "details", "dfn",        "div",     "dl",      "dt",    "em",    "h3",
	"h4",    "h5",      "h6",         "hr",      "img",     "ins",   "kbd",   "li",
	"mark",  "ol",      "p",          "pre",     "q",       "s",     "samp",  "small",
	"span",  "strong",  "sub",        "summary", "sup",     "table", "tbody", "td",
	"tfoot", "th",      "thead",      "tr",      "u",       "ul",    "var",
};

static const char *const allowed_attributes[] = {
	"a href",    "a rel",        "a title",  "abbr title",  "code class", "details class",
	"div class", "div tabindex", "img alt",  "img loading", "img src",    "img title",
	"ol start",  "span class",   "td class", "th class",
};

static bool is_listed(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
	}
	return false;
}

/* What a browser would make of it: only schemes that cannot do anything. */
static bool is_harmless_url(const char *url)
{
	size_t scheme = strcspn(url, ":/?#&\\");

	for (const char *c = url; *c; c++) {
		if ((unsigned char)*c <= 0x20 || *c == 0x7F || *c == '\\')
			return false;
	}
	if (url[0] == '/')
		return url[1] != '/';
	if (url[scheme] == '&')
		return false;
	if (url[scheme] != ':' || strspn(url, SCHEME_CHARACTERS) < scheme)
		return true;
	return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0 ||
	       strncasecmp(url, "mailto:", 7) == 0;
}

static bool is_harmless_class(const char *element, const char *value)
{
	if (strcmp(element, "code") == 0)
		return strncmp(value, "language-", 9) == 0;
	if (strcmp(element, "div") == 0)
		return strcmp(value, "table-wrap") == 0;
	if (strcmp(element, "span") == 0)
		return strcmp(value, "task") == 0 || strcmp(value, "task task-done") == 0 ||
		       strcmp(value, "task-done") == 0 || strcmp(value, "task-done task") == 0;
	if (strcmp(element, "details") == 0)
		return strncmp(value, "spoiler", 7) == 0;
	return strncmp(value, "align-", 6) == 0;
}

static const char *attribute_fault(struct arena *arena, const char *element,
				   const GumboAttribute *attribute)
{
	const char *pair = arena_printf(arena, "%s %s", element, attribute->name);
	const char *name = attribute->name, *value = attribute->value;

	if (attribute->attr_namespace != GUMBO_ATTR_NAMESPACE_NONE ||
	    !is_listed(pair, allowed_attributes, ARRAY_COUNT(allowed_attributes)))
		return arena_printf(arena, "attribute %s", pair);
	if ((strcmp(name, "href") == 0 || strcmp(name, "src") == 0) && !is_harmless_url(value))
		return arena_printf(arena, "address %s", value);
	if (strcmp(name, "class") == 0 && !is_harmless_class(element, value))
		return arena_printf(arena, "class %s", value);
	return NULL;
}

/* The attributes that some elements must have. */
static const char *missing_fault(struct arena *arena, const char *name, const GumboElement *element)
{
	const GumboAttribute *href = gumbo_get_attribute(&element->attributes, "href");
	const GumboAttribute *rel = gumbo_get_attribute(&element->attributes, "rel");

	if (strcmp(name, "img") == 0 && (!gumbo_get_attribute(&element->attributes, "alt") ||
					 !gumbo_get_attribute(&element->attributes, "src")))
		return "a picture without alt or src";
	if (strcmp(name, "a") != 0)
		return NULL;
	if (!href)
		return "a link without href";
	if (strncasecmp(href->value, "http", 4) == 0 && strstr(href->value, "://") &&
	    (!rel || strncmp(rel->value, "ugc", 3) != 0))
		return arena_printf(arena, "a link without rel: %s", href->value);
	return NULL;
}

static const char *element_fault(struct arena *arena, const GumboNode *node)
{
	const GumboElement *element = &node->v.element;
	const char *name = gumbo_normalized_tagname(element->tag);
	const char *fault = missing_fault(arena, name, element);

	if (element->tag_namespace != GUMBO_NAMESPACE_HTML ||
	    !is_listed(name, allowed_elements, ARRAY_COUNT(allowed_elements)))
		return arena_printf(arena, "element %s", name);
	for (unsigned i = 0; i < element->attributes.length && !fault; i++)
		fault = attribute_fault(arena, name, element->attributes.data[i]);
	return fault;
}

static const char *tree_fault(struct arena *arena, const GumboVector *children)
{
	const char *fault = NULL;

	for (unsigned i = 0; i < children->length && !fault; i++) {
		const GumboNode *child = children->data[i];

		if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE)
			continue;
		if (child->type != GUMBO_NODE_ELEMENT)
			return "a node that is neither element nor text";
		fault = element_fault(arena, child);
		if (!fault)
			fault = tree_fault(arena, &child->v.element.children);
	}
	return fault;
}

/* How the tree is written as text. */
struct printer {
	struct buf *out;
	bool is_canonical;
};

static const char *attribute_value(const GumboElement *element, const char *name)
{
	const GumboAttribute *attribute = gumbo_get_attribute(&element->attributes, name);

	return attribute ? attribute->value : NULL;
}

static bool is_ours(const char *element, const GumboAttribute *attribute)
{
	if (strcmp(attribute->name, "class") == 0)
		return strcmp(element, "code") != 0;
	return strcmp(attribute->name, "rel") == 0 || strcmp(attribute->name, "loading") == 0 ||
	       strcmp(attribute->name, "tabindex") == 0;
}

static void print_attributes(struct printer *printer, const char *name, const GumboElement *element)
{
	for (unsigned i = 0; i < element->attributes.length; i++) {
		const GumboAttribute *attribute = element->attributes.data[i];

		if (printer->is_canonical && is_ours(name, attribute))
			continue;
		buf_char(printer->out, ' ');
		buf_text(printer->out, attribute->name);
		buf_text(printer->out, "=\"");
		buf_html(printer->out, attribute->value, strlen(attribute->value));
		buf_char(printer->out, '"');
	}
}

static const char *printed_name(const struct printer *printer, const char *name)
{
	bool is_heading = name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2];

	return printer->is_canonical && is_heading ? "heading" : name;
}

static void print_children(struct printer *printer, const GumboVector *children);

static bool is_void(const char *name)
{
	return strcmp(name, "br") == 0 || strcmp(name, "hr") == 0 || strcmp(name, "img") == 0;
}

static void print_element(struct printer *printer, const GumboElement *element)
{
	const char *name = printed_name(printer, gumbo_normalized_tagname(element->tag));
	const char *class = attribute_value(element, "class");
	const GumboNode *first = element->children.length > 0 ? element->children.data[0] : NULL;

	if (printer->is_canonical && class && strcmp(class, "table-wrap") == 0) {
		print_children(printer, &element->children);
		return;
	}
	buf_printf(printer->out, "<%s", name);
	print_attributes(printer, name, element);
	buf_char(printer->out, '>');
	if (is_void(name))
		return;
	/* The parser drops one line feed behind <pre>. */
	if (strcmp(name, "pre") == 0 && first && first->type != GUMBO_NODE_ELEMENT &&
	    first->v.text.text[0] == '\n')
		buf_char(printer->out, '\n');
	print_children(printer, &element->children);
	buf_printf(printer->out, "</%s>", name);
}

static void print_children(struct printer *printer, const GumboVector *children)
{
	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *child = children->data[i];

		if (child->type == GUMBO_NODE_ELEMENT)
			print_element(printer, &child->v.element);
		else if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE)
			buf_html(printer->out, child->v.text.text, strlen(child->v.text.text));
	}
}

/* The <div> that the markup was put into; NULL if it did not stay in there. */
static const GumboNode *find_box(const GumboOutput *output)
{
	const GumboVector *children = &output->root->v.element.children;
	const GumboNode *body = children->data[children->length - 1];
	const GumboNode *box;

	if (body->v.element.tag != GUMBO_TAG_BODY || body->v.element.children.length != 1)
		return NULL;
	box = body->v.element.children.data[0];
	return box->type == GUMBO_NODE_ELEMENT && box->v.element.tag == GUMBO_TAG_DIV ? box : NULL;
}

static GumboOutput *parse(struct arena *arena, const char *html)
{
	return gumbo_parse(arena_printf(arena,
					"<!DOCTYPE html><html><head></head><body><div>%s"
					"</div></body></html>",
					html));
}

static const char *parsed_fault(struct arena *arena, const GumboOutput *output, const char *html)
{
	const GumboNode *box = find_box(output);
	const char *fault;
	struct printer printer = { 0 };
	struct buf printed;

	if (!box)
		return "it does not stay in its box";
	fault = tree_fault(arena, &box->v.element.children);
	if (fault)
		return fault;
	buf_init(&printed, arena, WORK_MAX_BYTES);
	printer.out = &printed;
	print_children(&printer, &box->v.element.children);
	if (strcmp(printed.data, html) != 0)
		return arena_printf(arena, "an HTML 5 parser reads it as %s", printed.data);
	return NULL;
}

const char *markup_fault(struct arena *arena, const char *html)
{
	GumboOutput *output = parse(arena, html);
	const char *fault = parsed_fault(arena, output, html);

	gumbo_destroy_output(&kGumboDefaultOptions, output);
	return fault;
}

char *markup_canonical(struct arena *arena, const char *html)
{
	GumboOutput *output = parse(arena, html);
	const GumboNode *box = find_box(output);
	struct printer printer = { .is_canonical = true };
	struct buf printed;

	buf_init(&printed, arena, WORK_MAX_BYTES);
	printer.out = &printed;
	if (box)
		print_children(&printer, &box->v.element.children);
	gumbo_destroy_output(&kGumboDefaultOptions, output);
	return printed.data;
}
