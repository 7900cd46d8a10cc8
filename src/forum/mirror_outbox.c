/*
 * What goes out: the queue, and the states of what is in it. A row is durably
 * "sending" before the call is made, so a worker that dies leaves a trace; what then
 * came of it is looked for and never sent twice. The network's own notice of what we
 * wrote may come first: it is bound to the row just the same.
 */
#include "forum/mirror_parts.h"

#include "base/clock.h"
#include "db/db.h"

/* The clocks of two networks differ. */
#define CLOCK_SLACK (5 * CLOCK_MINUTE)
#define KNOWN_MAX   500

DB_STATEMENT(
	outbox_bindable,
	"select o.id, o.post_id, p.topic_id, p.visibility, o.body, i.kind, i.key, o.sent_first_at\n"
	"from mirror_outbox o\n"
	"join mirror_items i on i.id = o.item_id\n"
	"join posts p on p.id = o.post_id\n"
	"where o.source_id = $1 and o.kind = 'reply' and o.state in ('sending', 'unknown') and o.sent_key = ''\n"
	"order by o.id limit 100",
	1);

DB_STATEMENT(
	outbox_bound,
	"update mirror_outbox set state = 'sent', sent_key = $2, done_at = clock_timestamp(), error = ''\n"
	"where id = $1",
	2);

DB_STATEMENT(
	outbox_due,
	"select o.id, o.post_id, o.attempts, o.looks, o.sent_first_at, o.state, o.kind, o.body,\n"
	"	i.kind, i.key, i.address, i.root_key, coalesce(r.address, i.root_key)\n"
	"from mirror_outbox o\n"
	"join mirror_items i on i.id = o.item_id\n"
	"left join mirror_items r on r.source_id = i.source_id and r.kind = 'post' and r.key = i.root_key\n"
	"where o.source_id = $1 and o.state in ('queued', 'sending', 'unknown') and o.run_at <= clock_timestamp()\n"
	"order by o.state = 'queued', o.id limit 1",
	1);

DB_STATEMENT(outbox_known,
	     "select i.key from mirror_items i\n"
	     "where i.source_id = $1 and i.root_key = $2 and i.is_self and i.post_id is not null\n"
	     "union\n"
	     "select o.sent_key from mirror_outbox o where o.source_id = $1 and o.sent_key <> ''\n"
	     "	and o.created_at > now() - interval '7 days'\n"
	     "limit $3::bigint",
	     3);

/* On the disk before the call is made, whatever else the worker does not wait for. */
DB_STATEMENT(
	outbox_take,
	"with surely as (\n"
	"	select set_config('synchronous_commit', 'on', true)\n"
	"), taken as (\n"
	"	update mirror_outbox set state = 'sending', attempts = attempts + 1,\n"
	"		sent_first_at = coalesce(sent_first_at, clock_timestamp())\n"
	"	from surely where id = $1 and state = 'queued' returning source_id, sent_first_at\n"
	"), paced as (\n"
	"	update mirror_sources s set written_at = clock_timestamp() from taken t where s.id = t.source_id\n"
	")\n"
	"select sent_first_at from taken",
	1);

DB_STATEMENT(
	outbox_put,
	"update mirror_outbox set state = $2,\n"
	"	run_at = clock_timestamp() + make_interval(secs => $3::double precision),\n"
	"	looks = case when $2 = 'queued' then 0 else looks + $4::bigint end, error = left($5, 1000),\n"
	"	trace_id = left($6, 200), done_at = case when $2 = 'failed' then clock_timestamp() end\n"
	"where id = $1 and state in ('queued', 'sending', 'unknown')",
	6);

DB_STATEMENT(outbox_sent,
	     "update mirror_outbox set state = 'sent', sent_key = $2, sent_url = $3, error = '',\n"
	     "	done_at = clock_timestamp()\n"
	     "where id = $1",
	     3);

/* An imported copy came before we knew that it was ours: it makes way. */
DB_STATEMENT(
	outbox_own_item,
	"with own as (\n"
	"	select o.post_id, o.body, p.topic_id from mirror_outbox o join posts p on p.id = o.post_id where o.id = $2\n"
	"), copy as (\n"
	"	select i.post_id from mirror_items i, own\n"
	"	where i.source_id = $1 and i.kind = 'comment' and i.key = $3 and i.post_id <> own.post_id\n"
	"), held as (\n"
	"	update posts p set visibility = 'held' from copy where p.id = copy.post_id\n"
	"), moved as (\n"
	"	update posts p set parent_id = own.post_id from copy, own where p.kind = 'comment' and p.parent_id = copy.post_id\n"
	")\n"
	"insert into mirror_items as i (source_id, kind, key, address, parent_key, root_key, is_self, body, url,\n"
	"	created_at, text_at, visibility_at, topic_id, post_id, is_ours)\n"
	"select $1, 'comment', $3, $4, $5, $6, true, own.body, $7, clock_timestamp(), clock_timestamp(),\n"
	"	clock_timestamp(), own.topic_id, own.post_id, true\n"
	"from own\n"
	"on conflict (source_id, kind, key) do update set is_ours = true, is_self = true,\n"
	"	topic_id = excluded.topic_id, post_id = excluded.post_id, body = excluded.body,\n"
	"	text_at = greatest(i.text_at, excluded.text_at),\n"
	"	url = case when excluded.url = '' then i.url else excluded.url end",
	7);

DB_STATEMENT(outbox_edited_item,
	     "update mirror_items i set body = o.body, text_at = clock_timestamp()\n"
	     "from mirror_outbox o where o.id = $1 and i.id = o.item_id",
	     1);

static const char *const states[] = {
	[OUTBOX_QUEUED] = "queued", [OUTBOX_SENDING] = "sending", [OUTBOX_UNKNOWN] = "unknown",
	[OUTBOX_SENT] = "sent",     [OUTBOX_FAILED] = "failed",   [OUTBOX_CANCELLED] = "cancelled",
};

enum outbox_state outbox_state_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(states); i++)
		if (strcmp(states[i], text) == 0)
			return (enum outbox_state)i;
	return OUTBOX_FAILED;
}

/* Echoes --------------------------------------------------------------------------- */

/* White space may change on the way; words do not. */
static bool is_same_text(const char *one, const char *other)
{
	for (;;) {
		while (*one && (unsigned char)*one <= ' ')
			one++;
		while (*other && (unsigned char)*other <= ' ')
			other++;
		if (*one != *other || !*one)
			return *one == *other;
		one++;
		other++;
	}
}

struct bindable {
	int64_t id, post_id, topic_id, sent_at;
	enum visibility visibility;
	const char *body, *target_key;
	enum item_kind target_kind;
	bool is_bound;
};

static size_t read_bindable(struct ctx *ctx, struct rows *rows, struct bindable **out)
{
	size_t count = 0;

	*out = arena_array_of(ctx->arena, (size_t)rows->count, struct bindable);
	while (rows_next(rows)) {
		struct bindable *entry = &(*out)[count++];

		entry->id = col_i64(rows);
		entry->post_id = col_i64(rows);
		entry->topic_id = col_i64(rows);
		entry->visibility = visibility_from_text(col_text(rows));
		entry->body = col_text(rows);
		entry->target_kind = item_kind_from_text(col_text(rows));
		entry->target_key = col_text(rows);
		entry->sent_at = col_time(rows);
	}
	return count;
}

static bool is_under(const struct mirror_batch *batch, struct mirror_item *item,
		     const struct bindable *entry)
{
	struct mirror_item *answer = mirror_answer_of(batch, item);

	if (entry->target_kind == ITEM_POST)
		return strcmp(item->root_key, entry->target_key) == 0 && answer == item;
	return strcmp(item->parent_key, entry->target_key) == 0 ||
	       (answer && answer != item && strcmp(answer->key, entry->target_key) == 0);
}

static bool is_echo(const struct mirror_batch *batch, struct mirror_item *item,
		    const struct bindable *entry)
{
	if (entry->is_bound || !is_same_text(item->body, entry->body))
		return false;
	if (item->created_at && item->created_at < entry->sent_at - CLOCK_SLACK)
		return false;
	return is_under(batch, item, entry);
}

void mirror_add_bindable(struct ctx *ctx, const struct mirror *mirror, struct rows *rows)
{
	db_add(ctx, &outbox_bindable, rows, param_i64(mirror->source.id));
}

static void bind(struct ctx *ctx, struct mirror_item *item, struct bindable *entry)
{
	entry->is_bound = true;
	item->is_ours = true;
	item->post_id = entry->post_id;
	item->topic_id = entry->topic_id;
	item->post_visibility = entry->visibility;
	item->is_changed = true;
	/* The words here are the advisor's Markdown: they stay. */
	item->is_text_changed = false;
	db_add(ctx, &outbox_bound, NULL, param_i64(entry->id), param_text(item->key));
}

enum err mirror_bind_echoes(struct ctx *ctx, struct mirror_batch *batch, struct rows *rows)
{
	struct bindable *entries;
	size_t count = read_bindable(ctx, rows, &entries);
	bool is_any = false;

	for (size_t i = 0; i < batch->count && count > 0; i++) {
		struct mirror_item *item = batch->items[i];
		size_t entry = 0;

		if (!item->is_told || !item->is_self || item->kind == ITEM_POST || item->post_id)
			continue;
		while (entry < count && !is_echo(batch, item, &entries[entry]))
			entry++;
		if (entry == count)
			continue;
		bind(ctx, item, &entries[entry]);
		is_any = true;
	}
	return is_any ? db_run(ctx) : OK;
}

/* For the worker --------------------------------------------------------------------- */

static enum err load_known(struct ctx *ctx, const struct mirror *mirror, struct mirror_write *out)
{
	const char **keys;
	size_t count = 0;
	struct rows rows;

	TRY(db_query(ctx, &outbox_known, &rows, param_i64(mirror->source.id),
		     param_text(out->root_key), param_i64(KNOWN_MAX)));
	keys = arena_array_of(ctx->arena, (size_t)rows.count, const char *);
	while (rows_next(&rows))
		keys[count++] = col_text(&rows);
	out->write.known_keys = keys;
	out->write.known_count = count;
	return OK;
}

enum err mirror_outbox_next(struct ctx *ctx, const struct mirror *mirror, struct mirror_write *out,
			    bool *found)
{
	struct rows rows;

	*out = (struct mirror_write){ 0 };
	TRY(db_query(ctx, &outbox_due, &rows, param_i64(mirror->source.id)));
	*found = rows_next(&rows);
	if (!*found)
		return OK;
	out->id = col_i64(&rows);
	out->post_id = col_i64(&rows);
	out->attempts = col_i64(&rows);
	out->looks = col_i64(&rows);
	out->sent_first_at = col_time(&rows);
	out->state = outbox_state_from_text(col_text(&rows));
	out->write.kind = write_kind_from_text(col_text(&rows));
	out->write.text = col_text(&rows);
	out->item_kind = item_kind_from_text(col_text(&rows));
	out->item_key = col_text(&rows);
	out->write.address = col_text(&rows);
	out->root_key = col_text(&rows);
	out->write.root_address = col_text(&rows);
	out->write.asked_at = out->sent_first_at;
	/* Nobody else is sending: we have the stream. Whoever was has died. */
	if (out->state == OUTBOX_SENDING)
		out->state = OUTBOX_UNKNOWN;
	return load_known(ctx, mirror, out);
}

enum err mirror_outbox_sending(struct ctx *ctx, struct mirror_write *write, bool *is_ours)
{
	struct rows rows;

	TRY(db_query(ctx, &outbox_take, &rows, param_i64(write->id)));
	*is_ours = rows_next(&rows);
	if (*is_ours)
		write->write.asked_at = col_time(&rows);
	return OK;
}

enum err mirror_outbox_put(struct ctx *ctx, const struct mirror_write *write,
			   enum outbox_state state, int64_t delay_seconds, bool was_looked,
			   const struct connect_error *error)
{
	return db_query(ctx, &outbox_put, NULL, param_i64(write->id), param_text(states[state]),
			param_i64(delay_seconds), param_i64(was_looked),
			param_text(error && error->message ? error->message : ""),
			param_text(error && error->trace_id ? error->trace_id : ""));
}

static void add_own_item(struct ctx *ctx, const struct mirror *mirror,
			 const struct mirror_write *write, const struct write_result *result)
{
	bool is_on_post = write->item_kind == ITEM_POST;
	const char *parent = result->parent_key && result->parent_key[0] ? result->parent_key
			     : is_on_post                                ? write->root_key
									 : write->item_key;

	db_add(ctx, &outbox_own_item, NULL, param_i64(mirror->source.id), param_i64(write->id),
	       param_text(result->key),
	       param_text(result->address && result->address[0] ? result->address : result->key),
	       param_text(parent), param_text(write->root_key),
	       param_text(result->url ? result->url : ""));
}

/* Hidden, shown or deleted: what the network would tell us, we know already. */
static enum err apply_outcome(struct ctx *ctx, const struct mirror *mirror,
			      const struct mirror_write *write)
{
	struct source_event event = {
		.kind = write->write.kind == WRITE_DELETE ? EVENT_REMOVED : EVENT_VISIBILITY,
		.is_confirmed = true,
		.observed_at = clock_now(),
		.item = { .kind = write->item_kind,
			  .key = write->item_key,
			  .address = write->write.address,
			  .root_key = write->root_key,
			  .parent_key = "",
			  .author_key = "",
			  .author_name = "",
			  .text = "",
			  .title = "",
			  .html = "",
			  .url = "",
			  .visibility = write->write.kind == WRITE_HIDE ? ITEM_HIDDEN
									: ITEM_PUBLIC },
	};

	return mirror_apply(ctx, mirror, &event);
}

enum err mirror_outbox_sent(struct ctx *ctx, const struct mirror *mirror,
			    const struct mirror_write *write, const struct write_result *result)
{
	const char *roots[] = { write->root_key };
	const char *key = result && result->key ? result->key : "";

	db_begin(ctx);
	mirror_add_locks(ctx, mirror, roots, 1, false);
	if (write->write.kind == WRITE_REPLY && result && key[0])
		add_own_item(ctx, mirror, write, result);
	else if (write->write.kind == WRITE_EDIT)
		db_add(ctx, &outbox_edited_item, NULL, param_i64(write->id));
	db_add(ctx, &outbox_sent, NULL, param_i64(write->id), param_text(key),
	       param_text(result && result->url ? result->url : ""));
	TRY(db_commit(ctx));
	if (write->write.kind == WRITE_REPLY || write->write.kind == WRITE_EDIT)
		return OK;
	return apply_outcome(ctx, mirror, write);
}
