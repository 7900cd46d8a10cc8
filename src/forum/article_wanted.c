/*
 * Searches without a result, beside the articles that they made somebody write.
 */
#include "forum/article_wanted.h"

#include "db/db.h"
#include "forum/article_work.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	article_wanted_rows,
	"select w.words, w.example, w.searches, w.last_day::timestamp at time zone 'utc', a.id, a.is_public\n"
	"from (select d.words, (array_agg(d.example order by d.day desc))[1] as example,\n"
	"		sum(d.searches) as searches, max(d.day) as last_day\n"
	"	from search_word_days d\n"
	"	where d.day > (now() at time zone 'utc')::date - $1::integer\n"
	"	group by d.words\n"
	"	order by sum(d.searches) desc, max(d.day) desc, d.words\n"
	"	limit $2::bigint) w\n"
	"left join lateral (select x.id, x.is_public from articles x\n"
	"	where lower(x.title) = lower(w.example) and x.state <> 'archived'\n"
	"	order by x.id limit 1) a on true\n"
	"order by w.searches desc, w.last_day desc, w.words",
	2);

DB_STATEMENT(article_by_title,
	     "select a.id from articles a\n"
	     "where lower(a.title) = lower($1) and a.language = $2 and a.state <> 'archived'\n"
	     "order by a.id limit 1",
	     2);

enum err article_wanted_load(struct ctx *ctx, struct article_wanted_list *out)
{
	struct rows rows;

	*out = (struct article_wanted_list){ 0 };
	TRY(article_work_require(ctx));
	if (!policy_can(ctx->actor, MAY_SEE_STATISTICS, &(struct subject){ .now = ctx->now }))
		return OK;
	TRY(db_query(ctx, &article_wanted_rows, &rows, param_i64(ARTICLE_WANTED_DAYS),
		     param_i64(ARTICLE_WANTED_SHOWN)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct article_wanted);
	while (rows_next(&rows)) {
		struct article_wanted *wanted = &out->items[out->count++];

		wanted->words = col_text(&rows);
		wanted->example = col_text(&rows);
		wanted->searches = col_i64(&rows);
		wanted->last_at = col_time(&rows);
		wanted->article_id = col_i64(&rows);
		wanted->is_public = col_bool(&rows);
	}
	return OK;
}

/* What most articles have; whoever writes goes on from there. */
static const char *skeleton(struct ctx *ctx)
{
	return arena_printf(ctx->arena, "## %s\n\n…\n\n## %s\n\n1. …\n", _("In short"),
			    _("Step by step"));
}

enum err article_wanted_begin(struct ctx *ctx, const char *title, const char *form_key, int64_t *id)
{
	struct article_form form = { .language = ctx->language,
				     .product = "",
				     .summary = "",
				     .reason = "",
				     .form_key = form_key };
	struct rows rows;

	*id = 0;
	TRY(article_work_require(ctx));
	TRY(field_line(ctx, "title", title, 3, ARTICLE_TITLE_MAX, &form.title));
	TRY(db_query(ctx, &article_by_title, &rows, param_text(form.title),
		     param_text(form.language)));
	if (rows_next(&rows)) {
		*id = col_i64(&rows);
		return OK;
	}
	form.body_md = skeleton(ctx);
	return article_save(ctx, &form, id);
}
