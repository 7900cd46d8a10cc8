/*
 * Reading from a source, and applying what was read. Inside src/jobs only.
 */
#ifndef JOBS_MIRROR_READING_H
#define JOBS_MIRROR_READING_H

#include "jobs/mirror.h"

/* Events with copies of everything they point to. */
struct event_list {
	struct arena *arena;
	struct source_event *items;
	size_t count, capacity;
};
void event_list_init(struct event_list *list, struct arena *arena);
/* An event_sink's take. */
enum err event_list_take(void *list, const struct source_event *event);
struct event_sink event_list_sink(struct event_list *list);

/* A context with memory of its own, for one of many steps; its error goes to the outer. */
struct ctx mirror_inner(const struct ctx *ctx);
enum err mirror_inner_end(struct ctx *ctx, struct ctx *inner, enum err result) MUST_CHECK;

/*
 * Reads these items, and the comments of posts that are wished with_comments.
 * hints: notices about them, which know the thread of a comment when a reading does
 * not. *unread: those that could not be read, at the head of wishes.
 */
enum err mirror_read_wishes(struct ctx *ctx, struct mirror *mirror, struct mirror_wish *wishes,
			    size_t count, const struct event_list *hints,
			    size_t *unread) MUST_CHECK;

/* All comments of a post. *is_read false: it did not come to its end. */
enum err mirror_read_thread(struct ctx *ctx, struct mirror *mirror, const char *key,
			    const char *address, int64_t *comments, bool *is_read) MUST_CHECK;

/* A page of posts, applied; posts says which. *failed: the network did not answer. */
struct posts_page {
	struct posts_reading reading;
	struct mirror_root *roots; /* as they were known before */
	int64_t *told;             /* their numbers of comments, as told now */
	size_t count;
	bool has_failed;
};
enum err mirror_read_page(struct ctx *ctx, struct mirror *mirror,
			  struct posts_page *page) MUST_CHECK;

#endif
