/*
 * Accounts: sign-up, confirmation, login, forgotten password, change of address
 * and password. The answer and its time are the same whether an address exists
 * or not: what a stranger could learn goes by mail to the address itself.
 * Passwords: 8 to 128 code points, verbatim, none of the most common ones.
 */
#ifndef FORUM_ACCOUNT_H
#define FORUM_ACCOUNT_H

#include "base/ctx.h"
#include "forum/actor.h"

#define PASSWORD_MIN    8
#define PASSWORD_MAX    128
#define EMAIL_MAX_BYTES 254

struct sign_up {
	const char *name, *email, *password, *language;
	bool has_consented; /* to the charter, whose version is recorded */
	const char *client_address;
	const char *form_key;
};

/*
 * Makes the account, unconfirmed, and queues the mail with the link. When the
 * address has an account already its owner gets a mail that says so, and the
 * caller sees no difference. ERR_INVALID: a field, or an address on the lists of
 * sign-up (sign_up_guard.h); ERR_FORBIDDEN: the network is; ERR_THROTTLED.
 */
enum err account_sign_up(struct ctx *ctx, const struct sign_up *form) MUST_CHECK;

/* A mailed link; ERR_GONE when used, expired or unknown. *person_id signs in. */
enum err account_confirm(struct ctx *ctx, const char *token, int64_t *person_id) MUST_CHECK;

struct credentials {
	const char *email, *password;
	const char *client_address;
	const char *device_token; /* cookie of a browser that signed in before; "" */
};

/*
 * ERR_INVALID (field "password"): wrong, with one sentence for both cases.
 * ERR_THROTTLED: 10 attempts an account and address in 10 minutes, 20 a minute an
 * address. A browser known to the account is counted by itself, so somebody
 * else's attempts never keep the owner out.
 */
enum err account_login(struct ctx *ctx, const struct credentials *credentials,
		       int64_t *person_id) MUST_CHECK;

/* HMAC over person and password hash; tells a browser that signed in before. */
char *account_device_token(struct ctx *ctx, int64_t person_id);

enum err account_ask_reset(struct ctx *ctx, const char *email,
			   const char *client_address) MUST_CHECK;
/* For the job that account_ask_reset leaves: the mail, if there is such an account. */
enum err account_send_reset(struct ctx *ctx, const char *email_key) MUST_CHECK;
enum err account_check_reset(struct ctx *ctx, const char *token) MUST_CHECK;
/* Ends all sessions of the person, confirms the address, tells by mail. */
enum err account_reset(struct ctx *ctx, const char *token, const char *password,
		       int64_t *person_id) MUST_CHECK;

/* Is it the actor's? ERR_INVALID at field; ERR_THROTTLED. */
enum err account_check_own_password(struct ctx *ctx, const char *field,
				    const char *password) MUST_CHECK;
/* Both ask the present password again. The new address is confirmed by mail. */
enum err account_change_email(struct ctx *ctx, const char *password, const char *email) MUST_CHECK;
enum err account_change_password(struct ctx *ctx, const char *password,
				 const char *new_password) MUST_CHECK;
enum err account_resend_confirmation(struct ctx *ctx) MUST_CHECK;

/* entraide user create: an active, confirmed account. Without a password (NULL) one
 * comes in by "forgotten password". */
struct account_create {
	const char *name, *email, *password, *language, *title;
	const char *bio_md; /* NULL: none */
	enum role role;
	int64_t created_at; /* 0: now; else for the demo community */
};
enum err account_create(struct ctx *ctx, const struct account_create *form,
			int64_t *person_id) MUST_CHECK;
/* *person_id is 0 when no account has that address. For commands only. */
enum err account_find(struct ctx *ctx, const char *email, int64_t *person_id) MUST_CHECK;
/* Changes the role, ends the person's sessions (rights changed), keeps an audit line. */
enum err account_set_role(struct ctx *ctx, const char *email, enum role role) MUST_CHECK;

/* entraide user list: the team, then the newest others. */
struct account_row {
	int64_t id, created_at;
	const char *name, *email, *role, *state;
};
#define ACCOUNTS_LISTED 200
enum err account_list(struct ctx *ctx, struct account_row **out, size_t *count) MUST_CHECK;

/* From the List-Unsubscribe link; the token is an HMAC over the person's id. */
char *account_unsubscribe_token(struct ctx *ctx, int64_t person_id);
enum err account_unsubscribe(struct ctx *ctx, int64_t person_id, const char *token) MUST_CHECK;

/* Is it refused as too common, too short or too long? Sentence or NULL. */
const char *password_problem(const char *password);

#endif
