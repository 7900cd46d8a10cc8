/*
 * Counting what people search for and what the ask page shows them. Each write is
 * one statement on an unlogged table: no disk is waited for.
 */
#include "forum/statistics.h"

#include "base/buf.h"
#include "base/log.h"
#include "db/db.h"
#include "search/search.h"
#include "text/scrub.h"

#define EXAMPLE_MAX_BYTES 100
#define WORDS_KEPT        8

/* As many as eight changes of a title can show. */
#define HITS_PER_VIEW "40"

DB_STATEMENT(record_search_insert,
	     "insert into search_log (words, example, has_hits) values ($1, $2, $3::boolean)", 3);

DB_STATEMENT(record_opened_insert, "insert into search_opened (position) values ($1::smallint)", 1);

DB_STATEMENT(
	record_shown_put,
	"with seen as (\n"
	"	insert into deflection_views as v (id, is_shown) values ($1, cardinality($2::bigint[]) > 0)\n"
	"	on conflict (id) do update set is_shown = v.is_shown or excluded.is_shown)\n"
	"insert into deflection_hits (view_id, topic_id, position)\n"
	"select $1, n.id, n.position\n"
	"from unnest($2::bigint[]) with ordinality as n (id, position)\n"
	"where (select count(*) from deflection_hits h where h.view_id = $1) < " HITS_PER_VIEW "\n"
	"on conflict do nothing",
	2);

/* Only what was shown can have been opened. */
#define RECORD(column) \
	"with hit as (\n" \
	"	update deflection_hits set " column " = true\n" \
	"	where view_id = $1 and topic_id = $2 returning view_id)\n" \
	"update deflection_views v set " column " = true from hit where v.id = hit.view_id"
/* clang-format off */
DB_STATEMENT(record_opened_put, RECORD("is_opened"), 2);
DB_STATEMENT(record_solved_put, RECORD("is_solved"), 2);
DB_STATEMENT(record_followed_put, RECORD("is_followed"), 2);
/* clang-format on */

DB_STATEMENT(
	record_articles_put,
	"with seen as (\n"
	"	insert into deflection_views as v (id, is_shown) values ($1, true)\n"
	"	on conflict (id) do update set is_shown = true)\n"
	"insert into deflection_articles (view_id, article_id, position)\n"
	"select $1, n.id, n.position\n"
	"from unnest($2::bigint[]) with ordinality as n (id, position)\n"
	"where (select count(*) from deflection_articles h where h.view_id = $1) < " HITS_PER_VIEW
	"\n"
	"on conflict do nothing",
	2);

#define RECORD_ARTICLE(column) \
	"with hit as (\n" \
	"	update deflection_articles set " column " = true\n" \
	"	where view_id = $1 and article_id = $2 returning view_id)\n" \
	"update deflection_views v set " column " = true from hit where v.id = hit.view_id"
DB_STATEMENT(record_article_opened_put, RECORD_ARTICLE("is_opened"), 2);
DB_STATEMENT(record_article_solved_put, RECORD_ARTICLE("is_solved"), 2);

DB_STATEMENT(record_asked_put,
	     "insert into deflection_views as v (id, asked_topic_id) values ($1, $2)\n"
	     "on conflict (id) do update\n"
	     "set asked_topic_id = coalesce(v.asked_topic_id, excluded.asked_topic_id)",
	     2);

static const struct stmt *const deflection_statements[] = {
	[DEFLECTION_OPENED] = &record_opened_put,
	[DEFLECTION_SOLVED] = &record_solved_put,
	[DEFLECTION_FOLLOWED] = &record_followed_put,
};

/* Counting is never worth a page: what fails is logged and forgotten. */
static void forgive(struct ctx *ctx, enum err result)
{
	if (result == OK)
		return;
	log_event(LOG_LEVEL_WARNING, "statistics", "id", ctx->request_id, "error", err_name(result),
		  "details", ctx->error.details, NULL);
	error_clear(ctx);
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* "box redemarr": in alphabetical order, so that the order typed does not matter. */
static const char *group_of(struct ctx *ctx, const char *typed)
{
	struct search_keywords *keywords = arena_new_of(ctx->arena, struct search_keywords);
	struct buf group;

	search_keywords_of(typed, ctx->language, keywords);
	if (keywords->count > WORDS_KEPT)
		keywords->count = WORDS_KEPT;
	qsort(keywords->words, keywords->count, sizeof keywords->words[0], compare_words);
	buf_init(&group, ctx->arena, 512);
	for (size_t i = 0; i < keywords->count; i++)
		buf_printf(&group, "%s%s", i ? " " : "", keywords->words[i]);
	return buf_to_arena(&group, ctx->arena);
}

void record_search(struct ctx *ctx, const char *typed, bool has_hits)
{
	const char *example = text_scrub(ctx->arena, typed, EXAMPLE_MAX_BYTES);
	const char *words = group_of(ctx, example);

	if (words[0] && strlen(words) <= 200)
		forgive(ctx, db_query(ctx, &record_search_insert, NULL, param_text(words),
				      param_text(example), param_bool(has_hits)));
}

void record_search_opened(struct ctx *ctx, int64_t position)
{
	if (position >= 1 && position <= RECORD_POSITION_MAX)
		forgive(ctx, db_query(ctx, &record_opened_insert, NULL, param_i64(position)));
}

bool deflection_view_is_valid(const char *view)
{
	return strlen(view) == DEFLECTION_VIEW_LENGTH &&
	       strspn(view, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
		       DEFLECTION_VIEW_LENGTH;
}

void record_shown(struct ctx *ctx, const char *view, const int64_t *topic_ids, size_t count)
{
	if (deflection_view_is_valid(view))
		forgive(ctx, db_query(ctx, &record_shown_put, NULL, param_text(view),
				      param_i64s(ctx->arena, topic_ids, count)));
}

void record_deflection(struct ctx *ctx, const char *view, int64_t topic_id, enum deflection what)
{
	if (deflection_view_is_valid(view))
		forgive(ctx, db_query(ctx, deflection_statements[what], NULL, param_text(view),
				      param_i64(topic_id)));
}

void record_articles_shown(struct ctx *ctx, const char *view, const int64_t *article_ids,
			   size_t count)
{
	if (deflection_view_is_valid(view) && count > 0)
		forgive(ctx, db_query(ctx, &record_articles_put, NULL, param_text(view),
				      param_i64s(ctx->arena, article_ids, count)));
}

void record_article_deflection(struct ctx *ctx, const char *view, int64_t article_id,
			       enum deflection what)
{
	if (deflection_view_is_valid(view) && what != DEFLECTION_FOLLOWED)
		forgive(ctx, db_query(ctx,
				      what == DEFLECTION_SOLVED ? &record_article_solved_put
								: &record_article_opened_put,
				      NULL, param_text(view), param_i64(article_id)));
}

void record_asked(struct ctx *ctx, const char *view, int64_t topic_id)
{
	if (deflection_view_is_valid(view))
		forgive(ctx, db_query(ctx, &record_asked_put, NULL, param_text(view),
				      param_i64(topic_id)));
}
