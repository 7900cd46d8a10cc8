/*
 * From rows of questions to counts, alerts and incidents. That the detection itself is
 * right is test_crisis_detect.c's and tests/crisis's business.
 */
#include "forum_fixture.h"

#include "forum/crisis_detect.h"
#include "forum/follow.h"
#include "forum/desk_work.h"
#include "forum/incident.h"
#include "forum/site_setting.h"

static int64_t category_of(struct ctx *ctx, const char *slug)
{
	forum_sql(
		ctx,
		arena_printf(ctx->arena,
			     "insert into categories (slug, icon, name_fr, name_en, description_fr,"
			     " description_en) values ('%s', 'box', '%s', '%s', '', '')"
			     " on conflict do nothing",
			     slug, slug, slug));
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select id from categories where slug = '%s' and $1 = 0",
					 slug),
			    0);
}

/* So many questions, spread over the stretch. */
static void ask_many(struct ctx *ctx, int64_t category_id, int64_t from, int64_t until, int count,
		     const char *body)
{
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"with t as (insert into topics (category_id, title, created_at, active_at, language)"
			" select %lld, 'Ma box ne marche plus', at, at, 'fr' from generate_series(0, %d - 1) i"
			" cross join lateral (select from_us(%lld + (%lld - %lld) / %d * i + 1000000)) x (at)"
			" returning id, created_at)"
			" insert into posts (topic_id, number, kind, body_md, body_html, created_at)"
			" select id, 1, 'question', '%s', '', created_at from t",
			(long long)category_id, count, (long long)from, (long long)until,
			(long long)from, count, body));
}

/* Half past: what was asked until now is half an hour's. */
static int64_t begin(struct ctx *ctx)
{
	int64_t hour = ctx->now - ctx->now % CLOCK_HOUR;

	forum_sql(ctx, "delete from crisis_counts");
	forum_sql(ctx, "update crisis_state set words = '', counted_at = null");
	forum_sql(ctx, "update crisis_alerts set ended_at = now() where ended_at is null");
	forum_sql(ctx, "update topics set visibility = 'withdrawn'");
	ctx->now = hour + CLOCK_HOUR / 2;
	return hour;
}

static int64_t look(struct ctx *ctx)
{
	int64_t opened = -1;

	assert_ok(ctx, crisis_count(ctx));
	assert_ok(ctx, crisis_look(ctx, &opened));
	return opened;
}

#define HISTORY ((int64_t)(CRISIS_HOURS + 2) * CLOCK_HOUR)

static void test_rise_of_a_category_is_one_alert_that_ends_by_itself(void **state)
{
	struct ctx *ctx = *state;
	int64_t hour = begin(ctx), quiet = category_of(ctx, "calme"),
		loud = category_of(ctx, "bruit");
	struct actor *moderator = forum_person(ctx, "Modeste", ROLE_MODERATOR);
	struct crisis_alerts alerts;
	struct crisis_alert alert;
	struct crisis_topic *topics;
	size_t count;

	/* Two an hour in each, as long as the baseline looks back. */
	ask_many(ctx, quiet, hour - HISTORY, ctx->now, 2 * (CRISIS_HOURS + 2), "x");
	ask_many(ctx, loud, hour - HISTORY, ctx->now, 2 * (CRISIS_HOURS + 2), "x");
	assert_int_equal(look(ctx), 0);
	ask_many(ctx, loud, hour, ctx->now, 25, "x");
	assert_int_equal(look(ctx), 1);
	assert_int_equal(look(ctx), 0);

	ctx->actor = moderator;
	assert_ok(ctx, crisis_alert_list(ctx, &alerts));
	assert_int_equal(alerts.items[0].category_id, loud);
	assert_int_equal(alerts.items[0].ended_at, 0);
	/* The category's rise and, joined to it, that of all. */
	assert_int_equal(alerts.items[0].signal_count, 2);
	assert_ok(ctx, crisis_alert_load(ctx, alerts.items[0].id, &alert, &topics, &count));
	assert_true(count >= 25);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(topics[i].category, "bruit");
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from mails where kind = 'crisis' and person_id = $1",
			     moderator->id),
		1);

	ctx->now += 3 * CLOCK_HOUR;
	ask_many(ctx, loud, ctx->now - 2 * CLOCK_HOUR, ctx->now, 4, "x");
	assert_int_equal(look(ctx), 0);
	assert_ok(ctx, crisis_alert_list(ctx, &alerts));
	assert_true(alerts.items[0].ended_at == ctx->now);
}

static void test_counts_follow_from_the_questions(void **state)
{
	struct ctx *ctx = *state;
	int64_t hour = begin(ctx), place = category_of(ctx, "compte"), written, differing;

	ask_many(ctx, place, hour - 5 * CLOCK_HOUR, hour - 4 * CLOCK_HOUR, 7, "x");
	assert_ok(ctx, crisis_count_all(ctx, &written));
	assert_int_equal(
		forum_number(ctx, "select sum(count) from crisis_counts where key = $1", place), 7);
	assert_int_equal(
		forum_number(ctx, "select sum(count) from crisis_counts where key = $1", 0), 7);
	assert_ok(ctx, crisis_check(ctx, false, &differing));
	assert_int_equal(differing, 0);
	forum_sql(
		ctx,
		"update topics set visibility = 'withdrawn' where id = (select max(id) from topics)");
	assert_ok(ctx, crisis_check(ctx, false, &differing));
	assert_int_equal(differing, 2);
	assert_ok(ctx, crisis_check(ctx, true, &differing));
	assert_ok(ctx, crisis_check(ctx, false, &differing));
	assert_int_equal(differing, 0);
	assert_int_equal(
		forum_number(ctx, "select sum(count) from crisis_counts where key = $1", place), 6);
}

static void test_watched_word_raises_an_alert(void **state)
{
	struct ctx *ctx = *state;
	int64_t hour = begin(ctx), place = category_of(ctx, "mots");
	struct crisis_alerts alerts;

	forum_sql(
		ctx,
		"insert into site_settings (name, value) values ('crisis.words', 'fum*\nincendie')"
		" on conflict (name) do update set value = excluded.value");
	assert_ok(ctx, site_settings_refresh(ctx));
	/* Ten an hour, and now ten more of which all have the word. */
	ask_many(ctx, place, hour - HISTORY, hour, 10 * (CRISIS_HOURS + 2), "Elle est froide.");
	assert_int_equal(look(ctx), 0);
	ask_many(ctx, place, hour, ctx->now, 10, "Elle FUME depuis ce matin");
	assert_int_equal(look(ctx), 1);
	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	assert_ok(ctx, crisis_alert_list(ctx, &alerts));
	assert_int_equal(alerts.items[0].signal_count, 1);
	assert_int_equal(alerts.items[0].signals[0].signal, CRISIS_WORDS);
	assert_int_equal(alerts.items[0].signals[0].observed, 10);
	assert_int_equal(alerts.items[0].topic_count, 10);
	forum_sql(ctx, "delete from site_settings where name = 'crisis.words'");
	assert_ok(ctx, site_settings_refresh(ctx));
}

/* Incidents ------------------------------------------------------------------------------------ */

static struct incident_new form_of(struct ctx *ctx, const char *title)
{
	return (struct incident_new){
		.title = title,
		.body_md = arena_printf(ctx->arena, "%s: nous cherchons la cause.", title),
		.category_id = category_of(ctx, "panne"),
		.banner = { .is_on = true,
			    .severity = SEVERITY_CRITICAL,
			    .fr = "Panne en cours",
			    .en = "Outage under way",
			    .link = "/about" },
		.form_key = crypto_token(ctx->arena),
	};
}

static int64_t open_incident(struct ctx *ctx, const char *title)
{
	struct incident_new form = form_of(ctx, title);
	int64_t id = 0;

	assert_ok(ctx, incident_open(ctx, &form, &id));
	return id;
}

static const struct crisis_now *now_shown(struct ctx *ctx)
{
	assert_ok(ctx, site_settings_refresh(ctx));
	return crisis_now();
}

static int64_t shown_count(struct ctx *ctx)
{
	const struct crisis_now *now = now_shown(ctx);
	int64_t count = 0;

	for (size_t i = 0; i < now->count; i++)
		count += now->banners[i].is_on;
	return count;
}

static void test_incident_has_banner_thread_and_pin_until_it_is_closed(void **state)
{
	struct ctx *ctx = *state;
	struct incident_view view;
	int64_t id;

	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	id = open_incident(ctx, "Panne du réseau dans l’Ouest");
	assert_int_equal(shown_count(ctx), 1);
	assert_string_equal(crisis_banner_words(&crisis_now()->banners[0], "fr"), "Panne en cours");
	assert_ok(ctx, incident_load(ctx, id, &view));
	assert_true(crisis_now_of_topic(view.incident.topic_id) != NULL);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from topics where id = $1 and pinned = 'everywhere'",
			     view.incident.topic_id),
		1);
	assert_ok(ctx, incident_close(ctx, id, "", "Une carte de ligne.", NULL));
	assert_int_equal(shown_count(ctx), 0);
	assert_ok(ctx, incident_load(ctx, id, &view));
	assert_false(view.incident.is_open);
	assert_string_equal(view.incident.summary, "Une carte de ligne.");
	assert_int_equal(view.event_count, 2);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from topics where id = $1 and pinned = ''",
				      view.incident.topic_id),
			 1);
	/* Closing is undone, without the banner. */
	assert_ok(ctx, incident_reopen(ctx, id));
	assert_int_equal(shown_count(ctx), 0);
	assert_ok(ctx, incident_load(ctx, id, &view));
	assert_true(view.incident.is_open);
	assert_ok(ctx, incident_close(ctx, id, "", "", NULL));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where subject = 'incident' and subject_id = $1",
			id),
		4);
}

static void test_incident_form_sent_twice_opens_one(void **state)
{
	struct ctx *ctx = *state;
	struct incident_new form;
	int64_t one = 0, two = 0;

	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	form = form_of(ctx, "Panne de la messagerie vocale");
	form.banner.is_on = false;
	assert_ok(ctx, incident_open(ctx, &form, &one));
	assert_ok(ctx, incident_open(ctx, &form, &two));
	assert_int_equal(one, two);
	assert_ok(ctx, incident_close(ctx, one, "", "", NULL));
}

static void test_second_banner_in_a_place_is_refused(void **state)
{
	struct ctx *ctx = *state;
	struct incident_new form;
	int64_t first, second = 0;

	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	first = open_incident(ctx, "Panne de la télévision");
	form = form_of(ctx, "Panne de la boutique en ligne");
	assert_int_equal(incident_open(ctx, &form, &second), ERR_CONFLICT);
	assert_string_equal(ctx->error.field, "banner");
	error_clear(ctx);
	/* On its category's pages there is room. */
	form.is_category_alone = true;
	assert_ok(ctx, incident_open(ctx, &form, &second));
	assert_int_equal(shown_count(ctx), 2);
	assert_ok(ctx, incident_close(ctx, second, "", "", NULL));
	assert_ok(ctx, incident_close(ctx, first, "", "", NULL));
}

static void test_update_is_pinned_and_told_to_followers(void **state)
{
	struct ctx *ctx = *state;
	struct actor *advisor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	struct actor *follower = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	struct incident_view view;
	const struct crisis_banner *banner;
	int64_t id;

	ctx->actor = advisor;
	id = open_incident(ctx, "Panne des appels vers l’étranger");
	assert_ok(ctx, incident_load(ctx, id, &view));
	ctx->actor = follower;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, view.incident.topic_id, true));
	ctx->actor = advisor;
	forum_sql(
		ctx,
		"update posts set created_at = created_at - interval '1 hour' where kind = 'question'"
		" and body_md like '%cherchons la cause%'");
	assert_ok(ctx, incident_update(ctx, id, "La cause est trouvée, retour ce soir.", NULL));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where person_id = $1 and kind = 'answer'",
			follower->id),
		1);
	(void)now_shown(ctx);
	banner = crisis_now_of_topic(view.incident.topic_id);
	assert_true(banner && banner->pinned_post_id);
	assert_string_equal(banner->pinned_md, "La cause est trouvée, retour ce soir.");
	assert_ok(ctx, incident_close(ctx, id, "", "", NULL));
	assert_err(ctx, ERR_CONFLICT,
		   incident_update(ctx, id, "Encore un mot sur tout cela.", NULL));
}

static void test_duplicates_are_gathered_and_let_go(void **state)
{
	struct ctx *ctx = *state;
	int64_t one = forum_ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	int64_t other = forum_ask(ctx, forum_person(ctx, "Max", ROLE_CUSTOMER)), id, done;
	const int64_t both[] = { one, other, one };
	struct incident_view view;

	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	id = open_incident(ctx, "Panne du portail des clients");
	assert_ok(ctx, incident_gather(ctx, id, both, ARRAY_COUNT(both), &done));
	assert_int_equal(done, 2);
	assert_ok(ctx, incident_load(ctx, id, &view));
	assert_int_equal(view.duplicate_count, 2);
	assert_int_equal(view.incident.duplicate_count, 2);
	/* Whoever asked has it too. */
	assert_int_equal(view.incident.me_too_count, 2);
	assert_ok(ctx, incident_release(ctx, id, one));
	assert_ok(ctx, incident_load(ctx, id, &view));
	assert_int_equal(view.duplicate_count, 1);
	assert_int_equal(view.duplicates[0].id, other);
	assert_ok(ctx, incident_close(ctx, id, "", "", NULL));
}

/* The team's own announcement is no question that waits for somebody. */
static void test_official_thread_is_not_in_the_queue(void **state)
{
	struct ctx *ctx = *state;
	bool has_more = true;
	int64_t id;

	/* Thousands of questions of the other tests. */
	forum_sql(ctx, "update desk_events set is_new = false");
	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	id = open_incident(ctx, "Panne de la messagerie");
	while (has_more)
		assert_ok(ctx, desk_work(ctx, &has_more));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from incidents i join desk_questions q"
				      " on q.topic_id = i.topic_id"
				      " where i.id = $1 and q.stage <> 'done'",
				      id),
			 0);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from desk_events where is_new"
			     " and topic_id = (select topic_id from incidents where id = $1)",
			     id),
		0);
	assert_ok(ctx, incident_close(ctx, id, "", "", NULL));
}

static void test_only_the_team_runs_incidents(void **state)
{
	struct ctx *ctx = *state;
	struct incident_new form;
	struct crisis_alerts alerts;
	int64_t id, done;

	ctx->actor = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	form = form_of(ctx, "Panne de tout ce qui existe");
	assert_err(ctx, ERR_FORBIDDEN, incident_open(ctx, &form, &id));
	assert_err(ctx, ERR_FORBIDDEN, incident_update(ctx, 1, "Bonjour à tous.", NULL));
	assert_err(ctx, ERR_FORBIDDEN, incident_gather(ctx, 1, &done, 0, &done));
	assert_err(ctx, ERR_FORBIDDEN, incident_close(ctx, 1, "", "", NULL));
	assert_err(ctx, ERR_FORBIDDEN, incident_reopen(ctx, 1));
	assert_err(ctx, ERR_FORBIDDEN, crisis_alert_list(ctx, &alerts));
}

static void test_link_of_a_banner_leads_to_a_page_or_by_https(void **state)
{
	static const char *const bad[] = { "javascript:alert(1)", "//evil.example/",
					   "http://x.example/",   "https://",
					   "/\\evil.example",     "about" };
	struct ctx *ctx = *state;
	struct incident_new form;
	int64_t id;

	ctx->actor = forum_person(ctx, "Ada", ROLE_ADVISOR);
	form = form_of(ctx, "Panne de la page d’accueil");
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		form.banner.link = bad[i];
		assert_int_equal(incident_open(ctx, &form, &id), ERR_INVALID);
		assert_string_equal(ctx->error.field, "link");
		error_clear(ctx);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_rise_of_a_category_is_one_alert_that_ends_by_itself),
		FORUM_TEST(test_counts_follow_from_the_questions),
		FORUM_TEST(test_watched_word_raises_an_alert),
		FORUM_TEST(test_incident_has_banner_thread_and_pin_until_it_is_closed),
		FORUM_TEST(test_incident_form_sent_twice_opens_one),
		FORUM_TEST(test_second_banner_in_a_place_is_refused),
		FORUM_TEST(test_update_is_pinned_and_told_to_followers),
		FORUM_TEST(test_duplicates_are_gathered_and_let_go),
		FORUM_TEST(test_official_thread_is_not_in_the_queue),
		FORUM_TEST(test_only_the_team_runs_incidents),
		FORUM_TEST(test_link_of_a_banner_leads_to_a_page_or_by_https),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_crisis");
}
