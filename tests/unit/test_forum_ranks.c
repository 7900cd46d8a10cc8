/*
 * Ranks and badges: reading a ladder, reaching ranks, awarding badges once, by rule and
 * by hand.
 */
#include "forum_fixture.h"

#include "forum/badge.h"
#include "forum/rank.h"
#include "forum/standing.h"
#include "forum/trust.h"

#define LADDER \
	"# Deux rangs\n" \
	"points: accepted 15, thanks 4\n" \
	"Nouvelle tête | Newcomer | 0\n" \
	"\n" \
	"Voix | Voice | 30 | thanks >= 2, age_days>=7\n" \
	"Légende | Legend | 300\n"

static void test_ladder_is_read_and_reached(void **state)
{
	struct ctx *ctx = *state;
	struct figures figures = { 0 };
	struct ladder ladder;
	const char *problem;
	int line;

	assert_true(rank_parse(ctx->arena, LADDER, &ladder, &line, &problem));
	assert_int_equal(ladder.count, 3);
	assert_string_equal(rank_name(&ladder.ranks[0], "fr"), "Nouvelle tête");
	assert_int_equal(ladder.ranks[1].least[FIGURE_AGE_DAYS], 7);
	assert_ptr_equal(rank_reached(&ladder, &figures), &ladder.ranks[0]);
	figures.of[FIGURE_ACCEPTED] = 2;
	assert_int_equal(rank_points(&ladder, &figures), 30);
	/* Points alone are not enough… */
	assert_ptr_equal(rank_reached(&ladder, &figures), &ladder.ranks[0]);
	figures.of[FIGURE_THANKS] = 2;
	figures.of[FIGURE_AGE_DAYS] = 7;
	assert_ptr_equal(rank_reached(&ladder, &figures), &ladder.ranks[1]);
	assert_ptr_equal(rank_above(&ladder, &ladder.ranks[1]), &ladder.ranks[2]);
	assert_null(rank_above(&ladder, &ladder.ranks[2]));
	/* … and a higher rank does not ask for the conditions of a lower one. */
	figures = (struct figures){ .of = { [FIGURE_ACCEPTED] = 20 } };
	assert_ptr_equal(rank_reached(&ladder, &figures), &ladder.ranks[2]);
}

static void test_ladder_that_cannot_be_read_is_refused_by_line(void **state)
{
	static const struct {
		const char *text;
		int line;
	} wrong[] = {
		{ "", 0 },
		{ "points: accepted 15\n", 0 },
		{ "Ab | Ab | 0\n", 0 },
		{ "points: accepted 15\nAb | Ab | 5\n", 0 },
		{ "points: accepted 15\nAb | Ab | 0 | thanks >= 1\n", 0 },
		{ "points: nonsense 15\nAb | Ab | 0\n", 1 },
		{ "points: accepted -1\nAb | Ab | 0\n", 1 },
		{ "points: accepted 1000001\nAb | Ab | 0\n", 1 },
		{ "points: accepted 1\npoints: thanks 1\n", 2 },
		{ "points: accepted 1\nA | Ab | 0\n", 2 },
		{ "points: accepted 1\nAb | Ab\n", 2 },
		{ "points: accepted 1\nAb | Ab | 0\nCd | Cd | 10\nEf | Ef | 9\n", 4 },
		{ "points: accepted 1\nAb | Ab | 0\nCd | Cd | 10 | thanks 3\n", 3 },
	};
	struct ctx *ctx = *state;

	for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
		struct ladder ladder;
		const char *problem;
		int line;

		if (rank_parse(ctx->arena, wrong[i].text, &ladder, &line, &problem))
			fail_msg("case %zu was read", i);
		assert_int_equal(line, wrong[i].line);
		assert_true(problem[0] != '\0');
	}
}

static void test_ladder_in_force_is_the_default_of_the_migration(void **state)
{
	struct ctx *ctx = *state;
	struct ladder ladder;

	assert_ok(ctx, ladder_load(ctx, 0, &ladder));
	assert_int_equal(ladder.count, 10);
	assert_int_equal(ladder.weights[FIGURE_ACCEPTED], 15);
	assert_int_equal(ladder.weights[FIGURE_THANKS], 4);
	assert_string_equal(ladder.ranks[9].name_en, "Legend");
}

static int64_t thanked_answer(struct ctx *ctx, const struct actor *helper, int people)
{
	int64_t topic = forum_put_topic(
		ctx, (struct forum_new_topic){
			     .category_id = forum_category(ctx),
			     .author_id = forum_person(ctx, "Qui demande", ROLE_CUSTOMER)->id,
			     .title = FORUM_TITLE });
	int64_t answer = forum_put_post(ctx,
					(struct forum_new_post){ .topic_id = topic,
								 .author_id = helper->id,
								 .kind = POST_ANSWER,
								 .body = "Voici comment faire." });

	for (int i = 0; i < people; i++) {
		ctx->actor = forum_person(ctx, arena_printf(ctx->arena, "Merci %d", i),
					  ROLE_CUSTOMER);
		assert_ok(ctx, post_thank(ctx, answer, true));
	}
	ctx->actor = &actor_system;
	return answer;
}

static int64_t rank_of(struct ctx *ctx, const struct actor *person)
{
	return forum_number(ctx, "select rank_position::bigint from people where id = $1",
			    person->id);
}

static void test_changed_ladder_counts_for_what_was_done_before(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Classée", ROLE_CUSTOMER);
	struct ladder before, ladder;

	thanked_answer(ctx, helper, 3);
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(rank_of(ctx, helper), 1);
	assert_ok(ctx, ladder_load(ctx, 0, &before));
	ctx->actor = forum_person(ctx, "Modère", ROLE_MODERATOR);
	assert_err(ctx, ERR_FORBIDDEN, ladder_change(ctx, LADDER, before.id, ""));
	ctx->actor = forum_person(ctx, "Administre", ROLE_ADMINISTRATOR);
	assert_int_equal(ladder_change(ctx, "points: x 1\n", before.id, ""), ERR_INVALID);
	assert_non_null(strstr(ctx->error.message, "Line 1"));
	error_clear(ctx);
	assert_err(ctx, ERR_CONFLICT, ladder_change(ctx, LADDER, before.id - 1, ""));
	error_clear(ctx);
	assert_ok(ctx, ladder_change(ctx, "points: thanks 4\nUn | One | 0\nDeux | Two | 12\n",
				     before.id, "Plus simple"));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from jobs where kind = 'standing_all' and key = 'ranks' and $1 = 0",
			0),
		1);
	ctx->actor = &actor_system;
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(rank_of(ctx, helper), 2);
	/* Back to the first, by saving it again. */
	assert_ok(ctx, ladder_load(ctx, 0, &ladder));
	assert_ok(ctx, ladder_change(ctx, before.text, ladder.id, "Retour"));
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(rank_of(ctx, helper), 1);
}

static int64_t told_of_rank(struct ctx *ctx, const struct actor *person, int position)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = 'rank' and standing = %d and rank_en = 'Two'",
					 position),
			    person->id);
}

static void test_rank_is_told_once_and_its_fall_never(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Promue", ROLE_CUSTOMER);
	struct ladder before, ladder;
	int64_t answer;

	assert_ok(ctx, ladder_load(ctx, 0, &before));
	ctx->actor = forum_person(ctx, "Administre", ROLE_ADMINISTRATOR);
	assert_ok(ctx, ladder_change(ctx, "points: thanks 4\nUn | One | 0\nDeux | Two | 12\n",
				     before.id, "Plus simple"));
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(told_of_rank(ctx, helper, 1) + told_of_rank(ctx, helper, 2), 0);
	answer = thanked_answer(ctx, helper, 3);
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(told_of_rank(ctx, helper, 2), 1);
	ctx->actor = helper;
	assert_ok(ctx, post_withdraw(ctx, answer));
	ctx->actor = &actor_system;
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(rank_of(ctx, helper), 1);
	thanked_answer(ctx, helper, 3);
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(rank_of(ctx, helper), 2);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from notifications"
				      " where person_id = $1 and kind = 'rank'",
				      helper->id),
			 1);
	assert_ok(ctx, ladder_load(ctx, 0, &ladder));
	ctx->actor = forum_person(ctx, "Administre", ROLE_ADMINISTRATOR);
	assert_ok(ctx, ladder_change(ctx, before.text, ladder.id, "Retour"));
	ctx->actor = &actor_system;
}

static int64_t told_of_level(struct ctx *ctx, const struct actor *person, int level)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = 'level' and standing = %d",
					 level),
			    person->id);
}

static void test_level_is_told_once_and_its_fall_never(void **state)
{
	struct ctx *ctx = *state;
	struct actor *person = forum_person(ctx, "Montée", ROLE_CUSTOMER);

	ctx->actor = forum_person(ctx, "Modère", ROLE_MODERATOR);
	assert_ok(ctx, trust_give(ctx, person->id, TRUST_BASIC, "Connue de l'équipe"));
	assert_ok(ctx, trust_give(ctx, person->id, TRUST_NEW, "Erreur"));
	assert_ok(ctx, trust_give(ctx, person->id, TRUST_BASIC, "Finalement"));
	assert_int_equal(told_of_level(ctx, person, TRUST_BASIC), 1);
	assert_int_equal(told_of_level(ctx, person, TRUST_NEW), 0);
	assert_ok(ctx, trust_give(ctx, person->id, -1, "Aux règles"));
	ctx->actor = &actor_system;
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into person_days (person_id, day)"
			       " select %1$lld, current_date - d from generate_series(0, 60) d;"
			       " update people set created_at = now() - interval '90 days',"
			       " trust_level = 0 where id = %1$lld",
			       (long long)person->id));
	thanked_answer(ctx, person, 1);
	assert_ok(ctx, standing_refresh(ctx, &person->id, 1));
	assert_int_equal(forum_number(ctx, "select trust_level::bigint from people where id = $1",
				      person->id),
			 forum_number(ctx,
				      "select max(standing)::bigint from notifications"
				      " where person_id = $1 and kind = 'level'",
				      person->id));
}

static void test_everybodys_standing_is_compared_and_worked_out_anew(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Comparée", ROLE_CUSTOMER);
	int64_t changed;

	thanked_answer(ctx, helper, 3);
	assert_ok(ctx, standing_check(ctx, true, &changed));
	assert_ok(ctx, standing_check(ctx, false, &changed));
	assert_int_equal(changed, 0);
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "update people set rank_points = 777, trust_level = 2 where id = %lld",
			     (long long)helper->id));
	assert_ok(ctx, standing_check(ctx, false, &changed));
	assert_int_equal(changed, 1);
	assert_int_equal(
		forum_number(ctx, "select rank_points from people where id = $1", helper->id), 777);
	assert_ok(ctx, standing_check(ctx, true, &changed));
	assert_int_equal(
		forum_number(ctx, "select rank_points from people where id = $1", helper->id), 14);
}

static int64_t awards(struct ctx *ctx, const struct actor *person, const char *slug)
{
	return forum_number(
		ctx,
		arena_printf(
			ctx->arena,
			"select count(*) from badge_awards a join badges b on b.id = a.badge_id"
			" where a.person_id = $1 and b.slug = '%s' and a.taken_at is null",
			slug),
		person->id);
}

static void test_badge_comes_once_is_told_and_stays(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Médaillée", ROLE_CUSTOMER);
	int64_t answer = thanked_answer(ctx, helper, 1);

	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(awards(ctx, helper, "premier-merci-recu"), 1);
	assert_int_equal(awards(ctx, helper, "premiere-reponse"), 1);
	assert_int_equal(awards(ctx, helper, "dix-solutions"), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications n join badges b on b.id = n.badge_id"
			" where n.person_id = $1 and n.kind = 'badge' and b.slug = 'premier-merci-recu'",
			helper->id),
		1);
	ctx->actor = helper;
	assert_ok(ctx, post_withdraw(ctx, answer));
	ctx->actor = &actor_system;
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(awards(ctx, helper, "premier-merci-recu"), 1);
}

/* Ten answers are a busy month only when they fall within one. */
static void test_window_of_a_badge_counts(void **state)
{
	struct ctx *ctx = *state;
	struct actor *slow = forum_person(ctx, "Lente", ROLE_CUSTOMER);
	struct actor *quick = forum_person(ctx, "Rapide", ROLE_CUSTOMER);

	for (int i = 0; i < 10; i++) {
		int64_t topic = forum_put_topic(
			ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
						       .title = FORUM_TITLE });

		forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic,
							     .author_id = slow->id,
							     .kind = POST_ANSWER,
							     .at = ctx->now - i * 10 * CLOCK_DAY });
		forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic,
							     .author_id = quick->id,
							     .kind = POST_ANSWER,
							     .at = ctx->now - i * 2 * CLOCK_DAY });
	}
	assert_ok(ctx, standing_refresh(ctx, (int64_t[]){ slow->id, quick->id }, 2));
	assert_int_equal(awards(ctx, slow, "mois-actif"), 0);
	assert_int_equal(awards(ctx, quick, "mois-actif"), 1);
}

static const char *handle_of(struct ctx *ctx, const struct actor *person)
{
	const char *handle = arena_printf(ctx->arena, "membre-%lld", (long long)person->id);

	forum_sql(ctx, arena_printf(ctx->arena, "update people set handle = '%s' where id = %lld",
				    handle, (long long)person->id));
	return handle;
}

static void test_badges_are_given_and_taken_by_hand(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Ambassadrice", ROLE_CUSTOMER);
	struct actor *moderator = forum_person(ctx, "Remet", ROLE_MODERATOR);
	const char *handle = arena_printf(ctx->arena, "@%s", handle_of(ctx, helper));
	struct badge_holders holders;
	struct badges badges;
	struct rows rows;

	ctx->actor = forum_person(ctx, "Ne remet pas", ROLE_ADVISOR);
	assert_err(ctx, ERR_FORBIDDEN, badge_give(ctx, "ambassadeur", handle, "Pour tout"));
	error_clear(ctx);
	ctx->actor = moderator;
	assert_err(ctx, ERR_NOT_FOUND, badge_give(ctx, "nulle-part", handle, "Pour tout"));
	error_clear(ctx);
	assert_err(ctx, ERR_INVALID,
		   badge_give(ctx, "ambassadeur", "@personne-de-ce-nom", "Pour tout"));
	error_clear(ctx);
	assert_err(ctx, ERR_INVALID, badge_give(ctx, "ambassadeur", handle, ""));
	error_clear(ctx);
	assert_ok(ctx, badge_give(ctx, "ambassadeur", handle, "Pour tout"));
	assert_err(ctx, ERR_INVALID, badge_give(ctx, "ambassadeur", handle, "Pour tout"));
	error_clear(ctx);
	assert_ok(ctx, badge_load(ctx, "ambassadeur", 0, &holders));
	assert_int_equal(holders.items[0].author.id, helper->id);
	assert_true(holders.items[0].is_given);
	badge_add_rows_of(ctx, helper->id, &rows);
	assert_ok(ctx, db_run(ctx));
	badges_read(ctx, &rows, &badges);
	assert_int_equal(badges.count, 1);
	assert_ok(ctx, badge_take(ctx, "ambassadeur", handle, "Une erreur"));
	assert_int_equal(awards(ctx, helper, "ambassadeur"), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where person_id = $1 and action in ('badge_give', 'badge_take')",
			helper->id),
		2);
}

/* What was taken away by hand does not come back by itself. */
static void test_taken_badge_is_not_awarded_again(void **state)
{
	struct ctx *ctx = *state;
	struct actor *helper = forum_person(ctx, "Dépouillée", ROLE_CUSTOMER);

	thanked_answer(ctx, helper, 1);
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_ok(ctx, badge_take(ctx, "premier-merci-recu", handle_of(ctx, helper),
				  "Arrangé entre amis"));
	assert_ok(ctx, standing_refresh(ctx, &helper->id, 1));
	assert_int_equal(awards(ctx, helper, "premier-merci-recu"), 0);
}

static void test_badges_are_at_least_25_in_three_levels_with_rules_that_exist(void **state)
{
	struct ctx *ctx = *state;
	struct badges badges;
	int levels[4] = { 0 };

	assert_ok(ctx, badge_list(ctx, &badges));
	assert_true(badges.count >= 25);
	for (size_t i = 0; i < badges.count; i++) {
		levels[badges.items[i].level]++;
		assert_true(badges.items[i].name[0] && badges.items[i].description[0]);
	}
	assert_true(levels[BADGE_GOLD] >= 3 && levels[BADGE_SILVER] >= 3 &&
		    levels[BADGE_BRONZE] >= 3);
	for (size_t i = 0; i < badges.count; i++)
		if (!badges.items[i].has_rule)
			assert_int_equal(
				forum_number(
					ctx,
					"select count(*) from badges where id = $1 and figure is not null",
					badges.items[i].id),
				0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_ladder_is_read_and_reached),
		FORUM_TEST(test_ladder_that_cannot_be_read_is_refused_by_line),
		FORUM_TEST(test_ladder_in_force_is_the_default_of_the_migration),
		FORUM_TEST(test_changed_ladder_counts_for_what_was_done_before),
		FORUM_TEST(test_rank_is_told_once_and_its_fall_never),
		FORUM_TEST(test_level_is_told_once_and_its_fall_never),
		FORUM_TEST(test_everybodys_standing_is_compared_and_worked_out_anew),
		FORUM_TEST(test_badge_comes_once_is_told_and_stays),
		FORUM_TEST(test_window_of_a_badge_counts),
		FORUM_TEST(test_badges_are_given_and_taken_by_hand),
		FORUM_TEST(test_taken_badge_is_not_awarded_again),
		FORUM_TEST(test_badges_are_at_least_25_in_three_levels_with_rules_that_exist),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_ranks");
}
