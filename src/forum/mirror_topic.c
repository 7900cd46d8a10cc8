/*
 * Mirrored topics on their pages, and what administrators see of a source.
 */
#include "forum/mirror_topic.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/audit.h"
#include "i18n/i18n.h"

DB_STATEMENT(mirror_topic_one,
	     "select s.id, s.connector, s.name, mirror_may_index(t.id),\n"
	     "	coalesce(i.can_comment and i.removed_at is null, false) and s.state <> 'removed'\n"
	     "from topics t\n"
	     "join mirror_sources s on s.id = t.mirror_source_id\n"
	     "left join mirror_items i on i.topic_id = t.id and i.kind = 'post'\n"
	     "where t.id = $1 order by i.id limit 1",
	     1);

DB_STATEMENT(mirror_topic_any,
	     "select t.mirror_source_id is not null from topics t where t.id = $1", 1);

DB_STATEMENT(mirror_person_one,
	     "select i.author_id, coalesce(a.name, ''), s.name,\n"
	     "	(select count(*) from mirror_items o where o.author_id = i.author_id),\n"
	     "	a.person_id, coalesce(p.name, ''), coalesce(p.handle, '')\n"
	     "from mirror_items i\n"
	     "join mirror_sources s on s.id = i.source_id\n"
	     "left join mirror_authors a on a.id = i.author_id\n"
	     "left join people p on p.id = a.person_id\n"
	     "where i.post_id = $1",
	     1);

DB_STATEMENT(mirror_member,
	     "select id from people where state = 'active' and (id = $1 or handle = $2) limit 1",
	     2);

DB_STATEMENT(mirror_checks,
	     "select (l ->> 'is_well')::boolean, l ->> 'what', l ->> 'advice',\n"
	     "	coalesce(l -> 'arguments' ->> 0, ''), coalesce(l -> 'arguments' ->> 1, '')\n"
	     "from mirror_sources s, jsonb_array_elements(coalesce(s.health -> 'lines', '[]')) l\n"
	     "where s.id = $1",
	     1);

DB_STATEMENT(
	mirror_failures,
	"select o.id, o.created_at, coalesce(o.post_id, i.post_id), o.kind, o.error, o.trace_id,\n"
	"	o.state <> 'failed'\n"
	"from mirror_outbox o join mirror_items i on i.id = o.item_id\n"
	"where o.source_id = $1 and o.state in ('failed', 'unknown', 'sending', 'queued')\n"
	"order by o.id desc limit 50",
	1);

DB_STATEMENT(
	mirror_decider,
	"select coalesce(p.name, '') from mirror_sources s left join people p on p.id = s.privacy_decided_by\n"
	"where s.id = $1",
	1);

DB_STATEMENT(mirror_delivery_delete,
	     "delete from mirror_deliveries where id = $1 and state = 'dead'", 1);

DB_STATEMENT(mirror_check_ask, "update mirror_sources set health_at = null where id = $1", 1);
DB_STATEMENT(mirror_check_wake, "select pg_notify('mirror', '')", 0);

void mirror_topic_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &mirror_topic_one, rows, param_i64(topic_id));
}

enum err mirror_topic_is_one(struct ctx *ctx, int64_t topic_id, bool *out)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_topic_any, &rows, param_i64(topic_id)));
	*out = rows_next(&rows) && col_bool(&rows);
	return OK;
}

void mirror_topic_read(struct ctx *ctx, struct rows *rows, struct mirror_topic *out)
{
	const struct connector *connector;

	*out = (struct mirror_topic){ .connector = "", .network = "", .source_name = "" };
	if (!rows_next(rows))
		return;
	out->source_id = col_i64(rows);
	out->connector = col_text(rows);
	out->source_name = col_text(rows);
	out->may_index = col_bool(rows);
	out->can_send = col_bool(rows);
	connector = connector_find(out->connector);
	out->network = connector ? connector->title : out->connector;
	out->has_comments = connector && connector->has_comments;
	out->can_send = out->can_send && connector && connector->can_reply;
	out->text_max = out->can_send ? connector->text_max(ctx) : 0;
}

enum err mirror_person_of_post(struct ctx *ctx, int64_t post_id, struct mirror_person *out)
{
	struct rows rows;

	TRY(policy_require(ctx, MAY_REPLY_OUT, &(struct subject){ .now = ctx->now }));
	TRY(db_query(ctx, &mirror_person_one, &rows, param_i64(post_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->author_id = col_i64(&rows);
	out->name = col_text(&rows);
	out->source_name = col_text(&rows);
	out->item_count = col_i64(&rows);
	out->member_id = col_i64(&rows);
	out->member_name = col_text(&rows);
	out->member_handle = col_text(&rows);
	return OK;
}

enum err mirror_find_member(struct ctx *ctx, const char *typed, int64_t *id)
{
	const char *path = strstr(typed, "/u/");
	const char *digits = path ? path + strlen("/u/") : "";
	struct slice name = slice_trim(slice_of(typed));
	int64_t number = 0;
	struct rows rows;

	if (name.length > 0 && name.data[0] == '@')
		name = slice_make(name.data + 1, name.length - 1);
	if (!slice_to_i64(slice_make(digits, strspn(digits, "0123456789")), &number))
		number = 0;
	TRY(db_query(
		ctx, &mirror_member, &rows, param_i64(number),
		param_text(arena_strndup(ctx->arena, name.data ? name.data : "", name.length))));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "member", "%s",
			    _("Nobody here has this name. Give the @name of the member, or the "
			      "address of their profile."));
	*id = col_i64(&rows);
	return OK;
}

static void read_checks(struct ctx *ctx, struct rows *rows, struct mirror_trouble *out)
{
	out->checks = arena_array_of(ctx->arena, (size_t)rows->count, struct mirror_check);
	while (rows_next(rows)) {
		struct mirror_check *check = &out->checks[out->check_count++];

		check->is_well = col_bool(rows);
		check->what = col_text(rows);
		check->advice = col_text(rows);
		for (size_t i = 0; i < HEALTH_ARGUMENTS; i++)
			check->arguments[i] = col_text(rows);
	}
}

static void read_failures(struct ctx *ctx, struct rows *rows, struct mirror_trouble *out)
{
	out->failures = arena_array_of(ctx->arena, (size_t)rows->count, struct mirror_failure);
	while (rows_next(rows)) {
		struct mirror_failure *failure = &out->failures[out->failure_count++];

		failure->id = col_i64(rows);
		failure->created_at = col_time(rows);
		failure->post_id = col_i64(rows);
		failure->kind = col_text(rows);
		failure->error = col_text(rows);
		failure->trace_id = col_text(rows);
		failure->is_open = col_bool(rows);
	}
}

static enum err require_manager(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_MIRRORS, &(struct subject){ .now = ctx->now });
}

enum err mirror_trouble_load(struct ctx *ctx, int64_t source_id, struct mirror_trouble *out)
{
	struct rows checks, failures, decider;
	struct param source = param_i64(source_id);

	TRY(require_manager(ctx));
	*out = (struct mirror_trouble){ .decided_by = "" };
	db_add(ctx, &mirror_checks, &checks, source);
	db_add(ctx, &mirror_failures, &failures, source);
	db_add(ctx, &mirror_decider, &decider, source);
	TRY(db_run(ctx));
	read_checks(ctx, &checks, out);
	read_failures(ctx, &failures, out);
	if (rows_next(&decider))
		out->decided_by = col_text(&decider);
	return OK;
}

enum err mirror_ask_check(struct ctx *ctx, int64_t source_id)
{
	TRY(require_manager(ctx));
	db_add(ctx, &mirror_check_ask, NULL, param_i64(source_id));
	db_add_params(ctx, &mirror_check_wake, NULL, NULL, 0);
	return db_run(ctx);
}

enum err mirror_drop_delivery(struct ctx *ctx, int64_t id)
{
	TRY(require_manager(ctx));
	db_begin(ctx);
	db_add(ctx, &mirror_delivery_delete, NULL, param_i64(id));
	audit_add(ctx, "mirror_delivery_drop", "mirror_delivery", id, NULL);
	return db_commit(ctx);
}
