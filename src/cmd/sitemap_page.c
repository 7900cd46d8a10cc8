/*
 * One page of the sitemap, as a crawler sees it: its status, its canonical address, and
 * whether it says that it does not want to be found.
 */
#include "cmd/sitemap_parts.h"

#include <strings.h>
#include <unistd.h>

#include "base/slice.h"
#include "base/utf8.h"
#include "net/http_client.h"
#include "text/html_reader.h"

#define PAGE_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define TRIES          3
#define WAIT_MOST      60 /* seconds, of what a Retry-After may ask for */

struct head {
	struct arena *arena;
	const char *canonical; /* the first; NULL */
	bool is_noindex;
};

static bool says_noindex(const char *text)
{
	return text && strcasestr(text, "noindex");
}

static void start(void *data, const char *name, const char **attributes)
{
	struct head *head = data;
	const char *kind, *value;

	if (strcmp(name, "meta") == 0) {
		kind = html_attribute(attributes, "name");
		if (kind && strcasecmp(kind, "robots") == 0 &&
		    says_noindex(html_attribute(attributes, "content")))
			head->is_noindex = true;
	} else if (strcmp(name, "link") == 0 && !head->canonical) {
		kind = html_attribute(attributes, "rel");
		value = html_attribute(attributes, "href");
		if (kind && value && strcasecmp(kind, "canonical") == 0)
			head->canonical = arena_strdup(head->arena, value);
	}
}

static void end(void *data, const char *name)
{
	(void)data;
	(void)name;
}

static void text(void *data, const char *words, size_t length)
{
	(void)data;
	(void)words;
	(void)length;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of an address, "%C3" or as it stands. */
static unsigned char next_byte(const char **at)
{
	const char *here = *at;

	if (here[0] == '%' && hex_digit(here[1]) >= 0 && hex_digit(here[2]) >= 0) {
		*at += 3;
		return (unsigned char)(hex_digit(here[1]) * 16 + hex_digit(here[2]));
	}
	*at += 1;
	return (unsigned char)here[0];
}

/* However they are written: other scripts stand in pages as they are. */
static bool is_same_address(const char *one, const char *other)
{
	while (*one && *other)
		if (next_byte(&one) != next_byte(&other))
			return false;
	return !*one && !*other;
}

/* A site under load, or its rates: asked again when it said. */
static void ask(struct ctx *ctx, const char *address, struct http_fetched *out)
{
	const struct http_fetch fetch = {
		.url = address,
		.max_bytes = PAGE_MAX_BYTES,
		/* It is our own. */
		.may_be_private = true,
	};

	for (int i = 0; i < TRIES; i++) {
		const char *wanted;
		int64_t seconds = 1;

		http_fetch(ctx, &fetch, out);
		if (out->outcome != FETCH_ANSWERED || (out->status != 429 && out->status != 503) ||
		    i + 1 == TRIES)
			return;
		wanted = http_fetched_header(out, "Retry-After");
		if (wanted)
			(void)text_to_i64(wanted, &seconds);
		sleep((unsigned)(seconds < 1 ? 1 : seconds > WAIT_MOST ? WAIT_MOST : seconds));
	}
}

static const char *head_problem(struct ctx *ctx, const char *address,
				const struct http_fetched *answer)
{
	struct head head = { .arena = ctx->arena };
	const struct html_handler handler = {
		.start = start, .end = end, .text = text, .data = &head, .is_complete = true
	};

	if (!utf8_is_valid(answer->body, answer->length) ||
	    html_read(ctx, answer->body, PAGE_MAX_BYTES, &handler) != OK)
		return "its HTML cannot be read";
	if (head.is_noindex || says_noindex(http_fetched_header(answer, "X-Robots-Tag")))
		return "says noindex";
	if (!head.canonical)
		return "names no canonical address";
	if (!is_same_address(head.canonical, address))
		return arena_printf(ctx->arena, "is not canonical: that is %s", head.canonical);
	return NULL;
}

const char *sitemap_page_problem(struct ctx *ctx, const char *address)
{
	struct http_fetched answer;
	const char *where;

	ask(ctx, address, &answer);
	if (answer.outcome != FETCH_ANSWERED)
		return answer.problem ? answer.problem : "does not answer";
	if (answer.status != 200) {
		where = http_fetched_header(&answer, "Location");
		return arena_printf(ctx->arena, "answers %d%s%s", answer.status,
				    where ? ", to " : "", where ? where : "");
	}
	return head_problem(ctx, address, &answer);
}
