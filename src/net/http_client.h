/*
 * Asking other people's servers by HTTP (libcurl): bounded in bytes and time,
 * http and https only, certificates checked, no proxy from the environment, no
 * redirect unless asked for. Only the worker and commands call it.
 *
 * Addresses of private networks are refused when the connection is made, after
 * the name was resolved, so that no name and no redirect leads inside. Where the
 * operator named the server himself, may_be_private lifts that.
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include "base/ctx.h"

#define HTTP_FETCH_SECONDS     30 /* for the whole call, unless another limit is given */
#define HTTP_FETCH_HEADERS_MAX 200

struct fetch_pair {
	const char *name, *value;
};

struct http_fetch {
	const char *method;             /* "GET", "POST", "DELETE"; NULL: GET */
	const char *url;                /* without a user's name */
	const struct fetch_pair *query; /* is added to the URL, encoded */
	size_t query_count;
	const struct fetch_pair *form; /* of a POST, as a form */
	size_t form_count;
	const char *body; /* of a POST, instead of a form; its type is a header's business */
	const struct fetch_pair *headers;
	size_t header_count;
	const char *bearer; /* sent as Authorization; NULL: none */
	size_t max_bytes;   /* of the body, unpacked */
	int seconds;        /* 0: HTTP_FETCH_SECONDS */
	int redirects_max;
	bool may_be_private;
};

enum fetch_outcome {
	FETCH_ANSWERED,  /* status, headers and the whole body are there */
	FETCH_NOT_SENT,  /* the server never saw the question */
	FETCH_LOST,      /* it may have seen it: no answer, or not the whole */
	FETCH_TOO_LARGE, /* an answer over max_bytes; status and headers are there */
	FETCH_REFUSED,   /* we do not ask there: scheme, private address, redirects */
};

struct http_fetched {
	enum fetch_outcome outcome;
	int status;
	const char *body; /* NUL-terminated after length; foreign bytes */
	size_t length;
	const char *url;     /* where the answer came from, after redirects */
	const char *problem; /* unless answered: for the log, in English, no secret in it */
	struct fetch_pair headers[HTTP_FETCH_HEADERS_MAX];
	size_t header_count;
};

/*
 * Everything in *out lives as long as ctx->arena. A POST or DELETE always gets a
 * connection of its own: libcurl would send it a second time, by itself, when a
 * kept one turns out to be dead.
 */
void http_fetch(struct ctx *ctx, const struct http_fetch *fetch, struct http_fetched *out);

/* The first header of that name in any spelling of case, or NULL. */
const char *http_fetched_header(const struct http_fetched *fetched, const char *name);
/* The next one from *index on, which it moves; begin with 0. */
const char *http_fetched_header_next(const struct http_fetched *fetched, const char *name,
				     size_t *index);

/* The text with the values of token parameters and headers made unreadable. */
char *http_scrub(struct arena *arena, const char *text);

/* "host:port" of a http or https address, lower case, port always there; NULL: not one. */
char *http_url_place(struct arena *arena, const char *url);

#endif
