/*
 * The demo's described tag.
 */
#include "cmd/demo_tags.h"

#include "forum/tag.h"
#include "forum/tag_admin.h"

#define NAME   "wifi"
#define REASON "Le mot que chacun cherche"

static const char *const synonyms[] = { "sans-fil", "wlan" };

enum err demo_seed_tags(struct ctx *ctx)
{
	struct tag_form form = {
		.description_fr = "Portée, débit et réglages du réseau sans fil de la box.",
		.description_en = "Reach, speed and settings of the box’s wireless network.",
		.reason = REASON,
	};
	struct tag_about about;

	TRY(tag_about(ctx, NAME, &about));
	if (about.description[0])
		return OK;
	form.id = about.tag.id;
	TRY(tag_describe(ctx, &form));
	for (size_t i = 0; i < ARRAY_COUNT(synonyms); i++)
		TRY(tag_word_add(ctx, form.id, synonyms[i], REASON, NULL));
	return OK;
}
