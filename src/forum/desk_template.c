/*
 * Reply templates: reading and changing them. The row of a template is its newest
 * version, so that offering them reads one table; a change writes both.
 */
#include "forum/desk_template.h"

#include "base/slice.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk.h"
#include "forum/desk_template_parts.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define PLACE "/desk/templates"

#define TEMPLATE_COLUMNS \
	"t.id, t.version::bigint, t.owner_id, t.team_id, t.language, t.title, coalesce(g.name, ''),\n" \
	"	t.use_count, t.used_at, t.changed_at, coalesce(p.name, ''), t.is_deleted"
#define TEMPLATE_TABLES \
	"desk_templates t left join desk_teams g on g.id = t.team_id\n" \
	"left join people p on p.id = t.changed_by"
/* $1: the actor. */
#define IS_READABLE "(t.owner_id is null or t.owner_id = $1::bigint)"

DB_STATEMENT(
	desk_templates_all,
	"select " TEMPLATE_COLUMNS "\n"
	"from " TEMPLATE_TABLES "\n"
	"where " IS_READABLE
	" and (not t.is_deleted or t.changed_at > now() - interval '30 days')\n"
	"order by t.is_deleted, t.language <> $2, t.language, lower(t.title), t.id limit $3::bigint",
	3);

DB_STATEMENT(desk_template_teams, "select g.id, g.name from desk_teams g order by g.name limit 100",
	     0);

DB_STATEMENT(desk_template_one,
	     "select " TEMPLATE_COLUMNS ", t.body_md\n"
	     "from " TEMPLATE_TABLES "\n"
	     "where " IS_READABLE " and t.id = $2::bigint",
	     2);

DB_STATEMENT(
	desk_template_changes_of,
	"select c.version::bigint, c.changed_at, c.undoes::bigint, coalesce(p.name, ''), c.title,\n"
	"	c.body_md, c.is_deleted\n"
	"from desk_template_changes c join desk_templates t on t.id = c.template_id\n"
	"left join people p on p.id = c.changed_by\n"
	"where " IS_READABLE " and c.template_id = $2::bigint\n"
	"order by c.version desc limit $3::bigint",
	3);

DB_STATEMENT(desk_templates_offered,
	     "select " TEMPLATE_COLUMNS "\n"
	     "from " TEMPLATE_TABLES "\n"
	     "where " IS_READABLE " and not t.is_deleted and (t.team_id is null or t.team_id =\n"
	     "	(select m.team_id from desk_members m where m.person_id = $1::bigint))\n"
	     "order by t.language <> (select q.language from topics q where q.id = $2::bigint),\n"
	     "	t.owner_id is null, t.team_id is null, t.use_count desc,\n"
	     "	lower(t.title), t.id\n"
	     "limit $3::bigint",
	     3);

/* The row, and what counted before its newest change: nothing before the first. */
DB_STATEMENT(
	desk_template_lock,
	"select t.version::bigint, t.owner_id, t.team_id, t.language, t.title, t.body_md, t.is_deleted,\n"
	"	c.owner_id, c.team_id, c.language, c.title, c.body_md, coalesce(c.is_deleted, true)\n"
	"from desk_templates t left join desk_template_changes c\n"
	"	on c.template_id = t.id and c.version = t.version - 1\n"
	"where " IS_READABLE " and t.id = $2::bigint for update of t",
	2);

DB_STATEMENT(desk_template_team, "select g.id from desk_teams g where g.id = $1 for key share", 1);

DB_STATEMENT(desk_template_own_count,
	     "select count(*) from desk_templates t where t.owner_id = $1 and not t.is_deleted", 1);

#define CHANGE_COLUMNS \
	"template_id, version, owner_id, team_id, language, title, body_md, is_deleted, changed_by,\n" \
	"	changed_at, undoes"

DB_STATEMENT(
	desk_template_insert,
	"with made as (\n"
	"	insert into desk_templates (owner_id, team_id, language, title, body_md, changed_by, changed_at)\n"
	"	values ($1, $2, $3, $4, $5, $6, $7)\n"
	"	returning *\n"
	")\n"
	"insert into desk_template_changes (" CHANGE_COLUMNS ")\n"
	"select m.id, m.version, m.owner_id, m.team_id, m.language, m.title, m.body_md, false,\n"
	"	m.changed_by, m.changed_at, null from made m\n"
	"returning template_id",
	7);

DB_STATEMENT(
	desk_template_update,
	"with made as (\n"
	"	update desk_templates set version = version + 1, owner_id = $2, team_id = $3, language = $4,\n"
	"		title = $5, body_md = $6, is_deleted = $7, changed_by = $8, changed_at = $9\n"
	"	where id = $1 returning *\n"
	")\n"
	"insert into desk_template_changes (" CHANGE_COLUMNS ")\n"
	"select m.id, m.version, m.owner_id, m.team_id, m.language, m.title, m.body_md, m.is_deleted,\n"
	"	m.changed_by, m.changed_at, $10::integer from made m",
	10);

DB_STATEMENT(desk_template_used,
	     "update desk_templates t set use_count = t.use_count + 1, used_at = $3::timestamptz\n"
	     "where t.id = $2::bigint and " IS_READABLE,
	     3);

/* Rights -------------------------------------------------------------------------------- */

static bool may_change(const struct ctx *ctx, enum desk_template_scope scope)
{
	return scope == DESK_TEMPLATE_OWN ||
	       policy_can(ctx->actor, MAY_SHARE_TEMPLATES, &(struct subject){ .now = ctx->now });
}

static enum err require_change(struct ctx *ctx, enum desk_template_scope scope)
{
	if (scope == DESK_TEMPLATE_OWN)
		return OK;
	return policy_require(ctx, MAY_SHARE_TEMPLATES, &(struct subject){ .now = ctx->now });
}

/* Reading ------------------------------------------------------------------------------- */

static enum desk_template_scope scope_of(int64_t owner_id, int64_t team_id)
{
	if (owner_id)
		return DESK_TEMPLATE_OWN;
	return team_id ? DESK_TEMPLATE_TEAM : DESK_TEMPLATE_ALL;
}

static void read_one(struct ctx *ctx, struct rows *rows, struct desk_template *out)
{
	int64_t owner_id;

	*out = (struct desk_template){ .id = col_i64(rows), .body_md = "" };
	out->version = col_i64(rows);
	owner_id = col_i64(rows);
	out->team_id = col_i64(rows);
	out->scope = scope_of(owner_id, out->team_id);
	out->language = col_text(rows);
	out->title = col_text(rows);
	out->team = col_text(rows);
	out->use_count = col_i64(rows);
	out->used_at = col_time(rows);
	out->changed_at = col_time(rows);
	out->changed_by = col_text(rows);
	out->is_deleted = col_bool(rows);
	out->can_change = may_change(ctx, out->scope);
}

static void read_all(struct ctx *ctx, struct rows *rows, struct desk_template **out, size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_template);
	*count = 0;
	while (rows_next(rows))
		read_one(ctx, rows, &(*out)[(*count)++]);
}

static void read_teams(struct ctx *ctx, struct rows *rows, struct desk_template_list *out)
{
	out->teams = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_team_choice);
	while (rows_next(rows)) {
		struct desk_team_choice *team = &out->teams[out->team_count++];

		team->id = col_i64(rows);
		team->name = col_text(rows);
	}
}

enum err desk_template_list(struct ctx *ctx, struct desk_template_list *out)
{
	struct rows rows, teams;

	*out = (struct desk_template_list){ 0 };
	TRY(desk_require(ctx));
	db_add(ctx, &desk_templates_all, &rows, param_i64(ctx->actor->id),
	       param_text(ctx->language), param_i64(DESK_TEMPLATES_SHOWN));
	db_add_params(ctx, &desk_template_teams, &teams, NULL, 0);
	TRY(db_run(ctx));
	read_all(ctx, &rows, &out->items, &out->count);
	read_teams(ctx, &teams, out);
	return OK;
}

static void read_versions(struct ctx *ctx, struct rows *rows, struct desk_template_view *out)
{
	out->versions = arena_array_of(ctx->arena, (size_t)rows->count + 1,
				       struct desk_template_version);
	while (rows_next(rows)) {
		struct desk_template_version *version = &out->versions[out->count++];

		version->version = col_i64(rows);
		version->changed_at = col_time(rows);
		version->undoes = col_i64(rows);
		version->changed_by = col_text(rows);
		version->title = col_text(rows);
		version->body_md = col_text(rows);
		version->is_deleted = col_bool(rows);
	}
}

enum err desk_template_load(struct ctx *ctx, int64_t id, struct desk_template_view *out,
			    struct desk_template_list *teams)
{
	struct param actor = param_i64(ctx->actor->id);
	struct rows one, versions, team_rows;

	*out = (struct desk_template_view){ 0 };
	*teams = (struct desk_template_list){ 0 };
	TRY(desk_require(ctx));
	db_add(ctx, &desk_template_one, &one, actor, param_i64(id));
	db_add(ctx, &desk_template_changes_of, &versions, actor, param_i64(id),
	       param_i64(DESK_TEMPLATE_VERSIONS));
	db_add_params(ctx, &desk_template_teams, &team_rows, NULL, 0);
	TRY(db_run(ctx));
	if (!rows_next(&one))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	read_one(ctx, &one, &out->item);
	out->item.body_md = col_text(&one);
	read_versions(ctx, &versions, out);
	read_teams(ctx, &team_rows, teams);
	return OK;
}

void desk_template_offer_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &desk_templates_offered, rows, param_i64(ctx->actor->id), param_i64(topic_id),
	       param_i64(DESK_TEMPLATES_OFFERED));
}

void desk_template_offer_read(struct ctx *ctx, struct rows *rows, struct desk_template **out,
			      size_t *count)
{
	read_all(ctx, rows, out, count);
}

/* Changing -------------------------------------------------------------------------------- */

struct state {
	int64_t owner_id, team_id;
	const char *language, *title, *body_md;
	bool is_deleted;
};

struct locked {
	int64_t version;
	struct state present, before;
	const char *earlier; /* done before with the same form */
};

static void state_read(struct rows *rows, struct state *out)
{
	out->owner_id = col_i64(rows);
	out->team_id = col_i64(rows);
	out->language = col_text(rows);
	out->title = col_text(rows);
	out->body_md = col_text(rows);
	out->is_deleted = col_bool(rows);
}

static enum err fail_changed(struct ctx *ctx)
{
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("Somebody else changed this template in the meantime. Your words are still "
		      "in the fields: look at the history below, then save again."));
}

/* The first round trip of a change. The team is locked so that it stays. */
static enum err begin(struct ctx *ctx, int64_t id, int64_t team_id, int64_t version,
		      const char *form_key, struct locked *out)
{
	struct rows rows, team;

	*out = (struct locked){ 0 };
	db_begin(ctx);
	db_add(ctx, &desk_template_lock, &rows, param_i64(ctx->actor->id), param_i64(id));
	db_add(ctx, &desk_template_team, &team, param_i64(team_id));
	TRY(writing_claim(ctx, form_key, &out->earlier));
	if (out->earlier)
		return OK;
	if (team_id && !rows_next(&team))
		return fail(ctx, ERR_INVALID, "scope", "%s",
			    _("This team does not exist any more. Choose another one."));
	if (!id)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->version = col_i64(&rows);
	state_read(&rows, &out->present);
	state_read(&rows, &out->before);
	TRY(require_change(ctx, scope_of(out->present.owner_id, out->present.team_id)));
	return out->version == version ? OK : fail_changed(ctx);
}

static void add_audit(struct ctx *ctx, const char *action, int64_t id, const struct state *state)
{
	static const char *const scopes[] = { "own", "team", "all" };

	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "desk_template",
				 .subject_id = id,
				 .details = arena_printf(
					 ctx->arena, "{\"scope\":\"%s\",\"language\":\"%s\"}",
					 scopes[scope_of(state->owner_id, state->team_id)],
					 state->language),
			 });
}

static void add_update(struct ctx *ctx, int64_t id, const struct state *state, int64_t undoes)
{
	db_add(ctx, &desk_template_update, NULL, param_i64(id), param_id(state->owner_id),
	       param_id(state->team_id), param_text(state->language), param_text(state->title),
	       param_text(state->body_md), param_bool(state->is_deleted), param_id(ctx->actor->id),
	       param_time(ctx->now), param_id(undoes));
}

static enum err finish(struct ctx *ctx, const char *form_key, int64_t id)
{
	once_result(ctx, form_key,
		    id ? arena_printf(ctx->arena, PLACE "/%lld", (long long)id) : PLACE);
	return db_commit(ctx);
}

static enum err insert(struct ctx *ctx, const struct desk_template_form *form,
		       const struct state *state, int64_t *id)
{
	struct rows rows;

	db_add(ctx, &desk_template_insert, &rows, param_id(state->owner_id),
	       param_id(state->team_id), param_text(state->language), param_text(state->title),
	       param_text(state->body_md), param_id(ctx->actor->id), param_time(ctx->now));
	TRY(db_run(ctx));
	rows_next(&rows);
	*id = col_i64(&rows);
	add_audit(ctx, "desk_template_made", *id, state);
	return finish(ctx, form->form_key, *id);
}

static bool is_same(const struct state *one, const struct state *other)
{
	return one->owner_id == other->owner_id && one->team_id == other->team_id &&
	       one->is_deleted == other->is_deleted &&
	       strcmp(one->language, other->language) == 0 &&
	       strcmp(one->title, other->title) == 0 && strcmp(one->body_md, other->body_md) == 0;
}

/* What the same form came to when it was sent first. */
static enum err id_of(struct ctx *ctx, const char *earlier, int64_t *id)
{
	if (strlen(earlier) <= strlen(PLACE "/") ||
	    !slice_to_i64(slice_of(earlier + strlen(PLACE "/")), id))
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return OK;
}

static enum err save(struct ctx *ctx, const struct desk_template_form *form, int64_t *id)
{
	const struct state wanted = {
		.owner_id = form->scope == DESK_TEMPLATE_OWN ? ctx->actor->id : 0,
		.team_id = form->scope == DESK_TEMPLATE_TEAM ? form->team_id : 0,
		.language = form->language,
		.title = form->title,
		.body_md = form->body_md,
	};
	struct locked locked;

	TRY(begin(ctx, form->id, wanted.team_id, form->version, form->form_key, &locked));
	if (locked.earlier)
		return id_of(ctx, locked.earlier, id);
	if (!form->id)
		return insert(ctx, form, &wanted, id);
	if (wanted.owner_id && !locked.present.owner_id)
		return fail(ctx, ERR_INVALID, "scope", "%s",
			    _("Others use this template: it cannot become yours alone. Make one "
			      "of your own instead."));
	if (is_same(&wanted, &locked.present))
		return finish(ctx, form->form_key, form->id);
	add_update(ctx, form->id, &wanted, 0);
	add_audit(ctx, "desk_template_changed", form->id, &wanted);
	return finish(ctx, form->form_key, form->id);
}

enum err desk_template_check(struct ctx *ctx, struct desk_template_form *form)
{
	struct placeholder_text parsed;
	struct rows articles;

	TRY(desk_require(ctx));
	TRY(field_line(ctx, "title", form->title, 1, DESK_TEMPLATE_TITLE_MAX, &form->title));
	TRY(field_text(ctx, "body", form->body_md, 1, DESK_TEMPLATE_BODY_MAX, &form->body_md));
	TRY(desk_template_parse(ctx, form->body_md, &parsed));
	desk_template_articles_add(ctx, &parsed, &articles);
	TRY(db_run(ctx));
	return desk_template_articles_check(ctx, form->body_md, &parsed, &articles);
}

static enum err check_room(struct ctx *ctx, const struct desk_template_form *form)
{
	struct rows rows;

	if (form->id || form->scope != DESK_TEMPLATE_OWN)
		return OK;
	TRY(db_query(ctx, &desk_template_own_count, &rows, param_i64(ctx->actor->id)));
	if (!rows_next(&rows) || col_i64(&rows) < DESK_TEMPLATES_OWN_MAX)
		return OK;
	return fail(ctx, ERR_INVALID, "title",
		    _("You have %d templates of your own already: delete one first."),
		    DESK_TEMPLATES_OWN_MAX);
}

enum err desk_template_save(struct ctx *ctx, struct desk_template_form *form, int64_t *id)
{
	*id = form->id;
	TRY(desk_template_check(ctx, form));
	TRY(require_change(ctx, form->scope));
	TRY(check_room(ctx, form));
	if (!i18n_is_supported(form->language))
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	return writing_end(ctx, save(ctx, form, id));
}

static enum err turn(struct ctx *ctx, int64_t id, int64_t version, const char *form_key,
		     bool is_undo)
{
	struct locked locked;
	struct state wanted;

	TRY(begin(ctx, id, 0, version, form_key, &locked));
	if (locked.earlier)
		return OK;
	wanted = locked.present;
	if (is_undo && version > 1)
		wanted = locked.before;
	else
		wanted.is_deleted = true;
	if (is_same(&wanted, &locked.present))
		return finish(ctx, form_key, id);
	add_update(ctx, id, &wanted, is_undo ? version : 0);
	add_audit(ctx, is_undo ? "desk_template_undone" : "desk_template_deleted", id, &wanted);
	return finish(ctx, form_key, id);
}

enum err desk_template_delete(struct ctx *ctx, int64_t id, int64_t version, const char *form_key)
{
	TRY(desk_require(ctx));
	return writing_end(ctx, turn(ctx, id, version, form_key, false));
}

enum err desk_template_undo(struct ctx *ctx, int64_t id, int64_t version, const char *form_key)
{
	TRY(desk_require(ctx));
	return writing_end(ctx, turn(ctx, id, version, form_key, true));
}

void desk_template_add_use(struct ctx *ctx, int64_t id)
{
	db_add(ctx, &desk_template_used, NULL, param_i64(ctx->actor->id), param_i64(id),
	       param_time(ctx->now));
}
