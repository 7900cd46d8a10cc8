/*
 * Questionnaires: how they are read, who answers, what stays as it is, what is counted, and
 * what an anonymous panel never gives away.
 */
#include "forum_fixture.h"

#include "base/clock.h"
#include "forum/privacy.h"
#include "forum/questionnaire.h"

#define TEXT \
	"# Un essai\n" \
	"one *: Comment trouvez-vous la box ? | Bien | Moyen | Mal\n" \
	"plusieurs: Où ? | Salon | Cuisine | Chambre\n" \
	"scale: Recommanderiez-vous ? | Non | Oui\n" \
	"number: Combien d’appareils ?\n" \
	"text: Autre chose ?"

struct scene {
	struct actor *moderator, *advisor, *stranger;
	struct actor *people[6];
	int64_t panel, questionnaire;
};

static struct questionnaire_form form_of(const struct ctx *ctx, int64_t panel)
{
	return (struct questionnaire_form){ .panel_id = panel,
					    .title = "La box",
					    .text = TEXT,
					    .opens_at = ctx->now - CLOCK_DAY,
					    .closes_at = ctx->now + 3 * CLOCK_DAY };
}

static struct scene make_scene(struct ctx *ctx, bool is_anonymous)
{
	struct scene scene = { .moderator = forum_person(ctx, "Inès", ROLE_MODERATOR),
			       .advisor = forum_person(ctx, "Karim", ROLE_ADVISOR),
			       .stranger = forum_person(ctx, "Marie", ROLE_CUSTOMER) };
	struct panel_form panel = { .title = "Goûteurs",
				    .purpose_md = "Essayer.",
				    .is_anonymous = is_anonymous };
	struct questionnaire_form form;
	int64_t invited;

	ctx->actor = scene.moderator;
	assert_ok(ctx, panel_save(ctx, &panel, &scene.panel));
	for (size_t i = 0; i < ARRAY_COUNT(scene.people); i++) {
		scene.people[i] = forum_person(ctx, arena_printf(ctx->arena, "Membre %zu", i),
					       ROLE_CUSTOMER);
		ctx->actor = scene.moderator;
		assert_ok(ctx,
			  panel_invite(ctx, scene.panel, &scene.people[i]->id, 1, NULL, &invited));
		assert_int_equal(invited, 1);
		ctx->actor = scene.people[i];
		assert_ok(ctx, panel_answer(ctx, scene.panel, true));
	}
	form = form_of(ctx, scene.panel);
	ctx->actor = scene.moderator;
	assert_ok(ctx, questionnaire_save(ctx, &form, &scene.questionnaire));
	return scene;
}

static struct questionnaire_values values_of(size_t choice, int64_t number, const char *words)
{
	struct questionnaire_values values = { 0 };

	for (size_t i = 0; i < QUESTIONS_MAX; i++)
		values.of[i].words = "";
	values.of[0].is_chosen[choice] = true;
	values.of[1].is_chosen[0] = true;
	values.of[1].is_chosen[2] = true;
	values.of[2].is_chosen[4] = true;
	values.of[3].has_number = true;
	values.of[3].number = number;
	values.of[4].words = words;
	return values;
}

static enum err answer(struct ctx *ctx, const struct scene *scene, const struct actor *who,
		       struct questionnaire_values values)
{
	ctx->actor = who;
	return questionnaire_answer(ctx, scene->questionnaire, &values);
}

static const char *problem_of(struct ctx *ctx, const char *text, int *line)
{
	struct questions questions;
	const char *problem;

	return questionnaire_parse(ctx->arena, text, &questions, line, &problem) ? "" : problem;
}

static void test_lines_are_read_and_mistakes_named(void **state)
{
	static const struct {
		const char *text;
		int line;
	} wrong[] = {
		{ "", 0 },
		{ "# nothing\n", 0 },
		{ "one: A | b", 1 },
		{ "\none: A | b | b", 2 },
		{ "text: A\nnumber: B | c", 2 },
		{ "scale: A | b", 1 },
		{ "several: A | b | ", 1 },
		{ "text:", 1 },
		{ "what: A", 1 },
		{ "one * *: A | b | c", 1 },
		{ "one: A |1|2|3|4|5|6|7|8|9|10|11|12|13", 1 },
	};
	struct ctx *ctx = *state;
	struct questions questions;
	const char *problem;
	int line;

	assert_true(questionnaire_parse(ctx->arena, TEXT, &questions, &line, &problem));
	assert_int_equal(questions.count, 5);
	assert_true(questions.items[0].is_required);
	assert_int_equal(questions.items[1].kind, QUESTION_SEVERAL);
	assert_string_equal(questions.items[1].choices[2], "Chambre");
	assert_int_equal(questions.items[2].choice_count, 2);
	for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
		assert_true(problem_of(ctx, wrong[i].text, &line)[0]);
		assert_int_equal(line, wrong[i].line);
	}
}

static void test_there_are_limits(void **state)
{
	struct ctx *ctx = *state;
	const char *many = "", *boxes = "";
	int line;

	for (int i = 0; i < QUESTIONS_MAX; i++)
		many = arena_printf(ctx->arena, "%stext: Q%d\n", many, i);
	assert_string_equal(problem_of(ctx, many, &line), "");
	many = arena_printf(ctx->arena, "%stext: one more\n", many);
	assert_true(problem_of(ctx, many, &line)[0]);
	assert_int_equal(line, QUESTIONS_MAX + 1);
	for (int i = 0; i < 5; i++)
		boxes = arena_printf(
			ctx->arena,
			"%sseveral: Q | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12\n", boxes);
	assert_true(problem_of(ctx, boxes, &line)[0]);
	assert_int_equal(line, 5);
}

static void test_answers_are_counted_and_can_be_changed(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, false);
	struct questionnaire_results results;
	struct questionnaire_values mine;
	struct questionnaire seen;

	assert_ok(ctx, answer(ctx, &scene, scene.people[0], values_of(0, 4, "Rien.")));
	assert_ok(ctx, answer(ctx, &scene, scene.people[1], values_of(0, 8, "")));
	assert_ok(ctx, answer(ctx, &scene, scene.people[1], values_of(2, 9, "Si !")));
	assert_ok(ctx, questionnaire_own(ctx, scene.questionnaire, &seen, &mine));
	assert_true(mine.of[0].is_chosen[2] && !mine.of[0].is_chosen[0]);
	assert_int_equal(mine.of[3].number, 9);
	assert_string_equal(mine.of[4].words, "Si !");
	ctx->actor = scene.advisor;
	assert_ok(ctx, questionnaire_results(ctx, scene.questionnaire, &seen, &results));
	assert_true(results.is_shown);
	assert_int_equal(seen.answers, 2);
	assert_int_equal(seen.joined, 6);
	assert_int_equal(results.of[0].choices[0], 1);
	assert_int_equal(results.of[0].choices[2], 1);
	assert_int_equal(results.of[1].choices[0], 2);
	assert_int_equal(results.of[2].choices[4], 2);
	assert_true(results.of[2].mean == 5.0);
	assert_int_equal(results.of[3].least, 4);
	assert_int_equal(results.of[3].most, 9);
	assert_true(results.of[3].mean == 6.5 && results.of[3].median == 6.5);
	assert_int_equal(results.of[4].answers, 2);
	ctx->actor = scene.people[1];
	assert_ok(ctx, questionnaire_take_back(ctx, scene.questionnaire));
	ctx->actor = scene.advisor;
	assert_ok(ctx, questionnaire_results(ctx, scene.questionnaire, &seen, &results));
	assert_int_equal(seen.answers, 1);
}

static void test_what_does_not_fit_is_refused(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, false);
	struct questionnaire_values values = values_of(0, 1, "");

	values.of[0].is_chosen[0] = false;
	assert_err(ctx, ERR_INVALID, answer(ctx, &scene, scene.people[0], values));
	values.of[0].is_chosen[7] = true;
	assert_err(ctx, ERR_BAD_REQUEST, answer(ctx, &scene, scene.people[0], values));
	values = values_of(0, 1, "");
	values.of[0].is_chosen[1] = true;
	assert_err(ctx, ERR_BAD_REQUEST, answer(ctx, &scene, scene.people[0], values));
	assert_err(ctx, ERR_INVALID,
		   answer(ctx, &scene, scene.people[0],
			  values_of(0, (int64_t)QUESTIONNAIRE_NUMBER_MAX + 1, "")));
	assert_err(ctx, ERR_NOT_FOUND, answer(ctx, &scene, scene.stranger, values_of(0, 1, "")));
	assert_err(ctx, ERR_NOT_FOUND, answer(ctx, &scene, scene.moderator, values_of(0, 1, "")));
	ctx->actor = scene.people[0];
	assert_ok(ctx, panel_answer(ctx, scene.panel, false));
	assert_err(ctx, ERR_NOT_FOUND, answer(ctx, &scene, scene.people[0], values_of(0, 1, "")));
	ctx->now += 4 * CLOCK_DAY;
	assert_err(ctx, ERR_INVALID, answer(ctx, &scene, scene.people[1], values_of(0, 1, "")));
}

static void test_an_anonymous_panel_gives_nobody_away(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, true);
	struct questionnaire_results results;
	struct questionnaire_words_page words;
	struct questionnaire_sheet sheet;
	struct questionnaire seen;
	int rows = 0;

	for (size_t i = 0; i < 4; i++)
		assert_ok(ctx, answer(ctx, &scene, scene.people[i], values_of(0, 1, "Secret")));
	ctx->actor = scene.moderator;
	assert_ok(ctx, questionnaire_results(ctx, scene.questionnaire, &seen, &results));
	assert_false(results.is_shown);
	assert_int_equal(results.of[0].choices[0], 0);
	assert_ok(ctx, questionnaire_words_of(ctx, &seen, 5, 0, &words));
	assert_int_equal(words.count, 0);
	assert_ok(ctx, questionnaire_sheet_open(ctx, &seen, &sheet));
	assert_false(questionnaire_sheet_next(&sheet));
	assert_ok(ctx, answer(ctx, &scene, scene.people[4], values_of(0, 1, "Secret")));
	ctx->actor = scene.moderator;
	assert_ok(ctx, questionnaire_results(ctx, scene.questionnaire, &seen, &results));
	assert_true(results.is_shown);
	assert_int_equal(results.of[0].choices[0], 5);
	assert_ok(ctx, questionnaire_words_of(ctx, &seen, 5, 0, &words));
	assert_int_equal(words.count, 5);
	assert_string_equal(words.items[0].name, "");
	assert_ok(ctx, questionnaire_sheet_open(ctx, &seen, &sheet));
	while (questionnaire_sheet_next(&sheet)) {
		assert_string_equal(sheet.name, "");
		rows++;
	}
	assert_int_equal(rows, 5);
	ctx->actor = scene.people[0];
	assert_err(ctx, ERR_FORBIDDEN,
		   questionnaire_results(ctx, scene.questionnaire, &seen, &results));
}

static void test_questions_stay_once_somebody_has_answered(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, false);
	struct questionnaire_form form = form_of(ctx, scene.panel);
	int64_t id;

	form.id = scene.questionnaire;
	form.version = 1;
	form.text = "one: Et maintenant ? | Oui | Non";
	ctx->actor = scene.moderator;
	assert_ok(ctx, questionnaire_save(ctx, &form, &id));
	assert_err(ctx, ERR_CONFLICT, questionnaire_save(ctx, &form, &id));
	ctx->actor = scene.people[0];
	assert_ok(ctx, answer(ctx, &scene, scene.people[0], values_of(0, 0, "")));
	ctx->actor = scene.moderator;
	form.version = 2;
	form.closes_at += CLOCK_DAY;
	assert_ok(ctx, questionnaire_save(ctx, &form, &id));
	form.version = 3;
	form.text = "one: Autrement ? | Oui | Non";
	assert_err(ctx, ERR_CONFLICT, questionnaire_save(ctx, &form, &id));
	ctx->actor = scene.advisor;
	assert_err(ctx, ERR_FORBIDDEN, questionnaire_save(ctx, &form, &id));
}

static int64_t told(struct ctx *ctx, const struct actor *who)
{
	return forum_number(ctx,
			    "select count(*) from notifications where kind = 'panel_questions'"
			    " and read_at is null and person_id = $1",
			    who->id);
}

static void test_the_panel_is_told_once_when_it_opens(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, false);

	ctx->actor = scene.people[5];
	assert_ok(ctx, panel_answer(ctx, scene.panel, false));
	assert_ok(ctx, answer(ctx, &scene, scene.people[4], values_of(0, 0, "")));
	assert_ok(ctx, questionnaires_tell(ctx));
	assert_int_equal(told(ctx, scene.people[0]), 1);
	assert_int_equal(told(ctx, scene.people[4]), 0);
	assert_int_equal(told(ctx, scene.people[5]), 0);
	assert_int_equal(told(ctx, scene.stranger), 0);
	forum_sql(ctx, "update notifications set read_at = now()");
	assert_ok(ctx, questionnaires_tell(ctx));
	assert_int_equal(told(ctx, scene.people[0]), 0);
}

static int64_t values_kept(struct ctx *ctx, const struct scene *scene)
{
	return forum_number(ctx,
			    "select count(*) from questionnaire_answers a"
			    " join questionnaire_values v on v.answer_id = a.id"
			    " where a.questionnaire_id = $1",
			    scene->questionnaire);
}

static void test_own_words_and_closed_panels_are_forgotten_in_time(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx, false);

	assert_ok(ctx, answer(ctx, &scene, scene.people[0], values_of(0, 4, "Mes mots")));
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(values_kept(ctx, &scene), 5);
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update questionnaires set opens_at = now() - interval '14 months',"
			       " closes_at = now() - interval '13 months' where id = %lld",
			       (long long)scene.questionnaire));
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(values_kept(ctx, &scene), 4);
	assert_int_equal(
		forum_number(ctx, "select count(*) from questionnaire_answers where person_id = $1",
			     scene.people[0]->id),
		1);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update panels set is_open = false,"
				    " closed_at = now() - interval '370 days' where id = %lld",
				    (long long)scene.panel));
	assert_ok(ctx, privacy_retention(ctx));
	assert_int_equal(forum_number(ctx, "select count(*) from panel_members where panel_id = $1",
				      scene.panel),
			 0);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from questionnaire_answers"
				      " where person_id is null and questionnaire_id = $1",
				      scene.questionnaire),
			 1);
	assert_int_equal(values_kept(ctx, &scene), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_lines_are_read_and_mistakes_named),
		FORUM_TEST(test_there_are_limits),
		FORUM_TEST(test_answers_are_counted_and_can_be_changed),
		FORUM_TEST(test_what_does_not_fit_is_refused),
		FORUM_TEST(test_an_anonymous_panel_gives_nobody_away),
		FORUM_TEST(test_questions_stay_once_somebody_has_answered),
		FORUM_TEST(test_the_panel_is_told_once_when_it_opens),
		FORUM_TEST(test_own_words_and_closed_panels_are_forgotten_in_time),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_questionnaires");
}
