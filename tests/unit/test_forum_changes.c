/*
 * Changing what is written: editing, withdrawing, accepting, thanking, and what
 * the team sets on a question.
 */
#include "forum_fixture.h"

/* Editing ------------------------------------------------------------------- */

static void test_edit_keeps_every_version(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker), post_id = forum_question_of(ctx, topic_id);
	struct post_edit form = { .id = post_id,
				  .title = "Ma box redémarre toutes les nuits",
				  .tags = "box",
				  .body_md = FORUM_BODY " Elle est neuve.",
				  .reason = " précision " };
	struct revision *revisions;
	struct topic topic;
	const char *path;
	size_t count;

	ctx->actor = asker;
	ctx->now += CLOCK_MINUTE;
	db_count_reset(ctx->db);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 2);
	form.revision_count = 1;
	form.body_md = FORUM_BODY " Elle est neuve et blanche.";
	assert_ok(ctx, post_edit(ctx, &form, &path));

	ctx->actor = &actor_visitor;
	assert_ok(ctx, revision_list(ctx, post_id, &revisions, &count));
	assert_int_equal(count, 3);
	assert_int_equal(revisions[0].number, 2);
	assert_string_equal(revisions[0].body_md, FORUM_BODY " Elle est neuve et blanche.");
	assert_string_equal(revisions[1].reason, "précision");
	assert_string_equal(revisions[2].body_md, FORUM_BODY);
	assert_string_equal(revisions[2].title, FORUM_TITLE);
	assert_int_equal(revisions[2].editor.id, asker->id);
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_string_equal(topic.title, "Ma box redémarre toutes les nuits");
	assert_int_equal(topic.tags.count, 1);
	assert_int_equal(forum_post(ctx, post_id).edited_at, ctx->now);
}

static void test_edit_of_an_old_version_is_a_conflict(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, asker));
	struct post_edit form = { .id = post_id, .body_md = FORUM_BODY " Un." };
	const char *path;

	ctx->actor = asker;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	form.body_md = FORUM_BODY " Deux.";
	assert_int_equal(post_edit(ctx, &form, &path), ERR_CONFLICT);
	assert_non_null(ctx->error.message);
	assert_string_equal(forum_post(ctx, post_id).body_md, FORUM_BODY " Un.");
}

static void test_unchanged_text_makes_no_version(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t post_id = forum_question_of(ctx, forum_ask(ctx, asker));
	struct post_edit form = { .id = post_id,
				  .title = FORUM_TITLE,
				  .tags = "box wi-fi",
				  .body_md = FORUM_BODY "\r\n" };
	struct revision *revisions;
	const char *path;
	size_t count;

	ctx->actor = asker;
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(forum_post(ctx, post_id).revision_count, 0);
	assert_ok(ctx, revision_list(ctx, post_id, &revisions, &count));
	assert_int_equal(count, 1);
	assert_string_equal(revisions[0].body_md, FORUM_BODY);
}

static void test_edit_is_refused_to_others_and_after_the_window(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker);
	struct post_edit form = { .id = forum_question_of(ctx, topic_id),
				  .body_md = FORUM_BODY " Et alors ?" };
	const char *path;

	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, post_edit(ctx, &form, &path));
	ctx->actor = asker;
	ctx->now += policy_edit_window(false) + 1;
	assert_err(ctx, ERR_FORBIDDEN, post_edit(ctx, &form, &path));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'post_edit' and subject_id = $1",
			form.id),
		1);
}

static void test_advisor_changes_tags_and_category_but_not_words(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	struct topic_edit form = { .id = topic_id,
				   .title = FORUM_TITLE,
				   .tags = "fibre",
				   .category_id = forum_category(ctx) };
	struct topic topic;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, topic_edit(ctx, &form));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.category_id, form.category_id);
	assert_string_equal(topic.tags.items[0].name, "fibre");
	form.title = "Un tout autre titre, choisi par le conseil";
	assert_err(ctx, ERR_FORBIDDEN, topic_edit(ctx, &form));
	form.title = FORUM_TITLE;
	form.category_id = INT64_MAX;
	assert_err(ctx, ERR_INVALID, topic_edit(ctx, &form));
}

/* An import's short title and own markup stay while only the tags change. */
static void test_imported_question_is_edited_in_part(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER)),
		post_id = forum_question_of(ctx, topic_id);
	struct post_edit form = {
		.id = post_id, .title = "Beer?", .tags = "beer", .body_md = "Short."
	};
	const char *path;
	struct topic topic;

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update topics set title = 'Beer?' where id = %lld;"
			"update posts set body_md = E'Short.\r\n', body_html = '<p>Imported</p>' where id = %lld",
			(long long)topic_id, (long long)post_id));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_edit(ctx, &form, &path));
	assert_string_equal(forum_post(ctx, post_id).body.html, "<p>Imported</p>");
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_string_equal(topic.tags.items[0].name, "beer");
	form.revision_count = 1;
	form.title = "Beers?";
	assert_err(ctx, ERR_INVALID, post_edit(ctx, &form, &path));
	form.title = "Beer?";
	form.body_md = "Shorter.";
	assert_err(ctx, ERR_INVALID, post_edit(ctx, &form, &path));
}

/* Withdrawing, accepting, thanking -------------------------------------------- */

static void test_withdrawn_accepted_answer_leaves_the_topic_unsolved(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker),
		answer_id = forum_answer(ctx, writer, topic_id, FORUM_BODY);
	struct topic topic;

	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, answer_id, true));
	assert_ok(ctx, post_accept(ctx, answer_id, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_SOLVED);
	assert_int_equal(topic.solved_at, ctx->now);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from notifications where kind = 'accepted' and person_id = $1",
			writer->id),
		1);
	assert_int_equal(forum_number(ctx, "select reputation::bigint from people where id = $1",
				      writer->id),
			 15);

	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answer_id));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_NEW);
	assert_int_equal(topic.solved_at, 0);
	assert_int_equal(forum_number(ctx, "select reputation::bigint from people where id = $1",
				      writer->id),
			 0);
	assert_ok(ctx, post_restore(ctx, answer_id));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_SOLVED);
}

static void test_several_answers_are_accepted_and_can_be_undone(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker);
	int64_t first = forum_answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), topic_id,
				     FORUM_BODY);
	int64_t second = forum_answer(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER), topic_id,
				      FORUM_BODY);
	struct topic topic;

	ctx->actor = forum_person(ctx, "Autre", ROLE_CUSTOMER);
	assert_err(ctx, ERR_FORBIDDEN, post_accept(ctx, first, true));
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, first, true));
	assert_ok(ctx, post_accept(ctx, second, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.accepted_count, 2);
	assert_ok(ctx, post_accept(ctx, first, false));
	assert_ok(ctx, post_accept(ctx, second, false));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.state, TOPIC_ANSWERED);
}

static void test_answered_question_stays_but_a_lonely_one_can_go(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t answered = forum_ask(ctx, asker), lonely;
	struct topic topic;

	forum_answer(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER), answered, FORUM_BODY);
	forum_sql(ctx, "delete from throttles");
	ctx->now += 10 * CLOCK_MINUTE;
	lonely = forum_ask(ctx, asker);
	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, post_withdraw(ctx, forum_question_of(ctx, answered)));
	assert_ok(ctx, post_withdraw(ctx, forum_question_of(ctx, lonely)));
	assert_ok(ctx, topic_load(ctx, lonely, &topic));
	assert_int_equal(topic.visibility, VISIBILITY_WITHDRAWN);
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, topic_load(ctx, lonely, &topic));
	ctx->actor = forum_person(ctx, "Modération", ROLE_MODERATOR);
	assert_ok(ctx, post_withdraw(ctx, forum_question_of(ctx, answered)));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'post_withdraw'"
			" and subject_id = (select id from posts where topic_id = $1 and kind = 'question')",
			answered),
		1);
	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, post_restore(ctx, forum_question_of(ctx, answered)));
}

static void test_thanks_count_once_and_never_for_oneself(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker),
		answer_id = forum_answer(ctx, writer, topic_id, FORUM_BODY);

	ctx->actor = asker;
	assert_ok(ctx, post_thank(ctx, answer_id, true));
	assert_ok(ctx, post_thank(ctx, answer_id, true));
	assert_int_equal(forum_post(ctx, answer_id).thanks_count, 1);
	assert_int_equal(forum_number(ctx, "select thanks_count::bigint from people where id = $1",
				      writer->id),
			 1);
	assert_ok(ctx, post_thank(ctx, answer_id, false));
	assert_int_equal(forum_post(ctx, answer_id).score, 0);
	ctx->actor = writer;
	assert_err(ctx, ERR_FORBIDDEN, post_thank(ctx, answer_id, true));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_UNAUTHENTICATED, post_thank(ctx, answer_id, true));
}

static void test_me_too_counts_once_and_not_for_the_asker(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_ask(ctx, asker);
	struct topic topic;

	ctx->actor = asker;
	assert_err(ctx, ERR_FORBIDDEN, topic_me_too(ctx, topic_id, true));
	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.me_too_count, 1);
	assert_int_equal(topic.score, 1);
	assert_ok(ctx, topic_me_too(ctx, topic_id, false));
	assert_ok(ctx, topic_load(ctx, topic_id, &topic));
	assert_int_equal(topic.me_too_count, 0);
}

static enum err mark_duplicate(struct ctx *ctx, int64_t id, const char *of)
{
	return topic_set_status(ctx, &(struct topic_status_change){ .id = id,
								    .status = STATUS_DUPLICATE,
								    .duplicate_of = of });
}

static void test_duplicate_points_to_an_original(void **state)
{
	struct ctx *ctx = *state;
	int64_t original = forum_ask(ctx, forum_person(ctx, "Marie", ROLE_CUSTOMER));
	int64_t second = forum_ask(ctx, forum_person(ctx, "Luc", ROLE_CUSTOMER));
	int64_t third = forum_ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	const char *number = arena_printf(ctx->arena, " #%lld", (long long)original);
	struct topic topic;

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, second, "https://ailleurs.example/12"));
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, second, ""));
	assert_err(ctx, ERR_INVALID, mark_duplicate(ctx, original, number));
	assert_ok(ctx, mark_duplicate(ctx, second, number));
	assert_ok(ctx, topic_load(ctx, second, &topic));
	assert_int_equal(topic.state, TOPIC_DUPLICATE);
	assert_int_equal(topic.duplicate_of, original);
	assert_string_equal(topic.duplicate_title, FORUM_TITLE);
	/* A duplicate of a duplicate is one of the original; a circle is refused. */
	assert_ok(ctx,
		  mark_duplicate(ctx, third,
				 arena_printf(ctx->arena,
					      "https://entraide.example/t/%lld-ma-box?page=2#p3",
					      (long long)second)));
	assert_ok(ctx, topic_load(ctx, third, &topic));
	assert_int_equal(topic.duplicate_of, original);
	assert_err(
		ctx, ERR_INVALID,
		mark_duplicate(ctx, original, arena_printf(ctx->arena, "%lld", (long long)second)));
	assert_ok(ctx, topic_set_status(ctx, &(struct topic_status_change){
						     .id = second, .status = STATUS_OPEN }));
	assert_ok(ctx, topic_load(ctx, second, &topic));
	assert_int_equal(topic.duplicate_of, 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from audit_log where action = 'topic_status' and subject_id = $1",
			second),
		2);
}

static void test_a_duplicates_followers_and_me_too_become_the_originals(void **state)
{
	struct ctx *ctx = *state;
	struct actor *first = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *second = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t original = forum_ask(ctx, first), duplicate = forum_ask(ctx, second);
	int64_t earlier = forum_ask(ctx, forum_person(ctx, "Zoé", ROLE_CUSTOMER));
	const char *number = arena_printf(ctx->arena, "%lld", (long long)original);
	const char *followers =
		"select count(*) from follows where kind = 'topic' and target_id = $1";
	struct topic topic;

	ctx->actor = first;
	assert_ok(ctx, topic_me_too(ctx, duplicate, true));
	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, mark_duplicate(ctx, earlier,
				      arena_printf(ctx->arena, "%lld", (long long)duplicate)));
	for (int i = 0; i < 2; i++) {
		assert_ok(ctx, mark_duplicate(ctx, duplicate, number));
		assert_ok(ctx, topic_load(ctx, original, &topic));
		/* Luc and Zoé, who asked it; not Marie, whose question it is. */
		assert_int_equal(topic.me_too_count, 2);
		assert_int_equal(forum_number(ctx, followers, original), 3);
		assert_ok(ctx, topic_load(ctx, earlier, &topic));
		assert_int_equal(topic.duplicate_of, original);
		assert_true(topic.leads_to_original);
		assert_ok(ctx,
			  topic_set_status(ctx, &(struct topic_status_change){
							.id = duplicate, .status = STATUS_OPEN }));
	}
	assert_int_equal(forum_number(ctx, followers, original), 3);
	assert_ok(ctx, topic_load(ctx, duplicate, &topic));
	assert_false(topic.leads_to_original);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_edit_keeps_every_version),
		FORUM_TEST(test_edit_of_an_old_version_is_a_conflict),
		FORUM_TEST(test_unchanged_text_makes_no_version),
		FORUM_TEST(test_edit_is_refused_to_others_and_after_the_window),
		FORUM_TEST(test_advisor_changes_tags_and_category_but_not_words),
		FORUM_TEST(test_imported_question_is_edited_in_part),
		FORUM_TEST(test_withdrawn_accepted_answer_leaves_the_topic_unsolved),
		FORUM_TEST(test_several_answers_are_accepted_and_can_be_undone),
		FORUM_TEST(test_answered_question_stays_but_a_lonely_one_can_go),
		FORUM_TEST(test_thanks_count_once_and_never_for_oneself),
		FORUM_TEST(test_me_too_counts_once_and_not_for_the_asker),
		FORUM_TEST(test_duplicate_points_to_an_original),
		FORUM_TEST(test_a_duplicates_followers_and_me_too_become_the_originals),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_changes");
}
