/*
 * "--name VALUE", "--name=VALUE" and "--flag", in any order, for commands with more
 * than one option. What is left over are the arguments.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "base/base.h"

#define OPTIONS_MAX 16

struct options {
	const char *names[OPTIONS_MAX];  /* of known, without the "=" */
	const char *values[OPTIONS_MAX]; /* NULL: not given; a flag's is "" */
	size_t count;
	char **rest; /* arguments, in their order */
	int rest_count;
	const char *message; /* what is wrong */
};

/*
 * known: "email=" takes a value, "all" takes none; ended by NULL. argv is put in
 * another order: options may stand after arguments; what follows "--" is none.
 */
bool options_read(struct options *options, const char *const *known, int argc,
		  char **argv) MUST_CHECK;

bool options_is_set(const struct options *options, const char *name);
const char *options_text(const struct options *options, const char *name); /* or NULL */
const char *options_text_or(const struct options *options, const char *name, const char *fallback);

#endif
