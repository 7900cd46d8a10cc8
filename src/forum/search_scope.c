/*
 * From names to numbers, before a search.
 */
#include "forum/search_scope.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/search_result.h"
#include "forum/throttle.h"
#include "text/slug.h"

/* A handle is one person's; of several imported ones the best known is meant. */
DB_STATEMENT(scope_author,
	     "select p.id, p.name from people p\n"
	     "where (p.handle = $1 or lower(p.name) = lower($2)) and p.state <> 'anonymised'\n"
	     "order by coalesce(p.handle = $1, false) desc, p.reputation desc, p.id limit 1",
	     2);

/* As they are called now; one that is nobody's stays as it was typed. */
DB_STATEMENT(scope_tags,
	     "select coalesce(tag_resolve(lower(n.typed)), n.typed)\n"
	     "from unnest($1::text[]) with ordinality n (typed, place) order by n.place",
	     1);

static bool is_named(struct ctx *ctx, const struct category *category, const char *slug)
{
	return strcmp(category->slug, slug) == 0 ||
	       strcmp(slug_from(ctx->arena, category->name), slug) == 0;
}

static const struct category *find_category(struct ctx *ctx, const struct categories *all,
					    const char *name)
{
	const char *slug = slug_from(ctx->arena, name);

	for (size_t i = 0; i < all->count; i++)
		if (is_named(ctx, &all->items[i], slug))
			return &all->items[i];
	return NULL;
}

static void set_category(struct ctx *ctx, const char *name, struct search_scope *out)
{
	if (!name[0])
		return;
	out->category = find_category(ctx, &out->categories, name);
	if (out->category)
		out->filter.category_id = out->category->id;
	else
		out->problem = SCOPE_NO_CATEGORY;
}

static void set_author(struct ctx *ctx, const struct search_typed *typed, struct rows *authors,
		       struct search_scope *out)
{
	if (typed->is_mine && ctx->actor->id)
		out->filter.author_id = ctx->actor->id;
	else if (typed->is_mine)
		out->problem = SCOPE_NEEDS_LOGIN;
	if (typed->is_mine || !typed->author[0])
		return;
	if (!rows_next(authors)) {
		out->problem = SCOPE_NO_AUTHOR;
		return;
	}
	out->filter.author_id = col_i64(authors);
	out->author_name = col_text(authors);
}

static void add_tags(struct ctx *ctx, const struct search_typed *typed, struct rows *rows)
{
	const char *names[SEARCH_TAGS_MAX];

	for (size_t i = 0; i < typed->tag_count; i++)
		names[i] = typed->tags[i];
	*rows = (struct rows){ .current = -1 };
	if (typed->tag_count > 0)
		db_add(ctx, &scope_tags, rows, param_texts(ctx->arena, names, typed->tag_count));
}

static void set_filter(struct ctx *ctx, const struct search_typed *typed, struct rows *tags,
		       const char *source, struct search_filter *filter)
{
	while (filter->tag_count < typed->tag_count && rows_next(tags))
		filter->tags[filter->tag_count++] = col_text(tags);
	filter->state = typed->state;
	filter->language = typed->language;
	filter->source = source;
	filter->after = typed->after;
	filter->before = typed->before;
	search_results_allow(ctx, filter);
}

/* A person is counted wherever they are, a visitor by address. */
static void add_throttle(struct ctx *ctx, const char *address, struct rows *rows)
{
	const struct throttle *throttle = ctx->actor->id ? &throttle_search_member
							 : &throttle_search_visitor;

	*rows = (struct rows){ .current = -1 };
	if (address)
		throttle_add(ctx, throttle,
			     ctx->actor->id
				     ? arena_printf(ctx->arena, "%lld", (long long)ctx->actor->id)
				     : address,
			     rows);
}

enum err search_scope_load(struct ctx *ctx, const struct search_scope_question *question,
			   struct synonyms_in_use *synonyms, struct search_scope *out)
{
	const struct search_typed *typed = question->typed;
	const char *author = typed->author[0] ? typed->author : NULL;
	struct rows throttle, categories, authors, tags, newer;

	*out = (struct search_scope){ .author_name = "" };
	add_throttle(ctx, question->address, &throttle);
	category_add_all(ctx, &categories);
	db_add(ctx, &scope_author, &authors,
	       param_text(author ? slug_from(ctx->arena, author) : NULL), param_text(author));
	add_tags(ctx, typed, &tags);
	synonyms_add(ctx, synonyms, &newer);
	TRY(db_run(ctx));
	synonyms_take(synonyms, &newer);
	TRY(throttle_check(ctx, &throttle));
	category_read_all(ctx, &categories, &out->categories);
	set_filter(ctx, typed, &tags, question->source, &out->filter);
	set_category(ctx, typed->category, out);
	set_author(ctx, typed, &authors, out);
	return OK;
}
