/*
 * A topic: a question and what is said under it. Its text is post number 1
 * (post.h); this file is about asking, states and lists' rows.
 */
#ifndef FORUM_TOPIC_H
#define FORUM_TOPIC_H

#include "forum/person.h"
#include "forum/personal.h"
#include "forum/policy.h"
#include "forum/tag.h"

struct rows;

#define TOPIC_TITLE_MIN 15
#define TOPIC_TITLE_MAX 255

/* The state people see, from what was set and what happened. */
enum topic_state {
	TOPIC_NEW, /* nobody answered yet */
	TOPIC_ANSWERED,
	TOPIC_SOLVED,
	TOPIC_NEEDS_INFORMATION,
	TOPIC_DUPLICATE,
	TOPIC_CLOSED,
};

/*
 * What a topic in a category for ideas is (idea.h): the stage that the brand answers for.
 * Any other topic is none.
 */
enum idea_stage {
	IDEA_NONE,
	IDEA_PROPOSED,
	IDEA_STUDY,
	IDEA_PLANNED,
	IDEA_DONE,
	IDEA_NO,
	IDEA_STAGE_COUNT,
};

/* On top of the lists of its category, or of all. */
enum topic_pin { PIN_NONE, PIN_CATEGORY, PIN_EVERYWHERE };
/* "", "category", "everywhere"; what is not one of them is none. */
enum topic_pin topic_pin_from_text(const char *text);
const char *topic_pin_text(enum topic_pin pin);

struct topic {
	int64_t id, category_id;
	const char *title, *slug, *language;
	const char *excerpt; /* the question's first words, without markup */
	const char *category_slug, *category_name;
	const char *parent_category_slug, *parent_category_name; /* "" if none */
	struct author author;
	enum topic_state state;
	enum topic_status status;
	enum visibility visibility;
	int64_t duplicate_of;
	const char *duplicate_title, *duplicate_slug;
	/*
	 * Visitors are led on: the original can be seen, and is none itself (imported
	 * ones may form a circle).
	 */
	bool leads_to_original;
	int64_t created_at, active_at, solved_at;
	int64_t answer_count, comment_count, accepted_count, me_too_count, score;
	struct tags tags;
	const char *source;       /* "forum", "facebook", "feed", "stackexchange" */
	const char *source_url;   /* of a mirrored one: the original; "" */
	int64_t mirror_source_id; /* 0: not mirrored */
	int64_t merged_into;      /* its posts are there now; 0 */
	enum topic_pin pin;
	int64_t pinned_until;      /* 0: as long as nobody changes it */
	bool is_locked;            /* only moderators write in it */
	const char *status_reason; /* why it is closed; "" */
	enum idea_stage stage;
	bool has_poll;             /* poll.h */
	const char *private_state; /* "open": goes on privately (private.h); "closed": did; "" */
};

/* Is the actor an expert in the topic's category or one of its tags? */
bool topic_is_actors_field(const struct actor *actor, const struct topic *topic);

struct topic_new {
	const char *title, *body_md, *tags, *language;
	int64_t category_id;
	const char *form_key;
	int64_t created_at; /* 0: now. Only the system may set another time */
	enum personal_choice personal;
	int64_t fill_seconds; /* how long the form was open; 0 and less: not known */
	bool *is_held;        /* NULL, or: is it held before publication? */
};
/* *path is where to go: "/t/12-slug". Follows it, tells followers, drops the draft. */
enum err topic_create(struct ctx *ctx, const struct topic_new *form, int64_t *id,
		      const char **path) MUST_CHECK;

/* Would topic_create take these texts? ERR_INVALID with the field; no statement. */
enum err topic_check_new(struct ctx *ctx, const struct topic_new *form) MUST_CHECK;

/*
 * Without policy or posts; for redirects, checks and actions. ERR_NOT_FOUND,
 * ERR_GONE (withdrawn, and the actor may not see that).
 */
enum err topic_load(struct ctx *ctx, int64_t id, struct topic *out) MUST_CHECK;
struct subject topic_subject(const struct ctx *ctx, const struct topic *topic);
char *topic_path(struct arena *arena, int64_t id, const char *title);

struct topic_edit {
	int64_t id;
	const char *title, *tags;
	int64_t category_id;
};
/* Staff's and the asker's change of title, tags and category; keeps a revision. */
enum err topic_edit(struct ctx *ctx, const struct topic_edit *form) MUST_CHECK;

struct topic_status_change {
	int64_t id;
	enum topic_status status;
	const char *duplicate_of; /* address or number of the other topic */
	const char *reason;       /* shown to everybody; NULL: none */
	const char *form_key;
};
/*
 * A duplicate's followers and "me too", its asker among them, become the original's
 * as well, and stay that when it is undone; who was led here before is led on to the
 * original. Repeated, it changes nothing.
 */
enum err topic_set_status(struct ctx *ctx, const struct topic_status_change *form) MUST_CHECK;

enum err topic_me_too(struct ctx *ctx, int64_t id, bool is_on) MUST_CHECK;

/* Lists --------------------------------------------------------------------- */

enum topic_filter {
	FILTER_NEW,
	FILTER_UNANSWERED,
	FILTER_UNSOLVED,
	FILTER_SOLVED,
	FILTER_USEFUL,
	FILTER_FOLLOWED,
	FILTER_COUNT,
};
const char *topic_filter_text(enum topic_filter filter); /* "new", in addresses */
bool topic_filter_from_text(const char *text, enum topic_filter *out);

#define TOPICS_PER_PAGE 20

struct topic_row {
	int64_t id;
	const char *title, *slug, *language, *category_slug, *category_name;
	struct author author;
	enum topic_state state;
	enum visibility visibility; /* only authors and staff see others */
	int64_t created_at, answer_count, me_too_count, score;
	const char *excerpt; /* of the question */
	const char *tags[TAGS_PER_TOPIC_MAX];
	size_t tag_count;
	const char *source; /* as of struct topic; NULL where only a link is shown */
	bool is_pinned;     /* set by topic_pinned_read */
	enum idea_stage stage;
};

/* Where a page begins: what the last row of the one before had. Zero: at the top. */
struct list_key {
	int64_t at, id;
};

struct topic_query {
	enum topic_filter filter;
	int64_t category_id;  /* 0: all */
	bool is_top_category; /* with its children */
	int64_t tag_id;       /* 0: all */
	int64_t author_id;    /* 0: all; then the filter is ignored */
	struct list_key after;
	size_t limit; /* at most TOPICS_PER_PAGE */
};
struct topic_list {
	struct topic_row *items;
	size_t count;
	bool has_more;
	struct list_key next; /* "after" of the next page */
};
/* Queues one statement; topic_list_read after db_run. FILTER_FOLLOWED: the actor's. */
void topic_list_add(struct ctx *ctx, const struct topic_query *query, struct rows *rows);
void topic_list_read(struct ctx *ctx, const struct topic_query *query, struct rows *rows,
		     struct topic_list *out);
enum err topic_list(struct ctx *ctx, const struct topic_query *query,
		    struct topic_list *out) MUST_CHECK;
/*
 * What the team keeps on top of the lists of this category (0: of those of all), newest
 * first, at most PINNED_SHOWN. Queues one statement; topic_pinned_read after db_run.
 */
#define PINNED_SHOWN 5
void topic_pinned_add(struct ctx *ctx, int64_t category_id, struct rows *rows);
void topic_pinned_read(struct ctx *ctx, struct rows *rows, struct topic_list *out);
/* Takes those out of a list that stand on top of it. */
void topic_pinned_leave_out(struct topic_list *list, const struct topic_list *pinned);

/* Rows for given ids, in that order; ids that are not publicly visible are left out. */
enum err topic_list_by_ids(struct ctx *ctx, const int64_t *ids, size_t count,
			   struct topic_list *out) MUST_CHECK;

#endif
