/*
 * Reading the documents and queries of an evaluation.
 */
#include "cmd/evaluate_files.h"

#include <errno.h>
#include <jansson.h>

#include "base/buf.h"
#include "text/html_reader.h"

/* After so many complaints about a file the rest is only counted. */
#define COMPLAINTS_MAX 20

#define LINE_MEMORY_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* Ids -------------------------------------------------------------------------- */

void evaluate_ids_init(struct evaluate_ids *ids, struct arena *arena)
{
	*ids = (struct evaluate_ids){ .arena = arena };
}

void evaluate_ids_release(struct evaluate_ids *ids)
{
	free(ids->texts);
	free(ids->slots);
}

/* FNV-1a, 64 bits. */
static size_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return (size_t)hash;
}

/* The slot where the text stands or would have to. There is always a free one. */
static size_t slot_of(const struct evaluate_ids *ids, const char *text)
{
	size_t slot = hash_of(text) & (ids->slot_count - 1);

	while (ids->slots[slot] && strcmp(ids->texts[ids->slots[slot] - 1], text) != 0)
		slot = (slot + 1) & (ids->slot_count - 1);
	return slot;
}

static void *grown(void *memory, size_t count, size_t size)
{
	void *larger = reallocarray(memory, count, size);

	if (!larger)
		abort();
	return larger;
}

static void make_room(struct evaluate_ids *ids)
{
	if (ids->count < ids->capacity)
		return;
	ids->capacity = ids->capacity ? 2 * ids->capacity : 1024;
	ids->texts = grown(ids->texts, ids->capacity, sizeof *ids->texts);
	ids->slot_count = 2 * ids->capacity;
	ids->slots = grown(ids->slots, ids->slot_count, sizeof *ids->slots);
	memset(ids->slots, 0, ids->slot_count * sizeof *ids->slots);
	for (size_t i = 0; i < ids->count; i++)
		ids->slots[slot_of(ids, ids->texts[i])] = (uint32_t)(i + 1);
}

size_t evaluate_ids_find(const struct evaluate_ids *ids, const char *text)
{
	return ids->slot_count ? ids->slots[slot_of(ids, text)] : 0;
}

size_t evaluate_ids_add(struct evaluate_ids *ids, const char *text)
{
	size_t number = evaluate_ids_find(ids, text);

	if (number)
		return number;
	make_room(ids);
	ids->texts[ids->count++] = arena_strdup(ids->arena, text);
	ids->slots[slot_of(ids, text)] = (uint32_t)ids->count;
	return ids->count;
}

/* Lines ------------------------------------------------------------------------ */

struct line_file {
	FILE *file;
	const char *path;
	struct buf line;
	size_t number, complaints;
	struct evaluate_lines *lines;
};

static bool open_lines(struct line_file *file, struct arena *arena, const char *path,
		       struct evaluate_lines *lines)
{
	*file = (struct line_file){ .path = path, .lines = lines };
	*lines = (struct evaluate_lines){ 0 };
	file->file = fopen(path, "re");
	if (!file->file) {
		fprintf(stderr, "entraide search evaluate: %s: %s\n", path, strerror(errno));
		return false;
	}
	buf_init(&file->line, arena, EVALUATE_LINE_MAX_BYTES);
	return true;
}

/* False: the file could not be read to its end. */
static bool close_lines(struct line_file *file)
{
	bool is_good = !ferror(file->file);

	if (!is_good)
		fprintf(stderr, "entraide search evaluate: %s cannot be read\n", file->path);
	if (file->complaints > COMPLAINTS_MAX)
		fprintf(stderr, "%s: %zu further lines cannot be used\n", file->path,
			file->complaints - COMPLAINTS_MAX);
	fclose(file->file);
	buf_release(&file->line);
	return is_good;
}

static void complain(struct line_file *file, const char *why)
{
	file->lines->bad++;
	if (file->complaints++ < COMPLAINTS_MAX)
		fprintf(stderr, "%s:%zu: %s\n", file->path, file->number, why);
}

static bool is_blank(const struct buf *line)
{
	return strspn(line->data, " \t\r") == line->length;
}

/* A byte order mark may stand before the first line. */
static const char *without_mark(const struct line_file *file)
{
	const char *line = file->line.data;

	return file->number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0 ? line + 3 : line;
}

static bool next_line(struct line_file *file)
{
	int c = EOF;

	buf_clear(&file->line);
	while ((c = getc_unlocked(file->file)) != EOF && c != '\n')
		buf_char(&file->line, (char)c);
	file->number++;
	return c != EOF || file->line.length > 0;
}

/* The next object of the file; NULL at the end. The caller's to give back. */
static json_t *next_object(struct line_file *file)
{
	while (next_line(file)) {
		json_error_t error;
		json_t *object;

		if (file->line.is_overflown) {
			complain(file, "longer than 4 MB");
			continue;
		}
		if (is_blank(&file->line))
			continue;
		object = json_loads(without_mark(file), JSON_ALLOW_NUL, &error);
		if (json_is_object(object)) {
			file->lines->read++;
			return object;
		}
		complain(file, object ? "an object {…} is expected" : error.text);
		json_decref(object);
	}
	return NULL;
}

/* A text or a whole number as a text; NULL when it is neither, empty or too long. */
static const char *id_of(struct arena *arena, const json_t *value)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value))
		return arena_printf(arena, "%lld", (long long)json_integer_value(value));
	if (!text || !text[0] || strlen(text) > EVALUATE_ID_MAX_BYTES)
		return NULL;
	return arena_strdup(arena, text);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* HTML ------------------------------------------------------------------------- */

/* Tags that only HTML has, not a text that says "a < b" or "<3". */
static bool is_tag(const char *at)
{
	static const char *const names[] = { "p",  "br",   "div",       "span",   "ul",    "ol",
					     "li", "a",    "b",         "strong", "i",     "em",
					     "h1", "h2",   "h3",        "h4",     "table", "pre",
					     "tr", "code", "blockquote" };
	size_t length;

	at += at[1] == '/' ? 2 : 1;
	length = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456");
	if (!at[length] || !strchr("> /\t\r\n", at[length]))
		return false;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strlen(names[i]) == length && strncasecmp(at, names[i], length) == 0)
			return true;
	return false;
}

static bool is_html(const char *text)
{
	for (const char *at = strchr(text, '<'); at; at = strchr(at + 1, '<'))
		if (is_tag(at))
			return true;
	return false;
}

static void add_words(void *data, const char *text, size_t length)
{
	buf_bytes(data, text, length);
}

static bool is_inline(const char *name)
{
	static const char *const names[] = { "a", "b",    "i",      "em",    "strong", "span",
					     "u", "code", "small",  "sup",   "sub",    "font",
					     "q", "abbr", "strike", "label", "mark",   "kbd" };

	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void start_element(void *data, const char *name, const char **attributes)
{
	(void)attributes;
	if (!is_inline(name))
		buf_char(data, '\n');
}

static void end_element(void *data, const char *name)
{
	if (!is_inline(name))
		buf_char(data, '\n');
}

/* What is no HTML, or too wild to be read, stays as it is. */
static const char *plain_words(struct ctx *ctx, const char *text)
{
	struct buf words;
	struct html_handler handler = {
		.start = start_element, .end = end_element, .text = add_words, .data = &words
	};

	if (!is_html(text))
		return text;
	buf_init(&words, ctx->arena, 2 * EVALUATE_LINE_MAX_BYTES);
	if (html_read(ctx, text, EVALUATE_LINE_MAX_BYTES, &handler) == OK)
		return words.data;
	error_clear(ctx);
	return text;
}

/* Documents -------------------------------------------------------------------- */

bool evaluate_read_documents(struct ctx *ctx, const char *path,
			     bool (*take)(void *data, const struct evaluate_document *document),
			     void *data, struct evaluate_lines *lines)
{
	struct ctx line_ctx = *ctx;
	struct line_file file;
	bool goes_on = true;
	json_t *object;

	if (!open_lines(&file, NULL, path, lines))
		return false;
	line_ctx.arena = arena_new(LINE_MEMORY_MAX_BYTES);
	while (goes_on && (object = next_object(&file))) {
		struct evaluate_document document = {
			.id = id_of(line_ctx.arena, json_object_get(object, "id")),
			.title = text_of(object, "title"),
			.body = plain_words(&line_ctx, text_of(object, "body")),
			.theme = text_of(object, "theme"),
		};

		if (!document.id)
			complain(&file, "no \"id\": a text of at most 200 bytes");
		else
			goes_on = take(data, &document);
		json_decref(object);
		arena_reset(line_ctx.arena);
	}
	arena_free(line_ctx.arena);
	return close_lines(&file) && goes_on;
}

/* Queries ---------------------------------------------------------------------- */

static void add_expected(struct arena *arena, struct evaluate_query *query, const json_t *value)
{
	const char *id = id_of(arena, value);

	for (size_t i = 0; id && i < query->expected_count; i++)
		if (strcmp(query->expected[i], id) == 0)
			id = NULL;
	if (id && query->expected_count < EVALUATE_EXPECTED_MAX)
		query->expected[query->expected_count++] = id;
}

static void read_expected(struct arena *arena, struct evaluate_query *query, const json_t *value)
{
	size_t i;
	json_t *item;

	query->expected = arena_array_of(arena, json_is_array(value) ? EVALUATE_EXPECTED_MAX : 1,
					 const char *);
	if (!json_is_array(value))
		add_expected(arena, query, value);
	json_array_foreach(value, i, item) add_expected(arena, query, item);
}

static const char *query_id(struct arena *arena, const json_t *object, size_t line)
{
	const char *id = id_of(arena, json_object_get(object, "id"));

	return id ? id : arena_printf(arena, "%zu", line);
}

/* NULL, or what is wrong with it. */
static const char *read_query(struct arena *arena, const json_t *object, size_t line,
			      struct evaluate_query *query)
{
	const char *words = json_string_value(json_object_get(object, "q"));

	if (!words)
		return "no \"q\": the question, a text";
	*query = (struct evaluate_query){ .id = query_id(arena, object, line),
					  .words = arena_strdup(arena, words) };
	read_expected(arena, query, json_object_get(object, "expected"));
	if (query->expected_count == 0)
		return "no \"expected\": an id or a list of ids";
	return NULL;
}

bool evaluate_read_queries(struct ctx *ctx, const char *path, struct evaluate_query **out,
			   size_t *count, struct evaluate_lines *lines)
{
	struct evaluate_query *queries = NULL;
	size_t capacity = 0;
	struct line_file file;
	json_t *object;

	*count = 0;
	if (!open_lines(&file, NULL, path, lines))
		return false;
	while (*count < EVALUATE_QUERIES_MAX && (object = next_object(&file))) {
		struct evaluate_query query;
		const char *wrong = read_query(ctx->arena, object, file.number, &query);

		json_decref(object);
		if (wrong) {
			complain(&file, wrong);
			continue;
		}
		if (*count == capacity) {
			capacity = capacity ? 2 * capacity : 256;
			queries = grown(queries, capacity, sizeof *queries);
		}
		queries[(*count)++] = query;
	}
	*out = queries;
	if (queries)
		arena_defer(ctx->arena, free, queries);
	return close_lines(&file);
}
