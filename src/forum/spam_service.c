/*
 * Akismet's interface, as its public documentation describes it: forms by POST, answers
 * of one word, trouble in headers.
 */
#include "forum/spam_service.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/job.h"
#include "forum/moderation.h"
#include "forum/site_setting.h"
#include "net/http_client.h"

#define ANSWER_MAX_BYTES 4096
#define PAIRS_MAX        16

/* As urgent as a held post; what the service is sure of comes first. */
#define SPAM_SCORE    6
#define CERTAIN_SCORE 9

DB_STATEMENT(
	spam_service_post,
	"select case when p.kind = 'question' then t.title || E'\\n\\n' else '' end || p.body_md,\n"
	"	p.kind, e.name, t.language, p.created_at,\n"
	"	coalesce((select s.address from sessions s where s.person_id = e.id\n"
	"		order by s.seen_at desc limit 1), ''),\n"
	"	coalesce((select s.user_agent from sessions s where s.person_id = e.id\n"
	"		order by s.seen_at desc limit 1), ''),\n"
	"	p.visibility = 'visible' or p.visibility = 'held',\n"
	"	p.created_at > now() - make_interval(hours => $2::integer),\n"
	"	coalesce(c.verdict, ''), coalesce(c.told, ''), coalesce(l.label, '')\n"
	"from posts p join topics t on t.id = p.topic_id join people e on e.id = p.author_id\n"
	"left join spam_service_checks c on c.post_id = p.id\n"
	"left join spam_lessons l on l.post_id = p.id\n"
	"where p.id = $1 and e.state <> 'anonymised' and e.role = 'customer'",
	2);

DB_STATEMENT(spam_service_state_now,
	     "select coalesce(closed_until > now(), false), verified,\n"
	     "	greatest(extract(epoch from closed_until - now()), 0)::bigint\n"
	     "from spam_service_state",
	     0);

_Static_assert(SPAM_SERVICE_SHOWN_DAYS == 30, "the statement says so too");
DB_STATEMENT(
	spam_service_state_shown,
	"select s.asked_at, s.failures,\n"
	"	greatest(ceil(extract(epoch from s.closed_until - now()) / 60), 0)::bigint,\n"
	"	s.last_error, c.checks, c.spam, c.wrong\n"
	"from spam_service_state s,\n"
	"	(select count(*) as checks, count(*) filter (where verdict = 'spam') as spam, count(told) as wrong\n"
	"	from spam_service_checks where checked_at > now() - interval '30 days') c",
	0);

DB_STATEMENT(spam_service_went_well,
	     "update spam_service_state set failures = 0, closed_until = null, last_error = '',\n"
	     "	asked_at = now(), verified = coalesce($1::bytea, verified)",
	     1);

DB_STATEMENT(
	spam_service_went_wrong,
	"update spam_service_state set failures = failures + 1, last_error = left($1, 300), asked_at = now(),\n"
	"	closed_until = case when failures + 1 >= $2::integer or $4::boolean\n"
	"		then now() + make_interval(mins => $3::integer) else closed_until end",
	4);

DB_STATEMENT(
	spam_service_keep,
	"insert into spam_service_checks as c (post_id, verdict, is_certain) values ($1, $2, $3)\n"
	"on conflict (post_id) do update set verdict = excluded.verdict,\n"
	"	is_certain = excluded.is_certain, checked_at = now()",
	3);

DB_STATEMENT(spam_service_told, "update spam_service_checks set told = $2 where post_id = $1", 2);

DB_STATEMENT(spam_service_tell_queue,
	     "insert into jobs (kind, payload, key)\n"
	     "select 'spam_tell', jsonb_build_object('id', c.post_id), c.post_id::text\n"
	     "from spam_service_checks c where c.post_id = $1 on conflict do nothing",
	     1);

struct checked_post {
	int64_t id, created_at;
	const char *text, *kind, *author, *language, *address, *user_agent;
	bool is_there, is_young;
	const char *verdict, *told, *label; /* "" where there is none */
};

static bool is_on(const struct ctx *ctx)
{
	return site_switch(SITE_SPAM_SERVICE) && ctx->config->spam.service_key[0];
}

bool spam_service_is_asked(const struct ctx *ctx)
{
	return is_on(ctx) && !role_is_staff(ctx->actor->role) &&
	       ctx->actor->trust_level <= site_number(SITE_SPAM_SERVICE_TRUST_MOST);
}

void spam_service_add_check(struct ctx *ctx, int64_t post_id)
{
	job_add(ctx, "spam_check", arena_printf(ctx->arena, "{\"id\":%lld}", (long long)post_id),
		arena_printf(ctx->arena, "%lld", (long long)post_id), 0);
}

enum err spam_service_add_tell(struct ctx *ctx, int64_t post_id)
{
	return is_on(ctx) ? db_query(ctx, &spam_service_tell_queue, NULL, param_i64(post_id)) : OK;
}

void spam_service_add_state(struct ctx *ctx, struct rows *rows)
{
	db_add_params(ctx, &spam_service_state_shown, rows, NULL, 0);
}

void spam_service_read_state(const struct ctx *ctx, struct rows *rows,
			     struct spam_service_state *out)
{
	*out = (struct spam_service_state){
		.has_key = ctx->config->spam.service_key[0],
		.is_on = site_switch(SITE_SPAM_SERVICE),
		.last_error = "",
	};
	if (!rows_next(rows))
		return;
	out->asked_at = col_time(rows);
	out->failures = col_i64(rows);
	out->closed_minutes = col_i64(rows);
	out->last_error = col_text(rows);
	out->checks = col_i64(rows);
	out->spam = col_i64(rows);
	out->wrong = col_i64(rows);
}

static enum err load(struct ctx *ctx, int64_t post_id, struct checked_post *post, bool *found)
{
	struct rows rows;

	*post = (struct checked_post){ .id = post_id };
	TRY(db_query(ctx, &spam_service_post, &rows, param_i64(post_id),
		     param_i64(SPAM_SERVICE_POST_HOURS)));
	*found = rows_next(&rows);
	if (!*found)
		return OK;
	post->text = col_text(&rows);
	post->kind = col_text(&rows);
	post->author = col_text(&rows);
	post->language = col_text(&rows);
	post->created_at = col_time(&rows);
	post->address = col_text(&rows);
	post->user_agent = col_text(&rows);
	post->is_there = col_bool(&rows);
	post->is_young = col_bool(&rows);
	post->verdict = col_text(&rows);
	post->told = col_text(&rows);
	post->label = col_text(&rows);
	return OK;
}

/* Calls ----------------------------------------------------------------------------------- */

struct call {
	struct fetch_pair pairs[PAIRS_MAX];
	size_t count;
	struct http_fetched answer;
};

static void add(struct call *call, const char *name, const char *value)
{
	call->pairs[call->count++] = (struct fetch_pair){ name, value };
}

/* *why: what went wrong, in English, without the key; NULL when it answered. */
static const char *send(struct ctx *ctx, const char *method, struct call *call)
{
	const struct http_fetch fetch = {
		.method = "POST",
		.url = arena_printf(ctx->arena, "%s/%s", ctx->config->spam.service_url, method),
		.form = call->pairs,
		.form_count = call->count,
		.max_bytes = ANSWER_MAX_BYTES,
		.seconds = (int)site_number(SITE_SPAM_SERVICE_SECONDS),
		/* The operator named it. */
		.may_be_private = true,
	};
	const char *trouble;

	http_fetch(ctx, &fetch, &call->answer);
	if (call->answer.outcome != FETCH_ANSWERED)
		return call->answer.problem ? call->answer.problem : "no answer";
	trouble = http_fetched_header(&call->answer, "X-akismet-alert-msg");
	if (!trouble)
		trouble = http_fetched_header(&call->answer, "X-akismet-debug-help");
	if (call->answer.status != 200)
		return arena_printf(ctx->arena, "status %d", call->answer.status);
	return trouble;
}

static bool says(const struct call *call, const char *word)
{
	size_t length = strlen(word);

	return call->answer.length >= length && memcmp(call->answer.body, word, length) == 0 &&
	       (call->answer.length == length || call->answer.body[length] == '\n' ||
		call->answer.body[length] == '\r');
}

static enum err went_wrong(struct ctx *ctx, const char *why, bool is_closed_at_once)
{
	TRY(db_query(ctx, &spam_service_went_wrong, NULL, param_text(why),
		     param_i64(SPAM_SERVICE_FAILURES_MOST), param_i64(SPAM_SERVICE_CLOSED_MINUTES),
		     param_bool(is_closed_at_once)));
	return fail_log(ctx, ERR_UNAVAILABLE, "the spam service: %s", why);
}

static enum err went_well(struct ctx *ctx)
{
	return db_query(ctx, &spam_service_went_well, NULL, param_null());
}

/* verify-key, once for each key and address. */
static enum err verify(struct ctx *ctx, const char *known, size_t known_length)
{
	const struct config *config = ctx->config;
	const char *both = arena_printf(ctx->arena, "%s %s", config->spam.service_url,
					config->spam.service_key);
	uint8_t hash[CRYPTO_HASH_BYTES];
	struct call call = { 0 };
	const char *why;

	crypto_sha256(hash, both, strlen(both));
	if (known_length == sizeof(hash) && memcmp(known, hash, sizeof(hash)) == 0)
		return OK;
	add(&call, "api_key", config->spam.service_key);
	add(&call, "key", config->spam.service_key);
	add(&call, "blog", config->site.base_url);
	why = send(ctx, "verify-key", &call);
	if (!why && says(&call, "valid"))
		return db_query(ctx, &spam_service_went_well, NULL,
				param_bytes(hash, sizeof(hash)));
	/* A key that is refused is refused again: no use in asking at once. */
	return went_wrong(ctx, why ? why : "the key is not valid", !why);
}

static enum err be_ready(struct ctx *ctx, const char *job, int64_t post_id, bool *is_ready)
{
	int64_t wait_seconds;
	const char *verified;
	struct rows rows;
	size_t length;
	bool is_closed;

	*is_ready = false;
	TRY(db_query_params(ctx, &spam_service_state_now, &rows, NULL, 0));
	if (!rows_next(&rows))
		return OK;
	is_closed = col_bool(&rows);
	verified = col_bytes(&rows, &length);
	wait_seconds = col_i64(&rows);
	if (is_closed) {
		/* Not a failure of the job: it would be given up before the service is back. */
		job_add(ctx, job, arena_printf(ctx->arena, "{\"id\":%lld}", (long long)post_id),
			arena_printf(ctx->arena, "%lld", (long long)post_id),
			(int)wait_seconds + 1);
		return db_run(ctx);
	}
	TRY(verify(ctx, verified, length));
	*is_ready = true;
	return OK;
}

static const char *type_of(const struct checked_post *post)
{
	return strcmp(post->kind, "question") == 0 ? "forum-post" : "reply";
}

static void describe(struct ctx *ctx, const struct checked_post *post, struct call *call)
{
	const struct config *config = ctx->config;

	add(call, "api_key", config->spam.service_key);
	add(call, "blog", config->site.base_url);
	/* Required; an address that is no longer known is none of anybody. */
	add(call, "user_ip", post->address[0] ? post->address : "0.0.0.0");
	add(call, "user_agent", post->user_agent);
	add(call, "permalink",
	    arena_printf(ctx->arena, "%s/p/%lld", config->site.base_url, (long long)post->id));
	add(call, "comment_type", type_of(post));
	add(call, "comment_author", post->author);
	add(call, "comment_content",
	    arena_strndup(ctx->arena, post->text, strnlen(post->text, SPAM_SERVICE_TEXT_BYTES)));
	add(call, "comment_date_gmt", clock_rfc3339(ctx->arena, post->created_at));
	add(call, "blog_lang", post->language);
	add(call, "blog_charset", "UTF-8");
}

/* Asking ---------------------------------------------------------------------------------- */

static enum err keep(struct ctx *ctx, const struct checked_post *post, bool is_spam,
		     bool is_certain)
{
	const struct moderation_new item = {
		.kind = MODERATION_HELD,
		.post_id = post->id,
		.code = is_certain ? "service_certain" : "service",
		.score = is_certain ? CERTAIN_SCORE : SPAM_SCORE,
	};

	db_begin(ctx);
	db_add(ctx, &spam_service_went_well, NULL, param_null());
	db_add(ctx, &spam_service_keep, NULL, param_i64(post->id),
	       param_text(is_spam ? "spam" : "ham"), param_bool(is_certain));
	if (is_spam)
		moderation_open(ctx, &item);
	return db_commit(ctx);
}

enum err spam_service_check(struct ctx *ctx, int64_t post_id)
{
	struct checked_post post;
	struct call call = { 0 };
	const char *why, *tip;
	bool found, is_ready;

	if (!is_on(ctx))
		return OK;
	TRY(load(ctx, post_id, &post, &found));
	if (!found || !post.is_there || !post.is_young)
		return OK;
	TRY(be_ready(ctx, "spam_check", post_id, &is_ready));
	if (!is_ready)
		return OK;
	describe(ctx, &post, &call);
	why = send(ctx, "comment-check", &call);
	if (!why && !says(&call, "true") && !says(&call, "false"))
		why = "an answer that is neither true nor false";
	if (why)
		return went_wrong(ctx, why, false);
	tip = http_fetched_header(&call.answer, "X-akismet-pro-tip");
	return keep(ctx, &post, says(&call, "true"), tip && strcmp(tip, "discard") == 0);
}

/* Telling --------------------------------------------------------------------------------- */

/* What the service believes: what it was told last, else what it said. */
static const char *belief(const struct checked_post *post)
{
	return post->told[0] ? post->told : post->verdict;
}

enum err spam_service_tell(struct ctx *ctx, int64_t post_id)
{
	struct checked_post post;
	struct call call = { 0 };
	const char *why;
	bool found, is_ready;

	if (!is_on(ctx))
		return OK;
	TRY(load(ctx, post_id, &post, &found));
	if (!found || !post.verdict[0] || !post.label[0] || strcmp(belief(&post), post.label) == 0)
		return OK;
	TRY(be_ready(ctx, "spam_tell", post_id, &is_ready));
	if (!is_ready)
		return OK;
	describe(ctx, &post, &call);
	why = send(ctx, strcmp(post.label, "spam") == 0 ? "submit-spam" : "submit-ham", &call);
	if (why)
		return went_wrong(ctx, why, false);
	TRY(went_well(ctx));
	return db_query(ctx, &spam_service_told, NULL, param_i64(post_id), param_text(post.label));
}
