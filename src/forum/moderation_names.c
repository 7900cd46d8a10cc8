/*
 * The queue's words: as the database has them, and as people read them.
 */
#include "forum/moderation.h"

#include "forum/case.h"
#include "i18n/i18n.h"

static const struct {
	const char *text, *label;
} kinds[] = {
	[MODERATION_FLAG] = { "flag", N_("Flags") },
	[MODERATION_HELD] = { "held", N_("Held posts") },
	[MODERATION_FIRST_POST] = { "first_post", N_("First posts") },
	[MODERATION_TRUSTED_EDIT] = { "trusted_edit", N_("Edits of trusted answers") },
	[MODERATION_APPEAL] = { "appeal", N_("Complaints") },
	[MODERATION_NOTICE] = { "notice", N_("Legal notices") },
	[MODERATION_NOTICE_COMPLAINT] = { "notice_complaint", N_("Complaints about notices") },
	[MODERATION_SIMILAR] = { "similar", N_("Like something removed") },
};
_Static_assert(ARRAY_COUNT(kinds) == MODERATION_KIND_COUNT, "every kind has its words");

const char *moderation_kind_text(enum moderation_kind kind)
{
	return kinds[kind].text;
}

const char *moderation_kind_label(enum moderation_kind kind)
{
	return _(kinds[kind].label);
}

bool moderation_kind_parse(const char *text, enum moderation_kind *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		if (strcmp(kinds[i].text, text) == 0) {
			*out = (enum moderation_kind)i;
			return true;
		}
	}
	return false;
}

/* Those that are not reasons of a flag (case.h has these). */
static const struct {
	const char *code, *label;
} reasons[] = {
	{ "first_post", N_("First post of a new member") },
	{ "edited_accepted", N_("An accepted answer was changed") },
	{ "edited_official", N_("An official answer was changed") },
	{ "rule", N_("A holding rule") },
	{ "words", N_("A word of the lists") },
	{ "links", N_("Links") },
	{ "personal_data_found", N_("Personal data was found") },
	{ "spam_score", N_("It reads like spam") },
	{ "service", N_("The spam service takes it for spam") },
	{ "service_certain", N_("The spam service is sure that it is spam") },
	{ "listed", N_("On the lists of sign-up, and silent until now") },
	{ "similar_to_removed", N_("Very like something that was removed") },
	{ "complaint", N_("A complaint against a decision") },
	{ "notice", N_("A legal notice") },
	{ "capped", N_("Flags would have hidden it: please look first") },
};

const char *moderation_reason_text(const char *code)
{
	enum rule rule;

	for (size_t i = 0; i < ARRAY_COUNT(reasons); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return _(reasons[i].label);
	return rule_parse(code, &rule) ? rule_label(rule) : code;
}
