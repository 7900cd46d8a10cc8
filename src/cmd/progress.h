/*
 * A progress bar on a terminal, for what takes longer than a second: redrawn at
 * most ten times a second; nothing at all when standard error is no terminal.
 *   import posts  [##########··········]  51 %  12,345 of 24,000  0:12 left
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "base/base.h"

struct progress {
	const char *label;
	int64_t total;              /* 0: unknown, then only the count is shown */
	int64_t began_at, drawn_at; /* clock_monotonic */
	bool is_terminal, was_drawn;
};

void progress_begin(struct progress *progress, const char *label, int64_t total);
void progress_show(struct progress *progress, int64_t done);
/* Takes the bar away. */
void progress_end(struct progress *progress);

#endif
