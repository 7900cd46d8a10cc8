/*
 * Reading private exchanges.
 */
#include "forum/private.h"

#include "base/clock.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/notification.h"
#include "forum/private_parts.h"
#include "forum/site_setting.h"

DB_STATEMENT(private_one, "select " PRIVATE_COLUMNS "\n" PRIVATE_JOINS "where e.id = $1", 1);

#define MESSAGE_COLUMNS \
	"m.id, m.created_at, m.is_from_team, m.body_html, " PERSON_AUTHOR_COLUMNS("a")

DB_STATEMENT(private_messages_of,
	     "select " MESSAGE_COLUMNS "\n"
	     "from private_messages m left join people a on a.id = m.author_id\n"
	     "where m.exchange_id = $1 and ($2::bigint = 0 or m.id < $2::bigint)\n"
	     "order by m.id desc limit $3::bigint",
	     3);

DB_STATEMENT(private_newest,
	     "select " PRIVATE_COLUMNS "\n" PRIVATE_JOINS
	     "where e.topic_id = $1 order by e.id desc limit 1",
	     1);

/* For who is in charge: a colleague opens it, which is noted down. */
DB_STATEMENT(
	private_newest_messages,
	"select " MESSAGE_COLUMNS "\n"
	"from private_messages m left join people a on a.id = m.author_id\n"
	"where m.exchange_id = (select e.id from private_exchanges e where e.topic_id = $1\n"
	"	and e.in_charge = $2 and not exists (select from private_exchanges l\n"
	"		where l.topic_id = e.topic_id and l.id > e.id) order by e.id desc limit 1)\n"
	"order by m.id desc limit $3::bigint",
	3);

DB_STATEMENT(private_own,
	     "select " PRIVATE_COLUMNS "\n" PRIVATE_JOINS
	     "where e.person_id = $1 and ($2::bigint = 0 or e.id < $2::bigint)\n"
	     "order by e.id desc limit $3::bigint",
	     3);

DB_STATEMENT(private_open,
	     "select " PRIVATE_COLUMNS "\n" PRIVATE_JOINS
	     "where e.state = 'open' order by e.waits_for desc, e.said_at, e.id limit $1::bigint",
	     1);

DB_STATEMENT(private_topic_own,
	     "select e.id from private_exchanges e where e.topic_id = $1 and e.person_id = $2\n"
	     "order by e.id desc limit 1",
	     2);

DB_STATEMENT(private_read_by_person,
	     "update private_exchanges set person_read_at = $2 where id = $1", 2);
DB_STATEMENT(private_read_by_team, "update private_exchanges set team_read_at = $2 where id = $1",
	     2);

DB_STATEMENT(
	private_was_noted,
	"select exists (select from audit_log l where l.subject = 'topic' and l.subject_id = $1\n"
	"	and l.action = 'private_read' and l.actor_id = $2 and l.at > $3)",
	3);

/* Rows ------------------------------------------------------------------------------------ */

struct subject private_subject(const struct ctx *ctx, const struct private_exchange *exchange)
{
	return (struct subject){ .topic_author_id = exchange->person_id, .now = ctx->now };
}

static bool can_go_on(const struct ctx *ctx, const struct private_exchange *exchange)
{
	int64_t days = site_number(SITE_DESK_PRIVATE_REOPEN_DAYS);

	return !exchange->emptied_at && exchange->person_id &&
	       (exchange->is_open || ctx->now - exchange->closed_at <= days * CLOCK_DAY);
}

static void decide(struct ctx *ctx, struct private_exchange *exchange)
{
	struct subject subject = private_subject(ctx, exchange);
	const struct actor *actor = ctx->actor;
	int64_t read_at;

	exchange->is_asker = actor->id && actor->id == exchange->person_id;
	read_at = exchange->is_asker ? exchange->person_read_at : exchange->team_read_at;
	exchange->is_unread = exchange->waits_for_team != exchange->is_asker &&
			      exchange->said_at > read_at;
	exchange->can.write = policy_can(actor, MAY_WRITE_PRIVATE, &subject) &&
			      can_go_on(ctx, exchange);
	exchange->can.close = exchange->is_open && !exchange->is_asker &&
			      policy_can(actor, MAY_RUN_PRIVATE, &subject);
	exchange->can.take = exchange->can.close && exchange->in_charge != actor->id;
}

void private_exchange_read(struct ctx *ctx, struct rows *rows, struct private_exchange *out)
{
	*out = (struct private_exchange){ .id = col_i64(rows) };
	out->topic_id = col_i64(rows);
	out->topic_title = col_text(rows);
	out->person_id = col_i64(rows);
	out->person_name = col_text(rows);
	out->is_open = col_bool(rows);
	out->waits_for_team = col_bool(rows);
	out->in_charge = col_i64(rows);
	out->in_charge_name = col_text(rows);
	out->started_at = col_time(rows);
	out->said_at = col_time(rows);
	out->closed_at = col_time(rows);
	out->person_read_at = col_time(rows);
	out->team_read_at = col_time(rows);
	out->summary_post_id = col_i64(rows);
	out->closing_reason = col_text(rows);
	out->emptied_at = col_time(rows);
	out->is_closed_by_actor = col_i64(rows) == ctx->actor->id;
	decide(ctx, out);
}

static void message_read(struct ctx *ctx, struct rows *rows, const struct private_exchange *of,
			 struct private_message *message)
{
	int64_t read_at;

	*message = (struct private_message){ .id = col_i64(rows) };
	message->created_at = col_time(rows);
	message->is_from_team = col_bool(rows);
	message->body = html_fragment_from_stored_sanitised(col_text(rows));
	author_read(ctx, rows, &message->author);
	read_at = message->is_from_team ? of->person_read_at : of->team_read_at;
	message->is_read = read_at >= message->created_at;
}

/* Both come in the order of their numbers, messages and files. */
static void files_read(struct ctx *ctx, struct rows *rows, struct private_view *view)
{
	struct attachment_list all;
	size_t at = 0;

	attachments_read(ctx, rows, &all);
	for (size_t i = 0; i < view->count; i++) {
		struct attachment_list *files = &view->messages[i].files;

		while (at < all.count && all.items[at].message_id < view->messages[i].id)
			at++;
		files->items = &all.items[at];
		for (; at < all.count && all.items[at].message_id == view->messages[i].id; at++)
			files->count++;
	}
}

/* They come newest first, one more than is shown. */
static void messages_read(struct ctx *ctx, struct rows *rows, struct private_view *view)
{
	size_t place;

	view->has_earlier = rows->count > PRIVATE_SHOWN;
	view->count = view->has_earlier ? PRIVATE_SHOWN : (size_t)rows->count;
	view->messages = arena_array_of(ctx->arena, view->count + 1, struct private_message);
	for (place = view->count; place > 0 && rows_next(rows); place--)
		message_read(ctx, rows, &view->exchange, &view->messages[place - 1]);
}

void private_audit(struct ctx *ctx, const char *action, const struct private_exchange *exchange,
		   const char *reason)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "topic",
				 .subject_id = exchange->topic_id,
				 .person_id = exchange->person_id,
				 .reason = reason,
				 .details = arena_printf(ctx->arena, "{\"private\":%lld}",
							 (long long)exchange->id),
			 });
}

/* One --------------------------------------------------------------------------------------- */

/* Advisors read each other's exchanges for a reason: that they did can be looked up. */
static enum err note_reader(struct ctx *ctx, const struct private_exchange *exchange)
{
	struct rows rows;

	if (exchange->is_asker || exchange->in_charge == ctx->actor->id || exchange->emptied_at)
		return OK;
	TRY(db_query(ctx, &private_was_noted, &rows, param_i64(exchange->topic_id),
		     param_id(ctx->actor->id), param_time(ctx->now - CLOCK_HOUR)));
	if (rows_next(&rows) && !col_bool(&rows))
		private_audit(ctx, "private_read", exchange, NULL);
	return OK;
}

static enum err mark_read(struct ctx *ctx, const struct private_exchange *exchange)
{
	TRY(note_reader(ctx, exchange));
	if (exchange->is_unread)
		db_add(ctx, exchange->is_asker ? &private_read_by_person : &private_read_by_team,
		       NULL, param_i64(exchange->id), param_time(ctx->now));
	notification_add_read_private(ctx, exchange->topic_id);
	return db_run(ctx);
}

enum err private_load(struct ctx *ctx, int64_t id, int64_t before_id, struct private_view *out)
{
	struct rows exchange, messages, files;
	struct subject subject;

	*out = (struct private_view){ .count = 0 };
	db_add(ctx, &private_one, &exchange, param_i64(id));
	db_add(ctx, &private_messages_of, &messages, param_i64(id), param_i64(before_id),
	       param_i64(PRIVATE_SHOWN + 1));
	attachments_of_messages_add(ctx, id, before_id, PRIVATE_SHOWN, &files);
	TRY(db_run(ctx));
	if (!rows_next(&exchange))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	private_exchange_read(ctx, &exchange, &out->exchange);
	subject = private_subject(ctx, &out->exchange);
	/* That there is one is not for others to know either. */
	if (!policy_can(ctx->actor, MAY_READ_PRIVATE, &subject))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	messages_read(ctx, &messages, out);
	files_read(ctx, &files, out);
	return mark_read(ctx, &out->exchange);
}

enum err private_check_reader(struct ctx *ctx, int64_t id)
{
	struct private_exchange exchange;
	struct subject subject;
	struct rows rows;

	TRY(db_query(ctx, &private_one, &rows, param_i64(id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	private_exchange_read(ctx, &rows, &exchange);
	subject = private_subject(ctx, &exchange);
	if (!policy_can(ctx->actor, MAY_READ_PRIVATE, &subject))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(note_reader(ctx, &exchange));
	return db_run(ctx);
}

void private_at_desk_add(struct ctx *ctx, int64_t topic_id, struct private_rows *out)
{
	db_add(ctx, &private_newest, &out->exchange, param_i64(topic_id));
	db_add(ctx, &private_newest_messages, &out->messages, param_i64(topic_id),
	       param_id(ctx->actor->id), param_i64(PRIVATE_SHOWN + 1));
	attachments_at_desk_add(ctx, topic_id, PRIVATE_SHOWN, &out->files);
}

void private_at_desk_read(struct ctx *ctx, struct private_rows *rows, struct private_view *out)
{
	struct subject subject;

	*out = (struct private_view){ .count = 0 };
	if (!rows_next(&rows->exchange))
		return;
	private_exchange_read(ctx, &rows->exchange, &out->exchange);
	subject = private_subject(ctx, &out->exchange);
	if (!policy_can(ctx->actor, MAY_RUN_PRIVATE, &subject))
		*out = (struct private_view){ .count = 0 };
	else {
		messages_read(ctx, &rows->messages, out);
		files_read(ctx, &rows->files, out);
	}
}

/* Lists --------------------------------------------------------------------------------------- */

static void list_read(struct ctx *ctx, struct rows *rows, struct private_list *out)
{
	*out = (struct private_list){ .has_more = rows->count > PRIVATE_SHOWN };
	out->items = arena_array_of(ctx->arena, (size_t)rows->count + 1, struct private_exchange);
	while (out->count < PRIVATE_SHOWN && rows_next(rows))
		private_exchange_read(ctx, rows, &out->items[out->count++]);
	if (out->count > 0)
		out->next = out->items[out->count - 1].id;
}

enum err private_list_own(struct ctx *ctx, int64_t before_id, struct private_list *out)
{
	struct rows rows;

	TRY(db_query(ctx, &private_own, &rows, param_i64(ctx->actor->id), param_i64(before_id),
		     param_i64(PRIVATE_SHOWN + 1)));
	list_read(ctx, &rows, out);
	return OK;
}

enum err private_list_open(struct ctx *ctx, struct private_list *out)
{
	struct rows rows;

	TRY(policy_require(ctx, MAY_RUN_PRIVATE, &(struct subject){ .now = ctx->now }));
	TRY(db_query(ctx, &private_open, &rows, param_i64(PRIVATE_SHOWN + 1)));
	list_read(ctx, &rows, out);
	return OK;
}

enum err private_of_topic(struct ctx *ctx, int64_t topic_id, int64_t *id)
{
	struct rows rows;

	*id = 0;
	TRY(db_query(ctx, &private_topic_own, &rows, param_i64(topic_id),
		     param_id(ctx->actor->id)));
	if (rows_next(&rows))
		*id = col_i64(&rows);
	return OK;
}
