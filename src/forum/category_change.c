/*
 * Changing categories. All changes take one lock: they are rare, and two that make each
 * the other's parent must not pass each other.
 */
#include "forum/category_change.h"

#include "db/db.h"
#include "forum/audit.h"
#include "forum/category.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define LOCK "pg_advisory_xact_lock(hashtextextended('categories', 0))"

/* What a change keeps; the count is derived. */
#define STATE(c) "to_jsonb(" c ") - 'topic_count'"

DB_STATEMENT(category_lock, "select " LOCK, 0);

/* Under the lock; a new one has none. */
DB_STATEMENT(
	category_present,
	"select (" STATE(
		"c") ")::text, (select max(h.id) from category_changes h\n"
		     "	where h.category_id = c.id),\n"
		     "	exists (select from categories k where k.parent_id = c.id and k.archived_at is null),\n"
		     "	exists (select from mirror_sources s where s.category_id = c.id), c.archived_at\n"
		     "from categories c where c.id = $1 for update",
	1);

DB_STATEMENT(
	category_insert,
	"insert into categories (slug, icon, name_fr, name_en, description_fr, description_en,\n"
	"	parent_id, position, ask_role, answer_role, purpose)\n"
	"select $1, $2, $3, $4, $5, $6, $7::bigint, $8::integer, $9, $10, $12\n"
	"where (select count(*) from categories) < $11\n"
	"returning id",
	12);

DB_STATEMENT(category_update,
	     "update categories set slug = $1, icon = $2, name_fr = $3, name_en = $4,\n"
	     "	description_fr = $5, description_en = $6, parent_id = $7::bigint,\n"
	     "	position = $8::integer, ask_role = $9, answer_role = $10, purpose = $12\n"
	     "where id = $11\n"
	     "returning id",
	     12);

/* Open, of the first level, and not the category itself. */
DB_STATEMENT(category_may_be_parent,
	     "select exists (select from categories p where p.id = $1 and p.parent_id is null\n"
	     "	and p.archived_at is null and p.id is distinct from $2::bigint)\n"
	     "	and not exists (select from categories k where k.parent_id = $2::bigint)",
	     2);

DB_STATEMENT(
	category_archive_update,
	"update categories set archived_at = now(), moved_to = $2::bigint\n"
	"where id = $1 and archived_at is null and ($2::bigint is null or exists (\n"
	"	select from categories m where m.id = $2 and m.id <> $1 and m.archived_at is null))\n"
	"returning id",
	2);

DB_STATEMENT(
	category_bring_back,
	"update categories c set slug = b.slug, icon = b.icon, name_fr = b.name_fr, name_en = b.name_en,\n"
	"	description_fr = b.description_fr, description_en = b.description_en,\n"
	"	parent_id = b.parent_id, position = b.position, ask_role = b.ask_role,\n"
	"	answer_role = b.answer_role, purpose = coalesce(b.purpose, 'questions'), archived_at = b.archived_at, moved_to = b.moved_to\n"
	"from category_changes h, jsonb_populate_record(null::categories, h.before) b\n"
	"where h.id = $1 and h.before is not null and c.id = h.category_id\n"
	"	and not exists (select from category_changes n where n.category_id = c.id and n.id > h.id)\n"
	"returning c.id",
	1);

DB_STATEMENT(
	category_record,
	"insert into category_changes (category_id, before, after, changed_by, reason, undoes_id)\n"
	"select c.id, $2::jsonb, " STATE("c") ", $3::bigint, $4, $5::bigint\n"
					      "from categories c where c.id = $1 and " STATE(
						      "c") " is distinct from $2::jsonb",
	5);

DB_STATEMENT(category_place,
	     "update topics t set category_id = t.category_id from categories c\n"
	     "where c.id = $1 and t.category_id = c.id\n"
	     "	and (t.top_category_id <> coalesce(c.parent_id, c.id)\n"
	     "		or (t.stage <> '') <> (c.purpose = 'ideas'))",
	     1);

/* Reading ------------------------------------------------------------------------- */

DB_STATEMENT(
	category_rows_all,
	"select c.id, c.parent_id, c.slug, c.icon, c.name_fr, c.name_en, c.description_fr,\n"
	"	c.description_en, c.position, c.ask_role, c.answer_role, c.purpose = 'ideas', c.archived_at, c.moved_to,\n"
	"	c.topic_count, case when c.moved_to is not null\n"
	"		then (select count(*) from topics t where t.category_id = c.id)\n"
	"		else (select count(*) from category_moved_topics m where m.category_id = c.id\n"
	"			and c.archived_at is null) end\n"
	"from categories c left join categories p on p.id = c.parent_id\n"
	"order by c.archived_at is not null, coalesce(p.position, c.position), coalesce(p.id, c.id),\n"
	"	c.parent_id nulls first, c.position, c.id\n"
	"limit $1",
	1);

DB_STATEMENT(
	category_changes_of,
	"select h.id, h.changed_at, h.undoes_id, coalesce((select string_agg(a.key, ', ' order by a.key)\n"
	"		from jsonb_each(h.after) a where a.value is distinct from h.before -> a.key\n"
	"			and h.before is not null), ''),\n"
	"	coalesce(p.name, ''), h.reason, h.before is not null\n"
	"from category_changes h left join people p on p.id = h.changed_by\n"
	"where h.category_id = $1 order by h.id desc limit $2",
	2);

static enum err may_change(struct ctx *ctx)
{
	return policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now });
}

static enum role role_read(struct rows *rows)
{
	enum role role;

	return role_from_text(col_text(rows), &role) ? role : ROLE_CUSTOMER;
}

static void row_read(struct rows *rows, struct category_row *out)
{
	out->id = col_i64(rows);
	out->parent_id = col_i64(rows);
	out->slug = col_text(rows);
	out->icon = col_text(rows);
	out->name_fr = col_text(rows);
	out->name_en = col_text(rows);
	out->description_fr = col_text(rows);
	out->description_en = col_text(rows);
	out->position = col_i64(rows);
	out->ask_role = role_read(rows);
	out->answer_role = role_read(rows);
	out->is_for_ideas = col_bool(rows);
	out->archived_at = col_time(rows);
	out->moved_to = col_i64(rows);
	out->topic_count = col_i64(rows);
	out->moving = col_i64(rows);
}

enum err category_rows_load(struct ctx *ctx, struct category_rows *out)
{
	struct rows rows;

	*out = (struct category_rows){ 0 };
	TRY(may_change(ctx));
	TRY(db_query(ctx, &category_rows_all, &rows, param_i64(CATEGORIES_MAX)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct category_row);
	while (rows_next(&rows))
		row_read(&rows, &out->items[out->count++]);
	return OK;
}

enum err category_history_load(struct ctx *ctx, int64_t id, struct category_history *out)
{
	struct rows rows;

	*out = (struct category_history){ 0 };
	TRY(may_change(ctx));
	TRY(db_query(ctx, &category_changes_of, &rows, param_i64(id),
		     param_i64(CATEGORY_CHANGES_SHOWN)));
	while (out->count < CATEGORY_CHANGES_SHOWN && rows_next(&rows)) {
		struct category_change *change = &out->items[out->count++];

		change->id = col_i64(&rows);
		change->at = col_time(&rows);
		change->undoes_id = col_i64(&rows);
		change->what = col_text(&rows);
		change->person = col_text(&rows);
		change->reason = col_text(&rows);
		change->is_newest = col_bool(&rows) && out->count == 1;
	}
	out->newest_id = out->count > 0 ? out->items[0].id : 0;
	return OK;
}

/* What is typed ------------------------------------------------------------------------ */

static bool is_address(const char *slug)
{
	size_t length = strlen(slug);

	return length > 0 && length <= CATEGORY_SLUG_MAX && slug[0] != '-' &&
	       slug[length - 1] != '-' && !strstr(slug, "--") &&
	       strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static enum err check_row(struct ctx *ctx, struct category_row *row)
{
	TRY(field_line(ctx, "name_fr", row->name_fr, 1, CATEGORY_NAME_MAX, &row->name_fr));
	TRY(field_line(ctx, "name_en", row->name_en, 1, CATEGORY_NAME_MAX, &row->name_en));
	TRY(field_line(ctx, "description_fr", row->description_fr, 0, CATEGORY_DESCRIPTION_MAX,
		       &row->description_fr));
	TRY(field_line(ctx, "description_en", row->description_en, 0, CATEGORY_DESCRIPTION_MAX,
		       &row->description_en));
	if (!is_address(row->slug))
		return fail(ctx, ERR_INVALID, "slug", "%s",
			    _("A category's address has lower-case letters, digits and hyphens."));
	if (row->position < 0 || row->position > CATEGORY_POSITION_MAX)
		return fail(ctx, ERR_INVALID, "position",
			    _("Write a whole number between %1$s and %2$s."), "0",
			    i18n_number(ctx->arena, CATEGORY_POSITION_MAX));
	return OK;
}

/* Storing ------------------------------------------------------------------------------- */

struct present {
	const char *state; /* NULL: a new one */
	int64_t newest_id, archived_at;
	bool has_children, is_mirrored;
};

static enum err begin(struct ctx *ctx, const struct category_form *form, struct present *present,
		      const char **earlier)
{
	struct rows rows;

	*present = (struct present){ 0 };
	*earlier = NULL;
	db_begin(ctx);
	db_add_params(ctx, &category_lock, NULL, NULL, 0);
	db_add(ctx, &category_present, &rows, param_i64(form->row.id));
	TRY(writing_claim(ctx, form->form_key, earlier));
	if (*earlier || !form->row.id)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	present->state = col_text(&rows);
	present->newest_id = col_i64(&rows);
	present->has_children = col_bool(&rows);
	present->is_mirrored = col_bool(&rows);
	present->archived_at = col_time(&rows);
	if (present->newest_id != form->follows_id)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Somebody else changed this category in the meantime. Yours is still "
			      "in the fields: look at the history below, then save again."));
	return OK;
}

static enum err finish(struct ctx *ctx, const struct category_form *form, int64_t id,
		       const struct present *present, int64_t undoes_id, const char *action)
{
	db_add(ctx, &category_record, NULL, param_i64(id), param_text(present->state),
	       param_id(ctx->actor->id), param_text(form->reason ? form->reason : ""),
	       param_id(undoes_id));
	db_add(ctx, &category_place, NULL, param_i64(id));
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "category",
						.subject_id = id,
						.reason = form->reason });
	once_result(ctx, form->form_key, "/admin/categories");
	return db_commit(ctx);
}

static enum err check_parent(struct ctx *ctx, const struct category_row *row)
{
	struct rows rows;

	if (!row->parent_id)
		return OK;
	TRY(db_query(ctx, &category_may_be_parent, &rows, param_i64(row->parent_id),
		     param_id(row->id)));
	if (rows_next(&rows) && col_bool(&rows))
		return OK;
	return fail(ctx, ERR_INVALID, "parent", "%s",
		    _("Categories have two levels: choose a parent of the first level."));
}

static enum err save(struct ctx *ctx, struct category_form *form, int64_t *id)
{
	const struct category_row *row = &form->row;
	struct present present;
	const char *earlier;
	struct rows rows;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	TRY(check_parent(ctx, row));
	TRY(db_query(ctx, row->id ? &category_update : &category_insert, &rows,
		     param_text(row->slug), param_text(row->icon), param_text(row->name_fr),
		     param_text(row->name_en), param_text(row->description_fr),
		     param_text(row->description_en), param_id(row->parent_id),
		     param_i64(row->position), param_text(role_text(row->ask_role)),
		     param_text(role_text(row->answer_role)),
		     param_i64(row->id ? row->id : CATEGORIES_MAX),
		     param_text(row->is_for_ideas ? "ideas" : "questions")));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "name_fr",
			    _("There are %d categories already: that is the most."),
			    CATEGORIES_MAX);
	*id = col_i64(&rows);
	return finish(ctx, form, *id, &present, 0, row->id ? "category_changed" : "category_made");
}

enum err category_save(struct ctx *ctx, struct category_form *form, int64_t *id)
{
	*id = form->row.id;
	TRY(may_change(ctx));
	TRY(check_row(ctx, &form->row));
	TRY(field_line(ctx, "reason", form->reason, 0, CATEGORY_REASON_MAX, &form->reason));
	return constraint_explain(ctx, writing_end(ctx, save(ctx, form, id)));
}

/* Archiving and undo ---------------------------------------------------------------------- */

static void add_move(struct ctx *ctx, int64_t id)
{
	job_add(ctx, "category_move", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)id),
		arena_printf(ctx->arena, "category:%lld", (long long)id), 0);
}

static enum err check_archive(struct ctx *ctx, const struct present *present)
{
	if (present->has_children)
		return fail(ctx, ERR_INVALID, "target", "%s",
			    _("It still has categories below it: archive or move them first."));
	if (present->is_mirrored)
		return fail(ctx, ERR_INVALID, "target", "%s",
			    _("A mirror writes into this category: give it another one first."));
	return OK;
}

static enum err archive(struct ctx *ctx, const struct category_form *form, int64_t target_id)
{
	struct present present;
	const char *earlier;
	struct rows rows;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	TRY(check_archive(ctx, &present));
	TRY(db_query(ctx, &category_archive_update, &rows, param_i64(form->row.id),
		     param_id(target_id)));
	if (rows.count == 0)
		return fail(ctx, ERR_INVALID, "target", "%s",
			    _("Choose a category that is open, and not this one."));
	add_move(ctx, form->row.id);
	return finish(ctx, form, form->row.id, &present, 0, "category_archived");
}

enum err category_archive(struct ctx *ctx, struct category_form *form, int64_t target_id)
{
	TRY(may_change(ctx));
	if (!form->row.id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(field_line(ctx, "reason", form->reason, 0, CATEGORY_REASON_MAX, &form->reason));
	return writing_end(ctx, archive(ctx, form, target_id));
}

static enum err undo(struct ctx *ctx, const struct category_form *form)
{
	struct present present;
	const char *earlier;
	struct rows rows;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &category_bring_back, &rows, param_i64(form->follows_id)));
	if (rows.count == 0)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This change can no longer be undone."));
	add_move(ctx, form->row.id);
	return finish(ctx, form, form->row.id, &present, form->follows_id, "category_undone");
}

enum err category_undo(struct ctx *ctx, const struct category_form *form)
{
	TRY(may_change(ctx));
	if (!form->row.id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return constraint_explain(ctx, writing_end(ctx, undo(ctx, form)));
}
