/*
 * Reading the audit log: by who, whom, what, on what and when, newest first, page by
 * page by key. For administrators.
 */
#ifndef FORUM_AUDIT_LIST_H
#define FORUM_AUDIT_LIST_H

#include "base/ctx.h"

/* Zero or NULL everywhere: all of it. */
struct audit_query {
	const char *who, *whom; /* a member's name, handle or "#12" */
	const char *action;     /* a whole word: "post_hide" */
	const char *subject;    /* "post" */
	int64_t subject_id;
	int64_t from, to;  /* microseconds; to is not part of it */
	int64_t before_id; /* where a further page begins; 0: the newest */
	int limit;
};

struct audit_line {
	int64_t id, at;
	int64_t actor_id;       /* 0: the program */
	const char *actor_name; /* "" for the program, and for who is gone */
	const char *action, *subject;
	int64_t subject_id;
	int64_t person_id; /* whom it concerns; 0: nobody */
	const char *person_name;
	const char *reason;
	const char *details; /* "name: value, name: value"; "" */
	const char *request_id;
};

struct audit_list {
	struct audit_line *lines;
	size_t count;
	int64_t next_id; /* before_id of the next page; 0: this is the last */
};

/*
 * ERR_FORBIDDEN; ERR_INVALID: nobody has that name (field "who" or "whom").
 */
enum err audit_list_load(struct ctx *ctx, const struct audit_query *query,
			 struct audit_list *out) MUST_CHECK;

#define AUDIT_ACTIONS_MAX 200
/* Each action that ever happened, by name. ERR_FORBIDDEN. */
enum err audit_actions_load(struct ctx *ctx, const char *const **actions, size_t *count) MUST_CHECK;

#endif
