/*
 * What every connector does with what comes from outside: texts made fit to keep,
 * times and query strings read.
 */
#ifndef CONNECT_FOREIGN_H
#define CONNECT_FOREIGN_H

#include "base/arena.h"

/*
 * Plain text to keep: line ends are "\n", other control characters are gone, what
 * Unicode calls noncharacters becomes U+FFFD; white space at both ends is gone.
 * Joiners and directional marks stay: emoji and Arabic need them. text: valid UTF-8.
 */
char *foreign_text(struct arena *arena, const char *text);

/* On one line, at most max_points characters. */
char *foreign_line(struct arena *arena, const char *text, size_t max_points);

/* The text as it is compared with another: any run of white space is one space. */
char *foreign_text_folded(struct arena *arena, const char *text);

/* UTF-16 units of valid UTF-8: how Facebook counts. */
int64_t foreign_utf16_length(const char *text);

/* The text itself if it leads to a web page (http, https), else "". */
const char *foreign_web_url(const char *url);

/*
 * "2026-01-01T10:00:00+0000", "…+00:00", "…Z", with or without fraction; a date
 * alone; or Unix seconds. Microseconds; 0: none of these.
 */
int64_t foreign_time(const char *text);

/* RFC 5322 (mail, RSS): "Thu, 01 Jan 2026 10:00:00 GMT"; 0: it is not. */
int64_t foreign_mail_time(const char *text);

/*
 * The value of a parameter in a raw query string ("a=1&b=%20"), decoded, valid
 * UTF-8 without NUL; NULL: not there, or no such value.
 */
char *foreign_query(struct arena *arena, const char *query, const char *name);

#endif
