/*
 * Steps are kept as sessions are: 256 random bits in a cookie, their hash in a table.
 */
#include "forum/sign_in_step.h"

#include "base/crypto.h"
#include "db/db.h"
#include "forum/passkey.h"
#include "forum/second_factor.h"

DB_STATEMENT(sign_in_step_needed, "select has_second_factor($1)", 1);

DB_STATEMENT(sign_in_step_insert,
	     "insert into sign_in_steps (token_hash, person_id, expires_at)\n"
	     "values ($1, $2, now() + make_interval(mins => $3::integer))",
	     3);

DB_STATEMENT(
	sign_in_step_by_token,
	"select s.person_id\n"
	"from sign_in_steps s\n"
	"join people p on p.id = s.person_id\n"
	"where s.token_hash = $1 and s.expires_at > now() and p.state in ('unconfirmed', 'active', 'suspended')",
	1);

DB_STATEMENT(sign_in_step_use,
	     "delete from sign_in_steps where token_hash = $1 and expires_at > now()", 1);

DB_STATEMENT(sign_in_step_delete_ended, "delete from sign_in_steps where expires_at <= now()", 0);

static struct param hash_of(struct ctx *ctx, const char *token)
{
	uint8_t *hash = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);

	crypto_sha256(hash, token, strlen(token));
	return param_bytes(hash, CRYPTO_HASH_BYTES);
}

enum err sign_in_step_begin(struct ctx *ctx, int64_t person_id, const char **token)
{
	struct rows rows;

	*token = NULL;
	TRY(db_query(ctx, &sign_in_step_needed, &rows, param_i64(person_id)));
	if (!rows_next(&rows) || !col_bool(&rows))
		return OK;
	*token = crypto_token(ctx->arena);
	return db_query(ctx, &sign_in_step_insert, NULL, hash_of(ctx, *token), param_i64(person_id),
			param_i64(SIGN_IN_STEP_MINUTES));
}

enum err sign_in_step_load(struct ctx *ctx, const char *token, int64_t *person_id)
{
	struct rows rows;

	*person_id = 0;
	TRY(db_query(ctx, &sign_in_step_by_token, &rows, hash_of(ctx, token)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_GONE, NULL, NULL);
	*person_id = col_i64(&rows);
	return OK;
}

enum err sign_in_step_finish(struct ctx *ctx, const char *token, const char *code,
			     int64_t *person_id, const char **by)
{
	struct rows used;

	TRY(sign_in_step_load(ctx, token, person_id));
	TRY(second_factor_check(ctx, *person_id, code, "code", by));
	TRY(db_query(ctx, &sign_in_step_use, &used, hash_of(ctx, token)));
	return used.affected == 1 ? OK : fail(ctx, ERR_GONE, NULL, NULL);
}

enum err sign_in_step_finish_passkey(struct ctx *ctx, const char *token,
				     const struct passkey_answer *answer, int64_t *person_id)
{
	struct rows used;

	TRY(sign_in_step_load(ctx, token, person_id));
	TRY(passkey_check(ctx, PASSKEY_STEP, answer, "", person_id));
	TRY(db_query(ctx, &sign_in_step_use, &used, hash_of(ctx, token)));
	return used.affected == 1 ? OK : fail(ctx, ERR_GONE, NULL, NULL);
}

enum err sign_in_step_purge(struct ctx *ctx)
{
	return db_query_params(ctx, &sign_in_step_delete_ended, NULL, NULL, 0);
}
