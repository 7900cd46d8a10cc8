/*
 * The queue: its pages, its counts, and claiming.
 *
 * It is ordered by how urgent things are, then by age. A page begins after an item, whose
 * place in the order is looked up: what has the same score and came later, then what has
 * less. Both are ranges of one index, however long the queue is.
 */
#include "forum/moderation_queue.h"

#include "db/db.h"
#include "forum/author.h"
#include "forum/moderation_parts.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

#define PAGE_ASKED "31" /* one more than MODERATION_PER_PAGE */
_Static_assert(MODERATION_PER_PAGE == 30 && MODERATION_COUNT_MAX == 1000, "as in the SQL");
_Static_assert(MODERATION_CLAIM_MINUTES == 10, "as in the SQL");

/* $1 the item to begin after, or 0. */
#define AFTER_SCORE "(select k.score from moderation_items k where k.id = $1::bigint)"
#define OPEN_PAGE(condition) \
	"select " MODERATION_ITEM_COLUMNS " from (\n" \
	"	(select * from moderation_items i where i.state = 'open'" condition "\n" \
	"		and i.score = " AFTER_SCORE \
	" and i.id > $1::bigint order by i.id limit " PAGE_ASKED ")\n" \
	"	union all\n" \
	"	(select * from moderation_items i where i.state = 'open'" condition "\n" \
	"		and i.score < coalesce(" AFTER_SCORE ", 'infinity')\n" \
	"		order by i.score desc, i.id limit " PAGE_ASKED ")\n" \
	"	order by score desc, id limit " PAGE_ASKED ") i\n" MODERATION_ITEM_JOINS \
	"order by i.score desc, i.id"

DB_STATEMENT(moderation_open_all, OPEN_PAGE(""), 1);
DB_STATEMENT(moderation_open_of_kind, OPEN_PAGE(" and i.kind = $2"), 2);

/* What was decided, the newest first; $2: a kind, or all when it is empty. */
DB_STATEMENT(
	moderation_decided,
	"select " MODERATION_ITEM_COLUMNS " from (\n"
	"	select * from moderation_items i where i.state = 'decided' and ($2 = '' or i.kind = $2)\n"
	"		and ($1::bigint = 0 or (i.decided_at, i.id) <\n"
	"			(select k.decided_at, k.id from moderation_items k where k.id = $1::bigint))\n"
	"	order by i.decided_at desc, i.id desc limit " PAGE_ASKED
	") i\n" MODERATION_ITEM_JOINS "order by i.decided_at desc, i.id desc",
	2);

/* Bounded: nobody needs to know whether it is 5,000 or 6,000. */
DB_STATEMENT(moderation_counts,
	     "select (select count(*) from (select from moderation_items i\n"
	     "	where i.state = 'open' and i.kind = k.kind limit 1000) bounded)\n"
	     "from unnest($1::text[]) with ordinality k(kind, place) order by k.place",
	     1);

/* Free for $2: nobody's, theirs, or left behind. */
#define IS_FREE \
	"(i.claimed_by is null or i.claimed_by = $2::bigint or i.claimed_until < clock_timestamp())"
/* Nobody decides a complaint about their own decision. */
#define IS_NOT_OWN \
	"not (i.kind = 'appeal' and exists (select from moderation_cases c\n" \
	"	where c.id = i.reference_id and c.decided_by = $2::bigint))\n" \
	"and not (i.kind = 'notice_complaint' and exists (select from moderation_items d\n" \
	"	where d.kind = 'notice' and d.reference_id = i.reference_id and d.decided_by = $2::bigint))"
#define CLAIM \
	"update moderation_items i set claimed_by = $2::bigint,\n" \
	"	claimed_until = clock_timestamp() + interval '10 minutes'\n"

DB_STATEMENT(moderation_claim_one,
	     CLAIM "where i.id = $1::bigint and i.state = 'open' and " IS_FREE "\n"
		   "	and i.kind = any ($3::text[]) and " IS_NOT_OWN "\nreturning i.id",
	     3);

/* Why a claim failed. */
DB_STATEMENT(moderation_claim_state,
	     "select i.kind, i.state, coalesce(p.name, ''),\n"
	     "	i.claimed_until > clock_timestamp() and i.claimed_by <> $2::bigint\n"
	     "from moderation_items i left join people p on p.id = i.claimed_by\n"
	     "where i.id = $1::bigint",
	     2);

DB_STATEMENT(moderation_unclaim,
	     "update moderation_items set claimed_by = null, claimed_until = null\n"
	     "where id = $1 and claimed_by = $2 and state = 'open'",
	     2);

/* What $2 still has of others goes: one at a time. Skips what another takes just now. */
#define CLAIM_NEXT(condition, order) \
	"with taken as (\n" \
	"	select i.id from moderation_items i where i.state = 'open'" condition "\n" \
	"	and " IS_FREE " and " IS_NOT_OWN "\n" \
	"	and ($1::bigint = 0 or i.score < " AFTER_SCORE "\n" \
	"		or (i.score = " AFTER_SCORE " and i.id > $1::bigint))\n" \
	"	order by " order " limit 1 for update skip locked\n" \
	"), let_go as (\n" \
	"	update moderation_items i set claimed_by = null, claimed_until = null\n" \
	"	where i.claimed_by = $2::bigint and i.state = 'open'\n" \
	"	and i.id <> coalesce((select id from taken), 0)\n" \
	")\n" CLAIM "where i.id = (select id from taken)\nreturning i.id"

DB_STATEMENT(moderation_next_all, CLAIM_NEXT("", "i.score desc, i.id"), 2);
DB_STATEMENT(moderation_next_of_kind, CLAIM_NEXT(" and i.kind = $3", "i.score desc, i.id"), 3);

bool moderation_may_see(const struct ctx *ctx, enum moderation_kind kind)
{
	const struct subject nothing = { .now = ctx->now };

	if (policy_can(ctx->actor, MAY_MODERATE, &nothing))
		return true;
	return policy_can(ctx->actor, MAY_SEE_QUEUE, &nothing) &&
	       (kind == MODERATION_HELD || kind == MODERATION_FIRST_POST ||
		kind == MODERATION_SIMILAR);
}

static enum err check_query(struct ctx *ctx, const struct moderation_query *query)
{
	const struct subject nothing = { .now = ctx->now };

	TRY(policy_require(ctx, MAY_SEE_QUEUE, &nothing));
	if (query->has_kind && moderation_may_see(ctx, query->kind))
		return OK;
	return policy_require(ctx, MAY_MODERATE, &nothing);
}

static void add_page(struct ctx *ctx, const struct moderation_query *query, struct rows *rows)
{
	struct param after = param_i64(query->after_id);
	const char *kind = query->has_kind ? moderation_kind_text(query->kind) : "";

	if (query->is_decided)
		db_add(ctx, &moderation_decided, rows, after, param_text(kind));
	else if (query->has_kind)
		db_add(ctx, &moderation_open_of_kind, rows, after, param_text(kind));
	else
		db_add(ctx, &moderation_open_all, rows, after);
}

static void add_counts(struct ctx *ctx, struct rows *rows)
{
	const char *kinds[MODERATION_KIND_COUNT];

	for (int i = 0; i < MODERATION_KIND_COUNT; i++)
		kinds[i] = moderation_kind_text((enum moderation_kind)i);
	db_add(ctx, &moderation_counts, rows,
	       param_texts(ctx->arena, kinds, MODERATION_KIND_COUNT));
}

enum err moderation_list(struct ctx *ctx, const struct moderation_query *query,
			 struct moderation_list *out)
{
	struct rows page, counts;

	TRY(check_query(ctx, query));
	*out = (struct moderation_list){ .items = NULL };
	add_page(ctx, query, &page);
	add_counts(ctx, &counts);
	TRY(db_run(ctx));
	out->items = arena_array_of(ctx->arena, (size_t)page.count, struct moderation_item);
	out->has_more = page.count > MODERATION_PER_PAGE;
	while (out->count < MODERATION_PER_PAGE && rows_next(&page))
		TRY(moderation_item_read(ctx, &page, &out->items[out->count++]));
	for (int i = 0; i < MODERATION_KIND_COUNT && rows_next(&counts); i++)
		if (moderation_may_see(ctx, (enum moderation_kind)i))
			out->counts[i] = col_i64(&counts);
	return OK;
}

/* Claiming --------------------------------------------------------------------------- */

/* After a claim that took nothing: says why. */
static enum err explain_refusal(struct ctx *ctx, struct rows *rows)
{
	const struct subject nothing = { .now = ctx->now };
	enum moderation_kind kind;
	const char *name;

	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (moderation_kind_parse(col_text(rows), &kind) && !moderation_may_see(ctx, kind))
		return policy_require(ctx, MAY_MODERATE, &nothing);
	if (strcmp(col_text(rows), "open") != 0)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This was decided in the meantime."));
	name = col_text(rows);
	if (col_bool(rows))
		return fail(ctx, ERR_CONFLICT, NULL, _("%s is looking at this just now."), name);
	return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
		    _("Somebody else must decide a complaint about your decision."));
}

/* What the actor may not see stays free for whom it waits. */
static struct param kinds_seen(struct ctx *ctx)
{
	const char *kinds[MODERATION_KIND_COUNT];
	size_t count = 0;

	for (int i = 0; i < MODERATION_KIND_COUNT; i++)
		if (moderation_may_see(ctx, (enum moderation_kind)i))
			kinds[count++] = moderation_kind_text((enum moderation_kind)i);
	return param_texts(ctx->arena, kinds, count);
}

enum err moderation_claim(struct ctx *ctx, int64_t id)
{
	const struct subject nothing = { .now = ctx->now };
	struct param item = param_i64(id), actor = param_id(ctx->actor->id);
	struct rows claimed, state;

	TRY(policy_require(ctx, MAY_SEE_QUEUE, &nothing));
	db_add(ctx, &moderation_claim_one, &claimed, item, actor, kinds_seen(ctx));
	db_add(ctx, &moderation_claim_state, &state, item, actor);
	TRY(db_run(ctx));
	return claimed.count == 1 ? OK : explain_refusal(ctx, &state);
}

enum err moderation_let_go(struct ctx *ctx, int64_t id)
{
	return db_query(ctx, &moderation_unclaim, NULL, param_i64(id), param_id(ctx->actor->id));
}

static enum err claim_after(struct ctx *ctx, const struct moderation_query *query, int64_t after_id,
			    int64_t *id)
{
	struct param after = param_i64(after_id), actor = param_id(ctx->actor->id);
	struct rows rows;

	if (query->has_kind)
		TRY(db_query(ctx, &moderation_next_of_kind, &rows, after, actor,
			     param_text(moderation_kind_text(query->kind))));
	else
		TRY(db_query(ctx, &moderation_next_all, &rows, after, actor));
	*id = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

enum err moderation_claim_next(struct ctx *ctx, const struct moderation_query *query, int64_t *id)
{
	TRY(check_query(ctx, query));
	TRY(claim_after(ctx, query, query->after_id, id));
	/* The end of the queue: what was skipped comes again. */
	if (!*id && query->after_id)
		TRY(claim_after(ctx, query, 0, id));
	return OK;
}
