/*
 * Categories: read as a whole, since they are few and every page shows them.
 */
#include "forum/category.h"

#include "db/db.h"
#include "forum/field.h"
#include "i18n/i18n.h"

#define CATEGORY_COLUMNS \
	"c.id, c.parent_id, c.slug, c.icon, " CATEGORY_NAME_COLUMNS( \
		"c") ", " \
		     "c.description_fr, c.description_en, p.slug, " CATEGORY_NAME_COLUMNS( \
			     "p") ", c.purpose = 'ideas', c.topic_count"

#define CATEGORY_TABLES "categories c left join categories p on p.id = c.parent_id"

DB_STATEMENT(category_all,
	     "select " CATEGORY_COLUMNS " from " CATEGORY_TABLES
	     " where c.archived_at is null and p.archived_at is null"
	     " order by coalesce(p.position, c.position), coalesce(p.id, c.id),"
	     " c.parent_id nulls first, c.position, c.id limit $1",
	     1);

DB_STATEMENT(category_of_slug,
	     "select " CATEGORY_COLUMNS " from " CATEGORY_TABLES " where c.slug = $1", 1);

/* An address that moved: of the category itself, or of where its questions went. */
DB_STATEMENT(
	category_moved_slug,
	"select coalesce(m.slug, c.slug) from categories c\n"
	"left join categories m on m.id = c.moved_to\n"
	"where c.id = coalesce((select o.category_id from category_slugs o where o.slug = $1),\n"
	"	(select n.id from categories n where n.slug = $1 and n.moved_to is not null))",
	1);

/* Nothing is put when the parent is a child itself, or the category. */
DB_STATEMENT(
	category_upsert,
	"insert into categories as c (slug, icon, name_fr, name_en, description_fr, description_en,"
	" parent_id, position, purpose)"
	" select $1, $2, $3, $4, $5, $6, $7::bigint, $8::integer, $9"
	" where $7::bigint is null"
	" or exists (select from categories p where p.id = $7 and p.parent_id is null and p.slug <> $1)"
	" on conflict (slug) do update set icon = excluded.icon,"
	" name_fr = excluded.name_fr, name_en = excluded.name_en,"
	" description_fr = excluded.description_fr, description_en = excluded.description_en,"
	" parent_id = excluded.parent_id, position = excluded.position,"
	" purpose = case excluded.purpose when 'ideas' then 'ideas' else c.purpose end"
	" returning c.id",
	9);

/* The trigger topics_placed works out the first level and the stage again. */
DB_STATEMENT(
	category_place_topics,
	"update topics t set category_id = t.category_id from categories c"
	" where c.id = $1 and t.category_id = c.id and (t.top_category_id <> coalesce($2::bigint, $1)"
	" or (t.stage <> '') <> (c.purpose = 'ideas'))",
	2);

static bool is_french(const struct ctx *ctx)
{
	return !strcmp(ctx->language, "fr");
}

static const char *read_bilingual(struct ctx *ctx, struct rows *rows)
{
	const char *french = col_text(rows);
	const char *english = col_text(rows);

	return is_french(ctx) ? french : english;
}

const char *category_name_read(struct ctx *ctx, struct rows *rows)
{
	return read_bilingual(ctx, rows);
}

static void category_read(struct ctx *ctx, struct rows *rows, struct category *category)
{
	category->id = col_i64(rows);
	category->parent_id = col_i64(rows);
	category->slug = col_text(rows);
	category->icon = col_text(rows);
	category->name = category_name_read(ctx, rows);
	category->description = read_bilingual(ctx, rows);
	category->parent_slug = col_text(rows);
	category->parent_name = category_name_read(ctx, rows);
	category->is_for_ideas = col_bool(rows);
	category->topic_count = col_i64(rows);
}

void category_add_all(struct ctx *ctx, struct rows *rows)
{
	db_add(ctx, &category_all, rows, param_i64(CATEGORIES_MAX));
}

void category_read_all(struct ctx *ctx, struct rows *rows, struct categories *out)
{
	out->items = arena_array_of(ctx->arena, (size_t)rows->count, struct category);
	out->count = 0;
	while (rows_next(rows))
		category_read(ctx, rows, &out->items[out->count++]);
}

enum err category_list(struct ctx *ctx, struct categories *out)
{
	struct rows rows;

	category_add_all(ctx, &rows);
	TRY(db_run(ctx));
	category_read_all(ctx, &rows, out);
	return OK;
}

enum err category_by_slug(struct ctx *ctx, const char *slug, struct category *out)
{
	struct rows rows;

	TRY(db_query(ctx, &category_of_slug, &rows, param_text(slug)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	category_read(ctx, &rows, out);
	return OK;
}

enum err category_find(struct ctx *ctx, const char *slug, struct category *out, const char **now)
{
	struct rows found, moved;

	*now = "";
	db_add(ctx, &category_moved_slug, &moved, param_text(slug));
	db_add(ctx, &category_of_slug, &found, param_text(slug));
	TRY(db_run(ctx));
	if (rows_next(&moved))
		*now = col_text(&moved);
	else if (rows_next(&found))
		category_read(ctx, &found, out);
	else
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

enum err category_put(struct ctx *ctx, const struct category_new *category, int64_t *id)
{
	const char *name_fr, *name_en;
	struct rows rows;

	TRY(field_line(ctx, "name_fr", category->name_fr, 1, 80, &name_fr));
	TRY(field_line(ctx, "name_en", category->name_en, 1, 80, &name_en));
	db_begin(ctx);
	TRY(db_query(ctx, &category_upsert, &rows, param_text(category->slug),
		     param_text(category->icon ? category->icon : "community"), param_text(name_fr),
		     param_text(name_en),
		     param_text(category->description_fr ? category->description_fr : ""),
		     param_text(category->description_en ? category->description_en : ""),
		     param_id(category->parent_id), param_i64(category->position),
		     param_text(category->is_for_ideas ? "ideas" : "questions")));
	if (!rows_next(&rows)) {
		db_rollback(ctx);
		return fail(ctx, ERR_INVALID, "parent", "%s",
			    _("Categories have two levels: choose a parent of the first level."));
	}
	*id = col_i64(&rows);
	db_add(ctx, &category_place_topics, NULL, param_i64(*id), param_id(category->parent_id));
	return db_commit(ctx);
}
