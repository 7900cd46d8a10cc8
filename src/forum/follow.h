/* Following a topic, tag or category: its news come as notifications. */
#ifndef FORUM_FOLLOW_H
#define FORUM_FOLLOW_H

#include "base/ctx.h"

enum follow_kind { FOLLOW_TOPIC, FOLLOW_TAG, FOLLOW_CATEGORY };

bool follow_kind_from_text(const char *text, enum follow_kind *out); /* "topic"… */
enum err follow_set(struct ctx *ctx, enum follow_kind kind, int64_t target_id,
		    bool is_on) MUST_CHECK;
enum err follow_is_on(struct ctx *ctx, enum follow_kind kind, int64_t target_id,
		      bool *out) MUST_CHECK;

#endif
