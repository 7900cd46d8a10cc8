/*
 * Targets, teams and who works in them. Every change is one transaction of one round trip
 * and a commit: a statement that tells what it found, and the line of the audit log.
 */
#include "forum/desk_admin.h"

#include <ctype.h>

#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk_work.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

/* Reading ------------------------------------------------------------------------------- */

#define NAME_OF(c) "case $1 when 'fr' then " c ".name_fr else " c ".name_en end"

DB_STATEMENT(desk_admin_targets,
	     "select g.id, coalesce(g.category_id, 0), coalesce(" NAME_OF(
		     "c") ", ''), g.kind,\n"
			  "	g.first_minutes::bigint, g.solution_minutes::bigint\n"
			  "from desk_targets g left join categories c on c.id = g.category_id\n"
			  "left join categories p on p.id = c.parent_id\n"
			  "order by g.category_id is not null, coalesce(p.position, c.position),\n"
			  "	coalesce(p.id, c.id), p.id nulls first, c.position, c.id,\n"
			  "	array_position(array['all', 'mirrored', 'watched'], g.kind)\n"
			  "limit $2::bigint",
	     2);

DB_STATEMENT(
	desk_admin_teams,
	"select g.id, g.level::bigint, (select count(*) from desk_members m where m.team_id = g.id),\n"
	"	g.name\n"
	"from desk_teams g order by g.level, lower(g.name), g.id limit $1::bigint",
	1);

#define IS_EXPERT \
	"exists (select from experts e where e.person_id = p.id and e.state = 'active'\n" \
	"		and e.ends_at > now())"
#define CAN_WORK "p.state = 'active' and (p.role <> 'customer' or " IS_EXPERT ")"

/* Also who is in a team and can no longer work here, to be taken out. */
DB_STATEMENT(
	desk_admin_people,
	"select p.id, coalesce(m.team_id, 0), p.name, coalesce(g.name, ''), p.role, " IS_EXPERT "\n"
	"from people p left join desk_members m on m.person_id = p.id\n"
	"left join desk_teams g on g.id = m.team_id\n"
	"where (" CAN_WORK ") or m.person_id is not null\n"
	"order by g.level nulls last, lower(g.name), g.id, p.role = 'customer', lower(p.name), p.id\n"
	"limit $1::bigint",
	1);

DB_STATEMENT(desk_admin_categories,
	     "select c.id, c.parent_id, " NAME_OF(
		     "c") "\n"
			  "from categories c left join categories p on p.id = c.parent_id\n"
			  "where c.archived_at is null and c.purpose = 'questions'\n"
			  "order by coalesce(p.position, c.position), coalesce(p.id, c.id),\n"
			  "	p.id nulls first, c.position, c.id limit 400",
	     1);

static const struct {
	const char *text, *label;
} kinds[DESK_TARGET_KINDS] = {
	[DESK_TARGET_ALL] = { "all", N_("Every question") },
	[DESK_TARGET_MIRRORED] = { "mirrored", N_("From another network") },
	[DESK_TARGET_WATCHED] = { "watched", N_("With watched words") },
};

const char *desk_target_kind_text(enum desk_target_kind kind)
{
	return kinds[kind].text;
}

const char *desk_target_kind_label(enum desk_target_kind kind)
{
	return _(kinds[kind].label);
}

bool desk_target_kind_parse(const char *text, enum desk_target_kind *out)
{
	for (int i = 0; i < DESK_TARGET_KINDS; i++) {
		if (strcmp(kinds[i].text, text) == 0) {
			*out = (enum desk_target_kind)i;
			return true;
		}
	}
	return false;
}

static void read_targets(struct ctx *ctx, struct rows *rows, struct desk_admin *out)
{
	out->targets = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_target);
	while (rows_next(rows)) {
		struct desk_target *target = &out->targets[out->target_count];

		target->id = col_i64(rows);
		target->category_id = col_i64(rows);
		target->category_name = col_text(rows);
		if (!desk_target_kind_parse(col_text(rows), &target->kind))
			continue; /* the check constraint allows no other word */
		target->first_minutes = col_i64(rows);
		target->solution_minutes = col_i64(rows);
		out->target_count++;
	}
}

static void read_teams(struct ctx *ctx, struct rows *rows, struct desk_admin *out)
{
	out->teams = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_team_row);
	while (rows_next(rows)) {
		struct desk_team_row *team = &out->teams[out->team_count++];

		team->id = col_i64(rows);
		team->level = col_i64(rows);
		team->member_count = col_i64(rows);
		team->name = col_text(rows);
	}
}

static void read_people(struct ctx *ctx, struct rows *rows, struct desk_admin *out)
{
	out->people = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_person);
	while (rows_next(rows)) {
		struct desk_person *person = &out->people[out->person_count++];

		person->id = col_i64(rows);
		person->team_id = col_i64(rows);
		person->name = col_text(rows);
		person->team_name = col_text(rows);
		role_from_text(col_text(rows), &person->role);
		person->is_expert = col_bool(rows);
	}
}

static void read_categories(struct ctx *ctx, struct rows *rows, struct desk_admin *out)
{
	out->categories = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct desk_choice);
	while (rows_next(rows)) {
		struct desk_choice *choice = &out->categories[out->category_count++];

		choice->id = col_i64(rows);
		choice->parent_id = col_i64(rows);
		choice->name = col_text(rows);
	}
}

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_DESK, &(struct subject){ .now = ctx->now });
}

enum err desk_admin_load(struct ctx *ctx, struct desk_admin *out)
{
	struct rows targets, teams, people, categories;

	*out = (struct desk_admin){ 0 };
	TRY(require(ctx));
	db_add(ctx, &desk_admin_targets, &targets, param_text(ctx->language),
	       param_i64(DESK_TARGETS_SHOWN));
	db_add(ctx, &desk_admin_teams, &teams, param_i64(DESK_TEAMS_MAX));
	db_add(ctx, &desk_admin_people, &people, param_i64(DESK_PEOPLE_MAX));
	db_add(ctx, &desk_admin_categories, &categories, param_text(ctx->language));
	TRY(db_run(ctx));
	read_targets(ctx, &targets, out);
	read_teams(ctx, &teams, out);
	read_people(ctx, &people, out);
	read_categories(ctx, &categories, out);
	return OK;
}

/* Hours --------------------------------------------------------------------------------- */

/* At most `most` digits from *at on; false where there is none. */
static bool read_digits(const char **at, size_t most, int64_t *out)
{
	size_t count = 0;

	*out = 0;
	while (count < most && isdigit((unsigned char)(*at)[count]))
		*out = *out * 10 + ((*at)[count++] - '0');
	*at += count;
	return count > 0;
}

static const char *past_spaces(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

bool desk_hours_parse(const char *text, int64_t *minutes)
{
	const char *at = past_spaces(text);
	int64_t hours, rest = 0;

	if (!read_digits(&at, 5, &hours))
		return false;
	if (*at == ':') {
		at++;
		if (!read_digits(&at, 2, &rest) || rest > 59)
			return false;
	}
	*minutes = hours * 60 + rest;
	return *past_spaces(at) == '\0' && *minutes <= DESK_TARGET_MAX_MINUTES;
}

const char *desk_hours_text(struct arena *arena, int64_t minutes)
{
	return arena_printf(arena, "%lld:%02lld", (long long)(minutes / 60),
			    (long long)(minutes % 60));
}

/* Targets ------------------------------------------------------------------------------- */

/* Rows: what was promised before, -1 for nothing. None: there is no such category. */
DB_STATEMENT(
	desk_target_write,
	"with old as (\n"
	"	select first_minutes, solution_minutes from desk_targets\n"
	"	where coalesce(category_id, 0) = $1::bigint and kind = $2\n"
	"), written as (\n"
	"	insert into desk_targets (category_id, kind, first_minutes, solution_minutes)\n"
	"	select nullif($1::bigint, 0), $2, $3::integer, $4::integer\n"
	"	where $1::bigint = 0 or exists (select from categories c\n"
	"		where c.id = $1::bigint and c.purpose = 'questions')\n"
	"	on conflict (coalesce(category_id, 0), kind) do update\n"
	"		set first_minutes = excluded.first_minutes, solution_minutes = excluded.solution_minutes\n"
	"	returning id\n"
	")\n"
	"select w.id, coalesce(o.first_minutes, -1)::bigint, coalesce(o.solution_minutes, -1)::bigint\n"
	"from written w left join old o on true",
	4);

/* Not the one that holds wherever no other does. */
DB_STATEMENT(
	desk_target_delete,
	"delete from desk_targets where id = $1 and not (category_id is null and kind = 'all')\n"
	"returning coalesce(category_id, 0), kind, first_minutes::bigint, solution_minutes::bigint",
	1);

struct target {
	int64_t category_id;
	const char *kind;
	int64_t first, solution, first_before, solution_before; /* -1: none */
};

static enum err finish_target(struct ctx *ctx, const char *action, int64_t id,
			      const struct target *target)
{
	audit_write(
		ctx,
		&(struct audit_entry){
			.action = action,
			.subject = "desk_target",
			.subject_id = id,
			.details = arena_printf(
				ctx->arena,
				"{\"category\":%lld,\"kind\":\"%s\",\"first\":%lld,\"solution\":%lld,"
				"\"first_before\":%lld,\"solution_before\":%lld}",
				(long long)target->category_id, target->kind,
				(long long)target->first, (long long)target->solution,
				(long long)target->first_before,
				(long long)target->solution_before),
		});
	desk_schedule_again(ctx);
	return db_commit(ctx);
}

static enum err read_hours(struct ctx *ctx, const char *field, const char *text, int64_t *minutes)
{
	*minutes = 0;
	if (desk_hours_parse(text, minutes))
		return OK;
	return fail(ctx, ERR_INVALID, field,
		    _("Hours, or hours and minutes: 8, or 0:45. At most %d hours."),
		    DESK_TARGET_MAX_MINUTES / 60);
}

enum err desk_target_set(struct ctx *ctx, int64_t category_id, const char *kind, const char *first,
			 const char *solution)
{
	struct target target = { .category_id = category_id };
	enum desk_target_kind parsed;
	struct rows rows;
	int64_t id;

	TRY(require(ctx));
	if (!desk_target_kind_parse(kind, &parsed))
		return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	target.kind = desk_target_kind_text(parsed);
	TRY(read_hours(ctx, "first", first, &target.first));
	TRY(read_hours(ctx, "solution", solution, &target.solution));
	db_begin(ctx);
	TRY(db_query(ctx, &desk_target_write, &rows, param_i64(category_id),
		     param_text(target.kind), param_i64(target.first), param_i64(target.solution)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "category", "%s",
			    _("This category does not exist any more. Choose another one."));
	id = col_i64(&rows);
	target.first_before = col_i64(&rows);
	target.solution_before = col_i64(&rows);
	return finish_target(ctx, "desk_target_set", id, &target);
}

enum err desk_target_drop(struct ctx *ctx, int64_t id)
{
	struct target target = { .first = -1, .solution = -1 };
	enum desk_target_kind kind = DESK_TARGET_ALL;
	struct rows rows;

	TRY(require(ctx));
	db_begin(ctx);
	TRY(db_query(ctx, &desk_target_delete, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "category", "%s",
			    _("The target for everything stays: set it to 0 to promise nothing."));
	target.category_id = col_i64(&rows);
	desk_target_kind_parse(col_text(&rows), &kind);
	target.kind = desk_target_kind_text(kind);
	target.first_before = col_i64(&rows);
	target.solution_before = col_i64(&rows);
	return finish_target(ctx, "desk_target_dropped", id, &target);
}

/* Teams --------------------------------------------------------------------------------- */

DB_STATEMENT(desk_team_insert,
	     "insert into desk_teams (name, level)\n"
	     "select $1, $2::smallint where (select count(*) from desk_teams) < $3::bigint\n"
	     "on conflict (name) do nothing returning id",
	     3);

DB_STATEMENT(desk_team_update,
	     "update desk_teams g set name = $2, level = $3::smallint\n"
	     "where g.id = $1::bigint and not exists (select from desk_teams o\n"
	     "	where o.name = $2 and o.id <> $1::bigint)\n"
	     "returning g.id",
	     3);

DB_STATEMENT(desk_team_one, "select g.id from desk_teams g where g.id = $1 for update", 1);
DB_STATEMENT(desk_team_free_people, "delete from desk_members where team_id = $1", 1);
DB_STATEMENT(desk_team_free_questions,
	     "update desk_questions set team_id = null, updated_at = $2 where team_id = $1", 2);
DB_STATEMENT(desk_team_free_breaches, "update desk_breaches set team_id = null where team_id = $1",
	     1);
DB_STATEMENT(desk_team_delete, "delete from desk_teams where id = $1", 1);

static enum err finish_team(struct ctx *ctx, const char *action, int64_t id, int64_t level)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "desk_team",
				 .subject_id = id,
				 .details = arena_printf(ctx->arena, "{\"level\":%lld}",
							 (long long)level),
			 });
	return db_commit(ctx);
}

static enum err insert_team(struct ctx *ctx, const char *name, int64_t level, struct rows *rows)
{
	TRY(db_query(ctx, &desk_team_insert, rows, param_text(name), param_i64(level),
		     param_i64(DESK_TEAMS_MAX)));
	if (rows->count == 0)
		return fail(ctx, ERR_INVALID, "name",
			    _("There is a team of this name already, or there are %d teams."),
			    DESK_TEAMS_MAX);
	return OK;
}

static enum err update_team(struct ctx *ctx, int64_t id, const char *name, int64_t level,
			    struct rows *rows)
{
	struct rows locked;

	db_add(ctx, &desk_team_one, &locked, param_i64(id));
	db_add(ctx, &desk_team_update, rows, param_i64(id), param_text(name), param_i64(level));
	TRY(db_run(ctx));
	if (locked.count == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (rows->count == 0)
		return fail(ctx, ERR_INVALID, "name", "%s",
			    _("There is a team of this name already."));
	return OK;
}

enum err desk_team_save(struct ctx *ctx, int64_t id, const char *name, int64_t level)
{
	const char *clean;
	struct rows rows;

	TRY(require(ctx));
	TRY(field_line(ctx, "name", name, 1, DESK_TEAM_NAME_MAX, &clean));
	if (level < 1 || level > DESK_LEVEL_MAX)
		return fail(ctx, ERR_INVALID, "level", _("Choose a level from 1 to %d."),
			    DESK_LEVEL_MAX);
	db_begin(ctx);
	if (id)
		TRY(update_team(ctx, id, clean, level, &rows));
	else
		TRY(insert_team(ctx, clean, level, &rows));
	rows_next(&rows);
	return finish_team(ctx, id ? "desk_team_changed" : "desk_team_made", col_i64(&rows), level);
}

enum err desk_team_drop(struct ctx *ctx, int64_t id)
{
	struct param team = param_i64(id);
	struct rows rows;

	TRY(require(ctx));
	db_begin(ctx);
	db_add(ctx, &desk_team_one, &rows, team);
	db_add(ctx, &desk_team_free_people, NULL, team);
	db_add(ctx, &desk_team_free_questions, NULL, team, param_time(ctx->now));
	db_add(ctx, &desk_team_free_breaches, NULL, team);
	db_add(ctx, &desk_team_delete, NULL, team);
	TRY(db_run(ctx));
	if (rows.count == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return finish_team(ctx, "desk_team_dropped", id, 0);
}

/* Who works where ----------------------------------------------------------------------- */

DB_STATEMENT(desk_member_write,
	     "insert into desk_members (person_id, team_id)\n"
	     "select p.id, g.id from people p, desk_teams g\n"
	     "where p.id = $1::bigint and g.id = $2::bigint and " CAN_WORK "\n"
	     "on conflict (person_id) do update set team_id = excluded.team_id, added_at = now()\n"
	     "returning person_id",
	     2);
DB_STATEMENT(desk_member_delete, "delete from desk_members where person_id = $1", 1);

enum err desk_member_set(struct ctx *ctx, int64_t person_id, int64_t team_id)
{
	struct rows rows = { .count = 1 };

	TRY(require(ctx));
	db_begin(ctx);
	if (team_id)
		TRY(db_query(ctx, &desk_member_write, &rows, param_i64(person_id),
			     param_i64(team_id)));
	else
		db_add(ctx, &desk_member_delete, NULL, param_i64(person_id));
	if (rows.count == 0)
		return fail(
			ctx, ERR_INVALID, "person", "%s",
			_("Choose somebody of the team or an expert, and a team that there is."));
	audit_write(ctx, &(struct audit_entry){
				 .action = team_id ? "desk_member_put" : "desk_member_taken_out",
				 .subject = "desk_team",
				 .subject_id = team_id,
				 .person_id = person_id,
			 });
	return db_commit(ctx);
}
