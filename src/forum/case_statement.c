/*
 * The words of a case: names of rules and acts, and the statement of reasons (Digital
 * Services Act, article 17.3), a paragraph a point: what was decided, with its scope and
 * its duration (a); the facts, and what brought them up (b); whether a program found or
 * decided it (c); the ground, in law (d) or in the charter (e); the remedies (f).
 */
#include "forum/case.h"

#include <assert.h>

#include "base/buf.h"
#include "i18n/i18n.h"

#define STATEMENT_MAX_BYTES ((size_t)16000)

/* clang-format off */
static const struct {
	const char *text, *label, *charter, *law;
} rules[] = {
	[RULE_SPAM] = { "spam", N_("Advertising or spam"),
		N_("Our charter does not allow advertising, spam or posts that only serve to lead elsewhere."),
		N_("Unsolicited advertising of this kind is against the law.") },
	[RULE_RUDE] = { "rude", N_("Insulting, hateful or harassing"),
		N_("Our charter asks everybody to stay respectful: no insults, no hate, no harassment."),
		N_("Public insults, incitement to hatred and harassment are against the law.") },
	[RULE_OFF_TOPIC] = { "off_topic", N_("Off topic, or in the wrong place"),
		N_("Our charter asks that posts help with the question they stand under."),
		N_("This content has no place here by law.") },
	[RULE_WRONG] = { "wrong", N_("Dangerous or misleading advice"),
		N_("Our charter does not allow advice that may put people, their data or their equipment at risk."),
		N_("Advice that endangers people is against the law.") },
	[RULE_PERSONAL_DATA] = { "personal_data", N_("Personal data"),
		N_("Our charter does not allow personal data (phone numbers, addresses, bank details) to be published."),
		N_("Publishing personal data without consent is against data protection law.") },
	[RULE_ILLEGAL] = { "illegal", N_("Against the law"),
		N_("Our charter does not allow content that is against the law."),
		N_("This content is manifestly against the law.") },
	[RULE_OTHER] = { "other", N_("Something else"),
		N_("It does not respect our charter."),
		N_("It is against the law.") },
};

static const struct {
	const char *text, *label, *decision;
} acts[] = {
	[CASE_HIDE] = { "hide", N_("Post hidden"),
		N_("Your post is hidden: only you and the team still see it, until the team has looked at it.") },
	[CASE_WITHDRAW] = { "withdraw", N_("Post withdrawn"),
		N_("Your post was withdrawn: it is no longer shown to anybody but you and the team.") },
	[CASE_REFUSE] = { "refuse", N_("Post not published"),
		N_("Your post was not published: nobody but you and the team sees it.") },
	[CASE_WARNING] = { "warning", N_("Warning"),
		N_("You receive a warning. It changes nothing about what you may do here; if it happens again, it may.") },
	[CASE_SILENCE] = { "silence", N_("Silenced"),
		N_("You may read, but not write.") },
	[CASE_SUSPENSION] = { "suspension", N_("Suspended"),
		N_("Your account is suspended: you may read, but not take part.") },
	[CASE_RIGHTS_REMOVED] = { "rights_removed", N_("May not write in a category"),
		N_("You may no longer write in one of the categories.") },
};
/* clang-format on */
_Static_assert(ARRAY_COUNT(rules) == RULE_COUNT, "every rule has its words");
_Static_assert(ARRAY_COUNT(acts) == CASE_ACT_COUNT, "every act has its words");

const char *rule_text(enum rule rule)
{
	return rules[rule].text;
}

const char *rule_label(enum rule rule)
{
	return _(rules[rule].label);
}

bool rule_parse(const char *text, enum rule *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(rules); i++) {
		if (strcmp(rules[i].text, text) == 0) {
			*out = (enum rule)i;
			return true;
		}
	}
	return false;
}

const char *case_act_text(enum case_act act)
{
	return acts[act].text;
}

const char *case_act_label(enum case_act act)
{
	return _(acts[act].label);
}

/* The schema's check constraint allows no other word. */
enum case_act case_act_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(acts); i++)
		if (strcmp(acts[i].text, text) == 0)
			return (enum case_act)i;
	return CASE_HIDE;
}

const char *case_origin_text(enum case_origin origin)
{
	static const char *const texts[] = {
		[CASE_BY_TEAM] = "team",
		[CASE_BY_FLAGS] = "flags",
		[CASE_BY_NOTICE] = "notice",
		[CASE_BY_RULE] = "rule",
	};

	return texts[origin];
}

static const char *const reversal_texts[] = {
	[CASE_NOT_REVERSED] = "",     [CASE_UPHELD] = "upheld",     [CASE_UNDONE] = "undone",
	[CASE_RELEASED] = "released", [CASE_REPLACED] = "replaced",
};

const char *case_reversal_text(enum case_reversal how)
{
	assert(how != CASE_NOT_REVERSED);
	return reversal_texts[how];
}

enum case_reversal case_reversal_from_text(const char *text)
{
	for (size_t i = 0; i < ARRAY_COUNT(reversal_texts); i++)
		if (strcmp(reversal_texts[i], text) == 0)
			return (enum case_reversal)i;
	return CASE_NOT_REVERSED;
}

/* The statement -------------------------------------------------------------------- */

static void paragraph(struct buf *out, const char *sentences)
{
	if (out->length > 0)
		buf_text(out, "\n\n");
	buf_text(out, sentences);
}

static void more(struct buf *out, const char *sentence)
{
	buf_char(out, ' ');
	buf_text(out, sentence);
}

/* (a) The whole site, and until when. */
static void add_decision(struct ctx *ctx, struct buf *out, const struct case_new *form,
			 const char *place)
{
	paragraph(out, _(acts[form->act].decision));
	if (form->post_id && place[0])
		more(out, arena_printf(ctx->arena, _("It stands under “%s”."), place));
	if (form->act == CASE_WARNING)
		return;
	if (form->ends_at)
		more(out, arena_printf(ctx->arena, _("This ends by itself on %s."),
				       i18n_date_time(ctx->arena, form->ends_at)));
	else if (form->act != CASE_HIDE)
		more(out, _("No end is set."));
	if (form->act != CASE_RIGHTS_REMOVED)
		more(out, _("It applies to the whole site, wherever it is read from."));
}

static const char *origin_sentence(enum case_origin origin)
{
	switch (origin) {
	case CASE_BY_FLAGS:
		return _("Members of the community reported it.");
	case CASE_BY_NOTICE:
		return _("It was reported to us by a legal notice.");
	case CASE_BY_RULE:
		return _("A rule of the site found it.");
	case CASE_BY_TEAM:
		break;
	}
	return _("The team found it on its own initiative.");
}

/* (b) In the words of who decided, where there are any. */
static void add_facts(struct ctx *ctx, struct buf *out, const struct case_new *form)
{
	if (form->facts && form->facts[0])
		paragraph(out, arena_printf(ctx->arena, _("The facts: %s"), form->facts));
	else
		paragraph(out, arena_printf(ctx->arena, _("What was found: %s."),
					    rule_label(form->rule)));
	more(out, origin_sentence(form->origin));
}

/* (c) */
static void add_means(struct buf *out, const struct case_new *form)
{
	if (form->is_decided_automatically)
		paragraph(
			out,
			_("This decision was taken by the program, without a person; the team looks at it next."));
	else if (form->is_detected_automatically)
		paragraph(
			out,
			_("It was found by automated means; the decision was taken by a person."));
	else
		paragraph(
			out,
			_("The decision was taken by a person, without the use of automated means."));
}

/* (d) or (e) */
static void add_ground(struct ctx *ctx, struct buf *out, const struct case_new *form)
{
	paragraph(out, form->is_law ? _(rules[form->rule].law) : _(rules[form->rule].charter));
	if (!form->is_law)
		more(out, arena_printf(ctx->arena, _("The charter: %s/charter"),
				       ctx->config->site.base_url));
}

/* (f) */
static void add_remedies(struct buf *out)
{
	paragraph(
		out,
		_("If you do not agree, you can complain free of charge within six months, from the page of this decision. Somebody else than who took it will decide. You can also turn to a certified out-of-court dispute settlement body, or to a court."));
}

const char *case_statement(struct ctx *ctx, const struct case_new *form, const char *place)
{
	struct buf out;

	buf_init(&out, ctx->arena, STATEMENT_MAX_BYTES);
	add_decision(ctx, &out, form, place);
	add_facts(ctx, &out, form);
	add_means(&out, form);
	add_ground(ctx, &out, form);
	add_remedies(&out);
	return buf_to_arena(&out, ctx->arena);
}
