/*
 * Posts: questions' texts, answers and comments; writing, editing, withdrawing,
 * accepting, thanking; and everything that a topic's page shows, in one round trip.
 */
#ifndef FORUM_POST_H
#define FORUM_POST_H

#include "forum/topic.h"

#define POST_BODY_MIN       20 /* code points (Discourse); comments 5 */
#define COMMENT_BODY_MIN    5
#define POST_BODY_MAX_BYTES 32000
#define COMMENT_MAX_BYTES   2000
#define EDIT_REASON_MAX     200
#define ANSWERS_PER_PAGE    20
#define COMMENTS_SHOWN      10 /* under each post on the topic page */
#define COMMENTS_PER_PAGE   50

struct mirror_mark;

struct post {
	int64_t id, topic_id, parent_id, number;
	enum post_kind kind;
	struct author author;
	struct html_fragment body;
	const char *body_md; /* only where a form needs it, else "" */
	enum visibility visibility;
	int64_t withdrawn_by; /* who took it away; 0 when nobody did */
	int64_t created_at, edited_at, accepted_at;
	int64_t revision_count, thanks_count, score, comment_count;
	bool is_thanked;                                       /* by the actor */
	int64_t endorsed_at;                                   /* "as good as official"; 0 */
	bool is_by_expert;                                     /* of the topic's field */
	const char *source_url, *source_licence, *source_name; /* imports; "" else */
	int64_t reply_to_id;            /* the comment that this one answers; 0 */
	const char *asked_as;           /* the title of the question that it was; NULL */
	const struct mirror_mark *mark; /* set by pages that show mirrors; NULL */
	struct post *comments;          /* oldest first, at most COMMENTS_SHOWN */
	size_t comments_count;
	bool has_more_comments;
	struct {
		bool edit, withdraw, restore, accept, unaccept, thank, comment, see_revisions,
			endorse, propose, flag;
	} can;
};

enum answer_order { ORDER_DATE, ORDER_SCORE };

struct topic_view {
	struct topic topic;
	struct post question;
	struct post *accepted; /* the accepted answers, at most 5, for under the question */
	size_t accepted_count;
	struct post *answers;     /* of this page */
	size_t answer_count;      /* on this page */
	int64_t page, page_count; /* from 1 */
	enum answer_order order;
	struct topic_row *duplicates; /* questions closed as duplicates of this one, at most 5 */
	size_t duplicate_count;
	struct topic_row *related; /* like this one; found by the worker (indexing.h) */
	size_t related_count;
	struct {
		int64_t id; /* 0: none */
		const char *title, *summary, *language;
	} official; /* the public article that was made of this thread */
	/* Who asked is known here, or somebody else answered (topic_may_index). */
	bool is_vouched_for;
	bool has_me_too, is_followed;
	const char *draft_md; /* the actor's unfinished answer, or "" */
	struct {
		bool answer, comment, me_too, follow, edit, ask_for_information, mark_duplicate,
			close, reopen, set_stage, add_poll, make_article;
	} can;
};

/*
 * ERR_NOT_FOUND, ERR_GONE; a page past the end is ERR_NOT_FOUND. Pages of answers
 * are by number within the topic (bounded by the topic, not by the forum).
 */
enum err topic_view_load(struct ctx *ctx, int64_t topic_id, int64_t page, enum answer_order order,
			 struct topic_view *out) MUST_CHECK;

struct answer_new {
	int64_t topic_id;
	const char *body_md, *form_key;
	int64_t created_at; /* 0: now; system only */
	bool is_sent_out;   /* to the network that the topic mirrors as well (mirror_send_reply) */
	enum personal_choice personal;
	int64_t fill_seconds; /* how long the form was open; 0 and less: not known */
	bool *is_held;        /* NULL, or: is it held before publication? */
};
/* *path: "/t/12-slug?page=2#p45", the answer itself. */
enum err answer_create(struct ctx *ctx, const struct answer_new *form, int64_t *id,
		       const char **path) MUST_CHECK;

struct comment_new {
	int64_t post_id; /* a question or an answer */
	const char *body_md, *form_key;
	int64_t created_at;
	bool is_sent_out;
	enum personal_choice personal;
	int64_t fill_seconds; /* how long the form was open; 0 and less: not known */
	bool *is_held;        /* NULL, or: is it held before publication? */
};
enum err comment_create(struct ctx *ctx, const struct comment_new *form, int64_t *id,
			const char **path) MUST_CHECK;

/* With body_md, its topic and .can; ERR_NOT_FOUND, ERR_GONE. */
enum err post_load(struct ctx *ctx, int64_t id, struct post *post, struct topic *topic) MUST_CHECK;
struct subject post_subject(const struct ctx *ctx, const struct post *post,
			    const struct topic *topic);

/* Where a post stands now (page and anchor): for permalinks /p/ID and redirects. */
enum err post_path(struct ctx *ctx, int64_t id, const char **path) MUST_CHECK;

struct post_edit {
	int64_t id;
	const char *title, *tags; /* of a question; else NULL */
	int64_t category_id;      /* of a question */
	const char *body_md, *reason, *form_key;
	int64_t revision_count; /* what the form was made from: ERR_CONFLICT if older */
	int64_t edited_at;      /* 0: now; system only */
	enum personal_choice personal;
	int64_t fill_seconds; /* how long the form was open; 0 and less: not known */
	bool *is_held;        /* NULL, or: is it held before publication? */
};
enum err post_edit(struct ctx *ctx, const struct post_edit *form, const char **path) MUST_CHECK;

/* Withdrawing the question withdraws the topic. */
enum err post_withdraw(struct ctx *ctx, int64_t id) MUST_CHECK;
enum err post_restore(struct ctx *ctx, int64_t id) MUST_CHECK;
enum err post_accept(struct ctx *ctx, int64_t id, bool is_on) MUST_CHECK;
enum err post_thank(struct ctx *ctx, int64_t id, bool is_on) MUST_CHECK;

struct revision {
	int64_t number, created_at;
	struct author editor;
	const char *reason, *title, *body_md;
};
#define REVISIONS_SHOWN 50
/* Newest first, the present version first of all; at most REVISIONS_SHOWN. */
enum err revision_list(struct ctx *ctx, int64_t post_id, struct revision **out,
		       size_t *count) MUST_CHECK;

/* All comments of a post, oldest first, after a comment id. */
enum err comment_list(struct ctx *ctx, int64_t post_id, int64_t after_id, struct post **out,
		      size_t *count, bool *has_more) MUST_CHECK;

/* A person's answers, newest first, with their topics. */
struct answer_row {
	int64_t id, topic_id, created_at, score;
	bool is_accepted;
	const char *topic_title, *topic_slug, *excerpt;
};
struct answer_list {
	struct answer_row *items;
	size_t count;
	bool has_more;
	struct list_key next;
};
/* Queues one statement; answer_list_read after db_run. */
void answer_list_add(struct ctx *ctx, int64_t person_id, struct list_key after, struct rows *rows);
void answer_list_read(struct ctx *ctx, struct rows *rows, struct answer_list *out);

/* Renders the body as it would be stored (with mentions): for the preview too. */
enum err post_render(struct ctx *ctx, const char *field, const char *body_md,
		     struct html_fragment *out) MUST_CHECK;

#endif
