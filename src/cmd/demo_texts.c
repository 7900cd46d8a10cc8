/*
 * The demo's page for newcomers: written, published, written better; and a mail in the
 * brand's own words.
 */
#include "cmd/demo_texts.h"

#include "forum/mail_text_change.h"
#include "forum/page_text.h"

#define NAME "premiers-pas"

static const struct page_text_version versions[] = {
	{ .title_fr = "Premiers pas",
	  .body_fr = "1. Cherchez d’abord : la réponse est peut-être déjà là.\n"
		     "2. Posez votre question avec le modèle de votre box.\n"
		     "3. Dites ce qui vous a aidé.",
	  .title_en = "First steps",
	  .body_en = "1. Search first: the answer may be here already.\n"
		     "2. Ask with the model of your box.\n"
		     "3. Say what helped you.",
	  .reason = "Première version" },
	{ .title_fr = "Premiers pas",
	  .body_fr = "1. **Cherchez d’abord** : la réponse est peut-être déjà là.\n"
		     "2. Posez votre question avec le modèle de votre box et le message exact.\n"
		     "3. Dites ce qui vous a aidé : la réponse remonte, d’autres la trouvent.",
	  .title_en = "First steps",
	  .body_en = "1. **Search first**: the answer may be here already.\n"
		     "2. Ask with the model of your box and the exact message.\n"
		     "3. Say what helped you: the answer rises, and others find it.",
	  .reason = "Le message exact aide beaucoup" },
};

static enum err seed_mail(struct ctx *ctx)
{
	struct mail_text_form form = {
		.text = mail_text_find("notification-thanks"),
		.language = "fr",
		.words = { "Merci, {name}\u00A0!",
			   "{actor} vous remercie pour votre réponse à «\u00A0{title}\u00A0».\n\n"
			   "Grâce à vous, une box de plus fonctionne ce soir.\n\n{link}" },
		.reason = "Plus chaleureux",
	};
	bool is_changed;

	return mail_text_save(ctx, &form, &is_changed);
}

enum err demo_seed_texts(struct ctx *ctx)
{
	const char *name = NAME;
	int64_t number;

	TRY(page_text_add(ctx, &name, NULL));
	for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
		struct page_text_form form = { .name = NAME,
					       .words = versions[i],
					       .follows_number = (int64_t)i,
					       .is_published = true };

		TRY(page_text_save(ctx, &form, &number));
	}
	return seed_mail(ctx);
}
