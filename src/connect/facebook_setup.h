/*
 * Setting a Page up, and seeing whether all is well with it.
 */
#ifndef CONNECT_FACEBOOK_SETUP_H
#define CONNECT_FACEBOOK_SETUP_H

#include "connect/connector.h"
#include "connect/facebook_push.h"

/* Settings and secrets are there; a translated sentence about the first that is not, or NULL. */
const char *facebook_configured(struct ctx *ctx, const struct source *source);

enum err facebook_health(struct ctx *ctx, struct source *source, struct source_health *out,
			 struct connect_error *error) MUST_CHECK;

/* site.base_url with FACEBOOK_CALLBACK_PATH: where notices are to come. */
const char *facebook_callback_url(struct ctx *ctx);

/*
 * Asks Facebook for notices about this Page: the app's subscription first (Facebook
 * calls the callback at once, so the site must be up), then the Page's. Harmless
 * when repeated.
 */
enum err facebook_subscribe(struct ctx *ctx, struct source *source,
			    struct connect_error *error) MUST_CHECK;

/* The Page's name, as it calls itself; "" if it is not told. */
enum err facebook_page_name(struct ctx *ctx, struct source *source, const char **name,
			    struct connect_error *error) MUST_CHECK;

/*
 * The id by which this Page knows a person whom the app knows as app_user_id (from
 * a deletion request); "" when Facebook cannot tell, which is usual for people who
 * never used the app.
 */
enum err facebook_scoped_id(struct ctx *ctx, struct source *source, const char *app_user_id,
			    const char **scoped_id, struct connect_error *error) MUST_CHECK;

#endif
