/*
 * The Facebook connector against the stand-in for the Graph API (tests/fakes/graph),
 * which knows nothing of it: what is read equals what is there, whatever goes wrong
 * on the way; what is written is there once.
 */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "connect/facebook.h"
#include "connect/facebook_setup.h"
#include "connect_fixture.h"
#include "net/json.h"

#define PYTHON "/usr/bin/python3"

static struct {
	pid_t child;
	char line[8192];
	int control_port;
} fake;

/* ---- the fake ---------------------------------------------------------- */

static bool start_fake(void)
{
	const char *source = getenv("ENTRAIDE_SOURCE_DIR");
	char program[4096];
	int ends[2];
	FILE *out;

	snprintf(program, sizeof(program), "%s/tests/fakes/graph", source ? source : ".");
	if (access(PYTHON, X_OK) != 0 || access(program, R_OK) != 0 || pipe(ends) != 0)
		return false;
	fake.child = fork();
	if (fake.child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execl(PYTHON, PYTHON, program, "--seed", "7", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	return out && fgets(fake.line, sizeof(fake.line), out);
}

static const json_t *parse(struct fixture *fixture, const char *text)
{
	const char *problem = NULL;
	const json_t *root = json_read(&fixture->ctx, text, strlen(text), &problem);

	if (!root)
		fail_msg("%s: %s", problem, text);
	return root;
}

/* POST with a JSON object, or GET without one, on the control port. */
static const json_t *control(struct fixture *fixture, const char *name, const char *body)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	static char text[2 << 20];
	size_t length = 0;
	ssize_t got;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_port = htons((uint16_t)fake.control_port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	snprintf(
		text, 2 << 20,
		"%s /_ctl/%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
		body ? "POST" : "GET", name, body ? strlen(body) : 0, body ? body : "");
	assert_true(write(fd, text, strlen(text)) > 0);
	while ((got = read(fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	close(fd);
	assert_non_null(strstr(text, " 200 "));
	return parse(fixture, strstr(text, "\r\n\r\n") + 4);
}

static const char *port_of(const char *url)
{
	return strrchr(url, ':') + 1;
}

/* A source on the fake's Page, and an empty world. */
static struct fixture *begin(struct arena *arena)
{
	struct fixture *fixture = fixture_new(arena);
	const json_t *config = parse(fixture, fake.line);

	fake.control_port = (int)strtol(port_of(json_text_at(config, "control")), NULL, 10);
	fixture->source.account = json_text_at(config, "page_id");
	fixture->config.facebook.app_id = json_text_at(config, "app_id");
	fixture->config.facebook.app_secret = json_text_at(config, "app_secret");
	fixture->config.facebook.page_tokens = json_text_at(config, "page_token");
	fixture->config.facebook.base_url = json_text_at(config, "graph");
	fixture->config.facebook.media_hosts = arena_printf(arena, "127.0.0.1:%s",
							    port_of(json_text_at(config, "media")));
	control(fixture, "reset", "{}");
	return fixture;
}

/* ---- reading everything ------------------------------------------------ */

static struct connect_error last;

/* Again while it is nobody's fault, as the core would. */
static void read_all_comments(struct fixture *fixture, const struct item *post)
{
	struct item_address address = { ITEM_POST, post->key, post->address };
	struct comments_reading reading = { .cursor = "", .limit = 5 };
	int tries = 0;

	do {
		assert_int_equal(facebook_connector.read_comments(&fixture->ctx, &fixture->source,
								  &address, &reading,
								  &fixture->sink, &last),
				 OK);
		if (last.failure == CONNECT_OK)
			reading.cursor = reading.next;
		else if (last.failure != CONNECT_RETRY || ++tries > 20)
			fail_msg("comments: %s", last.message);
	} while (*reading.cursor || last.failure != CONNECT_OK);
	assert_true(reading.is_complete);
}

static size_t read_all_posts(struct fixture *fixture)
{
	struct posts_reading reading = { .cursor = "", .limit = 3 };
	int tries = 0;

	do {
		assert_int_equal(facebook_connector.read_posts(&fixture->ctx, &fixture->source,
							       &reading, &fixture->sink, &last),
				 OK);
		if (last.failure == CONNECT_OK)
			reading.cursor = reading.next;
		else if (last.failure != CONNECT_RETRY || ++tries > 20)
			fail_msg("posts: %s", last.message);
	} while (*reading.cursor || last.failure != CONNECT_OK);
	return fixture->count;
}

static void read_everything(struct fixture *fixture)
{
	size_t posts;

	fixture_forget(fixture);
	posts = read_all_posts(fixture);
	for (size_t i = 0; i < posts; i++)
		if (fixture->events[i].item.visibility == ITEM_PUBLIC)
			read_all_comments(fixture, &fixture->events[i].item);
}

static void assert_like(struct fixture *fixture, const json_t *there, enum item_kind kind)
{
	const char *id = json_text_at(there, "id"), *parent = json_text_at(there, "parent");
	const struct item *item = fixture_item(fixture, EVENT_ITEM, strrchr(id, '_') + 1);

	assert_int_equal(item->kind, kind);
	assert_int_equal(item->visibility, ITEM_PUBLIC);
	assert_string_equal(item->text, json_text_or_empty(there, "message"));
	assert_int_equal(item->is_self, json_bool_at(there, "own", false));
	assert_int_equal(item->created_at / CLOCK_SECOND, json_i64_at(there, "created_time", 0));
	if (parent)
		assert_string_equal(item->parent_key, strrchr(parent, '_') + 1);
}

/* Every public thing is there as it is; returns how many there are. */
static size_t assert_all_there(struct fixture *fixture)
{
	const json_t *state = control(fixture, "state", NULL);
	json_t *post, *comment;
	size_t i, j, count = 0;

	json_array_foreach(json_at(state, "posts"), i, post)
	{
		assert_like(fixture, post, ITEM_POST);
		count++;
		json_array_foreach(json_at(post, "comments"), j, comment)
		{
			assert_like(fixture, comment, ITEM_COMMENT);
			count++;
		}
	}
	return count;
}

static size_t count_public(const struct fixture *fixture)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->count; i++) {
		const struct item *item = &fixture->events[i].item;
		bool is_first = true;

		/* Lists may show a thing twice. */
		for (size_t j = 0; j < i; j++)
			is_first = is_first && strcmp(fixture->events[j].item.key, item->key) != 0;
		count += is_first && item->visibility == ITEM_PUBLIC;
	}
	return count;
}

static void make_page(struct fixture *fixture)
{
	const char *post, *comment;

	control(fixture, "bulk",
		"{\"posts\":9,\"comments\":7,\"replies\":3,\"page_answers\":2,\"photos\":2}");
	post = json_text_at(
		control(fixture, "post", "{\"message\":\"Geplant\",\"published\":false}"), "id");
	assert_non_null(post);
	post = json_text_at(
		control(fixture, "post", "{\"message\":\"Öl 🙂\",\"photos\":3,\"who\":\"Ana\"}"),
		"id");
	comment = json_text_at(
		control(fixture, "comment",
			arena_printf(
				fixture->ctx.arena,
				"{\"target\":\"%s\",\"message\":\"versteckt\",\"who\":\"Ivo\"}",
				post)),
		"id");
	control(fixture, "hide", arena_printf(fixture->ctx.arena, "{\"id\":\"%s\"}", comment));
}

static void test_what_is_read_equals_what_is_there(void **state)
{
	struct fixture *fixture = begin(*state);
	size_t there;

	make_page(fixture);
	read_everything(fixture);
	there = assert_all_there(fixture);
	assert_true(there > 60);
	assert_int_equal(count_public(fixture), there);
}

static void test_comments_on_single_pictures_are_found(void **state)
{
	struct fixture *fixture = begin(*state);
	const json_t *post;
	const char *photo;

	control(fixture, "settings", "{\"photo_comments_apart\":true}");
	post = control(fixture, "post", "{\"message\":\"Album\",\"photos\":3}");
	photo = json_string_value(json_array_get(json_at(post, "photos"), 1));
	control(fixture, "comment",
		arena_printf(*state, "{\"target\":\"%s\",\"message\":\"Auf dem Bild\"}", photo));
	read_everything(fixture);
	assert_int_equal(assert_all_there(fixture), 2);
}

static void test_trouble_changes_nothing_of_what_is_read(void **state)
{
	static const char *const troubles[] = {
		"{\"faults\":[{\"match\":{\"every\":4},\"action\":{\"kind\":\"garbage\"},\"times\":0}]}",
		"{\"faults\":[{\"match\":{\"every\":5},\"action\":{\"kind\":\"truncate-body\"},"
		"\"times\":0}]}",
		"{\"faults\":[{\"match\":{\"every\":3},\"action\":{\"status\":500,\"body\":{\"error\":"
		"{\"code\":2,\"message\":\"x\"}}},\"times\":0}]}",
	};
	static const char *const moods[] = {
		"{\"answer_max_bytes\":6000}",
		"{\"forbidden_fields\":{\"privacy\":283,\"attachment\":10}}",
		"{\"unknown_fields\":[\"is_expired\",\"like_count\"]}",
		"{\"after_cursor_max\":6}",
		"{\"usage_headers\":\"garbage\",\"numeric_ids\":\"always\",\"proof_required\":true}",
	};
	struct fixture *fixture;

	for (size_t i = 0; i < ARRAY_COUNT(troubles) + ARRAY_COUNT(moods); i++) {
		struct arena *arena = arena_new(64 << 20);
		bool is_mood = i >= ARRAY_COUNT(troubles);

		fixture = begin(arena);
		control(fixture, "bulk", "{\"posts\":5,\"comments\":4,\"replies\":2,\"photos\":1}");
		if (is_mood)
			control(fixture, "settings", moods[i - ARRAY_COUNT(troubles)]);
		else
			control(fixture, "faults", troubles[i]);
		read_everything(fixture);
		control(fixture, "faults/clear", "{}");
		assert_true(assert_all_there(fixture) > 20);
		arena_free(arena);
	}
	(void)state;
}

/* ---- writing ----------------------------------------------------------- */

static size_t count_messages(struct fixture *fixture, const char *text)
{
	const json_t *state = control(fixture, "state", NULL);
	json_t *post, *comment;
	size_t i, j, count = 0;

	json_array_foreach(json_at(state, "posts"), i, post)
	{
		json_array_foreach(json_at(post, "comments"), j, comment)
			count += !strcmp(json_text_or_empty(comment, "message"), text);
	}
	return count;
}

static void test_an_answer_is_there_once_whatever_was_lost(void **state)
{
	static const char *const kinds[] = { "close-before", "close-after-commit",
					     "500-after-commit", "success-without-id" };
	struct fixture *fixture = begin(*state);
	const char *post = json_text_at(control(fixture, "post", "{\"message\":\"x\"}"), "id");
	const char *comment = json_text_at(
		control(fixture, "comment",
			arena_printf(*state, "{\"target\":\"%s\",\"message\":\"Frage\"}", post)),
		"id");

	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		const char *text = arena_printf(*state, "Antwort %zu & ö\n2. Zeile", i);
		struct source_write write = { .kind = WRITE_REPLY,
					      .address = comment,
					      .root_address = post,
					      .text = text,
					      .asked_at = clock_now() };
		struct write_result result;
		bool found = false;

		control(fixture, "faults",
			arena_printf(*state,
				     "{\"faults\":[{\"match\":{\"method\":\"POST\"},"
				     "\"action\":{\"kind\":\"%s\"}}]}",
				     kinds[i]));
		assert_int_equal(facebook_connector.write(&fixture->ctx, &fixture->source, &write,
							  &result, &last),
				 OK);
		assert_int_equal(last.failure, CONNECT_UNKNOWN);
		assert_int_equal(facebook_connector.find_own(&fixture->ctx, &fixture->source,
							     &write, &result, &found, &last),
				 OK);
		assert_int_equal(last.failure, CONNECT_OK);
		assert_int_equal(found, i > 0);
		assert_int_equal(count_messages(fixture, text), found ? 1 : 0);
		if (!found)
			continue;
		assert_string_equal(result.parent_key, strrchr(comment, '_') + 1);
		assert_true(*result.address != '\0');
	}
}

static void test_a_comment_is_answered_hidden_edited_and_deleted(void **state)
{
	struct fixture *fixture = begin(*state);
	const char *post = json_text_at(control(fixture, "post", "{\"message\":\"x\"}"), "id");
	const char *comment = json_text_at(
		control(fixture, "comment",
			arena_printf(*state, "{\"target\":\"%s\",\"message\":\"Frage\"}", post)),
		"id");
	struct source_write write = {
		.kind = WRITE_REPLY, .address = comment, .root_address = post, .text = "Antwort"
	};
	struct write_result reply, second;

	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &reply, &last),
		OK);
	assert_int_equal(last.failure, CONNECT_OK);
	assert_string_equal(reply.parent_key, strrchr(comment, '_') + 1);
	/* An answer to the answer hangs beside it. */
	write.address = reply.address;
	write.text = "Noch etwas";
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_string_equal(second.parent_key, reply.parent_key);
	write.kind = WRITE_EDIT;
	write.text = "Antwort, verbessert";
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(last.failure, CONNECT_OK);
	assert_int_equal(count_messages(fixture, "Antwort, verbessert"), 1);
	write.address = comment;
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(last.failure, CONNECT_PERMANENT);
	write.kind = WRITE_HIDE;
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(count_messages(fixture, "Frage"), 0);
	write.kind = WRITE_UNHIDE;
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(count_messages(fixture, "Frage"), 1);
	write.kind = WRITE_DELETE;
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(last.failure, CONNECT_OK);
	assert_int_equal(
		facebook_connector.write(&fixture->ctx, &fixture->source, &write, &second, &last),
		OK);
	assert_int_equal(last.failure, CONNECT_MISSING);
	assert_int_equal(count_messages(fixture, "Antwort, verbessert"), 0);
}

static void test_a_dead_token_tells_nothing_but_that(void **state)
{
	struct fixture *fixture = begin(*state);
	struct source_health health;
	struct posts_reading reading = { .cursor = "", .limit = 3 };

	make_page(fixture);
	assert_int_equal(facebook_health(&fixture->ctx, &fixture->source, &health, &last), OK);
	assert_int_equal(last.failure, CONNECT_OK);
	control(fixture, "token/ban", "{\"token\":\"page\",\"subcode\":460}");
	assert_int_equal(facebook_connector.read_posts(&fixture->ctx, &fixture->source, &reading,
						       &fixture->sink, &last),
			 OK);
	assert_int_equal(last.failure, CONNECT_TOKEN);
	assert_int_equal(fixture->count, 0);
	assert_int_equal(facebook_health(&fixture->ctx, &fixture->source, &health, &last), OK);
	assert_int_equal(last.failure, CONNECT_TOKEN);
	assert_false(health.is_well);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_read_equals_what_is_there),
		TEST(test_comments_on_single_pictures_are_found),
		TEST(test_trouble_changes_nothing_of_what_is_read),
		TEST(test_an_answer_is_there_once_whatever_was_lost),
		TEST(test_a_comment_is_answered_hidden_edited_and_deleted),
		TEST(test_a_dead_token_tells_nothing_but_that),
	};
	int result;

	if (!start_fake()) {
		print_message("skipped: " PYTHON " or tests/fakes/graph is not there\n");
		return 0;
	}
	result = cmocka_run_group_tests(tests, NULL, NULL);
	kill(fake.child, SIGTERM);
	waitpid(fake.child, NULL, 0);
	return result;
}
