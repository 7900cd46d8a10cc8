/*
 * Panels for the team: the list, one with its people, making, changing, closing.
 */
#include "forum/panel.h"

#include "base/slice.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/panel_parts.h"
#include "forum/policy.h"
#include "forum/post.h"
#include "forum/questionnaire.h"
#include "forum/rank.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define PLACE "/desk/panels"

#define FULL_COLUMNS \
	PANEL_COLUMNS \
	", n.least_trust::bigint, n.least_rank::bigint, n.category_id, n.badge_id,\n" \
	"	n.is_for_experts, n.months::bigint, m.invited, m.joined, m.declined, m.left_it"

#define FIGURES \
	"cross join lateral (select count(*) filter (where m.state = 'invited') as invited,\n" \
	"		count(*) filter (where m.state = 'joined') as joined,\n" \
	"		count(*) filter (where m.state = 'declined') as declined,\n" \
	"		count(*) filter (where m.state = 'left') as left_it\n" \
	"	from panel_members m where m.panel_id = n.id) m\n"

DB_STATEMENT(panel_one, "select " FULL_COLUMNS "\nfrom panels n " FIGURES "where n.id = $1", 1);

DB_STATEMENT(panels_all,
	     "select " FULL_COLUMNS "\nfrom panels n " FIGURES
	     "order by n.is_open desc, n.id desc limit $1::bigint",
	     1);

/* $2: the place after which; $4: the language. */
DB_STATEMENT(
	panel_members_of,
	"select " PANEL_WHY_COLUMNS(
		"m.why",
		"$4") ", m.id, m.state, m.invited_at,\n"
		      "	m.answered_at, " PERSON_AUTHOR_COLUMNS(
			      "a") "\n"
				   "from panel_members m join people a on a.id = m.person_id\n"
				   "where m.panel_id = $1 and m.id > $2::bigint order by m.id limit $3::bigint",
	4);

DB_STATEMENT(panel_lock,
	     "select n.version::bigint, n.is_anonymous,\n"
	     "	exists (select from panel_members m where m.panel_id = n.id)\n"
	     "from panels n where n.id = $1 for update",
	     1);

DB_STATEMENT(
	panel_insert,
	"insert into panels (title, purpose_md, purpose_html, is_anonymous, least_trust, least_rank, category_id,\n"
	"	badge_id, is_for_experts, months, made_by, made_at)\n"
	"values ($1, $2, $3, $4, $5::bigint, $6::bigint, $7, $8, $9, $10::bigint, $11, $12) returning id",
	12);

DB_STATEMENT(
	panel_update,
	"update panels set version = version + 1, title = $1, purpose_md = $2, purpose_html = $3,\n"
	"	is_anonymous = $4, least_trust = $5::bigint, least_rank = $6::bigint, category_id = $7,\n"
	"	badge_id = $8, is_for_experts = $9, months = $10::bigint where id = $11",
	11);

DB_STATEMENT(panel_turn,
	     "update panels set version = version + 1, is_open = $2::boolean,\n"
	     "	closed_at = case when not $2::boolean then $3::timestamptz end\n"
	     "where id = $1 and is_open <> $2::boolean",
	     3);

/* Reading --------------------------------------------------------------------------------- */

enum err panel_require_run(struct ctx *ctx)
{
	return policy_require(ctx, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now });
}

enum err panel_require_see(struct ctx *ctx)
{
	return policy_require(ctx, MAY_SEE_PANELS, &(struct subject){ .now = ctx->now });
}

void panel_read(struct rows *rows, struct volunteer_panel *out)
{
	*out = (struct volunteer_panel){ .id = col_i64(rows) };
	out->version = col_i64(rows);
	out->made_at = col_time(rows);
	out->closed_at = col_time(rows);
	out->title = col_text(rows);
	out->purpose_md = col_text(rows);
	out->purpose = html_fragment_from_stored_sanitised(col_text(rows));
	out->is_anonymous = col_bool(rows);
	out->is_open = col_bool(rows);
}

static void full_read(struct rows *rows, struct volunteer_panel *out)
{
	panel_read(rows, out);
	out->criteria.least_trust = col_i64(rows);
	out->criteria.least_rank = col_i64(rows);
	out->criteria.category_id = col_i64(rows);
	out->criteria.badge_id = col_i64(rows);
	out->criteria.is_for_experts = col_bool(rows);
	out->criteria.months = col_i64(rows);
	out->invited = col_i64(rows);
	out->joined = col_i64(rows);
	out->declined = col_i64(rows);
	out->left = col_i64(rows);
}

void panel_why_read(struct rows *rows, struct panel_why *out)
{
	out->trust = col_i64(rows);
	out->rank = col_text(rows);
	out->posts = col_i64(rows);
	out->months = col_i64(rows);
	out->category = col_text(rows);
	out->badge = col_text(rows);
	out->expert = col_text(rows);
}

static const char *const state_texts[PANEL_STATE_COUNT] = { "invited", "joined", "declined",
							    "left" };

/* The schema's check constraint allows no other word. */
enum panel_state panel_state_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(state_texts); i++)
		if (strcmp(state_texts[i], text) == 0)
			return (enum panel_state)i;
	return PANEL_DECLINED;
}

void panel_add(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &panel_one, rows, param_i64(id));
}

enum err panel_take(struct ctx *ctx, struct rows *rows, struct volunteer_panel *out)
{
	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	full_read(rows, out);
	return OK;
}

enum err panel_list(struct ctx *ctx, struct panel_list *out)
{
	struct rows rows;

	*out = (struct panel_list){ 0 };
	TRY(panel_require_see(ctx));
	TRY(db_query(ctx, &panels_all, &rows, param_i64(PANELS_SHOWN)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct volunteer_panel);
	while (rows_next(&rows))
		full_read(&rows, &out->items[out->count++]);
	out->can_run = policy_can(ctx->actor, MAY_RUN_PANELS, &(struct subject){ .now = ctx->now });
	return OK;
}

static void read_members(struct ctx *ctx, struct rows *rows, struct panel_people *out)
{
	out->items = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct panel_person);
	out->has_more = rows->count > PANEL_MEMBERS_PAGE;
	while (out->count < PANEL_MEMBERS_PAGE && rows_next(rows)) {
		struct panel_person *person = &out->items[out->count++];

		panel_why_read(rows, &person->why);
		person->id = col_i64(rows);
		person->state = panel_state_from_text(col_text(rows));
		person->invited_at = col_time(rows);
		person->answered_at = col_time(rows);
		author_read(ctx, rows, &person->author);
	}
}

enum err panel_load(struct ctx *ctx, int64_t id, int64_t after, struct volunteer_panel *out,
		    struct panel_people *people, struct questionnaires *questionnaires)
{
	struct rows one, members, asked;

	*people = (struct panel_people){ 0 };
	TRY(panel_require_see(ctx));
	panel_add(ctx, id, &one);
	db_add(ctx, &panel_members_of, &members, param_i64(id), param_i64(after),
	       param_i64(PANEL_MEMBERS_PAGE + 1), param_text(ctx->language));
	if (questionnaires)
		questionnaires_add(ctx, id, true, &asked);
	TRY(db_run(ctx));
	TRY(panel_take(ctx, &one, out));
	read_members(ctx, &members, people);
	if (questionnaires)
		questionnaires_read(ctx, &asked, questionnaires);
	return OK;
}

/* Making and changing --------------------------------------------------------------------- */

static enum err clean(struct ctx *ctx, struct panel_form *form, struct html_fragment *purpose)
{
	const struct panel_criteria *wanted = &form->criteria;

	TRY(field_line(ctx, "title", form->title, 1, PANEL_TITLE_MAX, &form->title));
	TRY(field_text(ctx, "body", form->purpose_md, 1, PANEL_PURPOSE_MAX, &form->purpose_md));
	TRY(post_render(ctx, "body", form->purpose_md, purpose));
	if (wanted->months < 0 || wanted->months > PANEL_MONTHS_MAX)
		return fail(ctx, ERR_INVALID, "months", _("Give 0 to %d months; 0: whenever."),
			    PANEL_MONTHS_MAX);
	if (wanted->least_trust < 0 || wanted->least_trust > TRUST_LEADER ||
	    wanted->least_rank < 0 || wanted->least_rank > RANKS_MAX)
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

/* What people were promised when they were invited stays. */
static enum err check_locked(struct ctx *ctx, const struct panel_form *form, struct rows *locked)
{
	bool is_anonymous;

	if (!rows_next(locked))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (col_i64(locked) != form->version)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Somebody else changed this panel in the meantime. Your words are "
			      "still in the fields: compare, then save again."));
	is_anonymous = col_bool(locked);
	if (col_bool(locked) && is_anonymous != form->is_anonymous)
		return fail(ctx, ERR_CONFLICT, "anonymous", "%s",
			    _("People were invited already, and told whether their answers carry "
			      "their name. Make another panel instead."));
	return OK;
}

static void add_row(struct ctx *ctx, const struct panel_form *form,
		    const struct html_fragment *purpose, struct rows *rows)
{
	const struct panel_criteria *wanted = &form->criteria;
	const struct param params[] = {
		param_text(form->title),
		param_text(form->purpose_md),
		param_text(purpose->html),
		param_bool(form->is_anonymous),
		param_i64(wanted->least_trust),
		param_i64(wanted->least_rank),
		param_id(wanted->category_id),
		param_id(wanted->badge_id),
		param_bool(wanted->is_for_experts),
		param_i64(wanted->months),
		form->id ? param_i64(form->id) : param_id(ctx->actor->id),
		param_time(ctx->now),
	};

	if (form->id)
		db_add_params(ctx, &panel_update, rows, params, 11);
	else
		db_add_params(ctx, &panel_insert, rows, params, 12);
}

/* What the same form came to when it was sent first. */
static enum err id_of(struct ctx *ctx, const char *earlier, int64_t *id)
{
	if (strncmp(earlier, PLACE "/", strlen(PLACE "/")) != 0 ||
	    !slice_to_i64(slice_of(earlier + strlen(PLACE "/")), id))
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

static enum err save(struct ctx *ctx, const struct panel_form *form,
		     const struct html_fragment *purpose, int64_t *id)
{
	const char *earlier;
	struct rows locked, written;

	db_begin(ctx);
	db_add(ctx, &panel_lock, &locked, param_i64(form->id));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return id_of(ctx, earlier, id);
	if (form->id)
		TRY(check_locked(ctx, form, &locked));
	add_row(ctx, form, purpose, &written);
	TRY(db_run(ctx));
	if (!form->id && rows_next(&written))
		*id = col_i64(&written);
	audit_write(ctx, &(struct audit_entry){
				 .action = form->id ? "panel_changed" : "panel_made",
				 .subject = "panel",
				 .subject_id = *id,
			 });
	once_result(ctx, form->form_key, arena_printf(ctx->arena, PLACE "/%lld", (long long)*id));
	return db_commit(ctx);
}

enum err panel_save(struct ctx *ctx, const struct panel_form *typed, int64_t *id)
{
	struct panel_form form = *typed;
	struct html_fragment purpose;

	*id = form.id;
	TRY(panel_require_run(ctx));
	TRY(clean(ctx, &form, &purpose));
	return writing_end(ctx, save(ctx, &form, &purpose, id));
}

static enum err turn(struct ctx *ctx, int64_t id, bool is_open)
{
	struct rows turned;

	db_begin(ctx);
	TRY(db_query(ctx, &panel_turn, &turned, param_i64(id), param_bool(is_open),
		     param_time(ctx->now)));
	if (turned.affected > 0)
		audit_write(ctx, &(struct audit_entry){
					 .action = is_open ? "panel_reopened" : "panel_closed",
					 .subject = "panel",
					 .subject_id = id,
				 });
	return db_commit(ctx);
}

enum err panel_set_open(struct ctx *ctx, int64_t id, bool is_open)
{
	TRY(panel_require_run(ctx));
	return writing_end(ctx, turn(ctx, id, is_open));
}
