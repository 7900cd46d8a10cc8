/*
 * The outbox. What a token mail says is kept as JSON with its row until it was
 * sent; what a notification says is read when it is sent, so that it is true then.
 */
#include "forum/mail.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "db/db.h"
#include "forum/actor.h"
#include "text/markdown.h"
#include "text/slug.h"

#define PARAMETERS_MAX_BYTES 16384
#define EXCERPT_MAX_POINTS   400

/* The job's key is the mail's: it cannot be queued twice. */
DB_STATEMENT(
	mail_insert,
	"with queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, notification_id, key)\n"
	"	values ($1, $2, $3, $4, $5::jsonb, $6, $7)\n"
	"	on conflict (key) do nothing\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + make_interval(secs => $8::integer)\n"
	"from queued",
	8);

DB_STATEMENT(
	mail_insert_to_person,
	"with queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, p.language, $2,\n"
	"		jsonb_build_object('name', p.name, 'notification', $3::text, 'link', $4::text), $5\n"
	"	from people p\n"
	"	where p.id = $1 and p.email <> ''\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id\n"
	"from queued",
	5);

DB_STATEMENT(
	mail_insert_test,
	"with queued as (\n"
	"	insert into mails (person_id, address, language, kind, parameters, key)\n"
	"	select p.id, p.email, $2, 'test', jsonb_build_object('name', p.name, 'notification', $3::text,\n"
	"		'title', $4::text, 'excerpt', $5::text), $6\n"
	"	from people p\n"
	"	where p.id = $1 and p.email <> ''\n"
	"	returning id\n"
	")\n"
	"insert into jobs (kind, payload, key)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id\n"
	"from queued",
	6);

/*
 * A notification goes to the address of today. It is cancelled if it was read, or
 * what it tells of was withdrawn, or the person wants no more mail. Words that
 * administrators wrote in place of the default ones come with it.
 */
DB_STATEMENT(
	mail_by_id,
	"select m.id, m.person_id, m.kind, m.language, m.key, m.state,\n"
	"	case when m.kind = 'notification' then p.email else m.address end,\n"
	"	coalesce(m.parameters ->> 'link', ''), coalesce(m.parameters ->> 'name', p.name, ''),\n"
	"	m.kind = 'notification' and (n.read_at is not null or not p.wants_mail or p.state <> 'active'\n"
	"		or (n.kind <> 'held' and (t.visibility <> 'visible'\n"
	"			or coalesce(o.visibility, 'visible') <> 'visible'))\n"
	"		or (v.id is not null and (not v.is_open or not exists (select from panel_members m\n"
	"			where m.panel_id = v.id and m.person_id = n.person_id\n"
	"			and m.state = case n.kind when 'panel' then 'invited' else 'joined' end)))),\n"
	"	w.subject, w.body,\n"
	"	n.kind, coalesce(t.id, v.id), coalesce(t.title, v.title), n.post_id, a.name, coalesce(o.body_md, q.body_md),\n"
	"	coalesce(m.parameters ->> 'notification', ''), coalesce(m.parameters ->> 'title', ''),\n"
	"	coalesce(m.parameters ->> 'excerpt', '')\n"
	"from mails m\n"
	"left join people p on p.id = m.person_id\n"
	"left join notifications n on n.id = m.notification_id\n"
	"left join topics t on t.id = n.topic_id\n"
	"left join panels v on v.id = n.panel_id\n"
	"left join posts o on o.id = n.post_id\n"
	"left join posts q on q.topic_id = n.topic_id and q.kind = 'question' and n.post_id is null\n"
	"left join people a on a.id = n.actor_id\n"
	"left join lateral (\n"
	"	select c.subject, c.body from mail_text_changes c\n"
	"	where c.language = m.language and c.name = m.kind\n"
	"		|| coalesce('-' || nullif(coalesce(n.kind, m.parameters ->> 'notification'), ''), '')\n"
	"	order by c.id desc limit 1) w on true\n"
	"where m.id = $1",
	1);

/* A link that was mailed opens an account: it is not kept a moment longer. */
DB_STATEMENT(mail_end,
	     "update mails set state = $2, parameters = parameters - 'link',\n"
	     "	sent_at = case when $2 = 'sent' then now() end, error = left($3, 1000)\n"
	     "where id = $1 and state = 'queued'",
	     3);

static const char *const kind_texts[] = {
	[MAIL_CONFIRM] = "confirm",
	[MAIL_RESET] = "reset",
	[MAIL_EXISTS] = "exists",
	[MAIL_CHANGE_EMAIL] = "change_email",
	[MAIL_EMAIL_CHANGED] = "email_changed",
	[MAIL_PASSWORD_CHANGED] = "password_changed",
	[MAIL_NOTIFICATION] = "notification",
	[MAIL_MODERATION] = "moderation",
	[MAIL_PRIVACY] = "privacy",
	[MAIL_SECOND_FACTOR] = "second_factor",
	[MAIL_NOTICE] = "notice",
	[MAIL_MIRROR] = "mirror",
	[MAIL_CRISIS] = "crisis",
	[MAIL_TEST] = "test",
};

/* The schema's check constraint allows no other word. */
static enum mail_kind kind_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(kind_texts); i++)
		if (strcmp(kind_texts[i], text) == 0)
			return (enum mail_kind)i;
	return MAIL_NOTIFICATION;
}

static const char *parameters_json(struct ctx *ctx, const struct mail_parameters *parameters)
{
	struct buf json;

	buf_init(&json, ctx->arena, PARAMETERS_MAX_BYTES);
	buf_text(&json, "{\"link\": ");
	buf_json(&json, parameters->link ? parameters->link : "");
	buf_text(&json, ", \"name\": ");
	buf_json(&json, parameters->name ? parameters->name : "");
	buf_text(&json, ", \"notification\": ");
	buf_json(&json, parameters->notification ? parameters->notification : "");
	buf_text(&json, ", \"title\": ");
	buf_json(&json, parameters->title ? parameters->title : "");
	buf_char(&json, '}');
	return json.data;
}

void mail_queue(struct ctx *ctx, const struct mail_new *mail)
{
	db_add(ctx, &mail_insert, NULL, param_id(mail->person_id), param_text(mail->address),
	       param_text(mail->language), param_text(kind_texts[mail->kind]),
	       param_text(parameters_json(ctx, &mail->parameters)), param_id(mail->notification_id),
	       param_text(mail->key), param_i64(mail->delay_seconds));
}

void mail_tell(struct ctx *ctx, int64_t person_id, enum mail_kind kind, const char *what,
	       const char *path)
{
	db_add(ctx, &mail_insert_to_person, NULL, param_i64(person_id),
	       param_text(kind_texts[kind]), param_text(what),
	       param_text(arena_printf(ctx->arena, "%s%s", ctx->config->site.base_url, path)),
	       param_text(arena_printf(ctx->arena, "tell:%s", crypto_token(ctx->arena))));
}

void mail_queue_test(struct ctx *ctx, const char *name, const char *language,
		     const struct mail_words *words)
{
	db_add(ctx, &mail_insert_test, NULL, param_i64(ctx->actor->id), param_text(language),
	       param_text(name), param_text(words->subject), param_text(words->body),
	       param_text(arena_printf(ctx->arena, "test:%s", crypto_token(ctx->arena))));
}

static enum err end(struct ctx *ctx, int64_t id, const char *state, const char *why)
{
	return db_query(ctx, &mail_end, NULL, param_i64(id), param_text(state), param_text(why));
}

/* Where a notification leads: permalinks find the page a post is on today. */
static void read_notification(struct ctx *ctx, struct rows *rows,
			      struct mail_parameters *parameters)
{
	const char *base = ctx->config->site.base_url;
	int64_t topic_id, post_id;

	parameters->notification = col_text(rows);
	topic_id = col_i64(rows);
	parameters->title = col_text(rows);
	post_id = col_i64(rows);
	parameters->actor = col_text(rows);
	parameters->excerpt = markdown_excerpt(ctx->arena, col_text(rows), EXCERPT_MAX_POINTS);
	if (strncmp(parameters->notification, "desk_", strlen("desk_")) == 0 ||
	    strcmp(parameters->notification, "private_reply") == 0)
		parameters->link = arena_printf(ctx->arena, "%s/desk/%lld", base,
						(long long)topic_id);
	else if (strncmp(parameters->notification, "panel", strlen("panel")) == 0)
		parameters->link = arena_printf(ctx->arena, "%s/panels/%lld", base,
						(long long)topic_id);
	else if (strcmp(parameters->notification, "private") == 0)
		parameters->link = arena_printf(ctx->arena, "%s/private?topic=%lld", base,
						(long long)topic_id);
	else if (post_id)
		parameters->link = arena_printf(ctx->arena, "%s/p/%lld", base, (long long)post_id);
	else
		parameters->link = arena_printf(ctx->arena, "%s/t/%lld-%s", base,
						(long long)topic_id,
						slug_from(ctx->arena, parameters->title));
}

/* What an alert is about stands in the row itself, behind a notification's columns. */
static void read_alert(struct rows *rows, struct mail_parameters *parameters)
{
	for (int i = 0; i < 6; i++)
		col_skip(rows);
	parameters->notification = col_text(rows);
	parameters->title = col_text(rows);
	parameters->excerpt = col_text(rows);
}

/* Both are null, or none is. */
static void read_words(struct rows *rows, struct mail_words *words)
{
	bool is_default = col_is_null(rows);
	const char *subject = col_text(rows), *body = col_text(rows);

	if (!is_default)
		*words = (struct mail_words){ subject, body };
}

/* A test brings its words along; without any it is about the default. */
static void take_words(struct outgoing_mail *out)
{
	const struct mail_parameters *parameters = &out->parameters;

	if (parameters->title[0])
		out->words = (struct mail_words){ parameters->title, parameters->excerpt };
}

enum err mail_load(struct ctx *ctx, int64_t id, struct outgoing_mail *out)
{
	struct rows rows;
	const char *state;

	TRY(db_query(ctx, &mail_by_id, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_GONE, NULL, NULL);
	*out = (struct outgoing_mail){
		.parameters = { .actor = "", .title = "", .excerpt = "", .notification = "" },
	};
	out->id = col_i64(&rows);
	out->person_id = col_i64(&rows);
	out->kind = kind_from_text(col_text(&rows));
	out->language = col_text(&rows);
	out->key = col_text(&rows);
	state = col_text(&rows);
	out->address = col_text(&rows);
	out->parameters.link = col_text(&rows);
	out->parameters.name = col_text(&rows);
	if (strcmp(state, "queued") != 0)
		return fail(ctx, ERR_GONE, NULL, NULL);
	if (col_bool(&rows)) {
		TRY(end(ctx, id, "cancelled", ""));
		return fail(ctx, ERR_GONE, NULL, NULL);
	}
	read_words(&rows, &out->words);
	if (out->kind == MAIL_NOTIFICATION)
		read_notification(ctx, &rows, &out->parameters);
	if (out->kind == MAIL_MIRROR || out->kind == MAIL_MODERATION ||
	    out->kind == MAIL_SECOND_FACTOR || out->kind == MAIL_PRIVACY ||
	    out->kind == MAIL_NOTICE || out->kind == MAIL_CRISIS || out->kind == MAIL_TEST)
		read_alert(&rows, &out->parameters);
	if (out->kind == MAIL_TEST)
		take_words(out);
	return OK;
}

enum err mail_sent(struct ctx *ctx, int64_t id)
{
	return end(ctx, id, "sent", "");
}

enum err mail_refused(struct ctx *ctx, int64_t id, const char *why)
{
	return end(ctx, id, "refused", why);
}
