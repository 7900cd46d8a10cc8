/*
 * /desk/incidents: alerts, and what people do about them.
 */
#include "forum/incident.h"

#include "base/buf.h"
#include "base/clock.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/desk_house.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_incidents.h"
#include "web/respond.h"
#include "web/topic_acts.h"

#define PAGE          "/desk/incidents"
#define CSV_MAX_BYTES ((size_t)64 * 1024)

/* Lists ------------------------------------------------------------------------------------ */

enum err incidents_show(struct request *request)
{
	struct incidents_page page = { .house = desk_house_of(request) };

	TRY(crisis_alert_list(&request->ctx, &page.alerts));
	TRY(incident_list(&request->ctx, &page.incidents));
	frame_init(request, &page.frame, _("Incidents"));
	page.frame.section = "desk";
	template_incidents(&request->response->body, &page);
	return OK;
}

enum err alert_show(struct request *request)
{
	struct alert_page page = { .house = desk_house_of(request) };

	TRY(crisis_alert_load(&request->ctx, request->id, &page.alert, &page.topics,
			      &page.topic_count));
	frame_init(request, &page.frame, _("Alert"));
	page.frame.section = "desk";
	template_alert(&request->response->body, &page);
	return OK;
}

/* Opening ------------------------------------------------------------------------------------ */

static enum err show_new(struct request *request, struct incident_new_page *page)
{
	TRY(policy_require(&request->ctx, MAY_RUN_INCIDENT,
			   &(struct subject){ .now = request->ctx.now }));
	page->house = desk_house_of(request);
	TRY(category_list(&request->ctx, &page->categories));
	frame_init(request, &page->frame, _("Open an incident"));
	page->frame.section = "desk";
	template_incident_new(&request->response->body, page);
	return OK;
}

/* From an alert: its category, its threads. */
enum err incident_new_show(struct request *request)
{
	struct incident_new_page page = {
		.form = { .title = "",
			  .body_md = "",
			  .banner = { .is_on = true,
				      .severity = SEVERITY_WARNING,
				      .fr = "",
				      .en = "",
				      .link = "" } },
		.error = { "", "" },
	};
	struct crisis_alert alert = { 0 };
	struct crisis_topic *topics;
	size_t count;

	TRY(query_number(request, "alert", 0, &page.form.alert_id));
	if (page.form.alert_id)
		TRY(crisis_alert_load(&request->ctx, page.form.alert_id, &alert, &topics, &count));
	page.form.category_id = alert.category_id;
	page.form.is_category_alone = alert.category_id != 0;
	return show_new(request, &page);
}

static bool is_ticked(struct request *request, const char *name)
{
	return strcmp(http_form(request->http, name), "1") == 0;
}

static void read_banner(struct request *request, struct incident_banner_form *form)
{
	const struct http_request *http = request->http;

	*form = (struct incident_banner_form){
		.is_on = is_ticked(request, "banner"),
		.fr = http_form(http, "banner_fr"),
		.en = http_form(http, "banner_en"),
		.link = http_form(http, "link"),
	};
	if (!incident_severity_parse(http_form(http, "severity"), &form->severity))
		form->severity = SEVERITY_WARNING;
}

static const char *incident_path(struct request *request, int64_t id)
{
	return arena_printf(request->ctx.arena, PAGE "/%lld", (long long)id);
}

enum err incident_new_post(struct request *request)
{
	const struct http_request *http = request->http;
	struct incident_new_page page = {
		.form = { .title = http_form(http, "title"),
			  .body_md = http_form(http, "body"),
			  .is_category_alone = is_ticked(request, "alone"),
			  .form_key = request->form_key },
		.error = { "", "" },
	};
	enum err result;
	int64_t id;

	TRY(form_id(request, "category", &page.form.category_id));
	TRY(form_id(request, "alert", &page.form.alert_id));
	read_banner(request, &page.form.banner);
	result = incident_open(&request->ctx, &page.form, &id);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		return show_new(request, &page);
	}
	TRY(result);
	respond_notice(request, "incident_opened");
	return respond_redirect(request, 303, incident_path(request, id));
}

/* One ------------------------------------------------------------------------------------------ */

/* Hours in as many bars as a chart has room for. */
static size_t hours_a_bar(const struct incident_view *view)
{
	return (view->hour_count + CHART_POINTS_MAX - 1) / CHART_POINTS_MAX;
}

static void fill_chart(struct request *request, struct incident_page *page)
{
	const struct incident_view *view = &page->view;
	struct arena *arena = request->ctx.arena;
	struct chart *chart = &page->chart;
	size_t size = view->hour_count > 0 ? hours_a_bar(view) : 1;

	*chart = (struct chart){
		.kind = CHART_BARS,
		.scale = CHART_COUNT,
		.slug = "hours",
		.title = _("Questions by hour"),
		.series_count = 1,
	};
	chart->series[0].name = _("Questions");
	for (size_t i = 0; i < view->hour_count; i++) {
		size_t bar = i / size;

		if (i % size == 0) {
			chart->point_names[bar] = i18n_date_time(arena, view->hours[i].at);
			chart->point_count = bar + 1;
		}
		chart->series[0].values[bar] += view->hours[i].questions;
	}
	for (size_t bar = 0; bar < chart->point_count; bar++)
		page->bars[bar] = (struct incident_bar){
			chart->point_names[bar],
			i18n_number(arena, chart->series[0].values[bar]),
		};
	chart_draw(arena, chart);
}

static enum err show_one(struct request *request, struct incident_page *page)
{
	const struct incident *incident = &page->view.incident;
	struct arena *arena = request->ctx.arena;
	int64_t until;

	TRY(incident_load(&request->ctx, request->id, &page->view));
	until = incident->closed_at ? incident->closed_at : request->ctx.now;
	page->house = desk_house_of(request);
	if (!page->refused[0] || strcmp(page->refused, "banner") != 0)
		page->banner = (struct incident_banner_form){
			.is_on = incident->is_banner_on,
			.severity = incident->severity,
			.fr = incident->banner_fr,
			.en = incident->banner_en,
			.link = incident->link,
		};
	page->first_reaction = chart_value(arena, CHART_SECONDS, page->view.first_reaction);
	page->lasted = chart_value(arena, CHART_SECONDS,
				   (until - incident->began_at) / CLOCK_SECOND);
	fill_chart(request, page);
	frame_init(request, &page->frame, incident->title);
	page->frame.section = "desk";
	template_incident(&request->response->body, page);
	return OK;
}

enum err incident_show(struct request *request)
{
	struct incident_page page = {
		.body = "", .summary = "", .refused = "", .error = { "", "" }
	};

	return show_one(request, &page);
}

/* Acts ----------------------------------------------------------------------------------------- */

static enum err act_update(struct request *request)
{
	return incident_update(&request->ctx, request->id, http_form(request->http, "body"),
			       request->form_key);
}

static enum err act_banner(struct request *request)
{
	struct incident_banner_form form;

	read_banner(request, &form);
	return incident_set_banner(&request->ctx, request->id, &form);
}

static enum err act_gather(struct request *request)
{
	size_t count;
	int64_t done, named,
		*ids = form_numbers(request, &request->http->form, "t-", INCIDENT_GATHER_MAX,
				    &count);
	const char *address = http_form(request->http, "address");

	named = strstr(address, "/t/") ? strtoll(strstr(address, "/t/") + 3, NULL, 10)
				       : strtoll(address, NULL, 10);
	if (address[0] && named > 0 && count < INCIDENT_GATHER_MAX)
		ids[count++] = named;
	if (count == 0)
		return fail(&request->ctx, ERR_INVALID, "address", "%s",
			    _("Choose at least one question, or give the address of one."));
	return incident_gather(&request->ctx, request->id, ids, count, &done);
}

static enum err act_release(struct request *request)
{
	int64_t topic_id;

	TRY(form_id(request, "topic", &topic_id));
	return incident_release(&request->ctx, request->id, topic_id);
}

static enum err act_close(struct request *request)
{
	return incident_close(&request->ctx, request->id, http_form(request->http, "last"),
			      http_form(request->http, "summary"), request->form_key);
}

static enum err act_reopen(struct request *request)
{
	return incident_reopen(&request->ctx, request->id);
}

static const struct {
	const char *word;
	enum err (*run)(struct request *request);
	const char *notice;
} acts[] = {
	{ "update", act_update, "incident_updated" },
	{ "banner", act_banner, "incident_banner" },
	{ "gather", act_gather, "incident_gathered" },
	{ "release", act_release, "incident_released" },
	{ "close", act_close, "incident_closed" },
	{ "reopen", act_reopen, "incident_reopened" },
};

/* The fields of two forms have one name; the page tells them apart by the form's. */
static enum err show_refused(struct request *request, const char *act)
{
	struct incident_page page = {
		.body = strcmp(act, "close") == 0 ? http_form(request->http, "last")
						  : http_form(request->http, "body"),
		.summary = http_form(request->http, "summary"),
		.refused = act,
		.error = field_error_take(request),
	};

	read_banner(request, &page.banner);
	return show_one(request, &page);
}

enum err incident_post(struct request *request)
{
	const char *word = http_form(request->http, "do");

	for (size_t i = 0; i < ARRAY_COUNT(acts); i++) {
		enum err result;

		if (strcmp(acts[i].word, word) != 0)
			continue;
		result = acts[i].run(request);
		if (is_form_error(result))
			return show_refused(request, acts[i].word);
		TRY(result);
		respond_notice(request, acts[i].notice);
		return respond_redirect(request, 303, incident_path(request, request->id));
	}
	return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
}

/* By hour, UTC, as a spreadsheet reads it. */
enum err incident_csv(struct request *request)
{
	struct incident_view view;
	struct buf csv;

	if (strcmp(request->slug, "hours.csv") != 0)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	TRY(incident_load(&request->ctx, request->id, &view));
	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	buf_text(&csv, "hour,questions\r\n");
	for (size_t i = 0; i < view.hour_count; i++)
		buf_printf(&csv, "%s,%lld\r\n", clock_rfc3339(request->ctx.arena, view.hours[i].at),
			   (long long)view.hours[i].questions);
	return respond_csv(
		request,
		arena_printf(request->ctx.arena, "incident-%lld.csv", (long long)request->id),
		&csv);
}
