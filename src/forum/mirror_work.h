/*
 * Mirrors, what the worker and the commands need besides mirror.h: who works on what
 * (locks), what is due, and what came of it.
 */
#ifndef FORUM_MIRROR_WORK_H
#define FORUM_MIRROR_WORK_H

#include "forum/mirror.h"

/* Streams ------------------------------------------------------------------------ */

/*
 * Kinds of work on a source, in the order of their urgency. One worker at a time does
 * a stream of a source: a lock of its connection, which a killed worker loses at once.
 */
enum mirror_stream {
	STREAM_DELIVERIES, /* of a connector, not of a source */
	STREAM_OUTBOX,
	STREAM_REFRESH,
	STREAM_HEALTH,
	STREAM_RESHOW,
	STREAM_ERASE,
	STREAM_POLL,
	STREAM_COUNT_CHANGES,
	STREAM_MEDIA,
	STREAM_BACKFILL,
	STREAM_SWEEP,
	STREAM_CONCLUDE,
	STREAM_COUNT,
};
const char *mirror_stream_text(enum mirror_stream stream);

struct mirror_task {
	enum mirror_stream stream;
	int64_t source_id; /* 0: of all */
};
/* What could be done now, most urgent first. */
enum err mirror_due(struct ctx *ctx, struct mirror_task **out, size_t *count) MUST_CHECK;
enum err mirror_try_lock(struct ctx *ctx, const struct mirror_task *task, bool *is_ours) MUST_CHECK;
enum err mirror_unlock(struct ctx *ctx, const struct mirror_task *task) MUST_CHECK;

/* Marks that a stream was done, so that it is due again after its time. */
enum mirror_stamp {
	STAMP_POLLED,
	STAMP_COUNTED,
	STAMP_SWEPT,
	STAMP_HEALTH,
	STAMP_EVENT,
	STAMP_BACKFILL_STARTED,
	STAMP_BACKFILLED,
	STAMP_CONCLUDED,
	STAMP_GAP, /* something was missed: poll at once */
};
enum err mirror_stamp(struct ctx *ctx, int64_t source_id, enum mirror_stamp stamp) MUST_CHECK;
/* What the connector left for the next reading of posts, once all was applied. */
enum err mirror_keep_watermark(struct ctx *ctx, const struct mirror *mirror,
			       const char *watermark) MUST_CHECK;

/*
 * What a call came to, kept in the source's row for all workers: usage of the rate
 * limit, failures, "stopped" when the key died, "writes blocked".
 */
enum err mirror_note_call(struct ctx *ctx, struct mirror *mirror,
			  const struct connect_error *error) MUST_CHECK;
/* Of a source that answered and took its key; one that was stopped goes on. */
enum err mirror_note_health(struct ctx *ctx, struct mirror *mirror,
			    const struct source_health *health) MUST_CHECK;
/* May calls of this importance be made now (section 10 of the rate limits)? */
enum mirror_call { CALL_WRITE, CALL_REFRESH, CALL_POLL };
bool mirror_may_call(const struct ctx *ctx, const struct mirror *mirror, enum mirror_call call);

/* Threads to be shown anew; mirror_show_again does some. */
enum err mirror_reshows(struct ctx *ctx, const struct mirror *mirror, const char ***roots,
			size_t *count) MUST_CHECK;
enum err mirror_show_again(struct ctx *ctx, const struct mirror *mirror, const char *const *roots,
			   size_t count) MUST_CHECK;

/* Refreshes ------------------------------------------------------------------------ */

struct mirror_wish {
	enum item_kind kind;
	const char *key, *address;
	bool with_comments;
	int64_t asked_at, attempts;
};
/* Queues one statement, with the running batch. */
void mirror_add_wishes(struct ctx *ctx, const struct mirror *mirror,
		       const struct mirror_wish *wishes, size_t count);
/* The same for those that are known already; in a while, because it is not urgent. */
void mirror_add_known_wishes(struct ctx *ctx, const struct mirror *mirror,
			     const struct mirror_wish *wishes, size_t count);
/* The longest due, at most limit. */
enum err mirror_wishes(struct ctx *ctx, const struct mirror *mirror, size_t limit,
		       struct mirror_wish **out, size_t *count) MUST_CHECK;
/* Done, unless asked for again meanwhile. */
enum err mirror_wishes_done(struct ctx *ctx, const struct mirror *mirror,
			    const struct mirror_wish *wishes, size_t count) MUST_CHECK;
/* Again later: after 10 s, doubling up to an hour; given up after many attempts. */
enum err mirror_wishes_later(struct ctx *ctx, const struct mirror *mirror,
			     const struct mirror_wish *wishes, size_t count) MUST_CHECK;
/* Which of these posts are not known yet. known[i] answers keys[i]. */
enum err mirror_known_posts(struct ctx *ctx, const struct mirror *mirror, const char *const *keys,
			    size_t count, bool *known) MUST_CHECK;

/* Posts whose comments are to be read -------------------------------------------------- */

enum mirror_choice {
	POSTS_ACTIVE, /* something happened within 48 hours */
	POSTS_UNREAD, /* comments not read since a time: a backfill */
	POSTS_OLDEST, /* read longest ago: the sweep */
};
struct mirror_root {
	const char *key, *address;
	int64_t comment_count, comments_read_at;
};
enum err mirror_roots(struct ctx *ctx, const struct mirror *mirror, enum mirror_choice choice,
		      int64_t since, size_t limit, struct mirror_root **out,
		      size_t *count) MUST_CHECK;
/* What is known of these posts; unknown ones have comments_read_at 0, comment_count -1. */
enum err mirror_roots_known(struct ctx *ctx, const struct mirror *mirror, struct mirror_root *roots,
			    size_t count) MUST_CHECK;
/*
 * All comments of this post were read, from started_at on: those that were not among
 * them are asked for one by one, as absence from a list proves nothing.
 */
enum err mirror_comments_read(struct ctx *ctx, const struct mirror *mirror, const char *root_key,
			      int64_t started_at, bool is_complete) MUST_CHECK;

/* Absence ------------------------------------------------------------------------------ */

/*
 * Concludes what is gone: missing twice, mirror.absence_hours apart, while its post
 * could be read. *held: more than mirror.brake_percent would go within a day, so the
 * brake was put on and nothing was concluded.
 */
enum err mirror_conclude(struct ctx *ctx, const struct mirror *mirror, int64_t *concluded,
			 bool *held) MUST_CHECK;

/* Deliveries ------------------------------------------------------------------------------ */

enum err mirror_deliveries(struct ctx *ctx, size_t limit, size_t max_bytes,
			   struct mirror_delivery **out, size_t *count) MUST_CHECK;
enum err mirror_deliveries_done(struct ctx *ctx, const struct mirror_delivery *deliveries,
				size_t count) MUST_CHECK;
/* Tried in vain: again later, or dead after some attempts. */
enum err mirror_delivery_failed(struct ctx *ctx, const struct mirror_delivery *delivery,
				const char *why) MUST_CHECK;

/* Outbox ------------------------------------------------------------------------------ */

struct mirror_write {
	int64_t id, post_id, attempts, looks, sent_first_at;
	enum outbox_state state;
	struct source_write write; /* .known_keys: for find_own */
	const char *item_key, *root_key;
	enum item_kind item_kind;
};
/* The next due of this source, in order; *found. One left "sending" is unknown. */
enum err mirror_outbox_next(struct ctx *ctx, const struct mirror *mirror, struct mirror_write *out,
			    bool *found) MUST_CHECK;
/* Durably, before the call. *is_ours false: somebody else took it. */
enum err mirror_outbox_sending(struct ctx *ctx, struct mirror_write *write,
			       bool *is_ours) MUST_CHECK;
/* Done: a reply becomes an item of ours, an edit its text, a hide its state. */
enum err mirror_outbox_sent(struct ctx *ctx, const struct mirror *mirror,
			    const struct mirror_write *write,
			    const struct write_result *result) MUST_CHECK;
/* Into this state, to be looked at again after some seconds; error for people. */
enum err mirror_outbox_put(struct ctx *ctx, const struct mirror_write *write,
			   enum outbox_state state, int64_t delay_seconds, bool was_looked,
			   const struct connect_error *error) MUST_CHECK;

/* Media ------------------------------------------------------------------------------ */

struct mirror_file {
	int64_t id, item_id, attempts;
	const char *url, *file, *item_key, *item_address;
	enum item_kind item_kind;
	int64_t width, height, bytes;
};
enum err mirror_files(struct ctx *ctx, const struct mirror *mirror, size_t limit,
		      struct mirror_file **out, size_t *count) MUST_CHECK;
/* The same of pictures that are files of an export. */
enum err mirror_files_of_export(struct ctx *ctx, const struct mirror *mirror, size_t limit,
				struct mirror_file **out, size_t *count) MUST_CHECK;
enum err mirror_file_stored(struct ctx *ctx, const struct mirror_file *file) MUST_CHECK;
enum err mirror_file_refused(struct ctx *ctx, const struct mirror_file *file,
			     const char *why) MUST_CHECK;
enum err mirror_file_later(struct ctx *ctx, const struct mirror *mirror,
			   const struct mirror_file *file, const char *why) MUST_CHECK;
/* Names of files that no row needs any more; then their rows forget them. */
enum err mirror_files_unneeded(struct ctx *ctx, const char ***files, size_t *count) MUST_CHECK;
enum err mirror_files_deleted(struct ctx *ctx, const char *const *files, size_t count) MUST_CHECK;

/* Forgetting ------------------------------------------------------------------------------ */

/* A batch of an erasure that is under way; *has_more. */
enum err mirror_erase_some(struct ctx *ctx, const struct mirror *mirror, bool *has_more) MUST_CHECK;
/* What was kept long enough: words of what was removed, raw deliveries. */
enum err mirror_retention(struct ctx *ctx) MUST_CHECK;

/* Alerts ------------------------------------------------------------------------------ */

/*
 * A mail to the administrators, at most one a day and kind. what: "token",
 * "subscription", "lag"; details: an English sentence of the source.
 */
enum err mirror_alert(struct ctx *ctx, const struct mirror *mirror, const char *what,
		      const char *details) MUST_CHECK;

/* Everything that is shown of a source, as JSON (docs/mirroring.md). */
enum err mirror_dump(struct ctx *ctx, const struct mirror *mirror, const char **json) MUST_CHECK;

/*
 * Own items with these words, created in this second: for exports, which have no ids.
 * Keys of what is imported from one begin with MIRROR_EXPORT_PREFIX: nobody reads them again.
 */
#define MIRROR_EXPORT_PREFIX "export-"
/* Addresses of pictures that are files of an export begin so: only its import reads them. */
#define MIRROR_EXPORT_URL    "export:"
enum err mirror_count_alike(struct ctx *ctx, const struct mirror *mirror, enum item_kind kind,
			    int64_t created_at, const char *text, int64_t *count) MUST_CHECK;

/* For replays: a schema beside the others, empty. The name is the caller's own. */
enum err mirror_scratch_make(struct ctx *ctx, const char *schema) MUST_CHECK;
enum err mirror_scratch_drop(struct ctx *ctx, const char *schema) MUST_CHECK;

#endif
