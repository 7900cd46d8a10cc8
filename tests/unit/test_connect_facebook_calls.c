/*
 * Calls to the Graph API against a server that follows a script: lists that must
 * be asked for otherwise, items that are gone, writes of unknown outcome.
 */
#include "unit.h"

#include "base/clock.h"
#include "connect/facebook.h"
#include "connect/facebook_setup.h"
#include "connect_fixture.h"
#include "http_stub.h"
#include "i18n/i18n.h"

#define LIST(data, paging) "{\"data\":[" data "],\"paging\":{" paging "}}"
#define NEXT(after)        "\"cursors\":{\"after\":\"" after "\"},\"next\":\"https://evil.example/x?a=b\""
#define POST1 \
	"{\"id\":\"101\",\"created_time\":\"2026-01-01T10:00:00+0000\",\"message\":\"eins\"," \
	"\"from\":{\"id\":\"1\"},\"is_published\":true}"

struct line {
	const char *method; /* NULL: any */
	const char *target; /* a part of path and query */
	int status;
	const char *body;
	const char *headers;
	bool is_cut;
	bool is_again; /* stays for further requests */
	bool is_used;
};

/* Read by the server's process, which is made after they are set. */
static struct line *lines;
static size_t line_count;
static const char *account;

/* "http://HOST/" becomes the server's own address, whose port the test cannot know. */
static const char *with_host(const struct stub_request *request, const char *text)
{
	static char out[4000];
	const char *host = strstr(request->headers, "\r\nHost: "), *found;

	if (!text || !host || !(found = strstr(text, "HOST")))
		return text ? text : "";
	host += strlen("\r\nHost: ");
	snprintf(out, sizeof(out), "%.*s%.*s%s", (int)(found - text), text,
		 (int)strcspn(host, "\r"), host, found + 4);
	return out;
}

static void follow_script(int index, const struct stub_request *request, struct stub_reply *reply)
{
	static char body[500];

	(void)index;
	for (size_t i = 0; i < line_count; i++) {
		struct line *line = &lines[i];

		if (line->is_used || !strstr(request->target, line->target) ||
		    (line->method && strcmp(line->method, request->method) != 0))
			continue;
		line->is_used = !line->is_again;
		reply->status = line->status;
		reply->headers = line->headers;
		reply->body = with_host(request, line->body);
		reply->is_cut = line->is_cut;
		return;
	}
	if (strstr(request->target, "/debug_token")) {
		snprintf(body, sizeof(body),
			 "{\"data\":{\"is_valid\":true,\"type\":\"PAGE\",\"profile_id\":%s,"
			 "\"app_id\":\"123456789012345\",\"scopes\":[\"pages_read_engagement\","
			 "\"pages_read_user_content\",\"pages_manage_engagement\","
			 "\"pages_manage_metadata\"]}}",
			 account);
		reply->body = body;
		return;
	}
	reply->status = 404;
	reply->body = "{\"error\":{\"code\":2500,\"message\":\"not in the script\"}}";
}

struct scene {
	struct fixture *fixture;
	struct ctx *ctx;
	struct source *source;
	struct stub stub;
	struct connect_error error;
};

/* Each test has a Page of its own: the connector remembers some things by Page. */
static struct scene begin(struct arena *arena, const char *page, struct line *script, size_t count)
{
	struct scene scene = { .fixture = fixture_new(arena) };

	lines = script;
	line_count = count;
	account = page;
	scene.ctx = &scene.fixture->ctx;
	scene.source = &scene.fixture->source;
	scene.source->account = page;
	stub_start(&scene.stub, follow_script);
	scene.fixture->config.facebook.base_url = arena_strdup(arena, scene.stub.url);
	return scene;
}

static void end(struct scene *scene)
{
	stub_stop(&scene->stub);
}

#define BEGIN(arena, page, script) begin(arena, page, script, ARRAY_COUNT(script))

static int asked(const struct scene *scene, const char *target)
{
	int count = 0;

	for (int i = 0; i < scene->stub.shared->count; i++)
		count += strstr(scene->stub.shared->requests[i].target, target) != NULL;
	return count;
}

static const struct stub_request *request(const struct scene *scene, int index)
{
	assert_true(index < scene->stub.shared->count);
	return &scene->stub.shared->requests[index];
}

static void assert_failure(const struct scene *scene, enum connect_failure failure)
{
	if (scene->error.failure != failure)
		fail_msg("%s instead of %s: %s", connect_failure_name(scene->error.failure),
			 connect_failure_name(failure), scene->error.message);
}

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
	struct line script[] = { { .target = "/feed", .body = LIST(POST1, "") } };
	struct scene scene = BEGIN(*state, "1", script);
	const struct stub_request *feed;

	read_feed(&scene, "", 100);
	assert_failure(&scene, CONNECT_OK);
	feed = request(&scene, 1);
	assert_true(!strncmp(feed->target, "/v25.0/1/feed?", 14));
	assert_non_null(strstr(feed->headers, "Authorization: Bearer " TOKEN "\r\n"));
	assert_non_null(strstr(feed->target, "appsecret_proof=37853a6369c4aa1fce38d62308ae8123056e"
					     "ac1f2152a7e0b3eaddfcfeba76c1"));
	assert_null(strstr(feed->target, TOKEN));
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "101")->text, "eins");
	end(&scene);
}

static void test_each_page_has_its_token(void **state)
{
	struct line script[] = { { .target = "/feed", .body = LIST(POST1, ""), .is_again = true } };
	struct scene scene = BEGIN(*state, "12", script);

	scene.fixture->config.facebook.page_tokens = "11=AAA, 12 = BBB ,1=CCC";
	read_feed(&scene, "", 100);
	assert_non_null(strstr(request(&scene, 1)->headers, "Bearer BBB\r\n"));
	scene.source->account = "13";
	assert_non_null(facebook_connector.configured(scene.ctx, scene.source));
	end(&scene);
}

static void test_no_call_is_made_while_throttled(void **state)
{
	struct line script[] = {
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
	end(&scene);
}

static void test_a_token_of_another_kind_reads_nothing(void **state)
{
	struct line script[] = {
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
	assert_int_equal(asked(&scene, "/comments"), 0);
	end(&scene);
}

/* ---- lists ------------------------------------------------------------- */

static void test_a_list_goes_on_by_its_cursor_on_our_own_server(void **state)
{
	struct line script[] = {
		{ .target = "after=QVF%2BZD", .body = LIST("", "") },
		{ .target = "/feed", .body = LIST(POST1, NEXT("QVF+ZD")) },
	};
	struct scene scene = BEGIN(*state, "4", script);
	struct posts_reading reading = read_feed(&scene, "", 100);

	assert_string_not_equal(reading.next, "");
	reading = read_feed(&scene, reading.next, 100);
	assert_failure(&scene, CONNECT_OK);
	assert_string_equal(reading.next, "");
	assert_int_equal(asked(&scene, "/v25.0/4/feed"), 2);
	end(&scene);
}

static void test_only_a_next_address_makes_a_list_go_on(void **state)
{
	static const char *const ends[] = {
		"{\"data\":[]}",
		LIST("", "\"cursors\":{\"after\":\"A\"}"),
		LIST("", "\"cursors\":{\"after\":\"A\"},\"next\":\"\""),
	};
	struct line script[] = {
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
	end(&scene);
}

static void test_a_page_that_comes_back_ends_with_an_alarm(void **state)
{
	struct line script[] = {
		{ .target = "/feed", .body = LIST(POST1, NEXT("A")), .is_again = true },
	};
	struct scene scene = BEGIN(*state, "6", script);
	struct posts_reading reading = read_feed(&scene, "", 25);

	reading = read_feed(&scene, reading.next, 25);
	assert_failure(&scene, CONNECT_PERMANENT);
	assert_string_equal(reading.next, "");
	/* What it held is not lost. */
	assert_int_equal(scene.fixture->count, 2);
	end(&scene);
}

static void test_older_paging_by_time_is_taken_from_our_own_server_alone(void **state)
{
	struct line script[] = {
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
	assert_non_null(strstr(request(&scene, 2)->target, "/v25.0/7/feed?"));
	assert_non_null(strstr(request(&scene, 2)->target, "until=1624385168"));
	assert_null(strstr(request(&scene, 2)->target, "access_token"));
	/* Another place than where we ask: the page is kept, the way on is not taken. */
	fixture_forget(scene.fixture);
	reading = read_feed(&scene, "", 25);
	assert_failure(&scene, CONNECT_PERMANENT);
	assert_int_equal(scene.fixture->count, 1);
	assert_string_equal(reading.next, "");
	end(&scene);
}

static void test_too_much_data_is_asked_for_in_smaller_pages(void **state)
{
	static const char refusal[] =
		"{\"error\":{\"code\":1,\"message\":\"Please reduce the amount of data you're asking "
		"for, then retry your request\"}}";
	struct line script[] = {
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
	end(&scene);
}

static void test_a_forbidden_field_drops_a_step_and_is_remembered(void **state)
{
	struct line script[] = {
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
	assert_int_equal(asked(&scene, "/feed"), 3);
	/* Pictures were not asked for, so nothing is known about them. */
	assert_false(fixture_item(scene.fixture, EVENT_ITEM, "101")->has_media);
	read_feed(&scene, "", 25);
	assert_int_equal(asked(&scene, "/feed"), 4);
	assert_null(strstr(request(&scene, 4)->target, "permalink_url"));
	assert_non_null(strstr(request(&scene, 4)->target, "is_published"));
	end(&scene);
}

static void test_a_cursor_that_is_too_deep_begins_anew_below(void **state)
{
	struct line script[] = {
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
	assert_int_equal(asked(&scene, "until=1767261601"), 1);
	end(&scene);
}

/* ---- comments ---------------------------------------------------------- */

#define COMMENT(id, more) \
	"{\"id\":\"" id "\",\"created_time\":\"2026-01-01T10:01:40+0000\"," more \
	"\"message\":\"Text " id "\"}"

static struct comments_reading read_comments(struct scene *scene, const char *cursor)
{
	struct comments_reading reading = { .cursor = cursor, .limit = 100 };
	struct item_address post = { ITEM_POST, "500", "" };

	assert_int_equal(facebook_connector.read_comments(scene->ctx, scene->source, &post,
							  &reading, &scene->fixture->sink,
							  &scene->error),
			 OK);
	return reading;
}

static void test_comments_are_read_flat_and_with_those_of_the_pictures(void **state)
{
	struct line script[] = {
		{ .target = "/20_500/comments",
		  .body = LIST(COMMENT("500_1", "\"is_hidden\":true,") "," COMMENT(
				       "500_2", "\"parent\":{\"id\":\"500_1\"},"),
			       NEXT("C")) },
		{ .target = "/20_500/comments",
		  .body = LIST(COMMENT("500_3", "\"is_private\":true,"), "") },
		{ .target = "attachments",
		  .body = "{\"id\":\"20_500\",\"attachments\":{\"data\":[{\"media_type\":\"album\","
			  "\"target\":{\"id\":\"20_500\"},\"subattachments\":{\"data\":["
			  "{\"media_type\":\"photo\",\"target\":{\"id\":\"901\"}},"
			  "{\"media_type\":\"photo\",\"target\":{\"id\":902}}]}}]}}" },
		{ .target = "/901/comments", .body = LIST(COMMENT("901_4", ""), "") },
		{ .target = "/902/comments", .body = "{\"data\":[]}" },
	};
	struct scene scene = BEGIN(*state, "20", script);
	struct comments_reading reading = read_comments(&scene, "");

	assert_failure(&scene, CONNECT_OK);
	assert_false(reading.is_complete);
	for (int pages = 0; *reading.next && pages < 10; pages++)
		reading = read_comments(&scene, reading.next);
	assert_failure(&scene, CONNECT_OK);
	assert_true(reading.is_complete);
	assert_non_null(strstr(request(&scene, 1)->target, "filter=stream&order=chronological"));
	assert_int_equal(scene.fixture->count, 4);
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "1")->visibility, ITEM_HIDDEN);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "1")->parent_key, "500");
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "2")->parent_key, "1");
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "3")->visibility, ITEM_PRIVATE);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "4")->root_key, "500");
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "4")->address, "901_4");
	end(&scene);
}

static void test_a_list_that_could_not_be_read_is_not_complete(void **state)
{
	struct line script[] = {
		{ .target = "/comments", .body = "{\"count\":3}" },
		{ .target = "/comments", .status = 500, .body = "<html>" },
		{ .target = "/comments", .is_cut = true, .is_again = true },
	};
	struct scene scene = BEGIN(*state, "21", script);

	for (size_t i = 0; i < ARRAY_COUNT(script); i++) {
		assert_false(read_comments(&scene, "").is_complete);
		assert_failure(&scene, CONNECT_RETRY);
	}
	end(&scene);
}

static void test_a_comment_without_an_id_is_known_by_its_permalink(void **state)
{
	struct line script[] = {
		{ .target = "/comments",
		  .body = LIST(
			  "{\"message\":\"a\",\"permalink_url\":\"https://www.facebook.com/22/"
			  "posts/500/?comment_id=77&reply_comment_id=78\"},{\"message\":\"b\"}",
			  "") },
		{ .target = "attachments", .body = "{\"id\":\"22_500\"}" },
	};
	struct scene scene = BEGIN(*state, "22", script);

	assert_true(read_comments(&scene, "").is_complete);
	assert_int_equal(scene.fixture->count, 1);
	assert_string_equal(fixture_item(scene.fixture, EVENT_ITEM, "78")->address, "500_78");
	end(&scene);
}

/* ---- items ------------------------------------------------------------- */

#define GONE \
	"{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"Unsupported get request.\"}}"

static void read_items(struct scene *scene, const struct item_address *items, size_t count)
{
	fixture_forget(scene->fixture);
	assert_int_equal(facebook_connector.read_items(scene->ctx, scene->source, items, count,
						       &scene->fixture->sink, &scene->error),
			 OK);
}

static void test_one_missing_item_does_not_hide_the_others(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" },
						     { ITEM_POST, "500", "" },
						     { ITEM_COMMENT, "3", "../../etc" } };
	struct line script[] = {
		{ .target = "ids=500_1%2C500_2", .status = 400, .body = GONE },
		{ .target = "/500_1?", .body = COMMENT("500_1", "") },
		{ .target = "/500_2?", .status = 400, .body = GONE },
		{ .target = "/30_500?",
		  .body = "{\"id\":\"30_500\",\"is_published\":false,\"message\":\"secret\"}" },
	};
	struct scene scene = BEGIN(*state, "30", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_OK);
	assert_non_null(fixture_event(scene.fixture, EVENT_ITEM, "1"));
	assert_non_null(fixture_event(scene.fixture, EVENT_MISSING, "2"));
	assert_non_null(fixture_event(scene.fixture, EVENT_MISSING, "3"));
	assert_int_equal(fixture_item(scene.fixture, EVENT_ITEM, "500")->visibility,
			 ITEM_UNPUBLISHED);
	assert_false(fixture_item(scene.fixture, EVENT_ITEM, "500")->has_text);
	assert_true(scene.fixture->events[0].is_confirmed);
	end(&scene);
}

static void test_what_many_answers_lack_is_asked_for_alone(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" } };
	struct line script[] = {
		{ .target = "ids=", .body = "{\"500_1\":" COMMENT("500_1", "") "}" },
		{ .target = "/500_2?", .body = COMMENT("500_2", "") },
	};
	struct scene scene = BEGIN(*state, "31", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_OK);
	assert_int_equal(scene.fixture->count, 2);
	end(&scene);
}

static void test_a_failing_network_says_nothing_about_items(void **state)
{
	static const struct item_address items[] = { { ITEM_COMMENT, "1", "500_1" },
						     { ITEM_COMMENT, "2", "500_2" } };
	struct line script[] = {
		{ .target = "ids=", .status = 400, .body = GONE },
		{ .target = "/500_1?",
		  .status = 400,
		  .body = "{\"error\":{\"code\":190,\"message\":\"x\"}}" },
	};
	struct scene scene = BEGIN(*state, "32", script);

	read_items(&scene, items, ARRAY_COUNT(items));
	assert_failure(&scene, CONNECT_TOKEN);
	assert_int_equal(scene.fixture->count, 0);
	assert_int_equal(asked(&scene, "/500_2?"), 0);
	end(&scene);
}

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
	struct line script[] = {
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
	assert_non_null(
		strstr(request(&scene, 2)->body, "message=Bonjour%20%26%20merci%20%F0%9F%99%82"));
	end(&scene);
}

static void test_an_open_outcome_is_unknown_and_a_refusal_is_not(void **state)
{
	static const struct source_write write = { .kind = WRITE_REPLY,
						   .address = "41_500",
						   .root_address = "41_500",
						   .text = "Bonjour" };
	static const struct {
		struct line line;
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
		struct line script[] = { cases[i].line };
		struct scene scene;

		script[0].target = "/comments";
		scene = BEGIN(*state, "41", script);
		write_it(&scene, &write);
		if (scene.error.failure != cases[i].failure)
			fail_msg("case %zu: %s instead of %s", i,
				 connect_failure_name(scene.error.failure),
				 connect_failure_name(cases[i].failure));
		assert_int_equal(asked(&scene, "/comments"), 1);
		end(&scene);
	}
}

static void test_what_was_never_sent_may_be_sent_again(void **state)
{
	static const struct source_write write = { .kind = WRITE_REPLY,
						   .address = "42_500",
						   .root_address = "42_500",
						   .text = "Bonjour" };
	struct line script[] = { { .target = "x" } };
	struct scene scene = BEGIN(*state, "42", script);

	end(&scene);
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_RETRY);
}

static void test_a_text_that_is_too_long_or_empty_is_not_sent(void **state)
{
	struct source_write write = {
		.kind = WRITE_REPLY, .address = "43_500", .root_address = "43_500", .text = " \n "
	};
	struct line script[] = { { .target = "x" } };
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
	end(&scene);
}

static void test_only_the_pages_own_comment_is_edited(void **state)
{
	struct source_write write = { .kind = WRITE_EDIT, .address = "500_9", .text = "neu" };
	struct line script[] = {
		{ .target = "/500_9?", .body = "{\"id\":\"500_9\",\"from\":{\"id\":\"777\"}}" },
		{ .target = "/500_9?", .body = "{\"id\":\"500_9\",\"from\":{\"id\":44}}" },
		{ .method = "POST", .target = "/500_9", .body = "{\"success\":\"true\"}" },
	};
	struct scene scene = BEGIN(*state, "44", script);

	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_PERMANENT);
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_OK);
	end(&scene);
}

static void test_hiding_and_deleting_may_be_repeated(void **state)
{
	struct source_write write = { .kind = WRITE_HIDE, .address = "500_1", .text = "" };
	struct line script[] = {
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
	assert_non_null(strstr(request(&scene, 1)->body, "is_hidden=true"));
	write.kind = WRITE_UNHIDE;
	write_it(&scene, &write);
	assert_non_null(strstr(request(&scene, 2)->body, "is_hidden=false"));
	write.kind = WRITE_DELETE;
	write_it(&scene, &write);
	assert_failure(&scene, CONNECT_MISSING);
	end(&scene);
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
	struct line script[] = {
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
	assert_int_equal(asked(&scene, "reverse_chronological"), 1);
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
	end(&scene);
}

/* ---- setting up -------------------------------------------------------- */

static const struct health_line *line_with(const struct source_health *health, const char *words)
{
	for (size_t i = 0; i < health->line_count; i++)
		if (strstr(health->lines[i].what, words) || strstr(health->lines[i].advice, words))
			return &health->lines[i];
	fail_msg("no line with: %s", words);
	return NULL;
}

static void test_health_says_what_to_do(void **state)
{
	struct line script[] = {
		{ .target = "/debug_token",
		  .body = "{\"data\":{\"is_valid\":true,\"type\":\"USER\",\"app_id\":7,"
			  "\"profile_id\":\"50\",\"expires_at\":1000000000,"
			  "\"data_access_expires_at\":1000000000,"
			  "\"scopes\":[\"pages_read_engagement\",\"pages_manage_engagement\"],"
			  "\"granular_scopes\":[{\"scope\":\"pages_manage_engagement\","
			  "\"target_ids\":[\"1\"]},{\"scope\":\"pages_read_engagement\"}]}}" },
		{ .target = "/subscriptions",
		  .body = "{\"data\":[{\"object\":\"page\",\"callback_url\":\"https://old.example/x\","
			  "\"active\":true,\"fields\":[\"feed\"]}]}" },
		{ .target = "/subscribed_apps", .body = "{\"data\":[]}" },
		{ .target = "/feed",
		  .status = 403,
		  .headers = "facebook-api-version: v26.0\r\n",
		  .body = "{\"error\":{\"code\":10,\"message\":\"(#10) no\"}}" },
	};
	struct scene scene = BEGIN(*state, "50", script);
	struct source_health health;

	assert_int_equal(facebook_health(scene.ctx, scene.source, &health, &scene.error), OK);
	assert_false(health.is_well);
	assert_true(line_with(&health, "The token is valid")->is_well);
	assert_false(line_with(&health, "“USER”")->is_well);
	assert_false(line_with(&health, "the app 7")->is_well);
	assert_false(line_with(&health, "pages_read_user_content, pages_manage_engagement, "
					"pages_manage_metadata")
			     ->is_well);
	assert_false(line_with(&health, "It ends on")->is_well);
	assert_false(line_with(&health, "Access to data ends")->is_well);
	assert_false(line_with(&health, "https://old.example/x")->is_well);
	assert_false(line_with(&health, "does not send its notices")->is_well);
	assert_false(line_with(&health, "Community")->is_well);
	assert_false(line_with(&health, "v26.0")->is_well);
	end(&scene);
}

static void test_all_is_well_when_all_is_well(void **state)
{
	struct line script[] = {
		{ .target = "/subscriptions",
		  .body = "{\"data\":[{\"object\":\"page\",\"active\":true,\"callback_url\":"
			  "\"https://forum.example/hooks/facebook\","
			  "\"fields\":[{\"name\":\"feed\",\"version\":\"v25.0\"}]}]}" },
		{ .target = "/subscribed_apps",
		  .body = "{\"data\":[{\"id\":\"123456789012345\",\"subscribed_fields\":[\"feed\"]}]}" },
		{ .target = "/feed",
		  .headers = "Facebook-Api-Version: v25.0\r\n",
		  .body = "{\"data\":[]}" },
	};
	struct scene scene = BEGIN(*state, "51", script);
	struct source_health health;

	assert_int_equal(facebook_health(scene.ctx, scene.source, &health, &scene.error), OK);
	for (size_t i = 0; i < health.line_count; i++)
		if (!health.lines[i].is_well)
			fail_msg("%s: %s", health.lines[i].what, health.lines[i].advice);
	assert_true(health.is_well);
	end(&scene);
}

static void test_subscribing_names_callback_and_word(void **state)
{
	struct line script[] = {
		{ .method = "POST",
		  .target = "/123456789012345/subscriptions",
		  .body = "{\"success\":true}" },
		{ .method = "POST",
		  .target = "/52/subscribed_apps",
		  .body = "{\"success\":\"true\"}" },
	};
	struct scene scene = BEGIN(*state, "52", script);

	assert_int_equal(facebook_subscribe(scene.ctx, scene.source, &scene.error), OK);
	assert_failure(&scene, CONNECT_OK);
	assert_non_null(strstr(request(&scene, 0)->body,
			       "callback_url=https%3A%2F%2Fforum.example%2Fhooks%2Ffacebook"));
	assert_non_null(strstr(request(&scene, 0)->body, "verify_token=right"));
	assert_non_null(
		strstr(request(&scene, 0)->headers, "Bearer 123456789012345|" SECRET "\r\n"));
	assert_non_null(strstr(request(&scene, 1)->headers, "Bearer " TOKEN "\r\n"));
	end(&scene);
}

static void test_a_missing_setting_is_named(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct ctx *ctx = &fixture->ctx;

	assert_null(facebook_configured(ctx, &fixture->source));
	fixture->config.facebook.page_tokens = "";
	assert_non_null(strstr(facebook_configured(ctx, &fixture->source), "page_tokens"));
	fixture->config.facebook.verify_token = "";
	assert_non_null(strstr(facebook_configured(ctx, &fixture->source), "verify_token"));
	fixture->config.facebook.app_secret = "";
	assert_non_null(strstr(facebook_configured(ctx, &fixture->source), "app_secret"));
	fixture->config.facebook.app_id = "";
	assert_non_null(strstr(facebook_configured(ctx, &fixture->source), "app_id"));
}

/* ---- pictures ---------------------------------------------------------- */

static void test_pictures_come_from_known_hosts_alone(void **state)
{
	struct line script[] = {
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
	end(&scene);
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
		TEST(test_comments_are_read_flat_and_with_those_of_the_pictures),
		TEST(test_a_list_that_could_not_be_read_is_not_complete),
		TEST(test_a_comment_without_an_id_is_known_by_its_permalink),
		TEST(test_one_missing_item_does_not_hide_the_others),
		TEST(test_what_many_answers_lack_is_asked_for_alone),
		TEST(test_a_failing_network_says_nothing_about_items),
		TEST(test_an_answer_to_an_answer_goes_to_the_top_and_is_read_back),
		TEST(test_an_open_outcome_is_unknown_and_a_refusal_is_not),
		TEST(test_what_was_never_sent_may_be_sent_again),
		TEST(test_a_text_that_is_too_long_or_empty_is_not_sent),
		TEST(test_only_the_pages_own_comment_is_edited),
		TEST(test_hiding_and_deleting_may_be_repeated),
		TEST(test_an_own_answer_is_found_by_author_text_and_time),
		TEST(test_health_says_what_to_do),
		TEST(test_all_is_well_when_all_is_well),
		TEST(test_subscribing_names_callback_and_word),
		TEST(test_a_missing_setting_is_named),
		TEST(test_pictures_come_from_known_hosts_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
