/*
 * "Was this helpful?", and how often articles are read. Neither says who: a visitor's
 * vote carries a keyed code of the day, the article and the address, so that one address
 * counts once a day, and from which nothing can be read.
 */
#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "forum/article_columns.h"
#include "forum/field.h"
#include "forum/throttle.h"
#include "forum/view_count.h"
#include "i18n/i18n.h"

const struct article_vote_reason article_vote_reasons[] = {
	{ "incomplete", N_("Something is missing") },
	{ "unclear", N_("I did not understand it") },
	{ "wrong", N_("I did it, and it does not work") },
	{ "outdated", N_("It is not like this any more") },
	{ "other", N_("Something else") },
};
const size_t article_vote_reason_count = ARRAY_COUNT(article_vote_reasons);

DB_STATEMENT(article_of_vote, "select title from articles where id = $1 and is_public", 1);

#define VOTE_COLUMNS "article_id, person_id, code, is_helpful, reason, comment, created_at"
#define VOTE_AGAIN \
	"do update set is_helpful = excluded.is_helpful, reason = excluded.reason,\n" \
	"	comment = excluded.comment, created_at = excluded.created_at"

DB_STATEMENT(article_vote_member,
	     "insert into article_votes (" VOTE_COLUMNS ")\n"
	     "values ($1, $2::bigint, null, $3::boolean, $4, $5, $6::timestamptz)\n"
	     "on conflict (article_id, person_id) where person_id is not null " VOTE_AGAIN,
	     6);

DB_STATEMENT(article_vote_visitor,
	     "insert into article_votes (" VOTE_COLUMNS ")\n"
	     "values ($1, null, $2::bytea, $3::boolean, $4, $5, $6::timestamptz)\n"
	     "on conflict (article_id, code) where code is not null " VOTE_AGAIN,
	     6);

DB_STATEMENT(article_votes_forget_codes,
	     "update article_votes set code = null\n"
	     "where code is not null and created_at < now() - interval '2 days'",
	     0);

DB_STATEMENT(article_votes_forget_comments,
	     "update article_votes set comment = ''\n"
	     "where comment <> '' and created_at < now() - interval '1 year'",
	     0);

/* In order: two processes that write at once must not wait for each other crosswise. */
DB_STATEMENT(
	article_views_add,
	"with n as (select a.id, u.views from unnest($1::bigint[], $2::bigint[]) u (id, views)\n"
	"	join articles a on a.id = u.id order by a.id for update of a)\n"
	"update articles a set view_count = a.view_count + n.views from n where a.id = n.id",
	2);

static bool is_reason(const char *word)
{
	for (size_t i = 0; i < article_vote_reason_count; i++)
		if (strcmp(article_vote_reasons[i].word, word) == 0)
			return true;
	return word[0] == '\0';
}

static struct param code_of(struct ctx *ctx, int64_t id, const char *address)
{
	const char *key = ctx->config->secret.key;
	uint8_t *code = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);
	const char *text = arena_printf(ctx->arena, "article vote %lld %lld %s",
					(long long)(ctx->now / CLOCK_DAY), (long long)id, address);

	crypto_hmac(code, key, strlen(key), text, strlen(text));
	return param_bytes(code, CRYPTO_HASH_BYTES);
}

static enum err store(struct ctx *ctx, int64_t id, const struct article_vote *vote,
		      const char *comment)
{
	bool is_member = ctx->actor->id != 0;

	return db_query(
		ctx, is_member ? &article_vote_member : &article_vote_visitor, NULL, param_i64(id),
		is_member ? param_i64(ctx->actor->id) : code_of(ctx, id, vote->address),
		param_bool(vote->is_helpful), param_text(vote->is_helpful ? "" : vote->reason),
		param_text(comment), param_time(ctx->now));
}

enum err article_vote(struct ctx *ctx, int64_t id, const struct article_vote *vote,
		      const char **path)
{
	const char *who = ctx->actor->id
				  ? arena_printf(ctx->arena, "%lld", (long long)ctx->actor->id)
				  : vote->address;
	const char *comment;
	struct rows rows;

	*path = "";
	if (!is_reason(vote->reason))
		return fail(ctx, ERR_INVALID, "reason", "%s", _("Choose one of the reasons."));
	TRY(field_line(ctx, "comment", vote->comment, 0, ARTICLE_COMMENT_MAX, &comment));
	TRY(db_query(ctx, &article_of_vote, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*path = article_path(ctx->arena, id, col_text(&rows));
	TRY(throttle_take(ctx, &throttle_article_vote, who));
	return store(ctx, id, vote, comment);
}

enum err article_votes_forget(struct ctx *ctx)
{
	TRY(db_query_params(ctx, &article_votes_forget_codes, NULL, NULL, 0));
	return db_query_params(ctx, &article_votes_forget_comments, NULL, NULL, 0);
}

void article_views_store(struct ctx *ctx, struct view_count *counts)
{
	int64_t ids[VIEW_COUNT_CATEGORIES] = { 0 }, views[VIEW_COUNT_CATEGORIES] = { 0 };
	enum err result;

	if (counts->views == 0)
		return;
	for (size_t i = 0; i < counts->count; i++) {
		ids[i] = counts->entries[i].category_id;
		views[i] = counts->entries[i].views;
	}
	result = db_query(ctx, &article_views_add, NULL, param_i64s(ctx->arena, ids, counts->count),
			  param_i64s(ctx->arena, views, counts->count));
	if (result == OK) {
		*counts = (struct view_count){ 0 };
		return;
	}
	log_event(LOG_LEVEL_WARNING, "article views", "error", err_name(result), "details",
		  ctx->error.details, NULL);
	counts->since = clock_monotonic();
	error_clear(ctx);
}

void article_views_add_kept(struct ctx *ctx, const int64_t *ids, const int64_t *views, size_t count)
{
	if (count > 0)
		db_add(ctx, &article_views_add, NULL, param_i64s(ctx->arena, ids, count),
		       param_i64s(ctx->arena, views, count));
}
