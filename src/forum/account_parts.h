/*
 * What the account files share: reading an account, cleaning what was typed,
 * mailed links. Inside src/forum only.
 */
#ifndef FORUM_ACCOUNT_PARTS_H
#define FORUM_ACCOUNT_PARTS_H

#include "forum/account.h"
#include "forum/mail.h"

struct rows;

/* Where a mailed link leads, and for how long. */
#define CONFIRM_HOURS 24
#define RESET_HOURS   1

/* So many mails an hour go to one account, whoever asks for them. */
#define ACCOUNT_MAILS_PER_HOUR 5

/* An account as these files need it. */
struct account {
	int64_t id;
	const char *name, *email, *language;
	const char *password_hash; /* "" when it has none: nothing matches */
	bool is_confirmed;
	int64_t mails_last_hour;
};

#define ACCOUNT_COLUMNS(p) \
	p ".id, " p ".name, " p ".email, " p ".language, " p ".password_hash, " p \
	  ".email_confirmed_at is not null,\n" \
	  "	(select count(*) from mails m where m.person_id = " p \
	  ".id and m.kind <> 'notification'\n" \
	  "		and m.created_at > now() - interval '1 hour')"
void account_read(struct rows *rows, struct account *account);

/* Those who may sign in. Queued; rows are empty when there is none. */
void account_add_by_key(struct ctx *ctx, const char *email_key, struct rows *rows);
void account_add_by_id(struct ctx *ctx, int64_t id, struct rows *rows);

/* Lower case, for comparing; "" for what is no address. */
const char *account_email_key(struct ctx *ctx, const char *email);

/* ERR_INVALID at the field "email". */
enum err account_check_email(struct ctx *ctx, const char *email, const char **email_key) MUST_CHECK;

/* ERR_INVALID at the field "name". Customers may not pass for the team. */
enum err account_check_name(struct ctx *ctx, const char *name, enum role role,
			    const char **out) MUST_CHECK;

/* ERR_INVALID at the field: what password_problem says, or it is the name or address. */
enum err account_check_password(struct ctx *ctx, const char *field, const char *password,
				const char *name, const char *email) MUST_CHECK;

enum err account_hash_password(struct ctx *ctx, const char *password, const char **hash) MUST_CHECK;

/*
 * Does it match? Takes the same time for an account without a password, or for
 * none ("").
 */
bool account_password_matches(const char *password_hash, const char *password);

/* A link that was mailed: what its token stands for. */
enum link_purpose { LINK_CONFIRM, LINK_RESET, LINK_CHANGE_EMAIL };

/*
 * Queues a new link and its mail; older ones of that purpose are void. email: where
 * it goes, and what it proves.
 */
void account_add_link(struct ctx *ctx, const struct account *account, enum link_purpose purpose,
		      enum mail_kind kind, const char *email);

/*
 * "There is an account already": to the address itself, with a link that proves it
 * and sets a password. Queues nothing when the account got mails enough.
 */
void account_add_exists_mail(struct ctx *ctx, const struct account *account);

/* Queues a mail that only tells: the password or address was changed. */
void account_add_notice(struct ctx *ctx, const struct account *account, enum mail_kind kind,
			const char *email);

/* Queues: no link that was mailed before sets a password or moves the account. */
void account_add_void_links(struct ctx *ctx, int64_t person_id);

/* Queues: all sessions end, but for the one with that id (0: all). */
void account_add_end_sessions(struct ctx *ctx, int64_t person_id, int64_t but_session_id);

#endif
