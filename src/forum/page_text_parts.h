/* Between page_text.c and page_text_change.c only. */
#ifndef FORUM_PAGE_TEXT_PARTS_H
#define FORUM_PAGE_TEXT_PARTS_H

#include "forum/page_text.h"

bool page_text_is_ours(const char *name);
enum err page_text_require(struct ctx *ctx) MUST_CHECK;

#endif
