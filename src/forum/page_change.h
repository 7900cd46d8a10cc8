/*
 * What has changed on pages that are kept: by browsers and crawlers, which ask again with
 * the version they have, and by the web server's store of visitors' pages. Triggers
 * (migrations/functions.sql) note each page that a change concerns; here it is read.
 */
#ifndef FORUM_PAGE_CHANGE_H
#define FORUM_PAGE_CHANGE_H

#include "base/ctx.h"

enum page_kind { PAGE_TOPIC, PAGE_ARTICLE, PAGE_ALL };

/* The settings and banners that each process keeps are surely the new ones by then. */
#define PAGE_SETTLED_SECONDS 3

/*
 * A page as a visitor sees it. The same newest and count: the same page. Read it before
 * the page, or with it, its statement first: then it is never newer than what is shown.
 */
struct page_version {
	int64_t newest, count; /* noughts: it never changed since this is noted */
	int64_t changed_at;    /* 0: not known */
	bool is_settled;       /* else a page made now may still show the settings of before */
};

struct rows;
/* Queues one statement; page_version_read after db_run. */
void page_version_add(struct ctx *ctx, enum page_kind kind, int64_t id, struct rows *rows);
void page_version_read(struct ctx *ctx, struct rows *rows, struct page_version *out);
enum err page_version_load(struct ctx *ctx, enum page_kind kind, int64_t id,
			   struct page_version *out) MUST_CHECK;

/* What can be seen of the database at a moment, as text; "" is nothing yet. */
#define PAGE_SEEN_MAX    2048
#define PAGE_CHANGES_MAX 1000

/* An address whose page has changed, as browsers send it, and its further pages. */
struct page_change {
	enum page_kind kind; /* PAGE_ALL has no address */
	const char *address; /* "/t/12-title"; page 2 is at "?page=2" */
	int64_t pages;       /* so many there may have been */
};

/*
 * What has come to be seen since then; PAGE_CHANGES_MAX or more are not all. seen, of
 * PAGE_SEEN_MAX bytes, becomes what to ask with the next time; it may be since. "" for
 * since: nothing, only seen.
 */
enum err page_changes_since(struct ctx *ctx, const char *since, char *seen,
			    struct page_change **out, size_t *count) MUST_CHECK;

/*
 * The program says what its pages are made of besides the database; when that is something
 * else than before, all pages have changed.
 */
enum err page_tag_announce(struct ctx *ctx, const char *tag) MUST_CHECK;

/*
 * Forgets what no reader needs any more: of each page all lines but the newest, and titles
 * of before, a few minutes after. Every few minutes.
 */
enum err page_changes_forget(struct ctx *ctx) MUST_CHECK;

#endif
