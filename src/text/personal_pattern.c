/*
 * Patterns of customer numbers: written out into atoms when they are parsed, then
 * followed all at once, so that no pattern can be slow.
 */
#include "text/personal_pattern.h"

#include "base/slice.h"
#include "text/letters.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Parsing -------------------------------------------------------------------------- */

static struct personal_atom atom_of(char c)
{
	if (c == '#' || c == '@' || c == '*')
		return (struct personal_atom){ .kind = c };
	if (c == ' ')
		return (struct personal_atom){ .kind = ' ', .is_optional = true };
	return (struct personal_atom){ .kind = 'c', .letter = upper(c) };
}

/* "{6}" or "{6,10}" at *at; 1 and 1 without. */
static bool read_repeat(const char **at, int64_t *least, int64_t *most)
{
	const char *end;
	struct slice inside, first;

	*least = *most = 1;
	if (**at != '{')
		return true;
	end = strchr(*at, '}');
	if (!end)
		return false;
	inside = slice_make(*at + 1, (size_t)(end - *at) - 1);
	first = slice_cut(&inside, ',');
	*at = end + 1;
	if (!slice_to_i64(first, least))
		return false;
	*most = *least;
	if (inside.data && !slice_to_i64(inside, most))
		return false;
	return *least >= 0 && *most >= 1 && *least <= *most && *most <= PERSONAL_PATTERN_ATOMS;
}

static bool add_atoms(struct personal_pattern *out, struct personal_atom atom, int64_t least,
		      int64_t most)
{
	for (int64_t i = 0; i < most; i++) {
		if (out->count == PERSONAL_PATTERN_ATOMS)
			return false;
		out->atoms[out->count] = atom;
		out->atoms[out->count++].is_optional |= i >= least;
	}
	return true;
}

/* Enough that varies, and no blank at the ends, which no border would hold. */
static bool is_useful(const struct personal_pattern *pattern)
{
	size_t places = 0;

	for (size_t i = 0; i < pattern->count; i++) {
		const struct personal_atom *atom = &pattern->atoms[i];

		places += !atom->is_optional && atom->kind != 'c' && atom->kind != ' ';
	}
	return places >= PERSONAL_PATTERN_PLACES_MIN && pattern->atoms[0].kind != ' ' &&
	       pattern->atoms[pattern->count - 1].kind != ' ';
}

bool personal_pattern_parse(const char *text, struct personal_pattern *out)
{
	int64_t least, most;

	memset(out, 0, sizeof(*out));
	if (strlen(text) > PERSONAL_PATTERN_BYTES)
		return false;
	while (*text) {
		struct personal_atom atom = atom_of(*text);

		if (*text == '{' || *text == '}' || (unsigned char)*text < ' ' ||
		    (unsigned char)*text >= 0x7F)
			return false;
		text++;
		if (!read_repeat(&text, &least, &most) || !add_atoms(out, atom, least, most))
			return false;
	}
	return is_useful(out);
}

/* Matching ------------------------------------------------------------------------- */

/* Places in the pattern at once; count is the place behind the last atom. */
struct places {
	bool is_at[PERSONAL_PATTERN_ATOMS + 1];
};

static bool takes(const struct personal_atom *atom, char c)
{
	switch (atom->kind) {
	case '#':
		return is_digit(c);
	case '@':
		return is_letter(c);
	case '*':
		return is_digit(c) || is_letter(c);
	case ' ':
		return c == ' ' || c == '.' || c == '-';
	default:
		return upper(c) == atom->letter;
	}
}

/* What may be left out may be passed. */
static void pass_optional(const struct personal_pattern *pattern, struct places *places)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (places->is_at[i] && pattern->atoms[i].is_optional)
			places->is_at[i + 1] = true;
}

static bool advance(const struct personal_pattern *pattern, struct places *places, char c)
{
	struct places next = { 0 };
	bool is_alive = false;

	for (size_t i = 0; i < pattern->count; i++)
		if (places->is_at[i] && takes(&pattern->atoms[i], c))
			next.is_at[i + 1] = is_alive = true;
	*places = next;
	pass_optional(pattern, places);
	return is_alive;
}

size_t personal_pattern_match(const struct personal_pattern *pattern, const char *text)
{
	struct places places = { .is_at = { true } };
	size_t longest = 0;

	pass_optional(pattern, &places);
	for (size_t i = 0; text[i] && advance(pattern, &places, text[i]); i++)
		if (places.is_at[pattern->count] && !letters_word_length(text + i + 1))
			longest = i + 1;
	return longest;
}
