/*
 * What reading and writing of private exchanges share. Inside src/forum only.
 */
#ifndef FORUM_PRIVATE_PARTS_H
#define FORUM_PRIVATE_PARTS_H

#include "db/db.h"
#include "forum/policy.h"
#include "forum/private.h"

/* A row of private_exchanges e with its joins, for private_exchange_read. */
#define PRIVATE_COLUMNS \
	"e.id, e.topic_id, t.title, e.person_id, coalesce(a.name, ''), e.state = 'open',\n" \
	"	e.waits_for = 'team', c.id, coalesce(c.name, ''), e.started_at, e.said_at, e.closed_at,\n" \
	"	e.person_read_at, e.team_read_at, e.summary_post_id, e.closing_reason, e.emptied_at,\n" \
	"	e.closed_by"
/* Whoever has left the team is in charge no more. */
#define PRIVATE_JOINS \
	"from private_exchanges e join topics t on t.id = e.topic_id\n" \
	"left join people a on a.id = e.person_id\n" \
	"left join people c on c.id = e.in_charge and c.state = 'active' and c.role <> 'customer'\n"

void private_exchange_read(struct ctx *ctx, struct rows *rows, struct private_exchange *out);

/* Its person stands where policy.c expects who asked. */
struct subject private_subject(const struct ctx *ctx, const struct private_exchange *exchange);

void private_audit(struct ctx *ctx, const char *action, const struct private_exchange *exchange,
		   const char *reason);

#endif
