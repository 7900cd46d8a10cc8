/*
 * Volumes by week, source and theme, for the page.
 */
#include "forum/listening_parts.h"

#include "i18n/i18n.h"

const int listening_weeks[LISTENING_SPANS] = { 4, 13, 52 };

/* $1 a theme, or 0; from week $2 on, weeks counted from there. */
DB_STATEMENT(listening_by_source,
	     "select c.source_id, " LISTENING_WEEK_SQL(
		     "c.week") " - $2::bigint, c.count::bigint\n"
			       "from listening_counts c\n"
			       "where c.theme_id = $1 and c.week >= " LISTENING_DATE_SQL(
				       "$2") "\n"
					     "order by c.source_id, c.week limit 5000",
	     2);

/* As many weeks from $1 on as from $2 on, to $3. */
DB_STATEMENT(
	listening_by_theme,
	"select c.theme_id, coalesce(sum(c.count) filter (where c.week >= " LISTENING_DATE_SQL(
		"$2") "), 0)::bigint,\n"
		      "	coalesce(sum(c.count) filter (where c.week < " LISTENING_DATE_SQL(
			      "$2") "), 0)::bigint\n"
				    "from listening_counts c\n"
				    "where c.week >= " LISTENING_DATE_SQL(
					    "$1") " and c.week < " LISTENING_DATE_SQL("$3") "\n"
											    "group by c.theme_id",
	3);

DB_STATEMENT(listening_sources, "select s.id, s.name from mirror_sources s order by s.id limit 200",
	     0);
DB_STATEMENT(listening_counted, "select s.counted_at from listening_state s", 0);

/* By source ------------------------------------------------------------------------------- */

static void read_sources(struct ctx *ctx, struct rows *names, struct listening_volumes *out)
{
	out->sources = arena_array_of(ctx->arena, (size_t)names->count + 1,
				      struct listening_source);
	out->sources[out->source_count++].name = _("The forum");
	while (rows_next(names)) {
		struct listening_source *source = &out->sources[out->source_count++];

		source->id = col_i64(names);
		source->name = col_text(names);
	}
}

static void read_weeks(struct rows *rows, struct listening_volumes *out)
{
	while (rows_next(rows)) {
		int64_t source_id = col_i64(rows), week = col_i64(rows), count = col_i64(rows);

		for (size_t i = 0; i < out->source_count; i++) {
			struct listening_source *source = &out->sources[i];

			if (source->id != source_id || week < 0 || week >= (int64_t)out->week_count)
				continue;
			source->weeks[week] += count;
			source->total += count;
		}
	}
}

static int by_total(const void *one, const void *other)
{
	const struct listening_source *a = one, *b = other;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return a->id < b->id ? -1 : 1;
}

/* The forum first; sources that said nothing are left out. */
static void sort_sources(struct listening_volumes *out)
{
	qsort(out->sources + 1, out->source_count - 1, sizeof out->sources[0], by_total);
	while (out->source_count > 1 && out->sources[out->source_count - 1].total == 0)
		out->source_count--;
}

/* By theme --------------------------------------------------------------------------------- */

static void read_themes(struct ctx *ctx, const struct listening_themes *themes, struct rows *rows,
			struct listening_volumes *out)
{
	out->theme_count = themes->count + 1;
	out->themes = arena_array_of(ctx->arena, out->theme_count, struct listening_theme_count);
	out->themes[0].name = _("All texts");
	for (size_t i = 0; i < themes->count; i++)
		out->themes[i + 1] = (struct listening_theme_count){
			.id = themes->items[i].id,
			.name = themes->items[i].name,
		};
	while (rows_next(rows)) {
		int64_t id = col_i64(rows), now = col_i64(rows), before = col_i64(rows);

		for (size_t i = 0; i < out->theme_count; i++)
			if (out->themes[i].id == id) {
				out->themes[i].now = now;
				out->themes[i].before = before;
			}
	}
}

static enum err name_theme(struct ctx *ctx, int64_t theme_id, struct listening_volumes *out)
{
	out->theme_name = "";
	for (size_t i = 1; i < out->theme_count; i++)
		if (out->themes[i].id == theme_id)
			out->theme_name = out->themes[i].name;
	return theme_id && !out->theme_name[0] ? fail(ctx, ERR_NOT_FOUND, NULL, NULL) : OK;
}

enum err listening_volumes(struct ctx *ctx, int weeks, int64_t theme_id,
			   struct listening_volumes *out)
{
	int64_t running = listening_week(ctx->now), first = running - weeks;
	struct rows names, by_source, by_theme, theme_rows, counted;
	struct listening_themes themes;

	*out = (struct listening_volumes){ .first_week = first, .week_count = (size_t)weeks + 1 };
	TRY(listening_require(ctx));
	db_add_params(ctx, &listening_sources, &names, NULL, 0);
	db_add(ctx, &listening_by_source, &by_source, param_i64(theme_id), param_i64(first));
	db_add(ctx, &listening_by_theme, &by_theme, param_i64(first - weeks), param_i64(first),
	       param_i64(running));
	listening_themes_add(ctx, &theme_rows);
	db_add_params(ctx, &listening_counted, &counted, NULL, 0);
	TRY(db_run(ctx));
	read_sources(ctx, &names, out);
	read_weeks(&by_source, out);
	sort_sources(out);
	listening_themes_read(ctx, &theme_rows, &themes);
	read_themes(ctx, &themes, &by_theme, out);
	out->counted_at = rows_next(&counted) ? col_time(&counted) : 0;
	return name_theme(ctx, theme_id, out);
}
