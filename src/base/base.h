/*
 * What every file starts from: the fixed-width types, the two attributes we
 * lean on, and the ban list. Everything else is included by name.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/banned.h"

/* The compiler insists that the caller looks at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* The compiler checks the arguments against the format string. */
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
