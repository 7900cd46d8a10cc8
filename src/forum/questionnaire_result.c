/*
 * What came of a questionnaire: counted in the database, answer by answer only where that
 * is wanted. In an anonymous panel no statement here reads whose an answer is, what came in
 * stands in an order of chance, and nothing is shown of fewer than five answers.
 */
#include "forum/panel_parts.h"
#include "forum/questionnaire.h"
#include "forum/questionnaire_parts.h"

DB_STATEMENT(questionnaire_choices_counted,
	     "select v.question::bigint, c.choice::bigint, count(*)\n"
	     "from questionnaire_answers a join questionnaire_values v on v.answer_id = a.id\n"
	     "cross join unnest(v.choices) c (choice)\n"
	     "where a.questionnaire_id = $1 group by 1, 2 order by 1, 2",
	     1);

/* Grades are choices, and numbers as well. */
DB_STATEMENT(
	questionnaire_numbers_counted,
	"select v.question::bigint, count(*), count(x.value), coalesce(min(x.value), 0), coalesce(max(x.value), 0),\n"
	"	coalesce(avg(x.value), 0)::float8,\n"
	"	coalesce(percentile_cont(0.5) within group (order by x.value), 0)::float8\n"
	"from questionnaire_answers a join questionnaire_values v on v.answer_id = a.id\n"
	"cross join lateral (select coalesce(v.number,\n"
	"	case when cardinality(v.choices) = 1 then v.choices[1] end)::bigint as value) x\n"
	"where a.questionnaire_id = $1 group by 1 order by 1",
	1);

#define CHANCE "(hashint8extended(a.id, a.questionnaire_id) & 9223372036854775807)"

/* $5: whether names may be shown. */
DB_STATEMENT(questionnaire_words_rows,
	     "select " CHANCE ", v.words, coalesce(p.name, '')\n"
	     "from questionnaire_answers a join questionnaire_values v on v.answer_id = a.id\n"
	     "left join people p on $5::boolean and p.id = a.person_id\n"
	     "where a.questionnaire_id = $1 and v.question = $2::bigint and v.words is not null\n"
	     "	and " CHANCE " > $3::bigint\n"
	     "order by 1 limit $4::bigint",
	     5);

DB_STATEMENT(questionnaire_sheet_rows,
	     "select " CHANCE ", coalesce(p.name, ''), " QUESTIONNAIRE_VALUE_COLUMNS "\n"
	     "from questionnaire_answers a join questionnaire_values v on v.answer_id = a.id\n"
	     "left join people p on $2::boolean and p.id = a.person_id\n"
	     "where a.questionnaire_id = $1\n"
	     "order by 1, a.id, v.question",
	     2);

static bool is_shown(const struct questionnaire *questionnaire)
{
	return !questionnaire->is_anonymous || questionnaire->answers >= QUESTIONNAIRE_LEAST;
}

static void read_choices(struct rows *rows, struct questionnaire_results *out)
{
	while (rows_next(rows)) {
		int64_t question = col_i64(rows), choice = col_i64(rows), count = col_i64(rows);

		if (question >= 1 && question <= QUESTIONS_MAX && choice >= 1 &&
		    choice <= QUESTION_CHOICES_MAX)
			out->of[question - 1].choices[choice - 1] = count;
	}
}

static void read_numbers(struct rows *rows, struct questionnaire_results *out)
{
	while (rows_next(rows)) {
		int64_t question = col_i64(rows);
		struct question_result *result;

		if (question < 1 || question > QUESTIONS_MAX)
			continue;
		result = &out->of[question - 1];
		result->answers = col_i64(rows);
		col_skip(rows);
		result->least = col_i64(rows);
		result->most = col_i64(rows);
		result->mean = col_f64(rows);
		result->median = col_f64(rows);
	}
}

enum err questionnaire_results(struct ctx *ctx, int64_t id, struct questionnaire *out,
			       struct questionnaire_results *results)
{
	struct rows choices, numbers;

	*results = (struct questionnaire_results){ 0 };
	TRY(questionnaire_load(ctx, id, out));
	results->is_shown = is_shown(out);
	if (!results->is_shown)
		return OK;
	db_add(ctx, &questionnaire_choices_counted, &choices, param_i64(id));
	db_add(ctx, &questionnaire_numbers_counted, &numbers, param_i64(id));
	TRY(db_run(ctx));
	read_choices(&choices, results);
	read_numbers(&numbers, results);
	return OK;
}

enum err questionnaire_words_of(struct ctx *ctx, const struct questionnaire *questionnaire,
				int64_t question, int64_t after,
				struct questionnaire_words_page *out)
{
	struct rows rows;

	*out = (struct questionnaire_words_page){ 0 };
	TRY(panel_require_see(ctx));
	if (!is_shown(questionnaire))
		return OK;
	TRY(db_query(ctx, &questionnaire_words_rows, &rows, param_i64(questionnaire->id),
		     param_i64(question), param_i64(after > 0 ? after : -1),
		     param_i64(QUESTIONNAIRE_WORDS_PAGE + 1),
		     param_bool(!questionnaire->is_anonymous)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct questionnaire_words);
	while (out->count < QUESTIONNAIRE_WORDS_PAGE && rows_next(&rows)) {
		int64_t place = col_i64(&rows);

		out->items[out->count].words = col_text(&rows);
		out->items[out->count++].name = col_text(&rows);
		out->next = rows.count > QUESTIONNAIRE_WORDS_PAGE ? place : 0;
	}
	return OK;
}

/* One answer after the other ---------------------------------------------------------------- */

enum err questionnaire_sheet_open(struct ctx *ctx, const struct questionnaire *questionnaire,
				  struct questionnaire_sheet *out)
{
	*out = (struct questionnaire_sheet){ .rows = arena_new_of(ctx->arena, struct rows) };
	TRY(panel_require_see(ctx));
	if (!is_shown(questionnaire))
		return OK;
	TRY(db_query(ctx, &questionnaire_sheet_rows, out->rows, param_i64(questionnaire->id),
		     param_bool(!questionnaire->is_anonymous)));
	out->has_row = rows_next(out->rows);
	if (out->has_row)
		out->answer_id = col_i64(out->rows);
	return OK;
}

/* The row of the next answer is looked at already when one ends. */
bool questionnaire_sheet_next(struct questionnaire_sheet *sheet)
{
	int64_t present = sheet->answer_id;

	if (!sheet->has_row)
		return false;
	sheet->values = (struct questionnaire_values){ 0 };
	while (sheet->has_row && sheet->answer_id == present) {
		sheet->name = col_text(sheet->rows);
		questionnaire_value_read(sheet->rows, &sheet->values);
		sheet->has_row = rows_next(sheet->rows);
		if (sheet->has_row)
			sheet->answer_id = col_i64(sheet->rows);
	}
	return true;
}
