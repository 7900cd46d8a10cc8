/*
 * People there, and forgetting: an author's claim by a member, an author's erasure,
 * and what was kept long enough. Words, names and pictures go; ids stay, so that
 * polling does not bring anything back.
 */
#include "forum/mirror_work.h"

#include "base/crypto.h"
#include "db/db.h"
#include "forum/audit.h"
#include "i18n/i18n.h"

#define BATCH 200

DB_STATEMENT(
	claim_author,
	"update mirror_authors set person_id = $2, claimed_by = $3\n"
	"where id = $1 and erased_at is null and (person_id is null or person_id = $2 or $2::bigint is null)\n"
	"returning source_id",
	3);

DB_STATEMENT(claim_check,
	     "select exists (select from mirror_authors where id = $1),\n"
	     "	exists (select from people p where p.id = $2 and p.state = 'active')",
	     2);

/* Every thread in which the author wrote. */
DB_STATEMENT(reshow_of_author,
	     "insert into mirror_reshows (source_id, root_key)\n"
	     "select distinct i.source_id, i.root_key from mirror_items i\n"
	     "where i.author_id = $1 and i.root_key <> '' order by 1, 2\n"
	     "on conflict do nothing",
	     1);

DB_STATEMENT(author_of_post,
	     "select coalesce(i.author_id, 0) from mirror_items i where i.post_id = $1", 1);

DB_STATEMENT(
	erase_begin,
	"update mirror_authors set erased_at = coalesce(erased_at, clock_timestamp()), is_erasing = true,\n"
	"	name = '', person_id = null\n"
	"where id = $1",
	1);

DB_STATEMENT(
	erase_note,
	"insert into mirror_erasures (code, source_id, origin, author_id, decided_by, decided_at)\n"
	"select $2, a.source_id, 'moderator', a.id, $3, clock_timestamp() from mirror_authors a\n"
	"where a.id = $1\n"
	"returning id",
	3);

/* What they wrote stands in the raw notices as well. */
DB_STATEMENT(
	erase_raw,
	"delete from mirror_deliveries d\n"
	"using mirror_authors a join mirror_sources s on s.id = a.source_id\n"
	"where a.source_id = $1 and a.is_erasing and d.connector = s.connector and d.state <> 'waiting'\n"
	"	and position(convert_to(a.author_key, 'UTF8') in d.body) > 0",
	1);

DB_STATEMENT(
	erase_batch,
	"select i.id from mirror_items i join mirror_authors a on a.id = i.author_id\n"
	"left join posts p on p.id = i.post_id\n"
	"where a.source_id = $1 and a.is_erasing and not i.is_ours\n"
	"	and (i.title <> '' or i.body <> '' or i.html <> '' or p.body_md <> '' or p.visibility = 'visible'\n"
	"		or exists (select from mirror_media m where m.item_id = i.id and m.state <> 'removed'))\n"
	"limit $2::bigint",
	2);

DB_STATEMENT(forget_items, "select mirror_forget($1::bigint[])", 1);

DB_STATEMENT(
	erase_end,
	"with done as (update mirror_authors set is_erasing = false where source_id = $1 and is_erasing returning id)\n"
	"update mirror_erasures e set state = 'done', done_at = clock_timestamp(),\n"
	"	outcome = 'texts, names and pictures were deleted'\n"
	"from done where e.author_id = done.id and e.state = 'received'",
	1);

DB_STATEMENT(
	retention_batch,
	"select i.id from mirror_items i join mirror_sources s on s.id = i.source_id\n"
	"left join posts p on p.id = i.post_id\n"
	"where i.removed_at is not null and not i.is_ours\n"
	"	and i.removed_at < clock_timestamp() - s.keep_removed_days * interval '1 day'\n"
	"	and (i.title <> '' or i.body <> '' or i.html <> '' or p.body_md <> '')\n"
	"limit $1::bigint",
	1);

/* Those of several sources of a connector: as long as the most patient wants. */
DB_STATEMENT(
	retention_raw,
	"delete from mirror_deliveries d\n"
	"where d.state <> 'waiting' and d.received_at < clock_timestamp()\n"
	"	- coalesce((select max(s.keep_raw_days) from mirror_sources s where s.connector = d.connector), 1)\n"
	"		* interval '1 day'",
	0);

DB_STATEMENT(forget_wake, "select pg_notify('mirror', '')", 0);

/* Claims --------------------------------------------------------------------------- */

enum err mirror_claim_author(struct ctx *ctx, int64_t author_id, int64_t person_id)
{
	struct param author = param_i64(author_id), person = param_id(person_id);
	struct rows check, rows;

	TRY(policy_require(ctx, MAY_REPLY_OUT, &(struct subject){ .now = ctx->now }));
	db_begin(ctx);
	TRY(db_query(ctx, &claim_check, &check, author, person));
	rows_next(&check);
	if (!col_bool(&check) || (!col_bool(&check) && person_id))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(db_query(ctx, &claim_author, &rows, author, person, param_id(ctx->actor->id)));
	if (rows.affected == 0)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Somebody else is known to be this person."));
	db_add(ctx, &reshow_of_author, NULL, author);
	audit_add(ctx, person_id ? "mirror_claim" : "mirror_unclaim", "mirror_author", author_id,
		  arena_printf(ctx->arena, "{\"person\":%lld}", (long long)person_id));
	db_add_params(ctx, &forget_wake, NULL, NULL, 0);
	return db_commit(ctx);
}

enum err mirror_author_of_post(struct ctx *ctx, int64_t post_id, int64_t *author_id)
{
	struct rows rows;

	TRY(db_query(ctx, &author_of_post, &rows, param_i64(post_id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*author_id = col_i64(&rows);
	return OK;
}

/* Erasure --------------------------------------------------------------------------- */

void mirror_add_erasure(struct ctx *ctx, int64_t author_id)
{
	db_add(ctx, &erase_begin, NULL, param_i64(author_id));
	/* At once out of sight; the words follow in batches. */
	db_add(ctx, &reshow_of_author, NULL, param_i64(author_id));
	audit_add(ctx, "mirror_erase", "mirror_author", author_id, NULL);
	db_add_params(ctx, &forget_wake, NULL, NULL, 0);
}

enum err mirror_erase_author(struct ctx *ctx, int64_t author_id, int64_t *erasure_id)
{
	const char *code = crypto_token(ctx->arena);
	struct rows rows;

	TRY(policy_require(ctx, MAY_MANAGE_PEOPLE, &(struct subject){ .now = ctx->now }));
	db_begin(ctx);
	TRY(db_query(ctx, &erase_note, &rows, param_i64(author_id), param_text(code),
		     param_id(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	*erasure_id = col_i64(&rows);
	mirror_add_erasure(ctx, author_id);
	return db_commit(ctx);
}

/* *count: how many were forgotten; 0 when there are none left. */
static enum err forget(struct ctx *ctx, struct rows *items, size_t *count)
{
	int64_t *ids = arena_array_of(ctx->arena, (size_t)items->count, int64_t);

	*count = 0;
	while (rows_next(items))
		ids[(*count)++] = col_i64(items);
	if (*count == 0)
		return OK;
	return db_query(ctx, &forget_items, NULL, param_i64s(ctx->arena, ids, *count));
}

enum err mirror_erase_some(struct ctx *ctx, const struct mirror *mirror, bool *has_more)
{
	struct param source = param_i64(mirror->source.id);
	struct rows items;
	size_t count;

	db_begin(ctx);
	db_add(ctx, &erase_raw, NULL, source);
	db_add(ctx, &erase_batch, &items, source, param_i64(BATCH));
	TRY(db_run(ctx));
	TRY(forget(ctx, &items, &count));
	*has_more = count > 0;
	if (!*has_more)
		db_add(ctx, &erase_end, NULL, source);
	return db_commit(ctx);
}

enum err mirror_retention(struct ctx *ctx)
{
	size_t count = 1;

	while (count > 0) {
		struct rows items;

		db_begin(ctx);
		TRY(db_query(ctx, &retention_batch, &items, param_i64(BATCH)));
		TRY(forget(ctx, &items, &count));
		TRY(db_commit(ctx));
	}
	return db_query_params(ctx, &retention_raw, NULL, NULL, 0);
}
