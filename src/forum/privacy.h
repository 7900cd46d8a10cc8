/*
 * What people may ask of us about their data: a copy of everything (made by the worker,
 * fetched within PRIVACY_EXPORT_DAYS, one at a time), and the erasure of the account.
 *
 * Erasing waits for PRIVACY_ERASURE_DAYS, in which it can be taken back. Then what was
 * written in public stays under a neutral name, everything else goes, and what the law
 * has us keep (decree 2021-1362) is sealed to privacy.seal_key, each class with its end:
 * the application writes it and cannot read it.
 */
#ifndef FORUM_PRIVACY_H
#define FORUM_PRIVACY_H

#include "base/ctx.h"

#define PRIVACY_EXPORT_DAYS      7
#define PRIVACY_ERASURE_DAYS     14
#define PRIVACY_EXPORT_MAX_BYTES (7 * 1024 * 1024) /* a page has 8 MiB */

/* The actor's requests. Times are 0 where nothing was asked for. */
struct privacy_state {
	int64_t export_asked_at, export_ready_at, export_expires_at;
	int64_t erasure_due_at;
	const char *charter_version; /* accepted, "" for none; and when */
	int64_t charter_accepted_at;
};
enum err privacy_state_load(struct ctx *ctx, struct privacy_state *out) MUST_CHECK;

/* Queues the worker's job. ERR_CONFLICT: one is being made, or waits to be fetched. */
enum err privacy_ask_export(struct ctx *ctx) MUST_CHECK;
/* The actor's zip. ERR_NOT_FOUND: none, or no longer. */
enum err privacy_export_fetch(struct ctx *ctx, const char **zip, size_t *length) MUST_CHECK;

/* For the job: everything as JSON (an object of lists), *language the person's. NULL
 * where it was not asked for any more. */
enum err privacy_export_read(struct ctx *ctx, int64_t person_id, const char **json,
			     const char **language) MUST_CHECK;
/* The finished zip; the mail that tells of it. */
enum err privacy_export_keep(struct ctx *ctx, int64_t person_id, const void *zip,
			     size_t length) MUST_CHECK;

/* ERR_FORBIDDEN: of the team; its role is given back first. */
enum err privacy_ask_erasure(struct ctx *ctx) MUST_CHECK;
enum err privacy_cancel_erasure(struct ctx *ctx) MUST_CHECK;
/* For the job: nothing happens before the time, or when it was taken back. */
enum err privacy_erase(struct ctx *ctx, int64_t person_id) MUST_CHECK;

/* Every night: what has served its time, with a line a class in the log of it. */
enum err privacy_retention(struct ctx *ctx) MUST_CHECK;

/* What stands sealed, for the one who has the other half of the key. */
struct sealed_record {
	int64_t id, created_at, keep_until;
	const char *class;
	const char *sealed;
	size_t length;
};
/* ERR_INTERNAL for the application's own role, which may not read. */
enum err privacy_sealed_list(struct ctx *ctx, struct sealed_record **out, size_t *count) MUST_CHECK;

/*
 * The register: which data there is, what for, for how long. In English: through _().
 * key: for the test that holds every column that names people against it.
 */
struct privacy_class {
	const char *key, *what, *why, *how_long;
};
extern const struct privacy_class privacy_classes[];
extern const size_t privacy_class_count;

struct retention_entry {
	int64_t at, deleted;
	const char *class;
};
#define RETENTION_SHOWN 100
/* The newest nights. ERR_FORBIDDEN below administrators. */
enum err privacy_retention_log(struct ctx *ctx, struct retention_entry **out,
			       size_t *count) MUST_CHECK;

#endif
