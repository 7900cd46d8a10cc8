/* A ladder of ranks, as administrators write it. */
#include "fuzz.h"

#include "base/arena.h"
#include "forum/rank.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)4 << 20);
	struct ladder *ladder = arena_new_of(arena, struct ladder);
	struct figures figures = { 0 };
	const char *problem;
	char *text;
	int line;

	if (size > 2 * RANK_TEXT_MAX)
		size = (size_t)2 * RANK_TEXT_MAX;
	text = arena_strndup(arena, (const char *)data, size);
	if (rank_parse(arena, text, ladder, &line, &problem)) {
		must(line == 0 && ladder->count >= 1 && ladder->count <= RANKS_MAX);
		/* Nobody is without a rank, and nobody falls by doing more. */
		must(rank_reached(ladder, &figures) == &ladder->ranks[0]);
		for (int i = 0; i < FIGURE_COUNT; i++)
			figures.of[i] = RANK_NUMBER_MAX;
		must(rank_points(ladder, &figures) >= 0);
		must(rank_reached(ladder, &figures) >= &ladder->ranks[0]);
		for (size_t i = 0; i < ladder->count; i++)
			must(ladder->ranks[i].points >= 0 &&
			     ladder->ranks[i].points <= RANK_NUMBER_MAX);
	} else {
		must(line >= 0 && problem[0] != '\0');
	}
	arena_free(arena);
	return 0;
}
