/*
 * The difference between two texts, for people. Myers' greedy O(ND) search over
 * tokens, with what both texts begin and end with taken off first. Where it would
 * cost too much, the tokens are lines instead of words, and in the end the whole.
 *
 * Working memory (at most 3 MB) is an arena of its own, so that a page with
 * twenty revisions does not keep twenty of them.
 */
#include "text/diff.h"

#define WORK_MAX_BYTES ((size_t)8 * 1024 * 1024)

struct token {
	const char *text;
	size_t length;
	uint32_t hash;
	bool is_kept;
};

struct tokens {
	struct token *list;
	size_t count;
};

struct run_list {
	struct arena *arena;
	struct diff_run *runs;
	size_t count;
};

/* Bytes of UTF-8 beyond ASCII count as letters. */
static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* A run of letters and digits, a run of spaces, or one other character. */
static size_t word_length(const char *text)
{
	size_t length = 0;

	if (is_word_byte(*text)) {
		while (is_word_byte(text[length]))
			length++;
		return length;
	}
	return *text == ' ' ? strspn(text, " ") : 1;
}

static size_t line_length(const char *text)
{
	size_t length = strcspn(text, "\n");

	return text[length] ? length + 1 : length;
}

static uint32_t hash_of(const char *text, size_t length)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (uint32_t)(((uint64_t)hash ^ (unsigned char)text[i]) * 16777619u);
	return hash;
}

/* False when there are more than DIFF_WORDS_MAX. */
static bool tokens_cut(struct tokens *tokens, struct arena *arena, const char *text,
		       size_t (*length_of)(const char *))
{
	size_t count = 0;

	for (const char *c = text; *c; c += length_of(c)) {
		if (++count > DIFF_WORDS_MAX)
			return false;
	}
	tokens->list = arena_array_of(arena, count, struct token);
	tokens->count = count;
	for (size_t i = 0; i < count; i++) {
		size_t length = length_of(text);

		tokens->list[i] = (struct token){
			.text = text,
			.length = length,
			.hash = hash_of(text, length),
		};
		text += length;
	}
	return true;
}

static bool is_same(const struct token *a, const struct token *b)
{
	return a->hash == b->hash && a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

/*
 * rows[d] holds, for each diagonal k from -d to d, the furthest place x in
 * `before` that d changes reach (k = x - y, y the place in `after`). It fits in
 * 16 bits: at most DIFF_WORDS_MAX + DIFF_CHANGES_MAX.
 */
struct search {
	const struct token *before, *after;
	int before_count, after_count;
	int16_t **rows;
};

static int furthest(const struct search *search, int d, int k)
{
	return search->rows[d][k + d];
}

/* Whether the best way to (d, k) was to add a token, not to remove one. */
static bool came_by_adding(const struct search *search, int d, int k)
{
	if (k == -d)
		return true;
	return k != d && furthest(search, d - 1, k - 1) < furthest(search, d - 1, k + 1);
}

/* Where d changes start on diagonal k, before following what is the same. */
static int first_place(const struct search *search, int d, int k)
{
	if (d == 0)
		return 0;
	return came_by_adding(search, d, k) ? furthest(search, d - 1, k + 1)
					    : furthest(search, d - 1, k - 1) + 1;
}

static int follow_same(const struct search *search, int x, int k)
{
	while (x < search->before_count && x - k < search->after_count &&
	       is_same(&search->before[x], &search->after[x - k]))
		x++;
	return x;
}

/* The least number of changes; -1 if there are more than DIFF_CHANGES_MAX. */
static int search_run(struct search *search, struct arena *work)
{
	search->rows = arena_array_of(work, DIFF_CHANGES_MAX + 1, int16_t *);
	for (int d = 0; d <= DIFF_CHANGES_MAX; d++) {
		search->rows[d] = arena_array_of(work, 2 * (size_t)d + 1, int16_t);
		for (int k = -d; k <= d; k += 2) {
			int x = follow_same(search, first_place(search, d, k), k);

			search->rows[d][k + d] = (int16_t)x;
			if (x >= search->before_count && x - k >= search->after_count)
				return d;
		}
	}
	return -1;
}

/* Goes back from the end and marks the tokens that stay. */
static void mark_kept(const struct search *search, int d, struct token *before, struct token *after)
{
	int k = search->before_count - search->after_count;
	int x = search->before_count;

	for (; d >= 0; d--) {
		int start = first_place(search, d, k);

		for (x--; x >= start; x--) {
			before[x].is_kept = true;
			after[x - k].is_kept = true;
		}
		if (d == 0)
			return;
		k += came_by_adding(search, d, k) ? 1 : -1;
		x = furthest(search, d - 1, k);
	}
}

/* Finds what stays; false if that would cost too much. */
static bool tokens_compare(struct tokens *before, struct tokens *after, struct arena *work)
{
	size_t start = 0, end = 0;
	size_t shorter = before->count < after->count ? before->count : after->count;
	struct search search;
	int changes;

	while (start < shorter && is_same(&before->list[start], &after->list[start])) {
		before->list[start].is_kept = after->list[start].is_kept = true;
		start++;
	}
	while (end < shorter - start && is_same(&before->list[before->count - 1 - end],
						&after->list[after->count - 1 - end])) {
		end++;
		before->list[before->count - end].is_kept = true;
		after->list[after->count - end].is_kept = true;
	}
	search = (struct search){
		.before = before->list + start,
		.before_count = (int)(before->count - start - end),
		.after = after->list + start,
		.after_count = (int)(after->count - start - end),
	};
	changes = search_run(&search, work);
	if (changes < 0)
		return false;
	mark_kept(&search, changes, before->list + start, after->list + start);
	return true;
}

/*
 * A lone space between two changes would cut "red car" → "blue bus" into four
 * pieces; it goes along with them.
 */
static void join_changes(struct tokens *before, struct tokens *after)
{
	size_t a = 0;

	for (size_t b = 0; b < before->count; b++) {
		bool is_lone;

		if (!before->list[b].is_kept)
			continue;
		while (!after->list[a].is_kept)
			a++;
		is_lone = *before->list[b].text == ' ' && b > 0 && b + 1 < before->count && a > 0 &&
			  a + 1 < after->count && !before->list[b - 1].is_kept &&
			  !before->list[b + 1].is_kept && !after->list[a - 1].is_kept &&
			  !after->list[a + 1].is_kept;
		if (is_lone)
			before->list[b].is_kept = after->list[a].is_kept = false;
		a++;
	}
}

/* The bytes between two tokens of the same text; nothing if they are the same. */
static void run_add(struct run_list *list, enum diff_kind kind, const struct tokens *tokens,
		    size_t first, size_t end)
{
	const struct token *last;
	const char *start;

	if (first == end)
		return;
	last = &tokens->list[end - 1];
	start = tokens->list[first].text;
	list->runs[list->count++] = (struct diff_run){
		.kind = kind,
		.text = arena_strndup(list->arena, start,
				      (size_t)(last->text - start) + last->length),
	};
}

static bool is_kept(const struct tokens *tokens, size_t place)
{
	return place < tokens->count && tokens->list[place].is_kept;
}

static size_t skip_changed(const struct tokens *tokens, size_t place)
{
	while (place < tokens->count && !tokens->list[place].is_kept)
		place++;
	return place;
}

static void runs_build(struct run_list *list, const struct tokens *before,
		       const struct tokens *after)
{
	size_t b = 0, a = 0;

	list->runs = arena_array_of(list->arena, before->count + after->count, struct diff_run);
	while (b < before->count || a < after->count) {
		size_t from_b = b, from_a;

		while (is_kept(before, b) && is_kept(after, a)) {
			b++;
			a++;
		}
		run_add(list, DIFF_KEPT, before, from_b, b);
		from_b = b;
		b = skip_changed(before, b);
		run_add(list, DIFF_REMOVED, before, from_b, b);
		from_a = a;
		a = skip_changed(after, a);
		run_add(list, DIFF_ADDED, after, from_a, a);
	}
}

/* The tokens by words, else by lines, else one each. */
static void cut_and_compare(struct arena *work, const char *before_text, const char *after_text,
			    struct tokens *before, struct tokens *after)
{
	static size_t (*const lengths[])(const char *) = { word_length, line_length };

	for (size_t i = 0; i < ARRAY_COUNT(lengths); i++) {
		if (tokens_cut(before, work, before_text, lengths[i]) &&
		    tokens_cut(after, work, after_text, lengths[i]) &&
		    tokens_compare(before, after, work))
			return;
		arena_reset(work);
	}
	(void)tokens_cut(before, work, before_text, strlen);
	(void)tokens_cut(after, work, after_text, strlen);
}

size_t diff_words(struct arena *arena, const char *before_text, const char *after_text,
		  struct diff_run **out)
{
	struct arena *work = arena_new(WORK_MAX_BYTES);
	struct run_list list = { .arena = arena };
	struct tokens before, after;

	cut_and_compare(work, before_text, after_text, &before, &after);
	join_changes(&before, &after);
	runs_build(&list, &before, &after);
	arena_free(work);
	*out = list.runs;
	return list.count;
}
