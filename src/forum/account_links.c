/*
 * Links sent by mail: 256 random bits, of which the table has the hash. Each works
 * once, for a while, and only as long as the account has the address it went to.
 */
#include "forum/account_parts.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/job.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

DB_STATEMENT(link_void,
	     "update mail_tokens set used_at = now()\n"
	     "where person_id = $1 and purpose = $2 and used_at is null",
	     2);

DB_STATEMENT(link_void_all,
	     "update mail_tokens set used_at = now()\n"
	     "where person_id = $1 and used_at is null and purpose <> 'confirm'",
	     1);

DB_STATEMENT(link_insert,
	     "insert into mail_tokens (token_hash, person_id, purpose, email, expires_at)\n"
	     "values ($1, $2, $3, $4, now() + make_interval(hours => $5::integer))",
	     5);

#define LINK_IS_GOOD \
	"t.token_hash = $1 and t.used_at is null and t.expires_at > now()\n" \
	"	and p.id = t.person_id and p.state in ('unconfirmed', 'active', 'suspended')\n" \
	"	and (t.purpose = 'change_email' or t.email = p.email)"

DB_STATEMENT(link_use_confirm,
	     "update mail_tokens t set used_at = now()\n"
	     "from people p\n"
	     "where " LINK_IS_GOOD " and t.purpose in ('confirm', 'change_email')\n"
	     "returning t.purpose, t.email, " ACCOUNT_COLUMNS("p"),
	     1);

DB_STATEMENT(link_use_reset,
	     "update mail_tokens t set used_at = now()\n"
	     "from people p\n"
	     "where " LINK_IS_GOOD " and t.purpose = 'reset'\n"
	     "returning " ACCOUNT_COLUMNS("p"),
	     1);

DB_STATEMENT(link_is_good,
	     "select from mail_tokens t, people p\n"
	     "where " LINK_IS_GOOD " and t.purpose = 'reset'",
	     1);

DB_STATEMENT(account_confirm_address,
	     "update people set email_confirmed_at = coalesce(email_confirmed_at, now()),\n"
	     "	state = case when state = 'unconfirmed' then 'active' else state end\n"
	     "where id = $1",
	     1);

DB_STATEMENT(account_take_address,
	     "update people set email = $2, email_key = $3, email_confirmed_at = now(),\n"
	     "	state = case when state = 'unconfirmed' then 'active' else state end\n"
	     "where id = $1",
	     3);

DB_STATEMENT(
	account_set_password,
	"update people set password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, now()),\n"
	"	state = case when state = 'unconfirmed' then 'active' else state end\n"
	"where id = $1",
	2);

DB_STATEMENT(account_stop_mail, "update people set wants_mail = false where id = $1", 1);

static const struct {
	const char *text, *path;
	int hours;
} purposes[] = {
	[LINK_CONFIRM] = { "confirm", "/confirm", CONFIRM_HOURS },
	[LINK_RESET] = { "reset", "/reset/password", RESET_HOURS },
	[LINK_CHANGE_EMAIL] = { "change_email", "/confirm", CONFIRM_HOURS },
};

static struct param hash_param(struct ctx *ctx, const char *token)
{
	uint8_t *hash = arena_alloc(ctx->arena, CRYPTO_HASH_BYTES);

	crypto_sha256(hash, token, strlen(token));
	return param_bytes(hash, CRYPTO_HASH_BYTES);
}

/* Names a mail without giving its link away. */
static const char *mail_key(struct ctx *ctx, const char *purpose, struct param hash)
{
	return arena_printf(ctx->arena, "%s:%s", purpose, crypto_hex(ctx->arena, hash.text, 12));
}

void account_add_link(struct ctx *ctx, const struct account *account, enum link_purpose purpose,
		      enum mail_kind kind, const char *email)
{
	const char *text = purposes[purpose].text, *token = crypto_token(ctx->arena);
	struct param hash = hash_param(ctx, token);

	db_add(ctx, &link_void, NULL, param_i64(account->id), param_text(text));
	db_add(ctx, &link_insert, NULL, hash, param_i64(account->id), param_text(text),
	       param_text(email), param_i64(purposes[purpose].hours));
	mail_queue(ctx,
		   &(struct mail_new){
			   .person_id = account->id,
			   .address = email,
			   .language = account->language,
			   .kind = kind,
			   .key = mail_key(ctx, text, hash),
			   .parameters = { .name = account->name,
					   .link = arena_printf(ctx->arena, "%s%s?token=%s",
								ctx->config->site.base_url,
								purposes[purpose].path, token) },
		   });
}

void account_add_exists_mail(struct ctx *ctx, const struct account *account)
{
	if (account->mails_last_hour < ACCOUNT_MAILS_PER_HOUR)
		account_add_link(ctx, account, LINK_RESET, MAIL_EXISTS, account->email);
}

void account_add_notice(struct ctx *ctx, const struct account *account, enum mail_kind kind,
			const char *email)
{
	mail_queue(ctx,
		   &(struct mail_new){
			   .person_id = account->id,
			   .address = email,
			   .language = account->language,
			   .kind = kind,
			   .key = arena_printf(ctx->arena, "notice:%s", crypto_token(ctx->arena)),
			   .parameters = { .name = account->name,
					   .link = arena_printf(ctx->arena, "%s/reset",
								ctx->config->site.base_url) },
		   });
}

void account_add_void_links(struct ctx *ctx, int64_t person_id)
{
	db_add(ctx, &link_void_all, NULL, param_i64(person_id));
}

static enum err fail_dead_link(struct ctx *ctx)
{
	db_rollback(ctx);
	return fail(ctx, ERR_GONE, NULL, "%s", _("This link was used already, or it is too old."));
}

/* Confirming an address ------------------------------------------------------ */

static void add_take_address(struct ctx *ctx, const struct account *account, const char *email)
{
	db_add(ctx, &account_take_address, NULL, param_i64(account->id), param_text(email),
	       param_text(account_email_key(ctx, email)));
	account_add_void_links(ctx, account->id);
	account_add_notice(ctx, account, MAIL_EMAIL_CHANGED, account->email);
	audit_add(ctx, "email_changed", "person", account->id, NULL);
}

enum err account_confirm(struct ctx *ctx, const char *token, int64_t *person_id)
{
	struct account account;
	const char *purpose, *email;
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &link_use_confirm, &rows, hash_param(ctx, token)));
	if (!rows_next(&rows))
		return fail_dead_link(ctx);
	purpose = col_text(&rows);
	email = col_text(&rows);
	account_read(&rows, &account);
	if (strcmp(purpose, purposes[LINK_CHANGE_EMAIL].text) == 0)
		add_take_address(ctx, &account, email);
	else
		db_add(ctx, &account_confirm_address, NULL, param_i64(account.id));
	*person_id = account.id;
	return constraint_explain(ctx, db_commit(ctx));
}

enum err account_resend_confirmation(struct ctx *ctx)
{
	const char *who = arena_printf(ctx->arena, "person:%lld", (long long)ctx->actor->id);
	struct account account;
	struct rows throttle, rows;

	if (ctx->actor->is_confirmed)
		return OK;
	throttle_add(ctx, &throttle_mail, who, &throttle);
	account_add_by_id(ctx, ctx->actor->id, &rows);
	TRY(db_run(ctx));
	TRY(throttle_check(ctx, &throttle));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	account_read(&rows, &account);
	account_add_link(ctx, &account, LINK_CONFIRM, MAIL_CONFIRM, account.email);
	return db_run(ctx);
}

/* Forgotten password ---------------------------------------------------------- */

/*
 * Whether there is such an account is not even looked up here: the worker does
 * that, so neither the answer nor its time can tell.
 */
enum err account_ask_reset(struct ctx *ctx, const char *email, const char *client_address)
{
	const char *email_key;
	struct buf payload;

	TRY(account_check_email(ctx, email, &email_key));
	TRY(throttle_take(ctx, &throttle_mail, client_address));
	buf_init(&payload, ctx->arena, 4096);
	buf_text(&payload, "{\"text\": ");
	buf_json(&payload, email_key);
	buf_char(&payload, '}');
	job_add(ctx, "reset", payload.data, NULL, 0);
	return db_run(ctx);
}

enum err account_send_reset(struct ctx *ctx, const char *email_key)
{
	struct account account;
	struct rows rows;

	account_add_by_key(ctx, email_key, &rows);
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return OK;
	account_read(&rows, &account);
	if (account.mails_last_hour >= ACCOUNT_MAILS_PER_HOUR)
		return OK;
	account_add_link(ctx, &account, LINK_RESET, MAIL_RESET, account.email);
	return db_run(ctx);
}

enum err account_check_reset(struct ctx *ctx, const char *token)
{
	struct rows rows;

	TRY(db_query(ctx, &link_is_good, &rows, hash_param(ctx, token)));
	return rows.count > 0 ? OK : fail_dead_link(ctx);
}

static enum err reset(struct ctx *ctx, const char *token, const char *password, const char *hash,
		      int64_t *person_id)
{
	struct account account;
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &link_use_reset, &rows, hash_param(ctx, token)));
	if (!rows_next(&rows))
		return fail_dead_link(ctx);
	account_read(&rows, &account);
	TRY(account_check_password(ctx, "password", password, account.name, account.email));
	db_add(ctx, &account_set_password, NULL, param_i64(account.id), param_text(hash));
	account_add_end_sessions(ctx, account.id, 0);
	account_add_void_links(ctx, account.id);
	account_add_notice(ctx, &account, MAIL_PASSWORD_CHANGED, account.email);
	audit_add(ctx, "password_reset", "person", account.id, NULL);
	*person_id = account.id;
	return db_commit(ctx);
}

enum err account_reset(struct ctx *ctx, const char *token, const char *password, int64_t *person_id)
{
	const char *hash;
	enum err result;

	TRY(account_check_password(ctx, "password", password, "", ""));
	TRY(account_hash_password(ctx, password, &hash));
	result = reset(ctx, token, password, hash, person_id);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

/* No more mails ------------------------------------------------------------------ */

char *account_unsubscribe_token(struct ctx *ctx, int64_t person_id)
{
	const char *key = ctx->config->secret.key;
	char *text = arena_printf(ctx->arena, "unsubscribe:%lld", (long long)person_id);
	uint8_t mac[CRYPTO_HASH_BYTES];

	crypto_hmac(mac, key, strlen(key), text, strlen(text));
	return crypto_base64url(ctx->arena, mac, sizeof(mac));
}

enum err account_unsubscribe(struct ctx *ctx, int64_t person_id, const char *token)
{
	if (!crypto_equal(token, account_unsubscribe_token(ctx, person_id)))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return db_query(ctx, &account_stop_mail, NULL, param_i64(person_id));
}
