/*
 * Which files of the sitemap are due, and keeping them.
 */
#include "forum/sitemap_parts.h"

#include "base/gzip.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/indexnow.h"

#define XML_MAX_BYTES  ((size_t)16 * 1024 * 1024)
#define GZIP_MAX_BYTES ((size_t)6 * 1024 * 1024)
#define NAME_MAX_BYTES 40

static const char *const kind_texts[SITEMAP_KIND_COUNT] = {
	[SITEMAP_RECENT] = "recent", [SITEMAP_PAGES] = "pages", [SITEMAP_ARTICLES] = "articles",
	[SITEMAP_TOPICS] = "topics", [SITEMAP_TAGS] = "tags",   [SITEMAP_PEOPLE] = "people",
};

DB_STATEMENT(
	sitemap_index_rows,
	"select kind, number, addresses, changed_at from sitemap_files\n"
	"where addresses > 0\n"
	"order by array_position(array['recent', 'pages', 'articles', 'topics', 'tags'], kind),\n"
	"	number\n"
	"limit $1",
	1);

DB_STATEMENT(sitemap_one,
	     "select addresses, changed_at, body from sitemap_files\n"
	     "where kind = $1 and number = $2 and addresses > 0",
	     2);

/* A file that is not there yet is made whether it was touched or not. */
_Static_assert(SITEMAP_RANGE == 10000, "the statements say so too");
DB_STATEMENT(
	sitemap_drain,
	"with gone as (delete from sitemap_touches returning kind, subject_id),\n"
	"	ranges as (select distinct kind, subject_id / 10000 as number from gone\n"
	"		union select distinct 'recent', 0::bigint from gone where kind = 'topics'),\n"
	"	told as (insert into indexnow_marks (topic_id)\n"
	"		select distinct g.subject_id from gone g join topics t on t.id = g.subject_id\n"
	"		where g.kind = 'topics' and $1::boolean\n"
	"		on conflict (topic_id) do update set marked_at = clock_timestamp())\n"
	"update sitemap_files f set touched_at = coalesce(f.touched_at, now())\n"
	"from ranges r where f.kind = r.kind and f.number = r.number",
	1);

/*
 * First what there is not yet, then the newest of each kind, where most happens, then what
 * has waited longest.
 */
DB_STATEMENT(
	sitemap_due,
	"with last as (\n"
	"	select 'topics' as kind, coalesce((select max(id) from topics), 0) / 10000 as number,\n"
	"		interval '1 day' as age\n"
	"	union all select 'articles', coalesce((select max(id) from articles), 0) / 10000, '1 day'\n"
	"	union all select 'people', coalesce((select max(id) from people), 0) / 10000, '1 day'\n"
	"	union all select 'tags', coalesce((select max(id) from tags), 0) / 10000, '1 hour'\n"
	"	union all values ('pages', 0::bigint, interval '1 hour'), ('recent', 0, '1 hour')\n"
	")\n"
	"select l.kind, n.number from last l\n"
	"cross join lateral generate_series(0, l.number) n (number)\n"
	"left join sitemap_files f on f.kind = l.kind and f.number = n.number\n"
	"where f.kind is null or f.touched_at is not null or f.built_at < now() - l.age\n"
	"order by f.kind is not null, n.number < l.number,\n"
	"	coalesce(f.touched_at, f.built_at), n.number\n"
	"limit $1",
	1);

/* What happened after $5, when it was being made, may not be in it. */
DB_STATEMENT(
	sitemap_store,
	"insert into sitemap_files as f (kind, number, addresses, body) values ($1, $2, $3, $4)\n"
	"on conflict (kind, number) do update set addresses = excluded.addresses,\n"
	"	body = excluded.body, built_at = now(),\n"
	"	changed_at = case when f.body = excluded.body then f.changed_at else now() end,\n"
	"	touched_at = case when f.touched_at > $5 then f.touched_at end\n"
	"returning changed_at = now()",
	5);

DB_STATEMENT(sitemap_touch_files, "update sitemap_files set touched_at = now()", 0);
DB_STATEMENT(sitemap_now, "select clock_timestamp()", 0);

const char *sitemap_kind_text(enum sitemap_kind kind)
{
	return kind_texts[kind];
}

static bool kind_read(struct slice text, enum sitemap_kind *out)
{
	for (int kind = 0; kind < SITEMAP_KIND_COUNT; kind++) {
		if (strlen(kind_texts[kind]) != text.length ||
		    memcmp(kind_texts[kind], text.data, text.length) != 0)
			continue;
		*out = (enum sitemap_kind)kind;
		return true;
	}
	return false;
}

char *sitemap_path(struct arena *arena, const struct sitemap_file *file)
{
	return arena_printf(arena, "/sitemap/%s-%lld.xml.gz", kind_texts[file->kind],
			    (long long)file->number);
}

bool sitemap_path_read(const char *name, enum sitemap_kind *kind, int64_t *number)
{
	const char *dash = strchr(name, '-');
	char own[NAME_MAX_BYTES];

	*kind = SITEMAP_RECENT;
	*number = 0;
	if (!dash || strlen(name) >= NAME_MAX_BYTES ||
	    !kind_read((struct slice){ name, (size_t)(dash - name) }, kind))
		return false;
	for (const char *at = dash + 1; *at >= '0' && *at <= '9' && *number < INT32_MAX; at++)
		*number = *number * 10 + (*at - '0');
	/* One name for each: no leading nought, nothing behind. */
	snprintf(own, sizeof own, "%s-%lld.xml.gz", kind_texts[*kind], (long long)*number);
	return strcmp(own, name) == 0;
}

enum err sitemap_index_load(struct ctx *ctx, struct sitemap_index *out)
{
	struct rows rows;

	*out = (struct sitemap_index){ 0 };
	TRY(db_query(ctx, &sitemap_index_rows, &rows, param_i64(SITEMAP_FILES_MAX)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count, struct sitemap_file);
	while (rows_next(&rows)) {
		struct sitemap_file *file = &out->items[out->count];
		const char *kind = col_text(&rows);

		if (!kind_read((struct slice){ kind, strlen(kind) }, &file->kind))
			continue;
		file->number = col_i64(&rows);
		file->addresses = col_i64(&rows);
		file->changed_at = col_time(&rows);
		out->count++;
	}
	return OK;
}

enum err sitemap_load(struct ctx *ctx, enum sitemap_kind kind, int64_t number,
		      struct sitemap_file *out)
{
	struct rows rows;

	*out = (struct sitemap_file){ .kind = kind, .number = number };
	TRY(db_query(ctx, &sitemap_one, &rows, param_text(kind_texts[kind]), param_i64(number)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->addresses = col_i64(&rows);
	out->changed_at = col_time(&rows);
	out->body = col_bytes(&rows, &out->body_length);
	return OK;
}

/* One file. The buffers are the arena's: the run is bounded. */
static enum err build(struct ctx *ctx, enum sitemap_kind kind, int64_t number, bool *changed)
{
	struct rows clock, stored;
	struct buf xml, packed;
	int64_t addresses, began;

	TRY(db_query_params(ctx, &sitemap_now, &clock, NULL, 0));
	began = rows_next(&clock) ? col_time(&clock) : 0;
	buf_init(&xml, NULL, XML_MAX_BYTES);
	buf_init(&packed, ctx->arena, GZIP_MAX_BYTES);
	enum err result = sitemap_write(ctx, kind, number, &xml, &addresses);
	bool is_packed = result == OK && !xml.is_overflown &&
			 gzip_write(&packed, xml.data, xml.length);
	buf_release(&xml);
	TRY(result);
	if (!is_packed)
		return fail_log(ctx, ERR_INTERNAL, "sitemap %s-%lld is too large", kind_texts[kind],
				(long long)number);
	TRY(db_query(ctx, &sitemap_store, &stored, param_text(kind_texts[kind]), param_i64(number),
		     param_i64(addresses), param_bytes(packed.data, packed.length),
		     param_time(began)));
	*changed = rows_next(&stored) && col_bool(&stored);
	return OK;
}

enum err sitemap_update(struct ctx *ctx, struct sitemap_run *run)
{
	struct rows due;

	run->built = run->changed = 0;
	run->has_more = false;
	db_add(ctx, &sitemap_drain, NULL, param_bool(indexnow_is_on()));
	db_add(ctx, &sitemap_due, &due, param_i64(run->most + 1));
	TRY(db_run(ctx));
	while (rows_next(&due)) {
		const char *text = col_text(&due);
		int64_t number = col_i64(&due);
		enum sitemap_kind kind;
		bool changed = false;

		if (run->built == run->most) {
			run->has_more = true;
			return OK;
		}
		if (!kind_read((struct slice){ text, strlen(text) }, &kind))
			return fail_log(ctx, ERR_INTERNAL, "no sitemap of %s", text);
		TRY(build(ctx, kind, number, &changed));
		run->built++;
		run->changed += changed;
	}
	return OK;
}

enum err sitemap_touch_all(struct ctx *ctx)
{
	return db_query_params(ctx, &sitemap_touch_files, NULL, NULL, 0);
}
