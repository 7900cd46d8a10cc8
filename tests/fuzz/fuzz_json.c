/*
 * Foreign JSON. What was read holds no bad character, and no number: what jansson
 * gives is strings, lists, objects and the three words.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "net/json.h"

static void check(const json_t *value, int depth)
{
	const char *key;
	json_t *child;
	size_t i;

	must(depth <= JSON_READ_DEPTH_MAX);
	must(!json_is_number(value));
	if (json_is_string(value)) {
		must(json_string_length(value) == strlen(json_string_value(value)));
		must(utf8_is_valid(json_string_value(value), json_string_length(value)));
	}
	json_array_foreach(value, i, child) check(child, depth + 1);
	if (!json_is_object(value))
		return;
	json_object_foreach((json_t *)(uintptr_t)value, key, child)
	{
		must(utf8_is_valid(key, strlen(key)));
		check(child, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct config config;
	struct ctx ctx = { .arena = arena_new(64 << 20), .config = &config };
	const char *problem = NULL;
	const json_t *root = json_read(&ctx, (const char *)data, size, &problem);

	must((root == NULL) == (problem != NULL));
	if (root)
		check(root, 0);
	/* Whatever jansson takes as it is, we take too. */
	else if (size < 1000) {
		json_t *plain = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);

		must(!plain || strstr(problem, "deeply") || strstr(problem, "NUL"));
		json_decref(plain);
	}
	arena_free(ctx.arena);
	return 0;
}
