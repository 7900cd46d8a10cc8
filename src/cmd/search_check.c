/*
 * entraide search check: the index beside the database, some at a time: each visible
 * topic and public article is looked for in the index, then each document of the index in
 * the database.
 * What is marked is left alone, as it is going to change.
 */
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/search_parts.h"
#include "forum/index_state.h"
#include "forum/indexing.h"

/* Of each kind of difference, how many are named. */
#define NAMED_MOST 20

enum difference { MISSING, STALE, LEFT_OVER, DIFFERENCES };

static const char *const difference_texts[DIFFERENCES] = {
	[MISSING] = "missing", [STALE] = "stale", [LEFT_OVER] = "left over"
};

#define KINDS (SEARCH_ARTICLE + 1)

static const struct {
	const char *noun, *nouns;
	enum err (*stamps_after)(struct ctx *, int64_t, struct index_stamp *, size_t *);
	enum err (*hidden)(struct ctx *, const int64_t *, size_t, int64_t *, size_t *);
	enum err (*mark)(struct ctx *, const int64_t *, size_t);
} kinds[KINDS] = {
	[SEARCH_TOPIC] = { "topic", "topics", index_stamps_after, index_hidden, index_mark_topics },
	[SEARCH_ARTICLE] = { "article", "articles", index_article_stamps_after,
			     index_articles_hidden, index_mark_articles },
};

struct checking {
	struct command_session *session;
	struct search_reader *reader;
	struct arena *arena; /* emptied after each page */
	struct progress progress;
	bool is_repairing;
	enum search_kind kind; /* that is being compared */
	int64_t looked_at[KINDS], counts[KINDS][DIFFERENCES];
	int64_t named[KINDS][DIFFERENCES][NAMED_MOST];
	enum search_result result; /* of the index */
};

static struct ctx inner_context(const struct checking *checking)
{
	struct ctx inner = checking->session->ctx;

	inner.arena = checking->arena;
	return inner;
}

static void name(struct checking *checking, enum difference difference, int64_t id)
{
	int64_t count = checking->counts[checking->kind][difference]++;

	if (count < NAMED_MOST)
		checking->named[checking->kind][difference][count] = id;
}

static enum err repair(struct checking *checking, struct ctx *ctx, const int64_t *ids, size_t count)
{
	return checking->is_repairing && count > 0 ? kinds[checking->kind].mark(ctx, ids, count)
						   : OK;
}

/* From the database to the index ---------------------------------------------------- */

static enum err compare_page(struct checking *checking, struct ctx *ctx,
			     const struct index_stamp *stamps, size_t count)
{
	int64_t ids[INDEX_STAMPS], wrong[INDEX_STAMPS];
	struct search_entry *entries = arena_array_of(ctx->arena, count, struct search_entry);
	bool is_there[INDEX_STAMPS];
	size_t wrong_count = 0;

	for (size_t i = 0; i < count; i++)
		ids[i] = stamps[i].id;
	checking->result = search_find_entries(checking->reader, checking->kind, ids, count,
					       entries, is_there);
	for (size_t i = 0; i < count && checking->result == SEARCH_OK; i++) {
		if (stamps[i].is_marked || (is_there[i] && entries[i].stamp == stamps[i].stamp))
			continue;
		name(checking, is_there[i] ? STALE : MISSING, ids[i]);
		wrong[wrong_count++] = ids[i];
	}
	return repair(checking, ctx, wrong, wrong_count);
}

static enum err compare_kind(struct checking *checking)
{
	struct index_stamp stamps[INDEX_STAMPS];
	int64_t after_id = 0;
	size_t count;

	do {
		struct ctx ctx = inner_context(checking);
		enum err result = kinds[checking->kind].stamps_after(&ctx, after_id, stamps,
								     &count);
		if (result == OK && count > 0)
			result = compare_page(checking, &ctx, stamps, count);
		if (result != OK)
			return fail_log(&checking->session->ctx, result, "comparing %s",
					kinds[checking->kind].nouns);
		after_id = count > 0 ? stamps[count - 1].id : 0;
		checking->looked_at[checking->kind] += (int64_t)count;
		progress_show(&checking->progress, checking->looked_at[SEARCH_TOPIC] +
							   checking->looked_at[SEARCH_ARTICLE]);
		arena_reset(checking->arena);
	} while (count > 0 && checking->result == SEARCH_OK);
	return OK;
}

/* From the index to the database ---------------------------------------------------- */

static enum err find_left_over(struct checking *checking, const struct search_entry *entries,
			       size_t count)
{
	struct ctx ctx = inner_context(checking);
	int64_t ids[INDEX_STAMPS], hidden[INDEX_STAMPS];
	size_t id_count = 0, hidden_count;

	for (size_t i = 0; i < count; i++)
		if (entries[i].kind == checking->kind)
			ids[id_count++] = entries[i].id;
	TRY(kinds[checking->kind].hidden(&ctx, ids, id_count, hidden, &hidden_count));
	for (size_t i = 0; i < hidden_count; i++)
		name(checking, LEFT_OVER, hidden[i]);
	return repair(checking, &ctx, hidden, hidden_count);
}

static enum err find_left_over_of(struct checking *checking, enum search_kind kind,
				  const struct search_entry *entries, size_t count)
{
	checking->kind = kind;
	return find_left_over(checking, entries, count);
}

static enum err compare_documents(struct checking *checking)
{
	struct search_entry entries[INDEX_STAMPS];
	uint32_t cursor = 0;
	size_t count = 1;

	while (count > 0) {
		checking->result = search_entries(checking->reader, &cursor, entries, INDEX_STAMPS,
						  &count);
		if (checking->result != SEARCH_OK)
			return OK;
		if (find_left_over_of(checking, SEARCH_TOPIC, entries, count) != OK ||
		    find_left_over_of(checking, SEARCH_ARTICLE, entries, count) != OK)
			return fail_log(&checking->session->ctx, ERR_UNAVAILABLE,
					"comparing documents");
		arena_reset(checking->arena);
	}
	return OK;
}

/* The report ------------------------------------------------------------------------- */

static void print_named(const struct checking *checking, enum search_kind kind,
			enum difference difference)
{
	int64_t count = checking->counts[kind][difference];

	for (int64_t i = 0; i < count && i < NAMED_MOST; i++) {
		if (i == 0)
			printf(": %s ", kinds[kind].noun);
		else
			printf(", ");
		printf("%lld", (long long)checking->named[kind][difference][i]);
	}
	if (count > NAMED_MOST)
		printf(" …");
}

static void print_difference(const struct checking *checking, enum difference difference)
{
	int64_t sum = 0;

	for (int kind = 0; kind < KINDS; kind++)
		sum += checking->counts[kind][difference];
	printf("%-10s %lld", difference_texts[difference], (long long)sum);
	for (int kind = 0; kind < KINDS; kind++)
		print_named(checking, (enum search_kind)kind, difference);
	puts("");
}

static bool report(const struct checking *checking, const struct index_state *state)
{
	int64_t sum = 0;

	printf("topics     %lld\n", (long long)checking->looked_at[SEARCH_TOPIC]);
	printf("articles   %lld\n", (long long)checking->looked_at[SEARCH_ARTICLE]);
	printf("marked     %lld\n", (long long)state->marks);
	for (int i = 0; i < DIFFERENCES; i++) {
		print_difference(checking, (enum difference)i);
		sum += checking->counts[SEARCH_TOPIC][i] + checking->counts[SEARCH_ARTICLE][i];
	}
	if (sum > 0 && checking->is_repairing)
		puts("they are marked: the worker puts them right");
	return sum == 0 || checking->is_repairing;
}

static enum err compare(struct checking *checking, struct index_state *state)
{
	TRY(index_state_load(&checking->session->ctx, state));
	for (int kind = 0; kind < KINDS && checking->result == SEARCH_OK; kind++) {
		checking->kind = (enum search_kind)kind;
		TRY(compare_kind(checking));
	}
	if (checking->result == SEARCH_OK)
		TRY(compare_documents(checking));
	return OK;
}

static int run_check(struct checking *checking)
{
	struct command_session *session = checking->session;
	struct index_state state;
	enum err result;
	bool is_fine;

	progress_begin(&checking->progress, "search check", 0);
	result = compare(checking, &state);
	progress_end(&checking->progress);
	/* It holds results of the connection that is closed below. */
	arena_reset(checking->arena);
	if (result != OK)
		return command_failed(session, result);
	if (checking->result != SEARCH_OK)
		return search_command_failed(session, checking->result);
	is_fine = report(checking, &state);
	command_close(session);
	return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

int search_check(int argc, char **argv)
{
	static const char *const known[] = { "repair", NULL };
	struct command_session session;
	struct checking checking = { .session = &session };
	struct options options;
	int status;

	if (!options_read(&options, known, argc - 1, argv + 1) || options.rest_count > 0) {
		fprintf(stderr, "entraide search check: %s; see entraide search --help\n",
			options.message);
		return EXIT_FAILURE;
	}
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	checking.is_repairing = options_is_set(&options, "repair");
	checking.result = search_reader_open(session.config.search.index_dir, &checking.reader);
	if (checking.result != SEARCH_OK)
		return search_command_failed(&session, checking.result);
	checking.arena = arena_new((size_t)64 << 20);
	status = run_check(&checking);
	arena_free(checking.arena);
	search_reader_close(checking.reader);
	return status;
}
