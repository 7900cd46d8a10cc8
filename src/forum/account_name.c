/*
 * Names: what stands beside everything a person writes. Not unique (people are
 * called what they are called; the handle is), but nobody may look like somebody
 * with a role, nor be invisible.
 */
#include "forum/account_parts.h"

#include "base/utf8.h"
#include "forum/brand.h"
#include "forum/field.h"
#include "forum/person.h"
#include "i18n/i18n.h"
#include "text/slug.h"

/* Folded: lower case, no accents. Whole words of a name. */
static const char *const reserved_words[] = {
	"admin",
	"admins",
	"administrator",
	"administrators",
	"administrateur",
	"administrateurs",
	"administratrice",
	"administratrices",
	"administration",
	"advisor",
	"advisors",
	"advisers",
	"adviser",
	"conseiller",
	"conseillere",
	"conseillers",
	"conseilleres",
	"helpdesk",
	"hotline",
	"moderateur",
	"moderateurs",
	"moderation",
	"moderator",
	"moderators",
	"moderatrice",
	"moderatrices",
	"modo",
	"modos",
	"official",
	"officiel",
	"officielle",
	"officiels",
	"root",
	"sav",
	"staff",
	"superuser",
	"support",
	"supports",
	"system",
	"systeme",
	"sysadmin",
	"webmaster",
};

/* The same, wherever they stand in the name without its blanks. */
static const char *const reserved_phrases[] = {
	"serviceclient",  "customerservice", "customercare",     "customersupport",
	"relationclient", "equipetechnique", "communitymanager", "assistancetechnique",
};

/* Characters that count as letters but show nothing. */
static bool is_filler(uint32_t point)
{
	return point == 0x115F || point == 0x1160 || point == 0x2800 || point == 0x3164 ||
	       point == 0xFFA0;
}

enum script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC };

static enum script script_of(uint32_t point)
{
	if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
	    (point >= 0xC0 && point <= 0x24F) || (point >= 0x1E00 && point <= 0x1EFF) ||
	    (point >= 0xFF21 && point <= 0xFF5A))
		return SCRIPT_LATIN;
	if ((point >= 0x370 && point <= 0x3FF) || (point >= 0x1F00 && point <= 0x1FFF))
		return SCRIPT_GREEK;
	if (point >= 0x400 && point <= 0x52F)
		return SCRIPT_CYRILLIC;
	return SCRIPT_OTHER;
}

/* "Аdmin" with a Cyrillic A: letters of two alphabets that look alike. */
static bool mixes_scripts(const char *name)
{
	enum script seen = SCRIPT_OTHER;
	uint32_t point;
	size_t step;

	for (; (step = utf8_next(name, &point)) > 0; name += step) {
		enum script script = script_of(point);
		if (script == SCRIPT_OTHER)
			continue;
		if (seen != SCRIPT_OTHER && script != seen)
			return true;
		seen = script;
	}
	return false;
}

static bool has_filler(const char *name)
{
	uint32_t point;
	size_t step;

	for (; (step = utf8_next(name, &point)) > 0; name += step)
		if (is_filler(point))
			return true;
	return false;
}

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* "4dm1n": digits as the letters they stand for. */
static char letter_of(char c)
{
	static const char letters[] = "oizeasbtbg";

	return c >= '0' && c <= '9' ? letters[c - '0'] : c;
}

static bool is_reserved_word(const char *word, size_t length)
{
	for (size_t i = 0; i < ARRAY_COUNT(reserved_words); i++)
		if (strlen(reserved_words[i]) == length &&
		    memcmp(reserved_words[i], word, length) == 0)
			return true;
	return false;
}

/* As it is written, without digits at its end ("admin2"), and with digits as letters. */
static bool word_passes_for_staff(struct arena *arena, const char *word, size_t length)
{
	char *letters = arena_strndup(arena, word, length);
	size_t bare = length;

	while (bare > 0 && word[bare - 1] >= '0' && word[bare - 1] <= '9')
		bare--;
	for (size_t i = 0; i < length; i++)
		letters[i] = letter_of(letters[i]);
	return is_reserved_word(word, bare) || is_reserved_word(letters, length);
}

/* Letters and digits alone, digits as letters: "L-a V3illée" → "laveillee". */
static char *squeeze(struct arena *arena, const char *folded)
{
	char *out = arena_alloc(arena, strlen(folded) + 1);
	size_t length = 0;

	for (; *folded; folded++)
		if (is_alphanumeric(*folded))
			out[length++] = letter_of(*folded);
	out[length] = '\0';
	return out;
}

static bool holds_reserved_phrase(struct ctx *ctx, const char *folded)
{
	const char *squeezed = squeeze(ctx->arena, folded);
	const char *brand = squeeze(ctx->arena, text_fold(ctx->arena, brand_name(ctx->config)));

	for (size_t i = 0; i < ARRAY_COUNT(reserved_phrases); i++)
		if (strstr(squeezed, reserved_phrases[i]))
			return true;
	/* A brand of two letters is in every other name. */
	return strlen(brand) >= 4 ? strstr(squeezed, brand) != NULL : strcmp(squeezed, brand) == 0;
}

static bool passes_for_staff(struct ctx *ctx, const char *name)
{
	const char *folded = text_fold(ctx->arena, name), *rest = folded;

	while (*rest) {
		size_t length = 0;
		while (rest[length] && is_alphanumeric(rest[length]))
			length++;
		if (length > 0 && word_passes_for_staff(ctx->arena, rest, length))
			return true;
		rest += length > 0 ? length : 1;
	}
	return holds_reserved_phrase(ctx, folded);
}

enum err account_check_name(struct ctx *ctx, const char *name, enum role role, const char **out)
{
	TRY(field_line(ctx, "name", name, PERSON_NAME_MIN, PERSON_NAME_MAX, out));
	if (has_filler(*out) || strcmp(slug_from(ctx->arena, *out), "-") == 0)
		return fail(ctx, ERR_INVALID, "name", "%s", _("A name needs a letter or a digit."));
	if (strchr(*out, '@') || strstr(*out, "://") || strstr(*out, "www."))
		return fail(ctx, ERR_INVALID, "name", "%s",
			    _("Everybody sees this name: do not put an address into it."));
	if (mixes_scripts(*out))
		return fail(ctx, ERR_INVALID, "name", "%s",
			    _("Please write a name in one alphabet."));
	if (!role_is_staff(role) && passes_for_staff(ctx, *out))
		return fail(
			ctx, ERR_INVALID, "name", "%s",
			_("This name could be taken for one of our team. Please choose another one."));
	return OK;
}
