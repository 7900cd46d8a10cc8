/* Feeds: every format, what is refused, and how they are fetched. */
#include "unit.h"

#include "base/clock.h"
#include "connect/feed.h"
#include "connect/feed_parse.h"
#include "connect_fixture.h"
#include "http_stub.h"

#define URL "https://blog.example/feed"

static const char rss[] =
	"<?xml version=\"1.0\"?>\n"
	"<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
	" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
	" xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\""
	" xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"><channel>"
	"<title>Le blog</title><link>https://blog.example/</link>"
	"<item><title>Coupure &lt;b&gt;nord&lt;/b&gt; &amp;amp; sud</title>"
	"<link>/2026/coupure</link><guid isPermaLink=\"false\">post-7</guid>"
	"<pubDate>Thu, 01 Jan 2026 11:00:00 +0100</pubDate><dc:creator>Zoé</dc:creator>"
	"<description>court</description>"
	"<content:encoded><![CDATA[<p>Tout est <b>réparé</b>.</p>]]></content:encoded>"
	"<enclosure url=\"https://blog.example/a.png\" type=\"image/png\" length=\"3\"/>"
	"<wfw:commentRss>https://blog.example/coupure/feed</wfw:commentRss>"
	"<slash:comments>4</slash:comments></item>"
	"<item><link>https://blog.example/2</link><author>x@y.example (Ana Ø)</author>"
	"<description>sans titre</description><comments>c</comments></item></channel></rss>";

static const char atom[] =
	"<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:thr=\"http://purl.org/syndication/"
	"thread/1.0\"><title type=\"text\">A</title>"
	"<link rel=\"next\" href=\"?page=2\"/><link rel=\"self\" href=\"/self\"/>"
	"<entry><id>tag:x,1</id><title type=\"html\">&lt;i&gt;Un&lt;/i&gt; titre</title>"
	"<link href=\"https://blog.example/1\"/>"
	"<link rel=\"replies\" type=\"application/atom+xml\" href=\"/1/comments\"/>"
	"<published>2026-01-01T10:00:00Z</published><updated>2026-01-02T10:00:00+01:00</updated>"
	"<author><name>Ivo</name><uri>https://ivo.example/</uri></author>"
	"<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Mots</p></div>"
	"</content></entry>"
	"<entry><id>tag:x,2</id><title>Re</title><thr:in-reply-to ref=\"tag:x,1\"/>"
	"<updated>2026-01-01T11:00:00Z</updated><content>plain &lt;text&gt;</content></entry>"
	"<entry><id>tag:x,3</id><thr:in-reply-to ref=\"tag:x,2\"/><summary>deep</summary></entry>"
	"</feed>";

static const char rdf[] =
	"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
	"xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
	"<channel rdf:about=\"x\"><title>R</title></channel>"
	"<item rdf:about=\"urn:item:1\"><title>Titre</title><link>https://blog.example/r</link>"
	"<dc:date>2026-01-01</dc:date><description>&lt;p&gt;x&lt;/p&gt;</description></item>"
	"</rdf:RDF>";

static bool parse(struct fixture *fixture, const char *text, struct feed *feed)
{
	return feed_parse(&fixture->ctx, URL, text, strlen(text), feed);
}

static void test_rss_items_are_read(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const struct item *item;
	struct feed feed;

	assert_true(parse(fixture, rss, &feed));
	assert_null(feed.problem);
	assert_string_equal(feed.title, "Le blog");
	assert_int_equal(feed.item_count, 2);
	item = &feed.items[0];
	assert_string_equal(item->key, "post-7");
	assert_string_equal(item->title, "Coupure nord & sud");
	assert_string_equal(item->url, "https://blog.example/2026/coupure");
	assert_int_equal(item->created_at, INT64_C(1767261600) * CLOCK_SECOND);
	assert_string_equal(item->author_name, "Zoé");
	assert_string_equal(item->html, "<p>Tout est <b>réparé</b>.</p>");
	assert_string_equal(item->address, "https://blog.example/coupure/feed");
	assert_int_equal(item->comment_count, 4);
	assert_int_equal(item->media_count, 1);
	assert_string_equal(item->media[0].kind, "photo");
	assert_true(item->is_self);
	item = &feed.items[1];
	assert_string_equal(item->key, "https://blog.example/2");
	assert_string_equal(item->author_name, "Ana Ø");
	assert_string_equal(item->html, "sans titre");
}

static void test_atom_entries_and_their_answers_are_read(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const struct item *item;
	struct feed feed;

	assert_true(parse(fixture, atom, &feed));
	assert_null(feed.problem);
	assert_string_equal(feed.next, "https://blog.example/feed?page=2");
	assert_int_equal(feed.item_count, 3);
	item = &feed.items[0];
	assert_int_equal(item->kind, ITEM_POST);
	assert_string_equal(item->key, "tag:x,1");
	assert_string_equal(item->title, "Un titre");
	assert_string_equal(item->author_name, "Ivo");
	assert_string_equal(item->author_key, "https://ivo.example/");
	assert_string_equal(item->address, "https://blog.example/1/comments");
	assert_int_equal(item->edited_at - item->created_at, 23 * CLOCK_HOUR);
	assert_non_null(strstr(item->html, "<p>Mots</p>"));
	item = &feed.items[1];
	assert_int_equal(item->kind, ITEM_COMMENT);
	assert_string_equal(item->parent_key, "tag:x,1");
	assert_string_equal(item->text, "plain <text>");
	assert_string_equal(item->html, "");
	assert_string_equal(feed.items[2].parent_key, "tag:x,2");
	assert_string_equal(feed.items[2].root_key, "tag:x,1");
}

static void test_rdf_items_are_read(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct feed feed;

	assert_true(parse(fixture, rdf, &feed));
	assert_null(feed.problem);
	assert_int_equal(feed.item_count, 1);
	assert_string_equal(feed.items[0].key, "urn:item:1");
	assert_string_equal(feed.items[0].html, "<p>x</p>");
	assert_int_equal(feed.items[0].created_at, INT64_C(1767225600) * CLOCK_SECOND);
}

static void test_entities_and_other_documents_are_refused(void **state)
{
	static const char *const refused[] = {
		"",
		"hello",
		"{\"data\":[]}",
		"<html><body>no</body></html>",
		"<!DOCTYPE rss [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>"
		"<rss><channel><item><title>&b;</title></item></channel></rss>",
		"<!DOCTYPE rss [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
		"<rss><channel><item><title>&f;</title></item></channel></rss>",
		"<!DOCTYPE rss [<!ENTITY % p SYSTEM \"http://evil.example/x.dtd\"> %p;]>"
		"<rss><channel><item><title>x</title></item></channel></rss>",
	};
	struct fixture *fixture = fixture_new(*state);
	struct feed feed;

	for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
		if (parse(fixture, refused[i], &feed) && feed.item_count > 0)
			fail_msg("taken: %s", refused[i]);
		assert_non_null(feed.problem);
	}
}

static void test_a_broken_feed_gives_what_stands_before_the_fault(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct feed feed;

	/* libxml2 looks ahead a few hundred bytes. */
	assert_true(parse(fixture,
			  arena_printf(*state,
				       "<rss><channel><item><guid>1</guid></item><item/><item>"
				       "<guid>2</guid></item>%3000s<item><guid>3</channel></rss>",
				       ""),
			  &feed));
	assert_int_equal(feed.item_count, 2);
	assert_non_null(strstr(feed.problem, "line 1"));
	/* What XML does not allow, and a mark at the beginning, are mended. */
	assert_true(parse(fixture,
			  "\xef\xbb\xbf<rss><channel><item><guid>1</guid><title>a\x01&#0;b</title>"
			  "</item></channel></rss>",
			  &feed));
	assert_null(feed.problem);
	assert_string_equal(feed.items[0].title, "a \xef\xbf\xbd"
						 "b");
}

static void test_addresses_that_are_none_are_dropped(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct feed feed;

	assert_true(parse(fixture,
			  "<rss><channel><item><guid>1</guid><link>javascript:alert(1)</link>"
			  "<enclosure url=\"file:///etc/passwd\" type=\"image/png\"/></item>"
			  "</channel></rss>",
			  &feed));
	assert_string_equal(feed.items[0].url, "");
	assert_int_equal(feed.items[0].media_count, 0);
}

static void test_what_has_no_id_is_known_by_its_words(void **state)
{
	static const char text[] = "<rss><channel><item><title>a</title></item>"
				   "<item><title>b</title></item></channel></rss>";
	struct fixture *fixture = fixture_new(*state);
	struct feed first, second;

	assert_true(parse(fixture, text, &first));
	assert_true(parse(fixture, text, &second));
	assert_string_equal(first.items[0].key, second.items[0].key);
	assert_string_not_equal(first.items[0].key, first.items[1].key);
	assert_true(!strncmp(first.items[0].key, "sha256:", 7));
}

/* ---- fetching ---------------------------------------------------------- */

static void serve(int index, const struct stub_request *request, struct stub_reply *reply)
{
	(void)index;
	reply->headers = "ETag: \"v1\"\r\nLast-Modified: Thu, 01 Jan 2026 10:00:00 GMT\r\n";
	if (strstr(request->headers, "If-None-Match: \"v1\""))
		reply->status = 304;
	else if (!strcmp(request->target, "/feed"))
		reply->body = rss;
	else if (!strcmp(request->target, "/comments"))
		reply->body =
			"<rss><channel><item><guid>c2</guid></item><item><guid>c1</guid></item>"
			"</channel></rss>";
	else if (!strcmp(request->target, "/busy")) {
		reply->status = 503;
		reply->headers = "Retry-After: 120\r\n";
	} else {
		reply->status = 404;
	}
}

struct scene {
	struct fixture *fixture;
	struct stub stub;
	struct connect_error error;
};

static struct scene begin(struct arena *arena, const char *path)
{
	struct scene scene = { .fixture = fixture_new(arena) };

	stub_start(&scene.stub, serve);
	scene.fixture->source.connector = "feed";
	scene.fixture->source.account = arena_printf(arena, "%s%s", scene.stub.url, path);
	scene.fixture->config.feed.private_hosts = arena_printf(arena, "other:80 127.0.0.1:%d",
								scene.stub.port);
	return scene;
}

static struct posts_reading read_posts(struct scene *scene, const char *watermark)
{
	struct posts_reading reading = { .cursor = "", .watermark = watermark };

	fixture_forget(scene->fixture);
	assert_int_equal(feed_connector.read_posts(&scene->fixture->ctx, &scene->fixture->source,
						   &reading, &scene->fixture->sink, &scene->error),
			 OK);
	return reading;
}

static void test_an_unchanged_feed_is_asked_for_only_once(void **state)
{
	struct scene scene = begin(*state, "/feed");
	struct posts_reading reading = read_posts(&scene, "");

	assert_int_equal(scene.error.failure, CONNECT_OK);
	assert_int_equal(scene.fixture->count, 2);
	/* Comments of another host are not asked for. */
	assert_string_equal(scene.fixture->events[0].item.address, "");
	reading = read_posts(&scene, reading.next_watermark);
	assert_int_equal(scene.error.failure, CONNECT_OK);
	assert_int_equal(scene.fixture->count, 0);
	assert_non_null(strstr(reading.next_watermark, "etag=%22v1%22"));
	stub_stop(&scene.stub);
}

static void test_comments_hang_on_their_post_oldest_first(void **state)
{
	struct scene scene = begin(*state, "/feed");
	struct comments_reading reading = { .cursor = "" };
	struct item_address post = { ITEM_POST, "post-7",
				     arena_printf(*state, "%s/comments", scene.stub.url) };

	assert_int_equal(feed_connector.read_comments(&scene.fixture->ctx, &scene.fixture->source,
						      &post, &reading, &scene.fixture->sink,
						      &scene.error),
			 OK);
	assert_int_equal(scene.fixture->count, 2);
	assert_string_equal(scene.fixture->events[0].item.key, "c1");
	assert_int_equal(scene.fixture->events[0].item.kind, ITEM_COMMENT);
	assert_string_equal(scene.fixture->events[0].item.parent_key, "post-7");
	assert_false(reading.is_complete);
	post.address = "https://evil.example/comments";
	fixture_forget(scene.fixture);
	assert_int_equal(feed_connector.read_comments(&scene.fixture->ctx, &scene.fixture->source,
						      &post, &reading, &scene.fixture->sink,
						      &scene.error),
			 OK);
	assert_int_equal(scene.fixture->count, 0);
	stub_stop(&scene.stub);
}

static void test_failures_of_a_feed_are_told_apart(void **state)
{
	struct scene scene = begin(*state, "/busy");
	int64_t now = clock_now();

	read_posts(&scene, "");
	assert_int_equal(scene.error.failure, CONNECT_THROTTLED);
	assert_in_range(scene.error.retry_at, now + 2 * CLOCK_MINUTE, now + 3 * CLOCK_MINUTE);
	scene.fixture->source.account = arena_printf(*state, "%s/gone", scene.stub.url);
	read_posts(&scene, "");
	assert_int_equal(scene.error.failure, CONNECT_OPERATOR);
	/* The place is not named any more: it is in a private network. */
	scene.fixture->config.feed.private_hosts = "other:80";
	read_posts(&scene, "");
	assert_int_equal(scene.error.failure, CONNECT_OPERATOR);
	assert_non_null(strstr(scene.error.message, "private network"));
	stub_stop(&scene.stub);
}

static void test_single_entries_are_found_in_the_feed_or_not_told(void **state)
{
	static const struct item_address items[] = { { ITEM_POST, "post-7", "" },
						     { ITEM_POST, "older", "" } };
	struct scene scene = begin(*state, "/feed");

	assert_int_equal(feed_connector.read_items(&scene.fixture->ctx, &scene.fixture->source,
						   items, 2, &scene.fixture->sink, &scene.error),
			 OK);
	assert_int_equal(scene.fixture->count, 1);
	assert_false(feed_connector.tells_missing);
	stub_stop(&scene.stub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rss_items_are_read),
		TEST(test_atom_entries_and_their_answers_are_read),
		TEST(test_rdf_items_are_read),
		TEST(test_entities_and_other_documents_are_refused),
		TEST(test_a_broken_feed_gives_what_stands_before_the_fault),
		TEST(test_addresses_that_are_none_are_dropped),
		TEST(test_what_has_no_id_is_known_by_its_words),
		TEST(test_an_unchanged_feed_is_asked_for_only_once),
		TEST(test_comments_hang_on_their_post_oldest_first),
		TEST(test_failures_of_a_feed_are_told_apart),
		TEST(test_single_entries_are_found_in_the_feed_or_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
