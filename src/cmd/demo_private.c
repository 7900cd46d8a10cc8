/*
 * Private exchanges, through the same rules as the pages.
 */
#include "cmd/demo_private.h"

#include "base/clock.h"
#include "cmd/demo_picture.h"
#include "forum/policy.h"
#include "forum/private.h"

#define MINUTE       (60 * CLOCK_SECOND)
#define MESSAGES_MAX 4

/* The team and whoever asked in turn, the team first. */
static const struct {
	const char *title; /* of the question */
	int64_t hours_ago;
	const char *messages[MESSAGES_MAX];
	const char *file_name, *file; /* of the first answer; NULL: none */
	const char *summary;          /* NULL: it is open */
} exchanges[] = {
	{ .title = "Box renvoyée il y a 5 semaines, on me réclame 150 € de « non-restitution »",
	  .hours_ago = 5,
	  .messages = { "Bonjour,\n\nPour retrouver votre colis, il me faut deux choses que tout le monde "
			"n’a pas à lire :\n\n* le numéro de suivi du bordereau ;\n* les quatre derniers "
			"chiffres de votre numéro de client.\n\nJe regarde aussitôt.",
			"Merci de passer par ici ! Le suivi est **6A 1234 5678**, et mon numéro de client "
			"se termine par 4471. Le point relais m’a rendu le talon tamponné ; je joins le "
			"suivi et une photo de la box." },
	  .file_name = "suivi-6A12345678.csv",
	  .file = "Date;Lieu;Étape\r\n17/10/2026;Lyon 7e;Déposé au point relais\r\n"
		  "18/10/2026;Corbas;Pris en charge\r\n21/10/2026;Réau;Arrivé au centre de retours\r\n" },
	{ .title = "Remise « multi-lignes » disparue de ma facture ce mois-ci",
	  .hours_ago = 30,
	  .messages = { "Bonjour,\n\nJe voudrais vérifier les deux lignes concernées. Pouvez-vous me donner "
			"ici le nom du second titulaire ?",
			"C’est ma fille, la ligne est à son nom depuis le 3 du mois.",
			"Tout s’explique : le changement de titulaire a coupé le lien entre les deux lignes. "
			"Je l’ai rétabli, et la remise est recréditée sur la prochaine facture." },
	  .summary =
		  "Pour qui aurait la même surprise : un **changement de titulaire** coupe le lien entre les "
		  "lignes, et la remise multi-lignes avec lui. Il suffit de nous le demander, nous la rétablissons "
		  "et rattrapons le mois perdu." },
};

static struct actor actor_of(const struct demo_person *person, int64_t now)
{
	enum role role = strcmp(person->role, "customer") == 0 ? ROLE_CUSTOMER : ROLE_ADVISOR;

	return (struct actor){ .id = person->id,
			       .name = person->name,
			       .handle = "",
			       .language = person->language,
			       .role = role,
			       .is_confirmed = true,
			       .is_automatic = true,
			       .csrf_token = "",
			       .created_at = now - 400 * CLOCK_DAY };
}

static const struct demo_person *find_person(const struct demo *demo, const char *key)
{
	for (size_t i = 0; i < demo->person_count; i++)
		if (strcmp(demo->people[i].key, key) == 0)
			return &demo->people[i];
	return NULL;
}

static const struct demo_person *first_advisor(const struct demo *demo)
{
	for (size_t i = 0; i < demo->person_count; i++)
		if (strcmp(demo->people[i].role, "advisor") == 0)
			return &demo->people[i];
	return NULL;
}

static const struct demo_thread *find_thread(const struct demo *demo, const char *title)
{
	for (size_t i = 0; i < demo->thread_count; i++)
		if (strcmp(demo->threads[i].title, title) == 0)
			return &demo->threads[i];
	return NULL;
}

static enum err close(struct ctx *ctx, size_t index, int64_t id)
{
	if (!exchanges[index].summary)
		return OK;
	return private_close(
		ctx, &(struct private_closing){
			     .id = id,
			     .summary_md = exchanges[index].summary,
			     .form_key = arena_printf(ctx->arena, "demo-private-end-%02zu", index),
		     });
}

/* The photograph was taken before it was sent back; the worker makes it ready. */
static enum err say(struct ctx *ctx, size_t index, size_t message, int64_t id)
{
	const char *key = arena_printf(ctx->arena, "demo-private-say-%02zu-%zu", index, message);
	const char *file = exchanges[index].file;
	struct attachment_upload items[2] = { { .alt = "" }, { .name = "box.png", .alt = "" } };
	struct attachment_uploads uploads = { .items = items,
					      .count = file && message == 1 ? 2 : 0 };

	if (file) {
		items[0].name = exchanges[index].file_name;
		items[0].bytes = file;
		items[0].length = strlen(file);
	}
	items[1].bytes = demo_picture(ctx->arena, 3, &items[1].length);
	return private_write_with(ctx, id, exchanges[index].messages[message], &uploads, key);
}

static enum err play(struct ctx *ctx, size_t index, const struct demo_thread *thread,
		     const struct actor *sides[2])
{
	const char *const *messages = exchanges[index].messages;
	int64_t id;

	ctx->actor = sides[0];
	TRY(private_start(ctx, thread->id, messages[0],
			  arena_printf(ctx->arena, "demo-private-new-%02zu", index), &id));
	for (size_t i = 1; i < MESSAGES_MAX && messages[i]; i++) {
		ctx->now += 50 * MINUTE;
		ctx->actor = sides[i % 2];
		TRY(say(ctx, index, i, id));
	}
	ctx->now += 20 * MINUTE;
	ctx->actor = sides[0];
	return close(ctx, index, id);
}

static enum err seed_one(struct ctx *ctx, const struct demo *demo, size_t index)
{
	const struct demo_thread *thread = find_thread(demo, exchanges[index].title);
	const struct demo_person *person, *team = first_advisor(demo);
	struct actor advisor, asker;

	person = thread ? find_person(demo, thread->author) : NULL;
	if (!person || !team)
		return OK;
	advisor = actor_of(team, ctx->now);
	asker = actor_of(person, ctx->now);
	ctx->now -= exchanges[index].hours_ago * CLOCK_HOUR;
	return play(ctx, index, thread, (const struct actor *[2]){ &advisor, &asker });
}

enum err demo_seed_private(struct ctx *ctx, const struct demo *demo)
{
	const struct actor *before = ctx->actor;
	int64_t now = ctx->now;
	enum err result = OK;

	for (size_t i = 0; i < ARRAY_COUNT(exchanges) && result == OK; i++) {
		result = seed_one(ctx, demo, i);
		ctx->actor = before;
		ctx->now = now;
	}
	return result;
}
