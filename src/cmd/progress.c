/*
 * The progress bar.
 */
#include "cmd/progress.h"

#include <unistd.h>

#include "base/clock.h"

#define BAR_WIDTH 24

void progress_begin(struct progress *progress, const char *label, int64_t total)
{
	*progress = (struct progress){
		.label = label,
		.total = total,
		.began_at = clock_monotonic(),
		.is_terminal = isatty(STDERR_FILENO) == 1,
	};
}

static void draw_bar(const struct progress *progress, int64_t done, int64_t elapsed)
{
	int64_t left = done > 0 ? (int64_t)((double)elapsed * (double)(progress->total - done) /
					    (double)done)
				: 0;
	int filled = (int)(done * BAR_WIDTH / progress->total);

	fprintf(stderr, "\r\033[K%-16s [", progress->label);
	for (int i = 0; i < BAR_WIDTH; i++)
		fputc(i < filled ? '#' : '.', stderr);
	fprintf(stderr, "] %3lld %%  %lld of %lld  %lld:%02lld left",
		(long long)(done * 100 / progress->total), (long long)done,
		(long long)progress->total, (long long)(left / CLOCK_MINUTE),
		(long long)(left % CLOCK_MINUTE / CLOCK_SECOND));
}

void progress_show(struct progress *progress, int64_t done)
{
	int64_t now = clock_monotonic();

	if (!progress->is_terminal || now - progress->began_at < CLOCK_SECOND ||
	    now - progress->drawn_at < CLOCK_SECOND / 10)
		return;
	progress->drawn_at = now;
	progress->was_drawn = true;
	if (progress->total > 0 && done <= progress->total)
		draw_bar(progress, done, now - progress->began_at);
	else
		fprintf(stderr, "\r\033[K%-16s %lld", progress->label, (long long)done);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->was_drawn)
		fputs("\r\033[K", stderr);
}
