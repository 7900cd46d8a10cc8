/*
 * What the files of the queue share. Inside src/forum only.
 */
#ifndef FORUM_MODERATION_PARTS_H
#define FORUM_MODERATION_PARTS_H

#include "forum/author.h"
#include "forum/moderation_queue.h"

/*
 * A line of the queue: i is the item. Of a long text only the beginning is sent. Whom it
 * is about is the person, or for a post of nobody's account its author's name.
 */
#define MODERATION_ITEM_COLUMNS \
	"i.id, i.kind, i.topic_id, i.post_id, i.reference_id, i.score::float8, i.state = 'open',\n" \
	"	case when i.claimed_until > clock_timestamp() then i.claimed_by end,\n" \
	"	coalesce(cl.name, ''), i.claimed_until, i.opened_at, i.decided_at,\n" \
	"	coalesce(de.name, ''), i.note, coalesce(i.decision, ''), coalesce(t.title, ''),\n" \
	"	coalesce(left(p.body_md, 600), ''), coalesce(p.kind, 'question'),\n" \
	"	coalesce(p.visibility, 'visible'),\n" \
	"	(select coalesce(string_agg((r ->> 'code') || chr(31) || coalesce(r ->> 'text', '') || chr(31)\n" \
	"			|| coalesce(r ->> 'count', '1'), chr(30)), '')\n" \
	"		from jsonb_array_elements(i.reasons) r),\n" \
	"	" AUTHOR_COLUMNS("a", "p")

#define MODERATION_ITEM_JOINS \
	"left join topics t on t.id = i.topic_id left join posts p on p.id = i.post_id\n" \
	"left join people a on a.id = i.person_id left join people cl on cl.id = i.claimed_by\n" \
	"left join people de on de.id = i.decided_by\n"

enum err moderation_item_read(struct ctx *ctx, struct rows *rows,
			      struct moderation_item *item) MUST_CHECK;

#endif
