/*
 * Personal data: the first line is a customer number's pattern, the rest a text.
 * What was replaced is found no more.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "text/personal_data.h"

static const char *const labels[] = { "[a]", "[b]", "[c]", "[d]", "[e]" };

static void check(struct arena *arena, const char *text, const struct personal_rules *rules)
{
	struct personal_find *finds;
	size_t count = personal_data_find(arena, text, rules, &finds), behind = 0;
	const char *out;

	must(count <= PERSONAL_FINDS_MAX);
	for (size_t i = 0; i < count; i++) {
		must(finds[i].start >= behind && finds[i].end > finds[i].start);
		must(finds[i].end <= strlen(text) && finds[i].kind < PERSONAL_KIND_COUNT);
		behind = finds[i].end;
	}
	out = personal_data_replace(arena, text, finds, count, labels);
	must(utf8_is_valid(out, strlen(out)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)16 << 20);
	struct personal_pattern pattern;
	struct personal_rules rules = { .patterns = &pattern };
	char *text;

	if (size < 32000 && utf8_is_valid((const char *)data, size)) {
		char *line = arena_strndup(arena, (const char *)data, size);

		text = strchr(line, '\n');
		if (text) {
			*text++ = '\0';
			rules.pattern_count = personal_pattern_parse(line, &pattern);
			rules.allowed = line;
		}
		check(arena, text ? text : line, &rules);
	}
	arena_free(arena);
	return 0;
}
