/*
 * The list of tags and one of them, for administrators; describing and deleting.
 */
#include "forum/tag_admin.h"

#include "db/db.h"
#include "forum/field.h"
#include "forum/policy.h"
#include "forum/tag.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define ROW_COLUMNS \
	"t.id, t.name, t.topic_count::bigint, t.used_at,\n" \
	"	case when $5 = 'fr' then coalesce(nullif(t.description_fr, ''), t.description_en)\n" \
	"		else coalesce(nullif(t.description_en, ''), t.description_fr) end,\n" \
	"	coalesce((select string_agg(w.word, ', ' order by w.word) from tag_words w\n" \
	"		where w.tag_id = t.id and w.kind = 'synonym'), ''), t.is_restricted\n"

/*
 * Found by reading all names once and keeping the first 51 (measured: 100 000 tags 45 ms).
 * Hence the orders that no index has: along an index, a rare word would cost as many
 * single reads as there are tags.
 */
#define FOUND \
	"(position($1 in t.name) > 0 or t.id in (select w.tag_id from tag_words w\n" \
	"		where w.tag_id is not null and position($1 in w.word) > 0))"
#define ALL "$1 = ''"

/*
 * Chosen inside, so that synonyms are put together for those that are shown alone. The
 * number 51 tells the planner how few they are.
 */
#define LIST(condition, after, inner_order, order) \
	"select " ROW_COLUMNS "from (select * from tags t where t.merged_into is null\n" \
	"	and " condition " and " after " order by " inner_order " limit 51) t\n" \
	"order by " order " limit $4"
_Static_assert(TAGS_PER_PAGE == 50, "one more than a page shows");

#define AFTER_NAME   "t.name > $3 and $2::bigint is not null"
#define ORDER_NAME   "t.name"
#define AFTER_TOPICS "t.topic_count <= $2::bigint and (t.topic_count < $2::bigint or t.name > $3)"
#define ORDER_TOPICS "t.topic_count desc, t.name"
#define AFTER_USED \
	"t.used_at <= (select from_us($2)) and (t.used_at < (select from_us($2)) or t.name > $3)"
#define ORDER_USED "t.used_at desc, t.name"

DB_STATEMENT(tags_by_name, LIST(ALL, AFTER_NAME, ORDER_NAME, ORDER_NAME), 5);
DB_STATEMENT(tags_by_name_found, LIST(FOUND, AFTER_NAME, "t.name || ''", ORDER_NAME), 5);
DB_STATEMENT(tags_by_topics, LIST(ALL, AFTER_TOPICS, ORDER_TOPICS, ORDER_TOPICS), 5);
DB_STATEMENT(tags_by_topics_found,
	     LIST(FOUND, AFTER_TOPICS, "t.topic_count + 0 desc, t.name", ORDER_TOPICS), 5);
DB_STATEMENT(tags_by_use, LIST(ALL, AFTER_USED, ORDER_USED, ORDER_USED), 5);
DB_STATEMENT(tags_by_use_found,
	     LIST(FOUND, AFTER_USED, "t.used_at + interval '0' desc, t.name", ORDER_USED), 5);

static const struct {
	const char *text;
	const struct stmt *all, *found;
	int64_t first; /* what the first page comes after */
} sorts[TAG_SORT_COUNT] = {
	[TAG_BY_NAME] = { "name", &tags_by_name, &tags_by_name_found, 0 },
	[TAG_BY_TOPICS] = { "topics", &tags_by_topics, &tags_by_topics_found, INT32_MAX },
	/* After everything: the year 9999. */
	[TAG_BY_USE] = { "use", &tags_by_use, &tags_by_use_found, INT64_C(253402214400) * 1000000 },
};

DB_STATEMENT(tag_view_row,
	     "select g.id, g.name, g.description_fr, g.description_en, g.is_restricted,\n"
	     "	g.topic_count::bigint, g.used_at, g.merged_into, coalesce(o.name, ''),\n"
	     "	(select count(*) from follows f where f.kind = 'tag' and f.target_id = g.id),\n"
	     "	(select count(*) from experts e where e.tag_id = g.id and e.state = 'active'),\n"
	     "	exists (select from topic_tags tt where tt.tag_id = g.id)\n"
	     "from tags g left join tags o on o.id = g.merged_into where g.id = $1",
	     1);

DB_STATEMENT(tag_view_words,
	     "select w.word, w.kind = 'earlier' from tag_words w where w.tag_id = $1\n"
	     "order by w.kind = 'earlier', w.word limit $2",
	     2);

DB_STATEMENT(tag_describe_update,
	     "update tags set description_fr = $2, description_en = $3, is_restricted = $4\n"
	     "where id = $1",
	     4);

DB_STATEMENT(tag_is_free,
	     "select not exists (select from topic_tags tt where tt.tag_id = $1)\n"
	     "	and not exists (select from experts e where e.tag_id = $1)\n"
	     "	and not exists (select from tags g where g.merged_into = $1)",
	     1);

/* With what people followed, the words that led to it, and what is left of its changes. */
DB_STATEMENT(
	tag_delete_follows,
	"delete from follows where kind = 'tag' and target_id = $1\n"
	"	or merged_by in (select c.id from tag_changes c where c.tag_id = $1 or c.other_id = $1)",
	1);
DB_STATEMENT(tag_delete_words, "delete from tag_words where tag_id = $1", 1);
DB_STATEMENT(tag_delete_kept,
	     "delete from tag_change_topics k using tag_changes c\n"
	     "where c.id = k.change_id and (c.tag_id = $1 or c.other_id = $1)",
	     1);
DB_STATEMENT(tag_delete_changes, "delete from tag_changes where tag_id = $1 or other_id = $1", 1);
DB_STATEMENT(tag_delete_row, "delete from tags where id = $1", 1);

static enum err require(struct ctx *ctx)
{
	return policy_require(ctx, MAY_MANAGE_TAGS, &(struct subject){ .now = ctx->now });
}

/* The list ------------------------------------------------------------------------------ */

const char *tag_sort_text(enum tag_sort sort)
{
	return sorts[sort].text;
}

enum tag_sort tag_sort_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(sorts); i++)
		if (strcmp(sorts[i].text, text) == 0)
			return (enum tag_sort)i;
	return TAG_BY_TOPICS;
}

static void row_read(struct rows *rows, struct tag_row *row)
{
	row->id = col_i64(rows);
	row->name = col_text(rows);
	row->topic_count = col_i64(rows);
	row->used_at = col_time(rows);
	row->description = col_text(rows);
	row->synonyms = col_text(rows);
	row->is_restricted = col_bool(rows);
}

enum err tag_rows_load(struct ctx *ctx, const struct tag_query *query, struct tag_rows *out)
{
	bool is_first = !query->after_name || !query->after_name[0];
	const char *words;
	struct rows rows;

	*out = (struct tag_rows){ 0 };
	TRY(require(ctx));
	TRY(field_line(ctx, "q", query->words, 0, 100, &words));
	TRY(db_query(ctx, words[0] ? sorts[query->sort].found : sorts[query->sort].all, &rows,
		     param_text(words),
		     param_i64(is_first ? sorts[query->sort].first : query->after_number),
		     param_text(is_first ? "" : query->after_name), param_i64(TAGS_PER_PAGE + 1),
		     param_text(ctx->language)));
	out->items = arena_array_of(ctx->arena, TAGS_PER_PAGE, struct tag_row);
	out->has_more = rows.count > TAGS_PER_PAGE;
	while (out->count < TAGS_PER_PAGE && rows_next(&rows))
		row_read(&rows, &out->items[out->count++]);
	return OK;
}

/* One ------------------------------------------------------------------------------------- */

static void view_read(struct rows *rows, struct tag_view *out)
{
	out->id = col_i64(rows);
	out->name = col_text(rows);
	out->description_fr = col_text(rows);
	out->description_en = col_text(rows);
	out->is_restricted = col_bool(rows);
	out->topic_count = col_i64(rows);
	out->used_at = col_time(rows);
	out->merged_into = col_i64(rows);
	out->merged_name = col_text(rows);
	out->follower_count = col_i64(rows);
	out->expert_count = col_i64(rows);
	out->is_used = col_bool(rows);
}

enum err tag_view_load(struct ctx *ctx, int64_t id, struct tag_view *out)
{
	struct rows row, words, history;

	*out = (struct tag_view){ 0 };
	TRY(require(ctx));
	db_add(ctx, &tag_view_row, &row, param_i64(id));
	db_add(ctx, &tag_view_words, &words, param_i64(id), param_i64(TAG_WORDS_SHOWN));
	tag_history_add(ctx, id, &history);
	TRY(db_run(ctx));
	if (!rows_next(&row))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	view_read(&row, out);
	while (out->word_count < TAG_WORDS_SHOWN && rows_next(&words)) {
		struct tag_word *word = &out->words[out->word_count++];

		word->word = col_text(&words);
		word->is_earlier = col_bool(&words);
	}
	tag_history_read(&history, &out->history);
	return OK;
}

static enum err describe(struct ctx *ctx, const struct tag_form *form)
{
	struct tag_locked tag;
	const char *earlier;

	TRY(tag_lock(ctx, form->id, form->form_key, &tag, &earlier));
	if (earlier)
		return OK;
	db_add(ctx, &tag_describe_update, NULL, param_i64(form->id),
	       param_text(form->description_fr), param_text(form->description_en),
	       param_bool(form->is_restricted));
	return tag_finish(ctx, "tag_changed", form->id, form->reason,
			  form->is_restricted ? "{\"restricted\":true}" : "{\"restricted\":false}",
			  form->form_key);
}

enum err tag_describe(struct ctx *ctx, const struct tag_form *form)
{
	struct tag_form clean = *form;

	TRY(require(ctx));
	TRY(field_line(ctx, "description_fr", form->description_fr, 0, TAG_DESCRIPTION_MAX,
		       &clean.description_fr));
	TRY(field_line(ctx, "description_en", form->description_en, 0, TAG_DESCRIPTION_MAX,
		       &clean.description_en));
	TRY(field_line(ctx, "reason", form->reason, 0, TAG_REASON_MAX, &clean.reason));
	return writing_end(ctx, describe(ctx, &clean));
}

static enum err delete_tag(struct ctx *ctx, int64_t id, const char *reason, const char *form_key)
{
	struct tag_locked tag;
	const char *earlier;
	struct rows rows;

	TRY(tag_lock(ctx, id, form_key, &tag, &earlier));
	if (earlier)
		return OK;
	TRY(db_query(ctx, &tag_is_free, &rows, param_i64(id)));
	if (!rows_next(&rows) || !col_bool(&rows))
		return fail(
			ctx, ERR_CONFLICT, NULL, "%s",
			_("Only a tag without questions, experts and merged tags can be deleted."));
	db_add(ctx, &tag_delete_follows, NULL, param_i64(id));
	db_add(ctx, &tag_delete_words, NULL, param_i64(id));
	db_add(ctx, &tag_delete_kept, NULL, param_i64(id));
	db_add(ctx, &tag_delete_changes, NULL, param_i64(id));
	db_add(ctx, &tag_delete_row, NULL, param_i64(id));
	return tag_finish(ctx, "tag_deleted", id, reason, tag_names_json(ctx, tag.name, ""),
			  form_key);
}

enum err tag_delete(struct ctx *ctx, int64_t id, const char *reason, const char *form_key)
{
	TRY(require(ctx));
	TRY(field_line(ctx, "delete_reason", reason, 1, TAG_REASON_MAX, &reason));
	return writing_end(ctx, delete_tag(ctx, id, reason, form_key));
}
