/*
 * The knowledge base as readers see it: articles by category and product, in the
 * languages of the site. An article is public when it has a published version and is not
 * archived (articles.is_public says so in the database; whoever lists, searches or
 * suggests articles asks for that column and for nothing else). What readers see is the
 * published version; the team may be ahead of it (article_work.h).
 *
 * An address is /kb/ID-title: the number decides, the title follows what is published.
 * "Slugs" are made of titles when they are shown, so that a renamed article leads on by
 * itself. Old addresses of other sites are kept behind /kb/old/.
 */
#ifndef FORUM_ARTICLE_H
#define FORUM_ARTICLE_H

#include "forum/attachment.h"
#include "forum/policy.h"
#include "forum/topic.h"
#include "text/html.h"

#define ARTICLE_TITLE_MAX    160 /* code points, as the others but for the body */
#define ARTICLE_SUMMARY_MAX  400
#define ARTICLE_PRODUCT_MAX  60
#define ARTICLE_REASON_MAX   200
#define ARTICLE_COMMENT_MAX  500
#define ARTICLE_KEY_MAX      300
#define ARTICLES_PER_PAGE    30
#define ARTICLES_SHOWN       8 /* most read, latest */
#define ARTICLES_RELATED     5
#define ARTICLE_PRODUCTS_MAX 60

/* Of the work on it: an article in draft or review may well be public. */
enum article_state { ARTICLE_DRAFT, ARTICLE_REVIEW, ARTICLE_PUBLISHED, ARTICLE_ARCHIVED };
#define ARTICLE_STATE_COUNT 4

const char *article_state_text(enum article_state state); /* as in the database */
bool article_state_parse(const char *text, enum article_state *out);

/* "/kb/12-redemarrer-votre-box" */
char *article_path(struct arena *arena, int64_t id, const char *title);

/* What stands in lists and on top of its page. */
struct article {
	int64_t id, group_id;
	const char *language; /* "fr", "en": of its words */
	int64_t category_id;  /* 0: none */
	const char *category_slug, *category_name;
	int64_t parent_id; /* the category's, 0: it is on the first level */
	const char *parent_slug, *parent_name;
	const char *product, *product_slug;
	const char *title, *summary; /* of the published version; before that, the newest */
	enum article_state state;
	bool is_public;
	int64_t owner_id;
	const char *owner, *owner_handle; /* a name; "" for nobody */
	int64_t review_due;               /* a day, as its first moment in UTC; 0: never */
	int64_t publish_at;               /* 0: not planned */
	int64_t published_id;             /* versions; 0: none */
	int64_t latest_id, latest_number, published_number;
	int64_t helpful, unhelpful, views;
	int64_t created_at, updated_at, published_at, changed_at, archived_at;
	int64_t replaced_by; /* 0: by nothing */
	const char *replaced_title;
	const char *import_key; /* "": written here */
};

struct article_list {
	struct article *items;
	size_t count;
	bool has_more;
	struct list_key next; /* "after" of the next page */
};

/* Another language's version of the same article, or a title to lead to. */
struct article_link {
	int64_t id;
	const char *title, *language, *summary;
};

/* What readers are told: the threads that it settles, and whose answers it is made of. */
struct article_thread {
	int64_t id;
	const char *title, *slug, *language;
};
struct article_credit {
	struct article_thread *threads;
	size_t thread_count;
	struct author *people; /* of the answers; each once */
	size_t people_count;
};

struct article_view {
	struct article article;
	struct html_fragment body; /* of the published version, sanitised */
	struct article_link *languages;
	size_t language_count;
	struct article_link *related; /* same product first, then same category */
	size_t related_count;
	struct article_credit credit;
	struct attachment_list files; /* that it names, but for pictures: those stand in it */
};

/*
 * A page for readers; one round trip of five statements. ERR_NOT_FOUND: there is none,
 * or it was never published. ERR_GONE: archived; then article.replaced_by says where
 * readers are led instead, if anywhere.
 */
enum err article_view_load(struct ctx *ctx, int64_t id, struct article_view *out) MUST_CHECK;

/* The first page of the knowledge base, in one language. */
struct article_place {
	const char *slug, *name, *parent_slug; /* parent_slug "": first level, or a product */
	int64_t count;
};
struct article_home {
	struct article_place *categories; /* those with articles, parents with all below them */
	size_t category_count;
	struct article_place *products; /* by name */
	size_t product_count;
	struct article_list most_read, latest;
	int64_t elsewhere; /* how many there are in the other language */
};
enum err article_home_load(struct ctx *ctx, struct article_home *out) MUST_CHECK;

/* Of a category (with those below it) or a product; the newest change first. */
struct article_query {
	const char *category_slug, *product_slug; /* one of them; the other NULL */
	struct list_key after;
};
struct article_place_view {
	struct article_list list;
	const char *name, *description;
	const char *parent_slug, *parent_name; /* of a category below another; else "" */
};
/* ERR_NOT_FOUND: no such category, or no article of that product in this language. */
enum err article_place_load(struct ctx *ctx, const struct article_query *query,
			    struct article_place_view *out) MUST_CHECK;

/*
 * An address that an article had elsewhere: *path leads to it here. ERR_NOT_FOUND;
 * ERR_GONE: it is archived.
 */
enum err article_old_address(struct ctx *ctx, const char *address, const char **path) MUST_CHECK;

/* Was this helpful? ---------------------------------------------------------------------- */

struct article_vote {
	bool is_helpful;
	const char *reason;  /* "": none; else one of article_vote_reasons */
	const char *comment; /* hostile; for the team's eyes */
	const char *address; /* of a visitor: makes a code that is different every day */
};
struct article_vote_reason {
	const char *word, *label; /* label: show it through _() */
};
extern const struct article_vote_reason article_vote_reasons[];
extern const size_t article_vote_reason_count;

/*
 * One of a member, for good; one of a visitor's address a day; a second one takes the
 * first one's place. ERR_NOT_FOUND: not public. ERR_INVALID: reason or comment.
 * ERR_THROTTLED. *path: the article's.
 */
enum err article_vote(struct ctx *ctx, int64_t id, const struct article_vote *vote,
		      const char **path) MUST_CHECK;
/* For the nightly upkeep: codes of visitors after two days, comments after a year. */
enum err article_votes_forget(struct ctx *ctx) MUST_CHECK;

/* Views: counted as those of questions are (view_count.h), but by article. ---------------- */

struct view_count;
/* Adds them and empties it, outside a transaction. Never fails. */
void article_views_store(struct ctx *ctx, struct view_count *counts);
/* Those that nginx answered by itself; each id once. Queued, as view_days_add_topics is. */
void article_views_add_kept(struct ctx *ctx, const int64_t *ids, const int64_t *views,
			    size_t count);

#endif
