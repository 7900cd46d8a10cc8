/*
 * Tokens and the combination of their probabilities (Robinson, "A statistical approach
 * to the spam problem", 2003; SpamBayes' chi2Q). Both tails are weighed, so a text that
 * speaks for both, or for nothing, comes out near one half.
 */
#include "text/spam_score.h"

#include <math.h>

#include "text/shingles.h"
#include "text/word_fold.h"

/* SpamBayes' defaults: belief without data, and how much of it there is. */
#define UNKNOWN_PROBABILITY 0.5
#define UNKNOWN_STRENGTH    0.45
/* A token this near to one half is left out. */
#define STRENGTH_MIN        0.1
#define TOKEN_BYTES_MAX     40

struct tokens {
	struct arena *arena;
	int64_t *items;
	size_t count;
};

static void add(struct tokens *tokens, char kind, const char *bytes, size_t length)
{
	char token[2 * TOKEN_BYTES_MAX + 4];
	size_t kept = length < sizeof(token) - 1 ? length : sizeof(token) - 1;

	if (tokens->count == SPAM_TOKENS_MAX)
		return;
	token[0] = kind;
	memcpy(token + 1, bytes, kept);
	tokens->items[tokens->count++] = shingles_hash(token, kept + 1);
}

/* Words of two letters and more, and pairs of neighbours; kind parts title from text. */
static void add_words(struct tokens *tokens, char kind, const char *text)
{
	struct word_fold fold;
	size_t before = 0, start = 1;

	word_fold(tokens->arena, text, WORDS_PLAIN, &fold);
	for (size_t i = 1; i < fold.length; i++) {
		if (fold.bytes[i] != ' ')
			continue;
		if (i - start >= 2 && i - start <= TOKEN_BYTES_MAX)
			add(tokens, kind, fold.bytes + start, i - start);
		if (before && i - before <= 2 * (size_t)TOKEN_BYTES_MAX)
			add(tokens, (char)(kind + 1), fold.bytes + before, i - before);
		before = start;
		start = i + 1;
	}
	word_fold(tokens->arena, text, WORDS_DISGUISED, &fold);
	if (word_fold_is_disguised(&fold, 0, fold.length))
		add(tokens, 't', "disguise", 8);
}

/* Hosts of addresses, and how many there are. */
static void add_links(struct tokens *tokens, const char *text)
{
	size_t links = 0;
	char amount[2] = "0";

	for (const char *at = strstr(text, "://"); at; at = strstr(at + 3, "://")) {
		size_t length = strcspn(at + 3, "/?#:) \t\n\"<>]");

		add(tokens, 'h', at + 3, length);
		links++;
	}
	amount[0] = (char)('0' + (links > 3 ? 3 : links));
	add(tokens, 'l', amount, 1);
}

static void add_shouting(struct tokens *tokens, const char *text)
{
	size_t capitals = 0, small = 0, exclamations = 0;

	for (const char *at = text; *at; at++) {
		capitals += *at >= 'A' && *at <= 'Z';
		small += *at >= 'a' && *at <= 'z';
		exclamations += *at == '!';
	}
	if (capitals > 10 && capitals > small)
		add(tokens, 't', "capitals", 8);
	if (exclamations >= 3)
		add(tokens, 't', "exclamations", 12);
}

static int compare(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

size_t spam_tokens(struct arena *arena, const struct spam_text *text, int64_t **out)
{
	struct tokens tokens = { arena, arena_array_of(arena, SPAM_TOKENS_MAX, int64_t), 0 };
	size_t kept = 0;

	add_links(&tokens, text->body);
	add_shouting(&tokens, text->body);
	add_words(&tokens, 'A', text->title);
	add_words(&tokens, 'C', text->body);
	qsort(tokens.items, tokens.count, sizeof(int64_t), compare);
	for (size_t i = 0; i < tokens.count; i++)
		if (kept == 0 || tokens.items[i] != tokens.items[kept - 1])
			tokens.items[kept++] = tokens.items[i];
	*out = tokens.items;
	return kept;
}

/* Robinson's f(w): what was seen, drawn towards one half while it was seen seldom. */
static double probability(const struct spam_count *count, int64_t spam_lessons, int64_t ham_lessons)
{
	double spam = (double)count->spam / (double)spam_lessons;
	double ham = (double)count->ham / (double)ham_lessons;
	double seen = (double)(count->spam + count->ham);

	if (seen <= 0)
		return UNKNOWN_PROBABILITY;
	return (UNKNOWN_STRENGTH * UNKNOWN_PROBABILITY + seen * (spam / (spam + ham))) /
	       (UNKNOWN_STRENGTH + seen);
}

/* The chance that chi-squared with 2·pairs degrees of freedom is at least x. */
static double chi2_tail(double x, size_t pairs)
{
	double half = x / 2, term = exp(-half), sum = term;

	for (size_t i = 1; i < pairs; i++) {
		term *= half / (double)i;
		sum += term;
	}
	return sum < 1 ? sum : 1;
}

static int by_strength(const void *left, const void *right)
{
	double a = fabs(*(const double *)left - 0.5), b = fabs(*(const double *)right - 0.5);

	return (a < b) - (a > b);
}

static double combine(double *chances, size_t count)
{
	double spam = 0, ham = 0;

	qsort(chances, count, sizeof(*chances), by_strength);
	count = count < SPAM_DECIDING_MAX ? count : SPAM_DECIDING_MAX;
	for (size_t i = 0; i < count; i++) {
		spam -= 2 * log(1 - chances[i]);
		ham -= 2 * log(chances[i]);
	}
	spam = 1 - chi2_tail(spam, count);
	ham = 1 - chi2_tail(ham, count);
	return (1 + spam - ham) / 2;
}

double spam_score(const struct spam_count *counts, size_t count, int64_t spam_lessons,
		  int64_t ham_lessons)
{
	double chances[SPAM_TOKENS_MAX];
	size_t kept = 0;

	if (spam_lessons < SPAM_LESSONS_MIN || ham_lessons < SPAM_LESSONS_MIN)
		return UNKNOWN_PROBABILITY;
	for (size_t i = 0; i < count && kept < SPAM_TOKENS_MAX; i++) {
		double chance = probability(&counts[i], spam_lessons, ham_lessons);

		if (fabs(chance - 0.5) >= STRENGTH_MIN)
			chances[kept++] = chance;
	}
	return kept ? combine(chances, kept) : UNKNOWN_PROBABILITY;
}
