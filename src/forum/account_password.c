/*
 * Passwords: long enough, and none of those that are tried first.
 */
#include "forum/account_parts.h"

#include "base/crypto.h"
#include "base/utf8.h"
#include "forum/password_strength.h"
#include "i18n/i18n.h"
#include "text/slug.h"

#define OWN_WORDS_MAX 24
#define OWN_WORD_MIN  3

/*
 * What an unknown account's password is compared with: no password's hash, with
 * the parameters of crypto_password_hash (a test compares the two), so that it
 * takes the same time.
 */
static const char nobody_hash[] =
	"$argon2id$v=19$m=19456,t=2,p=1$"
	"TROENTRAIDEnobodyXXXXw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* A code point has at most four bytes. */
static bool has_possible_length(const char *password)
{
	return strnlen(password, 4 * PASSWORD_MAX + 1) <= 4 * PASSWORD_MAX;
}

bool account_password_matches(const char *password_hash, const char *password)
{
	const char *hash = password_hash[0] ? password_hash : nobody_hash;
	bool matches = crypto_password_matches(hash, has_possible_length(password) ? password : "");

	return matches && password_hash[0] && has_possible_length(password);
}

static const char *problem_with(const char *password, const char *const *own_words, size_t count)
{
	size_t points = has_possible_length(password) ? utf8_count(password) : PASSWORD_MAX + 1;

	if (points < PASSWORD_MIN)
		return _("A password needs at least 8 characters.");
	if (points > PASSWORD_MAX)
		return _("A password may have at most 128 characters.");
	if (password_half_bits(password, own_words, count) < PASSWORD_HALF_BITS_MIN)
		return _(
			"This password would be guessed soon. Make it longer: three or four words are good.");
	return NULL;
}

const char *password_problem(const char *password)
{
	return problem_with(password, NULL, 0);
}

/* What an attacker knows of somebody, in words. */
struct own_words {
	const char *words[OWN_WORDS_MAX];
	size_t count;
};

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The words of a text, up to its '@', and all of them without what is between them. */
static void add_words(struct ctx *ctx, struct own_words *own, const char *text)
{
	const char *folded = text_fold(ctx->arena, text);
	char *joined = arena_strdup(ctx->arena, folded);
	size_t joined_length = 0;

	while (*folded && *folded != '@') {
		size_t length = 0;
		while (is_word_byte(folded[length]))
			length++;
		memcpy(joined + joined_length, folded, length);
		joined_length += length;
		if (length >= OWN_WORD_MIN && own->count < OWN_WORDS_MAX - 3)
			own->words[own->count++] = arena_strndup(ctx->arena, folded, length);
		folded += length > 0 ? length : 1;
	}
	joined[joined_length] = '\0';
	if (joined_length >= OWN_WORD_MIN)
		own->words[own->count++] = joined;
}

enum err account_check_password(struct ctx *ctx, const char *field, const char *password,
				const char *name, const char *email)
{
	struct own_words own = { .count = 0 };
	const char *problem;

	add_words(ctx, &own, name);
	add_words(ctx, &own, email);
	add_words(ctx, &own, ctx->config->site.name);
	problem = problem_with(password, own.words, own.count);
	return problem ? fail(ctx, ERR_INVALID, field, "%s", problem) : OK;
}
