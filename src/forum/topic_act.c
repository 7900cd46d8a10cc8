/*
 * Acts on questions: their rows, the simple ones (a field gets another value), and the
 * list of them.
 */
#include "forum/topic_act_parts.h"

#include "base/buf.h"
#include "base/slice.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/field.h"
#include "forum/idea.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/topic_write.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/slug.h"

/* Class 7301 is the mirrors' own lock of a source (mirror_rows.c). */
DB_STATEMENT(
	act_lock_sources,
	"select pg_advisory_xact_lock(7301, s.id::integer) from (\n"
	"	select i.source_id as id from mirror_items i where i.topic_id in ($1::bigint, $2::bigint)\n"
	"	union select t.mirror_source_id from topics t\n"
	"	where t.id in ($1::bigint, $2::bigint) and t.mirror_source_id is not null\n"
	"	order by 1) s",
	2);

DB_STATEMENT(
	act_lock_topics,
	"select t.id from topics t where t.id in ($1::bigint, $2::bigint) order by t.id for no key update of t",
	2);

DB_STATEMENT(
	act_insert,
	"insert into topic_acts (kind, topic_id, post_id, actor_id, reason, before, after, created_at)\n"
	"values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8)",
	8);

DB_STATEMENT(act_insert_joint,
	     "insert into topic_acts (kind, topic_id, other_id, actor_id, reason)\n"
	     "values ($1, $2, $3, $4, $5) returning id",
	     5);

/* $2: the fields to set, by their names. */
DB_STATEMENT(
	act_set,
	"update topics t set\n"
	"	category_id = coalesce((g.state ->> 'category_id')::bigint, t.category_id),\n"
	"	status = coalesce(g.state ->> 'status', t.status),\n"
	"	duplicate_of = case when g.state ? 'duplicate_of'\n"
	"		then (g.state ->> 'duplicate_of')::bigint else t.duplicate_of end,\n"
	"	status_reason = coalesce(g.state ->> 'status_reason', t.status_reason),\n"
	"	status_by = case when g.state ? 'status' then $3::bigint else t.status_by end,\n"
	"	status_at = case when g.state ? 'status' then $4::timestamptz else t.status_at end,\n"
	"	pinned = coalesce(g.state ->> 'pinned', t.pinned),\n"
	"	pinned_until = case when g.state ? 'pinned_until'\n"
	"		then from_us((g.state ->> 'pinned_until')::bigint) else t.pinned_until end,\n"
	"	is_locked = coalesce((g.state ->> 'is_locked')::boolean, t.is_locked),\n"
	"	stage = coalesce(g.state ->> 'stage', t.stage)\n"
	"from (select $2::jsonb as state) g where t.id = $1",
	4);

#define STATE_COLUMNS(state) \
	"(" state " ->> 'category_id')::bigint, (" state " ->> 'pinned_until')::bigint,\n" \
	"	(" state " ->> 'duplicate_of')::bigint, (" state " ->> 'created_at')::bigint,\n" \
	"	(" state " ->> 'author_id')::bigint, coalesce(" state " ->> 'status', 'open'),\n" \
	"	coalesce(" state " ->> 'pinned', ''), coalesce((" state \
	" ->> 'is_locked')::boolean, false),\n" \
	"	coalesce(" state " ->> 'visibility', 'visible') = 'visible', coalesce(" state \
	" ->> 'stage', '')"

DB_STATEMENT(
	act_list,
	"select a.id, a.kind, a.topic_id, a.other_id, a.post_id, a.created_at, a.undone_at, a.reason,\n"
	"	coalesce(p.name, ''), coalesce(o.title, ''), " STATE_COLUMNS("a.before") ", " STATE_COLUMNS(
		"a.after") "\n"
			   "from topic_acts a left join people p on p.id = a.actor_id\n"
			   "left join topics o on o.id = case when a.topic_id = $1::bigint then a.other_id else a.topic_id end\n"
			   "where a.topic_id = $1::bigint or a.other_id = $1::bigint\n"
			   "order by a.id desc limit $2::bigint",
	2);

DB_STATEMENT(
	act_posts,
	"select p.id, p.created_at, p.kind, left(p.body_md, 300), " AUTHOR_COLUMNS(
		"a",
		"p") "\n"
		     "from posts p left join people a on a.id = p.author_id\n"
		     "where p.topic_id = $1 and p.kind <> 'comment' and p.visibility = 'visible'\n"
		     "order by p.kind <> 'question', p.created_at, p.id limit $2::bigint",
	2);

/* A question that was joined with one that was joined with another, and so on. */
DB_STATEMENT(
	merged_path,
	"with recursive way (id, next, step) as (\n"
	"	select t.id, t.merged_into, 0 from topics t where t.id = $1\n"
	"	union all\n"
	"	select t.id, t.merged_into, way.step + 1 from way join topics t on t.id = way.next\n"
	"	where way.step < 100\n"
	")\n"
	"select t.id, t.title from way join topics t on t.id = way.id\n"
	"where way.next is null and way.step > 0 and t.visibility = 'visible'",
	1);

static const char *const kind_texts[ACT_KIND_COUNT] = {
	[ACT_MERGE] = "merge",   [ACT_SPLIT] = "split",
	[ACT_MOVE] = "move",     [ACT_STATUS] = "status",
	[ACT_PIN] = "pin",       [ACT_LOCK] = "lock",
	[ACT_AUTHOR] = "author", [ACT_VISIBILITY] = "visibility",
	[ACT_STAGE] = "stage",
};

static const char *const pin_texts[] = {
	[PIN_NONE] = "",
	[PIN_CATEGORY] = "category",
	[PIN_EVERYWHERE] = "everywhere",
};

const char *topic_act_kind_text(enum topic_act_kind kind)
{
	return kind_texts[kind];
}

/* Of a column: its check constraint allows no other word. */
enum topic_act_kind topic_act_kind_from_text(const char *text)
{
	for (int kind = 0; kind < ACT_KIND_COUNT; kind++)
		if (strcmp(kind_texts[kind], text) == 0)
			return (enum topic_act_kind)kind;
	return ACT_STATUS;
}

enum topic_pin topic_pin_from_text(const char *text)
{
	for (size_t pin = 0; pin < ARRAY_COUNT(pin_texts); pin++)
		if (strcmp(pin_texts[pin], text) == 0)
			return (enum topic_pin)pin;
	return PIN_NONE;
}

const char *topic_pin_text(enum topic_pin pin)
{
	return pin_texts[pin];
}

enum action topic_act_right(enum topic_act_kind kind)
{
	static const enum action rights[ACT_KIND_COUNT] = {
		[ACT_MERGE] = MAY_MERGE_TOPIC,    [ACT_SPLIT] = MAY_MERGE_TOPIC,
		[ACT_MOVE] = MAY_MOVE_TOPIC,      [ACT_STATUS] = MAY_CLOSE,
		[ACT_PIN] = MAY_PIN_TOPIC,        [ACT_LOCK] = MAY_LOCK_TOPIC,
		[ACT_AUTHOR] = MAY_CHANGE_AUTHOR, [ACT_VISIBILITY] = MAY_RESTORE_POST,
		[ACT_STAGE] = MAY_SET_STAGE,
	};

	return rights[kind];
}

/* Rows ------------------------------------------------------------------------------ */

void topic_act_add_locks(struct ctx *ctx, int64_t topic_id, int64_t other_id)
{
	struct param topic = param_i64(topic_id), other = param_i64(other_id);

	db_add(ctx, &act_lock_sources, NULL, topic, other);
	db_add(ctx, &act_lock_topics, NULL, topic, other);
}

void topic_act_add_audit(struct ctx *ctx, enum topic_act_kind kind, int64_t topic_id,
			 int64_t other_id, const char *reason, bool is_undo)
{
	const char *details = NULL;

	if (other_id)
		details = arena_printf(ctx->arena, "{\"other\":%lld}", (long long)other_id);
	audit_write(ctx, &(struct audit_entry){
				 .action = arena_printf(ctx->arena, "topic_%s%s", kind_texts[kind],
							is_undo ? "_undo" : ""),
				 .subject = "topic",
				 .subject_id = topic_id,
				 .reason = reason,
				 .details = details,
			 });
}

void topic_act_add(struct ctx *ctx, const struct act_change *change)
{
	db_add(ctx, &act_insert, NULL, param_text(kind_texts[change->kind]),
	       param_i64(change->topic_id), param_id(change->post_id), param_id(ctx->actor->id),
	       param_text(change->reason ? change->reason : ""), param_text(change->before),
	       param_text(change->after), param_time(ctx->now));
}

static void add_set(struct ctx *ctx, int64_t topic_id, const char *state)
{
	db_add(ctx, &act_set, NULL, param_i64(topic_id), param_text(state),
	       param_id(ctx->actor->id), param_time(ctx->now));
}

void topic_act_add_change(struct ctx *ctx, const struct act_change *change)
{
	topic_act_add(ctx, change);
	add_set(ctx, change->topic_id, change->after);
	audit_write(ctx, &(struct audit_entry){
				 .action = arena_printf(ctx->arena, "topic_%s",
							kind_texts[change->kind]),
				 .subject = "topic",
				 .subject_id = change->topic_id,
				 .reason = change->reason,
				 .details = change->details ? change->details : change->after,
			 });
}

void topic_act_add_joint(struct ctx *ctx, enum topic_act_kind kind, int64_t topic_id,
			 int64_t other_id, const char *reason, struct rows *rows)
{
	db_add(ctx, &act_insert_joint, rows, param_text(kind_texts[kind]), param_i64(topic_id),
	       param_i64(other_id), param_id(ctx->actor->id), param_text(reason));
}

enum err topic_act_clean_reason(struct ctx *ctx, const char *typed, const char **out)
{
	return field_line(ctx, "reason", typed ? typed : "", 0, ACT_REASON_MAX, out);
}

/* Simple acts ------------------------------------------------------------------------ */

/* A field that gets another value: JSON as it is, and as it shall be. */
struct setting {
	enum topic_act_kind kind;
	const char *before, *after;
};

static enum err set(struct ctx *ctx, const struct topic_act_form *form, enum topic_act_kind kind,
		    enum err (*make)(struct ctx *ctx, const struct topic *topic, const void *wanted,
				     struct setting *setting),
		    const void *wanted)
{
	struct setting setting = { .kind = kind, .before = "", .after = "" };
	const char *earlier, *reason;
	struct subject subject;
	struct topic topic;
	struct rows topics;

	TRY(topic_act_clean_reason(ctx, form->reason, &reason));
	db_begin(ctx);
	topic_add_lock(ctx, form->topic_id, &topics);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	TRY(topic_take(ctx, &topics, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, topic_act_right(kind), &subject));
	TRY(make(ctx, &topic, wanted, &setting));
	if (strcmp(setting.before, setting.after) != 0)
		topic_act_add_change(ctx, &(struct act_change){ .kind = kind,
								.topic_id = topic.id,
								.reason = reason,
								.before = setting.before,
								.after = setting.after });
	once_result(ctx, form->form_key, topic_path(ctx->arena, topic.id, topic.title));
	return db_commit(ctx);
}

static const char *category_json(struct ctx *ctx, int64_t id)
{
	return arena_printf(ctx->arena, "{\"category_id\":%lld}", (long long)id);
}

static enum err make_move(struct ctx *ctx, const struct topic *topic, const void *wanted,
			  struct setting *setting)
{
	int64_t category_id = *(const int64_t *)wanted;
	struct rows rows;

	topic_add_category_check(ctx, category_id, &rows);
	TRY(db_run(ctx));
	TRY(topic_take_category_check(ctx, &rows));
	setting->before = category_json(ctx, topic->category_id);
	setting->after = category_json(ctx, category_id);
	return OK;
}

enum err topic_move(struct ctx *ctx, const struct topic_act_form *form, int64_t category_id)
{
	return writing_end(ctx, set(ctx, form, ACT_MOVE, make_move, &category_id));
}

struct pin {
	enum topic_pin pin;
	int64_t until;
};

static const char *pin_json(struct ctx *ctx, enum topic_pin pin, int64_t until)
{
	const char *time = until && pin ? arena_printf(ctx->arena, "%lld", (long long)until)
					: "null";

	return arena_printf(ctx->arena, "{\"pinned\":\"%s\",\"pinned_until\":%s}", pin_texts[pin],
			    time);
}

static enum err make_pin(struct ctx *ctx, const struct topic *topic, const void *wanted,
			 struct setting *setting)
{
	const struct pin *pin = wanted;

	if (pin->pin && pin->until && pin->until <= ctx->now)
		return fail(ctx, ERR_INVALID, "until", "%s", _("Choose a day to come."));
	setting->before = pin_json(ctx, topic->pin, topic->pinned_until);
	setting->after = pin_json(ctx, pin->pin, pin->until);
	return OK;
}

enum err topic_set_pin(struct ctx *ctx, const struct topic_act_form *form, enum topic_pin pin,
		       int64_t until)
{
	return writing_end(ctx, set(ctx, form, ACT_PIN, make_pin, &(struct pin){ pin, until }));
}

static const char *lock_json(bool is_on)
{
	return is_on ? "{\"is_locked\":true}" : "{\"is_locked\":false}";
}

static enum err make_lock(struct ctx *ctx, const struct topic *topic, const void *wanted,
			  struct setting *setting)
{
	(void)ctx;
	setting->before = lock_json(topic->is_locked);
	setting->after = lock_json(*(const bool *)wanted);
	return OK;
}

enum err topic_set_lock(struct ctx *ctx, const struct topic_act_form *form, bool is_on)
{
	return writing_end(ctx, set(ctx, form, ACT_LOCK, make_lock, &is_on));
}

const char *topic_status_json(struct ctx *ctx, enum topic_status status, int64_t duplicate_of,
			      const char *reason)
{
	struct buf json;

	buf_init(&json, ctx->arena, 16384);
	buf_printf(&json, "{\"status\":\"%s\",\"duplicate_of\":", topic_status_text(status));
	if (duplicate_of)
		buf_i64(&json, duplicate_of);
	else
		buf_text(&json, "null");
	buf_text(&json, ",\"status_reason\":");
	buf_json(&json, reason ? reason : "");
	buf_char(&json, '}');
	return buf_to_arena(&json, ctx->arena);
}

/* Reading ---------------------------------------------------------------------------- */

static void read_state(struct rows *rows, struct act_state *state)
{
	state->category_id = col_i64(rows);
	state->pinned_until = col_i64(rows);
	state->duplicate_of = col_i64(rows);
	state->created_at = col_i64(rows);
	state->author_id = col_i64(rows);
	state->status = topic_status_from_text(col_text(rows));
	state->pin = topic_pin_from_text(col_text(rows));
	state->is_locked = col_bool(rows);
	state->is_visible = col_bool(rows);
	state->stage = idea_stage_from_text(col_text(rows));
}

static void read_act(struct ctx *ctx, struct rows *rows, struct topic_act *act)
{
	act->id = col_i64(rows);
	act->kind = topic_act_kind_from_text(col_text(rows));
	act->topic_id = col_i64(rows);
	act->other_id = col_i64(rows);
	act->post_id = col_i64(rows);
	act->created_at = col_time(rows);
	act->undone_at = col_time(rows);
	act->reason = col_text(rows);
	act->actor_name = col_text(rows);
	act->other_title = col_text(rows);
	act->other_slug = slug_from(ctx->arena, act->other_title);
	read_state(rows, &act->before);
	read_state(rows, &act->after);
}

enum err topic_act_list(struct ctx *ctx, int64_t topic_id, struct topic_act **out, size_t *count)
{
	struct subject subject = { .visibility = VISIBILITY_WITHDRAWN, .now = ctx->now };
	struct rows rows;

	TRY(db_query(ctx, &act_list, &rows, param_i64(topic_id), param_i64(ACTS_SHOWN)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct topic_act);
	*count = 0;
	while (rows_next(&rows)) {
		struct topic_act *act = &(*out)[(*count)++];

		read_act(ctx, &rows, act);
		act->can_undo = !act->undone_at &&
				policy_can(ctx->actor, topic_act_right(act->kind), &subject);
	}
	return OK;
}

enum err topic_act_posts(struct ctx *ctx, int64_t topic_id, struct act_post **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &act_posts, &rows, param_i64(topic_id), param_i64(SPLIT_MAX + 1)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct act_post);
	*count = 0;
	while (rows_next(&rows)) {
		struct act_post *post = &(*out)[(*count)++];

		post->id = col_i64(&rows);
		post->created_at = col_time(&rows);
		post->kind = post_kind_from_text(col_text(&rows));
		post->excerpt = markdown_excerpt(ctx->arena, col_text(&rows), 120);
		author_read(ctx, &rows, &post->author);
	}
	return OK;
}

enum err topic_merged_path(struct ctx *ctx, int64_t topic_id, const char **path)
{
	struct rows rows;
	int64_t id;

	*path = NULL;
	TRY(db_query(ctx, &merged_path, &rows, param_i64(topic_id)));
	if (!rows_next(&rows))
		return OK;
	id = col_i64(&rows);
	*path = topic_path(ctx->arena, id, col_text(&rows));
	return OK;
}

struct topic_tools topic_tools_of(const struct ctx *ctx, const struct topic *topic)
{
	struct subject subject = topic_subject(ctx, topic);
	const struct actor *actor = ctx->actor;

	return (struct topic_tools){
		.merge = policy_can(actor, MAY_MERGE_TOPIC, &subject),
		.split = policy_can(actor, MAY_MERGE_TOPIC, &subject) && topic->answer_count > 0,
		.move = policy_can(actor, MAY_MOVE_TOPIC, &subject),
		.pin = policy_can(actor, MAY_PIN_TOPIC, &subject),
		.lock = policy_can(actor, MAY_LOCK_TOPIC, &subject),
		.status = policy_can(actor, MAY_CLOSE, &subject),
		.author = policy_can(actor, MAY_CHANGE_AUTHOR, &subject),
	};
}
