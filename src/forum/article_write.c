/*
 * Writing articles: a version a save, kept for good. The article's row is locked first,
 * so that two writers are told of each other.
 */
#include "forum/article_work.h"

#include "forum/article_columns.h"
#include "forum/article_files.h"
#include "forum/article_parts.h"
#include "forum/audit.h"
#include "forum/constraint.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/slug.h"

DB_STATEMENT(article_lock,
	     "select " ARTICLE_COLUMNS
	     ", lv.author_id, a.publish_version_id, lv.title, lv.summary, lv.body_md\n"
	     "from articles a" ARTICLE_JOINS "\n"
	     "where a.id = $1 for update of a",
	     1);

/* The category with its parent, for the right to write there; and the group to join. */
DB_STATEMENT(
	article_place_check,
	"select c.id, c.parent_id, (select t.group_id from articles t where t.id = $2::bigint)\n"
	"from (select 1) one left join categories c on c.id = $1::bigint and c.archived_at is null",
	2);

DB_STATEMENT(
	article_insert,
	"insert into articles (group_id, language, category_id, product, product_slug, title, summary,\n"
	"	owner_id, import_key, created_at, updated_at)\n"
	"select coalesce($1::bigint, nextval('article_groups')), $2, $3::bigint, $4, $5, $6, $7,\n"
	"	$8::bigint, $9, $10::timestamptz, $10::timestamptz\n"
	"returning id",
	10);

/* And the article follows: its newest version; its face, as long as readers have none. */
DB_STATEMENT(
	article_version_insert,
	"with version as (\n"
	"	insert into article_versions (article_id, number, title, summary, body_md, body_html,\n"
	"		author_id, reason, created_at)\n"
	"	select $1::bigint, $2::integer, $3, $4, $5, $6, $7::bigint, $8, $9::timestamptz\n"
	"	returning id\n"
	")\n"
	"update articles a set latest_version_id = version.id, state = 'draft', updated_at = $9::timestamptz,\n"
	"	title = case when a.published_version_id is null then $3 else a.title end,\n"
	"	summary = case when a.published_version_id is null then $4 else a.summary end\n"
	"from version where a.id = $1::bigint",
	9);

DB_STATEMENT(article_sources_insert,
	     "insert into article_sources (article_id, topic_id, post_id)\n"
	     "select $1, p.topic_id, p.id from posts p\n"
	     "where p.topic_id = $2 and p.id = any ($3::bigint[]) order by p.id",
	     3);

DB_STATEMENT(article_set_place,
	     "update articles set category_id = $2::bigint, product = $3, product_slug = $4,\n"
	     "	updated_at = $5::timestamptz\n"
	     "where id = $1",
	     5);

void article_lock_add(struct ctx *ctx, int64_t id, struct article_lock *lock)
{
	db_add(ctx, &article_lock, &lock->rows, param_i64(id));
}

enum err article_lock_take(struct ctx *ctx, struct article_lock *lock)
{
	if (!rows_next(&lock->rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	article_read(ctx, &lock->rows, &lock->article);
	lock->author_id = col_i64(&lock->rows);
	lock->publish_version_id = col_i64(&lock->rows);
	lock->title = col_text(&lock->rows);
	lock->summary = col_text(&lock->rows);
	lock->body_md = col_text(&lock->rows);
	lock->subject = article_subject(ctx, &lock->article, lock->author_id);
	return OK;
}

/* Pictures of this article are shown, others become links to where they lie. */
static enum err render(struct ctx *ctx, const char *body_md, const struct attachment_list *files,
		       struct html_fragment *out)
{
	const struct article_pictures pictures = { .ctx = ctx, .files = files };
	const struct markdown_options options = { .are_links_followed = true,
						  .has_images = true,
						  .picture = article_picture,
						  .picture_data = &pictures };

	return markdown_render(ctx, "body", body_md, &options, out);
}

enum err article_render(struct ctx *ctx, int64_t id, const char *body_md, struct html_fragment *out)
{
	struct attachment_list files;

	TRY(article_files_for(ctx, id, body_md, &files));
	return render(ctx, body_md, &files, out);
}

enum err article_check_words(struct ctx *ctx, struct article_form *form, struct html_fragment *html)
{
	struct attachment_list files;

	TRY(field_line(ctx, "title", form->title, 3, ARTICLE_TITLE_MAX, &form->title));
	TRY(field_line(ctx, "summary", form->summary, 0, ARTICLE_SUMMARY_MAX, &form->summary));
	TRY(field_line(ctx, "product", form->product, 0, ARTICLE_PRODUCT_MAX, &form->product));
	TRY(field_line(ctx, "reason", form->reason, 0, ARTICLE_REASON_MAX, &form->reason));
	TRY(field_text(ctx, "body", form->body_md, 10, MARKDOWN_MAX_BYTES, &form->body_md));
	TRY(article_files_for(ctx, form->id ? form->id : form->translates_id, form->body_md,
			      &files));
	TRY(article_files_check(ctx, form->body_md, &files));
	return render(ctx, form->body_md, &files, html);
}

const char *article_product_slug(struct ctx *ctx, const char *product)
{
	return product[0] ? slug_from(ctx->arena, product) : "";
}

enum err article_somebody_was_faster(struct ctx *ctx)
{
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("Somebody else worked on this article in the meantime. Nothing is lost: "
		      "compare with the newest version below, then send it again."));
}

void article_audit(struct ctx *ctx, const char *action, int64_t id, int64_t number,
		   const char *reason)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "article",
				 .subject_id = id,
				 .reason = reason,
				 .details = arena_printf(ctx->arena, "{\"version\":%lld}",
							 (long long)number),
			 });
}

void article_add_version(struct ctx *ctx, int64_t id, const struct article_words *words)
{
	db_add(ctx, &article_version_insert, NULL, param_i64(id), param_i64(words->number),
	       param_text(words->title), param_text(words->summary), param_text(words->body_md),
	       param_text(words->body_html), param_id(ctx->actor->id), param_text(words->reason),
	       param_time(ctx->now));
}

enum err article_add_row(struct ctx *ctx, const struct article_form *form, int64_t group_id,
			 const char *import_key, int64_t *id)
{
	struct rows rows;

	*id = 0;
	TRY(db_query(ctx, &article_insert, &rows, param_id(group_id), param_text(form->language),
		     param_id(form->category_id), param_text(form->product),
		     param_text(article_product_slug(ctx, form->product)), param_text(form->title),
		     param_text(form->summary), param_id(ctx->actor->id), param_text(import_key),
		     param_time(ctx->now)));
	rows_next(&rows);
	*id = col_i64(&rows);
	return OK;
}

void article_add_place(struct ctx *ctx, const struct article_form *form)
{
	db_add(ctx, &article_set_place, NULL, param_i64(form->id), param_id(form->category_id),
	       param_text(form->product), param_text(article_product_slug(ctx, form->product)),
	       param_time(ctx->now));
}

/* Saving ----------------------------------------------------------------------------------- */

struct save {
	struct article_form *form;
	struct html_fragment html;
	struct article_lock lock;
	struct rows place;
	int64_t group_id;
};

static struct article_words words_of(const struct save *save, int64_t number)
{
	return (struct article_words){ .number = number,
				       .title = save->form->title,
				       .summary = save->form->summary,
				       .body_md = save->form->body_md,
				       .body_html = save->html.html,
				       .reason = save->form->reason };
}

/* Both where it stands and where it is to stand. */
static enum err check_place(struct ctx *ctx, struct save *save)
{
	struct article there = { .category_id = save->form->category_id };
	struct subject subject;
	int64_t category_id;

	rows_next(&save->place);
	category_id = col_i64(&save->place);
	there.parent_id = col_i64(&save->place);
	save->group_id = col_i64(&save->place);
	if (save->form->category_id && !category_id &&
	    save->form->category_id != save->lock.article.category_id)
		return fail(ctx, ERR_INVALID, "category", "%s", _("Choose a category."));
	if (save->form->translates_id && !save->group_id)
		return fail(ctx, ERR_INVALID, "other", "%s", _("There is no such article."));
	subject = article_subject(ctx, &there, 0);
	return policy_require(ctx, MAY_WRITE_ARTICLE, &subject);
}

static enum err create(struct ctx *ctx, struct save *save, int64_t *id)
{
	struct article_words words = words_of(save, 1);

	if (strcmp(save->form->language, "fr") != 0 && strcmp(save->form->language, "en") != 0)
		return fail(ctx, ERR_INVALID, "language", "%s",
			    _("This language is not offered here."));
	TRY(article_add_row(ctx, save->form, save->group_id, NULL, id));
	article_add_version(ctx, *id, &words);
	if (save->form->source_count > 0)
		db_add(ctx, &article_sources_insert, NULL, param_i64(*id),
		       param_i64(save->form->source_topic_id),
		       param_i64s(ctx->arena, save->form->source_ids, save->form->source_count));
	article_audit(ctx, "article_created", *id, 1, save->form->reason);
	return OK;
}

static bool is_place_changed(const struct save *save)
{
	return save->form->category_id != save->lock.article.category_id ||
	       strcmp(save->form->product, save->lock.article.product) != 0;
}

static bool are_words_changed(const struct save *save)
{
	return strcmp(save->form->title, save->lock.title) != 0 ||
	       strcmp(save->form->summary, save->lock.summary) != 0 ||
	       strcmp(save->form->body_md, save->lock.body_md) != 0;
}

static enum err change(struct ctx *ctx, struct save *save)
{
	const struct article *article = &save->lock.article;
	struct article_words words = words_of(save, article->latest_number + 1);

	TRY(policy_require(ctx, MAY_WRITE_ARTICLE, &save->lock.subject));
	if (article->state == ARTICLE_ARCHIVED)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This article is archived: bring it back first."));
	if (article->latest_number != save->form->follows_number)
		return article_somebody_was_faster(ctx);
	if (!are_words_changed(save) && !is_place_changed(save))
		return fail(ctx, ERR_INVALID, "body", "%s", _("Nothing is different yet."));
	if (is_place_changed(save)) {
		article_add_place(ctx, save->form);
		article_audit(ctx, "article_moved", article->id, article->latest_number,
			      save->form->reason);
	}
	if (are_words_changed(save)) {
		article_add_version(ctx, article->id, &words);
		article_audit(ctx, "article_written", article->id, words.number,
			      save->form->reason);
	}
	return OK;
}

static enum err save_run(struct ctx *ctx, struct save *save, int64_t *id)
{
	struct article_form *form = save->form;
	const char *earlier;

	db_begin(ctx);
	if (form->id)
		article_lock_add(ctx, form->id, &save->lock);
	db_add(ctx, &article_place_check, &save->place, param_id(form->category_id),
	       param_id(form->translates_id));
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*id = article_id_of_path(earlier);
		return OK;
	}
	if (form->id)
		TRY(article_lock_take(ctx, &save->lock));
	TRY(check_place(ctx, save));
	if (form->id)
		TRY(change(ctx, save));
	else
		TRY(create(ctx, save, id));
	once_result(ctx, form->form_key, arena_printf(ctx->arena, "/kb/work/%lld", (long long)*id));
	return db_commit(ctx);
}

int64_t article_id_of_path(const char *path)
{
	return strtoll(path + strcspn(path, "0123456789"), NULL, 10);
}

enum err article_save(struct ctx *ctx, struct article_form *form, int64_t *id)
{
	struct save save = { .form = form, .html.html = "" };

	*id = form->id;
	if (ctx->actor->role == ROLE_VISITOR)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	TRY(article_check_words(ctx, form, &save.html));
	return constraint_explain(ctx, writing_end(ctx, save_run(ctx, &save, id)));
}
