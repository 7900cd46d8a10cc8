/*
 * From topics and their posts to documents of the search index, many at a time: to go
 * through the whole forum with three statements a topic takes twice as long.
 */
#include "db/db.h"
#include "forum/indexing.h"
#include "forum/topic_columns.h"
#include "search/search.h"
#include "text/markdown.h"

/* Words beyond this are not searched: a thread of a thousand answers is about its first. */
#define QUESTION_MAX_POINTS  32000
#define POSTS_MAX_BYTES      ((size_t)200 * 1024)
#define ANSWER_MAX_POINTS    8000
/* Of a thread as it is written, what is read at all. */
#define POSTS_READ_MAX_BYTES "300000"

#define OF_THE_TEAM "in ('advisor', 'moderator', 'administrator')"

/*
 * What a document is made of, in a number: when it changes, the document would be
 * another one. Votes as roughly as they mark (search_step). Of posts their sizes and
 * revisions have to do.
 */
#define STAMP_TABLES \
	"join categories c on c.id = t.category_id\n" \
	"left join categories p on p.id = c.parent_id\n" \
	"cross join lateral (select concat_ws(',', count(*), sum(q.revision_count),\n" \
	"		sum(octet_length(q.body_md)), count(q.accepted_at), sum(search_step(q.score)),\n" \
	"		count(*) filter (where q.is_official or a.role " OF_THE_TEAM \
	")) as posts,\n" \
	"		min(q.id) filter (where q.kind = 'question') as question_id\n" \
	"	from posts q left join people a on a.id = q.author_id\n" \
	"	where q.topic_id = t.id and q.visibility = 'visible') x\n"
#define STAMP \
	"hashtextextended(concat_ws('|', t.title, t.language, t.category_id, t.author_id, t.status,\n" \
	"	t.accepted_count, t.answer_count, t.tag_list, search_step(t.score),\n" \
	"	c.name_fr, c.name_en, p.name_fr, p.name_en, x.posts), 0)"

/* An idea waits for no answer, and is never solved. */
DB_STATEMENT(
	index_topics,
	"select wanted.place, t.language, t.title, t.category_id, t.top_category_id,\n"
	"	coalesce(t.author_id, 0), t.created_at, t.active_at, t.score + t.me_too_count,\n"
	"	greatest(t.answer_count, (t.stage <> '')::integer), t.accepted_count > 0 and t.stage = '', t.status in ('duplicate', 'closed'),\n"
	"	concat_ws(' ', c.name_fr, c.name_en, p.name_fr, p.name_en), t.tag_list, " STAMP
	",\n"
	"	coalesce((select s.kind from import_map m join import_sources s on s.id = m.source_id\n"
	"		where m.kind = 'post' and m.our_id = x.question_id limit 1), 'forum')\n"
	"from unnest($1::bigint[]) with ordinality as wanted (id, place)\n"
	"join topics t on t.id = wanted.id and t.visibility = 'visible'\n" STAMP_TABLES
	"order by wanted.place",
	1);

/* The question first, then what was accepted, then the most useful. */
DB_STATEMENT(
	index_posts,
	"select wanted.place, p.id, p.revision_count, p.kind = 'question', p.accepted_at is not null,\n"
	"	p.is_official or coalesce(a.role " OF_THE_TEAM ", false), p.score, p.body_md\n"
	"from unnest($1::bigint[]) with ordinality as wanted (id, place)\n"
	"cross join lateral (\n"
	"	select q.*, row_number() over best_first as rank,\n"
	"		sum(octet_length(q.body_md)) over best_first as bytes\n"
	"	from posts q\n"
	"	where q.topic_id = wanted.id and q.visibility = 'visible'\n"
	"	window best_first as (order by q.kind = 'question' desc, q.accepted_at is null,\n"
	"		q.score desc, q.number)) p\n"
	"left join people a on a.id = p.author_id\n"
	"where p.rank <= $2::bigint and (p.rank = 1 or p.bytes <= " POSTS_READ_MAX_BYTES ")\n"
	"order by wanted.place, p.rank",
	2);

DB_STATEMENT(index_next_topics,
	     "select id from topics\n"
	     "where visibility = 'visible' and id > $1\n"
	     "order by id\n"
	     "limit $2::bigint",
	     2);

DB_STATEMENT(index_next_stamps,
	     "select t.id, " STAMP ",\n"
	     "	exists (select from search_marks m where m.topic_id = t.id)\n"
	     "from (select * from topics where visibility = 'visible' and id > $1\n"
	     "	order by id limit $2::bigint) t\n" STAMP_TABLES "order by t.id",
	     2);

DB_STATEMENT(index_hidden_of,
	     "select wanted.id\n"
	     "from unnest($1::bigint[]) as wanted (id)\n"
	     "where not exists (select from topics t\n"
	     "		where t.id = wanted.id and t.visibility = 'visible')\n"
	     "	and not exists (select from search_marks m where m.topic_id = wanted.id)\n"
	     "order by wanted.id",
	     1);

/* The rows of one document; the cursor stands before what does not belong to it. */
struct post_rows {
	struct rows rows;
	int64_t place; /* of the row that was read last; 0: none is left */
};

static void next_post(struct post_rows *posts)
{
	posts->place = rows_next(&posts->rows) ? col_i64(&posts->rows) : 0;
}

static void read_post(struct ctx *ctx, struct rows *rows, struct search_post *post)
{
	post->id = col_i64(rows);
	post->revision = col_i64(rows);
	post->is_question = col_bool(rows);
	post->is_accepted = col_bool(rows);
	post->is_official = col_bool(rows);
	post->score = col_i64(rows);
	post->text = markdown_excerpt(ctx->arena, col_text(rows),
				      post->is_question ? QUESTION_MAX_POINTS : ANSWER_MAX_POINTS);
}

/* Room for every row that is left would be too much: most documents have few posts. */
static size_t count_posts(const struct post_rows *posts)
{
	struct post_rows ahead = *posts;
	size_t count = 0;

	while (ahead.place == posts->place) {
		count++;
		next_post(&ahead);
	}
	return count;
}

static void read_posts(struct ctx *ctx, struct post_rows *posts, int64_t place,
		       struct search_document *out)
{
	struct search_post *items;
	size_t length = 0;

	while (posts->place != 0 && posts->place < place)
		next_post(posts);
	if (posts->place != place)
		return;
	items = arena_array_of(ctx->arena, count_posts(posts), struct search_post);
	out->posts = items;
	for (; posts->place == place; next_post(posts)) {
		if (length >= POSTS_MAX_BYTES)
			continue;
		read_post(ctx, &posts->rows, &items[out->post_count]);
		length += strlen(items[out->post_count++].text);
	}
}

static void read_topic(struct ctx *ctx, struct rows *rows, struct search_document *out)
{
	struct tags tags;
	const char **names;

	out->language = col_text(rows);
	out->title = col_text(rows);
	out->category_id = col_i64(rows);
	out->top_category_id = col_i64(rows);
	out->author_id = col_i64(rows);
	out->created_at = col_time(rows);
	out->active_at = col_time(rows);
	out->score = col_i64(rows);
	out->answer_count = col_i64(rows);
	out->is_solved = col_bool(rows);
	out->is_closed = col_bool(rows);
	out->category_names = col_text(rows);
	tags_read(ctx, rows, &tags);
	names = arena_array_of(ctx->arena, tags.count, const char *);
	for (size_t i = 0; i < tags.count; i++)
		names[i] = tags.items[i].name;
	out->tags = names;
	out->tag_count = tags.count;
	out->stamp = col_i64(rows);
	out->source = col_text(rows);
}

enum err index_documents(struct ctx *ctx, const int64_t *topic_ids, size_t count,
			 struct search_document *out, bool *is_gone)
{
	struct param ids = param_i64s(ctx->arena, topic_ids, count);
	struct post_rows posts;
	struct rows topics;

	db_add(ctx, &index_topics, &topics, ids);
	db_add(ctx, &index_posts, &posts.rows, ids, param_i64(SEARCH_POSTS_MAX));
	TRY(db_run(ctx));
	for (size_t i = 0; i < count; i++) {
		is_gone[i] = true;
		out[i] = (struct search_document){ .kind = SEARCH_TOPIC, .id = topic_ids[i] };
	}
	next_post(&posts);
	while (rows_next(&topics)) {
		int64_t place = col_i64(&topics);
		is_gone[place - 1] = false;
		read_topic(ctx, &topics, &out[place - 1]);
		read_posts(ctx, &posts, place, &out[place - 1]);
	}
	return OK;
}

enum err index_document(struct ctx *ctx, int64_t topic_id, struct search_document *out,
			bool *is_gone)
{
	return index_documents(ctx, &topic_id, 1, out, is_gone);
}

enum err index_topics_after(struct ctx *ctx, int64_t after_id, size_t limit, int64_t *ids,
			    size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(db_query(ctx, &index_next_topics, &rows, param_i64(after_id),
		     param_i64((int64_t)limit)));
	while (rows_next(&rows))
		ids[(*count)++] = col_i64(&rows);
	return OK;
}

enum err index_stamps_after(struct ctx *ctx, int64_t after_id, struct index_stamp *out,
			    size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(db_query(ctx, &index_next_stamps, &rows, param_i64(after_id), param_i64(INDEX_STAMPS)));
	while (rows_next(&rows)) {
		struct index_stamp *stamp = &out[(*count)++];
		stamp->id = col_i64(&rows);
		stamp->stamp = col_i64(&rows);
		stamp->is_marked = col_bool(&rows);
	}
	return OK;
}

enum err index_hidden(struct ctx *ctx, const int64_t *topic_ids, size_t count, int64_t *out,
		      size_t *out_count)
{
	struct rows rows;

	*out_count = 0;
	TRY(db_query(ctx, &index_hidden_of, &rows, param_i64s(ctx->arena, topic_ids, count)));
	while (rows_next(&rows))
		out[(*out_count)++] = col_i64(&rows);
	return OK;
}
