/* What the files of legal notices share. Inside src/forum only. */
#ifndef FORUM_NOTICE_PARTS_H
#define FORUM_NOTICE_PARTS_H

#include "forum/notice.h"

enum notice_outcome notice_outcome_from_text(const char *text); /* "": none */
enum notice_state notice_state_of(const struct notice *notice, bool is_set_aside);

/* Queues the items of the queue: one a post that the notice is about. */
void notice_add_items(struct ctx *ctx, int64_t id, enum notice_category category,
		      const int64_t *post_ids, size_t count);

/* The address of its page, for mails. */
const char *notice_link(struct ctx *ctx, const char *code);

#endif
