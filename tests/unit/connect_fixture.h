/*
 * What tests of connectors share: a configuration, a source, a sink that keeps what
 * it was given, and the fixtures of ../shared when they are there.
 */
#ifndef TESTS_CONNECT_FIXTURE_H
#define TESTS_CONNECT_FIXTURE_H

#include "base/ctx.h"
#include "connect/connector.h"

#define PAGE   "104822336490021"
#define SECRET "test_app_secret"
#define TOKEN  "EAAModelPageToken"

#define EVENTS_MAX 2000

struct fixture {
	struct ctx ctx;
	struct config config;
	struct source source;
	struct source_event *events;
	size_t count;
	enum err result; /* what the sink answers */
	struct event_sink sink;
};

/* A Page with secrets, in the arena; crypto is initialised. */
struct fixture *fixture_new(struct arena *arena);
void fixture_forget(struct fixture *fixture); /* the events */

/* The first event of that kind about that key, or NULL. */
const struct source_event *fixture_event(const struct fixture *fixture, enum event_kind kind,
					 const char *key);
/* The same; fails the test when there is none. */
const struct item *fixture_item(const struct fixture *fixture, enum event_kind kind,
				const char *key);

/*
 * The path of a fixture below ../shared/data/facebook (or $ENTRAIDE_SHARED), or NULL
 * after a line that says what is skipped.
 */
const char *fixture_shared(struct arena *arena, const char *name);

/* A whole file, NUL-terminated; fails the test when it cannot be read. */
char *fixture_read(struct arena *arena, const char *path, size_t *length);

/* Names of the .json files of a folder, sorted, NULL at the end. */
const char **fixture_names(struct arena *arena, const char *folder);

#endif
