/*
 * Similar questions with their solutions. The index ranks; what is near enough to
 * be shown, and near enough to hold somebody up with, is a matter of how many of
 * the title's words another question speaks of, whatever the ranking's weights mean.
 */
#include "forum/similar.h"

#include "base/buf.h"
#include "forum/author.h"
#include "forum/topic_columns.h"
#include "text/markdown.h"

/* Shares of the title's words, in percent. */
#define SHARE_SHOWN 33
#define SHARE_CLOSE 50
/* One word alone ("box ?") is close to everything. */
#define WORDS_CLOSE 2

/* What was accepted, else what the team wrote, else the most thanked. */
#define BEST_FIRST \
	"order by q.accepted_at is null, coalesce(w.role, 'customer') = 'customer'," \
	" q.score desc, q.created_at, q.id limit 1"

DB_STATEMENT(
	similar_answer_of,
	"select q.id from posts q left join people w on w.id = q.author_id\n"
	"where q.topic_id = $1 and q.kind = 'answer' and q.visibility = 'visible'\n" BEST_FIRST,
	1);

DB_STATEMENT(
	similar_topics,
	"select " TOPIC_LINK_COLUMNS ", t.excerpt, t.tag_list,\n"
	"	t.author_id is not null and t.author_id = $2::bigint,\n"
	"	exists (select from me_too m where m.topic_id = t.id and m.person_id = $2::bigint),\n"
	"	exists (select from follows f where f.person_id = $2::bigint and f.kind = 'topic'\n"
	"		and f.target_id = t.id),\n"
	"	p.id, p.body_md, p.accepted_at is not null, " AUTHOR_COLUMNS(
		"a",
		"p") "\n"
		     "from unnest($1::bigint[]) with ordinality as hit (id, place)\n"
		     "join topics found on found.id = hit.id\n"
		     "join topics t on t.id = case when found.status = 'duplicate'\n"
		     "	then coalesce(found.duplicate_of, found.id) else found.id end\n"
		     "	and t.visibility = 'visible'\n"
		     "left join lateral (select q.* from posts q left join people w on w.id = q.author_id\n"
		     "	where q.topic_id = t.id and q.kind = 'answer' and q.visibility = 'visible'\n" BEST_FIRST
		     ") p on true\n"
		     "left join people a on a.id = p.author_id\n"
		     "where found.visibility = 'visible'\n"
		     "order by hit.place",
	2);

static bool has_word(const struct search_keywords *keywords, const char *word)
{
	for (size_t i = 0; i < keywords->count; i++)
		if (!strcmp(keywords->words[i], word))
			return true;
	return false;
}

size_t similar_share(struct ctx *ctx, const struct similar_wanted *wanted, const char *text)
{
	struct search_keywords *found = arena_new_of(ctx->arena, struct search_keywords);
	size_t common = 0;

	/* Of whatever language it is: stemmed as the title was. */
	search_keywords_of(text, wanted->language, found);
	for (size_t i = 0; i < wanted->title.count; i++)
		common += has_word(found, wanted->title.words[i]);
	return wanted->title.count ? 100 * common / wanted->title.count : 0;
}

static void similar_read(struct ctx *ctx, struct rows *rows, struct similar *similar,
			 const char **tags)
{
	topic_link_read(ctx, rows, &similar->row);
	similar->row.excerpt = col_text(rows);
	*tags = col_text(rows);
	similar->is_own = col_bool(rows);
	similar->has_me_too = col_bool(rows);
	similar->is_followed = col_bool(rows);
	similar->answer_id = col_i64(rows);
	similar->answer = markdown_excerpt(ctx->arena, col_text(rows), SIMILAR_EXCERPT_POINTS);
	similar->is_answer_accepted = col_bool(rows);
	author_read(ctx, rows, &similar->answer_author);
}

static bool is_listed(const struct similar_list *list, int64_t topic_id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].row.id == topic_id)
			return true;
	return false;
}

static void take(struct ctx *ctx, struct rows *rows, const struct similar_wanted *wanted,
		 struct similar_list *list)
{
	struct similar similar = { 0 };
	const char *tags;
	size_t share;

	similar_read(ctx, rows, &similar, &tags);
	if (is_listed(list, similar.row.id))
		return;
	share = similar_share(ctx, wanted,
			      arena_printf(ctx->arena, "%s. %s. %s", similar.row.title, tags,
					   similar.row.excerpt));
	if (share < SHARE_SHOWN)
		return;
	similar.is_close = share >= SHARE_CLOSE && wanted->title.count >= WORDS_CLOSE;
	list->items[list->count++] = similar;
}

enum err similar_load(struct ctx *ctx, const struct search_hits *hits, const char *title,
		      const char *language, struct similar_list *out)
{
	struct similar_wanted wanted = { .language = language };
	int64_t ids[SIMILAR_ASKED];
	struct rows rows;
	size_t count = 0;

	*out = (struct similar_list){ 0 };
	for (size_t i = 0; i < hits->count && count < SIMILAR_ASKED; i++)
		if (hits->items[i].kind == SEARCH_TOPIC)
			ids[count++] = hits->items[i].id;
	search_keywords_of(title, language, &wanted.title);
	if (count == 0 || wanted.title.count == 0)
		return OK;
	TRY(db_query(ctx, &similar_topics, &rows, param_i64s(ctx->arena, ids, count),
		     param_i64(ctx->actor->id)));
	while (out->count < SIMILAR_SHOWN && rows_next(&rows))
		take(ctx, &rows, &wanted, out);
	return OK;
}

enum err similar_answer(struct ctx *ctx, int64_t topic_id, int64_t *answer_id)
{
	struct rows rows;

	TRY(db_query(ctx, &similar_answer_of, &rows, param_i64(topic_id)));
	*answer_id = rows_next(&rows) ? col_i64(&rows) : 0;
	return OK;
}

const int64_t *similar_ids(struct arena *arena, const struct similar_list *list)
{
	int64_t *ids = arena_array_of(arena, list->count, int64_t);

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->items[i].row.id;
	return ids;
}
