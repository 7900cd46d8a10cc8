/*
 * Sessions: 256 random bits in a cookie, of which only the SHA-256 is stored.
 * A new one at every login; all of a person's end when a password or a role
 * changes. Idle limit from the configuration, absolute limit a year.
 *
 * A session knows how it began. One of the team that began without a second factor
 * gives a customer's rights, in every rule and query: actor.role says so, and
 * lacks_second_factor why. security.staff_without_second_factor lifts that.
 */
#ifndef FORUM_SESSION_H
#define FORUM_SESSION_H

#include "base/ctx.h"
#include "forum/actor.h"

#define SESSION_ABSOLUTE_DAYS 365

struct session_new {
	int64_t person_id;
	const char *client_address, *user_agent;
	const char *authenticated_by; /* BY_… of second_factor.h; NULL: the password */
};
/* *token (43 characters) goes into the cookie and nowhere else. */
enum err session_create(struct ctx *ctx, const struct session_new *session,
			const char **token) MUST_CHECK;

/* Whether the last check is too old for what cannot be taken back. */
#define SESSION_CHECK_MINUTES 15
bool session_wants_check(const struct ctx *ctx);
/*
 * The check: the actor's password, or a code where the password is "". A right one
 * counts for SESSION_CHECK_MINUTES. ERR_INVALID (field "check_password" or
 * "check_code"); ERR_THROTTLED.
 */
enum err session_check(struct ctx *ctx, const char *password, const char *code) MUST_CHECK;
/* The same by one of the actor's passkeys. ERR_INVALID (field "passkey"); ERR_THROTTLED. */
struct passkey_answer;
enum err session_check_passkey(struct ctx *ctx, const struct passkey_answer *answer) MUST_CHECK;

/*
 * The actor behind a token; actor_visitor when there is none or it has ended.
 * Queued in the first batch of the page would be cheaper still: session_add
 * queues the statement, session_take reads it after db_run. seen_at is written
 * at most once in ten minutes.
 */
enum err session_load(struct ctx *ctx, const char *token, struct actor *out) MUST_CHECK;

struct session {
	int64_t id, created_at, seen_at;
	const char *address, *user_agent;
	bool is_current;
};
#define SESSIONS_SHOWN 50
enum err session_list(struct ctx *ctx, struct session **out, size_t *count) MUST_CHECK;
enum err session_end(struct ctx *ctx, const char *token) MUST_CHECK;
enum err session_end_one(struct ctx *ctx, int64_t session_id) MUST_CHECK;
/* "Log me out everywhere"; keep_current leaves the one in hand. */
enum err session_end_all(struct ctx *ctx, int64_t person_id, bool keep_current) MUST_CHECK;

/* The CSRF token of a session token or of a visitor's cookie: an HMAC. */
char *session_csrf(struct ctx *ctx, const char *token);

#endif
