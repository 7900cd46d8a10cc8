/* Notices: whether they are genuine, and what they say. */
#include "unit.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "connect/facebook_call.h"
#include "connect/facebook_push.h"
#include "connect/facebook_signed.h"
#include "connect_fixture.h"
#include "net/json.h"

#include <sodium.h>

#define POST PAGE "_122100000000000101"
#define ENTRY(changes) \
	"{\"object\":\"page\",\"entry\":[{\"id\":\"" PAGE \
	"\",\"time\":1767262000,\"changes\":[" changes "]}]}"
#define FEED(value) ENTRY("{\"field\":\"feed\",\"value\":{" value "}}")
#define COMMENT \
	"\"item\":\"comment\",\"post_id\":\"" POST \
	"\",\"comment_id\":\"122100000000000101_9010\"," \
	"\"parent_id\":\"" POST "\""

static int64_t read_notice(struct fixture *fixture, const char *body)
{
	int64_t unknown = -1;

	fixture_forget(fixture);
	assert_int_equal(facebook_push_events(&fixture->ctx, &fixture->source, body, strlen(body),
					      77, &fixture->sink, &unknown),
			 OK);
	return unknown;
}

/* ---- genuine ----------------------------------------------------------- */

static enum push_verdict verify(struct fixture *fixture, const char *signature, const char *body,
				size_t length)
{
	struct push_request request = { .signature = signature, .body = body, .length = length };
	const char *answer;

	return facebook_push_verify(&fixture->ctx, &request, &answer);
}

static void test_only_the_right_signature_is_accepted(void **state)
{
	static const char body[] = "{\"object\":\"whatsapp_business_account\",\"entry\":[]}";
	static const char good[] =
		"sha256=dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756";
	struct fixture *fixture = fixture_new(*state);
	char changed[sizeof(good)];

	assert_int_equal(verify(fixture, good, body, strlen(body)), PUSH_ACCEPTED);
	assert_int_equal(verify(fixture, good, body, strlen(body) - 1), PUSH_REFUSED);
	assert_int_equal(verify(fixture, "", body, strlen(body)), PUSH_REFUSED);
	assert_int_equal(verify(fixture, NULL, body, strlen(body)), PUSH_REFUSED);
	assert_int_equal(verify(fixture, "sha1=29a32eeb7a8e33dafc8ebf51845670a65c6cd7ac", body,
				strlen(body)),
			 PUSH_REFUSED);
	for (size_t i = 0; i < sizeof(good) - 1; i++) {
		memcpy(changed, good, sizeof(good));
		changed[i] = changed[i] == 'f' ? 'e' : 'f';
		if (verify(fixture, changed, body, strlen(body)) != PUSH_REFUSED)
			fail_msg("accepted: %s", changed);
	}
	/* Without a secret everybody could sign with the empty one. */
	fixture->config.facebook.app_secret = "";
	assert_int_equal(verify(fixture, good, body, strlen(body)), PUSH_REFUSED);
}

static enum push_verdict challenge(struct fixture *fixture, const char *query, const char **answer)
{
	struct push_request request = { .is_get = true, .query = query };

	return facebook_push_verify(&fixture->ctx, &request, answer);
}

static void test_the_challenge_is_answered_only_with_our_word(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *answer;

	assert_int_equal(challenge(fixture,
				   "hub%2Emode=subscribe&hub.verify_token=right&hub.challenge=0012",
				   &answer),
			 PUSH_CHALLENGE);
	assert_string_equal(answer, "0012");
	assert_int_equal(challenge(fixture,
				   "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1",
				   &answer),
			 PUSH_REFUSED);
	assert_int_equal(challenge(fixture, "", &answer), PUSH_REFUSED);
	assert_int_equal(challenge(fixture,
				   "hub.mode=subscribe&hub.verify_token=right&hub.challenge=<x>",
				   &answer),
			 PUSH_MALFORMED);
	fixture->config.facebook.verify_token = "";
	assert_int_equal(
		challenge(fixture, "hub.mode=subscribe&hub.verify_token=&hub.challenge=1", &answer),
		PUSH_REFUSED);
}

static const char *unbase64(struct arena *arena, const char *text, size_t *length)
{
	unsigned char *out = arena_alloc(arena, strlen(text) + 1);

	assert_int_equal(sodium_base642bin(out, strlen(text) + 1, text, strlen(text), NULL, length,
					   NULL, sodium_base64_VARIANT_ORIGINAL),
			 0);
	return (char *)out;
}

static const json_t *vectors(struct fixture *fixture)
{
	const char *path = fixture_shared(fixture->ctx.arena, "modelled/vectors.json"), *problem;
	size_t length;
	const char *text;

	if (!path)
		return NULL;
	text = fixture_read(fixture->ctx.arena, path, &length);
	return json_read(&fixture->ctx, text, length, &problem);
}

static void test_the_signature_vectors_hold(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const json_t *all = vectors(fixture);
	json_t *vector;
	size_t i;

	json_array_foreach(json_at(all, "x_hub_signature_256"), i, vector)
	{
		size_t length;
		const char *body = unbase64(*state, json_text_at(vector, "body_base64"), &length);
		bool accepted = verify(fixture, json_text_at(vector, "header"), body, length) ==
				PUSH_ACCEPTED;

		if (accepted != json_bool_at(vector, "valid", false))
			fail_msg("%s", json_text_at(vector, "name"));
	}
	json_array_foreach(json_at(all, "appsecret_proof"), i, vector)
	{
		assert_string_equal(fb_proof(&fixture->ctx, json_text_at(vector, "access_token")),
				    json_text_at(vector, "appsecret_proof"));
	}
	json_array_foreach(json_at(all, "webhook_get_verification"), i, vector)
	{
		const char *answer;
		enum push_verdict verdict = challenge(fixture, json_text_at(vector, "query"),
						      &answer);
		int64_t status = verdict == PUSH_CHALLENGE   ? 200
				 : verdict == PUSH_MALFORMED ? 400
							     : 403;

		/* One has a list of two that are right. */
		assert_int_equal(status, json_i64_at(vector, "status", 400));
		if (verdict == PUSH_CHALLENGE)
			assert_string_equal(answer, json_text_at(vector, "body"));
	}
}

static void test_signed_requests_are_read_only_when_they_are_ours(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const json_t *all = vectors(fixture);
	struct facebook_signed request;
	json_t *vector;
	size_t i;

	json_array_foreach(json_at(all, "signed_request"), i, vector)
	{
		const json_t *payload = json_at(vector, "payload");
		bool is_valid = facebook_signed_read(
			&fixture->ctx, json_text_at(vector, "signed_request"), &request);

		if (is_valid != json_bool_at(vector, "valid", false))
			fail_msg("%s", json_text_at(vector, "name"));
		if (!is_valid)
			continue;
		assert_string_equal(request.user_id, json_text_or_empty(payload, "user_id"));
		assert_string_equal(request.profile_id, json_text_or_empty(payload, "profile_id"));
		assert_int_equal(request.issued_at, INT64_C(1767261600) * CLOCK_SECOND);
	}
}

/* base64url(HMAC) "." base64url(payload), as Facebook would. */
static const char *sign(struct fixture *fixture, const char *payload)
{
	uint8_t hash[CRYPTO_HASH_BYTES];
	const char *text = crypto_base64url(fixture->ctx.arena, payload, strlen(payload));

	crypto_hmac(hash, SECRET, strlen(SECRET), text, strlen(text));
	return arena_printf(fixture->ctx.arena, "%s.%s",
			    crypto_base64url(fixture->ctx.arena, hash, sizeof(hash)), text);
}

static void test_a_signed_request_has_its_time_and_its_algorithm(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	struct facebook_signed request;

	assert_true(facebook_signed_read(
		&fixture->ctx,
		sign(fixture, "{\"user_id\":7310000000000001,\"algorithm\":\"hmac-sha256\"}"),
		&request));
	assert_string_equal(request.user_id, "7310000000000001");
	assert_false(facebook_signed_read(
		&fixture->ctx,
		sign(fixture,
		     "{\"user_id\":\"1\",\"algorithm\":\"HMAC-SHA256\",\"expires\":1767261599}"),
		&request));
	assert_false(facebook_signed_read(&fixture->ctx, sign(fixture, "{\"user_id\":\"1\"}"),
					  &request));
	assert_string_equal(request.user_id, "");
	assert_false(facebook_signed_read(&fixture->ctx, "", &request));
	fixture->config.facebook.app_secret = "another";
	assert_false(facebook_signed_read(
		&fixture->ctx, sign(fixture, "{\"algorithm\":\"HMAC-SHA256\"}"), &request));
}

/* ---- what they say ----------------------------------------------------- */

static void test_an_added_comment_is_a_hint_and_then_stale(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const struct item *item;

	assert_int_equal(
		read_notice(fixture,
			    FEED(COMMENT ",\"verb\":\"add\",\"created_time\":1767261700,"
					 "\"from\":{\"id\":7310000000000001,\"name\":\"Ana\"},"
					 "\"message\":\"Offen?\\r\\n\\u0000\\ud83d\"")),
		0);
	assert_int_equal(fixture->count, 2);
	assert_int_equal(fixture->events[0].kind, EVENT_ITEM);
	assert_int_equal(fixture->events[1].kind, EVENT_STALE);
	assert_false(fixture->events[0].is_confirmed);
	assert_int_equal(fixture->events[0].observed_at, INT64_C(1767262000) * CLOCK_SECOND);
	item = &fixture->events[0].item;
	assert_int_equal(item->kind, ITEM_COMMENT);
	assert_string_equal(item->key, "9010");
	assert_string_equal(item->address, "122100000000000101_9010");
	assert_string_equal(item->parent_key, "122100000000000101");
	assert_string_equal(item->root_key, "122100000000000101");
	assert_string_equal(item->author_key, "7310000000000001");
	assert_string_equal(item->text, "Offen?\n\xef\xbf\xbd\xef\xbf\xbd");
	assert_int_equal(item->created_at, INT64_C(1767261700) * CLOCK_SECOND);
	assert_int_equal(item->edited_at, 0);
	assert_false(item->is_self);
	assert_string_equal(fixture->events[1].item.root_key, "122100000000000101");
}

static void test_hiding_names_nobody_as_the_author(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	read_notice(fixture, FEED(COMMENT ",\"verb\":\"hide\",\"from\":{\"id\":\"" PAGE
					  "\",\"name\":\"Page\"},\"message\":\"x\""));
	assert_int_equal(fixture->events[0].kind, EVENT_VISIBILITY);
	assert_int_equal(fixture->events[0].item.visibility, ITEM_HIDDEN);
	assert_string_equal(fixture->events[0].item.author_key, "");
	assert_false(fixture->events[0].item.is_self);
	assert_int_equal(fixture->events[1].kind, EVENT_STALE);
	read_notice(fixture, FEED(COMMENT ",\"verb\":\"unhide\""));
	assert_int_equal(fixture->events[0].item.visibility, ITEM_PUBLIC);
	read_notice(fixture, FEED(COMMENT ",\"verb\":\"remove\""));
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->events[0].kind, EVENT_REMOVED);
}

static void test_what_is_not_published_carries_no_text(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	read_notice(fixture, FEED("\"item\":\"status\",\"verb\":\"add\",\"published\":0,"
				  "\"post_id\":\"" POST "\",\"message\":\"secret\""));
	assert_int_equal(fixture->events[0].item.visibility, ITEM_UNPUBLISHED);
	assert_false(fixture->events[0].item.has_text);
	assert_string_equal(fixture->events[0].item.text, "");
	/* A comment under an advertisement is not even read again. */
	read_notice(fixture, FEED(COMMENT ",\"verb\":\"add\",\"message\":\"x\","
					  "\"post\":{\"is_published\":false}"));
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->events[0].item.visibility, ITEM_UNPUBLISHED);
}

static void test_missing_text_is_not_an_empty_one(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	read_notice(fixture, FEED("\"item\":\"status\",\"verb\":\"edited\",\"published\":1,"
				  "\"post_id\":\"" POST "\""));
	assert_false(fixture->events[0].item.has_text);
	assert_int_equal(fixture->events[0].item.edited_at, INT64_C(1767262000) * CLOCK_SECOND);
	read_notice(fixture,
		    FEED(COMMENT ",\"verb\":\"add\",\"photo\":\"https://x.fbcdn.net/a.jpg\""));
	assert_true(fixture->events[0].item.has_text);
	assert_int_equal(fixture->events[0].item.media_count, 1);
	assert_string_equal(fixture->events[0].item.media[0].kind, "photo");
	read_notice(fixture, FEED(COMMENT ",\"verb\":\"add\",\"photo\":\"javascript:x\""));
	assert_int_equal(fixture->events[0].item.media_count, 0);
}

static void test_reactions_are_counts_and_never_comments(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	read_notice(fixture, FEED("\"item\":\"reaction\",\"verb\":\"add\",\"post_id\":\"" POST
				  "\",\"comment_id\":\"" PAGE "_5\",\"reaction_type\":\"love\""));
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->events[0].kind, EVENT_COUNTS);
	assert_int_equal(fixture->events[0].item.kind, ITEM_COMMENT);
	assert_string_equal(fixture->events[0].item.key, "5");
	/* A like of the Page itself names nothing. */
	assert_int_equal(
		read_notice(fixture, FEED("\"item\":\"like\",\"verb\":\"add\",\"user_id\":1")), 0);
	assert_int_equal(fixture->count, 0);
}

static void test_what_is_unknown_is_counted_and_the_rest_goes_on(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	assert_int_equal(
		read_notice(fixture,
			    ENTRY("{\"field\":\"new\",\"value\":{\"a\":[1]}},"
				  "{\"field\":\"parking\"},3,null,"
				  "{\"field\":\"feed\",\"value\":{\"item\":\"quantum\","
				  "\"verb\":\"add\"}},"
				  "{\"field\":\"feed\",\"value\":{\"item\":\"status\","
				  "\"verb\":\"entangle\"}},"
				  "{\"field\":\"mention\",\"value\":{\"item\":\"post\"}},"
				  "{\"field\":\"ratings\",\"value\":{\"item\":\"rating\"}},"
				  "{\"value\":{" COMMENT ",\"verb\":\"remove\"},"
				  "\"field\":\"feed\"}")),
		6);
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->events[0].kind, EVENT_REMOVED);
}

static void test_a_change_without_its_value_is_a_gap(void **state)
{
	struct fixture *fixture = fixture_new(*state);

	assert_int_equal(read_notice(fixture, ENTRY("{\"field\":\"feed\"}")), 0);
	assert_int_equal(fixture->events[0].kind, EVENT_GAP);
	assert_int_equal(read_notice(fixture, ENTRY("{\"field\":\"feed\",\"value\":\"x\"}")), 1);
	assert_int_equal(fixture->events[0].kind, EVENT_GAP);
	read_notice(fixture, "{\"object\":\"page\",\"entry\":[{\"id\":\"" PAGE
			     "\",\"changed_fields\":[\"feed\",\"ratings\"]}]}");
	assert_int_equal(fixture->count, 1);
	assert_int_equal(fixture->events[0].observed_at, 77);
}

static void test_odd_envelopes_are_borne(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *inside = FEED(COMMENT ",\"verb\":\"remove\"");

	read_notice(fixture, arena_printf(*state, "[%s]", inside));
	assert_int_equal(fixture->count, 1);
	/* The Page's id as a number, the time in milliseconds. */
	read_notice(fixture,
		    "{\"object\":\"page\",\"entry\":[{\"id\":" PAGE
		    ",\"time\":1767262602000,\"changes\":[{\"field\":\"feed\",\"value\":{" COMMENT
		    ",\"verb\":\"remove\"}}]}]}");
	assert_int_equal(fixture->events[0].observed_at, INT64_C(1767262602) * CLOCK_SECOND);
	/* Another Page's, Messenger's, permissions'. */
	assert_int_equal(read_notice(fixture,
				     "{\"object\":\"page\",\"entry\":[{\"id\":\"9\","
				     "\"changes\":[{\"field\":\"feed\"}]},{\"id\":\"" PAGE
				     "\",\"messaging\":[{\"message\":{\"text\":\"private\"}}]}]}"),
			 0);
	assert_int_equal(fixture->count, 0);
	assert_int_equal(read_notice(fixture, "{\"object\":\"permissions\",\"entry\":[]}"), 0);
	assert_int_equal(read_notice(fixture, "{\"object\":\"instagram\",\"entry\":[]}"), 1);
	assert_int_equal(read_notice(fixture, "{}"), 1);
	assert_int_equal(read_notice(fixture, "3"), 1);
}

static void test_what_is_no_json_is_told(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	int64_t unknown;

	assert_int_equal(facebook_push_events(&fixture->ctx, &fixture->source, "{", 1, 0,
					      &fixture->sink, &unknown),
			 ERR_INVALID);
	assert_int_equal(facebook_push_events(&fixture->ctx, &fixture->source, "", 0, 0,
					      &fixture->sink, &unknown),
			 ERR_INVALID);
}

static void test_a_thousand_changes_in_one_delivery(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	char *changes = arena_alloc(*state, 400000);
	size_t used = 0;

	for (int i = 0; i < 999; i++)
		used += (size_t)snprintf(changes + used, 400000 - used,
					 "%s{\"field\":\"feed\",\"value\":{\"item\":\"comment\","
					 "\"verb\":\"remove\",\"post_id\":\"" POST
					 "\",\"comment_id\":\"1_%d\",\"parent_id\":\"" POST "\"}}",
					 i ? "," : "", i + 1);
	read_notice(fixture, arena_printf(*state,
					  "{\"object\":\"page\",\"entry\":[{\"id\":\"" PAGE
					  "\",\"time\":1,\"changes\":[%s]}]}",
					  changes));
	assert_int_equal(fixture->count, 999);
}

static void test_the_sinks_failure_ends_the_reading(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *body = FEED(COMMENT ",\"verb\":\"add\"");
	int64_t unknown;

	fixture->result = ERR_UNAVAILABLE;
	assert_int_equal(facebook_push_events(&fixture->ctx, &fixture->source, body, strlen(body),
					      0, &fixture->sink, &unknown),
			 ERR_UNAVAILABLE);
	assert_int_equal(fixture->count, 1);
}

/* ---- the fixtures ------------------------------------------------------ */

static void test_modelled_notices_are_signed_and_understood(void **state)
{
	static const struct {
		const char *file;
		size_t events;
		int64_t unknown;
		enum event_kind first;
		const char *key;
	} expected[] = {
		{ "01-status-add.json", 2, 0, EVENT_ITEM, "122100000000000101" },
		{ "03-comment-add-page-reply.json", 2, 0, EVENT_ITEM, "902000000000201" },
		{ "07-comment-hide.json", 2, 0, EVENT_VISIBILITY, "901000000000201" },
		{ "09-comment-remove-before-add.json", 1, 0, EVENT_REMOVED, "903000000000201" },
		{ "20-comment-add-on-photo-of-post.json", 2, 0, EVENT_ITEM, "907000000000201" },
		{ "24-visitor-post-edit.json", 2, 0, EVENT_ITEM, "122100000000000105" },
		{ "29-batch-mixed.json", 2, 3, EVENT_ITEM, "911000000000201" },
	};
	struct fixture *fixture = fixture_new(*state);
	const char *folder = fixture_shared(*state, "modelled/webhooks"), *problem;
	const json_t *order;
	const char *text;
	json_t *delivery;
	size_t i, length;

	if (!folder)
		return;
	text = fixture_read(*state, arena_printf(*state, "%s/_order.json", folder), &length);
	order = json_read(&fixture->ctx, text, length, &problem);
	json_array_foreach(json_at(order, "deliver_in_this_order"), i, delivery)
	{
		const char *file = json_text_at(delivery, "file");
		const char *body = fixture_read(*state, arena_printf(*state, "%s/%s", folder, file),
						&length);
		int64_t unknown;

		assert_int_equal(verify(fixture, json_text_at(delivery, "signature"), body, length),
				 PUSH_ACCEPTED);
		unknown = read_notice(fixture, body);
		assert_true(fixture->count > 0);
		for (size_t j = 0; j < ARRAY_COUNT(expected); j++) {
			if (strcmp(expected[j].file, file) != 0)
				continue;
			assert_int_equal(fixture->count, expected[j].events);
			assert_int_equal(unknown, expected[j].unknown);
			assert_int_equal(fixture->events[0].kind, expected[j].first);
			assert_string_equal(fixture->events[0].item.key, expected[j].key);
		}
	}
	assert_true(i >= 20);
}

/* Those of other clients: one known Page, numeric ids, old shapes. */
static void test_recorded_notices_are_understood(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *folder = fixture_shared(*state, "webhooks");
	const char **names = folder ? fixture_names(*state, folder) : NULL;
	int64_t unknown = 0;
	size_t length, events = 0;

	fixture->source.account = "1234567890321";
	for (size_t i = 0; names && names[i]; i++) {
		const char *body = fixture_read(
			*state, arena_printf(*state, "%s/%s", folder, names[i]), &length);

		unknown += read_notice(fixture, body);
		events += fixture->count;
		if (strstr(names[i], "mention") || strstr(names[i], "ratings") ||
		    strstr(names[i], "mute") || strstr(names[i], "unblock"))
			assert_int_equal(fixture->count, 0);
		if (strstr(names[i], "-remove-25") && !strstr(names[i], "ratings"))
			assert_int_equal(fixture->events[0].kind, EVENT_REMOVED);
		if (strstr(names[i], "hide"))
			assert_int_equal(fixture->events[0].kind, EVENT_VISIBILITY);
		if (!strcmp(names[i], "feed-status-add-photos.json"))
			assert_int_equal(fixture->events[0].item.media_count, 3);
		if (!strcmp(names[i], "feed-comment-add-25.json"))
			assert_true(fixture->events[0].item.is_self);
	}
	/* Instagram's, and the field "foo". */
	assert_int_equal(unknown, names ? 2 : 0);
	assert_true(!names || events > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_only_the_right_signature_is_accepted),
		TEST(test_the_challenge_is_answered_only_with_our_word),
		TEST(test_the_signature_vectors_hold),
		TEST(test_signed_requests_are_read_only_when_they_are_ours),
		TEST(test_a_signed_request_has_its_time_and_its_algorithm),
		TEST(test_an_added_comment_is_a_hint_and_then_stale),
		TEST(test_hiding_names_nobody_as_the_author),
		TEST(test_what_is_not_published_carries_no_text),
		TEST(test_missing_text_is_not_an_empty_one),
		TEST(test_reactions_are_counts_and_never_comments),
		TEST(test_what_is_unknown_is_counted_and_the_rest_goes_on),
		TEST(test_a_change_without_its_value_is_a_gap),
		TEST(test_odd_envelopes_are_borne),
		TEST(test_what_is_no_json_is_told),
		TEST(test_a_thousand_changes_in_one_delivery),
		TEST(test_the_sinks_failure_ends_the_reading),
		TEST(test_modelled_notices_are_signed_and_understood),
		TEST(test_recorded_notices_are_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
