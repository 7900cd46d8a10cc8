/*
 * A request on its way through web/: the context for the rules, what arrived, what
 * will be sent, and the route it took. Handlers get one, fill a page struct, and
 * render; gate.c made it, respond.c sends it.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/ctx.h"
#include "forum/actor.h"
#include "forum/view_count.h"
#include "http/http.h"
#include "web/pages.h"

struct search_reader;

/* What a worker process keeps between requests. Nothing in it is forum data, but for
 * views that wait to be written. */
struct site {
	const struct config *config;
	struct search_reader *search; /* NULL until the index exists */
	struct synonyms_in_use synonyms;
	struct html_fragment head_extra, header_extra, footer_extra;
	struct metrics *metrics; /* http/metrics.h; NULL in tests */
	int metrics_slot;
	const char *tag;                        /* web/shared_page.h */
	struct view_count views, article_views; /* not yet written */
};

struct route;

struct request {
	struct ctx ctx;
	const struct http_request *http;
	struct http_response *response;
	const struct route *route;
	struct site *site;
	struct actor actor;
	const char *session_token; /* "" for a visitor */
	/* From the path: /t/:id-slug, /c/:slug. */
	int64_t id;
	const char *slug;
	/* The form's key, made one with what the form holds (see gate.c). */
	const char *form_key;
	/* Sets Cache-Control; see routes.h. */
	const char *set_csrf_cookie; /* a visitor's new CSRF cookie, or NULL */
	int64_t began;               /* monotonic: before anything was read */
	bool is_versioned;           /* web/shared_page.h: asked for by its page's own version */
	const char *kept_at;         /* web/shared_page.h; NULL: not until it changes */
	/* What somebody uploaded is answered with, and who may keep it; see files.c. */
	enum { FILE_NONE, FILE_PRIVATE, FILE_PUBLIC } file;
};

typedef enum err handler(struct request *request);

#endif
