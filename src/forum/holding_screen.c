/*
 * Texts from elsewhere, many at once: what a mirror reads, what an import brought. The
 * rules that ask about the writer or the form have nothing to say of them.
 */
#include "forum/holding_rules.h"

#include "forum/site_setting.h"

/* Statements of a text for its likeness and score, in one round trip. */
#define TEXTS_A_TRIP   7
/* Of a text that is held: three marks, the hold and its item. */
#define RECORDS_A_TRIP 4

DB_STATEMENT(screen_begin,
	     "select v.version, extract(hour from now() at time zone $1::text)::bigint\n"
	     "from holding_version v",
	     1);

bool holding_has_sense(enum holding_kind kind, enum holding_origin origin)
{
	switch (kind) {
	case HOLD_LINKS:
	case HOLD_HOSTS:
	case HOLD_WORDS:
	case HOLD_CATEGORY:
	case HOLD_SIMILAR:
	case HOLD_SPAM:
		return true;
	case HOLD_HOURS:
		return origin != ORIGIN_IMPORT;
	default:
		return origin == ORIGIN_SITE;
	}
}

static bool is_wanted(const struct holding_rules *rules, enum holding_origin origin)
{
	for (size_t i = 0; i < rules->count; i++)
		if (holding_is_for(&rules->items[i], origin))
			return true;
	return false;
}

static enum err ask_learnt(struct ctx *ctx, struct holding *items, size_t count)
{
	bool has_similar = holding_has_kind(HOLD_SIMILAR), has_spam = holding_has_kind(HOLD_SPAM);

	if (!has_similar && !has_spam)
		return OK;
	for (size_t i = 0; i < count; i++) {
		if (has_similar)
			holding_add_similar(ctx, &items[i]);
		if (has_spam)
			holding_add_spam(ctx, &items[i]);
	}
	TRY(db_run(ctx));
	for (size_t i = 0; i < count; i++) {
		holding_take_similar(&items[i]);
		holding_take_spam(ctx, &items[i]);
	}
	return OK;
}

enum err holding_screen(struct ctx *ctx, struct holding *items, size_t count)
{
	struct rows rows;
	int64_t hour;

	if (count == 0)
		return OK;
	TRY(db_query(ctx, &screen_begin, &rows, param_text(site_text(SITE_HOLDING_TIME_ZONE))));
	if (!rows_next(&rows))
		return OK;
	TRY(holding_rules_refresh(ctx, col_i64(&rows)));
	hour = col_i64(&rows);
	if (!is_wanted(holding_rules_known(), items[0].text.origin))
		return OK;
	for (size_t i = 0; i < count; i += TEXTS_A_TRIP)
		TRY(ask_learnt(ctx, items + i,
			       count - i < TEXTS_A_TRIP ? count - i : TEXTS_A_TRIP));
	for (size_t i = 0; i < count; i++) {
		items[i].facts.hour = hour;
		holding_weigh(ctx, &items[i]);
		/* Nobody is there to be told to change it. */
		if (items[i].verdict.act == HOLDING_REFUSES)
			items[i].verdict.act = HOLDING_HOLDS;
	}
	return OK;
}

enum err holding_record_all(struct ctx *ctx, const struct holding *items, size_t count)
{
	size_t queued = 0;

	for (size_t i = 0; i < count; i++) {
		if (!holding_has_verdict(&items[i]))
			continue;
		holding_record(ctx, &items[i], items[i].text.post_id);
		if (++queued % RECORDS_A_TRIP == 0)
			TRY(db_run(ctx));
	}
	return queued % RECORDS_A_TRIP ? db_run(ctx) : OK;
}
