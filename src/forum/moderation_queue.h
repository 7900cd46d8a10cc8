/*
 * Reading and claiming the queue; deciding is in moderation_decide.h.
 *
 * Two moderators never hold the same item: a claim is one update that takes only what
 * is free, lasts MODERATION_CLAIM_MINUTES, is lengthened by claiming again, and ends by
 * itself. Who decides needs no claim, but is refused while somebody else has it.
 */
#ifndef FORUM_MODERATION_QUEUE_H
#define FORUM_MODERATION_QUEUE_H

#include "forum/case.h"
#include "forum/measure.h"
#include "forum/moderation.h"
#include "forum/post.h"

#define MODERATION_PER_PAGE  30
#define MODERATION_COUNT_MAX 1000 /* more is shown as "1000+" */

enum moderation_decision {
	DECISION_APPROVE,   /* it is fine: shown, flags were wrong */
	DECISION_WITHDRAW,  /* with a case; flags were right */
	DECISION_EDIT,      /* changed, then shown; flags were right */
	DECISION_WARN,      /* withdrawn, and its author warned */
	DECISION_SUSPEND,   /* withdrawn, and its author suspended */
	DECISION_IGNORE,    /* as it was; flags neither right nor wrong */
	DECISION_UPHOLD,    /* of a complaint: the act is put back */
	DECISION_REJECT,    /* of a complaint */
	DECISION_UNFOUNDED, /* of a notice or a complaint: as it was, and manifestly abusive */
	DECISION_COUNT,
};
const char *moderation_decision_text(enum moderation_decision decision);
const char *moderation_decision_label(enum moderation_decision decision);
bool moderation_decision_parse(const char *text, enum moderation_decision *out);

struct moderation_reason {
	const char *label, *text;
	int64_t count;
};

/* A line of the queue, or what stands on top of an item's own page. */
struct moderation_item {
	int64_t id, topic_id, post_id, reference_id;
	enum moderation_kind kind;
	struct author author; /* whom it is about; id 0: nobody's account */
	struct moderation_reason reasons[MODERATION_REASONS_MAX];
	size_t reason_count;
	double score;
	bool is_open;
	int64_t claimed_by; /* 0: free, also when the time is over */
	const char *claimed_by_name;
	int64_t claimed_until, opened_at, decided_at;
	const char *decided_by_name, *note;
	enum moderation_decision decision; /* when it is not open */
	const char *title, *excerpt;       /* of the question; of the post */
	enum post_kind post_kind;
	enum visibility visibility;
};

struct moderation_query {
	bool has_kind;
	enum moderation_kind kind;
	bool is_decided;  /* what was decided lately, instead of what is open */
	int64_t after_id; /* the last item of the page before; 0 */
};
struct moderation_list {
	struct moderation_item *items;
	size_t count;
	bool has_more;
	int64_t counts[MODERATION_KIND_COUNT]; /* open ones, at most MODERATION_COUNT_MAX */
};
/* ERR_FORBIDDEN: advisors see some kinds only, one at a time. One round trip. */
enum err moderation_list(struct ctx *ctx, const struct moderation_query *query,
			 struct moderation_list *out) MUST_CHECK;

/* May the actor see items of that kind? Advisors: what is held before publication. */
bool moderation_may_see(const struct ctx *ctx, enum moderation_kind kind);

/*
 * ERR_CONFLICT: somebody else has it, or it is decided. A complaint against one's own
 * decision is ERR_FORBIDDEN.
 */
enum err moderation_claim(struct ctx *ctx, int64_t id) MUST_CHECK;
enum err moderation_let_go(struct ctx *ctx, int64_t id) MUST_CHECK;
/*
 * Claims the most urgent free item, of a kind or of all that the actor may see, after
 * after_id in the queue's order when that is not 0 (then what stands before it if there
 * is nothing after). *id is 0 when there is nothing.
 */
enum err moderation_claim_next(struct ctx *ctx, const struct moderation_query *query,
			       int64_t *id) MUST_CHECK;

#define CONTEXT_FLAGS 50
#define CONTEXT_ROWS  10

struct moderation_flag {
	struct author author;
	int trust_level;
	enum rule reason;
	const char *detail;
	double weight;
	bool is_counted;
	const char *state;
	int64_t created_at, agreed, disagreed; /* of the flagger's earlier ones */
};
struct moderation_other_post {
	int64_t id, created_at;
	const char *title, *excerpt;
	enum post_kind kind;
	enum visibility visibility;
};
/* Of a person, for whoever decides about them. */
struct moderation_person {
	struct author author;
	const char *state, *email;
	int trust_level;
	int64_t post_count, reputation, withdrawn_count, suspended_until, silenced_until;
	/* Of the last law.window_days: posts removed as against the law; the last warning. */
	int64_t illegal_count, warned_at;
	bool is_repeat_offender;             /* as many as the settings say */
	struct moderation_other_post *posts; /* the newest */
	size_t post_rows;
	struct measure *measures;
	size_t measure_count;
	struct case_row *cases;
	size_t case_count;
};
/* An item with all that is needed to decide it, in one round trip. */
struct moderation_view {
	struct moderation_item item;
	bool has_post;
	struct post post; /* with body_md */
	struct topic topic;
	struct moderation_flag *flags;
	size_t flag_count;
	struct moderation_person person;
	bool has_person;
	/* Earlier decisions on the same post. */
	struct case_row *cases;
	size_t case_count;
	bool is_mine, is_others; /* claimed */
	bool can_decide, can_measure;
};
enum err moderation_view_load(struct ctx *ctx, int64_t id, struct moderation_view *out) MUST_CHECK;

/* /mod/people/ID. ERR_NOT_FOUND. */
enum err moderation_person_load(struct ctx *ctx, int64_t id,
				struct moderation_person *out) MUST_CHECK;

#endif
