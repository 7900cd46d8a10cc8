/*
 * What the demo's desk listens for, and eight weeks of samples that two of the team have
 * labelled, through the same rules as the pages. They do not always agree.
 */
#include "cmd/demo_listening.h"

#include "base/clock.h"
#include "forum/category.h"
#include "forum/listening.h"
#include "forum/listening_label.h"
#include "forum/policy.h"

#define WEEKS     8
#define SEED      2026
/* Of the newest week some is left to do. */
#define LEFT      6
#define TEXTS_MAX 400

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

static enum err seed_themes(struct ctx *ctx)
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

/* Labels ------------------------------------------------------------------------------------ */

static bool has_one(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

/* What a person might say of it: whoever complains, thanks, or asks about something else. */
static enum listening_label opinion(const struct listening_task *task)
{
	static const char *const complaints[] = { "panne",        "coup", "impossible",
						  "toujours pas", "rien", "attend",
						  "erreur",       "trop", "cher" };
	static const char *const praise[] = { "merci", "parfait", "super", "bravo", "content" };
	static const char *const others[] = { "présent", "bonjour à tous", "recette" };
	const char *text = task->body.html;

	if (has_one(text, praise, ARRAY_COUNT(praise)))
		return LISTENING_POSITIVE;
	if (has_one(text, complaints, ARRAY_COUNT(complaints)))
		return LISTENING_NEGATIVE;
	return has_one(text, others, ARRAY_COUNT(others)) ? LISTENING_OTHER : LISTENING_NEUTRAL;
}

/* The second is of another mind about every fourth text. */
static enum listening_label second_opinion(const struct listening_task *task)
{
	enum listening_label first = opinion(task);

	if (task->text_id % 4 != 0)
		return first;
	return first == LISTENING_NEUTRAL ? LISTENING_NEGATIVE : LISTENING_NEUTRAL;
}

static struct actor actor_of(const struct ctx *ctx, const struct demo *demo, const char *role)
{
	struct actor actor = { .handle = "",
			       .is_confirmed = true,
			       .is_automatic = true,
			       .csrf_token = "",
			       .created_at = ctx->now - 400 * CLOCK_DAY };

	for (size_t i = 0; i < demo->person_count; i++)
		if (strcmp(demo->people[i].role, role) == 0) {
			actor.id = demo->people[i].id;
			actor.name = demo->people[i].name;
			actor.language = demo->people[i].language;
		}
	return actor;
}

static enum err label_week(struct ctx *ctx, int64_t week, int left,
			   enum listening_label (*judge)(const struct listening_task *task))
{
	for (int i = 0; i < TEXTS_MAX; i++) {
		struct listening_task task;

		TRY(listening_task(ctx, 0, &task));
		if (!task.text_id || task.week != week || task.needed - task.done <= left)
			return OK;
		TRY(listening_give_label(ctx, task.text_id, judge(&task), NULL));
	}
	return OK;
}

/* In the week after: then its sample is drawn and labelled. */
static enum err seed_week(struct ctx *ctx, struct actor *first, struct actor *second, int ago)
{
	int64_t now = ctx->now, week = listening_week(now) - ago;
	const struct actor *before = ctx->actor;
	bool drawn;
	enum err result;

	ctx->now = now - (ago - 1) * 7 * CLOCK_DAY;
	result = listening_draw(ctx, week, SEED + (uint64_t)week, &drawn);
	if (result == OK && drawn) {
		ctx->actor = first;
		result = label_week(ctx, week, ago == 1 ? LEFT : 0, opinion);
		ctx->actor = second;
		if (result == OK)
			result = label_week(ctx, week, ago == 1 ? LEFT : 0, second_opinion);
	}
	ctx->actor = before;
	ctx->now = now;
	return result;
}

enum err demo_seed_listening(struct ctx *ctx, const struct demo *demo)
{
	struct actor first = actor_of(ctx, demo, "advisor");
	struct actor second = actor_of(ctx, demo, "moderator");

	TRY(seed_themes(ctx));
	first.role = ROLE_ADVISOR;
	second.role = ROLE_MODERATOR;
	if (!first.id || !second.id)
		return OK;
	for (int ago = WEEKS; ago > 0; ago--)
		TRY(seed_week(ctx, &first, &second, ago));
	return OK;
}
