/*
 * Versions of pages.
 */
#include "forum/page_change.h"

#include <stdio.h>

#include "base/clock.h"
#include "db/db.h"
#include "forum/article.h"
#include "forum/post.h"
#include "forum/topic.h"
#include "text/slug.h"

static const char *const kinds[] = {
	[PAGE_TOPIC] = "topic",
	[PAGE_ARTICLE] = "article",
	[PAGE_ALL] = "all",
};

/*
 * The count beside the number: numbers are given before transactions end, so a line may
 * come to stand below the newest.
 */
DB_STATEMENT(page_version,
	     "select max(c.id), count(*), max(c.at), max(c.at) filter (where c.kind = 'all')\n"
	     "from page_changes c\n"
	     "where (c.kind = $1 and c.page_id = $2) or (c.kind = 'all' and c.page_id = 0)",
	     2);

void page_version_add(struct ctx *ctx, enum page_kind kind, int64_t id, struct rows *rows)
{
	db_add(ctx, &page_version, rows, param_text(kinds[kind]), param_i64(id));
}

void page_version_read(struct ctx *ctx, struct rows *rows, struct page_version *out)
{
	*out = (struct page_version){ .is_settled = true };
	if (!rows_next(rows))
		return;
	out->newest = col_i64(rows);
	out->count = col_i64(rows);
	out->changed_at = col_time(rows);
	out->is_settled = ctx->now - col_time(rows) > PAGE_SETTLED_SECONDS * CLOCK_SECOND;
}

enum err page_version_load(struct ctx *ctx, enum page_kind kind, int64_t id,
			   struct page_version *out)
{
	struct rows rows;

	TRY(db_query(ctx, &page_version, &rows, param_text(kinds[kind]), param_i64(id)));
	page_version_read(ctx, &rows, out);
	return OK;
}

/* Each node has read them by then, or begins anew (jobs/page_cache.c). */
DB_STATEMENT(pages_forget,
	     "delete from page_changes c using page_changes newer\n"
	     "where newer.at between now() - interval '1 day' and now() - interval '5 minutes'\n"
	     "	and c.kind = newer.kind and c.page_id = newer.page_id and c.id < newer.id",
	     0);
DB_STATEMENT(
	pages_forget_titles,
	"update page_changes set was = ''\n"
	"where was <> '' and at between now() - interval '1 day' and now() - interval '5 minutes'",
	0);

enum err page_changes_forget(struct ctx *ctx)
{
	db_add(ctx, &pages_forget, NULL);
	db_add(ctx, &pages_forget_titles, NULL);
	return db_run(ctx);
}

/* What to take away ----------------------------------------------------------------------- */

DB_STATEMENT(page_seen,
	     "select pg_current_snapshot()::text, pg_snapshot_xmin(pg_current_snapshot())::text",
	     0);

/* "all" comes first. */
DB_STATEMENT(pages_since,
	     "select distinct on (c.kind, c.page_id, c.was) c.kind, c.page_id, c.was,\n"
	     "	coalesce(t.title, a.title, ''), coalesce(t.last_number, 0)\n"
	     "from page_changes c\n"
	     "left join topics t on c.kind = 'topic' and t.id = c.page_id\n"
	     "left join articles a on c.kind = 'article' and a.id = c.page_id\n"
	     "where c.transaction >= pg_snapshot_xmin($1::text::pg_snapshot)\n"
	     "	and not pg_visible_in_snapshot(c.transaction, $1::text::pg_snapshot)\n"
	     "order by c.kind, c.page_id, c.was\n"
	     "limit $2::bigint",
	     2);

/* One that does not fit: as if nothing was seen but what all see. */
static void read_seen(struct rows *rows, char *seen)
{
	const char *snapshot, *least;

	if (!rows_next(rows))
		return;
	snapshot = col_text(rows);
	least = col_text(rows);
	if (strlen(snapshot) < PAGE_SEEN_MAX)
		snprintf(seen, PAGE_SEEN_MAX, "%s", snapshot);
	else
		snprintf(seen, PAGE_SEEN_MAX, "%s:%s:", least, least);
}

static void add_change(struct ctx *ctx, struct page_change change, int64_t id, const char *title,
		       struct page_change *out, size_t *count)
{
	if (change.kind != PAGE_ALL)
		change.address = path_encode(ctx->arena,
					     change.kind == PAGE_TOPIC
						     ? topic_path(ctx->arena, id, title)
						     : article_path(ctx->arena, id, title));
	out[(*count)++] = change;
}

static void read_change(struct ctx *ctx, struct rows *rows, struct page_change *out, size_t *count)
{
	const char *kind = col_text(rows);
	struct page_change change = { .kind = PAGE_ALL, .address = "" };
	int64_t id = col_i64(rows);
	const char *was = col_text(rows), *title = col_text(rows);

	if (strcmp(kind, kinds[PAGE_TOPIC]) == 0)
		change.kind = PAGE_TOPIC;
	else if (strcmp(kind, kinds[PAGE_ARTICLE]) == 0)
		change.kind = PAGE_ARTICLE;
	/* Numbers are given to answers and comments, and never again: there are not more pages. */
	change.pages = col_i64(rows) / ANSWERS_PER_PAGE + 1;
	add_change(ctx, change, id, title, out, count);
	if (was[0])
		add_change(ctx, change, id, was, out, count);
}

enum err page_changes_since(struct ctx *ctx, const char *since, char *seen,
			    struct page_change **out, size_t *count)
{
	struct rows snapshot, rows = { 0 };
	bool is_first = !since[0];

	*count = 0;
	*out = NULL;
	since = arena_strdup(ctx->arena, since);
	/* Before the changes: what comes between is seen twice. */
	db_add(ctx, &page_seen, &snapshot);
	if (!is_first)
		db_add(ctx, &pages_since, &rows, param_text(since), param_i64(PAGE_CHANGES_MAX));
	TRY(db_run(ctx));
	read_seen(&snapshot, seen);
	if (is_first)
		return OK;
	*out = arena_array_of(ctx->arena, 2 * (size_t)rows.count, struct page_change);
	while (rows_next(&rows))
		read_change(ctx, &rows, *out, count);
	return OK;
}

/* The program ------------------------------------------------------------------------------ */

/* Several processes begin at once: one of them changes it. */
DB_STATEMENT(page_tag,
	     "with said as (insert into settings (key, value) values ('page_tag', $1)\n"
	     "	on conflict (key) do update set value = excluded.value\n"
	     "	where settings.value <> excluded.value returning key)\n"
	     "select page_changed('all', 0) from said",
	     1);

enum err page_tag_announce(struct ctx *ctx, const char *tag)
{
	return db_query(ctx, &page_tag, NULL, param_text(tag));
}
