/*
 * The history of a post: its versions as they were kept, newest first.
 */
#include "forum/post_columns.h"

#include "i18n/i18n.h"

DB_STATEMENT(
	revision_newest,
	"select r.number, r.created_at, a.id, coalesce(a.name, r.editor_name), a.title, a.role,"
	" a.state = 'suspended', a.created_at, a.accepted_count, a.answer_count, " RANK_COLUMNS(
		"a") ","
		     " r.reason, r.title, r.body_md"
		     " from revisions r left join people a on a.id = r.editor_id"
		     " where r.post_id = $1 order by r.number desc limit $2",
	2);

static void revision_read(struct ctx *ctx, struct rows *rows, struct revision *revision)
{
	revision->number = col_i64(rows);
	revision->created_at = col_time(rows);
	author_read(ctx, rows, &revision->editor);
	revision->reason = col_text(rows);
	revision->title = col_text(rows);
	revision->body_md = col_text(rows);
}

/* A post that was never edited has kept nothing: it is its only version. */
static void only_version(const struct post *post, const struct topic *topic,
			 struct revision *revision)
{
	*revision = (struct revision){
		.created_at = post->created_at,
		.editor = post->author,
		.reason = "",
		.title = post->kind == POST_QUESTION ? topic->title : "",
		.body_md = post->body_md,
	};
}

enum err revision_list(struct ctx *ctx, int64_t post_id, struct revision **out, size_t *count)
{
	struct subject subject;
	struct topic topic;
	struct post post;
	struct rows rows;

	/* Goes in the same round trip as post_load's. */
	db_add(ctx, &revision_newest, &rows, param_i64(post_id), param_i64(REVISIONS_SHOWN));
	TRY(post_load(ctx, post_id, &post, &topic));
	subject = post_subject(ctx, &post, &topic);
	TRY(policy_require(ctx, MAY_SEE_REVISIONS, &subject));
	*out = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct revision);
	*count = 0;
	while (rows_next(&rows))
		revision_read(ctx, &rows, &(*out)[(*count)++]);
	if (*count == 0)
		only_version(&post, &topic, &(*out)[(*count)++]);
	return OK;
}
