/*
 * /legal/transparency: the yearly report that was published, as a page and as a file;
 * /admin/transparency: any year as it is today, and publishing it.
 */
#include "forum/transparency.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/policy.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_legal.h"
#include "web/respond.h"

#define CSV_MAX_BYTES ((size_t)512 * 1024)

/* Words ---------------------------------------------------------------------------------- */

static const struct {
	const char *word, *label;
} words[] = {
	{ "open", N_("not decided yet") },
	{ "decided", N_("decided") },
	{ "author", N_("by authors, about decisions on their posts or accounts") },
	{ "notifier", N_("by people who sent a notice, about what stayed") },
	{ "upheld", N_("upheld") },
	{ "rejected", N_("rejected") },
	{ "illegal_content", N_("Accounts suspended for content against the law") },
	{ "unfounded_notices", N_("Senders of manifestly unfounded notices, suspended") },
	{ "notifier_warning", N_("Senders of manifestly unfounded notices, warned") },
	{ "unfounded_complaints",
	  N_("Senders of manifestly unfounded complaints, not heard for some time") },
	{ "complaint_warning", N_("Senders of manifestly unfounded complaints, warned") },
};

static const char *word_label(const char *word)
{
	for (size_t i = 0; i < ARRAY_COUNT(words); i++)
		if (strcmp(words[i].word, word) == 0)
			return _(words[i].label);
	return word;
}

static const char *outcome_label(const char *word)
{
	for (int i = NOTICE_REMOVED; i <= NOTICE_UNFOUNDED; i++)
		if (strcmp(notice_outcome_text((enum notice_outcome)i), word) == 0)
			return notice_outcome_label((enum notice_outcome)i);
	return word_label(word);
}

static const char *subject_label(const struct transparency_row *row)
{
	enum notice_category category;

	switch (row->section) {
	case TRANSPARENCY_NOTICES:
		return notice_category_parse(row->subject, &category)
			       ? notice_category_label(category)
			       : row->subject;
	case TRANSPARENCY_BY_NOTICE:
	case TRANSPARENCY_OWN_INITIATIVE:
		return case_act_label(case_act_from_text(row->subject));
	default:
		return word_label(row->subject);
	}
}

static const char *detail_label(const struct transparency_row *row)
{
	enum rule rule;

	switch (row->section) {
	case TRANSPARENCY_NOTICES:
		return outcome_label(row->detail);
	case TRANSPARENCY_BY_NOTICE:
	case TRANSPARENCY_OWN_INITIATIVE:
		return rule_parse(row->detail, &rule) ? rule_label(rule) : row->detail;
	default:
		return word_label(row->detail);
	}
}

static const struct {
	const char *title, *subject, *detail;
} headings[] = {
	[TRANSPARENCY_ALL_NOTICES] = { N_("Legal notices in all"), N_("State"), "" },
	[TRANSPARENCY_NOTICES] = { N_("Legal notices by what they were about"),
				   N_("What it was about"), N_("Outcome") },
	[TRANSPARENCY_BY_NOTICE] = { N_("Decisions that followed from notices"), N_("Decision"),
				     N_("Ground") },
	[TRANSPARENCY_OWN_INITIATIVE] = { N_("Moderation on our own initiative"), N_("Decision"),
					  N_("Ground") },
	[TRANSPARENCY_COMPLAINTS] = { N_("Complaints"), N_("Complaint"), N_("Outcome") },
	[TRANSPARENCY_SUSPENSIONS] = { N_("Measures against misuse"), N_("Measure"), "" },
	[TRANSPARENCY_RECIPIENTS] = { N_("Members who were active, by month"), N_("Month"), "" },
};
_Static_assert(ARRAY_COUNT(headings) == TRANSPARENCY_SECTION_COUNT, "every section has its words");

/* For the page --------------------------------------------------------------------------- */

static void add_line(struct request *request, struct report_section *section,
		     const struct transparency_row *row)
{
	struct report_line *line = &section->lines[section->count++];

	*line = (struct report_line){ .subject = subject_label(row),
				      .detail = row->detail[0] ? detail_label(row) : "",
				      .count = row->count,
				      .automated = row->automated,
				      .median = "" };
	if (row->has_median)
		line->median = arena_printf(request->ctx.arena, "%.1f", row->median_hours);
	section->has_median = section->has_median || row->has_median;
}

static void make_sections(struct request *request, struct transparency_page *page)
{
	const struct transparency *report = &page->report;

	for (int i = 0; i < TRANSPARENCY_SECTION_COUNT; i++) {
		struct report_section *section = &page->sections[i];

		*section = (struct report_section){
			.name = transparency_section_text((enum transparency_section)i),
			.title = _(headings[i].title),
			.subject = _(headings[i].subject),
			.detail = headings[i].detail[0] ? _(headings[i].detail) : "",
			.has_automated = i == TRANSPARENCY_OWN_INITIATIVE ||
					 i == TRANSPARENCY_BY_NOTICE,
			.lines = arena_array_of(request->ctx.arena, report->count + 1,
						struct report_line),
		};
		for (size_t row = 0; row < report->count; row++)
			if (report->rows[row].section == (enum transparency_section)i)
				add_line(request, section, &report->rows[row]);
	}
}

static enum err show(struct request *request, struct transparency_page *page)
{
	make_sections(request, page);
	frame_init(request, &page->frame, _("Transparency report"));
	if (page->is_admin)
		page->frame.section = "admin";
	template_transparency(&request->response->body, page);
	return OK;
}

enum err transparency_show(struct request *request)
{
	struct transparency_page page = { .is_admin = false };
	int64_t year;

	TRY(query_number(request, "year", 0, &year));
	TRY(transparency_published(&request->ctx, year, &page.report));
	return show(request, &page);
}

/* The last year that is over is what is due. */
static int64_t due_year(const struct request *request)
{
	return clock_split(request->ctx.now, 0).year - 1;
}

enum err admin_transparency_show(struct request *request)
{
	struct transparency_page page = { .is_admin = true };
	int64_t year;

	TRY(query_number(request, "year", due_year(request), &year));
	TRY(transparency_of_year(&request->ctx, year, &page.report));
	return show(request, &page);
}

enum err admin_transparency_post(struct request *request)
{
	const char *what = http_form(request->http, "do");
	int64_t year;

	TRY(policy_require(&request->ctx, MAY_PUBLISH_REPORT,
			   &(struct subject){ .now = request->ctx.now }));
	TRY(form_id(request, "year", &year));
	if (strcmp(what, "publish") == 0)
		TRY(transparency_publish(&request->ctx, year, request->form_key));
	else if (strcmp(what, "withdraw") == 0)
		TRY(transparency_withdraw(&request->ctx, year, request->form_key));
	else
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	respond_notice(request,
		       strcmp(what, "publish") == 0 ? "report_published" : "report_withdrawn");
	return respond_redirect(
		request, 303,
		arena_printf(request->ctx.arena, "/admin/transparency?year=%lld", (long long)year));
}

/* As a file: the words of the database, so that a program reads every year alike ----------- */

static enum err send_file(struct request *request, const struct transparency *report)
{
	struct buf csv;

	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	buf_text(&csv, "year,section,subject,detail,count,automated,median_hours\r\n");
	for (size_t i = 0; i < report->count; i++) {
		const struct transparency_row *row = &report->rows[i];

		buf_printf(&csv, "%lld,", (long long)report->year);
		csv_text(&csv, transparency_section_text(row->section));
		buf_char(&csv, ',');
		csv_text(&csv, row->subject);
		buf_char(&csv, ',');
		csv_text(&csv, row->detail);
		buf_printf(&csv, ",%lld,%lld,", (long long)row->count, (long long)row->automated);
		if (row->has_median)
			buf_printf(&csv, "%.2f", row->median_hours);
		buf_text(&csv, "\r\n");
	}
	return respond_csv(
		request,
		arena_printf(request->ctx.arena, "transparency-%lld.csv", (long long)report->year),
		&csv);
}

enum err transparency_csv(struct request *request)
{
	struct transparency report;
	int64_t year;

	TRY(query_number(request, "year", 0, &year));
	TRY(transparency_published(&request->ctx, year, &report));
	if (!report.year)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return send_file(request, &report);
}

enum err admin_transparency_csv(struct request *request)
{
	struct transparency report;
	int64_t year;

	TRY(query_number(request, "year", due_year(request), &year));
	TRY(transparency_of_year(&request->ctx, year, &report));
	return send_file(request, &report);
}
