/*
 * Adding up by day, and the report by week. The report reads sums alone (and of the
 * raw rows only the newest failed suggestions, by an index), so that it costs the
 * same on a large forum.
 */
#include "forum/statistics.h"

#include "db/db.h"
#include "forum/policy.h"
#include "text/slug.h"

#define TODAY "(now() at time zone 'utc')::date"

/* Words kept for a day: so that nobody's robot fills the table. */
#define WORDS_PER_DAY "500"

/*
 * Of today and yesterday, so that what came around midnight is not lost. After a
 * crash the raw rows may be gone: a sum never becomes smaller.
 */
DB_STATEMENT(
	sum_deflection,
	"insert into deflection_days as d\n"
	"select v.day, count(*), count(*) filter (where v.is_shown), count(*) filter (where v.is_opened),\n"
	"	count(*) filter (where v.is_solved), count(*) filter (where v.is_followed),\n"
	"	count(v.asked_topic_id), count(v.asked_topic_id) filter (where v.is_shown),\n"
	"	count(*) filter (where v.is_opened and not v.is_solved and not v.is_followed\n"
	"		and v.asked_topic_id is null)\n"
	"from deflection_views v\n"
	"where v.day >= " TODAY " - 1\n"
	"group by v.day\n"
	"on conflict (day) do update set started = excluded.started, shown = excluded.shown,\n"
	"	opened = excluded.opened, solved = excluded.solved, followed = excluded.followed,\n"
	"	asked = excluded.asked, asked_although = excluded.asked_although,\n"
	"	left_after_opening = excluded.left_after_opening\n"
	"where excluded.started >= d.started",
	0);

/* What is solved or opened was shown: so the number of those says which sum is fuller. */
DB_STATEMENT(
	sum_articles,
	"insert into article_deflections as d (day, article_id, shown, opened, solved, asked)\n"
	"select v.day, a.id, count(*), count(*) filter (where s.is_opened),\n"
	"	count(*) filter (where s.is_solved), count(v.asked_topic_id)\n"
	"from deflection_articles s join deflection_views v on v.id = s.view_id\n"
	"join articles a on a.id = s.article_id\n"
	"where v.day >= " TODAY " - 1\n"
	"group by v.day, a.id\n"
	"on conflict (day, article_id) do update set shown = excluded.shown,\n"
	"	opened = excluded.opened, solved = excluded.solved, asked = excluded.asked\n"
	"where excluded.shown >= d.shown",
	0);

/* Once for each page, however many articles it offered. */
DB_STATEMENT(
	sum_article_days,
	"insert into article_deflection_days as d (day, shown, opened, solved, asked)\n"
	"select v.day, count(*), count(*) filter (where s.is_opened), count(*) filter (where s.is_solved),\n"
	"	count(v.asked_topic_id)\n"
	"from (select a.view_id, bool_or(a.is_opened) as is_opened, bool_or(a.is_solved) as is_solved\n"
	"	from deflection_articles a\n"
	"	join deflection_views of on of.id = a.view_id and of.day >= " TODAY " - 1\n"
	"	group by a.view_id) s\n"
	"join deflection_views v on v.id = s.view_id\n"
	"group by v.day\n"
	"on conflict (day) do update set shown = excluded.shown, opened = excluded.opened,\n"
	"	solved = excluded.solved, asked = excluded.asked\n"
	"where excluded.shown >= d.shown",
	0);

DB_STATEMENT(sum_searches,
	     "insert into search_days as d\n"
	     "select l.day, count(*), count(*) filter (where not l.has_hits)\n"
	     "from search_log l\n"
	     "where l.day >= " TODAY " - 1\n"
	     "group by l.day\n"
	     "on conflict (day) do update set searches = excluded.searches,\n"
	     "	without_result = excluded.without_result\n"
	     "where excluded.searches >= d.searches",
	     0);

DB_STATEMENT(
	sum_words,
	"insert into search_word_days as d\n"
	"select ranked.day, ranked.words, ranked.example, ranked.searches\n"
	"from (select l.day, l.words, min(l.example) as example, count(*) as searches,\n"
	"		row_number() over (partition by l.day order by count(*) desc, l.words) as place\n"
	"	from search_log l\n"
	"	where l.day >= " TODAY " - 1 and not l.has_hits\n"
	"	group by l.day, l.words) ranked\n"
	"where ranked.place <= " WORDS_PER_DAY "\n"
	"on conflict (day, words) do update set searches = excluded.searches\n"
	"where excluded.searches >= d.searches",
	0);

DB_STATEMENT(sum_positions,
	     "insert into search_position_days as d\n"
	     "select o.day, o.position, count(*)\n"
	     "from search_opened o\n"
	     "where o.day >= " TODAY " - 1\n"
	     "group by o.day, o.position\n"
	     "on conflict (day, position) do update set opened = excluded.opened\n"
	     "where excluded.opened >= d.opened",
	     0);

_Static_assert(STATISTICS_RAW_DAYS == 30 && STATISTICS_SUMS_MONTHS == 13,
	       "the statements say so too");
#define RAW_END  "day < " TODAY " - 30"
#define SUMS_END "day < " TODAY " - interval '13 months'"

DB_STATEMENT(purge_views, "delete from deflection_views where " RAW_END, 0);
DB_STATEMENT(purge_search_log, "delete from search_log where " RAW_END, 0);
DB_STATEMENT(purge_search_opened, "delete from search_opened where " RAW_END, 0);
DB_STATEMENT(purge_deflection_days, "delete from deflection_days where " SUMS_END, 0);
DB_STATEMENT(purge_search_days, "delete from search_days where " SUMS_END, 0);
DB_STATEMENT(purge_word_days, "delete from search_word_days where " SUMS_END, 0);
DB_STATEMENT(purge_article_days, "delete from article_deflections where " SUMS_END, 0);
DB_STATEMENT(purge_article_sums, "delete from article_deflection_days where " SUMS_END, 0);
DB_STATEMENT(purge_position_days, "delete from search_position_days where " SUMS_END, 0);

/* $1: how many weeks back the first one lies. */
#define FIRST_DAY "(date_trunc('week', " TODAY ")::date - 7 * $1::integer)"

DB_STATEMENT(
	report_weeks,
	"select w.monday::timestamp at time zone 'utc',\n"
	"	coalesce(sum(d.started), 0), coalesce(sum(d.shown), 0), coalesce(sum(d.opened), 0),\n"
	"	coalesce(sum(d.solved), 0), coalesce(sum(d.followed), 0), coalesce(sum(d.asked), 0),\n"
	"	coalesce(sum(d.asked_although), 0), coalesce(sum(d.left_after_opening), 0),\n"
	"	coalesce(sum(s.searches), 0), coalesce(sum(s.without_result), 0)\n"
	"from (select " FIRST_DAY " + 7 * n as monday from generate_series(0, $1::integer) n) w\n"
	"cross join generate_series(0, 6) offsets (n)\n"
	"left join deflection_days d on d.day = w.monday + offsets.n\n"
	"left join search_days s on s.day = w.monday + offsets.n\n"
	"group by w.monday\n"
	"order by w.monday desc",
	1);

DB_STATEMENT(report_words,
	     "select d.words, (array_agg(d.example order by d.day desc))[1], sum(d.searches),\n"
	     "	max(d.day)::timestamp at time zone 'utc'\n"
	     "from search_word_days d\n"
	     "where d.day >= " FIRST_DAY "\n"
	     "group by d.words\n"
	     "order by sum(d.searches) desc, max(d.day) desc, d.words\n"
	     "limit $2::bigint",
	     2);

DB_STATEMENT(report_positions,
	     "select least(p.position, $2::integer)::integer, sum(p.opened)\n"
	     "from search_position_days p\n"
	     "where p.day >= " FIRST_DAY "\n"
	     "group by 1",
	     2);

/* The first of what was shown; withdrawn questions have no line. */
DB_STATEMENT(
	report_failed,
	"select t.id, t.title, t.created_at, v.is_opened, first.id, first.title, shown.count\n"
	"from (select * from deflection_views\n"
	"	where is_shown and asked_topic_id is not null\n"
	"	order by asked_topic_id desc limit $1::bigint) v\n"
	"join topics t on t.id = v.asked_topic_id and t.visibility = 'visible'\n"
	"cross join lateral (select count(*) from deflection_hits h where h.view_id = v.id) shown\n"
	"left join lateral (select o.id, o.title from deflection_hits h\n"
	"	join topics o on o.id = h.topic_id and o.visibility = 'visible'\n"
	"	where h.view_id = v.id order by h.position, h.topic_id limit 1) first on true\n"
	"order by t.id desc",
	1);

enum err statistics_sum(struct ctx *ctx)
{
	TRY(db_query_params(ctx, &sum_deflection, NULL, NULL, 0));
	TRY(db_query_params(ctx, &sum_articles, NULL, NULL, 0));
	TRY(db_query_params(ctx, &sum_article_days, NULL, NULL, 0));
	TRY(db_query_params(ctx, &sum_searches, NULL, NULL, 0));
	TRY(db_query_params(ctx, &sum_words, NULL, NULL, 0));
	return db_query_params(ctx, &sum_positions, NULL, NULL, 0);
}

enum err statistics_purge(struct ctx *ctx)
{
	static const struct stmt *const statements[] = {
		&purge_views,           &purge_search_log,   &purge_search_opened,
		&purge_deflection_days, &purge_search_days,  &purge_word_days,
		&purge_position_days,   &purge_article_days, &purge_article_sums,
	};

	for (size_t i = 0; i < ARRAY_COUNT(statements); i++)
		TRY(db_query_params(ctx, statements[i], NULL, NULL, 0));
	return OK;
}

static void read_weeks(struct rows *rows, struct statistics *out)
{
	for (size_t i = 0; i < STATISTICS_WEEKS && rows_next(rows); i++) {
		struct statistics_week *week = &out->weeks[i];

		week->starts_at = col_time(rows);
		week->started = col_i64(rows);
		week->shown = col_i64(rows);
		week->opened = col_i64(rows);
		week->solved = col_i64(rows);
		week->followed = col_i64(rows);
		week->asked = col_i64(rows);
		week->asked_although = col_i64(rows);
		week->left_after_opening = col_i64(rows);
		week->searches = col_i64(rows);
		week->without_result = col_i64(rows);
	}
}

static void read_words(struct ctx *ctx, struct rows *rows, struct statistics *out)
{
	out->words = arena_array_of(ctx->arena, (size_t)rows->count, struct statistics_words);
	while (rows_next(rows)) {
		struct statistics_words *words = &out->words[out->words_count++];

		words->words = col_text(rows);
		words->example = col_text(rows);
		words->searches = col_i64(rows);
		words->last_at = col_time(rows);
	}
}

static void read_failed(struct ctx *ctx, struct rows *rows, struct statistics *out)
{
	out->failed = arena_array_of(ctx->arena, (size_t)rows->count, struct statistics_failed);
	while (rows_next(rows)) {
		struct statistics_failed *failed = &out->failed[out->failed_count++];

		failed->topic_id = col_i64(rows);
		failed->title = col_text(rows);
		failed->asked_at = col_time(rows);
		failed->was_opened = col_bool(rows);
		failed->shown_id = col_i64(rows);
		failed->shown_title = col_text(rows);
		failed->shown_count = col_i64(rows);
		failed->slug = slug_from(ctx->arena, failed->title);
		failed->shown_slug = slug_from(ctx->arena, failed->shown_title);
	}
}

enum err statistics_load(struct ctx *ctx, struct statistics *out)
{
	struct param weeks_back = param_i64(STATISTICS_WEEKS - 1);
	struct rows weeks, words, positions, failed;

	*out = (struct statistics){ 0 };
	TRY(policy_require(ctx, MAY_SEE_STATISTICS, &(struct subject){ .now = ctx->now }));
	db_add(ctx, &report_weeks, &weeks, weeks_back);
	db_add(ctx, &report_words, &words, weeks_back, param_i64(STATISTICS_WORDS_SHOWN));
	db_add(ctx, &report_positions, &positions, weeks_back, param_i64(STATISTICS_POSITIONS + 1));
	db_add(ctx, &report_failed, &failed, param_i64(STATISTICS_FAILED_SHOWN));
	TRY(db_run(ctx));
	read_weeks(&weeks, out);
	read_words(ctx, &words, out);
	read_failed(ctx, &failed, out);
	while (rows_next(&positions)) {
		int64_t position = col_i64(&positions);

		out->positions[position - 1] = col_i64(&positions);
	}
	return OK;
}
