/*
 * Keeping mirrors: what calls connectors and hands their events to the forum
 * (forum/mirror.h, mirror_work.h). A pool of processes of its own does it, because a
 * network may be slow and mails must not wait for it. Each takes the most urgent task
 * that nobody else has in hand, does some of it, and looks again.
 */
#ifndef JOBS_MIRROR_H
#define JOBS_MIRROR_H

#include "forum/mirror_work.h"
#include "http/supervisor.h"

/* For the supervisor; pool->data: the struct config. */
int mirror_work(const struct supervisor_worker *worker);

/* One task, for tests and commands too. *worked: there was one. */
enum err mirror_step(struct ctx *ctx, bool *worked) MUST_CHECK;

/*
 * Notices, answers and refreshes that came while something long is being done: between
 * two of its parts, so that a comment is seen within seconds whatever else is going on.
 */
enum err mirror_do_urgent(struct ctx *ctx) MUST_CHECK;

/*
 * The tasks. Each does a bounded amount, notes what its calls came to, and leaves when
 * no call may be made. A failure of the network is not an error.
 */
enum err mirror_do_deliveries(struct ctx *ctx) MUST_CHECK;
enum err mirror_do_refreshes(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_outbox(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_poll(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_changes(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_sweep(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_media(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
/* Makes the picture anew from these bytes and keeps it, or notes why that cannot be. */
enum err mirror_keep_picture(struct ctx *ctx, struct mirror_file *file, const char *bytes,
			     size_t length) MUST_CHECK;
enum err mirror_do_health(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;
enum err mirror_do_conclusions(struct ctx *ctx, struct mirror *mirror) MUST_CHECK;

/*
 * Reads everything that was not read since the backfill began; whoever is interrupted
 * goes on there. *done false: it stopped because of until (monotonic, 0: none) or
 * because no call may be made now. tell may be NULL.
 */
struct backfill_progress {
	void (*tell)(void *data, int64_t posts, int64_t comments);
	void *data;
	int64_t posts, comments;
};
enum err mirror_do_backfill(struct ctx *ctx, struct mirror *mirror, int64_t until,
			    struct backfill_progress *progress, bool *done) MUST_CHECK;
/* All posts and all comments, now: the sweep without waiting. */
enum err mirror_read_all(struct ctx *ctx, struct mirror *mirror, struct backfill_progress *progress,
			 bool *done) MUST_CHECK;

/* What networks passed on of people who want to be forgotten. */
enum err mirror_do_erasure_calls(struct ctx *ctx) MUST_CHECK;

#endif
