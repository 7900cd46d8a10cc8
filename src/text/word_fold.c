/*
 * Words, folded. One pass over the code points; a word is written plainly at first
 * and written again in the disguised reading when its end is known.
 */
#include "text/word_fold.h"

#include "base/utf8.h"
#include "text/letters.h"
#include "text/lookalike.h"
#include "text/slug.h"

/* Shorter words with digits are names of things. */
#define DISGUISE_LETTERS_MIN 3

/* Single letters with at most this between them, "v - i - a", read as one word. */
#define SPELLED_GAP_BYTES   3
#define SPELLED_LETTERS_MIN 4

struct folding {
	struct word_fold *out;
	const char *text;
	enum word_reading reading;
	/* The run of single letters that is open: its first byte in out, where it
	 * ends in the text, how many. */
	size_t spelled_start, spelled_until, spelled_count;
	uint32_t disguise_count;
};

struct word {
	size_t start, end; /* in the text */
	size_t points, letters, signs, lookalikes;
};

static bool is_word_point(uint32_t point)
{
	return letters_is_letter(point) || letters_is_digit(point) || lookalike_letter(point) != 0;
}

/* Signs are letters where a word goes on behind them; "@" and "$" also end one. */
static bool is_sign_in_word(const struct word *word, const char *text, uint32_t point)
{
	uint32_t next;

	if (letters_is_digit(point) || !lookalike_leet(point))
		return false;
	if (word->letters + word->lookalikes > 0 && (point == '@' || point == '$'))
		return true;
	while (utf8_next(text, &next) > 0 && !letters_is_digit(next) && lookalike_leet(next))
		text += utf8_next(text, &next);
	return utf8_next(text, &next) > 0 && is_word_point(next);
}

static void put(struct folding *folding, const char *bytes, size_t count, size_t from, size_t until)
{
	struct word_fold *out = folding->out;

	for (size_t i = 0; i < count; i++, out->length++) {
		out->bytes[out->length] = bytes[i];
		out->from[out->length] = (uint32_t)from;
		out->until[out->length] = (uint32_t)until;
		out->disguises[out->length] = folding->disguise_count;
	}
}

/* One letter of the disguised reading: l is i, as 1 could be either. */
static char skeleton(char letter)
{
	char leet = lookalike_leet((unsigned char)letter);

	if (leet)
		return leet;
	return letter == 'l' ? 'i' : letter;
}

static size_t fold_disguised(char *out, uint32_t point)
{
	char letter = lookalike_leet(point);
	size_t count = 1;

	if (!letter)
		letter = lookalike_letter(point);
	out[0] = letter;
	if (!letter)
		count = text_fold_point(out, point);
	for (size_t i = 0; i < count; i++)
		out[i] = skeleton(out[i]);
	return count;
}

static void measure(struct word *word, uint32_t point)
{
	word->points++;
	if (lookalike_leet(point))
		word->signs++;
	else if (lookalike_letter(point))
		word->lookalikes++;
	else if (letters_is_letter(point))
		word->letters++;
}

static bool is_disguise(const struct word *word)
{
	size_t letters = word->letters + word->lookalikes;

	if (word->points < DISGUISE_LETTERS_MIN || letters < word->signs)
		return false;
	return word->lookalikes > 0 || word->signs > 0;
}

/* In the disguised reading what is no disguise is compared as the lists are. */
static void write_word(struct folding *folding, const struct word *word)
{
	bool is_read_through = folding->reading == WORDS_DISGUISED &&
			       (word->signs == 0 || is_disguise(word));
	char bytes[4];
	uint32_t point;
	size_t step, count;

	folding->disguise_count += folding->reading == WORDS_DISGUISED && is_disguise(word);
	for (size_t at = word->start; at < word->end; at += step) {
		step = utf8_next(folding->text + at, &point);
		if (lookalike_is_invisible(point))
			continue;
		count = is_read_through ? fold_disguised(bytes, point)
					: text_fold_point(bytes, point);
		put(folding, bytes, count, at, at + step);
	}
	folding->out->word_count++;
}

/* The blanks inside a run of single letters go: "v i a g r a " becomes "viagra ". */
static void join_spelled(struct folding *folding)
{
	struct word_fold *out = folding->out;
	size_t to = folding->spelled_start;

	if (folding->spelled_count < SPELLED_LETTERS_MIN)
		return;
	folding->disguise_count++;
	for (size_t i = folding->spelled_start; i < out->length; i++) {
		if (out->bytes[i] == ' ')
			continue;
		out->bytes[to] = out->bytes[i];
		out->from[to] = out->from[i];
		out->until[to] = out->until[i];
		out->disguises[to++] = folding->disguise_count;
	}
	out->length = to;
	put(folding, " ", 1, folding->spelled_until, folding->spelled_until);
}

static void end_spelled(struct folding *folding)
{
	join_spelled(folding);
	folding->spelled_count = 0;
}

static bool is_single_letter(const struct word *word)
{
	return word->points == 1 && word->letters + word->lookalikes == 1;
}

static void add_word(struct folding *folding, const struct word *word)
{
	bool is_spelled = folding->reading == WORDS_DISGUISED && is_single_letter(word);

	if (folding->spelled_count > 0 &&
	    (!is_spelled || word->start - folding->spelled_until > SPELLED_GAP_BYTES))
		end_spelled(folding);
	if (is_spelled && folding->spelled_count++ == 0)
		folding->spelled_start = folding->out->length;
	folding->spelled_until = word->end;
	write_word(folding, word);
	put(folding, " ", 1, word->end, word->end);
}

/* The word that begins at or after text + at; false at the end. */
static bool next_word(const struct folding *folding, size_t at, struct word *word)
{
	const char *text = folding->text;
	bool has_signs = folding->reading == WORDS_DISGUISED;
	uint32_t point;
	size_t step;

	*word = (struct word){ 0 };
	for (; (step = utf8_next(text + at, &point)) > 0; at += step) {
		bool is_inside = is_word_point(point) ||
				 (has_signs && is_sign_in_word(word, text + at + step, point));

		if (lookalike_is_invisible(point))
			continue;
		if (!is_inside && word->points > 0)
			break;
		if (!is_inside)
			continue;
		if (word->points == 0)
			word->start = at;
		measure(word, point);
		word->end = at + step;
	}
	return word->points > 0;
}

void word_fold(struct arena *arena, const char *text, enum word_reading reading,
	       struct word_fold *out)
{
	/* A blank before, and one after each word, which has a byte at least. */
	size_t room = 2 * strlen(text) + 2;
	struct folding folding = { .out = out, .text = text, .reading = reading };
	struct word word;

	*out = (struct word_fold){ .bytes = arena_alloc(arena, room),
				   .from = arena_array_of(arena, room, uint32_t),
				   .until = arena_array_of(arena, room, uint32_t),
				   .disguises = arena_array_of(arena, room, uint32_t) };
	put(&folding, " ", 1, 0, 0);
	for (size_t at = 0; next_word(&folding, at, &word); at = word.end)
		add_word(&folding, &word);
	if (folding.spelled_count > 0)
		end_spelled(&folding);
	out->bytes[out->length] = '\0';
}

bool word_fold_is_disguised(const struct word_fold *fold, size_t start, size_t end)
{
	uint32_t before = start > 0 ? fold->disguises[start - 1] : 0;

	return end > start && fold->disguises[end - 1] > before;
}
