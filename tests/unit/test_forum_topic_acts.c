/*
 * Acts of the team on whole questions: what merging and splitting carry along, what
 * undoing gives back, when it is refused; and random sequences of all of it, after each
 * of which no derived value differs from its source.
 */
#include "mirror_fixture.h"

#include "forum/follow.h"
#include "forum/topic_act.h"

struct scene {
	struct actor *asker, *other, *helper, *moderator, *advisor, *administrator;
	int64_t kept, gone;                   /* two questions */
	int64_t kept_answer, answer, comment; /* the latter two in "gone" */
	int64_t question_comment;             /* on the question of "gone" */
	int64_t gone_question;
};

static struct scene make_scene(struct ctx *ctx)
{
	struct scene scene = {
		.asker = forum_person(ctx, "Zoé", ROLE_CUSTOMER),
		.other = forum_person(ctx, "Marie", ROLE_CUSTOMER),
		.helper = forum_person(ctx, "Karim", ROLE_CUSTOMER),
		.moderator = forum_person(ctx, "Inès", ROLE_MODERATOR),
		.advisor = forum_person(ctx, "Léa", ROLE_ADVISOR),
		.administrator = forum_person(ctx, "Ada", ROLE_ADMINISTRATOR),
	};

	scene.kept = forum_ask(ctx, scene.other);
	scene.kept_answer = forum_answer(ctx, scene.helper, scene.kept,
					 "Redémarrez la box d'abord.");
	scene.gone = forum_ask(ctx, scene.asker);
	scene.gone_question = forum_question_of(ctx, scene.gone);
	scene.answer = forum_answer(ctx, scene.helper, scene.gone,
				    "Changez plutôt l'alimentation.");
	scene.comment = forum_comment(ctx, scene.asker, scene.answer, "Merci, cela marche.");
	scene.question_comment = forum_comment(ctx, scene.helper, scene.gone_question,
					       "Depuis quand, au juste ?");
	return scene;
}

static enum err merge(struct ctx *ctx, int64_t from, int64_t into)
{
	const char *path;

	return topic_merge(ctx,
			   &(struct topic_act_form){ .topic_id = from, .reason = "même panne" },
			   arena_printf(ctx->arena, "/t/%lld-x", (long long)into), &path);
}

static enum err split(struct ctx *ctx, int64_t topic_id, int64_t post_id, int64_t *new_id)
{
	struct topic_split form = { .post_ids = &post_id,
				    .count = 1,
				    .title = "Une autre question, détachée de la première",
				    .category_id = forum_category(ctx) };
	const char *path = "";
	enum err result = topic_split(ctx, &(struct topic_act_form){ .topic_id = topic_id }, &form,
				      &path);

	if (result == OK)
		*new_id = strtoll(path + strlen("/t/"), NULL, 10);
	return result;
}

static int64_t last_act(struct ctx *ctx, int64_t topic_id)
{
	return forum_number(ctx, "select max(id) from topic_acts where topic_id = $1", topic_id);
}

static enum err undo(struct ctx *ctx, int64_t act_id)
{
	const char *path;

	return topic_act_undo(ctx, act_id, NULL, &path);
}

static int64_t topic_of(struct ctx *ctx, int64_t post_id)
{
	return forum_number(ctx, "select topic_id from posts where id = $1", post_id);
}

static void assert_row(struct ctx *ctx, const char *sql, int64_t id)
{
	if (forum_number(ctx, arena_printf(ctx->arena, "select count(*) from %s", sql), id) != 1)
		fail_msg("not so: %s (%lld)", sql, (long long)id);
}

/* Merging ---------------------------------------------------------------------------- */

static void test_merging_carries_everything_along(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct actor *follower = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	struct topic topic;
	const char *path;

	ctx->actor = follower;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, scene.gone, true));
	assert_ok(ctx, topic_me_too(ctx, scene.gone, true));
	assert_ok(ctx, post_thank(ctx, scene.answer, true));
	ctx->actor = scene.asker;
	assert_ok(ctx, post_accept(ctx, scene.answer, true));
	ctx->actor = scene.moderator;
	forum_sql(ctx, "delete from search_marks");
	assert_ok(ctx, merge(ctx, scene.gone, scene.kept));

	assert_ok(ctx, topic_load(ctx, scene.kept, &topic));
	assert_int_equal(topic.answer_count, 2);
	assert_int_equal(topic.comment_count, 3);
	assert_int_equal(topic.accepted_count, 1);
	assert_int_equal(topic.me_too_count, 2); /* Luc and Zoé, who asked it */
	assert_int_equal(topic.state, TOPIC_SOLVED);
	assert_row(ctx,
		   "follows where kind = 'topic' and target_id = $1 and person_id ="
		   " (select max(id) from people where name = 'Luc')",
		   scene.kept);
	assert_row(ctx,
		   "posts where id = $1 and kind = 'answer' and thanks_count = 1"
		   " and accepted_at is not null and comment_count = 1",
		   scene.answer);
	assert_row(
		ctx,
		"posts p join posts q on q.id = p.parent_id where p.id = $1 and p.kind = 'comment'"
		" and q.kind = 'question' and q.topic_id = p.topic_id",
		scene.gone_question);
	assert_row(ctx,
		   arena_printf(ctx->arena, "posts where id = $1 and reply_to_id = %lld",
				(long long)scene.gone_question),
		   scene.question_comment);
	/* Old addresses. */
	assert_err(ctx, ERR_GONE, topic_load(ctx, scene.gone, &topic));
	assert_ok(ctx, topic_merged_path(ctx, scene.gone, &path));
	assert_non_null(strstr(path, arena_printf(ctx->arena, "/t/%lld-", (long long)scene.kept)));
	assert_ok(ctx, post_path(ctx, scene.answer, &path));
	assert_non_null(strstr(path, arena_printf(ctx->arena, "/t/%lld-", (long long)scene.kept)));
	assert_row(ctx, "audit_log where action = 'topic_merge' and subject_id = $1", scene.gone);
	assert_row(ctx, "search_marks where topic_id = $1", scene.gone);
	assert_row(ctx, "search_marks where topic_id = $1", scene.kept);
	assert_checks_clean(ctx);
}

static void test_merging_comes_once_by_its_forms_key(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic_act_form form = { .topic_id = scene.gone, .form_key = "merging-a-question-1" };
	const char *into = arena_printf(ctx->arena, "%lld", (long long)scene.kept);
	const char *first, *second;

	ctx->actor = scene.moderator;
	assert_ok(ctx, topic_merge(ctx, &form, into, &first));
	assert_ok(ctx, topic_merge(ctx, &form, into, &second));
	assert_string_equal(first, second);
	assert_int_equal(forum_number(ctx, "select count(*) from topic_acts where topic_id = $1",
				      scene.gone),
			 1);
}

static void test_a_chain_of_merged_questions_leads_to_the_last(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t last = forum_ask(ctx, forum_person(ctx, "Anne", ROLE_CUSTOMER));
	const char *path;

	ctx->actor = scene.moderator;
	assert_ok(ctx, merge(ctx, scene.gone, scene.kept));
	assert_ok(ctx, merge(ctx, scene.kept, last));
	assert_ok(ctx, topic_merged_path(ctx, scene.gone, &path));
	assert_non_null(strstr(path, arena_printf(ctx->arena, "/t/%lld-", (long long)last)));
	assert_err(ctx, ERR_INVALID, merge(ctx, last, scene.gone));
	/* What was moved twice cannot be taken back from the middle. */
	assert_err(ctx, ERR_CONFLICT, undo(ctx, last_act(ctx, scene.gone)));
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.kept)));
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_int_equal(topic_of(ctx, scene.answer), scene.gone);
	assert_checks_clean(ctx);
}

static void test_undone_merge_gives_back_all_and_keeps_what_came_since(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t later_comment, later_answer, number;
	struct topic topic;

	number = forum_number(ctx, "select number from posts where id = $1", scene.answer);
	ctx->actor = scene.moderator;
	assert_ok(ctx, merge(ctx, scene.gone, scene.kept));
	later_comment = forum_comment(ctx, scene.other, scene.answer, "Chez moi aussi, merci.");
	later_answer = forum_answer(ctx, scene.helper, scene.kept, "Ou bien appelez-nous donc.");
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone))); /* twice is once */

	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.answer_count, 1);
	assert_int_equal(topic.comment_count, 3);
	assert_int_equal(forum_number(ctx, "select number from posts where id = $1", scene.answer),
			 number);
	assert_int_equal(topic_of(ctx, later_comment), scene.gone);
	assert_int_equal(topic_of(ctx, later_answer), scene.kept);
	assert_row(ctx, "posts where id = $1 and kind = 'question' and parent_id is null",
		   scene.gone_question);
	assert_int_equal(
		forum_number(ctx, "select count(*) from me_too where topic_id = $1", scene.kept),
		0);
	assert_row(ctx, "audit_log where action = 'topic_merge_undo' and subject_id = $1",
		   scene.gone);
	assert_checks_clean(ctx);
}

static void test_merging_is_refused_where_it_makes_no_sense(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	const char *path;

	ctx->actor = scene.advisor;
	assert_err(ctx, ERR_FORBIDDEN, merge(ctx, scene.gone, scene.kept));
	ctx->actor = scene.moderator;
	assert_err(ctx, ERR_INVALID, merge(ctx, scene.gone, scene.gone));
	assert_err(ctx, ERR_INVALID, merge(ctx, scene.gone, 987654321));
	assert_err(ctx, ERR_INVALID,
		   topic_merge(ctx, &(struct topic_act_form){ .topic_id = scene.gone }, "nowhere",
			       &path));
	assert_ok(ctx, post_withdraw(ctx, forum_question_of(ctx, scene.kept)));
	assert_err(ctx, ERR_INVALID, merge(ctx, scene.gone, scene.kept));
}

/* Splitting --------------------------------------------------------------------------- */

static void test_split_answer_asks_with_its_comments_and_comes_back(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic topic;
	int64_t new_id = 0, later;
	const char *path;

	ctx->actor = scene.asker;
	assert_ok(ctx, post_accept(ctx, scene.answer, true));
	ctx->actor = scene.moderator;
	assert_ok(ctx, split(ctx, scene.gone, scene.answer, &new_id));
	assert_ok(ctx, topic_load(ctx, new_id, &topic));
	assert_int_equal(topic.author.id, scene.helper->id);
	assert_int_equal(topic.answer_count, 0);
	assert_int_equal(topic.comment_count, 1);
	assert_row(
		ctx,
		"posts where id = $1 and kind = 'question' and number = 1 and accepted_at is null",
		scene.answer);
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.answer_count, 0);
	assert_int_equal(topic.accepted_count, 0);
	assert_checks_clean(ctx);

	later = forum_answer(ctx, scene.other, new_id, "Et chez moi, rien de tout cela.");
	ctx->actor = scene.moderator;
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_int_equal(topic_of(ctx, later), scene.gone);
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.answer_count, 2);
	assert_int_equal(topic.accepted_count, 1);
	assert_ok(ctx, topic_merged_path(ctx, new_id, &path));
	assert_non_null(path);
	assert_checks_clean(ctx);
}

static void test_split_is_refused_without_answers_title_or_right(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t new_id = 0;

	ctx->actor = scene.helper;
	assert_err(ctx, ERR_FORBIDDEN, split(ctx, scene.gone, scene.answer, &new_id));
	ctx->actor = scene.moderator;
	assert_err(ctx, ERR_INVALID, split(ctx, scene.gone, scene.comment, &new_id));
	assert_err(ctx, ERR_INVALID, split(ctx, scene.gone, scene.kept_answer, &new_id));
	assert_ok(ctx, post_withdraw(ctx, scene.answer));
	assert_err(ctx, ERR_INVALID, split(ctx, scene.gone, scene.answer, &new_id));
}

/* Fields ------------------------------------------------------------------------------- */

static void test_locked_question_is_for_moderators_only(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic_act_form form = { .topic_id = scene.gone };
	struct topic topic;
	struct subject subject;

	ctx->actor = scene.advisor;
	assert_err(ctx, ERR_FORBIDDEN, topic_set_lock(ctx, &form, true));
	ctx->actor = scene.moderator;
	assert_ok(ctx, topic_set_lock(ctx, &form, true));
	assert_ok(ctx, topic_set_lock(ctx, &form, true));
	assert_int_equal(forum_number(ctx, "select count(*) from topic_acts where topic_id = $1",
				      scene.gone),
			 1);
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	subject = topic_subject(ctx, &topic);
	assert_false(policy_can(scene.asker, MAY_ANSWER, &subject));
	assert_false(policy_can(scene.advisor, MAY_ANSWER, &subject));
	assert_true(policy_can(scene.moderator, MAY_ANSWER, &subject));
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_false(topic.is_locked);
}

static void test_later_change_of_the_same_field_stands_in_the_way(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic_act_form form = { .topic_id = scene.gone };
	int64_t first;
	struct topic topic;

	ctx->actor = scene.moderator;
	assert_err(ctx, ERR_INVALID, topic_set_pin(ctx, &form, PIN_CATEGORY, ctx->now - 1));
	assert_ok(ctx, topic_set_pin(ctx, &form, PIN_CATEGORY, ctx->now + CLOCK_DAY));
	first = last_act(ctx, scene.gone);
	assert_ok(ctx, topic_set_pin(ctx, &form, PIN_EVERYWHERE, 0));
	assert_ok(ctx, topic_set_lock(ctx, &form, true)); /* of another field: no matter */
	assert_err(ctx, ERR_CONFLICT, undo(ctx, first));
	assert_ok(ctx, undo(ctx, first + 1));
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.pin, PIN_CATEGORY);
	assert_int_equal(topic.pinned_until, ctx->now + CLOCK_DAY);
	assert_ok(ctx, undo(ctx, first));
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.pin, PIN_NONE);
	assert_int_equal(topic.pinned_until, 0);
}

static void test_closing_says_why_and_is_undone(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic topic;

	ctx->actor = scene.advisor;
	assert_ok(ctx, topic_set_status(ctx, &(struct topic_status_change){
						     .id = scene.gone,
						     .status = STATUS_CLOSED,
						     .reason = "Le service a pris fin." }));
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.status, STATUS_CLOSED);
	assert_string_equal(topic.status_reason, "Le service a pris fin.");
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_ok(ctx, topic_load(ctx, scene.gone, &topic));
	assert_int_equal(topic.status, STATUS_OPEN);
	assert_string_equal(topic.status_reason, "");
}

static void test_withdrawn_question_comes_back_by_undoing(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);

	ctx->actor = scene.moderator;
	assert_ok(ctx, post_withdraw(ctx, scene.gone_question));
	assert_row(ctx, "topics where id = $1 and visibility = 'withdrawn'", scene.gone);
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_row(ctx, "topics where id = $1 and visibility = 'visible'", scene.gone);
	assert_checks_clean(ctx);
}

static void test_post_gets_another_author_and_time_and_its_own_again(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	struct topic_act_form form = { .topic_id = scene.gone };
	struct post_origin origin = { .post_id = scene.gone_question,
				      .author_id = scene.other->id,
				      .created_at = FORUM_DAY_ONE };

	ctx->actor = scene.moderator;
	assert_err(ctx, ERR_FORBIDDEN, post_set_origin(ctx, &form, &origin));
	ctx->actor = scene.administrator;
	assert_ok(ctx, post_set_origin(ctx, &form, &origin));
	assert_row(ctx,
		   arena_printf(ctx->arena, "topics where id = $1 and author_id = %lld",
				(long long)scene.other->id),
		   scene.gone);
	assert_checks_clean(ctx);
	origin.author_id = 0;
	origin.author_name = "Un ancien";
	assert_ok(ctx, post_set_origin(ctx, &form, &origin));
	assert_checks_clean(ctx);
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone)));
	assert_ok(ctx, undo(ctx, last_act(ctx, scene.gone) - 1));
	assert_row(ctx,
		   arena_printf(ctx->arena, "topics where id = $1 and author_id = %lld",
				(long long)scene.asker->id),
		   scene.gone);
	assert_checks_clean(ctx);
}

/* At random ---------------------------------------------------------------------------- */

#define TOPICS 5
#define STEPS  60

static uint32_t seed;

static int roll(int sides)
{
	seed = seed * 1664525u + 1013904223u;
	return (int)((seed >> 8) % (uint32_t)sides);
}

static int64_t some_answer(struct ctx *ctx, int64_t topic_id)
{
	return forum_number(
		ctx,
		arena_printf(ctx->arena,
			     "select coalesce((select id from posts where topic_id = $1 and kind ="
			     " 'answer' order by (id * %d) %% 101 limit 1), 0)",
			     1 + roll(100)),
		topic_id);
}

static void do_something(struct ctx *ctx, const struct scene *scene, const int64_t *topics)
{
	struct topic_act_form form = { .topic_id = topics[roll(TOPICS)] };
	int64_t other = topics[roll(TOPICS)], post = some_answer(ctx, form.topic_id), ignored;
	enum err result = OK;

	ctx->actor = scene->moderator;
	forum_sql(ctx, "delete from throttles");
	switch (roll(8)) {
	case 0:
	case 1:
		result = merge(ctx, form.topic_id, other);
		break;
	case 2:
		result = split(ctx, form.topic_id, post, &ignored);
		break;
	case 3:
		result = topic_set_lock(ctx, &form, roll(2));
		break;
	case 4:
		result = post_withdraw(ctx, post ? post : scene->answer);
		break;
	case 5:
		ctx->actor = scene->helper;
		result = answer_create(
			ctx,
			&(struct answer_new){ .topic_id = form.topic_id,
					      .body_md = arena_printf(ctx->arena,
								      "Encore une réponse, la %dᵉ.",
								      roll(1000000)) },
			&ignored, &(const char *){ "" });
		break;
	case 6:
		ctx->actor = scene->asker;
		result = post_accept(ctx, post ? post : scene->answer, true);
		break;
	case 7:
		result = undo(
			ctx,
			forum_number(
				ctx,
				"select coalesce((select id from topic_acts"
				" where undone_at is null order by random() + 0 * $1 limit 1), 0)",
				0));
		break;
	}
	/* Refused is well; broken is not. */
	if (result == ERR_INTERNAL || result == ERR_UNAVAILABLE)
		fail_msg("%s: %s", err_name(result), ctx->error.details ? ctx->error.details : "");
}

/* No topic without its one question, no comment away from what it is on. */
static void assert_whole(struct ctx *ctx)
{
	assert_int_equal(
		forum_number(
			ctx,
			"select $1 + (select count(*) from posts c join posts p on p.id = c.parent_id"
			" where c.topic_id <> p.topic_id or p.kind = 'comment')"
			" + (select count(*) from topics t where (t.merged_into is null) <> exists"
			"  (select from posts q where q.topic_id = t.id and q.kind = 'question'))"
			" + (select count(*) from topics t where t.merged_into is not null and exists"
			"  (select from posts q where q.topic_id = t.id))",
			0),
		0);
}

static void test_whatever_is_done_and_undone_the_counts_are_right(void **state)
{
	struct ctx *ctx = *state;

	for (uint32_t story = 1; story <= 12; story++) {
		struct scene scene = make_scene(ctx);
		int64_t topics[TOPICS] = { scene.kept, scene.gone };

		seed = story * 2654435761u;
		for (int i = 2; i < TOPICS; i++) {
			topics[i] = forum_ask(ctx, forum_person(ctx, "Anne", ROLE_CUSTOMER));
			forum_answer(ctx, forum_person(ctx, "Ben", ROLE_CUSTOMER), topics[i],
				     "Une réponse assez longue, voilà.");
		}
		for (int step = 0; step < STEPS; step++) {
			do_something(ctx, &scene, topics);
			assert_checks_clean(ctx);
			assert_whole(ctx);
		}
		ctx->actor = &actor_system;
	}
}

/* All acts of a story undone, the last first: everything stands where it stood. */
static void test_undoing_everything_leads_back_to_the_beginning(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t topics[TOPICS] = { scene.kept, scene.gone }, act, before, first;
	static const char *const places =
		"select sum(hashtext(concat(p.id, p.topic_id, p.number, p.kind,"
		" p.parent_id, p.reply_to_id, p.accepted_at)) * $1)::bigint from posts p";

	for (int i = 2; i < TOPICS; i++)
		topics[i] = forum_ask(ctx, forum_person(ctx, "Anne", ROLE_CUSTOMER));
	ctx->actor = scene.moderator;
	before = forum_number(ctx, places, 1);
	first = forum_number(ctx, "select coalesce(max(id), 0) + 0 * $1 from topic_acts", 0);
	seed = 4711;
	for (int step = 0; step < 40; step++) {
		int64_t post = some_answer(ctx, topics[roll(TOPICS)]), ignored;

		if (roll(3) > 0)
			(void)!merge(ctx, topics[roll(TOPICS)], topics[roll(TOPICS)]);
		else
			(void)!split(ctx, topics[roll(TOPICS)], post, &ignored);
	}
	for (;;) {
		act = forum_number(
			ctx,
			"select coalesce(max(id), 0) from topic_acts where undone_at is null and id > $1",
			first);
		if (!act)
			break;
		assert_ok(ctx, undo(ctx, act));
	}
	assert_int_equal(forum_number(ctx, places, 1), before);
	assert_checks_clean(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_merging_carries_everything_along),
		FORUM_TEST(test_merging_comes_once_by_its_forms_key),
		FORUM_TEST(test_a_chain_of_merged_questions_leads_to_the_last),
		FORUM_TEST(test_undone_merge_gives_back_all_and_keeps_what_came_since),
		FORUM_TEST(test_merging_is_refused_where_it_makes_no_sense),
		FORUM_TEST(test_split_answer_asks_with_its_comments_and_comes_back),
		FORUM_TEST(test_split_is_refused_without_answers_title_or_right),
		FORUM_TEST(test_locked_question_is_for_moderators_only),
		FORUM_TEST(test_later_change_of_the_same_field_stands_in_the_way),
		FORUM_TEST(test_closing_says_why_and_is_undone),
		FORUM_TEST(test_withdrawn_question_comes_back_by_undoing),
		FORUM_TEST(test_post_gets_another_author_and_time_and_its_own_again),
		FORUM_TEST(test_whatever_is_done_and_undone_the_counts_are_right),
		FORUM_TEST(test_undoing_everything_leads_back_to_the_beginning),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_topic_acts");
}
