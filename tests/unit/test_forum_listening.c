/*
 * Themes, and volumes by week, source and theme.
 */
#include "forum_fixture.h"

#include "forum/listening.h"
#include "forum/site_setting.h"

#define WEEK (7 * CLOCK_DAY)

static void put_post(struct ctx *ctx, int64_t category_id, int64_t at, const char *title,
		     const char *body)
{
	forum_sql(ctx,
		  arena_printf(
			  ctx->arena,
			  "with t as (insert into topics (category_id, title, created_at,"
			  " active_at, language) values (%lld, '%s', from_us(%lld),"
			  " from_us(%lld), 'fr') returning id)"
			  " insert into posts (topic_id, number, kind, body_md, body_html,"
			  " created_at) select id, 1, 'question', '%s', '', from_us(%lld) from t",
			  (long long)category_id, title, (long long)at, (long long)at, body,
			  (long long)at));
}

static void begin(struct ctx *ctx)
{
	forum_sql(ctx, "delete from listening_themes");
	forum_sql(ctx, "update topics set visibility = 'withdrawn'");
}

static int64_t theme_of(struct ctx *ctx, const char *name, const char *words, int64_t category_id)
{
	const struct listening_theme_form form = { .name = name,
						   .words = words,
						   .category_ids = &category_id,
						   .category_count = category_id != 0 };

	assert_ok(ctx, listening_theme_save(ctx, &form));
	return forum_number(ctx, "select max(id) from listening_themes where $1 = 0", 0);
}

static int64_t counted(struct ctx *ctx, const char *where, int64_t theme_id)
{
	return forum_number(
		ctx,
		arena_printf(ctx->arena,
			     "select coalesce(sum(count), 0)::bigint from listening_counts"
			     " where theme_id = $1 and %s",
			     where),
		theme_id);
}

static void test_texts_are_counted_by_week_and_theme(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx), bills, outages;
	int64_t week = listening_week(ctx->now);

	begin(ctx);
	bills = theme_of(ctx, "Factures", "factur*\nprix", 0);
	outages = theme_of(ctx, "Pannes", "panne", 0);
	put_post(ctx, category_id, ctx->now - 3 * WEEK, "Une question", "Le PRIX a changé");
	put_post(ctx, category_id, ctx->now - 3 * WEEK, "Ma facture", "et une panne");
	put_post(ctx, category_id, ctx->now - 40 * WEEK, "Une question", "rien de tel");
	assert_ok(ctx, listening_count(ctx));
	assert_int_equal(counted(ctx, "true", 0), 3);
	assert_int_equal(counted(ctx, "true", bills), 2);
	assert_int_equal(counted(ctx, "true", outages), 1);
	assert_int_equal(counted(ctx,
				 arena_printf(ctx->arena, "week = date '2000-01-03' + 7 * %d",
					      (int)week - 3),
				 0),
			 2);
}

/* Written with date_trunc, as the code does not. */
static void test_weeks_begin_on_monday_by_the_clock_on_the_wall(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx), sunday, differing;

	begin(ctx);
	/* Half an hour before a Monday's midnight in Paris, and half an hour after. */
	sunday = forum_number(
		ctx,
		"select extract(epoch from date_trunc('week', now() - interval '20 days')"
		" ::timestamp at time zone 'Europe/Paris')::bigint * 1000000 + $1",
		-30 * CLOCK_MINUTE);
	put_post(ctx, category_id, sunday, "Dimanche", "x");
	put_post(ctx, category_id, sunday + CLOCK_HOUR, "Lundi", "x");
	assert_ok(ctx, listening_count_all(ctx));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from (select date_trunc('week', p.created_at at time zone"
			" 'Europe/Paris')::date as week, count(*) from posts p join topics t"
			" on t.id = p.topic_id where t.visibility = 'visible' and $1 = 0 group by 1) truth"
			" join listening_counts c on c.week = truth.week and c.count = truth.count"
			" and c.theme_id = 0",
			0),
		2);
	assert_ok(ctx, listening_check(ctx, false, &differing));
	assert_int_equal(differing, 0);
}

static void test_team_and_what_is_hidden_are_not_listened_to(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Ecoutee", ROLE_CUSTOMER);
	struct actor *advisor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	int64_t topic_id, answer_id;

	begin(ctx);
	topic_id = forum_ask(ctx, asker);
	answer_id = forum_answer(ctx, asker, topic_id, "Encore une chose, de moi");
	(void)forum_answer(ctx, advisor, topic_id, "Voici ce que dit la marque");
	assert_ok(ctx, listening_count_all(ctx));
	assert_int_equal(counted(ctx, "true", 0), 2);
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update posts set visibility = 'withdrawn' where id = %lld",
				    (long long)answer_id));
	assert_ok(ctx, listening_count(ctx));
	assert_int_equal(counted(ctx, "true", 0), 1);
}

static void test_category_makes_a_theme_and_its_change_counts_anew(void **state)
{
	struct ctx *ctx = *state;
	struct actor *moderator = forum_person(ctx, "Thematique", ROLE_MODERATOR);
	int64_t category_id = forum_category(ctx), theme_id, differing;
	struct listening_volumes volumes;

	begin(ctx);
	theme_id = theme_of(ctx, "Une catégorie", "", category_id);
	put_post(ctx, category_id, ctx->now - 10 * WEEK, "Une question", "rien de tel");
	assert_ok(ctx, listening_count(ctx));
	assert_int_equal(counted(ctx, "true", theme_id), 1);
	ctx->actor = moderator;
	assert_ok(ctx,
		  listening_theme_save(ctx, &(struct listening_theme_form){ .id = theme_id,
									    .name = "Un mot",
									    .words = "licorne*" }));
	assert_ok(ctx, listening_volumes(ctx, 13, theme_id, &volumes));
	assert_int_equal(volumes.counted_at, 0);
	/* Ten weeks ago, and counted all the same. */
	assert_ok(ctx, listening_check(ctx, false, &differing));
	assert_int_equal(differing, 1);
	assert_ok(ctx, listening_count(ctx));
	assert_int_equal(counted(ctx, "true", theme_id), 0);
	assert_ok(ctx, listening_theme_delete(ctx, theme_id, NULL));
	assert_err(ctx, ERR_NOT_FOUND, listening_volumes(ctx, 13, theme_id, &volumes));
}

static void test_check_finds_and_mends_wrong_counts(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx), differing;

	begin(ctx);
	put_post(ctx, category_id, ctx->now - 5 * WEEK, "Une question", "x");
	assert_ok(ctx, listening_count_all(ctx));
	forum_sql(ctx, "update listening_counts set count = count + 1");
	assert_ok(ctx, listening_check(ctx, true, &differing));
	assert_int_equal(differing, 1);
	assert_ok(ctx, listening_check(ctx, false, &differing));
	assert_int_equal(differing, 0);
}

static void test_volumes_stand_by_source_and_compare_with_before(void **state)
{
	struct ctx *ctx = *state;
	struct actor *advisor = forum_person(ctx, "Lectrice", ROLE_ADVISOR);
	int64_t category_id = forum_category(ctx);
	struct listening_volumes volumes;

	begin(ctx);
	for (int i = 1; i <= 7; i++)
		put_post(ctx, category_id, ctx->now - i * WEEK, "Une question", "x");
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "insert into mirror_sources (connector, account, name, category_id,"
			       " language) values ('feed', 'ecoute', 'La page', %lld, 'fr')",
			       (long long)category_id));
	forum_sql(ctx,
		  "insert into mirror_items (source_id, kind, key, address, topic_id, post_id)"
		  " select s.id, 'post', 'k', 'a', p.topic_id, p.id from mirror_sources s, posts p"
		  " where s.account = 'ecoute' and p.id = (select max(id) - 5 from posts)");
	assert_ok(ctx, listening_count_all(ctx));
	ctx->actor = advisor;
	assert_ok(ctx, listening_volumes(ctx, 4, 0, &volumes));
	assert_int_equal(volumes.week_count, 5);
	assert_int_equal(volumes.source_count, 2);
	assert_string_equal(volumes.sources[1].name, "La page");
	/* The second of seven: two weeks ago. */
	assert_int_equal(volumes.sources[1].weeks[2], 1);
	assert_int_equal(volumes.sources[0].total, 3);
	assert_int_equal(volumes.themes[0].now, 4);
	assert_int_equal(volumes.themes[0].before, 3);
}

static void test_theme_is_refused_with_a_reason(void **state)
{
	struct ctx *ctx = *state;
	struct listening_theme_form form = { .name = "Vide", .words = "" };

	begin(ctx);
	(void)theme_of(ctx, "Déjà", "mot", 0);
	assert_int_equal(listening_theme_save(ctx, &form), ERR_INVALID);
	assert_string_equal(ctx->error.field, "words");
	error_clear(ctx);
	form.words = "mot\na*";
	assert_int_equal(listening_theme_save(ctx, &form), ERR_INVALID);
	assert_non_null(strstr(ctx->error.message, "Line 2"));
	error_clear(ctx);
	form.words = "mot";
	form.name = "DéJà";
	assert_err(ctx, ERR_INVALID, listening_theme_save(ctx, &form));
	ctx->actor = forum_person(ctx, "Curieuse", ROLE_ADVISOR);
	form.name = "Autre";
	assert_err(ctx, ERR_FORBIDDEN, listening_theme_save(ctx, &form));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_texts_are_counted_by_week_and_theme),
		FORUM_TEST(test_weeks_begin_on_monday_by_the_clock_on_the_wall),
		FORUM_TEST(test_team_and_what_is_hidden_are_not_listened_to),
		FORUM_TEST(test_category_makes_a_theme_and_its_change_counts_anew),
		FORUM_TEST(test_check_finds_and_mends_wrong_counts),
		FORUM_TEST(test_volumes_stand_by_source_and_compare_with_before),
		FORUM_TEST(test_theme_is_refused_with_a_reason),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_listening");
}
