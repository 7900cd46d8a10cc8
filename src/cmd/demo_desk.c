/*
 * What the demo's advisors do at the desk, through the same rules as the pages.
 */
#include "cmd/demo_desk.h"

#include "base/clock.h"
#include "forum/desk_act.h"
#include "forum/desk_admin.h"
#include "forum/desk_breach.h"
#include "forum/desk_note.h"
#include "forum/desk_queue.h"
#include "forum/desk_work.h"
#include "forum/policy.h"

#define FIRST_TEAM  "Premier niveau"
#define SECOND_TEAM "Réseau et technique"

static const struct actor *become(struct ctx *ctx, const struct demo *demo, const char *role_word,
				  enum role role)
{
	for (size_t i = 0; i < demo->person_count; i++) {
		const struct demo_person *person = &demo->people[i];
		struct actor *actor;

		if (strcmp(person->role, role_word) != 0)
			continue;
		actor = arena_new_of(ctx->arena, struct actor);
		*actor = (struct actor){ .id = person->id,
					 .name = person->name,
					 .handle = "",
					 .language = person->language,
					 .role = role,
					 .is_confirmed = true,
					 .is_automatic = true,
					 .csrf_token = "",
					 .created_at = ctx->now - 400 * CLOCK_DAY };
		ctx->actor = actor;
		ctx->language = person->language;
		return actor;
	}
	return NULL;
}

static int64_t team_id(const struct desk_admin *desk, const char *name)
{
	for (size_t i = 0; i < desk->team_count; i++)
		if (strcmp(desk->teams[i].name, name) == 0)
			return desk->teams[i].id;
	return 0;
}

/* Whoever is in the team answers first; moderators are the second level here. */
static enum err seed_teams(struct ctx *ctx, int64_t *second)
{
	struct desk_admin desk;
	int64_t first;

	TRY(desk_team_save(ctx, 0, FIRST_TEAM, 1));
	TRY(desk_team_save(ctx, 0, SECOND_TEAM, 2));
	TRY(desk_target_set(ctx, 0, desk_target_kind_text(DESK_TARGET_ALL), "8", "45"));
	TRY(desk_admin_load(ctx, &desk));
	first = team_id(&desk, FIRST_TEAM);
	*second = team_id(&desk, SECOND_TEAM);
	for (size_t i = 0; i < desk.person_count; i++) {
		const struct desk_person *person = &desk.people[i];

		if (person->role == ROLE_ADVISOR)
			TRY(desk_member_set(ctx, person->id, first));
		else if (person->role == ROLE_MODERATOR)
			TRY(desk_member_set(ctx, person->id, *second));
	}
	return OK;
}

static const char *key(struct ctx *ctx, const char *what)
{
	return arena_printf(ctx->arena, "demo-desk-%s-0123456789", what);
}

static enum err note(struct ctx *ctx, int64_t topic_id, const char *words, const char *what)
{
	int64_t id;

	return desk_note_create(ctx, topic_id, words, key(ctx, what), &id);
}

/* What Inès and Bastien do on a morning; each with a question of its own. */
static enum err seed_acts(struct ctx *ctx, const struct desk_list *open, int64_t second)
{
	const struct desk_question *items = open->items;
	struct desk_claim claim;

	TRY(note(
		ctx, items[0].topic_id,
		"Même symptôme que la semaine dernière à Nantes. Je demande au réseau avant de répondre.",
		"note-escalated"));
	TRY(desk_act(ctx, &(struct desk_act_form){ .topic_id = items[0].topic_id,
						   .kind = DESK_ESCALATE,
						   .level = 2,
						   .hours = 24,
						   .reason = "Il faut regarder la ligne.",
						   .form_key = key(ctx, "escalate") }));
	TRY(desk_act(ctx, &(struct desk_act_form){ .topic_id = items[1].topic_id,
						   .kind = DESK_HAND_OVER,
						   .team_id = second,
						   .reason = "Question technique, pas de facture.",
						   .form_key = key(ctx, "hand-over") }));
	TRY(desk_act(ctx, &(struct desk_act_form){ .topic_id = items[2].topic_id,
						   .kind = DESK_FOLLOW_UP,
						   .follow_up_at = ctx->now + 3 * CLOCK_DAY,
						   .reason = "Le technicien passe après-demain.",
						   .form_key = key(ctx, "follow-up") }));
	return desk_claim(ctx, items[3].topic_id, &claim);
}

/* The worker saw that nobody had it in hand; the advisor knows why. */
static enum err correct_one(struct ctx *ctx)
{
	struct desk_query late = { .show = DESK_SHOW_BREACHED };
	struct desk_list list;
	enum err result;

	TRY(desk_list(ctx, &late, &list));
	if (list.count == 0)
		return OK;
	result = desk_breach_correct(ctx, list.items[list.count - 1].topic_id, false, "too_many",
				     "Le lendemain de la panne : trois fois plus de questions.");
	if (result == ERR_NOT_FOUND) {
		error_clear(ctx);
		db_rollback(ctx);
		return OK;
	}
	return result;
}

static enum err reckon(struct ctx *ctx)
{
	bool has_more = true;

	while (has_more)
		TRY(desk_work(ctx, &has_more));
	return OK;
}

static enum err seed(struct ctx *ctx, const struct demo *demo)
{
	struct desk_query everything = { .show = DESK_SHOW_ANSWERED };
	struct desk_admin desk;
	struct desk_list open;
	int64_t second;

	if (!become(ctx, demo, "moderator", ROLE_MODERATOR))
		return OK;
	TRY(desk_admin_load(ctx, &desk));
	if (desk.team_count > 0)
		return OK;
	TRY(seed_teams(ctx, &second));
	if (!become(ctx, demo, "advisor", ROLE_ADVISOR))
		return OK;
	TRY(desk_list(ctx, &everything, &open));
	if (open.count >= 4)
		TRY(seed_acts(ctx, &open, second));
	return correct_one(ctx);
}

enum err demo_seed_desk(struct ctx *ctx, const struct demo *demo)
{
	const struct actor *before = ctx->actor;
	const char *language = ctx->language;
	enum err result;

	TRY(reckon(ctx));
	result = seed(ctx, demo);
	ctx->actor = before;
	ctx->language = language;
	return result == OK ? reckon(ctx) : result;
}
