/*
 * Inside src/forum only: which texts are listened to, and which theme they are of.
 */
#ifndef FORUM_LISTENING_PARTS_H
#define FORUM_LISTENING_PARTS_H

#include "db/db.h"
#include "forum/listening.h"
#include "forum/listening_estimate.h"

/* Public texts of people who are not of the team, here or there: to posts p come topics t,
 * their author a, the mirror's item i. */
#define LISTENING_JOINS \
	"join topics t on t.id = p.topic_id\n" \
	"left join people a on a.id = p.author_id\n" \
	"left join mirror_items i on i.post_id = p.id and not i.is_ours\n"
#define LISTENING_COUNTS \
	"p.visibility = 'visible' and t.visibility = 'visible' and not p.is_official\n" \
	"	and coalesce(a.role, 'customer') = 'customer'"
/* From the beginning of week $1 to that of week $2, on the wall of zone $3. */
#define LISTENING_BETWEEN \
	"p.created_at >= " LISTENING_DATE_SQL( \
		"$1") "::timestamp at time zone $3::text\n" \
		      "	and p.created_at < " LISTENING_DATE_SQL( \
			      "$2") "::timestamp at time zone $3::text"

void listening_themes_add(struct ctx *ctx, struct rows *rows);
void listening_themes_read(struct ctx *ctx, struct rows *rows, struct listening_themes *out);

struct listening_text {
	int64_t post_id, week, source_id;
	bool is_of[LISTENING_THEMES_MAX]; /* by the place in the list of themes */
};
typedef enum err listening_visit(void *context, const struct listening_text *text);

/* Each text of these weeks, in no order, with memory of its own. */
enum err listening_visit_texts(struct ctx *ctx, const struct listening_themes *themes,
			       int64_t from_week, int64_t until_week, listening_visit *visit,
			       void *context) MUST_CHECK;

struct listening_comparison {
	struct listening_share now, before; /* before: of the weeks before it, together */
	int weeks_before;                   /* that have labels */
};
#define LISTENING_COMPARED_WEEKS 8
enum err listening_compare(struct ctx *ctx, int64_t week,
			   struct listening_comparison *out) MUST_CHECK;

enum err listening_require(struct ctx *ctx) MUST_CHECK; /* of the team */

#endif
