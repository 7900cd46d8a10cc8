/*
 * The share of negative texts by week, with its interval, and how far two labellers agree.
 */
#include "web/listening_results.h"

#include "i18n/i18n.h"

#include <math.h>

static int64_t percent(double share)
{
	return (int64_t)lround(100 * share);
}

static enum err load(struct request *request, struct listening_page *page)
{
	return listening_results(&request->ctx, page->volumes.first_week, page->volumes.week_count,
				 &page->part.results);
}

/* Shares ------------------------------------------------------------------------------------ */

static void fill_point(struct chart *chart, size_t week, const struct listening_share *share)
{
	struct chart_series *series = &chart->series[0];

	series->values[week] = share->is_known ? percent(share->share) : CHART_GAP;
	series->low[week] = percent(share->low);
	series->high[week] = percent(share->high);
}

static void fill_row(struct arena *arena, const struct listening_week_share *week,
		     struct dashboard_row *row)
{
	const struct listening_share *share = &week->share;

	row->cells[0] = chart_value(arena, CHART_PERCENT,
				    share->is_known ? percent(share->share) : CHART_GAP);
	row->cells[1] = "–";
	if (share->is_known)
		/* TRANSLATORS: between two percentages. */
		row->cells[1] = arena_printf(
			arena, _("%s to %s"),
			chart_value(arena, CHART_PERCENT, percent(share->low)),
			chart_value(arena, CHART_PERCENT, percent(share->high)));
	row->cells[2] = i18n_number(arena, share->negative);
	row->cells[3] = i18n_number(arena, share->about);
	row->cells[4] = i18n_number(arena, share->labelled);
	row->cells[5] = i18n_number(arena, week->drawn);
}

static void fill_shares(struct arena *arena, struct listening_page *page)
{
	struct dashboard_panel *panel = &page->part.shares;
	size_t count = page->volumes.week_count;

	*panel = (struct dashboard_panel){
		.slug = "sentiment",
		.title = _("Share of negative texts"),
		.explanation = _(
			"Of the texts about us, in samples that people labelled. The lines "
			"above and below a point say how far the share of all texts may "
			"be off: in 95 of 100 samples it is between them."),
		.row_heading = _("Week"),
		.columns = { _("Negative"), _("Between"), _("Negative texts"), _("About us"),
			     _("Labelled"), _("Drawn") },
		.column_count = 6,
		.rows = arena_array_of(arena, count, struct dashboard_row),
		.row_count = count,
		.csv_path = listening_csv_path(arena, page, "sentiment"),
		.chart = { .kind = CHART_LINES,
			   .scale = CHART_PERCENT,
			   .slug = "sentiment",
			   .title = _("Share of negative texts"),
			   .series_count = 1,
			   .point_count = count,
			   .series = { { .name = _("Negative"), .has_range = true } } },
	};
	for (size_t week = 0; week < count; week++) {
		struct dashboard_row *row = &panel->rows[count - 1 - week];

		row->name = listening_week_name(arena, &page->volumes, week);
		panel->chart.point_names[week] = row->name;
		fill_row(arena, &page->part.results.weeks[week], row);
		fill_point(&panel->chart, week, &page->part.results.weeks[week].share);
	}
	chart_draw(arena, &panel->chart);
}

/* Agreement --------------------------------------------------------------------------------- */

/* Kappa as it is written: "0.62", "0,62". */
static const char *decimal(struct arena *arena, double number)
{
	int hundredths = (int)lround(fabs(number) * 100);

	/* TRANSLATORS: a number with two decimals: sign, whole part, decimals. */
	return arena_printf(arena, pgettext("decimal", "%s%d.%02d"), number < -0.005 ? "−" : "",
			    hundredths / 100, hundredths % 100);
}

static void fill_agreement(struct arena *arena, struct listening_results_part *part)
{
	const struct listening_kappa *kappa = &part->results.kappa;

	for (size_t a = 0; a < LISTENING_LABELS; a++) {
		part->label_names[a] = _(listening_label_name((enum listening_label)a));
		part->confusion[a].name = part->label_names[a];
		for (size_t b = 0; b < LISTENING_LABELS; b++)
			part->confusion[a].cells[b] = i18n_number(
				arena, part->results.confusion.counts[a][b]);
	}
	part->kappa = decimal(arena, kappa->kappa);
	part->error = decimal(arena, kappa->error);
	part->low = decimal(arena, kappa->low);
	part->high = decimal(arena, kappa->high);
	part->agreed = i18n_number(arena, kappa->agreed);
	part->words = _(listening_kappa_words(kappa->kappa));
}

enum err listening_results_fill(struct request *request, struct listening_page *page)
{
	TRY(load(request, page));
	fill_shares(request->ctx.arena, page);
	fill_agreement(request->ctx.arena, &page->part);
	return OK;
}

/* A file ------------------------------------------------------------------------------------ */

/* Weeks without a sample are left out; shares are between 0 and 1. */
enum err listening_results_csv(struct request *request, struct listening_page *page,
			       struct buf *csv)
{
	TRY(load(request, page));
	buf_text(csv,
		 "\"week\",\"share\",\"low\",\"high\",\"standard_error\",\"negative\",\"about_us\","
		 "\"labelled\",\"drawn\"\r\n");
	for (size_t i = 0; i < page->volumes.week_count; i++) {
		const struct listening_week_share *week = &page->part.results.weeks[i];
		const struct listening_share *share = &week->share;

		if (week->drawn == 0)
			continue;
		listening_csv_date(csv, page->volumes.first_week + (int64_t)i);
		if (share->is_known)
			buf_printf(csv, ",%.4f,%.4f,%.4f,%.4f", share->share, share->low,
				   share->high, share->error);
		else
			buf_text(csv, ",,,,");
		buf_printf(csv, ",%lld,%lld,%lld,%lld\r\n", (long long)share->negative,
			   (long long)share->about, (long long)share->labelled,
			   (long long)week->drawn);
	}
	return OK;
}
