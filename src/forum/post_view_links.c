/*
 * What a topic's page shows beside its posts: other questions and the article that was made
 * of it.
 */
#include "forum/post_view_parts.h"

#include "forum/topic_columns.h"

#define DUPLICATES_SHOWN "5"

/*
 * Other questions, of three kinds, each in an order of its own:
 * - closed as duplicates of this one, the newest first;
 * - like it, as the worker found them when it indexed the topic (forum/indexing.h); states
 *   may have changed since. No duplicates: they have a list of their own, and lead to
 *   what stands here anyway;
 * - merged into this one: each is a comment here now, of which only post and title are told.
 *   A mirrored one's title is its first sentence.
 */
enum link_part { LINK_DUPLICATE, LINK_RELATED, LINK_MERGED };
DB_STATEMENT(view_links,
	     "(select 0, 0, " TOPIC_LINK_COLUMNS " from topics t"
	     " where t.duplicate_of = $1 and t.status = 'duplicate' and t.visibility = 'visible'"
	     " order by t.created_at desc, t.id desc limit " DUPLICATES_SHOWN
	     ") union all (select 1, r.position, " TOPIC_LINK_COLUMNS
	     " from related_topics r join topics t on t.id = r.related_id"
	     " where r.topic_id = $1 and t.visibility = 'visible' and t.status <> 'duplicate'"
	     ") union all (select 2, 0, t.merged_post_id, t.title, '', '', '', null, 0, 0"
	     " from topics t where t.merged_into = $1 and t.merged_post_id is not null"
	     " and t.mirror_source_id is null order by t.id limit 50)",
	     1);

DB_STATEMENT(view_article,
	     "select a.id, a.title, a.summary, a.language\n"
	     "from article_sources s join articles a on a.id = s.article_id and a.is_public\n"
	     "where s.topic_id = $1 order by a.published_at, a.id limit 1",
	     1);

void view_links_add(struct ctx *ctx, int64_t topic_id, struct view_links *links)
{
	db_add(ctx, &view_links, &links->topics, param_i64(topic_id));
	db_add(ctx, &view_article, &links->article, param_i64(topic_id));
}

struct merged {
	int64_t post_id;
	const char *title;
};

static void name_merged(struct post *post, void *data)
{
	const struct merged *merged = data;

	for (size_t i = 0; i < post->comments_count; i++)
		if (post->comments[i].id == merged->post_id)
			post->comments[i].asked_as = merged->title;
}

struct link {
	int64_t place;
	struct topic_row topic;
};

static int by_place(const void *a, const void *b)
{
	int64_t one = ((const struct link *)a)->place, other = ((const struct link *)b)->place;

	return (one > other) - (one < other);
}

static int newest_first(const void *a, const void *b)
{
	const struct topic_row *one = &((const struct link *)a)->topic;
	const struct topic_row *other = &((const struct link *)b)->topic;

	if (one->created_at != other->created_at)
		return one->created_at < other->created_at ? 1 : -1;
	return (one->id < other->id) - (one->id > other->id);
}

static struct topic_row *sorted_links(struct ctx *ctx, struct link *links, size_t count,
				      int (*compare)(const void *, const void *))
{
	struct topic_row *topics = arena_array_of(ctx->arena, count, struct topic_row);

	qsort(links, count, sizeof *links, compare);
	for (size_t i = 0; i < count; i++)
		topics[i] = links[i].topic;
	return topics;
}

static void read_merged(struct rows *rows, struct topic_view *view)
{
	struct merged merged = { .post_id = col_i64(rows) };

	merged.title = col_text(rows);
	view_each_post(view, name_merged, &merged);
}

/* Nothing stands beside what is hidden; the original of a duplicate is named above it. */
static bool is_shown_beside(const struct topic_view *view, const struct topic_row *related)
{
	return view->topic.visibility == VISIBILITY_VISIBLE &&
	       related->id != view->topic.duplicate_of;
}

static void read_links(struct ctx *ctx, struct rows *rows, struct topic_view *view)
{
	struct link *duplicates = arena_array_of(ctx->arena, (size_t)rows->count, struct link);
	struct link *related = arena_array_of(ctx->arena, (size_t)rows->count, struct link);

	while (rows_next(rows)) {
		enum link_part part = (enum link_part)col_i64(rows);
		struct link link = { .place = col_i64(rows) };

		if (part == LINK_MERGED) {
			read_merged(rows, view);
			continue;
		}
		topic_link_read(ctx, rows, &link.topic);
		if (part == LINK_DUPLICATE)
			duplicates[view->duplicate_count++] = link;
		else if (is_shown_beside(view, &link.topic))
			related[view->related_count++] = link;
	}
	view->duplicates = sorted_links(ctx, duplicates, view->duplicate_count, newest_first);
	view->related = sorted_links(ctx, related, view->related_count, by_place);
}

static void read_article(struct rows *rows, struct topic_view *view)
{
	if (!rows_next(rows))
		return;
	view->official.id = col_i64(rows);
	view->official.title = col_text(rows);
	view->official.summary = col_text(rows);
	view->official.language = col_text(rows);
}

void view_links_read(struct ctx *ctx, struct view_links *links, struct topic_view *view)
{
	read_links(ctx, &links->topics, view);
	read_article(&links->article, view);
}
