/*
 * Reading options.
 */
#include "cmd/options.h"

#include <assert.h>

static void know(struct options *options, const char *const *known, bool *takes_value)
{
	/* Names are kept as slices of known; a value's '=' ends the name. */
	for (; known[options->count]; options->count++) {
		assert(options->count < OPTIONS_MAX);
		options->names[options->count] = known[options->count];
		takes_value[options->count] = strchr(known[options->count], '=') != NULL;
	}
}

static bool is_name(const char *known, const char *name, size_t length)
{
	return strcspn(known, "=") == length && strncmp(known, name, length) == 0;
}

static int find(const struct options *options, const char *name, size_t length)
{
	for (size_t i = 0; i < options->count; i++)
		if (is_name(options->names[i], name, length))
			return (int)i;
	return -1;
}

/* Takes argv[*at], which begins with "--", and its value. */
static bool take(struct options *options, const bool *takes_value, int argc, char **argv, int *at)
{
	const char *name = argv[*at] + 2;
	size_t length = strcspn(name, "=");
	int index = find(options, name, length);

	options->message = "there is no such option";
	if (index < 0)
		return false;
	options->message = "an option is given twice";
	if (options->values[index])
		return false;
	options->values[index] = "";
	options->message = "this option takes no value";
	if (!takes_value[index])
		return name[length] == '\0';
	options->message = "an option lacks its value";
	if (name[length] == '=')
		options->values[index] = name + length + 1;
	else if (*at + 1 < argc)
		options->values[index] = argv[++*at];
	else
		return false;
	return true;
}

bool options_read(struct options *options, const char *const *known, int argc, char **argv)
{
	bool takes_value[OPTIONS_MAX];
	bool is_over = false;

	*options = (struct options){ .rest = argv };
	know(options, known, takes_value);
	for (int i = 0; i < argc; i++) {
		if (!is_over && strcmp(argv[i], "--") == 0)
			is_over = true;
		else if (is_over || strncmp(argv[i], "--", 2) != 0)
			options->rest[options->rest_count++] = argv[i];
		else if (!take(options, takes_value, argc, argv, &i))
			return false;
	}
	options->message = options->rest_count > 0 ? "there is an argument too many" : "";
	return true;
}

bool options_is_set(const struct options *options, const char *name)
{
	return options_text(options, name) != NULL;
}

const char *options_text(const struct options *options, const char *name)
{
	int index = find(options, name, strlen(name));

	assert(index >= 0);
	return options->values[index];
}

const char *options_text_or(const struct options *options, const char *name, const char *fallback)
{
	const char *value = options_text(options, name);

	return value ? value : fallback;
}
