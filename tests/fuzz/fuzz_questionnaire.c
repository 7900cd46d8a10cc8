/* Questionnaires, as moderators write them. */
#include "fuzz.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "forum/questionnaire_text.h"

static void check_question(const struct question *question, size_t place)
{
	must(question->position == (int64_t)place + 1);
	must(question->kind < QUESTION_KIND_COUNT);
	must(question->text[0] != '\0' && utf8_count(question->text) <= QUESTION_TEXT_MAX);
	must(question->choice_count <= QUESTION_CHOICES_MAX);
	if (question->kind == QUESTION_ONE || question->kind == QUESTION_SEVERAL)
		must(question->choice_count >= 2);
	else if (question->kind == QUESTION_GRADE)
		must(question->choice_count == 0 || question->choice_count == 2);
	else
		must(question->choice_count == 0);
	for (size_t i = 0; i < question->choice_count; i++) {
		must(question->choices[i][0] != '\0' && !strchr(question->choices[i], '|'));
		must(utf8_count(question->choices[i]) <= QUESTION_CHOICE_MAX);
		for (size_t j = 0; j < i; j++)
			must(strcmp(question->choices[i], question->choices[j]) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)4 << 20);
	char *text = arena_strndup(arena, (const char *)data, size > 16384 ? 16384 : size);
	struct questions questions;
	const char *problem;
	int line;

	if (questionnaire_parse(arena, text, &questions, &line, &problem)) {
		must(questions.count >= 1 && questions.count <= QUESTIONS_MAX);
		for (size_t i = 0; i < questions.count; i++)
			check_question(&questions.items[i], i);
	} else {
		must(line >= 0 && problem[0] != '\0');
	}
	arena_free(arena);
	return 0;
}
