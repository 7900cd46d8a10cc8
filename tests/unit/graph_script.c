/*
 * A Graph API that follows a script.
 */
#include "graph_script.h"

#include "unit.h"

/* Read by the server's process, which is made after they are set. */
static struct script_line *lines;
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
		struct script_line *line = &lines[i];

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

struct scene scene_begin(struct arena *arena, const char *page, struct script_line *script,
			 size_t count)
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

void scene_end(struct scene *scene)
{
	stub_stop(&scene->stub);
}

int scene_asked(const struct scene *scene, const char *target)
{
	int count = 0;

	for (int i = 0; i < scene->stub.shared->count; i++)
		count += strstr(scene->stub.shared->requests[i].target, target) != NULL;
	return count;
}

const struct stub_request *scene_request(const struct scene *scene, int index)
{
	assert_true(index < scene->stub.shared->count);
	return &scene->stub.shared->requests[index];
}

void assert_failure(const struct scene *scene, enum connect_failure failure)
{
	if (scene->error.failure != failure)
		fail_msg("%s instead of %s: %s", connect_failure_name(scene->error.failure),
			 connect_failure_name(failure), scene->error.message);
}
