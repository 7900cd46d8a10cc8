/*
 * Making accounts: sign-up by people, and by the operator's command.
 */
#include "forum/account_parts.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/sign_up_guard.h"
#include "forum/throttle.h"
#include "i18n/i18n.h"
#include "net/mail.h"
#include "text/markdown.h"
#include "text/slug.h"

#define SIGN_IN_STATES "('unconfirmed', 'active', 'suspended')"

DB_STATEMENT(account_by_key,
	     "select " ACCOUNT_COLUMNS("p") "\n"
					    "from people p\n"
					    "where p.email_key = $1 and p.state in " SIGN_IN_STATES,
	     1);

DB_STATEMENT(account_by_id,
	     "select " ACCOUNT_COLUMNS("p") "\n"
					    "from people p\n"
					    "where p.id = $1 and p.state in " SIGN_IN_STATES,
	     1);

DB_STATEMENT(account_end_sessions,
	     "delete from sessions where person_id = $1 and id is distinct from $2::bigint", 2);

DB_STATEMENT(
	account_insert,
	"insert into people (name, handle, email, email_key, password_hash, language,\n"
	"	charter_version, charter_accepted_at)\n"
	"values ($1, free_handle($2), $3, $4, $5, $6, coalesce(charter_version(), $7), now())\n"
	"on conflict (email_key) do nothing\n"
	"returning id",
	7);

DB_STATEMENT(
	account_insert_active,
	"insert into people (name, handle, email, email_key, password_hash, language, title, role,\n"
	"	state, trust_level, bio_md, bio_html, created_at, email_confirmed_at)\n"
	"values ($1, free_handle($2), $3, $4, $5, $6, $7, $8, 'active', $9::smallint, $10, $11,\n"
	"	coalesce($12, now()), coalesce($12, now()))\n"
	"returning id",
	12);

DB_STATEMENT(account_role_lock,
	     "select id, role from people where email_key = $1 and state in " SIGN_IN_STATES
	     " for update",
	     1);

DB_STATEMENT(account_role_change,
	     "update people set role = $2, trust_level = case when $3::boolean then 4\n"
	     "	else coalesce(trust_level_given, trust_level) end, trust_changed_at = now()\n"
	     "where id = $1",
	     3);

DB_STATEMENT(account_rows,
	     "select id, name, email, role, state, created_at\n"
	     "from people\n"
	     "where email_key is not null\n"
	     "order by role = 'customer', created_at desc, id desc\n"
	     "limit $1::bigint",
	     1);

/* Shared with the other account files ---------------------------------------- */

void account_read(struct rows *rows, struct account *account)
{
	account->id = col_i64(rows);
	account->name = col_text(rows);
	account->email = col_text(rows);
	account->language = col_text(rows);
	account->password_hash = col_text(rows);
	account->is_confirmed = col_bool(rows);
	account->mails_last_hour = col_i64(rows);
}

void account_add_by_key(struct ctx *ctx, const char *email_key, struct rows *rows)
{
	db_add(ctx, &account_by_key, rows, param_text(email_key));
}

void account_add_by_id(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &account_by_id, rows, param_i64(id));
}

void account_add_end_sessions(struct ctx *ctx, int64_t person_id, int64_t but_session_id)
{
	db_add(ctx, &account_end_sessions, NULL, param_i64(person_id), param_id(but_session_id));
}

/* Valid addresses are ASCII (net/mail.h). */
const char *account_email_key(struct ctx *ctx, const char *email)
{
	char *key;

	if (strlen(email) > EMAIL_MAX_BYTES || !mail_address_is_valid(email))
		return "";
	key = arena_strdup(ctx->arena, email);
	for (char *c = key; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return key;
}

enum err account_check_email(struct ctx *ctx, const char *email, const char **email_key)
{
	*email_key = account_email_key(ctx, email);
	if (!**email_key)
		return fail(
			ctx, ERR_INVALID, "email", "%s",
			_("This is not an e-mail address. It should look like name@example.org."));
	return OK;
}

enum err account_hash_password(struct ctx *ctx, const char *password, const char **hash)
{
	*hash = crypto_password_hash(ctx->arena, password);
	return *hash ? OK : fail_log(ctx, ERR_UNAVAILABLE, "no memory for a password hash");
}

/* Sign-up --------------------------------------------------------------------- */

static enum err check_consent(struct ctx *ctx, const struct sign_up *form)
{
	if (!form->has_consented)
		return fail(ctx, ERR_INVALID, "consent", "%s",
			    _("Please read the charter and say that you agree to it."));
	return OK;
}

struct sign_up_person {
	const char *name, *email_key, *password_hash;
};

/*
 * Two round trips whether the address has an account or not: the person and the
 * form's key; then a link and its mail, to either.
 */
static enum err sign_up(struct ctx *ctx, const struct sign_up *form,
			const struct sign_up_person *person)
{
	struct account account = { .name = person->name,
				   .email = form->email,
				   .language = form->language };
	struct rows made, present;
	const char *earlier;

	db_begin(ctx);
	db_add(ctx, &account_insert, &made, param_text(person->name),
	       param_text(slug_from(ctx->arena, person->name)), param_text(form->email),
	       param_text(person->email_key), param_text(person->password_hash),
	       param_text(form->language), param_text(ctx->config->site.charter_version));
	account_add_by_key(ctx, person->email_key, &present);
	TRY(once_claim(ctx, form->form_key, &earlier));
	if (!form->form_key)
		TRY(db_run(ctx));
	if (earlier)
		return OK;
	if (rows_next(&made)) {
		account.id = col_i64(&made);
		account_add_link(ctx, &account, LINK_CONFIRM, MAIL_CONFIRM, form->email);
	} else if (rows_next(&present)) {
		account_read(&present, &account);
		account_add_exists_mail(ctx, &account);
	}
	once_result(ctx, form->form_key, "/");
	return db_commit(ctx);
}

enum err account_sign_up(struct ctx *ctx, const struct sign_up *form)
{
	struct sign_up_person person;
	enum err result;

	TRY(account_check_name(ctx, form->name, ROLE_CUSTOMER, &person.name));
	TRY(account_check_email(ctx, form->email, &person.email_key));
	TRY(account_check_password(ctx, "password", form->password, person.name, form->email));
	TRY(check_consent(ctx, form));
	TRY(throttle_take(ctx, &throttle_sign_up, form->client_address));
	TRY(sign_up_check_lists(ctx, form->email, form->client_address));
	TRY(account_hash_password(ctx, form->password, &person.password_hash));
	result = sign_up(ctx, form, &person);
	if (result != OK)
		db_rollback(ctx);
	/* Two people of one name at the same moment: the second finds the next handle. */
	if (result == ERR_CONFLICT && constraint_is(ctx, "people_handle_unique")) {
		error_clear(ctx);
		result = sign_up(ctx, form, &person);
		if (result != OK)
			db_rollback(ctx);
	}
	return constraint_explain(ctx, result);
}

/* By the operator --------------------------------------------------------------- */

static const char *role_details(struct ctx *ctx, const char *role, const char *was)
{
	struct buf json;

	buf_init(&json, ctx->arena, 1024);
	buf_text(&json, "{\"role\": ");
	buf_json(&json, role);
	buf_text(&json, ", \"was\": ");
	buf_json(&json, was);
	buf_char(&json, '}');
	return json.data;
}

static enum err require_manager(struct ctx *ctx)
{
	const struct subject nobody = { 0 };

	return policy_require(ctx, MAY_MANAGE_PEOPLE, &nobody);
}

/* What account_create made of a form. */
struct new_account {
	const char *name, *email_key, *password_hash;
	struct html_fragment bio;
};

static enum err create(struct ctx *ctx, const struct account_create *form,
		       const struct new_account *account, int64_t *person_id)
{
	struct rows made;

	db_begin(ctx);
	TRY(db_query(ctx, &account_insert_active, &made, param_text(account->name),
		     param_text(slug_from(ctx->arena, account->name)), param_text(form->email),
		     param_text(account->email_key), param_text(account->password_hash),
		     param_text(form->language), param_text(form->title ? form->title : ""),
		     param_text(role_text(form->role)),
		     param_i64(role_is_staff(form->role) ? TRUST_LEVEL_MAX : TRUST_NEW),
		     param_text(form->bio_md ? form->bio_md : ""), param_text(account->bio.html),
		     param_time(form->created_at)));
	rows_next(&made);
	*person_id = col_i64(&made);
	audit_add(ctx, "person_created", "person", *person_id,
		  role_details(ctx, role_text(form->role), ""));
	return db_commit(ctx);
}

enum err account_create(struct ctx *ctx, const struct account_create *form, int64_t *person_id)
{
	const struct markdown_options options = { .are_links_followed = role_is_staff(form->role) };
	struct new_account account = { .bio = { "" } };
	enum err result;

	TRY(require_manager(ctx));
	TRY(account_check_name(ctx, form->name, form->role, &account.name));
	TRY(account_check_email(ctx, form->email, &account.email_key));
	if (form->bio_md)
		TRY(markdown_render(ctx, "bio", form->bio_md, &options, &account.bio));
	if (form->password) {
		TRY(account_check_password(ctx, "password", form->password, account.name,
					   form->email));
		TRY(account_hash_password(ctx, form->password, &account.password_hash));
	}
	result = create(ctx, form, &account, person_id);
	if (result != OK)
		db_rollback(ctx);
	return constraint_explain(ctx, result);
}

enum err account_find(struct ctx *ctx, const char *email, int64_t *person_id)
{
	struct rows rows;

	account_add_by_key(ctx, account_email_key(ctx, email), &rows);
	TRY(db_run(ctx));
	*person_id = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

static enum err set_role(struct ctx *ctx, const char *email, enum role role)
{
	struct rows rows;
	const char *was;
	int64_t id;

	db_begin(ctx);
	TRY(db_query(ctx, &account_role_lock, &rows, param_text(account_email_key(ctx, email))));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, "email", "%s",
			    _("There is no account with this address."));
	id = col_i64(&rows);
	was = col_text(&rows);
	db_add(ctx, &account_role_change, NULL, param_i64(id), param_text(role_text(role)),
	       param_bool(role_is_staff(role)));
	account_add_end_sessions(ctx, id, 0);
	audit_add(ctx, "role_changed", "person", id, role_details(ctx, role_text(role), was));
	return db_commit(ctx);
}

enum err account_set_role(struct ctx *ctx, const char *email, enum role role)
{
	enum err result;

	TRY(require_manager(ctx));
	result = set_role(ctx, email, role);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err account_list(struct ctx *ctx, struct account_row **out, size_t *count)
{
	struct rows rows;

	TRY(require_manager(ctx));
	TRY(db_query(ctx, &account_rows, &rows, param_i64(ACCOUNTS_LISTED)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct account_row);
	*count = 0;
	while (rows_next(&rows)) {
		struct account_row *row = &(*out)[(*count)++];
		row->id = col_i64(&rows);
		row->name = col_text(&rows);
		row->email = col_text(&rows);
		row->role = col_text(&rows);
		row->state = col_text(&rows);
		row->created_at = col_time(&rows);
	}
	return OK;
}
