/*
 * Writing to a Graph API that follows a script: refusals, outcomes that nobody knows,
 * and finding again what was sent.
 */
#include "unit.h"

#include "base/clock.h"
#include "graph_script.h"

/* ---- writing ----------------------------------------------------------- */

static struct write_result write_it(struct scene *scene, const struct source_write *write)
{
	struct write_result result;

	assert_int_equal(
		facebook_connector.write(scene->ctx, scene->source, write, &result, &scene->error),
		OK);
	return result;
}

static void test_an_answer_to_an_answer_goes_to_the_top_and_is_read_back(void **state)
{
	static const struct source_write write = { .kind = WRITE_REPLY,
						   .address = "500_2",
						   .root_address = "40_500",
						   .text = "Bonjour & merci 🙂" };
	struct script_line script[] = {
		{ .target = "/500_2?", .body = "{\"id\":\"500_2\",\"parent\":{\"id\":\"500_1\"}}" },
		{ .target = "/500_1?", .body = "{\"id\":\"500_1\",\"can_comment\":true}" },
		{ .method = "POST", .target = "/500_1/comments", .body = "{\"id\":\"500_9\"}" },
		{ .target = "/500_9?",
		  .body = "{\"id\":\"500_9\",\"parent\":{\"id\":\"500_1\"},\"message\":\"x\","
			  "\"permalink_url\":\"https://www.facebook.com/p?comment_id=9\"}" },
	};
	struct scene scene = BEGIN(*state, "40", script);
	struct write_result result = write_it(&scene, &write);

	assert_failure(&scene, CONNECT_OK);
	assert_string_equal(result.key, "9");
	assert_string_equal(result.address, "500_9");
	assert_string_equal(result.parent_key, "1");
	assert_string_equal(result.url, "https://www.facebook.com/p?comment_id=9");
	assert_non_null(strstr(scene_request(&scene, 2)->body,
			       "message=Bonjour%20%26%20merci%20%F0%9F%99%82"));
	scene_end(&scene);
}

static void test_an_open_outcome_is_unknown_and_a_refusal_is_not(void **state)
{
	static const struct source_write write = { .kind = WRITE_REPLY,
						   .address = "41_500",
						   .root_address = "41_500",
						   .text = "Bonjour" };
	static const struct {
		struct script_line line;
		enum connect_failure failure;
	} cases[] = {
		{ { .is_cut = true }, CONNECT_UNKNOWN },
		{ { .status = 500, .body = "" }, CONNECT_UNKNOWN },
		{ { .status = 200, .body = "" }, CONNECT_UNKNOWN },
		{ { .status = 200, .body = "{\"success\":true}" }, CONNECT_UNKNOWN },
		{ { .status = 200, .body = "true" }, CONNECT_UNKNOWN },
		{ { .status = 500, .body = "{\"error\":{\"code\":2}}" }, CONNECT_UNKNOWN },
		{ { .status = 500, .body = "{\"error\":{\"code\":1}}" }, CONNECT_UNKNOWN },
		{ { .status = 200, .body = "Service Unavailable" }, CONNECT_UNKNOWN },
		{ { .status = 200, .body = "{\"success\":false}" }, CONNECT_PERMANENT },
		{ { .status = 200, .body = "false" }, CONNECT_PERMANENT },
		{ { .status = 400, .body = "{\"error\":{\"code\":1705}}" }, CONNECT_PERMANENT },
		{ { .status = 400, .body = GONE }, CONNECT_MISSING },
		{ { .status = 400, .body = "{\"error\":{\"code\":506}}" }, CONNECT_DUPLICATE },
		{ { .status = 400, .body = "{\"error\":{\"code\":368,\"error_subcode\":1390008}}" },
		  CONNECT_BLOCKED },
		{ { .status = 400, .body = "{\"error\":{\"code\":200}}" }, CONNECT_OPERATOR },
		{ { .status = 400, .body = "{\"error\":{\"code\":190}}" }, CONNECT_TOKEN },
		{ { .status = 400, .body = "{\"error\":{\"code\":32}}" }, CONNECT_THROTTLED },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		struct script_line script[] = { cases[i].line };
		struct scene scene;

		script[0].target = "/comments";
		scene = BEGIN(*state, "41", script);
		write_it(&scene, &write);
		if (scene.error.failure != cases[i].failure)
			fail_msg("case %zu: %s instead of %s", i,
				 connect_failure_name(scene.error.failure),
				 connect_failure_name(cases[i].failure));
		assert_int_equal(scene_asked(&scene, "/comments"), 1);
		scene_end(&scene);
	}
}

static void test_what_was_never_sent_may_be_sent_again(void **state)
{
	static const struct source_write write = { .kind = WRITE_REPLY,
						   .address = "42_500",
						   .root_address = "42_500",
						   .text = "Bonjour" };
	struct script_line script[] = { { .target = "x" } };
	struct scene scene = BEGIN(*state, "42", script);

	scene_end(&scene);
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_RETRY);
}

static void test_a_text_that_is_too_long_or_empty_is_not_sent(void **state)
{
	struct source_write write = {
		.kind = WRITE_REPLY, .address = "43_500", .root_address = "43_500", .text = " \n "
	};
	struct script_line script[] = { { .target = "x" } };
	struct scene scene = BEGIN(*state, "43", script);

	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_PERMANENT);
	scene.fixture->config.facebook.reply_max = 3;
	write.text = "🙂🙂"; /* four units of UTF-16 */
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_PERMANENT);
	write.address = "../x";
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_PERMANENT);
	assert_int_equal(scene.stub.shared->count, 0);
	scene_end(&scene);
}

static void test_only_the_pages_own_comment_is_edited(void **state)
{
	struct source_write write = { .kind = WRITE_EDIT, .address = "500_9", .text = "neu" };
	struct script_line script[] = {
		{ .target = "/500_9?", .body = "{\"id\":\"500_9\",\"from\":{\"id\":\"777\"}}" },
		{ .target = "/500_9?", .body = "{\"id\":\"500_9\",\"from\":{\"id\":44}}" },
		{ .method = "POST", .target = "/500_9", .body = "{\"success\":\"true\"}" },
	};
	struct scene scene = BEGIN(*state, "44", script);

	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_PERMANENT);
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_OK);
	scene_end(&scene);
}

static void test_hiding_and_deleting_may_be_repeated(void **state)
{
	struct source_write write = { .kind = WRITE_HIDE, .address = "500_1", .text = "" };
	struct script_line script[] = {
		{ .method = "POST", .target = "/500_1", .is_cut = true },
		{ .method = "POST", .target = "/500_1", .body = "true" },
		{ .method = "POST", .target = "/500_1", .body = "{\"success\":true}" },
		{ .method = "DELETE", .target = "/500_1", .status = 400, .body = GONE },
	};
	struct scene scene = BEGIN(*state, "45", script);

	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_RETRY);
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_OK);
	assert_non_null(strstr(scene_request(&scene, 1)->body, "is_hidden=true"));
	write.kind = WRITE_UNHIDE;
	write_it(&scene, &write);
	assert_non_null(strstr(scene_request(&scene, 2)->body, "is_hidden=false"));
	write.kind = WRITE_DELETE;
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_MISSING);
	scene_end(&scene);
}

static void test_an_own_answer_is_found_by_author_text_and_time(void **state)
{
	static const char *const known[] = { "6" };
	const struct source_write write = { .kind = WRITE_REPLY,
					    .address = "46_500",
					    .root_address = "46_500",
					    .text = "Bonjour  Ana,\nmerci !",
					    .asked_at = INT64_C(1767261700) * CLOCK_SECOND,
					    .known_keys = known,
					    .known_count = 1 };
	/* Newest first: a stranger's, another text, one of ours already, ours, an older one. */
	struct script_line script[] = {
		{ .target = "order=reverse_chronological",
		  .body = LIST(
			  "{\"id\":\"500_3\",\"from\":{\"id\":\"777\"},\"message\":\"Bonjour Ana, merci !\","
			  "\"created_time\":\"2026-01-01T10:05:00+0000\"},"
			  "{\"id\":\"500_4\",\"from\":{\"id\":\"46\"},\"message\":\"Autre\","
			  "\"created_time\":\"2026-01-01T10:05:00+0000\"},"
			  "{\"id\":\"500_6\",\"from\":{\"id\":\"46\"},\"message\":\"Bonjour Ana, merci !\","
			  "\"created_time\":\"2026-01-01T10:04:00+0000\"},"
			  "{\"id\":\"500_5\",\"from\":{\"id\":46},\"message\":\"Bonjour Ana,\\nmerci !\","
			  "\"created_time\":\"2026-01-01T10:02:00+0000\"},"
			  "{\"id\":\"500_2\",\"from\":{\"id\":\"46\"},\"message\":\"Bonjour Ana, merci !\","
			  "\"created_time\":\"2026-01-01T09:00:00+0000\"}",
			  NEXT("A")) },
		{ .target = "order=reverse_chronological", .body = "{\"data\":[]}" },
		{ .target = "order=reverse_chronological", .status = 500, .body = "" },
	};
	struct scene scene = BEGIN(*state, "46", script);
	struct write_result result;
	bool found;

	assert_int_equal(facebook_connector.find_own(scene.ctx, scene.source, &write, &result,
						     &found, &scene.error),
			 OK);
	assert_failure(&scene, CONNECT_OK);
	assert_true(found);
	assert_string_equal(result.key, "5");
	/* The oldest entry was before the time: no further page is asked for. */
	assert_int_equal(scene_asked(&scene, "reverse_chronological"), 1);
	assert_int_equal(facebook_connector.find_own(scene.ctx, scene.source, &write, &result,
						     &found, &scene.error),
			 OK);
	assert_false(found);
	assert_failure(&scene, CONNECT_OK);
	/* Not to have looked is not to have found nothing. */
	assert_int_equal(facebook_connector.find_own(scene.ctx, scene.source, &write, &result,
						     &found, &scene.error),
			 OK);
	assert_failure(&scene, CONNECT_RETRY);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_answer_to_an_answer_goes_to_the_top_and_is_read_back),
		TEST(test_an_open_outcome_is_unknown_and_a_refusal_is_not),
		TEST(test_what_was_never_sent_may_be_sent_again),
		TEST(test_a_text_that_is_too_long_or_empty_is_not_sent),
		TEST(test_only_the_pages_own_comment_is_edited),
		TEST(test_hiding_and_deleting_may_be_repeated),
		TEST(test_an_own_answer_is_found_by_author_text_and_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
