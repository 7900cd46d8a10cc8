/*
 * What is shown of a source, as JSON: for `entraide mirror replay`, for support, and
 * for comparing the forum with the source. The format: docs/mirroring-inside.md.
 */
#include "forum/mirror_parts.h"

#include "db/db.h"

/* Shown: visible here, in a topic that is. Texts as they came, not as they are rendered. */
#define SHOWN \
	"select i.*, p.number, p.kind as post_kind, p.author_name as shown_name, p.body_md, p.is_official,\n" \
	"	p.author_id as person_id, t.title as topic_title, p.id as our_post, p.revision_count,\n" \
	"	(select count(*) from mirror_media m where m.item_id = i.id and m.state = 'stored') as pictures\n" \
	"from mirror_items i join posts p on p.id = i.post_id join topics t on t.id = p.topic_id\n" \
	"where i.source_id = $1 and p.visibility = 'visible' and t.visibility = 'visible'"

DB_STATEMENT(
	mirror_dump_json,
	"with shown as (" SHOWN "),\n"
	"comments as (\n"
	"	select root_key, jsonb_agg(jsonb_build_object('key', key, 'parent', parent_key, 'text', body,\n"
	"		'author', shown_name, 'is_self', is_self, 'is_ours', is_ours, 'created', extract(epoch from created_at)::bigint,\n"
	"		'revisions', revision_count, 'pictures', pictures) order by created_at, key) as list\n"
	"	from shown where kind = 'comment' group by root_key\n"
	"), threads as (\n"
	"	select jsonb_agg(jsonb_build_object('key', s.key, 'title', s.topic_title, 'text', s.body,\n"
	"		'author', s.shown_name, 'is_self', s.is_self, 'is_by_visitor', s.is_by_visitor,\n"
	"		'created', extract(epoch from s.created_at)::bigint, 'url', s.url, 'revisions', s.revision_count, 'pictures', s.pictures,\n"
	"		'comments', coalesce(c.list, '[]')) order by s.created_at, s.key) as list\n"
	"	from shown s left join comments c on c.root_key = s.key where s.kind = 'post'\n"
	"), held as (\n"
	"	select jsonb_agg(jsonb_build_object('kind', i.kind, 'key', i.key, 'root', i.root_key, 'why', case\n"
	"		when i.removed_at is not null then 'removed'\n"
	"		when i.visibility <> 'public' then i.visibility\n"
	"		when i.post_id is null and i.kind = 'comment' and not exists (select from mirror_items r\n"
	"			where r.source_id = i.source_id and r.kind = 'post' and r.key = i.root_key) then 'waiting'\n"
	"		else 'not shown' end) order by i.kind, i.key) as list\n"
	"	from mirror_items i where i.source_id = $1 and not exists (select from shown s where s.id = i.id)\n"
	"), notices as (\n"
	"	select jsonb_build_object('done', count(*) filter (where state = 'done'),\n"
	"		'waiting', count(*) filter (where state = 'waiting'), 'dead', count(*) filter (where state = 'dead'),\n"
	"		'not_understood', coalesce(sum(unknown_count), 0)) as counts\n"
	"	from mirror_deliveries where connector = $2\n"
	")\n"
	"select jsonb_pretty(jsonb_build_object('connector', $2::text, 'account', $3::text,\n"
	"	'threads', coalesce((select list from threads), '[]'), 'not_shown', coalesce((select list from held), '[]'),\n"
	"	'deliveries', (select counts from notices)))",
	3);

enum err mirror_dump(struct ctx *ctx, const struct mirror *mirror, const char **json)
{
	struct rows rows;

	TRY(db_query(ctx, &mirror_dump_json, &rows, param_i64(mirror->source.id),
		     param_text(mirror->source.connector), param_text(mirror->source.account)));
	rows_next(&rows);
	*json = col_text(&rows);
	return OK;
}
