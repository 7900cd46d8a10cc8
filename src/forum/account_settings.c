/*
 * What people change about their own account, with the present password.
 */
#include "forum/account_parts.h"

#include "db/db.h"
#include "forum/audit.h"
#include "forum/sign_up_guard.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"

DB_STATEMENT(account_change_hash, "update people set password_hash = $2 where id = $1", 2);

/*
 * The actor's account, if the password is right; taken: the account that has an
 * address already (queued before), may be NULL. A stolen session must not become a
 * place to guess the password at.
 */
static enum err check_own_password(struct ctx *ctx, const char *field, const char *password,
				   struct account *account)
{
	const char *who = arena_printf(ctx->arena, "person:%lld", (long long)ctx->actor->id);
	struct rows throttle, rows;

	throttle_add(ctx, &throttle_login_account, who, &throttle);
	account_add_by_id(ctx, ctx->actor->id, &rows);
	TRY(db_run(ctx));
	TRY(throttle_check(ctx, &throttle));
	if (!rows_next(&rows))
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	account_read(&rows, account);
	if (!account_password_matches(account->password_hash, password))
		return fail(ctx, ERR_INVALID, field, "%s", _("This is not your present password."));
	return OK;
}

enum err account_check_own_password(struct ctx *ctx, const char *field, const char *password)
{
	struct account account = { 0 };

	return check_own_password(ctx, field, password, &account);
}

/*
 * To an address that has an account already goes what a sign-up there would send:
 * the person asking sees no difference.
 */
enum err account_change_email(struct ctx *ctx, const char *password, const char *email)
{
	struct account account = { 0 }, other = { 0 };
	const char *email_key;
	struct rows taken;

	TRY(account_check_email(ctx, email, &email_key));
	TRY(check_own_password(ctx, "password", password, &account));
	if (strcmp(email_key, account_email_key(ctx, account.email)) == 0)
		return fail(ctx, ERR_INVALID, "email", "%s", _("This is your address already."));
	TRY(throttle_take(ctx, &throttle_mail,
			  arena_printf(ctx->arena, "person:%lld", (long long)account.id)));
	/* Or one would sign up with a good address and change it. */
	TRY(sign_up_check_lists(ctx, email, ""));
	account_add_by_key(ctx, email_key, &taken);
	TRY(db_run(ctx));
	if (rows_next(&taken)) {
		account_read(&taken, &other);
		account_add_exists_mail(ctx, &other);
	} else {
		account_add_link(ctx, &account, LINK_CHANGE_EMAIL, MAIL_CHANGE_EMAIL, email);
	}
	audit_add(ctx, "email_change_asked", "person", account.id, NULL);
	return db_run(ctx);
}

enum err account_change_password(struct ctx *ctx, const char *password, const char *new_password)
{
	struct account account = { 0 };
	const char *hash;

	TRY(check_own_password(ctx, "password", password, &account));
	TRY(account_check_password(ctx, "new_password", new_password, account.name, account.email));
	TRY(account_hash_password(ctx, new_password, &hash));
	db_add(ctx, &account_change_hash, NULL, param_i64(account.id), param_text(hash));
	account_add_end_sessions(ctx, account.id, ctx->actor->session_id);
	account_add_void_links(ctx, account.id);
	account_add_notice(ctx, &account, MAIL_PASSWORD_CHANGED, account.email);
	audit_add(ctx, "password_changed", "person", account.id, NULL);
	return db_run(ctx);
}
