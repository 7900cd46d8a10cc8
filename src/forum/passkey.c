/*
 * One's own passkeys: the list, a new one, and taking one off.
 */
#include "forum/passkey_parts.h"

#include "forum/account_parts.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/second_factor_parts.h"
#include "i18n/i18n.h"

DB_STATEMENT(passkey_of_person,
	     "select k.id, k.name, k.created_at, k.used_at from passkeys k\n"
	     "where k.person_id = $1 order by k.id limit $2",
	     2);

DB_STATEMENT(
	passkey_insert,
	"insert into passkeys (person_id, name, credential_id, algorithm, public_key, sign_count)\n"
	"select $1, $2, $3, $4::integer, $5, $6::bigint\n"
	"where (select count(*) from passkeys k where k.person_id = $1) < $7::integer",
	7);

DB_STATEMENT(passkey_session,
	     "update sessions set authenticated_by = 'passkey', checked_at = now() where id = $1",
	     1);

/* Not the last factor of one who must have one ($3). */
DB_STATEMENT(
	passkey_delete,
	"delete from passkeys k where k.id = $1 and k.person_id = $2\n"
	"	and (not $3::boolean or exists (select from passkeys o where o.person_id = $2 and o.id <> $1)\n"
	"		or exists (select from second_factors f where f.person_id = $2 and f.totp_secret is not null))",
	3);

/* Where nothing is left that they would stand in for. */
DB_STATEMENT(passkey_delete_codes,
	     "delete from recovery_codes r where r.person_id = $1 and not has_second_factor($1)",
	     1);

DB_STATEMENT(passkey_delete_steps, "delete from sign_in_steps where person_id = $1", 1);

enum err passkey_list(struct ctx *ctx, struct passkey **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &passkey_of_person, &rows, param_i64(ctx->actor->id),
		     param_i64(PASSKEYS_MAX)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct passkey);
	*count = 0;
	while (rows_next(&rows)) {
		struct passkey *passkey = &(*out)[(*count)++];

		passkey->id = col_i64(&rows);
		passkey->name = col_text(&rows);
		passkey->created_at = col_time(&rows);
		passkey->used_at = col_time(&rows);
	}
	return OK;
}

/* Registering --------------------------------------------------------------------------- */

static void add_insert(struct ctx *ctx, const char *name,
		       const struct webauthn_credential *credential, struct rows *made)
{
	db_add(ctx, &passkey_insert, made, param_i64(ctx->actor->id), param_text(name),
	       param_bytes(credential->id.data, credential->id.length),
	       param_i64(credential->algorithm),
	       param_bytes(credential->public_key.data, credential->public_key.length),
	       param_i64(credential->sign_count), param_i64(PASSKEYS_MAX));
}

static enum err store(struct ctx *ctx, const char *name,
		      const struct webauthn_credential *credential,
		      const struct second_factor *before, const char *const **codes)
{
	int64_t id = ctx->actor->id;
	struct rows made;

	db_begin(ctx);
	add_insert(ctx, name, credential, &made);
	*codes = before->codes_left > 0 ? NULL : recovery_codes_add(ctx, id);
	db_add(ctx, &passkey_session, NULL, param_i64(ctx->actor->session_id));
	if (!second_factor_is_on(before))
		account_add_end_sessions(ctx, id, ctx->actor->session_id);
	db_add(ctx, &passkey_delete_steps, NULL, param_i64(id));
	second_factor_add_notice(ctx, id, "passkey");
	audit_add(ctx, "passkey_added", "person", id, NULL);
	TRY(db_run(ctx));
	if (made.affected == 0)
		return fail(ctx, ERR_FORBIDDEN, NULL,
			    _("You have %d passkeys already: remove one first."), PASSKEYS_MAX);
	return db_commit(ctx);
}

enum err passkey_register(struct ctx *ctx, const struct passkey_new *passkey,
			  const char *const **codes)
{
	struct slice client_data = passkey_part(ctx, passkey->client_data);
	struct slice attestation = passkey_part(ctx, passkey->attestation);
	struct webauthn_credential credential;
	struct second_factor before;
	struct webauthn_site site;
	const char *name, *problem = "";
	enum err result;

	*codes = NULL;
	TRY(field_line(ctx, "name", passkey->name, 1, PASSKEY_NAME_MAX, &name));
	TRY(second_factor_load(ctx, &before));
	TRY(passkey_use_challenge(ctx, PASSKEY_REGISTER, ctx->actor->id, client_data));
	if (!passkey_site(ctx, &site) ||
	    !webauthn_register(ctx, &site, client_data, attestation, &credential, &problem))
		return passkey_fail(ctx, problem);
	result = store(ctx, name, &credential, &before, codes);
	if (result == OK)
		return OK;
	db_rollback(ctx);
	*codes = NULL;
	/* Step 17: whoever else registered it, it is not told whose it is. */
	if (constraint_is(ctx, "passkeys_credential")) {
		error_clear(ctx);
		return passkey_fail(ctx, "this credential is registered already");
	}
	return result;
}

/* Removing ------------------------------------------------------------------------------ */

static enum err fail_remove(struct ctx *ctx, int64_t id)
{
	struct passkey *passkeys;
	size_t count;

	TRY(passkey_list(ctx, &passkeys, &count));
	for (size_t i = 0; i < count; i++)
		if (passkeys[i].id == id)
			return fail(
				ctx, ERR_FORBIDDEN, NULL, "%s",
				_("The team cannot do without two-step sign-in. Add another passkey or an app first."));
	return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
}

enum err passkey_remove(struct ctx *ctx, int64_t id)
{
	int64_t person_id = ctx->actor->id;
	struct second_factor state;
	struct rows removed;

	TRY(second_factor_load(ctx, &state));
	db_begin(ctx);
	db_add(ctx, &passkey_delete, &removed, param_i64(id), param_i64(person_id),
	       param_bool(state.is_required));
	db_add(ctx, &passkey_delete_codes, NULL, param_i64(person_id));
	second_factor_add_notice(ctx, person_id, "passkey_off");
	audit_add(ctx, "passkey_removed", "person", person_id, NULL);
	TRY(db_run(ctx));
	if (removed.affected == 0) {
		db_rollback(ctx);
		return fail_remove(ctx, id);
	}
	return db_commit(ctx);
}
