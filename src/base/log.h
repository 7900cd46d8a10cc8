/*
 * One line an event to standard error, key=value, UTC time first:
 *   time=2026-11-22T15:04:05Z level=info event=request id=… status=200 …
 * Values with spaces, quotes or control characters are quoted and escaped, so a
 * line can be forged by nobody. Never log a password, token, cookie or body.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

void log_set_level(enum log_level level);
bool log_level_from_text(const char *text, enum log_level *out);

/*
 * log_event(LOG_LEVEL_INFO, "request", "id", request_id, "path", path, NULL):
 * pairs of key and text, ended by NULL. A NULL value skips its pair.
 */
void log_event(enum log_level level, const char *event, ...) __attribute__((sentinel));

/* For the numbers in log_event: a text in one of 16 rotating static places. */
const char *log_i64(int64_t number);

#endif
