/*
 * What the pages show on which the desk works: reply templates, and a question; beside
 * pages.h, which has the rest.
 */
#ifndef WEB_PAGES_DESK_WORK_H
#define WEB_PAGES_DESK_WORK_H

#include "forum/article_similar.h"
#include "forum/desk_act.h"
#include "forum/desk_breach.h"
#include "forum/desk_card.h"
#include "forum/desk_note.h"
#include "forum/desk_template.h"
#include "forum/private.h"
#include "web/pages_desk.h"

/* /desk/templates */
struct desk_templates_page {
	struct frame frame;
	const struct desk_house *house;
	struct desk_template_list list;
};

/* /desk/templates/12, /desk/templates/new */
struct desk_template_page {
	struct frame frame;
	const struct desk_house *house;
	struct desk_template_view view; /* item.id 0: a new one */
	struct desk_team_choice *teams;
	size_t team_count;
	/* What stands in the fields. */
	const char *title, *body_md, *language, *scope; /* scope: "own", "all", "team-3" */
	bool can_share, can_keep; /* own ones become no one else's by themselves */
	bool has_preview;
	struct html_fragment preview;
	struct field_error error;
};

/* /desk/12: one question, to work on. */
struct desk_work_page {
	struct frame frame;
	const struct desk_house *house;
	struct desk_question question;
	struct topic_view view;
	const char *path;        /* "/t/12-slug" */
	bool is_mine, is_others; /* the claim */
	struct desk_card card;
	struct desk_breach breaches[DESK_BREACHES_MAX];
	size_t breach_count;
	struct desk_note *notes;
	size_t note_count;
	bool has_more_notes;
	struct desk_act *acts;
	size_t act_count;
	struct desk_colleague *colleagues;
	size_t colleague_count;
	struct desk_team *teams;
	size_t team_count;
	struct desk_template *templates;
	size_t template_count;
	struct private_view private_side; /* exchange.id 0: there is none to see */
	bool can_start_private;
	struct topic_row *similar; /* solved ones first */
	size_t similar_count;
	struct article_similar_list articles; /* that may answer it */
	/* The reply: what stands in its field, and the template it came of. */
	const char *body_md, *answer_reason; /* answer_reason: why not; "" */
	int64_t template_id;
	struct send_choice send;
	const char *opened;
	/* Which act was refused ("note" …), what was typed, and what is wrong. */
	const char *refused, *typed_note, *typed_reason, *typed_address, *typed_private;
	int64_t typed_note_id; /* the note that was being changed; 0: a new one */
	struct field_error error;
};

#endif
