/*
 * Reading one post, also to change it; its subject, rights and address.
 */
#include "forum/post_columns.h"

#include "base/slice.h"
#include "db/db.h"
#include "forum/topic_columns.h"

DB_STATEMENT(post_by_id,
	     "select " POST_COLUMNS ", p.body_md, coalesce(s.visibility, 'visible'), s.author_id"
	     " from posts p" POST_AUTHOR_JOIN " left join posts s on s.id = p.parent_id"
	     " where p.id = $1",
	     1);

DB_STATEMENT(topic_of_post,
	     "select " TOPIC_COLUMNS " from " TOPIC_TABLES
	     " where t.id = (select q.topic_id from posts q where q.id = $1)",
	     1);

DB_STATEMENT(
	topic_of_post_locked,
	"select " TOPIC_COLUMNS " from " TOPIC_TABLES
	" where t.id = (select q.topic_id from posts q where q.id = $1) for no key update of t",
	1);

DB_STATEMENT(post_locked,
	     "select " POST_COLUMNS ", p.body_md, a.is_trusted from posts p" POST_AUTHOR_JOIN
	     " where p.id = $1 for no key update of p",
	     1);

/*
 * How many answers stand before a post, by date; a comment stands with its
 * parent, a question before all. One's own hidden answer comes after all others.
 */
#define PLACE(audience, condition) \
	"select count(*) from posts p join posts q on q.topic_id = p.topic_id and q.kind = 'answer'" audience \
	" and (" condition "(q.created_at, q.id) < (p.created_at, p.id))" \
	" where p.id = (select coalesce(s.parent_id, s.id) from posts s where s.id = $1) and p.kind = 'answer'"

DB_STATEMENT(post_place, PLACE(" and q.visibility = 'visible'", "p.visibility <> 'visible' or "),
	     1);
DB_STATEMENT(post_place_team, PLACE("", ""), 1);

/* "https://history.meta.stackexchange.com/a/12" → its host; "" without one. */
static const char *host_of(struct arena *arena, const char *url)
{
	const char *host = strstr(url, "://");

	if (!host)
		return "";
	host += strlen("://");
	return arena_strndup(arena, host, strcspn(host, "/?#"));
}

void post_read(struct ctx *ctx, struct rows *rows, struct post *post)
{
	post->id = col_i64(rows);
	post->topic_id = col_i64(rows);
	post->parent_id = col_i64(rows);
	post->number = col_i64(rows);
	post->kind = post_kind_from_text(col_text(rows));
	author_read(ctx, rows, &post->author);
	post->body = html_fragment_from_stored_sanitised(col_text(rows));
	post->body_md = "";
	post->visibility = visibility_from_text(col_text(rows));
	post->withdrawn_by = col_i64(rows);
	post->created_at = col_time(rows);
	post->edited_at = col_time(rows);
	post->accepted_at = col_time(rows);
	post->revision_count = col_i64(rows);
	post->thanks_count = col_i64(rows);
	post->score = col_i64(rows);
	post->comment_count = col_i64(rows);
	post->source_url = col_text(rows);
	post->source_licence = col_text(rows);
	post->source_name = host_of(ctx->arena, post->source_url);
	post->reply_to_id = col_i64(rows);
	post->endorsed_at = col_time(rows);
	post->is_by_expert = col_bool(rows);
	post->mark = NULL;
	post->asked_as = NULL;
}

struct subject post_subject(const struct ctx *ctx, const struct post *post,
			    const struct topic *topic)
{
	return (struct subject){
		.author_id = post->author.id,
		.topic_author_id = topic->author.id,
		.category_id = topic->category_id,
		.kind = post->kind,
		.status = topic->status,
		.visibility = post->visibility,
		.topic_visibility = topic->visibility,
		.is_accepted = post->accepted_at != 0,
		.has_answers = topic->answer_count > 0,
		.is_actors_field = topic_is_actors_field(ctx->actor, topic),
		.is_locked = topic->is_locked,
		.is_idea = topic->stage != IDEA_NONE,
		.withdrawn_by = post->withdrawn_by,
		.created_at = post->created_at,
		.topic_created_at = topic->created_at,
		.now = ctx->now,
	};
}

void post_decide(const struct ctx *ctx, struct post *post, const struct topic *topic)
{
	const struct actor *actor = ctx->actor;
	struct subject subject = post_subject(ctx, post, topic);

	post->can.see_revisions = post->revision_count > 0 &&
				  policy_can(actor, MAY_SEE_REVISIONS, &subject);
	if (actor->role == ROLE_VISITOR)
		return;
	post->can.edit = policy_can(actor, MAY_EDIT_POST, &subject);
	post->can.withdraw = policy_can(actor, MAY_WITHDRAW_POST, &subject);
	post->can.restore = policy_can(actor, MAY_RESTORE_POST, &subject);
	post->can.flag = policy_can(actor, MAY_FLAG, &subject);
	post->can.comment = post->kind != POST_COMMENT && policy_can(actor, MAY_COMMENT, &subject);
	if (post->kind != POST_ANSWER)
		return;
	post->can.thank = policy_can(actor, MAY_THANK, &subject);
	post->can.accept = !post->accepted_at && policy_can(actor, MAY_ACCEPT, &subject);
	post->can.endorse = policy_can(actor, MAY_ENDORSE, &subject);
	post->can.propose = policy_can(actor, MAY_PROPOSE_ARTICLE, &subject);
	post->can.unaccept = post->accepted_at && policy_can(actor, MAY_ACCEPT, &subject);
}

const char *post_path_on_page(struct arena *arena, const struct topic *topic, int64_t page,
			      int64_t post_id)
{
	const char *path = topic_path(arena, topic->id, topic->title);

	if (page > 1)
		path = arena_printf(arena, "%s?page=%lld", path, (long long)page);
	return arena_printf(arena, "%s#p%lld", path, (long long)post_id);
}

bool post_is_for_team(const struct ctx *ctx)
{
	return policy_can(ctx->actor, MAY_SEE_WITHDRAWN, &(struct subject){ 0 });
}

static void place_add(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, post_is_for_team(ctx) ? &post_place_team : &post_place, rows, param_i64(id));
}

/* Of the public pages never one past the last: a hidden answer stands after all. */
static int64_t place_page(const struct ctx *ctx, struct rows *rows, const struct topic *topic)
{
	int64_t before = rows_next(rows) ? col_i64(rows) : 0;

	if (before > 0 && before == topic->answer_count && !post_is_for_team(ctx))
		before--;
	return before / ANSWERS_PER_PAGE + 1;
}

static enum err check_post_visible(struct ctx *ctx, const struct post *post,
				   const struct topic *topic)
{
	struct subject subject = post_subject(ctx, post, topic);

	TRY(topic_check_visible(ctx, topic));
	if (post->visibility == VISIBILITY_VISIBLE ||
	    policy_can(ctx->actor, MAY_SEE_WITHDRAWN, &subject))
		return OK;
	return fail(ctx, post->visibility == VISIBILITY_HELD ? ERR_NOT_FOUND : ERR_GONE, NULL,
		    NULL);
}

/* The rows of topic_of_post and post_by_id, or of their locking twins. */
static enum err take_post(struct ctx *ctx, struct rows *topics, struct rows *posts,
			  struct topic *topic, struct post *post)
{
	*post = (struct post){ 0 };
	if (!rows_next(topics) || !rows_next(posts))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	topic_read(ctx, topics, topic);
	post_read(ctx, posts, post);
	post->body_md = col_text(posts);
	return check_post_visible(ctx, post, topic);
}

/* A comment is as much out of reach as what it stands under. After take_post. */
static enum err check_parent_visible(struct ctx *ctx, struct rows *posts, const struct topic *topic)
{
	enum visibility visibility = visibility_from_text(col_text(posts));
	struct subject subject = topic_subject(ctx, topic);

	subject.author_id = col_i64(posts);
	if (visibility == VISIBILITY_VISIBLE || policy_can(ctx->actor, MAY_SEE_WITHDRAWN, &subject))
		return OK;
	return fail(ctx, visibility == VISIBILITY_HELD ? ERR_NOT_FOUND : ERR_GONE, NULL, NULL);
}

enum err post_load(struct ctx *ctx, int64_t id, struct post *post, struct topic *topic)
{
	struct rows posts, topics;

	db_add(ctx, &topic_of_post, &topics, param_i64(id));
	db_add(ctx, &post_by_id, &posts, param_i64(id));
	TRY(db_run(ctx));
	TRY(take_post(ctx, &topics, &posts, topic, post));
	TRY(check_parent_visible(ctx, &posts, topic));
	post_decide(ctx, post, topic);
	return OK;
}

/* "/t/12-slug?page=2#p45" → "/t/12-slug?page=2&view=duplicate#p45" */
static const char *stay_on_duplicate(struct arena *arena, const char *path)
{
	int length = (int)strcspn(path, "#");

	return arena_printf(arena, "%.*s%cview=duplicate%s", length, path,
			    memchr(path, '?', (size_t)length) ? '&' : '?', path + length);
}

enum err post_path(struct ctx *ctx, int64_t id, const char **path)
{
	struct rows posts, topics, places;
	struct topic topic = { 0 };
	struct post post;

	db_add(ctx, &topic_of_post, &topics, param_i64(id));
	db_add(ctx, &post_by_id, &posts, param_i64(id));
	place_add(ctx, id, &places);
	TRY(db_run(ctx));
	TRY(take_post(ctx, &topics, &posts, &topic, &post));
	TRY(check_parent_visible(ctx, &posts, &topic));
	*path = post_path_on_page(ctx->arena, &topic, place_page(ctx, &places, &topic), id);
	/* An answer under a duplicate is there alone; the question is the original's. */
	if (topic.leads_to_original && post.kind != POST_QUESTION)
		*path = stay_on_duplicate(ctx->arena, *path);
	return OK;
}

void post_lock_add(struct ctx *ctx, int64_t id, struct post_lock *lock)
{
	db_add(ctx, &topic_of_post_locked, &lock->topics, param_i64(id));
	db_add(ctx, &post_locked, &lock->posts, param_i64(id));
	place_add(ctx, id, &lock->places);
}

enum err post_lock_take(struct ctx *ctx, struct post_lock *lock)
{
	TRY(take_post(ctx, &lock->topics, &lock->posts, &lock->topic, &lock->post));
	lock->is_author_trusted = col_bool(&lock->posts);
	lock->page = place_page(ctx, &lock->places, &lock->topic);
	return OK;
}
