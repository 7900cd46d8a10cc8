/*
 * Mirrored questions that were merged or split: what happens there goes on to land where
 * the posts are now, and hides nothing else.
 */
#include "mirror_fixture.h"

#include "forum/check.h"
#include "forum/topic_act.h"

struct joined {
	struct mirror mirror;
	struct actor *moderator, *asker;
	int64_t native, mirrored;
};

static int64_t post_of(struct ctx *ctx, const struct joined *joined, const char *key)
{
	return mirror_count(ctx, &joined->mirror,
			    arena_printf(ctx->arena,
					 "select coalesce(max(post_id), 0) from mirror_items"
					 " where source_id = $1 and key = '%s'",
					 key));
}

static int64_t topic_of(struct ctx *ctx, int64_t post_id)
{
	return forum_number(ctx, "select topic_id from posts where id = $1", post_id);
}

static void tell(struct ctx *ctx, const struct joined *joined, const char *parent, const char *key,
		 const char *text, int64_t at)
{
	mirror_apply_one(ctx, &joined->mirror,
			 confirmed(mirror_comment("p", parent, key, text), at));
}

static void start(struct ctx *ctx, struct joined *joined)
{
	joined->mirror = mirror_fixture(ctx);
	joined->moderator = forum_person(ctx, "Inès", ROLE_MODERATOR);
	joined->asker = forum_person(ctx, "Zoé", ROLE_CUSTOMER);
	joined->native = forum_ask(ctx, joined->asker);
	mirror_apply_one(ctx, &joined->mirror,
			 confirmed(mirror_post("p", "My router restarts. Why?"), AT(10)));
	tell(ctx, joined, "p", "c1", "Mine too", AT(10));
	joined->mirrored = topic_of(ctx, post_of(ctx, joined, "p"));
	ctx->actor = joined->moderator;
}

static enum err merge(struct ctx *ctx, int64_t from, int64_t into)
{
	const char *path;

	return topic_merge(ctx, &(struct topic_act_form){ .topic_id = from },
			   arena_printf(ctx->arena, "%lld", (long long)into), &path);
}

static void undo_last(struct ctx *ctx, int64_t topic_id)
{
	const char *path;

	assert_ok(ctx,
		  topic_act_undo(ctx,
				 forum_number(ctx,
					      "select max(id) from topic_acts where topic_id = $1"
					      " and undone_at is null",
					      topic_id),
				 NULL, &path));
}

static bool is_topic_visible(struct ctx *ctx, int64_t id)
{
	return forum_number(ctx,
			    "select count(*) from topics where id = $1 and visibility = 'visible'",
			    id) == 1;
}

static const char *body_of(struct ctx *ctx, const struct joined *joined, const char *key)
{
	return forum_post(ctx, post_of(ctx, joined, key)).body_md;
}

static void test_a_merged_thread_goes_on_where_it_is_now(void **state)
{
	struct ctx *ctx = *state;
	struct joined joined;

	start(ctx, &joined);
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	tell(ctx, &joined, "p", "c2", "Try another cable", AT(20));
	tell(ctx, &joined, "c1", "c3", "Since when?", AT(20));
	tell(ctx, &joined, "p", "c1", "Mine too, since May", AT(30));
	mirror_apply_one(ctx, &joined.mirror,
			 confirmed(mirror_post("p", "My router restarts at night. Why?"), AT(30)));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c2")), joined.native);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c3")), joined.native);
	assert_string_equal(body_of(ctx, &joined, "c1"), "Mine too, since May");
	assert_string_equal(body_of(ctx, &joined, "p"), "My router restarts at night. Why?");
	/* The title of the question it joined is not the network's. */
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from topics where id = $1 and title = '" FORUM_TITLE
			     "'",
			     joined.native),
		1);
	assert_int_equal(
		forum_number(ctx, "select answer_count from topics where id = $1", joined.native),
		2);
	assert_checks_clean(ctx);
}

static void test_what_is_hidden_there_hides_only_itself_here(void **state)
{
	struct ctx *ctx = *state;
	struct source_event hidden = confirmed(mirror_post("p", NULL), AT(40));
	struct joined joined;

	start(ctx, &joined);
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	hidden.item.visibility = ITEM_HIDDEN;
	mirror_apply_one(ctx, &joined.mirror, mirror_event(EVENT_VISIBILITY, hidden));
	assert_true(is_topic_visible(ctx, joined.native));
	assert_int_equal(
		forum_number(ctx, "select answer_count from topics where id = $1", joined.native),
		0);
	/* Taken apart while it is hidden, it is hidden. */
	undo_last(ctx, joined.mirrored);
	assert_false(is_topic_visible(ctx, joined.mirrored));
	assert_true(is_topic_visible(ctx, joined.native));
	assert_checks_clean(ctx);
}

static void test_undoing_takes_along_what_came_from_there(void **state)
{
	struct ctx *ctx = *state;
	struct joined joined;
	int64_t native_answer;

	start(ctx, &joined);
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	tell(ctx, &joined, "p", "c2", "Try another cable", AT(20));
	tell(ctx, &joined, "c2", "c3", "Which one?", AT(20));
	native_answer = forum_answer(ctx, joined.moderator, joined.native,
				     "Redémarrez la box d'abord.");
	undo_last(ctx, joined.mirrored);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c2")), joined.mirrored);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c3")), joined.mirrored);
	assert_int_equal(topic_of(ctx, native_answer), joined.native);
	tell(ctx, &joined, "p", "c4", "And then?", AT(50));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c4")), joined.mirrored);
	assert_int_equal(
		forum_number(ctx, "select coalesce(mirror_source_id, 0) from topics where id = $1",
			     joined.native),
		0);
	assert_checks_clean(ctx);
}

static void test_a_member_claims_their_identity_in_a_merged_thread(void **state)
{
	struct ctx *ctx = *state;
	struct actor *ana = forum_person(ctx, "ana", ROLE_CUSTOMER);
	struct joined joined;
	const char **roots;
	size_t count;

	start(ctx, &joined);
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	assert_ok(ctx, mirror_claim_author(ctx,
					   mirror_count(ctx, &joined.mirror,
							"select author_id from mirror_items"
							" where source_id = $1 and key = 'c1'"),
					   ana->id));
	assert_ok(ctx, mirror_reshows(ctx, &joined.mirror, &roots, &count));
	assert_ok(ctx, mirror_show_again(ctx, &joined.mirror, roots, count));
	assert_int_equal(forum_post(ctx, post_of(ctx, &joined, "c1")).author.id, ana->id);
	/* Whose question it joined stays. */
	assert_int_equal(
		forum_number(ctx, "select author_id from topics where id = $1", joined.native),
		joined.asker->id);
	undo_last(ctx, joined.mirrored);
	assert_int_equal(forum_post(ctx, post_of(ctx, &joined, "c1")).author.id, ana->id);
	assert_checks_clean(ctx);
}

static void test_replies_follow_a_comment_that_was_split_off(void **state)
{
	struct ctx *ctx = *state;
	struct joined joined;
	int64_t post, apart;
	const char *path;

	start(ctx, &joined);
	post = post_of(ctx, &joined, "c1");
	assert_ok(ctx, topic_split(ctx, &(struct topic_act_form){ .topic_id = joined.mirrored },
				   &(struct topic_split){ .post_ids = &post,
							  .count = 1,
							  .title = "Another router that restarts",
							  .category_id = forum_category(ctx) },
				   &path));
	apart = topic_of(ctx, post);
	assert_true(apart != joined.mirrored);
	tell(ctx, &joined, "c1", "c5", "Which model?", AT(60));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c5")), apart);
	tell(ctx, &joined, "p", "c6", "Solved here", AT(60));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c6")), joined.mirrored);
	/* And beside it, when its question was merged into another. */
	assert_ok(ctx, merge(ctx, apart, joined.native));
	tell(ctx, &joined, "c1", "c7", "The grey one", AT(70));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c7")), joined.native);
	assert_int_equal(forum_post(ctx, post_of(ctx, &joined, "c7")).parent_id,
			 forum_question_of(ctx, joined.native));
	/* The whole post is removed there: what was split off goes too, the other question stays. */
	mirror_apply_one(ctx, &joined.mirror,
			 mirror_event(EVENT_REMOVED, confirmed(mirror_post("p", NULL), AT(80))));
	assert_false(is_topic_visible(ctx, joined.mirrored));
	assert_true(is_topic_visible(ctx, joined.native));
	assert_string_equal(mirror_shown(ctx, &joined.mirror), "");
	assert_checks_clean(ctx);
}

static void test_forgotten_words_leave_no_title_behind(void **state)
{
	struct ctx *ctx = *state;
	struct joined joined;

	start(ctx, &joined);
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from topics where id = $1 and title like 'My router%'",
			joined.mirrored),
		1);
	forum_number(
		ctx,
		"select 1 from (select mirror_forget(array_agg(id)) from mirror_items where post_id = $1) f",
		post_of(ctx, &joined, "p"));
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from topics where id = $1 and title like 'My router%'",
			joined.mirrored),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_merged_thread_goes_on_where_it_is_now),
		FORUM_TEST(test_what_is_hidden_there_hides_only_itself_here),
		FORUM_TEST(test_undoing_takes_along_what_came_from_there),
		FORUM_TEST(test_a_member_claims_their_identity_in_a_merged_thread),
		FORUM_TEST(test_replies_follow_a_comment_that_was_split_off),
		FORUM_TEST(test_forgotten_words_leave_no_title_behind),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_mirror_joined");
}
