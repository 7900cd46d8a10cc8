/*
 * Mails to the administrators when a mirror needs a person: at most one a day and
 * cause. What is queued here is written in letter.c.
 */
#include "forum/mirror_work.h"

#include "db/db.h"

/* True for the first to come today: the row's lock settles who that is. */
DB_STATEMENT(
	alert_claim,
	"update mirror_sources set alerts = jsonb_set(alerts, array[$2], to_jsonb(clock_timestamp()))\n"
	"where id = $1 and coalesce((alerts ->> $2)::timestamptz, '-infinity') < clock_timestamp() - interval '1 day'",
	2);

DB_STATEMENT(
	alert_mails,
	"with queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, p.language, 'mirror', jsonb_build_object('name', p.name, 'link', $4::text,\n"
	"		'title', s.name, 'excerpt', $3::text, 'notification', $2::text),\n"
	"		'mirror:' || s.id || ':' || $2 || ':' || p.id || ':' || to_char(now(), 'YYYYMMDDHH24')\n"
	"	from people p, mirror_sources s\n"
	"	where s.id = $1 and p.role = 'administrator' and p.state = 'active' and p.email_confirmed_at is not null\n"
	"	on conflict (key) do nothing\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() from queued",
	4);

enum err mirror_alert(struct ctx *ctx, const struct mirror *mirror, const char *what,
		      const char *details)
{
	struct param source = param_i64(mirror->source.id);
	bool is_nested = db_in_transaction(ctx);
	struct rows rows;

	if (!is_nested)
		db_begin(ctx);
	TRY(db_query(ctx, &alert_claim, &rows, source, param_text(what)));
	if (rows.affected > 0)
		TRY(db_query(ctx, &alert_mails, NULL, source, param_text(what), param_text(details),
			     param_text(arena_printf(ctx->arena, "%s/admin/mirror",
						     ctx->config->site.base_url))));
	return is_nested ? OK : db_commit(ctx);
}
