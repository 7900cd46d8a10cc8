/*
 * Cleaning what people typed, before anything else looks at it. The bytes are
 * valid UTF-8 already (http/ refuses others).
 */
#include "forum/field.h"

#include "base/utf8.h"
#include "i18n/i18n.h"

static bool is_space(uint32_t point)
{
	return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0xA0 ||
	       point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 ||
	       point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3000;
}

/*
 * Shows nothing, but makes two equal titles differ, or turns the text around it:
 * controls, soft hyphen, zero-width space and marks, direction overrides and
 * isolates, byte order mark, tags. The joiners U+200C and U+200D stay: Persian
 * and emoji need them.
 */
static bool is_invisible(uint32_t point)
{
	return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0xAD ||
	       point == 0x180E || point == 0x200B || point == 0x200E || point == 0x200F ||
	       (point >= 0x202A && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
	       point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
	       (point >= 0xE0000 && point <= 0xE007F);
}

static bool is_joiner(uint32_t point)
{
	return point == 0x200C || point == 0x200D;
}

/* The cleaned line; never longer than the text, as a space is one byte. */
static char *clean_line(struct arena *arena, const char *text)
{
	char *line = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0, step;
	bool is_space_due = false, has_ink = false;
	uint32_t point;

	for (; (step = utf8_next(text, &point)) > 0; text += step) {
		if (is_space(point)) {
			is_space_due = has_ink;
			continue;
		}
		/* A joiner joins: between two signs only. */
		if (is_invisible(point) || (is_joiner(point) && (!has_ink || is_space_due)))
			continue;
		if (is_space_due)
			line[length++] = ' ';
		is_space_due = false;
		has_ink = true;
		memcpy(line + length, text, step);
		length += step;
	}
	line[length] = '\0';
	return line;
}

static enum err fail_too_short(struct ctx *ctx, const char *field, size_t min)
{
	if (min <= 1)
		return fail(ctx, ERR_INVALID, field, "%s", _("Please fill in this field."));
	return fail(ctx, ERR_INVALID, field,
		    ngettext("Too short: write at least %s character.",
			     "Too short: write at least %s characters.", (int64_t)min),
		    i18n_number(ctx->arena, (int64_t)min));
}

enum err field_line(struct ctx *ctx, const char *field, const char *text, size_t min, size_t max,
		    const char **out)
{
	const char *line = clean_line(ctx->arena, text ? text : "");
	size_t points = utf8_count(line);

	if (points < min)
		return fail_too_short(ctx, field, min);
	if (points > max)
		return fail(ctx, ERR_INVALID, field,
			    ngettext("Too long: at most %s character.",
				     "Too long: at most %s characters.", (int64_t)max),
			    i18n_number(ctx->arena, (int64_t)max));
	*out = line;
	return OK;
}

/* CR LF and CR become LF; spaces and empty lines at both ends go. */
static char *clean_text(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0, blank = 0;

	/* Indentation of the first line means something in Markdown. */
	for (size_t end; text[end = strspn(text, " \t")] == '\n' || text[end] == '\r';)
		text += end + 1;
	for (; *text; text++) {
		if (*text == '\r' && text[1] == '\n')
			continue;
		out[length++] = *text == '\r' ? '\n' : *text;
	}
	for (blank = length; blank > 0 && strchr(" \t\n", out[blank - 1]); blank--)
		;
	out[blank] = '\0';
	return out;
}

enum err field_text(struct ctx *ctx, const char *field, const char *text, size_t min,
		    size_t max_bytes, const char **out)
{
	const char *cleaned = clean_text(ctx->arena, text ? text : "");
	size_t length = strlen(cleaned);

	if (!utf8_is_clean(cleaned, length))
		return fail(ctx, ERR_INVALID, field, "%s",
			    _("This text contains control characters. Please remove them."));
	if (length > max_bytes)
		return fail(ctx, ERR_INVALID, field,
			    /* TRANSLATORS: %s is a number; letters with accents count double. */
			    _("Too long: shorten it to %s characters or fewer."),
			    i18n_number(ctx->arena, (int64_t)max_bytes));
	if (utf8_count(cleaned) < min)
		return fail_too_short(ctx, field, min);
	*out = cleaned;
	return OK;
}
