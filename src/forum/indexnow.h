/*
 * IndexNow (https://www.indexnow.org/documentation): search engines that take part are
 * told which topics have changed, so that they need not look. Off unless the setting is
 * on. What is told is what the sitemap learns; whether the page still may be found, they
 * see there. Addresses go in batches; a service that fails is left alone, longer each time.
 */
#ifndef FORUM_INDEXNOW_H
#define FORUM_INDEXNOW_H

#include "base/ctx.h"

/* The protocol takes 10,000; ours stay small. */
#define INDEXNOW_BATCH 500

bool indexnow_is_on(void);

/* The site's key, which /indexnow.txt proves: of the site's secret, so there is nothing
 * to store. 32 hexadecimal characters. */
char *indexnow_key(struct ctx *ctx);

/*
 * Tells of what waits, a batch; *sent: how many addresses. Nothing is sent, and that is
 * no error, while it is off, nothing waits, or the service is being left alone. A service
 * that fails is no error either: it is logged and kept in indexnow_state.
 */
enum err indexnow_send(struct ctx *ctx, int64_t *sent) MUST_CHECK;

#endif
