/*
 * What the index found, held against the database, and titles found without it.
 */
#include "forum/search_result.h"

#include "base/utf8.h"
#include "forum/article_columns.h"
#include "forum/topic_columns.h"
#include "text/markdown.h"
#include "text/slug.h"

/* Of a solution as written, what is read, in bytes, and what is shown of it. */
#define SOLUTION_READ         "1600"
#define SOLUTION_SHOWN_POINTS 320

#define WANTED \
	" from unnest($1::bigint[], $2::bigint[]) with ordinality as wanted (id, post_id, place)" \
	" join topics t on t.id = wanted.id and t.visibility = 'visible'"

/* A post of another topic cannot be asked for, nor one that nobody should see. */
DB_STATEMENT(search_result_rows,
	     "select " TOPIC_ROW_COLUMNS ", wanted.place, coalesce(q.id, 0), q.revision_count,"
	     " q.kind = 'question', q.accepted_at is not null,"
	     " coalesce(w.role in ('advisor', 'moderator', 'administrator'), false),"
	     " coalesce(s.id, 0), s.body" WANTED TOPIC_ROW_JOINS
	     " left join posts q on q.id = wanted.post_id and q.topic_id = t.id"
	     " and q.visibility = 'visible'"
	     " left join people w on w.id = q.author_id"
	     " left join lateral (select p.id, left(p.body_md, " SOLUTION_READ ") as body"
	     " from posts p where p.topic_id = t.id and p.accepted_at is not null"
	     " and p.visibility = 'visible' order by p.accepted_at, p.id limit 1) s on true"
	     " order by wanted.place",
	     2);

DB_STATEMENT(
	search_result_link_rows,
	"select wanted.place, t.id, t.title, t.answer_count, t.is_solved and t.stage = ''" WANTED
	" order by wanted.place",
	2);

#define WANTED_ARTICLES \
	" from unnest($1::bigint[]) with ordinality as wanted (id, place)" \
	" join articles a on a.id = wanted.id and a.is_public"

DB_STATEMENT(search_result_articles,
	     "select wanted.place, " ARTICLE_COLUMNS WANTED_ARTICLES ARTICLE_JOINS
	     " order by wanted.place",
	     1);

DB_STATEMENT(search_result_article_links,
	     "select wanted.place, a.id, a.title" WANTED_ARTICLES " order by wanted.place", 1);

/*
 * Asked in both languages, as titles of both are looked through. The limits inside bound
 * what a word costs that stands in every title.
 */
#define TITLES_WITH(question, rank, most) \
	"(select t.id, " rank "ts_rank(title_words(t.language, t.title), asked." question ")" \
	" as rank from asked join topics t on t.visibility = 'visible'" \
	" and title_words(t.language, t.title) @@ asked." question " limit " most ")"

DB_STATEMENT(
	search_result_titles,
	"with typed as (select plainto_tsquery('french', title_folded($1)) as french,"
	" plainto_tsquery('english', title_folded($1)) as english),"
	" asked as materialized (select french || english as all_words,"
	" replace((french || english)::text, '&', '|')::tsquery as any_word from typed),"
	" found as (select id, max(rank) as rank from (" TITLES_WITH(
		"all_words", "1 + ",
		"500") " union all " TITLES_WITH("any_word", "",
						 "1000") ") one group by id order by rank desc, id desc limit $2)"
							 " select " TOPIC_ROW_COLUMNS
							 " from found join topics t on t.id = found.id" TOPIC_ROW_JOINS
							 " order by found.rank desc, t.id desc",
	2);

/* Everything that the index has is public so far: audience 0, which needs no naming. */
void search_results_allow(const struct ctx *ctx, struct search_filter *filter)
{
	(void)ctx;
	filter->audience_count = 0;
}

static bool is_mark(char letter)
{
	return letter == SEARCH_MARK_BEGIN || letter == SEARCH_MARK_END;
}

/* The index's title where it is today's but for the marks, else today's. */
static const char *current_title(const char *marked, const char *today)
{
	const char *at = marked, *same = today;

	for (; *at; at++) {
		if (is_mark(*at))
			continue;
		if (*at != *same)
			return today;
		same++;
	}
	return *same ? today : marked;
}

static void read_post(struct rows *rows, const struct search_hit *hit,
		      struct search_result_row *row)
{
	int64_t revision;

	row->post_id = col_i64(rows);
	revision = col_i64(rows);
	row->is_post_question = col_bool(rows);
	row->is_post_accepted = col_bool(rows);
	row->is_post_official = col_bool(rows);
	row->snippet = row->post_id != 0 && revision == hit->post_revision ? hit->snippet : "";
}

static void read_row(struct ctx *ctx, struct rows *rows, const struct search_hits *hits,
		     struct search_result_row *by_place)
{
	const struct search_hit *hit;
	struct search_result_row *row;
	struct topic_row topic;
	int64_t place;

	topic_row_read(ctx, rows, &topic);
	place = col_i64(rows);
	hit = &hits->items[place - 1];
	row = &by_place[place - 1];
	*row = (struct search_result_row){ .kind = SEARCH_TOPIC, .topic = topic };
	row->title = current_title(hit->title, topic.title);
	read_post(rows, hit, row);
	row->solution_id = col_i64(rows);
	row->solution_excerpt = markdown_excerpt(ctx->arena, col_text(rows), SOLUTION_SHOWN_POINTS);
}

/* The hit's revision is the version that the index has. */
static void read_article(struct ctx *ctx, struct rows *rows, const struct search_hits *hits,
			 struct search_result_row *by_place)
{
	int64_t place = col_i64(rows);
	const struct search_hit *hit = &hits->items[place - 1];
	struct search_result_row *row = &by_place[place - 1];

	*row = (struct search_result_row){ .kind = SEARCH_ARTICLE, .solution_excerpt = "" };
	article_read(ctx, rows, &row->article);
	row->title = current_title(hit->title, row->article.title);
	row->snippet = hit->post_revision == row->article.published_id ? hit->snippet : "";
}

/* Numbers of one kind at their places, 0 at those of others. */
struct wanted_ids {
	int64_t ids[SEARCH_HITS_MAX];
	size_t count; /* of that kind */
};

static void want(struct wanted_ids *wanted, size_t place, bool is_wanted, int64_t id)
{
	wanted->ids[place] = is_wanted ? id : 0;
	wanted->count += is_wanted;
}

/* What has no title was withdrawn since. */
static void pack(const struct search_result_row *by_place, size_t count,
		 struct search_result_list *out)
{
	for (size_t i = 0; i < count; i++)
		if (by_place[i].title)
			out->items[out->count++] = by_place[i];
}

enum err search_results_load(struct ctx *ctx, const struct search_hits *hits,
			     struct search_result_list *out)
{
	struct search_result_row *by_place = arena_array_of(ctx->arena, hits->count + 1,
							    struct search_result_row);
	struct wanted_ids topics = { 0 }, articles = { 0 };
	struct rows topic_rows = { 0 }, article_rows = { 0 };
	int64_t post_ids[SEARCH_HITS_MAX];

	*out = (struct search_result_list){ .items = by_place };
	if (hits->count == 0)
		return OK;
	for (size_t i = 0; i < hits->count; i++) {
		bool is_article = hits->items[i].kind == SEARCH_ARTICLE;

		want(&topics, i, !is_article, hits->items[i].id);
		want(&articles, i, is_article, hits->items[i].id);
		post_ids[i] = hits->items[i].post_id;
	}
	if (topics.count > 0)
		db_add(ctx, &search_result_rows, &topic_rows,
		       param_i64s(ctx->arena, topics.ids, hits->count),
		       param_i64s(ctx->arena, post_ids, hits->count));
	if (articles.count > 0)
		db_add(ctx, &search_result_articles, &article_rows,
		       param_i64s(ctx->arena, articles.ids, hits->count));
	TRY(db_run(ctx));
	while (topics.count > 0 && rows_next(&topic_rows))
		read_row(ctx, &topic_rows, hits, by_place);
	while (articles.count > 0 && rows_next(&article_rows))
		read_article(ctx, &article_rows, hits, by_place);
	pack(by_place, hits->count, out);
	return OK;
}

/* As you type ----------------------------------------------------------------------------- */

static void read_link(struct ctx *ctx, struct rows *rows,
		      const struct search_suggestions *suggestions, enum search_kind kind,
		      struct search_result_link *by_place)
{
	int64_t place = col_i64(rows);
	struct search_result_link *link = &by_place[place - 1];
	const char *title;

	link->kind = kind;
	link->id = col_i64(rows);
	title = col_text(rows);
	link->title = current_title(suggestions->items[place - 1].title, title);
	link->slug = slug_from(ctx->arena, title);
	if (kind == SEARCH_ARTICLE)
		return;
	link->answer_count = col_i64(rows);
	link->is_solved = col_bool(rows);
}

static void add_links(struct ctx *ctx, const struct wanted_ids *topics,
		      const struct wanted_ids *articles, size_t count, struct rows rows[2])
{
	int64_t none[SEARCH_SUGGESTIONS_MAX] = { 0 };

	if (topics->count > 0)
		db_add(ctx, &search_result_link_rows, &rows[SEARCH_TOPIC],
		       param_i64s(ctx->arena, topics->ids, count),
		       param_i64s(ctx->arena, none, count));
	if (articles->count > 0)
		db_add(ctx, &search_result_article_links, &rows[SEARCH_ARTICLE],
		       param_i64s(ctx->arena, articles->ids, count));
}

enum err search_results_load_links(struct ctx *ctx, const struct search_suggestions *suggestions,
				   struct search_result_links *out)
{
	struct search_result_link by_place[SEARCH_SUGGESTIONS_MAX] = { 0 };
	struct wanted_ids topics = { 0 }, articles = { 0 };
	struct rows rows[2] = { 0 };

	out->count = 0;
	if (suggestions->count == 0)
		return OK;
	for (size_t i = 0; i < suggestions->count; i++) {
		bool is_article = suggestions->items[i].kind == SEARCH_ARTICLE;

		want(&topics, i, !is_article, suggestions->items[i].id);
		want(&articles, i, is_article, suggestions->items[i].id);
	}
	add_links(ctx, &topics, &articles, suggestions->count, rows);
	TRY(db_run(ctx));
	while (topics.count > 0 && rows_next(&rows[SEARCH_TOPIC]))
		read_link(ctx, &rows[SEARCH_TOPIC], suggestions, SEARCH_TOPIC, by_place);
	while (articles.count > 0 && rows_next(&rows[SEARCH_ARTICLE]))
		read_link(ctx, &rows[SEARCH_ARTICLE], suggestions, SEARCH_ARTICLE, by_place);
	for (size_t i = 0; i < suggestions->count; i++)
		if (by_place[i].title)
			out->items[out->count++] = by_place[i];
	return OK;
}

enum err search_results_by_title(struct ctx *ctx, const char *words, struct search_result_list *out)
{
	const char *asked = arena_strndup(ctx->arena, words,
					  utf8_prefix(words, SEARCH_QUERY_MAX_BYTES));
	struct rows rows;

	TRY(db_query(ctx, &search_result_titles, &rows, param_text(asked),
		     param_i64(SEARCH_RESULT_TITLES_MAX)));
	*out = (struct search_result_list){
		.items = arena_array_of(ctx->arena, (size_t)rows.count, struct search_result_row),
	};
	while (rows_next(&rows)) {
		struct search_result_row *row = &out->items[out->count++];
		*row = (struct search_result_row){ .snippet = "", .solution_excerpt = "" };
		topic_row_read(ctx, &rows, &row->topic);
		row->title = row->topic.title;
	}
	return OK;
}
