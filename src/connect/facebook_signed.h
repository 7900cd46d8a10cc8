/*
 * Signed requests: how Facebook tells that somebody wants their data deleted, or
 * took the app's access back. A form field "signed_request".
 */
#ifndef CONNECT_FACEBOOK_SIGNED_H
#define CONNECT_FACEBOOK_SIGNED_H

#include "base/ctx.h"

struct facebook_signed {
	const char *user_id;    /* of that person for the app, not for the Page; "" if null */
	const char *profile_id; /* ""; of a Page that took its access back */
	int64_t issued_at;      /* microseconds; 0: not told */
};

/*
 * text: the field as it came. False: not signed by our app, or past its time
 * (ctx->now), or not readable; nothing in it is to be believed.
 */
bool facebook_signed_read(struct ctx *ctx, const char *text, struct facebook_signed *out);

#endif
