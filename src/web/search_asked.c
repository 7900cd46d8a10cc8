/*
 * Reading and writing the addresses of the page of results.
 */
#include "web/search_asked.h"

#include "base/clock.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "forum/field.h"
#include "i18n/i18n.h"
#include "web/helpers.h"

#define PATH_MAX_BYTES 16384

static const char *const states[] = {
	[SEARCH_ANY_STATE] = "",
	[SEARCH_SOLVED] = "solved",
	[SEARCH_UNSOLVED] = "unsolved",
	[SEARCH_UNANSWERED] = "unanswered",
};

static const char *const sorts[] = {
	[SEARCH_BEST] = "",
	[SEARCH_NEWEST] = "newest",
	[SEARCH_MOST_USEFUL] = "useful",
};

static const char *const kinds[] = {
	[SEARCH_TOPIC] = "questions",
	[SEARCH_ARTICLE] = "articles",
};

const char *search_state_text(enum search_state state)
{
	return states[state];
}

static int find_word(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return 0;
}

/* Into a field of search_typed; what does not fit is cut between two letters. */
static void take_text(char *field, size_t size, const char *text)
{
	size_t length = 0, step;
	uint32_t point;

	while ((step = utf8_next(text + length, &point)) > 0 && length + step < size)
		length += step;
	if (length == 0)
		return;
	memcpy(field, text, length);
	field[length] = '\0';
}

static void take_tags(struct arena *arena, struct search_typed *typed, const char *text)
{
	struct slice rest = slice_of(text);

	while (rest.data && typed->tag_count < SEARCH_TAGS_MAX) {
		struct slice tag = slice_trim(slice_cut(&rest, ','));

		if (tag.length == 0)
			continue;
		take_text(typed->tags[typed->tag_count], sizeof(typed->tags[0]),
			  arena_strndup(arena, tag.data, tag.length));
		typed->tag_count++;
	}
}

/* "2025-03-14", in UTC. */
static void take_day(struct arena *arena, int64_t *field, const char *text)
{
	int64_t time;

	if (strlen(text) == 10 && clock_parse(arena_printf(arena, "%sT00:00:00", text), &time))
		*field = time;
}

static void read_filters(struct request *request, struct search_asked *asked)
{
	const struct http_request *http = request->http;
	struct arena *arena = request->ctx.arena;
	struct search_typed *typed = &asked->typed;
	int state = find_word(states, ARRAY_COUNT(states), http_parameter(http, "state"));

	take_text(typed->category, sizeof(typed->category), http_parameter(http, "category"));
	take_text(typed->author, sizeof(typed->author), http_parameter(http, "author"));
	take_tags(arena, typed, http_parameter(http, "tags"));
	take_day(arena, &typed->after, http_parameter(http, "after"));
	take_day(arena, &typed->before, http_parameter(http, "before"));
	if (state)
		typed->state = (enum search_state)state;
	if (strcmp(http_parameter(http, "mine"), "1") == 0)
		typed->is_mine = true;
	if (i18n_is_supported(http_parameter(http, "lang")))
		take_text(typed->language, sizeof(typed->language), http_parameter(http, "lang"));
}

/* Only a word of the index's kind: it comes back in the page's links. */
static const char *read_source(const struct request *request)
{
	const char *source = http_parameter(request->http, "source");
	size_t length = strspn(source, "abcdefghijklmnopqrstuvwxyz_-");

	return length < sizeof(((struct search_facet *)0)->name) && !source[length] ? source : "";
}

static void read_kind(const struct request *request, struct search_asked *asked)
{
	const char *word = http_parameter(request->http, "kind");

	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
		if (strcmp(kinds[i], word) == 0) {
			asked->has_kind = true;
			asked->kind = (enum search_kind)i;
		}
}

enum err search_asked_read(struct request *request, struct search_asked *out)
{
	const char *typed;

	*out = (struct search_asked){ .source = read_source(request) };
	TRY(query_number(request, "page", 1, &out->page));
	if (out->page > SEARCH_PAGES_MAX)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL,
			    _("Only the first %s results can be looked through. Add a word or a "
			      "filter, and what you need comes nearer."),
			    i18n_number(request->ctx.arena, SEARCH_OFFSET_MAX));
	TRY(field_line(&request->ctx, "q", http_parameter(request->http, "q"), 0,
		       HTTP_QUERY_MAX_BYTES, &typed));
	search_parse(typed, &out->typed);
	read_filters(request, out);
	read_kind(request, out);
	out->sort = (enum search_sort)find_word(sorts, ARRAY_COUNT(sorts),
						http_parameter(request->http, "sort"));
	return OK;
}

bool search_asked_has_filter(const struct search_asked *asked)
{
	const struct search_typed *typed = &asked->typed;

	return typed->category[0] || typed->tag_count > 0 || typed->author[0] || typed->is_mine ||
	       typed->state != SEARCH_ANY_STATE || typed->language[0] || typed->after ||
	       typed->before || asked->source[0] || asked->has_kind;
}

/* Writing ------------------------------------------------------------------------ */

static void add(struct search_pairs *pairs, const char *name, const char *value)
{
	if (value[0])
		pairs->items[pairs->count++] = (struct search_pair){ name, value };
}

static const char *day_text(struct arena *arena, int64_t time)
{
	struct clock_date date = clock_split(time, 0);

	return time ? arena_printf(arena, "%04d-%02d-%02d", date.year, date.month, date.day) : "";
}

static const char *tags_text(struct arena *arena, const struct search_typed *typed)
{
	struct buf text;

	buf_init(&text, arena, sizeof(typed->tags) + SEARCH_TAGS_MAX);
	for (size_t i = 0; i < typed->tag_count; i++) {
		if (i > 0)
			buf_char(&text, ',');
		buf_text(&text, typed->tags[i]);
	}
	return text.data;
}

struct search_pairs search_asked_pairs(struct arena *arena, const struct search_asked *asked)
{
	const struct search_typed *typed = &asked->typed;
	struct search_pairs pairs = {
		.items = arena_array_of(arena, SEARCH_PAIRS_MAX, struct search_pair),
	};

	add(&pairs, "category", typed->category);
	add(&pairs, "tags", tags_text(arena, typed));
	add(&pairs, "author", typed->author);
	add(&pairs, "mine", typed->is_mine ? "1" : "");
	add(&pairs, "state", states[typed->state]);
	add(&pairs, "lang", typed->language);
	add(&pairs, "after", day_text(arena, typed->after));
	add(&pairs, "before", day_text(arena, typed->before));
	add(&pairs, "source", asked->source);
	add(&pairs, "kind", asked->has_kind ? kinds[asked->kind] : "");
	add(&pairs, "sort", sorts[asked->sort]);
	return pairs;
}

const char *search_asked_path(struct arena *arena, const struct search_asked *asked)
{
	struct search_pairs pairs = search_asked_pairs(arena, asked);
	struct buf path;

	buf_init(&path, arena, PATH_MAX_BYTES);
	buf_text(&path, "/search?q=");
	buf_url(&path, asked->typed.words);
	for (size_t i = 0; i < pairs.count; i++) {
		buf_printf(&path, "&%s=", pairs.items[i].name);
		buf_url(&path, pairs.items[i].value);
	}
	if (asked->page > 1)
		buf_printf(&path, "&page=%lld", (long long)asked->page);
	return path.data;
}

static int64_t year_begins(int64_t year)
{
	char text[sizeof("2025-01-01T00:00:00")];
	int64_t time = 0;

	if (year < 1970 || year > 9998)
		return 0;
	(void)snprintf(text, sizeof(text), "%04d-01-01T00:00:00", (int)year);
	return clock_parse(text, &time) ? time : 0;
}

void search_asked_set_year(struct search_asked *asked, int64_t year)
{
	asked->typed.after = year_begins(year);
	asked->typed.before = year_begins(year + 1);
}

int64_t search_asked_year(const struct search_asked *asked)
{
	int64_t year = asked->typed.after ? clock_split(asked->typed.after, 0).year : 0;

	return year && asked->typed.after == year_begins(year) &&
			       asked->typed.before == year_begins(year + 1)
		       ? year
		       : 0;
}
