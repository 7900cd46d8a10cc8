/*
 * What the database's constraints mean to people. Most are checked before, with a
 * better sentence; these are for what slips through: another request was faster,
 * or a form was made by hand.
 */
#include "forum/constraint.h"

#include "i18n/i18n.h"

struct meaning {
	const char *constraint;
	enum err code;
	const char *field;
	const char *sentence;
};

static const struct meaning meanings[] = {
	{ "people_name_length", ERR_INVALID, "name", N_("A name has 2 to 40 characters.") },
	{ "people_language", ERR_INVALID, "language", N_("This language is not offered here.") },
	{ "people_bio_length", ERR_INVALID, "bio", N_("This text is too long.") },
	{ "people_email_unique", ERR_INVALID, "email",
	  N_("This address belongs to another account.") },
	{ "people_handle_unique", ERR_CONFLICT, "name",
	  N_("Somebody took this name a moment ago. Please try again.") },
	{ "categories_slug_form", ERR_INVALID, "slug",
	  N_("A category's address has lower-case letters, digits and hyphens.") },
	{ "topics_category_id_fkey", ERR_INVALID, "category", N_("Choose a category.") },
	{ "topics_top_category_id_fkey", ERR_INVALID, "category", N_("Choose a category.") },
	{ "top_category_id", ERR_INVALID, "category", N_("Choose a category.") },
	{ "drafts_category_id_fkey", ERR_INVALID, "category", N_("Choose a category.") },
	{ "topics_title_length", ERR_INVALID, "title", N_("This title is too short or too long.") },
	{ "topics_language", ERR_INVALID, "language", N_("This language is not offered here.") },
	{ "topics_not_its_own_duplicate", ERR_INVALID, "duplicate_of",
	  N_("A question cannot be a duplicate of itself.") },
	{ "topics_duplicate_of_fkey", ERR_INVALID, "duplicate_of",
	  N_("There is no such question.") },
	{ "tags_name_length", ERR_INVALID, "tags", N_("A tag has at most 35 characters.") },
	{ "tags_name_unique", ERR_INVALID, "name", N_("Another tag has this name.") },
	{ "posts_body_length", ERR_INVALID, "body", N_("This text is too long.") },
	{ "drafts_body_length", ERR_INVALID, "body", N_("This text is too long.") },
	{ "revisions_reason_length", ERR_INVALID, "reason", N_("This text is too long.") },
	{ "synonym_lists_length", ERR_INVALID, "french", N_("This text is too long.") },
	{ "synonym_lists_over_newest", ERR_CONFLICT, NULL,
	  N_("Somebody else changed these lists in the meantime. Yours are still here: compare "
	     "them with the newest ones, then save again.") },
	{ "categories_slug_unique", ERR_INVALID, "slug", N_("Another category has this address.") },
	{ "articles_one_a_language", ERR_INVALID, "language",
	  N_("There is a version of this article in that language already.") },
	{ "articles_category_id_fkey", ERR_INVALID, "category", N_("Choose a category.") },
	{ "page_texts_pkey", ERR_INVALID, "name", N_("There is a page at this address already.") },
	{ "people_last_administrator", ERR_CONFLICT, "role",
	  N_("This is the last administrator: make somebody else one first.") },
	{ "posts_topic_id_fkey", ERR_NOT_FOUND, NULL, NULL },
	{ "posts_parent_id_fkey", ERR_NOT_FOUND, NULL, NULL },
	{ "thanks_post_id_fkey", ERR_NOT_FOUND, NULL, NULL },
	{ "me_too_topic_id_fkey", ERR_NOT_FOUND, NULL, NULL },
};

bool constraint_is(const struct ctx *ctx, const char *constraint)
{
	return ctx->error.constraint && strcmp(ctx->error.constraint, constraint) == 0;
}

enum err constraint_explain(struct ctx *ctx, enum err result)
{
	if (result == OK || !ctx->error.constraint)
		return result;
	for (size_t i = 0; i < ARRAY_COUNT(meanings); i++) {
		const struct meaning *meaning = &meanings[i];
		if (!constraint_is(ctx, meaning->constraint))
			continue;
		ctx->error.code = meaning->code;
		ctx->error.field = meaning->field;
		ctx->error.message = meaning->sentence ? _(meaning->sentence) : NULL;
		return meaning->code;
	}
	return result;
}
