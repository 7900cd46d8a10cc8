/*
 * Awarding badges by their rules, many at a time.
 */
#include "forum/badge_award.h"

#include "db/db.h"

/* Who had it before, or had it taken away, is left alone. Old deeds are not news. */
DB_STATEMENT(badge_award_all,
	     "with awarded as (\n"
	     "	insert into badge_awards (badge_id, person_id, awarded_at)\n"
	     "	select n.badge_id, n.person_id, $3::timestamptz\n"
	     "	from unnest($1::bigint[], $2::bigint[]) n (badge_id, person_id)\n"
	     "	order by n.person_id, n.badge_id\n"
	     "	on conflict (badge_id, person_id) do nothing\n"
	     "	returning badge_id, person_id\n"
	     ")\n"
	     "insert into notifications (person_id, kind, badge_id)\n"
	     "select a.person_id, 'badge', a.badge_id\n"
	     "from awarded a join people p on p.id = a.person_id and p.state = 'active'\n"
	     "on conflict do nothing",
	     3);

DB_STATEMENT(
	badge_notice,
	"insert into notifications (person_id, kind, badge_id)\n"
	"select p.id, 'badge', $2::bigint from people p where p.id = $1 and p.state = 'active'\n"
	"on conflict do nothing",
	2);

void badge_add_notice(struct ctx *ctx, int64_t person_id, int64_t badge_id)
{
	db_add(ctx, &badge_notice, NULL, param_i64(person_id), param_i64(badge_id));
}

void badge_add_awards(struct ctx *ctx, const int64_t *badge_ids, const int64_t *person_ids,
		      size_t count)
{
	db_add(ctx, &badge_award_all, NULL, param_i64s(ctx->arena, badge_ids, count),
	       param_i64s(ctx->arena, person_ids, count), param_time(ctx->now));
}
