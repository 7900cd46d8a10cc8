/*
 * Editing a post; of a question also title, tags and category. Every version is
 * kept: number 0 is the text as it was first written, added by the first edit.
 *
 * Who may change the words may not always change where the question stands, and
 * the other way round: each is asked only when it changes.
 */
#include "forum/post_columns.h"

#include "forum/audit.h"
#include "forum/field.h"
#include "forum/mention.h"
#include "forum/mirror.h"
#include "forum/moderation.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/draft.h"
#include "forum/topic_columns.h"
#include "forum/topic_write.h"
#include "forum/trust.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	revision_first,
	"insert into revisions (post_id, number, title, body_md, editor_id, editor_name, created_at)"
	" select p.id, 0, $2, p.body_md, p.author_id, p.author_name, p.created_at"
	" from posts p where p.id = $1 and p.revision_count = 0",
	2);

DB_STATEMENT(
	revision_insert,
	"insert into revisions (post_id, number, title, body_md, editor_id, reason, created_at)"
	" values ($1, $2, $3, $4, $5, $6, $7)",
	7);

DB_STATEMENT(post_update, "update posts set body_md = $2, body_html = $3 where id = $1", 3);

DB_STATEMENT(post_versioned, "update posts set edited_at = $2, revision_count = $3 where id = $1",
	     3);

DB_STATEMENT(topic_update,
	     "update topics set title = $2, excerpt = $3, category_id = $4 where id = $1", 4);

/* What a rule holds after an edit; the topic is as visible as its question. */
DB_STATEMENT(
	post_hold,
	"with held as (update posts set visibility = 'held' where id = $1 and visibility = 'visible'\n"
	"	returning topic_id, kind)\n"
	"update topics t set visibility = 'held' from held\n"
	"where held.kind = 'question' and t.id = held.topic_id and t.visibility = 'visible'",
	1);

DB_STATEMENT(topic_tags_clear, "delete from topic_tags where topic_id = $1", 1);

DB_STATEMENT(question_of_topic,
	     "select q.id from posts q where q.topic_id = $1 and q.kind = 'question'", 1);

/* What the form asks for, cleaned; NULL and 0 stand for "as it is". */
struct edit {
	const struct post_edit *form;
	bool is_any_version; /* not made from a certain version of the text */
	const char *title, *body_md, *reason;
	const char **tags;
	size_t tag_count;
	struct post_lock lock;
	struct rows category, typed;
	struct mentions mentions;
	bool is_personal_kept;
	struct holding holding;
	bool is_title_changed, is_body_changed, is_place_changed, are_tags_changed;
};

/*
 * Imported titles and texts may be shorter or longer than what is written here:
 * while they stay as they are they are not measured.
 */
#define ANY_LENGTH ((size_t)200000)

static enum err clean(struct ctx *ctx, struct edit *edit)
{
	const struct post_edit *form = edit->form;

	bool is_removed = form->personal == PERSONAL_REMOVE;

	if (form->title)
		TRY(field_line(ctx, "title",
			       is_removed ? personal_remove(ctx, form->title) : form->title, 0,
			       ANY_LENGTH, &edit->title));
	if (form->body_md)
		TRY(field_text(ctx, "body",
			       is_removed ? personal_remove(ctx, form->body_md) : form->body_md, 0,
			       ANY_LENGTH, &edit->body_md));
	if (form->tags)
		TRY(tag_parse(ctx, form->tags, &edit->tags, &edit->tag_count));
	return field_line(ctx, "reason", form->reason, 0, EDIT_REASON_MAX, &edit->reason);
}

/* As they were typed, or as what they stand for: one may be being renamed. */
static bool are_tags_equal(const struct edit *edit, const struct tags *tags)
{
	if (edit->tag_count != tags->count)
		return false;
	for (size_t i = 0; i < tags->count; i++)
		if (strcmp(edit->tags[i], tags->items[i].name) != 0)
			return false;
	return true;
}

/* A form gives a text back cleaned, also where an import kept it otherwise. */
static bool is_same_text(struct ctx *ctx, const char *kept, const char *typed)
{
	const char *cleaned;

	if (!strcmp(kept, typed))
		return true;
	if (field_text(ctx, "body", kept, 0, ANY_LENGTH, &cleaned) == OK)
		return !strcmp(cleaned, typed);
	error_clear(ctx);
	return false;
}

/* Fills in what the form left out, and finds what it changes. */
static enum err compare(struct ctx *ctx, struct edit *edit)
{
	const struct topic *topic = &edit->lock.topic;
	bool is_question = edit->lock.post.kind == POST_QUESTION;

	if (!is_question || !edit->title)
		edit->title = topic->title;
	if (!edit->body_md)
		edit->body_md = edit->lock.post.body_md;
	edit->is_title_changed = strcmp(edit->title, topic->title) != 0;
	edit->is_body_changed = !is_same_text(ctx, edit->lock.post.body_md, edit->body_md);
	if (is_question && edit->form->tags && !are_tags_equal(edit, &topic->tags)) {
		TRY(tag_take_typed(ctx, &edit->typed, &topic->tags, edit->tags, &edit->tag_count));
		edit->are_tags_changed = !are_tags_equal(edit, &topic->tags);
	}
	edit->is_place_changed = is_question && edit->form->category_id &&
				 edit->form->category_id != topic->category_id;
	return OK;
}

/* How long a text may be depends on the kind of post, known only now. */
static enum err check_words(struct ctx *ctx, struct edit *edit)
{
	bool is_comment = edit->lock.post.kind == POST_COMMENT;

	if (edit->is_title_changed)
		TRY(topic_clean_title(ctx, edit->title, &edit->title));
	if (!edit->is_body_changed)
		return OK;
	return field_text(ctx, "body", edit->body_md, is_comment ? COMMENT_BODY_MIN : POST_BODY_MIN,
			  is_comment ? COMMENT_MAX_BYTES : POST_BODY_MAX_BYTES, &edit->body_md);
}

/* What stood there before is nobody's question now. */
static enum err check_personal(struct ctx *ctx, struct edit *edit)
{
	const struct post_lock *lock = &edit->lock;
	bool is_found = ctx->actor->id != 0 && !ctx->actor->is_automatic &&
			(personal_is_found(ctx, edit->body_md, lock->post.body_md) ||
			 personal_is_found(ctx, edit->title, lock->topic.title));

	if (is_found && edit->form->personal != PERSONAL_KEEP)
		return personal_refuse(ctx);
	edit->is_personal_kept = is_found;
	return OK;
}

/* A rule that holds takes no question from under its answers: the team looks instead. */
static enum err check_rules(struct ctx *ctx, struct edit *edit)
{
	const struct topic *topic = &edit->lock.topic;
	struct holding *holding = &edit->holding;

	if (!edit->is_body_changed && !edit->is_title_changed)
		return OK;
	holding->text.category_id = topic->category_id;
	holding->text.language = topic->language;
	TRY(holding_decide(ctx, holding));
	if (holding->verdict.act == HOLDING_HOLDS && edit->lock.post.kind == POST_QUESTION &&
	    topic->answer_count > 0)
		holding_soften(holding);
	return OK;
}

static enum err check(struct ctx *ctx, struct edit *edit)
{
	const struct post_lock *lock = &edit->lock;
	struct subject post = post_subject(ctx, &lock->post, &lock->topic);
	struct subject topic = topic_subject(ctx, &lock->topic);

	if (edit->is_title_changed || edit->is_body_changed)
		TRY(policy_require(ctx, MAY_EDIT_POST, &post));
	TRY(check_words(ctx, edit));
	TRY(check_personal(ctx, edit));
	TRY(check_rules(ctx, edit));
	if (edit->are_tags_changed || edit->is_place_changed)
		TRY(policy_require(ctx, MAY_EDIT_TAGS, &topic));
	if (edit->is_place_changed) {
		topic.category_id = edit->form->category_id;
		TRY(policy_require(ctx, MAY_ASK, &topic));
		TRY(topic_take_category_check(ctx, &edit->category));
	}
	if (!edit->is_any_version && edit->form->revision_count != lock->post.revision_count)
		return fail(
			ctx, ERR_CONFLICT, NULL, "%s",
			_("Somebody changed this post while you were writing. Your text is kept here: "
			  "compare it with the post as it is now, then save again."));
	return OK;
}

static void add_revision(struct ctx *ctx, const struct edit *edit, int64_t at)
{
	const struct post *post = &edit->lock.post;
	bool is_question = post->kind == POST_QUESTION;

	db_add(ctx, &revision_first, NULL, param_i64(post->id),
	       param_text(is_question ? edit->lock.topic.title : NULL));
	db_add(ctx, &revision_insert, NULL, param_i64(post->id),
	       param_i64(post->revision_count + 1), param_text(is_question ? edit->title : NULL),
	       param_text(edit->body_md), param_id(ctx->actor->id), param_text(edit->reason),
	       param_time(at));
}

static void add_topic_changes(struct ctx *ctx, const struct edit *edit)
{
	const struct topic *topic = &edit->lock.topic;
	int64_t category_id = edit->is_place_changed ? edit->form->category_id : topic->category_id;

	db_add(ctx, &topic_update, NULL, param_i64(topic->id), param_text(edit->title),
	       param_text(markdown_excerpt(ctx->arena, edit->body_md, TOPIC_EXCERPT_POINTS)),
	       param_i64(category_id));
	if (edit->are_tags_changed) {
		db_add(ctx, &topic_tags_clear, NULL, param_i64(topic->id));
		topic_add_tags(ctx, topic->id, edit->tags, edit->tag_count);
	}
	if (edit->is_title_changed || edit->is_body_changed)
		topic_add_information_came(ctx, topic);
}

static void add_audit(struct ctx *ctx, const struct edit *edit)
{
	struct buf details;

	if (edit->lock.post.author.id == ctx->actor->id)
		return;
	buf_init(&details, ctx->arena, 32 * EDIT_REASON_MAX);
	buf_text(&details, "{\"reason\":");
	buf_json(&details, edit->reason);
	buf_text(&details, "}");
	audit_add(ctx, "post_edit", "post", edit->lock.post.id, details.data);
}

/* The markup of an untouched text stays, above all that of an imported one. */
/* What people rely on says something else now: the team looks, it stays shown. */
static void watch_trusted(struct ctx *ctx, const struct edit *edit)
{
	const struct post *post = &edit->lock.post;
	bool is_official = role_is_staff(post->author.role);

	if (!(post->accepted_at || is_official) || role_is_staff(ctx->actor->role))
		return;
	moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_TRUSTED_EDIT,
						       .post_id = post->id,
						       .reference_id = post->revision_count + 1,
						       .code = is_official ? "edited_official"
									   : "edited_accepted",
						       .score = 2 });
}

static enum err add_body(struct ctx *ctx, struct edit *edit)
{
	const struct post *post = &edit->lock.post;
	struct html_fragment body;

	if (!edit->is_body_changed)
		return OK;
	TRY(mentions_render(&edit->mentions, "body", edit->body_md, edit->lock.is_author_trusted,
			    &body));
	TRY(trust_check_body(ctx, "body", body.html, edit->mentions.count));
	db_add(ctx, &post_update, NULL, param_i64(post->id), param_text(edit->body_md),
	       param_text(body.html));
	watch_trusted(ctx, edit);
	/* An answer that was sent to another network says the same there. */
	if (post->kind != POST_QUESTION && role_is_staff(post->author.role))
		mirror_add_edit(ctx, post->id, edit->body_md);
	if (edit->mentions.count > 0)
		notify_mentioned(ctx, edit->mentions.handles, edit->mentions.count, post->topic_id,
				 post->id);
	return OK;
}

static enum err make_version(struct ctx *ctx, struct edit *edit)
{
	const struct post *post = &edit->lock.post;
	int64_t asked_at = edit->form->edited_at;
	int64_t at = ctx->actor->is_automatic && asked_at ? asked_at : ctx->now;

	add_revision(ctx, edit, at);
	if (post->kind == POST_QUESTION)
		add_topic_changes(ctx, edit);
	TRY(add_body(ctx, edit));
	db_add(ctx, &post_versioned, NULL, param_i64(post->id), param_time(at),
	       param_i64(post->revision_count + 1));
	if (edit->is_personal_kept)
		personal_tell(ctx, post->id);
	if (holding_visibility(&edit->holding) == VISIBILITY_HELD)
		db_add(ctx, &post_hold, NULL, param_i64(post->id));
	holding_record(ctx, &edit->holding, post->id);
	add_audit(ctx, edit);
	return OK;
}

static bool is_changed(const struct edit *edit)
{
	return edit->is_title_changed || edit->is_body_changed || edit->are_tags_changed ||
	       edit->is_place_changed;
}

static enum err edit_run(struct ctx *ctx, struct edit *edit, const char **path)
{
	const struct post_edit *form = edit->form;
	const char *earlier;

	if (ctx->actor->role == ROLE_VISITOR)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	TRY(clean(ctx, edit));
	db_begin(ctx);
	post_lock_add(ctx, form->id, &edit->lock);
	topic_add_category_check(ctx, form->category_id, &edit->category);
	if (form->tags)
		tag_add_typed(ctx, edit->tags, edit->tag_count, &edit->typed);
	mentions_add(ctx, edit->body_md ? edit->body_md : "", &edit->mentions);
	if (edit->body_md || edit->title)
		holding_begin(ctx, &edit->holding,
			      &(struct holding_text){ .title = edit->title ? edit->title : "",
						      .body_md = edit->body_md ? edit->body_md : "",
						      .language = ctx->language });
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	TRY(post_lock_take(ctx, &edit->lock));
	TRY(compare(ctx, edit));
	TRY(check(ctx, edit));
	*path = post_path_on_page(ctx->arena, &edit->lock.topic, edit->lock.page, form->id);
	if (is_changed(edit))
		TRY(make_version(ctx, edit));
	draft_drop(ctx, arena_printf(ctx->arena, "edit:%lld", (long long)form->id));
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err post_edit(struct ctx *ctx, const struct post_edit *form, const char **path)
{
	struct edit edit = { .form = form };

	return writing_end(ctx, edit_run(ctx, &edit, path));
}

enum err topic_edit(struct ctx *ctx, const struct topic_edit *form)
{
	struct post_edit whole = { .title = form->title,
				   .tags = form->tags,
				   .category_id = form->category_id };
	struct edit edit = { .form = &whole, .is_any_version = true };
	const char *path;
	struct rows rows;

	TRY(db_query(ctx, &question_of_topic, &rows, param_i64(form->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	whole.id = col_i64(&rows);
	return writing_end(ctx, edit_run(ctx, &edit, &path));
}
