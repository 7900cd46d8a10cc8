/*
 * Flagging a post: the flag, the queue's item, and what the flags together do. All in
 * one transaction with the post locked, so that two flags at once are counted in turn.
 */
#include "forum/flag.h"

#include "base/clock.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/moderation.h"
#include "forum/once.h"
#include "forum/post_columns.h"
#include "forum/site_setting.h"
#include "forum/throttle.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define CLIQUE_DAYS  180
/* Above everything that flags can weigh: what flags may not hide is looked at first. */
#define CAPPED_SCORE 1000

/* The actor's: what became of earlier flags, and the last one of this post. */
DB_STATEMENT(flag_record_of_person,
	     "select count(*) filter (where f.state = 'agreed'),\n"
	     "	count(*) filter (where f.state = 'disagreed'),\n"
	     "	coalesce(bool_or(f.post_id = $2 and f.state = 'open'), false),\n"
	     "	max(f.decided_at) filter (where f.post_id = $2)\n"
	     "from (select state, post_id, decided_at from flags where person_id = $1\n"
	     "	order by created_at desc limit 2000) f",
	     2);

/* What caps look at: the author, and what was hidden of them lately. */
DB_STATEMENT(
	flag_target_of_post,
	"select coalesce(a.trust_level, 0),\n"
	"	coalesce(a.role <> 'customer' or a.is_expert, false) or p.is_official,\n"
	"	p.kind = 'question' and t.answer_count > 0, coalesce(a.trust_level = 0, false),\n"
	"	(select count(*) from posts h where h.author_id = p.author_id\n"
	"		and h.hidden_by_flags_at > $2::timestamptz - interval '24 hours')\n"
	"from posts p join topics t on t.id = p.topic_id left join people a on a.id = p.author_id\n"
	"where p.id = $1",
	2);

/* The network is the session's: what the flag was sent from. */
DB_STATEMENT(
	flag_insert,
	"insert into flags (post_id, person_id, reason, detail, weight, network, created_at)\n"
	"select $1, $2, $3, $4, $5::real, coalesce((select network_of(s.address) from sessions s\n"
	"	where s.id = $6::bigint), ''), $7\n",
	7);

/*
 * Which of the post's open flags count: of those from one network, or by people who
 * always flag together, the heaviest alone. "mine" are this post's flags, "habits" what
 * their people flagged lately. Returns what those that count come to.
 * $2 days, $3 posts and $4 percent that make a clique.
 */
DB_STATEMENT(
	flag_recount,
	"with mine as (\n"
	"	select f.id, f.person_id, f.weight, f.network, f.reason, f.is_counted, a.trust_level,\n"
	"		a.role <> 'customer' as is_staff\n"
	"	from flags f join people a on a.id = f.person_id\n"
	"	where f.post_id = $1 and f.state = 'open'\n"
	"	order by f.weight desc, f.id limit 100\n"
	"), habits as (\n"
	"	select m.person_id, h.post_id, h.state\n"
	"	from mine m cross join lateral (select f.post_id, f.state from flags f\n"
	"		where f.person_id = m.person_id and f.post_id <> $1\n"
	"		and f.created_at > now() - make_interval(days => $2::integer)\n"
	"		order by f.created_at desc limit 200) h\n"
	"), totals as (\n"
	"	select person_id, count(distinct post_id) as posts from habits group by person_id\n"
	"), pairs as (\n"
	"	select a.person_id as one, b.person_id as other, count(distinct a.post_id) as shared,\n"
	"		count(distinct a.post_id) filter (where a.state = 'agreed') as right_ones,\n"
	"		count(distinct a.post_id) filter (where a.state in ('agreed', 'disagreed')) as decided\n"
	"	from habits a join habits b on b.post_id = a.post_id and b.person_id <> a.person_id\n"
	"	group by a.person_id, b.person_id\n"
	"), tied as (\n"
	"	select p.one, p.other from pairs p\n"
	"	join totals t on t.person_id = p.one join totals u on u.person_id = p.other\n"
	"	where p.shared >= $3::bigint and 100 * p.shared >= $4::bigint * least(t.posts, u.posts)\n"
	"		and not (p.decided >= $3::bigint and 10 * p.right_ones >= 7 * p.decided)\n"
	"), judged as (\n"
	"	select m.*, not exists (select from mine o\n"
	"		where (o.weight > m.weight or (o.weight = m.weight and o.id < m.id))\n"
	"		and ((m.network <> '' and o.network = m.network) or exists (select from tied\n"
	"			where tied.one = m.person_id and tied.other = o.person_id))) as counts\n"
	"	from mine m\n"
	"), changed as (\n"
	"	update flags f set is_counted = j.counts from judged j\n"
	"	where f.id = j.id and f.is_counted <> j.counts\n"
	")\n"
	"select coalesce(sum(weight) filter (where counts), 0)::float8, count(*) filter (where counts),\n"
	"	coalesce(bool_or(is_staff), false),\n"
	"	coalesce(bool_or(trust_level >= 3 and weight >= 4 and reason = 'spam'), false)\n"
	"from judged",
	4);

DB_STATEMENT(flag_set_score,
	     "update moderation_items set score = $2::real\n"
	     "where post_id = $1 and kind = 'flag' and state = 'open'",
	     2);

/* A topic is as visible as its question; one statement each, as locks go topic, post. */
DB_STATEMENT(flag_hide_topic,
	     "update topics set visibility = 'held' where id = $1 and visibility = 'visible'", 1);
DB_STATEMENT(flag_hide_post,
	     "update posts set visibility = 'held', hidden_by_flags_at = $2\n"
	     "where id = $1 and visibility = 'visible'",
	     2);

struct flagging {
	const struct flag_new *form;
	const char *detail;
	struct post_lock lock;
	struct rows day, record_rows, target_rows;
	struct flag_record record;
	struct flag_target target;
	bool is_repeated, is_hidden;
};

static enum err clean(struct ctx *ctx, struct flagging *flagging)
{
	bool needs_detail = flagging->form->reason == RULE_OTHER;

	return field_line(ctx, "detail", flagging->form->detail ? flagging->form->detail : "",
			  needs_detail ? 5 : 0, FLAG_DETAIL_MAX, &flagging->detail);
}

static void add_questions(struct ctx *ctx, struct flagging *flagging)
{
	int64_t post_id = flagging->form->post_id;

	post_lock_add(ctx, post_id, &flagging->lock);
	throttle_add_flag(ctx, &flagging->day);
	db_add(ctx, &flag_record_of_person, &flagging->record_rows, param_id(ctx->actor->id),
	       param_i64(post_id));
	db_add(ctx, &flag_target_of_post, &flagging->target_rows, param_i64(post_id),
	       param_time(ctx->now));
}

/* Decided not long ago: the team has just looked. */
static enum err check_repeat(struct ctx *ctx, int64_t decided_at)
{
	int64_t wait = site_number(SITE_FLAGS_AGAIN_HOURS) * CLOCK_HOUR;

	if (decided_at && ctx->now - decided_at < wait)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("You reported this not long ago, and the team has looked at it."));
	return OK;
}

static enum err read_answers(struct ctx *ctx, struct flagging *flagging)
{
	struct rows *rows = &flagging->record_rows;
	struct flag_target *target = &flagging->target;

	rows_next(rows);
	flagging->record.agreed = col_i64(rows);
	flagging->record.disagreed = col_i64(rows);
	flagging->is_repeated = col_bool(rows);
	TRY(check_repeat(ctx, col_time(rows)));
	rows = &flagging->target_rows;
	rows_next(rows);
	target->author_trust = (int)col_i64(rows);
	target->is_by_staff = col_bool(rows);
	target->has_answers = col_bool(rows);
	target->is_new_member = col_bool(rows);
	target->hidden_lately = col_i64(rows);
	return OK;
}

static void add_flag(struct ctx *ctx, const struct flagging *flagging)
{
	const struct flag_new *form = flagging->form;
	double weight = flag_weight(ctx->actor, flagging->record);

	db_add(ctx, &flag_insert, NULL, param_i64(form->post_id), param_id(ctx->actor->id),
	       param_text(rule_text(form->reason)), param_text(flagging->detail), param_f64(weight),
	       param_id(ctx->actor->session_id), param_time(ctx->now));
	moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_FLAG,
						       .post_id = form->post_id,
						       .code = rule_text(form->reason) });
}

static enum err recount(struct ctx *ctx, int64_t post_id, struct flag_sum *sum)
{
	struct rows rows;

	TRY(db_query(ctx, &flag_recount, &rows, param_i64(post_id), param_i64(CLIQUE_DAYS),
		     param_i64(site_number(SITE_FLAGS_CLIQUE_POSTS)),
		     param_i64(site_number(SITE_FLAGS_CLIQUE_PERCENT))));
	rows_next(&rows);
	sum->score = col_f64(&rows);
	sum->people = col_i64(&rows);
	sum->has_staff = col_bool(&rows);
	sum->has_spam_by_regular = col_bool(&rows);
	return OK;
}

/* The program acts, on what people said: nobody of them is named as who decided. */
static enum err hide(struct ctx *ctx, const struct flagging *flagging)
{
	const struct post *post = &flagging->lock.post;

	if (post->kind == POST_QUESTION)
		db_add(ctx, &flag_hide_topic, NULL, param_i64(post->topic_id));
	db_add(ctx, &flag_hide_post, NULL, param_i64(post->id), param_time(ctx->now));
	return case_open(ctx,
			 &(struct case_new){ .act = CASE_HIDE,
					     .rule = flagging->form->reason,
					     .origin = CASE_BY_FLAGS,
					     .is_decided_automatically = true,
					     .topic_id = post->topic_id,
					     .post_id = post->id },
			 NULL);
}

static enum err apply(struct ctx *ctx, struct flagging *flagging)
{
	int64_t post_id = flagging->form->post_id;
	struct flag_sum sum = { 0 };
	enum flag_effect effect;

	TRY(recount(ctx, post_id, &sum));
	effect = flag_decide(&sum, &flagging->target);
	db_add(ctx, &flag_set_score, NULL, param_i64(post_id),
	       param_f64(sum.score + (effect == FLAG_CAPPED ? CAPPED_SCORE : 0)));
	if (effect == FLAG_CAPPED)
		moderation_open(ctx, &(struct moderation_new){ .kind = MODERATION_FLAG,
							       .post_id = post_id,
							       .code = "capped" });
	flagging->is_hidden = effect == FLAG_HIDES;
	return flagging->is_hidden ? hide(ctx, flagging) : db_run(ctx);
}

/* A question that is hidden now cannot be gone on reading. */
static const char *where_to(struct ctx *ctx, const struct flagging *flagging)
{
	const struct post_lock *lock = &flagging->lock;

	if (flagging->is_hidden && lock->post.kind == POST_QUESTION)
		return "/questions";
	return post_path_on_page(ctx->arena, &lock->topic, lock->page, lock->post.id);
}

static enum err flag(struct ctx *ctx, struct flagging *flagging, const char **path)
{
	const struct flag_new *form = flagging->form;
	struct subject subject;
	const char *earlier;

	TRY(clean(ctx, flagging));
	db_begin(ctx);
	add_questions(ctx, flagging);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	TRY(post_lock_take(ctx, &flagging->lock));
	subject = post_subject(ctx, &flagging->lock.post, &flagging->lock.topic);
	TRY(policy_require(ctx, MAY_FLAG, &subject));
	TRY(throttle_check(ctx, &flagging->day));
	TRY(read_answers(ctx, flagging));
	if (!flagging->is_repeated) {
		add_flag(ctx, flagging);
		TRY(db_run(ctx));
		TRY(apply(ctx, flagging));
	}
	*path = where_to(ctx, flagging);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err flag_create(struct ctx *ctx, const struct flag_new *form, const char **path)
{
	struct flagging flagging = { .form = form };

	return writing_end(ctx, flag(ctx, &flagging, path));
}
