/*
 * Sessions. The cookie's token is only ever compared by its hash; the person's
 * role and state are read with it at every request, so that a change holds at once.
 */
#include "forum/session.h"

#include <arpa/inet.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "db/db.h"
#include "forum/account.h"
#include "forum/passkey.h"
#include "forum/second_factor.h"

/* With it what trust and reputation look at: the day, and the address as a code. */
DB_STATEMENT(
	session_insert,
	"with here as (\n"
	"	insert into person_days (person_id, day)\n"
	"	values ($2, (now() at time zone 'utc')::date) on conflict do nothing\n"
	"), whence as (\n"
	"	insert into person_addresses (person_id, address_hash)\n"
	"	select $2, $6::bytea where $6 is not null\n"
	"	on conflict (person_id, address_hash) do update set seen_at = now()\n"
	")\n"
	"insert into sessions (token_hash, person_id, created_at, seen_at, expires_at, address, user_agent,\n"
	"	authenticated_by)\n"
	"values ($1, $2, now(), now(), now() + make_interval(days => $3::integer), left($4, 60), left($5, 300),\n"
	"	$7)",
	7);

/* The write is skipped, and the row not locked, when it was seen not long ago. */
DB_STATEMENT(
	session_person,
	"with seen as (\n"
	"	update sessions set seen_at = now(),\n"
	"		expires_at = least(now() + make_interval(days => $2::integer),\n"
	"			created_at + make_interval(days => " /* absolute */ "365))\n"
	"	where token_hash = $1 and expires_at > now() and seen_at < now() - interval '10 minutes'\n"
	"	returning person_id\n"
	"), here as (\n"
	"	insert into person_days (person_id, day)\n"
	"	select person_id, (now() at time zone 'utc')::date from seen on conflict do nothing\n"
	")\n"
	"select p.id, p.name, coalesce(p.handle, ''), p.role, p.language, p.trust_level,\n"
	"	case when p.is_expert then (select ',' || string_agg(f.field, ',') || ',' from (\n"
	"		select 'c' || c.id as field from experts e join categories c on e.category_id in (c.id, c.parent_id)\n"
	"		where e.person_id = p.id and e.state = 'active' and e.ends_at > now()\n"
	"		union select 't' || e.tag_id from experts e\n"
	"		where e.person_id = p.id and e.state = 'active' and e.ends_at > now() and e.tag_id is not null) f) end,\n"
	"	p.email_confirmed_at is not null, p.created_at, s.id, s.authenticated_by, s.checked_at,\n"
	"	-- Dates end by themselves: the job that ends the rows may come later.\n"
	"	p.state = 'suspended' and coalesce(p.suspended_until > now(), true),\n"
	"	coalesce(p.silenced_until > now(), false), p.has_warning,\n"
	"	coalesce((select u.asked_at from page_text_publications u where u.name = 'charter'\n"
	"		order by u.id desc limit 1) > coalesce(p.charter_accepted_at, '-infinity'), false),\n"
	"	-- With what is below them.\n"
	"	case when p.barred_categories = '{}' then '' else (select ',' || string_agg(c.id::text, ',') || ','\n"
	"		from categories c where c.id = any (p.barred_categories)\n"
	"			or c.parent_id = any (p.barred_categories)) end,\n"
	"	category_rights(),\n"
	"	-- As many as a badge can show.\n"
	"	(select count(*) from (select from notifications n\n"
	"		where n.person_id = p.id and n.read_at is null limit 100) unread)\n"
	"from sessions s\n"
	"join people p on p.id = s.person_id\n"
	"where s.token_hash = $1 and s.expires_at > now() and p.state in ('unconfirmed', 'active', 'suspended')",
	2);

DB_STATEMENT(session_of_person,
	     "select id, created_at, seen_at, address, user_agent\n"
	     "from sessions\n"
	     "where person_id = $1 and expires_at > now()\n"
	     "order by seen_at desc, id desc\n"
	     "limit 50",
	     1);

DB_STATEMENT(session_delete_by_token, "delete from sessions where token_hash = $1", 1);

DB_STATEMENT(session_delete_by_id, "delete from sessions where person_id = $1 and id = $2", 2);

DB_STATEMENT(session_delete_all,
	     "delete from sessions where person_id = $1 and id is distinct from $2::bigint", 2);

DB_STATEMENT(session_checked, "update sessions set checked_at = now() where id = $1", 1);

_Static_assert(SESSION_ABSOLUTE_DAYS == 365 && SESSIONS_SHOWN == 50, "the statements say so too");

static struct param hash_of(struct ctx *ctx, const char *token)
{
	uint8_t *hash = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);

	crypto_sha256(hash, token, strlen(token));
	return param_bytes(hash, CRYPTO_HASH_BYTES);
}

/*
 * Which household: an IPv4 address, the first half of an IPv6 one. Keyed, so that the
 * code cannot be tried out without the site's secret. Null for what is no address.
 */
static struct param address_code(struct ctx *ctx, const char *address)
{
	const char *key = ctx->config->secret.key;
	uint8_t *mac = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);
	uint8_t bytes[16] = { 0 };
	size_t length = 0;

	if (inet_pton(AF_INET, address, bytes) == 1)
		length = 4;
	else if (inet_pton(AF_INET6, address, bytes) == 1)
		length = 8;
	if (length == 0)
		return param_null();
	crypto_hmac(mac, key, strlen(key), bytes, length);
	return param_bytes(mac, CRYPTO_HASH_BYTES);
}

enum err session_create(struct ctx *ctx, const struct session_new *session, const char **token)
{
	*token = crypto_token(ctx->arena);
	return db_query(
		ctx, &session_insert, NULL, hash_of(ctx, *token), param_i64(session->person_id),
		param_i64(ctx->config->site.session_days), param_text(session->client_address),
		param_text(session->user_agent), address_code(ctx, session->client_address),
		param_text(session->authenticated_by ? session->authenticated_by : BY_PASSWORD));
}

/* The team without its second factor: a customer for every rule that follows. */
static void take_rights_away(const struct ctx *ctx, struct actor *actor)
{
	if (!role_is_staff(actor->role) || is_second_factor(actor->authenticated_by) ||
	    strcmp(ctx->config->security.staff_without_second_factor, "allowed") == 0)
		return;
	actor->role = ROLE_CUSTOMER;
	actor->trust_level = TRUST_NEW;
	actor->is_trusted = false;
	actor->lacks_second_factor = true;
}

static void actor_read(struct rows *rows, struct actor *actor)
{
	const char *role;

	actor->id = col_i64(rows);
	actor->name = col_text(rows);
	actor->handle = col_text(rows);
	role = col_text(rows);
	actor->language = col_text(rows);
	actor->trust_level = (int)col_i64(rows);
	actor->expert_fields = col_text(rows);
	actor->is_trusted = actor->trust_level >= TRUST_REGULAR;
	actor->is_confirmed = col_bool(rows);
	actor->created_at = col_time(rows);
	actor->session_id = col_i64(rows);
	actor->authenticated_by = col_text(rows);
	actor->checked_at = col_time(rows);
	actor->is_suspended = col_bool(rows);
	actor->is_silenced = col_bool(rows);
	actor->has_warning = col_bool(rows);
	actor->lacks_consent = col_bool(rows);
	actor->barred_categories = col_text(rows);
	actor->category_rights = col_text(rows);
	actor->unread_count = col_i64(rows);
	if (!role_from_text(role, &actor->role))
		actor->role = ROLE_CUSTOMER;
}

enum err session_load(struct ctx *ctx, const char *token, struct actor *out)
{
	struct rows rows;

	*out = actor_visitor;
	TRY(db_query(ctx, &session_person, &rows, hash_of(ctx, token),
		     param_i64(ctx->config->site.session_days)));
	if (!rows_next(&rows))
		return OK;
	actor_read(&rows, out);
	take_rights_away(ctx, out);
	out->csrf_token = session_csrf(ctx, token);
	return OK;
}

enum err session_list(struct ctx *ctx, struct session **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &session_of_person, &rows, param_i64(ctx->actor->id)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct session);
	*count = 0;
	while (rows_next(&rows)) {
		struct session *session = &(*out)[(*count)++];
		session->id = col_i64(&rows);
		session->created_at = col_time(&rows);
		session->seen_at = col_time(&rows);
		session->address = col_text(&rows);
		session->user_agent = col_text(&rows);
		session->is_current = session->id == ctx->actor->session_id;
	}
	return OK;
}

enum err session_end(struct ctx *ctx, const char *token)
{
	return db_query(ctx, &session_delete_by_token, NULL, hash_of(ctx, token));
}

enum err session_end_one(struct ctx *ctx, int64_t session_id)
{
	return db_query(ctx, &session_delete_by_id, NULL, param_i64(ctx->actor->id),
			param_i64(session_id));
}

enum err session_end_all(struct ctx *ctx, int64_t person_id, bool keep_current)
{
	return db_query(ctx, &session_delete_all, NULL, param_i64(person_id),
			param_id(keep_current ? ctx->actor->session_id : 0));
}

bool session_wants_check(const struct ctx *ctx)
{
	return ctx->actor->session_id != 0 &&
	       ctx->now - ctx->actor->checked_at > SESSION_CHECK_MINUTES * CLOCK_MINUTE;
}

enum err session_check(struct ctx *ctx, const char *password, const char *code)
{
	const char *by;

	if (password[0] || !code[0])
		TRY(account_check_own_password(ctx, "check_password", password));
	else
		TRY(second_factor_check(ctx, ctx->actor->id, code, "check_code", &by));
	return db_query(ctx, &session_checked, NULL, param_i64(ctx->actor->session_id));
}

enum err session_check_passkey(struct ctx *ctx, const struct passkey_answer *answer)
{
	int64_t person_id = ctx->actor->id;

	TRY(passkey_check(ctx, PASSKEY_CHECK, answer, "", &person_id));
	return db_query(ctx, &session_checked, NULL, param_i64(ctx->actor->session_id));
}

char *session_csrf(struct ctx *ctx, const char *token)
{
	const char *key = ctx->config->secret.key;
	char *text = arena_printf(ctx->arena, "csrf:%s", token);
	uint8_t mac[CRYPTO_HASH_BYTES];

	crypto_hmac(mac, key, strlen(key), text, strlen(text));
	return crypto_base64url(ctx->arena, mac, sizeof(mac));
}
