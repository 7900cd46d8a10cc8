/*
 * What waits in the demo's queue. A table of posts with who reports them and why, then
 * one decision that is complained about, and two measures.
 */
#include "cmd/demo_moderation.h"

#include "base/clock.h"
#include "forum/complaint.h"
#include "forum/flag.h"
#include "forum/measure.h"
#include "forum/moderation_decide.h"
#include "forum/notice.h"

#define FLAGGERS_MAX 4

struct reported {
	const char *author, *body;
	size_t thread; /* the how-many-th open question, from the newest on */
	double hours_ago;
	enum rule reason;
	const char *detail;
	const char *flaggers[FLAGGERS_MAX];
};

static const struct reported reported_answers[] = {
	{ "kevin",
	  "Ne perdez pas votre temps avec cette box : sur mon site super-box-pas-chere.example, la 5G est à moitié prix avec le code KEVIN50. Dépêchez-vous !",
	  0,
	  5,
	  RULE_SPAM,
	  "Il poste ça partout.",
	  { "nadia", "gege", "fatou" } },
	{ "titou",
	  "Franchement, quand on ne sait pas brancher une prise, on ne prend pas Internet. Relisez la notice, c’est pour les enfants.",
	  1,
	  9,
	  RULE_RUDE,
	  "",
	  { "sandrine", "lea" } },
	{ "yannick",
	  "Ouvrez le boîtier avec un tournevis, débranchez le condensateur et rallumez. Chez moi ça a marché, la garantie on s’en fiche.",
	  2,
	  30,
	  RULE_WRONG,
	  "Dangereux : il y a du 230 V là-dedans.",
	  { "mehdi", "gege" } },
	{ "juliend",
	  "Bonjour, quelqu’un sait si le match de ce soir passe en clair ? Merci d’avance et bonne soirée à tous.",
	  3,
	  2,
	  RULE_OFF_TOPIC,
	  "",
	  { "annelise" } },
	{ "kevin",
	  "Appelez mon cousin Ludo, il répare tout : il habite au-dessus de la boulangerie de la place, demandez-le de ma part.",
	  4,
	  3,
	  RULE_PERSONAL_DATA,
	  "Il donne l’adresse de quelqu’un.",
	  { "fatou" } },
	{ "tom",
	  "This is the third time somebody asks this. Use the search, people, it is not that hard.",
	  5,
	  7,
	  RULE_RUDE,
	  "",
	  { "aoife" } },
};

struct seeding {
	struct ctx *ctx;
	const struct demo *demo;
	int64_t now;
	struct actor actor;
};

/* From here on the context acts as that person; reports of level 2 weigh 3. */
static enum err become(struct seeding *seeding, const char *key, double hours_ago)
{
	for (size_t i = 0; i < seeding->demo->person_count; i++) {
		const struct demo_person *person = &seeding->demo->people[i];

		if (strcmp(person->key, key) != 0)
			continue;
		seeding->actor = (struct actor){ .id = person->id,
						 .name = person->name,
						 .handle = "",
						 .language = person->language,
						 .is_confirmed = true,
						 .trust_level = TRUST_MEMBER,
						 .is_automatic = true,
						 .csrf_token = "" };
		if (!role_from_text(person->role, &seeding->actor.role))
			seeding->actor.role = ROLE_CUSTOMER;
		seeding->ctx->actor = &seeding->actor;
		seeding->ctx->now = seeding->now - (int64_t)(hours_ago * CLOCK_HOUR);
		seeding->ctx->language = person->language;
		return OK;
	}
	return fail_log(seeding->ctx, ERR_INVALID, "no person \"%s\" in people.json", key);
}

static const char *key_of(struct seeding *seeding, const char *what, size_t number, size_t more)
{
	return arena_printf(seeding->ctx->arena, "demo-moderation-%s-%zu-%zu", what, number, more);
}

/* The number-th question from the newest on that nobody closed; 0: there are not so many. */
static int64_t open_question(const struct demo *demo, size_t number)
{
	for (size_t i = demo->thread_count; i > 0; i--) {
		if (demo->threads[i - 1].status[0])
			continue;
		if (number-- == 0)
			return demo->threads[i - 1].id;
	}
	return 0;
}

static enum err seed_report(struct seeding *seeding, size_t number, int64_t *post_id)
{
	const struct reported *report = &reported_answers[number];
	const char *path;

	TRY(become(seeding, report->author, report->hours_ago));
	TRY(answer_create(
		seeding->ctx,
		&(struct answer_new){ .topic_id = open_question(seeding->demo, report->thread),
				      .body_md = report->body,
				      .form_key = key_of(seeding, "answer", number, 0),
				      .created_at = seeding->ctx->now },
		post_id, &path));
	for (size_t i = 0; i < FLAGGERS_MAX && report->flaggers[i]; i++) {
		TRY(become(seeding, report->flaggers[i],
			   report->hours_ago * (double)(FLAGGERS_MAX - i) / (FLAGGERS_MAX + 1)));
		TRY(flag_create(
			seeding->ctx,
			&(struct flag_new){ .post_id = *post_id,
					    .reason = report->reason,
					    .detail = report->detail,
					    .form_key = key_of(seeding, "flag", number, i) },
			&path));
	}
	return OK;
}

/* The moderator withdraws the dangerous advice; its author does not agree. */
static enum err seed_complaint(struct seeding *seeding, int64_t post_id)
{
	const struct moderation_query flags = { .has_kind = true, .kind = MODERATION_FLAG };
	struct moderation_list list;
	struct moderation_view view;

	TRY(become(seeding, "mod", 1));
	TRY(moderation_list(seeding->ctx, &flags, &list));
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].post_id != post_id)
			continue;
		TRY(moderation_decide(
			seeding->ctx,
			&(struct moderation_choice){
				.id = list.items[i].id,
				.decision = DECISION_WITHDRAW,
				.rule = RULE_WRONG,
				.note = "Ouvrir le boîtier expose au courant du secteur." }));
		TRY(moderation_view_load(seeding->ctx, list.items[i].id, &view));
		if (view.case_count == 0)
			return OK;
		TRY(become(seeding, "yannick", 0.5));
		return complaint_create(
			seeding->ctx, view.cases[0].id,
			"Je suis électricien de métier, et j’avais écrit de débrancher d’abord.",
			key_of(seeding, "complaint", 0, 0));
	}
	return OK;
}

static enum err seed_measure(struct seeding *seeding, const char *key, enum measure_kind kind,
			     const char *reason)
{
	int64_t person_id;

	TRY(become(seeding, key, 1));
	person_id = seeding->actor.id;
	TRY(become(seeding, "mod", 1));
	return measure_take(seeding->ctx,
			    &(struct measure_new){ .person_id = person_id,
						   .kind = kind,
						   .rule = RULE_SPAM,
						   .reason = reason,
						   .form_key = key_of(seeding, key, kind, 0) });
}

/* What was reported in the past weeks and found to be fine, so that dashboards show work. */
#define HISTORY_DAYS    45
#define HISTORY_PER_DAY 3

/* An answer that nobody of the history reported yet; 0: there are no more. */
static const struct demo_answer *next_answer(const struct demo *demo, size_t *thread,
					     size_t *answer)
{
	for (; *thread < demo->thread_count; (*thread)++, *answer = 0)
		if (*answer < demo->threads[*thread].answer_count)
			return &demo->threads[*thread].answers[(*answer)++];
	return NULL;
}

static enum err decide_fine(struct seeding *seeding, int64_t post_id, double hours_ago)
{
	const struct moderation_query flags = { .has_kind = true, .kind = MODERATION_FLAG };
	struct moderation_list list;

	TRY(become(seeding, "mod", hours_ago));
	TRY(moderation_list(seeding->ctx, &flags, &list));
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].post_id == post_id)
			return moderation_decide(
				seeding->ctx,
				&(struct moderation_choice){
					.id = list.items[i].id,
					.decision = DECISION_IGNORE,
					.note = "",
					.form_key = key_of(seeding, "fine", (size_t)post_id, 0) });
	return OK;
}

static enum err seed_history(struct seeding *seeding)
{
	static const char *const reporters[] = { "nadia", "gege", "fatou", "sandrine" };
	size_t thread = 0, place = 0, number = 0;
	const struct demo_answer *answer = NULL;

	for (size_t day = HISTORY_DAYS; day >= 2; day--) {
		for (size_t i = 0; i <= day * 7 % HISTORY_PER_DAY; i++, number++) {
			const char *reporter = reporters[number % ARRAY_COUNT(reporters)], *path;
			/* By day, and decided after some hours or on the next day. */
			double hours_ago = (double)(24 * day) - 4.0 * (double)i;

			answer = next_answer(seeding->demo, &thread, &place);
			if (!answer)
				return OK;
			if (answer->hours_ago < hours_ago + 1 ||
			    strcmp(answer->author, reporter) == 0)
				continue;
			TRY(become(seeding, reporter, hours_ago));
			TRY(flag_create(seeding->ctx,
					&(struct flag_new){
						.post_id = answer->id,
						.reason = RULE_OFF_TOPIC,
						.detail = "",
						.form_key = key_of(seeding, "history", number, 0) },
					&path));
			TRY(decide_fine(seeding, answer->id,
					hours_ago - 0.5 - (double)(number * 5 % 23)));
		}
	}
	return OK;
}

/* Legal notices ------------------------------------------------------------------------ */

static const struct {
	const char *category, *explanation, *name, *email;
	size_t thread;
	const char *note; /* why it stays; NULL: it waits */
} legal_notices[] = {
	{ "privacy",
	  "La réponse donne l’adresse d’une personne privée et invite à passer chez elle. Cette personne est ma mère, elle n’a rien demandé.",
	  "", "", 4, NULL },
	{ "property",
	  "Cette question recopie sans accord le mode d’emploi que notre société a rédigé.",
	  "Éditions du Mode d’emploi", "juridique@editions.example", 1,
	  "Seul le nom de la rubrique est repris, ce qui relève de la courte citation." },
};

/* A stranger sends it; the moderator decides all but the first. */
static enum err seed_notice(struct seeding *seeding, size_t number, int64_t post_id)
{
	const char *path = arena_printf(
		seeding->ctx->arena, "/t/%lld",
		(long long)open_question(seeding->demo, legal_notices[number].thread));
	const struct moderation_query notices = { .has_kind = true, .kind = MODERATION_NOTICE };
	struct moderation_list list;
	struct notice notice;
	const char *code;

	TRY(become(seeding, "sandrine", 2));
	seeding->actor.id = 0;
	seeding->actor.role = ROLE_VISITOR;
	if (post_id)
		path = arena_printf(seeding->ctx->arena, "/p/%lld", (long long)post_id);
	TRY(notice_create(seeding->ctx,
			  &(struct notice_form){ .addresses = path,
						 .category = legal_notices[number].category,
						 .explanation = legal_notices[number].explanation,
						 .name = legal_notices[number].name,
						 .email = legal_notices[number].email,
						 .is_in_good_faith = true,
						 .trap = "",
						 .client = "192.0.2.44",
						 .form_key = key_of(seeding, "notice", number, 0) },
			  &code));
	if (!legal_notices[number].note)
		return OK;
	TRY(notice_by_code(seeding->ctx, code, &notice));
	TRY(become(seeding, "mod", 1));
	TRY(moderation_list(seeding->ctx, &notices, &list));
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].reference_id == notice.id)
			return moderation_decide(
				seeding->ctx,
				&(struct moderation_choice){ .id = list.items[i].id,
							     .decision = DECISION_APPROVE,
							     .note = legal_notices[number].note });
	return OK;
}

enum err demo_seed_moderation(struct ctx *ctx, const struct demo *demo)
{
	struct seeding seeding = { .ctx = ctx, .demo = demo, .now = ctx->now };
	int64_t post_id = 0, dangerous = 0, revealing = 0;

	TRY(seed_history(&seeding));
	for (size_t i = 0; i < ARRAY_COUNT(reported_answers); i++) {
		if (!open_question(demo, reported_answers[i].thread))
			continue;
		TRY(seed_report(&seeding, i, &post_id));
		if (reported_answers[i].reason == RULE_WRONG)
			dangerous = post_id;
		if (reported_answers[i].reason == RULE_PERSONAL_DATA)
			revealing = post_id;
	}
	TRY(seed_complaint(&seeding, dangerous));
	TRY(seed_measure(&seeding, "kevin", MEASURE_WARNING,
			 "Merci de ne plus faire de publicité pour votre site."));
	TRY(seed_measure(&seeding, "titou", MEASURE_NOTE,
			 "Déjà prévenu de vive voix ; reste à surveiller."));
	for (size_t i = ARRAY_COUNT(legal_notices); i > 0; i--)
		TRY(seed_notice(&seeding, i - 1, i == 1 ? revealing : 0));
	ctx->now = seeding.now;
	return OK;
}
