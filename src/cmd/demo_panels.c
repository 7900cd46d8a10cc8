/*
 * A panel of the demo: people who were invited and joined, a questionnaire that is closed,
 * with results, and one that waits for answers. Through the same rules as the pages.
 */
#include "cmd/demo_panels.h"

#include "base/clock.h"
#include "forum/policy.h"
#include "forum/questionnaire.h"

#define PEOPLE_MAX  14
#define OPENED_DAYS 40 /* ago: the closed one */
#define CLOSED_DAYS 20
#define OPEN_DAYS   10 /* from now: the open one */
#define DECLINES_AT 9  /* who says no, who says nothing yet */
#define SILENT_AT   11

static const struct panel_form panel = {
	.title = "Goûteurs de la Box T4",
	.purpose_md =
		"La Box T4 sort au printemps. Avant cela, **une douzaine de membres l’essaient chez eux** et "
		"nous disent ce qu’ils en pensent, sans détour.\n\n"
		"* Deux ou trois questionnaires, cinq minutes chacun.\n"
		"* À la fin, chacun garde sa box.\n",
	.is_anonymous = true,
};

#define FIRST \
	"# Après la première semaine\n" \
	"choix *: Comment s’est passée l’installation ? | Sans difficulté | Avec un peu d’aide | J’ai dû appeler\n" \
	"plusieurs: Où captez-vous bien le wifi ? | Salon | Cuisine | Chambres | Jardin\n" \
	"note *: Recommanderiez-vous cette box à un proche ? | Pas du tout | Sans hésiter\n" \
	"nombre: Combien d’appareils sont connectés chez vous ?\n" \
	"texte: Qu’est-ce qui vous a surpris ?"
#define SECOND \
	"choix *: La nouvelle application vous sert-elle chaque jour ? | Oui | De temps en temps | Jamais\n" \
	"note: La notice est-elle claire ? | Obscure | Limpide\n" \
	"texte: Que changeriez-vous en premier ?"

static const struct {
	int installation, grade, devices;
	const char *places; /* "13": the first and the third */
	const char *words;
} answers[] = {
	{ 1, 5, 14, "123", "Elle est silencieuse : l’ancienne ronflait la nuit." },
	{ 1, 4, 9, "12", "L’écran s’éteint enfin le soir." },
	{ 2, 4, 22, "134", "Le jardin capte, je n’y croyais plus." },
	{ 1, 5, 7, "1", "" },
	{ 3, 2, 11, "1",
	  "La notice saute une étape : il faut attendre le voyant fixe avant de brancher le téléphone." },
	{ 1, 4, 17, "1234", "La couleur va avec mon salon. Cela compte !" },
	{ 2, 3, 5, "2", "Le câble fourni est trop court." },
};

/* Members of the demo who are no staff, in the order of the file. */
static size_t members_of(const struct demo *demo, const struct demo_person **out)
{
	size_t count = 0;

	for (size_t i = 0; i < demo->person_count && count < PEOPLE_MAX; i++)
		if (strcmp(demo->people[i].role, "customer") == 0)
			out[count++] = &demo->people[i];
	return count;
}

static const struct demo_person *moderator_of(const struct demo *demo)
{
	for (size_t i = 0; i < demo->person_count; i++)
		if (strcmp(demo->people[i].role, "moderator") == 0)
			return &demo->people[i];
	return NULL;
}

static struct actor actor_of(const struct demo_person *person, enum role role)
{
	return (struct actor){ .id = person->id,
			       .name = person->name,
			       .handle = "",
			       .language = person->language,
			       .role = role,
			       .is_confirmed = true,
			       .is_automatic = true,
			       .csrf_token = "" };
}

static enum err invite(struct ctx *ctx, int64_t panel_id, const struct demo_person **members,
		       size_t count)
{
	int64_t ids[PEOPLE_MAX], invited;

	for (size_t i = 0; i < count; i++)
		ids[i] = members[i]->id;
	return count ? panel_invite(ctx, panel_id, ids, count, NULL, &invited) : OK;
}

static enum err ask(struct ctx *ctx, int64_t panel_id, const char *title, const char *text,
		    int64_t opens_at, int64_t closes_at, int64_t *id)
{
	struct questionnaire_form form = { .panel_id = panel_id,
					   .title = title,
					   .text = text,
					   .opens_at = opens_at,
					   .closes_at = closes_at };

	return questionnaire_save(ctx, &form, id);
}

static enum err answer(struct ctx *ctx, int64_t questionnaire_id, size_t which)
{
	struct questionnaire_values values = { 0 };

	for (size_t i = 0; i < QUESTIONS_MAX; i++)
		values.of[i].words = "";
	values.of[0].is_chosen[answers[which].installation - 1] = true;
	for (const char *place = answers[which].places; *place; place++)
		values.of[1].is_chosen[*place - '1'] = true;
	values.of[2].is_chosen[answers[which].grade - 1] = true;
	values.of[3].has_number = true;
	values.of[3].number = answers[which].devices;
	values.of[4].words = answers[which].words;
	return questionnaire_answer(ctx, questionnaire_id, &values);
}

/* What one member does with the invitation and the first questionnaire. */
static enum err play(struct ctx *ctx, int64_t panel_id, int64_t questionnaire_id,
		     const struct demo_person *person, size_t place)
{
	struct actor actor = actor_of(person, ROLE_CUSTOMER);
	const struct actor *before = ctx->actor;
	enum err result;

	if (place >= SILENT_AT)
		return OK;
	ctx->actor = &actor;
	ctx->language = person->language;
	result = panel_answer(ctx, panel_id, place < DECLINES_AT);
	if (result == OK && place < ARRAY_COUNT(answers))
		result = answer(ctx, questionnaire_id, place);
	ctx->actor = before;
	return result;
}

static enum err seed(struct ctx *ctx, const struct demo *demo, int64_t now)
{
	const struct demo_person *members[PEOPLE_MAX];
	size_t count = members_of(demo, members);
	int64_t panel_id, first, second;

	ctx->now = now - (OPENED_DAYS + 1) * CLOCK_DAY;
	TRY(panel_save(ctx, &panel, &panel_id));
	TRY(invite(ctx, panel_id, members, count));
	TRY(ask(ctx, panel_id, "Après une semaine", FIRST, now - OPENED_DAYS * CLOCK_DAY,
		now - CLOSED_DAYS * CLOCK_DAY, &first));
	ctx->now = now - (CLOSED_DAYS + 5) * CLOCK_DAY;
	for (size_t i = 0; i < count; i++)
		TRY(play(ctx, panel_id, first, members[i], i));
	ctx->now = now;
	return ask(ctx, panel_id, "L’application et la notice", SECOND, now - CLOCK_DAY,
		   now + OPEN_DAYS * CLOCK_DAY, &second);
}

enum err demo_seed_panels(struct ctx *ctx, const struct demo *demo)
{
	const struct demo_person *person = moderator_of(demo);
	const struct actor *before = ctx->actor;
	const char *language = ctx->language;
	struct panel_list list;
	struct actor moderator;
	int64_t now = ctx->now;
	enum err result;

	if (!person)
		return OK;
	moderator = actor_of(person, ROLE_MODERATOR);
	ctx->actor = &moderator;
	ctx->language = person->language;
	result = panel_list(ctx, &list);
	if (result == OK && list.count == 0)
		result = seed(ctx, demo, now);
	ctx->actor = before;
	ctx->language = language;
	ctx->now = now;
	return result;
}
