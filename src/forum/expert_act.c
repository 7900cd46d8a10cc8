/*
 * What experts do: their queue, marking answers, proposing articles; and the
 * leaderboards beside which they are found.
 */
#include "db/db.h"
#include "forum/audit.h"
#include "forum/author.h"
#include "forum/expert.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/post_columns.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"

#define NOTE_MAX 500

/* Oldest first: whoever has waited longest. */
DB_STATEMENT(
	expert_queue_rows,
	"select " TOPIC_ROW_COLUMNS "\n"
	"from topics t" TOPIC_ROW_JOINS "\n"
	"where t.visibility = 'visible' and t.stage = '' and not t.is_answered and t.status in ('open', 'needs_information')\n"
	"	and t.author_id is distinct from $1::bigint\n"
	"	and (t.created_at, t.id) > (coalesce($2::timestamptz, '-infinity'), $3::bigint)\n"
	"	and exists (select from experts e where e.person_id = $1::bigint and e.state = 'active' and e.ends_at > now()\n"
	"		and (e.category_id in (t.category_id, t.top_category_id)\n"
	"			or e.tag_id in (select tt.tag_id from topic_tags tt where tt.topic_id = t.id)))\n"
	"order by t.created_at, t.id\n"
	"limit $4::bigint",
	4);

DB_STATEMENT(post_store_endorsed,
	     "update posts set endorsed_at = $2::timestamptz,\n"
	     "	endorsed_by = case when $2::timestamptz is null then null else $3::bigint end\n"
	     "where id = $1",
	     3);

DB_STATEMENT(article_propose_insert,
	     "insert into article_proposals (post_id, person_id, note, created_at)\n"
	     "values ($1, $2, $3, $4) on conflict (post_id) do nothing",
	     4);

DB_STATEMENT(
	leader_rows,
	"select " PERSON_AUTHOR_COLUMNS(
		"a") ", s.points, s.accepted, s.thanks\n"
		     "from (select e.person_id, sum(e.points) as points,\n"
		     "		count(*) filter (where e.cause = 'accepted' and e.discount in ('', 'cap')) as accepted,\n"
		     "		count(*) filter (where e.cause = 'thanks' and e.discount in ('', 'cap')) as thanks\n"
		     "	from reputation_standing e\n"
		     "	left join posts p on p.id = e.post_id\n"
		     "	left join topics t on t.id = p.topic_id\n"
		     "	where e.created_at >= $1::timestamptz and e.created_at < $2::timestamptz\n"
		     "		and ($3::bigint is null or $3::bigint in (t.category_id, t.top_category_id))\n"
		     "	group by e.person_id having sum(e.points) > 0) s\n"
		     "join people a on a.id = s.person_id and a.role = 'customer' and a.state = 'active' and a.is_ranked\n"
		     "order by s.points desc, s.accepted desc, a.id\n"
		     "limit $4::bigint",
	4);

enum err expert_queue(struct ctx *ctx, struct list_key after, struct topic_list *out)
{
	struct rows rows;
	const struct topic_row *last;

	TRY(db_query(ctx, &expert_queue_rows, &rows, param_i64(ctx->actor->id),
		     param_time(after.id ? after.at : 0), param_i64(after.id),
		     param_i64(TOPICS_PER_PAGE + 1)));
	*out = (struct topic_list){ .items = arena_array_of(ctx->arena, (size_t)rows.count,
							    struct topic_row),
				    .has_more = rows.count > TOPICS_PER_PAGE };
	while (out->count < TOPICS_PER_PAGE && rows_next(&rows))
		topic_row_read(ctx, &rows, &out->items[out->count++]);
	if (out->count == 0)
		return OK;
	last = &out->items[out->count - 1];
	out->next = (struct list_key){ last->created_at, last->id };
	return OK;
}

static enum err lock(struct ctx *ctx, int64_t id, enum action action, struct post_lock *lock)
{
	struct subject subject;

	db_begin(ctx);
	post_lock_add(ctx, id, lock);
	TRY(db_run(ctx));
	TRY(post_lock_take(ctx, lock));
	subject = post_subject(ctx, &lock->post, &lock->topic);
	return policy_require(ctx, action, &subject);
}

static enum err endorse(struct ctx *ctx, int64_t id, bool is_on)
{
	struct post_lock held;

	TRY(lock(ctx, id, MAY_ENDORSE, &held));
	if (is_on == (held.post.endorsed_at != 0))
		return db_commit(ctx);
	db_add(ctx, &post_store_endorsed, NULL, param_i64(id), param_time(is_on ? ctx->now : 0),
	       param_id(ctx->actor->id));
	audit_write(ctx, &(struct audit_entry){ .action = is_on ? "endorse" : "unendorse",
						.subject = "post",
						.subject_id = id,
						.person_id = held.post.author.id });
	return db_commit(ctx);
}

enum err post_endorse(struct ctx *ctx, int64_t id, bool is_on)
{
	return writing_end(ctx, endorse(ctx, id, is_on));
}

static enum err propose(struct ctx *ctx, int64_t id, const char *note)
{
	struct post_lock held;

	TRY(lock(ctx, id, MAY_PROPOSE_ARTICLE, &held));
	db_add(ctx, &article_propose_insert, NULL, param_i64(id), param_id(ctx->actor->id),
	       param_text(note), param_time(ctx->now));
	audit_write(ctx, &(struct audit_entry){ .action = "article_propose",
						.subject = "post",
						.subject_id = id,
						.person_id = held.post.author.id });
	return db_commit(ctx);
}

enum err article_propose(struct ctx *ctx, int64_t id, const char *note)
{
	const char *cleaned;

	TRY(field_line(ctx, "note", note, 0, NOTE_MAX, &cleaned));
	return writing_end(ctx, propose(ctx, id, cleaned));
}

enum err leader_list(struct ctx *ctx, int64_t from, int64_t until, int64_t category_id,
		     struct leaders *out)
{
	struct rows rows;

	TRY(db_query(ctx, &leader_rows, &rows, param_time(from), param_time(until),
		     param_id(category_id), param_i64(LEADERS_SHOWN)));
	*out = (struct leaders){ .items = arena_array_of(ctx->arena, (size_t)rows.count,
							 struct leader) };
	while (rows_next(&rows)) {
		struct leader *leader = &out->items[out->count++];

		author_read(ctx, &rows, &leader->author);
		leader->points = col_i64(&rows);
		leader->accepted = col_i64(&rows);
		leader->thanks = col_i64(&rows);
	}
	return OK;
}
