/*
 * How often something may be done. The window and its counting are the function
 * throttle_take of migrations/functions.sql: one statement, one round trip.
 */
#include "forum/throttle.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/trust.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

/* Numbers: security.md (S10) for login, Discourse and Kitsune for the rest. */
const struct throttle throttle_login_address = { "login-address", 20, 60, true },
		      throttle_login_account = { "login-account", 10, 600, true },
		      throttle_login_everywhere = { "login-everywhere", 100, 3600, true },
		      throttle_second_factor = { "second-factor", 5, 600, true },
		      throttle_second_factor_day = { "second-factor-day", 50, 24 * 3600, true },
		      throttle_passkey = { "passkey", 30, 60, true },
		      throttle_sign_up = { "sign-up", 10, 3600, false },
		      throttle_mail = { "mail", 5, 3600, false },
		      throttle_question = { "question", 20, 24 * 3600, false },
		      throttle_question_new_member = { "question", 3, 24 * 3600, false },
		      throttle_question_gap = { "question-gap", 1, 15, false },
		      throttle_post = { "post", 500, 24 * 3600, false },
		      throttle_post_new_member = { "post", 10, 24 * 3600, false },
		      throttle_post_gap = { "post-gap", 1, 5, false },
		      throttle_reaction = { "reaction", 60, 60, false },
		      throttle_search_visitor = { "search", 75, 300, false },
		      throttle_search_member = { "search-member", 150, 300, false },
		      throttle_preview = { "preview", 60, 60, false },
		      throttle_erasure = { "erasure", 5, 3600, false },
		      throttle_article_vote = { "article-vote", 10, 24 * 3600, false },
		      throttle_notice = { "notice", 10, 3600, false },
		      throttle_mail_test = { "mail-test", 10, 3600, true },
		      throttle_similar = { "similar", 60, 60, false };

DB_STATEMENT(throttle_take_one, "select throttle_take($1, $2::integer, $3::integer)", 3);

DB_STATEMENT(throttle_forget, "delete from throttles where key = $1", 1);

DB_STATEMENT(throttle_delete_ended, "delete from throttles where ends_at < now()", 0);

static const char *bucket_of(struct ctx *ctx, const struct throttle *throttle, const char *who)
{
	return arena_printf(ctx->arena, "%s:%s", throttle->name, who);
}

/* A wait people can picture: in minutes from two minutes on. */
static enum err refuse(struct ctx *ctx, int seconds)
{
	enum err result;
	int minutes = (seconds + 59) / 60;

	if (seconds < 120)
		result = fail(ctx, ERR_THROTTLED, NULL,
			      ngettext("That was quick. Please wait %d second, then try again.",
				       "That was quick. Please wait %d seconds, then try again.",
				       seconds),
			      seconds);
	else
		result = fail(
			ctx, ERR_THROTTLED, NULL,
			ngettext(
				"That was done often in a short while. Please wait %d minute, then try again.",
				"That was done often in a short while. Please wait %d minutes, then try again.",
				minutes),
			minutes);
	ctx->error.retry_after_seconds = seconds;
	return result;
}

static bool is_exempt(const struct ctx *ctx, const struct throttle *throttle)
{
	if (ctx->actor->is_automatic)
		return true;
	return role_is_staff(ctx->actor->role) && !throttle->holds_for_staff;
}

void throttle_add(struct ctx *ctx, const struct throttle *throttle, const char *who,
		  struct rows *rows)
{
	*rows = (struct rows){ .current = -1 };
	if (!is_exempt(ctx, throttle))
		db_add(ctx, &throttle_take_one, rows, param_text(bucket_of(ctx, throttle, who)),
		       param_i64(throttle->most), param_i64(throttle->window_seconds));
}

enum err throttle_check(struct ctx *ctx, struct rows *rows)
{
	int64_t wait_seconds = rows_next(rows) ? col_i64(rows) : 0;

	return wait_seconds > 0 ? refuse(ctx, (int)wait_seconds) : OK;
}

enum err throttle_take(struct ctx *ctx, const struct throttle *throttle, const char *who)
{
	struct rows rows;

	throttle_add(ctx, throttle, who, &rows);
	TRY(db_run(ctx));
	return throttle_check(ctx, &rows);
}

static void add_for_actor(struct ctx *ctx, const struct throttle *throttle, struct rows *rows)
{
	throttle_add(ctx, throttle, arena_printf(ctx->arena, "%lld", (long long)ctx->actor->id),
		     rows);
}

/* What is counted by the day grows with trust; the gap between two posts does not. */
static void add_by_trust(struct ctx *ctx, const struct throttle *throttle, struct rows *rows)
{
	struct throttle raised = *throttle;

	raised.most = (int)(throttle->most * trust_limits(ctx->actor).rate_percent / 100);
	add_for_actor(ctx, &raised, rows);
}

/* Somebody whose account is younger than a day writes less (Discourse's numbers). */
static bool is_new_member(const struct ctx *ctx)
{
	return ctx->actor->trust_level == TRUST_NEW &&
	       ctx->now - ctx->actor->created_at < CLOCK_DAY;
}

void throttle_add_question(struct ctx *ctx, struct rows *gap, struct rows *day)
{
	add_for_actor(ctx, &throttle_question_gap, gap);
	add_by_trust(ctx, is_new_member(ctx) ? &throttle_question_new_member : &throttle_question,
		     day);
}

void throttle_add_post(struct ctx *ctx, struct rows *gap, struct rows *day)
{
	add_for_actor(ctx, &throttle_post_gap, gap);
	add_by_trust(ctx, is_new_member(ctx) ? &throttle_post_new_member : &throttle_post, day);
}

void throttle_add_reaction(struct ctx *ctx, struct rows *minute)
{
	add_by_trust(ctx, &throttle_reaction, minute);
}

void throttle_add_flag(struct ctx *ctx, struct rows *day)
{
	bool is_new = ctx->actor->trust_level == TRUST_NEW;
	int64_t most = site_number(is_new ? SITE_FLAGS_PER_DAY_NEW : SITE_FLAGS_PER_DAY);
	const struct throttle throttle = { "flag", (int)most, 24 * 3600, false };

	add_by_trust(ctx, &throttle, day);
}

enum err throttle_clear(struct ctx *ctx, const struct throttle *throttle, const char *who)
{
	return db_query(ctx, &throttle_forget, NULL, param_text(bucket_of(ctx, throttle, who)));
}

enum err throttle_purge(struct ctx *ctx)
{
	return db_query_params(ctx, &throttle_delete_ended, NULL, NULL, 0);
}
