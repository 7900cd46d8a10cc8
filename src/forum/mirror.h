/*
 * Mirrors: conversations of another network (connect/connector.h) as topics and
 * posts of the forum, kept in step. Convergent: the same events in any order, twice,
 * or half lost and found again by reading, end in the same state as the source.
 *
 * How: what is known of each item there is one row (mirror_items), into which events
 * are merged field by field, the later one winning (mirror_merge.c). What people see
 * is a pure function of those rows (mirror_project.c); what differs from it is
 * written. Both happen in one transaction under a lock of the thread. What the
 * network said to be removed stays so; what is only missing is concluded to be gone
 * by the rules of mirror_absence.c.
 *
 * This file is for everybody; mirror_work.h is what the worker needs besides.
 */
#ifndef FORUM_MIRROR_H
#define FORUM_MIRROR_H

#include "connect/connector.h"
#include "forum/policy.h"

/* Sources --------------------------------------------------------------------- */

enum mirror_state { MIRROR_ACTIVE, MIRROR_PAUSED, MIRROR_STOPPED, MIRROR_REMOVED };
enum mirror_authors { AUTHORS_NOBODY, AUTHORS_ANONYMOUS, AUTHORS_FIRST_NAME, AUTHORS_NAME };

struct mirror {
	struct source source;
	int64_t category_id;
	const char *category_name, *language;
	enum mirror_state state;
	const char *state_reason;
	enum mirror_authors show_authors;
	bool index_comments;
	int64_t index_answer_min, keep_removed_days, keep_raw_days, poll_minutes;
	int64_t privacy_decided_at;
	int64_t backfill_asked_at, backfill_started_at, backfilled_at;
	int64_t polled_at, counted_at, swept_at, event_at, health_at;
	int64_t writes_blocked_until, written_at, brake_at, token_expires_at;
	int64_t failed_calls, last_error_at;
	const char *watermark, *last_error, *last_trace_id;
};

struct mirror_new {
	const char *connector, *account, *name, *language;
	int64_t category_id;
};
/*
 * An administrator's; idempotent by (connector, account). ERR_INVALID at "connector",
 * "account", "name", "language", "category".
 */
enum err mirror_create(struct ctx *ctx, const struct mirror_new *form, int64_t *id) MUST_CHECK;
/* ERR_NOT_FOUND */
enum err mirror_load(struct ctx *ctx, int64_t id, struct mirror *out) MUST_CHECK;
/* By its number, its account, or its name, for commands. ERR_NOT_FOUND */
enum err mirror_find(struct ctx *ctx, const char *what, struct mirror *out) MUST_CHECK;
/* All but the removed ones, in the order in which they came. */
enum err mirror_list(struct ctx *ctx, struct mirror **out, size_t *count) MUST_CHECK;
/*
 * Name, category, language, privacy, indexing, days. The privacy choices are recorded
 * with who decided them, in the audit log too; what is shown follows in the worker.
 */
enum err mirror_configure(struct ctx *ctx, const struct mirror *changed) MUST_CHECK;
/* People's: active, paused or removed; the worker's: stopped. */
enum err mirror_set_state(struct ctx *ctx, int64_t id, enum mirror_state state,
			  const char *reason) MUST_CHECK;
/* Asks the worker to read everything (again). */
enum err mirror_ask_backfill(struct ctx *ctx, int64_t id) MUST_CHECK;
/* The operator looked at what the brake held back (mirror_work.h): it may go. */
enum err mirror_release_brake(struct ctx *ctx, int64_t id) MUST_CHECK;

const char *mirror_state_text(enum mirror_state state);
const char *mirror_authors_text(enum mirror_authors authors);
bool mirror_authors_parse(const char *text, enum mirror_authors *out);

/* What /admin/mirror and `entraide mirror status` show of a source. */
struct mirror_status {
	int64_t posts, comments, removed, waiting; /* items; waiting: parent not known yet */
	int64_t refreshes, oldest_refresh_at;
	int64_t deliveries_waiting, oldest_delivery_at, deliveries_dead; /* of its connector */
	int64_t outbox_open, outbox_failed, media_waiting;
};
enum err mirror_status(struct ctx *ctx, const struct mirror *mirror,
		       struct mirror_status *out) MUST_CHECK;

/* Events ------------------------------------------------------------------------ */

/*
 * Applies events of any threads of one source, in transactions of their own.
 * Idempotent. A comment whose parent or post is not known waits, and asks for them.
 */
enum err mirror_apply(struct ctx *ctx, const struct mirror *mirror,
		      const struct source_event *event) MUST_CHECK;
enum err mirror_apply_all(struct ctx *ctx, const struct mirror *mirror,
			  const struct source_event *events, size_t count) MUST_CHECK;

/* Deliveries -------------------------------------------------------------------- */

/* Stores the raw body durably and wakes the worker: one round trip. */
enum err mirror_receive(struct ctx *ctx, const char *connector, const char *body,
			size_t length) MUST_CHECK;

struct mirror_delivery {
	int64_t id, received_at, attempts, unknown_count;
	const char *connector, *error;
	const char *body;
	size_t length;
};
/* Those that could not be worked in, newest first, without their bodies. */
enum err mirror_dead_deliveries(struct ctx *ctx, struct mirror_delivery **out,
				size_t *count) MUST_CHECK;
/* Once more; id 0: all. An administrator's. */
enum err mirror_retry_delivery(struct ctx *ctx, int64_t id) MUST_CHECK;

/* Answering --------------------------------------------------------------------- */

enum outbox_state {
	OUTBOX_QUEUED,
	OUTBOX_SENDING,
	OUTBOX_UNKNOWN,
	OUTBOX_SENT,
	OUTBOX_FAILED,
	OUTBOX_CANCELLED
};

/*
 * Queues, with the running transaction, that this answer or comment of the forum
 * (post_id, just written) is also sent to the source as the brand's reply. Once a
 * post: a second call does nothing. ERR_NOT_FOUND: not in a mirrored topic.
 * ERR_FORBIDDEN by policy; ERR_INVALID (field "body") when it is too long there, or
 * says nothing, or the source takes no answers there.
 */
enum err mirror_send_reply(struct ctx *ctx, int64_t post_id) MUST_CHECK;
/*
 * Queue, with the running batch, what became of a post that was sent (one
 * statement): its new words, or its deletion. Nothing for a post that was not sent.
 * Editing and withdrawing call them.
 */
void mirror_add_edit(struct ctx *ctx, int64_t post_id, const char *markdown);
void mirror_add_deletion(struct ctx *ctx, int64_t post_id);
/* The text as the source will show it: Markdown made plain. */
const char *mirror_plain_text(struct ctx *ctx, const char *markdown);
/* In the source's unit (Facebook: UTF-16). */
int64_t mirror_text_length(const char *text);
/*
 * Hide, unhide or delete a mirrored comment there (WRITE_HIDE, _UNHIDE, _DELETE).
 * Staff's; once while the same waits. ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_INVALID.
 */
enum err mirror_send_moderation(struct ctx *ctx, int64_t post_id, enum write_kind kind) MUST_CHECK;
/* A failed one once more, or given up. Staff's. */
enum err mirror_outbox_retry(struct ctx *ctx, int64_t outbox_id) MUST_CHECK;
enum err mirror_outbox_cancel(struct ctx *ctx, int64_t outbox_id) MUST_CHECK;

/* A picture that was copied; file: its name below /media/. */
struct mirror_picture {
	int64_t post_id;
	const char *kind, *file, *link, *title; /* file "": none (a link, a video) */
	int64_t width, height;
};

/* What a topic page shows beside a mirrored post; ids of posts of one page at once. */
struct mirror_mark {
	int64_t post_id;
	const char *url; /* the original's address; "" */
	bool is_mirrored, has_outbox;
	enum outbox_state outbox_state;
	int64_t outbox_id;
	const char *outbox_error; /* translated; "" */
	enum item_visibility visibility;
	bool can_reply, can_hide; /* what the source can do with it; not who may */
	int64_t reaction_count;

	/* What the page adds, from the rest of it. */
	const struct mirror_picture *pictures;
	size_t picture_count;
	const char *network;       /* "Facebook" */
	const char *reply_to_name; /* whom it answers, if that is not who wrote above; "" */
	int64_t reply_to_id;
	bool may_moderate, may_erase, may_claim, may_see_sending;
};
enum err mirror_marks(struct ctx *ctx, const int64_t *post_ids, size_t count,
		      struct mirror_mark **marks, size_t *mark_count,
		      struct mirror_picture **pictures, size_t *picture_count) MUST_CHECK;

/* People there -------------------------------------------------------------------- */

/*
 * A member showed an advisor that this author is them: what they wrote there becomes
 * theirs here. person_id 0 undoes it. Staff's. ERR_NOT_FOUND, ERR_CONFLICT (another's).
 */
enum err mirror_claim_author(struct ctx *ctx, int64_t author_id, int64_t person_id) MUST_CHECK;
/* Whose a mirrored post is; *author_id 0: not told, or the brand's own. */
enum err mirror_author_of_post(struct ctx *ctx, int64_t post_id, int64_t *author_id) MUST_CHECK;

/*
 * Everything of this author here goes: texts, names, media, revisions, index; the
 * ids stay as tombstones. By batches in the worker; *erasure_id to follow it.
 */
enum err mirror_erase_author(struct ctx *ctx, int64_t author_id, int64_t *erasure_id) MUST_CHECK;
/* The same, queued with the running transaction of a request (erasure.h). */
void mirror_add_erasure(struct ctx *ctx, int64_t author_id);

#endif
