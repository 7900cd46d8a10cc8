/*
 * A Graph API that follows a script, for tests of calls: each request gets the first line
 * that fits and was not used up; a look at the token is always answered well.
 */
#ifndef TESTS_GRAPH_SCRIPT_H
#define TESTS_GRAPH_SCRIPT_H

#include "connect/facebook.h"
#include "connect_fixture.h"
#include "http_stub.h"

#define LIST(data, paging) "{\"data\":[" data "],\"paging\":{" paging "}}"
#define NEXT(after)        "\"cursors\":{\"after\":\"" after "\"},\"next\":\"https://evil.example/x?a=b\""
#define POST1 \
	"{\"id\":\"101\",\"created_time\":\"2026-01-01T10:00:00+0000\",\"message\":\"eins\"," \
	"\"from\":{\"id\":\"1\"},\"is_published\":true}"
/* The answer about what is gone, or may not be seen. */
#define GONE \
	"{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"Unsupported get request.\"}}"

struct script_line {
	const char *method; /* NULL: any */
	const char *target; /* a part of path and query */
	int status;
	const char *body; /* "http://HOST/" becomes the server's own address */
	const char *headers;
	bool is_cut;
	bool is_again; /* stays for further requests */
	bool is_used;
};

struct scene {
	struct fixture *fixture;
	struct ctx *ctx;
	struct source *source;
	struct stub stub;
	struct connect_error error;
};

/* Each test has a Page of its own: the connector remembers some things by Page. */
struct scene scene_begin(struct arena *arena, const char *page, struct script_line *script,
			 size_t count);
void scene_end(struct scene *scene);

#define BEGIN(arena, page, script) scene_begin(arena, page, script, ARRAY_COUNT(script))

/* How many requests had that in path or query; and one of them, by its number. */
int scene_asked(const struct scene *scene, const char *target);
const struct stub_request *scene_request(const struct scene *scene, int index);

/* That the last call came to that; else fails with what it said. */
void assert_failure(const struct scene *scene, enum connect_failure failure);

#endif
