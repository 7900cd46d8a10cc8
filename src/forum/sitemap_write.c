/*
 * What stands in a file of the sitemap. A statement for each kind; the addresses are made
 * here, as pages make theirs, because slugs are.
 *
 * The time of a topic is that of its newest visible text: a later edit, an acceptance and
 * a withdrawal count, for they change what the page says. Further pages of a thread carry
 * none: which of them changed is not known, and a wrong time is worse than none.
 */
#include "forum/sitemap_parts.h"

#include "base/clock.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/article.h"
#include "forum/post.h"
#include "forum/topic.h"
#include "text/slug.h"

#define TOPIC_TIME \
	"coalesce((select greatest(\n" \
	"		max(greatest(p.created_at, p.edited_at, p.accepted_at)) filter (where p.visibility = 'visible'),\n" \
	"		max(p.withdrawn_at) filter (where p.visibility = 'withdrawn'))\n" \
	"		from posts p where p.topic_id = t.id), t.created_at)"

DB_STATEMENT(sitemap_topics,
	     "select t.id, t.title, t.answer_count, " TOPIC_TIME "\n"
	     "from topics t where t.id between $1 and $2 and topic_may_index(t)\n"
	     "order by t.id",
	     2);

/* posts_lately finds the posts of the days. */
_Static_assert(SITEMAP_RECENT_DAYS == 3, "the statement says so too");
DB_STATEMENT(sitemap_recent,
	     "select t.id, t.title, t.answer_count, " TOPIC_TIME " as changed_at\n"
	     "from (select distinct p.topic_id from posts p\n"
	     "	where p.created_at > now() - interval '3 days' and p.visibility = 'visible') n\n"
	     "join topics t on t.id = n.topic_id\n"
	     "where topic_may_index(t)\n"
	     "order by changed_at desc, t.id desc limit $1",
	     1);

DB_STATEMENT(sitemap_articles,
	     "select a.id, a.title, a.changed_at from articles a\n"
	     "where a.id between $1 and $2 and a.is_public\n"
	     "order by a.id",
	     2);

DB_STATEMENT(sitemap_tags,
	     "select g.name, nullif(g.used_at, to_timestamp(0)) from tags g\n"
	     "where g.id between $1 and $2 and tag_may_index(g)\n"
	     "order by g.id",
	     2);

DB_STATEMENT(
	sitemap_people,
	"select p.id, p.name, (select max(a.created_at) from posts a\n"
	"		where a.author_id = p.id and a.kind = 'answer' and a.visibility = 'visible')\n"
	"from people p where p.id between $1 and $2 and person_may_index(p)\n"
	"order by p.id",
	2);

/* Places whose lists are not empty for whoever asks for no language. */
DB_STATEMENT(
	sitemap_pages,
	"with places as (select c.id, c.parent_id, c.slug, c.purpose, greatest(\n"
	"		(select t.created_at from topics t where t.visibility = 'visible' and t.category_id = c.id\n"
	"			order by t.created_at desc, t.id desc limit 1),\n"
	"		(select t.created_at from topics t where t.visibility = 'visible' and t.top_category_id = c.id\n"
	"			order by t.created_at desc, t.id desc limit 1)) as newest\n"
	"	from categories c left join categories p on p.id = c.parent_id\n"
	"	where c.archived_at is null and p.archived_at is null),\n"
	"articles_there as (select a.* from articles a where a.is_public and a.language = $1),\n"
	"newest as (select max(newest) as at from places)\n"
	"select '/', n.at from newest n\n"
	"union all select '/questions', n.at from newest n where n.at is not null\n"
	"union all select '/tags', null\n"
	"union all select page, null from unnest(array['/charter', '/about', '/legal',\n"
	"	'/badges', '/levels', '/experts']) page\n"
	"union all select '/ideas', max(newest) from places where purpose = 'ideas' having max(newest) is not null\n"
	"union all select '/c/' || slug, newest from places where newest is not null\n"
	"union all select '/kb', max(changed_at) from articles_there having count(*) > 0\n"
	"union all (select '/kb/c/' || c.slug, max(a.changed_at) from places c\n"
	"	join places below on below.id = c.id or below.parent_id = c.id\n"
	"	join articles_there a on a.category_id = below.id group by c.slug)\n"
	"union all (select '/kb/p/' || product_slug, max(changed_at) from articles_there\n"
	"	where product_slug <> '' group by product_slug)\n"
	"union all (select '/pages/' || x.name, u.published_at from page_texts x\n"
	"	cross join lateral (select * from page_text_publications u where u.name = x.name\n"
	"		order by u.id desc limit 1) u\n"
	"	where u.version_id is not null and x.name not in ('charter', 'legal', 'privacy', 'about'))\n"
	"limit $2",
	2);

struct writing {
	struct ctx *ctx;
	struct buf *out;
	int64_t addresses;
	bool is_further; /* pages after the first of a thread are written too */
};

/* Slugs of other scripts are UTF-8; an address is ASCII (RFC 3986), and in XML. */
static void put_path(struct buf *out, const char *path)
{
	for (const char *at = path; *at; at++) {
		if ((unsigned char)*at > ' ' && (unsigned char)*at < 127)
			buf_html(out, at, 1);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)*at);
	}
}

/* changed_at 0: not known. */
static void put(struct writing *writing, const char *path, int64_t changed_at)
{
	struct buf *out = writing->out;

	if (writing->addresses == SITEMAP_ADDRESSES_MAX)
		return;
	writing->addresses++;
	buf_text(out, "<url><loc>");
	put_path(out, writing->ctx->config->site.base_url);
	put_path(out, path);
	buf_text(out, "</loc>");
	if (changed_at)
		buf_printf(out, "<lastmod>%s</lastmod>",
			   clock_rfc3339(writing->ctx->arena, changed_at));
	buf_text(out, "</url>\n");
}

/* Topics not yet written have their first page before others have their second. */
static void put_topics(struct writing *writing, struct rows *rows)
{
	struct arena *arena = writing->ctx->arena;
	int64_t left = rows->count;

	while (rows_next(rows)) {
		int64_t id = col_i64(rows);
		const char *path = topic_path(arena, id, col_text(rows));
		int64_t answers = col_i64(rows);

		put(writing, path, col_time(rows));
		left--;
		for (int64_t page = 2;
		     writing->is_further &&
		     page <= (answers + ANSWERS_PER_PAGE - 1) / ANSWERS_PER_PAGE &&
		     writing->addresses + left < SITEMAP_ADDRESSES_MAX;
		     page++)
			put(writing, arena_printf(arena, "%s?page=%lld", path, (long long)page), 0);
	}
}

static void put_articles(struct writing *writing, struct rows *rows)
{
	while (rows_next(rows)) {
		int64_t id = col_i64(rows);
		const char *path = article_path(writing->ctx->arena, id, col_text(rows));

		put(writing, path, col_time(rows));
	}
}

static void put_tags(struct writing *writing, struct rows *rows)
{
	while (rows_next(rows)) {
		struct buf path;

		buf_init(&path, writing->ctx->arena, 1024);
		buf_text(&path, "/tag/");
		buf_url(&path, col_text(rows));
		put(writing, path.data, col_time(rows));
	}
}

static void put_people(struct writing *writing, struct rows *rows)
{
	struct arena *arena = writing->ctx->arena;

	while (rows_next(rows)) {
		int64_t id = col_i64(rows);
		const char *slug = slug_from(arena, col_text(rows));

		put(writing, arena_printf(arena, "/u/%lld-%s", (long long)id, slug),
		    col_time(rows));
	}
}

static void put_pages(struct writing *writing, struct rows *rows)
{
	while (rows_next(rows)) {
		const char *path = col_text(rows);

		put(writing, path, col_time(rows));
	}
}

static const struct {
	const struct stmt *statement; /* of a range of ids */
	void (*put)(struct writing *writing, struct rows *rows);
} kinds[SITEMAP_KIND_COUNT] = {
	[SITEMAP_RECENT] = { NULL, put_topics },
	[SITEMAP_PAGES] = { NULL, put_pages },
	[SITEMAP_ARTICLES] = { &sitemap_articles, put_articles },
	[SITEMAP_TOPICS] = { &sitemap_topics, put_topics },
	[SITEMAP_TAGS] = { &sitemap_tags, put_tags },
	[SITEMAP_PEOPLE] = { &sitemap_people, put_people },
};

/*
 * After much was loaded at once PostgreSQL takes the tables for small until it has counted
 * them, and would read all posts for each topic of 10,000. A file takes 0.2 s; one that takes
 * a hundred times as long is not waited for, as the worker may have to stop.
 */
DB_STATEMENT(sitemap_plan,
	     "select set_config('enable_seqscan', 'off', true),\n"
	     "	set_config('statement_timeout', '20s', true)",
	     0);

static void add_rows(struct ctx *ctx, enum sitemap_kind kind, int64_t number, struct rows *rows)
{
	if (kind == SITEMAP_RECENT)
		db_add(ctx, &sitemap_recent, rows, param_i64(SITEMAP_RANGE));
	else if (kind == SITEMAP_PAGES)
		db_add(ctx, &sitemap_pages, rows, param_text(ctx->config->site.default_language),
		       param_i64(SITEMAP_ADDRESSES_MAX));
	else
		db_add(ctx, kinds[kind].statement, rows, param_i64(number * SITEMAP_RANGE),
		       param_i64((number + 1) * SITEMAP_RANGE - 1));
}

static enum err load(struct ctx *ctx, enum sitemap_kind kind, int64_t number, struct rows *rows)
{
	db_begin(ctx);
	db_add_params(ctx, &sitemap_plan, NULL, NULL, 0);
	add_rows(ctx, kind, number, rows);
	return db_commit(ctx);
}

enum err sitemap_write(struct ctx *ctx, enum sitemap_kind kind, int64_t number, struct buf *out,
		       int64_t *addresses)
{
	struct writing writing = { .ctx = ctx, .out = out, .is_further = kind == SITEMAP_TOPICS };
	struct rows rows;

	TRY(load(ctx, kind, number, &rows));
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	kinds[kind].put(&writing, &rows);
	buf_text(out, "</urlset>\n");
	*addresses = writing.addresses;
	return OK;
}
