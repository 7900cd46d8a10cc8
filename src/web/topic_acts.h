/* What the two pages of the team's acts on questions share. */
#ifndef WEB_TOPIC_ACTS_H
#define WEB_TOPIC_ACTS_H

#include "web/request.h"

/*
 * The numbers of fields whose names begin with prefix: "t-12" and "t-15" are 12 and 15,
 * as each value of a name that comes twice is lost. At most most of them.
 */
int64_t *form_numbers(struct request *request, const struct http_pairs *pairs, const char *prefix,
		      size_t most, size_t *count);

/* A day ("2026-11-22") at an hour ("23:59:59"), UTC; 0 when empty. ERR_INVALID. */
enum err form_day(struct request *request, const char *name, const char *hour,
		  int64_t *out) MUST_CHECK;

#endif
