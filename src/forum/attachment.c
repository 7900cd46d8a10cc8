/*
 * Reading files, and who may.
 */
#include "forum/attachment.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/article.h"
#include "forum/article_columns.h"
#include "forum/private.h"
#include "i18n/i18n.h"
#include "text/slug.h"

#define COLUMNS \
	"f.id, f.article_id, f.message_id, f.kind, f.state, f.name, f.alt, f.problem, f.bytes,\n" \
	"	f.width, f.height, f.small_width, f.small_height, f.uploaded_at"

/* A version that is the newest or the published one of its article. */
#define NAMED \
	"exists (select from attachment_uses u join articles n\n" \
	"	on u.version_id in (n.latest_version_id, n.published_version_id)\n" \
	"	where u.attachment_id = f.id)"

DB_STATEMENT(
	attachments_of_messages,
	"select " COLUMNS ", true\n"
	"from (select m.id from private_messages m where m.exchange_id = $1\n"
	"		and ($2::bigint = 0 or m.id < $2::bigint) order by m.id desc limit $3::bigint) m\n"
	"join attachments f on f.message_id = m.id\n"
	"order by f.id",
	3);

/* The same exchange as private_at_desk_add finds. */
DB_STATEMENT(
	attachments_at_desk,
	"select " COLUMNS ", true\n"
	"from (select m.id from private_messages m\n"
	"	where m.exchange_id = (select e.id from private_exchanges e where e.topic_id = $1\n"
	"		and e.in_charge = $2 and not exists (select from private_exchanges l\n"
	"			where l.topic_id = e.topic_id and l.id > e.id) order by e.id desc limit 1)\n"
	"	order by m.id desc limit $3::bigint) m\n"
	"join attachments f on f.message_id = m.id\n"
	"order by f.id",
	3);

DB_STATEMENT(attachments_of_article,
	     "select " COLUMNS ", " NAMED "\n"
	     "from articles a join articles b on b.group_id = a.group_id\n"
	     "join attachments f on f.article_id = b.id\n"
	     "where a.id = $1 order by f.id limit $2::bigint",
	     2);

DB_STATEMENT(
	attachments_published,
	"select " COLUMNS ", true\n"
	"from articles a join attachment_uses u on u.version_id = a.published_version_id\n"
	"join attachments f on f.id = u.attachment_id\n"
	"where a.id = $1 and f.kind <> 'picture' and f.state = 'ready' order by f.id limit $2::bigint",
	2);

/* With its bytes, if it is everybody's: then that is all that is asked. */
DB_STATEMENT(
	attachment_find,
	"select f.kind, f.name, f.article_id, m.exchange_id, a.category_id, c.parent_id, p.is_public,\n"
	"	case when p.is_public then case when $2::boolean then f.small else f.content end end\n"
	"from attachments f\n"
	"cross join lateral (select exists (select from attachment_uses u join articles n\n"
	"	on n.published_version_id = u.version_id and n.is_public\n"
	"	where u.attachment_id = f.id) as is_public) p\n"
	"left join private_messages m on m.id = f.message_id\n"
	"left join articles a on a.id = f.article_id\n"
	"left join categories c on c.id = a.category_id\n"
	"where f.id = $1 and f.state = 'ready' and (not $2::boolean or f.small is not null)",
	2);

DB_STATEMENT(attachment_bytes,
	     "select case when $2::boolean then f.small else f.content end from attachments f\n"
	     "where f.id = $1 and f.state = 'ready'",
	     2);

/* Rows ------------------------------------------------------------------------------------- */

const char *attachment_size(struct arena *arena, int64_t bytes)
{
	if (bytes < 1000000)
		return arena_printf(arena, _("%s kB"),
				    i18n_number(arena, bytes < 1000 ? 1 : (bytes + 500) / 1000));
	return arena_printf(arena, _("%s MB"), i18n_tenths(arena, (double)bytes / 1e6));
}

/* The readable part of an address; letters that an address cannot have are left out. */
static const char *path_of(struct arena *arena, const struct attachment *file, const char *size)
{
	const char *dot = strrchr(file->name, '.');
	char *slug = slug_from(arena, arena_strndup(arena, file->name, (size_t)(dot - file->name)));

	for (const char *at = slug; *at; at++)
		if (*at & 0x80) {
			slug = arena_strdup(arena, attachment_kind_text(file->kind));
			break;
		}
	return arena_printf(arena, "/files/%lld/%s%s%s", (long long)file->id, size,
			    strcmp(slug, "-") == 0 ? attachment_kind_text(file->kind) : slug, dot);
}

static void read_one(struct ctx *ctx, struct rows *rows, struct attachment *out)
{
	const char *state;

	*out = (struct attachment){ .id = col_i64(rows), .small_path = "" };
	out->article_id = col_i64(rows);
	out->message_id = col_i64(rows);
	if (!attachment_kind_parse(col_text(rows), &out->kind))
		out->kind = ATTACHMENT_TEXT;
	state = col_text(rows);
	out->state = strcmp(state, "ready") == 0     ? ATTACHMENT_READY
		     : strcmp(state, "refused") == 0 ? ATTACHMENT_REFUSED
						     : ATTACHMENT_WAITING;
	out->name = col_text(rows);
	out->alt = col_text(rows);
	out->problem = col_text(rows);
	out->bytes = col_i64(rows);
	out->width = col_i64(rows);
	out->height = col_i64(rows);
	out->small_width = col_i64(rows);
	out->small_height = col_i64(rows);
	out->uploaded_at = col_time(rows);
	out->is_named = col_bool(rows);
	out->path = path_of(ctx->arena, out, "");
	if (out->small_width > 0)
		out->small_path = path_of(ctx->arena, out, "small/");
}

void attachments_read(struct ctx *ctx, struct rows *rows, struct attachment_list *out)
{
	*out = (struct attachment_list){ .count = 0 };
	out->items = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct attachment);
	while (rows_next(rows))
		read_one(ctx, rows, &out->items[out->count++]);
}

void attachments_of_messages_add(struct ctx *ctx, int64_t exchange_id, int64_t before_id,
				 int64_t messages, struct rows *out)
{
	db_add(ctx, &attachments_of_messages, out, param_i64(exchange_id), param_i64(before_id),
	       param_i64(messages));
}

void attachments_at_desk_add(struct ctx *ctx, int64_t topic_id, int64_t messages, struct rows *out)
{
	db_add(ctx, &attachments_at_desk, out, param_i64(topic_id), param_id(ctx->actor->id),
	       param_i64(messages));
}

void attachments_of_article_add(struct ctx *ctx, int64_t article_id, struct rows *out)
{
	db_add(ctx, &attachments_of_article, out, param_i64(article_id),
	       param_i64(ATTACHMENTS_OF_ARTICLE));
}

void attachments_published_add(struct ctx *ctx, int64_t article_id, struct rows *out)
{
	db_add(ctx, &attachments_published, out, param_i64(article_id),
	       param_i64(ATTACHMENTS_OF_ARTICLE));
}

/* One ---------------------------------------------------------------------------------------- */

/* Where a file hangs that is not everybody's. */
struct place {
	int64_t exchange_id;
	struct article article;
};

/* That there is one is not for others to know. */
static enum err check_reader(struct ctx *ctx, const struct place *place)
{
	struct subject subject;

	if (place->exchange_id)
		return private_check_reader(ctx, place->exchange_id);
	subject = article_subject(ctx, &place->article, 0);
	if (!policy_can(ctx->actor, MAY_WRITE_ARTICLE, &subject))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err take_bytes(struct ctx *ctx, struct rows *rows, struct attachment_file *out)
{
	out->bytes = col_bytes(rows, &out->length);
	return out->length > 0 ? OK : fail(ctx, ERR_NOT_FOUND, NULL, NULL);
}

enum err attachment_open(struct ctx *ctx, int64_t id, bool is_small, struct attachment_file *out)
{
	struct place place = { .exchange_id = 0 };
	struct rows rows;

	*out = (struct attachment_file){ .name = "", .bytes = "" };
	TRY(db_query(ctx, &attachment_find, &rows, param_i64(id), param_bool(is_small)));
	if (!rows_next(&rows) || !attachment_kind_parse(col_text(&rows), &out->kind))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	out->name = col_text(&rows);
	place.article.id = col_i64(&rows);
	place.exchange_id = col_i64(&rows);
	place.article.category_id = col_i64(&rows);
	place.article.parent_id = col_i64(&rows);
	out->is_public = col_bool(&rows);
	if (out->is_public)
		return take_bytes(ctx, &rows, out);
	TRY(check_reader(ctx, &place));
	TRY(db_query(ctx, &attachment_bytes, &rows, param_i64(id), param_bool(is_small)));
	return rows_next(&rows) ? take_bytes(ctx, &rows, out)
				: fail(ctx, ERR_NOT_FOUND, NULL, NULL);
}
