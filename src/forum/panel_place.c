/*
 * Panels as those see them who were invited: their places, and saying yes or no.
 */
#include "forum/panel.h"

#include "forum/panel_parts.h"
#include "forum/policy.h"
#include "forum/questionnaire.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* $1 whose, $2 which panel; null: all. */
DB_STATEMENT(panel_places_of,
	     "select " PANEL_COLUMNS ", " PANEL_WHY_COLUMNS(
		     "m.why",
		     "$3") ",\n"
			   "	m.state, m.invited_at, m.answered_at\n"
			   "from panel_members m join panels n on n.id = m.panel_id\n"
			   "where m.person_id = $1 and ($2::bigint is null or n.id = $2::bigint)\n"
			   "order by n.is_open desc, m.id desc limit $4::bigint",
	     4);

DB_STATEMENT(
	panel_place_lock,
	"select m.state, n.is_open, p.is_minor\n"
	"from panel_members m join panels n on n.id = m.panel_id join people p on p.id = m.person_id\n"
	"where m.panel_id = $1 and m.person_id = $2 for update of m",
	2);

DB_STATEMENT(panel_place_put,
	     "update panel_members set state = $3, answered_at = $4\n"
	     "where panel_id = $1 and person_id = $2",
	     4);

DB_STATEMENT(panel_told,
	     "update notifications set read_at = $3\n"
	     "where person_id = $2 and panel_id = $1 and read_at is null",
	     3);

static void place_read(struct ctx *ctx, struct rows *rows, struct panel_place *out)
{
	panel_read(rows, &out->panel);
	panel_why_read(rows, &out->why);
	out->state = panel_state_from_text(col_text(rows));
	out->invited_at = col_time(rows);
	out->answered_at = col_time(rows);
	out->can_join = out->panel.is_open && out->state != PANEL_JOINED &&
			policy_can(ctx->actor, MAY_JOIN_PANEL,
				   &(struct subject){ .now = ctx->now });
}

static void add_places(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &panel_places_of, rows, param_i64(ctx->actor->id), param_id(id),
	       param_text(ctx->language), param_i64(PANELS_SHOWN));
}

enum err panel_places(struct ctx *ctx, struct panel_places *out)
{
	struct rows rows;

	*out = (struct panel_places){ 0 };
	add_places(ctx, 0, &rows);
	TRY(db_run(ctx));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct panel_place);
	while (rows_next(&rows))
		place_read(ctx, &rows, &out->items[out->count++]);
	return OK;
}

enum err panel_place_load(struct ctx *ctx, int64_t id, struct panel_place *out,
			  struct questionnaires *questionnaires)
{
	struct rows rows, asked;

	*out = (struct panel_place){ 0 };
	if (id <= 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	add_places(ctx, id, &rows);
	questionnaires_add(ctx, id, false, &asked);
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	place_read(ctx, &rows, out);
	questionnaires_read(ctx, &asked, questionnaires);
	return OK;
}

static enum err check_joining(struct ctx *ctx, bool is_open, bool is_minor)
{
	TRY(policy_require(ctx, MAY_JOIN_PANEL, &(struct subject){ .now = ctx->now }));
	if (!is_open)
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This panel is closed."));
	if (is_minor)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("Panels are for people of 18 and older."));
	return OK;
}

static enum err answer(struct ctx *ctx, int64_t id, bool is_yes)
{
	const char *no = "declined";
	enum panel_state before;
	bool is_open;
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &panel_place_lock, &rows, param_i64(id), param_i64(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	before = panel_state_from_text(col_text(&rows));
	is_open = col_bool(&rows);
	if (is_yes)
		TRY(check_joining(ctx, is_open, col_bool(&rows)));
	if (before == PANEL_JOINED || before == PANEL_LEFT)
		no = "left";
	db_add(ctx, &panel_place_put, NULL, param_i64(id), param_i64(ctx->actor->id),
	       param_text(is_yes ? "joined" : no), param_time(ctx->now));
	db_add(ctx, &panel_told, NULL, param_i64(id), param_i64(ctx->actor->id),
	       param_time(ctx->now));
	return db_commit(ctx);
}

enum err panel_answer(struct ctx *ctx, int64_t id, bool is_yes)
{
	return writing_end(ctx, answer(ctx, id, is_yes));
}
