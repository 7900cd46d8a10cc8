/*
 * The web's end of FastCGI, behind five calls so that another reader of the
 * protocol could take libfcgi's place: http_listen, http_accept, http_request
 * accessors, http_send, http_close. It knows requests and responses, nothing of
 * forums, sessions or languages.
 *
 * What libfcgi does when it is mistreated is in docs/security.md; the answers to
 * it live here: a non-blocking listening socket and ppoll before FCGX_Accept_r
 * (a flag checked before accept() races with the signal), the sentinel parameter
 * ENTRAIDE_PARAMS_END=1 that must be there (an ABORT record during PARAMS gives
 * a request with an empty environment), a check that as many bytes were read as
 * CONTENT_LENGTH says, limits on everything, keep-alive off.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/slice.h"

#define HTTP_BODY_MAX_BYTES     (256 * 1024)      /* forms; nginx refuses more before us */
#define HTTP_UPLOAD_MAX_BYTES   (8 * 1024 * 1024) /* where nginx says ENTRAIDE_BODY=upload */
#define HTTP_RAW_BODY_MAX_BYTES (4 * 1024 * 1024) /* where nginx says ENTRAIDE_BODY=raw */
#define HTTP_QUERY_MAX_BYTES    4096
#define HTTP_FIELDS_MAX         64 /* form fields or query parameters */
#define HTTP_COOKIES_MAX        32
#define HTTP_HEADER_MAX_BYTES   8192 /* one header's value */
#define HTTP_RESPONSE_MAX_BYTES (8 * 1024 * 1024)

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* Decoded, valid UTF-8. Line ends of a value are "\n", whatever the browser sent. */
struct http_pair {
	const char *name, *value;
	/* A file of a multipart form: bytes of any kind, its value is "". Else NULL. */
	const char *bytes;
	size_t length;
	const char *file_name; /* as it was sent: nobody has looked at it yet */
};

struct http_pairs {
	struct http_pair *items;
	size_t count;
};

/*
 * A request as it arrived, wholly read and checked. All strings are valid,
 * clean UTF-8 (utf8_is_clean) in the request's arena, and never NULL: what the
 * client did not send is "".
 */
struct http_request {
	enum http_method method;
	const char *method_name;
	const char *path;             /* percent-decoded, "/t/12-slug"; starts with / */
	const char *query;            /* raw, without '?' */
	struct http_pairs parameters; /* of the query */
	struct http_pairs form;       /* of an urlencoded or multipart body */
	struct http_pairs cookies;
	const char *body; /* raw; body_length bytes, then a NUL */
	size_t body_length;
	const char *content_type;
	const char *client_address; /* from nginx, never from a header of the client */
	const char *request_id;     /* 32 hexadecimal characters, from nginx or ours */
	const char *accept_language, *accept, *user_agent, *referer, *origin;
	const char *sec_fetch_site, *if_none_match, *if_modified_since;
	const char *authorization;
	const char *hub_signature, *content_encoding; /* hub_signature: X-Hub-Signature-256 */
	/*
	 * Where nginx may keep the answer: the address as it came, and under which language
	 * ("fr", "en", "-" when the client wishes none, "?" unclear) and encoding ("br",
	 * "gzip", "") it would. store_language is "" where it never does.
	 */
	const char *uri, *store_language, *store_coding;
	bool is_https;
	bool is_raw; /* body is bytes of any kind, not looked at: no form, perhaps NULs */
};

/*
 * First value of that name; "" when absent. http_has tells absent from empty.
 * A name that comes twice (parameter pollution) thus means its first value
 * everywhere, whatever stands behind it.
 */
const char *http_parameter(const struct http_request *request, const char *name);
const char *http_form(const struct http_request *request, const char *name);
const char *http_cookie(const struct http_request *request, const char *name);
/* The bytes of a file field, NULL when none was chosen. */
const char *http_file(const struct http_request *request, const char *name, size_t *length);
/* The first `most` files of the fields of that name; returns how many there are in all. */
size_t http_files(const struct http_request *request, const char *name,
		  const struct http_pair **out, size_t most);
bool http_has(const struct http_pairs *pairs, const char *name);

/* What is sent back. Filled by web/respond.c, sent once by http_send. */
struct http_response {
	int status;
	const char *content_type; /* with its charset */
	struct buf headers;       /* "Name: value\r\n" lines; see http_header */
	struct buf body;
};

/* Adds a header. A value with a control character is dropped, and logged. */
void http_header(struct http_response *response, const char *name, const char *value);

/* Was one of that name, in that spelling, added? */
bool http_has_header(const struct http_response *response, const char *name);

struct http_cookie_options {
	int64_t max_age_seconds; /* 0: for the browser session; -1: delete */
	bool is_secure;          /* then the name must start with __Host- */
	bool is_strict;          /* SameSite=Strict instead of Lax */
	bool is_readable;        /* without HttpOnly: for scripts */
};
void http_set_cookie(struct http_response *response, const char *name, const char *value,
		     struct http_cookie_options options);

/* A listening unix socket, mode 0660, group as given (may be ""). */
enum http_listen_result { HTTP_LISTEN_OK, HTTP_LISTEN_BUSY, HTTP_LISTEN_FAILED };
enum http_listen_result http_listen(const char *path, const char *group, int *fd_out);

struct http_server;

/*
 * One per worker process; listen_fd is inherited and non-blocking. Ends the
 * process when libfcgi cannot start. SIGPIPE is ignored from here on.
 */
struct http_server *http_server_new(int listen_fd);
void http_server_free(struct http_server *server);

enum http_accept_result {
	HTTP_ACCEPT_REQUEST, /* *request is filled; answer it with http_send */
	HTTP_ACCEPT_REFUSED, /* malformed: *refusal says which error to answer */
	HTTP_ACCEPT_IDLE,    /* wait_ms passed without a request */
	HTTP_ACCEPT_STOPPED, /* a stop signal came, nothing is pending */
};

/* What *should_stop may say; see http/supervisor.h for who sets it. */
enum http_stop {
	HTTP_STOP_NOT,
	HTTP_STOP_NOW,       /* accept nothing more: others serve the socket */
	HTTP_STOP_WHEN_IDLE, /* first serve what is already in its queue */
};

/*
 * Waits for the next request. Signals must be blocked except during this call:
 * wait_mask is the sigset_t ppoll waits with; NULL leaves the mask alone.
 * should_stop is read after every wake. wait_ms below zero waits for ever.
 * Request data is allocated in the arena.
 * On HTTP_ACCEPT_REFUSED the request is filled as far as it could be read (path
 * and request_id at least "") and *refusal says why; http_send must still be
 * called.
 * ERR_BAD_REQUEST: invalid UTF-8, a control character, a bad percent escape, too
 *                  many fields or cookies, a value over its limit, a broken
 *                  multipart body, a body of another length than announced, a
 *                  body on GET or HEAD, no sentinel.
 * ERR_TOO_LARGE:   CONTENT_LENGTH over HTTP_BODY_MAX_BYTES, for uploads over
 *                  HTTP_UPLOAD_MAX_BYTES, for raw bodies over
 *                  HTTP_RAW_BODY_MAX_BYTES; nothing was read.
 * ERR_UNSUPPORTED: a body whose type is none of urlencoded, multipart/form-data
 *                  (both fill form), application/json, any +json, text/plain
 *                  (valid UTF-8, left in body as it came); any Content-Encoding.
 * A connection that does not speak FastCGI is dropped and logged; this call
 * then goes on waiting.
 */
enum http_accept_result http_accept(struct http_server *server, struct arena *arena,
				    const void *wait_mask, const volatile int *should_stop,
				    int wait_ms, struct http_request *request, enum err *refusal);

/*
 * Sends and finishes the request; a client that went away is no error. Without a
 * status or with an overflown buffer a bare 500 goes out, and a line in the log.
 */
void http_send(struct http_server *server, const struct http_request *request,
	       const struct http_response *response);

/*
 * The parsers on their own, for the fuzz targets and unit tests. False: refuse
 * the request; *out is then empty or partly filled and not to be used.
 *
 * http_parse_multipart takes text fields and files. A file field is skipped when
 * no file was chosen; a file's bytes stay where they are in the body.
 * http_decode_path refuses what nginx and we might read differently: "//", "."
 * and ".." segments, an encoded slash, any control character.
 */
bool http_parse_pairs(struct arena *arena, struct slice text, struct http_pairs *out);
bool http_parse_cookies(struct arena *arena, struct slice text, struct http_pairs *out);
bool http_parse_multipart(struct arena *arena, struct slice body, const char *content_type,
			  struct http_pairs *out);
bool http_decode_path(struct arena *arena, struct slice raw, const char **out);

#endif
