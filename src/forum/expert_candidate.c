/*
 * Who might become an expert in a field: figures of a year there, and one score out of
 * them. What points did not pay for (rings, households) does not count here either.
 */
#include "db/db.h"
#include "forum/author.h"
#include "forum/expert_parts.h"
#include "forum/policy.h"

DB_STATEMENT(candidate_field,
	     "select " EXPERT_FIELD_COLUMNS "\n"
	     "from (select $1::bigint as category_id, $2::bigint as tag_id) f\n"
	     "left join categories c on c.id = f.category_id\n"
	     "left join tags g on g.id = f.tag_id\n"
	     "where c.id is not null or g.id is not null",
	     2);

/*
 * The most thanked first, so that a field of a thousand people is cut where it does not
 * matter; the score puts the rest in order.
 */
DB_STATEMENT(
	candidate_rows,
	"select s.answers, s.accepted * 100 / s.answers, s.reach, s.thanks, s.minutes, s.abuses, s.days,\n"
	"	" PERSON_AUTHOR_COLUMNS(
		"a") "\n"
		     "from helper_figures($1, $2, $3::timestamptz - interval '365 days', $3) s\n"
		     "join people a on a.id = s.person_id and a.role = 'customer' and a.state = 'active' and a.is_ranked\n"
		     "	and not a.is_minor\n"
		     "where not exists (select from experts e where e.person_id = a.id and e.state in ('nominated', 'active')\n"
		     "	and (e.category_id = $1::bigint or e.tag_id = $2::bigint))\n"
		     "order by s.accepted * 15 + s.thanks * 4 + s.reach desc, a.id\n"
		     "limit $4::bigint",
	4);

static int64_t at_most(int64_t value, int64_t most)
{
	return value < most ? value : most;
}

/*
 * 30 for the share accepted (half is full marks), 25 for reach (50 questions), 20 for
 * thanks (50), 15 for answering within a day, 10 for being here 30 days of 90; each
 * post removed as abuse costs 25.
 */
int64_t candidate_score(const struct candidate *candidate)
{
	int64_t quickness = 15 - at_most(candidate->response_minutes * 15 / (24 * 60), 15);
	int64_t score = at_most(candidate->accepted_share * 30 / 50, 30) +
			at_most(candidate->reach * 25 / 50, 25) +
			at_most(candidate->thanks * 20 / 50, 20) + quickness +
			at_most(candidate->days * 10 / 30, 10) - 25 * candidate->abuses;

	return score < 0 ? 0 : score;
}

static int by_score(const void *one, const void *other)
{
	const struct candidate *a = one, *b = other;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	return a->author.id < b->author.id ? -1 : a->author.id > b->author.id;
}

static void candidate_read(struct ctx *ctx, struct rows *rows, struct candidate *candidate)
{
	candidate->answers = col_i64(rows);
	candidate->accepted_share = col_i64(rows);
	candidate->reach = col_i64(rows);
	candidate->thanks = col_i64(rows);
	candidate->response_minutes = col_i64(rows);
	candidate->abuses = col_i64(rows);
	candidate->days = col_i64(rows);
	author_read(ctx, rows, &candidate->author);
	candidate->score = candidate_score(candidate);
}

enum err candidate_list(struct ctx *ctx, int64_t category_id, int64_t tag_id,
			struct candidates *out)
{
	const struct subject nobody = { 0 };
	struct rows field, rows;

	*out = (struct candidates){ 0 };
	TRY(policy_require(ctx, MAY_NOMINATE, &nobody));
	db_add(ctx, &candidate_field, &field, param_id(category_id), param_id(tag_id));
	db_add(ctx, &candidate_rows, &rows, param_id(category_id), param_id(tag_id),
	       param_time(ctx->now), param_i64(CANDIDATES_SHOWN));
	TRY(db_run(ctx));
	if (!rows_next(&field))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	expert_field_read(ctx, &field, &out->field);
	out->items = arena_array_of(ctx->arena, (size_t)rows.count, struct candidate);
	while (rows_next(&rows))
		candidate_read(ctx, &rows, &out->items[out->count++]);
	qsort(out->items, out->count, sizeof(out->items[0]), by_score);
	return OK;
}
