/* The rules as each process keeps them. Between the files of holding.h. */
#ifndef FORUM_HOLDING_RULES_H
#define FORUM_HOLDING_RULES_H

#include "forum/holding.h"
#include "text/word_list.h"

struct holding_rules {
	struct holding_rule items[HOLDING_RULES_MAX];
	size_t count;
	struct word_matcher *words; /* of all of them */
};

#define HOLDING_RULE_COLUMNS \
	"r.id, r.position, r.number::bigint, r.kind, r.act, r.is_on, r.on_mirrors, r.on_imports," \
	" r.trust_most, r.name, r.words, r.exceptions, r.language, r.message_fr, r.message_en, r.changed_at"
void holding_rule_read(struct rows *rows, struct holding_rule *rule);

/* Those that are on, of the version last read. */
const struct holding_rules *holding_rules_known(void);
/* Reads them anew if they are of another version. */
enum err holding_rules_refresh(struct ctx *ctx, int64_t version) MUST_CHECK;

/* Words of rules, compiled; word_matcher_free. */
struct word_matcher *holding_words(struct arena *arena, const struct holding_rule *rules,
				   size_t count);

/* Is there a rule of this kind that is on? Then what it asks for is asked for. */
bool holding_has_kind(enum holding_kind kind);

/* Does it look at texts of this origin? What asks about the writer does so here only. */
bool holding_is_for(const struct holding_rule *rule, enum holding_origin origin);
/* The rules in their order, over facts that are known. */
void holding_weigh(struct ctx *ctx, struct holding *holding);

/* Queues the questions about likeness and spam; takes the answers into facts. */
void holding_add_similar(struct ctx *ctx, struct holding *holding);
void holding_add_spam(struct ctx *ctx, struct holding *holding);
void holding_take_similar(struct holding *holding);
void holding_take_spam(struct ctx *ctx, struct holding *holding);

#endif
