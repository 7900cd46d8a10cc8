/*
 * What the files of the desk share. Inside src/forum only.
 */
#ifndef FORUM_DESK_PARTS_H
#define FORUM_DESK_PARTS_H

#include "db/db.h"
#include "forum/desk.h"

/* A row of desk_questions q with its joins, for desk_question_read. */
#define DESK_COLUMNS \
	"q.topic_id, q.category_id, q.top_category_id, t.title, c.name_fr, c.name_en, c.slug,\n" \
	"	q.stage, q.watched_reason, q.is_mirrored, q.is_breached, q.level, q.team_id,\n" \
	"	coalesce(tm.name, ''), q.assigned_to, coalesce(asg.name, ''),\n" \
	"	case when q.claimed_until > clock_timestamp() then q.claimed_by end,\n" \
	"	coalesce(cl.name, ''), q.claimed_until, coalesce(q.claim_token, ''),\n" \
	"	q.escalated_to_person, q.escalated_at, q.escalated_due_at, coalesce(esc.name, ''),\n" \
	"	q.follow_up_at, q.waiting_since, q.asked_at, q.clock_at,\n" \
	"	q.first_target_minutes, q.solution_target_minutes, q.first_due_at, q.solution_due_at,\n" \
	"	q.first_met_at, q.solution_met_at, q.first_breached_at, q.solution_breached_at,\n" \
	"	q.due_at, q.warning_at, q.order_at, q.hand_overs, q.weight, t.me_too_count, t.answer_count,\n" \
	"	coalesce(a.name, t.author_name),\n" \
	"	(select x.waits_for = 'team' from private_exchanges x\n" \
	"		where x.topic_id = q.topic_id and x.state = 'open'\n" \
	"		order by x.waits_for desc limit 1)"

#define DESK_JOINS \
	"join topics t on t.id = q.topic_id join categories c on c.id = q.category_id\n" \
	"left join people a on a.id = t.author_id left join desk_teams tm on tm.id = q.team_id\n" \
	"left join people asg on asg.id = q.assigned_to left join people cl on cl.id = q.claimed_by\n" \
	"left join people esc on esc.id = q.escalated_to_person\n"

void desk_question_read(struct ctx *ctx, struct rows *rows, struct desk_question *out);

/* The numbers of ",c3,t12,c5," with that letter, as a bigint[]. */
struct param desk_fields(struct ctx *ctx, char letter);

/* q is in a field of an expert: $categories, $tags are desk_fields. */
#define DESK_IN_FIELDS(categories, tags) \
	"(q.category_id = any (" categories "::bigint[]) or q.top_category_id = any (" categories \
	"::bigint[])\n" \
	"	or exists (select from topic_tags tt where tt.topic_id = q.topic_id and tt.tag_id = any (" tags \
	"::bigint[])))"

#endif
