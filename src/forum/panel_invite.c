/*
 * Whom a panel looks for, and inviting them. Whoever is invited is looked for once more in
 * the same statement: a form that is an hour old invites nobody who no longer fulfils it.
 */
#include "forum/panel.h"

#include "forum/audit.h"
#include "forum/author.h"
#include "forum/once.h"
#include "forum/panel_parts.h"
#include "forum/policy.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* What p wrote where and when panel n wants it. */
#define WRITTEN \
	"from posts o join topics t on t.id = o.topic_id\n" \
	"	where o.author_id = p.id and o.visibility = 'visible' and t.visibility = 'visible'\n" \
	"		and (n.months = 0 or o.created_at > $2::timestamptz - make_interval(months => n.months))\n" \
	"		and (n.category_id is null or n.category_id in (t.category_id, t.top_category_id))"

/* Terms of p as an expert that count for panel n. */
#define IN_OFFICE \
	"from experts e left join categories c on c.id = e.category_id left join tags g on g.id = e.tag_id\n" \
	"	where e.person_id = p.id and e.state = 'active' and e.ends_at > $2::timestamptz\n" \
	"		and (n.category_id is null or n.category_id in (c.id, c.parent_id))"

/*
 * $1 the panel, $2 now, $3 how many, $4 among whom; null: among all. The order is one of
 * chance, so that no panel is made of those who write most, and the same each time.
 */
#define CANDIDATES \
	"with found as (\n" \
	"	select p.id from people p join panels n on n.id = $1\n" \
	"	where p.role = 'customer' and p.state = 'active' and p.is_ranked and not p.is_minor\n" \
	"		and p.trust_level >= n.least_trust and p.rank_position >= n.least_rank\n" \
	"		and ($4::bigint[] is null or p.id = any ($4::bigint[]))\n" \
	"		and (n.badge_id is null or exists (select from badge_awards b\n" \
	"			where b.badge_id = n.badge_id and b.person_id = p.id and b.taken_at is null))\n" \
	"		and (not n.is_for_experts or exists (select " IN_OFFICE "))\n" \
	"		and ((n.months = 0 and n.category_id is null) or exists (select " WRITTEN \
	"))\n" \
	"		and not exists (select from panel_members m where m.panel_id = n.id and m.person_id = p.id)\n" \
	"	order by hashint8extended(p.id, n.id), p.id limit $3::bigint\n" \
	"), candidates as (\n" \
	"	select p.id as person_id, hashint8extended(p.id, n.id) as place, jsonb_strip_nulls(jsonb_build_object(\n" \
	"		'trust', case when n.least_trust > 0 then p.trust_level end,\n" \
	"		'rank_fr', case when n.least_rank > 0 then p.rank_fr end,\n" \
	"		'rank_en', case when n.least_rank > 0 then p.rank_en end,\n" \
	"		'posts', case when n.months > 0 or n.category_id is not null then (select count(*) " WRITTEN \
	") end,\n" \
	"		'months', nullif(n.months, 0),\n" \
	"		'category_fr', k.name_fr, 'category_en', k.name_en, 'badge_fr', b.name_fr, 'badge_en', b.name_en,\n" \
	"		'expert_fr', case when n.is_for_experts then\n" \
	"			(select coalesce(c.name_fr, g.name) " IN_OFFICE \
	" order by e.id limit 1) end,\n" \
	"		'expert_en', case when n.is_for_experts then\n" \
	"			(select coalesce(c.name_en, g.name) " IN_OFFICE \
	" order by e.id limit 1) end)) as why\n" \
	"	from found f join people p on p.id = f.id join panels n on n.id = $1\n" \
	"	left join categories k on k.id = n.category_id left join badges b on b.id = n.badge_id\n" \
	")"

DB_STATEMENT(panel_candidate_rows,
	     CANDIDATES "\nselect " PANEL_WHY_COLUMNS("c.why", "$5") ", " PERSON_AUTHOR_COLUMNS(
		     "a") "\n"
			  "from candidates c join people a on a.id = c.person_id\n"
			  "order by c.place, c.person_id",
	     5);

DB_STATEMENT(panel_room,
	     "select n.is_open, (select count(*) from panel_members m where m.panel_id = n.id)\n"
	     "from panels n where n.id = $1 for update",
	     1);

/* $5 by whom, $6 whether mail goes out. */
DB_STATEMENT(
	panel_invite_rows,
	CANDIDATES
	", invited as (\n"
	"	insert into panel_members (panel_id, person_id, why, invited_by, invited_at)\n"
	"	select $1, c.person_id, c.why, $5, $2::timestamptz from candidates c order by c.place, c.person_id\n"
	"	on conflict do nothing returning person_id\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, panel_id)\n"
	"	select i.person_id, 'panel', $1 from invited i order by i.person_id\n"
	"	on conflict do nothing returning id, person_id\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, notification_id, key)\n"
	"	select p.id, p.email, p.language, 'notification', told.id, 'notification:' || told.id\n"
	"	from told join people p on p.id = told.person_id\n"
	"	where $6::boolean and p.wants_mail and p.email_confirmed_at is not null\n"
	"	on conflict (key) do nothing returning id\n"
	"), sent as (\n"
	"	insert into jobs (kind, payload, key, run_at)\n"
	"	select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + interval '10 minutes' from queued\n"
	")\n"
	"select count(*) from invited",
	6);

enum err panel_candidates(struct ctx *ctx, int64_t id, struct volunteer_panel *out,
			  struct panel_people *people)
{
	struct rows one, rows;

	*people = (struct panel_people){ 0 };
	TRY(panel_require_run(ctx));
	panel_add(ctx, id, &one);
	db_add(ctx, &panel_candidate_rows, &rows, param_i64(id), param_time(ctx->now),
	       param_i64(PANEL_CANDIDATES_MAX + 1), param_null(), param_text(ctx->language));
	TRY(db_run(ctx));
	TRY(panel_take(ctx, &one, out));
	people->items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct panel_person);
	people->has_more = rows.count > PANEL_CANDIDATES_MAX;
	while (people->count < PANEL_CANDIDATES_MAX && rows_next(&rows)) {
		struct panel_person *person = &people->items[people->count++];

		panel_why_read(&rows, &person->why);
		author_read(ctx, &rows, &person->author);
	}
	return OK;
}

static enum err check_room(struct ctx *ctx, struct rows *room, size_t count)
{
	if (!rows_next(room))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!col_bool(room))
		return fail(ctx, ERR_INVALID, "people", "%s",
			    _("This panel is closed. Open it again first."));
	if (col_i64(room) + (int64_t)count > PANEL_MEMBERS_MAX)
		return fail(ctx, ERR_INVALID, "people",
			    _("A panel has at most %d people, whatever they answered."),
			    PANEL_MEMBERS_MAX);
	return OK;
}

static enum err invite(struct ctx *ctx, int64_t id, const int64_t *people, size_t count,
		       const char *form_key, int64_t *invited)
{
	struct rows room, done;
	const char *earlier;

	db_begin(ctx);
	db_add(ctx, &panel_room, &room, param_i64(id));
	TRY(writing_claim(ctx, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(check_room(ctx, &room, count));
	TRY(db_query(ctx, &panel_invite_rows, &done, param_i64(id), param_time(ctx->now),
		     param_i64((int64_t)count), param_i64s(ctx->arena, people, count),
		     param_id(ctx->actor->id), param_bool(!ctx->actor->is_automatic)));
	if (rows_next(&done))
		*invited = col_i64(&done);
	audit_write(ctx, &(struct audit_entry){
				 .action = "panel_invited",
				 .subject = "panel",
				 .subject_id = id,
				 .details = arena_printf(ctx->arena, "{\"people\":%lld}",
							 (long long)*invited),
			 });
	once_result(ctx, form_key, "/desk/panels");
	return db_commit(ctx);
}

enum err panel_invite(struct ctx *ctx, int64_t id, const int64_t *people, size_t count,
		      const char *form_key, int64_t *invited)
{
	*invited = 0;
	TRY(panel_require_run(ctx));
	if (count == 0)
		return fail(ctx, ERR_INVALID, "people", "%s", _("Choose at least one person."));
	return writing_end(ctx, invite(ctx, id, people, count, form_key, invited));
}
