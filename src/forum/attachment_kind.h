/*
 * What an uploaded file is: told by its bytes and by nothing that its sender says of it.
 * A short list of kinds; what may be two things at once is neither.
 *
 * Pictures are only looked at from outside here: the worker decodes them, in a process
 * of its own, and what is shown is a picture of our making, so nothing that was hidden
 * in one survives. PDF and text are kept as they came, and are only ever saved, never
 * shown: as attachments, without a guess at their kind, in a sandbox (web/files.c).
 */
#ifndef FORUM_ATTACHMENT_KIND_H
#define FORUM_ATTACHMENT_KIND_H

#include "base/arena.h"

#define ATTACHMENT_NAME_MAX 80 /* code points, with the ending */

enum attachment_kind { ATTACHMENT_PICTURE, ATTACHMENT_PDF, ATTACHMENT_TEXT };
#define ATTACHMENT_KIND_COUNT 3

const char *attachment_kind_text(enum attachment_kind kind); /* as in the database */
bool attachment_kind_parse(const char *text, enum attachment_kind *out);

/*
 * Pictures: JPEG, PNG, GIF, WebP. PDF: from the first byte to its end mark, and no archive
 * behind it. Text: UTF-8 without control characters, which CSV is too.
 * False: *why is a sentence to be shown through _().
 */
bool attachment_kind_of(const char *bytes, size_t length, enum attachment_kind *out,
			const char **why) MUST_CHECK;

/*
 * The name to show and to save it by: the last part of what was typed or sent, without
 * what hides or turns letters, with an ending that fits the kind whatever came
 * ("C:\fakepath\rechnung.html" with text in it: "rechnung.html.txt"). Never empty.
 */
const char *attachment_name(struct arena *arena, const char *typed, enum attachment_kind kind);

/* What browsers are told it is. */
const char *attachment_media_type(enum attachment_kind kind);

#endif
