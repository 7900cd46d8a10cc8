/*
 * Sitemaps, as sitemaps.org has them: an index of files, each a gzipped list of addresses
 * with the time of their last change. Topics, articles, tags and people have a file for
 * every SITEMAP_RANGE ids, so that what happens to one of them makes a single file anew;
 * "pages" is the rest, and "recent" has the topics of the last three days, for crawlers
 * that come often. Files stand in the database, ready to be sent by any node.
 *
 * Only what may be indexed is in them: topic_may_index and its like in
 * migrations/functions.sql, which the pages' own robots ask too.
 */
#ifndef FORUM_SITEMAP_H
#define FORUM_SITEMAP_H

#include "base/ctx.h"

#define SITEMAP_RANGE         10000
/* Of the protocol: of a file. Further pages of long threads are left out beyond it. */
#define SITEMAP_ADDRESSES_MAX 50000
/* So many files are in the index at most, of the protocol's 50,000. */
#define SITEMAP_FILES_MAX     10000
#define SITEMAP_RECENT_DAYS   3

enum sitemap_kind {
	SITEMAP_RECENT,
	SITEMAP_PAGES,
	SITEMAP_ARTICLES,
	SITEMAP_TOPICS,
	SITEMAP_TAGS,
	SITEMAP_PEOPLE,
	SITEMAP_KIND_COUNT,
};
const char *sitemap_kind_text(enum sitemap_kind kind); /* "topics" */

struct sitemap_file {
	enum sitemap_kind kind;
	int64_t number;     /* of the range; 0 for those that have one file */
	int64_t addresses;  /* of an index: never 0 */
	int64_t changed_at; /* when the contents last became others */
	const char *body;   /* gzip; not of an index */
	size_t body_length;
};
struct sitemap_index {
	struct sitemap_file *items;
	size_t count;
};

/* "/sitemap/topics-12.xml.gz" */
char *sitemap_path(struct arena *arena, const struct sitemap_file *file);
/* The other way, of what stands after "/sitemap/". False: no such name. */
bool sitemap_path_read(const char *name, enum sitemap_kind *kind, int64_t *number);

/* What there is, without the bodies; one round trip. */
enum err sitemap_index_load(struct ctx *ctx, struct sitemap_index *out) MUST_CHECK;
/* ERR_NOT_FOUND: not made, or there is nothing in it. */
enum err sitemap_load(struct ctx *ctx, enum sitemap_kind kind, int64_t number,
		      struct sitemap_file *out) MUST_CHECK;

struct sitemap_run {
	int most; /* files at most in this run */
	/* What came of it: */
	int64_t built, changed;
	bool has_more; /* files are still due */
};

/*
 * Makes the files anew in which something happened, those that there are not yet, and
 * each when its time has come (SITEMAP_RANGE files once a day). A transaction each.
 */
enum err sitemap_update(struct ctx *ctx, struct sitemap_run *run) MUST_CHECK;

/* All of them are due. */
enum err sitemap_touch_all(struct ctx *ctx) MUST_CHECK;

#endif
