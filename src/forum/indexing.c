/*
 * What the search index owes. Marks are set by triggers in the transaction of a
 * change; whoever has taken them into the index takes them away, unless they were
 * set again meanwhile.
 */
#include "forum/indexing.h"

#include "base/buf.h"
#include "db/db.h"
#include "search/search.h"
#include "text/markdown.h"

/* Words beyond this are not searched: a thread of a thousand answers is about its first. */
#define QUESTION_MAX_POINTS 32000
#define POSTS_MAX_BYTES     ((size_t)200 * 1024)
#define ANSWER_MAX_POINTS   8000

DB_STATEMENT(index_oldest_marks,
	     "select topic_id, marked_at\n"
	     "from search_marks\n"
	     "order by marked_at, topic_id\n"
	     "limit $1::bigint",
	     1);

/* Exact: a double holds microseconds of 280 years. */
DB_STATEMENT(
	index_unmark,
	"delete from search_marks m\n"
	"using unnest($1::bigint[], $2::bigint[]) as done (topic_id, microseconds)\n"
	"where m.topic_id = done.topic_id\n"
	"	and m.marked_at = timestamptz 'epoch' + done.microseconds * interval '1 microsecond'",
	2);

DB_STATEMENT(
	index_topic,
	"select t.language, t.title, t.category_id, t.top_category_id, coalesce(t.author_id, 0),\n"
	"	t.created_at, t.active_at, t.score + t.me_too_count, t.answer_count,\n"
	"	t.accepted_count > 0, t.status in ('duplicate', 'closed'),\n"
	"	concat_ws(' ', c.name_fr, c.name_en, p.name_fr, p.name_en)\n"
	"from topics t\n"
	"join categories c on c.id = t.category_id\n"
	"left join categories p on p.id = c.parent_id\n"
	"where t.id = $1 and t.visibility = 'visible'",
	1);

/* The question first, then what was accepted, then the most useful. */
DB_STATEMENT(index_posts,
	     "select p.id, p.revision_count, p.kind = 'question', p.accepted_at is not null,\n"
	     "	coalesce(a.role in ('advisor', 'moderator', 'administrator'), false),\n"
	     "	p.score, p.body_md\n"
	     "from posts p\n"
	     "left join people a on a.id = p.author_id\n"
	     "where p.topic_id = $1 and p.visibility = 'visible'\n"
	     "order by p.kind = 'question' desc, p.accepted_at is null, p.score desc, p.number\n"
	     "limit $2::bigint",
	     2);

DB_STATEMENT(index_tags,
	     "select tag.name\n"
	     "from topic_tags tt\n"
	     "join tags tag on tag.id = tt.tag_id\n"
	     "where tt.topic_id = $1\n"
	     "order by tt.position",
	     1);

DB_STATEMENT(related_delete, "delete from related_topics where topic_id = $1", 1);

/* A topic that the index still has may be gone from here. */
DB_STATEMENT(related_insert,
	     "insert into related_topics (topic_id, position, related_id)\n"
	     "select $1, r.position, t.id\n"
	     "from unnest($2::bigint[]) with ordinality as r (id, position)\n"
	     "join topics t on t.id = r.id\n"
	     "where exists (select from topics own where own.id = $1)",
	     2);

DB_STATEMENT(index_mark_every,
	     "insert into search_marks (topic_id)\n"
	     "select id from topics order by id\n"
	     "on conflict (topic_id) do update set marked_at = clock_timestamp()",
	     0);

DB_STATEMENT(index_count_marks, "select count(*) from search_marks", 0);

/* One writer in the whole installation. The number is "entraide" in ASCII. */
#define WRITER_LOCK "7308907279878284389"

DB_STATEMENT(index_try_lock, "select pg_try_advisory_lock(" WRITER_LOCK ")", 0);

DB_STATEMENT(index_release_lock, "select pg_advisory_unlock(" WRITER_LOCK ")", 0);

enum err index_lock(struct ctx *ctx, bool *is_ours)
{
	struct rows rows;

	*is_ours = false;
	TRY(db_query_params(ctx, &index_try_lock, &rows, NULL, 0));
	*is_ours = rows_next(&rows) && col_bool(&rows);
	return OK;
}

enum err index_unlock(struct ctx *ctx)
{
	return db_query_params(ctx, &index_release_lock, NULL, NULL, 0);
}

enum err index_marks(struct ctx *ctx, struct index_mark **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &index_oldest_marks, &rows, param_i64(INDEX_BATCH)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct index_mark);
	*count = 0;
	while (rows_next(&rows)) {
		struct index_mark *mark = &(*out)[(*count)++];
		mark->topic_id = col_i64(&rows);
		mark->marked_at = col_time(&rows);
	}
	return OK;
}

static void read_posts(struct ctx *ctx, struct rows *rows, struct search_document *out)
{
	struct search_post *posts = arena_array_of(ctx->arena, (size_t)rows->count,
						   struct search_post);
	size_t length = 0;

	out->posts = posts;
	out->post_count = 0;
	while (rows_next(rows) && length < POSTS_MAX_BYTES) {
		struct search_post *post = &posts[out->post_count++];
		post->id = col_i64(rows);
		post->revision = col_i64(rows);
		post->is_question = col_bool(rows);
		post->is_accepted = col_bool(rows);
		post->is_official = col_bool(rows);
		post->score = col_i64(rows);
		post->text = markdown_excerpt(ctx->arena, col_text(rows),
					      post->is_question ? QUESTION_MAX_POINTS
								: ANSWER_MAX_POINTS);
		length += strlen(post->text);
	}
}

static void read_tags(struct ctx *ctx, struct rows *rows, struct search_document *out)
{
	const char **tags = arena_array_of(ctx->arena, (size_t)rows->count, const char *);

	out->tags = tags;
	out->tag_count = 0;
	while (rows_next(rows))
		tags[out->tag_count++] = col_text(rows);
}

enum err index_document(struct ctx *ctx, int64_t topic_id, struct search_document *out,
			bool *is_gone)
{
	struct rows topic, posts, tags;

	db_add(ctx, &index_topic, &topic, param_i64(topic_id));
	db_add(ctx, &index_posts, &posts, param_i64(topic_id), param_i64(SEARCH_POSTS_MAX));
	db_add(ctx, &index_tags, &tags, param_i64(topic_id));
	TRY(db_run(ctx));
	*out = (struct search_document){ .kind = SEARCH_TOPIC, .id = topic_id, .source = "forum" };
	*is_gone = !rows_next(&topic);
	if (*is_gone)
		return OK;
	out->language = col_text(&topic);
	out->title = col_text(&topic);
	out->category_id = col_i64(&topic);
	out->top_category_id = col_i64(&topic);
	out->author_id = col_i64(&topic);
	out->created_at = col_time(&topic);
	out->active_at = col_time(&topic);
	out->score = col_i64(&topic);
	out->answer_count = col_i64(&topic);
	out->is_solved = col_bool(&topic);
	out->is_closed = col_bool(&topic);
	out->category_names = col_text(&topic);
	read_posts(ctx, &posts, out);
	read_tags(ctx, &tags, out);
	return OK;
}

enum err index_marks_done(struct ctx *ctx, const struct index_mark *marks, size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *times = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		ids[i] = marks[i].topic_id;
		times[i] = marks[i].marked_at;
	}
	return db_query(ctx, &index_unmark, NULL, param_i64s(ctx->arena, ids, count),
			param_i64s(ctx->arena, times, count));
}

enum err related_store(struct ctx *ctx, int64_t topic_id, const int64_t *topic_ids, size_t count)
{
	db_add(ctx, &related_delete, NULL, param_i64(topic_id));
	if (count > 0)
		db_add(ctx, &related_insert, NULL, param_i64(topic_id),
		       param_i64s(ctx->arena, topic_ids,
				  count > RELATED_MAX ? RELATED_MAX : count));
	return db_run(ctx);
}

enum err index_mark_all(struct ctx *ctx, int64_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_mark_every, &rows, NULL, 0));
	*count = rows.affected;
	return OK;
}

enum err index_owed(struct ctx *ctx, int64_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_count_marks, &rows, NULL, 0));
	*count = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}
