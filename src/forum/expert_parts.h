/*
 * What the files about experts share. Inside src/forum only.
 */
#ifndef FORUM_EXPERT_PARTS_H
#define FORUM_EXPERT_PARTS_H

#include "forum/expert.h"

struct rows;

/* c: the category, g: the tag; either may be missing. */
#define EXPERT_FIELD_COLUMNS \
	"c.id, g.id, coalesce(c.slug, ''), coalesce(c.name_fr, ''), coalesce(c.name_en, ''), coalesce(g.name, '')"

void expert_field_read(struct ctx *ctx, struct rows *rows, struct expert_field *field);

#endif
