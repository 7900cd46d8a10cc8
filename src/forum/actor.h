/*
 * Who acts: the person behind a request, job or command, as far as rules need to
 * know. A visitor is an actor too, with id 0. Read-only once made.
 */
#ifndef FORUM_ACTOR_H
#define FORUM_ACTOR_H

#include "base/base.h"

/* In rising order of rights; the order is used by policy.c alone. */
enum role {
	ROLE_VISITOR,
	ROLE_CUSTOMER,
	ROLE_ADVISOR, /* the brand's staff: answers carry the official mark */
	ROLE_MODERATOR,
	ROLE_ADMINISTRATOR,
	ROLE_COUNT,
};

/* What rights grow with; trust.h says how people rise. */
enum trust_level {
	TRUST_NEW,
	TRUST_BASIC,
	TRUST_MEMBER,
	TRUST_REGULAR,
	TRUST_LEADER, /* given by hand only */
};
#define TRUST_LEVEL_MAX TRUST_LEADER

struct actor {
	int64_t id; /* 0: a visitor */
	enum role role;
	const char *name;
	const char *handle;
	const char *language; /* their choice; "" for a visitor */
	bool is_confirmed;    /* the e-mail address was confirmed */
	bool is_suspended;
	bool is_silenced;   /* may read, thank and follow, not write */
	bool has_warning;   /* one that was not acknowledged yet */
	bool lacks_consent; /* the charter changed: they are asked again (consent.h) */
	/* ",12,15,": where this person may not write; "" or NULL: everywhere they may */
	const char *barred_categories;
	/* ",12=23,": where not every member may ask and answer (functions.sql); NULL: nowhere */
	const char *category_rights;
	int trust_level;           /* 0 to TRUST_LEVEL_MAX; the team stands at the highest */
	const char *expert_fields; /* ",c3,t12,": categories and tags; NULL or "": none */
	bool is_trusted;           /* level 3 and above: links are followed */
	/*
	 * The program acting in somebody's name (a demo being seeded): it is not
	 * throttled, may write in the past, and causes no mail.
	 */
	bool is_automatic;
	int64_t created_at;
	int64_t session_id;           /* 0 outside the web */
	const char *authenticated_by; /* how the session began (second_factor.h); "" */
	int64_t checked_at;           /* when password or code were last asked for */
	/*
	 * Of the team, but the session is without the second factor that the team must
	 * have: until then it has a customer's rights (see session.h).
	 */
	bool lacks_second_factor;
	int64_t unread_count;   /* notifications not seen yet */
	const char *csrf_token; /* "" outside the web */
};

/* What jobs and commands act as: an administrator without a name. */
extern const struct actor actor_system;
extern const struct actor actor_visitor;

const char *role_text(enum role role); /* as in the database */
bool role_from_text(const char *text, enum role *out);
bool role_is_staff(enum role role); /* advisor and above */

#endif
