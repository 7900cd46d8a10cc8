/*
 * Derived values: each group has one select that says how many rows differ, a
 * column for each value, and one update that mends them. What functions.sql keeps
 * by triggers stands here a second time, as it follows from the truth.
 */
#include "forum/check.h"

#include "db/db.h"

#define VALUES_MAX 9

/*
 * Truth: select id and the values, as they should be, in the order of the names.
 * Written so that the whole table is read once.
 */
#define POSTS_TRUTH \
	"select p.id,\n" \
	"	(select count(*) from thanks k where k.post_id = p.id)::integer as thanks_count,\n" \
	"	p.votes_imported + (select count(*) from thanks k where k.post_id = p.id)::integer as score,\n" \
	"	coalesce(c.comments, 0)::integer as comment_count\n" \
	"from posts p\n" \
	"left join (select parent_id, count(*) as comments from posts\n" \
	"	where kind = 'comment' and visibility = 'visible' group by parent_id) c on c.parent_id = p.id\n"

#define TOPICS_TRUTH \
	"select t.id,\n" \
	"	coalesce(p.answers, 0)::integer as answer_count,\n" \
	"	coalesce(p.comments, 0)::integer as comment_count,\n" \
	"	coalesce(p.accepted, 0)::integer as accepted_count,\n" \
	"	coalesce(m.people, 0)::integer as me_too_count,\n" \
	"	t.votes_imported + coalesce(m.people, 0)::integer as score,\n" \
	"	p.first_answer_at,\n" \
	"	p.solved_at,\n" \
	"	coalesce(g.tags, '') as tag_list,\n" \
	"	coalesce(c.parent_id, c.id) as top_category_id\n" \
	"from topics t\n" \
	"join categories c on c.id = t.category_id\n" \
	"left join (select topic_id,\n" \
	"		count(*) filter (where kind = 'answer') as answers,\n" \
	"		count(*) filter (where kind = 'comment') as comments,\n" \
	"		count(accepted_at) as accepted,\n" \
	"		min(created_at) filter (where kind = 'answer') as first_answer_at,\n" \
	"		min(accepted_at) as solved_at\n" \
	"	from posts where visibility = 'visible' group by topic_id) p on p.topic_id = t.id\n" \
	"left join (select topic_id, count(*) as people from me_too group by topic_id) m on m.topic_id = t.id\n" \
	"left join (select tt.topic_id,\n" \
	"		string_agg(tag.id || ':' || tag.name, ',' order by tt.position, tag.id) as tags\n" \
	"	from topic_tags tt join tags tag on tag.id = tt.tag_id group by tt.topic_id) g on g.topic_id = t.id\n"

#define PEOPLE_TRUTH \
	"select q.id, q.questions as question_count, q.answers as answer_count, q.accepted as accepted_count,\n" \
	"	q.thanks as thanks_count, q.reputation\n" \
	"from (select a.id,\n" \
	"		coalesce(p.questions, 0)::integer as questions, coalesce(p.answers, 0)::integer as answers,\n" \
	"		coalesce(p.accepted, 0)::integer as accepted, coalesce(k.thanks, 0)::integer as thanks,\n" \
	"		coalesce(e.points, 0)::integer as reputation\n" \
	"	from people a\n" \
	"	left join (select author_id, count(*) filter (where kind = 'question') as questions,\n" \
	"			count(*) filter (where kind = 'answer') as answers, count(accepted_at) as accepted\n" \
	"		from posts where visibility = 'visible' group by author_id) p on p.author_id = a.id\n" \
	"	left join (select p.author_id, count(*) as thanks\n" \
	"		from thanks join posts p on p.id = thanks.post_id group by p.author_id) k\n" \
	"		on k.author_id = a.id\n" \
	"	left join (select person_id, sum(points) as points from reputation_entries group by person_id) e\n" \
	"		on e.person_id = a.id) q\n"

#define DIFFERS(column) "count(*) filter (where x." column " is distinct from truth." column ")"

DB_STATEMENT(check_posts,
	     "select " DIFFERS("thanks_count") ", " DIFFERS("score") ", " DIFFERS(
		     "comment_count") "\n"
				      "from posts x join (" POSTS_TRUTH
				      ") truth on truth.id = x.id",
	     0);

DB_STATEMENT(repair_posts,
	     "update posts x set thanks_count = truth.thanks_count, score = truth.score,\n"
	     "	comment_count = truth.comment_count\n"
	     "from (" POSTS_TRUTH ") truth\n"
	     "where truth.id = x.id and (x.thanks_count, x.score, x.comment_count)\n"
	     "	is distinct from (truth.thanks_count, truth.score, truth.comment_count)",
	     0);

DB_STATEMENT(
	check_topics,
	"select " DIFFERS("answer_count") ", " DIFFERS("comment_count") ", " DIFFERS("accepted_count") ", " DIFFERS("me_too_count") ", " DIFFERS(
		"score") ", " DIFFERS("first_answer_at") ", " DIFFERS("solved_at") ", " DIFFERS("tag_list") ", " DIFFERS("top_category_id") "\n"
																	    "from topics x join (" TOPICS_TRUTH
																	    ") truth on truth.id = x.id",
	0);

DB_STATEMENT(
	repair_topics,
	"update topics x set answer_count = truth.answer_count, comment_count = truth.comment_count,\n"
	"	accepted_count = truth.accepted_count, me_too_count = truth.me_too_count, score = truth.score,\n"
	"	first_answer_at = truth.first_answer_at, solved_at = truth.solved_at,\n"
	"	tag_list = truth.tag_list, top_category_id = truth.top_category_id\n"
	"from (" TOPICS_TRUTH ") truth\n"
	"where truth.id = x.id and (x.answer_count, x.comment_count, x.accepted_count, x.me_too_count,\n"
	"		x.score, x.first_answer_at, x.solved_at, x.tag_list, x.top_category_id)\n"
	"	is distinct from (truth.answer_count, truth.comment_count, truth.accepted_count,\n"
	"		truth.me_too_count, truth.score, truth.first_answer_at, truth.solved_at,\n"
	"		truth.tag_list, truth.top_category_id)",
	0);

DB_STATEMENT(
	check_people,
	"select " DIFFERS("question_count") ", " DIFFERS("answer_count") ", " DIFFERS("accepted_count") ", " DIFFERS(
		"thanks_count") ", " DIFFERS("reputation") "\n"
							   "from people x join (" PEOPLE_TRUTH
							   ") truth on truth.id = x.id",
	0);

DB_STATEMENT(
	repair_people,
	"update people x set question_count = truth.question_count, answer_count = truth.answer_count,\n"
	"	accepted_count = truth.accepted_count, thanks_count = truth.thanks_count,\n"
	"	reputation = truth.reputation\n"
	"from (" PEOPLE_TRUTH ") truth\n"
	"where truth.id = x.id and (x.question_count, x.answer_count, x.accepted_count, x.thanks_count,\n"
	"		x.reputation)\n"
	"	is distinct from (truth.question_count, truth.answer_count, truth.accepted_count,\n"
	"		truth.thanks_count, truth.reputation)",
	0);

DB_STATEMENT(check_topic_tags,
	     "select count(*)\n"
	     "from topic_tags x join topics t on t.id = x.topic_id\n"
	     "where x.created_at is distinct from t.created_at",
	     0);

DB_STATEMENT(repair_topic_tags,
	     "update topic_tags x set created_at = t.created_at\n"
	     "from topics t\n"
	     "where t.id = x.topic_id and x.created_at is distinct from t.created_at",
	     0);

/* The ledger against what posts and thanks say; it is only ever added to. */
DB_STATEMENT(check_reputation, "select count(*) from reputation_differences(null)", 0);

DB_STATEMENT(repair_reputation, "select reputation_settle(null)", 0);

#define ARTICLES_TRUTH \
	"select a.id, (select count(*) from article_votes v where v.article_id = a.id and v.is_helpful) as helpful,\n" \
	"	(select count(*) from article_votes v where v.article_id = a.id and not v.is_helpful) as unhelpful\n" \
	"from articles a"

DB_STATEMENT(check_articles,
	     "select count(*) filter (where x.helpful_count <> truth.helpful),\n"
	     "	count(*) filter (where x.unhelpful_count <> truth.unhelpful)\n"
	     "from articles x join (" ARTICLES_TRUTH ") truth on truth.id = x.id",
	     0);

DB_STATEMENT(
	repair_articles,
	"update articles x set helpful_count = truth.helpful, unhelpful_count = truth.unhelpful\n"
	"from (" ARTICLES_TRUTH ") truth\n"
	"where truth.id = x.id\n"
	"	and (x.helpful_count, x.unhelpful_count) is distinct from (truth.helpful, truth.unhelpful)",
	0);

/* In the order that all locks are taken in; posts before what counts them. */
static const struct group {
	const struct stmt *check, *repair;
	const char *names[VALUES_MAX + 1];
} groups[] = {
	{ &check_topics,
	  &repair_topics,
	  { "topics.answer_count", "topics.comment_count", "topics.accepted_count",
	    "topics.me_too_count", "topics.score", "topics.first_answer_at", "topics.solved_at",
	    "topics.tag_list", "topics.top_category_id" } },
	{ &check_topic_tags, &repair_topic_tags, { "topic_tags.created_at" } },
	{ &check_posts,
	  &repair_posts,
	  { "posts.thanks_count", "posts.score", "posts.comment_count" } },
	{ &check_articles,
	  &repair_articles,
	  { "articles.helpful_count", "articles.unhelpful_count" } },
	{ &check_reputation, &repair_reputation, { "reputation_entries.cause" } },
	{ &check_people,
	  &repair_people,
	  { "people.question_count", "people.answer_count", "people.accepted_count",
	    "people.thanks_count", "people.reputation" } },
};

static enum err run_group(struct ctx *ctx, const struct group *group, bool repair,
			  struct check_result *out, size_t *count)
{
	int64_t differing = 0;
	struct rows rows;

	TRY(db_query_params(ctx, group->check, &rows, NULL, 0));
	rows_next(&rows);
	for (size_t i = 0; group->names[i]; i++) {
		out[*count] = (struct check_result){ .name = group->names[i],
						     .differing = col_i64(&rows) };
		differing += out[(*count)++].differing;
	}
	if (repair && differing > 0)
		return db_query_params(ctx, group->repair, NULL, NULL, 0);
	return OK;
}

enum err check_run(struct ctx *ctx, bool repair, struct check_result **out, size_t *count)
{
	*out = arena_array_of(ctx->arena, ARRAY_COUNT(groups) * VALUES_MAX, struct check_result);
	*count = 0;
	for (size_t i = 0; i < ARRAY_COUNT(groups); i++)
		TRY(run_group(ctx, &groups[i], repair, *out, count));
	return repair ? counts_refresh(ctx) : OK;
}
