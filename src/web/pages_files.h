/*
 * Files on pages, beside pages.h.
 */
#ifndef WEB_PAGES_FILES_H
#define WEB_PAGES_FILES_H

#include "forum/attachment.h"
#include "web/pages.h"

/* What browsers offer when they are asked to choose; what counts are the bytes. */
#define FILES_ACCEPTED \
	"image/jpeg,image/png,image/gif,image/webp,application/pdf,text/plain,text/csv,.csv,.log,.md,.txt"

/* A form that stands where no refusal comes back to. */
static const struct field_error no_field_error = { "", "" };

#endif
