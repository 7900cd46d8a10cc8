/*
 * Learning what spam looks like from what the team decides: a post that was taken away
 * as spam is a lesson, one that was looked at and let through is a lesson the other way,
 * and a decision that is undone is unlearnt. Kept as counts of hashed words by language,
 * and for likeness as hashes of runs of words: never as words.
 */
#ifndef FORUM_SPAM_LESSON_H
#define FORUM_SPAM_LESSON_H

#include "base/ctx.h"

/* Makes what was learnt of a post agree with what was decided of it. Repeatable. */
enum err spam_judge(struct ctx *ctx, int64_t post_id) MUST_CHECK;

/*
 * Forgets the oldest lessons beyond the newest "most" of each language and sort, exactly
 * as if they had never been learnt.
 */
enum err spam_forget_lessons(struct ctx *ctx, int64_t most) MUST_CHECK;

/*
 * Part of the nightly purge: lessons beyond the setting, words seen once and long ago,
 * and old sketches go.
 */
enum err spam_forget_old(struct ctx *ctx) MUST_CHECK;

#endif
