/*
 * Writing JSON: objects and lists in order, commas by themselves. Reading is
 * jansson's work; writing needs no tree.
 */
#ifndef WEB_JSON_H
#define WEB_JSON_H

#include "base/arena.h"
#include "base/buf.h"

#define JSON_MAX_BYTES (8 * 1024 * 1024)
#define JSON_DEPTH_MAX 16

struct json {
	struct buf out;
	struct arena *arena;
	char closers[JSON_DEPTH_MAX];
	bool has_items[JSON_DEPTH_MAX];
	int depth;
};

/* Opens the outermost object; json_finish closes it and gives the text. */
void json_begin(struct json *json, struct arena *arena);
const char *json_finish(struct json *json);

/* key is NULL inside a list. */
void json_object(struct json *json, const char *key);
void json_list(struct json *json, const char *key);
void json_end(struct json *json);

void json_text(struct json *json, const char *key, const char *text);
void json_i64(struct json *json, const char *key, int64_t number);
/* null for 0. */
void json_id(struct json *json, const char *key, int64_t id);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
/* RFC 3339; null for 0. */
void json_time(struct json *json, const char *key, int64_t time);

#endif
