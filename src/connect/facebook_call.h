/*
 * One call to the Graph API: address, token, proof, usage headers, class of the
 * answer. Between the files of the Facebook connector.
 */
#ifndef CONNECT_FACEBOOK_CALL_H
#define CONNECT_FACEBOOK_CALL_H

#include "connect/connector.h"
#include "connect/facebook_error.h"
#include "net/http_client.h"

#define FB_PAIRS_MAX 16

struct fb_call {
	const char *method; /* NULL: GET */
	const char *path;   /* "104822336490021/feed"; its ids passed fb_is_id */
	struct fetch_pair pairs[FB_PAIRS_MAX];
	size_t pair_count;
	bool is_apps; /* with the app's own token instead of the Page's */
};

struct fb_answer {
	struct fb_error error; /* its class is FB_OK: go on */
	const json_t *root;    /* never NULL when FB_OK */
	enum fetch_outcome outcome;
	int status;
	int64_t asked_at;    /* when the question was sent */
	int64_t retry_at;    /* 0: not told */
	const char *version; /* the answer's facebook-api-version, or NULL */
};

void fb_add(struct fb_call *call, const char *name, const char *value);

/*
 * Keeps usage_percent and usage_until of *source up to date, and does not call at
 * all before usage_until. What the network did is in *out; fails only for a
 * setting that is missing.
 */
enum err fb_call(struct ctx *ctx, struct source *source, const struct fb_call *call,
		 struct fb_answer *out) MUST_CHECK;

/* The failure of an answer, for the caller of the connector. */
void fb_tell(const struct fb_answer *answer, struct connect_error *out);

/* The Page's token, or NULL. */
const char *fb_page_token(struct ctx *ctx, const struct source *source);

/* The app's: "ID|SECRET". */
const char *fb_app_token(struct ctx *ctx);

/* HMAC-SHA256 of the token by the app's secret, in hexadecimal. */
const char *fb_proof(struct ctx *ctx, const char *token);

/* Digits, letters, and underscores between them: fit for a path, with a last part. */
bool fb_is_id(const char *text);

/* The last part of "a_b_c". */
const char *fb_last_part(const char *id);

#endif
