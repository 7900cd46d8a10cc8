/*
 * /leaderboard: who helped most in a month, everywhere or in one category.
 */
#include "base/clock.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_experts.h"
#include "web/respond.h"

#define FIRST_YEAR 2000
#define LAST_YEAR  2100

/* Months since year 0, so that the one before and the one after are no special case. */
static bool read_month(const char *text, int64_t *month)
{
	struct slice rest = slice_of(text), year = slice_cut(&rest, '-');
	int64_t y, m;

	if (!slice_to_i64(year, &y) || !slice_to_i64(rest, &m) || y < FIRST_YEAR || y > LAST_YEAR ||
	    m < 1 || m > 12)
		return false;
	*month = y * 12 + m - 1;
	return true;
}

static char *month_text(struct arena *arena, int64_t month)
{
	return arena_printf(arena, "%04d-%02d", (int)(month / 12), (int)(month % 12) + 1);
}

static int64_t month_begin(struct arena *arena, int64_t month)
{
	int64_t time = 0;

	(void)clock_parse(arena_printf(arena, "%s-01T00:00:00Z", month_text(arena, month)), &time);
	return time;
}

static const char *month_path(struct request *request, const struct leaders_page *page,
			      int64_t month)
{
	struct arena *arena = request->ctx.arena;

	if (!page->category_slug[0])
		return arena_printf(arena, "/leaderboard?month=%s", month_text(arena, month));
	return arena_printf(arena, "/leaderboard?month=%s&category=%s", month_text(arena, month),
			    page->category_slug);
}

enum err leaders_show(struct request *request)
{
	struct leaders_page page = { .category_slug = http_parameter(request->http, "category"),
				     .next_path = "" };
	const char *asked = http_parameter(request->http, "month");
	struct clock_date now = clock_split(request->ctx.now, 0);
	int64_t present = (int64_t)now.year * 12 + now.month - 1, month = present;
	struct arena *arena = request->ctx.arena;
	struct category category = { 0 };

	if (asked[0] && !read_month(asked, &month))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	if (page.category_slug[0])
		TRY(category_by_slug(&request->ctx, page.category_slug, &category));
	TRY(category_list(&request->ctx, &page.categories));
	page.from = month_begin(arena, month);
	TRY(leader_list(&request->ctx, page.from, month_begin(arena, month + 1), category.id,
			&page.leaders));
	page.month = month_text(arena, month);
	page.previous_path = month_path(request, &page, month - 1);
	if (month < present)
		page.next_path = month_path(request, &page, month + 1);
	frame_init(request, &page.frame, _("Leaderboard"));
	template_leaders(&request->response->body, &page);
	return OK;
}
