/*
 * Reading a line. The agent stands last but one and between quotes, which nginx writes as
 * \x22 inside of it; so quotes and spaces mean what they seem to.
 */
#include "http/crawl_line.h"

#include <arpa/inet.h>

#include "base/clock.h"

#define AGENT_MAX    1600
/* 2020 and 2100, in seconds: what is outside was no clock. */
#define SECOND_LEAST ((int64_t)1577836800)
#define SECOND_MOST  ((int64_t)4102444800)
#define BYTES_MOST   ((int64_t)1 << 50)

static const char *const kinds[CRAWL_KIND_COUNT] = {
	[CRAWL_TOPIC] = "topic",   [CRAWL_ARTICLE] = "article", [CRAWL_LIST] = "list",
	[CRAWL_PERSON] = "person", [CRAWL_FEED] = "feed",       [CRAWL_SITEMAP] = "sitemap",
	[CRAWL_ROBOTS] = "robots", [CRAWL_SEARCH] = "search",   [CRAWL_API] = "api",
	[CRAWL_FILE] = "file",     [CRAWL_OTHER] = "other",
};

static const char *const answers[CRAWL_ANSWER_COUNT] = {
	[CRAWL_OK] = "ok",     [CRAWL_SAME] = "same",       [CRAWL_MOVED] = "moved",
	[CRAWL_GONE] = "gone", [CRAWL_REFUSED] = "refused", [CRAWL_FAILED] = "failed",
	[CRAWL_ODD] = "odd",
};

/* The first word of an address, as the map in nginx/http.conf cuts it. */
static const struct {
	const char *place;
	enum crawl_kind kind;
} places[] = {
	{ "/", CRAWL_LIST },           { "/questions", CRAWL_LIST }, { "/c", CRAWL_LIST },
	{ "/tag", CRAWL_LIST },        { "/tags", CRAWL_LIST },      { "/kb", CRAWL_LIST },
	{ "/ideas", CRAWL_LIST },      { "/u", CRAWL_PERSON },       { "/feed", CRAWL_FEED },
	{ "/sitemap", CRAWL_SITEMAP }, { "/robots", CRAWL_ROBOTS },  { "/search", CRAWL_SEARCH },
	{ "/api", CRAWL_API },         { "/static", CRAWL_FILE },    { "/theme", CRAWL_FILE },
	{ "/media", CRAWL_FILE },      { "/files", CRAWL_FILE },     { "/cards", CRAWL_FILE },
	{ "/favicon", CRAWL_FILE },    { "/brand", CRAWL_FILE },
};

const char *crawl_kind_text(enum crawl_kind kind)
{
	return kinds[kind];
}

bool crawl_kind_from_text(const char *text, enum crawl_kind *out)
{
	for (int i = 0; i < CRAWL_KIND_COUNT; i++) {
		*out = (enum crawl_kind)i;
		if (strcmp(kinds[i], text) == 0)
			return true;
	}
	*out = CRAWL_OTHER;
	return false;
}

const char *crawl_answer_text(enum crawl_answer answer)
{
	return answers[answer];
}

enum crawl_answer crawl_answer_of(int status)
{
	switch (status) {
	case 304:
		return CRAWL_SAME;
	case 404:
	case 410:
		return CRAWL_GONE;
	case 403:
	case 429:
		return CRAWL_REFUSED;
	default:
		break;
	}
	if (status >= 500)
		return CRAWL_FAILED;
	if (status >= 400)
		return CRAWL_ODD;
	return status >= 300 ? CRAWL_MOVED : CRAWL_OK;
}

/* Fields ------------------------------------------------------------------------------- */

/* Digits alone: no sign, no space. */
static bool read_number(struct slice field, int64_t most, int64_t *out)
{
	for (size_t i = 0; i < field.length; i++)
		if (field.data[i] < '0' || field.data[i] > '9')
			return false;
	return field.length <= 18 && slice_to_i64(field, out) && *out <= most;
}

/* "1795440313.123" */
static bool read_time(struct slice field, int64_t *out)
{
	struct slice rest = field, seconds = slice_cut(&rest, '.');
	int64_t second, millisecond;

	if (!rest.data || rest.length != 3 || !read_number(seconds, SECOND_MOST, &second) ||
	    second < SECOND_LEAST || !read_number(rest, 999, &millisecond))
		return false;
	*out = second * CLOCK_SECOND + millisecond * (CLOCK_SECOND / 1000);
	return true;
}

static bool read_method(struct slice field, bool *is_get)
{
	if (field.length == 0 || field.length > 16)
		return false;
	for (size_t i = 0; i < field.length; i++)
		if ((field.data[i] < 'A' || field.data[i] > 'Z') && field.data[i] != '-' &&
		    field.data[i] != '_')
			return false;
	*is_get = slice_is(field, "GET");
	return true;
}

static bool read_status(struct slice field, int *out)
{
	int64_t status;

	if (field.length != 3 || !read_number(field, 599, &status) || status < 200)
		return false;
	*out = (int)status;
	return true;
}

static bool read_store(struct slice field, bool *is_kept)
{
	static const char *const kept[] = { "HIT", "STALE", "UPDATING", "REVALIDATED" };
	static const char *const made[] = { "-", "MISS", "BYPASS", "EXPIRED" };

	for (size_t i = 0; i < ARRAY_COUNT(kept); i++)
		if (slice_is(field, kept[i])) {
			*is_kept = true;
			return true;
		}
	*is_kept = false;
	for (size_t i = 0; i < ARRAY_COUNT(made); i++)
		if (slice_is(field, made[i]))
			return true;
	return false;
}

/* "/t/12", "/kb/12". */
static bool read_thing(struct slice place, struct crawl_line *out)
{
	const char *prefix = slice_starts_with(place, "/t/")    ? "/t/"
			     : slice_starts_with(place, "/kb/") ? "/kb/"
								: NULL;
	size_t length = prefix ? strlen(prefix) : 0;

	if (!prefix || place.length == length ||
	    !read_number(slice_make(place.data + length, place.length - length), INT64_MAX,
			 &out->id))
		return false;
	out->kind = prefix[1] == 't' ? CRAWL_TOPIC : CRAWL_ARTICLE;
	return true;
}

static bool read_place(struct slice field, struct crawl_line *out)
{
	out->kind = CRAWL_OTHER;
	out->id = 0;
	if (slice_is(field, "-") || read_thing(field, out))
		return true;
	if (field.length == 0 || field.data[0] != '/')
		return false;
	for (size_t i = 1; i < field.length; i++)
		if (field.data[i] < 'a' || field.data[i] > 'z')
			return false;
	for (size_t i = 0; i < ARRAY_COUNT(places); i++)
		if (slice_is(field, places[i].place))
			out->kind = places[i].kind;
	return true;
}

static bool read_address(struct slice field, char out[CRAWL_ADDRESS_MAX + 1])
{
	uint8_t bytes[16];

	if (field.length == 0 || field.length > CRAWL_ADDRESS_MAX)
		return false;
	memcpy(out, field.data, field.length);
	out[field.length] = '\0';
	return strlen(out) == field.length &&
	       (inet_pton(AF_INET, out, bytes) == 1 || inet_pton(AF_INET6, out, bytes) == 1);
}

/* What follows the place: "AGENT" ADDRESS. */
static bool read_who(struct slice rest, struct crawl_line *out)
{
	struct slice agent;

	out->crawler = NULL;
	out->address[0] = '\0';
	if (rest.length < 2 || rest.data[0] != '"')
		return false;
	rest = slice_make(rest.data + 1, rest.length - 1);
	agent = slice_cut(&rest, '"');
	if (!rest.data || agent.length > AGENT_MAX || rest.length < 2 || rest.data[0] != ' ')
		return false;
	rest = slice_make(rest.data + 1, rest.length - 1);
	if (slice_is(agent, "-"))
		return slice_is(rest, "-");
	/* What gives it away may stand beyond what is logged of its name. */
	out->crawler = crawler_of(agent.data, agent.length);
	if (!out->crawler)
		out->crawler = crawler_find("unknown-bot");
	return read_address(rest, out->address);
}

/* Printable ASCII: nginx writes all else as \xHH. */
static bool is_clean(struct slice line)
{
	for (size_t i = 0; i < line.length; i++)
		if (line.data[i] < 0x20 || line.data[i] > 0x7e)
			return false;
	return true;
}

bool crawl_line_read(struct slice line, struct crawl_line *out)
{
	struct slice rest = line;

	*out = (struct crawl_line){ .kind = CRAWL_OTHER };
	if (line.length > CRAWL_LINE_MAX || !is_clean(line))
		return false;
	return read_time(slice_cut(&rest, ' '), &out->at) &&
	       read_method(slice_cut(&rest, ' '), &out->is_get) &&
	       read_status(slice_cut(&rest, ' '), &out->status) &&
	       read_number(slice_cut(&rest, ' '), BYTES_MOST, &out->bytes) &&
	       read_store(slice_cut(&rest, ' '), &out->is_kept) &&
	       read_place(slice_cut(&rest, ' '), out) && rest.data && read_who(rest, out);
}
