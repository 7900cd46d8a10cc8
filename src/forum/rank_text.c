/*
 * The lines of a ladder of ranks, read. Everything has a limit: bytes, ranks, names,
 * numbers; a line that cannot be read is named.
 */
#include "forum/rank.h"

#include "base/arena.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

struct reader {
	struct arena *arena;
	struct ladder *ladder;
	bool has_weights;
	const char *problem;
};

static bool complain(struct reader *reader, const char *sentence)
{
	reader->problem = sentence;
	return false;
}

static bool read_number(struct reader *reader, struct slice word, int64_t *out)
{
	if (!slice_to_i64(word, out) || *out < 0 || *out > RANK_NUMBER_MAX)
		return complain(reader,
				arena_printf(reader->arena, _("Give a number between 0 and %d."),
					     RANK_NUMBER_MAX));
	return true;
}

static bool read_figure(struct reader *reader, struct slice word, enum figure *out)
{
	char *name = arena_strndup(reader->arena, word.data ? word.data : "", word.length);

	if (!figure_from_text(name, out))
		return complain(reader, arena_printf(reader->arena, _("“%s” is no figure."), name));
	return true;
}

/* "accepted 15" or "accepted >= 15": a figure, what stands between, a number. */
static bool read_pair(struct reader *reader, struct slice text, bool is_condition, int64_t *values)
{
	struct slice rest = text;
	struct slice word = slice_trim(slice_cut(&rest, is_condition ? '>' : ' '));
	enum figure figure;
	int64_t number;

	if (is_condition && (rest.length == 0 || rest.data[0] != '='))
		return complain(reader, _("A condition is a figure, “>=” and a number."));
	if (is_condition)
		rest = slice_make(rest.data + 1, rest.length - 1);
	if (!read_figure(reader, word, &figure) || !read_number(reader, slice_trim(rest), &number))
		return false;
	values[figure] = number;
	return true;
}

static bool read_pairs(struct reader *reader, struct slice text, bool is_condition, int64_t *values)
{
	struct slice rest = text;

	while (rest.data && slice_trim(rest).length > 0)
		if (!read_pair(reader, slice_trim(slice_cut(&rest, ',')), is_condition, values))
			return false;
	return true;
}

static bool read_name(struct reader *reader, struct slice word, const char **out)
{
	char *name = arena_strndup(reader->arena, word.data ? word.data : "", word.length);
	size_t length = utf8_count(name);

	*out = name;
	if (length < 2 || length > RANK_NAME_MAX)
		return complain(
			reader,
			arena_printf(
				reader->arena,
				_("A rank has two names of 2 to %d letters, French and English."),
				RANK_NAME_MAX));
	return true;
}

static bool read_rank(struct reader *reader, struct slice text)
{
	struct ladder *ladder = reader->ladder;
	struct rank rank = { 0 };
	struct slice rest = text;
	bool is_read;

	if (ladder->count == RANKS_MAX)
		return complain(reader, arena_printf(reader->arena,
						     _("There are at most %d ranks."), RANKS_MAX));
	is_read = read_name(reader, slice_trim(slice_cut(&rest, '|')), &rank.name_fr) &&
		  read_name(reader, slice_trim(slice_cut(&rest, '|')), &rank.name_en) &&
		  read_number(reader, slice_trim(slice_cut(&rest, '|')), &rank.points) &&
		  read_pairs(reader, rest, true, rank.least);
	if (!is_read)
		return false;
	if (ladder->count > 0 && rank.points < ladder->ranks[ladder->count - 1].points)
		return complain(reader,
				_("A rank cannot take fewer points than the one below it."));
	ladder->ranks[ladder->count++] = rank;
	return true;
}

static bool read_line(struct reader *reader, struct slice line)
{
	static const char keyword[] = "points:";
	size_t length = sizeof(keyword) - 1;

	if (line.length == 0 || line.data[0] == '#')
		return true;
	if (line.length < length || memcmp(line.data, keyword, length) != 0)
		return read_rank(reader, line);
	if (reader->has_weights)
		return complain(reader, _("The weights stand in one line."));
	reader->has_weights = true;
	return read_pairs(reader, slice_make(line.data + length, line.length - length), false,
			  reader->ladder->weights);
}

/* Everybody has the first rank, so it may not ask for anything. */
static bool check_whole(struct reader *reader)
{
	const struct ladder *ladder = reader->ladder;

	if (!reader->has_weights)
		return complain(
			reader,
			_("One line says what counts: the word “points”, a colon, figures and numbers."));
	if (ladder->count == 0)
		return complain(reader, _("A ladder has at least one rank."));
	if (ladder->ranks[0].points > 0)
		return complain(reader, _("The first rank is everybody’s: it takes 0 points."));
	for (int i = 0; i < FIGURE_COUNT; i++)
		if (ladder->ranks[0].least[i] > 0)
			return complain(reader,
					_("The first rank is everybody’s: it has no conditions."));
	return true;
}

bool rank_parse(struct arena *arena, const char *text, struct ladder *out, int *line,
		const char **problem)
{
	struct reader reader = { .arena = arena, .ladder = out, .problem = "" };
	struct slice rest = slice_of(text);

	*out = (struct ladder){ .text = text };
	*line = 0;
	*problem = "";
	if (rest.length > RANK_TEXT_MAX) {
		*problem = _("This is longer than a ladder may be.");
		return false;
	}
	while (rest.data) {
		++*line;
		if (!read_line(&reader, slice_trim(slice_cut(&rest, '\n')))) {
			*problem = reader.problem;
			return false;
		}
	}
	*line = 0;
	if (!check_whole(&reader)) {
		*problem = reader.problem;
		return false;
	}
	return true;
}
