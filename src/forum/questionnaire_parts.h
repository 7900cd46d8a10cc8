/*
 * What the files of questionnaires share. Inside src/forum only.
 */
#ifndef FORUM_QUESTIONNAIRE_PARTS_H
#define FORUM_QUESTIONNAIRE_PARTS_H

#include "db/db.h"
#include "forum/questionnaire.h"

/* q: questionnaires, n: panels; $me: a parameter. For questionnaire_read. */
#define QUESTIONNAIRE_COLUMNS(me) \
	"q.id, q.panel_id, q.version::bigint, q.opens_at, q.closes_at, q.title, q.text, n.title,\n" \
	"	n.is_anonymous, n.is_open,\n" \
	"	(select count(*) from questionnaire_answers a where a.questionnaire_id = q.id),\n" \
	"	(select count(*) from panel_members m where m.panel_id = n.id and m.state = 'joined'),\n" \
	"	exists (select from questionnaire_answers a where a.questionnaire_id = q.id and a.person_id = " me \
	")"
void questionnaire_read(struct ctx *ctx, struct rows *rows, struct questionnaire *out);

/* Its questions; a text that no longer can be read has none. */
void questionnaire_take_questions(struct ctx *ctx, struct questionnaire *out);

/* v: questionnaire_values. For questionnaire_value_read. */
#define QUESTIONNAIRE_VALUE_COLUMNS \
	"v.question::bigint, coalesce(array_to_string(v.choices, ','), ''), v.number is not null, v.number,\n" \
	"	coalesce(v.words, '')"
void questionnaire_value_read(struct rows *rows, struct questionnaire_values *out);

#endif
