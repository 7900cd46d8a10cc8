/*
 * Blocked addresses. The hash is HMAC-SHA256 under the configuration's secret: the few
 * billion IPv4 addresses could be tried against a plain hash in minutes.
 */
#include "forum/sign_up_block.h"

#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/account_parts.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/address_list.h"

#define IPV4_RANGE_BYTES   3 /* of 4 */
#define IPV6_NETWORK_BYTES 8 /* a /64 */
#define IPV6_RANGE_BYTES   6 /* a /48 */

#define IS_IN_FORCE "b.lifted_at is null and b.expires_at > now()"

DB_STATEMENT(sign_up_block_has,
	     "select exists (select from sign_up_blocks b where b.kind = 'email' and b.code = $1\n"
	     "		and " IS_IN_FORCE "),\n"
	     "	exists (select from sign_up_blocks b where b.kind = 'network' and b.code = $2\n"
	     "		and " IS_IN_FORCE "),\n"
	     "	(select count(*) from sign_up_blocks b where b.range_code = $3 and " IS_IN_FORCE
	     ")",
	     3);

/* One that stands is kept for the longer of the two times. */
DB_STATEMENT(
	sign_up_block_put,
	"insert into sign_up_blocks as b (kind, code, range_code, place, reason, removal_id, added_by,\n"
	"	expires_at)\n"
	"values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8::integer))\n"
	"on conflict (kind, code) where lifted_at is null do update\n"
	"	set expires_at = greatest(b.expires_at, excluded.expires_at)\n"
	"returning b.id",
	8);

DB_STATEMENT(sign_up_block_lift_one,
	     "update sign_up_blocks set lifted_at = now(), lifted_by = $2\n"
	     "where id = $1 and lifted_at is null returning id",
	     2);

DB_STATEMENT(
	sign_up_block_put_back,
	"update sign_up_blocks b set lifted_at = null, lifted_by = null\n"
	"where b.id = $1 and b.lifted_at is not null and not exists (select from sign_up_blocks o\n"
	"	where o.kind = b.kind and o.code = b.code and o.lifted_at is null) returning b.id",
	1);

DB_STATEMENT(sign_up_block_lift_removal,
	     "update sign_up_blocks set lifted_at = now(), lifted_by = $2\n"
	     "where removal_id = $1 and lifted_at is null",
	     2);

DB_STATEMENT(sign_up_block_whom,
	     "select e.email_key, coalesce((select string_agg(address, ' ') from (\n"
	     "	select s.address from sessions s where s.person_id = e.id\n"
	     "	group by s.address order by max(s.seen_at) desc limit 10) places), '')\n"
	     "from people e where e.id = $1 and e.email_key is not null",
	     1);

DB_STATEMENT(
	sign_up_block_rows,
	"select b.id, b.kind = 'email', b.place, b.reason, b.added_at, b.expires_at, b.lifted_at,\n"
	"	coalesce(a.name, ''), coalesce(r.person_id, 0), coalesce(e.name, '')\n"
	"from sign_up_blocks b left join people a on a.id = b.added_by\n"
	"left join removals r on r.id = b.removal_id left join people e on e.id = r.person_id\n"
	"where b.expires_at > now() order by b.lifted_at is not null, b.id desc limit $1::bigint",
	1);

/* Codes ----------------------------------------------------------------------------------- */

static struct param code_of(struct ctx *ctx, const char *what, const void *data, size_t length)
{
	const char *key = ctx->config->secret.key;
	uint8_t *code = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);
	char *text = arena_printf(ctx->arena, "sign-up %s %s", what,
				  crypto_hex(ctx->arena, data, length));

	crypto_hmac(code, key, strlen(key), text, strlen(text));
	return param_bytes(code, CRYPTO_HASH_BYTES);
}

/* "name+tag@example.org" is read by whoever reads "name@example.org". */
static struct param email_code(struct ctx *ctx, const char *email)
{
	const char *key = account_email_key(ctx, email), *at = strchr(key, '@');
	size_t name = strcspn(key, "+@");

	if (!at || name == 0)
		return param_null();
	key = arena_printf(ctx->arena, "%.*s%s", (int)name, key, at);
	return code_of(ctx, "email", key, strlen(key));
}

struct network_codes {
	struct param network, range; /* null: that was no address */
};

static struct network_codes network_codes(struct ctx *ctx, const char *address)
{
	uint8_t bytes[16];
	size_t length = network_address(address, bytes);

	if (length == 0)
		return (struct network_codes){ param_null(), param_null() };
	if (length == 4)
		return (struct network_codes){ code_of(ctx, "network", bytes, length),
					       code_of(ctx, "range", bytes, IPV4_RANGE_BYTES) };
	return (struct network_codes){ code_of(ctx, "network", bytes, IPV6_NETWORK_BYTES),
				       code_of(ctx, "range", bytes, IPV6_RANGE_BYTES) };
}

enum err sign_up_block_find(struct ctx *ctx, const char *email, const char *address,
			    struct sign_up_blocked *out)
{
	struct network_codes codes = network_codes(ctx, address);
	int64_t range_from = site_number(SITE_SIGN_UP_RANGE_FROM);
	struct rows rows;

	*out = (struct sign_up_blocked){ 0 };
	TRY(db_query(ctx, &sign_up_block_has, &rows, email_code(ctx, email), codes.network,
		     codes.range));
	rows_next(&rows);
	out->has_email = col_bool(&rows);
	out->has_network = col_bool(&rows);
	out->has_network |= range_from > 0 && col_i64(&rows) >= range_from;
	return OK;
}

/* Adding ---------------------------------------------------------------------------------- */

static void put_email(struct ctx *ctx, const char *email, const char *reason, int64_t removal_id,
		      struct rows *rows)
{
	db_add(ctx, &sign_up_block_put, rows, param_text("email"), email_code(ctx, email),
	       param_null(), param_text(strrchr(email, '@') + 1), param_text(reason),
	       param_id(removal_id), param_id(ctx->actor->id),
	       param_i64(site_number(SITE_SIGN_UP_ADDRESS_DAYS)));
}

static void put_network(struct ctx *ctx, const struct network_codes *codes, const char *reason,
			int64_t removal_id, struct rows *rows)
{
	db_add(ctx, &sign_up_block_put, rows, param_text("network"), codes->network, codes->range,
	       param_text(""), param_text(reason), param_id(removal_id), param_id(ctx->actor->id),
	       param_i64(site_number(SITE_SIGN_UP_NETWORK_DAYS)));
}

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_CHANGE_SETTINGS, &(struct subject){ .now = ctx->now });
}

/* The entry of the log names no address: it could never be taken out again. */
static void add_audit(struct ctx *ctx, const char *action, int64_t id, const char *reason)
{
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "sign_up_block",
						.subject_id = id,
						.reason = reason });
}

static enum err add(struct ctx *ctx, const char *address, const char *reason)
{
	struct network_codes codes = network_codes(ctx, address);
	uint8_t bytes[16];
	struct rows made;

	db_begin(ctx);
	if (network_address(address, bytes) > 0)
		put_network(ctx, &codes, reason, 0, &made);
	else
		put_email(ctx, address, reason, 0, &made);
	TRY(db_run(ctx));
	rows_next(&made);
	add_audit(ctx, "sign_up_block", col_i64(&made), reason);
	return db_commit(ctx);
}

enum err sign_up_block_add(struct ctx *ctx, const char *address, const char *reason)
{
	uint8_t bytes[16];
	enum err result;

	TRY(require(ctx));
	TRY(field_line(ctx, "address", address, 1, SIGN_UP_BLOCK_ADDRESS_MAX, &address));
	if (network_address(address, bytes) == 0 && !account_email_key(ctx, address)[0])
		return fail(
			ctx, ERR_INVALID, "address", "%s",
			_("Write an e-mail address or the address of a network, such as 203.0.113.7."));
	TRY(field_line(ctx, "block_reason", reason, 1, SIGN_UP_BLOCK_REASON_MAX, &reason));
	result = add(ctx, address, reason);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

static enum err change(struct ctx *ctx, const struct stmt *statement, const char *action,
		       int64_t id, const struct param *params, size_t count)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query_params(ctx, statement, &rows, params, count));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	add_audit(ctx, action, id, NULL);
	return db_commit(ctx);
}

enum err sign_up_block_lift(struct ctx *ctx, int64_t id)
{
	const struct param params[] = { param_i64(id), param_id(ctx->actor->id) };
	enum err result;

	TRY(require(ctx));
	result = change(ctx, &sign_up_block_lift_one, "sign_up_block_lift", id, params, 2);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err sign_up_block_restore(struct ctx *ctx, int64_t id)
{
	const struct param params[] = { param_i64(id) };
	enum err result;

	TRY(require(ctx));
	result = change(ctx, &sign_up_block_put_back, "sign_up_block_restore", id, params, 1);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* With a bulk removal --------------------------------------------------------------------- */

static void put_networks(struct ctx *ctx, const char *addresses, int64_t removal_id)
{
	struct slice rest = slice_of(addresses);

	while (rest.data) {
		struct slice address = slice_cut(&rest, ' ');
		struct network_codes codes = network_codes(
			ctx, arena_strndup(ctx->arena, address.data, address.length));

		if (codes.network.kind != PARAM_NULL)
			put_network(ctx, &codes, "", removal_id, NULL);
	}
}

enum err sign_up_block_person(struct ctx *ctx, int64_t person_id, int64_t removal_id)
{
	const char *email;
	struct rows rows;

	if (!site_switch(SITE_SIGN_UP_BLOCK_REMOVED))
		return OK;
	TRY(db_query(ctx, &sign_up_block_whom, &rows, param_i64(person_id)));
	if (!rows_next(&rows))
		return OK;
	email = col_text(&rows);
	/* No reason of its own: the list says whose removal it was. */
	put_email(ctx, email, "", removal_id, NULL);
	put_networks(ctx, col_text(&rows), removal_id);
	return OK;
}

void sign_up_block_undo(struct ctx *ctx, int64_t removal_id)
{
	db_add(ctx, &sign_up_block_lift_removal, NULL, param_i64(removal_id),
	       param_id(ctx->actor->id));
}

/* Reading --------------------------------------------------------------------------------- */

enum err sign_up_block_list(struct ctx *ctx, struct sign_up_block **out, size_t *count)
{
	struct rows rows;

	*out = NULL;
	*count = 0;
	TRY(require(ctx));
	TRY(db_query(ctx, &sign_up_block_rows, &rows, param_i64(SIGN_UP_BLOCKS_SHOWN)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct sign_up_block);
	while (rows_next(&rows)) {
		struct sign_up_block *block = &(*out)[(*count)++];

		block->id = col_i64(&rows);
		block->is_email = col_bool(&rows);
		block->place = col_text(&rows);
		block->reason = col_text(&rows);
		block->added_at = col_time(&rows);
		block->expires_at = col_time(&rows);
		block->lifted_at = col_time(&rows);
		block->added_by = col_text(&rows);
		block->person_id = col_i64(&rows);
		block->person_name = col_text(&rows);
	}
	return OK;
}
