/*
 * A look at Markdown before it is parsed, in one pass and a few counters: whether
 * it could keep the parser busy far longer than its length deserves.
 */
#ifndef TEXT_MARKDOWN_GUARD_H
#define TEXT_MARKDOWN_GUARD_H

#include "base/arena.h"

/* NULL if it may be parsed; else a translated sentence that says what to mend. */
const char *markdown_guard(struct arena *arena, const char *markdown);

#endif
