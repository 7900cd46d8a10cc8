/*
 * What waits, the call, and what becomes of its answer.
 */
#include "forum/indexnow.h"

#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/site_setting.h"
#include "forum/topic.h"
#include "net/http_client.h"

#define ANSWER_MAX_BYTES 4096
#define BODY_MAX_BYTES   ((size_t)512 * 1024)

/*
 * What may be found, and what is gone, so that it is forgotten there too. The rest is
 * nobody's business, and is not asked again.
 */
DB_STATEMENT(
	indexnow_waiting,
	"select t.id, t.title, topic_may_index(t) or t.visibility = 'withdrawn', clock_timestamp()\n"
	"from indexnow_marks m join topics t on t.id = m.topic_id\n"
	"where not exists (select from indexnow_state s where s.closed_until > now())\n"
	"order by m.marked_at, m.topic_id limit $1",
	1);

/* What was marked again meanwhile waits on. */
DB_STATEMENT(indexnow_told,
	     "delete from indexnow_marks where topic_id = any ($1::bigint[]) and marked_at < $2",
	     2);

DB_STATEMENT(indexnow_well,
	     "update indexnow_state set failures = 0, closed_until = null, last_error = '',\n"
	     "	sent_at = now()",
	     0);

/* A minute, two, four … a day; a key that is refused does not mend by itself: a day. */
DB_STATEMENT(
	indexnow_wrong,
	"update indexnow_state set failures = least(failures + 1, 20), last_error = left($1, 300),\n"
	"	closed_until = now() + case when $2::boolean then interval '1 day'\n"
	"		else least(interval '1 day', interval '1 minute' * (2 ^ least(failures, 11))) end",
	2);

struct batch {
	int64_t ids[INDEXNOW_BATCH];
	size_t count; /* looked at */
	int64_t told, read_at;
	struct buf body;
};

bool indexnow_is_on(void)
{
	return site_switch(SITE_INDEXNOW);
}

char *indexnow_key(struct ctx *ctx)
{
	const char *secret = ctx->config->secret.key, *purpose = "indexnow";
	uint8_t mark[CRYPTO_HASH_BYTES];

	crypto_hmac(mark, secret, strlen(secret), purpose, strlen(purpose));
	return crypto_hex(ctx->arena, mark, 16);
}

/* "forum.example.org", with its port where it has one. */
static const char *host_of(struct ctx *ctx)
{
	const char *host = strstr(ctx->config->site.base_url, "://");

	host = host ? host + 3 : ctx->config->site.base_url;
	return arena_strndup(ctx->arena, host, strcspn(host, "/"));
}

static void begin_body(struct ctx *ctx, struct buf *body)
{
	const char *base = ctx->config->site.base_url;

	buf_init(body, ctx->arena, BODY_MAX_BYTES);
	buf_text(body, "{\"host\":");
	buf_json(body, host_of(ctx));
	buf_text(body, ",\"key\":");
	buf_json(body, indexnow_key(ctx));
	buf_text(body, ",\"keyLocation\":");
	buf_json(body, arena_printf(ctx->arena, "%s/indexnow.txt", base));
	buf_text(body, ",\"urlList\":[");
}

static enum err load(struct ctx *ctx, struct batch *batch)
{
	struct rows rows;

	*batch = (struct batch){ 0 };
	TRY(db_query(ctx, &indexnow_waiting, &rows, param_i64(INDEXNOW_BATCH)));
	begin_body(ctx, &batch->body);
	while (rows_next(&rows)) {
		int64_t id = batch->ids[batch->count++] = col_i64(&rows);
		const char *path = topic_path(ctx->arena, id, col_text(&rows));
		bool is_told = col_bool(&rows);

		batch->read_at = col_time(&rows);
		if (!is_told)
			continue;
		if (batch->told++)
			buf_char(&batch->body, ',');
		buf_json(&batch->body,
			 arena_printf(ctx->arena, "%s%s", ctx->config->site.base_url, path));
	}
	buf_text(&batch->body, "]}");
	return OK;
}

/* NULL: it was taken. *is_final: asking again soon would not help. */
static const char *call(struct ctx *ctx, const struct batch *batch, bool *is_final)
{
	const struct fetch_pair headers[] = { { "Content-Type",
						"application/json; charset=utf-8" } };
	const struct http_fetch fetch = {
		.method = "POST",
		.url = ctx->config->crawlers.indexnow_url,
		.headers = headers,
		.header_count = 1,
		.body = batch->body.data,
		.max_bytes = ANSWER_MAX_BYTES,
		/* The operator named it. */
		.may_be_private = true,
	};
	struct http_fetched answer;

	*is_final = false;
	http_fetch(ctx, &fetch, &answer);
	if (answer.outcome != FETCH_ANSWERED)
		return answer.problem ? answer.problem : "no answer";
	if (answer.status == 200 || answer.status == 202)
		return NULL;
	*is_final = answer.status >= 400 && answer.status < 500 && answer.status != 429;
	return arena_printf(ctx->arena, "status %d", answer.status);
}

static enum err settle(struct ctx *ctx, const struct batch *batch)
{
	return db_query(ctx, &indexnow_told, NULL, param_i64s(ctx->arena, batch->ids, batch->count),
			param_time(batch->read_at));
}

enum err indexnow_send(struct ctx *ctx, int64_t *sent)
{
	struct batch *batch = arena_new_of(ctx->arena, struct batch);
	const char *trouble;
	bool is_final;

	*sent = 0;
	if (!indexnow_is_on())
		return OK;
	TRY(load(ctx, batch));
	if (batch->count == 0)
		return OK;
	if (batch->told == 0)
		return settle(ctx, batch);
	trouble = call(ctx, batch, &is_final);
	if (trouble) {
		log_event(LOG_LEVEL_WARNING, "indexnow", "trouble", trouble, NULL);
		return db_query(ctx, &indexnow_wrong, NULL, param_text(trouble),
				param_bool(is_final));
	}
	*sent = batch->told;
	TRY(db_query_params(ctx, &indexnow_well, NULL, NULL, 0));
	return settle(ctx, batch);
}
