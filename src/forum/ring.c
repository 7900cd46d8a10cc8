/*
 * Rings: people who reward mostly each other. The nightly function finds them; a
 * moderator looks at the evidence and decides.
 */
#include "forum/reputation.h"

#include "db/db.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

#define REASON_MAX 500

#define RING_COLUMNS \
	"r.id, r.state, r.acts, r.discounted, r.found_at, r.seen_at, r.decided_at, r.reason, " \
	"r.members, " PERSON_AUTHOR_COLUMNS("d")

DB_STATEMENT(ring_rows,
	     "select " RING_COLUMNS "\n"
	     "from reputation_rings r\n"
	     "left join people d on d.id = r.decided_by\n"
	     "where r.state = $1 and ($2::bigint = 0 or (r.seen_at, r.id) <\n"
	     "	(select b.seen_at, b.id from reputation_rings b where b.id = $2::bigint))\n"
	     "order by r.seen_at desc, r.id desc\n"
	     "limit $3::bigint",
	     3);

DB_STATEMENT(ring_by_id,
	     "select " RING_COLUMNS "\n"
	     "from reputation_rings r\n"
	     "left join people d on d.id = r.decided_by\n"
	     "where r.id = $1",
	     1);

/* Of all rings of a page at once: ring by ring, in the order of the members. */
DB_STATEMENT(ring_members,
	     "select r.id, " PERSON_AUTHOR_COLUMNS("p") "\n"
							"from reputation_rings r\n"
							"join people p on p.id = any (r.members)\n"
							"where r.id = any ($1::bigint[])\n"
							"order by r.id, p.id",
	     1);

DB_STATEMENT(
	ring_pairs,
	"select " PERSON_AUTHOR_COLUMNS("g") ", " PERSON_AUTHOR_COLUMNS(
		"p") ", x.acts, x.points, x.discounted,\n"
		     "	is_same_address(g.id, p.id)\n"
		     "from (select e.from_id, e.person_id, count(distinct e.post_id) as acts, sum(e.points) as points,\n"
		     "		count(distinct e.post_id) filter (where e.discount not in ('', 'cap')) as discounted\n"
		     "	from reputation_rings r\n"
		     "	join reputation_standing e on e.person_id = any (r.members) and e.from_id = any (r.members)\n"
		     "		and e.cause in ('accepted', 'thanks')\n"
		     "		and e.created_at > r.seen_at - interval '30 days' and e.created_at <= r.seen_at\n"
		     "	where r.id = $1\n"
		     "	group by e.from_id, e.person_id) x\n"
		     "join people g on g.id = x.from_id\n"
		     "join people p on p.id = x.person_id\n"
		     "order by x.acts desc, g.id, p.id\n"
		     "limit $2::bigint",
	2);

DB_STATEMENT(
	ring_store,
	"update reputation_rings set state = $2, reason = $3, decided_by = $4, decided_at = $5\n"
	"where id = $1\n"
	"returning id",
	5);

DB_STATEMENT(ring_settle, "select reputation_ring_settle($1)", 1);

DB_STATEMENT(ring_find_all, "select reputation_find_rings($1::timestamptz)", 1);

static void ring_read(struct ctx *ctx, struct rows *rows, struct ring *ring)
{
	ring->id = col_i64(rows);
	ring->state = col_text(rows);
	ring->acts = col_i64(rows);
	ring->discounted = col_i64(rows);
	ring->found_at = col_time(rows);
	ring->seen_at = col_time(rows);
	ring->decided_at = col_time(rows);
	ring->reason = col_text(rows);
	col_skip(rows);
	author_read(ctx, rows, &ring->decided_by);
	ring->members = arena_array_of(ctx->arena, RING_MEMBERS_MAX, struct author);
}

static enum err load_members(struct ctx *ctx, struct ring *rings, size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	struct rows rows;

	for (size_t i = 0; i < count; i++)
		ids[i] = rings[i].id;
	TRY(db_query(ctx, &ring_members, &rows, param_i64s(ctx->arena, ids, count)));
	while (rows_next(&rows)) {
		int64_t id = col_i64(&rows);

		for (size_t i = 0; i < count; i++)
			if (rings[i].id == id && rings[i].member_count < RING_MEMBERS_MAX)
				author_read(ctx, &rows, &rings[i].members[rings[i].member_count++]);
	}
	return OK;
}

static enum err require_judge(struct ctx *ctx)
{
	const struct subject nobody = { 0 };

	return policy_require(ctx, MAY_JUDGE_RINGS, &nobody);
}

enum err ring_list(struct ctx *ctx, const char *state, int64_t before, struct ring_list *out)
{
	struct rows rows;

	TRY(require_judge(ctx));
	TRY(db_query(ctx, &ring_rows, &rows, param_text(state), param_i64(before),
		     param_i64(RINGS_PER_PAGE + 1)));
	*out = (struct ring_list){ .items = arena_array_of(ctx->arena, RINGS_PER_PAGE,
							   struct ring) };
	while (out->count < RINGS_PER_PAGE && rows_next(&rows))
		ring_read(ctx, &rows, &out->items[out->count++]);
	if (rows.count > RINGS_PER_PAGE)
		out->next = out->items[out->count - 1].id;
	return load_members(ctx, out->items, out->count);
}

enum err ring_load(struct ctx *ctx, int64_t id, struct ring_evidence *out)
{
	struct rows ring, pairs;

	*out = (struct ring_evidence){ 0 };
	TRY(require_judge(ctx));
	db_add(ctx, &ring_by_id, &ring, param_i64(id));
	db_add(ctx, &ring_pairs, &pairs, param_i64(id), param_i64(RING_PAIRS_MAX));
	TRY(db_run(ctx));
	if (!rows_next(&ring))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	ring_read(ctx, &ring, &out->ring);
	out->pairs = arena_array_of(ctx->arena, (size_t)pairs.count, struct ring_pair);
	while (rows_next(&pairs)) {
		struct ring_pair *pair = &out->pairs[out->pair_count++];

		author_read(ctx, &pairs, &pair->giver);
		author_read(ctx, &pairs, &pair->receiver);
		pair->acts = col_i64(&pairs);
		pair->points = col_i64(&pairs);
		pair->discounted = col_i64(&pairs);
		pair->is_same_address = col_bool(&pairs);
	}
	return load_members(ctx, &out->ring, 1);
}

static enum err decide(struct ctx *ctx, int64_t id, const char *state, const char *reason)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &ring_store, &rows, param_i64(id), param_text(state), param_text(reason),
		     param_id(ctx->actor->id), param_time(ctx->now)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	db_add(ctx, &ring_settle, NULL, param_i64(id));
	audit_write(ctx, &(struct audit_entry){
				 .action = arena_printf(ctx->arena, "ring_%s", state),
				 .subject = "ring",
				 .subject_id = id,
				 .reason = reason,
			 });
	return db_commit(ctx);
}

enum err ring_decide(struct ctx *ctx, int64_t id, const char *state, const char *reason)
{
	const char *cleaned;
	enum err result;

	TRY(require_judge(ctx));
	if (strcmp(state, "confirmed") != 0 && strcmp(state, "dismissed") != 0)
		return fail(ctx, ERR_INVALID, "state", "%s", _("Choose one of the decisions."));
	TRY(field_line(ctx, "reason", reason, 3, REASON_MAX, &cleaned));
	result = decide(ctx, id, state, cleaned);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err rings_find(struct ctx *ctx)
{
	return db_query(ctx, &ring_find_all, NULL, param_time(ctx->now));
}
