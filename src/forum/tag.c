/*
 * Tags: parsing what was typed, and the lists of them.
 */
#include "forum/tag.h"

#include <locale.h>
#include <wctype.h>

#include "base/slice.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/field.h"
#include "i18n/i18n.h"

/* More than the five that are allowed, so that the sentence says so. */
#define TAGS_TYPED_MAX_POINTS 400

#define TAG_COLUMNS "t.id, t.name, t.topic_count"

DB_STATEMENT(tag_of_name,
	     "select " TAG_COLUMNS " from tags t where t.name = tag_resolve(lower($1))", 1);

DB_STATEMENT(tag_about_name,
	     "select " TAG_COLUMNS ", case when $2 = 'fr' then\n"
	     "		coalesce(nullif(t.description_fr, ''), t.description_en)\n"
	     "	else coalesce(nullif(t.description_en, ''), t.description_fr) end,\n"
	     "	coalesce((select string_agg(w.word, ', ' order by w.word) from tag_words w\n"
	     "		where w.tag_id = t.id and w.kind = 'synonym'), ''), t.is_restricted\n"
	     "from tags t where t.name = tag_resolve(lower($1))",
	     2);

DB_STATEMENT(tag_page,
	     "select " TAG_COLUMNS " from tags t"
	     " where t.topic_count > 0 and t.merged_into is null"
	     " and t.topic_count <= $1 and (t.topic_count < $1 or t.name > $2)"
	     " order by t.topic_count desc, t.name limit $3",
	     3);

static void tag_read(struct rows *rows, struct tag *tag)
{
	tag->id = col_i64(rows);
	tag->name = col_text(rows);
	tag->topic_count = col_i64(rows);
}

static void free_locale(void *locale)
{
	freelocale((locale_t)locale);
}

/* Letters of every script, whatever the locale of the process. */
static locale_t letters(struct arena *arena)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (locale != (locale_t)0)
		arena_defer(arena, free_locale, locale);
	return locale;
}

static bool is_tag_sign(uint32_t point, locale_t locale)
{
	return iswalnum_l((wint_t)point, locale) || point == '-' || point == '.' || point == '+' ||
	       point == '#' || point == ' ' || point == '_' || point == '\'' || point == 0x2019;
}

/* What becomes a hyphen. (strchr would take U+0120 for a space: it sees one byte.) */
static bool is_tag_separator(uint32_t point)
{
	return point == ' ' || point == '-' || point == '_' || point == '\'' || point == 0x2019;
}

/*
 * One name: lower case, with single hyphens for spaces, apostrophes and
 * underscores, none at either end. NULL: a sign that no tag may have.
 * Lower case may take more bytes than upper case did, at most 4 a point.
 */
static const char *tag_name_of(struct arena *arena, struct slice typed, locale_t locale)
{
	const char *text = arena_strndup(arena, typed.data, typed.length);
	char *name = arena_alloc(arena, 4 * typed.length + 1);
	size_t length = 0, step;
	bool is_hyphen_due = false;
	uint32_t point;

	for (; (step = utf8_next(text, &point)) > 0; text += step) {
		if (!is_tag_sign(point, locale))
			return NULL;
		if (is_tag_separator(point)) {
			is_hyphen_due = length > 0;
			continue;
		}
		/* "#wifi" is how people write tags elsewhere; "c#" keeps its own. */
		if (point == '#' && length == 0)
			continue;
		if (is_hyphen_due)
			name[length++] = '-';
		is_hyphen_due = false;
		length += utf8_put(name + length, (uint32_t)towlower_l((wint_t)point, locale));
	}
	name[length] = '\0';
	return name;
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static enum err check_name(struct ctx *ctx, const char *field, const char *name)
{
	if (!name)
		return fail(
			ctx, ERR_INVALID, field, "%s",
			_("Tags are made of letters, digits and the signs - . + #, with commas between them."));
	if (utf8_count(name) > TAG_MAX_POINTS)
		return fail(ctx, ERR_INVALID, field, _("A tag has at most %s characters."),
			    i18n_number(ctx->arena, TAG_MAX_POINTS));
	return OK;
}

static enum err tag_add(struct ctx *ctx, const char *name, const char **names, size_t *count)
{
	if (!name)
		return check_name(ctx, "tags", NULL);
	TRY(check_name(ctx, "tags", name));
	if (!*name || is_among(names, *count, name))
		return OK;
	if (*count == TAGS_PER_TOPIC_MAX)
		return fail(ctx, ERR_INVALID, "tags", _("At most %s tags, please."),
			    i18n_number(ctx->arena, TAGS_PER_TOPIC_MAX));
	names[(*count)++] = name;
	return OK;
}

enum err tag_parse(struct ctx *ctx, const char *text, const char ***names, size_t *count)
{
	locale_t locale = letters(ctx->arena);
	const char *line;
	struct slice rest;
	char separator;

	if (locale == (locale_t)0)
		return fail_log(ctx, ERR_INTERNAL, "the locale C.UTF-8 is missing");
	TRY(field_line(ctx, "tags", text, 0, TAGS_TYPED_MAX_POINTS, &line));
	separator = strchr(line, ',') ? ',' : ' ';
	*names = arena_array_of(ctx->arena, TAGS_PER_TOPIC_MAX, const char *);
	*count = 0;
	rest = slice_of(line);
	while (rest.length > 0)
		TRY(tag_add(ctx, tag_name_of(ctx->arena, slice_cut(&rest, separator), locale),
			    *names, count));
	return OK;
}

enum err tag_parse_one(struct ctx *ctx, const char *field, const char *text, const char **name)
{
	locale_t locale = letters(ctx->arena);
	const char *line, *parsed;

	if (locale == (locale_t)0)
		return fail_log(ctx, ERR_INTERNAL, "the locale C.UTF-8 is missing");
	TRY(field_line(ctx, field, text, 1, TAGS_TYPED_MAX_POINTS, &line));
	parsed = tag_name_of(ctx->arena, slice_of(line), locale);
	if (parsed && !*parsed)
		parsed = NULL;
	TRY(check_name(ctx, field, parsed));
	*name = parsed;
	return OK;
}

enum err tag_by_name(struct ctx *ctx, const char *name, struct tag *out)
{
	struct rows rows;

	TRY(db_query(ctx, &tag_of_name, &rows, param_text(name)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	tag_read(&rows, out);
	return OK;
}

enum err tag_about(struct ctx *ctx, const char *name, struct tag_about *out)
{
	struct rows rows;

	TRY(db_query(ctx, &tag_about_name, &rows, param_text(name), param_text(ctx->language)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	tag_read(&rows, &out->tag);
	out->description = col_text(&rows);
	out->synonyms = col_text(&rows);
	out->is_restricted = col_bool(&rows);
	return OK;
}

enum err tag_list(struct ctx *ctx, int64_t after_count, const char *after_name, struct tags *out)
{
	bool is_first_page = !after_name || !*after_name;
	struct rows rows;

	TRY(db_query(ctx, &tag_page, &rows, param_i64(is_first_page ? INT32_MAX : after_count),
		     param_text(is_first_page ? "" : after_name), param_i64(TAGS_SHOWN)));
	out->items = arena_array_of(ctx->arena, (size_t)rows.count, struct tag);
	out->count = 0;
	while (rows_next(&rows))
		tag_read(&rows, &out->items[out->count++]);
	return OK;
}
