/*
 * Texts by week, source and theme. The counts follow wholly from posts and themes; what is
 * counted stands in listening_parts.h alone, and listening_check compares.
 */
#include "forum/listening_parts.h"

#include "forum/site_setting.h"

/* Until then texts may still be held, withdrawn, moved, or read late from a mirror. */
#define RECENT_WEEKS 2
/* So that 52 weeks can be compared with those before. */
#define KEPT_WEEKS   105

#define COUNTS_TRUTH \
	"select " LISTENING_DATE_SQL( \
		"n.week") " as week, n.source_id, n.theme_id, n.count::integer\n" \
			  "from unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])\n" \
			  "	n (week, source_id, theme_id, count)"
#define IN_WEEKS "c.week >= " LISTENING_DATE_SQL("$1") " and c.week < " LISTENING_DATE_SQL("$2")

DB_STATEMENT(
	listening_counts_write,
	"with truth as (" COUNTS_TRUTH "), gone as (\n"
	"	delete from listening_counts c where " IN_WEEKS "\n"
	"		and not exists (select from truth where truth.week = c.week\n"
	"			and truth.source_id = c.source_id and truth.theme_id = c.theme_id)\n"
	")\n"
	"insert into listening_counts as c (week, source_id, theme_id, count)\n"
	"select truth.* from truth order by 1, 2, 3\n"
	"on conflict (week, source_id, theme_id) do update set count = excluded.count\n"
	"	where c.count <> excluded.count",
	6);

DB_STATEMENT(
	listening_counts_compare,
	"select count(*) from (" COUNTS_TRUTH ") truth\n"
	"full join (select * from listening_counts c where " IN_WEEKS ") c\n"
	"	on c.week = truth.week and c.source_id = truth.source_id and c.theme_id = truth.theme_id\n"
	"where c.count is distinct from truth.count",
	6);

DB_STATEMENT(listening_state_row, "select s.counted_at from listening_state s for update", 0);
DB_STATEMENT(listening_state_put, "update listening_state set counted_at = $1", 1);
DB_STATEMENT(listening_counts_purge,
	     "delete from listening_counts c where c.week < " LISTENING_DATE_SQL("$1"), 1);

/* Counting --------------------------------------------------------------------------------- */

struct tally {
	const struct listening_themes *themes;
	int64_t from_week, until_week;
	int64_t sources[LISTENING_SOURCES_MAX + 1];
	size_t source_count;
	int64_t *counts; /* by week, source, theme; theme 0 is all texts */
};

#define THEMES (LISTENING_THEMES_MAX + 1)

static int64_t *count_at(const struct tally *tally, int64_t week, size_t source)
{
	size_t place = (size_t)(week - tally->from_week) * ARRAY_COUNT(tally->sources) + source;

	return &tally->counts[place * THEMES];
}

/* What is of a source too many is the last one's. */
static size_t source_place(struct tally *tally, int64_t source_id)
{
	for (size_t i = 0; i < tally->source_count; i++)
		if (tally->sources[i] == source_id)
			return i;
	if (tally->source_count == ARRAY_COUNT(tally->sources))
		return tally->source_count - 1;
	tally->sources[tally->source_count] = source_id;
	return tally->source_count++;
}

static enum err take(void *context, const struct listening_text *text)
{
	struct tally *tally = context;
	int64_t *counts;

	if (text->week < tally->from_week || text->week >= tally->until_week)
		return OK;
	counts = count_at(tally, text->week, source_place(tally, text->source_id));
	counts[0]++;
	for (size_t i = 0; i < tally->themes->count; i++)
		counts[i + 1] += text->is_of[i];
	return OK;
}

static enum err count(struct ctx *ctx, struct tally *tally)
{
	size_t weeks = (size_t)(tally->until_week - tally->from_week);

	tally->counts = arena_array_of(ctx->arena, weeks * ARRAY_COUNT(tally->sources) * THEMES,
				       int64_t);
	return listening_visit_texts(ctx, tally->themes, tally->from_week, tally->until_week, take,
				     tally);
}

/* Rows of what is not nought, as the statements want them. */
struct lines {
	int64_t *weeks, *sources, *themes, *counts;
	size_t count;
};

static struct lines lines_of(struct ctx *ctx, const struct tally *tally)
{
	size_t weeks = (size_t)(tally->until_week - tally->from_week);
	size_t most = weeks * tally->source_count * THEMES + 1;
	struct lines lines = { .weeks = arena_array_of(ctx->arena, most, int64_t),
			       .sources = arena_array_of(ctx->arena, most, int64_t),
			       .themes = arena_array_of(ctx->arena, most, int64_t),
			       .counts = arena_array_of(ctx->arena, most, int64_t) };

	for (int64_t week = tally->from_week; week < tally->until_week; week++)
		for (size_t s = 0; s < tally->source_count; s++)
			for (size_t i = 0; i <= tally->themes->count; i++) {
				int64_t number = count_at(tally, week, s)[i];

				if (number == 0)
					continue;
				lines.weeks[lines.count] = week;
				lines.sources[lines.count] = tally->sources[s];
				lines.themes[lines.count] = i ? tally->themes->items[i - 1].id : 0;
				lines.counts[lines.count++] = number;
			}
	return lines;
}

static void add_statement(struct ctx *ctx, const struct stmt *statement, struct rows *rows,
			  const struct tally *tally)
{
	struct lines lines = lines_of(ctx, tally);

	db_add(ctx, statement, rows, param_i64(tally->from_week), param_i64(tally->until_week),
	       param_i64s(ctx->arena, lines.weeks, lines.count),
	       param_i64s(ctx->arena, lines.sources, lines.count),
	       param_i64s(ctx->arena, lines.themes, lines.count),
	       param_i64s(ctx->arena, lines.counts, lines.count));
}

/* Themes are read after the state is locked: who changes them waits, and asks anew. */
static enum err begin(struct ctx *ctx, struct listening_themes *themes, bool *is_all)
{
	struct rows state, rows;

	db_begin(ctx);
	db_add_params(ctx, &listening_state_row, &state, NULL, 0);
	listening_themes_add(ctx, &rows);
	TRY(db_run(ctx));
	listening_themes_read(ctx, &rows, themes);
	*is_all |= !rows_next(&state) || col_is_null(&state);
	return OK;
}

static enum err write(struct ctx *ctx, bool is_all)
{
	struct listening_themes themes;
	struct tally tally = { .themes = &themes, .until_week = listening_week(ctx->now) + 1 };

	TRY(begin(ctx, &themes, &is_all));
	tally.from_week = tally.until_week - (is_all ? KEPT_WEEKS : RECENT_WEEKS);
	TRY(count(ctx, &tally));
	add_statement(ctx, &listening_counts_write, NULL, &tally);
	db_add(ctx, &listening_counts_purge, NULL, param_i64(tally.until_week - KEPT_WEEKS));
	db_add(ctx, &listening_state_put, NULL, param_time(ctx->now));
	return db_commit(ctx);
}

enum err listening_count(struct ctx *ctx)
{
	return write(ctx, false);
}

enum err listening_count_all(struct ctx *ctx)
{
	return write(ctx, true);
}

/* What is still to come in the weeks that change is no difference. */
enum err listening_check(struct ctx *ctx, bool is_repair, int64_t *differing)
{
	struct listening_themes themes;
	struct tally tally = { .themes = &themes,
			       .until_week = listening_week(ctx->now) + 1 - RECENT_WEEKS };
	struct rows rows, theme_rows;

	listening_themes_add(ctx, &theme_rows);
	TRY(db_run(ctx));
	listening_themes_read(ctx, &theme_rows, &themes);
	tally.from_week = tally.until_week + RECENT_WEEKS - KEPT_WEEKS;
	TRY(count(ctx, &tally));
	add_statement(ctx, &listening_counts_compare, &rows, &tally);
	TRY(db_run(ctx));
	*differing = rows_next(&rows) ? col_i64(&rows) : 0;
	return is_repair && *differing > 0 ? listening_count_all(ctx) : OK;
}
