/*
 * Reading a topic: its page in one round trip, for visitors, people and the team;
 * and where a post stands.
 */
#include "forum_fixture.h"

#include "forum/follow.h"

/* The topic's page --------------------------------------------------------- */

static void test_visitor_gets_a_page_in_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
					       .author_id = asker->id });
	int64_t answers[45];
	struct topic_view view;

	forum_put_answers(ctx, topic_id, asker->id, 45, answers);
	ctx->actor = &actor_visitor;
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 2, ORDER_DATE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(db_counts(ctx->db).statements, 4);

	assert_string_equal(view.topic.title, "Une question de test");
	assert_string_equal(view.question.author.name, "Marie");
	assert_int_equal(view.question.kind, POST_QUESTION);
	assert_int_equal(view.page_count, 3);
	assert_int_equal(view.answer_count, ANSWERS_PER_PAGE);
	for (int i = 0; i < ANSWERS_PER_PAGE; i++)
		assert_int_equal(view.answers[i].id, answers[ANSWERS_PER_PAGE + i]);
	assert_false(view.can.answer || view.can.comment || view.can.me_too || view.can.follow ||
		     view.can.edit);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 3, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 5);
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 4, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 0, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND,
		   topic_view_load(ctx, topic_id, INT64_MAX, ORDER_DATE, &view));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, INT64_MAX, 1, ORDER_DATE, &view));
}

static void test_person_gets_a_page_with_own_state_in_one_round_trip(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	struct actor *reader = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
					       .author_id = asker->id });
	int64_t answers[2];
	struct topic_view view;

	forum_put_answers(ctx, topic_id, asker->id, 2, answers);
	ctx->actor = reader;
	assert_ok(ctx, post_thank(ctx, answers[1], true));
	assert_ok(ctx, topic_me_too(ctx, topic_id, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "insert into drafts (person_id, place, body_md)"
				    " values (%lld, 'answer:%lld', 'Essayez de')",
				    (long long)reader->id, (long long)topic_id));
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_SCORE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(db_counts(ctx->db).statements, 7);

	assert_int_equal(view.answers[0].id, answers[1]);
	assert_true(view.answers[0].is_thanked);
	assert_false(view.answers[1].is_thanked);
	assert_true(view.has_me_too);
	assert_true(view.is_followed);
	assert_string_equal(view.draft_md, "Essayez de");
	assert_true(view.can.answer && view.can.comment && view.answers[0].can.thank);
	assert_false(view.answers[0].can.accept || view.can.close || view.can.edit);
	ctx->actor = asker;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_true(view.answers[0].can.accept);
	assert_false(view.is_followed || view.has_me_too || view.answers[0].can.thank);
	assert_string_equal(view.draft_md, "");
}

static void test_accepted_answers_stand_on_top_and_in_place(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
					       .author_id = asker->id });
	int64_t answers[25], comment;
	struct topic_view view;

	forum_put_answers(ctx, topic_id, 0, 25, answers);
	ctx->actor = asker;
	assert_ok(ctx, post_accept(ctx, answers[24], true));
	ctx->now++;
	assert_ok(ctx, post_accept(ctx, answers[3], true));
	comment = forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
							       .parent_id = answers[24],
							       .kind = POST_COMMENT });
	forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
						     .parent_id = answers[3],
						     .kind = POST_COMMENT });
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.topic.state, TOPIC_SOLVED);
	assert_int_equal(view.accepted_count, 2);
	assert_int_equal(view.accepted[0].id, answers[24]);
	assert_int_equal(view.accepted[0].comments_count, 1);
	assert_int_equal(view.accepted[0].comments[0].id, comment);
	assert_int_equal(view.accepted[1].id, answers[3]);
	assert_int_equal(view.answers[3].id, answers[3]);
	assert_int_equal(view.accepted[1].comments_count, 1);
	assert_int_equal(view.answers[3].comments_count, 1);
	assert_true(view.answers[3].accepted_at != 0 && view.answers[3].can.unaccept);
	assert_string_equal(view.accepted[0].author.name, "Former member");
	assert_int_equal(view.accepted[0].author.id, 0);
}

static void test_ten_comments_are_shown_and_more_are_listed(void **state)
{
	struct ctx *ctx = *state;
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[1], first = 0;
	struct topic_view view;
	struct post *comments;
	size_t count;
	bool has_more;

	forum_put_answers(ctx, topic_id, 0, 1, answers);
	for (int i = 0; i < 55; i++) {
		int64_t id = forum_put_post(
			ctx, (struct forum_new_post){ .topic_id = topic_id,
						      .parent_id = answers[0],
						      .kind = POST_COMMENT,
						      .at = FORUM_DAY_ONE + i * CLOCK_SECOND });

		first = i == 0 ? id : first;
	}
	forum_put_post(
		ctx,
		(struct forum_new_post){
			.topic_id = topic_id,
			.kind = POST_COMMENT,
			.body = "sous la question",
			.parent_id = forum_number(
				ctx,
				"select id from posts where topic_id = $1 and kind = 'question'",
				topic_id) });
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.question.comments_count, 1);
	assert_string_equal(view.question.comments[0].body.html, "sous la question");
	assert_int_equal(view.answers[0].comments_count, COMMENTS_SHOWN);
	assert_int_equal(view.answers[0].comments[0].id, first);
	assert_true(view.answers[0].has_more_comments);

	assert_ok(ctx, comment_list(ctx, answers[0], 0, &comments, &count, &has_more));
	assert_int_equal(count, COMMENTS_PER_PAGE);
	assert_true(has_more);
	assert_ok(ctx, comment_list(ctx, answers[0], comments[count - 1].id, &comments, &count,
				    &has_more));
	assert_int_equal(count, 5);
	assert_false(has_more);
}

static void test_withdrawn_posts_are_seen_by_author_and_team_only(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[2], comment;
	struct topic_view view;

	forum_put_answers(ctx, topic_id, writer->id, 2, answers);
	comment = forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
							       .parent_id = answers[1],
							       .author_id = writer->id,
							       .kind = POST_COMMENT });
	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answers[0]));
	assert_ok(ctx, post_withdraw(ctx, comment));

	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 1);
	assert_int_equal(view.answers[0].id, answers[1]);
	assert_int_equal(view.answers[0].comments_count, 0);

	ctx->actor = writer;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.answer_count, 2);
	assert_int_equal(view.answers[1].id, answers[0]);
	assert_int_equal(view.answers[1].visibility, VISIBILITY_WITHDRAWN);
	assert_true(view.answers[1].can.restore);
	assert_int_equal(view.answers[0].comments_count, 1);
	assert_int_equal(view.answers[0].comments[0].visibility, VISIBILITY_WITHDRAWN);

	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	db_count_reset(ctx->db);
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_int_equal(view.answer_count, 2);
	assert_int_equal(view.answers[0].id, answers[0]);
	assert_int_equal(view.answers[1].comments_count, 1);
	assert_false(view.answers[0].can.restore);
}

static void test_withdrawn_topic_is_gone_for_the_public(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Marie", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx),
					       .author_id = asker->id });
	struct topic_view view;

	ctx->actor = asker;
	assert_ok(ctx,
		  post_withdraw(ctx, forum_number(ctx, "select id from posts where topic_id = $1",
						  topic_id)));
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.topic.visibility, VISIBILITY_WITHDRAWN);
	assert_true(view.question.can.restore);
	assert_false(view.can.answer);
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	ctx->actor = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	assert_err(ctx, ERR_GONE, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update topics set visibility = 'held' where id = %lld",
			       (long long)topic_id));
	assert_err(ctx, ERR_NOT_FOUND, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
}

static void test_original_shows_its_duplicates(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx);
	int64_t original = forum_put_topic(ctx,
					   (struct forum_new_topic){ .category_id = category_id });
	int64_t duplicate = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = category_id,
					       .title = "La même question" });
	struct topic_view view;

	assert_ok(ctx, topic_set_status(
			       ctx, &(struct topic_status_change){
					    .id = duplicate,
					    .status = STATUS_DUPLICATE,
					    .duplicate_of = arena_printf(ctx->arena, "%lld",
									 (long long)original) }));
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, original, 1, ORDER_DATE, &view));
	assert_int_equal(view.duplicate_count, 1);
	assert_string_equal(view.duplicates[0].slug, "la-meme-question");
	assert_ok(ctx, topic_view_load(ctx, duplicate, 1, ORDER_DATE, &view));
	assert_string_equal(view.topic.duplicate_title, "Une question de test");
}

static int64_t put_named(struct ctx *ctx, int64_t category_id, const char *title)
{
	return forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = category_id, .title = title });
}

/* Beside a duplicate; what is hidden or a duplicate itself is in no such list, nor its original. */
static void test_related_stand_in_their_order(void **state)
{
	struct ctx *ctx = *state;
	int64_t category_id = forum_category(ctx);
	int64_t first = put_named(ctx, category_id, "Première");
	int64_t original = put_named(ctx, category_id, "Originale");
	int64_t hidden = put_named(ctx, category_id, "Cachée");
	int64_t second = put_named(ctx, category_id, "Deuxième");
	int64_t topic_id = put_named(ctx, category_id, "Une question de test");
	const int64_t others[] = { original, second, hidden, first };
	struct topic_view view;

	for (int i = (int)ARRAY_COUNT(others) - 1; i >= 0; i--)
		forum_sql(ctx, arena_printf(ctx->arena,
					    "insert into related_topics values (%lld, %d, %lld)",
					    (long long)topic_id, i, (long long)others[i]));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set visibility = 'withdrawn' where id = %lld",
				    (long long)hidden));
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update topics set status = 'duplicate', duplicate_of = %lld"
				    " where id = %lld",
				    (long long)original, (long long)topic_id));
	ctx->actor = &actor_visitor;
	assert_ok(ctx, topic_view_load(ctx, topic_id, 1, ORDER_DATE, &view));
	assert_int_equal(view.related_count, 2);
	assert_int_equal(view.related[0].id, second);
	assert_int_equal(view.related[1].id, first);
	assert_ok(ctx, topic_view_load(ctx, original, 1, ORDER_DATE, &view));
	assert_int_equal(view.related_count, 0);
}

static void test_post_path_finds_page_and_anchor(void **state)
{
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	int64_t topic_id = forum_put_topic(
		ctx, (struct forum_new_topic){ .category_id = forum_category(ctx) });
	int64_t answers[41], comment;
	const char *start = arena_printf(ctx->arena, "/t/%lld-une-question-de-test",
					 (long long)topic_id);
	const char *path;

	forum_put_answers(ctx, topic_id, writer->id, 41, answers);
	comment = forum_put_post(ctx, (struct forum_new_post){ .topic_id = topic_id,
							       .parent_id = answers[20],
							       .kind = POST_COMMENT });
	ctx->actor = &actor_visitor;
	db_count_reset(ctx->db);
	assert_ok(ctx, post_path(ctx, answers[19], &path));
	assert_int_equal(db_counts(ctx->db).round_trips, 1);
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s#p%lld", start, (long long)answers[19]));
	assert_ok(ctx, post_path(ctx, answers[20], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)answers[20]));
	assert_ok(ctx, post_path(ctx, comment, &path));
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)comment));
	assert_ok(ctx, post_path(ctx, answers[40], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=3#p%lld", start, (long long)answers[40]));

	/* Withdrawn, it stands last for its author, after a full second page. */
	ctx->actor = writer;
	assert_ok(ctx, post_withdraw(ctx, answers[0]));
	assert_ok(ctx, post_path(ctx, answers[0], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)answers[0]));
	assert_ok(ctx, post_path(ctx, answers[20], &path));
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s#p%lld", start, (long long)answers[20]));
	/* For the team it stands where it stood. */
	ctx->actor = forum_person(ctx, "Conseil", ROLE_ADVISOR);
	assert_ok(ctx, post_path(ctx, answers[20], &path));
	assert_string_equal(
		path, arena_printf(ctx->arena, "%s?page=2#p%lld", start, (long long)answers[20]));
	assert_ok(ctx,
		  answer_create(ctx,
				&(struct answer_new){ .topic_id = topic_id, .body_md = FORUM_BODY },
				&comment, &path));
	assert_string_equal(path,
			    arena_printf(ctx->arena, "%s?page=3#p%lld", start, (long long)comment));
	ctx->actor = &actor_visitor;
	assert_err(ctx, ERR_GONE, post_path(ctx, answers[0], &path));
	assert_err(ctx, ERR_NOT_FOUND, post_path(ctx, INT64_MAX, &path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_visitor_gets_a_page_in_one_round_trip),
		FORUM_TEST(test_person_gets_a_page_with_own_state_in_one_round_trip),
		FORUM_TEST(test_accepted_answers_stand_on_top_and_in_place),
		FORUM_TEST(test_ten_comments_are_shown_and_more_are_listed),
		FORUM_TEST(test_withdrawn_posts_are_seen_by_author_and_team_only),
		FORUM_TEST(test_withdrawn_topic_is_gone_for_the_public),
		FORUM_TEST(test_original_shows_its_duplicates),
		FORUM_TEST(test_related_stand_in_their_order),
		FORUM_TEST(test_post_path_finds_page_and_anchor),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_topics");
}
