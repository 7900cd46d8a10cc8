/*
 * The words of reply templates: which places they may have, and filling them.
 */
#include "forum/desk_template.h"

#include <strings.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/article.h"
#include "forum/desk_template_parts.h"
#include "forum/field.h"
#include "i18n/i18n.h"
#include "text/markdown_writer.h"

#define SHOWN_OF_PROBLEM 30 /* code points */

enum place { PLACE_CUSTOMER, PLACE_QUESTION, PLACE_CATEGORY, PLACE_ME, PLACE_LINK };

const struct desk_template_place desk_template_places[] = {
	[PLACE_CUSTOMER] = { "{customer}", N_("The name of who asked.") },
	[PLACE_QUESTION] = { "{question}", N_("The title of the question.") },
	[PLACE_CATEGORY] = { "{category}", N_("The category that it stands in.") },
	[PLACE_ME] = { "{me}", N_("The name of who answers.") },
	[PLACE_LINK] = { "{link:…}",
			 N_("A link to an article of the knowledge base, by its number or its "
			    "title: {link:12}, {link:Restart your box}.") },
};
const size_t desk_template_place_count = ARRAY_COUNT(desk_template_places);

static const char *const names[] = {
	[PLACE_CUSTOMER] = "customer", [PLACE_QUESTION] = "question",
	[PLACE_CATEGORY] = "category", [PLACE_ME] = "me",
	[PLACE_LINK] = "link",
};

/* The numbered one, or the one that is called so: in the reader's language first. */
DB_STATEMENT(desk_template_articles,
	     "select w.target, a.id, a.title\n"
	     "from unnest($1::text[]) with ordinality w (target, place)\n"
	     "cross join lateral (\n"
	     "	select b.id, b.title, b.language from articles b\n"
	     "	where b.is_public and b.id =\n"
	     "		case when w.target ~ '^[0-9]{1,18}$' then w.target::bigint end\n"
	     "	union all\n"
	     "	select b.id, b.title, b.language from articles b\n"
	     "	where b.is_public and lower(b.title) = lower(w.target)\n"
	     "	order by 3, 1 limit 4) a\n"
	     "order by w.place, a.language <> $2, a.id",
	     2);

static bool place_find(const struct placeholder_piece *piece, enum place *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (strcmp(names[i], piece->text) == 0) {
			*out = (enum place)i;
			return (i == PLACE_LINK) == (piece->argument != NULL);
		}
	return false;
}

static int line_of(const char *text, size_t offset)
{
	int line = 1;

	for (size_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/* What stands there, up to its closing brace or for a few signs. */
static const char *shown_at(struct arena *arena, const char *text)
{
	size_t length = utf8_prefix(text, SHOWN_OF_PROBLEM), closed;

	closed = strcspn(text, "}\n");
	if (text[closed] == '}')
		closed++;
	return arena_strndup(arena, text, closed < length ? closed : length);
}

static enum err fail_braces(struct ctx *ctx, const char *text,
			    const struct placeholder_text *parsed)
{
	if (!parsed->problem)
		return fail(ctx, ERR_INVALID, "body",
			    _("At most %d places can be filled in one template."),
			    PLACEHOLDERS_MAX);
	return fail(ctx, ERR_INVALID, "body",
		    _("Line %1$d: “%2$s” is not a place that can be filled. A brace that is to be "
		      "read is written twice."),
		    line_of(text, (size_t)(parsed->problem - text)),
		    shown_at(ctx->arena, parsed->problem));
}

enum err desk_template_parse(struct ctx *ctx, const char *body_md, struct placeholder_text *out)
{
	enum place place;

	if (!placeholder_parse_arguments(ctx->arena, body_md, out))
		return fail_braces(ctx, body_md, out);
	for (size_t i = 0; i < out->count; i++) {
		const struct placeholder_piece *piece = &out->pieces[i];

		if (!piece->is_place || place_find(piece, &place))
			continue;
		return fail(ctx, ERR_INVALID, "body",
			    _("Line %1$d: “%2$s” is not a place that can be filled. The list "
			      "below has those that are."),
			    line_of(body_md, piece->offset),
			    shown_at(ctx->arena, body_md + piece->offset));
	}
	return OK;
}

/* Articles ------------------------------------------------------------------------------- */

void desk_template_articles_add(struct ctx *ctx, const struct placeholder_text *parsed,
				struct rows *rows)
{
	const char *targets[PLACEHOLDERS_MAX];
	size_t count = 0;

	*rows = (struct rows){ .current = -1 };
	for (size_t i = 0; i < parsed->count; i++)
		if (parsed->pieces[i].is_place && parsed->pieces[i].argument)
			targets[count++] = parsed->pieces[i].argument;
	if (count > 0)
		db_add(ctx, &desk_template_articles, rows, param_texts(ctx->arena, targets, count),
		       param_text(ctx->language));
}

struct found {
	int64_t id; /* 0: none is called so */
	const char *title;
};

static struct found article_find(struct rows *rows, const char *target)
{
	struct found found = { 0, target };

	rows_rewind(rows);
	while (rows_next(rows)) {
		if (strcmp(col_text(rows), target) != 0)
			continue;
		found.id = col_i64(rows);
		found.title = col_text(rows);
		break;
	}
	return found;
}

enum err desk_template_articles_check(struct ctx *ctx, const char *body_md,
				      const struct placeholder_text *parsed, struct rows *rows)
{
	for (size_t i = 0; i < parsed->count; i++) {
		const struct placeholder_piece *piece = &parsed->pieces[i];

		if (!piece->is_place || !piece->argument || article_find(rows, piece->argument).id)
			continue;
		return fail(ctx, ERR_INVALID, "body",
			    _("Line %1$d: readers find no article “%2$s” in the knowledge base."),
			    line_of(body_md, piece->offset), piece->argument);
	}
	return OK;
}

/* Filling ---------------------------------------------------------------------------------- */

/* An address that would become a link by itself. */
static bool begins_link(const char *text, const char *start)
{
	return strncmp(text, "://", 3) == 0 ||
	       (*text == '.' && text - start >= 3 && strncasecmp(text - 3, "www", 3) == 0);
}

/* Words of people: whatever would be markup in them is escaped. */
static void add_words(struct ctx *ctx, struct buf *out, const char *words)
{
	const char *text;

	struct markdown_writer writer;
	struct buf escaped;

	buf_init(&escaped, ctx->arena, 8192);
	markdown_writer_init(&writer, ctx->arena, &escaped);
	writer.is_one_line = true;
	markdown_words(&writer, words, strlen(words));
	text = buf_to_arena(&escaped, ctx->arena);
	for (const char *at = text; *at; at++) {
		if (begins_link(at, text))
			buf_char(out, '\\');
		buf_char(out, *at);
	}
}

static void add_link(struct ctx *ctx, struct buf *out, struct rows *rows, const char *target)
{
	struct found found = article_find(rows, target);

	if (!found.id) {
		add_words(ctx, out, found.title);
		return;
	}
	buf_char(out, '[');
	add_words(ctx, out, found.title);
	buf_printf(out, "](%s)", article_path(ctx->arena, found.id, found.title));
}

static void add_place(struct ctx *ctx, struct buf *out, const struct placeholder_piece *piece,
		      const struct desk_template_values *values, struct rows *rows)
{
	enum place place;

	if (!place_find(piece, &place))
		return;
	switch (place) {
	case PLACE_CUSTOMER:
		add_words(ctx, out, values->customer);
		break;
	case PLACE_QUESTION:
		add_words(ctx, out, values->question);
		break;
	case PLACE_CATEGORY:
		add_words(ctx, out, values->category);
		break;
	case PLACE_ME:
		add_words(ctx, out, values->me);
		break;
	case PLACE_LINK:
		add_link(ctx, out, rows, piece->argument);
		break;
	}
}

enum err desk_template_fill(struct ctx *ctx, const char *body_md,
			    const struct desk_template_values *values, const char **out)
{
	struct placeholder_text parsed;
	struct rows rows;
	struct buf text;

	*out = "";
	TRY(desk_template_parse(ctx, body_md, &parsed));
	desk_template_articles_add(ctx, &parsed, &rows);
	TRY(db_run(ctx));
	buf_init(&text, ctx->arena, 256 * 1024);
	for (size_t i = 0; i < parsed.count; i++) {
		const struct placeholder_piece *piece = &parsed.pieces[i];

		if (piece->is_place)
			add_place(ctx, &text, piece, values, &rows);
		else
			buf_text(&text, piece->text);
	}
	*out = buf_to_arena(&text, ctx->arena);
	return OK;
}
