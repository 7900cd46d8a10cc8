/* Reading articles: what the article files share. Inside src/forum only. */
#ifndef FORUM_ARTICLE_COLUMNS_H
#define FORUM_ARTICLE_COLUMNS_H

#include "db/db.h"
#include "forum/article.h"
#include "forum/category.h"

#define ARTICLE_COLUMNS \
	"a.id, a.group_id, a.language, c.id, c.slug, " CATEGORY_NAME_COLUMNS("c") ", cp.id, cp.slug, " CATEGORY_NAME_COLUMNS( \
		"cp") ", a.product, a.product_slug, a.title, a.summary, " \
		      "a.state, a.is_public, o.id, coalesce(o.name, ''), coalesce(o.handle, ''), a.review_due::timestamp at time zone 'utc', " \
		      "a.publish_at, pv.id, lv.id, lv.number, pv.number, a.helpful_count, a.unhelpful_count, " \
		      "a.view_count, a.created_at, a.updated_at, a.published_at, a.changed_at, a.archived_at, " \
		      "r.id, r.title, a.import_key"

#define ARTICLE_JOINS \
	" left join categories c on c.id = a.category_id" \
	" left join categories cp on cp.id = c.parent_id" \
	" left join people o on o.id = a.owner_id" \
	" left join article_versions pv on pv.id = a.published_version_id" \
	" left join article_versions lv on lv.id = a.latest_version_id" \
	" left join articles r on r.id = a.replaced_by and r.is_public"

void article_read(struct ctx *ctx, struct rows *rows, struct article *out);

/* All rows, at most `most` of them; sets has_more. The caller sets next. */
void article_list_read(struct ctx *ctx, struct rows *rows, size_t most, struct article_list *out);

/* What a rule may look at. author_id: who wrote the newest version. */
struct subject article_subject(const struct ctx *ctx, const struct article *article,
			       int64_t author_id);

/* Whether the actor is an expert there; category_id 0: anywhere. */
bool article_is_actors_field(const struct actor *actor, int64_t category_id, int64_t parent_id);

/*
 * An article that is about to change, locked, with its newest version. Queue, then take
 * after db_run: ERR_NOT_FOUND.
 */
struct article_lock {
	struct rows rows;
	struct article article;
	int64_t author_id, publish_version_id;
	const char *title, *summary, *body_md; /* of the newest version */
	struct subject subject;
};
void article_lock_add(struct ctx *ctx, int64_t id, struct article_lock *lock);
enum err article_lock_take(struct ctx *ctx, struct article_lock *lock) MUST_CHECK;

#endif
