/*
 * What labels say: by week the share of negative texts, and how well two people agree.
 */
#include "forum/listening_label.h"

#include "db/db.h"
#include "forum/listening_parts.h"

/* Source by theme: what one week can have. */
#define STRATA_MAX ((LISTENING_THEMES_MAX + 1) * LISTENING_SOURCES_MAX)

#define PUBLIC_TEXTS \
	"listening_texts x join posts p on p.id = x.post_id and p.visibility = 'visible'\n" \
	"	join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
#define IN_WEEKS "s.week >= " LISTENING_DATE_SQL("$1") " and s.week < " LISTENING_DATE_SQL("$2")

/* The first label counts. A stratum all whose texts are gone still has its size. */
DB_STATEMENT(
	listening_week_strata,
	"select " LISTENING_WEEK_SQL(
		"s.week") " - $1::bigint, k.size::bigint,\n"
			  "	count(x.id), count(l.id), count(l.id) filter (where l.label <> 'other'),\n"
			  "	count(l.id) filter (where l.label = 'negative')\n"
			  "from listening_samples s join listening_strata k on k.sample_id = s.id\n"
			  "left join (" PUBLIC_TEXTS
			  ") on x.sample_id = s.id and x.source_id = k.source_id\n"
			  "	and x.theme_id = k.theme_id\n"
			  "left join listening_labels l on l.text_id = x.id and l.turn = 1\n"
			  "where " IN_WEEKS "\n"
			  "group by s.week, k.source_id, k.theme_id, k.size\n"
			  "order by s.week, k.source_id, k.theme_id limit 50000",
	2);

DB_STATEMENT(listening_confusions,
	     "select a.label, b.label, count(*)\n"
	     "from listening_samples s join listening_texts x on x.sample_id = s.id\n"
	     "join posts p on p.id = x.post_id and p.visibility = 'visible'\n"
	     "join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
	     "join listening_labels a on a.text_id = x.id and a.turn = 1\n"
	     "join listening_labels b on b.text_id = x.id and b.turn = 2\n"
	     "where " IN_WEEKS "\n"
	     "group by 1, 2",
	     2);

/* Labels that samples from week $1 on wait for. */
DB_STATEMENT(
	listening_left,
	"select coalesce(sum(greatest(1 + x.is_double::integer - (select count(*)\n"
	"	from listening_labels l where l.text_id = x.id and l.turn is not null), 0)), 0)::bigint\n"
	"from listening_samples s join listening_texts x on x.sample_id = s.id\n"
	"join posts p on p.id = x.post_id and p.visibility = 'visible'\n"
	"join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
	"where s.week >= " LISTENING_DATE_SQL("$1"),
	1);

/* Strata of one week after those of another. */
struct weeks {
	struct listening_results *out;
	size_t week_count;
	struct listening_stratum strata[STRATA_MAX];
	size_t count;
	int64_t week, drawn;
};

static void end_week(struct weeks *weeks)
{
	struct listening_week_share *week;

	if (weeks->count == 0 || weeks->week < 0 || weeks->week >= (int64_t)weeks->week_count)
		return;
	week = &weeks->out->weeks[weeks->week];
	week->drawn = weeks->drawn;
	listening_share(weeks->strata, weeks->count, &week->share);
	weeks->out->labelled += week->share.labelled;
}

static void read_strata(struct ctx *ctx, struct rows *rows, size_t week_count,
			struct listening_results *out)
{
	struct weeks *weeks = arena_new_of(ctx->arena, struct weeks);

	weeks->out = out;
	weeks->week_count = week_count;
	while (rows_next(rows)) {
		int64_t week = col_i64(rows);
		struct listening_stratum stratum = { .size = col_i64(rows) };

		if (week != weeks->week) {
			end_week(weeks);
			weeks->count = 0;
			weeks->drawn = 0;
			weeks->week = week;
		}
		weeks->drawn += col_i64(rows);
		stratum.labelled = col_i64(rows);
		stratum.about = col_i64(rows);
		stratum.negative = col_i64(rows);
		if (weeks->count < STRATA_MAX)
			weeks->strata[weeks->count++] = stratum;
	}
	end_week(weeks);
}

static void read_confusion(struct rows *rows, struct listening_confusion *out)
{
	while (rows_next(rows)) {
		enum listening_label first, second;

		if (listening_label_parse(col_text(rows), &first) &&
		    listening_label_parse(col_text(rows), &second) && first < LISTENING_SKIPPED &&
		    second < LISTENING_SKIPPED)
			out->counts[first][second] = col_i64(rows);
	}
}

enum err listening_results(struct ctx *ctx, int64_t first_week, size_t week_count,
			   struct listening_results *out)
{
	struct param from = param_i64(first_week);
	struct param until = param_i64(first_week + (int64_t)week_count);
	struct rows strata, confusion, left;

	*out = (struct listening_results){ 0 };
	TRY(listening_require(ctx));
	db_add(ctx, &listening_week_strata, &strata, from, until);
	db_add(ctx, &listening_confusions, &confusion, from, until);
	db_add(ctx, &listening_left, &left,
	       param_i64(listening_week(ctx->now) - LISTENING_OPEN_WEEKS));
	TRY(db_run(ctx));
	read_strata(ctx, &strata, week_count, out);
	read_confusion(&confusion, &out->confusion);
	listening_kappa(&out->confusion, &out->kappa);
	out->left = rows_next(&left) ? col_i64(&left) : 0;
	return OK;
}

/* Compared --------------------------------------------------------------------------------- */

/* Strata of all weeks before are those of one large sample. */
enum err listening_compare(struct ctx *ctx, int64_t week, struct listening_comparison *out)
{
	struct listening_stratum *now, *before;
	size_t now_count = 0, before_count = 0;
	int64_t last = -1;
	struct rows rows;

	*out = (struct listening_comparison){ 0 };
	TRY(db_query(ctx, &listening_week_strata, &rows, param_i64(week - LISTENING_COMPARED_WEEKS),
		     param_i64(week + 1)));
	now = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct listening_stratum);
	before = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct listening_stratum);
	while (rows_next(&rows)) {
		int64_t at = col_i64(&rows);
		struct listening_stratum stratum = { .size = col_i64(&rows) };

		col_skip(&rows);
		stratum.labelled = col_i64(&rows);
		stratum.about = col_i64(&rows);
		stratum.negative = col_i64(&rows);
		if (at == LISTENING_COMPARED_WEEKS) {
			now[now_count++] = stratum;
			continue;
		}
		out->weeks_before += at != last && stratum.labelled > 0;
		last = stratum.labelled > 0 ? at : last;
		before[before_count++] = stratum;
	}
	listening_share(now, now_count, &out->now);
	listening_share(before, before_count, &out->before);
	return OK;
}
