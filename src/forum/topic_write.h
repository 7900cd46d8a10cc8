/*
 * Pieces of writing a topic that asking and editing share. Inside src/forum only.
 */
#ifndef FORUM_TOPIC_WRITE_H
#define FORUM_TOPIC_WRITE_H

#include "forum/topic.h"

/* Code points of a question's first words, kept for lists. */
#define TOPIC_EXCERPT_POINTS 200

/* ERR_INVALID at "title". */
enum err topic_clean_title(struct ctx *ctx, const char *typed, const char **title) MUST_CHECK;

/* Queues the question whether there is such a category; ERR_INVALID at "category". */
void topic_add_category_check(struct ctx *ctx, int64_t category_id, struct rows *rows);
enum err topic_take_category_check(struct ctx *ctx, struct rows *rows) MUST_CHECK;

/* Queues tags that need be made, and ties them to a topic that has none. */
void topic_add_tags(struct ctx *ctx, int64_t topic_id, const char *const *names, size_t count);

#endif
