/*
 * Calls to the Graph API against a server that follows a script: what goes along with
 * each, lists that must be asked for otherwise, pictures.
 */
#include "unit.h"

#include "base/clock.h"
#include "graph_script.h"

static struct posts_reading read_feed(struct scene *scene, const char *cursor, int64_t limit)
{
	struct posts_reading reading = { .cursor = cursor, .limit = limit };

	assert_int_equal(facebook_connector.read_posts(scene->ctx, scene->source, &reading,
						       &scene->fixture->sink, &scene->error),
			 OK);
	return reading;
}

/* ---- calls ------------------------------------------------------------- */

static void test_a_call_carries_token_proof_and_version(void **state)
{
	struct script_line script[] = { { .target = "/feed", .body = LIST(POST1, "") } };
	struct scene scene = BEGIN(*state, "1", script);
	const struct stub_request *feed;

	read_feed(&scene, "", 100);
	assert_failure(&scene, CONNECT_OK);
	feed = scene_request(&scene, 1);
	assert_true(!strncmp(feed->target, "/v25.0/1/feed?", 14));
	assert_non_null(strstr(feed->headers, "Authorization: Bearer " TOKEN "\r\n"));
	assert_non_null(strstr(feed->target, "appsecret_proof=37853a6369c4aa1fce38d62308ae8123056e"
					     "ac1f2152a7e0b3eaddfcfeba76c1"));
	assert_null(strstr(feed->target, TOKEN));
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "101")->text, "eins");
	scene_end(&scene);
}

static void test_each_page_has_its_token(void **state)
{
	struct script_line script[] = {
		{ .target = "/feed", .body = LIST(POST1, ""), .is_again = true }
	};
	struct scene scene = BEGIN(*state, "12", script);

	scene.fixture->config.facebook.page_tokens = "11=AAA, 12 = BBB ,1=CCC";
	read_feed(&scene, "", 100);
	assert_non_null(strstr(scene_request(&scene, 1)->headers, "Bearer BBB\r\n"));
	scene.source->account = "13";
	assert_non_null(facebook_connector.configured(scene.ctx, scene.source));
	scene_end(&scene);
}

static void test_no_call_is_made_while_throttled(void **state)
{
	struct script_line script[] = {
		{ .target = "/feed",
		  .status = 400,
		  .headers = "X-Business-Use-Case-Usage: {\"1\":[{\"call_count\":120,"
			     "\"estimated_time_to_regain_access\":9}]}\r\n",
		  .body = "{\"error\":{\"code\":80001,\"message\":\"too many\"}}" },
	};
	struct scene scene = BEGIN(*state, "2", script);
	int64_t now = clock_now();

	read_feed(&scene, "", 100);
	assert_failure(&scene, CONNECT_THROTTLED);
	assert_in_range(scene.error.retry_at, now + 9 * CLOCK_MINUTE, now + 10 * CLOCK_MINUTE);
	assert_int_equal(scene.source->usage_percent, 120);
	read_feed(&scene, "", 100);
	assert_failure(&scene, CONNECT_THROTTLED);
	assert_int_equal(scene.stub.shared->count, 2);
	scene_end(&scene);
}

static void test_a_token_of_another_kind_reads_nothing(void **state)
{
	struct script_line script[] = {
		{ .target = "/debug_token",
		  .body = "{\"data\":{\"is_valid\":true,\"type\":\"USER\",\"user_id\":3}}" },
		{ .target = "/debug_token",
		  .body = "{\"data\":{\"is_valid\":true,\"type\":\"PAGE\",\"profile_id\":99}}" },
		{ .target = "/debug_token",
		  .body = "{\"data\":{\"is_valid\":false,\"error\":{\"code\":190,\"subcode\":460,"
			  "\"message\":\"password\"}}}" },
	};
	struct scene scene = BEGIN(*state, "3", script);
	struct comments_reading reading = { .cursor = "", .limit = 25 };
	struct item_address post = { ITEM_POST, "5", "3_5" };

	assert_int_equal(facebook_connector.read_comments(scene.ctx, scene.source, &post, &reading,
							  &scene.fixture->sink, &scene.error),
			 OK);
	assert_failure(&scene, CONNECT_OPERATOR);
	assert_false(reading.is_complete);
	read_feed(&scene, "", 25);
	assert_failure(&scene, CONNECT_OPERATOR);
	read_feed(&scene, "", 25);
	assert_failure(&scene, CONNECT_TOKEN);
	assert_int_equal(scene.error.subcode, 460);
	assert_int_equal(scene_asked(&scene, "/comments"), 0);
	scene_end(&scene);
}

/* ---- lists ------------------------------------------------------------- */

static void test_a_list_goes_on_by_its_cursor_on_our_own_server(void **state)
{
	struct script_line script[] = {
		{ .target = "after=QVF%2BZD", .body = LIST("", "") },
		{ .target = "/feed", .body = LIST(POST1, NEXT("QVF+ZD")) },
	};
	struct scene scene = BEGIN(*state, "4", script);
	struct posts_reading reading = read_feed(&scene, "", 100);

	assert_string_not_equal(reading.next, "");
	reading = read_feed(&scene, reading.next, 100);
	assert_failure(&scene, CONNECT_OK);
	assert_string_equal(reading.next, "");
	assert_int_equal(scene_asked(&scene, "/v25.0/4/feed"), 2);
	scene_end(&scene);
}

static void test_only_a_next_address_makes_a_list_go_on(void **state)
{
	static const char *const ends[] = {
		"{\"data\":[]}",
		LIST("", "\"cursors\":{\"after\":\"A\"}"),
		LIST("", "\"cursors\":{\"after\":\"A\"},\"next\":\"\""),
	};
	struct script_line script[] = {
		{ .target = "/feed", .body = ends[0] },
		{ .target = "/feed", .body = ends[1] },
		{ .target = "/feed", .body = ends[2] },
		{ .target = "/feed", .body = LIST("", NEXT("A")) },
	};
	struct scene scene = BEGIN(*state, "5", script);

	for (size_t i = 0; i < ARRAY_COUNT(ends); i++)
		assert_string_equal(read_feed(&scene, "", 25).next, "");
	/* An empty page with a next one is no end. */
	assert_string_not_equal(read_feed(&scene, "", 25).next, "");
	assert_failure(&scene, CONNECT_OK);
	scene_end(&scene);
}

static void test_a_page_that_comes_back_ends_with_an_alarm(void **state)
{
	struct script_line script[] = {
		{ .target = "/feed", .body = LIST(POST1, NEXT("A")), .is_again = true },
	};
	struct scene scene = BEGIN(*state, "6", script);
	struct posts_reading reading = read_feed(&scene, "", 25);

	reading = read_feed(&scene, reading.next, 25);
	assert_failure(&scene, CONNECT_PERMANENT);
	assert_string_equal(reading.next, "");
	/* What it held is not lost. */
	assert_int_equal(scene.fixture->count, 2);
	scene_end(&scene);
}

static void test_older_paging_by_time_is_taken_from_our_own_server_alone(void **state)
{
	struct script_line script[] = {
		{ .target = "__paging_token=tok", .body = LIST("", "") },
		{ .target = "/feed",
		  .body = LIST(POST1, "\"next\":\"http://HOST/v10.0/7/posts?access_token=x&"
				      "until=1624385168&since&__paging_token=tok\"") },
		{ .target = "/feed",
		  .body = LIST(POST1, "\"next\":\"http://evil.example/v1/feed?until=1\"") },
	};
	struct scene scene = BEGIN(*state, "7", script);
	struct posts_reading reading = read_feed(&scene, "", 25);

	assert_failure(&scene, CONNECT_OK);
	reading = read_feed(&scene, reading.next, 25);
	assert_failure(&scene, CONNECT_OK);
	assert_string_equal(reading.next, "");
	assert_non_null(strstr(scene_request(&scene, 2)->target, "/v25.0/7/feed?"));
	assert_non_null(strstr(scene_request(&scene, 2)->target, "until=1624385168"));
	assert_null(strstr(scene_request(&scene, 2)->target, "access_token"));
	/* Another place than where we ask: the page is kept, the way on is not taken. */
	fixture_forget(scene.fixture);
	reading = read_feed(&scene, "", 25);
	assert_failure(&scene, CONNECT_PERMANENT);
	assert_int_equal(scene.fixture->count, 1);
	assert_string_equal(reading.next, "");
	scene_end(&scene);
}

static void test_too_much_data_is_asked_for_in_smaller_pages(void **state)
{
	static const char refusal[] =
		"{\"error\":{\"code\":1,\"message\":\"Please reduce the amount of data you're asking "
		"for, then retry your request\"}}";
	struct script_line script[] = {
		{ .target = "limit=100", .status = 500, .body = refusal },
		{ .target = "limit=50", .status = 500, .body = refusal },
		{ .target = "limit=25", .body = LIST(POST1, "") },
		{ .target = "fields=id%2Ccreated_time&", .body = LIST(POST1, NEXT("B")) },
		{ .target = "limit=", .status = 500, .body = refusal, .is_again = true },
	};
	struct scene scene = BEGIN(*state, "8", script);
	struct posts_reading reading = read_feed(&scene, "", 100);

	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(reading.limit, 25);
	/* Even one at a time is too much: it is told as something to be read alone. */
	fixture_forget(scene.fixture);
	reading = read_feed(&scene, "", 10);
	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(reading.limit, 1);
	assert_non_null(fixture_event(scene.fixture, EVENT_STALE, "101"));
	assert_string_not_equal(reading.next, "");
	scene_end(&scene);
}

static void test_a_forbidden_field_drops_a_step_and_is_remembered(void **state)
{
	struct script_line script[] = {
		{ .target = "privacy",
		  .status = 400,
		  .body = "{\"error\":{\"code\":100,\"message\":\"(#100) Tried accessing nonexisting "
			  "field (privacy) on node type (Post)\"}}" },
		{ .target = "permalink_url",
		  .status = 400,
		  .body = "{\"error\":{\"code\":283,\"message\":\"(#283) Requires x\"}}" },
		{ .target = "/feed", .body = LIST(POST1, ""), .is_again = true },
	};
	struct scene scene = BEGIN(*state, "9", script);

	read_feed(&scene, "", 25);
	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(scene_asked(&scene, "/feed"), 3);
	/* Pictures were not asked for, so nothing is known about them. */
	assert_false(fixture_item(scene.fixture, EVENT_ITEM, "101")->has_media);
	read_feed(&scene, "", 25);
	assert_int_equal(scene_asked(&scene, "/feed"), 4);
	assert_null(strstr(scene_request(&scene, 4)->target, "permalink_url"));
	assert_non_null(strstr(scene_request(&scene, 4)->target, "is_published"));
	scene_end(&scene);
}

static void test_a_cursor_that_is_too_deep_begins_anew_below(void **state)
{
	struct script_line script[] = {
		{ .target = "after=DEEP",
		  .status = 400,
		  .body = "{\"error\":{\"code\":100,\"message\":\"(#100) The After Cursor specified "
			  "exceeds the max limit supported by this endpoint\"}}" },
		{ .target = "until=1767261601", .body = LIST("", "") },
		{ .target = "/feed", .body = LIST(POST1, NEXT("DEEP")) },
	};
	struct scene scene = BEGIN(*state, "10", script);
	struct posts_reading reading = read_feed(&scene, "", 25);

	reading = read_feed(&scene, reading.next, 25);
	assert_failure(&scene, CONNECT_OK);
	assert_string_equal(reading.next, "");
	assert_int_equal(scene_asked(&scene, "until=1767261601"), 1);
	scene_end(&scene);
}

/* ---- pictures ---------------------------------------------------------- */

static void test_pictures_come_from_known_hosts_alone(void **state)
{
	struct script_line script[] = {
		{ .target = "/a.jpg", .body = "JPEG" },
		{ .target = "/old.jpg", .status = 403, .body = "URL signature expired" },
		{ .target = "/moved.jpg", .status = 302, .headers = "Location: /a.jpg\r\n" },
		{ .target = "/busy.jpg", .status = 503 },
	};
	struct scene scene = BEGIN(*state, "60", script);
	const char *bytes, *base = scene.fixture->config.facebook.base_url;
	size_t length;
	struct {
		const char *url;
		enum connect_failure failure;
	} cases[] = {
		{ "https://evil.example/a.jpg", CONNECT_PERMANENT },
		{ "https://evilfbcdn.net/a.jpg", CONNECT_PERMANENT },
		{ "https://fbcdn.net:8443/a.jpg", CONNECT_PERMANENT },
		{ "https://fbcdn.net@evil.example/a.jpg", CONNECT_PERMANENT },
		{ "file:///etc/passwd", CONNECT_PERMANENT },
		{ "http://127.0.0.1:1/a.jpg", CONNECT_PERMANENT },
		{ arena_printf(*state, "%s/old.jpg", base), CONNECT_MISSING },
		{ arena_printf(*state, "%s/moved.jpg", base), CONNECT_PERMANENT },
		{ arena_printf(*state, "%s/busy.jpg", base), CONNECT_RETRY },
	};

	scene.fixture->config.facebook.media_hosts = arena_printf(*state, "fbcdn.net 127.0.0.1:%d",
								  scene.stub.port);
	for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
		assert_int_equal(facebook_connector.media(scene.ctx, scene.source, cases[i].url,
							  1000, &bytes, &length, &scene.error),
				 OK);
		if (scene.error.failure != cases[i].failure)
			fail_msg("%s: %s", cases[i].url, connect_failure_name(scene.error.failure));
	}
	assert_int_equal(facebook_connector.media(scene.ctx, scene.source,
						  arena_printf(*state, "%s/a.jpg", base), 1000,
						  &bytes, &length, &scene.error),
			 OK);
	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(length, 4);
	scene_end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_call_carries_token_proof_and_version),
		TEST(test_each_page_has_its_token),
		TEST(test_no_call_is_made_while_throttled),
		TEST(test_a_token_of_another_kind_reads_nothing),
		TEST(test_a_list_goes_on_by_its_cursor_on_our_own_server),
		TEST(test_only_a_next_address_makes_a_list_go_on),
		TEST(test_a_page_that_comes_back_ends_with_an_alarm),
		TEST(test_older_paging_by_time_is_taken_from_our_own_server_alone),
		TEST(test_too_much_data_is_asked_for_in_smaller_pages),
		TEST(test_a_forbidden_field_drops_a_step_and_is_remembered),
		TEST(test_a_cursor_that_is_too_deep_begins_anew_below),
		TEST(test_pictures_come_from_known_hosts_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
