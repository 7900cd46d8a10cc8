/*
 * What pages show of mirrors: marks beside the posts of a page, pictures, and the
 * state of a source.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"
#include "i18n/i18n.h"

DB_STATEMENT(
	marks_of_posts,
	"select p.id, i.id is not null, coalesce(nullif(i.url, ''), o.sent_url, ''),\n"
	"	coalesce(i.visibility, 'public'), coalesce(i.can_comment and i.removed_at is null, false),\n"
	"	coalesce(i.kind = 'comment' and not i.is_self and i.removed_at is null, false),\n"
	"	coalesce((select sum(r.value::bigint) from jsonb_each_text(i.reactions) r), 0)::bigint,\n"
	"	coalesce(o.id, 0), coalesce(o.state, 'cancelled'), coalesce(o.error, '')\n"
	"from unnest($1::bigint[]) as p(id)\n"
	"left join mirror_items i on i.post_id = p.id\n"
	"left join lateral (select o.* from mirror_outbox o\n"
	"	where o.post_id = p.id and o.kind in ('reply', 'edit') and o.state <> 'cancelled'\n"
	"	order by o.id desc limit 1) o on true\n"
	"where i.id is not null or o.id is not null",
	1);

DB_STATEMENT(
	pictures_of_posts,
	"select i.post_id, m.kind, m.file, m.link, m.title, m.width, m.height\n"
	"from mirror_items i join mirror_media m on m.item_id = i.id and m.state in ('stored', 'none')\n"
	"where i.post_id = any ($1::bigint[])\n"
	"order by i.post_id, m.position",
	1);

DB_STATEMENT(
	status_of_source,
	"select count(*) filter (where i.kind = 'post' and i.removed_at is null),\n"
	"	count(*) filter (where i.kind = 'comment' and i.removed_at is null),\n"
	"	count(*) filter (where i.removed_at is not null),\n"
	"	count(*) filter (where i.removed_at is null and i.visibility = 'public' and i.text_at is not null\n"
	"		and i.post_id is null),\n"
	"	(select count(*) from mirror_refreshes r where r.source_id = $1),\n"
	"	(select min(r.asked_at) from mirror_refreshes r where r.source_id = $1),\n"
	"	(select count(*) from mirror_deliveries d where d.state = 'waiting' and d.connector = $2),\n"
	"	(select min(d.received_at) from mirror_deliveries d where d.state = 'waiting' and d.connector = $2),\n"
	"	(select count(*) from mirror_deliveries d where d.state = 'dead' and d.connector = $2),\n"
	"	(select count(*) from mirror_outbox o where o.source_id = $1\n"
	"		and o.state in ('queued', 'sending', 'unknown')),\n"
	"	(select count(*) from mirror_outbox o where o.source_id = $1 and o.state = 'failed'),\n"
	"	(select count(*) from mirror_media m join mirror_items x on x.id = m.item_id\n"
	"		where x.source_id = $1 and m.state = 'waiting')\n"
	"from mirror_items i where i.source_id = $1",
	2);

static void read_mark(struct rows *rows, struct mirror_mark *mark)
{
	mark->post_id = col_i64(rows);
	mark->is_mirrored = col_bool(rows);
	mark->url = col_text(rows);
	mark->visibility = item_visibility_from_text(col_text(rows));
	mark->can_reply = col_bool(rows);
	mark->can_hide = col_bool(rows);
	mark->reaction_count = col_i64(rows);
	mark->outbox_id = col_i64(rows);
	mark->has_outbox = mark->outbox_id != 0;
	mark->outbox_state = outbox_state_from_text(col_text(rows));
	mark->outbox_error = col_text(rows);
}

static void read_picture(struct rows *rows, struct mirror_picture *picture)
{
	picture->post_id = col_i64(rows);
	picture->kind = col_text(rows);
	picture->file = col_text(rows);
	picture->link = col_text(rows);
	picture->title = col_text(rows);
	picture->width = col_i64(rows);
	picture->height = col_i64(rows);
}

enum err mirror_marks(struct ctx *ctx, const int64_t *post_ids, size_t count,
		      struct mirror_mark **marks, size_t *mark_count,
		      struct mirror_picture **pictures, size_t *picture_count)
{
	struct param ids = param_i64s(ctx->arena, post_ids, count);
	struct rows mark_rows, picture_rows;

	db_add(ctx, &marks_of_posts, &mark_rows, ids);
	db_add(ctx, &pictures_of_posts, &picture_rows, ids);
	TRY(db_run(ctx));
	*marks = arena_array_of(ctx->arena, (size_t)mark_rows.count, struct mirror_mark);
	*pictures = arena_array_of(ctx->arena, (size_t)picture_rows.count, struct mirror_picture);
	*mark_count = *picture_count = 0;
	while (rows_next(&mark_rows))
		read_mark(&mark_rows, &(*marks)[(*mark_count)++]);
	while (rows_next(&picture_rows))
		read_picture(&picture_rows, &(*pictures)[(*picture_count)++]);
	return OK;
}

enum err mirror_status(struct ctx *ctx, const struct mirror *mirror, struct mirror_status *out)
{
	struct rows rows;

	TRY(db_query(ctx, &status_of_source, &rows, param_i64(mirror->source.id),
		     param_text(mirror->source.connector)));
	rows_next(&rows);
	out->posts = col_i64(&rows);
	out->comments = col_i64(&rows);
	out->removed = col_i64(&rows);
	out->waiting = col_i64(&rows);
	out->refreshes = col_i64(&rows);
	out->oldest_refresh_at = col_time(&rows);
	out->deliveries_waiting = col_i64(&rows);
	out->oldest_delivery_at = col_time(&rows);
	out->deliveries_dead = col_i64(&rows);
	out->outbox_open = col_i64(&rows);
	out->outbox_failed = col_i64(&rows);
	out->media_waiting = col_i64(&rows);
	return OK;
}
