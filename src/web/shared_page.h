/*
 * Pages that are the same for all visitors of one language: they have a version, which
 * browsers and crawlers send back to ask whether there is another one. Who is signed in,
 * or has any cookie of ours but the language's, gets pages of their own, without version.
 *
 * nginx keeps such pages (nginx/README.md): threads and articles until something on them
 * changes (forum/page_change.h says what, jobs/page_cache.c takes them away), lists and
 * the like for a second. What is kept, and how long, is decided here and nowhere else.
 */
#ifndef WEB_SHARED_PAGE_H
#define WEB_SHARED_PAGE_H

#include "db/db.h"
#include "forum/page_change.h"
#include "web/request.h"

/* Is it a GET or HEAD of somebody about whom nothing is known? */
bool shared_is_asked(const struct request *request);

/*
 * A page on its way. Between shared_page_begin and shared_page_end stands what loads the
 * page: the version is asked for in the same round trip, before all else.
 */
struct shared_page {
	bool is_shared, is_known;
	struct rows rows;
	struct page_version version;
};

/* *is_same: the client has this very page; the answer is made (304), nothing is to do. */
enum err shared_page_begin(struct request *request, enum page_kind kind, int64_t id,
			   struct shared_page *out, bool *is_same) MUST_CHECK;

/*
 * After the page was loaded and before it is sent: its version, in headers. path: the one
 * address, with its query, under which nginx may keep it until it changes.
 */
void shared_page_end(struct request *request, struct shared_page *page, const char *path);

/*
 * The last thing before an answer is sent: gives a version to what has none (lists, profiles,
 * texts: a checksum of the finished page, which saves sending it), says to nginx how long it
 * may keep it, and compresses what may be kept.
 */
void shared_page_finish(struct request *request);

/*
 * What all pages of this process depend on besides the database: program, catalogues,
 * names and markup of the brand. For struct site; lives in the arena.
 */
const char *shared_site_tag(struct arena *arena, const struct site *site);

#endif
