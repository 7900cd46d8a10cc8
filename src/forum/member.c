/*
 * Finding members and giving roles. Each way of searching is a statement with an index
 * of its own.
 */
#include "forum/member.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/account_parts.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/slug.h"

#define MEMBER_COLUMNS \
	"p.id, p.name, coalesce(p.handle, ''), coalesce(p.email, ''), p.role, p.state, p.trust_level,\n" \
	" p.created_at, (select max(s.seen_at) from sessions s where s.person_id = p.id),\n" \
	" p.question_count, p.answer_count, p.reputation"

DB_STATEMENT(member_by_id, "select " MEMBER_COLUMNS " from people p where p.id = $1", 1);

DB_STATEMENT(member_by_email, "select " MEMBER_COLUMNS " from people p where p.email_key = $1", 1);

/* ~>=~ and ~<~ go by bytes, as the index people_handle_prefix does. */
DB_STATEMENT(members_by_handle,
	     "select " MEMBER_COLUMNS " from people p\n"
	     "where p.handle ~>=~ $1 and p.handle ~<~ ($1 || '~')\n"
	     "order by p.handle using ~<~ limit $2",
	     2);

DB_STATEMENT(members_newest,
	     "select " MEMBER_COLUMNS " from people p\n"
	     "where p.id < $1\n"
	     "order by p.id desc limit $2",
	     2);

DB_STATEMENT(members_of_role,
	     "select " MEMBER_COLUMNS " from people p\n"
	     "where p.role = $3 and p.id < $1\n"
	     "order by p.id desc limit $2",
	     3);

DB_STATEMENT(member_lock, "select p.role, p.state from people p where p.id = $1 for update", 1);

DB_STATEMENT(member_role_change,
	     "update people set role = $2, trust_level = case when $3::boolean then 4\n"
	     "	else coalesce(trust_level_given, trust_level) end, trust_changed_at = now()\n"
	     "where id = $1",
	     3);

static enum err may_manage(struct ctx *ctx)
{
	return policy_require(ctx, MAY_GIVE_ROLES, &(struct subject){ .now = ctx->now });
}

static void member_read(struct rows *rows, struct member *out)
{
	out->id = col_i64(rows);
	out->name = col_text(rows);
	out->handle = col_text(rows);
	out->email = col_text(rows);
	out->role = ROLE_CUSTOMER;
	(void)role_from_text(col_text(rows), &out->role);
	out->state = col_text(rows);
	out->trust_level = (int)col_i64(rows);
	out->created_at = col_time(rows);
	out->seen_at = col_time(rows);
	out->question_count = col_i64(rows);
	out->answer_count = col_i64(rows);
	out->reputation = col_i64(rows);
}

static enum err find(struct ctx *ctx, const struct member_query *query, struct rows *rows)
{
	struct param before = param_i64(query->before_id > 0 ? query->before_id : INT64_MAX);
	struct param limit = param_i64(MEMBERS_SHOWN + 1);
	const char *words = query->words;
	int64_t id;

	if (words[0] == '#' && text_to_i64(words + 1, &id))
		return db_query(ctx, &member_by_id, rows, param_i64(id));
	if (strchr(words + (words[0] == '@'), '@'))
		return db_query(ctx, &member_by_email, rows,
				param_text(account_email_key(ctx, words)));
	if (words[0])
		return db_query(ctx, &members_by_handle, rows,
				param_text(slug_from(ctx->arena, words + (words[0] == '@'))),
				limit);
	if (query->role != ROLE_VISITOR)
		return db_query(ctx, &members_of_role, rows, before, limit,
				param_text(role_text(query->role)));
	return db_query(ctx, &members_newest, rows, before, limit);
}

enum err member_list_load(struct ctx *ctx, const struct member_query *query,
			  struct member_list *out)
{
	struct rows rows;

	*out = (struct member_list){ 0 };
	TRY(may_manage(ctx));
	TRY(find(ctx, query, &rows));
	out->items = arena_array_of(ctx->arena, MEMBERS_SHOWN, struct member);
	while (out->count < MEMBERS_SHOWN && rows_next(&rows))
		member_read(&rows, &out->items[out->count++]);
	if (rows.count > MEMBERS_SHOWN && !query->words[0])
		out->next_id = out->items[MEMBERS_SHOWN - 1].id;
	return OK;
}

enum err member_load(struct ctx *ctx, int64_t id, struct member *out)
{
	struct rows rows;

	*out = (struct member){ 0 };
	TRY(may_manage(ctx));
	TRY(db_query(ctx, &member_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	member_read(&rows, out);
	return OK;
}

/* Giving a role --------------------------------------------------------------------- */

static bool is_person(const char *state)
{
	return strcmp(state, "imported") != 0 && strcmp(state, "anonymised") != 0;
}

static void add_change(struct ctx *ctx, int64_t id, const char *was, enum role role,
		       const char *reason)
{
	db_add(ctx, &member_role_change, NULL, param_i64(id), param_text(role_text(role)),
	       param_bool(role_is_staff(role)));
	account_add_end_sessions(ctx, id, 0);
	audit_write(ctx,
		    &(struct audit_entry){
			    .action = "role_changed",
			    .subject = "person",
			    .subject_id = id,
			    .person_id = id,
			    .reason = reason,
			    .details = arena_printf(ctx->arena, "{\"role\":\"%s\",\"was\":\"%s\"}",
						    role_text(role), was),
		    });
}

static enum err set_role(struct ctx *ctx, int64_t id, enum role role, const char *reason,
			 const char *form_key)
{
	const char *earlier, *was, *state;
	struct rows rows;

	db_begin(ctx);
	db_add(ctx, &member_lock, &rows, param_i64(id));
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	was = col_text(&rows);
	state = col_text(&rows);
	if (!is_person(state))
		return fail(ctx, ERR_INVALID, "role", "%s",
			    _("Nobody signs in to this account, so it has no role."));
	if (strcmp(was, role_text(role)) != 0)
		add_change(ctx, id, was, role, reason);
	once_result(ctx, form_key, "/admin/members");
	return db_commit(ctx);
}

enum err member_set_role(struct ctx *ctx, int64_t id, enum role role, const char *reason,
			 const char *form_key)
{
	TRY(may_manage(ctx));
	if (role == ROLE_VISITOR)
		return fail(ctx, ERR_INVALID, "role", "%s", _("Choose one of the possibilities."));
	TRY(field_line(ctx, "reason", reason, 0, MEMBER_REASON_MAX, &reason));
	return constraint_explain(ctx, writing_end(ctx, set_role(ctx, id, role, reason, form_key)));
}
