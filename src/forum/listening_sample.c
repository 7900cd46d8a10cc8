/*
 * The draw of a week's sample.
 */
#include "forum/listening_label.h"

#include "base/crypto.h"
#include "forum/listening_parts.h"
#include "forum/site_setting.h"

#define STRATA_MAX ((LISTENING_THEMES_MAX + 1) * LISTENING_SOURCES_MAX)

DB_STATEMENT(listening_draw_lock, "select pg_advisory_xact_lock(hashtext('entraide listening'))",
	     0);
DB_STATEMENT(listening_sample_of,
	     "select s.id from listening_samples s where s.week = " LISTENING_DATE_SQL("$1"), 1);
DB_STATEMENT(listening_sample_insert,
	     "insert into listening_samples (week, seed, drawn_at)\n"
	     "values (" LISTENING_DATE_SQL("$1") ", $2, $3) returning id",
	     3);
DB_STATEMENT(listening_strata_insert,
	     "insert into listening_strata (sample_id, source_id, theme_id, size)\n"
	     "select $1::bigint, s.source_id, s.theme_id, s.size::integer\n"
	     "from unnest($2::bigint[], $3::bigint[], $4::bigint[]) s (source_id, theme_id, size)",
	     4);
/* $5: the place of a text's stratum, from 1. */
DB_STATEMENT(
	listening_texts_insert,
	"with drawn as (\n"
	"	select n.post_id, n.stratum, n.is_double, count(*) over (partition by n.stratum) as count\n"
	"	from unnest($5::bigint[], $6::bigint[], $7::bigint[]) n (post_id, stratum, is_double)\n"
	")\n"
	"insert into listening_texts (sample_id, post_id, source_id, theme_id, probability, is_double)\n"
	"select $1::bigint, d.post_id, ($2::bigint[])[d.stratum], ($3::bigint[])[d.stratum],\n"
	"	d.count::double precision / ($4::bigint[])[d.stratum], d.is_double = 1\n"
	"from drawn d order by d.post_id",
	7);

/* Texts of the week ------------------------------------------------------------------------ */

struct candidate {
	int64_t post_id;
	uint64_t order;
	size_t stratum;
};
struct stratum {
	int64_t source_id, theme_id, size;
	size_t place; /* before they were sorted */
};
struct draw {
	struct arena *arena;
	const struct listening_themes *themes;
	uint64_t seed;
	struct candidate *candidates;
	size_t count, room;
	struct stratum *strata;
	size_t stratum_count;
};

/* A text of several themes is in the stratum of the first of them. */
static int64_t first_theme(const struct draw *draw, const struct listening_text *text)
{
	for (size_t i = 0; i < draw->themes->count; i++)
		if (text->is_of[i])
			return draw->themes->items[i].id;
	return 0;
}

/* What is of a stratum too many is in the last. */
static size_t stratum_of(struct draw *draw, int64_t source_id, int64_t theme_id)
{
	struct stratum *stratum = draw->strata;

	for (size_t i = 0; i < draw->stratum_count; i++, stratum++)
		if (stratum->source_id == source_id && stratum->theme_id == theme_id)
			return i;
	if (draw->stratum_count == STRATA_MAX)
		return STRATA_MAX - 1;
	*stratum = (struct stratum){ .source_id = source_id,
				     .theme_id = theme_id,
				     .place = draw->stratum_count };
	return draw->stratum_count++;
}

static enum err take(void *context, const struct listening_text *text)
{
	struct draw *draw = context;
	size_t stratum = stratum_of(draw, text->source_id, first_theme(draw, text));

	if (draw->count == draw->room) {
		struct candidate *more = arena_array_of(draw->arena, 2 * draw->room,
							struct candidate);

		memcpy(more, draw->candidates, draw->count * sizeof more[0]);
		draw->candidates = more;
		draw->room *= 2;
	}
	draw->strata[stratum].size++;
	draw->candidates[draw->count++] = (struct candidate){
		.post_id = text->post_id,
		.order = listening_order(draw->seed, text->post_id),
		.stratum = stratum,
	};
	return OK;
}

/* The draw --------------------------------------------------------------------------------- */

/* The largest first: it is never the one without room. */
static int by_size(const void *one, const void *other)
{
	const struct stratum *a = one, *b = other;

	if (a->size != b->size)
		return a->size < b->size ? 1 : -1;
	if (a->source_id != b->source_id)
		return a->source_id < b->source_id ? -1 : 1;
	return a->theme_id < b->theme_id ? -1 : a->theme_id > b->theme_id;
}

static int by_order(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	return a->post_id < b->post_id ? -1 : a->post_id > b->post_id;
}

/* By the stratum's place before sorting. */
static void allocate(struct draw *draw, int64_t *left, size_t *places)
{
	int64_t *sizes = arena_array_of(draw->arena, draw->stratum_count, int64_t);
	int64_t *drawn = arena_array_of(draw->arena, draw->stratum_count, int64_t);

	qsort(draw->strata, draw->stratum_count, sizeof draw->strata[0], by_size);
	for (size_t i = 0; i < draw->stratum_count; i++)
		sizes[i] = draw->strata[i].size;
	listening_allocate(draw->arena, sizes, draw->stratum_count,
			   site_number(SITE_LISTENING_SAMPLE), drawn);
	for (size_t i = 0; i < draw->stratum_count; i++) {
		left[draw->strata[i].place] = drawn[i];
		places[draw->strata[i].place] = i;
	}
}

/* Those that come first in the order of chance, as many as each stratum gives. */
static void choose(struct draw *draw)
{
	int64_t *left = arena_array_of(draw->arena, draw->stratum_count, int64_t);
	size_t *places = arena_array_of(draw->arena, draw->stratum_count, size_t);
	size_t chosen = 0;

	allocate(draw, left, places);
	qsort(draw->candidates, draw->count, sizeof draw->candidates[0], by_order);
	for (size_t i = 0; i < draw->count; i++) {
		struct candidate candidate = draw->candidates[i];

		if (left[candidate.stratum]-- <= 0)
			continue;
		candidate.stratum = places[candidate.stratum];
		draw->candidates[chosen++] = candidate;
	}
	draw->count = chosen;
}

static void add_texts(struct ctx *ctx, struct draw *draw, int64_t sample_id)
{
	int64_t *posts = arena_array_of(ctx->arena, draw->count, int64_t);
	int64_t *strata = arena_array_of(ctx->arena, draw->count, int64_t);
	int64_t *doubles = arena_array_of(ctx->arena, draw->count, int64_t);
	int64_t *sources = arena_array_of(ctx->arena, draw->stratum_count, int64_t);
	int64_t *themes = arena_array_of(ctx->arena, draw->stratum_count, int64_t);
	int64_t *sizes = arena_array_of(ctx->arena, draw->stratum_count, int64_t);
	int64_t percent = site_number(SITE_LISTENING_DOUBLE);
	size_t double_count = (draw->count * (size_t)percent + 99) / 100;
	struct param source_ids, theme_ids, of_sizes;

	/* Another order of chance says which ones two people label. */
	for (size_t i = 0; i < draw->count; i++)
		draw->candidates[i].order = listening_order(~draw->seed,
							    draw->candidates[i].post_id);
	qsort(draw->candidates, draw->count, sizeof draw->candidates[0], by_order);
	for (size_t i = 0; i < draw->count; i++) {
		posts[i] = draw->candidates[i].post_id;
		strata[i] = (int64_t)draw->candidates[i].stratum + 1;
		doubles[i] = i < double_count;
	}
	for (size_t i = 0; i < draw->stratum_count; i++) {
		sources[i] = draw->strata[i].source_id;
		themes[i] = draw->strata[i].theme_id;
		sizes[i] = draw->strata[i].size;
	}
	source_ids = param_i64s(ctx->arena, sources, draw->stratum_count);
	theme_ids = param_i64s(ctx->arena, themes, draw->stratum_count);
	of_sizes = param_i64s(ctx->arena, sizes, draw->stratum_count);
	db_add(ctx, &listening_strata_insert, NULL, param_i64(sample_id), source_ids, theme_ids,
	       of_sizes);
	db_add(ctx, &listening_texts_insert, NULL, param_i64(sample_id), source_ids, theme_ids,
	       of_sizes, param_i64s(ctx->arena, posts, draw->count),
	       param_i64s(ctx->arena, strata, draw->count),
	       param_i64s(ctx->arena, doubles, draw->count));
}

static enum err collect(struct ctx *ctx, int64_t week, struct draw *draw)
{
	draw->arena = ctx->arena;
	draw->room = 1024;
	draw->candidates = arena_array_of(ctx->arena, draw->room, struct candidate);
	draw->strata = arena_array_of(ctx->arena, STRATA_MAX, struct stratum);
	return listening_visit_texts(ctx, draw->themes, week, week + 1, take, draw);
}

enum err listening_draw(struct ctx *ctx, int64_t week, uint64_t seed, bool *drawn)
{
	struct listening_themes themes;
	struct draw draw = { .themes = &themes, .seed = seed };
	struct rows there, theme_rows, sample;

	*drawn = false;
	db_begin(ctx);
	db_add_params(ctx, &listening_draw_lock, NULL, NULL, 0);
	db_add(ctx, &listening_sample_of, &there, param_i64(week));
	listening_themes_add(ctx, &theme_rows);
	TRY(db_run(ctx));
	listening_themes_read(ctx, &theme_rows, &themes);
	if (rows_next(&there))
		return db_commit(ctx);
	TRY(collect(ctx, week, &draw));
	choose(&draw);
	if (draw.count == 0)
		return db_commit(ctx);
	TRY(db_query(ctx, &listening_sample_insert, &sample, param_i64(week),
		     param_i64((int64_t)seed), param_time(ctx->now)));
	if (!rows_next(&sample))
		return fail_log(ctx, ERR_INTERNAL, "no sample was made");
	add_texts(ctx, &draw, col_i64(&sample));
	*drawn = true;
	return db_commit(ctx);
}

enum err listening_draw_due(struct ctx *ctx)
{
	uint64_t seed;
	bool drawn;

	if (site_number(SITE_LISTENING_SAMPLE) == 0)
		return OK;
	crypto_random(&seed, sizeof seed);
	return listening_draw(ctx, listening_week(ctx->now) - 1, seed, &drawn);
}
