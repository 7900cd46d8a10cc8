/*
 * Articles for readers: one page, the first page, lists by category and product.
 */
#include "forum/article.h"

#include <stdio.h>

#include "forum/article_columns.h"
#include "forum/article_source.h"
#include "forum/topic_columns.h"
#include "text/slug.h"

static const char *const states[] = {
	[ARTICLE_DRAFT] = "draft",
	[ARTICLE_REVIEW] = "review",
	[ARTICLE_PUBLISHED] = "published",
	[ARTICLE_ARCHIVED] = "archived",
};

DB_STATEMENT(article_by_id,
	     "select " ARTICLE_COLUMNS ", pv.body_html\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.id = $1",
	     1);

DB_STATEMENT(
	article_languages,
	"select b.id, b.title, b.language, b.summary\n"
	"from articles a join articles b on b.group_id = a.group_id and b.id <> a.id and b.is_public\n"
	"where a.id = $1\n"
	"order by b.language",
	1);

DB_STATEMENT(
	article_related,
	"select b.id, b.title, b.language, b.summary\n"
	"from articles a join articles b on b.language = a.language and b.id <> a.id and b.is_public\n"
	"	and ((a.product_slug <> '' and b.product_slug = a.product_slug) or b.category_id = a.category_id)\n"
	"where a.id = $1\n"
	"order by (a.product_slug <> '' and b.product_slug = a.product_slug) desc,\n"
	"	(b.category_id = a.category_id) desc nulls last, b.view_count desc, b.id\n"
	"limit $2::bigint",
	2);

/* Each category, and each parent with all below it. Archived ones are in no list; their
 * articles stay where they are. */
DB_STATEMENT(
	article_categories,
	"select c.slug, " CATEGORY_NAME_COLUMNS(
		"c") ", p.slug, n.articles\n"
		     "from (select place, count(*) as articles from articles a join categories c on c.id = a.category_id\n"
		     "	cross join lateral unnest(array[c.id, c.parent_id]) place\n"
		     "	where a.is_public and a.language = $1 and place is not null\n"
		     "	group by place) n\n"
		     "join categories c on c.id = n.place left join categories p on p.id = c.parent_id\n"
		     "where c.archived_at is null and p.archived_at is null\n"
		     "order by coalesce(p.position, c.position), coalesce(p.id, c.id), c.parent_id nulls first, c.position, c.id\n"
		     "limit $2::bigint",
	2);

DB_STATEMENT(article_products,
	     "select a.product_slug, min(a.product), count(*)\n"
	     "from articles a\n"
	     "where a.is_public and a.language = $1 and a.product_slug <> ''\n"
	     "group by a.product_slug\n"
	     "order by count(*) desc, a.product_slug\n"
	     "limit $2::bigint",
	     2);

DB_STATEMENT(article_most_read,
	     "select " ARTICLE_COLUMNS "\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.is_public and a.language = $1\n"
	     "order by a.view_count desc, a.id limit $2::bigint",
	     2);

DB_STATEMENT(article_latest,
	     "select " ARTICLE_COLUMNS "\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.is_public and a.language = $1\n"
	     "order by a.changed_at desc, a.id desc limit $2::bigint",
	     2);

DB_STATEMENT(article_elsewhere,
	     "select count(*) from articles a where a.is_public and a.language <> $1", 1);

DB_STATEMENT(
	article_category,
	"select " CATEGORY_NAME_COLUMNS("c") ", c.description_fr, c.description_en, p.slug, " CATEGORY_NAME_COLUMNS(
		"p") "\n"
		     "from categories c left join categories p on p.id = c.parent_id\n"
		     "where c.slug = $1",
	1);

DB_STATEMENT(
	article_of_category,
	"select " ARTICLE_COLUMNS "\n"
	"from articles a" ARTICLE_JOINS "\n"
	"where a.is_public and a.language = $1\n"
	"	and a.category_id in (select k.id from categories k left join categories kp on kp.id = k.parent_id\n"
	"		where $2 in (k.slug, kp.slug))\n"
	"	and (a.changed_at, a.id) < ($3::timestamptz, $4::bigint)\n"
	"order by a.changed_at desc, a.id desc limit $5::bigint",
	5);

DB_STATEMENT(article_of_product,
	     "select " ARTICLE_COLUMNS "\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.is_public and a.language = $1 and a.product_slug = $2\n"
	     "	and (a.changed_at, a.id) < ($3::timestamptz, $4::bigint)\n"
	     "order by a.changed_at desc, a.id desc limit $5::bigint",
	     5);

DB_STATEMENT(
	article_by_address,
	"select a.id, a.title, a.is_public, r.id, r.title\n"
	"from (select d.article_id as id from article_redirects d where d.address = $1\n"
	"	union all select k.id from articles k where k.import_key = $1 limit 1) found\n"
	"join articles a on a.id = found.id left join articles r on r.id = a.replaced_by and r.is_public",
	1);

const char *article_state_text(enum article_state state)
{
	return states[state];
}

bool article_state_parse(const char *text, enum article_state *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(states); i++)
		if (strcmp(states[i], text) == 0) {
			*out = (enum article_state)i;
			return true;
		}
	return false;
}

char *article_path(struct arena *arena, int64_t id, const char *title)
{
	return arena_printf(arena, "/kb/%lld-%s", (long long)id, slug_from(arena, title));
}

/* Reading rows --------------------------------------------------------------------------- */

void article_read(struct ctx *ctx, struct rows *rows, struct article *out)
{
	out->id = col_i64(rows);
	out->group_id = col_i64(rows);
	out->language = col_text(rows);
	out->category_id = col_i64(rows);
	out->category_slug = col_text(rows);
	out->category_name = category_name_read(ctx, rows);
	out->parent_id = col_i64(rows);
	out->parent_slug = col_text(rows);
	out->parent_name = category_name_read(ctx, rows);
	out->product = col_text(rows);
	out->product_slug = col_text(rows);
	out->title = col_text(rows);
	out->summary = col_text(rows);
	if (!article_state_parse(col_text(rows), &out->state))
		out->state = ARTICLE_DRAFT;
	out->is_public = col_bool(rows);
	out->owner_id = col_i64(rows);
	out->owner = col_text(rows);
	out->owner_handle = col_text(rows);
	out->review_due = col_time(rows);
	out->publish_at = col_time(rows);
	out->published_id = col_i64(rows);
	out->latest_id = col_i64(rows);
	out->latest_number = col_i64(rows);
	out->published_number = col_i64(rows);
	out->helpful = col_i64(rows);
	out->unhelpful = col_i64(rows);
	out->views = col_i64(rows);
	out->created_at = col_time(rows);
	out->updated_at = col_time(rows);
	out->published_at = col_time(rows);
	out->changed_at = col_time(rows);
	out->archived_at = col_time(rows);
	out->replaced_by = col_i64(rows);
	out->replaced_title = col_text(rows);
	out->import_key = col_text(rows);
}

void article_list_read(struct ctx *ctx, struct rows *rows, size_t most, struct article_list *out)
{
	*out = (struct article_list){ .items = arena_array_of(ctx->arena, (size_t)rows->count + 1,
							      struct article),
				      .has_more = (size_t)rows->count > most };
	while (out->count < most && rows_next(rows))
		article_read(ctx, rows, &out->items[out->count++]);
}

static struct article_link *links_read(struct ctx *ctx, struct rows *rows, size_t *count)
{
	struct article_link *links = arena_array_of(ctx->arena, (size_t)rows->count + 1,
						    struct article_link);

	*count = 0;
	while (rows_next(rows)) {
		struct article_link *link = &links[(*count)++];

		link->id = col_i64(rows);
		link->title = col_text(rows);
		link->language = col_text(rows);
		link->summary = col_text(rows);
	}
	return links;
}

/* One page ------------------------------------------------------------------------------- */

enum err article_view_load(struct ctx *ctx, int64_t id, struct article_view *out)
{
	struct rows article, languages, related, credit, files;

	*out = (struct article_view){ .body.html = "" };
	db_add(ctx, &article_by_id, &article, param_i64(id));
	db_add(ctx, &article_languages, &languages, param_i64(id));
	db_add(ctx, &article_related, &related, param_i64(id), param_i64(ARTICLES_RELATED));
	article_credit_add(ctx, id, &credit);
	attachments_published_add(ctx, id, &files);
	TRY(db_run(ctx));
	if (!rows_next(&article))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	article_read(ctx, &article, &out->article);
	if (!out->article.published_id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!out->article.is_public)
		return fail(ctx, ERR_GONE, NULL, NULL);
	out->body = html_fragment_from_stored_sanitised(col_text(&article));
	out->languages = links_read(ctx, &languages, &out->language_count);
	out->related = links_read(ctx, &related, &out->related_count);
	article_credit_read(ctx, &credit, &out->credit);
	attachments_read(ctx, &files, &out->files);
	return OK;
}

/* Places ----------------------------------------------------------------------------------- */

static void categories_read(struct ctx *ctx, struct rows *rows, struct article_home *out)
{
	out->categories = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct article_place);
	while (rows_next(rows)) {
		struct article_place *place = &out->categories[out->category_count++];

		place->slug = col_text(rows);
		place->name = category_name_read(ctx, rows);
		place->parent_slug = col_text(rows);
		place->count = col_i64(rows);
	}
}

static void products_read(struct ctx *ctx, struct rows *rows, struct article_home *out)
{
	out->products = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct article_place);
	while (rows_next(rows)) {
		struct article_place *place = &out->products[out->product_count++];

		place->slug = col_text(rows);
		place->name = col_text(rows);
		place->parent_slug = "";
		place->count = col_i64(rows);
	}
}

enum err article_home_load(struct ctx *ctx, struct article_home *out)
{
	struct param language = param_text(ctx->language), few = param_i64(ARTICLES_SHOWN);
	struct rows categories, products, most_read, latest, elsewhere;

	*out = (struct article_home){ 0 };
	db_add(ctx, &article_categories, &categories, language, param_i64(CATEGORIES_MAX));
	db_add(ctx, &article_products, &products, language, param_i64(ARTICLE_PRODUCTS_MAX));
	db_add(ctx, &article_most_read, &most_read, language, few);
	db_add(ctx, &article_latest, &latest, language, few);
	db_add(ctx, &article_elsewhere, &elsewhere, language);
	TRY(db_run(ctx));
	categories_read(ctx, &categories, out);
	products_read(ctx, &products, out);
	article_list_read(ctx, &most_read, ARTICLES_SHOWN, &out->most_read);
	article_list_read(ctx, &latest, ARTICLES_SHOWN, &out->latest);
	rows_next(&elsewhere);
	out->elsewhere = col_i64(&elsewhere);
	return OK;
}

static void category_read(struct ctx *ctx, struct rows *rows, struct article_place_view *out)
{
	const char *descriptions[2];

	out->name = category_name_read(ctx, rows);
	descriptions[0] = col_text(rows);
	descriptions[1] = col_text(rows);
	out->description = descriptions[strcmp(ctx->language, "fr") == 0 ? 0 : 1];
	out->parent_slug = col_text(rows);
	out->parent_name = category_name_read(ctx, rows);
}

/* The name of a product is that of its newest article. */
static enum err product_name(struct ctx *ctx, struct article_place_view *out)
{
	if (out->list.count == 0)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->name = out->list.items[0].product;
	return OK;
}

enum err article_place_load(struct ctx *ctx, const struct article_query *query,
			    struct article_place_view *out)
{
	const char *slug = query->category_slug ? query->category_slug : query->product_slug;
	struct rows place, articles;

	*out = (struct article_place_view){
		.name = "", .description = "", .parent_slug = "", .parent_name = ""
	};
	if (query->category_slug)
		db_add(ctx, &article_category, &place, param_text(slug));
	db_add(ctx, query->category_slug ? &article_of_category : &article_of_product, &articles,
	       param_text(ctx->language), param_text(slug), list_param_time(query->after),
	       list_param_id(query->after), param_i64(ARTICLES_PER_PAGE + 1));
	TRY(db_run(ctx));
	if (query->category_slug && !rows_next(&place))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	article_list_read(ctx, &articles, ARTICLES_PER_PAGE, &out->list);
	if (out->list.has_more)
		out->list.next = (struct list_key){ out->list.items[out->list.count - 1].changed_at,
						    out->list.items[out->list.count - 1].id };
	if (!query->category_slug)
		return product_name(ctx, out);
	category_read(ctx, &place, out);
	return OK;
}

enum err article_old_address(struct ctx *ctx, const char *address, const char **path)
{
	struct rows rows;
	int64_t id, other;
	const char *title;
	bool is_public;

	*path = "";
	TRY(db_query(ctx, &article_by_address, &rows, param_text(address)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	id = col_i64(&rows);
	title = col_text(&rows);
	is_public = col_bool(&rows);
	other = col_i64(&rows);
	if (!is_public && !other)
		return fail(ctx, ERR_GONE, NULL, NULL);
	*path = is_public ? article_path(ctx->arena, id, title)
			  : article_path(ctx->arena, other, col_text(&rows));
	return OK;
}

/* Rights ----------------------------------------------------------------------------------- */

static bool has_field(const struct actor *actor, int64_t category_id)
{
	char word[32];

	snprintf(word, sizeof(word), ",c%lld,", (long long)category_id);
	return category_id != 0 && strstr(actor->expert_fields, word) != NULL;
}

bool article_is_actors_field(const struct actor *actor, int64_t category_id, int64_t parent_id)
{
	if (!actor->expert_fields || !actor->expert_fields[0])
		return false;
	if (!category_id)
		return strstr(actor->expert_fields, ",c") != NULL;
	return has_field(actor, category_id) || has_field(actor, parent_id);
}

struct subject article_subject(const struct ctx *ctx, const struct article *article,
			       int64_t author_id)
{
	return (struct subject){
		.author_id = author_id,
		.category_id = article->category_id,
		.is_actors_field = article->category_id &&
				   article_is_actors_field(ctx->actor, article->category_id,
							   article->parent_id),
		.now = ctx->now,
	};
}
