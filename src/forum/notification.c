/*
 * Telling people. Whom it concerns is one select, so that telling two thousand
 * followers is one statement, and each gets a thing once: who was mentioned is not
 * told again as a follower. People are locked in the order of their ids.
 */
#include "forum/notification.h"

#include "db/db.h"
#include "forum/author.h"
#include "forum/idea.h"
#include "text/slug.h"

/* At most so many of a topic's followers are told. */
#define RECIPIENTS_MAX "2000"
_Static_assert(NOTIFICATION_MAIL_DELAY_MINUTES == 10, "the statements say so too");

/*
 * $1 kind, $2 topic, $3 post or null, $4 who did it or null, $5 whether mail goes
 * out. recipients: a select of ids, from $6 on. Whoever has not confirmed an
 * address, was suspended or has no account is not told. A state that was changed, or a
 * post that was held again, is news again; the other kinds are told once.
 */
#define TELL_AGAIN(recipients, is_told_already, mail_key) \
	"with told as (\n" \
	"	insert into notifications (person_id, kind, topic_id, post_id, actor_id)\n" \
	"	select p.id, $1, $2::bigint, $3::bigint, $4::bigint\n" \
	"	from people p\n" \
	"	where p.id in (" recipients \
	") and p.state = 'active' and p.id is distinct from $4::bigint\n" \
	"	" is_told_already "\n" \
	"	order by p.id\n" \
	"	limit " RECIPIENTS_MAX "\n" \
	"	on conflict (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0), coalesce(actor_id, 0),\n" \
	"		coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0), coalesce(standing, 0),\n" \
	"		coalesce(article_id, 0), coalesce(panel_id, 0))\n" \
	"	do update set read_at = null, created_at = now()\n" \
	"		where excluded.kind in ('status', 'held', 'released', 'desk_note', 'desk_handed', 'private', 'private_reply')\n" \
	"	returning id, person_id\n" \
	"), queued as (\n" \
	"	insert into mails (person_id, address, language, kind, notification_id, key)\n" \
	"	select p.id, p.email, p.language, 'notification', told.id, 'notification:' || told.id" mail_key \
	"\n" \
	"	from told\n" \
	"	join people p on p.id = told.person_id\n" \
	"	where $5::boolean and p.wants_mail and p.email_confirmed_at is not null\n" \
	"	on conflict (key) do nothing\n" \
	"	returning id\n" \
	")\n" \
	"insert into jobs (kind, payload, key, run_at)\n" \
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + interval '10 minutes'\n" \
	"from queued"

#define TELL(recipients, is_told_already) TELL_AGAIN(recipients, is_told_already, "")

/*
 * The same post is told of once, whether as an answer or as a mention. In the words of
 * notifications_once, so that nobody's whole list is looked through.
 */
#define NOT_TOLD_OF_POST \
	"and not exists (select from notifications n where n.person_id = p.id\n" \
	"		and n.kind in ('answer', 'comment', 'mention') and coalesce(n.topic_id, 0) = $2::bigint\n" \
	"		and coalesce(n.post_id, 0) = $3::bigint)"

DB_STATEMENT(notify_one, TELL("$6::bigint", ""), 6);

DB_STATEMENT(
	notify_of_topic,
	TELL("select f.person_id from follows f where f.kind = 'topic' and f.target_id = $2::bigint\n"
	     "		union select t.author_id from topics t where t.id = $2::bigint",
	     NOT_TOLD_OF_POST),
	5);

DB_STATEMENT(
	notify_of_stage,
	TELL("select m.person_id from me_too m where m.topic_id = $2::bigint\n"
	     "		union select f.person_id from follows f where f.kind = 'topic' and f.target_id = $2::bigint\n"
	     "		union select t.author_id from topics t where t.id = $2::bigint",
	     ""),
	5);

DB_STATEMENT(
	notify_of_question,
	TELL("select f.person_id from topics t join follows f\n"
	     "			on f.kind = 'category' and f.target_id in (t.category_id, t.top_category_id)\n"
	     "		where t.id = $2::bigint\n"
	     "		union select f.person_id from topic_tags tt join follows f\n"
	     "			on f.kind = 'tag' and f.target_id = tt.tag_id\n"
	     "		where tt.topic_id = $2::bigint",
	     ""),
	5);

DB_STATEMENT(notify_handles,
	     TELL("select m.id from people m where m.handle = any ($6::text[])", NOT_TOLD_OF_POST),
	     6);

/* The team, and experts in the question's field. */
DB_STATEMENT(
	notify_desk_handles,
	TELL("select m.id from people m where m.handle = any ($6::text[]) and (m.role <> 'customer'\n"
	     "			or exists (select from experts e join topics d on d.id = $2::bigint\n"
	     "				where e.person_id = m.id and e.state = 'active' and e.ends_at > now()\n"
	     "					and (e.category_id in (d.category_id, d.top_category_id) or e.tag_id in\n"
	     "						(select tt.tag_id from topic_tags tt where tt.topic_id = d.id))))",
	     ""),
	6);

/*
 * Each message is news again; one mail goes for all that come within half an hour, and a
 * new one after that.
 */
#define ONE_MAIL_A_WHILE " || ':' || floor(extract(epoch from now()) / 1800)::bigint"
DB_STATEMENT(notify_private_one, TELL_AGAIN("$6::bigint", "", ONE_MAIL_A_WHILE), 6);
#define IN_CHARGE_OR_DESK \
	"select $6::bigint where $6::bigint is not null\n" \
	"		union select desk_people($2::bigint) where $6::bigint is null"
DB_STATEMENT(notify_private_desk,
	     TELL_AGAIN(IN_CHARGE_OR_DESK, "and p.role <> 'customer'", ONE_MAIL_A_WHILE), 6);

/* $1 the posts. Nobody is told of their own words elsewhere. */
DB_STATEMENT(
	notify_mirrored,
	"with news as (\n"
	"	select p.id, p.topic_id, p.kind, p.author_id, parent.author_id as parent_author_id,\n"
	"		t.author_id as asker_id, t.category_id, t.top_category_id\n"
	"	from posts p join topics t on t.id = p.topic_id and t.visibility = 'visible'\n"
	"	left join posts parent on parent.id = p.parent_id\n"
	"	where p.id = any ($1::bigint[]) and p.visibility = 'visible'\n"
	"), whom as (\n"
	"	select n.id, f.person_id from news n join follows f on f.kind = 'topic' and f.target_id = n.topic_id\n"
	"	where n.kind = 'answer'\n"
	"	union select n.id, n.asker_id from news n where n.kind <> 'question'\n"
	"	union select n.id, n.parent_author_id from news n where n.kind = 'comment'\n"
	"	union select n.id, f.person_id from news n join follows f\n"
	"		on f.kind = 'category' and f.target_id in (n.category_id, n.top_category_id)\n"
	"	where n.kind = 'question'\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, topic_id, post_id, actor_id)\n"
	"	select p.id, n.kind, n.topic_id, nullif(n.id, case when n.kind = 'question' then n.id end), n.author_id\n"
	"	from whom w join news n on n.id = w.id join people p on p.id = w.person_id\n"
	"	where p.state = 'active' and p.id is distinct from n.author_id\n"
	"	order by p.id, n.id limit " RECIPIENTS_MAX "\n"
	"	on conflict do nothing\n"
	"	returning id, person_id\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, notification_id, key)\n"
	"	select p.id, p.email, p.language, 'notification', told.id, 'notification:' || told.id\n"
	"	from told join people p on p.id = told.person_id\n"
	"	where p.wants_mail and p.email_confirmed_at is not null\n"
	"	on conflict (key) do nothing returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + interval '10 minutes' from queued",
	1);

/* $1 articles, $2 their owners. */
DB_STATEMENT(
	notify_article_owners,
	"insert into notifications (person_id, kind, article_id)\n"
	"select p.id, 'article', n.article_id\n"
	"from unnest($1::bigint[], $2::bigint[]) n (article_id, owner_id)\n"
	"join people p on p.id = n.owner_id and p.state = 'active'\n"
	"order by p.id, n.article_id\n"
	"on conflict (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0), coalesce(actor_id, 0),\n"
	"	coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0), coalesce(standing, 0),\n"
	"	coalesce(article_id, 0), coalesce(panel_id, 0))\n"
	"do update set read_at = null, created_at = now()",
	2);

DB_STATEMENT(
	notification_of_person,
	"select n.id, n.kind, coalesce(t.id, n.topic_id), n.post_id, n.case_id, n.created_at, n.read_at is not null, n.expert_id,\n"
	"	coalesce(b.slug, ''), coalesce(case $4 when 'fr' then b.name_fr else b.name_en end, ''),\n"
	"	coalesce(n.standing, 0), coalesce(case $4 when 'fr' then n.rank_fr else n.rank_en end, ''),\n"
	"	case when t.visibility = 'visible' or t.author_id = $1 then t.title else '' end,\n"
	"	n.article_id, coalesce(r.title, ''), coalesce(t.stage, ''), n.panel_id, coalesce(v.title, ''),\n"
	"	" PERSON_AUTHOR_COLUMNS(
		"a") "\n"
		     "from notifications n\n"
		     "left join posts q on q.id = n.post_id\n"
		     "left join topics t on t.id = coalesce(q.topic_id, n.topic_id)\n"
		     "left join badges b on b.id = n.badge_id\n"
		     "left join articles r on r.id = n.article_id\n"
		     "left join panels v on v.id = n.panel_id\n"
		     "left join people a on a.id = n.actor_id\n"
		     "where n.person_id = $1 and ($2::bigint = 0 or n.id < $2::bigint)\n"
		     "order by n.id desc\n"
		     "limit $3::bigint",
	4);

DB_STATEMENT(notification_mark_all,
	     "update notifications set read_at = now()\n"
	     "where person_id = $1 and read_at is null",
	     1);

DB_STATEMENT(
	notification_mark_topic,
	"update notifications set read_at = now()\n"
	"where person_id = $1 and read_at is null and kind not in ('private', 'private_reply')\n"
	"	and (topic_id = $2 or exists (select from posts p where p.id = post_id and p.topic_id = $2))",
	2);

/* What the public page shows says nothing of these. */
DB_STATEMENT(notification_mark_private,
	     "update notifications set read_at = now()\n"
	     "where person_id = $1 and read_at is null and kind in ('private', 'private_reply')\n"
	     "	and topic_id = $2",
	     2);

static const char *const kind_texts[] = {
	[NOTIFY_ANSWER] = "answer",
	[NOTIFY_COMMENT] = "comment",
	[NOTIFY_MENTION] = "mention",
	[NOTIFY_ACCEPTED] = "accepted",
	[NOTIFY_THANKS] = "thanks",
	[NOTIFY_QUESTION] = "question",
	[NOTIFY_STATUS] = "status",
	[NOTIFY_HELD] = "held",
	[NOTIFY_RELEASED] = "released",
	[NOTIFY_CASE] = "case",
	[NOTIFY_COMPLAINT] = "complaint",
	[NOTIFY_BADGE] = "badge",
	[NOTIFY_EXPERT] = "expert",
	[NOTIFY_LEVEL] = "level",
	[NOTIFY_RANK] = "rank",
	[NOTIFY_ARTICLE] = "article",
	[NOTIFY_DESK_WARNING] = "desk_warning",
	[NOTIFY_DESK_LATE] = "desk_late",
	[NOTIFY_DESK_NOTE] = "desk_note",
	[NOTIFY_DESK_HANDED] = "desk_handed",
	[NOTIFY_PANEL] = "panel",
	[NOTIFY_PRIVATE] = "private",
	[NOTIFY_PRIVATE_REPLY] = "private_reply",
	[NOTIFY_PANEL_QUESTIONS] = "panel_questions",
};

/* The schema's check constraint allows no other word. */
static enum notification_kind kind_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(kind_texts); i++)
		if (strcmp(kind_texts[i], text) == 0)
			return (enum notification_kind)i;
	return NOTIFY_STATUS;
}

/* The team speaks as one, and so does the program; who flagged is never named. */
static bool is_from_team(enum notification_kind kind)
{
	return kind == NOTIFY_HELD || kind == NOTIFY_RELEASED || kind == NOTIFY_COMPLAINT ||
	       kind == NOTIFY_PRIVATE;
}

static int64_t named_actor(const struct ctx *ctx, enum notification_kind kind)
{
	return is_from_team(kind) ? 0 : ctx->actor->id;
}

/* What a demo's people do causes no mail; what the program decides by itself does. */
static bool goes_by_mail(const struct ctx *ctx, enum notification_kind kind)
{
	return !ctx->actor->is_automatic || (is_from_team(kind) && ctx->actor->id == 0);
}

#define COMMON_PARAMETERS(ctx, kind, topic_id, post_id) \
	param_text(kind_texts[kind]), param_i64(topic_id), param_id(post_id), \
		param_id(named_actor((ctx), (kind))), param_bool(goes_by_mail((ctx), (kind)))

void notify_person(struct ctx *ctx, int64_t person_id, enum notification_kind kind,
		   int64_t topic_id, int64_t post_id)
{
	db_add(ctx, &notify_one, NULL, COMMON_PARAMETERS(ctx, kind, topic_id, post_id),
	       param_id(person_id));
}

void notify_followers(struct ctx *ctx, enum notification_kind kind, int64_t topic_id,
		      int64_t post_id)
{
	db_add(ctx, &notify_of_topic, NULL, COMMON_PARAMETERS(ctx, kind, topic_id, post_id));
}

void notify_stage(struct ctx *ctx, int64_t topic_id)
{
	db_add(ctx, &notify_of_stage, NULL, COMMON_PARAMETERS(ctx, NOTIFY_STATUS, topic_id, 0));
}

void notify_new_question(struct ctx *ctx, int64_t topic_id)
{
	db_add(ctx, &notify_of_question, NULL,
	       COMMON_PARAMETERS(ctx, NOTIFY_QUESTION, topic_id, 0));
}

void notify_mentioned(struct ctx *ctx, const char *const *handles, size_t count, int64_t topic_id,
		      int64_t post_id)
{
	db_add(ctx, &notify_handles, NULL,
	       COMMON_PARAMETERS(ctx, NOTIFY_MENTION, topic_id, post_id),
	       param_texts(ctx->arena, handles, count));
}

void notify_desk_mentioned(struct ctx *ctx, const char *const *handles, size_t count,
			   int64_t topic_id)
{
	if (count > 0)
		db_add(ctx, &notify_desk_handles, NULL,
		       COMMON_PARAMETERS(ctx, NOTIFY_DESK_NOTE, topic_id, 0),
		       param_texts(ctx->arena, handles, count));
}

void notify_private(struct ctx *ctx, int64_t person_id, int64_t topic_id)
{
	db_add(ctx, &notify_private_one, NULL, COMMON_PARAMETERS(ctx, NOTIFY_PRIVATE, topic_id, 0),
	       param_id(person_id));
}

void notify_private_team(struct ctx *ctx, int64_t in_charge, int64_t topic_id)
{
	db_add(ctx, &notify_private_desk, NULL,
	       COMMON_PARAMETERS(ctx, NOTIFY_PRIVATE_REPLY, topic_id, 0), param_id(in_charge));
}

void notification_add_read_private(struct ctx *ctx, int64_t topic_id)
{
	if (ctx->actor->unread_count > 0)
		db_add(ctx, &notification_mark_private, NULL, param_i64(ctx->actor->id),
		       param_i64(topic_id));
}

void notify_of_mirrored(struct ctx *ctx, const int64_t *post_ids, size_t count)
{
	if (count > 0)
		db_add(ctx, &notify_mirrored, NULL, param_i64s(ctx->arena, post_ids, count));
}

void notify_of_articles(struct ctx *ctx, const int64_t *article_ids, const int64_t *owner_ids,
			size_t count)
{
	if (count > 0)
		db_add(ctx, &notify_article_owners, NULL,
		       param_i64s(ctx->arena, article_ids, count),
		       param_i64s(ctx->arena, owner_ids, count));
}

static void notification_read(struct ctx *ctx, struct rows *rows, struct notification *notification)
{
	notification->id = col_i64(rows);
	notification->kind = kind_from_text(col_text(rows));
	notification->topic_id = col_i64(rows);
	notification->post_id = col_i64(rows);
	notification->case_id = col_i64(rows);
	notification->created_at = col_time(rows);
	notification->is_read = col_bool(rows);
	notification->expert_id = col_i64(rows);
	notification->badge_slug = col_text(rows);
	notification->badge_name = col_text(rows);
	notification->level = col_i64(rows);
	notification->rank_name = col_text(rows);
	notification->topic_title = col_text(rows);
	notification->topic_slug = slug_from(ctx->arena, notification->topic_title);
	notification->article_id = col_i64(rows);
	notification->article_title = col_text(rows);
	notification->stage = idea_stage_from_text(col_text(rows));
	notification->panel_id = col_i64(rows);
	notification->panel_title = col_text(rows);
	author_read(ctx, rows, &notification->actor);
}

enum err notification_list(struct ctx *ctx, int64_t before_id, struct notification_list *out)
{
	struct rows rows;

	TRY(db_query(ctx, &notification_of_person, &rows, param_i64(ctx->actor->id),
		     param_i64(before_id), param_i64(NOTIFICATIONS_SHOWN + 1),
		     param_text(ctx->language)));
	*out = (struct notification_list){ .items = arena_array_of(ctx->arena, (size_t)rows.count,
								   struct notification) };
	out->has_more = rows.count > NOTIFICATIONS_SHOWN;
	while (out->count < NOTIFICATIONS_SHOWN && rows_next(&rows))
		notification_read(ctx, &rows, &out->items[out->count++]);
	if (out->has_more)
		out->next = out->items[out->count - 1].id;
	return OK;
}

enum err notification_read_all(struct ctx *ctx)
{
	return db_query(ctx, &notification_mark_all, NULL, param_i64(ctx->actor->id));
}

enum err notification_read_topic(struct ctx *ctx, int64_t topic_id)
{
	if (ctx->actor->unread_count == 0)
		return OK;
	return db_query(ctx, &notification_mark_topic, NULL, param_i64(ctx->actor->id),
			param_i64(topic_id));
}
