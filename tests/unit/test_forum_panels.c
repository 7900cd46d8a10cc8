/*
 * Panels: whom the criteria find and why, invitations, saying yes and no at any time, what
 * closing changes, and who sees that a panel is there.
 */
#include "forum_fixture.h"

#include "base/clock.h"
#include "forum/questionnaire.h"

struct scene {
	struct actor *writer, *quiet, *moderator, *advisor;
	int64_t category, panel;
};

static struct panel_form form_of(void)
{
	return (struct panel_form){ .title = "Goûteurs",
				    .purpose_md = "Essayer la **box**.",
				    .is_anonymous = true,
				    .criteria = { .months = 6 } };
}

static void set_level(struct ctx *ctx, const struct actor *who, int level)
{
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set trust_level = %d where id = %lld",
			       level, (long long)who->id));
}

static struct scene make_scene(struct ctx *ctx)
{
	struct scene scene = {
		.writer = forum_person(ctx, "Zoé", ROLE_CUSTOMER),
		.quiet = forum_person(ctx, "Marie", ROLE_CUSTOMER),
		.moderator = forum_person(ctx, "Inès", ROLE_MODERATOR),
		.advisor = forum_person(ctx, "Karim", ROLE_ADVISOR),
	};
	struct panel_form form = form_of();
	int64_t topic = forum_ask(ctx, scene.writer);

	scene.category = forum_number(ctx, "select category_id from topics where id = $1", topic);
	ctx->actor = scene.moderator;
	assert_ok(ctx, panel_save(ctx, &form, &scene.panel));
	return scene;
}

static struct panel_people candidates(struct ctx *ctx, const struct scene *scene)
{
	struct volunteer_panel panel;
	struct panel_people people;

	ctx->actor = scene->moderator;
	assert_ok(ctx, panel_candidates(ctx, scene->panel, &panel, &people));
	return people;
}

static const struct panel_person *find(const struct panel_people *people, const struct actor *who)
{
	for (size_t i = 0; i < people->count; i++)
		if (people->items[i].author.id == who->id)
			return &people->items[i];
	return NULL;
}

static int64_t invite(struct ctx *ctx, const struct scene *scene, const struct actor *who)
{
	int64_t invited;

	ctx->actor = scene->moderator;
	assert_ok(ctx, panel_invite(ctx, scene->panel, &who->id, 1, NULL, &invited));
	return invited;
}

static enum panel_state state_of(struct ctx *ctx, const struct scene *scene,
				 const struct actor *who)
{
	struct questionnaires asked;
	struct panel_place place;

	ctx->actor = who;
	assert_ok(ctx, panel_place_load(ctx, scene->panel, &place, &asked));
	return place.state;
}

static void change(struct ctx *ctx, const struct scene *scene, struct panel_criteria criteria)
{
	struct panel_form form = form_of();
	int64_t id;

	form.id = scene->panel;
	form.version = forum_number(ctx, "select version::bigint from panels where id = $1",
				    scene->panel);
	form.criteria = criteria;
	ctx->actor = scene->moderator;
	assert_ok(ctx, panel_save(ctx, &form, &id));
}

static void test_criteria_find_people_and_say_why(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct panel_people people = candidates(ctx, &scene);
	const struct panel_person *found = find(&people, scene.writer);

	assert_non_null(found);
	assert_int_equal(found->why.posts, 1);
	assert_int_equal(found->why.months, 6);
	assert_int_equal(found->why.trust, 0);
	assert_null(find(&people, scene.quiet));
	assert_null(find(&people, scene.advisor));
	change(ctx, &scene, (struct panel_criteria){ 0 });
	people = candidates(ctx, &scene);
	assert_non_null(find(&people, scene.quiet));
	change(ctx, &scene, (struct panel_criteria){ .least_trust = 2 });
	assert_null(find((people = candidates(ctx, &scene), &people), scene.writer));
	set_level(ctx, scene.writer, 3);
	people = candidates(ctx, &scene);
	assert_int_equal(find(&people, scene.writer)->why.trust, 3);
	change(ctx, &scene,
	       (struct panel_criteria){ .category_id = scene.category, .is_for_experts = true });
	people = candidates(ctx, &scene);
	assert_null(find(&people, scene.writer));
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into experts (person_id, category_id, state, answered_at, ends_at)"
			" values (%lld, %lld, 'active', now(), now() + interval '1 year')",
			(long long)scene.writer->id, (long long)scene.category));
	people = candidates(ctx, &scene);
	assert_true(find(&people, scene.writer)->why.expert[0]);
	assert_true(find(&people, scene.writer)->why.category[0]);
}

static void test_badges_and_ranks_are_criteria_too(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t badge = forum_number(ctx, "select min(id) from badges where id > $1", 0);
	struct panel_people people;

	change(ctx, &scene, (struct panel_criteria){ .badge_id = badge, .least_rank = 2 });
	people = candidates(ctx, &scene);
	assert_null(find(&people, scene.quiet));
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into badge_awards (badge_id, person_id) values (%lld, %lld)",
			       (long long)badge, (long long)scene.quiet->id));
	people = candidates(ctx, &scene);
	assert_null(find(&people, scene.quiet));
	forum_sql(ctx,
		  arena_printf(
			  ctx->arena,
			  "update people set rank_position = 2, rank_fr = 'Voix', rank_en = 'Voice'"
			  " where id = %lld",
			  (long long)scene.quiet->id));
	people = candidates(ctx, &scene);
	assert_true(find(&people, scene.quiet)->why.badge[0]);
	assert_true(find(&people, scene.quiet)->why.rank[0]);
}

static void test_minors_and_who_opted_out_are_never_found_nor_invited(void **state)
{
	static const char *const reasons[] = { "is_minor = true", "is_ranked = false",
					       "state = 'suspended'", "role = 'advisor'" };
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);

	for (size_t i = 0; i < ARRAY_COUNT(reasons); i++) {
		struct actor *who = forum_person(ctx, arena_printf(ctx->arena, "P%zu", i),
						 ROLE_CUSTOMER);
		struct panel_people people;

		change(ctx, &scene, (struct panel_criteria){ 0 });
		people = candidates(ctx, &scene);
		assert_non_null(find(&people, who));
		forum_sql(ctx, arena_printf(ctx->arena, "update people set %s where id = %lld",
					    reasons[i], (long long)who->id));
		people = candidates(ctx, &scene);
		assert_null(find(&people, who));
		assert_int_equal(invite(ctx, &scene, who), 0);
	}
}

static void test_an_invitation_is_told_once_and_answered_at_any_time(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct questionnaires asked;
	struct panel_place place;

	ctx->actor = scene.writer;
	assert_err(ctx, ERR_NOT_FOUND, panel_place_load(ctx, scene.panel, &place, &asked));
	assert_err(ctx, ERR_NOT_FOUND, panel_answer(ctx, scene.panel, true));
	assert_int_equal(invite(ctx, &scene, scene.writer), 1);
	assert_int_equal(invite(ctx, &scene, scene.writer), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'panel' and person_id = $1",
			scene.writer->id),
		1);
	assert_int_equal(state_of(ctx, &scene, scene.writer), PANEL_INVITED);
	assert_ok(ctx, panel_answer(ctx, scene.panel, false));
	assert_int_equal(state_of(ctx, &scene, scene.writer), PANEL_DECLINED);
	assert_ok(ctx, panel_answer(ctx, scene.panel, true));
	assert_int_equal(state_of(ctx, &scene, scene.writer), PANEL_JOINED);
	assert_ok(ctx, panel_answer(ctx, scene.panel, false));
	assert_int_equal(state_of(ctx, &scene, scene.writer), PANEL_LEFT);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from notifications where kind = 'panel'"
				      " and read_at is null and person_id = $1",
				      scene.writer->id),
			 0);
	ctx->actor = scene.quiet;
	assert_err(ctx, ERR_NOT_FOUND, panel_place_load(ctx, scene.panel, &place, &asked));
}

static void test_nobody_joins_a_closed_panel_but_everybody_can_leave_it(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t invited;

	invite(ctx, &scene, scene.writer);
	ctx->actor = scene.writer;
	assert_ok(ctx, panel_answer(ctx, scene.panel, true));
	ctx->actor = scene.advisor;
	assert_err(ctx, ERR_FORBIDDEN, panel_set_open(ctx, scene.panel, false));
	ctx->actor = scene.moderator;
	assert_ok(ctx, panel_set_open(ctx, scene.panel, false));
	assert_err(ctx, ERR_INVALID,
		   panel_invite(ctx, scene.panel, &scene.quiet->id, 1, NULL, &invited));
	ctx->actor = scene.writer;
	assert_ok(ctx, panel_answer(ctx, scene.panel, false));
	assert_err(ctx, ERR_CONFLICT, panel_answer(ctx, scene.panel, true));
	ctx->actor = scene.moderator;
	assert_ok(ctx, panel_set_open(ctx, scene.panel, true));
	ctx->actor = scene.writer;
	assert_ok(ctx, panel_answer(ctx, scene.panel, true));
}

static void test_the_promise_of_the_invitation_stays(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct panel_form form = form_of();
	int64_t id;

	form.id = scene.panel;
	form.version = 1;
	form.is_anonymous = false;
	ctx->actor = scene.moderator;
	assert_ok(ctx, panel_save(ctx, &form, &id));
	assert_err(ctx, ERR_CONFLICT, panel_save(ctx, &form, &id));
	form.version = 2;
	invite(ctx, &scene, scene.writer);
	form.title = "Goûteurs de box";
	assert_ok(ctx, panel_save(ctx, &form, &id));
	form.version = 3;
	form.is_anonymous = true;
	assert_err(ctx, ERR_CONFLICT, panel_save(ctx, &form, &id));
	form.is_anonymous = false;
	form.title = " ";
	assert_err(ctx, ERR_INVALID, panel_save(ctx, &form, &id));
	form.title = "Goûteurs";
	form.criteria.months = PANEL_MONTHS_MAX + 1;
	assert_err(ctx, ERR_INVALID, panel_save(ctx, &form, &id));
	ctx->actor = scene.advisor;
	form.criteria.months = 6;
	assert_err(ctx, ERR_FORBIDDEN, panel_save(ctx, &form, &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_criteria_find_people_and_say_why),
		FORUM_TEST(test_badges_and_ranks_are_criteria_too),
		FORUM_TEST(test_minors_and_who_opted_out_are_never_found_nor_invited),
		FORUM_TEST(test_an_invitation_is_told_once_and_answered_at_any_time),
		FORUM_TEST(test_nobody_joins_a_closed_panel_but_everybody_can_leave_it),
		FORUM_TEST(test_the_promise_of_the_invitation_stays),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_panels");
}
