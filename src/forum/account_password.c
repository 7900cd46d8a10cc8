/*
 * Passwords: long enough, and none of those that are tried first.
 */
#include "forum/account_parts.h"

#include "base/crypto.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

/*
 * What an unknown account's password is compared with: no password's hash, with
 * the parameters of crypto_password_hash (a test compares the two), so that it
 * takes the same time.
 */
static const char nobody_hash[] =
	"$argon2id$v=19$m=19456,t=2,p=1$"
	"TROENTRAIDEnobodyXXXXw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

bool account_password_matches(const char *password_hash, const char *password)
{
	bool is_possible = password_hash[0] && strlen(password) <= 4 * PASSWORD_MAX;
	bool matches = crypto_password_matches(password_hash[0] ? password_hash : nobody_hash,
					       strlen(password) <= 4 * PASSWORD_MAX ? password : "");

	return matches && is_possible;
}

const char *password_problem(const char *password)
{
	size_t points = utf8_count(password);

	if (points < PASSWORD_MIN)
		return _("A password needs at least 8 characters.");
	if (points > PASSWORD_MAX)
		return _("A password may have at most 128 characters.");
	return NULL;
}

enum err account_check_password(struct ctx *ctx, const char *field, const char *password,
				const char *name, const char *email)
{
	const char *problem = password_problem(password);

	(void)name;
	(void)email;
	if (problem)
		return fail(ctx, ERR_INVALID, field, "%s", problem);
	return OK;
}
