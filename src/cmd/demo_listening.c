/*
 * What the demo's desk listens for.
 */
#include "cmd/demo_listening.h"

#include "forum/category.h"
#include "forum/listening.h"

static const struct {
	const char *name, *words;
	const char *category; /* its slug, or NULL */
} themes[] = {
	{ "Prix et factures",
	  "prix\ntarif*\nfactur*\nabonnement*\ncher\nchère\nrembours*\nprice*\nbill*\nexpensive",
	  "factures" },
	{ "Pannes et coupures",
	  "panne*\ncoupure*\ncoupé*\nincident*\nplus internet\nne marche plus\noutage*\ndown",
	  NULL },
	{ "Wifi et débit", "wifi\nwi-fi\ndébit*\nlent*\nlenteur*\nrépéteur*\nslow*\nspeed", NULL },
	{ "Service client", "conseiller*\nservice client\nhotline\nattente\nrappel*\nsupport",
	  NULL },
};

enum err demo_seed_listening(struct ctx *ctx)
{
	struct categories categories;

	TRY(category_list(ctx, &categories));
	for (size_t i = 0; i < ARRAY_COUNT(themes); i++) {
		struct listening_theme_form form = {
			.name = themes[i].name,
			.words = themes[i].words,
			.form_key = arena_printf(ctx->arena, "demo-listening-theme-%02zu", i),
		};

		for (size_t k = 0; themes[i].category && k < categories.count; k++)
			if (strcmp(categories.items[k].slug, themes[i].category) == 0) {
				form.category_ids = &categories.items[k].id;
				form.category_count = 1;
			}
		TRY(listening_theme_save(ctx, &form));
	}
	return listening_count_all(ctx);
}
