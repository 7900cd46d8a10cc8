/*
 * What the demo's advisors answer often.
 */
#include "cmd/demo_templates.h"

#include "forum/desk_template.h"

static const struct {
	const char *language, *title, *body_md;
} templates[] = {
	{ "fr", "Bienvenue, et ce qu’il nous faut pour vous aider",
	  "Bonjour {customer},\n\nMerci pour votre question. Pour vous aider, il nous manque :\n\n"
	  "* le modèle de votre box (il est écrit sous le boîtier) ;\n* la couleur des voyants ;\n"
	  "* depuis quand cela arrive.\n\nBonne journée,\n{me}" },
	{ "fr", "Wifi faible dans une pièce",
	  "Bonjour {customer},\n\nUn mur porteur ou un appareil voisin suffit à affaiblir le signal. "
	  "Notre guide vous mène pièce par pièce : "
	  "{link:Améliorer le wifi à la maison, pièce par pièce}.\n\n"
	  "Dites-nous ce que vous mesurez à côté de la box, puis dans la pièce qui pose problème.\n\n{me}" },
	{ "fr", "Question de facture : restons prudents",
	  "Bonjour {customer},\n\nNe publiez ni numéro de ligne, ni adresse, ni capture de facture ici : "
	  "tout le monde peut lire cette page. Cet article explique chaque ligne : "
	  "{link:Lire votre première facture}.\n\n{me}" },
	{ "fr", "Incident connu, nous suivons",
	  "Bonjour {customer},\n\nNos équipes travaillent déjà sur ce sujet. Nous vous répondons ici, "
	  "sous « {question} », dès que c’est rétabli.\n\nMerci de votre patience,\n{me}" },
	{ "en", "Set up the box",
	  "Hello {customer},\n\nThis guide takes ten minutes: {link:Set up your box in ten minutes}.\n\n"
	  "If a light stays red at the end, tell us which one.\n\n{me}" },
	{ "en", "What we need to know",
	  "Hello {customer},\n\nThank you for asking. Which box is it, which lights are on, and since when? "
	  "Please leave out your line number: everybody can read this page.\n\n{me}" },
};

enum err demo_seed_templates(struct ctx *ctx)
{
	for (size_t i = 0; i < ARRAY_COUNT(templates); i++) {
		struct desk_template_form form = {
			.scope = DESK_TEMPLATE_ALL,
			.language = templates[i].language,
			.title = templates[i].title,
			.body_md = templates[i].body_md,
			.form_key = arena_printf(ctx->arena, "demo-desk-template-%02zu", i),
		};
		int64_t id;

		TRY(desk_template_save(ctx, &form, &id));
	}
	return OK;
}
