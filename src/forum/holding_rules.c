/*
 * The rules of this process: read when their version in the database is another one.
 */
#include "forum/holding_rules.h"

static struct {
	struct arena *arena; /* of the rules' texts; NULL before the first */
	struct holding_rules rules;
	int64_t version;
} known;

/* The texts of all rules of words, some times over. */
#define RULES_MEMORY_BYTES ((size_t)256 << 20)

DB_STATEMENT(holding_rules_on,
	     "select " HOLDING_RULE_COLUMNS " from holding_rules r\n"
	     "where r.deleted_at is null and r.is_on order by r.position, r.id limit 100",
	     0);

void holding_rule_read(struct rows *rows, struct holding_rule *rule)
{
	rule->id = col_i64(rows);
	rule->position = col_i64(rows);
	rule->number = col_i64(rows);
	/* Words that the constraints know. */
	holding_kind_parse(col_text(rows), &rule->kind);
	holding_act_parse(col_text(rows), &rule->act);
	rule->is_on = col_bool(rows);
	rule->on_mirrors = col_bool(rows);
	rule->on_imports = col_bool(rows);
	rule->trust_most = (int)col_i64(rows);
	rule->name = col_text(rows);
	rule->words = col_text(rows);
	rule->exceptions = col_text(rows);
	rule->language = col_text(rows);
	rule->message_fr = col_text(rows);
	rule->message_en = col_text(rows);
	rule->changed_at = col_time(rows);
}

static size_t parse_into(struct arena *arena, const char *lines, const struct word_entry *like,
			 struct word_entry *out, size_t room)
{
	struct word_entry *entries;
	size_t bad, count = word_list_parse(arena, lines, like, &entries, &bad);

	count = count < room ? count : room;
	if (count > 0)
		memcpy(out, entries, count * sizeof(*out));
	return count;
}

struct word_matcher *holding_words(struct arena *arena, const struct holding_rule *rules,
				   size_t count)
{
	struct word_entry *entries = arena_array_of(arena, WORD_ENTRIES_MAX, struct word_entry);
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		struct word_entry like = { .list_id = rules[i].id,
					   .languages = word_language(rules[i].language) };

		if (rules[i].kind != HOLD_WORDS)
			continue;
		used += parse_into(arena, rules[i].words, &like, entries + used,
				   WORD_ENTRIES_MAX - used);
		like.is_exception = true;
		used += parse_into(arena, rules[i].exceptions, &like, entries + used,
				   WORD_ENTRIES_MAX - used);
	}
	return word_matcher_new(entries, used);
}

const struct holding_rules *holding_rules_known(void)
{
	return &known.rules;
}

static void keep_texts(struct arena *arena, struct holding_rule *rule)
{
	rule->name = arena_strdup(arena, rule->name);
	rule->words = arena_strdup(arena, rule->words);
	rule->exceptions = arena_strdup(arena, rule->exceptions);
	rule->language = arena_strdup(arena, rule->language);
	rule->message_fr = arena_strdup(arena, rule->message_fr);
	rule->message_en = arena_strdup(arena, rule->message_en);
}

/* Without words rules nothing is compiled. */
static void keep(struct rows *rows, int64_t version)
{
	struct arena *arena = arena_new(RULES_MEMORY_BYTES);

	word_matcher_free(known.rules.words);
	if (known.arena)
		arena_free(known.arena);
	known.arena = arena;
	known.rules = (struct holding_rules){ 0 };
	while (rows_next(rows)) {
		struct holding_rule *rule = &known.rules.items[known.rules.count++];

		holding_rule_read(rows, rule);
		keep_texts(arena, rule);
	}
	if (holding_has_kind(HOLD_WORDS))
		known.rules.words = holding_words(arena, known.rules.items, known.rules.count);
	known.version = version;
}

enum err holding_rules_refresh(struct ctx *ctx, int64_t version)
{
	struct rows rows;

	if (version == known.version)
		return OK;
	TRY(db_query(ctx, &holding_rules_on, &rows));
	keep(&rows, version);
	return OK;
}

bool holding_has_kind(enum holding_kind kind)
{
	/* Before the first reading there may be any. */
	if (!known.arena)
		return true;
	for (size_t i = 0; i < known.rules.count; i++)
		if (known.rules.items[i].kind == kind)
			return true;
	return false;
}
