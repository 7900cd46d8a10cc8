/*
 * A batch of questions: read whole, reckoned (desk_reckon.h), written where it differs.
 * Always from everything that is known of a question, never from the last row onwards, so
 * the portions in which events come make no difference.
 */
#include "forum/desk_work.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/desk_calendar.h"
#include "forum/desk_parts.h"
#include "forum/desk_reckon.h"
#include "forum/desk_watch.h"
#include "forum/job.h"
#include "forum/site_setting.h"

#define JSON_MAX    ((size_t)2 << 20)
#define TARGETS_MAX "2000"
_Static_assert(DESK_BATCH == 100 && DESK_STEPS_MAX == 1000, "the statements say so too");

/* Taking ------------------------------------------------------------------------------- */

/*
 * $1 now. Two looks at partial indexes; by its order, as whoever plans it without $1
 * takes a third of all questions for due, and looks through them for the first.
 */
DB_STATEMENT(desk_is_there_work,
	     "select exists (select from desk_events where is_new)\n"
	     "	or coalesce((select look_at <= $1 from desk_questions\n"
	     "		where look_at is not null order by look_at limit 1), false)",
	     1);

DB_STATEMENT(desk_work_lock, "select pg_try_advisory_xact_lock(hashtextextended('desk', 0))", 0);

/* Of many events on one question all are taken: one row answers them. */
DB_STATEMENT(
	desk_take,
	"with first as materialized (\n"
	"	select distinct topic_id from (select topic_id from desk_events where is_new\n"
	"		order by id limit 100) e\n"
	"), taken as (\n"
	"	update desk_events e set is_new = false from first f\n"
	"	where e.topic_id = f.topic_id and e.is_new\n"
	")\n"
	"select topic_id from first union\n"
	"(select topic_id from desk_questions where look_at <= $1 order by look_at limit 100)\n"
	"order by 1 limit 200",
	1);

#define NO_INCIDENT "not exists (select from incidents i where i.topic_id = t.id)"

/* What waits for a solution, and what the queue has, open or with a clock that was. */
DB_STATEMENT(
	desk_next_topics,
	"(select t.id from topics t where t.id > $1::bigint and t.visibility = 'visible'\n"
	"	and t.stage = '' and not t.is_solved and t.status in ('open', 'needs_information')\n"
	"	and " NO_INCIDENT " order by t.id limit 100)\n"
	"union\n"
	"(select q.topic_id from desk_questions q where q.topic_id > $1::bigint and q.stage <> 'done'\n"
	"	order by q.topic_id limit 100)\n"
	"order by 1 limit 100",
	1);

/* Reading ------------------------------------------------------------------------------- */

/*
 * An idea and an incident's official thread wait for no answer: they are as if hidden. Whom
 * the team wrote to in private has been answered. $2: so many days ago at most a question
 * was asked to have clocks.
 */
DB_STATEMENT(
	desk_facts_of,
	"select t.id, t.created_at, least((select min(p.created_at) from posts p where p.topic_id = t.id\n"
	"		and p.kind = 'answer' and p.visibility = 'visible'\n"
	"		and coalesce(p.author_id <> t.author_id, true)),\n"
	"		(select min(e.started_at) from private_exchanges e where e.topic_id = t.id)),\n"
	"	case when t.is_solved then t.solved_at else t.status_at end, t.status_at,\n"
	"	t.visibility = 'visible' and t.stage = '' and " NO_INCIDENT
	", desk_is_done(t.status, t.is_solved), t.status = 'needs_information',\n"
	"	case when q.topic_id is not null then q.clock_at is not null\n"
	"		else t.created_at > now() - make_interval(days => $2::integer) end,\n"
	"	q.escalated_due_at, q.follow_up_at, q.first_claimed_at, coalesce(q.level, 1),\n"
	"	least(1440, 15 * t.me_too_count + 5 * (select count(*) from (select from follows f\n"
	"		where f.kind = 'topic' and f.target_id = t.id limit 200) f)\n"
	"		+ greatest(0, t.score - t.me_too_count)),\n"
	"	t.category_id, t.top_category_id, t.mirror_source_id is not null, t.language,\n"
	"	t.title || E'\\n' || coalesce((select left(p.body_md, 6000) from posts p\n"
	"		where p.topic_id = t.id and p.kind = 'question'), ''),\n"
	"	q.first_warned_at, q.solution_warned_at\n"
	"from topics t left join desk_questions q on q.topic_id = t.id\n"
	"where t.id = any ($1::bigint[]) order by t.id",
	2);

DB_STATEMENT(
	desk_steps_of,
	"select s.topic_id, s.kind, s.at from unnest($1::bigint[]) n(id)\n"
	"cross join lateral (select e.topic_id, e.kind, e.at, e.id from desk_events e\n"
	"	where e.topic_id = n.id and e.kind not in ('answered', 'edited', 'moved', 'changed')\n"
	"	order by e.at, e.id limit 1000) s\n"
	"order by s.topic_id, s.at, s.id",
	1);

DB_STATEMENT(desk_targets_all,
	     "select coalesce(category_id, 0), kind, first_minutes, solution_minutes\n"
	     "from desk_targets limit " TARGETS_MAX,
	     0);

/* Writing -------------------------------------------------------------------------------- */

/* A question that is done is in nobody's hand. Columns that people decide stay. */
#define DERIVED \
	"stage, category_id, top_category_id, is_mirrored, watched_reason, clock_at, asked_at,\n" \
	"	waiting_since, first_target_minutes, solution_target_minutes, first_met_at,\n" \
	"	solution_met_at, first_due_at, solution_due_at, first_breached_at,\n" \
	"	solution_breached_at, is_breached, hand_overs, due_at, warning_at, look_at,\n" \
	"	first_warned_at, solution_warned_at, weight, order_at"
#define OF(row) \
	row ".stage, " row ".category_id, " row ".top_category_id, " row ".is_mirrored, " row \
	    ".watched_reason, " row ".clock_at, " row ".asked_at, " row ".waiting_since, " row \
	    ".first_target_minutes, " row ".solution_target_minutes, " row ".first_met_at, " row \
	    ".solution_met_at, " row ".first_due_at, " row ".solution_due_at, " row \
	    ".first_breached_at, " row ".solution_breached_at, " row ".is_breached, " row \
	    ".hand_overs, " row ".due_at, " row ".warning_at, " row ".look_at, " row \
	    ".first_warned_at, " row ".solution_warned_at, " row ".weight, " row ".order_at"

DB_STATEMENT(
	desk_write,
	"insert into desk_questions as q (topic_id, " DERIVED ")\n"
	"select n.topic_id, n.stage, n.category_id, n.top_category_id, n.is_mirrored, n.watched_reason,\n"
	"	from_us(n.clock_at), from_us(n.asked_at), from_us(n.waiting_since), n.first_target_minutes,\n"
	"	n.solution_target_minutes, from_us(n.first_met_at), from_us(n.solution_met_at),\n"
	"	from_us(n.first_due_at), from_us(n.solution_due_at), from_us(n.first_breached_at),\n"
	"	from_us(n.solution_breached_at), n.is_breached, n.hand_overs, from_us(n.due_at),\n"
	"	from_us(n.warning_at), from_us(n.look_at), from_us(n.first_warned_at),\n"
	"	from_us(n.solution_warned_at), n.weight, from_us(n.order_at)\n"
	"from jsonb_to_recordset($1::jsonb) n(topic_id bigint, stage text, category_id bigint,\n"
	"	top_category_id bigint, is_mirrored boolean, watched_reason text, clock_at bigint,\n"
	"	asked_at bigint, waiting_since bigint, first_target_minutes integer,\n"
	"	solution_target_minutes integer, first_met_at bigint, solution_met_at bigint,\n"
	"	first_due_at bigint, solution_due_at bigint, first_breached_at bigint,\n"
	"	solution_breached_at bigint, is_breached boolean, hand_overs integer, due_at bigint,\n"
	"	warning_at bigint, look_at bigint, first_warned_at bigint, solution_warned_at bigint,\n"
	"	weight integer, order_at bigint)\n"
	"on conflict (topic_id) do update set (" DERIVED ") = row(" OF(
		"excluded") "),\n"
			    "	claimed_by = case when excluded.stage = 'done' then null else q.claimed_by end,\n"
			    "	claimed_until = case when excluded.stage = 'done' then null else q.claimed_until end,\n"
			    "	claim_token = case when excluded.stage = 'done' then null else q.claim_token end,\n"
			    "	updated_at = now()\n"
			    "where (" OF("q") ") is distinct from (" OF("excluded") ")",
	1);

/* $1 the questions, $2 their spells. */
DB_STATEMENT(
	desk_spells_drop,
	"delete from desk_spells s where s.topic_id = any ($1::bigint[]) and not exists (\n"
	"	select from jsonb_to_recordset($2::jsonb) n(topic_id bigint, kind text, from_at bigint)\n"
	"	where n.topic_id = s.topic_id and n.kind = s.kind and from_us(n.from_at) = s.from_at)",
	2);
DB_STATEMENT(
	desk_spells_write,
	"insert into desk_spells as s (topic_id, kind, from_at, to_at)\n"
	"select n.topic_id, n.kind, from_us(n.from_at), from_us(n.to_at)\n"
	"from jsonb_to_recordset($1::jsonb) n(topic_id bigint, kind text, from_at bigint, to_at bigint)\n"
	"on conflict (topic_id, kind, from_at) do update set to_at = excluded.to_at\n"
	"where s.to_at is distinct from excluded.to_at",
	1);

/* A fact stays as it was recorded; only that it was met at last is added. News: each once. */
DB_STATEMENT(
	desk_breaches_write,
	"insert into desk_breaches as b (topic_id, kind, due_at, met_at, cause, category_id, team_id,\n"
	"	recorded_at)\n"
	"select n.topic_id, n.kind, from_us(n.due_at), from_us(n.met_at), n.cause, q.category_id, q.team_id, $2\n"
	"from jsonb_to_recordset($1::jsonb) n(topic_id bigint, kind text, due_at bigint, met_at bigint, cause text)\n"
	"join desk_questions q on q.topic_id = n.topic_id\n"
	"on conflict (topic_id, kind) do update set met_at = excluded.met_at\n"
	"where b.met_at is distinct from excluded.met_at\n"
	"returning b.topic_id, b.kind, b.due_at, b.met_at is null and xmax = 0",
	2);

/*
 * $1 what to tell: a question, "desk_warning" or "desk_late", which clock. A second clock
 * of the same question is news again, with a mail of its own.
 */
DB_STATEMENT(
	desk_tell,
	"with news as (\n"
	"	select n.topic_id, n.kind, max(n.clock) as clock\n"
	"	from jsonb_to_recordset($1::jsonb) n(topic_id bigint, kind text, clock text)\n"
	"	group by n.topic_id, n.kind\n"
	"), told as (\n"
	"	insert into notifications (person_id, kind, topic_id)\n"
	"	select p.id, n.kind, n.topic_id\n"
	"	from news n cross join lateral desk_people(n.topic_id) w(person_id)\n"
	"	join people p on p.id = w.person_id and p.state = 'active'\n"
	"	order by p.id, n.topic_id, n.kind\n"
	"	on conflict (person_id, kind, coalesce(topic_id, 0), coalesce(post_id, 0), coalesce(actor_id, 0),\n"
	"		coalesce(case_id, 0), coalesce(badge_id, 0), coalesce(expert_id, 0), coalesce(standing, 0),\n"
	"		coalesce(article_id, 0), coalesce(panel_id, 0))\n"
	"	do update set read_at = null, created_at = now()\n"
	"	returning id, person_id, topic_id, kind\n"
	"), queued as (\n"
	"	insert into mails (person_id, address, language, kind, notification_id, key)\n"
	"	select p.id, p.email, p.language, 'notification', t.id, 'desk:' || t.id || ':' || n.clock\n"
	"	from told t join news n on n.topic_id = t.topic_id and n.kind = t.kind\n"
	"	join people p on p.id = t.person_id\n"
	"	where p.wants_mail and p.email_confirmed_at is not null\n"
	"	on conflict (key) do nothing returning id\n"
	")\n"
	"insert into jobs (kind, payload, key, run_at)\n"
	"select 'mail', jsonb_build_object('id', id), 'mail:' || id, now() + interval '10 minutes' from queued",
	1);

/* ---------------------------------------------------------------------------------------- */

struct target {
	int64_t category_id;
	const char *kind;
	int first_minutes, solution_minutes;
};

/* A question of the batch, with what is only needed for writing. */
struct item {
	int64_t topic_id, category_id, top_category_id;
	int64_t first_warned_at, solution_warned_at;
	bool is_mirrored;
	enum desk_watch watch;
	struct desk_facts facts;
	struct desk_step *steps;
	struct desk_row row;
};

struct batch {
	int64_t *ids;
	size_t count;
	struct item *items;
	size_t item_count;
	struct target *targets;
	size_t target_count;
	struct buf rows, spells, breaches, news;
};

static struct param ids_of(struct ctx *ctx, const struct batch *batch)
{
	return param_i64s(ctx->arena, batch->ids, batch->count);
}

static void read_ids(struct ctx *ctx, struct rows *rows, struct batch *batch)
{
	batch->ids = arena_array_of(ctx->arena, (size_t)rows->count, int64_t);
	while (rows_next(rows))
		batch->ids[batch->count++] = col_i64(rows);
}

static void read_facts(struct rows *rows, struct item *item)
{
	struct desk_facts *facts = &item->facts;
	const char *language;

	item->topic_id = col_i64(rows);
	facts->asked_at = col_time(rows);
	facts->first_answer_at = col_time(rows);
	facts->settled_at = col_time(rows);
	facts->status_at = col_time(rows);
	facts->is_visible = col_bool(rows);
	facts->is_done = col_bool(rows);
	facts->is_waiting = col_bool(rows);
	facts->has_clock = col_bool(rows);
	facts->escalated_due_at = col_time(rows);
	facts->follow_up_at = col_time(rows);
	facts->first_claimed_at = col_time(rows);
	facts->level = (int)col_i64(rows);
	facts->weight = col_i64(rows);
	item->category_id = col_i64(rows);
	item->top_category_id = col_i64(rows);
	item->is_mirrored = col_bool(rows);
	language = col_text(rows);
	item->watch = desk_watch_find(col_text(rows), language);
	item->first_warned_at = col_time(rows);
	item->solution_warned_at = col_time(rows);
}

static void read_steps(struct ctx *ctx, struct rows *rows, struct batch *batch)
{
	struct desk_step *steps = arena_array_of(ctx->arena, (size_t)rows->count, struct desk_step);
	size_t used = 0, at = 0;

	while (rows_next(rows)) {
		int64_t topic_id = col_i64(rows);

		while (at < batch->item_count && batch->items[at].topic_id < topic_id)
			at++;
		if (at == batch->item_count)
			return;
		if (batch->items[at].facts.step_count == 0)
			batch->items[at].facts.steps = &steps[used];
		steps[used].kind = desk_step_from_text(col_text(rows));
		steps[used++].at = col_time(rows);
		batch->items[at].facts.step_count++;
	}
}

static void read_targets(struct ctx *ctx, struct rows *rows, struct batch *batch)
{
	batch->targets = arena_array_of(ctx->arena, (size_t)rows->count, struct target);
	while (rows_next(rows)) {
		struct target *target = &batch->targets[batch->target_count++];

		target->category_id = col_i64(rows);
		target->kind = col_text(rows);
		target->first_minutes = (int)col_i64(rows);
		target->solution_minutes = (int)col_i64(rows);
	}
}

/* 0: it is not for this question; else the more, the nearer. The kind counts first. */
static int nearness(const struct target *target, const struct item *item)
{
	int kind, place;

	if (strcmp(target->kind, "watched") == 0)
		kind = item->watch != DESK_NOT_WATCHED ? 3 : 0;
	else if (strcmp(target->kind, "mirrored") == 0)
		kind = item->is_mirrored ? 2 : 0;
	else
		kind = 1;
	if (target->category_id == item->category_id)
		place = 3;
	else if (target->category_id == item->top_category_id)
		place = 2;
	else
		place = target->category_id ? 0 : 1;
	return kind && place ? kind * 10 + place : 0;
}

static void set_targets(const struct batch *batch, struct item *item)
{
	int best = 0;

	for (size_t i = 0; i < batch->target_count; i++) {
		int near = nearness(&batch->targets[i], item);

		if (near <= best)
			continue;
		best = near;
		item->facts.first_target_minutes = batch->targets[i].first_minutes;
		item->facts.solution_target_minutes = batch->targets[i].solution_minutes;
	}
}

static enum err read_batch(struct ctx *ctx, struct batch *batch)
{
	struct rows facts, steps, targets;

	db_add(ctx, &desk_facts_of, &facts, ids_of(ctx, batch),
	       param_i64(site_number(SITE_DESK_HORIZON_DAYS)));
	db_add(ctx, &desk_steps_of, &steps, ids_of(ctx, batch));
	db_add(ctx, &desk_targets_all, &targets);
	TRY(db_run(ctx));
	batch->items = arena_array_of(ctx->arena, (size_t)facts.count, struct item);
	while (rows_next(&facts))
		read_facts(&facts, &batch->items[batch->item_count++]);
	read_steps(ctx, &steps, batch);
	read_targets(ctx, &targets, batch);
	return OK;
}

/* JSON --------------------------------------------------------------------------------- */

static void add_number(struct buf *out, const char *name, int64_t number)
{
	buf_printf(out, ",\"%s\":%lld", name, (long long)number);
}

static void add_truth(struct buf *out, const char *name, bool value)
{
	buf_printf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void begin_object(struct buf *out, int64_t topic_id)
{
	buf_printf(out, "%s{\"topic_id\":%lld", out->length > 1 ? "," : "", (long long)topic_id);
}

/* kind and clock are words of this file. */
static void add_news(struct batch *batch, const struct item *item, const char *kind,
		     const char *clock)
{
	begin_object(&batch->news, item->topic_id);
	buf_printf(&batch->news, ",\"kind\":\"%s\",\"clock\":\"%s\"}", kind, clock);
}

static void add_breach(struct batch *batch, const struct item *item, const char *kind,
		       const struct desk_clock_row *clock)
{
	if (!clock->breached_at)
		return;
	begin_object(&batch->breaches, item->topic_id);
	buf_printf(&batch->breaches, ",\"kind\":\"%s\",\"cause\":\"%s\"", kind, clock->cause);
	add_number(&batch->breaches, "due_at", clock->breached_at);
	add_number(&batch->breaches, "met_at", clock->met_at);
	buf_char(&batch->breaches, '}');
}

static void add_spells(struct batch *batch, const struct item *item)
{
	for (size_t i = 0; i < item->row.spell_count; i++) {
		const struct desk_spell *spell = &item->row.spells[i];

		/* One in which no time passed has the place of the one after it. */
		if (spell->to == spell->from)
			continue;
		begin_object(&batch->spells, item->topic_id);
		buf_printf(&batch->spells, ",\"kind\":\"%s\"",
			   spell->is_solved ? "solved" : "paused");
		add_number(&batch->spells, "from_at", spell->from);
		add_number(&batch->spells, "to_at", spell->to);
		buf_char(&batch->spells, '}');
	}
}

static void add_clocks(struct buf *out, const struct item *item)
{
	const struct desk_row *row = &item->row;

	add_number(out, "clock_at", item->facts.has_clock ? item->facts.asked_at : 0);
	add_number(out, "first_target_minutes", item->facts.first_target_minutes);
	add_number(out, "solution_target_minutes", item->facts.solution_target_minutes);
	add_number(out, "first_met_at", row->first.met_at);
	add_number(out, "solution_met_at", row->solution.met_at);
	add_number(out, "first_due_at", row->first.due_at);
	add_number(out, "solution_due_at", row->solution.due_at);
	add_number(out, "first_breached_at", row->first.breached_at);
	add_number(out, "solution_breached_at", row->solution.breached_at);
	add_number(out, "first_warned_at", item->first_warned_at);
	add_number(out, "solution_warned_at", item->solution_warned_at);
}

static void add_row(struct batch *batch, const struct item *item)
{
	const struct desk_row *row = &item->row;
	struct buf *out = &batch->rows;

	begin_object(out, item->topic_id);
	buf_printf(out, ",\"stage\":\"%s\",\"watched_reason\":\"%s\"", desk_stage_text(row->stage),
		   desk_watch_text(item->watch));
	add_number(out, "category_id", item->category_id);
	add_number(out, "top_category_id", item->top_category_id);
	add_truth(out, "is_mirrored", item->is_mirrored);
	add_truth(out, "is_breached", row->is_breached);
	add_clocks(out, item);
	add_number(out, "asked_at", item->facts.asked_at);
	add_number(out, "waiting_since", row->waiting_since);
	add_number(out, "hand_overs", row->hand_overs);
	add_number(out, "due_at", row->due_at);
	add_number(out, "warning_at", row->warning_at);
	add_number(out, "look_at", row->look_at);
	add_number(out, "weight", item->facts.weight);
	add_number(out, "order_at", row->order_at);
	buf_char(out, '}');
}

static void warn(struct ctx *ctx, struct batch *batch, struct item *item,
		 const struct desk_clock_row *clock, int64_t *warned_at, const char *name)
{
	if (!clock->is_warned || *warned_at)
		return;
	*warned_at = ctx->now;
	add_news(batch, item, "desk_warning", name);
}

static void reckon_one(struct ctx *ctx, struct batch *batch, struct item *item)
{
	set_targets(batch, item);
	desk_reckon(&item->facts, desk_calendar(), site_number(SITE_DESK_WARNING_SHARE), ctx->now,
		    &item->row);
	warn(ctx, batch, item, &item->row.first, &item->first_warned_at, "first_answer");
	warn(ctx, batch, item, &item->row.solution, &item->solution_warned_at, "solution");
	add_row(batch, item);
	add_spells(batch, item);
	add_breach(batch, item, "first_answer", &item->row.first);
	add_breach(batch, item, "solution", &item->row.solution);
}

static void begin_list(struct ctx *ctx, struct buf *list)
{
	buf_init(list, ctx->arena, JSON_MAX);
	buf_char(list, '[');
}

static void reckon(struct ctx *ctx, struct batch *batch)
{
	begin_list(ctx, &batch->rows);
	begin_list(ctx, &batch->spells);
	begin_list(ctx, &batch->breaches);
	begin_list(ctx, &batch->news);
	for (size_t i = 0; i < batch->item_count; i++)
		reckon_one(ctx, batch, &batch->items[i]);
	buf_char(&batch->rows, ']');
	buf_char(&batch->spells, ']');
	buf_char(&batch->breaches, ']');
}

static const struct item *item_of(const struct batch *batch, int64_t topic_id)
{
	for (size_t i = 0; i < batch->item_count; i++)
		if (batch->items[i].topic_id == topic_id)
			return &batch->items[i];
	return NULL;
}

/* What ran out long ago (an old install, a stopped worker) is on record, but no news. */
static void tell_of_breaches(struct ctx *ctx, struct batch *batch, struct rows *rows)
{
	while (rows_next(rows)) {
		const struct item *item = item_of(batch, col_i64(rows));
		const char *kind = col_text(rows);
		int64_t due_at = col_time(rows);
		bool is_new = col_bool(rows);

		if (item && is_new && item->row.stage != DESK_DONE && due_at > ctx->now - CLOCK_DAY)
			add_news(batch, item, "desk_late",
				 strcmp(kind, "solution") == 0 ? "solution" : "first_answer");
	}
}

static enum err write_batch(struct ctx *ctx, struct batch *batch)
{
	struct rows breaches;
	struct param spells = param_text(batch->spells.data);

	db_add(ctx, &desk_write, NULL, param_text(batch->rows.data));
	db_add(ctx, &desk_spells_drop, NULL, ids_of(ctx, batch), spells);
	db_add(ctx, &desk_spells_write, NULL, spells);
	db_add(ctx, &desk_breaches_write, &breaches, param_text(batch->breaches.data),
	       param_time(ctx->now));
	TRY(db_run(ctx));
	tell_of_breaches(ctx, batch, &breaches);
	if (batch->news.length > 1) {
		buf_char(&batch->news, ']');
		db_add(ctx, &desk_tell, NULL, param_text(batch->news.data));
	}
	return db_commit(ctx);
}

static enum err work_on(struct ctx *ctx, struct batch *batch)
{
	TRY(read_batch(ctx, batch));
	reckon(ctx, batch);
	return write_batch(ctx, batch);
}

/* In a transaction; false: another worker is at it, and it is rolled back. */
static enum err take_turn(struct ctx *ctx, bool *is_ours)
{
	struct rows lock;

	db_begin(ctx);
	TRY(db_query_params(ctx, &desk_work_lock, &lock, NULL, 0));
	*is_ours = rows_next(&lock) && col_bool(&lock);
	if (!*is_ours)
		db_rollback(ctx);
	return OK;
}

enum err desk_work(struct ctx *ctx, bool *has_more)
{
	struct batch batch = { .count = 0 };
	struct rows rows;
	bool is_ours;

	*has_more = false;
	TRY(db_query(ctx, &desk_is_there_work, &rows, param_time(ctx->now)));
	if (!rows_next(&rows) || !col_bool(&rows))
		return OK;
	TRY(take_turn(ctx, &is_ours));
	if (!is_ours)
		return OK;
	TRY(db_query(ctx, &desk_take, &rows, param_time(ctx->now)));
	read_ids(ctx, &rows, &batch);
	*has_more = batch.count > 0;
	return work_on(ctx, &batch);
}

enum err desk_work_again(struct ctx *ctx, int64_t *after)
{
	struct batch batch = { .count = 0 };
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &desk_next_topics, &rows, param_i64(*after)));
	read_ids(ctx, &rows, &batch);
	*after = batch.count == DESK_BATCH ? batch.ids[batch.count - 1] : 0;
	return work_on(ctx, &batch);
}

void desk_schedule_again(struct ctx *ctx)
{
	job_add(ctx, "desk_all", NULL, "begin", 0);
}
