/*
 * New people come, write, and meet the rules: through the same functions as the pages, by
 * actors who are not the program, so that the rules look at them.
 */
#include "cmd/demo_holding.h"

#include "forum/account.h"
#include "forum/category.h"
#include "forum/holding_edit.h"
#include "forum/post.h"
#include "forum/removal.h"
#include "forum/sign_up_guard.h"
#include "forum/topic.h"

/* Nobody logs in as them: without a password they come in by "forgotten password". */
static const struct newcomer {
	const char *name, *email, *language;
	const char *title; /* NULL: it answers */
	const char *body_md;
	size_t thread; /* the how-many-th open question it answers, from the newest on */
} newcomers[] = {
	{ "Chloé_Nantes", "chloe@example.org", "fr",
	  "Le voyant « Internet » de ma box reste orange",
	  "Bonjour, depuis ce matin le voyant reste orange. J’ai mis une photo ici : "
	  "https://mes-photos.example/voyant-orange. Quelqu’un a déjà vu ça ?",
	  0 },
	{ "Marc_du_44", "marc44@example.com", "fr", NULL,
	  "Bonjour, j’ai eu la même chose la semaine dernière : un redémarrage électrique de dix "
	  "minutes a suffi chez moi. Première réponse ici, j’espère qu’elle aidera !",
	  2 },
	{ "Priya", "priya@example.com", "en", "My box loses the printer every evening",
	  "Hello, around six every evening my printer disappears from the wifi, and comes back when I "
	  "restart the box. Does anybody know which setting does that?",
	  0 },
	{ "Horloge-Express", "contact@horloge-express.example", "fr", NULL,
	  "Si vous avez le temps, regardez aussi nos m0ntres de luxe en déstockage, livraison offerte "
	  "toute la semaine pour les membres du forum.",
	  3 },
};

static const char *const spammer_words[] = {
	"Gagnez mille euros par semaine depuis votre canapé, sans rien faire : écrivez-moi vite !",
	"Crédit immédiat sans justificatif, réponse en une heure, taux imbattable pour tous les membres.",
	"Votre box est trop lente ? Notre clé magique multiplie le débit par dix, stock limité.",
	"Abonnement à toutes les chaînes pour dix euros par an, activation dans la minute.",
};

struct seeding {
	struct ctx *ctx;
	const struct demo *demo;
	int64_t category_id; /* where newcomers ask */
	struct actor actor;
};

static void act_as(struct seeding *seeding, int64_t id, const char *name, const char *language,
		   enum role role)
{
	seeding->actor = (struct actor){ .id = id,
					 .name = name,
					 .handle = "",
					 .language = language,
					 .is_confirmed = true,
					 .role = role,
					 .csrf_token = "" };
	seeding->ctx->actor = &seeding->actor;
	seeding->ctx->language = language;
}

static enum err act_as_staff(struct seeding *seeding, const char *key)
{
	for (size_t i = 0; i < seeding->demo->person_count; i++) {
		const struct demo_person *person = &seeding->demo->people[i];
		enum role role = ROLE_CUSTOMER;

		if (strcmp(person->key, key) != 0)
			continue;
		if (!role_from_text(person->role, &role))
			role = ROLE_CUSTOMER;
		act_as(seeding, person->id, person->name, person->language, role);
		return OK;
	}
	return fail_log(seeding->ctx, ERR_INVALID, "no person \"%s\" in people.json", key);
}

/* The number-th question from the newest on that nobody closed; 0: there are not so many. */
static int64_t open_question(const struct demo *demo, size_t number)
{
	for (size_t i = demo->thread_count; i > 0; i--)
		if (!demo->threads[i - 1].status[0] && number-- == 0)
			return demo->threads[i - 1].id;
	return 0;
}

/* Rules -------------------------------------------------------------------------------- */

/* First posts of new members are marked here, not held: a demo should show them. */
static enum err switch_on(struct seeding *seeding, struct holding_rule *rule)
{
	int64_t id;

	if (rule->kind == HOLD_FIRST_POSTS) {
		rule->act = HOLDING_MARKS;
		TRY(holding_rule_save(seeding->ctx, rule, "demo-holding-first", &id));
	}
	TRY(holding_rule_change(seeding->ctx, rule->id, RULE_ON));
	return holding_trial_ask(seeding->ctx, rule->id);
}

static enum err seed_rules(struct seeding *seeding)
{
	const struct holding_rule words = { .kind = HOLD_WORDS,
					    .act = HOLDING_HOLDS,
					    .trust_most = 2,
					    .name = "Publicité",
					    .words = "montres de luxe\ncrédit immédiat\ncasino*\n",
					    .exceptions = "casino de la plage\n",
					    .language = "",
					    .message_fr = "",
					    .message_en = "",
					    .on_mirrors = true };
	struct holding_list list;
	int64_t id;

	TRY(act_as_staff(seeding, "admin"));
	TRY(holding_list_load(seeding->ctx, &list));
	for (size_t i = 0; i < list.count; i++) {
		enum holding_kind kind = list.items[i].kind;

		if (kind == HOLD_FIRST_POSTS || kind == HOLD_SIMILAR)
			TRY(switch_on(seeding, &list.items[i]));
	}
	TRY(holding_rule_save(seeding->ctx, &words, "demo-holding-words", &id));
	TRY(holding_rule_change(seeding->ctx, id, RULE_ON));
	return holding_trial_ask(seeding->ctx, id);
}

/* People ------------------------------------------------------------------------------- */

static enum err make_person(struct seeding *seeding, const struct newcomer *who, int64_t *id)
{
	const struct account_create form = { .name = who->name,
					     .email = who->email,
					     .language = who->language,
					     .role = ROLE_CUSTOMER };

	seeding->ctx->actor = &actor_system;
	return account_create(seeding->ctx, &form, id);
}

static enum err write_first(struct seeding *seeding, const struct newcomer *who, int64_t id)
{
	const struct topic_new question = { .title = who->title,
					    .body_md = who->body_md,
					    .tags = "",
					    .language = who->language,
					    .category_id = seeding->category_id };
	const struct answer_new answer = { .topic_id = open_question(seeding->demo, who->thread),
					   .body_md = who->body_md };
	const char *path;
	int64_t made;

	act_as(seeding, id, who->name, who->language, ROLE_CUSTOMER);
	if (who->title)
		return topic_create(seeding->ctx, &question, &made, &path);
	return answer.topic_id ? answer_create(seeding->ctx, &answer, &made, &path) : OK;
}

/* Written before anybody looked; then all of it goes, and can be put back. */
static enum err seed_spammer(struct seeding *seeding)
{
	const struct newcomer spammer = { .name = "Super-Promo",
					  .email = "promo@super-promo.example",
					  .language = "fr" };
	struct removal_view view;
	bool has_more = true;
	int64_t id, made;
	const char *path;

	TRY(make_person(seeding, &spammer, &id));
	act_as(seeding, id, spammer.name, "fr", ROLE_CUSTOMER);
	seeding->actor.is_automatic = true;
	for (size_t i = 0; i < ARRAY_COUNT(spammer_words); i++) {
		const struct answer_new answer = { .topic_id = open_question(seeding->demo, i + 4),
						   .body_md = spammer_words[i] };

		if (answer.topic_id)
			TRY(answer_create(seeding->ctx, &answer, &made, &path));
	}
	TRY(act_as_staff(seeding, "mod"));
	TRY(removal_begin(seeding->ctx, id, "Publicité dans chaque fil, malgré la charte.", true));
	TRY(removal_view_load(seeding->ctx, id, &view));
	while (has_more && view.count > 0)
		TRY(removal_run(seeding->ctx, view.items[0].id, &has_more));
	return OK;
}

/* Some programs that came to the door, so that the figures are not empty. */
static enum err seed_refusals(struct seeding *seeding)
{
	static const char *const addresses[] = { "a@yopmail.com", "b@mailinator.com",
						 "c@jetable.org" };
	bool is_trapped;

	seeding->ctx->actor = &actor_system;
	for (int i = 0; i < 7; i++)
		TRY(sign_up_is_trapped(seeding->ctx, "https://promo.example", &is_trapped));
	for (size_t i = 0; i < ARRAY_COUNT(addresses); i++) {
		enum err result = sign_up_check_lists(seeding->ctx, addresses[i], "");

		if (result != ERR_INVALID)
			TRY(result);
		error_clear(seeding->ctx);
	}
	return OK;
}

static enum err seed(struct seeding *seeding)
{
	int64_t id;

	TRY(seed_spammer(seeding));
	TRY(seed_rules(seeding));
	for (size_t i = 0; i < ARRAY_COUNT(newcomers); i++) {
		TRY(make_person(seeding, &newcomers[i], &id));
		TRY(write_first(seeding, &newcomers[i], id));
	}
	return seed_refusals(seeding);
}

enum err demo_seed_holding(struct ctx *ctx, const struct demo *demo)
{
	struct seeding seeding = { .ctx = ctx, .demo = demo };
	struct categories categories;
	int64_t known;

	/* The last of them: when an earlier seeding got here, it is all there. */
	TRY(account_find(ctx, newcomers[ARRAY_COUNT(newcomers) - 1].email, &known));
	TRY(category_list(ctx, &categories));
	if (known || categories.count == 0)
		return OK;
	seeding.category_id = categories.items[0].id;
	return seed(&seeding);
}
