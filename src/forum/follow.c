/*
 * Following a topic, tag or category.
 */
#include "forum/follow.h"

#include "db/db.h"
#include "forum/policy.h"
#include "forum/throttle.h"

/* How many one person may follow: so that a list of them is bounded. */
#define FOLLOWS_MAX 5000

/* The topic's visibility; a tag or category is always visible. */
DB_STATEMENT(follow_target,
	     "select case $1 when 'topic' then (select t.visibility from topics t where t.id = $2)"
	     " when 'tag' then (select 'visible' from tags t where t.id = $2)"
	     " else (select 'visible' from categories c where c.id = $2) end",
	     2);

DB_STATEMENT(follow_insert,
	     "insert into follows (person_id, kind, target_id, created_at)"
	     " select $1, $2, $3, $4"
	     " where (select count(*) from follows f where f.person_id = $1) < $5"
	     " on conflict do nothing",
	     5);

DB_STATEMENT(follow_delete,
	     "delete from follows where person_id = $1 and kind = $2 and target_id = $3", 3);

DB_STATEMENT(
	follow_exists,
	"select exists (select from follows where person_id = $1 and kind = $2 and target_id = $3)",
	3);

static const char *const kind_texts[] = {
	[FOLLOW_TOPIC] = "topic",
	[FOLLOW_TAG] = "tag",
	[FOLLOW_CATEGORY] = "category",
};

bool follow_kind_from_text(const char *text, enum follow_kind *out)
{
	for (size_t kind = 0; kind < ARRAY_COUNT(kind_texts); kind++) {
		if (!strcmp(kind_texts[kind], text)) {
			*out = (enum follow_kind)kind;
			return true;
		}
	}
	return false;
}

static enum err check_target(struct ctx *ctx, enum follow_kind kind, int64_t target_id)
{
	struct subject subject = { .now = ctx->now };
	struct rows rows, minute;

	db_add(ctx, &follow_target, &rows, param_text(kind_texts[kind]), param_i64(target_id));
	throttle_add_reaction(ctx, &minute);
	TRY(db_run(ctx));
	if (!rows_next(&rows) || col_is_null(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	subject.topic_visibility = visibility_from_text(col_text(&rows));
	TRY(policy_require(ctx, MAY_FOLLOW, &subject));
	return throttle_check(ctx, &minute);
}

enum err follow_set(struct ctx *ctx, enum follow_kind kind, int64_t target_id, bool is_on)
{
	struct param person = param_i64(ctx->actor->id);
	struct param word = param_text(kind_texts[kind]);

	if (ctx->actor->id == 0)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	/* What was withdrawn can still be left. */
	if (!is_on)
		return db_query(ctx, &follow_delete, NULL, person, word, param_i64(target_id));
	TRY(check_target(ctx, kind, target_id));
	return db_query(ctx, &follow_insert, NULL, person, word, param_i64(target_id),
			param_time(ctx->now), param_i64(FOLLOWS_MAX));
}

enum err follow_is_on(struct ctx *ctx, enum follow_kind kind, int64_t target_id, bool *out)
{
	struct rows rows;

	*out = false;
	if (ctx->actor->id == 0)
		return OK;
	TRY(db_query(ctx, &follow_exists, &rows, param_i64(ctx->actor->id),
		     param_text(kind_texts[kind]), param_i64(target_id)));
	*out = rows_next(&rows) && col_bool(&rows);
	return OK;
}
