/*
 * Figures about people: their names, and the one statement that reads them.
 */
#include "forum/figure.h"

#include "db/db.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	figures_select,
	"select person_id, age_days, days_visited, questions, answers, replies, posts,\n"
	"	topics_answered, accepted, accepted_share, thanks, thanked_by, thanked_days,\n"
	"	thanks_given, solved_questions, quick_answers, night_answers, edits,\n"
	"	categories_answered, best_answer_thanks, articles, confirmed_flags, right_flags,\n"
	"	reputation\n"
	"from person_figures($1::bigint[], $2::timestamptz, $3::timestamptz)\n"
	"order by person_id",
	3);

static const struct {
	const char *text, *label;
} figures[FIGURE_COUNT] = {
	[FIGURE_AGE_DAYS] = { "age_days", N_("Days since joining") },
	[FIGURE_DAYS_VISITED] = { "days_visited", N_("Days visited") },
	[FIGURE_QUESTIONS] = { "questions", N_("Questions asked") },
	[FIGURE_ANSWERS] = { "answers", N_("Answers written") },
	[FIGURE_REPLIES] = { "replies", N_("Answers and comments") },
	[FIGURE_POSTS] = { "posts", N_("Questions, answers and comments") },
	[FIGURE_TOPICS_ANSWERED] = { "topics_answered", N_("Other people’s questions answered") },
	[FIGURE_ACCEPTED] = { "accepted", N_("Accepted answers") },
	[FIGURE_ACCEPTED_SHARE] = { "accepted_share",
				    N_("Share of the answers that were accepted, in percent") },
	[FIGURE_THANKS] = { "thanks", N_("Thanks received") },
	[FIGURE_THANKED_BY] = { "thanked_by", N_("People who said thanks") },
	[FIGURE_THANKED_DAYS] = { "thanked_days", N_("Days on which somebody said thanks") },
	[FIGURE_THANKS_GIVEN] = { "thanks_given", N_("Thanks given") },
	[FIGURE_SOLVED_QUESTIONS] = { "solved_questions", N_("Own questions solved") },
	[FIGURE_QUICK_ANSWERS] = { "quick_answers", N_("Answers within an hour") },
	[FIGURE_NIGHT_ANSWERS] = { "night_answers", N_("Answers at night") },
	[FIGURE_EDITS] = { "edits", N_("Other people’s posts improved") },
	[FIGURE_CATEGORIES_ANSWERED] = { "categories_answered", N_("Categories answered in") },
	[FIGURE_BEST_ANSWER_THANKS] = { "best_answer_thanks", N_("Thanks for the best answer") },
	[FIGURE_ARTICLES] = { "articles", N_("Articles published") },
	[FIGURE_CONFIRMED_FLAGS] = { "confirmed_flags", N_("Posts removed as abuse") },
	[FIGURE_RIGHT_FLAGS] = { "right_flags", N_("Reports that were right") },
	[FIGURE_REPUTATION] = { "reputation", N_("Reputation") },
};

void figures_add(struct ctx *ctx, const int64_t *ids, size_t count, int64_t since,
		 struct rows *rows)
{
	db_add(ctx, &figures_select, rows, param_i64s(ctx->arena, ids, count), param_time(since),
	       param_time(ctx->now));
}

bool figures_next(struct rows *rows, struct figures *out)
{
	if (!rows_next(rows))
		return false;
	out->person_id = col_i64(rows);
	for (int i = 0; i < FIGURE_COUNT; i++)
		out->of[i] = col_i64(rows);
	return true;
}

const char *figure_text(enum figure figure)
{
	return figures[figure].text;
}

bool figure_from_text(const char *text, enum figure *out)
{
	for (int i = 0; i < FIGURE_COUNT; i++) {
		if (strcmp(figures[i].text, text) == 0) {
			*out = (enum figure)i;
			return true;
		}
	}
	return false;
}

const char *figure_label(enum figure figure)
{
	return figures[figure].label;
}
