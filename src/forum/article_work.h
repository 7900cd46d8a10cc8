/*
 * Working on articles: writing versions, having them looked at, publishing, planning,
 * putting away. Rights are policy.c's: advisors, and experts in their own field, write;
 * advisors publish (another one than who wrote the version, where the setting
 * articles.two_people asks for it); moderators archive. Every act has its line in the
 * audit log.
 *
 * A published article stays as it is while a new version is written beside it: saving
 * makes a version that readers do not see, publishing makes the newest version theirs.
 * Every form says which version was the newest when it was made ("follows"): when
 * somebody else was faster it is ERR_CONFLICT, nothing is changed, and what was typed is
 * still in the caller's hands.
 */
#ifndef FORUM_ARTICLE_WORK_H
#define FORUM_ARTICLE_WORK_H

#include "forum/article.h"
#include "forum/attachment.h"

#define ARTICLE_VERSIONS_SHOWN  50
#define ARTICLE_VOTES_SHOWN     20
#define ARTICLE_REDIRECTS_SHOWN 30

/* ERR_FORBIDDEN, ERR_UNAUTHENTICATED: the actor may write nowhere, so has nothing to do here. */
enum err article_work_require(struct ctx *ctx) MUST_CHECK;

/* Lists ---------------------------------------------------------------------------------- */

enum article_show {
	ARTICLE_SHOW_OPEN,   /* drafts and what waits for review */
	ARTICLE_SHOW_REVIEW, /* what waits for somebody to look at it */
	ARTICLE_SHOW_OWN,    /* the actor's: owner, or wrote the newest version */
	ARTICLE_SHOW_PUBLIC,
	ARTICLE_SHOW_ARCHIVED,
	ARTICLE_SHOW_DUE,       /* the day of review has come; the oldest day first */
	ARTICLE_SHOW_UNHELPFUL, /* "no" times views, the worst first; one page */
	ARTICLE_SHOW_COUNT,
};
const char *article_show_word(enum article_show show); /* in addresses: "review" */
bool article_show_parse(const char *word, enum article_show *out);

/*
 * The newest change first, unless said otherwise above. Experts find what is in their
 * fields. ERR_FORBIDDEN. counts: of each list, up to 1,000.
 */
enum err article_work_list(struct ctx *ctx, enum article_show show, struct list_key after,
			   struct article_list *out, int64_t counts[ARTICLE_SHOW_COUNT]) MUST_CHECK;

/* One article with all that belongs to it ------------------------------------------------- */

struct article_version {
	int64_t id, number, author_id;
	const char *title, *summary, *body_md; /* body_md: NULL in lists */
	const char *author, *reason;
	int64_t created_at;
};
struct article_said {
	bool is_helpful;
	const char *reason, *comment;
	int64_t at;
};
struct article_work {
	struct article article;
	struct article_version newest;    /* with its body */
	int64_t offered, answered;        /* of the last 90 days: to askers; whom it answered */
	int64_t scheduled_number;         /* of the version that publish_at is for; 0 */
	struct article_version *versions; /* newest first */
	size_t version_count;
	struct article_link *languages; /* whatever their state */
	size_t language_count;
	struct article_said *said; /* newest first; only what says more than yes or no */
	size_t said_count;
	const char **redirects;
	size_t redirect_count;
	struct attachment_list files; /* of all its languages */
	struct {
		bool write, publish, archive;
	} can;
	const char *why_no_publish; /* a sentence; "" */
};
/* One round trip. ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum err article_work_load(struct ctx *ctx, int64_t id, struct article_work *out) MUST_CHECK;

/* A version and the one before it (number 0: there is none). */
enum err article_version_load(struct ctx *ctx, int64_t id, int64_t number, struct article *article,
			      struct article_version *out,
			      struct article_version *before) MUST_CHECK;

/* Writing ------------------------------------------------------------------------------------ */

struct article_form {
	int64_t id;             /* 0: a new article */
	int64_t follows_number; /* 0 for a new one */
	const char *language;   /* of a new one */
	int64_t translates_id;  /* of a new one: a version of that article; 0 */
	int64_t category_id;    /* 0: none */
	const char *product, *title, *summary, *body_md, *reason; /* as typed; cleaned */
	const char *form_key;
	int64_t source_topic_id; /* of a new one made of a thread: whose posts these are */
	const int64_t *source_ids;
	size_t source_count;
};

/*
 * The body as readers will see it, with the pictures that the article has (id 0: none); a
 * picture that is not its own, or no longer there, is a link. ERR_INVALID at field "body".
 */
enum err article_render(struct ctx *ctx, int64_t id, const char *body_md,
			struct html_fragment *out) MUST_CHECK;

/*
 * A new version in state draft, or a new article. Category and product count at once;
 * words when they are published. ERR_INVALID: a field, nothing is different, or there is
 * a version in that language already; ERR_CONFLICT: another version was written
 * meanwhile; ERR_FORBIDDEN; ERR_NOT_FOUND. *id: of the article.
 */
enum err article_save(struct ctx *ctx, struct article_form *form, int64_t *id) MUST_CHECK;

/* Acts ------------------------------------------------------------------------------------------ */

enum article_act_kind {
	ARTICLE_ACT_ASK_REVIEW, /* draft → review */
	ARTICLE_ACT_RETURN,     /* review → draft, with a reason for who wrote it */
	ARTICLE_ACT_PUBLISH,    /* the newest version becomes what readers see */
	ARTICLE_ACT_SCHEDULE,   /* the same, at a time: `at` */
	ARTICLE_ACT_UNSCHEDULE,
	ARTICLE_ACT_ARCHIVE,  /* readers are told that it is gone, or led to `other_id` */
	ARTICLE_ACT_REVIVE,   /* archived → draft; what was published is public again */
	ARTICLE_ACT_RESTORE,  /* an earlier version's words (`number`) as a new version */
	ARTICLE_ACT_PLAN,     /* owner_id and review_due */
	ARTICLE_ACT_JOIN,     /* becomes a language version of `other_id`; 0: of nothing */
	ARTICLE_ACT_REDIRECT, /* `address` leads here */
};
struct article_act {
	int64_t id, follows_number;
	enum article_act_kind kind;
	const char *reason; /* for the log, where there is a field; NULL: none */
	int64_t at, number, other_id, owner_id;
	const char *owner_handle; /* "@name", "": nobody; NULL: owner_id says it */
	int64_t review_due;       /* 0: never */
	const char *address;
	const char *form_key;
};

/*
 * ERR_CONFLICT: another version was written meanwhile, or the article is not in a state
 * for it. ERR_INVALID: "at" is past, "other" is no such article or has a version in that
 * language, "owner" may not write here, "address", "reason" (returning wants one).
 */
enum err article_act(struct ctx *ctx, struct article_act *act) MUST_CHECK;

/* For the worker ---------------------------------------------------------------------------------- */

/*
 * Publishes what is due, some at a time; in the log in the name of who planned it. What
 * was archived meanwhile is let go. has_more: come again.
 */
enum err article_publish_due(struct ctx *ctx, bool *has_more) MUST_CHECK;
/* Owners of articles whose day of review has come are told, once a day of review. */
enum err article_remind_due(struct ctx *ctx, bool *has_more) MUST_CHECK;

#endif
