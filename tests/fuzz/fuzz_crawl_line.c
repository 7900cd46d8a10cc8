/* A line of nginx's lean log: hostile bytes in, or something that makes sense. */
#include "fuzz.h"

#include <arpa/inet.h>

#include "base/clock.h"
#include "http/crawl_line.h"

static void must_make_sense(const struct crawl_line *line)
{
	uint8_t bytes[16];

	must(line->at > 0 && line->at < INT64_C(4200000000) * CLOCK_SECOND);
	must(line->status >= 200 && line->status <= 599);
	must(line->bytes >= 0 && line->id >= 0);
	must(line->kind >= 0 && line->kind < CRAWL_KIND_COUNT);
	must(line->id == 0 || line->kind == CRAWL_TOPIC || line->kind == CRAWL_ARTICLE);
	must(crawl_answer_of(line->status) < CRAWL_ANSWER_COUNT);
	/* Of people, nothing; of crawlers, an address that PostgreSQL takes. */
	must((line->crawler == NULL) == (line->address[0] == '\0'));
	if (line->crawler)
		must(inet_pton(AF_INET, line->address, bytes) == 1 ||
		     inet_pton(AF_INET6, line->address, bytes) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = slice_make((const char *)data, size);

	while (rest.length > 0) {
		struct slice text = slice_cut(&rest, '\n');
		struct crawl_line line;

		if (!crawl_line_read(text, &line))
			continue;
		must(text.length <= CRAWL_LINE_MAX);
		must_make_sense(&line);
	}
	return 0;
}
