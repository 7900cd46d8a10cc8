/*
 * The lines of a questionnaire, read. Everything has a limit: bytes, questions, choices,
 * letters; a line that cannot be read is named.
 */
#include "forum/questionnaire_text.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

struct reader {
	struct arena *arena;
	struct questions *questions;
	const char *problem;
	size_t fields;
};

/* In both languages, whichever the page is in: who writes it may not be who changes it. */
static const struct {
	const char *english, *french;
} words[QUESTION_KIND_COUNT] = {
	[QUESTION_ONE] = { "one", "choix" },    [QUESTION_SEVERAL] = { "several", "plusieurs" },
	[QUESTION_GRADE] = { "scale", "note" }, [QUESTION_NUMBER] = { "number", "nombre" },
	[QUESTION_WORDS] = { "text", "texte" },
};

static bool complain(struct reader *reader, const char *sentence)
{
	reader->problem = sentence;
	return false;
}

static bool read_kind(struct reader *reader, struct slice word, enum question_kind *out)
{
	for (size_t i = 0; i < QUESTION_KIND_COUNT; i++) {
		if (slice_is(word, words[i].english) || slice_is(word, words[i].french)) {
			*out = (enum question_kind)i;
			return true;
		}
	}
	return complain(reader,
			_("A line begins with one, several, scale, number or text, and a colon."));
}

/* One line of what people read; nothing that is not seen. */
static bool read_words(struct reader *reader, struct slice part, size_t most, const char **out)
{
	char *text = arena_strndup(reader->arena, part.data ? part.data : "", part.length);
	size_t length = utf8_count(text);

	*out = text;
	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ')
			return complain(reader, _("There is a character that is not shown."));
	if (length == 0)
		return complain(reader, _("A question, or one of its choices, is empty."));
	if (length > most)
		return complain(
			reader,
			arena_printf(reader->arena, _("At most %d characters, please: “%s”"),
				     (int)most,
				     arena_strndup(reader->arena, text, utf8_prefix(text, 40))));
	return true;
}

static bool is_known(const struct question *question, const char *choice)
{
	for (size_t i = 0; i < question->choice_count; i++)
		if (strcmp(question->choices[i], choice) == 0)
			return true;
	return false;
}

static bool read_choices(struct reader *reader, struct slice rest, struct question *question)
{
	while (rest.data) {
		const char *choice;

		if (question->choice_count == QUESTION_CHOICES_MAX)
			return complain(reader,
					arena_printf(reader->arena,
						     _("A question has at most %d choices."),
						     QUESTION_CHOICES_MAX));
		if (!read_words(reader, slice_trim(slice_cut(&rest, '|')), QUESTION_CHOICE_MAX,
				&choice))
			return false;
		if (is_known(question, choice))
			return complain(reader, _("Two choices are the same."));
		question->choices[question->choice_count++] = choice;
	}
	return true;
}

static bool check_choices(struct reader *reader, const struct question *question)
{
	switch (question->kind) {
	case QUESTION_ONE:
	case QUESTION_SEVERAL:
		return question->choice_count >= 2 ||
		       complain(reader, _("Give at least two choices, with | between them."));
	case QUESTION_GRADE:
		return question->choice_count == 0 || question->choice_count == 2 ||
		       complain(reader, _("A scale says what both of its ends mean, or nothing."));
	default:
		return question->choice_count == 0 ||
		       complain(reader, _("This kind of question has no choices."));
	}
}

static bool read_question(struct reader *reader, struct slice line)
{
	struct questions *questions = reader->questions;
	struct question question = { .position = (int64_t)questions->count + 1 };
	struct slice rest = line, word = slice_trim(slice_cut(&rest, ':'));

	if (questions->count == QUESTIONS_MAX)
		return complain(reader,
				arena_printf(reader->arena, _("There are at most %d questions."),
					     QUESTIONS_MAX));
	if (word.length > 0 && word.data[word.length - 1] == '*') {
		question.is_required = true;
		word = slice_trim(slice_make(word.data, word.length - 1));
	}
	if (!read_kind(reader, word, &question.kind) ||
	    !read_words(reader, slice_trim(slice_cut(&rest, '|')), QUESTION_TEXT_MAX,
			&question.text) ||
	    !read_choices(reader, rest, &question) || !check_choices(reader, &question))
		return false;
	reader->fields += question.kind == QUESTION_SEVERAL ? question.choice_count : 1;
	if (reader->fields > QUESTIONNAIRE_FIELDS_MAX)
		return complain(
			reader,
			_("There is too much to tick here for one page. Make two questionnaires."));
	questions->items[questions->count++] = question;
	return true;
}

bool questionnaire_parse(struct arena *arena, const char *text, struct questions *out, int *line,
			 const char **problem)
{
	struct reader reader = { .arena = arena, .questions = out, .problem = "" };
	struct slice rest = slice_of(text);
	bool is_read = true;

	*out = (struct questions){ 0 };
	*line = 0;
	if (strlen(text) > QUESTIONNAIRE_TEXT_MAX) {
		*problem = _("This is too long for one questionnaire.");
		return false;
	}
	while (is_read && rest.data) {
		struct slice one = slice_trim(slice_cut(&rest, '\n'));

		++*line;
		if (one.length > 0 && one.data[0] != '#')
			is_read = read_question(&reader, one);
	}
	if (is_read && out->count == 0) {
		*line = 0;
		is_read = complain(&reader, _("A questionnaire has at least one question."));
	}
	*problem = reader.problem;
	return is_read;
}
