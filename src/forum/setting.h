/* What the site keeps about itself: single values by name. */
#ifndef FORUM_SETTING_H
#define FORUM_SETTING_H

#include "base/ctx.h"

/* "" when it was never set. */
enum err setting_load(struct ctx *ctx, const char *key, const char **value) MUST_CHECK;
enum err setting_store(struct ctx *ctx, const char *key, const char *value) MUST_CHECK;

#endif
