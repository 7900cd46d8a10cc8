/*
 * Targets and teams of the desk: what may be set, by whom, and what follows for questions,
 * people and templates.
 */
#include "forum_fixture.h"

#include "forum/desk_admin.h"

static struct ctx *start(void **state)
{
	struct ctx *ctx = *state;

	ctx->actor = forum_person(ctx, "Margot", ROLE_MODERATOR);
	return ctx;
}

static struct desk_admin load(struct ctx *ctx)
{
	struct desk_admin desk;

	assert_ok(ctx, desk_admin_load(ctx, &desk));
	return desk;
}

static const struct desk_target *target_of(const struct desk_admin *desk, int64_t category_id,
					   enum desk_target_kind kind)
{
	for (size_t i = 0; i < desk->target_count; i++)
		if (desk->targets[i].category_id == category_id && desk->targets[i].kind == kind)
			return &desk->targets[i];
	return NULL;
}

static const struct desk_team_row *team_of(const struct desk_admin *desk, const char *name)
{
	for (size_t i = 0; i < desk->team_count; i++)
		if (strcmp(desk->teams[i].name, name) == 0)
			return &desk->teams[i];
	return NULL;
}

static int64_t make_team(struct ctx *ctx, const char *name, int64_t level)
{
	struct desk_admin desk;

	assert_ok(ctx, desk_team_save(ctx, 0, name, level));
	desk = load(ctx);
	assert_non_null(team_of(&desk, name));
	return team_of(&desk, name)->id;
}

static void assert_refused_at(struct ctx *ctx, const char *field, enum err result)
{
	assert_int_equal(result, ERR_INVALID);
	assert_string_equal(ctx->error.field, field);
	error_clear(ctx);
	db_rollback(ctx);
}

static void test_hours_are_typed_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t minutes; /* -1: refused */
	} cases[] = {
		{ "8", 480 },   { "8:00", 480 },    { " 0:45 ", 45 },      { "0", 0 },
		{ "1:5", 65 },  { "8760", 525600 }, { "8760:00", 525600 }, { "8760:01", -1 },
		{ "8761", -1 }, { "99999", -1 },    { "100000", -1 },      { "", -1 },
		{ "8:60", -1 }, { "8:", -1 },       { ":30", -1 },         { "8h", -1 },
		{ "-1", -1 },   { "8:001", -1 },    { "8 30", -1 },        { "٨", -1 },
	};
	struct ctx *ctx = *state;

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		int64_t minutes = -1;
		bool is_read = desk_hours_parse(cases[i].text, &minutes);

		assert_int_equal(is_read, cases[i].minutes >= 0);
		if (is_read)
			assert_int_equal(minutes, cases[i].minutes);
	}
	assert_string_equal(desk_hours_text(ctx->arena, 65), "1:05");
	assert_string_equal(desk_hours_text(ctx->arena, 525600), "8760:00");
}

static void test_a_target_is_set_changed_and_removed_and_clocks_follow(void **state)
{
	struct ctx *ctx = start(state);
	int64_t category = forum_category(ctx);
	struct desk_admin desk;
	const struct desk_target *target;

	forum_sql(ctx, "delete from jobs where kind = 'desk_all'");
	assert_ok(ctx, desk_target_set(ctx, category, "watched", "0:30", "4"));
	assert_int_equal(
		forum_number(ctx, "select count(*) from jobs where kind = 'desk_all' and $1 = 0",
			     0),
		1);
	assert_ok(ctx, desk_target_set(ctx, category, "watched", "1", "0"));
	desk = load(ctx);
	target = target_of(&desk, category, DESK_TARGET_WATCHED);
	assert_non_null(target);
	assert_int_equal(target->first_minutes, 60);
	assert_int_equal(target->solution_minutes, 0);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from audit_log where action = 'desk_target_set'"
			     " and details ->> 'first_before' in ('-1', '30')"
			     " and subject_id = $1",
			     target->id),
		2);
	assert_ok(ctx, desk_target_drop(ctx, target->id));
	desk = load(ctx);
	assert_null(target_of(&desk, category, DESK_TARGET_WATCHED));
}

static void test_what_holds_everywhere_stays(void **state)
{
	struct ctx *ctx = start(state);
	struct desk_admin desk = load(ctx);
	const struct desk_target *everywhere = target_of(&desk, 0, DESK_TARGET_ALL);

	assert_non_null(everywhere);
	assert_refused_at(ctx, "category", desk_target_drop(ctx, everywhere->id));
	assert_refused_at(ctx, "category", desk_target_set(ctx, 999999, "all", "1", "1"));
	assert_refused_at(ctx, "first", desk_target_set(ctx, 0, "all", "soon", "1"));
	assert_refused_at(ctx, "solution", desk_target_set(ctx, 0, "all", "1", "1:99"));
	assert_int_equal(desk_target_set(ctx, 0, "urgent", "1", "1"), ERR_BAD_REQUEST);
}

static void test_two_teams_never_have_one_name(void **state)
{
	struct ctx *ctx = start(state);
	int64_t first = make_team(ctx, "Réseau", 1), second = make_team(ctx, "Facturation", 2);
	struct desk_admin desk;

	assert_refused_at(ctx, "name", desk_team_save(ctx, 0, " Réseau ", 1));
	assert_refused_at(ctx, "name", desk_team_save(ctx, second, "Réseau", 2));
	assert_refused_at(ctx, "name", desk_team_save(ctx, 0, "  ", 1));
	assert_refused_at(ctx, "level", desk_team_save(ctx, 0, "Niveau 4", 4));
	assert_int_equal(desk_team_save(ctx, 999999, "Personne", 1), ERR_NOT_FOUND);
	db_rollback(ctx);
	assert_ok(ctx, desk_team_save(ctx, first, "Réseau et fibre", 3));
	desk = load(ctx);
	assert_int_equal(team_of(&desk, "Réseau et fibre")->id, first);
	assert_int_equal(team_of(&desk, "Réseau et fibre")->level, 3);
}

static void test_a_team_that_goes_leaves_nothing_behind(void **state)
{
	struct ctx *ctx = start(state);
	struct actor *advisor = forum_person(ctx, "Uma", ROLE_ADVISOR);
	int64_t team = make_team(ctx, "Mobile", 1);
	int64_t topic = forum_ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));

	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into desk_questions (topic_id, stage, category_id,"
			       " top_category_id, asked_at, order_at, team_id) select id,"
			       " 'unanswered', category_id, top_category_id, now(), now(), %lld"
			       " from topics where id = %lld on conflict (topic_id) do update"
			       " set team_id = excluded.team_id",
			       (long long)team, (long long)topic));
	assert_ok(ctx, desk_member_set(ctx, advisor->id, team));
	assert_ok(ctx, desk_team_drop(ctx, team));
	assert_int_equal(
		forum_number(ctx, "select count(*) from desk_members where team_id = $1", team), 0);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from desk_questions where topic_id = $1"
				      " and team_id is null",
				      topic),
			 1);
	assert_int_equal(desk_team_drop(ctx, team), ERR_NOT_FOUND);
}

static void test_only_those_who_work_here_are_put_into_a_team(void **state)
{
	struct ctx *ctx = start(state);
	struct actor *customer = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	struct actor *advisor = forum_person(ctx, "Uma", ROLE_ADVISOR);
	int64_t one = make_team(ctx, "Une", 1), two = make_team(ctx, "Deux", 2);

	assert_refused_at(ctx, "person", desk_member_set(ctx, customer->id, one));
	assert_refused_at(ctx, "person", desk_member_set(ctx, advisor->id, 999999));
	assert_ok(ctx, desk_member_set(ctx, advisor->id, one));
	assert_ok(ctx, desk_member_set(ctx, advisor->id, two));
	assert_int_equal(forum_number(ctx, "select team_id from desk_members where person_id = $1",
				      advisor->id),
			 two);
	assert_ok(ctx, desk_member_set(ctx, advisor->id, 0));
	assert_int_equal(forum_number(ctx, "select count(*) from desk_members where person_id = $1",
				      advisor->id),
			 0);
}

/* Somebody left the team of the brand, and is still in the desk's. */
static void test_no_clock_is_told_to_who_no_longer_works_here(void **state)
{
	struct ctx *ctx = start(state);
	struct actor *left = forum_person(ctx, "Paul", ROLE_ADVISOR);
	struct actor *stays = forum_person(ctx, "Uma", ROLE_ADVISOR);
	int64_t team = make_team(ctx, "Box", 1);
	int64_t topic = forum_ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));

	assert_ok(ctx, desk_member_set(ctx, left->id, team));
	assert_ok(ctx, desk_member_set(ctx, stays->id, team));
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set role = 'customer' where id = %lld",
			       (long long)left->id));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into desk_questions (topic_id, stage, category_id,"
				    " top_category_id, asked_at, order_at) select id, 'unanswered',"
				    " category_id, top_category_id, now(), now() from topics"
				    " where id = %lld on conflict do nothing",
				    (long long)topic));
	assert_int_equal(forum_number(ctx, "select count(*) from desk_people($1)", topic), 1);
	assert_int_equal(forum_number(ctx, "select * from desk_people($1)", topic), stays->id);
}

static void test_advisors_do_not_administer_the_desk(void **state)
{
	struct ctx *ctx = start(state);
	struct desk_admin desk;

	ctx->actor = forum_person(ctx, "Uma", ROLE_ADVISOR);
	assert_int_equal(desk_admin_load(ctx, &desk), ERR_FORBIDDEN);
	assert_int_equal(desk_target_set(ctx, 0, "all", "1", "1"), ERR_FORBIDDEN);
	assert_int_equal(desk_target_drop(ctx, 1), ERR_FORBIDDEN);
	assert_int_equal(desk_team_save(ctx, 0, "Une", 1), ERR_FORBIDDEN);
	assert_int_equal(desk_team_drop(ctx, 1), ERR_FORBIDDEN);
	assert_int_equal(desk_member_set(ctx, ctx->actor->id, 1), ERR_FORBIDDEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_hours_are_typed_as_people_write_them),
		FORUM_TEST(test_a_target_is_set_changed_and_removed_and_clocks_follow),
		FORUM_TEST(test_what_holds_everywhere_stays),
		FORUM_TEST(test_two_teams_never_have_one_name),
		FORUM_TEST(test_a_team_that_goes_leaves_nothing_behind),
		FORUM_TEST(test_only_those_who_work_here_are_put_into_a_team),
		FORUM_TEST(test_no_clock_is_told_to_who_no_longer_works_here),
		FORUM_TEST(test_advisors_do_not_administer_the_desk),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_desk_admin");
}
