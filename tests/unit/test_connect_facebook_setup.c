/*
 * Setting up against a Graph API that follows a script: what is missing, in words.
 */
#include "unit.h"

#include "connect/facebook_setup.h"
#include "graph_script.h"
#include "i18n/i18n.h"

/* ---- setting up -------------------------------------------------------- */

/* The line with these words, once what belongs into it stands there. */
static const struct health_line *line_with(const struct scene *scene,
					   const struct source_health *health, const char *words)
{
	for (size_t i = 0; i < health->line_count; i++) {
		const struct health_line *line = &health->lines[i];

		if (strstr(line->what, words) ||
		    strstr(i18n_fill(scene->ctx->arena, line->advice, line->arguments,
				     HEALTH_ARGUMENTS),
			   words))
			return line;
	}
	fail_msg("no line with: %s", words);
	return NULL;
}

static void test_health_says_what_to_do(void **state)
{
	struct script_line script[] = {
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
	assert_true(line_with(&scene, &health, "The token is valid")->is_well);
	assert_false(line_with(&scene, &health, "“USER”")->is_well);
	assert_false(line_with(&scene, &health, "the app 7")->is_well);
	assert_false(line_with(&scene, &health,
			       "pages_read_user_content, pages_manage_engagement, "
			       "pages_manage_metadata")
			     ->is_well);
	assert_false(line_with(&scene, &health, "It ends on")->is_well);
	assert_false(line_with(&scene, &health, "Access to data ends")->is_well);
	assert_false(line_with(&scene, &health, "https://old.example/x")->is_well);
	assert_false(line_with(&scene, &health, "does not send its notices")->is_well);
	assert_false(line_with(&scene, &health, "Community")->is_well);
	assert_false(line_with(&scene, &health, "v26.0")->is_well);
	scene_end(&scene);
}

static void test_all_is_well_when_all_is_well(void **state)
{
	struct script_line script[] = {
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
	scene_end(&scene);
}

static void test_subscribing_names_callback_and_word(void **state)
{
	struct script_line script[] = {
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
	assert_non_null(strstr(scene_request(&scene, 0)->body,
			       "callback_url=https%3A%2F%2Fforum.example%2Fhooks%2Ffacebook"));
	assert_non_null(strstr(scene_request(&scene, 0)->body, "verify_token=right"));
	assert_non_null(
		strstr(scene_request(&scene, 0)->headers, "Bearer 123456789012345|" SECRET "\r\n"));
	assert_non_null(strstr(scene_request(&scene, 1)->headers, "Bearer " TOKEN "\r\n"));
	scene_end(&scene);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_health_says_what_to_do),
		TEST(test_all_is_well_when_all_is_well),
		TEST(test_subscribing_names_callback_and_word),
		TEST(test_a_missing_setting_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
