/*
 * Dry runs: a rule over what was written in the last thirty days, in batches, by the
 * worker. What is not kept of old posts (how long a form was open) is not known then.
 */
#include "forum/holding_edit.h"

#include "forum/actor.h"
#include "forum/holding_rules.h"
#include "forum/job.h"
#include "forum/sign_up_guard.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/markdown.h"

/* Of one text with all that is made to look for words in it. */
#define TEXT_MEMORY_MAX_BYTES ((size_t)32 << 20)
#define BATCH_POSTS           200
#define BATCHES_A_RUN         20
/* Statements of a post for its likeness or score, in one round trip. */
#define POSTS_A_TRIP          10

DB_STATEMENT(
	trial_insert,
	"insert into holding_trials (rule_id, asked_by) select r.id, $2 from holding_rules r\n"
	"where r.id = $1 and r.deleted_at is null and not exists (select from holding_trials t\n"
	"	where t.rule_id = r.id and t.state in ('waiting', 'running')) returning id",
	2);

DB_STATEMENT(trial_newest,
	     "select t.id, t.rule_id, t.asked_at, t.ended_at, t.total::bigint, t.seen::bigint,\n"
	     "	t.matched::bigint, t.state in ('waiting', 'running'), t.state = 'failed',\n"
	     "	r.changed_at > t.asked_at\n"
	     "from holding_trials t join holding_rules r on r.id = t.rule_id\n"
	     "where t.rule_id = $1 order by t.id desc limit 1",
	     1);

DB_STATEMENT(
	trial_posts,
	"select p.id, p.created_at, coalesce(e.name, p.author_name), t.title, left(p.body_md, 2000)\n"
	"from (select unnest(h.post_ids) as id from holding_trials h\n"
	"	where h.rule_id = $1 order by h.id desc limit 50) caught\n"
	"join posts p on p.id = caught.id join topics t on t.id = p.topic_id\n"
	"left join people e on e.id = p.author_id\n"
	"where p.id = any (select unnest(h.post_ids) from holding_trials h\n"
	"	where h.id = (select max(id) from holding_trials where rule_id = $1))\n"
	"order by p.id desc limit 50",
	1);

/* A waiting one is counted and begun; one that goes on says where. */
DB_STATEMENT(
	trial_begin,
	"update holding_trials t set state = 'running',\n"
	"	total = case when t.state = 'waiting' then (select count(*) from posts p\n"
	"		where p.created_at > t.asked_at - interval '30 days') else t.total end,\n"
	"	last_post_id = case when t.state = 'waiting' then (select coalesce(min(p.id), 1) - 1 from posts p\n"
	"		where p.created_at > t.asked_at - interval '30 days') else t.last_post_id end\n"
	"where t.id = $1 and t.state in ('waiting', 'running')\n"
	"returning t.rule_id, t.last_post_id, t.asked_at",
	1);

DB_STATEMENT(
	trial_batch,
	"select p.id, t.category_id, case when p.kind = 'question' then t.title else '' end, p.body_md,\n"
	"	t.language, coalesce(e.role, '') = 'customer', coalesce(e.trust_level, 0)::bigint,\n"
	"	coalesce(e.reputation, 0)::bigint,\n"
	"	(select count(*) from (select from posts b where b.author_id = p.author_id and b.id < p.id\n"
	"		and b.visibility = 'visible' limit 200) seen),\n"
	"	coalesce(extract(day from p.created_at - coalesce((select max(b.created_at) from posts b\n"
	"		where b.author_id = p.author_id and b.id < p.id), e.created_at)), 0)::bigint,\n"
	"	extract(hour from p.created_at at time zone $3::text)::bigint, coalesce(e.email_key, ''),\n"
	"	coalesce((select s.address from sessions s where s.person_id = p.author_id\n"
	"		order by s.seen_at desc limit 1), '')\n"
	"from posts p join topics t on t.id = p.topic_id left join people e on e.id = p.author_id\n"
	"where p.id > $1 and p.created_at > $2::timestamptz - interval '30 days'\n"
	"order by p.id limit 200",
	3);

DB_STATEMENT(
	trial_note,
	"update holding_trials set seen = seen + $2::integer, matched = matched + $3::integer,\n"
	"	last_post_id = $4, post_ids = (array(select n from unnest(post_ids || $5::bigint[]) n\n"
	"		order by n desc limit 50)),\n"
	"	state = case when $6::boolean then 'done' else state end,\n"
	"	ended_at = case when $6::boolean then clock_timestamp() end\n"
	"where id = $1",
	6);

enum err holding_trial_ask(struct ctx *ctx, int64_t rule_id)
{
	struct rows rows;

	TRY(policy_require(ctx, MAY_EDIT_HOLDING, &(struct subject){ .now = ctx->now }));
	db_begin(ctx);
	TRY(db_query(ctx, &trial_insert, &rows, param_i64(rule_id), param_id(ctx->actor->id)));
	if (rows_next(&rows))
		job_add(ctx, "holding_trial",
			arena_printf(ctx->arena, "{\"id\":%lld}", (long long)col_i64(&rows)), NULL,
			0);
	return db_commit(ctx);
}

static void trial_read(struct rows *rows, struct holding_trial *trial)
{
	trial->id = col_i64(rows);
	trial->rule_id = col_i64(rows);
	trial->asked_at = col_time(rows);
	trial->ended_at = col_time(rows);
	trial->total = col_i64(rows);
	trial->seen = col_i64(rows);
	trial->matched = col_i64(rows);
	trial->is_running = col_bool(rows);
	trial->has_failed = col_bool(rows);
	trial->is_outdated = col_bool(rows);
}

enum err holding_trial_load(struct ctx *ctx, int64_t rule_id, struct holding_trial *out,
			    struct trial_post **posts, size_t *count)
{
	struct rows newest, caught;

	*out = (struct holding_trial){ 0 };
	*count = 0;
	db_add(ctx, &trial_newest, &newest, param_i64(rule_id));
	db_add(ctx, &trial_posts, &caught, param_i64(rule_id));
	TRY(db_run(ctx));
	if (rows_next(&newest))
		trial_read(&newest, out);
	*posts = arena_array_of(ctx->arena, (size_t)caught.count, struct trial_post);
	while (rows_next(&caught)) {
		struct trial_post *post = &(*posts)[(*count)++];

		post->id = col_i64(&caught);
		post->created_at = col_time(&caught);
		post->author = col_text(&caught);
		post->title = col_text(&caught);
		post->excerpt = markdown_excerpt(ctx->arena, col_text(&caught), 200);
	}
	return OK;
}

/* Running ---------------------------------------------------------------------------------- */

struct trial_run {
	int64_t id, last_post_id, asked_at;
	struct holding_rule rule;
	struct word_matcher *words;
};

struct old_post {
	int64_t id;
	bool is_members;
	const char *email, *address; /* of its writer, as they are now; "" */
	struct holding holding;
};

static void old_post_read(struct rows *rows, struct old_post *post)
{
	struct holding_text *text = &post->holding.text;
	struct holding_facts *facts = &post->holding.facts;

	post->id = col_i64(rows);
	text->post_id = post->id;
	text->category_id = col_i64(rows);
	text->title = col_text(rows);
	text->body_md = col_text(rows);
	text->language = col_text(rows);
	post->is_members = col_bool(rows);
	facts->trust_level = (int)col_i64(rows);
	facts->reputation = col_i64(rows);
	facts->post_count = col_i64(rows);
	facts->silent_days = col_i64(rows);
	facts->hour = col_i64(rows);
	post->email = col_text(rows);
	post->address = col_text(rows);
}

/* Of whom the rule wants looked at, as holding.c does; where they sat then is not kept. */
static enum err ask_lists(struct ctx *ctx, const struct trial_run *run, struct old_post *posts,
			  size_t count)
{
	enum sign_up_refusal why;

	if (run->rule.kind != HOLD_LISTED)
		return OK;
	for (size_t i = 0; i < count; i++) {
		struct holding_facts *facts = &posts[i].holding.facts;

		if (posts[i].is_members && facts->silent_days >= run->rule.number)
			TRY(sign_up_is_listed(ctx, posts[i].email, posts[i].address,
					      &facts->is_listed, &why));
	}
	return OK;
}

/* What earlier decisions say of some posts, in one round trip. */
static enum err ask_learnt(struct ctx *ctx, const struct trial_run *run, struct old_post *posts,
			   size_t count)
{
	if (run->rule.kind != HOLD_SIMILAR && run->rule.kind != HOLD_SPAM)
		return OK;
	for (size_t i = 0; i < count; i++) {
		if (run->rule.kind == HOLD_SIMILAR)
			holding_add_similar(ctx, &posts[i].holding);
		else
			holding_add_spam(ctx, &posts[i].holding);
	}
	TRY(db_run(ctx));
	for (size_t i = 0; i < count; i++) {
		holding_take_similar(&posts[i].holding);
		holding_take_spam(ctx, &posts[i].holding);
	}
	return OK;
}

/* What a rule needs for one text is given back before the next: there are thousands. */
static size_t catch (const struct trial_run *run, const struct old_post *posts, size_t count,
		     int64_t *ids)
{
	struct arena *scratch = arena_new(TEXT_MEMORY_MAX_BYTES);
	size_t caught = 0;
	const char *why;

	for (size_t i = 0; i < count; i++) {
		if (posts[i].is_members &&
		    holding_rule_catches(scratch, &run->rule, run->words, &posts[i].holding.text,
					 &posts[i].holding.facts, &why))
			ids[caught++] = posts[i].id;
		arena_reset(scratch);
	}
	arena_free(scratch);
	return caught;
}

/* One batch; *has_more: it was full. */
static enum err run_batch(struct ctx *ctx, struct trial_run *run, bool *has_more)
{
	struct old_post *posts = arena_array_of(ctx->arena, BATCH_POSTS, struct old_post);
	int64_t ids[BATCH_POSTS];
	size_t count = 0, caught = 0;
	struct rows rows;

	TRY(db_query(ctx, &trial_batch, &rows, param_i64(run->last_post_id),
		     param_time(run->asked_at), param_text(site_text(SITE_HOLDING_TIME_ZONE))));
	while (rows_next(&rows))
		old_post_read(&rows, &posts[count++]);
	for (size_t i = 0; i < count; i += POSTS_A_TRIP)
		TRY(ask_learnt(ctx, run, posts + i,
			       count - i < POSTS_A_TRIP ? count - i : POSTS_A_TRIP));
	TRY(ask_lists(ctx, run, posts, count));
	caught = catch (run, posts, count, ids);
	*has_more = count == BATCH_POSTS;
	if (count > 0)
		run->last_post_id = posts[count - 1].id;
	return db_query(ctx, &trial_note, &rows, param_i64(run->id), param_i64((int64_t)count),
			param_i64((int64_t)caught), param_i64(run->last_post_id),
			param_i64s(ctx->arena, ids, caught), param_bool(!*has_more));
}

static void free_words(void *matcher)
{
	word_matcher_free(matcher);
}

static enum err begin(struct ctx *ctx, struct trial_run *run, bool *is_wanted)
{
	struct rows rows;
	int64_t rule_id;

	TRY(db_query(ctx, &trial_begin, &rows, param_i64(run->id)));
	*is_wanted = rows_next(&rows);
	if (!*is_wanted)
		return OK;
	rule_id = col_i64(&rows);
	run->last_post_id = col_i64(&rows);
	run->asked_at = col_time(&rows);
	TRY(holding_rule_load(ctx, rule_id, &run->rule));
	run->words = holding_words(ctx->arena, &run->rule, 1);
	arena_defer(ctx->arena, free_words, run->words);
	return OK;
}

enum err holding_trial_run(struct ctx *ctx, int64_t trial_id, bool *has_more)
{
	struct trial_run run = { .id = trial_id };

	TRY(begin(ctx, &run, has_more));
	for (int i = 0; i < BATCHES_A_RUN && *has_more; i++)
		TRY(run_batch(ctx, &run, has_more));
	return OK;
}
