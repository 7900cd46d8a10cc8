/* Files for spreadsheets (RFC 4180). */
#ifndef WEB_CSV_H
#define WEB_CSV_H

#include "base/buf.h"
#include "web/request.h"

/* One quoted field; what a spreadsheet would take for a formula gets an apostrophe. */
void csv_text(struct buf *out, const char *text);

/* As a file of that name. ERR_INTERNAL: it grew larger than its buffer. */
enum err respond_csv(struct request *request, const char *name, const struct buf *csv) MUST_CHECK;

#endif
