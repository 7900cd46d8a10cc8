/*
 * Experts: nomination, consent, term.
 */
#include "forum/expert.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/category.h"
#include "forum/constraint.h"
#include "forum/expert_parts.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

#define REASON_MAX 500

#define EXPERT_COLUMNS \
	"e.id, e.state, e.nominated_at, e.answered_at, e.ends_at, e.reason, " EXPERT_FIELD_COLUMNS \
	", " PERSON_AUTHOR_COLUMNS("p")

#define EXPERT_TABLES \
	"experts e join people p on p.id = e.person_id" \
	" left join categories c on c.id = e.category_id left join tags g on g.id = e.tag_id"

DB_STATEMENT(expert_rows,
	     "select " EXPERT_COLUMNS "\n"
	     "from " EXPERT_TABLES "\n"
	     "where e.state = 'active' and e.ends_at > now() and p.state = 'active'\n"
	     "order by e.tag_id is not null, coalesce(c.name_fr, g.name), p.name, e.id\n"
	     "limit $1::bigint",
	     1);

DB_STATEMENT(expert_rows_for_team,
	     "select " EXPERT_COLUMNS "\n"
	     "from " EXPERT_TABLES "\n"
	     "where e.state in ('nominated', 'active')\n"
	     "order by e.state desc, e.id desc\n"
	     "limit $1::bigint",
	     1);

DB_STATEMENT(expert_by_id,
	     "select " EXPERT_COLUMNS "\n"
	     "from " EXPERT_TABLES "\n"
	     "where e.id = $1::bigint",
	     1);

DB_STATEMENT(
	expert_insert,
	"insert into experts (person_id, category_id, tag_id, nominated_by, reason, nominated_at)\n"
	"select p.id, $2::bigint, $3::bigint, $4::bigint, $5, $6::timestamptz\n"
	"from people p\n"
	"where p.id = $1 and p.state = 'active' and p.role = 'customer' and p.is_ranked\n"
	"on conflict do nothing\n"
	"returning id",
	6);

DB_STATEMENT(expert_tell,
	     "insert into notifications (person_id, kind, expert_id)\n"
	     "select e.person_id, 'expert', e.id from experts e where e.id = $1\n"
	     "on conflict do nothing",
	     1);

DB_STATEMENT(
	expert_store_answer,
	"update experts set state = case when $3::boolean then 'active' else 'declined' end,\n"
	"	answered_at = $4::timestamptz, charter_version = $5,\n"
	"	ends_at = case when $3::boolean then $4::timestamptz + make_interval(months => $6::integer) end\n"
	"where id = $1 and person_id = $2 and state = 'nominated'\n"
	"returning id",
	6);

DB_STATEMENT(
	expert_store_end,
	"update experts set state = 'ended', ended_at = $2::timestamptz, ended_by = $3::bigint, end_reason = $4\n"
	"where id = $1 and state in ('nominated', 'active')\n"
	"returning id",
	4);

DB_STATEMENT(expert_end_terms,
	     "update experts set state = 'ended', ended_at = now(), end_reason = ''\n"
	     "where state = 'active' and ends_at <= now()",
	     0);

void expert_field_read(struct ctx *ctx, struct rows *rows, struct expert_field *field)
{
	const char *slug, *french, *english, *tag;

	field->category_id = col_i64(rows);
	field->tag_id = col_i64(rows);
	slug = col_text(rows);
	french = col_text(rows);
	english = col_text(rows);
	tag = col_text(rows);
	field->name = tag;
	field->path = arena_printf(ctx->arena, "/tag/%s", tag);
	if (field->category_id) {
		field->name = strcmp(ctx->language, "fr") == 0 ? french : english;
		field->path = arena_printf(ctx->arena, "/c/%s", slug);
	}
}

static void expert_read(struct ctx *ctx, struct rows *rows, struct expert *expert)
{
	expert->id = col_i64(rows);
	expert->state = col_text(rows);
	expert->nominated_at = col_time(rows);
	expert->answered_at = col_time(rows);
	expert->ends_at = col_time(rows);
	expert->reason = col_text(rows);
	expert_field_read(ctx, rows, &expert->field);
	author_read(ctx, rows, &expert->author);
}

static enum err list(struct ctx *ctx, const struct stmt *statement, struct experts *out)
{
	struct rows rows;

	TRY(db_query(ctx, statement, &rows, param_i64(EXPERTS_SHOWN)));
	*out = (struct experts){ .items = arena_array_of(ctx->arena, (size_t)rows.count,
							 struct expert) };
	while (rows_next(&rows))
		expert_read(ctx, &rows, &out->items[out->count++]);
	return OK;
}

enum err expert_list(struct ctx *ctx, struct experts *out)
{
	return list(ctx, &expert_rows, out);
}

static enum err require(struct ctx *ctx, enum action action)
{
	const struct subject nobody = { 0 };

	return policy_require(ctx, action, &nobody);
}

enum err expert_list_for_team(struct ctx *ctx, struct experts *out)
{
	TRY(require(ctx, MAY_NOMINATE));
	return list(ctx, &expert_rows_for_team, out);
}

static enum err load(struct ctx *ctx, int64_t id, struct expert *out)
{
	struct rows rows;

	TRY(db_query(ctx, &expert_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	expert_read(ctx, &rows, out);
	return OK;
}

enum err expert_load_own(struct ctx *ctx, int64_t id, struct expert *out)
{
	TRY(load(ctx, id, out));
	if (ctx->actor->id == 0 || out->author.id != ctx->actor->id)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static void add_audit(struct ctx *ctx, const char *action, int64_t id, int64_t person_id,
		      const char *reason)
{
	audit_write(ctx, &(struct audit_entry){ .action = action,
						.subject = "expert",
						.subject_id = id,
						.person_id = person_id,
						.reason = reason });
}

static enum err nominate(struct ctx *ctx, int64_t person_id, int64_t category_id, int64_t tag_id,
			 const char *reason)
{
	struct rows made;
	int64_t id;

	db_begin(ctx);
	TRY(db_query(ctx, &expert_insert, &made, param_i64(person_id), param_id(category_id),
		     param_id(tag_id), param_id(ctx->actor->id), param_text(reason),
		     param_time(ctx->now)));
	if (!rows_next(&made))
		return fail(
			ctx, ERR_INVALID, "reason", "%s",
			_("This person cannot be nominated here: they are already, they want to be in no ranking, or their account is not a member’s."));
	id = col_i64(&made);
	db_add(ctx, &expert_tell, NULL, param_i64(id));
	add_audit(ctx, "expert_nominate", id, person_id, reason);
	return db_commit(ctx);
}

enum err expert_nominate(struct ctx *ctx, int64_t person_id, int64_t category_id, int64_t tag_id,
			 const char *reason)
{
	const char *cleaned;
	enum err result;

	TRY(require(ctx, MAY_NOMINATE));
	if ((category_id == 0) == (tag_id == 0))
		return fail(ctx, ERR_INVALID, "reason", "%s", _("Choose a category or a tag."));
	TRY(field_line(ctx, "reason", reason, 3, REASON_MAX, &cleaned));
	result = nominate(ctx, person_id, category_id, tag_id, cleaned);
	if (result != OK)
		db_rollback(ctx);
	return constraint_explain(ctx, result);
}

static enum err answer(struct ctx *ctx, int64_t id, bool is_yes)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &expert_store_answer, &rows, param_i64(id), param_id(ctx->actor->id),
		     param_bool(is_yes), param_time(ctx->now),
		     param_text(ctx->config->site.charter_version),
		     param_i64(site_number(SITE_EXPERTS_TERM_MONTHS))));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This nomination was answered already, or taken back."));
	add_audit(ctx, is_yes ? "expert_accept" : "expert_decline", id, ctx->actor->id, NULL);
	return db_commit(ctx);
}

enum err expert_answer(struct ctx *ctx, int64_t id, bool is_yes)
{
	enum err result;

	if (ctx->actor->is_suspended)
		return fail(ctx, ERR_FORBIDDEN, NULL, "%s",
			    _("Your account is suspended: you can read, but not take part."));
	result = answer(ctx, id, is_yes);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

static enum err end(struct ctx *ctx, const struct expert *expert, const char *reason)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &expert_store_end, &rows, param_i64(expert->id), param_time(ctx->now),
		     param_id(ctx->actor->id), param_text(reason)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s", _("This term is over already."));
	add_audit(ctx, "expert_end", expert->id, expert->author.id, reason);
	return db_commit(ctx);
}

enum err expert_end(struct ctx *ctx, int64_t id, const char *reason)
{
	struct expert expert = { 0 };
	const char *cleaned = "";
	enum err result;

	TRY(load(ctx, id, &expert));
	if (ctx->actor->id == 0 || expert.author.id != ctx->actor->id) {
		TRY(require(ctx, MAY_END_EXPERTS));
		TRY(field_line(ctx, "reason", reason, 3, REASON_MAX, &cleaned));
	}
	result = end(ctx, &expert, cleaned);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err experts_end_terms(struct ctx *ctx)
{
	return db_query_params(ctx, &expert_end_terms, NULL, NULL, 0);
}
