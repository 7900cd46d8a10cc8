/* What the files of the pages of moderation share. */
#ifndef WEB_MODERATION_H
#define WEB_MODERATION_H

#include "web/pages_moderation.h"
#include "web/request.h"

/* All rules, with the one that is chosen. */
void rule_choices_fill(struct rule_choice rules[RULE_COUNT], const char *chosen);

/* "kind" of a form or an address into a query; ERR_NOT_FOUND for an unknown one. */
enum err moderation_kind_read(struct request *request, const char *text,
			      struct moderation_query *query) MUST_CHECK;
/* Where somebody who may not see everything begins. */
void moderation_kind_default(const struct request *request, struct moderation_query *query);

#endif
