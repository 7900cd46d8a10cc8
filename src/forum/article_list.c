/*
 * Lists of public articles: the index of newest articles is by language, so that one
 * statement serves one and all of them.
 */
#include "forum/article_list.h"

#include "forum/article_columns.h"
#include "forum/topic_columns.h"
#include "i18n/i18n.h"

#define LANGUAGES_MAX 8

DB_STATEMENT(article_list_all,
	     "select " ARTICLE_COLUMNS "\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.is_public and a.language = any($1::text[])\n"
	     "	and (a.changed_at, a.id) < ($2::timestamptz, $3::bigint)\n"
	     "order by a.changed_at desc, a.id desc limit $4::bigint",
	     4);

DB_STATEMENT(
	article_list_of_category,
	"select " ARTICLE_COLUMNS "\n"
	"from articles a" ARTICLE_JOINS "\n"
	"where a.is_public and a.language = any($1::text[])\n"
	"	and (a.changed_at, a.id) < ($2::timestamptz, $3::bigint)\n"
	"	and a.category_id in (select k.id from categories k where $5::bigint in (k.id, k.parent_id))\n"
	"order by a.changed_at desc, a.id desc limit $4::bigint",
	5);

static struct param languages_of(struct ctx *ctx, const struct article_choice *choice)
{
	size_t count = 0;

	if (choice->language[0])
		return param_texts(ctx->arena, &choice->language, 1);
	while (count < LANGUAGES_MAX && i18n_languages[count])
		count++;
	return param_texts(ctx->arena, i18n_languages, count);
}

enum err article_list_load(struct ctx *ctx, const struct article_choice *choice,
			   struct article_list *out)
{
	const struct param languages = languages_of(ctx, choice);
	const struct param at = list_param_time(choice->after), id = list_param_id(choice->after);
	const struct param most = param_i64(ARTICLES_PER_PAGE + 1);
	const struct article *last;
	struct rows rows;

	*out = (struct article_list){ 0 };
	if (choice->category_id)
		TRY(db_query(ctx, &article_list_of_category, &rows, languages, at, id, most,
			     param_i64(choice->category_id)));
	else
		TRY(db_query(ctx, &article_list_all, &rows, languages, at, id, most));
	article_list_read(ctx, &rows, ARTICLES_PER_PAGE, out);
	if (out->has_more) {
		last = &out->items[out->count - 1];
		out->next = (struct list_key){ last->changed_at, last->id };
	}
	return OK;
}
