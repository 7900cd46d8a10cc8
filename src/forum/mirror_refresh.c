/*
 * What is to be read again, merged by key; and which posts' comments are.
 */
#include "forum/mirror_parts.h"

#include "base/clock.h"
#include "db/db.h"

#define ATTEMPTS_MAX 12

DB_STATEMENT(
	mirror_wish_put,
	"insert into mirror_refreshes as r (source_id, kind, key, address, with_comments)\n"
	"select $1, g.kind, g.key, max(g.address), bool_or(g.with_comments)\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text, address text, with_comments boolean)\n"
	"group by g.kind, g.key order by g.kind, g.key\n"
	"on conflict (source_id, kind, key) do update set asked_at = clock_timestamp(),\n"
	"	with_comments = r.with_comments or excluded.with_comments",
	2);

DB_STATEMENT(
	mirror_wish_put_known,
	"insert into mirror_refreshes as r (source_id, kind, key, address, run_at)\n"
	"select $1, i.kind, i.key, i.address, clock_timestamp() + interval '10 seconds'\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text)\n"
	"join mirror_items i on i.source_id = $1 and i.kind = g.kind and i.key = g.key and i.removed_at is null\n"
	"order by i.kind, i.key\n"
	"on conflict (source_id, kind, key) do nothing",
	2);

/* The address that the item has, where the wish knew none. */
DB_STATEMENT(
	mirror_wishes_due,
	"select r.kind, r.key, coalesce(nullif(i.address, ''), r.address), r.with_comments, r.asked_at, r.attempts\n"
	"from mirror_refreshes r\n"
	"left join mirror_items i on i.source_id = r.source_id and i.kind = r.kind and i.key = r.key\n"
	"where r.source_id = $1 and r.run_at <= clock_timestamp()\n"
	"order by r.run_at limit $2::bigint",
	2);

DB_STATEMENT(mirror_wish_done,
	     "delete from mirror_refreshes r\n"
	     "using jsonb_to_recordset($2::jsonb) as g(kind text, key text, asked_us bigint)\n"
	     "where r.source_id = $1 and r.kind = g.kind and r.key = g.key\n"
	     "	and r.asked_at <= from_us(g.asked_us)",
	     2);

DB_STATEMENT(
	mirror_wish_later,
	"update mirror_refreshes r set attempts = r.attempts + 1,\n"
	"	run_at = clock_timestamp() + least(make_interval(secs => 5 * 2 ^ least(r.attempts, 12)), interval '1 hour')\n"
	"from jsonb_to_recordset($2::jsonb) as g(kind text, key text)\n"
	"where r.source_id = $1 and r.kind = g.kind and r.key = g.key",
	2);

/* Polling finds them again, should they ever be readable. */
DB_STATEMENT(mirror_wish_give_up,
	     "delete from mirror_refreshes where source_id = $1 and attempts > $2::bigint", 2);

DB_STATEMENT(
	mirror_posts_known,
	"select exists (select from mirror_items i where i.source_id = $1 and i.kind = 'post'\n"
	"	and i.key = k.key and i.confirmed_at is not null)\n"
	"from unnest($2::text[]) with ordinality k(key, place) order by k.place",
	2);

DB_STATEMENT(mirror_roots_active,
	     "select i.key, i.address, i.comment_count, i.comments_read_at from mirror_items i\n"
	     "where i.source_id = $1 and i.kind = 'post' and i.removed_at is null\n"
	     "	and i.key not like '" MIRROR_EXPORT_PREFIX "%' and i.touched_at >= $2\n"
	     "order by i.touched_at desc limit $3::bigint",
	     3);

DB_STATEMENT(mirror_roots_unread,
	     "select i.key, i.address, i.comment_count, i.comments_read_at from mirror_items i\n"
	     "where i.source_id = $1 and i.kind = 'post' and i.removed_at is null\n"
	     "	and (i.comments_read_at is null or i.comments_read_at < $2)\n"
	     "order by i.created_at desc nulls last, i.id limit $3::bigint",
	     3);

DB_STATEMENT(mirror_roots_oldest,
	     "select i.key, i.address, i.comment_count, i.comments_read_at from mirror_items i\n"
	     "where i.source_id = $1 and i.kind = 'post' and i.removed_at is null\n"
	     "	and (i.comments_read_at is null or i.comments_read_at < $2)\n"
	     "order by i.comments_read_at nulls first limit $3::bigint",
	     3);

DB_STATEMENT(mirror_roots_state,
	     "select coalesce(i.comment_count, -1), i.comments_read_at\n"
	     "from unnest($2::text[]) with ordinality k(key, place)\n"
	     "left join mirror_items i on i.source_id = $1 and i.kind = 'post' and i.key = k.key\n"
	     "order by k.place",
	     2);

DB_STATEMENT(mirror_comments_stamp,
	     "update mirror_items set comments_read_at = $3\n"
	     "where source_id = $1 and kind = 'post' and key = $2\n"
	     "	and (comments_read_at is null or comments_read_at < $3)",
	     3);

/* A list that lacks it proves nothing: it is looked for by itself, not too often. */
DB_STATEMENT(
	mirror_comments_lacking,
	"insert into mirror_refreshes as r (source_id, kind, key, address)\n"
	"select i.source_id, i.kind, i.key, i.address from mirror_items i\n"
	"where i.source_id = $1 and i.root_key = $2 and i.kind = 'comment' and i.removed_at is null\n"
	"	and coalesce(i.confirmed_at, 'epoch') < $3\n"
	"	and coalesce(i.missing_at, 'epoch') < clock_timestamp() - make_interval(secs => $4::double precision)\n"
	"order by i.key\n"
	"on conflict (source_id, kind, key) do nothing",
	4);

/* White space is not compared: exports break lines otherwise. */
DB_STATEMENT(
	mirror_alike,
	"select count(*) from mirror_items i\n"
	"where i.source_id = $1 and i.kind = $2 and i.is_self\n"
	"	and date_trunc('second', i.created_at) = date_trunc('second', $3::timestamptz)\n"
	"	and regexp_replace(i.body, '\\s+', '', 'g') = regexp_replace($4, '\\s+', '', 'g')",
	4);

enum err mirror_count_alike(struct ctx *ctx, const struct mirror *mirror, enum item_kind kind,
			    int64_t created_at, const char *text, int64_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_alike, &rows, param_i64(mirror->source.id),
		     param_text(item_kind_text(kind)), param_time(created_at), param_text(text)));
	rows_next(&rows);
	*count = col_i64(&rows);
	return OK;
}

static struct param wishes_param(struct ctx *ctx, const struct mirror_wish *wishes, size_t count)
{
	struct json_rows rows;

	json_rows_init(ctx, &rows);
	for (size_t i = 0; i < count; i++) {
		json_rows_next(&rows);
		json_row_text(&rows, "kind", item_kind_text(wishes[i].kind));
		json_row_text(&rows, "key", wishes[i].key);
		json_row_text(&rows, "address",
			      wishes[i].address[0] ? wishes[i].address : wishes[i].key);
		json_row_bool(&rows, "with_comments", wishes[i].with_comments);
		json_row_i64(&rows, "asked_us", wishes[i].asked_at);
	}
	return json_rows_param(ctx, &rows);
}

void mirror_add_wishes(struct ctx *ctx, const struct mirror *mirror,
		       const struct mirror_wish *wishes, size_t count)
{
	if (count > 0)
		db_add(ctx, &mirror_wish_put, NULL, param_i64(mirror->source.id),
		       wishes_param(ctx, wishes, count));
}

void mirror_add_known_wishes(struct ctx *ctx, const struct mirror *mirror,
			     const struct mirror_wish *wishes, size_t count)
{
	if (count > 0)
		db_add(ctx, &mirror_wish_put_known, NULL, param_i64(mirror->source.id),
		       wishes_param(ctx, wishes, count));
}

enum err mirror_wishes(struct ctx *ctx, const struct mirror *mirror, size_t limit,
		       struct mirror_wish **out, size_t *count)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_wishes_due, &rows, param_i64(mirror->source.id),
		     param_i64((int64_t)limit)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror_wish);
	*count = 0;
	while (rows_next(&rows)) {
		struct mirror_wish *wish = &(*out)[(*count)++];

		wish->kind = item_kind_from_text(col_text(&rows));
		wish->key = col_text(&rows);
		wish->address = col_text(&rows);
		wish->with_comments = col_bool(&rows);
		wish->asked_at = col_time(&rows);
		wish->attempts = col_i64(&rows);
	}
	return OK;
}

enum err mirror_wishes_done(struct ctx *ctx, const struct mirror *mirror,
			    const struct mirror_wish *wishes, size_t count)
{
	if (count == 0)
		return OK;
	return db_query(ctx, &mirror_wish_done, NULL, param_i64(mirror->source.id),
			wishes_param(ctx, wishes, count));
}

enum err mirror_wishes_later(struct ctx *ctx, const struct mirror *mirror,
			     const struct mirror_wish *wishes, size_t count)
{
	struct param source = param_i64(mirror->source.id);

	if (count == 0)
		return OK;
	db_add(ctx, &mirror_wish_later, NULL, source, wishes_param(ctx, wishes, count));
	db_add(ctx, &mirror_wish_give_up, NULL, source, param_i64(ATTEMPTS_MAX));
	return db_run(ctx);
}

enum err mirror_known_posts(struct ctx *ctx, const struct mirror *mirror, const char *const *keys,
			    size_t count, bool *known)
{
	struct rows rows;

	if (count == 0)
		return OK;
	TRY(db_query(ctx, &mirror_posts_known, &rows, param_i64(mirror->source.id),
		     param_texts(ctx->arena, keys, count)));
	for (size_t i = 0; rows_next(&rows); i++)
		known[i] = col_bool(&rows);
	return OK;
}

enum err mirror_roots(struct ctx *ctx, const struct mirror *mirror, enum mirror_choice choice,
		      int64_t since, size_t limit, struct mirror_root **out, size_t *count)
{
	const struct stmt *statement = choice == POSTS_ACTIVE   ? &mirror_roots_active
				       : choice == POSTS_UNREAD ? &mirror_roots_unread
								: &mirror_roots_oldest;
	struct rows rows;

	TRY(db_query(ctx, statement, &rows, param_i64(mirror->source.id), param_time(since),
		     param_i64((int64_t)limit)));
	*out = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror_root);
	*count = 0;
	while (rows_next(&rows)) {
		struct mirror_root *root = &(*out)[(*count)++];

		root->key = col_text(&rows);
		root->address = col_text(&rows);
		root->comment_count = col_i64(&rows);
		root->comments_read_at = col_time(&rows);
	}
	return OK;
}

enum err mirror_roots_known(struct ctx *ctx, const struct mirror *mirror, struct mirror_root *roots,
			    size_t count)
{
	const char **keys = arena_array_of(ctx->arena, count, const char *);
	struct rows rows;

	if (count == 0)
		return OK;
	for (size_t i = 0; i < count; i++)
		keys[i] = roots[i].key;
	TRY(db_query(ctx, &mirror_roots_state, &rows, param_i64(mirror->source.id),
		     param_texts(ctx->arena, keys, count)));
	for (size_t i = 0; rows_next(&rows); i++) {
		roots[i].comment_count = col_i64(&rows);
		roots[i].comments_read_at = col_time(&rows);
	}
	return OK;
}

enum err mirror_comments_read(struct ctx *ctx, const struct mirror *mirror, const char *root_key,
			      int64_t started_at, bool is_complete)
{
	struct param source = param_i64(mirror->source.id), root = param_text(root_key);
	struct param started = param_time(started_at);
	int64_t hours = ctx->config->mirror.absence_hours;

	db_add(ctx, &mirror_comments_stamp, NULL, source, root, started);
	if (is_complete)
		db_add(ctx, &mirror_comments_lacking, NULL, source, root, started,
		       param_i64(hours * 3600));
	return db_run(ctx);
}
