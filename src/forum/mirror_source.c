/*
 * Sources of mirrors: creating, listing, setting up, and what the worker writes down
 * about their calls.
 */
#include "forum/mirror_work.h"

#include "base/buf.h"
#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/category.h"
#include "forum/field.h"
#include "forum/topic_write.h"
#include "i18n/i18n.h"

#define NAME_MAX_POINTS    100
#define ACCOUNT_MAX_POINTS 2000

#define MIRROR_COLUMNS \
	"s.id, s.connector, s.account, s.name, s.usage_percent, s.usage_until, s.category_id, " CATEGORY_NAME_COLUMNS( \
		"c") ", s.language, s.state, s.state_reason, s.show_authors, s.index_comments, " \
		     "s.index_answer_min, s.keep_removed_days, s.keep_raw_days, s.poll_minutes, " \
		     "s.privacy_decided_at, s.backfill_asked_at, s.backfill_started_at, s.backfilled_at, " \
		     "s.watermark, s.polled_at, s.counted_at, s.swept_at, s.event_at, s.health_at, " \
		     "s.writes_blocked_until, s.written_at, s.brake_at, s.token_expires_at, " \
		     "s.failed_calls, s.last_error_at, s.last_error, s.last_trace_id"
#define MIRROR_TABLES "mirror_sources s join categories c on c.id = s.category_id"

DB_STATEMENT(mirror_by_id, "select " MIRROR_COLUMNS " from " MIRROR_TABLES " where s.id = $1", 1);

DB_STATEMENT(mirror_by_words,
	     "select " MIRROR_COLUMNS " from " MIRROR_TABLES "\n"
	     "where s.state <> 'removed' and (s.id::text = $1 or s.account = $1 or s.name = $1)\n"
	     "order by s.id::text = $1 desc, s.id limit 1",
	     1);

DB_STATEMENT(mirror_all,
	     "select " MIRROR_COLUMNS " from " MIRROR_TABLES
	     " where s.state <> 'removed' order by s.id limit 200",
	     0);

/*
 * One that was removed and is made again goes on where it was. What sends no notices
 * (a feed) is read at once: there is nothing to set up first.
 */
DB_STATEMENT(
	mirror_insert,
	"insert into mirror_sources as s (connector, account, name, category_id, language, created_by,\n"
	"	backfill_asked_at)\n"
	"values ($1, $2, $3, $4, $5, $6, case when $7 then clock_timestamp() end)\n"
	"on conflict (connector, account) do update set\n"
	"	state = case when s.state = 'removed' then 'active' else s.state end\n"
	"returning s.id, xmax = 0",
	7);

DB_STATEMENT(
	mirror_update,
	"update mirror_sources set name = $2, category_id = $3, language = $4, show_authors = $5,\n"
	"	index_comments = $6, index_answer_min = $7::bigint, keep_removed_days = $8::bigint,\n"
	"	keep_raw_days = $9::bigint, poll_minutes = $10::bigint,\n"
	"	privacy_decided_by = case when $11 then $12 else privacy_decided_by end,\n"
	"	privacy_decided_at = case when $11 then $13 else privacy_decided_at end\n"
	"where id = $1",
	13);

/* Every thread is shown anew: its root is asked for as if it had changed. */
DB_STATEMENT(
	mirror_reshow,
	"insert into mirror_reshows (source_id, root_key)\n"
	"select i.source_id, i.key from mirror_items i where i.source_id = $1 and i.kind = 'post'\n"
	"on conflict do nothing",
	1);

DB_STATEMENT(mirror_update_state,
	     "update mirror_sources set state = $2, state_reason = $3,\n"
	     "	health_at = case when $2 = 'active' then null else health_at end\n"
	     "where id = $1 and (state, state_reason) is distinct from ($2, $3)\n"
	     "	and (state in ('active', 'stopped') or $2 <> 'stopped')",
	     3);

DB_STATEMENT(mirror_backfill_ask,
	     "update mirror_sources set backfill_asked_at = clock_timestamp() where id = $1", 1);

DB_STATEMENT(mirror_brake_off, "update mirror_sources set brake_at = null where id = $1", 1);

DB_STATEMENT(mirror_wake, "select pg_notify('mirror', '')", 0);

/* Words ---------------------------------------------------------------------------- */

static const char *const states[] = {
	[MIRROR_ACTIVE] = "active",
	[MIRROR_PAUSED] = "paused",
	[MIRROR_STOPPED] = "stopped",
	[MIRROR_REMOVED] = "removed",
};

static const char *const author_choices[] = {
	[AUTHORS_NOBODY] = "nobody",
	[AUTHORS_ANONYMOUS] = "anonymous",
	[AUTHORS_FIRST_NAME] = "first_name",
	[AUTHORS_NAME] = "name",
};

static int word_index(const char *const *words, size_t count, const char *text, int missing)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	return missing;
}

const char *mirror_state_text(enum mirror_state state)
{
	return states[state];
}

const char *mirror_authors_text(enum mirror_authors authors)
{
	return author_choices[authors];
}

bool mirror_authors_parse(const char *text, enum mirror_authors *out)
{
	int index = word_index(author_choices, ARRAY_COUNT(author_choices), text, -1);

	if (index < 0)
		return false;
	*out = (enum mirror_authors)index;
	return true;
}

/* Reading -------------------------------------------------------------------------- */

static void read_times(struct rows *rows, struct mirror *out)
{
	out->privacy_decided_at = col_time(rows);
	out->backfill_asked_at = col_time(rows);
	out->backfill_started_at = col_time(rows);
	out->backfilled_at = col_time(rows);
	out->watermark = col_text(rows);
	out->polled_at = col_time(rows);
	out->counted_at = col_time(rows);
	out->swept_at = col_time(rows);
	out->event_at = col_time(rows);
	out->health_at = col_time(rows);
	out->writes_blocked_until = col_time(rows);
	out->written_at = col_time(rows);
	out->brake_at = col_time(rows);
	out->token_expires_at = col_time(rows);
}

static void mirror_read(struct ctx *ctx, struct rows *rows, struct mirror *out)
{
	*out = (struct mirror){ 0 };
	out->source.id = col_i64(rows);
	out->source.connector = col_text(rows);
	out->source.account = col_text(rows);
	out->source.name = col_text(rows);
	out->source.usage_percent = col_i64(rows);
	out->source.usage_until = col_time(rows);
	out->category_id = col_i64(rows);
	out->category_name = category_name_read(ctx, rows);
	out->language = col_text(rows);
	out->state = (enum mirror_state)word_index(states, ARRAY_COUNT(states), col_text(rows),
						   MIRROR_STOPPED);
	out->state_reason = col_text(rows);
	out->show_authors = (enum mirror_authors)word_index(
		author_choices, ARRAY_COUNT(author_choices), col_text(rows), AUTHORS_NOBODY);
	out->index_comments = col_bool(rows);
	out->index_answer_min = col_i64(rows);
	out->keep_removed_days = col_i64(rows);
	out->keep_raw_days = col_i64(rows);
	out->poll_minutes = col_i64(rows);
	read_times(rows, out);
	out->failed_calls = col_i64(rows);
	out->last_error_at = col_time(rows);
	out->last_error = col_text(rows);
	out->last_trace_id = col_text(rows);
}

enum err mirror_load(struct ctx *ctx, int64_t id, struct mirror *out)
{
	struct rows rows;

	*out = (struct mirror){ .source.name = "" };
	TRY(db_query(ctx, &mirror_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	mirror_read(ctx, &rows, out);
	return OK;
}

enum err mirror_find(struct ctx *ctx, const char *what, struct mirror *out)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_by_words, &rows, param_text(what)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL,
			    _("There is no source \"%s\". \"entraide mirror list\" shows them."),
			    what);
	mirror_read(ctx, &rows, out);
	return OK;
}

enum err mirror_list(struct ctx *ctx, struct mirror **out, size_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &mirror_all, &rows, NULL, 0));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror);
	*count = 0;
	while (rows_next(&rows))
		mirror_read(ctx, &rows, &(*out)[(*count)++]);
	return OK;
}

/* Changing ------------------------------------------------------------------------- */

static enum err require_manager(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_MIRRORS, &(struct subject){ .now = ctx->now });
}

static enum err clean_new(struct ctx *ctx, const struct mirror_new *form, struct mirror_new *clean)
{
	*clean = *form;
	if (!connector_find(form->connector))
		return fail(ctx, ERR_INVALID, "connector", "%s",
			    _("There is no connector of that name."));
	TRY(field_line(ctx, "account", form->account, 1, ACCOUNT_MAX_POINTS, &clean->account));
	TRY(field_line(ctx, "name", form->name, 1, NAME_MAX_POINTS, &clean->name));
	if (!i18n_is_supported(form->language))
		return fail(ctx, ERR_INVALID, "language", "%s", _("Please choose a language."));
	return OK;
}

enum err mirror_create(struct ctx *ctx, const struct mirror_new *form, int64_t *id)
{
	struct mirror_new clean;
	struct rows category, rows;

	TRY(require_manager(ctx));
	TRY(clean_new(ctx, form, &clean));
	topic_add_category_check(ctx, clean.category_id, &category);
	TRY(db_run(ctx));
	TRY(topic_take_category_check(ctx, &category));
	db_begin(ctx);
	TRY(db_query(
		ctx, &mirror_insert, &rows, param_text(clean.connector), param_text(clean.account),
		param_text(clean.name), param_i64(clean.category_id), param_text(clean.language),
		param_id(ctx->actor->id), param_bool(!connector_find(clean.connector)->has_push)));
	rows_next(&rows);
	*id = col_i64(&rows);
	if (col_bool(&rows))
		audit_add(ctx, "mirror_create", "mirror", *id, NULL);
	db_add_params(ctx, &mirror_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

/* What was decided, in words that stay true when the words on the page change. */
static const char *privacy_json(struct ctx *ctx, const struct mirror *changed)
{
	struct buf details;

	buf_init(&details, ctx->arena, 1024);
	buf_printf(&details,
		   "{\"show_authors\":\"%s\",\"index_comments\":%s,\"keep_removed_days\":%lld,"
		   "\"keep_raw_days\":%lld}",
		   mirror_authors_text(changed->show_authors),
		   changed->index_comments ? "true" : "false",
		   (long long)changed->keep_removed_days, (long long)changed->keep_raw_days);
	return details.data;
}

static bool is_privacy_changed(const struct mirror *now, const struct mirror *changed)
{
	return now->privacy_decided_at == 0 || now->show_authors != changed->show_authors ||
	       now->index_comments != changed->index_comments ||
	       now->keep_removed_days != changed->keep_removed_days ||
	       now->keep_raw_days != changed->keep_raw_days;
}

static void add_update(struct ctx *ctx, const struct mirror *changed, const char *name,
		       bool is_decision)
{
	db_add(ctx, &mirror_update, NULL, param_i64(changed->source.id), param_text(name),
	       param_i64(changed->category_id), param_text(changed->language),
	       param_text(mirror_authors_text(changed->show_authors)),
	       param_bool(changed->index_comments), param_i64(changed->index_answer_min),
	       param_i64(changed->keep_removed_days), param_i64(changed->keep_raw_days),
	       param_i64(changed->poll_minutes), param_bool(is_decision), param_id(ctx->actor->id),
	       param_time(ctx->now));
}

enum err mirror_configure(struct ctx *ctx, const struct mirror *changed)
{
	struct mirror now;
	const char *name;
	bool is_decision;

	TRY(require_manager(ctx));
	TRY(mirror_load(ctx, changed->source.id, &now));
	TRY(field_line(ctx, "name", changed->source.name, 1, NAME_MAX_POINTS, &name));
	if (!i18n_is_supported(changed->language))
		return fail(ctx, ERR_INVALID, "language", "%s", _("Please choose a language."));
	is_decision = is_privacy_changed(&now, changed);
	db_begin(ctx);
	add_update(ctx, changed, name, is_decision);
	if (is_decision)
		audit_add(ctx, "mirror_privacy", "mirror", changed->source.id,
			  privacy_json(ctx, changed));
	if (now.show_authors != changed->show_authors || strcmp(now.source.name, name) != 0)
		db_add(ctx, &mirror_reshow, NULL, param_i64(changed->source.id));
	db_add_params(ctx, &mirror_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

enum err mirror_set_state(struct ctx *ctx, int64_t id, enum mirror_state state, const char *reason)
{
	struct buf details;

	TRY(require_manager(ctx));
	buf_init(&details, ctx->arena, 8192);
	buf_text(&details, "{\"state\":");
	buf_json(&details, mirror_state_text(state));
	buf_text(&details, ",\"reason\":");
	buf_json(&details, reason);
	buf_text(&details, "}");
	db_begin(ctx);
	db_add(ctx, &mirror_update_state, NULL, param_i64(id), param_text(mirror_state_text(state)),
	       param_text(reason));
	audit_add(ctx, "mirror_state", "mirror", id, details.data);
	db_add_params(ctx, &mirror_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

enum err mirror_ask_backfill(struct ctx *ctx, int64_t id)
{
	TRY(require_manager(ctx));
	db_begin(ctx);
	db_add(ctx, &mirror_backfill_ask, NULL, param_i64(id));
	db_add_params(ctx, &mirror_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

enum err mirror_release_brake(struct ctx *ctx, int64_t id)
{
	TRY(require_manager(ctx));
	db_begin(ctx);
	db_add(ctx, &mirror_brake_off, NULL, param_i64(id));
	audit_add(ctx, "mirror_brake_release", "mirror", id, NULL);
	db_add_params(ctx, &mirror_wake, NULL, NULL, 0);
	return db_commit(ctx);
}
