/*
 * Polls: who asks one and how, votes and their counts, when figures are shown, what joining
 * questions does to them, and removal.
 */
#include "forum_fixture.h"

#include "base/clock.h"
#include "forum/poll.h"
#include "forum/topic_act.h"

struct scene {
	struct actor *asker, *voter, *other, *moderator;
	int64_t topic;
};

static struct scene make_scene(struct ctx *ctx)
{
	struct scene scene = {
		.asker = forum_person(ctx, "Zoé", ROLE_CUSTOMER),
		.voter = forum_person(ctx, "Marie", ROLE_CUSTOMER),
		.other = forum_person(ctx, "Karim", ROLE_CUSTOMER),
		.moderator = forum_person(ctx, "Inès", ROLE_MODERATOR),
	};

	scene.asker->trust_level = TRUST_BASIC;
	scene.topic = forum_ask(ctx, scene.asker);
	return scene;
}

static struct poll_new form_of(const struct ctx *ctx, int64_t topic_id, enum poll_shows shows)
{
	return (struct poll_new){ .topic_id = topic_id,
				  .question = "Quelle couleur ?",
				  .choices = "Bleu\r\n\r\n  Vert \nRouge",
				  .shows = shows,
				  .closes_at = ctx->now + CLOCK_DAY };
}

static enum err create(struct ctx *ctx, const struct poll_new *form)
{
	const char *path;

	return poll_create(ctx, form, &path);
}

static void ask_poll(struct ctx *ctx, const struct scene *scene, enum poll_shows shows)
{
	struct poll_new form = form_of(ctx, scene->topic, shows);

	ctx->actor = scene->asker;
	assert_ok(ctx, create(ctx, &form));
}

static enum err vote(struct ctx *ctx, const struct actor *who, int64_t topic_id, int64_t position)
{
	ctx->actor = who;
	return poll_vote(ctx, topic_id, &position, 1);
}

static struct poll seen(struct ctx *ctx, const struct actor *who, int64_t topic_id)
{
	struct topic topic;
	struct poll poll;

	ctx->actor = who;
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_ok(ctx, poll_load(ctx, &topic, &poll));
	return poll;
}

static void test_a_poll_is_asked_once_with_two_to_ten_choices(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct poll_new form = form_of(ctx, scene.topic, POLL_ALWAYS);
	struct poll poll;

	ctx->actor = scene.asker;
	form.choices = "Bleu\n\n";
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	form.choices = "Bleu\nVert\nBleu";
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	form.choices = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11";
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	form = form_of(ctx, scene.topic, POLL_ALWAYS);
	form.closes_at = ctx->now;
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	form.closes_at = ctx->now + (POLL_DAYS_MAX + 1) * CLOCK_DAY;
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	form = form_of(ctx, scene.topic, POLL_ALWAYS);
	form.question = " ";
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
	assert_int_equal(seen(ctx, scene.asker, scene.topic).id, 0);
	ask_poll(ctx, &scene, POLL_ALWAYS);
	poll = seen(ctx, scene.voter, scene.topic);
	assert_int_equal(poll.choice_count, 3);
	assert_string_equal(poll.choices[1].label, "Vert");
	form = form_of(ctx, scene.topic, POLL_ALWAYS);
	ctx->actor = scene.asker;
	assert_err(ctx, ERR_INVALID, create(ctx, &form));
}

static void test_only_trusted_authors_and_the_team_ask_polls(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct poll_new form = form_of(ctx, scene.topic, POLL_ALWAYS);

	scene.voter->trust_level = TRUST_LEADER;
	ctx->actor = scene.voter;
	assert_err(ctx, ERR_FORBIDDEN, create(ctx, &form));
	scene.asker->trust_level = TRUST_NEW;
	ctx->actor = scene.asker;
	assert_err(ctx, ERR_FORBIDDEN, create(ctx, &form));
	ctx->actor = scene.moderator;
	assert_ok(ctx, create(ctx, &form));
}

static void test_a_vote_counts_once_and_can_be_changed(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	const int64_t both[] = { 1, 2 };
	struct poll poll;

	ask_poll(ctx, &scene, POLL_ALWAYS);
	assert_ok(ctx, vote(ctx, scene.voter, scene.topic, 1));
	assert_ok(ctx, vote(ctx, scene.voter, scene.topic, 1));
	assert_ok(ctx, vote(ctx, scene.other, scene.topic, 1));
	assert_ok(ctx, vote(ctx, scene.asker, scene.topic, 3));
	assert_ok(ctx, vote(ctx, scene.other, scene.topic, 2));
	poll = seen(ctx, scene.other, scene.topic);
	assert_int_equal(poll.voter_count, 3);
	assert_int_equal(poll.choices[0].votes, 1);
	assert_int_equal(poll.choices[1].votes, 1);
	assert_int_equal(poll.choices[2].votes, 1);
	assert_int_equal(poll.choices[0].percent, 33);
	assert_true(poll.choices[1].is_mine && !poll.choices[0].is_mine);
	assert_err(ctx, ERR_BAD_REQUEST, vote(ctx, scene.voter, scene.topic, 4));
	ctx->actor = scene.voter;
	assert_err(ctx, ERR_INVALID, poll_vote(ctx, scene.topic, both, 2));
	assert_err(ctx, ERR_INVALID, poll_vote(ctx, scene.topic, both, 0));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, poll_vote(ctx, scene.topic, both, 1));
}

static void test_of_several_choices_each_counts(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct poll_new form = form_of(ctx, scene.topic, POLL_ALWAYS);
	const int64_t both[] = { 1, 3, 1 };
	struct poll poll;

	form.is_multiple = true;
	ctx->actor = scene.asker;
	assert_ok(ctx, create(ctx, &form));
	ctx->actor = scene.voter;
	assert_ok(ctx, poll_vote(ctx, scene.topic, both, 3));
	assert_ok(ctx, vote(ctx, scene.other, scene.topic, 3));
	poll = seen(ctx, scene.other, scene.topic);
	assert_int_equal(poll.voter_count, 2);
	assert_int_equal(poll.choices[0].percent, 50);
	assert_int_equal(poll.choices[2].percent, 100);
}

static void test_figures_are_shown_when_the_poll_says_so(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);

	ask_poll(ctx, &scene, POLL_VOTED);
	assert_false(seen(ctx, scene.voter, scene.topic).shows_results);
	assert_false(seen(ctx, scene.asker, scene.topic).is_public);
	assert_true(seen(ctx, scene.moderator, scene.topic).shows_results);
	assert_ok(ctx, vote(ctx, scene.voter, scene.topic, 1));
	assert_true(seen(ctx, scene.voter, scene.topic).shows_results);
	forum_sql(ctx, "update polls set shows = 'closed'");
	assert_false(seen(ctx, scene.voter, scene.topic).shows_results);
	ctx->now += 2 * CLOCK_DAY;
	assert_true(seen(ctx, scene.other, scene.topic).is_public);
	assert_false(seen(ctx, scene.other, scene.topic).can_vote);
	assert_err(ctx, ERR_INVALID, vote(ctx, scene.other, scene.topic, 1));
}

static void test_a_poll_goes_along_with_a_joined_question_and_comes_back(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t into = forum_ask(ctx, scene.other);
	struct topic topic;
	struct topic_act *acts;
	const char *path;
	size_t count;

	ask_poll(ctx, &scene, POLL_ALWAYS);
	assert_ok(ctx, vote(ctx, scene.voter, scene.topic, 2));
	ctx->actor = scene.moderator;
	assert_ok(ctx, topic_merge(ctx, &(struct topic_act_form){ .topic_id = scene.topic },
				   arena_printf(ctx->arena, "%lld", (long long)into), &path));
	assert_ok(ctx, topic_load(ctx, into, &topic));
	assert_true(topic.has_poll);
	assert_ok(ctx, vote(ctx, scene.other, into, 2));
	assert_int_equal(seen(ctx, scene.voter, into).choices[1].votes, 2);
	ctx->actor = scene.moderator;
	assert_ok(ctx, topic_act_list(ctx, into, &acts, &count));
	assert_ok(ctx, topic_act_undo(ctx, acts[0].id, NULL, &path));
	assert_ok(ctx, topic_load(ctx, into, &topic));
	assert_false(topic.has_poll);
	assert_int_equal(seen(ctx, scene.voter, scene.topic).choices[1].votes, 2);
}

static void test_moderators_remove_a_poll_with_a_reason(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct poll poll;

	ask_poll(ctx, &scene, POLL_ALWAYS);
	assert_err(ctx, ERR_FORBIDDEN, poll_remove(ctx, scene.topic, "Je ne veux plus"));
	ctx->actor = scene.moderator;
	assert_err(ctx, ERR_INVALID, poll_remove(ctx, scene.topic, " "));
	assert_ok(ctx, poll_remove(ctx, scene.topic, "Hors sujet"));
	assert_err(ctx, ERR_NOT_FOUND, poll_remove(ctx, scene.topic, "Encore"));
	poll = seen(ctx, scene.voter, scene.topic);
	assert_true(poll.is_removed && !poll.can_vote && !poll.shows_results && !poll.is_public);
	assert_string_equal(poll.removal_reason, "Hors sujet");
	assert_err(ctx, ERR_NOT_FOUND, vote(ctx, scene.voter, scene.topic, 1));
	assert_int_equal(forum_number(ctx,
				      "select count(*) from audit_log where subject_id = $1"
				      " and action = 'poll_removed'",
				      poll.id),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_poll_is_asked_once_with_two_to_ten_choices),
		FORUM_TEST(test_only_trusted_authors_and_the_team_ask_polls),
		FORUM_TEST(test_a_vote_counts_once_and_can_be_changed),
		FORUM_TEST(test_of_several_choices_each_counts),
		FORUM_TEST(test_figures_are_shown_when_the_poll_says_so),
		FORUM_TEST(test_a_poll_goes_along_with_a_joined_question_and_comes_back),
		FORUM_TEST(test_moderators_remove_a_poll_with_a_reason),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_polls");
}
