/*
 * Finding the words of a mail, and whether they can go out.
 */
#include "forum/mail_text.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "forum/field.h"
#include "i18n/i18n.h"
#include "text/placeholder.h"

#define DEFAULT_MAX_BYTES ((size_t)16 * 1024)
#define SHOWN_OF_PROBLEM  20

const struct mail_text *mail_text_find(const char *name)
{
	for (size_t i = 0; i < mail_text_count; i++)
		if (strcmp(mail_texts[i].name, name) == 0)
			return &mail_texts[i];
	return NULL;
}

const struct mail_text *mail_text_of(enum mail_kind kind, const char *what)
{
	const struct mail_text *last = &mail_texts[0];

	for (size_t i = 0; i < mail_text_count; i++) {
		if (mail_texts[i].kind != kind)
			continue;
		last = &mail_texts[i];
		if (strcmp(last->what, what) == 0)
			break;
	}
	return last;
}

struct mail_words mail_text_default(struct ctx *ctx, const struct mail_text *text)
{
	struct buf body;

	buf_init(&body, ctx->arena, DEFAULT_MAX_BYTES);
	for (size_t i = 0; i < MAIL_TEXT_PARAGRAPHS_MAX && text->paragraphs[i]; i++)
		buf_printf(&body, "%s%s", i > 0 ? "\n\n" : "", _(text->paragraphs[i]));
	return (struct mail_words){ _(text->subject), buf_to_arena(&body, ctx->arena) };
}

/* What may stand where ---------------------------------------------------------------------- */

static const char *brace_problem(struct arena *arena, const struct placeholder_text *parsed)
{
	if (!parsed->problem)
		return arena_printf(arena, _("There are more than %d placeholders in it."),
				    PLACEHOLDERS_MAX);
	return arena_printf(
		arena,
		_("A brace stands alone at “%.*s”. A placeholder looks like {brand}; for a brace that is to be read, write {{ or }}."),
		(int)utf8_prefix(parsed->problem, SHOWN_OF_PROBLEM), parsed->problem);
}

/* MAIL_PLACE_COUNT: there is none of this name. */
static enum mail_place place_find(const char *name)
{
	int place = 0;

	while (place < MAIL_PLACE_COUNT && strcmp(mail_places[place].name, name) != 0)
		place++;
	return (enum mail_place)place;
}

/* *used: bits of what stands in the words. */
static const char *places_problem(struct ctx *ctx, const struct mail_text *text, const char *words,
				  bool is_subject, unsigned *used)
{
	struct placeholder_text parsed;

	if (!placeholder_parse(ctx->arena, words, &parsed))
		return brace_problem(ctx->arena, &parsed);
	for (size_t i = 0; i < parsed.count; i++) {
		const char *name = parsed.pieces[i].text;
		enum mail_place place;

		if (!parsed.pieces[i].is_place)
			continue;
		place = place_find(name);
		if (place == MAIL_PLACE_COUNT || !(text->places & 1u << place))
			return arena_printf(
				ctx->arena,
				_("This mail has no placeholder {%s}: look at the list of those that it has."),
				name);
		if (is_subject && !mail_places[place].fits_subject)
			return arena_printf(ctx->arena,
					    _("{%s} can stand in the text, not in the subject."),
					    name);
		*used |= 1u << place;
	}
	return NULL;
}

static const char *missing_problem(struct ctx *ctx, const struct mail_text *text, unsigned used)
{
	for (int place = 0; place < MAIL_PLACE_COUNT; place++)
		if (text->needed & ~used & 1u << place)
			return arena_printf(
				ctx->arena,
				_("{%s} is missing: without it, this mail is of no use to whoever gets it."),
				mail_places[place].name);
	return NULL;
}

const char *mail_text_problem(struct ctx *ctx, const struct mail_text *text,
			      const struct mail_words *words, const char **field)
{
	const char *problem;
	unsigned in_subject = 0, in_body = 0;

	*field = "subject";
	if (strpbrk(words->subject, "\r\n"))
		return _("The subject is one line.");
	problem = places_problem(ctx, text, words->subject, true, &in_subject);
	if (problem)
		return problem;
	*field = "body";
	problem = places_problem(ctx, text, words->body, false, &in_body);
	return problem ? problem : missing_problem(ctx, text, in_body);
}

enum err mail_text_check(struct ctx *ctx, const struct mail_text *text, struct mail_words *words)
{
	const char *field, *problem;

	TRY(field_line(ctx, "subject", words->subject, 1, MAIL_SUBJECT_MAX, &words->subject));
	TRY(field_text(ctx, "body", words->body, 1, MAIL_BODY_MAX, &words->body));
	problem = mail_text_problem(ctx, text, words, &field);
	if (problem)
		return fail(ctx, ERR_INVALID, field, "%s", problem);
	return OK;
}
