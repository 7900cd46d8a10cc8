/*
 * Answering a questionnaire. Its row is locked while an answer is checked against its
 * questions, so that they cannot change in between.
 */
#include "forum/questionnaire.h"

#include "base/slice.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/questionnaire_parts.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* $2: who is in the panel, $3: now. */
#define OWN \
	"from questionnaires q join panels n on n.id = q.panel_id\n" \
	"join panel_members m on m.panel_id = n.id and m.person_id = $2 and m.state = 'joined'\n" \
	"where q.id = $1 and q.opens_at <= $3::timestamptz"

DB_STATEMENT(questionnaire_own_one, "select " QUESTIONNAIRE_COLUMNS("$2") "\n" OWN, 3);

DB_STATEMENT(questionnaire_own_lock,
	     "select " QUESTIONNAIRE_COLUMNS("$2") "\n" OWN " for share of q, m", 3);

DB_STATEMENT(questionnaire_own_values,
	     "select " QUESTIONNAIRE_VALUE_COLUMNS "\n"
	     "from questionnaire_answers a join questionnaire_values v on v.answer_id = a.id\n"
	     "where a.questionnaire_id = $1 and a.person_id = $2 order by v.question",
	     2);

DB_STATEMENT(questionnaire_answer_put,
	     "insert into questionnaire_answers (questionnaire_id, person_id, answered_at)\n"
	     "values ($1, $2, $3::timestamptz)\n"
	     "on conflict (questionnaire_id, person_id) do update set changed_at = $3::timestamptz",
	     3);

DB_STATEMENT(questionnaire_values_drop,
	     "delete from questionnaire_values v using questionnaire_answers a\n"
	     "where a.id = v.answer_id and a.questionnaire_id = $1 and a.person_id = $2",
	     2);

/* $3 questions, $4 choices ("1,3"), $5 numbers, $6 words; "" of what there is none. */
DB_STATEMENT(
	questionnaire_values_put,
	"insert into questionnaire_values (answer_id, question, choices, number, words)\n"
	"select a.id, v.question, string_to_array(nullif(v.choices, ''), ',')::smallint[],\n"
	"	nullif(v.number, '')::bigint, nullif(v.words, '')\n"
	"from questionnaire_answers a\n"
	"cross join unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) v (question, choices, number, words)\n"
	"where a.questionnaire_id = $1 and a.person_id = $2",
	6);

DB_STATEMENT(questionnaire_answer_drop,
	     "delete from questionnaire_answers where questionnaire_id = $1 and person_id = $2", 2);

/*
 * Each panel once a questionnaire; who left in the meantime is not told. The place in the
 * list of notifications is one a panel: another questionnaire is news again.
 */
DB_STATEMENT(
	questionnaires_told,
	"with due as (\n"
	"	update questionnaires q set told_at = $1::timestamptz\n"
	"	from panels n where n.id = q.panel_id and n.is_open and q.told_at is null\n"
	"		and q.opens_at <= $1::timestamptz and q.closes_at > $1::timestamptz\n"
	"	returning q.id, q.panel_id\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, panel_id)\n"
	"	select distinct m.person_id, 'panel_questions', m.panel_id\n"
	"	from due d join panel_members m on m.panel_id = d.panel_id and m.state = 'joined'\n"
	"	join people p on p.id = m.person_id and p.state = 'active'\n"
	"	where not exists (select from questionnaire_answers a\n"
	"		where a.questionnaire_id = d.id and a.person_id = m.person_id)\n"
	"	order by m.person_id, m.panel_id\n"
	"	on conflict (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0), coalesce(actor_id, 0),\n"
	"		coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0), coalesce(standing, 0),\n"
	"		coalesce(article_id, 0), coalesce(panel_id, 0))\n"
	"	do update set read_at = null, created_at = now()\n"
	"	returning id, person_id, panel_id\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, notification_id, key)\n"
	"	select p.id, p.email, p.language, 'notification', told.id,\n"
	"		'questionnaire:' || (select max(d.id) from due d where d.panel_id = told.panel_id) || ':' || p.id\n"
	"	from told join people p on p.id = told.person_id\n"
	"	where p.wants_mail and p.email_confirmed_at is not null\n"
	"	on conflict (key) do nothing returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + interval '10 minutes' from queued",
	1);

/* Reading --------------------------------------------------------------------------------- */

static void read_choices(const char *text, struct questionnaire_value *out)
{
	struct slice rest = slice_of(text);
	int64_t choice;

	while (rest.data && rest.length > 0)
		if (slice_to_i64(slice_cut(&rest, ','), &choice) && choice >= 1 &&
		    choice <= QUESTION_CHOICES_MAX)
			out->is_chosen[choice - 1] = true;
}

void questionnaire_value_read(struct rows *rows, struct questionnaire_values *out)
{
	int64_t question = col_i64(rows);
	struct questionnaire_value value = { .words = "" };

	read_choices(col_text(rows), &value);
	value.has_number = col_bool(rows);
	value.number = col_i64(rows);
	value.words = col_text(rows);
	if (question >= 1 && question <= QUESTIONS_MAX)
		out->of[question - 1] = value;
}

static void clear(struct questionnaire_values *values)
{
	*values = (struct questionnaire_values){ 0 };
	for (size_t i = 0; i < QUESTIONS_MAX; i++)
		values->of[i].words = "";
}

static enum err take(struct ctx *ctx, struct rows *rows, struct questionnaire *out)
{
	*out = (struct questionnaire){ 0 };
	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	questionnaire_read(ctx, rows, out);
	questionnaire_take_questions(ctx, out);
	return OK;
}

enum err questionnaire_own(struct ctx *ctx, int64_t id, struct questionnaire *out,
			   struct questionnaire_values *values)
{
	struct rows one, rows;

	clear(values);
	db_add(ctx, &questionnaire_own_one, &one, param_i64(id), param_i64(ctx->actor->id),
	       param_time(ctx->now));
	db_add(ctx, &questionnaire_own_values, &rows, param_i64(id), param_i64(ctx->actor->id));
	TRY(db_run(ctx));
	TRY(take(ctx, &one, out));
	while (rows_next(&rows))
		questionnaire_value_read(&rows, values);
	return OK;
}

/* Checking -------------------------------------------------------------------------------- */

static const char *field_of(struct ctx *ctx, const struct question *question)
{
	return arena_printf(ctx->arena, "q-%d", (int)question->position);
}

static size_t count_chosen(const struct questionnaire_value *value)
{
	size_t count = 0;

	for (size_t i = 0; i < QUESTION_CHOICES_MAX; i++)
		count += value->is_chosen[i];
	return count;
}

static bool is_answered(const struct question *question, const struct questionnaire_value *value)
{
	if (question->kind == QUESTION_NUMBER)
		return value->has_number;
	if (question->kind == QUESTION_WORDS)
		return value->words[0] != '\0';
	return count_chosen(value) > 0;
}

static enum err check_choices(struct ctx *ctx, const struct question *question,
			      const struct questionnaire_value *value)
{
	size_t known = question->kind == QUESTION_GRADE ? QUESTION_SCALE : question->choice_count;

	for (size_t i = known; i < QUESTION_CHOICES_MAX; i++)
		if (value->is_chosen[i])
			return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (question->kind != QUESTION_SEVERAL && count_chosen(value) > 1)
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

/* What does not belong to the kind of question is left out. */
static enum err check_one(struct ctx *ctx, const struct question *question,
			  struct questionnaire_value *value)
{
	const char *field = field_of(ctx, question);

	if (question->kind == QUESTION_WORDS)
		TRY(field_text(ctx, field, value->words, 0, QUESTIONNAIRE_WORDS_MAX,
			       &value->words));
	if (question->kind == QUESTION_NUMBER && value->has_number &&
	    (value->number > QUESTIONNAIRE_NUMBER_MAX || value->number < -QUESTIONNAIRE_NUMBER_MAX))
		return fail(ctx, ERR_INVALID, field, "%s", _("This number is too large."));
	if (question->kind <= QUESTION_GRADE)
		TRY(check_choices(ctx, question, value));
	if (question->is_required && !is_answered(question, value))
		return fail(ctx, ERR_INVALID, field, "%s", _("Please answer this question."));
	return OK;
}

static enum err check(struct ctx *ctx, const struct questionnaire *questionnaire,
		      struct questionnaire_values *values)
{
	size_t answered = 0;

	if (!questionnaire->is_open)
		return fail(ctx, ERR_INVALID, NULL, "%s", _("This questionnaire is closed."));
	for (size_t i = 0; i < questionnaire->questions.count; i++) {
		const struct question *question = &questionnaire->questions.items[i];

		TRY(check_one(ctx, question, &values->of[i]));
		answered += is_answered(question, &values->of[i]);
	}
	if (answered == 0)
		return fail(ctx, ERR_INVALID, "q-1", "%s", _("Answer at least one question."));
	return OK;
}

/* Writing --------------------------------------------------------------------------------- */

static const char *choices_text(struct ctx *ctx, const struct questionnaire_value *value)
{
	const char *text = "";

	for (int i = 0; i < QUESTION_CHOICES_MAX; i++)
		if (value->is_chosen[i])
			text = arena_printf(ctx->arena, "%s%s%d", text, text[0] ? "," : "", i + 1);
	return text;
}

static void add_values(struct ctx *ctx, const struct questionnaire *questionnaire,
		       const struct questionnaire_values *values)
{
	const char *choices[QUESTIONS_MAX], *numbers[QUESTIONS_MAX], *words[QUESTIONS_MAX];
	int64_t questions[QUESTIONS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < questionnaire->questions.count; i++) {
		const struct question *question = &questionnaire->questions.items[i];
		const struct questionnaire_value *value = &values->of[i];

		if (!is_answered(question, value))
			continue;
		questions[count] = question->position;
		choices[count] = question->kind <= QUESTION_GRADE ? choices_text(ctx, value) : "";
		numbers[count] = question->kind == QUESTION_NUMBER
					 ? arena_printf(ctx->arena, "%lld",
							(long long)value->number)
					 : "";
		words[count++] = question->kind == QUESTION_WORDS ? value->words : "";
	}
	db_add(ctx, &questionnaire_values_put, NULL, param_i64(questionnaire->id),
	       param_i64(ctx->actor->id), param_i64s(ctx->arena, questions, count),
	       param_texts(ctx->arena, choices, count), param_texts(ctx->arena, numbers, count),
	       param_texts(ctx->arena, words, count));
}

static enum err begin(struct ctx *ctx, int64_t id, struct questionnaire *out)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &questionnaire_own_lock, &rows, param_i64(id), param_i64(ctx->actor->id),
		     param_time(ctx->now)));
	TRY(take(ctx, &rows, out));
	return policy_require(ctx, MAY_JOIN_PANEL, &(struct subject){ .now = ctx->now });
}

static enum err answer(struct ctx *ctx, int64_t id, const struct questionnaire_values *typed)
{
	struct questionnaire_values values = *typed;
	struct questionnaire questionnaire = { 0 };

	TRY(begin(ctx, id, &questionnaire));
	TRY(check(ctx, &questionnaire, &values));
	db_add(ctx, &questionnaire_answer_put, NULL, param_i64(id), param_i64(ctx->actor->id),
	       param_time(ctx->now));
	db_add(ctx, &questionnaire_values_drop, NULL, param_i64(id), param_i64(ctx->actor->id));
	add_values(ctx, &questionnaire, &values);
	return db_commit(ctx);
}

enum err questionnaire_answer(struct ctx *ctx, int64_t id,
			      const struct questionnaire_values *values)
{
	return writing_end(ctx, answer(ctx, id, values));
}

static enum err take_back(struct ctx *ctx, int64_t id)
{
	struct questionnaire questionnaire = { 0 };

	TRY(begin(ctx, id, &questionnaire));
	if (!questionnaire.is_open)
		return fail(ctx, ERR_INVALID, NULL, "%s", _("This questionnaire is closed."));
	db_add(ctx, &questionnaire_answer_drop, NULL, param_i64(id), param_i64(ctx->actor->id));
	return db_commit(ctx);
}

enum err questionnaire_take_back(struct ctx *ctx, int64_t id)
{
	return writing_end(ctx, take_back(ctx, id));
}

enum err questionnaires_tell(struct ctx *ctx)
{
	return db_query(ctx, &questionnaires_told, NULL, param_time(ctx->now));
}
