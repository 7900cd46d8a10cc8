/*
 * Holding before publication: an ordered list of rules, kept in the database and edited
 * at /admin/holding, that every text of a member passes before it is public. The first
 * rule that holds or refuses decides; rules that mark let the text through and put it
 * before the team. The team's own texts pass.
 *
 *	holding_begin(ctx, &holding, &text);      -- queues what the rules ask for
 *	TRY(db_run(ctx));
 *	TRY(holding_decide(ctx, &holding));       -- ERR_INVALID: refused, with the rule's words
 *	… the post is written with holding_visibility(&holding) …
 *	holding_record(ctx, &holding, post_id);   -- queues: the queue's items, what was held
 *
 * Each process keeps the rules as it last read them, words compiled; the version that
 * comes with holding_begin tells when to read them anew.
 */
#ifndef FORUM_HOLDING_H
#define FORUM_HOLDING_H

#include "db/db.h"
#include "forum/policy.h"

#define HOLDING_RULES_MAX    100
#define HOLDING_NAME_MAX     80
#define HOLDING_WORDS_BYTES  200000
#define HOLDING_EXCEPT_BYTES 100000
#define HOLDING_MESSAGE_MAX  400

enum holding_kind {
	HOLD_FIRST_POSTS, /* fewer than number posts that everybody sees */
	HOLD_LINKS,       /* number links or more */
	HOLD_HOSTS,       /* a link to one of these hosts, or below */
	HOLD_WORDS,
	HOLD_CATEGORY,   /* in one of these categories */
	HOLD_TRUST,      /* trust level below number */
	HOLD_REPUTATION, /* fewer than number points */
	HOLD_HOURS,      /* "22-6": written between these hours, by the site's clock */
	HOLD_FILL_TIME,  /* written in fewer than number seconds */
	HOLD_DORMANT,    /* the first post after number days */
	HOLD_SIMILAR,    /* number percent like something that was removed */
	HOLD_SPAM,       /* a spam score of number percent or more */
	HOLD_LISTED,     /* the first post after number days, by whom sign-up would refuse now */
	HOLDING_KIND_COUNT,
};

enum holding_act { HOLDING_PASSES, HOLDING_MARKS, HOLDING_HOLDS, HOLDING_REFUSES };

struct holding_rule {
	int64_t id, position, number;
	enum holding_kind kind;
	enum holding_act act;
	bool is_on, on_mirrors, on_imports;
	int trust_most;
	const char *name, *words, *exceptions, *language, *message_fr, *message_en;
	int64_t changed_at;
};

enum holding_origin { ORIGIN_SITE, ORIGIN_MIRROR, ORIGIN_IMPORT };

struct holding_text {
	enum holding_origin origin;
	int64_t post_id;             /* 0: a new one */
	const char *title, *body_md; /* title "" but for a question */
	const char *language;
	int64_t category_id;  /* may be filled in before holding_decide */
	int64_t fill_seconds; /* 0 and less: not known */
};

/* What is known of the writer and the text: all that rules may look at. */
struct holding_facts {
	int trust_level;
	int64_t post_count, reputation, silent_days;
	int64_t hour; /* by the site's clock */
	int64_t similar_percent, spam_percent;
	bool is_listed;
};

struct holding_verdict {
	enum holding_act act;
	const struct holding_rule *rule;
	const char *why; /* the word, the host: for the team; "" */
};

struct holding {
	struct holding_text text;
	struct holding_facts facts;
	struct holding_verdict verdict;
	struct holding_verdict marks[HOLDING_RULES_MAX];
	size_t mark_count;
	bool is_asked;
	int64_t *sketch, *tokens;
	size_t sketch_count, token_count;
	struct rows version, person, similar, counts, totals, address;
};

void holding_begin(struct ctx *ctx, struct holding *holding, const struct holding_text *text);
enum err holding_decide(struct ctx *ctx, struct holding *holding) MUST_CHECK;
enum visibility holding_visibility(const struct holding *holding);
/* Holds no more, but marks: for what may not disappear any more. */
void holding_soften(struct holding *holding);
void holding_record(struct ctx *ctx, const struct holding *holding, int64_t post_id);

/* Marked or held: holding_record has something to write. */
bool holding_has_verdict(const struct holding *holding);

/*
 * Texts from elsewhere, of one origin, many at once: whoever wrote them is not known here,
 * so rules about the writer and the form do not count, and what would be refused is held.
 * items: their texts; the verdicts come back in them. In the caller's transaction.
 */
enum err holding_screen(struct ctx *ctx, struct holding *items, size_t count) MUST_CHECK;
/* holding_record of those that have a verdict; text.post_id is the post. */
enum err holding_record_all(struct ctx *ctx, const struct holding *items, size_t count) MUST_CHECK;
bool holding_has_sense(enum holding_kind kind, enum holding_origin origin);

/* Pure: does this rule catch the text? *why lives in the arena. */
struct word_matcher;
bool holding_rule_catches(struct arena *arena, const struct holding_rule *rule,
			  const struct word_matcher *words, const struct holding_text *text,
			  const struct holding_facts *facts, const char **why);

const char *holding_kind_text(enum holding_kind kind);
const char *holding_kind_label(enum holding_kind kind); /* translated */
/* Those that come with the forum are translated; others are as they were typed. */
const char *holding_rule_name(const char *name);
bool holding_kind_parse(const char *text, enum holding_kind *out);
const char *holding_act_text(enum holding_act act);
bool holding_act_parse(const char *text, enum holding_act *out);

#endif
