/*
 * A case: the file of one act that limits somebody, as the EU's Digital Services Act
 * (article 17) asks for: what, its scope and duration, the facts, whether a program
 * found or decided it, the ground, the remedies. The statement of reasons is made here
 * in the language of whom it limits, kept as it was sent, told on the site and by mail,
 * and can be read by them at /cases/ID. A complaint (article 20) may come within six
 * months, and is decided by somebody else than who decided the case (complaint.h).
 */
#ifndef FORUM_CASE_H
#define FORUM_CASE_H

#include "base/ctx.h"

/* Why people flag and why the team acts: one list, so that the two can be compared. */
enum rule {
	RULE_SPAM,
	RULE_RUDE, /* insults, hate, harassment */
	RULE_OFF_TOPIC,
	RULE_WRONG, /* dangerous or misleading advice */
	RULE_PERSONAL_DATA,
	RULE_ILLEGAL,
	RULE_OTHER,
	RULE_COUNT,
};

enum case_act {
	CASE_HIDE,     /* a visible post, until the team has looked */
	CASE_WITHDRAW, /* a visible or hidden post */
	CASE_REFUSE,   /* a post that was held before publication */
	CASE_WARNING,
	CASE_SILENCE,
	CASE_SUSPENSION,
	CASE_RIGHTS_REMOVED, /* may not write in a category */
	CASE_ACT_COUNT,
};

enum case_origin {
	CASE_BY_TEAM, /* found by the team itself */
	CASE_BY_FLAGS,
	CASE_BY_NOTICE,
	CASE_BY_RULE, /* a rule of the program */
};

#define CASE_FACTS_MAX        1000 /* code points */
#define CASE_COMPLAINT_MONTHS 6

/*
 * facts: what happened, by whoever decides, in their words; "" or NULL: a stock sentence
 * for act, rule and origin. person_id 0: the author of post_id; that may be nobody's
 * account, and then nobody is told. is_decided_automatically: the program acted (the
 * case is then decided by nobody, and anybody may decide a complaint); else it was
 * ctx->actor, who must be a person.
 */
struct case_new {
	enum case_act act;
	enum rule rule;
	bool is_law; /* a law was broken, not only the charter */
	const char *facts;
	enum case_origin origin;
	bool is_detected_automatically, is_decided_automatically;
	int64_t person_id, topic_id, post_id, measure_id, item_id;
	int64_t ends_at; /* 0: for good, or until decided otherwise */
};

/*
 * Sends what is queued, inside the caller's transaction; *id may be asked for or NULL.
 * Writes the notification and queues the mail. Only a demo's people get no mail.
 */
enum err case_open(struct ctx *ctx, const struct case_new *form, int64_t *id) MUST_CHECK;

enum case_reversal {
	CASE_NOT_REVERSED,
	CASE_UPHELD,   /* a complaint was right */
	CASE_UNDONE,   /* whoever decided thought again */
	CASE_RELEASED, /* was hidden, and is fine */
	CASE_REPLACED, /* another act on the same post */
};

/*
 * Queues it, and for CASE_UNDONE that the person is told again. The act itself is put
 * back by the caller. Once: a second changes nothing.
 */
void case_reverse(struct ctx *ctx, int64_t id, enum case_reversal how);
/* The post's hidings that are still in force. */
void case_reverse_hiding(struct ctx *ctx, int64_t post_id, enum case_reversal how);

/* A line of a list of cases: k is the case, d who decided it. */
#define CASE_ROW_COLUMNS \
	"k.id, k.created_at, k.ends_at, k.reversed_at, k.post_id, k.act, k.rule,\n" \
	"	coalesce(k.reversal, ''), k.is_decided_automatically, coalesce(d.name, ''), k.facts"
#define CASE_ROW_TABLES "moderation_cases k left join people d on d.id = k.decided_by"
struct case_row {
	int64_t id, created_at, ends_at, reversed_at, post_id;
	enum case_act act;
	enum rule rule;
	enum case_reversal reversal;
	bool is_decided_automatically;
	const char *decided_by_name, *facts;
};
struct rows;
/* Of a statement that has the columns of CASE_ROW_COLUMNS. */
void case_row_read(struct rows *rows, struct case_row *row);
void case_read_all(struct ctx *ctx, struct rows *rows, struct case_row **out, size_t *count);

const char *rule_text(enum rule rule);  /* "personal_data", as in the database */
const char *rule_label(enum rule rule); /* for people, translated */
bool rule_parse(const char *text, enum rule *out);
const char *case_act_text(enum case_act act);
const char *case_act_label(enum case_act act);
enum case_act case_act_from_text(const char *text);
const char *case_origin_text(enum case_origin origin);
const char *case_reversal_text(enum case_reversal how);
enum case_reversal case_reversal_from_text(const char *text); /* "": not reversed */

/*
 * The statement of reasons, in the language that is in use (i18n_use). Pure. place:
 * the title of the question that the post is under; "" where it is about no post.
 */
const char *case_statement(struct ctx *ctx, const struct case_new *form, const char *place);

#endif
