/*
 * For the team: what searching and the ask page's suggestions achieve, by week, as
 * a page with a picture and as two files.
 */
#include "forum/statistics.h"

#include "base/clock.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/handlers.h"
#include "web/respond.h"

/* The picture of templates/statistics.html, in its own units. */
#define PICTURE_HEIGHT 160
#define PICTURE_STEP   48

#define CSV_MAX_BYTES (1024 * 1024)

/* To 1, 2, 5, 10, 20, 50…: a number that can be read off a picture. */
static int64_t round_up(int64_t number)
{
	int64_t step = 1;

	while (10 * step < number)
		step *= 10;
	if (number <= step)
		return step;
	return number <= 2 * step ? 2 * step : number <= 5 * step ? 5 * step : 10 * step;
}

static int percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)((100 * part + whole / 2) / whole) : 0;
}

static int height_of(int64_t number, int64_t top)
{
	return (int)(number * PICTURE_HEIGHT / top);
}

static void draw_bars(struct statistics_page *page)
{
	int64_t most = 1;

	for (size_t i = 0; i < STATISTICS_WEEKS; i++)
		if (page->statistics.weeks[i].shown > most)
			most = page->statistics.weeks[i].shown;
	page->bars_top = round_up(most);
	for (size_t i = 0; i < STATISTICS_WEEKS; i++) {
		const struct statistics_week *week =
			&page->statistics.weeks[STATISTICS_WEEKS - 1 - i];

		page->bars[i] = (struct statistics_bar){
			.week = week,
			.solved_percent = percent(week->solved, week->shown),
			.x = (int)i * PICTURE_STEP,
			.shown_height = height_of(week->shown, page->bars_top),
			.asked_height = height_of(week->asked_although, page->bars_top),
			.solved_height = height_of(week->solved, page->bars_top),
		};
	}
}

static void fill_positions(struct statistics_page *page)
{
	const int64_t *positions = page->statistics.positions;

	for (size_t i = 0; i <= STATISTICS_POSITIONS; i++)
		page->positions_opened += positions[i];
	for (size_t i = 0; i <= STATISTICS_POSITIONS; i++)
		page->position_percents[i] = percent(positions[i], page->positions_opened);
}

enum err statistics_show(struct request *request)
{
	struct statistics_page page = { .is_empty = true };

	TRY(statistics_load(&request->ctx, &page.statistics));
	for (size_t i = 0; i < STATISTICS_WEEKS; i++)
		if (page.statistics.weeks[i].started || page.statistics.weeks[i].searches)
			page.is_empty = false;
	draw_bars(&page);
	fill_positions(&page);
	frame_init(request, &page.frame, _("Searching and asking"));
	page.frame.section = "admin";
	template_statistics(&request->response->body, &page);
	return OK;
}

/* Files -------------------------------------------------------------------------- */

/* "2026-11-16", whatever the reader's language: for programs. */
static const char *day(struct request *request, int64_t time)
{
	return arena_strndup(request->ctx.arena, clock_rfc3339(request->ctx.arena, time), 10);
}

enum err statistics_csv(struct request *request)
{
	struct statistics statistics;
	struct buf csv;

	TRY(statistics_load(&request->ctx, &statistics));
	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	buf_text(&csv, "week,questions_started,similar_shown,similar_opened,solved,followed,"
		       "questions_asked,asked_although_shown,left_after_opening,searches,"
		       "searches_without_result\r\n");
	for (size_t i = 0; i < STATISTICS_WEEKS; i++) {
		const struct statistics_week *week = &statistics.weeks[i];

		buf_printf(&csv, "%s,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld\r\n",
			   day(request, week->starts_at), (long long)week->started,
			   (long long)week->shown, (long long)week->opened, (long long)week->solved,
			   (long long)week->followed, (long long)week->asked,
			   (long long)week->asked_although, (long long)week->left_after_opening,
			   (long long)week->searches, (long long)week->without_result);
	}
	return respond_csv(request, "search.csv", &csv);
}

enum err statistics_words_csv(struct request *request)
{
	struct statistics statistics;
	struct buf csv;

	TRY(statistics_load(&request->ctx, &statistics));
	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	buf_text(&csv, "words,example,searches,last_seen\r\n");
	for (size_t i = 0; i < statistics.words_count; i++) {
		const struct statistics_words *words = &statistics.words[i];

		csv_text(&csv, words->words);
		buf_char(&csv, ',');
		csv_text(&csv, words->example);
		buf_printf(&csv, ",%lld,%s\r\n", (long long)words->searches,
			   day(request, words->last_at));
	}
	return respond_csv(request, "search-words.csv", &csv);
}
