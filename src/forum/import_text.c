/*
 * Texts of an import: sanitised, and links between its posts made links of ours.
 * The numbers that a batch's texts lead to are looked up in one statement.
 */
#include "forum/import_rows.h"

#include "base/slice.h"
#include "text/sanitize.h"

#define LINKS_MAX 20000 /* in one batch */

struct link_table {
	int64_t *foreign_ids, *our_ids;
	size_t count;
};

static int by_number(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

/* "https://beer.stackexchange.com" → "beer.stackexchange.com" */
static struct slice without_scheme(const char *url)
{
	const char *host = strstr(url, "://");

	return slice_of(host ? host + 3 : url);
}

/* The digits that text begins with, up to '/', '?', '#' or the end. */
static int64_t leading_number(struct slice text)
{
	size_t length = 0;
	int64_t number = 0;

	while (length < text.length && text.data[length] >= '0' && text.data[length] <= '9')
		length++;
	if (length < text.length && !memchr("/?#", text.data[length], 3))
		return 0;
	return slice_to_i64(slice_make(text.data, length), &number) ? number : 0;
}

/* The path of url when it is on the original site (or relative), else nothing. */
static struct slice path_on_source(const struct import_source *source, const char *url)
{
	struct slice host = without_scheme(source->url), rest = without_scheme(url);

	if (url[0] == '/' && url[1] != '/')
		return slice_of(url);
	if (url[0] == '/')
		rest = slice_of(url + 2);
	if (host.length == 0 || rest.length <= host.length || rest.data[host.length] != '/' ||
	    memcmp(rest.data, host.data, host.length) != 0)
		return slice_make("", 0);
	return slice_make(rest.data + host.length, rest.length - host.length);
}

int64_t import_linked_post(const struct import_source *source, const char *url)
{
	struct slice path = path_on_source(source, url);
	const char *fragment = strchr(url, '#');
	int64_t answer = fragment ? leading_number(slice_of(fragment + 1)) : 0;

	if (slice_starts_with(path, "/questions/"))
		return answer ? answer
			      : leading_number(slice_make(path.data + 11, path.length - 11));
	if (slice_starts_with(path, "/q/") || slice_starts_with(path, "/a/"))
		return leading_number(slice_make(path.data + 3, path.length - 3));
	return 0;
}

/* Every href of the text, before it is parsed: too many found do no harm. */
static void collect_links(struct import *import, const char *html, struct link_table *table)
{
	for (const char *at = strstr(html, "href=\""); at; at = strstr(at, "href=\"")) {
		const char *end;
		char *url;
		int64_t id;

		at += 6;
		end = strchr(at, '"');
		if (!end || table->count == LINKS_MAX)
			return;
		url = arena_strndup(import->batch.arena, at, (size_t)(end - at));
		id = import_linked_post(import->source, url);
		if (id)
			table->foreign_ids[table->count++] = id;
		at = end;
	}
}

struct rewriting {
	struct import *import;
	const struct link_table *table;
};

/* A path of the original site, which we have not: there, not here. */
static const char *where_it_led(struct import *import, const char *url)
{
	if (url[0] != '/' || url[1] == '/' || !import->source->url[0])
		return url;
	return arena_printf(import->batch.arena, "%s%s", import->source->url, url);
}

static const char *rewrite(void *data, const char *url)
{
	const struct rewriting *rewriting = data;
	const struct link_table *table = rewriting->table;
	int64_t id = import_linked_post(rewriting->import->source, url), *found;

	if (!id || table->count == 0)
		return where_it_led(rewriting->import, url);
	found = bsearch(&id, table->foreign_ids, table->count, sizeof(id), by_number);
	if (!found || table->our_ids[found - table->foreign_ids] == 0)
		return where_it_led(rewriting->import, url);
	return arena_printf(rewriting->import->batch.arena, "/p/%lld",
			    (long long)table->our_ids[found - table->foreign_ids]);
}

static enum err clean_one(struct import *import, struct import_text *text,
			  const struct link_table *table)
{
	struct rewriting rewriting = { import, table };
	const struct sanitize_options options = { .has_images = true,
						  .rewrite_url = rewrite,
						  .rewrite_data = &rewriting };
	struct html_fragment fragment;
	enum err result = sanitize_html(&import->batch, text->html, &options, &fragment);

	text->is_refused = result == ERR_INVALID;
	if (result == ERR_INVALID) {
		error_clear(&import->batch);
		return OK;
	}
	text->clean = fragment.html;
	return result;
}

enum err import_clean_texts(struct import *import, struct import_text *texts, size_t count)
{
	struct arena *arena = import->batch.arena;
	struct link_table table = { .foreign_ids = arena_array_of(arena, LINKS_MAX, int64_t) };

	for (size_t i = 0; i < count; i++)
		collect_links(import, texts[i].html, &table);
	qsort(table.foreign_ids, table.count, sizeof(int64_t), by_number);
	table.our_ids = arena_array_of(arena, table.count, int64_t);
	TRY(import_post_ids(&import->batch, import->source, table.foreign_ids, table.count,
			    table.our_ids));
	for (size_t i = 0; i < count; i++)
		TRY(clean_one(import, &texts[i], &table));
	return OK;
}
