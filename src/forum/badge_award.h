/*
 * Badges' rules at work, between badge.c and standing.c.
 */
#ifndef FORUM_BADGE_AWARD_H
#define FORUM_BADGE_AWARD_H

#include "forum/badge.h"

struct rows;

/* Queues the list of badges; badges_read (badge.h) after db_run. */
void badge_add_rows(struct ctx *ctx, struct rows *rows);

/* Told once, on the site; queued. */
void badge_add_notice(struct ctx *ctx, int64_t person_id, int64_t badge_id);

/* Badge and person by place; each awarded once, and told, unless it was before; queued. */
void badge_add_awards(struct ctx *ctx, const int64_t *badge_ids, const int64_t *person_ids,
		      size_t count);

#endif
