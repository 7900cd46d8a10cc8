/*
 * What Facebook says about the Page's token (debug_token).
 */
#ifndef CONNECT_FACEBOOK_TOKEN_H
#define CONNECT_FACEBOOK_TOKEN_H

#include "connect/facebook_call.h"

struct fb_token {
	bool is_valid;
	const char *type; /* "PAGE", "USER", "SYSTEM_USER", "APP"; "" */
	const char *app_id, *profile_id;
	int64_t expires_at, data_access_expires_at; /* microseconds; 0: never */
	const json_t *scopes, *granular_scopes;
	struct fb_error error; /* why it is not valid */
};

/* Of any shape that was seen; root is the whole answer. */
void fb_token_read(struct ctx *ctx, const json_t *root, struct fb_token *out);

/* It may be used for this Page: listed, and not granted for others only. */
bool fb_token_has_scope(const struct fb_token *token, const char *scope, const char *page);

/* Asks. answer->error tells whether that worked. */
enum err fb_token_ask(struct ctx *ctx, struct source *source, struct fb_token *out,
		      struct fb_answer *answer) MUST_CHECK;

/*
 * Before anything is read: with a token of another kind an empty list of comments
 * looks like success, and everything would seem deleted. Asked once an hour and
 * process; *error tells what is wrong.
 */
enum err fb_token_check(struct ctx *ctx, struct source *source,
			struct connect_error *error) MUST_CHECK;

/*
 * Tells the failure of an answer, if it is one. After one that says that the token
 * is dead it is asked about again.
 */
bool fb_has_failed(const struct fb_answer *answer, struct connect_error *error);

#endif
