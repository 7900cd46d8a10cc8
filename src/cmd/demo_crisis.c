/*
 * A past incident, through the same rules as the pages.
 */
#include "cmd/demo_crisis.h"

#include "base/clock.h"
#include "forum/category.h"
#include "forum/crisis.h"
#include "forum/incident.h"
#include "forum/policy.h"

#define CATEGORY "reseau-mobile"
#define DAYS_AGO 12
#define MINUTE   (60 * CLOCK_SECOND)

static const struct {
	int minutes; /* after the opening */
	const char *words;
} updates[] = {
	{ 40,
	  "La panne vient d’une armoire électrique à Rennes. Une équipe est en route. "
	  "**En attendant**, les appels par le wifi fonctionnent : réglages, puis *Appels wifi*." },
	{ 150,
	  "Le courant est rétabli. Les antennes redémarrent l’une après l’autre ; comptez encore une heure." },
};

#define LAST \
	"Tout fonctionne de nouveau depuis 13 h 20. Si votre téléphone ne capte toujours pas, " \
	"mettez-le dix secondes en mode avion."
#define SUMMARY \
	"Panne de courant dans une armoire de Rennes. Première réaction en moins d’une heure. " \
	"À retenir : dire dès le premier message que les appels wifi fonctionnent."

static const struct incident_new opening = {
	.title = "Panne du réseau mobile en Ille-et-Vilaine",
	.body_md =
		"Depuis ce matin, les appels et les données mobiles ne passent plus dans une partie de "
		"l’Ille-et-Vilaine. Nous cherchons la cause et reviendrons ici toutes les heures. "
		"Cliquez sur « Moi aussi » si vous êtes touché : cela nous aide à voir l’étendue.",
	.is_category_alone = true,
	.banner = { .is_on = true,
		    .severity = SEVERITY_WARNING,
		    .fr = "Panne du réseau mobile en Ille-et-Vilaine : nos équipes y travaillent.",
		    .en = "Mobile network outage in Ille-et-Vilaine: our teams are working on it.",
		    .link = "" },
};

static enum err play(struct ctx *ctx, int64_t category_id, int64_t began_at)
{
	struct incident_new form = opening;
	int64_t id;

	form.category_id = category_id;
	ctx->now = began_at;
	TRY(incident_open(ctx, &form, &id));
	for (size_t i = 0; i < ARRAY_COUNT(updates); i++) {
		ctx->now = began_at + updates[i].minutes * MINUTE;
		TRY(incident_update(ctx, id, updates[i].words, NULL));
	}
	ctx->now = began_at + 240 * MINUTE;
	return incident_close(ctx, id, LAST, SUMMARY, NULL);
}

static const struct demo_person *first_advisor(const struct demo *demo)
{
	for (size_t i = 0; i < demo->person_count; i++)
		if (strcmp(demo->people[i].role, "advisor") == 0)
			return &demo->people[i];
	return NULL;
}

enum err demo_seed_crisis(struct ctx *ctx, const struct demo *demo)
{
	const struct demo_person *person = first_advisor(demo);
	const struct actor *before = ctx->actor;
	const char *language = ctx->language;
	int64_t now = ctx->now, written;
	struct actor advisor;
	struct incident_list list;
	struct category category;
	enum err result;

	if (!person)
		return OK;
	advisor = (struct actor){ .id = person->id,
				  .name = person->name,
				  .handle = "",
				  .language = person->language,
				  .role = ROLE_ADVISOR,
				  .is_confirmed = true,
				  .is_automatic = true,
				  .csrf_token = "",
				  .created_at = now - 400 * 24 * CLOCK_HOUR };
	ctx->actor = &advisor;
	ctx->language = person->language;
	result = incident_list(ctx, &list);
	if (result == OK && list.count == 0) {
		result = category_by_slug(ctx, CATEGORY, &category);
		if (result == OK)
			result = play(ctx, category.id,
				      now - now % (24 * CLOCK_HOUR) -
					      (DAYS_AGO * 24 - 8) * CLOCK_HOUR);
	}
	ctx->actor = before;
	ctx->language = language;
	ctx->now = now;
	return result == OK ? crisis_count_all(ctx, &written) : result;
}
