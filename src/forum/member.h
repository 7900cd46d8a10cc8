/*
 * Members as administrators see them: found by name, address or number, and given a
 * role. The database keeps the last administrator, whoever asks (functions.sql,
 * keep_an_administrator), so that no house is ever locked from outside.
 */
#ifndef FORUM_MEMBER_H
#define FORUM_MEMBER_H

#include "base/ctx.h"
#include "forum/actor.h"

#define MEMBERS_SHOWN     50
#define MEMBER_REASON_MAX 200

struct member {
	int64_t id;
	const char *name, *handle, *email; /* "" where there is none */
	enum role role;
	const char *state; /* "active", "unconfirmed", "suspended", "imported", "anonymised" */
	int trust_level;
	int64_t created_at, seen_at; /* seen_at: 0 for never, or longer ago than a session lasts */
	int64_t question_count, answer_count, reputation;
};

struct member_list {
	struct member *items;
	size_t count;
	int64_t next_id; /* before_id of the next page; 0: this is the last */
};

/*
 * words: "" for everybody, newest first; an address; "#12"; else the beginning of a
 * name (at most MEMBERS_SHOWN, by name). role: ROLE_VISITOR for any. ERR_FORBIDDEN.
 */
struct member_query {
	const char *words;
	enum role role;
	int64_t before_id;
};
enum err member_list_load(struct ctx *ctx, const struct member_query *query,
			  struct member_list *out) MUST_CHECK;

/* ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum err member_load(struct ctx *ctx, int64_t id, struct member *out) MUST_CHECK;

/*
 * Changes the role and ends all sessions of the member: rights changed.
 * ERR_INVALID:  imported and anonymised people have no role (field "role").
 * ERR_CONFLICT: the last administrator.
 */
enum err member_set_role(struct ctx *ctx, int64_t id, enum role role, const char *reason,
			 const char *form_key) MUST_CHECK;

#endif
