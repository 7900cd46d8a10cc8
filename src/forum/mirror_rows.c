/*
 * Reading the threads of a batch, under their locks.
 */
#include "forum/mirror_parts.h"

#include <assert.h>

#include "db/db.h"

/*
 * Everybody who applies shares the source's lock; who does not know the thread of
 * what is applied has it alone. Threads are locked in one order. Classes 7301 and
 * 7302 of advisory locks are ours.
 */
DB_STATEMENT(mirror_lock_source, "select pg_advisory_xact_lock(7301, $1::bigint::integer)", 1);
DB_STATEMENT(mirror_lock_source_shared,
	     "select pg_advisory_xact_lock_shared(7301, $1::bigint::integer)", 1);
DB_STATEMENT(mirror_lock_roots,
	     "select pg_advisory_xact_lock(7302, k.number)\n"
	     "from (select distinct hashtext($1::bigint || ':' || r.key) as number\n"
	     "	from unnest($2::text[]) r(key) order by 1) k",
	     2);

/* Native answers lock the topic first as well. */
DB_STATEMENT(
	mirror_lock_topics,
	"select t.id from topics t\n"
	"where t.id in (select i.topic_id from mirror_items i\n"
	"	where i.source_id = $1 and i.root_key = any ($2::text[]) and i.topic_id is not null)\n"
	"order by t.id for no key update",
	2);

/* Words only of those that are named, or are still to be posted. */
#define WORDS(column) \
	"case when i.key = any ($3::text[]) or i.post_id is null then i." column " else '' end"

/*
 * Two looks by an index each, which one condition with "or" would not be: of a large
 * source that reads everything. The kinds are named because the index begins with them.
 */
DB_STATEMENT(
	mirror_rows,
	"select i.kind, i.key, i.address, i.parent_key, i.root_key,\n"
	"	i.author_id, coalesce(a.author_key, ''), coalesce(a.name, ''), coalesce(a.erased_at is not null, false),\n"
	"	a.person_id, i.is_self, i.is_by_visitor, i.can_comment,\n"
	"	" WORDS("title") ", " WORDS("body") ", " WORDS(
		"html") ", i.url, i.reactions::text,\n"
			"	i.visibility, i.created_at, i.edited_at, i.confirmed_at, i.text_at, i.visibility_at,\n"
			"	i.removed_at, i.is_removal_final, i.missing_since, i.missing_at, i.missing_count,\n"
			"	i.comment_count, i.touched_at, i.topic_id, i.post_id, i.is_ours,\n"
			"	exists (select from mirror_media m where m.item_id = i.id), coalesce(p.visibility, 'visible'),\n"
			"	coalesce(p.kind, case when i.kind = 'post' then 'question' else 'answer' end), p.parent_id,\n"
			"	coalesce(p.visibility = 'held' and (p.hidden_by_flags_at is not null or exists (select from held_posts h\n"
			"		where h.post_id = p.id and h.released_at is null)), false)\n"
			"from mirror_items i\n"
			"left join mirror_authors a on a.id = i.author_id\n"
			"left join posts p on p.id = i.post_id\n"
			"where i.id = any (array(\n"
			"	select r.id from mirror_items r where r.source_id = $1 and r.root_key = any ($2::text[])\n"
			"	union\n"
			"	select k.id from mirror_items k where k.source_id = $1 and k.kind in ('post', 'comment')\n"
			"		and k.key = any ($3::text[])))",
	3);

DB_STATEMENT(
	mirror_roots_of,
	"select i.kind, i.key, i.root_key from mirror_items i\n"
	"where i.source_id = $1 and i.kind in ('post', 'comment') and i.key = any ($2::text[])\n"
	"	and i.root_key <> ''",
	2);

/* Words ---------------------------------------------------------------------------- */

static const char *const kinds[] = { [ITEM_POST] = "post", [ITEM_COMMENT] = "comment" };

static const char *const visibilities[] = {
	[ITEM_PUBLIC] = "public",
	[ITEM_HIDDEN] = "hidden",
	[ITEM_PRIVATE] = "private",
	[ITEM_UNPUBLISHED] = "unpublished",
};

static const char *const writes[] = {
	[WRITE_REPLY] = "reply",   [WRITE_EDIT] = "edit",     [WRITE_HIDE] = "hide",
	[WRITE_UNHIDE] = "unhide", [WRITE_DELETE] = "delete",
};

/* Of a column: its check constraint allows no other word. */
static int index_of(const char *const *words, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	assert(!"a word of a column");
	return 0;
}

const char *item_kind_text(enum item_kind kind)
{
	return kinds[kind];
}

enum item_kind item_kind_from_text(const char *text)
{
	return (enum item_kind)index_of(kinds, ARRAY_COUNT(kinds), text);
}

const char *item_visibility_text(enum item_visibility visibility)
{
	return visibilities[visibility];
}

enum item_visibility item_visibility_from_text(const char *text)
{
	return (enum item_visibility)index_of(visibilities, ARRAY_COUNT(visibilities), text);
}

enum write_kind write_kind_from_text(const char *text)
{
	return (enum write_kind)index_of(writes, ARRAY_COUNT(writes), text);
}

const char *write_kind_text(enum write_kind kind)
{
	return writes[kind];
}

/* Rows ------------------------------------------------------------------------------ */

void mirror_add_locks(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
		      size_t count, bool is_exclusive)
{
	struct param source = param_i64(mirror->source.id);
	struct param keys = param_texts(ctx->arena, roots, count);

	db_add(ctx, is_exclusive ? &mirror_lock_source : &mirror_lock_source_shared, NULL, source);
	db_add(ctx, &mirror_lock_roots, NULL, source, keys);
	db_add(ctx, &mirror_lock_topics, NULL, source, keys);
}

void mirror_add_rows(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
		     size_t root_count, const char *const *keys, size_t key_count,
		     struct rows *rows)
{
	db_add(ctx, &mirror_rows, rows, param_i64(mirror->source.id),
	       param_texts(ctx->arena, roots, root_count),
	       param_texts(ctx->arena, keys, key_count));
}

static void read_state(struct rows *rows, struct mirror_item *item)
{
	item->visibility = item_visibility_from_text(col_text(rows));
	item->created_at = col_time(rows);
	item->edited_at = col_time(rows);
	item->confirmed_at = col_time(rows);
	item->text_at = col_time(rows);
	item->visibility_at = col_time(rows);
	item->removed_at = col_time(rows);
	item->is_removal_final = col_bool(rows);
	item->missing_since = col_time(rows);
	item->missing_at = col_time(rows);
	item->missing_count = col_i64(rows);
	item->comment_count = col_i64(rows);
	item->touched_at = col_time(rows);
	item->topic_id = col_i64(rows);
	item->post_id = col_i64(rows);
	item->is_ours = col_bool(rows);
	item->has_media = col_bool(rows);
	item->post_visibility = visibility_from_text(col_text(rows));
	item->post_kind = post_kind_from_text(col_text(rows));
	item->post_parent_id = col_i64(rows);
	item->is_held_here = col_bool(rows);
}

void mirror_take_rows(struct ctx *ctx, struct mirror_batch *batch, struct rows *rows)
{
	while (rows_next(rows)) {
		enum item_kind kind = item_kind_from_text(col_text(rows));
		struct mirror_item *item = mirror_batch_add(ctx, batch, kind, col_text(rows));

		item->is_new = false;
		item->address = col_text(rows);
		item->parent_key = col_text(rows);
		item->root_key = col_text(rows);
		item->author_id = col_i64(rows);
		item->author_key = col_text(rows);
		item->author_name = col_text(rows);
		item->is_author_erased = col_bool(rows);
		item->person_id = col_i64(rows);
		item->is_self = col_bool(rows);
		item->is_by_visitor = col_bool(rows);
		item->can_comment = col_bool(rows);
		item->title = col_text(rows);
		item->body = col_text(rows);
		item->html = col_text(rows);
		item->old_title = item->title;
		item->old_body = item->body;
		item->old_html = item->html;
		item->url = col_text(rows);
		item->reactions = col_text(rows);
		read_state(rows, item);
	}
}

enum err mirror_find_roots(struct ctx *ctx, const struct mirror *mirror, const char *const *keys,
			   size_t count, struct rows *rows)
{
	return db_query(ctx, &mirror_roots_of, rows, param_i64(mirror->source.id),
			param_texts(ctx->arena, keys, count));
}
