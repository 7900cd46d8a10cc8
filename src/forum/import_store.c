/*
 * Storing what an import brings besides posts: the source itself, people, tags,
 * badges, duplicates, versions. A batch is one statement: its columns travel as
 * arrays, and the database joins them with the map.
 */
#include "forum/import.h"

#include "db/db.h"
#include "forum/category.h"
#include "forum/import_batch.h"

DB_STATEMENT(import_source_put,
	     "insert into import_sources (kind, name, url)\n"
	     "values ('stackexchange', $1, $2)\n"
	     "on conflict (kind, name) do update set url = excluded.url\n"
	     "returning id",
	     2);

/* One import at a time: they share the staging table. */
DB_STATEMENT(import_lock, "select pg_try_advisory_lock(hashtext('entraide import'))", 0);

DB_STATEMENT(import_rest_triggers, "select set_config('entraide.importing', 'on', true)", 0);

DB_STATEMENT(
	import_insert_people,
	"with given as (\n"
	"	select *, nextval(pg_get_serial_sequence('people', 'id')) as id\n"
	"	from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])\n"
	"		as g (foreign_id, name, bio_md, bio_html, created_us)\n"
	"	where not exists (select from import_map m\n"
	"		where m.source_id = $1 and m.kind = 'person' and m.foreign_id = g.foreign_id)\n"
	"), made as (\n"
	"	insert into people (id, name, state, bio_md, bio_html, created_at) overriding system value\n"
	"	select id, name, 'imported', bio_md, bio_html, from_us(created_us) from given\n"
	")\n"
	"insert into import_map (source_id, kind, foreign_id, our_id)\n"
	"select $1, 'person', foreign_id, id from given",
	6);

DB_STATEMENT(
	import_insert_tags,
	"with given as (\n"
	"	select distinct on (r.name) g.foreign_id, r.name\n"
	"	from unnest($2::bigint[], $3::text[]) as g (foreign_id, typed)\n"
	"	cross join lateral (select tag_resolve(g.typed) as name) r\n"
	"	where r.name is not null and not exists (select from import_map m\n"
	"		where m.source_id = $1 and m.kind = 'tag' and m.foreign_id = g.foreign_id)\n"
	"), made as (\n"
	"	insert into tags (name) select name from given order by name\n"
	"	on conflict (name) do update set name = excluded.name\n"
	"	returning id, name\n"
	")\n"
	"insert into import_map (source_id, kind, foreign_id, our_id)\n"
	"select $1, 'tag', given.foreign_id, made.id from given join made using (name)",
	3);

/* The last column counts those whose person is not here. */
DB_STATEMENT(
	import_insert_badges,
	"with given as (\n"
	"	select g.*, p.our_id as person_id, nextval(pg_get_serial_sequence('imported_badges', 'id')) as id\n"
	"	from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[])\n"
	"		as g (foreign_id, owner_id, name, class, awarded_us)\n"
	"	left join import_map p on p.source_id = $1 and p.kind = 'person' and p.foreign_id = g.owner_id\n"
	"	where not exists (select from import_map m\n"
	"		where m.source_id = $1 and m.kind = 'badge' and m.foreign_id = g.foreign_id)\n"
	"), made as (\n"
	"	insert into imported_badges (id, person_id, name, class, awarded_at) overriding system value\n"
	"	select id, person_id, name, class, from_us(awarded_us) from given where person_id is not null\n"
	"), mapped as (\n"
	"	insert into import_map (source_id, kind, foreign_id, our_id)\n"
	"	select $1, 'badge', foreign_id, id from given where person_id is not null\n"
	")\n"
	"select count(*) filter (where person_id is not null), count(*) filter (where person_id is null) from given",
	6);

DB_STATEMENT(
	import_mark_duplicates,
	"with given as (\n"
	"	select distinct on (copy.topic_id) copy.topic_id, original.topic_id as original_id\n"
	"	from unnest($2::bigint[], $3::bigint[]) as g (post_id, original_id)\n"
	"	join import_map copy on copy.source_id = $1 and copy.kind = 'post' and copy.foreign_id = g.post_id\n"
	"	join import_map original on original.source_id = $1 and original.kind = 'post'\n"
	"		and original.foreign_id = g.original_id\n"
	"	join topics t on t.id = copy.topic_id\n"
	"	join topics o on o.id = original.topic_id\n"
	"	where copy.topic_id <> original.topic_id\n"
	"	order by copy.topic_id, original.topic_id\n"
	"), made as (\n"
	"	update topics t set status = 'duplicate', duplicate_of = given.original_id,\n"
	"		status_at = coalesce(t.status_at, t.created_at)\n"
	"	from given\n"
	"	where t.id = given.topic_id and t.duplicate_of is null\n"
	"	returning t.id\n"
	")\n"
	"select (select count(*) from made), (select count(*) from given)",
	3);

DB_STATEMENT(
	import_insert_versions,
	"with given as (\n"
	"	select g.*, post.our_id as post_id, person.our_id as editor_id\n"
	"	from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bigint[])\n"
	"		as g (foreign_id, foreign_post, owner_id, owner_name, body_md, reason, created_us)\n"
	"	left join import_map post on post.source_id = $1 and post.kind = 'post'\n"
	"		and post.foreign_id = g.foreign_post and exists (select from posts p where p.id = post.our_id)\n"
	"	left join import_map person on person.source_id = $1 and person.kind = 'person'\n"
	"		and person.foreign_id = g.owner_id\n"
	"	where not exists (select from import_map m\n"
	"		where m.source_id = $1 and m.kind = 'version' and m.foreign_id = g.foreign_id)\n"
	"), made as (\n"
	"	insert into imported_versions (foreign_id, post_id, body_md, editor_id, editor_name, reason, created_at)\n"
	"	select foreign_id, post_id, body_md, editor_id, owner_name, reason, from_us(created_us)\n"
	"	from given where post_id is not null\n"
	"), mapped as (\n"
	"	insert into import_map (source_id, kind, foreign_id, our_id)\n"
	"	select $1, 'version', foreign_id, post_id from given where post_id is not null\n"
	")\n"
	"select count(*) filter (where post_id is not null), count(*) filter (where post_id is null) from given",
	8);

void import_transaction(struct ctx *ctx)
{
	db_begin(ctx);
	db_add_params(ctx, &import_rest_triggers, NULL, NULL, 0);
}

static enum err find_category(struct ctx *ctx, const char *slug, const char *name, int64_t *id)
{
	const struct category_new form = { .slug = slug,
					   .icon = "community",
					   .name_fr = name,
					   .name_en = name,
					   .description_fr = "",
					   .description_en = "",
					   .position = 100 };
	struct category category;
	enum err result = category_by_slug(ctx, slug, &category);

	if (result == OK)
		*id = category.id;
	if (result != ERR_NOT_FOUND)
		return result;
	error_clear(ctx);
	return category_put(ctx, &form, id);
}

enum err import_begin(struct ctx *ctx, struct import_source *source, const char *category_slug)
{
	struct rows lock, made;

	db_add_params(ctx, &import_lock, &lock, NULL, 0);
	db_add(ctx, &import_source_put, &made, param_text(source->name), param_text(source->url));
	TRY(db_run(ctx));
	if (!rows_next(&lock) || !col_bool(&lock))
		return fail(ctx, ERR_CONFLICT, NULL, "another import is running");
	if (rows_next(&made))
		source->id = col_i64(&made);
	return find_category(ctx, category_slug, source->name, &source->category_id);
}

enum err import_people(struct ctx *ctx, const struct import_source *source,
		       const struct import_person *people, size_t count,
		       struct import_counts *counts)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *times = arena_array_of(ctx->arena, count, int64_t);
	const char **names = arena_array_of(ctx->arena, count, const char *);
	const char **bios = arena_array_of(ctx->arena, count, const char *);
	const char **bios_html = arena_array_of(ctx->arena, count, const char *);
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		ids[i] = people[i].foreign_id;
		times[i] = people[i].created_at;
		names[i] = people[i].name;
		bios[i] = people[i].bio_md;
		bios_html[i] = people[i].bio_html;
	}
	TRY(db_query(ctx, &import_insert_people, &rows, param_i64(source->id),
		     param_i64s(ctx->arena, ids, count), param_texts(ctx->arena, names, count),
		     param_texts(ctx->arena, bios, count),
		     param_texts(ctx->arena, bios_html, count),
		     param_i64s(ctx->arena, times, count)));
	counts->imported += rows.affected;
	counts->present += (int64_t)count - rows.affected;
	return OK;
}

enum err import_tags(struct ctx *ctx, const struct import_source *source,
		     const struct import_tag *tags, size_t count, struct import_counts *counts)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	const char **names = arena_array_of(ctx->arena, count, const char *);
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		ids[i] = tags[i].foreign_id;
		names[i] = tags[i].name;
	}
	TRY(db_query(ctx, &import_insert_tags, &rows, param_i64(source->id),
		     param_i64s(ctx->arena, ids, count), param_texts(ctx->arena, names, count)));
	counts->imported += rows.affected;
	counts->present += (int64_t)count - rows.affected;
	return OK;
}

/* Statements that answer (made, orphaned) for what was not there before. */
void import_take_counts(struct rows *rows, size_t count, struct import_counts *counts)
{
	int64_t made, orphaned;

	if (!rows_next(rows))
		return;
	made = col_i64(rows);
	orphaned = col_i64(rows);
	counts->imported += made;
	counts->orphaned += orphaned;
	counts->present += (int64_t)count - made - orphaned;
}

enum err import_badges(struct ctx *ctx, const struct import_source *source,
		       const struct import_badge *badges, size_t count,
		       struct import_counts *counts)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *people = arena_array_of(ctx->arena, count, int64_t);
	int64_t *classes = arena_array_of(ctx->arena, count, int64_t);
	int64_t *times = arena_array_of(ctx->arena, count, int64_t);
	const char **names = arena_array_of(ctx->arena, count, const char *);
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		ids[i] = badges[i].foreign_id;
		people[i] = badges[i].person_id;
		classes[i] = badges[i].class_number;
		times[i] = badges[i].awarded_at;
		names[i] = badges[i].name;
	}
	TRY(db_query(ctx, &import_insert_badges, &rows, param_i64(source->id),
		     param_i64s(ctx->arena, ids, count), param_i64s(ctx->arena, people, count),
		     param_texts(ctx->arena, names, count), param_i64s(ctx->arena, classes, count),
		     param_i64s(ctx->arena, times, count)));
	import_take_counts(&rows, count, counts);
	return OK;
}

enum err import_duplicates(struct ctx *ctx, const struct import_source *source,
			   const struct import_duplicate *links, size_t count,
			   struct import_counts *counts)
{
	int64_t *copies = arena_array_of(ctx->arena, count, int64_t);
	int64_t *originals = arena_array_of(ctx->arena, count, int64_t);
	struct rows rows;
	int64_t made, found;

	for (size_t i = 0; i < count; i++) {
		copies[i] = links[i].post_id;
		originals[i] = links[i].original_id;
	}
	import_transaction(ctx);
	db_add(ctx, &import_mark_duplicates, &rows, param_i64(source->id),
	       param_i64s(ctx->arena, copies, count), param_i64s(ctx->arena, originals, count));
	TRY(db_commit(ctx));
	if (!rows_next(&rows))
		return OK;
	made = col_i64(&rows);
	found = col_i64(&rows);
	counts->imported += made;
	counts->present += found - made;
	counts->orphaned += (int64_t)count - found;
	return OK;
}

enum err import_versions(struct ctx *ctx, const struct import_source *source,
			 const struct import_version *versions, size_t count,
			 struct import_counts *counts)
{
	struct version_columns {
		int64_t *ids, *posts, *owners, *times;
		const char **names, **bodies, **reasons;
	} columns = {
		arena_array_of(ctx->arena, count, int64_t),
		arena_array_of(ctx->arena, count, int64_t),
		arena_array_of(ctx->arena, count, int64_t),
		arena_array_of(ctx->arena, count, int64_t),
		arena_array_of(ctx->arena, count, const char *),
		arena_array_of(ctx->arena, count, const char *),
		arena_array_of(ctx->arena, count, const char *),
	};
	struct rows rows;

	for (size_t i = 0; i < count; i++) {
		columns.ids[i] = versions[i].foreign_id;
		columns.posts[i] = versions[i].post_id;
		columns.owners[i] = versions[i].owner_id;
		columns.times[i] = versions[i].created_at;
		columns.names[i] = versions[i].owner_name;
		columns.bodies[i] = versions[i].body_md;
		columns.reasons[i] = versions[i].reason;
	}
	TRY(db_query(ctx, &import_insert_versions, &rows, param_i64(source->id),
		     param_i64s(ctx->arena, columns.ids, count),
		     param_i64s(ctx->arena, columns.posts, count),
		     param_i64s(ctx->arena, columns.owners, count),
		     param_texts(ctx->arena, columns.names, count),
		     param_texts(ctx->arena, columns.bodies, count),
		     param_texts(ctx->arena, columns.reasons, count),
		     param_i64s(ctx->arena, columns.times, count)));
	import_take_counts(&rows, count, counts);
	return OK;
}
