/*
 * Reading articles for those who work on them: lists, one article with its history.
 */
#include "forum/article_work.h"

#include "forum/article_columns.h"
#include "forum/topic_columns.h"
#include "i18n/i18n.h"

#define COUNTED_MOST 1000

static const char *const shows[ARTICLE_SHOW_COUNT] = {
	[ARTICLE_SHOW_OPEN] = "open",
	[ARTICLE_SHOW_REVIEW] = "review",
	[ARTICLE_SHOW_OWN] = "own",
	[ARTICLE_SHOW_PUBLIC] = "public",
	[ARTICLE_SHOW_ARCHIVED] = "archived",
	[ARTICLE_SHOW_DUE] = "due",
	[ARTICLE_SHOW_UNHELPFUL] = "unhelpful",
};

/* Owned or written by the person, $1; what an expert finds: all in their fields. */
#define MINE \
	"(a.owner_id = $1::bigint\n" \
	"	or exists (select from article_versions w where w.id = a.latest_version_id and w.author_id = $1::bigint))"
#define FINDS \
	"($2::boolean\n" \
	"	or exists (select from experts e left join categories k on k.id = a.category_id\n" \
	"		where e.person_id = $1::bigint and e.state = 'active' and e.ends_at > now()\n" \
	"			and e.category_id in (a.category_id, k.parent_id)))"

#define IS_OPEN      "a.state in ('draft', 'review')"
#define IS_REVIEW    "a.state = 'review'"
#define IS_OWN       "a.state <> 'archived' and " MINE
#define IS_PUBLIC    "a.is_public"
#define IS_ARCHIVED  "a.state = 'archived'"
#define IS_DUE       "a.state <> 'archived' and a.review_due <= (now() at time zone 'utc')::date"
#define IS_UNHELPFUL "a.is_public and a.unhelpful_count > 0"

#define LIST_BY_CHANGE(name, condition) \
	DB_STATEMENT(name, \
		     "select " ARTICLE_COLUMNS "\n" \
		     "from articles a" ARTICLE_JOINS "\n" \
		     "where " condition " and " FINDS "\n" \
		     "	and (a.updated_at, a.id) < ($3::timestamptz, $4::bigint)\n" \
		     "order by a.updated_at desc, a.id desc limit $5::bigint", \
		     5)

LIST_BY_CHANGE(article_work_open, IS_OPEN);
LIST_BY_CHANGE(article_work_review, IS_REVIEW);
LIST_BY_CHANGE(article_work_own, IS_OWN);
LIST_BY_CHANGE(article_work_public, IS_PUBLIC);
LIST_BY_CHANGE(article_work_archived, IS_ARCHIVED);

/* The oldest day first; the key is the day before which all were shown. */
DB_STATEMENT(
	article_work_due,
	"select " ARTICLE_COLUMNS "\n"
	"from articles a" ARTICLE_JOINS "\n"
	"where " IS_DUE " and " FINDS "\n"
	"	and ($4::bigint = 9223372036854775807\n"
	"		or (a.review_due::timestamp at time zone 'utc', a.id) > ($3::timestamptz, $4::bigint))\n"
	"order by a.review_due, a.id limit $5::bigint",
	5);

DB_STATEMENT(
	article_work_unhelpful,
	"select " ARTICLE_COLUMNS "\n"
	"from articles a" ARTICLE_JOINS "\n"
	"where " IS_UNHELPFUL " and " FINDS "\n"
	"	and $3::timestamptz is not null and $4::bigint is not null\n"
	"order by a.unhelpful_count::bigint * greatest(a.view_count, 1) desc, a.id limit $5::bigint",
	5);

#define COUNT(condition) \
	"(select count(*) from (select from articles a where " condition " and " FINDS \
	" limit 1000) x)"

DB_STATEMENT(article_work_counts,
	     "select " COUNT(IS_OPEN) ", " COUNT(IS_REVIEW) ", " COUNT(
		     IS_OWN) ",\n"
			     "	" COUNT(IS_PUBLIC) ", " COUNT(IS_ARCHIVED) ", " COUNT(
				     IS_DUE) ", " COUNT(IS_UNHELPFUL),
	     2);
_Static_assert(COUNTED_MOST == 1000, "the statement says so too");

static const struct stmt *const lists[ARTICLE_SHOW_COUNT] = {
	[ARTICLE_SHOW_OPEN] = &article_work_open,
	[ARTICLE_SHOW_REVIEW] = &article_work_review,
	[ARTICLE_SHOW_OWN] = &article_work_own,
	[ARTICLE_SHOW_PUBLIC] = &article_work_public,
	[ARTICLE_SHOW_ARCHIVED] = &article_work_archived,
	[ARTICLE_SHOW_DUE] = &article_work_due,
	[ARTICLE_SHOW_UNHELPFUL] = &article_work_unhelpful,
};

DB_STATEMENT(article_work_one,
	     "select " ARTICLE_COLUMNS ", lv.title, lv.summary, lv.body_md, lv.author_id,\n"
	     "	coalesce(la.name, ''), lv.reason, lv.created_at,\n"
	     "	(select s.number from article_versions s where s.id = a.publish_version_id)\n"
	     "from articles a" ARTICLE_JOINS " left join people la on la.id = lv.author_id\n"
	     "where a.id = $1",
	     1);

#define VERSION_COLUMNS \
	"v.id, v.number, v.author_id, v.title, v.summary, coalesce(w.name, ''), v.reason, v.created_at"

DB_STATEMENT(article_versions_of,
	     "select " VERSION_COLUMNS "\n"
	     "from article_versions v left join people w on w.id = v.author_id\n"
	     "where v.article_id = $1\n"
	     "order by v.number desc limit $2::bigint",
	     2);

DB_STATEMENT(article_version_pair,
	     "select " VERSION_COLUMNS ", v.body_md\n"
	     "from article_versions v left join people w on w.id = v.author_id\n"
	     "where v.article_id = $1 and v.number <= $2::integer\n"
	     "order by v.number desc limit 2",
	     2);

DB_STATEMENT(article_work_languages,
	     "select b.id, b.title, b.language, b.summary\n"
	     "from articles a join articles b on b.group_id = a.group_id and b.id <> a.id\n"
	     "where a.id = $1\n"
	     "order by b.language, b.id limit 10",
	     1);

DB_STATEMENT(article_said_of,
	     "select v.is_helpful, v.reason, v.comment, v.created_at\n"
	     "from article_votes v\n"
	     "where v.article_id = $1 and (v.reason <> '' or v.comment <> '')\n"
	     "order by v.id desc limit $2::bigint",
	     2);

DB_STATEMENT(article_offered,
	     "select coalesce(sum(d.shown), 0), coalesce(sum(d.solved), 0)\n"
	     "from article_deflections d\n"
	     "where d.article_id = $1 and d.day > (now() at time zone 'utc')::date - 90",
	     1);

DB_STATEMENT(article_redirects_of,
	     "select d.address from article_redirects d where d.article_id = $1\n"
	     "order by d.created_at, d.address limit $2::bigint",
	     2);

const char *article_show_word(enum article_show show)
{
	return shows[show];
}

bool article_show_parse(const char *word, enum article_show *out)
{
	for (size_t i = 0; i < ARTICLE_SHOW_COUNT; i++)
		if (strcmp(shows[i], word) == 0) {
			*out = (enum article_show)i;
			return true;
		}
	return false;
}

enum err article_work_require(struct ctx *ctx)
{
	const struct subject somewhere = {
		.is_actors_field = article_is_actors_field(ctx->actor, 0, 0), .now = ctx->now
	};

	return policy_require(ctx, MAY_WRITE_ARTICLE, &somewhere);
}

/* Whoever may write anywhere at all finds everything. */
static bool finds_all(const struct ctx *ctx)
{
	return policy_can(ctx->actor, MAY_WRITE_ARTICLE, &(struct subject){ .now = ctx->now });
}

enum err article_work_list(struct ctx *ctx, enum article_show show, struct list_key after,
			   struct article_list *out, int64_t counts[ARTICLE_SHOW_COUNT])
{
	struct param person = param_i64(ctx->actor->id), all = param_bool(finds_all(ctx));
	struct rows rows, numbers;
	const struct article *last;

	*out = (struct article_list){ 0 };
	TRY(article_work_require(ctx));
	db_add(ctx, lists[show], &rows, person, all, list_param_time(after), list_param_id(after),
	       param_i64(ARTICLES_PER_PAGE + 1));
	db_add(ctx, &article_work_counts, &numbers, person, all);
	TRY(db_run(ctx));
	article_list_read(ctx, &rows, ARTICLES_PER_PAGE, out);
	rows_next(&numbers);
	for (size_t i = 0; i < ARTICLE_SHOW_COUNT; i++)
		counts[i] = col_i64(&numbers);
	if (show == ARTICLE_SHOW_UNHELPFUL)
		out->has_more = false;
	if (!out->has_more)
		return OK;
	last = &out->items[out->count - 1];
	out->next = (struct list_key){ show == ARTICLE_SHOW_DUE ? last->review_due
								: last->updated_at,
				       last->id };
	return OK;
}

/* One article ---------------------------------------------------------------------------- */

static void version_read(struct rows *rows, struct article_version *out)
{
	*out = (struct article_version){ .id = col_i64(rows) };
	out->number = col_i64(rows);
	out->author_id = col_i64(rows);
	out->title = col_text(rows);
	out->summary = col_text(rows);
	out->author = col_text(rows);
	out->reason = col_text(rows);
	out->created_at = col_time(rows);
}

static void newest_read(struct rows *rows, struct article_work *out)
{
	struct article_version *newest = &out->newest;

	newest->id = out->article.latest_id;
	newest->number = out->article.latest_number;
	newest->title = col_text(rows);
	newest->summary = col_text(rows);
	newest->body_md = col_text(rows);
	newest->author_id = col_i64(rows);
	newest->author = col_text(rows);
	newest->reason = col_text(rows);
	newest->created_at = col_time(rows);
	out->scheduled_number = col_i64(rows);
}

static void history_read(struct ctx *ctx, struct rows *rows, struct article_work *out)
{
	out->versions = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct article_version);
	while (rows_next(rows))
		version_read(rows, &out->versions[out->version_count++]);
}

static void languages_read(struct ctx *ctx, struct rows *rows, struct article_work *out)
{
	out->languages = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct article_link);
	while (rows_next(rows)) {
		struct article_link *link = &out->languages[out->language_count++];

		link->id = col_i64(rows);
		link->title = col_text(rows);
		link->language = col_text(rows);
		link->summary = col_text(rows);
	}
}

static void said_read(struct ctx *ctx, struct rows *rows, struct article_work *out)
{
	out->said = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct article_said);
	while (rows_next(rows)) {
		struct article_said *said = &out->said[out->said_count++];

		said->is_helpful = col_bool(rows);
		said->reason = col_text(rows);
		said->comment = col_text(rows);
		said->at = col_time(rows);
	}
}

static void redirects_read(struct ctx *ctx, struct rows *rows, struct article_work *out)
{
	out->redirects = arena_array_of(ctx->arena, (size_t)rows->count + 1, const char *);
	while (rows_next(rows))
		out->redirects[out->redirect_count++] = col_text(rows);
}

static enum err decide(struct ctx *ctx, struct article_work *out)
{
	struct subject subject = article_subject(ctx, &out->article, out->newest.author_id);

	TRY(policy_require(ctx, MAY_WRITE_ARTICLE, &subject));
	out->can.write = true;
	out->can.publish = policy_can(ctx->actor, MAY_PUBLISH_ARTICLE, &subject);
	out->can.archive = policy_can(ctx->actor, MAY_ARCHIVE_ARTICLE, &subject);
	out->why_no_publish = out->can.publish
				      ? ""
				      : policy_reason(ctx->actor, MAY_PUBLISH_ARTICLE, &subject);
	return OK;
}

enum err article_work_load(struct ctx *ctx, int64_t id, struct article_work *out)
{
	struct rows article, versions, languages, said, redirects, offered, files;

	*out = (struct article_work){ .why_no_publish = "" };
	TRY(article_work_require(ctx));
	db_add(ctx, &article_work_one, &article, param_i64(id));
	db_add(ctx, &article_versions_of, &versions, param_i64(id),
	       param_i64(ARTICLE_VERSIONS_SHOWN));
	db_add(ctx, &article_work_languages, &languages, param_i64(id));
	db_add(ctx, &article_said_of, &said, param_i64(id), param_i64(ARTICLE_VOTES_SHOWN));
	db_add(ctx, &article_redirects_of, &redirects, param_i64(id),
	       param_i64(ARTICLE_REDIRECTS_SHOWN));
	db_add(ctx, &article_offered, &offered, param_i64(id));
	attachments_of_article_add(ctx, id, &files);
	TRY(db_run(ctx));
	if (!rows_next(&article))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	article_read(ctx, &article, &out->article);
	newest_read(&article, out);
	TRY(decide(ctx, out));
	history_read(ctx, &versions, out);
	languages_read(ctx, &languages, out);
	said_read(ctx, &said, out);
	redirects_read(ctx, &redirects, out);
	attachments_read(ctx, &files, &out->files);
	rows_next(&offered);
	out->offered = col_i64(&offered);
	out->answered = col_i64(&offered);
	return OK;
}

enum err article_version_load(struct ctx *ctx, int64_t id, int64_t number, struct article *article,
			      struct article_version *out, struct article_version *before)
{
	struct rows rows, pair;
	struct subject subject;

	*before = (struct article_version){ .title = "", .summary = "", .body_md = "" };
	TRY(article_work_require(ctx));
	db_add(ctx, &article_work_one, &rows, param_i64(id));
	db_add(ctx, &article_version_pair, &pair, param_i64(id), param_i64(number));
	TRY(db_run(ctx));
	if (!rows_next(&rows) || !rows_next(&pair))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	article_read(ctx, &rows, article);
	subject = article_subject(ctx, article, 0);
	TRY(policy_require(ctx, MAY_WRITE_ARTICLE, &subject));
	version_read(&pair, out);
	out->body_md = col_text(&pair);
	if (out->number != number)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!rows_next(&pair))
		return OK;
	version_read(&pair, before);
	before->body_md = col_text(&pair);
	return OK;
}
