/*
 * Everything that a topic's page shows, in one round trip: the topic, its posts
 * (question, accepted answers, one page of answers), their comments, and the
 * questions closed as duplicates of it or like it; for those signed in also what
 * they did here. Which answers the page shows is written once (SHOWN) and repeated by
 * the statements that need it, so that none waits for another's result. A statement
 * costs more by being one than by what it finds, so few ask for much.
 *
 * Four sets of statements: by date and by score, for the public and for the team,
 * who also see what was withdrawn. The public ones read partial indexes only.
 */
#include "forum/post_columns.h"

#include "db/db.h"
#include "forum/post_view_parts.h"
#include "forum/topic_columns.h"

#define ACCEPTED_SHOWN   "5" /* ACCEPTED_MOST */
#define ACCEPTED_MOST    5
#define OWN_HIDDEN_SHOWN "40"
#define COMMENTS_ASKED   "11" /* one more than COMMENTS_SHOWN */
#define ANSWERS_ASKED    "20" /* ANSWERS_PER_PAGE */
_Static_assert(COMMENTS_SHOWN == 10 && ANSWERS_PER_PAGE == 20, "the numbers in the SQL");

/* A page number past this is nobody's; it keeps the offset a sane number. */
#define PAGES_MAX 100000

/* $1 is the topic, $2 the offset of the page. */
#define PUBLIC   " and q.visibility = 'visible'"
#define TEAM     ""
#define BY_DATE  "q.created_at, q.id"
#define BY_SCORE "q.score desc, q.created_at, q.id"

/* clang-format takes the strings of a macro's call apart. */
/* clang-format off */
#define QUESTION(columns) \
	"(select " columns " from posts q where q.topic_id = $1 and q.kind = 'question')"

/* What was withdrawn solves nothing, whoever looks. */
#define ACCEPTED(columns) \
	"(select " columns " from posts q" \
	" where q.topic_id = $1 and q.accepted_at is not null" PUBLIC \
	" order by q.accepted_at, q.id limit " ACCEPTED_SHOWN ")"

#define ANSWERS(columns, audience, order) \
	"(select " columns " from posts q" \
	" where q.topic_id = $1 and q.kind = 'answer'" audience \
	" order by " order " limit " ANSWERS_ASKED " offset $2)"

/*
 * What of posts the page shows. An accepted answer of this page stands in it twice, and
 * so do its comments.
 */
enum part { PART_QUESTION, PART_ACCEPTED, PART_ANSWER, PART_COMMENT };
#define SHOWN(audience, order) "(" \
	QUESTION("0 as part, q.id, q.comment_count") " union all " \
	ACCEPTED("1, q.id, q.comment_count") " union all " \
	ANSWERS("2, q.id, q.comment_count", audience, order) ")"

/*
 * Each row says which part of the page it is for. They are chosen by number first and
 * then read, as each step of a union would build all columns anew. They come in any order:
 * sorting few rows here is cheaper than there. The public is not asked for comments of
 * posts that have none, which are most; what the team sees beside them is not counted.
 */
#define POSTS(audience, order, condition) \
	"with shown as materialized " SHOWN(audience, order) \
	" select s.part, " POST_COLUMNS " from (select part, id from shown" \
	" union all select 3, c.id from shown cross join lateral (" \
	"select q.id from posts q where q.parent_id = shown.id and q.kind = 'comment'" audience \
	" order by q.created_at, q.id limit " COMMENTS_ASKED ") c where " condition \
	") s join posts p on p.id = s.id" POST_AUTHOR_JOIN
#define HAS_COMMENTS "shown.comment_count > 0"

#define THANKS(audience, order) \
	"select th.post_id from " SHOWN(audience, order) " shown" \
	" join thanks th on th.post_id = shown.id where th.person_id = $3"
/* clang-format on */

DB_STATEMENT(view_posts_by_date, POSTS(PUBLIC, BY_DATE, HAS_COMMENTS), 2);
DB_STATEMENT(view_posts_by_score, POSTS(PUBLIC, BY_SCORE, HAS_COMMENTS), 2);
DB_STATEMENT(view_posts_by_date_team, POSTS(TEAM, BY_DATE, "true"), 2);
DB_STATEMENT(view_posts_by_score_team, POSTS(TEAM, BY_SCORE, "true"), 2);

DB_STATEMENT(view_thanks_by_date, THANKS(PUBLIC, BY_DATE), 3);
DB_STATEMENT(view_thanks_by_score, THANKS(PUBLIC, BY_SCORE), 3);
DB_STATEMENT(view_thanks_by_date_team, THANKS(TEAM, BY_DATE), 3);
DB_STATEMENT(view_thanks_by_score_team, THANKS(TEAM, BY_SCORE), 3);

/*
 * The same as in topic_may_index of functions.sql, written out: a function's statement
 * would be planned anew for each page.
 */
#define IS_VOUCHED_FOR \
	"t.mirror_source_id is not null or not coalesce(" \
	"a.role = 'customer' and a.trust_level = 0 and a.state <> 'imported', false)" \
	" or (t.is_answered and exists (select from posts q where q.topic_id = t.id" \
	" and q.kind = 'answer'" PUBLIC " and q.author_id is distinct from t.author_id))"

/* The last column: how many answers there are pages of. */
DB_STATEMENT(view_topic,
	     "select " TOPIC_COLUMNS ", " IS_VOUCHED_FOR ", t.answer_count from " TOPIC_TABLES
	     " where t.id = $1",
	     1);
DB_STATEMENT(view_topic_team,
	     "select " TOPIC_COLUMNS ", " IS_VOUCHED_FOR
	     ", (select count(*) from posts q where q.topic_id = t.id and q.kind = 'answer')"
	     " from " TOPIC_TABLES " where t.id = $1",
	     1);

/* What the person did here. */
DB_STATEMENT(
	view_state,
	"select exists (select from me_too m where m.topic_id = $1 and m.person_id = $2),"
	" exists (select from follows f where f.person_id = $2 and f.kind = 'topic' and f.target_id = $1),"
	" (select d.body_md from drafts d where d.person_id = $2 and d.place = 'answer:' || $1::bigint)",
	2);

/* People go on seeing, marked, what they wrote and what was taken away. */
DB_STATEMENT(
	view_own_hidden,
	"select " POST_COLUMNS " from posts p" POST_AUTHOR_JOIN
	" where p.topic_id = $1 and p.author_id = $2 and p.visibility <> 'visible' and p.kind <> 'question'"
	" order by p.created_at, p.id limit " OWN_HIDDEN_SHOWN,
	2);

struct view_statements {
	const struct stmt *posts, *thanks;
};

static const struct view_statements public_statements[] = {
	[ORDER_DATE] = { &view_posts_by_date, &view_thanks_by_date },
	[ORDER_SCORE] = { &view_posts_by_score, &view_thanks_by_score },
};

static const struct view_statements team_statements[] = {
	[ORDER_DATE] = { &view_posts_by_date_team, &view_thanks_by_date_team },
	[ORDER_SCORE] = { &view_posts_by_score_team, &view_thanks_by_score_team },
};

/* The results; those that were not asked for stay empty. */
struct view_rows {
	struct rows topic, posts, state, thanks, own_hidden;
	struct view_links links;
};

static enum err view_query(struct ctx *ctx, int64_t topic_id, const struct topic_view *view,
			   struct view_rows *rows)
{
	bool is_team = post_is_for_team(ctx);
	const struct view_statements *statements = is_team ? &team_statements[view->order]
							   : &public_statements[view->order];
	struct param topic = param_i64(topic_id);
	struct param offset = param_i64((view->page - 1) * ANSWERS_PER_PAGE);
	struct param person = param_i64(ctx->actor->id);

	db_add(ctx, is_team ? &view_topic_team : &view_topic, &rows->topic, topic);
	db_add(ctx, statements->posts, &rows->posts, topic, offset);
	view_links_add(ctx, topic_id, &rows->links);
	if (ctx->actor->id) {
		db_add(ctx, &view_state, &rows->state, topic, person);
		db_add(ctx, statements->thanks, &rows->thanks, topic, offset, person);
	}
	if (ctx->actor->id && !is_team)
		db_add(ctx, &view_own_hidden, &rows->own_hidden, topic, person);
	return db_run(ctx);
}

static enum err read_topic(struct ctx *ctx, struct rows *rows, struct topic_view *view)
{
	int64_t answers;

	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	topic_read(ctx, rows, &view->topic);
	view->is_vouched_for = col_bool(rows);
	answers = col_i64(rows);
	TRY(topic_check_visible(ctx, &view->topic));
	view->page_count = answers > 0 ? (answers + ANSWERS_PER_PAGE - 1) / ANSWERS_PER_PAGE : 1;
	if (view->page > view->page_count)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_acceptance(const void *a, const void *b)
{
	const struct post *one = a, *other = b;
	int order = compare_numbers(one->accepted_at, other->accepted_at);

	return order ? order : compare_numbers(one->id, other->id);
}

static int by_date(const void *a, const void *b)
{
	const struct post *one = a, *other = b;
	int order = compare_numbers(one->created_at, other->created_at);

	return order ? order : compare_numbers(one->id, other->id);
}

static int by_score(const void *a, const void *b)
{
	const struct post *one = a, *other = b;
	int order = compare_numbers(other->score, one->score);

	return order ? order : by_date(a, b);
}

/* The order in which comments are taken: those of one post together. */
static int by_parent(const void *a, const void *b)
{
	const struct post *one = a, *other = b;
	int order = compare_numbers(one->parent_id, other->parent_id);

	return order ? order : by_date(a, b);
}

/* Comments as they come; twice where the parent stands twice. */
struct comments {
	struct post *items;
	size_t count;
};

/* room_for: one's own hidden answers come after the others, on the last page. */
static void read_posts(struct ctx *ctx, struct rows *rows, struct topic_view *view, int room_for,
		       struct comments *comments)
{
	view->accepted = arena_array_of(ctx->arena, ACCEPTED_MOST, struct post);
	view->answers = arena_array_of(ctx->arena, (size_t)(ANSWERS_PER_PAGE + room_for),
				       struct post);
	comments->items = arena_array_of(ctx->arena, (size_t)rows->count, struct post);
	while (rows_next(rows)) {
		switch ((enum part)col_i64(rows)) {
		case PART_QUESTION:
			post_read(ctx, rows, &view->question);
			break;
		case PART_ACCEPTED:
			post_read(ctx, rows, &view->accepted[view->accepted_count++]);
			break;
		case PART_ANSWER:
			post_read(ctx, rows, &view->answers[view->answer_count++]);
			break;
		case PART_COMMENT:
			post_read(ctx, rows, &comments->items[comments->count++]);
			break;
		}
	}
	qsort(view->accepted, view->accepted_count, sizeof(struct post), by_acceptance);
	qsort(view->answers, view->answer_count, sizeof(struct post),
	      view->order == ORDER_SCORE ? by_score : by_date);
	qsort(comments->items, comments->count, sizeof(struct post), by_parent);
}

void view_each_post(struct topic_view *view, void (*visit)(struct post *, void *), void *data)
{
	visit(&view->question, data);
	for (size_t i = 0; i < view->accepted_count; i++)
		visit(&view->accepted[i], data);
	for (size_t i = 0; i < view->answer_count; i++)
		visit(&view->answers[i], data);
}

static void forget_solution(struct post *post, void *data)
{
	(void)data;
	post->accepted_at = 0;
}

/* Answers that were accepted before their topic became an idea. */
static void forget_solutions(struct topic_view *view)
{
	view->accepted_count = 0;
	view_each_post(view, forget_solution, NULL);
}

/* All comments of one post: a run of the array. */
static void take_comments(struct post *post, void *data)
{
	const struct post *run = data;

	if (post->id != run->parent_id)
		return;
	post->comments = run->comments;
	post->comments_count = run->comments_count;
	post->has_more_comments = run->has_more_comments;
}

static size_t drop_repeated(struct comments *comments)
{
	size_t count = 0;

	for (size_t i = 0; i < comments->count; i++)
		if (count == 0 || comments->items[i].id != comments->items[count - 1].id)
			comments->items[count++] = comments->items[i];
	return count;
}

/* At most one more than is shown of each post. */
static void hang_comments(struct ctx *ctx, struct comments *all, struct topic_view *view)
{
	struct post *comments = all->items;
	size_t count = drop_repeated(all);

	for (size_t start = 0, end; start < count; start = end) {
		struct post run = { .parent_id = comments[start].parent_id,
				    .comments = &comments[start] };

		for (end = start; end < count && comments[end].parent_id == run.parent_id; end++)
			post_decide(ctx, &comments[end], &view->topic);
		run.comments_count = end - start;
		if (run.comments_count > COMMENTS_SHOWN) {
			run.comments_count = COMMENTS_SHOWN;
			run.has_more_comments = true;
		}
		view_each_post(view, take_comments, &run);
	}
}

struct hidden_comment {
	struct arena *arena;
	const struct post *comment;
};

static void append_comment(struct post *post, void *data)
{
	const struct hidden_comment *hidden = data;
	struct post *comments;

	if (post->id != hidden->comment->parent_id)
		return;
	comments = arena_array_of(hidden->arena, post->comments_count + 1, struct post);
	if (post->comments_count > 0)
		memcpy(comments, post->comments, post->comments_count * sizeof *comments);
	comments[post->comments_count++] = *hidden->comment;
	post->comments = comments;
}

static void read_own_hidden(struct ctx *ctx, struct rows *rows, struct topic_view *view)
{
	while (rows_next(rows)) {
		struct post post = { 0 };

		post_read(ctx, rows, &post);
		post_decide(ctx, &post, &view->topic);
		if (post.kind == POST_COMMENT)
			view_each_post(view, append_comment,
				       &(struct hidden_comment){ ctx->arena, &post });
		else if (view->page == view->page_count)
			view->answers[view->answer_count++] = post;
	}
}

static void mark_thanked(struct post *post, void *data)
{
	if (post->id == *(int64_t *)data)
		post->is_thanked = true;
}

static void read_state(struct rows *state, struct rows *thanks, struct topic_view *view)
{
	view->draft_md = "";
	if (rows_next(state)) {
		view->has_me_too = col_bool(state);
		view->is_followed = col_bool(state);
		view->draft_md = col_text(state);
	}
	while (rows_next(thanks)) {
		int64_t post_id = col_i64(thanks);

		view_each_post(view, mark_thanked, &post_id);
	}
}

struct decision {
	const struct ctx *ctx;
	const struct topic *topic;
};

static void decide(struct post *post, void *data)
{
	const struct decision *decision = data;

	post_decide(decision->ctx, post, decision->topic);
}

static void view_decide(const struct ctx *ctx, struct topic_view *view)
{
	const struct actor *actor = ctx->actor;
	struct subject subject = topic_subject(ctx, &view->topic);
	bool may_close = policy_can(actor, MAY_CLOSE, &subject);
	bool is_ended = view->topic.status == STATUS_CLOSED ||
			view->topic.status == STATUS_DUPLICATE;

	view_each_post(view, decide, &(struct decision){ ctx, &view->topic });
	view->can.answer = policy_can(actor, MAY_ANSWER, &subject);
	view->can.comment = policy_can(actor, MAY_COMMENT, &subject);
	view->can.me_too = policy_can(actor, MAY_ME_TOO, &subject);
	view->can.follow = policy_can(actor, MAY_FOLLOW, &subject);
	view->can.edit = view->question.can.edit || policy_can(actor, MAY_EDIT_TAGS, &subject);
	view->can.ask_for_information = policy_can(actor, MAY_ASK_FOR_INFORMATION, &subject) &&
					view->topic.status == STATUS_OPEN;
	view->can.mark_duplicate = policy_can(actor, MAY_MARK_DUPLICATE, &subject) && !is_ended;
	view->can.close = may_close && !is_ended;
	view->can.reopen = may_close && view->topic.status != STATUS_OPEN;
	view->can.add_poll = !view->topic.has_poll && policy_can(actor, MAY_ADD_POLL, &subject);
	view->can.set_stage = view->topic.stage && policy_can(actor, MAY_SET_STAGE, &subject);
	view->can.make_article = policy_can(actor, MAY_WRITE_ARTICLE, &subject) &&
				 view->topic.visibility == VISIBILITY_VISIBLE &&
				 view->topic.answer_count > 0;
}

enum err topic_view_load(struct ctx *ctx, int64_t topic_id, int64_t page, enum answer_order order,
			 struct topic_view *out)
{
	struct view_rows rows = { 0 };
	struct comments comments = { 0 };

	*out = (struct topic_view){ .page = page, .order = order };
	if (page < 1 || page > PAGES_MAX)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(view_query(ctx, topic_id, out, &rows));
	TRY(read_topic(ctx, &rows.topic, out));
	read_posts(ctx, &rows.posts, out, rows.own_hidden.count, &comments);
	if (out->topic.stage)
		forget_solutions(out);
	hang_comments(ctx, &comments, out);
	view_links_read(ctx, &rows.links, out);
	read_own_hidden(ctx, &rows.own_hidden, out);
	read_state(&rows.state, &rows.thanks, out);
	view_decide(ctx, out);
	return OK;
}
