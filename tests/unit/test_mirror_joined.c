/*
 * Mirrored questions that were merged or split: what happens there goes on to land where
 * the posts are now, and hides nothing else.
 */
#include "mirror_fixture.h"

#include "forum/follow.h"
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

/* A thread that was joined with a question that was joined with another. */
static void test_undoing_the_second_joining_takes_the_first_threads_news_along(void **state)
{
	struct ctx *ctx = *state;
	struct joined joined;
	int64_t third;

	start(ctx, &joined);
	third = forum_ask(ctx, forum_person(ctx, "Anne", ROLE_CUSTOMER));
	ctx->actor = joined.moderator;
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	assert_ok(ctx, merge(ctx, joined.native, third));
	tell(ctx, &joined, "p", "c2", "Try another cable", AT(20));
	tell(ctx, &joined, "c2", "c3", "Which one?", AT(20));
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c2")), third);
	undo_last(ctx, joined.native);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c2")), joined.native);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c3")), joined.native);
	undo_last(ctx, joined.mirrored);
	assert_int_equal(topic_of(ctx, post_of(ctx, &joined, "c3")), joined.mirrored);
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

/* Notices ------------------------------------------------------------------------------ */

static int64_t told(struct ctx *ctx, const struct actor *person, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications where person_id = $1"
					 " and kind = '%s'",
					 kind),
			    person->id);
}

static void tell_now(struct ctx *ctx, const struct joined *joined, const char *parent,
		     const char *key)
{
	struct source_event event = confirmed(mirror_comment("p", parent, key, "Some news"),
					      ctx->now);

	event.item.created_at = ctx->now - CLOCK_MINUTE;
	mirror_apply_one(ctx, &joined->mirror, event);
	mirror_apply_one(ctx, &joined->mirror, event);
}

static void test_followers_are_told_once_and_not_during_a_backfill(void **state)
{
	struct ctx *ctx = *state;
	struct actor *follower = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	struct joined joined;

	start(ctx, &joined);
	ctx->actor = follower;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, joined.mirrored, true));
	ctx->actor = joined.moderator;
	tell_now(ctx, &joined, "p", "n1");
	assert_int_equal(told(ctx, follower, "answer"), 0);
	joined.mirror.backfilled_at = ctx->now;
	tell_now(ctx, &joined, "p", "n2");
	assert_int_equal(told(ctx, follower, "answer"), 1);
	/* Old, only found now. */
	tell(ctx, &joined, "p", "n3", "From last year", ctx->now);
	joined.mirror.backfill_started_at = ctx->now;
	tell_now(ctx, &joined, "p", "n4");
	assert_int_equal(told(ctx, follower, "answer"), 1);
	joined.mirror.backfill_started_at = 0;
	/* Merged: the followers came along, and the other question's asker is told too. */
	assert_ok(ctx, merge(ctx, joined.mirrored, joined.native));
	tell_now(ctx, &joined, "p", "n5");
	assert_int_equal(told(ctx, follower, "answer"), 2);
	assert_int_equal(told(ctx, joined.asker, "answer"), 1);
	tell_now(ctx, &joined, "n5", "n6");
	assert_int_equal(told(ctx, joined.asker, "comment"), 1);
	assert_int_equal(told(ctx, follower, "comment"), 0);
}

/* At once ------------------------------------------------------------------------------- */

#define SHOWN_TURNS  40
#define THANKS_TURNS 400

/* Locks a post, then its author; the other order of a batch that has begun to count. */
static void thank_and_take_back(struct ctx *ctx, const struct joined *joined,
				const struct actor *person)
{
	for (int turn = 0; turn < THANKS_TURNS; turn++)
		forum_sql(ctx, arena_printf(ctx->arena,
					    turn % 2 ? "delete from thanks where person_id = %lld"
						     : "insert into thanks (post_id, person_id)"
						       " select i.post_id, %lld from mirror_items i"
						       " where i.source_id = %lld and i.key = 'm%d'"
						       " on conflict do nothing",
					    (long long)person->id,
					    (long long)joined->mirror.source.id, turn % 6));
}

static enum err show_and_hide(struct ctx *ctx, const struct joined *joined)
{
	struct mirror mirror = joined->mirror;
	const char *root = "p";

	for (int turn = 0; turn < SHOWN_TURNS; turn++) {
		mirror.show_authors = turn % 2 ? AUTHORS_NAME : AUTHORS_NOBODY;
		TRY(mirror_show_again(ctx, &mirror, &root, 1));
	}
	return OK;
}

static void test_showing_again_and_thanks_do_not_wait_for_each_other(void **state)
{
	struct ctx *ctx = *state, child = *ctx;
	struct actor *thankful = forum_person(ctx, "Luc", ROLE_CUSTOMER);
	struct joined joined;
	int status;
	pid_t pid;

	start(ctx, &joined);
	for (int i = 0; i < 6; i++)
		tell(ctx, &joined, "p", arena_printf(ctx->arena, "m%d", i), "Some words",
		     AT(20 + i));
	forum_sql(ctx,
		  arena_printf(ctx->arena,
			       "update mirror_authors set person_id = %lld where source_id = %lld",
			       (long long)joined.asker->id, (long long)joined.mirror.source.id));
	/* Whose visibility stays, so that only the second statement comes to them. */
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"update posts p set visibility = 'withdrawn' from mirror_items i where"
			" i.post_id = p.id and i.source_id = %lld and i.key in ('m3', 'm4', 'm5')",
			(long long)joined.mirror.source.id));
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		child.arena = arena_new(FORUM_ARENA_BYTES);
		child.db = forum_connect();
		_exit(show_and_hide(&child, &joined) == OK ? 0 : 1);
	}
	thank_and_take_back(ctx, &joined, thankful);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_checks_clean(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_a_merged_thread_goes_on_where_it_is_now),
		FORUM_TEST(test_what_is_hidden_there_hides_only_itself_here),
		FORUM_TEST(test_undoing_takes_along_what_came_from_there),
		FORUM_TEST(test_undoing_the_second_joining_takes_the_first_threads_news_along),
		FORUM_TEST(test_a_member_claims_their_identity_in_a_merged_thread),
		FORUM_TEST(test_replies_follow_a_comment_that_was_split_off),
		FORUM_TEST(test_forgotten_words_leave_no_title_behind),
		FORUM_TEST(test_showing_again_and_thanks_do_not_wait_for_each_other),
		FORUM_TEST(test_followers_are_told_once_and_not_during_a_backfill),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_mirror_joined");
}
