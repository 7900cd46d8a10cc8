/*
 * Accounts for tests: made the way people make them.
 */
#include "account_fixture.h"

#include "forum/account.h"

const char *new_email(struct ctx *ctx)
{
	static int number;

	return arena_printf(ctx->arena, "Someone.%d@Example.org", ++number);
}

void sign_up_as(struct ctx *ctx, const char *name, const char *email)
{
	ctx->actor = &actor_visitor;
	forum_sql(ctx, "delete from throttles");
	assert_ok(ctx, account_sign_up(ctx, &(struct sign_up){ .name = name,
							       .email = email,
							       .password = PASSWORD,
							       .language = "fr",
							       .has_consented = true,
							       .client_address = "192.0.2.1" }));
}

int64_t find(struct ctx *ctx, const char *email)
{
	int64_t id;

	assert_ok(ctx, account_find(ctx, email, &id));
	return id;
}

int64_t mails_of(struct ctx *ctx, const char *kind, int64_t person_id)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from mails"
					 " where person_id = $1 and kind = '%s'",
					 kind),
			    person_id);
}

const char *mailed_token(struct ctx *ctx, const char *kind, int64_t person_id)
{
	const char *sql = arena_printf(
		ctx->arena,
		"select parameters ->> 'link' from mails"
		" where person_id = $1 and kind = '%s' order by id desc limit 1",
		kind);
	struct stmt statement = { NULL, sql, 1 };
	struct rows rows;
	const char *token;

	assert_ok(ctx, db_query(ctx, &statement, &rows, param_i64(person_id)));
	assert_true(rows_next(&rows));
	token = strstr(col_text(&rows), "token=");
	assert_non_null(token);
	return token + strlen("token=");
}

int64_t confirmed(struct ctx *ctx, const char *name, const char *email)
{
	int64_t id, confirmed_id;

	sign_up_as(ctx, name, email);
	id = find(ctx, email);
	assert_ok(ctx, account_confirm(ctx, mailed_token(ctx, "confirm", id), &confirmed_id));
	assert_int_equal(confirmed_id, id);
	return id;
}

enum err try_login_from(struct ctx *ctx, const char *email, const char *password,
			const char *address, const char *device)
{
	int64_t id;

	error_clear(ctx);
	return account_login(ctx,
			     &(struct credentials){ .email = email,
						    .password = password,
						    .client_address = address,
						    .device_token = device },
			     &id);
}

enum err try_login(struct ctx *ctx, const char *email, const char *password)
{
	return try_login_from(ctx, email, password, "192.0.2.1", "");
}

struct actor *act_as(struct ctx *ctx, int64_t id)
{
	struct actor *actor = arena_new_of(ctx->arena, struct actor);

	*actor = (struct actor){ .id = id,
				 .role = ROLE_CUSTOMER,
				 .name = "Zoé",
				 .handle = "zoe",
				 .language = "fr",
				 .is_confirmed = true,
				 .csrf_token = "" };
	ctx->actor = actor;
	return actor;
}
