/*
 * Notices of a source: stored as the bytes that came, before anybody looks at what
 * they say. What cannot be worked in is kept, and can be tried again.
 */
#include "forum/mirror_work.h"

#include "base/crypto.h"
#include "db/db.h"
#include "forum/audit.h"

#define ATTEMPTS_MAX 5
#define DEAD_SHOWN   100

DB_STATEMENT(mirror_delivery_insert,
	     "insert into mirror_deliveries (connector, body, body_hash) values ($1, $2, $3)", 3);

/*
 * By itself, and without waiting for the disk: who notifies keeps all others who do from
 * committing until its own commit is done. In one transaction with the row, notices that
 * came together waited for the disk one after the other, and pages behind them (measured).
 */
DB_STATEMENT(
	mirror_delivery_call,
	"select pg_notify('mirror', '') from (select set_config('synchronous_commit', 'off', true)) quick",
	0);

/* At least one, else as many as are not too long together. */
DB_STATEMENT(
	mirror_deliveries_next,
	"with due as (\n"
	"	select d.id, sum(octet_length(d.body)) over (order by d.id) as total\n"
	"	from mirror_deliveries d\n"
	"	where d.state = 'waiting' and d.run_at <= clock_timestamp()\n"
	"	order by d.id limit $1::bigint\n"
	"), first as (select min(id) as id from due)\n"
	"select d.id, d.received_at, d.attempts, d.unknown_count, d.connector, d.error, d.body\n"
	"from mirror_deliveries d join due on due.id = d.id, first\n"
	"where due.total <= $2::bigint or d.id = first.id\n"
	"order by d.id",
	2);

DB_STATEMENT(
	mirror_deliveries_end,
	"update mirror_deliveries d set state = 'done', done_at = clock_timestamp(), error = '',\n"
	"	unknown_count = g.unknown\n"
	"from unnest($1::bigint[], $2::bigint[]) as g(id, unknown)\n"
	"where d.id = g.id and d.state = 'waiting'",
	2);

DB_STATEMENT(mirror_delivery_again,
	     "update mirror_deliveries set attempts = attempts + 1, error = left($2, 1000),\n"
	     "	state = case when attempts + 1 >= $3::bigint then 'dead' else 'waiting' end,\n"
	     "	run_at = clock_timestamp() + make_interval(secs => 5 * 3 ^ attempts)\n"
	     "where id = $1 and state = 'waiting'",
	     3);

DB_STATEMENT(mirror_deliveries_dead_list,
	     "select id, received_at, attempts, unknown_count, connector, error, ''::bytea\n"
	     "from mirror_deliveries where state = 'dead' order by id desc limit $1::bigint",
	     1);

DB_STATEMENT(
	mirror_delivery_revive,
	"update mirror_deliveries set state = 'waiting', attempts = 0, run_at = clock_timestamp()\n"
	"where state = 'dead' and ($1::bigint = 0 or id = $1)",
	1);

DB_STATEMENT(mirror_call_worker, "select pg_notify('mirror', '')", 0);

enum err mirror_receive(struct ctx *ctx, const char *connector, const char *body, size_t length)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, body, length);
	TRY(db_query(ctx, &mirror_delivery_insert, NULL, param_text(connector),
		     param_bytes(body, length), param_bytes(hash, sizeof(hash))));
	/* It is stored; a worker that is not called looks within a second. */
	if (db_query_params(ctx, &mirror_delivery_call, NULL, NULL, 0) != OK)
		error_clear(ctx);
	return OK;
}

static void read_deliveries(struct ctx *ctx, struct rows *rows, struct mirror_delivery **out,
			    size_t *count)
{
	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct mirror_delivery);
	*count = 0;
	while (rows_next(rows)) {
		struct mirror_delivery *delivery = &(*out)[(*count)++];

		delivery->id = col_i64(rows);
		delivery->received_at = col_time(rows);
		delivery->attempts = col_i64(rows);
		delivery->unknown_count = col_i64(rows);
		delivery->connector = col_text(rows);
		delivery->error = col_text(rows);
		delivery->body = col_bytes(rows, &delivery->length);
	}
}

enum err mirror_deliveries(struct ctx *ctx, size_t limit, size_t max_bytes,
			   struct mirror_delivery **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_deliveries_next, &rows, param_i64((int64_t)limit),
		     param_i64((int64_t)max_bytes)));
	read_deliveries(ctx, &rows, out, count);
	return OK;
}

enum err mirror_deliveries_done(struct ctx *ctx, const struct mirror_delivery *deliveries,
				size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *unknown = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		ids[i] = deliveries[i].id;
		unknown[i] = deliveries[i].unknown_count;
	}
	return db_query(ctx, &mirror_deliveries_end, NULL, param_i64s(ctx->arena, ids, count),
			param_i64s(ctx->arena, unknown, count));
}

enum err mirror_delivery_failed(struct ctx *ctx, const struct mirror_delivery *delivery,
				const char *why)
{
	return db_query(ctx, &mirror_delivery_again, NULL, param_i64(delivery->id), param_text(why),
			param_i64(ATTEMPTS_MAX));
}

enum err mirror_dead_deliveries(struct ctx *ctx, struct mirror_delivery **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_deliveries_dead_list, &rows, param_i64(DEAD_SHOWN)));
	read_deliveries(ctx, &rows, out, count);
	return OK;
}

enum err mirror_retry_delivery(struct ctx *ctx, int64_t id)
{
	TRY(policy_require(ctx, MAY_MANAGE_MIRRORS, &(struct subject){ .now = ctx->now }));
	db_begin(ctx);
	db_add(ctx, &mirror_delivery_revive, NULL, param_i64(id));
	audit_add(ctx, "mirror_delivery_retry", "mirror_delivery", id, NULL);
	db_add_params(ctx, &mirror_call_worker, NULL, NULL, 0);
	return db_commit(ctx);
}
