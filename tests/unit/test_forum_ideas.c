/*
 * Ideas: which topics are some, what may happen to them, the stages and who is told, and
 * the lists.
 */
#include "forum_fixture.h"

#include "forum/category_change.h"
#include "forum/idea.h"
#include "forum/notification.h"
#include "forum/post.h"

struct scene {
	struct actor *proposer, *voter, *follower, *advisor, *administrator;
	int64_t questions, ideas; /* categories */
};

static int64_t put_category(struct ctx *ctx, const char *slug, bool is_for_ideas)
{
	const struct category_new form = {
		.slug = slug, .name_fr = slug, .name_en = slug, .is_for_ideas = is_for_ideas
	};
	int64_t id = 0;

	assert_ok(ctx, category_put(ctx, &form, &id));
	return id;
}

static struct scene make_scene(struct ctx *ctx)
{
	return (struct scene){
		.proposer = forum_person(ctx, "Zoé", ROLE_CUSTOMER),
		.voter = forum_person(ctx, "Marie", ROLE_CUSTOMER),
		.follower = forum_person(ctx, "Karim", ROLE_CUSTOMER),
		.advisor = forum_person(ctx, "Léa", ROLE_ADVISOR),
		.administrator = forum_person(ctx, "Ada", ROLE_ADMINISTRATOR),
		.questions = forum_category(ctx),
		.ideas = put_category(ctx, "boite-a-idees", true),
	};
}

static int64_t propose(struct ctx *ctx, const struct scene *scene)
{
	return forum_put_topic(ctx, (struct forum_new_topic){ .category_id = scene->ideas,
							      .author_id = scene->proposer->id });
}

static enum err set_stage(struct ctx *ctx, int64_t topic_id, enum idea_stage stage,
			  const char *reason)
{
	return idea_set_stage(
		ctx, &(struct topic_act_form){ .topic_id = topic_id, .reason = reason }, stage);
}

static enum idea_stage stage_of(struct ctx *ctx, int64_t topic_id)
{
	struct topic topic;

	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	return topic.stage;
}

static void move(struct ctx *ctx, int64_t topic_id, int64_t category_id)
{
	assert_ok(ctx,
		  topic_move(ctx, &(struct topic_act_form){ .topic_id = topic_id }, category_id));
}

static void test_what_stands_in_a_category_for_ideas_is_one(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t question = forum_ask(ctx, scene.proposer), idea = propose(ctx, &scene);

	assert_int_equal(stage_of(ctx, question), IDEA_NONE);
	assert_int_equal(stage_of(ctx, idea), IDEA_PROPOSED);
}

static void test_an_idea_that_is_moved_away_has_its_stage_again_when_it_comes_back(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t idea = propose(ctx, &scene);

	ctx->actor = scene.advisor;
	assert_ok(ctx, set_stage(ctx, idea, IDEA_PLANNED, "Au printemps"));
	move(ctx, idea, scene.questions);
	assert_int_equal(stage_of(ctx, idea), IDEA_NONE);
	assert_err(ctx, ERR_NOT_FOUND, set_stage(ctx, idea, IDEA_DONE, "Fait"));
	move(ctx, idea, scene.ideas);
	assert_int_equal(stage_of(ctx, idea), IDEA_PLANNED);
}

static void test_a_changed_purpose_changes_what_stands_there(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct category_history history;
	struct category_form form = { 0 };
	struct category_rows rows;
	int64_t idea = propose(ctx, &scene), id;

	ctx->actor = scene.administrator;
	assert_ok(ctx, category_rows_load(ctx, &rows));
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i].id == scene.ideas)
			form.row = rows.items[i];
	assert_true(form.row.is_for_ideas);
	form.row.is_for_ideas = false;
	form.reason = "";
	assert_ok(ctx, category_save(ctx, &form, &id));
	assert_int_equal(stage_of(ctx, idea), IDEA_NONE);
	assert_ok(ctx, category_history_load(ctx, scene.ideas, &history));
	assert_string_equal(history.items[0].what, "purpose");
	form.follows_id = history.newest_id;
	assert_ok(ctx, category_undo(ctx, &form));
	assert_int_equal(stage_of(ctx, idea), IDEA_PROPOSED);
}

static void test_nothing_is_solved_under_an_idea(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t topic = forum_ask(ctx, scene.proposer);
	int64_t answer = forum_answer(ctx, scene.voter, topic,
				      "Moi aussi, et le plus vite possible.");
	int64_t other = forum_answer(ctx, scene.follower, topic, "Plutôt en bleu, si possible.");
	struct topic_view view;

	ctx->actor = scene.proposer;
	assert_ok(ctx, post_accept(ctx, answer, true));
	ctx->actor = scene.advisor;
	move(ctx, topic, scene.ideas);
	ctx->actor = scene.proposer;
	assert_ok(ctx, topic_view_load(ctx, topic, 1, ORDER_DATE, &view));
	assert_int_equal(view.accepted_count, 0);
	assert_int_equal(view.answers[0].accepted_at, 0);
	assert_true(view.topic.state != TOPIC_SOLVED);
	assert_false(view.answers[0].can.accept || view.can.set_stage);
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, other, true));
}

static bool is_listed(struct ctx *ctx, enum topic_filter filter, int64_t id)
{
	const struct topic_query query = { .filter = filter };
	struct topic_list list;

	assert_ok(ctx, topic_list(ctx, &query, &list));
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].id == id)
			return true;
	return false;
}

static void test_an_idea_waits_for_no_answer(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t idea = propose(ctx, &scene);

	assert_true(is_listed(ctx, FILTER_NEW, idea));
	assert_false(is_listed(ctx, FILTER_UNANSWERED, idea));
	assert_false(is_listed(ctx, FILTER_UNSOLVED, idea));
}

static int64_t told(struct ctx *ctx, const struct actor *person, int64_t idea)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = 'status' and topic_id = %lld",
					 (long long)idea),
			    person->id);
}

static void test_a_stage_is_told_to_who_proposed_votes_and_follows(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t idea = propose(ctx, &scene);
	struct notification_list list;
	struct idea_changes changes;
	struct rows rows;

	ctx->actor = scene.voter;
	assert_ok(ctx, topic_me_too(ctx, idea, true));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into follows (person_id, kind, target_id)"
				    " values (%lld, 'topic', %lld)",
				    (long long)scene.follower->id, (long long)idea));
	ctx->actor = scene.voter;
	assert_err(ctx, ERR_FORBIDDEN, set_stage(ctx, idea, IDEA_DONE, "Fait"));
	ctx->actor = scene.advisor;
	assert_err(ctx, ERR_INVALID, set_stage(ctx, idea, IDEA_STUDY, "  "));
	assert_err(ctx, ERR_INVALID, set_stage(ctx, idea, IDEA_NONE, "Rien"));
	assert_ok(ctx, set_stage(ctx, idea, IDEA_STUDY, "On regarde"));
	assert_ok(ctx, set_stage(ctx, idea, IDEA_NO, "Trop cher"));
	assert_int_equal(told(ctx, scene.proposer, idea), 1);
	assert_int_equal(told(ctx, scene.voter, idea), 1);
	assert_int_equal(told(ctx, scene.follower, idea), 1);
	assert_int_equal(told(ctx, scene.advisor, idea), 0);
	ctx->actor = scene.voter;
	assert_ok(ctx, notification_list(ctx, 0, &list));
	assert_int_equal(list.items[0].stage, IDEA_NO);
	idea_changes_add(ctx, idea, &rows);
	assert_ok(ctx, db_run(ctx));
	idea_changes_read(ctx, &rows, &changes);
	assert_int_equal(changes.count, 2);
	assert_int_equal(changes.items[0].stage, IDEA_NO);
	assert_string_equal(changes.items[1].reason, "On regarde");
}

static void test_an_undone_stage_leaves_the_history(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t idea = propose(ctx, &scene);
	struct idea_changes changes;
	struct topic_act *acts;
	const char *path;
	struct rows rows;
	size_t count;

	ctx->actor = scene.advisor;
	assert_ok(ctx, set_stage(ctx, idea, IDEA_STUDY, "On regarde"));
	assert_ok(ctx, set_stage(ctx, idea, IDEA_DONE, "Fait"));
	assert_ok(ctx, topic_act_list(ctx, idea, &acts, &count));
	assert_int_equal(count, 2);
	assert_err(ctx, ERR_CONFLICT, topic_act_undo(ctx, acts[1].id, NULL, &path));
	assert_ok(ctx, topic_act_undo(ctx, acts[0].id, NULL, &path));
	assert_int_equal(stage_of(ctx, idea), IDEA_STUDY);
	idea_changes_add(ctx, idea, &rows);
	assert_ok(ctx, db_run(ctx));
	idea_changes_read(ctx, &rows, &changes);
	assert_int_equal(changes.count, 1);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from audit_log where subject_id = $1"
				      " and action in ('topic_stage', 'topic_stage_undo')",
				      idea),
			 3);
}

static void test_ideas_are_listed_by_votes_stage_by_stage_and_in_pages(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t most = 0, ids[IDEAS_PER_PAGE + 2];
	struct idea_query query = { 0 };
	struct idea_list list;

	/* Those of other tests. */
	forum_sql(ctx, "update topics set visibility = 'withdrawn' where stage <> ''");
	for (size_t i = 0; i < ARRAY_COUNT(ids); i++)
		ids[i] = propose(ctx, &scene);
	most = ids[3];
	ctx->actor = scene.voter;
	assert_ok(ctx, topic_me_too(ctx, most, true));
	ctx->actor = scene.advisor;
	assert_ok(ctx, set_stage(ctx, ids[5], IDEA_PLANNED, "Au printemps"));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set visibility = 'withdrawn' where id = %lld",
				    (long long)ids[6]));
	assert_ok(ctx, idea_list(ctx, &query, &list));
	assert_int_equal(list.ideas.items[0].id, most);
	assert_int_equal(list.ideas.count, IDEAS_PER_PAGE);
	assert_true(list.ideas.has_more);
	assert_int_equal(list.counts[IDEA_NONE], IDEAS_PER_PAGE + 1);
	assert_int_equal(list.counts[IDEA_PLANNED], 1);
	query.after = list.ideas.next;
	assert_ok(ctx, idea_list(ctx, &query, &list));
	assert_int_equal(list.ideas.count, 1);
	assert_int_equal(list.ideas.items[0].id, ids[0]);
	query = (struct idea_query){ .stage = IDEA_PLANNED, .is_by_date = true };
	assert_ok(ctx, idea_list(ctx, &query, &list));
	assert_int_equal(list.ideas.count, 1);
	assert_int_equal(list.ideas.items[0].id, ids[5]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_what_stands_in_a_category_for_ideas_is_one),
		FORUM_TEST(test_an_idea_that_is_moved_away_has_its_stage_again_when_it_comes_back),
		FORUM_TEST(test_a_changed_purpose_changes_what_stands_there),
		FORUM_TEST(test_nothing_is_solved_under_an_idea),
		FORUM_TEST(test_an_idea_waits_for_no_answer),
		FORUM_TEST(test_a_stage_is_told_to_who_proposed_votes_and_follows),
		FORUM_TEST(test_an_undone_stage_leaves_the_history),
		FORUM_TEST(test_ideas_are_listed_by_votes_stage_by_stage_and_in_pages),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_ideas");
}
