/*
 * The little that stands beside a post or a title, as columns and their reader,
 * for every statement that shows somebody. Inside src/forum only.
 */
#ifndef FORUM_AUTHOR_H
#define FORUM_AUTHOR_H

#include "forum/person.h"

struct rows;

/* No rank for the team, nor for who does not want to be ranked. */
#define RANK_COLUMNS(a) \
	"case when " a ".is_ranked and " a ".role = 'customer' then " a \
	".rank_fr end, case when " a ".is_ranked and " a ".role = 'customer' then " a \
	".rank_en end"

/*
 * Columns of an author: a is the alias of people (left joined on author_id),
 * own the alias of the row that carries author_id, author_name and is_official: what
 * the brand wrote elsewhere has nobody's account, and the official mark all the same.
 */
#define AUTHOR_COLUMNS(a, own) \
	a ".id, coalesce(" a ".name, " own ".author_name), " a ".title, case when " own \
	  ".is_official then 'advisor' else " a ".role end, " a ".state = 'suspended', " a \
	  ".created_at, " a ".accepted_count, " a ".answer_count, " RANK_COLUMNS(a)

/* The same of a row of people itself. */
#define PERSON_AUTHOR_COLUMNS(p) \
	p ".id, " p ".name, " p ".title, " p ".role, " p ".state = 'suspended', " p \
	  ".created_at, " p ".accepted_count, " p ".answer_count, " RANK_COLUMNS(p)

void author_read(struct ctx *ctx, struct rows *rows, struct author *author);

/* "/u/12-marie-claire" */
char *author_path(struct arena *arena, int64_t id, const char *name);

#endif
