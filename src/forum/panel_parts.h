/*
 * What the files of panels share. Inside src/forum only.
 */
#ifndef FORUM_PANEL_PARTS_H
#define FORUM_PANEL_PARTS_H

#include "db/db.h"
#include "forum/panel.h"

/* n: the alias of panels. For panel_read. */
#define PANEL_COLUMNS \
	"n.id, n.version::bigint, n.made_at, n.closed_at, n.title, n.purpose_md, n.purpose_html,\n" \
	"	n.is_anonymous, n.is_open"
void panel_read(struct rows *rows, struct volunteer_panel *out);

/* Of a json column of names and figures, in ctx->language. For panel_why_read. */
#define PANEL_WHY_COLUMNS(why, language) \
	"coalesce((" why " ->> 'trust')::bigint, 0),\n" \
	"	coalesce(" why " ->> ('rank_' || " language "), ''), coalesce((" why \
	" ->> 'posts')::bigint, 0),\n" \
	"	coalesce((" why " ->> 'months')::bigint, 0), coalesce(" why \
	" ->> ('category_' || " language "), ''),\n" \
	"	coalesce(" why " ->> ('badge_' || " language "), ''), coalesce(" why \
	" ->> ('expert_' || " language "), '')"
void panel_why_read(struct rows *rows, struct panel_why *out);

enum panel_state panel_state_from_text(const char *text);

/* Queues one statement: the panel with its criteria and figures. Then _take. */
void panel_add(struct ctx *ctx, int64_t id, struct rows *rows);
enum err panel_take(struct ctx *ctx, struct rows *rows, struct volunteer_panel *out) MUST_CHECK;

enum err panel_require_run(struct ctx *ctx) MUST_CHECK;
enum err panel_require_see(struct ctx *ctx) MUST_CHECK;

#endif
