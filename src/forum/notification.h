/*
 * What a person is told on the site, and, ten minutes later if they did not look,
 * by mail. Written in the transaction of what it tells of.
 */
#ifndef FORUM_NOTIFICATION_H
#define FORUM_NOTIFICATION_H

#include "forum/person.h"
#include "forum/topic.h"

enum notification_kind {
	NOTIFY_ANSWER,
	NOTIFY_COMMENT,
	NOTIFY_MENTION,
	NOTIFY_ACCEPTED,
	NOTIFY_THANKS,
	NOTIFY_QUESTION, /* a new one under a followed tag or category */
	NOTIFY_STATUS,   /* your question needs information, was closed… */
	/* From the team as such: whoever did it is not named. */
	NOTIFY_HELD,         /* your post waits for the team */
	NOTIFY_RELEASED,     /* your post is shown (again) */
	NOTIFY_CASE,         /* a decision about you or your post: case.h writes these */
	NOTIFY_COMPLAINT,    /* your complaint was decided */
	NOTIFY_EXPERT,       /* the team asks you to be one: expert.h writes these */
	NOTIFY_BADGE,        /* you were awarded one: badge_award.h writes these */
	NOTIFY_LEVEL,        /* you reached a level of trust: standing.h writes these */
	NOTIFY_RANK,         /* or a rank */
	NOTIFY_ARTICLE,      /* an article of yours is to be looked at again */
	NOTIFY_DESK_WARNING, /* a clock of the desk runs out soon: desk_work.h writes these */
	NOTIFY_DESK_LATE,    /* it has */
	/* At the desk; each time is news again. */
	NOTIFY_DESK_NOTE,   /* a colleague named you in a note */
	NOTIFY_DESK_HANDED, /* a question was handed over or escalated to you */
	NOTIFY_PANEL,       /* an invitation to a panel: panel.h writes these */
	/* Private exchanges; each time is news again, and a mail when the last one was seen. */
	NOTIFY_PRIVATE,       /* the team wrote to you */
	NOTIFY_PRIVATE_REPLY, /* to the team: who asked has answered */
	NOTIFY_PANEL_QUESTIONS, /* a questionnaire of a panel has opened: questionnaire.h writes these */
};
#define NOTIFICATION_MAIL_DELAY_MINUTES 10
#define NOTIFICATIONS_SHOWN             30

/* Queue statements into the running transaction. */
void notify_person(struct ctx *ctx, int64_t person_id, enum notification_kind kind,
		   int64_t topic_id, int64_t post_id);
/* The topic's followers and asker, without the actor. */
void notify_followers(struct ctx *ctx, enum notification_kind kind, int64_t topic_id,
		      int64_t post_id);
/* Who has voted for an idea, follows it or proposed it: its stage was changed. */
void notify_stage(struct ctx *ctx, int64_t topic_id);
/* Followers of the topic's category (and its parent) and tags. */
void notify_new_question(struct ctx *ctx, int64_t topic_id);
/* The people with those handles, without the actor. */
void notify_mentioned(struct ctx *ctx, const char *const *handles, size_t count, int64_t topic_id,
		      int64_t post_id);
/* Those of them who may work on the question at the desk: in a note, without the actor. */
void notify_desk_mentioned(struct ctx *ctx, const char *const *handles, size_t count,
			   int64_t topic_id);

/* The team wrote to somebody in private, about that question; whoever of it did is not named. */
void notify_private(struct ctx *ctx, int64_t person_id, int64_t topic_id);
/* Who asked answered there: the advisor in charge, or those whom the question concerns (0). */
void notify_private_team(struct ctx *ctx, int64_t in_charge, int64_t topic_id);
/* Queued: the actor has opened the exchange about that question. */
void notification_add_read_private(struct ctx *ctx, int64_t topic_id);

/*
 * Of new mirrored posts, as of native ones, many in one statement: an answer to the
 * topic's followers and asker; a comment to who wrote what it is on, and the asker; a
 * question to followers of its category.
 */
void notify_of_mirrored(struct ctx *ctx, const int64_t *post_ids, size_t count);

/* Owners of articles whose day of review has come; a new day is news again. */
void notify_of_articles(struct ctx *ctx, const int64_t *article_ids, const int64_t *owner_ids,
			size_t count);

struct notification {
	int64_t id, created_at;
	int64_t topic_id, post_id, case_id; /* 0: not about one */
	enum notification_kind kind;
	struct author actor;
	const char *topic_title, *topic_slug;
	const char *badge_slug, *badge_name; /* "": not about one */
	int64_t expert_id;                   /* a nomination; 0 */
	int64_t level;                       /* of trust; 0 */
	const char *rank_name;               /* as it was called then; "" */
	int64_t article_id;                  /* 0: not about one */
	const char *article_title;
	enum idea_stage stage; /* of the topic, as it is now */
	int64_t panel_id;      /* 0: not about one */
	const char *panel_title;
	bool is_read;
};
struct notification_list {
	struct notification *items;
	size_t count;
	bool has_more;
	int64_t next;
};
enum err notification_list(struct ctx *ctx, int64_t before_id,
			   struct notification_list *out) MUST_CHECK;
enum err notification_read_all(struct ctx *ctx) MUST_CHECK;
/* Opening a topic reads what it tells of; one statement, only when there are unread ones. */
enum err notification_read_topic(struct ctx *ctx, int64_t topic_id) MUST_CHECK;

#endif
