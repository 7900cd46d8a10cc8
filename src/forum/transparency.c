/*
 * Reading and publishing the yearly report.
 */
#include "forum/transparency.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define YEAR_MIN 2000
#define YEAR_MAX 2200

/* $1: a year, or 0 for the newest that is published. */
DB_STATEMENT(transparency_head,
	     "select r.year, r.published_at from transparency_reports r\n"
	     "where r.year = $1::bigint or $1::bigint = 0 order by r.year desc limit 1",
	     1);

DB_STATEMENT(transparency_years,
	     "select year from transparency_reports order by year desc limit 50", 0);
_Static_assert(TRANSPARENCY_YEARS_MAX == 50, "the statement says so too");

#define FIGURES  "f.section, f.subject, f.detail, f.count, f.automated, f.median_hours"
#define IN_ORDER " order by f.section, f.subject, f.detail limit 1000"
_Static_assert(TRANSPARENCY_ROWS_MAX == 1000, "the statements say so too");

DB_STATEMENT(
	transparency_kept,
	"select " FIGURES " from transparency_figures f\n"
	"where f.year = coalesce(nullif($1::bigint, 0), (select max(year) from transparency_reports))\n" IN_ORDER,
	1);

DB_STATEMENT(transparency_today, "select " FIGURES " from transparency_of($1::integer) f" IN_ORDER,
	     1);

DB_STATEMENT(transparency_drop,
	     "delete from transparency_reports where year = $1::integer returning year", 1);
DB_STATEMENT(
	transparency_insert,
	"insert into transparency_reports (year, published_at, published_by) values ($1::integer, $2, $3)",
	3);
DB_STATEMENT(
	transparency_keep,
	"insert into transparency_figures (year, section, subject, detail, count, automated, median_hours)\n"
	"select $1::integer, " FIGURES " from transparency_of($1::integer) f",
	1);

static const char *const sections[] = {
	[TRANSPARENCY_ALL_NOTICES] = "all_notices",
	[TRANSPARENCY_NOTICES] = "notices",
	[TRANSPARENCY_BY_NOTICE] = "by_notice",
	[TRANSPARENCY_OWN_INITIATIVE] = "own_initiative",
	[TRANSPARENCY_COMPLAINTS] = "complaints",
	[TRANSPARENCY_SUSPENSIONS] = "suspensions",
	[TRANSPARENCY_RECIPIENTS] = "recipients",
};
_Static_assert(ARRAY_COUNT(sections) == TRANSPARENCY_SECTION_COUNT, "every section has its word");

const char *transparency_section_text(enum transparency_section section)
{
	return sections[section];
}

static bool section_parse(const char *text, enum transparency_section *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(sections); i++) {
		if (strcmp(sections[i], text) == 0) {
			*out = (enum transparency_section)i;
			return true;
		}
	}
	return false;
}

static void row_read(struct rows *rows, struct transparency_row *row)
{
	row->subject = col_text(rows);
	row->detail = col_text(rows);
	row->count = col_i64(rows);
	row->automated = col_i64(rows);
	row->has_median = !col_is_null(rows);
	row->median_hours = col_f64(rows);
}

/* Months come in their order. */
static int64_t mean_of_last_months(const struct transparency *report)
{
	int64_t sum = 0, months = 0;

	for (size_t i = report->count; i > 0 && months < 6; i--) {
		if (report->rows[i - 1].section != TRANSPARENCY_RECIPIENTS)
			continue;
		sum += report->rows[i - 1].count;
		months++;
	}
	return months ? (sum + months / 2) / months : 0;
}

static void take(struct ctx *ctx, struct rows *heads, struct rows *years, struct rows *figures,
		 struct transparency *out)
{
	if (rows_next(heads)) {
		out->year = col_i64(heads);
		out->published_at = col_time(heads);
	}
	while (out->year_count < TRANSPARENCY_YEARS_MAX && rows_next(years))
		out->years[out->year_count++] = col_i64(years);
	out->rows = arena_array_of(ctx->arena, (size_t)figures->count + 1, struct transparency_row);
	while (rows_next(figures)) {
		struct transparency_row *row = &out->rows[out->count];

		if (!section_parse(col_text(figures), &row->section))
			continue;
		row_read(figures, row);
		out->count++;
	}
	out->recipients = mean_of_last_months(out);
}

enum err transparency_published(struct ctx *ctx, int64_t year, struct transparency *out)
{
	struct rows heads, years, figures;

	*out = (struct transparency){ .year = 0 };
	db_add(ctx, &transparency_head, &heads, param_i64(year));
	db_add_params(ctx, &transparency_years, &years, NULL, 0);
	db_add(ctx, &transparency_kept, &figures, param_i64(year));
	TRY(db_run(ctx));
	take(ctx, &heads, &years, &figures, out);
	if (year && !out->year)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err check(struct ctx *ctx, int64_t year)
{
	const struct subject nothing = { .now = ctx->now };

	TRY(policy_require(ctx, MAY_PUBLISH_REPORT, &nothing));
	if (year < YEAR_MIN || year > YEAR_MAX)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err transparency_of_year(struct ctx *ctx, int64_t year, struct transparency *out)
{
	struct rows heads, years, figures;

	*out = (struct transparency){ .year = 0 };
	TRY(check(ctx, year));
	db_add(ctx, &transparency_head, &heads, param_i64(year));
	db_add_params(ctx, &transparency_years, &years, NULL, 0);
	db_add(ctx, &transparency_today, &figures, param_i64(year));
	TRY(db_run(ctx));
	take(ctx, &heads, &years, &figures, out);
	out->year = year;
	return OK;
}

static void log_act(struct ctx *ctx, const char *action, int64_t year)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action, .subject = "report", .subject_id = year });
}

static enum err publish(struct ctx *ctx, int64_t year, const char *form_key)
{
	const char *earlier;

	TRY(check(ctx, year));
	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	db_add(ctx, &transparency_drop, NULL, param_i64(year));
	db_add(ctx, &transparency_insert, NULL, param_i64(year), param_time(ctx->now),
	       param_id(ctx->actor->id));
	db_add(ctx, &transparency_keep, NULL, param_i64(year));
	log_act(ctx, "report_publish", year);
	once_result(ctx, form_key, "published");
	return db_commit(ctx);
}

enum err transparency_publish(struct ctx *ctx, int64_t year, const char *form_key)
{
	return writing_end(ctx, publish(ctx, year, form_key));
}

static enum err withdraw(struct ctx *ctx, int64_t year, const char *form_key)
{
	const char *earlier;
	struct rows rows;

	TRY(check(ctx, year));
	db_begin(ctx);
	TRY(once_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &transparency_drop, &rows, param_i64(year)));
	if (rows.count != 1)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This report is not published."));
	log_act(ctx, "report_withdraw", year);
	once_result(ctx, form_key, "withdrawn");
	return db_commit(ctx);
}

enum err transparency_withdraw(struct ctx *ctx, int64_t year, const char *form_key)
{
	return writing_end(ctx, withdraw(ctx, year, form_key));
}
