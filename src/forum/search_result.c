/*
 * What the index found, held against the database, and titles found without it.
 */
#include "forum/search_result.h"

#include "base/utf8.h"
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

DB_STATEMENT(search_result_link_rows,
	     "select t.id, wanted.place, t.title, t.answer_count, t.is_solved" WANTED
	     " order by wanted.place",
	     2);

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
		     struct search_result_row *row)
{
	const struct search_hit *hit;

	topic_row_read(ctx, rows, &row->topic);
	hit = &hits->items[col_i64(rows) - 1];
	row->kind = hit->kind;
	row->title = current_title(hit->title, row->topic.title);
	read_post(rows, hit, row);
	row->solution_id = col_i64(rows);
	row->solution_excerpt = markdown_excerpt(ctx->arena, col_text(rows), SOLUTION_SHOWN_POINTS);
}

/* Articles have no table yet: what has no row is left out like a withdrawn topic. */
static int64_t topic_id_of(enum search_kind kind, int64_t id)
{
	return kind == SEARCH_TOPIC ? id : 0;
}

enum err search_results_load(struct ctx *ctx, const struct search_hits *hits,
			     struct search_result_list *out)
{
	int64_t ids[SEARCH_HITS_MAX], post_ids[SEARCH_HITS_MAX];
	struct rows rows;

	*out = (struct search_result_list){ .count = 0 };
	if (hits->count == 0)
		return OK;
	for (size_t i = 0; i < hits->count; i++) {
		ids[i] = topic_id_of(hits->items[i].kind, hits->items[i].id);
		post_ids[i] = hits->items[i].post_id;
	}
	TRY(db_query(ctx, &search_result_rows, &rows, param_i64s(ctx->arena, ids, hits->count),
		     param_i64s(ctx->arena, post_ids, hits->count)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count, struct search_result_row);
	while (rows_next(&rows))
		read_row(ctx, &rows, hits, &out->items[out->count++]);
	return OK;
}

static void read_link(struct ctx *ctx, struct rows *rows,
		      const struct search_suggestions *suggestions, struct search_result_link *link)
{
	const struct search_suggestion *suggestion;
	const char *title;

	link->id = col_i64(rows);
	suggestion = &suggestions->items[col_i64(rows) - 1];
	title = col_text(rows);
	link->kind = suggestion->kind;
	link->title = current_title(suggestion->title, title);
	link->slug = slug_from(ctx->arena, title);
	link->answer_count = col_i64(rows);
	link->is_solved = col_bool(rows);
}

enum err search_results_load_links(struct ctx *ctx, const struct search_suggestions *suggestions,
				   struct search_result_links *out)
{
	int64_t ids[SEARCH_SUGGESTIONS_MAX], none[SEARCH_SUGGESTIONS_MAX] = { 0 };
	struct rows rows;

	out->count = 0;
	if (suggestions->count == 0)
		return OK;
	for (size_t i = 0; i < suggestions->count; i++)
		ids[i] = topic_id_of(suggestions->items[i].kind, suggestions->items[i].id);
	TRY(db_query(ctx, &search_result_link_rows, &rows,
		     param_i64s(ctx->arena, ids, suggestions->count),
		     param_i64s(ctx->arena, none, suggestions->count)));
	while (rows_next(&rows))
		read_link(ctx, &rows, suggestions, &out->items[out->count++]);
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
