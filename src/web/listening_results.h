/* What labels say, on /desk/listening and as a file. */
#ifndef WEB_LISTENING_RESULTS_H
#define WEB_LISTENING_RESULTS_H

#include "base/buf.h"
#include "web/pages_listening.h"
#include "web/request.h"

enum err listening_results_fill(struct request *request, struct listening_page *page) MUST_CHECK;
enum err listening_results_csv(struct request *request, struct listening_page *page,
			       struct buf *csv) MUST_CHECK;

/* Of listening.c, for both. */
const char *listening_csv_path(struct arena *arena, const struct listening_page *page,
			       const char *table);
const char *listening_week_name(struct arena *arena, const struct listening_volumes *volumes,
				size_t week);
void listening_csv_date(struct buf *csv, int64_t week);

#endif
