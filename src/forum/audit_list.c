/*
 * Reading the audit log. The condition that leaves the least over comes first and has
 * an index of its own that ends in id; the others are looked at row by row.
 */
#include "forum/audit_list.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "text/slug.h"

/* Not one statement with switches: its plan would be the worst of all (limits.md). */
#define AUDIT_SELECT(first_condition) \
	"select a.id, a.at, a.actor_id, coalesce(who.name, ''), a.action, a.subject, a.subject_id,\n" \
	" a.person_id, coalesce(whom.name, ''), a.reason,\n" \
	" coalesce((select string_agg(d.key || ': ' || coalesce(d.value, '–'), ', ' order by d.key)\n" \
	"  from jsonb_each_text(a.details) d), ''), a.request_id\n" \
	"from audit_log a\n" \
	"left join people who on who.id = a.actor_id\n" \
	"left join people whom on whom.id = a.person_id\n" \
	"where " first_condition " and a.id < $1\n" \
	" and ($2::bigint is null or a.actor_id = $2)\n" \
	" and ($3::bigint is null or a.person_id = $3)\n" \
	" and ($4::text is null or a.action = $4)\n" \
	" and ($5::text is null or a.subject = $5)\n" \
	" and ($6::bigint is null or a.subject_id = $6)\n" \
	" and ($7::timestamptz is null or a.at >= $7)\n" \
	" and ($8::timestamptz is null or a.at < $8)\n" \
	"order by a.id desc limit $9"

#define AUDIT_PARAMETERS 9

DB_STATEMENT(audit_by_subject, AUDIT_SELECT("a.subject = $5 and a.subject_id = $6"),
	     AUDIT_PARAMETERS);
DB_STATEMENT(audit_by_person, AUDIT_SELECT("a.person_id = $3"), AUDIT_PARAMETERS);
DB_STATEMENT(audit_by_actor, AUDIT_SELECT("a.actor_id = $2"), AUDIT_PARAMETERS);
DB_STATEMENT(audit_by_action, AUDIT_SELECT("a.action = $4"), AUDIT_PARAMETERS);
DB_STATEMENT(audit_by_id, AUDIT_SELECT("true"), AUDIT_PARAMETERS);

DB_STATEMENT(audit_person_of_handle, "select id from people where handle = $1", 1);

/* Hops from one action to the next along its index, however long the log is. */
DB_STATEMENT(audit_actions,
	     "with recursive hops as (\n"
	     " (select action from audit_log order by action limit 1)\n"
	     " union all\n"
	     " select (select a.action from audit_log a where a.action > h.action\n"
	     "  order by a.action limit 1)\n"
	     " from hops h where h.action is not null)\n"
	     "select action from hops where action is not null limit $1",
	     1);

static enum err may_see(struct ctx *ctx)
{
	return policy_require(ctx, MAY_SEE_AUDIT, &(struct subject){ .now = ctx->now });
}

static const struct stmt *choose(const struct audit_query *query, int64_t actor_id,
				 int64_t person_id)
{
	if (query->subject && query->subject_id)
		return &audit_by_subject;
	if (person_id)
		return &audit_by_person;
	if (actor_id)
		return &audit_by_actor;
	return query->action ? &audit_by_action : &audit_by_id;
}

/* *id is 0 when nobody is asked for. */
static enum err find_person(struct ctx *ctx, const char *field, const char *name, int64_t *id)
{
	struct rows rows;

	*id = 0;
	if (!name || !name[0])
		return OK;
	if (name[0] == '#' && text_to_i64(name + 1, id) && *id > 0)
		return OK;
	TRY(db_query(ctx, &audit_person_of_handle, &rows,
		     param_text(slug_from(ctx->arena, name + (name[0] == '@')))));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, field, "%s", _("Nobody here has this name."));
	*id = col_i64(&rows);
	return OK;
}

static void line_read(struct rows *rows, struct audit_line *line)
{
	line->id = col_i64(rows);
	line->at = col_time(rows);
	line->actor_id = col_i64(rows);
	line->actor_name = col_text(rows);
	line->action = col_text(rows);
	line->subject = col_text(rows);
	line->subject_id = col_i64(rows);
	line->person_id = col_i64(rows);
	line->person_name = col_text(rows);
	line->reason = col_text(rows);
	line->details = col_text(rows);
	line->request_id = col_text(rows);
}

static void list_read(struct ctx *ctx, struct rows *rows, size_t limit, struct audit_list *out)
{
	out->lines = arena_array_of(ctx->arena, limit, struct audit_line);
	while (out->count < limit && rows_next(rows))
		line_read(rows, &out->lines[out->count++]);
	if ((size_t)rows->count > limit)
		out->next_id = out->lines[limit - 1].id;
}

enum err audit_list_load(struct ctx *ctx, const struct audit_query *query, struct audit_list *out)
{
	int64_t actor_id, person_id;
	struct rows rows;

	*out = (struct audit_list){ 0 };
	TRY(may_see(ctx));
	TRY(find_person(ctx, "who", query->who, &actor_id));
	TRY(find_person(ctx, "whom", query->whom, &person_id));
	TRY(db_query(ctx, choose(query, actor_id, person_id), &rows,
		     param_i64(query->before_id > 0 ? query->before_id : INT64_MAX),
		     param_id(actor_id), param_id(person_id), param_text(query->action),
		     param_text(query->subject), param_id(query->subject_id),
		     param_time(query->from), param_time(query->to), param_i64(query->limit + 1)));
	list_read(ctx, &rows, (size_t)query->limit, out);
	return OK;
}

enum err audit_actions_load(struct ctx *ctx, const char *const **actions, size_t *count)
{
	const char **names;
	struct rows rows;

	TRY(may_see(ctx));
	TRY(db_query(ctx, &audit_actions, &rows, param_i64(AUDIT_ACTIONS_MAX)));
	names = arena_array_of(ctx->arena, (size_t)rows.count, const char *);
	*count = 0;
	while (rows_next(&rows))
		names[(*count)++] = col_text(&rows);
	*actions = names;
	return OK;
}
