/*
 * What people may put on a question: typed words as the tags they stand for, without
 * those that are forbidden or the team's.
 */
#include "forum/tag.h"

#include "db/db.h"
#include "forum/policy.h"
#include "i18n/i18n.h"

DB_STATEMENT(tag_typed,
	     "select n.typed, r.name, coalesce(g.is_restricted, false)\n"
	     "from unnest($1::text[]) with ordinality n (typed, place)\n"
	     "cross join lateral (select tag_resolve(n.typed) as name) r\n"
	     "left join tags g on g.name = r.name order by n.place",
	     1);

DB_STATEMENT(tag_restricted_names,
	     "select coalesce(string_agg(r.name, ', ' order by r.name), '') from (\n"
	     "	select g.name from tags g where g.is_restricted and g.merged_into is null\n"
	     "	order by g.topic_count desc, g.name limit $1) r",
	     1);

static bool may_use_all(struct ctx *ctx)
{
	return policy_can(ctx->actor, MAY_USE_RESTRICTED_TAG, &(struct subject){ .now = ctx->now });
}

static bool has(const struct tags *had, const char *name)
{
	for (size_t i = 0; had && i < had->count; i++)
		if (strcmp(had->items[i].name, name) == 0)
			return true;
	return false;
}

static bool is_listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

void tag_add_typed(struct ctx *ctx, const char *const *names, size_t count, struct rows *rows)
{
	db_add(ctx, &tag_typed, rows, param_texts(ctx->arena, names, count));
}

enum err tag_take_typed(struct ctx *ctx, struct rows *rows, const struct tags *had,
			const char **names, size_t *count)
{
	bool is_free = may_use_all(ctx);
	size_t kept = 0;

	while (rows_next(rows) && kept < *count) {
		const char *typed = col_text(rows);
		bool is_forbidden = col_is_null(rows);
		const char *name = col_text(rows);
		bool is_restricted = col_bool(rows);

		if (is_forbidden)
			return fail(ctx, ERR_INVALID, "tags",
				    _("“%s” cannot be a tag here. Please choose another word."),
				    typed);
		if (is_restricted && !is_free && !has(had, name))
			return fail(
				ctx, ERR_INVALID, "tags",
				_("Only the team puts the tag “%s” on questions. Please leave it out."),
				name);
		if (!is_listed(names, kept, name))
			names[kept++] = name;
	}
	*count = kept;
	return OK;
}

enum err tag_withheld(struct ctx *ctx, const char **out)
{
	struct rows rows;

	*out = "";
	if (may_use_all(ctx))
		return OK;
	TRY(db_query(ctx, &tag_restricted_names, &rows, param_i64(TAGS_RESTRICTED_SHOWN)));
	if (rows_next(&rows))
		*out = col_text(&rows);
	return OK;
}
