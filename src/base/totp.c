/*
 * What liboath gives, in an arena and without its many choices.
 */
#include "base/totp.h"

#include <liboath/oath.h>

static bool begin(void)
{
	return oath_init() == OATH_OK;
}

char *totp_secret_text(struct arena *arena, const uint8_t secret[TOTP_SECRET_BYTES])
{
	char *encoded = NULL, *text;
	size_t length = 0;

	if (!begin() || oath_base32_encode((const char *)secret, TOTP_SECRET_BYTES, &encoded,
					   &length) != OATH_OK)
		return arena_strdup(arena, "");
	text = arena_strndup(arena, encoded, length);
	free(encoded);
	return text;
}

char *totp_code(struct arena *arena, const uint8_t secret[TOTP_SECRET_BYTES], int64_t step)
{
	char code[TOTP_DIGITS + 1];

	if (!begin() || step < 0 ||
	    oath_totp_generate((const char *)secret, TOTP_SECRET_BYTES,
			       (time_t)(step * TOTP_STEP_SECONDS), TOTP_STEP_SECONDS, 0,
			       TOTP_DIGITS, code) != OATH_OK)
		return arena_strdup(arena, "");
	return arena_strdup(arena, code);
}

/*
 * The six digits without the blanks that apps show between them. liboath would take
 * seven or eight as well: only what our apps show is looked at.
 */
static bool read_code(const char *typed, char code[TOTP_DIGITS + 1])
{
	size_t length = 0;

	for (const char *c = typed; *c; c++) {
		if (*c == ' ')
			continue;
		if (*c < '0' || *c > '9' || length == TOTP_DIGITS)
			return false;
		code[length++] = *c;
	}
	code[length] = '\0';
	return length == TOTP_DIGITS;
}

bool totp_matches(const uint8_t secret[TOTP_SECRET_BYTES], int64_t unix_seconds, const char *typed,
		  int64_t *step)
{
	char code[TOTP_DIGITS + 1];
	uint64_t counter = 0;

	if (!read_code(typed, code) || unix_seconds < 0 || !begin())
		return false;
	if (oath_totp_validate3((const char *)secret, TOTP_SECRET_BYTES, (time_t)unix_seconds,
				TOTP_STEP_SECONDS, 0, TOTP_WINDOW, NULL, &counter, code) < 0)
		return false;
	*step = (int64_t)counter;
	return true;
}
