/*
 * What the search index owes. Marks are set by triggers in the transaction of a
 * change; whoever has taken them into the index takes them away, unless they were
 * set again meanwhile.
 */
#include "forum/indexing.h"

#include "db/db.h"

DB_STATEMENT(index_words_marks,
	     "select topic_id, marked_at\n"
	     "from search_marks\n"
	     "where priority = 0\n"
	     "order by marked_at desc\n"
	     "limit $1::bigint",
	     1);

DB_STATEMENT(index_oldest_marks,
	     "select topic_id, marked_at\n"
	     "from search_marks\n"
	     "order by marked_at, topic_id\n"
	     "limit $1::bigint",
	     1);

/*
 * A mark that is locked is being set again: it stays, and nobody who writes ever waits
 * for us while we wait for them. Times are exact: a double holds microseconds of 280
 * years.
 */
DB_STATEMENT(
	index_unmark,
	"with free as materialized (\n"
	"	select m.topic_id from search_marks m\n"
	"	join unnest($1::bigint[], $2::bigint[]) as done (topic_id, microseconds)\n"
	"		on m.topic_id = done.topic_id\n"
	"		and m.marked_at = timestamptz 'epoch' + done.microseconds * interval '1 microsecond'\n"
	"	for update of m skip locked\n"
	"), gone as (\n"
	"	delete from search_marks m using free f where m.topic_id = f.topic_id\n"
	"	returning m.topic_id, m.priority\n"
	"), related as (\n"
	"	insert into related_due (topic_id)\n"
	"	select topic_id from gone where priority < 2 order by topic_id\n"
	"	on conflict do nothing\n"
	"), redone as (\n"
	"	insert into search_redone (topic_id)\n"
	"	select g.topic_id from gone g join search_state s on s.generation is not null\n"
	"	order by g.topic_id\n"
	"	on conflict do nothing\n"
	")\n"
	"update search_state set last_commit_at = clock_timestamp()",
	2);

#define MARK_ALSO \
	"on conflict (topic_id) do update set marked_at = clock_timestamp(),\n" \
	"	priority = least(search_marks.priority, excluded.priority)"

DB_STATEMENT(index_mark_every,
	     "insert into search_marks (topic_id, priority)\n"
	     "select id, 2 from topics order by id\n" MARK_ALSO,
	     0);

DB_STATEMENT(index_mark_some,
	     "insert into search_marks (topic_id, priority)\n"
	     "select t.id, 2 from topics t\n"
	     "where t.id = any ($1::bigint[]) order by t.id\n" MARK_ALSO,
	     1);

/*
 * Some at a time, so that nobody who writes in one of them waits for all. They return
 * the last number, for the next.
 */
#define MARK_PIECE "1000"
#define MARK_CHOSEN(chosen) \
	"with chosen as materialized (" chosen " limit " MARK_PIECE "),\n" \
	"marked as (insert into search_marks (topic_id, priority)\n" \
	"	select id, 2 from chosen order by id\n" MARK_ALSO ")\n" \
	"select max(id) from chosen"

#define TOPICS_OF_CATEGORY \
	"select t.id from topics t\n" \
	"	where (t.category_id = $1 or t.top_category_id = $1) and t.id > $2\n" \
	"	order by t.id"

DB_STATEMENT(index_mark_of_category, MARK_CHOSEN(TOPICS_OF_CATEGORY), 2);

/* Articles are few. */
DB_STATEMENT(index_mark_articles_of_category,
	     "insert into search_article_marks (article_id)\n"
	     "select a.id from articles a join categories c on c.id = a.category_id\n"
	     "where a.is_public and $1::bigint in (c.id, c.parent_id) order by a.id\n"
	     "on conflict (article_id) do update set marked_at = clock_timestamp()",
	     1);

DB_STATEMENT(index_mark_of_author,
	     MARK_CHOSEN("select distinct p.topic_id as id from posts p\n"
			 "	where p.author_id = $1 and p.topic_id > $2\n"
			 "	order by p.topic_id"),
	     2);

DB_STATEMENT(
	index_count_marks,
	"select (select count(*) from search_marks) + (select count(*) from search_article_marks)",
	0);

DB_STATEMENT(related_oldest, "select topic_id from related_due order by due_at limit $1::bigint",
	     1);

/* What stays as it is is not touched: another list is another page (page_change.h). */
#define RELATED_WANTED \
	"(select r.position, t.id from unnest($2::bigint[]) with ordinality as r (id, position)\n" \
	"	join topics t on t.id = r.id)"
DB_STATEMENT(related_delete,
	     "delete from related_topics where topic_id = $1\n"
	     "and position not in (select position from " RELATED_WANTED " wanted)",
	     2);

DB_STATEMENT(related_not_due, "delete from related_due where topic_id = $1", 1);

/* A topic that the index still has may be gone from here. */
DB_STATEMENT(related_insert,
	     "insert into related_topics as r (topic_id, position, related_id)\n"
	     "select $1, wanted.position, wanted.id from " RELATED_WANTED " wanted\n"
	     "where exists (select from topics own where own.id = $1)\n"
	     "on conflict (topic_id, position) do update set related_id = excluded.related_id\n"
	     "where r.related_id <> excluded.related_id",
	     2);

enum err index_marks(struct ctx *ctx, enum index_turn turn, struct index_mark **out, size_t *count)
{
	struct rows rows;

	if (turn == INDEX_WORDS)
		TRY(db_query(ctx, &index_words_marks, &rows, param_i64(INDEX_WORDS_BATCH)));
	else
		TRY(db_query(ctx, &index_oldest_marks, &rows, param_i64(INDEX_BATCH)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct index_mark);
	*count = 0;
	while (rows_next(&rows)) {
		struct index_mark *mark = &(*out)[(*count)++];
		mark->id = col_i64(&rows);
		mark->marked_at = col_time(&rows);
	}
	return OK;
}

enum err index_marks_done(struct ctx *ctx, const struct index_mark *marks, size_t count)
{
	int64_t *ids = arena_array_of(ctx->arena, count, int64_t);
	int64_t *times = arena_array_of(ctx->arena, count, int64_t);

	for (size_t i = 0; i < count; i++) {
		ids[i] = marks[i].id;
		times[i] = marks[i].marked_at;
	}
	return db_query(ctx, &index_unmark, NULL, param_i64s(ctx->arena, ids, count),
			param_i64s(ctx->arena, times, count));
}

enum err index_owed(struct ctx *ctx, int64_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_count_marks, &rows, NULL, 0));
	*count = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

enum err index_mark_all(struct ctx *ctx, int64_t *count)
{
	struct rows rows;

	TRY(db_query_params(ctx, &index_mark_every, &rows, NULL, 0));
	*count = rows.affected;
	return OK;
}

enum err index_mark_topics(struct ctx *ctx, const int64_t *ids, size_t count)
{
	return db_query(ctx, &index_mark_some, NULL, param_i64s(ctx->arena, ids, count));
}

static enum err mark_in_pieces(struct ctx *ctx, const struct stmt *statement, int64_t id)
{
	int64_t after_id = 0;

	do {
		const struct param params[] = { param_i64(id), param_i64(after_id) };
		struct rows rows;
		TRY(db_query_params(ctx, statement, &rows, params, ARRAY_COUNT(params)));
		after_id = rows_next(&rows) ? col_i64(&rows) : 0;
	} while (after_id > 0);
	return OK;
}

enum err index_mark_category(struct ctx *ctx, int64_t category_id)
{
	TRY(db_query(ctx, &index_mark_articles_of_category, NULL, param_i64(category_id)));
	return mark_in_pieces(ctx, &index_mark_of_category, category_id);
}

enum err index_mark_author(struct ctx *ctx, int64_t person_id)
{
	return mark_in_pieces(ctx, &index_mark_of_author, person_id);
}

enum err related_due(struct ctx *ctx, int64_t *topic_ids, size_t *count)
{
	struct rows rows;

	*count = 0;
	TRY(db_query(ctx, &related_oldest, &rows, param_i64(RELATED_BATCH)));
	while (rows_next(&rows))
		topic_ids[(*count)++] = col_i64(&rows);
	return OK;
}

enum err related_store(struct ctx *ctx, int64_t topic_id, const int64_t *topic_ids, size_t count)
{
	struct param ids = param_i64s(ctx->arena, topic_ids,
				      count > RELATED_MAX ? RELATED_MAX : count);

	db_add(ctx, &related_not_due, NULL, param_i64(topic_id));
	db_add(ctx, &related_delete, NULL, param_i64(topic_id), ids);
	if (count > 0)
		db_add(ctx, &related_insert, NULL, param_i64(topic_id), ids);
	return db_run(ctx);
}
