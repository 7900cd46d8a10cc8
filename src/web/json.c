/*
 * Writing JSON.
 */
#include "web/json.h"

#include <assert.h>

#include "base/clock.h"

static void put_key(struct json *json, const char *key)
{
	if (json->has_items[json->depth])
		buf_char(&json->out, ',');
	json->has_items[json->depth] = true;
	if (!key)
		return;
	buf_json(&json->out, key);
	buf_char(&json->out, ':');
}

static void open(struct json *json, char opener, char closer)
{
	buf_char(&json->out, opener);
	json->depth++;
	assert(json->depth < JSON_DEPTH_MAX);
	json->closers[json->depth] = closer;
	json->has_items[json->depth] = false;
}

void json_begin(struct json *json, struct arena *arena)
{
	*json = (struct json){ .arena = arena };
	buf_init(&json->out, arena, JSON_MAX_BYTES);
	open(json, '{', '}');
}

const char *json_finish(struct json *json)
{
	json_end(json);
	assert(json->depth == 0);
	buf_char(&json->out, '\n');
	return json->out.data;
}

void json_object(struct json *json, const char *key)
{
	put_key(json, key);
	open(json, '{', '}');
}

void json_list(struct json *json, const char *key)
{
	put_key(json, key);
	open(json, '[', ']');
}

void json_end(struct json *json)
{
	assert(json->depth > 0);
	buf_char(&json->out, json->closers[json->depth]);
	json->depth--;
}

void json_text(struct json *json, const char *key, const char *text)
{
	put_key(json, key);
	buf_json(&json->out, text);
}

void json_i64(struct json *json, const char *key, int64_t number)
{
	put_key(json, key);
	buf_i64(&json->out, number);
}

void json_id(struct json *json, const char *key, int64_t id)
{
	if (id)
		json_i64(json, key, id);
	else
		json_null(json, key);
}

void json_bool(struct json *json, const char *key, bool value)
{
	put_key(json, key);
	buf_text(&json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	put_key(json, key);
	buf_text(&json->out, "null");
}

void json_time(struct json *json, const char *key, int64_t time)
{
	if (time)
		json_text(json, key, clock_rfc3339(json->arena, time));
	else
		json_null(json, key);
}
