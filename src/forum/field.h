/*
 * What people typed into a field, made fit to be kept: line ends, white space,
 * invisible characters, length; refused with a sentence at the field.
 */
#ifndef FORUM_FIELD_H
#define FORUM_FIELD_H

#include "base/ctx.h"

/*
 * One line (a title, a reason): trimmed, inner white space made single spaces,
 * control, zero-width and text-direction characters left out.
 * ERR_INVALID: fewer than min or more than max code points.
 */
enum err field_line(struct ctx *ctx, const char *field, const char *text, size_t min, size_t max,
		    const char **out) MUST_CHECK;

/*
 * Several lines (Markdown): CR LF and CR become LF, trailing white space and
 * empty lines around it go. NULL is an empty text.
 * ERR_INVALID: fewer than min code points, more than max_bytes bytes, or control
 * characters.
 */
enum err field_text(struct ctx *ctx, const char *field, const char *text, size_t min,
		    size_t max_bytes, const char **out) MUST_CHECK;

#endif
