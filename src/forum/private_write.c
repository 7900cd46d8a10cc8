/*
 * Writing in private exchanges: beginning, going on, taking over, closing; and deleting what
 * was said when its time is over.
 */
#include "forum/private.h"

#include "base/clock.h"
#include "forum/actor.h"
#include "forum/desk.h"
#include "forum/field.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/post_columns.h"
#include "forum/private_parts.h"
#include "forum/site_setting.h"
#include "forum/throttle.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/* No row: there is an open one. */
DB_STATEMENT(
	private_begin,
	"insert into private_exchanges (topic_id, person_id, in_charge, started_by, started_at, said_at,\n"
	"	team_read_at) values ($1, $2, $3, $3, $4, $4, $4)\n"
	"on conflict (topic_id, person_id) where state = 'open' do nothing returning id",
	4);

DB_STATEMENT(
	private_say,
	"insert into private_messages (exchange_id, author_id, is_from_team, body_md, body_html, created_at)\n"
	"values ($1, $2, $3::boolean, $4, $5, $6) returning id",
	6);

DB_STATEMENT(private_lock,
	     "select " PRIVATE_COLUMNS "\n" PRIVATE_JOINS "where e.id = $1 for update of e", 1);

/* Whoever of the team is the first to answer for nobody has it in charge. No row: another
 * one is open, so this one stays closed. */
DB_STATEMENT(
	private_go_on,
	"update private_exchanges e set state = 'open', closed_at = null, closed_by = null, closing_reason = '',\n"
	"	said_at = $2, waits_for = case when $3::boolean then 'person' else 'team' end,\n"
	"	team_read_at = case when $3::boolean then $2 else e.team_read_at end,\n"
	"	person_read_at = case when $3::boolean then e.person_read_at else $2 end,\n"
	"	in_charge = case when $3::boolean and $5::boolean then $4::bigint else e.in_charge end\n"
	"where e.id = $1 and (e.state = 'open' or not exists (select from private_exchanges o\n"
	"	where o.topic_id = e.topic_id and o.person_id = e.person_id and o.state = 'open'))\n"
	"returning e.id",
	5);

DB_STATEMENT(private_set_charge, "update private_exchanges set in_charge = $2 where id = $1", 2);

DB_STATEMENT(
	private_end,
	"update private_exchanges set state = 'closed', closed_at = $2, closed_by = $3, closing_reason = $4,\n"
	"	summary_post_id = coalesce($5::bigint, summary_post_id)\n"
	"where id = $1 and state = 'open'",
	5);

DB_STATEMENT(
	private_empty,
	"with due as (\n"
	"	select e.id from private_exchanges e where e.state = 'closed' and e.emptied_at is null\n"
	"		and e.closed_at < $1::timestamptz - make_interval(days => $2::integer)\n"
	"	order by e.closed_at limit 1000 for update\n"
	"), gone as (\n"
	"	delete from private_messages m using due where m.exchange_id = due.id\n"
	")\n"
	"update private_exchanges e set emptied_at = $1, closing_reason = ''\n"
	"from due where e.id = due.id",
	2);

/* ---------------------------------------------------------------------------------------- */

struct message {
	const char *body_md;
	struct html_fragment body;
	struct attachment_uploads files;
	struct rows gap, day;
};

/* "@name" tells nobody and leads nowhere: who is meant would learn that there is something. */
static enum err prepare(struct ctx *ctx, const char *field, const char *typed,
			struct message *message)
{
	struct markdown_options options = { .are_links_followed = false };

	*message = (struct message){ .body_md = "" };
	TRY(field_text(ctx, field, typed, 1, PRIVATE_BODY_MAX_BYTES, &message->body_md));
	return markdown_render(ctx, field, message->body_md, &options, &message->body);
}

/* The first round trip of a message; what is locked is queued before. */
static enum err claim(struct ctx *ctx, struct message *message, const char *form_key,
		      const char **earlier)
{
	throttle_add_post(ctx, &message->gap, &message->day);
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier)
		return OK;
	TRY(throttle_check(ctx, &message->gap));
	return throttle_check(ctx, &message->day);
}

/* With files it costs a round trip more: they need the message's number. */
static enum err add_message(struct ctx *ctx, int64_t id, bool is_from_team,
			    const struct message *message)
{
	struct rows rows;

	db_add(ctx, &private_say, message->files.count > 0 ? &rows : NULL, param_i64(id),
	       param_id(ctx->actor->id), param_bool(is_from_team), param_text(message->body_md),
	       param_text(message->body.html), param_time(ctx->now));
	if (message->files.count == 0)
		return OK;
	TRY(db_run(ctx));
	if (!rows_next(&rows))
		return fail(ctx, ERR_INTERNAL, NULL, NULL);
	return attachment_add(ctx, 0, col_i64(&rows), &message->files, NULL);
}

static const char *path_of(struct ctx *ctx, int64_t id)
{
	return arena_printf(ctx->arena, "/private/%lld", (long long)id);
}

static enum err finish(struct ctx *ctx, int64_t id, const char *form_key)
{
	once_result(ctx, form_key, path_of(ctx, id));
	return db_commit(ctx);
}

static int64_t id_of_path(const char *path)
{
	return strtoll(path + strlen("/private/"), NULL, 10);
}

/* Beginning -------------------------------------------------------------------------------- */

static enum err check_topic(struct ctx *ctx, const struct topic *topic)
{
	struct subject subject = topic_subject(ctx, topic);
	struct desk_question question;

	if (!topic->author.id)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("Whoever asked has no account here: nobody could read it."));
	TRY(policy_require(ctx, MAY_START_PRIVATE, &subject));
	return desk_lock(ctx, topic->id, &question);
}

static enum err begin(struct ctx *ctx, const struct topic *topic, int64_t *id)
{
	struct rows rows;

	TRY(db_query(ctx, &private_begin, &rows, param_i64(topic->id), param_id(topic->author.id),
		     param_id(ctx->actor->id), param_time(ctx->now)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("There is a private exchange about this question already."));
	*id = col_i64(&rows);
	return OK;
}

static enum err start(struct ctx *ctx, int64_t topic_id, struct message *message,
		      const char *form_key, int64_t *id)
{
	struct private_exchange started = { .topic_id = topic_id };
	const char *earlier;
	struct topic topic;
	struct rows rows;

	db_begin(ctx);
	topic_add_lock(ctx, topic_id, &rows);
	TRY(claim(ctx, message, form_key, &earlier));
	if (earlier) {
		*id = id_of_path(earlier);
		return OK;
	}
	TRY(topic_take(ctx, &rows, &topic));
	TRY(check_topic(ctx, &topic));
	TRY(begin(ctx, &topic, id));
	started.id = *id;
	started.person_id = topic.author.id;
	TRY(add_message(ctx, *id, true, message));
	notify_private(ctx, topic.author.id, topic_id);
	private_audit(ctx, "private_started", &started, NULL);
	desk_changed(ctx, topic_id, DESK_EVENT_CHANGED);
	return finish(ctx, *id, form_key);
}

enum err private_start(struct ctx *ctx, int64_t topic_id, const char *body_md, const char *form_key,
		       int64_t *id)
{
	struct message message;

	*id = 0;
	TRY(prepare(ctx, "private", body_md, &message));
	return writing_end(ctx, start(ctx, topic_id, &message, form_key, id));
}

/* Going on --------------------------------------------------------------------------------- */

/* The exchange as it was locked, if the actor may see it at all. */
static enum err taken(struct ctx *ctx, struct rows *rows, struct private_exchange *out)
{
	struct subject subject;

	if (!rows_next(rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	private_exchange_read(ctx, rows, out);
	subject = private_subject(ctx, out);
	if (!policy_can(ctx->actor, MAY_READ_PRIVATE, &subject))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err check_write(struct ctx *ctx, const struct private_exchange *exchange)
{
	struct subject subject = private_subject(ctx, exchange);

	TRY(policy_require(ctx, MAY_WRITE_PRIVATE, &subject));
	if (exchange->can.write)
		return OK;
	return fail(ctx, ERR_CONFLICT, NULL, "%s",
		    _("This exchange was closed too long ago to go on."));
}

static enum err go_on(struct ctx *ctx, const struct private_exchange *exchange)
{
	bool is_from_team = !exchange->is_asker;
	struct rows rows;

	TRY(db_query(ctx, &private_go_on, &rows, param_i64(exchange->id), param_time(ctx->now),
		     param_bool(is_from_team), param_id(ctx->actor->id),
		     param_bool(!exchange->in_charge)));
	if (rows.count == 0)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("There is a private exchange about this question already."));
	if (!exchange->is_open)
		private_audit(ctx, "private_reopened", exchange, NULL);
	return OK;
}

/*
 * What the team waited for may have come this way. Queued before the exchange is opened
 * again, for private_start takes the question first.
 */
static void add_information_came(struct ctx *ctx, const struct private_exchange *exchange)
{
	if (exchange->is_asker)
		topic_add_information_came(ctx, &(struct topic){
							.id = exchange->topic_id,
							.status = STATUS_NEEDS_INFORMATION,
							.author = { .id = exchange->person_id },
						});
}

static void tell(struct ctx *ctx, const struct private_exchange *exchange)
{
	if (exchange->is_asker)
		notify_private_team(ctx, exchange->in_charge, exchange->topic_id);
	else
		notify_private(ctx, exchange->person_id, exchange->topic_id);
}

static enum err write_one(struct ctx *ctx, int64_t id, struct message *message,
			  const char *form_key)
{
	struct private_exchange exchange = { .id = id };
	const char *earlier;
	struct rows rows;

	db_begin(ctx);
	db_add(ctx, &private_lock, &rows, param_i64(id));
	TRY(claim(ctx, message, form_key, &earlier));
	if (earlier)
		return OK;
	TRY(taken(ctx, &rows, &exchange));
	TRY(check_write(ctx, &exchange));
	add_information_came(ctx, &exchange);
	TRY(go_on(ctx, &exchange));
	TRY(add_message(ctx, id, !exchange.is_asker, message));
	tell(ctx, &exchange);
	return finish(ctx, id, form_key);
}

enum err private_write_with(struct ctx *ctx, int64_t id, const char *body_md,
			    const struct attachment_uploads *files, const char *form_key)
{
	struct message message;

	TRY(prepare(ctx, "body", body_md, &message));
	TRY(attachment_check(ctx, files, ATTACHMENTS_OF_MESSAGE));
	message.files = *files;
	return writing_end(ctx, write_one(ctx, id, &message, form_key));
}

enum err private_write(struct ctx *ctx, int64_t id, const char *body_md, const char *form_key)
{
	return private_write_with(ctx, id, body_md, &(struct attachment_uploads){ .count = 0 },
				  form_key);
}

/* Taking over and closing ------------------------------------------------------------------- */

static enum err lock(struct ctx *ctx, int64_t id, const char *form_key, const char **earlier,
		     struct private_exchange *exchange)
{
	struct subject subject;
	struct rows rows;

	db_begin(ctx);
	db_add(ctx, &private_lock, &rows, param_i64(id));
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier)
		return OK;
	TRY(taken(ctx, &rows, exchange));
	subject = private_subject(ctx, exchange);
	TRY(policy_require(ctx, MAY_RUN_PRIVATE, &subject));
	/* Nobody is both sides. */
	return exchange->is_asker ? fail(ctx, ERR_FORBIDDEN, NULL, NULL) : OK;
}

static enum err take(struct ctx *ctx, int64_t id, const char *form_key)
{
	struct private_exchange exchange = { .id = id };
	const char *earlier;

	TRY(lock(ctx, id, form_key, &earlier, &exchange));
	if (earlier)
		return OK;
	if (exchange.is_open && exchange.in_charge != ctx->actor->id) {
		db_add(ctx, &private_set_charge, NULL, param_i64(id), param_id(ctx->actor->id));
		private_audit(ctx, "private_taken", &exchange, NULL);
	}
	return finish(ctx, id, form_key);
}

enum err private_take(struct ctx *ctx, int64_t id, const char *form_key)
{
	return writing_end(ctx, take(ctx, id, form_key));
}

static enum err end(struct ctx *ctx, int64_t id, int64_t post_id, const char *reason,
		    const char *form_key)
{
	struct private_exchange exchange = { .id = id };
	const char *earlier;

	TRY(lock(ctx, id, form_key, &earlier, &exchange));
	if (earlier)
		return OK;
	db_add(ctx, &private_end, NULL, param_i64(id), param_time(ctx->now),
	       param_id(ctx->actor->id), param_text(reason), param_id(post_id));
	private_audit(ctx, "private_closed", &exchange, reason);
	notify_private(ctx, exchange.person_id, exchange.topic_id);
	return finish(ctx, id, form_key);
}

/* What the answer's own form calls "body" is the summary here. */
static enum err publish(struct ctx *ctx, const struct private_exchange *exchange,
			const struct private_closing *form, int64_t *post_id)
{
	struct answer_new answer = {
		.topic_id = exchange->topic_id,
		.body_md = form->summary_md,
		.form_key = form->form_key,
	};
	const char *path;
	enum err result = answer_create(ctx, &answer, post_id, &path);

	if (result == ERR_INVALID)
		ctx->error.field = "summary";
	return result;
}

/*
 * The summary is an answer like any other, in a transaction of its own with the form's key:
 * the same form again finds it, and goes on from there.
 */
static enum err close_with_summary(struct ctx *ctx, const struct private_exchange *exchange,
				   const struct private_closing *form)
{
	int64_t post_id = 0;

	TRY(publish(ctx, exchange, form, &post_id));
	return writing_end(ctx, end(ctx, exchange->id, post_id, "", NULL));
}

static enum err load_to_close(struct ctx *ctx, int64_t id, struct private_exchange *out)
{
	struct private_view view;
	struct subject subject;

	TRY(private_load(ctx, id, 0, &view));
	*out = view.exchange;
	subject = private_subject(ctx, out);
	return out->is_asker ? fail(ctx, ERR_FORBIDDEN, NULL, NULL)
			     : policy_require(ctx, MAY_RUN_PRIVATE, &subject);
}

enum err private_close(struct ctx *ctx, const struct private_closing *form)
{
	struct private_exchange exchange;
	const char *reason;

	TRY(load_to_close(ctx, form->id, &exchange));
	/* A second press on the same button finds it done. */
	if (!exchange.is_open)
		return exchange.is_closed_by_actor
			       ? OK
			       : fail(ctx, ERR_CONFLICT, NULL, "%s",
				      _("A colleague closed this exchange in the meantime."));
	if (!form->is_silent)
		return close_with_summary(ctx, &exchange, form);
	TRY(field_line(ctx, "reason", form->reason ? form->reason : "", 1, PRIVATE_REASON_MAX,
		       &reason));
	return writing_end(ctx, end(ctx, form->id, 0, reason, form->form_key));
}

enum err private_purge(struct ctx *ctx)
{
	return db_query(ctx, &private_empty, NULL, param_time(ctx->now),
			param_i64(site_number(SITE_DESK_PRIVATE_DAYS)));
}
