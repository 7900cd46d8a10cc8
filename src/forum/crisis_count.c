/*
 * Hourly counts. They follow wholly from topics and posts; what is counted and when stands
 * here alone, and crisis_check compares.
 */
#include "forum/crisis.h"

#include "base/buf.h"
#include "base/clock.h"
#include "db/db.h"
#include "forum/crisis_detect.h"
#include "forum/site_setting.h"
#include "text/word_list.h"

/* Until then what was written may still be held, withdrawn or moved. */
#define RECENT_HOURS  3
/* Words are looked for in so many posts at once, with so much memory. */
#define POSTS_AT_ONCE 1000
#define POSTS_MEMORY  ((size_t)32 << 20)
/* The chart of an incident looks further back than the baseline. */
#define KEPT_DAYS     400
/* A day more than the baseline needs: clocks on the wall differ from UTC. */
#define KEPT_HOURS    (CRISIS_HOURS + 48)

/*
 * A question that was joined with another was asked all the same. What is equal is not
 * written; what is no longer so is taken away.
 */
#define QUESTIONS_TRUTH \
	"select k.key, date_trunc('hour', t.created_at, 'UTC') as hour, count(*)::integer as count\n" \
	"from topics t cross join lateral (values (0::bigint), (t.top_category_id)) k (key)\n" \
	"where (t.visibility = 'visible' or t.merged_into is not null)\n" \
	"	and t.created_at >= $1::timestamptz and t.created_at < $2::timestamptz\n" \
	"group by 1, 2"

#define WORDS_TRUTH \
	"select 0::bigint as key, n.hour, n.count\n" \
	"from unnest($3::timestamptz[], $4::integer[]) n (hour, count)"

#define WRITE(signal, truth) \
	"with truth as (" truth "), gone as (\n" \
	"	delete from crisis_counts c where c.signal = '" signal \
	"' and c.hour >= $1::timestamptz\n" \
	"		and c.hour < $2::timestamptz and not exists (select from truth\n" \
	"			where truth.key = c.key and truth.hour = c.hour)\n" \
	"	returning 1\n" \
	"), written as (\n" \
	"	insert into crisis_counts as c (signal, key, hour, count)\n" \
	"	select '" signal "', truth.key, truth.hour, truth.count from truth\n" \
	"	order by truth.key, truth.hour\n" \
	"	on conflict (signal, key, hour) do update set count = excluded.count\n" \
	"		where c.count <> excluded.count\n" \
	"	returning 1\n" \
	")\n" \
	"select (select count(*) from gone) + (select count(*) from written)"

#define COMPARE(signal, truth) \
	"select count(*) from (" truth ") truth full join (select * from crisis_counts c\n" \
	"		where c.signal = '" signal \
	"' and c.hour >= $1::timestamptz and c.hour < $2::timestamptz) c\n" \
	"	on c.key = truth.key and c.hour = truth.hour\n" \
	"where c.count is distinct from truth.count"

DB_STATEMENT(crisis_questions_write, WRITE("questions", QUESTIONS_TRUTH), 2);
DB_STATEMENT(crisis_questions_compare, COMPARE("questions", QUESTIONS_TRUTH), 2);
DB_STATEMENT(crisis_words_write, WRITE("words", WORDS_TRUTH), 4);
DB_STATEMENT(crisis_words_compare, COMPARE("words", WORDS_TRUTH), 4);

DB_STATEMENT(
	crisis_posts,
	"select p.id, p.created_at, p.topic_id, t.language,\n"
	"	case when p.kind = 'question' then t.title || e'\\n' else '' end || left(p.body_md, 4000)\n"
	"from posts p join topics t on t.id = p.topic_id\n"
	"where p.created_at >= $1 and p.created_at < $2 and p.visibility = 'visible'\n"
	"	and (p.created_at, p.id) > ($3::timestamptz, $4::bigint)\n"
	"order by p.created_at, p.id limit $5",
	5);

DB_STATEMENT(crisis_state_row, "select s.words, s.counted_at from crisis_state s for update", 0);
DB_STATEMENT(crisis_state_put, "update crisis_state set words = $1, counted_at = $2", 2);
DB_STATEMENT(crisis_counts_purge, "delete from crisis_counts where hour < $1", 1);

static void free_matcher(void *matcher)
{
	word_matcher_free(matcher);
}

/* One list, in whatever language. NULL: no word is watched. */
static struct word_matcher *watched_words(struct ctx *ctx)
{
	const struct word_entry like = { .list_id = 1, .languages = WORD_ANY };
	struct word_entry *entries;
	struct word_matcher *matcher;
	size_t bad_line, count;

	count = word_list_parse(ctx->arena, site_text(SITE_CRISIS_WORDS), &like, &entries,
				&bad_line);
	if (count == 0)
		return NULL;
	matcher = word_matcher_new(entries, count);
	arena_defer(ctx->arena, free_matcher, matcher);
	return matcher;
}

/* Words ---------------------------------------------------------------------------------- */

/* A stretch of hours, each with its number of posts. */
struct hours {
	int64_t from, until;
	int32_t *counts;
	size_t count;
	/* NULL, or: the questions in whose thread it is, some of them twice. */
	int64_t *topic_ids;
	size_t topic_count, topic_max;
};

static int64_t hour_of(int64_t at)
{
	return at - at % CLOCK_HOUR;
}

/* The matcher asks for much memory, for a moment. */
static bool has_word(const struct word_matcher *matcher, struct arena *scratch, const char *text,
		     const char *language)
{
	struct word_match *matches;
	bool found = word_matcher_find(matcher, scratch, text, language, &matches) > 0;

	arena_reset(scratch);
	return found;
}

struct post_key {
	int64_t at, id;
};

/* The next posts behind the key, with memory of their own: there may be very many. */
static enum err count_some(struct ctx *ctx, const struct word_matcher *matcher,
			   struct arena *scratch, struct hours *hours, struct post_key *key,
			   bool *has_more)
{
	struct rows rows;

	TRY(db_query(ctx, &crisis_posts, &rows, param_time(hours->from), param_time(hours->until),
		     param_time(key->at), param_i64(key->id), param_i64(POSTS_AT_ONCE)));
	*has_more = rows.count == POSTS_AT_ONCE;
	while (rows_next(&rows)) {
		const char *language;
		int64_t topic_id;

		key->id = col_i64(&rows);
		key->at = col_time(&rows);
		topic_id = col_i64(&rows);
		language = col_text(&rows);
		if (!has_word(matcher, scratch, col_text(&rows), language))
			continue;
		hours->counts[(hour_of(key->at) - hours->from) / CLOCK_HOUR]++;
		if (hours->topic_count < hours->topic_max)
			hours->topic_ids[hours->topic_count++] = topic_id;
	}
	return OK;
}

static enum err count_words(struct ctx *ctx, struct hours *hours)
{
	const struct word_matcher *matcher = watched_words(ctx);
	struct post_key key = { hours->from, 0 };
	struct arena *scratch = arena_new(POSTS_MEMORY);
	struct ctx part = *ctx;
	enum err result = OK;

	for (bool has_more = matcher != NULL; result == OK && has_more;) {
		part.arena = arena_new(POSTS_MEMORY);
		result = count_some(&part, matcher, scratch, hours, &key, &has_more);
		arena_free(part.arena);
	}
	arena_free(scratch);
	ctx->error = part.error;
	return result;
}

/* The hours that have any, as the statements want them. */
static void word_params(struct ctx *ctx, const struct hours *hours, struct param *at,
			struct param *counts)
{
	struct buf times, numbers;

	buf_init(&times, ctx->arena, (hours->count + 1) * 40);
	buf_init(&numbers, ctx->arena, (hours->count + 1) * 12);
	for (size_t i = 0; i < hours->count; i++) {
		if (hours->counts[i] == 0)
			continue;
		buf_printf(&times, "%s%s", times.length ? "," : "{",
			   clock_rfc3339(ctx->arena, hours->from + (int64_t)i * CLOCK_HOUR));
		buf_printf(&numbers, "%s%d", numbers.length ? "," : "{", hours->counts[i]);
	}
	*at = param_text(arena_printf(ctx->arena, "%s}", times.length ? times.data : "{"));
	*counts = param_text(arena_printf(ctx->arena, "%s}", numbers.length ? numbers.data : "{"));
}

/* Both --------------------------------------------------------------------------------------- */

static struct hours stretch(struct ctx *ctx, size_t hour_count, int64_t until)
{
	struct hours hours = { .from = until - (int64_t)hour_count * CLOCK_HOUR,
			       .until = until,
			       .count = hour_count };

	hours.counts = arena_array_of(ctx->arena, hour_count, int32_t);
	return hours;
}

static enum err apply(struct ctx *ctx, struct hours *hours, const struct stmt *questions,
		      const struct stmt *words, int64_t *rows_changed)
{
	struct param from = param_time(hours->from), until = param_time(hours->until), at, counts;
	struct rows of_questions, of_words;

	TRY(count_words(ctx, hours));
	word_params(ctx, hours, &at, &counts);
	db_add(ctx, questions, &of_questions, from, until);
	db_add(ctx, words, &of_words, from, until, at, counts);
	TRY(db_run(ctx));
	*rows_changed = rows_next(&of_questions) ? col_i64(&of_questions) : 0;
	*rows_changed += rows_next(&of_words) ? col_i64(&of_words) : 0;
	return OK;
}

static int64_t next_hour(const struct ctx *ctx)
{
	return hour_of(ctx->now) + CLOCK_HOUR;
}

static enum err is_all_due(struct ctx *ctx, bool *out)
{
	struct rows rows;

	*out = true;
	TRY(db_query_params(ctx, &crisis_state_row, &rows, NULL, 0));
	if (!rows_next(&rows))
		return OK;
	*out = strcmp(col_text(&rows), site_text(SITE_CRISIS_WORDS)) != 0 || col_is_null(&rows);
	return OK;
}

enum err crisis_count(struct ctx *ctx)
{
	struct hours hours = stretch(ctx, RECENT_HOURS, next_hour(ctx));
	int64_t written;
	bool is_all;

	TRY(is_all_due(ctx, &is_all));
	if (is_all)
		return crisis_count_all(ctx, &written);
	return apply(ctx, &hours, &crisis_questions_write, &crisis_words_write, &written);
}

enum err crisis_count_all(struct ctx *ctx, int64_t *written)
{
	struct hours hours = stretch(ctx, KEPT_HOURS, next_hour(ctx));

	TRY(apply(ctx, &hours, &crisis_questions_write, &crisis_words_write, written));
	db_add(ctx, &crisis_counts_purge, NULL, param_time(ctx->now - KEPT_DAYS * 24 * CLOCK_HOUR));
	db_add(ctx, &crisis_state_put, NULL, param_text(site_text(SITE_CRISIS_WORDS)),
	       param_time(ctx->now));
	return db_run(ctx);
}

/* What is still to come in the running hours is no difference. */
enum err crisis_check(struct ctx *ctx, bool is_repair, int64_t *differing)
{
	struct hours hours = stretch(ctx, KEPT_HOURS, next_hour(ctx) - RECENT_HOURS * CLOCK_HOUR);
	struct hours again = stretch(ctx, hours.count, hours.until);
	int64_t written;

	TRY(apply(ctx, &hours, &crisis_questions_compare, &crisis_words_compare, differing));
	if (!is_repair || *differing == 0)
		return OK;
	return apply(ctx, &again, &crisis_questions_write, &crisis_words_write, &written);
}

enum err crisis_word_topics(struct ctx *ctx, int64_t since, int64_t *ids, size_t max, size_t *count)
{
	struct hours hours = stretch(ctx, RECENT_HOURS, next_hour(ctx));

	hours.from = hour_of(since);
	hours.topic_ids = ids;
	hours.topic_max = max;
	TRY(count_words(ctx, &hours));
	*count = hours.topic_count;
	return OK;
}
