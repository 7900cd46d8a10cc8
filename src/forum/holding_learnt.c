/*
 * What earlier decisions say of a text: how like it is to what was removed, and how its
 * words were judged.
 */
#include "forum/holding_rules.h"

#include "text/shingles.h"
#include "text/spam_score.h"

/* A common run of words may stand in many; the newest are enough to know. */
DB_STATEMENT(
	holding_similar,
	"select array_to_string(r.sketch, ' ') from removed_texts r\n"
	"where r.sketch && $1::bigint[] and r.post_id <> $2 order by r.removed_at desc limit 50",
	2);

DB_STATEMENT(holding_counts,
	     "select t.language, t.token, t.spam::bigint, t.ham::bigint from spam_tokens t\n"
	     "where t.language in ('fr', 'en') and t.token = any ($1::bigint[])",
	     1);

DB_STATEMENT(holding_totals, "select t.language, t.spam::bigint, t.ham::bigint from spam_totals t",
	     0);

void holding_add_similar(struct ctx *ctx, struct holding *holding)
{
	holding->sketch_count = shingles_of(ctx->arena, holding->text.body_md, &holding->sketch);
	if (holding->sketch_count > 0)
		db_add(ctx, &holding_similar, &holding->similar,
		       param_i64s(ctx->arena, holding->sketch, holding->sketch_count),
		       param_i64(holding->text.post_id));
}

void holding_add_spam(struct ctx *ctx, struct holding *holding)
{
	const struct spam_text text = { holding->text.title, holding->text.body_md };

	holding->token_count = spam_tokens(ctx->arena, &text, &holding->tokens);
	db_add(ctx, &holding_counts, &holding->counts,
	       param_i64s(ctx->arena, holding->tokens, holding->token_count));
	db_add(ctx, &holding_totals, &holding->totals);
}

static size_t read_sketch(const char *text, int64_t *sketch)
{
	size_t count = 0;
	char *end;

	for (; *text && count < SHINGLES_MAX; text = end + (*end == ' ')) {
		sketch[count++] = strtoll(text, &end, 10);
		if (end == text)
			return count - 1;
	}
	return count;
}

void holding_take_similar(struct holding *holding)
{
	int64_t sketch[SHINGLES_MAX];
	double most = 0;

	while (rows_next(&holding->similar)) {
		size_t count = read_sketch(col_text(&holding->similar), sketch);
		double like = shingles_similarity(holding->sketch, holding->sketch_count, sketch,
						  count);

		most = like > most ? like : most;
	}
	holding->facts.similar_percent = (int64_t)(100 * most);
}

void holding_take_spam(struct ctx *ctx, struct holding *holding)
{
	struct spam_count *counts = arena_array_of(ctx->arena, (size_t)holding->counts.count + 1,
						   struct spam_count);
	int64_t spam = 0, ham = 0;
	size_t count = 0;

	while (rows_next(&holding->counts)) {
		bool is_ours = strcmp(col_text(&holding->counts), holding->text.language) == 0;
		struct spam_count row = { .token = col_i64(&holding->counts) };

		row.spam = col_i64(&holding->counts);
		row.ham = col_i64(&holding->counts);
		if (is_ours)
			counts[count++] = row;
	}
	while (rows_next(&holding->totals)) {
		bool is_ours = strcmp(col_text(&holding->totals), holding->text.language) == 0;
		int64_t spam_lessons = col_i64(&holding->totals);
		int64_t ham_lessons = col_i64(&holding->totals);

		spam = is_ours ? spam_lessons : spam;
		ham = is_ours ? ham_lessons : ham;
	}
	holding->facts.spam_percent = (int64_t)(100 * spam_score(counts, count, spam, ham));
}
