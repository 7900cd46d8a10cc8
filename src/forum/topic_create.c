/*
 * Asking: the topic, its first post and its tags.
 */
#include "forum/topic_columns.h"

#include "forum/field.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/topic_write.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(category_exists,
	     "select exists (select from categories c where c.id = $1 and c.archived_at is null)",
	     1);

DB_STATEMENT(
	topic_insert,
	"insert into topics (id, category_id, author_id, title, excerpt, language, created_at, active_at,"
	" visibility)"
	" overriding system value values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
	8);

/*
 * In one order for everybody, so that two questions cannot wait for each other. Resolved
 * once more: a tag may have been merged since it was typed.
 */
DB_STATEMENT(tags_put,
	     "insert into tags (name) select distinct r.name from unnest($1::text[]) n(name)"
	     " cross join lateral (select tag_resolve(n.name) as name) r where r.name is not null"
	     " order by r.name on conflict (name) do nothing",
	     1);

DB_STATEMENT(
	topic_tags_put,
	"insert into topic_tags (topic_id, tag_id, position)"
	" select $1::bigint, tag.id, min(n.position) from unnest($2::text[]) with ordinality n(name, position)"
	" join tags tag on tag.name = tag_resolve(n.name) group by tag.id",
	2);

void topic_add_category_check(struct ctx *ctx, int64_t category_id, struct rows *rows)
{
	db_add(ctx, &category_exists, rows, param_i64(category_id));
}

enum err topic_take_category_check(struct ctx *ctx, struct rows *rows)
{
	if (rows_next(rows) && col_bool(rows))
		return OK;
	return fail(ctx, ERR_INVALID, "category", "%s", _("Please choose a category."));
}

void topic_add_tags(struct ctx *ctx, int64_t topic_id, const char *const *names, size_t count)
{
	struct param list = param_texts(ctx->arena, names, count);

	if (count == 0)
		return;
	db_add(ctx, &tags_put, NULL, list);
	db_add(ctx, &topic_tags_put, NULL, param_i64(topic_id), list);
}

enum err topic_clean_title(struct ctx *ctx, const char *typed, const char **title)
{
	return field_line(ctx, "title", typed, TOPIC_TITLE_MIN, TOPIC_TITLE_MAX, title);
}

enum err topic_check_new(struct ctx *ctx, const struct topic_new *form)
{
	const char *title, *body, **tags;
	size_t tag_count;

	TRY(topic_clean_title(ctx, form->title, &title));
	TRY(field_text(ctx, "body", form->body_md, POST_BODY_MIN, POST_BODY_MAX_BYTES, &body));
	TRY(tag_parse(ctx, form->tags, &tags, &tag_count));
	if (!form->category_id)
		return fail(ctx, ERR_INVALID, "category", "%s", _("Please choose a category."));
	return OK;
}

static const char *language_of(const struct ctx *ctx, const struct topic_new *form)
{
	const char *asked = form->language ? form->language : "";

	return i18n_is_supported(asked) ? asked : ctx->language;
}

static void add_topic(struct ctx *ctx, const struct topic_new *form, const char *title,
		      const struct writing *writing)
{
	db_add(ctx, &topic_insert, NULL, param_i64(writing->topic_id), param_i64(form->category_id),
	       param_id(ctx->actor->id), param_text(title),
	       param_text(markdown_excerpt(ctx->arena, writing->body_md, TOPIC_EXCERPT_POINTS)),
	       param_text(writing->language), param_time(writing->at),
	       param_text(visibility_text(holding_visibility(&writing->holding))));
}

static enum err ask(struct ctx *ctx, const struct topic_new *form, int64_t *id, const char **path)
{
	struct writing writing = { .kind = POST_QUESTION,
				   .personal = form->personal,
				   .fill_seconds = form->fill_seconds };
	const char *title = form->title, *earlier, **tags;
	struct rows category, typed;
	size_t tag_count;

	if (form->personal == PERSONAL_REMOVE)
		title = personal_remove(ctx, title ? title : "");
	TRY(topic_clean_title(ctx, title, &title));
	writing.title = title;
	writing.language = language_of(ctx, form);
	writing.category_id = form->category_id;
	TRY(tag_parse(ctx, form->tags, &tags, &tag_count));
	TRY(policy_require(ctx, MAY_ASK,
			   &(struct subject){ .category_id = form->category_id, .now = ctx->now }));
	TRY(writing_begin(ctx, &writing, form->body_md, form->created_at));
	topic_add_category_check(ctx, form->category_id, &category);
	tag_add_typed(ctx, tags, tag_count, &typed);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		writing_repeat(earlier, id, path);
		return OK;
	}
	TRY(topic_take_category_check(ctx, &category));
	TRY(tag_take_typed(ctx, &typed, NULL, tags, &tag_count));
	TRY(writing_check(ctx, &writing));
	add_topic(ctx, form, title, &writing);
	topic_add_tags(ctx, writing.topic_id, tags, tag_count);
	writing_add_post(ctx, &writing, "ask");
	if (!writing_is_held(&writing))
		notify_new_question(ctx, writing.topic_id);
	writing_tell(&writing, form->is_held);
	*id = writing.topic_id;
	*path = topic_path(ctx->arena, writing.topic_id, title);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err topic_create(struct ctx *ctx, const struct topic_new *form, int64_t *id, const char **path)
{
	return writing_end(ctx, ask(ctx, form, id, path));
}
