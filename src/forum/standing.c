/*
 * People's standing, worked out from their figures. A batch of people is four
 * statements and one round trip to read, one more to write what changed.
 */
#include "forum/standing.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/author.h"
#include "forum/badge_award.h"
#include "forum/policy.h"
#include "forum/site_setting.h"

#define STANDING_COLUMNS(p) \
	p ".id, " p ".trust_level, coalesce(" p ".trust_level_given, -1), " p \
	  ".trust_changed_at, " p ".role, " p ".state = 'suspended', " p \
	  ".email_confirmed_at is not null"

DB_STATEMENT(standing_lock,
	     "select " STANDING_COLUMNS(
		     "p") "\n"
			  "from people p\n"
			  "where p.id = any ($1::bigint[]) and p.state <> 'anonymised'\n"
			  "order by p.id\n"
			  "for no key update",
	     1);

DB_STATEMENT(standing_next,
	     "select p.id from people p\n"
	     "where p.id > $1 and p.state in ('active', 'suspended')\n"
	     "order by p.id\n"
	     "limit $2::bigint",
	     2);

/*
 * Both tell who rose, once for each step, and return whom they changed. Nobody is told
 * of a fall: most are a matter of days without a visit, and what a team decides about
 * somebody has its own message.
 */
DB_STATEMENT(
	standing_store_levels,
	"with changed as (\n"
	"	update people p set trust_level = c.level, trust_changed_at = $3::timestamptz\n"
	"	from unnest($1::bigint[], $2::bigint[]) c (id, level) join people before on before.id = c.id\n"
	"	where p.id = c.id and p.trust_level <> c.level\n"
	"	returning p.id, c.level, c.level > before.trust_level and p.role = 'customer' and p.state = 'active' as rose\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, standing)\n"
	"	select id, 'level', level from changed where rose order by id\n"
	"	on conflict do nothing\n"
	")\n"
	"select id from changed",
	3);

/* Names and all, so that no page has to look them up. Everybody has the first rank. */
DB_STATEMENT(
	standing_store_ranks,
	"with changed as (\n"
	"	update people p set rank_position = c.position, rank_points = c.points, rank_fr = c.fr, rank_en = c.en\n"
	"	from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[])\n"
	"		c (id, position, points, fr, en) join people before on before.id = c.id\n"
	"	where p.id = c.id and (p.rank_position, p.rank_points, p.rank_fr, p.rank_en)\n"
	"		is distinct from (c.position, c.points, c.fr, c.en)\n"
	"	returning p.id, c.position, c.fr, c.en,\n"
	"		c.position > greatest(before.rank_position, 1) and p.state = 'active' as rose\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, standing, rank_fr, rank_en)\n"
	"	select id, 'rank', position, fr, en from changed where rose order by id\n"
	"	on conflict do nothing\n"
	")\n"
	"select id from changed",
	5);

DB_STATEMENT(
	standing_insert_days,
	"insert into person_days (person_id, day)\n"
	"select $1, ($3::timestamptz - make_interval(days => d))::date from generate_series(0, $2::integer) d\n"
	"where (d * d + 5 * $1::bigint) % 7 < 5\n"
	"on conflict do nothing",
	3);

DB_STATEMENT(standing_change_ranked, "update people set is_ranked = $2::boolean where id = $1", 2);

DB_STATEMENT(standing_of_person,
	     "select " PERSON_AUTHOR_COLUMNS("p") ", " STANDING_COLUMNS(
		     "p") ", p.reputation, p.is_ranked\n"
			  "from people p\n"
			  "where p.id = $1 and p.state <> 'anonymised'",
	     1);

DB_STATEMENT(
	standing_purge_days,
	"delete from person_days where day < (now() - make_interval(days => $1::integer))::date",
	1);

DB_STATEMENT(
	standing_purge_addresses,
	"delete from person_addresses where seen_at < now() - make_interval(days => $1::integer)",
	1);

/* The rules that administrators change, read before anybody is locked. */
struct rules {
	struct ladder ladder;
	struct badges badges;
	int64_t windows[BADGE_WINDOWS_MAX]; /* of badges, in days */
	size_t window_count;
};

/* What is known of each of a batch, in the order of their ids. */
struct batch {
	struct trust_person *people;
	struct figures *within[BADGE_WINDOWS_MAX]; /* in the windows of the rules */
	int64_t *ids;
	size_t count;
};

/* A badge whose window finds no room waits: its place is behind the last. */
static size_t window_of(const struct rules *rules, const struct badge *badge)
{
	size_t i = 0;

	while (i < rules->window_count && rules->windows[i] != badge->window_days)
		i++;
	return i;
}

static enum err rules_load(struct ctx *ctx, struct rules *out)
{
	struct rows rows;

	*out = (struct rules){ 0 };
	TRY(ladder_load(ctx, 0, &out->ladder));
	badge_add_rows(ctx, &rows);
	TRY(db_run(ctx));
	badges_read(ctx, &rows, &out->badges);
	for (size_t i = 0; i < out->badges.count; i++) {
		const struct badge *badge = &out->badges.items[i];

		if (badge->has_rule && badge->is_active && badge->window_days > 0 &&
		    window_of(out, badge) == out->window_count &&
		    out->window_count < BADGE_WINDOWS_MAX)
			out->windows[out->window_count++] = badge->window_days;
	}
	return OK;
}

static void read_person(struct ctx *ctx, struct rows *rows, int64_t *id,
			struct trust_person *person)
{
	*id = col_i64(rows);
	*person = (struct trust_person){ .now = ctx->now };
	person->level = (enum trust_level)col_i64(rows);
	person->given = (int)col_i64(rows);
	person->changed_at = col_time(rows);
	if (!role_from_text(col_text(rows), &person->role))
		person->role = ROLE_CUSTOMER;
	person->is_suspended = col_bool(rows);
	person->is_confirmed = col_bool(rows);
}

/* Both in the order of ids; somebody may have gone in between. place: where those of the
 * first person go, step: how far it is to the next one's. */
static void take_figures(struct rows *rows, const struct batch *batch, struct figures *place,
			 size_t step)
{
	struct figures figures;
	size_t i = 0;

	while (figures_next(rows, &figures)) {
		while (i < batch->count && batch->ids[i] < figures.person_id)
			i++;
		if (i == batch->count)
			return;
		if (batch->ids[i] == figures.person_id)
			*(struct figures *)((char *)place + i * step) = figures;
	}
}

static void add_levels(struct ctx *ctx, const struct batch *batch, struct rows *rows)
{
	int64_t *ids = arena_array_of(ctx->arena, batch->count, int64_t);
	int64_t *levels = arena_array_of(ctx->arena, batch->count, int64_t);
	size_t count = 0;

	for (size_t i = 0; i < batch->count; i++) {
		enum trust_level level = trust_reached(&batch->people[i]);

		if (level == batch->people[i].level)
			continue;
		ids[count] = batch->ids[i];
		levels[count++] = level;
	}
	if (count > 0)
		db_add(ctx, &standing_store_levels, rows, param_i64s(ctx->arena, ids, count),
		       param_i64s(ctx->arena, levels, count), param_time(ctx->now));
}

static void add_ranks(struct ctx *ctx, const struct rules *rules, const struct batch *batch,
		      struct rows *rows)
{
	int64_t *positions = arena_array_of(ctx->arena, batch->count, int64_t);
	int64_t *points = arena_array_of(ctx->arena, batch->count, int64_t);
	const char **french = arena_array_of(ctx->arena, batch->count, const char *);
	const char **english = arena_array_of(ctx->arena, batch->count, const char *);

	for (size_t i = 0; i < batch->count; i++) {
		const struct figures *figures = &batch->people[i].ever;
		const struct rank *rank = rank_reached(&rules->ladder, figures);

		positions[i] = rank_position(&rules->ladder, rank);
		points[i] = rank_points(&rules->ladder, figures);
		french[i] = rank->name_fr;
		english[i] = rank->name_en;
	}
	if (batch->count > 0)
		db_add(ctx, &standing_store_ranks, rows,
		       param_i64s(ctx->arena, batch->ids, batch->count),
		       param_i64s(ctx->arena, positions, batch->count),
		       param_i64s(ctx->arena, points, batch->count),
		       param_texts(ctx->arena, french, batch->count),
		       param_texts(ctx->arena, english, batch->count));
}

static bool earns(const struct rules *rules, const struct batch *batch, size_t person,
		  const struct badge *badge)
{
	size_t window = window_of(rules, badge);

	if (badge->window_days == 0)
		return badge_is_earned(badge, &batch->people[person].ever);
	return window < rules->window_count &&
	       badge_is_earned(badge, &batch->within[window][person]);
}

static void add_badges(struct ctx *ctx, const struct rules *rules, const struct batch *batch)
{
	size_t most = batch->count * rules->badges.count, count = 0;
	int64_t *badges = arena_array_of(ctx->arena, most, int64_t);
	int64_t *people = arena_array_of(ctx->arena, most, int64_t);

	for (size_t i = 0; i < batch->count; i++) {
		for (size_t j = 0; j < rules->badges.count; j++) {
			if (!earns(rules, batch, i, &rules->badges.items[j]))
				continue;
			badges[count] = rules->badges.items[j].id;
			people[count++] = batch->ids[i];
		}
	}
	if (count > 0)
		badge_add_awards(ctx, badges, people, count);
}

static enum err read_batch(struct ctx *ctx, const struct rules *rules, const int64_t *ids,
			   size_t count, struct batch *batch)
{
	struct rows people, ever, recent, within[BADGE_WINDOWS_MAX];
	size_t step = sizeof(struct trust_person);

	batch->people = arena_array_of(ctx->arena, count, struct trust_person);
	batch->ids = arena_array_of(ctx->arena, count, int64_t);
	db_add(ctx, &standing_lock, &people, param_i64s(ctx->arena, ids, count));
	figures_add(ctx, ids, count, 0, &ever);
	figures_add(ctx, ids, count, ctx->now - trust_window(), &recent);
	for (size_t i = 0; i < rules->window_count; i++)
		figures_add(ctx, ids, count, ctx->now - rules->windows[i] * CLOCK_DAY, &within[i]);
	TRY(db_run(ctx));
	while (rows_next(&people)) {
		read_person(ctx, &people, &batch->ids[batch->count], &batch->people[batch->count]);
		batch->count++;
	}
	take_figures(&ever, batch, &batch->people[0].ever, step);
	take_figures(&recent, batch, &batch->people[0].recent, step);
	for (size_t i = 0; i < rules->window_count; i++) {
		batch->within[i] = arena_array_of(ctx->arena, count, struct figures);
		take_figures(&within[i], batch, batch->within[i], sizeof(struct figures));
	}
	return OK;
}

/* is_kept false: only to see what would change. */
static enum err refresh(struct ctx *ctx, const int64_t *ids, size_t count, bool is_kept,
			int64_t *changed)
{
	struct rules *rules = arena_new_of(ctx->arena, struct rules);
	struct rows levels = { .current = -1 }, ranks = { .current = -1 };
	struct batch batch = { 0 };

	TRY(rules_load(ctx, rules));
	db_begin(ctx);
	TRY(read_batch(ctx, rules, ids, count, &batch));
	add_levels(ctx, &batch, &levels);
	add_ranks(ctx, rules, &batch, &ranks);
	if (is_kept)
		add_badges(ctx, rules, &batch);
	TRY(db_run(ctx));
	*changed += levels.affected + ranks.affected;
	if (is_kept)
		return db_commit(ctx);
	db_rollback(ctx);
	return OK;
}

static enum err refresh_some(struct ctx *ctx, const int64_t *ids, size_t count, bool is_kept,
			     int64_t *changed)
{
	enum err result;

	if (count == 0)
		return OK;
	result = refresh(ctx, ids, count, is_kept, changed);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err standing_refresh(struct ctx *ctx, const int64_t *ids, size_t count)
{
	int64_t changed = 0;

	return refresh_some(ctx, ids, count, true, &changed);
}

static enum err next_batch(struct ctx *ctx, int64_t *after, bool is_kept, int64_t *changed)
{
	int64_t ids[STANDING_BATCH];
	size_t count = 0;
	struct rows rows;

	TRY(db_query(ctx, &standing_next, &rows, param_i64(*after), param_i64(STANDING_BATCH)));
	while (rows_next(&rows))
		ids[count++] = col_i64(&rows);
	*after = count == STANDING_BATCH ? ids[count - 1] : 0;
	return refresh_some(ctx, ids, count, is_kept, changed);
}

enum err standing_refresh_next(struct ctx *ctx, int64_t *after)
{
	int64_t changed = 0;

	return next_batch(ctx, after, true, &changed);
}

enum err standing_check(struct ctx *ctx, bool is_kept, int64_t *changed)
{
	int64_t after = 0;

	*changed = 0;
	do
		TRY(next_batch(ctx, &after, is_kept, changed));
	while (after != 0);
	return OK;
}

/* Level 3 looks back the furthest. */
enum err standing_purge(struct ctx *ctx)
{
	TRY(db_query(ctx, &standing_purge_days, NULL,
		     param_i64(site_number(SITE_TRUST_3_WINDOW_DAYS) + 30)));
	return db_query(ctx, &standing_purge_addresses, NULL,
			param_i64(site_number(SITE_REPUTATION_ADDRESS_DAYS)));
}

static void fill_rank(struct ctx *ctx, const struct ladder *ladder, struct standing *out)
{
	const struct figures *figures = &out->trust.ever;
	const struct rank *rank = rank_reached(ladder, figures);
	const struct rank *next = rank_above(ladder, rank);

	out->rank = rank_name(rank, ctx->language);
	out->rank_points = rank_points(ladder, figures);
	if (!next || !site_switch(SITE_RANKS_SHOW_NEXT))
		return;
	out->next_rank = rank_name(next, ctx->language);
	out->next_points = next->points;
	for (int i = 0; i < FIGURE_COUNT; i++)
		if (next->least[i] > 0)
			out->conditions[out->condition_count++] = (struct standing_condition){
				(enum figure)i, figures->of[i], next->least[i]
			};
}

enum err standing_load(struct ctx *ctx, int64_t person_id, struct standing *out)
{
	const struct subject subject = { .author_id = person_id };
	struct ladder *ladder = arena_new_of(ctx->arena, struct ladder);
	struct rows rows, ever, recent;
	int64_t id;

	*out = (struct standing){ .rank = "", .next_rank = "" };
	TRY(policy_require(ctx, MAY_SEE_STANDING, &subject));
	db_add(ctx, &standing_of_person, &rows, param_i64(person_id));
	figures_add(ctx, &person_id, 1, 0, &ever);
	figures_add(ctx, &person_id, 1, ctx->now - trust_window(), &recent);
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	author_read(ctx, &rows, &out->author);
	read_person(ctx, &rows, &id, &out->trust);
	out->reputation = col_i64(&rows);
	out->is_ranked = col_bool(&rows);
	figures_next(&ever, &out->trust.ever);
	figures_next(&recent, &out->trust.recent);
	TRY(ladder_load(ctx, 0, ladder));
	fill_rank(ctx, ladder, out);
	return OK;
}

enum err standing_add_days(struct ctx *ctx, int64_t person_id, int64_t days)
{
	return db_query(ctx, &standing_insert_days, NULL, param_i64(person_id), param_i64(days),
			param_time(ctx->now));
}

enum err standing_set_ranked(struct ctx *ctx, bool is_ranked)
{
	return db_query(ctx, &standing_change_ranked, NULL, param_i64(ctx->actor->id),
			param_bool(is_ranked));
}
