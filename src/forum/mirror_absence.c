/*
 * When what cannot be found is gone. One failed reading says nothing: a lost
 * permission looks the same. It is gone when it was missing twice, far enough apart,
 * while its post (of a post: others of the source) could be read; and not when many
 * go at once, because then something else happened. A later reading brings it back.
 */
#include "forum/mirror_parts.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/audit.h"

#define CANDIDATES_MAX 500
/* A share of few is one or two. */
#define BRAKE_LEAST    5

DB_STATEMENT(
	absence_candidates,
	"select i.kind, i.key, i.address, i.root_key from mirror_items i\n"
	"where i.source_id = $1 and i.missing_since is not null and i.removed_at is null\n"
	"	and i.missing_at > i.missing_since\n"
	"	and i.missing_at - i.missing_since >= make_interval(secs => $2::double precision)\n"
	"	and exists (select from mirror_items other where other.source_id = i.source_id and other.kind = 'post'\n"
	"		and other.removed_at is null and other.missing_since is null\n"
	"		and other.confirmed_at >= i.missing_since\n"
	"		and (i.kind = 'post' or other.key = i.root_key))\n"
	"order by i.id limit $3::bigint",
	3);

/* What stands, and what was concluded within a day. */
DB_STATEMENT(
	absence_share,
	"select count(*) filter (where removed_at is null),\n"
	"	count(*) filter (where not is_removal_final and removed_at > clock_timestamp() - interval '1 day')\n"
	"from mirror_items where source_id = $1",
	1);

/* The only post of a source has no other to prove that the key still reads. */
DB_STATEMENT(
	absence_known,
	"select i.kind, i.key, i.address from mirror_items i\n"
	"where i.source_id = $1 and i.missing_since is not null and i.removed_at is null\n"
	"	and i.missing_at < clock_timestamp() - make_interval(secs => $2::double precision)\n"
	"order by i.missing_at limit $3::bigint",
	3);

DB_STATEMENT(
	absence_brake,
	"update mirror_sources set brake_at = clock_timestamp() where id = $1 and brake_at is null",
	1);

DB_STATEMENT(
	absence_conclude,
	"update mirror_items i set removed_at = clock_timestamp()\n"
	"from unnest($2::text[], $3::text[]) as g(kind, key)\n"
	"where i.source_id = $1 and i.kind = g.kind and i.key = g.key and i.removed_at is null\n"
	"	and i.missing_since is not null",
	3);

struct candidates {
	const char **kinds, **keys, **roots;
	size_t count;
};

static void read_candidates(struct ctx *ctx, struct rows *rows, struct candidates *out)
{
	size_t room = (size_t)rows->count;

	*out = (struct candidates){
		.kinds = arena_array_of(ctx->arena, room, const char *),
		.keys = arena_array_of(ctx->arena, room, const char *),
		.roots = arena_array_of(ctx->arena, room, const char *),
	};
	while (rows_next(rows)) {
		out->kinds[out->count] = col_text(rows);
		out->keys[out->count] = col_text(rows);
		col_skip(rows);
		out->roots[out->count++] = col_text(rows);
	}
}

static bool is_too_much(const struct ctx *ctx, struct rows *share, size_t wanted)
{
	int64_t standing, concluded;

	rows_next(share);
	standing = col_i64(share);
	concluded = col_i64(share) + (int64_t)wanted;
	return concluded > BRAKE_LEAST &&
	       concluded * 100 > standing * ctx->config->mirror.brake_percent;
}

/* Their threads are shown without them at once. */
static enum err conclude(struct ctx *ctx, const struct mirror *mirror,
			 const struct candidates *candidates)
{
	TRY(db_query(ctx, &absence_conclude, NULL, param_i64(mirror->source.id),
		     param_texts(ctx->arena, candidates->kinds, candidates->count),
		     param_texts(ctx->arena, candidates->keys, candidates->count)));
	return mirror_show_again(ctx, mirror, candidates->roots, candidates->count);
}

/* Who was missing once is looked for again when its time has come. */
static enum err look_again(struct ctx *ctx, const struct mirror *mirror)
{
	struct mirror_wish *wishes;
	size_t count = 0;
	struct rows rows;

	TRY(db_query(ctx, &absence_known, &rows, param_i64(mirror->source.id),
		     param_i64(ctx->config->mirror.absence_hours * 3600),
		     param_i64(CANDIDATES_MAX)));
	wishes = arena_array_of(ctx->arena, (size_t)rows.count, struct mirror_wish);
	while (rows_next(&rows)) {
		wishes[count].kind = item_kind_from_text(col_text(&rows));
		wishes[count].key = col_text(&rows);
		wishes[count++].address = col_text(&rows);
	}
	mirror_add_wishes(ctx, mirror, wishes, count);
	return db_run(ctx);
}

enum err mirror_conclude(struct ctx *ctx, const struct mirror *mirror, int64_t *concluded,
			 bool *held)
{
	struct param source = param_i64(mirror->source.id);
	struct candidates candidates;
	struct rows rows, share;

	*concluded = 0;
	*held = mirror->brake_at != 0;
	if (*held)
		return OK;
	db_add(ctx, &absence_candidates, &rows, source,
	       param_i64(ctx->config->mirror.absence_hours * 3600), param_i64(CANDIDATES_MAX));
	db_add(ctx, &absence_share, &share, source);
	TRY(db_run(ctx));
	read_candidates(ctx, &rows, &candidates);
	if (candidates.count == 0)
		return look_again(ctx, mirror);
	*held = is_too_much(ctx, &share, candidates.count);
	if (*held) {
		TRY(db_query(ctx, &absence_brake, NULL, source));
		return mirror_alert(ctx, mirror, "brake",
				    "much seems to be gone at once, so nothing was taken away");
	}
	*concluded = (int64_t)candidates.count;
	return conclude(ctx, mirror, &candidates);
}
