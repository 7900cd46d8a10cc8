/*
 * Ranks: who has which, and the versions of the ladder.
 */
#include "forum/rank.h"

#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/job.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

#define REASON_MAX 200

DB_STATEMENT(
	ladder_by_id,
	"select l.id, l.text from rank_ladders l\n"
	"where l.id = case when $1::bigint > 0 then $1::bigint else (select max(id) from rank_ladders) end",
	1);

DB_STATEMENT(ladder_versions,
	     "select l.id, l.created_at, coalesce(e.name, ''), l.reason\n"
	     "from rank_ladders l left join people e on e.id = l.editor_id\n"
	     "order by l.id desc\n"
	     "limit $1::bigint",
	     1);

/* One editor at a time: the second finds another newest version, and writes nothing. */
DB_STATEMENT(ladder_lock, "select pg_advisory_xact_lock(hashtext('entraide ranks'))", 0);

DB_STATEMENT(ladder_insert,
	     "insert into rank_ladders (text, editor_id, reason)\n"
	     "select $1, $2, $3\n"
	     "where (select max(id) from rank_ladders) = $4::bigint\n"
	     "returning id",
	     4);

int64_t rank_points(const struct ladder *ladder, const struct figures *figures)
{
	int64_t points = 0;

	for (int i = 0; i < FIGURE_COUNT; i++)
		points += ladder->weights[i] * figures->of[i];
	return points;
}

static bool is_reached(const struct rank *rank, int64_t points, const struct figures *figures)
{
	if (points < rank->points)
		return false;
	for (int i = 0; i < FIGURE_COUNT; i++)
		if (rank->least[i] > 0 && figures->of[i] < rank->least[i])
			return false;
	return true;
}

const struct rank *rank_reached(const struct ladder *ladder, const struct figures *figures)
{
	int64_t points = rank_points(ladder, figures);
	size_t i = ladder->count - 1;

	while (i > 0 && !is_reached(&ladder->ranks[i], points, figures))
		i--;
	return &ladder->ranks[i];
}

const struct rank *rank_above(const struct ladder *ladder, const struct rank *rank)
{
	return rank + 1 < ladder->ranks + ladder->count ? rank + 1 : NULL;
}

int rank_position(const struct ladder *ladder, const struct rank *rank)
{
	return (int)(rank - ladder->ranks) + 1;
}

const char *rank_name(const struct rank *rank, const char *language)
{
	return strcmp(language, "fr") == 0 ? rank->name_fr : rank->name_en;
}

enum err ladder_load(struct ctx *ctx, int64_t id, struct ladder *out)
{
	const char *problem;
	int64_t found;
	struct rows rows;
	int line;

	TRY(db_query(ctx, &ladder_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	found = col_i64(&rows);
	if (!rank_parse(ctx->arena, col_text(&rows), out, &line, &problem))
		return fail_log(ctx, ERR_INTERNAL, "ladder %lld, line %d: %s", (long long)found,
				line, problem);
	out->id = found;
	return OK;
}

enum err ladder_history(struct ctx *ctx, struct ladder_version **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &ladder_versions, &rows, param_i64(RANK_HISTORY_MAX)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct ladder_version);
	*count = 0;
	while (rows_next(&rows)) {
		struct ladder_version *version = &(*out)[(*count)++];

		version->id = col_i64(&rows);
		version->created_at = col_time(&rows);
		version->editor = col_text(&rows);
		version->reason = col_text(&rows);
	}
	return OK;
}

static enum err store(struct ctx *ctx, const char *text, int64_t follows_id, const char *reason)
{
	struct rows made;

	db_begin(ctx);
	db_add_params(ctx, &ladder_lock, NULL, NULL, 0);
	TRY(db_query(ctx, &ladder_insert, &made, param_text(text), param_id(ctx->actor->id),
		     param_text(reason), param_i64(follows_id)));
	if (!rows_next(&made))
		return fail(
			ctx, ERR_CONFLICT, NULL, "%s",
			_("Somebody changed the ranks while you were at it. Look at them, then save yours again."));
	audit_write(ctx, &(struct audit_entry){ .action = "ranks_change",
						.subject = "ladder",
						.subject_id = col_i64(&made),
						.reason = reason });
	job_add(ctx, "standing_all", NULL, "ranks", 0);
	return db_commit(ctx);
}

enum err ladder_change(struct ctx *ctx, const char *text, int64_t follows_id, const char *reason)
{
	const struct subject nobody = { 0 };
	const char *cleaned, *why, *problem;
	struct ladder ladder;
	enum err result;
	int line;

	TRY(policy_require(ctx, MAY_EDIT_RANKS, &nobody));
	TRY(field_text(ctx, "ladder", text, 1, RANK_TEXT_MAX, &cleaned));
	TRY(field_line(ctx, "reason", reason, 0, REASON_MAX, &why));
	if (!rank_parse(ctx->arena, cleaned, &ladder, &line, &problem)) {
		if (line == 0)
			return fail(ctx, ERR_INVALID, "ladder", "%s", problem);
		return fail(ctx, ERR_INVALID, "ladder", _("Line %d: %s"), line, problem);
	}
	result = store(ctx, cleaned, follows_id, why);
	if (result != OK)
		db_rollback(ctx);
	return result;
}
