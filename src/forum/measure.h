/*
 * Measures on people: a note (the team's own), a warning (to be acknowledged at the next
 * page), silence (may read, thank and follow, not write), suspension (may read only, and
 * is shown as suspended), and the removal of the right to write in a category and what is
 * below it. Each but the note opens a case (case.h), so the person gets the reason on the
 * site and by mail. Dates end by themselves: a session compares them, a job ends the rows.
 */
#ifndef FORUM_MEASURE_H
#define FORUM_MEASURE_H

#include "forum/case.h"
#include "forum/person.h"

enum measure_kind {
	MEASURE_NOTE,
	MEASURE_WARNING,
	MEASURE_SILENCE,
	MEASURE_SUSPENSION,
	MEASURE_RIGHTS_REMOVED,
	MEASURE_KIND_COUNT,
};
const char *measure_kind_text(enum measure_kind kind);
const char *measure_kind_label(enum measure_kind kind);
bool measure_kind_parse(const char *text, enum measure_kind *out);

#define MEASURE_REASON_MAX 1000 /* code points */
/* The longest that may be set; longer is for good, which is said so. */
#define MEASURE_HOURS_MAX  87600

struct measure {
	int64_t id, created_at, ends_at, ended_at, acknowledged_at, case_id, category_id;
	enum measure_kind kind;
	const char *reason, *end_reason, *category_name;
	const char *created_by_name, *ended_by_name;
	bool is_in_force;
};

struct measure_new {
	int64_t person_id;
	enum measure_kind kind;
	enum rule rule; /* not of a note */
	bool is_law;
	const char *reason;
	int64_t hours; /* 0: until somebody ends it */
	int64_t category_id;
	int64_t item_id, post_id; /* what it came of; 0 */
	const char *form_key;
};

/*
 * The steps proposed for a suspension, in hours; the next is by how many there were.
 */
extern const int64_t measure_steps[4];
int64_t measure_step_after(int64_t earlier);

/*
 * In a transaction of its own. ERR_FORBIDDEN: not for the actor, or on somebody of the
 * same or a higher role; ERR_INVALID at "measure_reason", "hours" or "category"; ERR_NOT_FOUND.
 */
enum err measure_take(struct ctx *ctx, const struct measure_new *form) MUST_CHECK;
/* Within the caller's; *id, *case_id for undoing. The policy was asked. */
enum err measure_add(struct ctx *ctx, const struct measure_new *form, int64_t *id,
		     int64_t *case_id) MUST_CHECK;
/* Checks whether the actor may act on that person at all. */
enum err measure_check_person(struct ctx *ctx, int64_t person_id) MUST_CHECK;

/* Before its time. The case is reversed; the person is told. */
enum err measure_end(struct ctx *ctx, int64_t id, const char *reason,
		     const char *form_key) MUST_CHECK;
/* Queued: as part of undoing what it came of. */
void measure_add_end(struct ctx *ctx, int64_t id, const char *reason);

/* The warnings that the actor has not acknowledged, oldest first, at most five. */
enum err measure_warnings(struct ctx *ctx, struct measure **out, size_t *count) MUST_CHECK;
enum err measure_acknowledge(struct ctx *ctx, int64_t id) MUST_CHECK;

/* The job: ends what is over; bounded, so again if it says so. */
enum err measure_end_due(struct ctx *ctx, bool *has_more) MUST_CHECK;

/* Queues those of a person, or of whom an item of the queue is about; newest first, 50. */
struct rows;
void measure_add_of_person(struct ctx *ctx, int64_t person_id, int64_t item_id, struct rows *rows);
void measure_read_all(struct ctx *ctx, struct rows *rows, struct measure **out, size_t *count);

#endif
