/*
 * Adding files to articles, and finding those that a text names.
 */
#include "forum/article_files.h"

#include <ctype.h>

#include "base/buf.h"
#include "base/slice.h"
#include "forum/article_columns.h"
#include "forum/article_parts.h"
#include "forum/audit.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/sanitize.h"

#define PREFIX "/files/"

DB_STATEMENT(article_files_count,
	     "select count(*) from articles a join articles b on b.group_id = a.group_id\n"
	     "join attachments f on f.article_id = b.id where a.id = $1",
	     1);

/* Of the article or its other languages. */
DB_STATEMENT(article_file_one,
	     "select f.name, exists (select from attachment_uses u join articles n\n"
	     "	on u.version_id in (n.latest_version_id, n.published_version_id)\n"
	     "	where u.attachment_id = f.id)\n"
	     "from attachments f join articles b on b.id = f.article_id\n"
	     "join articles a on a.group_id = b.group_id\n"
	     "where f.id = $1 and a.id = $2 for update of f",
	     2);

DB_STATEMENT(article_file_delete, "delete from attachments where id = $1", 1);

/* Texts ------------------------------------------------------------------------------------ */

const char *article_file_code(struct arena *arena, const struct attachment *file)
{
	bool is_picture = file->kind == ATTACHMENT_PICTURE;
	char *words = arena_strdup(arena, is_picture ? file->alt : file->name);

	/* Brackets would end the words. */
	for (char *at = words; *at; at++)
		if (strchr("[]\\`*_<>!", *at))
			*at = ' ';
	return arena_printf(arena, "%s[%s](%s)", is_picture ? "!" : "", words, file->path);
}

/* The number in "/files/12/box.webp", here or with this site's name before it; 0. */
static int64_t file_id(const struct ctx *ctx, const char *url)
{
	const char *base = ctx->config ? ctx->config->site.base_url : "";
	size_t length = strlen(base), digits;
	int64_t id = 0;

	if (length > 0 && strncmp(url, base, length) == 0)
		url += length;
	if (strncmp(url, PREFIX, strlen(PREFIX)) != 0)
		return 0;
	url += strlen(PREFIX);
	digits = strspn(url, "0123456789");
	if (digits > 15 || url[digits] != '/' || !slice_to_i64(slice_make(url, digits), &id))
		return 0;
	return id;
}

static const struct attachment *find(const struct attachment_list *files, int64_t id)
{
	for (size_t i = 0; id && i < files->count; i++)
		if (files->items[i].id == id)
			return &files->items[i];
	return NULL;
}

bool article_picture(const void *data, const char *url, struct sanitize_picture *out)
{
	const struct article_pictures *pictures = data;
	const struct attachment *file = find(pictures->files, file_id(pictures->ctx, url));

	if (!file || file->kind != ATTACHMENT_PICTURE || file->state != ATTACHMENT_READY)
		return false;
	*out = (struct sanitize_picture){ .url = file->path,
					  .small_url = file->small_path,
					  .alt = file->alt,
					  .width = file->width,
					  .height = file->height,
					  .small_width = file->small_width };
	return true;
}

enum err article_files_for(struct ctx *ctx, int64_t article_id, const char *body_md,
			   struct attachment_list *out)
{
	struct rows rows;

	*out = (struct attachment_list){ .count = 0 };
	if (!article_id || !strstr(body_md, PREFIX))
		return OK;
	attachments_of_article_add(ctx, article_id, &rows);
	TRY(db_run(ctx));
	attachments_read(ctx, &rows, out);
	return OK;
}

static const char *replace(struct arena *arena, const char *text, const char *from, const char *to)
{
	struct buf out;
	const char *found;

	if (!strstr(text, from))
		return text;
	buf_init(&out, arena, 16 * (strlen(text) + strlen(to)));
	for (; (found = strstr(text, from)) != NULL; text = found + strlen(from)) {
		buf_bytes(&out, text, (size_t)(found - text));
		buf_text(&out, to);
	}
	buf_text(&out, text);
	return out.data;
}

static const char *whole_prefix(struct ctx *ctx)
{
	return arena_printf(ctx->arena, "](%s" PREFIX,
			    ctx->config ? ctx->config->site.base_url : "");
}

const char *article_files_absolute(struct ctx *ctx, const char *body_md)
{
	return replace(ctx->arena, body_md, "](" PREFIX, whole_prefix(ctx));
}

const char *article_files_local(struct ctx *ctx, const char *body_md)
{
	return replace(ctx->arena, body_md, whole_prefix(ctx), "](" PREFIX);
}

static enum err check_one(struct ctx *ctx, const struct attachment *file, int64_t id)
{
	if (!file)
		return fail(ctx, ERR_INVALID, "body",
			    _("The text has the address of a file that is not this article’s: %s"),
			    arena_printf(ctx->arena, PREFIX "%lld", (long long)id));
	if (file->state == ATTACHMENT_WAITING)
		return fail(ctx, ERR_INVALID, "body",
			    _("%s is still being made ready. Save again in a moment."), file->name);
	if (file->state == ATTACHMENT_REFUSED)
		return fail(ctx, ERR_INVALID, "body",
			    _("%s cannot be used: take it out of the text."), file->name);
	return OK;
}

enum err article_files_check(struct ctx *ctx, const char *body_md,
			     const struct attachment_list *files)
{
	for (const char *at = body_md; (at = strstr(at, "](" PREFIX)) != NULL; at++) {
		int64_t id = file_id(ctx, at + 2);

		if (id)
			TRY(check_one(ctx, find(files, id), id));
	}
	return OK;
}

/* Adding and removing ---------------------------------------------------------------------- */

static enum err check_words(struct ctx *ctx, const struct attachment_uploads *uploads)
{
	enum attachment_kind kind;
	const char *why, *alt;

	if (uploads->count == 0)
		return fail(ctx, ERR_INVALID, "file", "%s", _("Choose a file first."));
	TRY(attachment_check(ctx, uploads, 1));
	if (!attachment_kind_of(uploads->items[0].bytes, uploads->items[0].length, &kind, &why))
		return fail(ctx, ERR_INVALID, "file", "%s", _(why));
	alt = uploads->items[0].alt;
	while (isspace((unsigned char)*alt))
		alt++;
	if (kind == ATTACHMENT_PICTURE && !*alt)
		return fail(ctx, ERR_INVALID, "alt", "%s",
			    _("Say in words what the picture shows: some people hear it instead of "
			      "seeing it. Then choose the file once more."));
	return OK;
}

/* Locks the article; *earlier as of once_claim. */
static enum err begin(struct ctx *ctx, int64_t id, const char *form_key, struct article_lock *lock,
		      const char **earlier)
{
	db_begin(ctx);
	article_lock_add(ctx, id, lock);
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier)
		return OK;
	TRY(article_lock_take(ctx, lock));
	TRY(policy_require(ctx, MAY_WRITE_ARTICLE, &lock->subject));
	if (lock->article.state == ARTICLE_ARCHIVED)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("This article is archived: bring it back first."));
	return OK;
}

static enum err end(struct ctx *ctx, const struct article_lock *lock, const char *action,
		    const char *name, const char *form_key)
{
	article_audit(ctx, action, lock->article.id, lock->article.latest_number, name);
	once_result(ctx, form_key,
		    arena_printf(ctx->arena, "/kb/work/%lld", (long long)lock->article.id));
	return db_commit(ctx);
}

static enum err add(struct ctx *ctx, int64_t id, const struct attachment_uploads *uploads,
		    const char *form_key)
{
	struct article_lock lock;
	const char *earlier;
	struct rows rows;

	TRY(begin(ctx, id, form_key, &lock, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &article_files_count, &rows, param_i64(id)));
	if (rows_next(&rows) && col_i64(&rows) >= ATTACHMENTS_OF_ARTICLE)
		return fail(
			ctx, ERR_CONFLICT, "file",
			_("An article has at most %s files: remove one that it no longer needs."),
			i18n_number(ctx->arena, ATTACHMENTS_OF_ARTICLE));
	TRY(attachment_add(ctx, id, 0, uploads, NULL));
	return end(ctx, &lock, "article_file_added", uploads->items[0].name, form_key);
}

enum err article_file_add(struct ctx *ctx, int64_t article_id,
			  const struct attachment_uploads *uploads, const char *form_key)
{
	TRY(check_words(ctx, uploads));
	return writing_end(ctx, add(ctx, article_id, uploads, form_key));
}

static enum err take_away(struct ctx *ctx, int64_t article_id, int64_t id, const char *form_key)
{
	struct article_lock lock;
	const char *earlier, *name;
	struct rows rows;

	TRY(begin(ctx, article_id, form_key, &lock, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &article_file_one, &rows, param_i64(id), param_i64(article_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	name = col_text(&rows);
	if (col_bool(&rows))
		return fail(
			ctx, ERR_CONFLICT, NULL,
			_("%s is in the text: take it out there first, then save (and publish)."),
			name);
	db_add(ctx, &article_file_delete, NULL, param_i64(id));
	return end(ctx, &lock, "article_file_removed", name, form_key);
}

enum err article_file_remove(struct ctx *ctx, int64_t article_id, int64_t id, const char *form_key)
{
	return writing_end(ctx, take_away(ctx, article_id, id, form_key));
}
