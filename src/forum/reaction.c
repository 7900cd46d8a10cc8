/*
 * Small signs of one person: thanks for an answer, "me too" on a question. Given
 * twice is given once; the counts are kept by the triggers.
 */
#include "forum/post_columns.h"

#include "forum/notification.h"
#include "forum/throttle.h"

DB_STATEMENT(
	thanks_insert,
	"insert into thanks (post_id, person_id, created_at) values ($1, $2, $3) on conflict do nothing",
	3);
DB_STATEMENT(thanks_delete, "delete from thanks where post_id = $1 and person_id = $2", 2);

DB_STATEMENT(
	me_too_insert,
	"insert into me_too (topic_id, person_id, created_at) values ($1, $2, $3) on conflict do nothing",
	3);
DB_STATEMENT(me_too_delete, "delete from me_too where topic_id = $1 and person_id = $2", 2);

enum err post_thank(struct ctx *ctx, int64_t id, bool is_on)
{
	struct subject subject;
	struct topic topic;
	struct post post;
	struct rows minute;

	/* Goes in the same round trip as post_load's. */
	throttle_add_reaction(ctx, &minute);
	TRY(post_load(ctx, id, &post, &topic));
	subject = post_subject(ctx, &post, &topic);
	TRY(policy_require(ctx, MAY_THANK, &subject));
	TRY(throttle_check(ctx, &minute));
	if (!is_on)
		return db_query(ctx, &thanks_delete, NULL, param_i64(id),
				param_i64(ctx->actor->id));
	db_add(ctx, &thanks_insert, NULL, param_i64(id), param_i64(ctx->actor->id),
	       param_time(ctx->now));
	if (post.author.id)
		notify_person(ctx, post.author.id, NOTIFY_THANKS, topic.id, id);
	return db_run(ctx);
}

enum err topic_me_too(struct ctx *ctx, int64_t id, bool is_on)
{
	struct subject subject;
	struct topic topic;
	struct rows minute;

	throttle_add_reaction(ctx, &minute);
	TRY(topic_load(ctx, id, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_ME_TOO, &subject));
	TRY(throttle_check(ctx, &minute));
	if (!is_on)
		return db_query(ctx, &me_too_delete, NULL, param_i64(id),
				param_i64(ctx->actor->id));
	return db_query(ctx, &me_too_insert, NULL, param_i64(id), param_i64(ctx->actor->id),
			param_time(ctx->now));
}
