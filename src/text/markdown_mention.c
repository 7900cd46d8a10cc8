/*
 * Mentions. What stands in code or in a link is none, and neither is an address
 * such as name@example.org: something like a name in front of the "@" says so.
 */
#include "text/markdown_mention.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "text/letters.h"
#include "text/markdown_guard.h"
#include "text/markdown_tree.h"
#include "text/url.h"

#define NAME_MIN_POINTS 2
#define NAME_MAX_POINTS 40

/* Each name is asked for once, and only so many. */
struct lookup {
	const struct markdown_options *options;
	struct arena *arena;
	const char *names[MARKDOWN_MENTIONS_MAX];
	const char *paths[MARKDOWN_MENTIONS_MAX];
	size_t count;
};

static bool is_letter_or_digit(uint32_t point)
{
	return letters_is_letter(point) || letters_is_digit(point);
}

/* Bytes of the longest run of name characters; *core: up to its last letter. */
static size_t run_length(const char *text, size_t *core)
{
	size_t length = 0, step;
	uint32_t point;

	*core = 0;
	while ((step = utf8_next(text + length, &point)) > 0) {
		bool is_letter = is_letter_or_digit(point);

		if (!is_letter && point != '-' && point != '_' && point != '.')
			break;
		length += step;
		if (is_letter)
			*core = length;
	}
	return length;
}

bool markdown_name_is_valid(const char *name)
{
	size_t count = utf8_count(name), core;
	uint32_t first;

	if (count < NAME_MIN_POINTS || count > NAME_MAX_POINTS)
		return false;
	utf8_next(name, &first);
	return is_letter_or_digit(first) && run_length(name, &core) == strlen(name) &&
	       core == strlen(name);
}

/*
 * The next mention from *rest on: *at is its "@"; the name is in the arena. Moves
 * *rest behind it; NULL when there is no more.
 */
static const char *next_mention(struct arena *arena, const char **rest, const char **at)
{
	bool is_after_name = false;
	const char *c = *rest;
	uint32_t point;
	size_t step;

	for (; (step = utf8_next(c, &point)) > 0; c += step) {
		if (point == '@' && !is_after_name) {
			size_t core;
			const char *name;

			(void)run_length(c + 1, &core);
			name = arena_strndup(arena, c + 1, core);
			if (markdown_name_is_valid(name)) {
				*at = c;
				*rest = c + 1 + core;
				return name;
			}
		}
		is_after_name = is_letter_or_digit(point) || point == '_' || point == '@' ||
				point == '/';
	}
	return NULL;
}

/* Whether the name is new; it is not when the list is full. */
static bool add_name(const char **names, size_t *count, const char *name)
{
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(names[i], name) == 0)
			return false;
	}
	if (*count == MARKDOWN_MENTIONS_MAX)
		return false;
	names[(*count)++] = name;
	return true;
}

static const char *lookup_path(struct lookup *lookup, const char *name)
{
	if (add_name(lookup->names, &lookup->count, name))
		lookup->paths[lookup->count - 1] = lookup->options->mention(
			lookup->options->mention_data, name);
	for (size_t i = 0; i < lookup->count; i++) {
		if (strcmp(lookup->names[i], name) == 0)
			return lookup->paths[i];
	}
	return NULL;
}

static cmark_node *text_node(struct arena *arena, const char *text, size_t length)
{
	cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);

	cmark_node_set_literal(node, arena_strndup(arena, text, length));
	return node;
}

static void insert_link(struct arena *arena, cmark_node *before, const char *path, const char *name)
{
	cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
	const char *words = arena_printf(arena, "@%s", name);

	cmark_node_set_url(link, path);
	cmark_node_append_child(link, text_node(arena, words, strlen(words)));
	cmark_node_insert_before(before, link);
}

static void link_mentions_in(struct lookup *lookup, cmark_node *node)
{
	struct arena *arena = lookup->arena;
	const char *literal = arena_strdup(arena, cmark_node_get_literal(node));
	const char *rest = literal, *written = literal, *at, *name;

	while ((name = next_mention(arena, &rest, &at))) {
		const char *path = lookup_path(lookup, name);

		if (!path || url_kind_of(path) != URL_LOCAL)
			continue;
		if (at > written)
			cmark_node_insert_before(node,
						 text_node(arena, written, (size_t)(at - written)));
		insert_link(arena, node, path, name);
		written = rest;
	}
	if (written > literal)
		cmark_node_set_literal(node, written);
}

void markdown_link_mentions(struct arena *arena, cmark_node *root,
			    const struct markdown_options *options)
{
	struct lookup lookup = { .options = options, .arena = arena };
	cmark_node **texts;
	size_t count;

	if (!options->mention)
		return;
	count = markdown_texts(arena, root, &texts);
	for (size_t i = 0; i < count; i++)
		link_mentions_in(&lookup, texts[i]);
}

size_t markdown_mentions(struct arena *arena, const char *markdown, const char **names)
{
	size_t name_count = 0, text_count;
	cmark_node *root;
	cmark_node **texts;

	if (markdown_guard(arena, markdown))
		return 0;
	root = markdown_parse(arena, markdown);
	if (!root)
		return 0;
	text_count = markdown_texts(arena, root, &texts);
	for (size_t i = 0; i < text_count; i++) {
		const char *rest = cmark_node_get_literal(texts[i]);
		const char *at, *name;

		while ((name = next_mention(arena, &rest, &at)))
			(void)add_name(names, &name_count, name);
	}
	return name_count;
}
