/*
 * Categories and tags by the beginning of their names.
 */
#include "forum/suggestion.h"

#include "base/utf8.h"
#include "db/db.h"
#include "forum/category.h"
#include "forum/tag.h"
#include "text/slug.h"

/*
 * A range of the index tags_prefix: what begins like that stands before the same
 * followed by the last letter there is.
 */
DB_STATEMENT(suggested_tags,
	     "select t.name, t.topic_count from tags t\n"
	     "where t.name ~>=~ replace(lower($1), ' ', '-')\n"
	     " and t.name ~<~ (replace(lower($1), ' ', '-') || U&'\\+10FFFF')\n"
	     " and t.topic_count > 0 and t.merged_into is null\n"
	     "union select t.name, t.topic_count from tag_words w join tags t on t.id = w.tag_id\n"
	     "where w.word ~>=~ replace(lower($1), ' ', '-')\n"
	     " and w.word ~<~ (replace(lower($1), ' ', '-') || U&'\\+10FFFF')\n"
	     " and t.topic_count > 0\n"
	     "order by topic_count desc, name limit $2",
	     2);

/* "box-internet" by "int": one of its words begins so. */
static bool has_word_beginning(const char *slug, const char *beginning)
{
	size_t length = strlen(beginning);

	for (const char *word = slug; word; word = strchr(word, '-')) {
		word += *word == '-';
		if (strncmp(word, beginning, length) == 0)
			return true;
	}
	return false;
}

static void take_categories(struct ctx *ctx, struct rows *rows, const char *typed,
			    struct suggested_places *out)
{
	const char *beginning = slug_from(ctx->arena, typed);
	struct categories all;

	category_read_all(ctx, rows, &all);
	for (size_t i = 0; i < all.count && out->count < SUGGESTED_CATEGORIES_MAX; i++) {
		const struct category *category = &all.items[i];

		if (has_word_beginning(slug_from(ctx->arena, category->name), beginning))
			out->items[out->count++] = (struct suggested_place){
				.name = category->name,
				.slug = category->slug,
				.topic_count = category->topic_count,
			};
	}
}

static void take_tags(struct rows *rows, struct suggested_places *out)
{
	while (out->count < ARRAY_COUNT(out->items) && rows_next(rows)) {
		struct suggested_place *place = &out->items[out->count++];

		place->is_tag = true;
		place->name = place->slug = col_text(rows);
		place->topic_count = col_i64(rows);
	}
}

enum err suggested_places_load(struct ctx *ctx, const char *typed, struct suggested_places *out)
{
	struct rows categories, tags;

	*out = (struct suggested_places){ .count = 0 };
	/* Signs alone make the slug "-"; nothing has so long a name. */
	if (strcmp(slug_from(ctx->arena, typed), "-") == 0 || utf8_count(typed) > SLUG_MAX_BYTES)
		return OK;
	category_add_all(ctx, &categories);
	db_add(ctx, &suggested_tags, &tags, param_text(typed), param_i64(SUGGESTED_TAGS_MAX));
	TRY(db_run(ctx));
	take_categories(ctx, &categories, typed, out);
	take_tags(&tags, out);
	return OK;
}
