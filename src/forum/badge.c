/*
 * Badges: what there are, who has them, and giving them by hand.
 */
#include "forum/badge.h"

#include "db/db.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/badge_award.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "text/slug.h"

#define REASON_MAX    500
#define THRESHOLD_MAX 1000000
#define WINDOW_MAX    3650

/* $1 is the language. */
#define BADGE_COLUMNS \
	"b.id, b.slug, b.level, case $1 when 'fr' then b.name_fr else b.name_en end, " \
	"case $1 when 'fr' then b.description_fr else b.description_en end, " \
	"coalesce(b.figure, ''), b.threshold, b.window_days, b.is_active"

#define IS_HELD "a.taken_at is null"

DB_STATEMENT(badge_rows,
	     "select " BADGE_COLUMNS ",\n"
	     "	(select count(*) from badge_awards a where a.badge_id = b.id and " IS_HELD
	     "), null::timestamptz\n"
	     "from badges b\n"
	     "order by b.level, b.id\n"
	     "limit 100",
	     1);

DB_STATEMENT(badge_rows_of_person,
	     "select " BADGE_COLUMNS ", 0, a.awarded_at\n"
	     "from badge_awards a\n"
	     "join badges b on b.id = a.badge_id\n"
	     "where a.person_id = $2 and " IS_HELD "\n"
	     "order by b.level, a.awarded_at desc, b.id\n"
	     "limit 100",
	     2);

DB_STATEMENT(badge_by_slug,
	     "select " BADGE_COLUMNS ",\n"
	     "	(select count(*) from badge_awards a where a.badge_id = b.id and " IS_HELD
	     "), null::timestamptz\n"
	     "from badges b\n"
	     "where b.slug = $2",
	     2);

DB_STATEMENT(badge_holders,
	     "select " PERSON_AUTHOR_COLUMNS(
		     "p") ", a.id, a.awarded_at, a.given_by is not null\n"
			  "from badge_awards a\n"
			  "join badges b on b.id = a.badge_id\n"
			  "join people p on p.id = a.person_id and p.state <> 'anonymised'\n"
			  "where b.slug = $1 and " IS_HELD
			  " and ($2::bigint = 0 or a.id < $2::bigint)\n"
			  "order by a.id desc\n"
			  "limit $3::bigint",
	     3);

DB_STATEMENT(
	badge_person,
	"select p.id from people p where p.handle = $1 and p.state in ('active', 'suspended', 'imported')",
	1);

DB_STATEMENT(
	badge_award_by_hand,
	"insert into badge_awards as a (badge_id, person_id, awarded_at, given_by, reason)\n"
	"values ($1, $2, $3, $4, $5)\n"
	"on conflict (badge_id, person_id) do update set taken_at = null, taken_by = null,\n"
	"	awarded_at = excluded.awarded_at, given_by = excluded.given_by, reason = excluded.reason\n"
	"where a.taken_at is not null\n"
	"returning id",
	5);

DB_STATEMENT(badge_award_take,
	     "update badge_awards set taken_at = $3, taken_by = $4, reason = $5\n"
	     "where badge_id = $1 and person_id = $2 and taken_at is null\n"
	     "returning id",
	     5);

DB_STATEMENT(
	badge_store_rule,
	"update badges set threshold = $2::bigint, window_days = $3::integer, is_active = $4::boolean\n"
	"where id = $1",
	4);

static void badge_read(struct rows *rows, struct badge *badge)
{
	*badge = (struct badge){ .id = col_i64(rows) };
	badge->slug = col_text(rows);
	badge->level = (enum badge_level)col_i64(rows);
	badge->name = col_text(rows);
	badge->description = col_text(rows);
	badge->has_rule = figure_from_text(col_text(rows), &badge->figure);
	badge->threshold = col_i64(rows);
	badge->window_days = col_i64(rows);
	badge->is_active = col_bool(rows);
	badge->holder_count = col_i64(rows);
	badge->awarded_at = col_time(rows);
}

void badge_add_rows(struct ctx *ctx, struct rows *rows)
{
	db_add(ctx, &badge_rows, rows, param_text(ctx->language));
}

void badges_read(struct ctx *ctx, struct rows *rows, struct badges *out)
{
	*out = (struct badges){ .items = arena_array_of(ctx->arena, (size_t)rows->count,
							struct badge) };
	while (rows_next(rows))
		badge_read(rows, &out->items[out->count++]);
}

bool badge_is_earned(const struct badge *badge, const struct figures *figures)
{
	return badge->has_rule && badge->is_active &&
	       figures->of[badge->figure] >= badge->threshold;
}

enum err badge_list(struct ctx *ctx, struct badges *out)
{
	struct rows rows;

	badge_add_rows(ctx, &rows);
	TRY(db_run(ctx));
	badges_read(ctx, &rows, out);
	return OK;
}

void badge_add_rows_of(struct ctx *ctx, int64_t person_id, struct rows *rows)
{
	db_add(ctx, &badge_rows_of_person, rows, param_text(ctx->language), param_i64(person_id));
}

static enum err find_badge(struct ctx *ctx, const char *slug, struct badge *out)
{
	struct rows rows;

	TRY(db_query(ctx, &badge_by_slug, &rows, param_text(ctx->language), param_text(slug)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	badge_read(&rows, out);
	return OK;
}

enum err badge_load(struct ctx *ctx, const char *slug, int64_t before, struct badge_holders *out)
{
	struct rows badge, holders;

	*out = (struct badge_holders){ 0 };
	db_add(ctx, &badge_by_slug, &badge, param_text(ctx->language), param_text(slug));
	db_add(ctx, &badge_holders, &holders, param_text(slug), param_i64(before),
	       param_i64(BADGE_HOLDERS_PAGE + 1));
	TRY(db_run(ctx));
	if (!rows_next(&badge))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	badge_read(&badge, &out->badge);
	out->items = arena_array_of(ctx->arena, BADGE_HOLDERS_PAGE, struct badge_holder);
	while (out->count < BADGE_HOLDERS_PAGE && rows_next(&holders)) {
		struct badge_holder *holder = &out->items[out->count++];

		author_read(ctx, &holders, &holder->author);
		holder->award_id = col_i64(&holders);
		holder->awarded_at = col_time(&holders);
		holder->is_given = col_bool(&holders);
	}
	if (holders.count > BADGE_HOLDERS_PAGE)
		out->next = out->items[out->count - 1].award_id;
	return OK;
}

/* By hand ------------------------------------------------------------------------------ */

static enum err find_person(struct ctx *ctx, const char *typed, int64_t *id)
{
	const char *handle = slug_from(ctx->arena, typed + (typed[0] == '@'));
	struct rows rows;

	TRY(db_query(ctx, &badge_person, &rows, param_text(handle)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "handle", "%s",
			    _("Nobody has this name here. Give the @name of the member."));
	*id = col_i64(&rows);
	return OK;
}

static void add_audit(struct ctx *ctx, const char *action, const struct badge *badge,
		      int64_t person_id, const char *reason)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "badge",
				 .subject_id = badge->id,
				 .person_id = person_id,
				 .reason = reason,
			 });
}

struct by_hand {
	struct badge badge;
	int64_t person_id;
	const char *reason;
};

static enum err prepare(struct ctx *ctx, const char *slug, const char *handle, const char *reason,
			struct by_hand *out)
{
	const struct subject nobody = { 0 };

	TRY(policy_require(ctx, MAY_GIVE_BADGES, &nobody));
	TRY(find_badge(ctx, slug, &out->badge));
	TRY(find_person(ctx, handle, &out->person_id));
	return field_line(ctx, "reason", reason, 3, REASON_MAX, &out->reason);
}

static enum err give(struct ctx *ctx, const struct by_hand *act)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &badge_award_by_hand, &rows, param_i64(act->badge.id),
		     param_i64(act->person_id), param_time(ctx->now), param_id(ctx->actor->id),
		     param_text(act->reason)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "handle", "%s",
			    _("This person has the badge already."));
	badge_add_notice(ctx, act->person_id, act->badge.id);
	add_audit(ctx, "badge_give", &act->badge, act->person_id, act->reason);
	return db_commit(ctx);
}

static enum err take(struct ctx *ctx, const struct by_hand *act)
{
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &badge_award_take, &rows, param_i64(act->badge.id),
		     param_i64(act->person_id), param_time(ctx->now), param_id(ctx->actor->id),
		     param_text(act->reason)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INVALID, "handle", "%s",
			    _("This person does not have the badge."));
	add_audit(ctx, "badge_take", &act->badge, act->person_id, act->reason);
	return db_commit(ctx);
}

enum err badge_give(struct ctx *ctx, const char *slug, const char *handle, const char *reason)
{
	struct by_hand act = { 0 };
	enum err result;

	TRY(prepare(ctx, slug, handle, reason, &act));
	result = give(ctx, &act);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err badge_take(struct ctx *ctx, const char *slug, const char *handle, const char *reason)
{
	struct by_hand act = { 0 };
	enum err result;

	TRY(prepare(ctx, slug, handle, reason, &act));
	result = take(ctx, &act);
	if (result != OK)
		db_rollback(ctx);
	return result;
}

enum err badge_change(struct ctx *ctx, const struct badge_change *change)
{
	const struct subject nobody = { 0 };
	struct badge badge = { 0 };

	TRY(policy_require(ctx, MAY_EDIT_RANKS, &nobody));
	TRY(find_badge(ctx, change->slug, &badge));
	if (change->threshold < 1 || change->threshold > THRESHOLD_MAX)
		return fail(ctx, ERR_INVALID, "threshold", _("Give a number between 1 and %d."),
			    THRESHOLD_MAX);
	if (change->window_days < 0 || change->window_days > WINDOW_MAX)
		return fail(ctx, ERR_INVALID, "window_days", _("Give a number between 0 and %d."),
			    WINDOW_MAX);
	db_add(ctx, &badge_store_rule, NULL, param_i64(badge.id), param_i64(change->threshold),
	       param_i64(change->window_days), param_bool(change->is_active));
	add_audit(ctx, "badge_change", &badge, 0, NULL);
	job_add(ctx, "standing_all", NULL, "badges", 0);
	return db_run(ctx);
}
