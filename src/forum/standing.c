/*
 * People's standing, worked out from their figures. A batch of people is four
 * statements and one round trip to read, one more to write what changed.
 */
#include "forum/standing.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/author.h"
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

DB_STATEMENT(standing_store_levels,
	     "update people p set trust_level = c.level, trust_changed_at = $3::timestamptz\n"
	     "from unnest($1::bigint[], $2::bigint[]) c (id, level)\n"
	     "where p.id = c.id and p.trust_level <> c.level",
	     3);

DB_STATEMENT(standing_of_person,
	     "select " PERSON_AUTHOR_COLUMNS("p") ", " STANDING_COLUMNS(
		     "p") ", p.reputation\n"
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

/* What is known of each of a batch, in the order of their ids. */
struct batch {
	struct trust_person *people;
	int64_t *ids;
	size_t count;
};

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

/* Both in the order of ids; somebody may have gone in between. */
static void take_figures(struct rows *rows, struct batch *batch, bool is_recent)
{
	struct figures figures;
	size_t i = 0;

	while (figures_next(rows, &figures)) {
		while (i < batch->count && batch->ids[i] < figures.person_id)
			i++;
		if (i == batch->count)
			return;
		if (batch->ids[i] != figures.person_id)
			continue;
		if (is_recent)
			batch->people[i].recent = figures;
		else
			batch->people[i].ever = figures;
	}
}

static void add_levels(struct ctx *ctx, const struct batch *batch)
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
		db_add(ctx, &standing_store_levels, NULL, param_i64s(ctx->arena, ids, count),
		       param_i64s(ctx->arena, levels, count), param_time(ctx->now));
}

static enum err refresh(struct ctx *ctx, const int64_t *ids, size_t count)
{
	struct batch batch = { .people = arena_array_of(ctx->arena, count, struct trust_person),
			       .ids = arena_array_of(ctx->arena, count, int64_t) };
	struct rows people, ever, recent;

	db_begin(ctx);
	db_add(ctx, &standing_lock, &people, param_i64s(ctx->arena, ids, count));
	figures_add(ctx, ids, count, 0, &ever);
	figures_add(ctx, ids, count, ctx->now - trust_window(), &recent);
	TRY(db_run(ctx));
	while (rows_next(&people)) {
		read_person(ctx, &people, &batch.ids[batch.count], &batch.people[batch.count]);
		batch.count++;
	}
	take_figures(&ever, &batch, false);
	take_figures(&recent, &batch, true);
	add_levels(ctx, &batch);
	return db_commit(ctx);
}

enum err standing_refresh(struct ctx *ctx, const int64_t *ids, size_t count)
{
	enum err result;

	if (count == 0)
		return OK;
	result = refresh(ctx, ids, count);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err standing_refresh_next(struct ctx *ctx, int64_t *after)
{
	int64_t ids[STANDING_BATCH];
	size_t count = 0;
	struct rows rows;

	TRY(db_query(ctx, &standing_next, &rows, param_i64(*after), param_i64(STANDING_BATCH)));
	while (rows_next(&rows))
		ids[count++] = col_i64(&rows);
	*after = count == STANDING_BATCH ? ids[count - 1] : 0;
	return standing_refresh(ctx, ids, count);
}

/* Level 3 looks back the furthest. */
enum err standing_purge(struct ctx *ctx)
{
	TRY(db_query(ctx, &standing_purge_days, NULL,
		     param_i64(site_number(SITE_TRUST_3_WINDOW_DAYS) + 30)));
	return db_query(ctx, &standing_purge_addresses, NULL,
			param_i64(site_number(SITE_REPUTATION_ADDRESS_DAYS)));
}

enum err standing_load(struct ctx *ctx, int64_t person_id, struct standing *out)
{
	const struct subject subject = { .author_id = person_id };
	struct rows rows, ever, recent;
	int64_t id;

	*out = (struct standing){ 0 };
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
	figures_next(&ever, &out->trust.ever);
	figures_next(&recent, &out->trust.recent);
	return OK;
}
