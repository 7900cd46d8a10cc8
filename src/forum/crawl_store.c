/*
 * What was counted, and how far: one transaction.
 */
#include "forum/crawl.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/article.h"
#include "forum/view_count.h"

DB_STATEMENT(crawl_log_make, "insert into crawl_logs (node) values ($1) on conflict do nothing", 1);

DB_STATEMENT(crawl_log_by_node,
	     "select version, inode, read_to, head, head_length, is_in_long_line\n"
	     "from crawl_logs where node = $1",
	     1);

/* Only from where it was: what two processes have read counts once. */
DB_STATEMENT(crawl_log_move,
	     "update crawl_logs set version = version + 1, inode = $3, read_to = $4, head = $5,\n"
	     "	head_length = $6, is_in_long_line = $7, lines = lines + $8,\n"
	     "	skipped = skipped + $9, last_line_at = greatest(last_line_at, $10::timestamptz),\n"
	     "	looked_at = now(), trouble = ''\n"
	     "where node = $1 and version = $2",
	     10);

DB_STATEMENT(crawl_log_trouble,
	     "update crawl_logs set trouble = left($2, 200),\n"
	     "	looked_at = case when $2 = '' then now() else looked_at end\n"
	     "where node = $1",
	     2);

/* In order: two nodes that write at once must not wait for each other crosswise. */
DB_STATEMENT(
	crawl_days_add,
	"insert into crawl_days as d (day, crawler, verdict, kind, answer, is_kept, requests, bytes)\n"
	"select date '1970-01-01' + n.day::integer, n.crawler, n.verdict, n.kind, n.answer,\n"
	"	n.kept = 1, n.requests, n.bytes\n"
	"from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],\n"
	"	$7::bigint[], $8::bigint[])\n"
	"	n (day, crawler, verdict, kind, answer, kept, requests, bytes)\n"
	"order by 1, 2, 3, 4, 5, 6\n"
	"on conflict (day, crawler, verdict, kind, answer, is_kept) do update\n"
	"set requests = d.requests + excluded.requests, bytes = d.bytes + excluded.bytes",
	8);

DB_STATEMENT(crawl_networks_add,
	     "with n as (select c.crawler, c.network, u.requests\n"
	     "	from unnest($1::text[], $2::text[], $3::bigint[]) u (crawler, network, requests)\n"
	     "	join crawl_networks c on c.crawler = u.crawler and c.network = u.network::cidr\n"
	     "	order by c.crawler, c.network for update of c)\n"
	     "update crawl_networks c set requests = c.requests + n.requests, seen_at = now()\n"
	     "from n where n.crawler = c.crawler and n.network = c.network",
	     3);

DB_STATEMENT(crawl_forget_days,
	     "delete from crawl_days where day <= (now() at time zone 'utc')::date - $1::integer",
	     1);

DB_STATEMENT(crawl_forget_networks, "delete from crawl_networks where expires_at < now()", 0);

/* Of a node that is no more, or has another name now. */
DB_STATEMENT(
	crawl_forget_logs,
	"delete from crawl_logs where coalesce(looked_at, last_line_at) < now() - interval '90 days'",
	0);

enum err crawl_log_load(struct ctx *ctx, const char *node, struct crawl_log *out)
{
	struct follow_place *place = &out->place;
	const char *head;
	size_t head_bytes;
	struct rows rows;

	*out = (struct crawl_log){ .node = node };
	db_add(ctx, &crawl_log_make, NULL, param_text(node));
	db_add(ctx, &crawl_log_by_node, &rows, param_text(node));
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return fail_log(ctx, ERR_INTERNAL, "crawl_logs has no row of %s", node);
	out->version = col_i64(&rows);
	place->inode = col_i64(&rows);
	place->offset = col_i64(&rows);
	head = col_bytes(&rows, &head_bytes);
	place->head_length = col_i64(&rows);
	place->is_in_long_line = col_bool(&rows);
	if (head_bytes == sizeof(place->head))
		memcpy(place->head, head, head_bytes);
	return OK;
}

/* Queued ------------------------------------------------------------------------------------ */

struct columns {
	int64_t *days, *kept, *requests, *bytes;
	const char **crawlers, **verdicts, **kinds, **answers;
	size_t count;
};

static struct columns columns_of(struct ctx *ctx, const struct crawl_counts *counts)
{
	const int64_t oldest = ctx->now / CLOCK_DAY - CRAWL_DAYS_KEPT;
	struct arena *arena = ctx->arena;
	const size_t most = counts->count;
	struct columns columns = {
		.days = arena_array_of(arena, most, int64_t),
		.kept = arena_array_of(arena, most, int64_t),
		.requests = arena_array_of(arena, most, int64_t),
		.bytes = arena_array_of(arena, most, int64_t),
		.crawlers = arena_array_of(arena, most, const char *),
		.verdicts = arena_array_of(arena, most, const char *),
		.kinds = arena_array_of(arena, most, const char *),
		.answers = arena_array_of(arena, most, const char *),
	};

	for (size_t i = 0; i < most; i++) {
		const struct crawl_count *count = &counts->counts[i];
		size_t at = columns.count;

		if (count->day <= oldest)
			continue;
		columns.days[at] = count->day;
		columns.crawlers[at] = count->crawler;
		columns.verdicts[at] = crawl_verdict_text(count->verdict);
		columns.kinds[at] = crawl_kind_text(count->kind);
		columns.answers[at] = crawl_answer_text(count->answer);
		columns.kept[at] = count->is_kept;
		columns.requests[at] = count->requests;
		columns.bytes[at] = count->bytes;
		columns.count++;
	}
	return columns;
}

static void add_counts(struct ctx *ctx, const struct crawl_counts *counts)
{
	const struct columns columns = columns_of(ctx, counts);
	struct arena *arena = ctx->arena;
	const size_t count = columns.count;

	if (count > 0)
		db_add(ctx, &crawl_days_add, NULL, param_i64s(arena, columns.days, count),
		       param_texts(arena, columns.crawlers, count),
		       param_texts(arena, columns.verdicts, count),
		       param_texts(arena, columns.kinds, count),
		       param_texts(arena, columns.answers, count),
		       param_i64s(arena, columns.kept, count),
		       param_i64s(arena, columns.requests, count),
		       param_i64s(arena, columns.bytes, count));
}

static void add_views(struct ctx *ctx, const struct crawl_counts *counts)
{
	const size_t most = counts->topic_count > counts->article_count ? counts->topic_count
									: counts->article_count;
	int64_t *days = arena_array_of(ctx->arena, most, int64_t);
	int64_t *ids = arena_array_of(ctx->arena, most, int64_t);
	int64_t *views = arena_array_of(ctx->arena, most, int64_t);
	size_t count = counts->topic_count;

	for (size_t i = 0; i < count; i++) {
		days[i] = counts->topics[i].day;
		ids[i] = counts->topics[i].id;
		views[i] = counts->topics[i].views;
	}
	view_days_add_topics(ctx, days, ids, views, count);
	count = counts->article_count;
	for (size_t i = 0; i < count; i++) {
		ids[i] = counts->articles[i].id;
		views[i] = counts->articles[i].views;
	}
	article_views_add_kept(ctx, ids, views, count);
}

static void add_networks(struct ctx *ctx, const struct crawl_claim *claims, size_t count)
{
	const char **slugs = arena_array_of(ctx->arena, count, const char *);
	const char **networks = arena_array_of(ctx->arena, count, const char *);
	int64_t *requests = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		slugs[i] = crawl_slug(claims[i].crawler);
		networks[i] = claims[i].network;
		requests[i] = claims[i].requests;
	}
	if (count > 0)
		db_add(ctx, &crawl_networks_add, NULL, param_texts(ctx->arena, slugs, count),
		       param_texts(ctx->arena, networks, count),
		       param_i64s(ctx->arena, requests, count));
}

enum err crawl_store(struct ctx *ctx, struct crawl_log *log, const struct follow_place *place,
		     const struct crawl_counts *counts, const struct crawl_claim *claims,
		     size_t claim_count)
{
	struct rows moved;

	db_begin(ctx);
	TRY(db_query(ctx, &crawl_log_move, &moved, param_text(log->node), param_i64(log->version),
		     param_i64(place->inode), param_i64(place->offset),
		     param_bytes(place->head, place->head_length ? sizeof(place->head) : 0),
		     param_i64(place->head_length), param_bool(place->is_in_long_line),
		     param_i64(counts->lines), param_i64(counts->skipped),
		     param_time(counts->last_line_at)));
	if (moved.affected != 1) {
		db_rollback(ctx);
		return fail_log(ctx, ERR_CONFLICT, "the log was read by another process");
	}
	add_counts(ctx, counts);
	add_views(ctx, counts);
	add_networks(ctx, claims, claim_count);
	TRY(db_commit(ctx));
	log->version++;
	log->place = *place;
	return OK;
}

enum err crawl_counts_store(struct ctx *ctx, const struct crawl_counts *counts,
			    const struct crawl_claim *claims, size_t claim_count)
{
	add_counts(ctx, counts);
	add_networks(ctx, claims, claim_count);
	return db_run(ctx);
}

enum err crawl_log_looked(struct ctx *ctx, const char *node, const char *trouble)
{
	return db_query(ctx, &crawl_log_trouble, NULL, param_text(node), param_text(trouble));
}

enum err crawl_forget(struct ctx *ctx)
{
	TRY(db_query(ctx, &crawl_forget_days, NULL, param_i64(CRAWL_DAYS_KEPT)));
	TRY(db_query_params(ctx, &crawl_forget_networks, NULL, NULL, 0));
	return db_query_params(ctx, &crawl_forget_logs, NULL, NULL, 0);
}
