/*
 * The desk's reports: worked out by the job, read by the page.
 */
#include "forum/desk_report.h"

#include "db/db.h"
#include "forum/author.h"
#include "forum/category.h"
#include "forum/expert.h"
#include "forum/policy.h"
#include "forum/site_setting.h"

const int desk_report_days[DESK_REPORT_SPANS] = { 7, 30, 90 };

static const char *const report_names[DESK_REPORT_COUNT] = {
	[DESK_REPORT_TARGETS] = "targets",   [DESK_REPORT_TEAMS] = "teams",
	[DESK_REPORT_TIMES] = "times",       [DESK_REPORT_SIDES] = "sides",
	[DESK_REPORT_BACKLOG] = "backlog",   [DESK_REPORT_LOAD] = "load",
	[DESK_REPORT_ARTICLES] = "articles", [DESK_REPORT_CAUSES] = "causes",
};

/* Working out ---------------------------------------------------------------------- */

/* Two at once would meet in the rows: one is enough. */
DB_STATEMENT(desk_report_lock, "select pg_advisory_xact_lock(hashtext('entraide desk_report'))", 0);
DB_STATEMENT(desk_report_drop_lines, "delete from desk_report_lines where days = $1::integer", 1);
DB_STATEMENT(desk_report_drop_people, "delete from desk_report_people where days = $1::integer", 1);
DB_STATEMENT(desk_report_put_lines,
	     "insert into desk_report_lines (days, report, place, subject_id, figures)\n"
	     "select $1::integer, l.* from desk_report_lines_of($1::integer, $2, $3) l",
	     3);
DB_STATEMENT(desk_report_put_people,
	     "insert into desk_report_people (days, report, person_id, figures)\n"
	     "select $1::integer, p.* from desk_report_people_of($1::integer, $2) p",
	     2);
DB_STATEMENT(desk_report_put_run,
	     "insert into desk_report_runs (days, worked_out_at) values ($1::integer, $2)\n"
	     "on conflict (days) do update set worked_out_at = excluded.worked_out_at",
	     2);

enum err desk_reports_refresh(struct ctx *ctx)
{
	const struct param at = param_time(ctx->now);

	db_begin(ctx);
	db_add_params(ctx, &desk_report_lock, NULL, NULL, 0);
	for (size_t i = 0; i < DESK_REPORT_SPANS; i++) {
		const struct param days = param_i64(desk_report_days[i]);

		db_add(ctx, &desk_report_drop_lines, NULL, days);
		db_add(ctx, &desk_report_drop_people, NULL, days);
		db_add(ctx, &desk_report_put_lines, NULL, days, at,
		       param_text(site_text(SITE_DESK_TIME_ZONE)));
		db_add(ctx, &desk_report_put_people, NULL, days, at);
		db_add(ctx, &desk_report_put_run, NULL, days, at);
	}
	return db_commit(ctx);
}

/* Reading ------------------------------------------------------------------------------ */

DB_STATEMENT(
	desk_report_lines,
	"select l.report, l.place, l.subject_id, coalesce(c.name_fr, m.name, r.title), coalesce(c.name_en, m.name, r.title),\n"
	"	l.figures[1], l.figures[2], l.figures[3], l.figures[4], l.figures[5], l.figures[6], l.figures[7],\n"
	"	l.figures[8]\n"
	"from desk_report_lines l\n"
	"left join categories c on c.id = l.subject_id and l.report in ('times', 'targets')\n"
	"left join desk_teams m on m.id = l.subject_id and l.report = 'teams'\n"
	"left join articles r on r.id = l.subject_id and l.report = 'articles'\n"
	"where l.days = $1::integer\n"
	"order by l.report, l.place\n"
	"limit $2::bigint",
	2);

/* Whoever left, or changed their mind, since the last hour is not shown. */
#define REPORTED_PEOPLE \
	"from desk_report_people l\n" \
	"join people a on a.id = l.person_id and a.state = 'active' and a.is_ranked and not a.is_minor\n" \
	"	and a.role = 'customer'\n"

DB_STATEMENT(
	desk_report_ambassadors,
	"select l.figures[1], l.figures[2], l.figures[3], l.figures[4], l.figures[5], l.figures[6], l.figures[7],\n"
	"	" PERSON_AUTHOR_COLUMNS(
		"a") "\n" REPORTED_PEOPLE
		     "where l.days = $1::integer and l.report = 'ambassadors' limit $2::bigint",
	2);

DB_STATEMENT(
	desk_report_care,
	"select l.figures[1], l.figures[2], l.figures[3], t.id, t.title, " PERSON_AUTHOR_COLUMNS(
		"a") "\n" REPORTED_PEOPLE
		     "left join topics t on t.id = l.figures[4] and t.visibility = 'visible'\n"
		     "where l.days = $1::integer and l.report = 'care'\n"
		     "order by l.figures[2] desc, l.figures[3] desc, l.figures[1], a.id\n"
		     "limit $2::bigint",
	2);

DB_STATEMENT(desk_report_run, "select worked_out_at from desk_report_runs where days = $1::integer",
	     1);

static bool report_of(const char *name, enum desk_report *out)
{
	for (int i = 0; i < DESK_REPORT_COUNT; i++) {
		*out = (enum desk_report)i;
		if (strcmp(report_names[i], name) == 0)
			return true;
	}
	return false;
}

static void read_lines(struct ctx *ctx, struct rows *rows, struct desk_reports *out)
{
	for (int i = 0; i < DESK_REPORT_COUNT; i++)
		out->of[i].items = arena_array_of(ctx->arena, (size_t)rows->count + 1,
						  struct desk_report_line);
	while (rows_next(rows)) {
		struct desk_report_line line = { .name = "" };
		enum desk_report report;

		if (!report_of(col_text(rows), &report))
			continue;
		line.place = col_i64(rows);
		line.subject_id = col_i64(rows);
		line.name = category_name_read(ctx, rows);
		for (size_t i = 0; i < DESK_REPORT_FIGURES; i++)
			line.figures[i] = col_i64(rows);
		out->of[report].items[out->of[report].count++] = line;
	}
}

static int by_score(const void *one, const void *other)
{
	const struct desk_ambassador *a = one, *b = other;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	return a->author.id < b->author.id ? -1 : a->author.id > b->author.id;
}

static void read_ambassador(struct ctx *ctx, struct rows *rows, struct desk_ambassador *out)
{
	out->answers = col_i64(rows);
	out->accepted_share = col_i64(rows);
	out->reach = col_i64(rows);
	out->thanks = col_i64(rows);
	out->response_minutes = col_i64(rows);
	out->abuses = col_i64(rows);
	out->days = col_i64(rows);
	author_read(ctx, rows, &out->author);
	out->score = candidate_score(&(struct candidate){ .accepted_share = out->accepted_share,
							  .reach = out->reach,
							  .thanks = out->thanks,
							  .response_minutes = out->response_minutes,
							  .abuses = out->abuses,
							  .days = out->days });
}

static void read_care(struct ctx *ctx, struct rows *rows, struct desk_care *out)
{
	out->questions = col_i64(rows);
	out->failed = col_i64(rows);
	out->unanswered = col_i64(rows);
	out->latest_id = col_i64(rows);
	out->latest_title = col_text(rows);
	author_read(ctx, rows, &out->author);
}

static void read_people(struct ctx *ctx, struct rows *ambassadors, struct rows *care,
			struct desk_reports *out)
{
	out->ambassadors = arena_array_of(ctx->arena, (size_t)ambassadors->count + 1,
					  struct desk_ambassador);
	while (rows_next(ambassadors))
		read_ambassador(ctx, ambassadors, &out->ambassadors[out->ambassador_count++]);
	qsort(out->ambassadors, out->ambassador_count, sizeof(out->ambassadors[0]), by_score);
	out->care = arena_array_of(ctx->arena, (size_t)care->count + 1, struct desk_care);
	while (rows_next(care))
		read_care(ctx, care, &out->care[out->care_count++]);
}

enum err desk_reports_load(struct ctx *ctx, size_t span, struct desk_reports *out)
{
	const struct param days = param_i64(desk_report_days[span]);
	struct rows lines, ambassadors, care, run;

	*out = (struct desk_reports){ 0 };
	TRY(policy_require(ctx, MAY_SEE_STATISTICS, &(struct subject){ .now = ctx->now }));
	db_add(ctx, &desk_report_lines, &lines, days, param_i64(DESK_REPORT_LINES_MAX));
	db_add(ctx, &desk_report_ambassadors, &ambassadors, days, param_i64(DESK_REPORT_PEOPLE));
	db_add(ctx, &desk_report_care, &care, days, param_i64(DESK_REPORT_PEOPLE));
	db_add(ctx, &desk_report_run, &run, days);
	TRY(db_run(ctx));
	read_lines(ctx, &lines, out);
	read_people(ctx, &ambassadors, &care, out);
	if (rows_next(&run))
		out->worked_out_at = col_time(&run);
	return OK;
}
