/*
 * Magic bytes, and names.
 */
#include "forum/attachment_kind.h"

#include <strings.h>

#include "base/utf8.h"
#include "i18n/i18n.h"

#define TAIL_BYTES    1024  /* where a PDF says that it ends */
#define ARCHIVE_BYTES 65557 /* a zip's last record and its longest comment */
#define STEM_MAX      (ATTACHMENT_NAME_MAX - 6)

static const char *const kinds[ATTACHMENT_KIND_COUNT] = {
	[ATTACHMENT_PICTURE] = "picture",
	[ATTACHMENT_PDF] = "pdf",
	[ATTACHMENT_TEXT] = "text",
};

static const char *const media_types[ATTACHMENT_KIND_COUNT] = {
	[ATTACHMENT_PICTURE] = "image/webp",
	[ATTACHMENT_PDF] = "application/pdf",
	[ATTACHMENT_TEXT] = "text/plain; charset=utf-8",
};

/* The endings that fit a kind; the last one is given to what has none of them. */
static const char *const endings[ATTACHMENT_KIND_COUNT][7] = {
	[ATTACHMENT_PICTURE] = { ".jpg", ".jpeg", ".png", ".gif", ".webp" },
	[ATTACHMENT_PDF] = { ".pdf" },
	[ATTACHMENT_TEXT] = { ".csv", ".log", ".md", ".txt" },
};

const char *attachment_kind_text(enum attachment_kind kind)
{
	return kinds[kind];
}

bool attachment_kind_parse(const char *text, enum attachment_kind *out)
{
	for (size_t i = 0; i < ATTACHMENT_KIND_COUNT; i++)
		if (strcmp(kinds[i], text) == 0) {
			*out = (enum attachment_kind)i;
			return true;
		}
	return false;
}

const char *attachment_media_type(enum attachment_kind kind)
{
	return media_types[kind];
}

/* Bytes --------------------------------------------------------------------------------- */

static bool starts_with(const char *bytes, size_t length, const char *mark, size_t mark_length)
{
	return length > mark_length && memcmp(bytes, mark, mark_length) == 0;
}

static bool is_picture(const char *bytes, size_t length)
{
	return starts_with(bytes, length, "\xFF\xD8\xFF", 3) ||
	       starts_with(bytes, length, "\x89PNG\r\n\x1A\n", 8) ||
	       starts_with(bytes, length, "GIF87a", 6) || starts_with(bytes, length, "GIF89a", 6) ||
	       (length > 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0);
}

/* The last of them, NULL when there is none. */
static const char *find_last(const char *bytes, size_t length, const char *mark)
{
	const char *found = NULL, *at = bytes;
	size_t mark_length = strlen(mark);

	while ((at = memmem(at, length - (size_t)(at - bytes), mark, mark_length)) != NULL)
		found = at++;
	return found;
}

static bool is_blank(char c)
{
	return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

/* ISO 32000-1, 7.5: readers look for the header and the end mark anywhere; we do not. */
static bool is_whole_pdf(const char *bytes, size_t length)
{
	size_t tail = length < TAIL_BYTES ? length : TAIL_BYTES;
	const char *end = bytes + length, *mark = find_last(end - tail, tail, "%%EOF");

	if (!mark)
		return false;
	for (mark += strlen("%%EOF"); mark < end; mark++)
		if (!is_blank(*mark))
			return false;
	tail = length < ARCHIVE_BYTES ? length : ARCHIVE_BYTES;
	return memmem(end - tail, tail, "PK\5\6", 4) == NULL;
}

static bool looks_like_pdf(const char *bytes, size_t length)
{
	return starts_with(bytes, length, "%PDF-1.", 7) || starts_with(bytes, length, "%PDF-2.", 7);
}

bool attachment_kind_of(const char *bytes, size_t length, enum attachment_kind *out,
			const char **why)
{
	*why = "";
	*out = ATTACHMENT_TEXT;
	if (is_picture(bytes, length)) {
		*out = ATTACHMENT_PICTURE;
		return true;
	}
	if (looks_like_pdf(bytes, length)) {
		*out = ATTACHMENT_PDF;
		*why = N_("This PDF is not whole, or something else is hidden in it. Save it anew "
			  "as a PDF, then try again.");
		return is_whole_pdf(bytes, length);
	}
	*why = N_("This kind of file is not taken: only pictures (JPEG, PNG, GIF, WebP), PDF, and "
		  "text or CSV in UTF-8.");
	return utf8_is_valid(bytes, length) && utf8_is_clean(bytes, length);
}

/* Names --------------------------------------------------------------------------------- */

static const char *last_part(const char *typed)
{
	const char *part = typed;

	for (const char *at = typed; *at; at++)
		if (*at == '/' || *at == '\\')
			part = at + 1;
	return part;
}

/* The ending that fits, NULL when it has none of them. */
static const char *ending_of(const char *name, enum attachment_kind kind)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && endings[kind][i]; i++)
		if (strcasecmp(dot, endings[kind][i]) == 0)
			return endings[kind][i];
	return NULL;
}

static const char *usual_ending(enum attachment_kind kind)
{
	size_t last = 0;

	while (endings[kind][last + 1])
		last++;
	return endings[kind][last];
}

/* Without control characters and those that nobody sees or that turn the others round. */
static char *visible(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, strlen(text) + 1);
	size_t length = 0;

	for (size_t step; *text; text += step) {
		const unsigned char *at = (const unsigned char *)text;
		bool is_hidden = at[0] < 0x20 || at[0] == 0x7f || strchr("\"<>:|?*%", at[0]) ||
				 (at[0] == 0xc2 && at[1] < 0xa0) ||
				 (at[0] == 0xe2 && at[1] == 0x80 &&
				  (at[2] < 0x90 || at[2] >= 0xa8)) ||
				 (at[0] == 0xe2 && at[1] == 0x81 && at[2] >= 0xa0) ||
				 (at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf);

		step = utf8_prefix(text, 1);
		if (!is_hidden) {
			memcpy(out + length, text, step);
			length += step;
		}
	}
	out[length] = '\0';
	return out;
}

const char *attachment_name(struct arena *arena, const char *typed, enum attachment_kind kind)
{
	char *name = visible(arena, last_part(typed));
	const char *ending = ending_of(name, kind);
	size_t length;

	if (ending)
		*strrchr(name, '.') = '\0';
	if (!ending || kind == ATTACHMENT_PICTURE)
		ending = usual_ending(kind);
	name += strspn(name, " .");
	length = utf8_prefix(name, STEM_MAX);
	while (length > 0 && strchr(" .", name[length - 1]))
		length--;
	if (length == 0)
		return arena_printf(arena, "%s%s", kinds[kind], ending);
	return arena_printf(arena, "%.*s%s", (int)length, name, ending);
}
