/*
 * Lessons: learnt, unlearnt, forgotten.
 */
#include "forum/spam_lesson.h"

#include "db/db.h"
#include "forum/site_setting.h"
#include "text/shingles.h"
#include "text/spam_score.h"

/*
 * What was decided, and what was learnt. A refusal or withdrawal for spam that stands is
 * spam; an approval that stands, of a post that everybody sees, is none; a bulk removal
 * as spam says so too.
 */
DB_STATEMENT(
	lesson_post,
	"select case when p.kind = 'question' then t.title else '' end, p.body_md, t.language,\n"
	"	case when exists (select from moderation_cases c where c.post_id = p.id and c.rule = 'spam'\n"
	"		and c.act in ('withdraw', 'refuse') and c.reversed_at is null\n"
	"		union all select from removal_posts k join removals r on r.id = k.removal_id\n"
	"		where k.post_id = p.id and r.is_spam and r.state in ('removing', 'removed'))\n"
	"		and p.visibility <> 'visible' then 'spam'\n"
	"	when p.visibility = 'visible' and exists (select from moderation_items i\n"
	"		where i.post_id = p.id and i.state = 'decided' and i.decision = 'approve'\n"
	"		and i.undone_at is null) then 'ham' else '' end,\n"
	"	coalesce(l.label, ''), coalesce(l.language, ''), coalesce(array_to_string(l.tokens, ' '), '')\n"
	"from posts p join topics t on t.id = p.topic_id left join spam_lessons l on l.post_id = p.id\n"
	"where p.id = $1 for update of p",
	1);

DB_STATEMENT(
	lesson_count,
	"insert into spam_tokens as t (language, token, spam, ham)\n"
	"select $1, n.token, greatest($3::integer, 0), greatest($4::integer, 0)\n"
	"from unnest($2::bigint[]) n(token) order by n.token\n"
	"on conflict (language, token) do update set spam = greatest(t.spam + $3::integer, 0),\n"
	"	ham = greatest(t.ham + $4::integer, 0), seen_on = current_date",
	4);

DB_STATEMENT(lesson_total,
	     "update spam_totals set spam = greatest(spam + $2::integer, 0),\n"
	     "	ham = greatest(ham + $3::integer, 0) where language = $1",
	     3);

DB_STATEMENT(lesson_put,
	     "insert into spam_lessons (post_id, label, language, tokens)\n"
	     "values ($1, $2, $3, $4::bigint[])",
	     4);
DB_STATEMENT(lesson_drop, "delete from spam_lessons where post_id = $1", 1);

DB_STATEMENT(removed_put,
	     "insert into removed_texts (post_id, sketch) values ($1, $2::bigint[])\n"
	     "on conflict (post_id) do nothing",
	     2);
DB_STATEMENT(removed_drop, "delete from removed_texts where post_id = $1", 1);

DB_STATEMENT(lesson_forget_words,
	     "delete from spam_tokens where spam + ham <= 1 and seen_on < current_date - 90\n"
	     "	and language in ('fr', 'en')",
	     0);
DB_STATEMENT(lesson_forget_texts,
	     "delete from removed_texts where removed_at < now() - interval '2 years'", 0);

/*
 * The oldest lessons of a language and label beyond the newest $1, some at a time: what
 * they counted is taken back, so that counts stay the sum of the lessons. Words are
 * locked in the order in which lessons lock them.
 */
DB_STATEMENT(
	lesson_forget_batch,
	"with old as (\n"
	"	select l.post_id, l.label, l.language, l.tokens from (select n.*, row_number() over (\n"
	"		partition by n.language, n.label order by n.learnt_at desc, n.post_id desc) as place\n"
	"		from spam_lessons n) l\n"
	"	where l.place > $1 limit 500\n"
	"), words as (\n"
	"	select o.language, w.token, count(*) filter (where o.label = 'spam') as spam,\n"
	"		count(*) filter (where o.label = 'ham') as ham\n"
	"	from old o cross join unnest(o.tokens) w(token) group by o.language, w.token\n"
	"), locked as (\n"
	"	select t.language, t.token, w.spam, w.ham from spam_tokens t\n"
	"	join words w on w.language = t.language and w.token = t.token\n"
	"	order by t.language, t.token for update of t\n"
	"), counted as (\n"
	"	update spam_tokens t set spam = greatest(t.spam - k.spam, 0), ham = greatest(t.ham - k.ham, 0)\n"
	"	from locked k where t.language = k.language and t.token = k.token\n"
	"), totals as (\n"
	"	update spam_totals s set spam = greatest(s.spam - n.spam, 0), ham = greatest(s.ham - n.ham, 0)\n"
	"	from (select o.language, count(*) filter (where o.label = 'spam') as spam,\n"
	"		count(*) filter (where o.label = 'ham') as ham from old o group by o.language) n\n"
	"	where s.language = n.language\n"
	"), gone as (\n"
	"	delete from spam_lessons l using old o where l.post_id = o.post_id returning 1\n"
	"), noted as (\n"
	"	insert into retention_log (class, deleted)\n"
	"	select 'spam_lessons', count(*) from gone having count(*) > 0\n"
	")\n"
	"select count(*) from gone",
	1);

struct lesson {
	int64_t post_id;
	const char *title, *body_md, *language;
	const char *wanted;                                /* 'spam', 'ham' or "" */
	const char *known, *known_language, *known_tokens; /* "" : nothing was learnt */
};

static void lesson_read(struct rows *rows, struct lesson *lesson)
{
	lesson->title = col_text(rows);
	lesson->body_md = col_text(rows);
	lesson->language = col_text(rows);
	lesson->wanted = col_text(rows);
	lesson->known = col_text(rows);
	lesson->known_language = col_text(rows);
	lesson->known_tokens = col_text(rows);
}

static size_t read_tokens(const char *text, int64_t *tokens)
{
	size_t count = 0;
	char *end;

	for (; *text && count < SPAM_TOKENS_MAX; text = end + (*end == ' ')) {
		int64_t token = strtoll(text, &end, 10);

		if (end == text)
			break;
		tokens[count++] = token;
	}
	return count;
}

/* by: 1 learns, -1 unlearns. */
static void add_counts(struct ctx *ctx, const char *label, const char *language,
		       const int64_t *tokens, size_t count, int64_t by)
{
	bool is_spam = strcmp(label, "spam") == 0;
	struct param spam = param_i64(is_spam ? by : 0), ham = param_i64(is_spam ? 0 : by);

	db_add(ctx, &lesson_count, NULL, param_text(language),
	       param_i64s(ctx->arena, tokens, count), spam, ham);
	db_add(ctx, &lesson_total, NULL, param_text(language), spam, ham);
}

static void unlearn(struct ctx *ctx, const struct lesson *lesson)
{
	int64_t tokens[SPAM_TOKENS_MAX];
	size_t count = read_tokens(lesson->known_tokens, tokens);

	add_counts(ctx, lesson->known, lesson->known_language, tokens, count, -1);
	db_add(ctx, &lesson_drop, NULL, param_i64(lesson->post_id));
	db_add(ctx, &removed_drop, NULL, param_i64(lesson->post_id));
}

static void learn(struct ctx *ctx, const struct lesson *lesson)
{
	const struct spam_text text = { lesson->title, lesson->body_md };
	int64_t *tokens, *sketch;
	size_t count = spam_tokens(ctx->arena, &text, &tokens);

	add_counts(ctx, lesson->wanted, lesson->language, tokens, count, 1);
	db_add(ctx, &lesson_put, NULL, param_i64(lesson->post_id), param_text(lesson->wanted),
	       param_text(lesson->language), param_i64s(ctx->arena, tokens, count));
	if (strcmp(lesson->wanted, "spam") != 0)
		return;
	count = shingles_of(ctx->arena, lesson->body_md, &sketch);
	if (count > 0)
		db_add(ctx, &removed_put, NULL, param_i64(lesson->post_id),
		       param_i64s(ctx->arena, sketch, count));
}

enum err spam_judge(struct ctx *ctx, int64_t post_id)
{
	struct lesson lesson = { .post_id = post_id };
	struct rows rows;

	db_begin(ctx);
	TRY(db_query(ctx, &lesson_post, &rows, param_i64(post_id)));
	if (!rows_next(&rows))
		return db_commit(ctx);
	lesson_read(&rows, &lesson);
	if (strcmp(lesson.wanted, lesson.known) != 0) {
		if (lesson.known[0])
			unlearn(ctx, &lesson);
		if (lesson.wanted[0])
			learn(ctx, &lesson);
	}
	return db_commit(ctx);
}

enum err spam_forget_lessons(struct ctx *ctx, int64_t most)
{
	struct rows gone;
	int64_t count;

	do {
		TRY(db_query(ctx, &lesson_forget_batch, &gone, param_i64(most)));
		count = rows_next(&gone) ? col_i64(&gone) : 0;
	} while (count > 0);
	return OK;
}

enum err spam_forget_old(struct ctx *ctx)
{
	TRY(spam_forget_lessons(ctx, site_number(SITE_SPAM_LESSONS_MOST)));
	db_add(ctx, &lesson_forget_words, NULL);
	db_add(ctx, &lesson_forget_texts, NULL);
	return db_run(ctx);
}
