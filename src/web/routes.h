/*
 * The site map: one table, one row a route. Read routes.c for it.
 */
#ifndef WEB_ROUTES_H
#define WEB_ROUTES_H

#include "web/request.h"

/* Who gets past the gate. What they may do there is policy.c's to say. */
enum access {
	ACCESS_ALL,
	ACCESS_MEMBER,
	ACCESS_PROGRAM,  /* everybody, as a visitor: cookies are not looked at */
	ACCESS_OPERATOR, /* by address */
};

/*
 * How a POST proves that it comes from our own page. Always: Origin and
 * Sec-Fetch-Site, where the browser sends them, must be ours.
 */
enum guard {
	GUARD_TOKEN,  /* and the form carries the session's CSRF token */
	GUARD_FILES,  /* the same, and it may bring files: nginx/uploads.conf, POOL_SLOW */
	GUARD_ORIGIN, /* nothing more: harmless, and on cached pages */
	GUARD_NONE,   /* a signed link (RFC 8058: no cookie, another origin) */
};

/*
 * How answers may be kept by caches; signed-in people always get private.
 * CACHE_FOREVER: the address has a version; with ACCESS_PROGRAM.
 */
enum cache_class { CACHE_NONE, CACHE_PAGE, CACHE_SHORT, CACHE_FOREVER };

/* Which of the two pools (and so, in nginx, which socket) serves it. */
enum pool { POOL_PAGES, POOL_SLOW };

struct route {
	enum http_method method; /* HTTP_GET answers HEAD as well */
	const char *pattern;     /* ":id", ":id-slug", ":slug" are captured */
	enum access access;
	enum guard guard;
	enum cache_class cache;
	enum pool pool;
	handler *run;
	const char *name; /* in logs and metrics */
};

extern const struct route routes[];
extern const size_t route_count;

/*
 * The route for method and path, with request->id and slug filled. NULL: none;
 * *is_other_method then says whether the path exists with another method (405).
 */
const struct route *route_find(struct request *request, bool *is_other_method);

/* "GET, HEAD": the methods that the request's path has, for a 405 (RFC 9110 15.5.6). */
const char *route_methods(struct request *request);

#endif
