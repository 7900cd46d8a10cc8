/*
 * /admin/audit: the log of everything that the team did, searched by who, whom, what,
 * on what and when; and the same as a file.
 */
#include "forum/audit.h"
#include "forum/audit_list.h"

#include "base/buf.h"
#include "base/clock.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/csv.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/pages_admin.h"
#include "web/respond.h"

#define PAGE "/admin/audit"

#define LINES_SHOWN   50
#define CSV_LINES     10000
#define CSV_MAX_BYTES (7 * 1024 * 1024)

/* Codes in words. One that is missing here is shown as it is. */
/* One that an older release wrote stands there as it was written. */
static const char *action_text(const char *code)
{
	const char *name = audit_action_name(code);

	return name ? name : code;
}

/* What was asked for ---------------------------------------------------------------- */

static const char *word_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

/* "2026-11-22" in UTC; days: 1 for the end of that day. */
static enum err read_day(struct request *request, const char *field, int days, int64_t *out)
{
	const char *text = http_parameter(request->http, field);
	struct ctx *ctx = &request->ctx;

	*out = 0;
	if (!text[0])
		return OK;
	if (strlen(text) != 10 || !clock_parse(arena_printf(ctx->arena, "%sT00:00:00", text), out))
		return fail(ctx, ERR_INVALID, field, "%s",
			    _("Write a day as year, month and day: 2026-11-22."));
	*out += days * CLOCK_DAY;
	return OK;
}

static enum err read_subject_id(struct request *request, int64_t *out)
{
	const char *text = http_parameter(request->http, "id");

	*out = 0;
	if (text[0] && (!text_to_i64(text, out) || *out <= 0))
		return fail(&request->ctx, ERR_INVALID, "id", "%s",
			    _("The number of a thing is a whole number."));
	return OK;
}

static enum err read_query(struct request *request, struct audit_query *query)
{
	const struct http_request *http = request->http;

	*query = (struct audit_query){
		.who = word_or_null(http_parameter(http, "who")),
		.whom = word_or_null(http_parameter(http, "whom")),
		.action = word_or_null(http_parameter(http, "action")),
		.subject = word_or_null(http_parameter(http, "subject")),
	};
	TRY(read_day(request, "from", 0, &query->from));
	TRY(read_day(request, "to", 1, &query->to));
	TRY(read_subject_id(request, &query->subject_id));
	return query_number(request, "before", 0, &query->before_id);
}

static void add_parameter(struct buf *out, const struct http_request *http, const char *name)
{
	const char *value = http_parameter(http, name);

	if (!value[0])
		return;
	buf_char(out, out->length == 0 ? '?' : '&');
	buf_text(out, name);
	buf_char(out, '=');
	buf_url(out, value);
}

/* The filters as they stand, for the links to the next page and the file. */
static const char *filters(struct request *request)
{
	static const char *const names[] = {
		"who", "whom", "action", "subject", "id", "from", "to"
	};
	struct buf out;

	buf_init(&out, request->ctx.arena, (size_t)16 * 1024);
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		add_parameter(&out, request->http, names[i]);
	return out.data;
}

/* The page --------------------------------------------------------------------------- */

static const char *subject_path(struct arena *arena, const struct audit_line *line)
{
	static const struct {
		const char *subject, *format;
	} places[] = {
		{ "post", "/p/" },
		{ "topic", "/t/" },
		{ "person", "/u/" },
		{ "mirror", "/admin/mirror/" },
	};

	for (size_t i = 0; line->subject_id > 0 && i < ARRAY_COUNT(places); i++)
		if (strcmp(places[i].subject, line->subject) == 0)
			return arena_printf(arena, "%s%lld", places[i].format,
					    (long long)line->subject_id);
	return "";
}

static void fill_rows(struct request *request, struct audit_page *page,
		      const struct audit_list *list)
{
	page->rows = arena_array_of(request->ctx.arena, list->count, struct audit_row);
	for (size_t i = 0; i < list->count; i++)
		page->rows[i] = (struct audit_row){
			.line = &list->lines[i],
			.action = action_text(list->lines[i].action),
			.subject_path = subject_path(request->ctx.arena, &list->lines[i]),
		};
	page->count = list->count;
}

static void fill_filters(struct request *request, struct audit_page *page)
{
	const struct http_request *http = request->http;

	page->who = http_parameter(http, "who");
	page->whom = http_parameter(http, "whom");
	page->action = http_parameter(http, "action");
	page->subject = http_parameter(http, "subject");
	page->subject_id = http_parameter(http, "id");
	page->from = http_parameter(http, "from");
	page->to = http_parameter(http, "to");
	page->is_filtered = filters(request)[0] != '\0';
}

static enum err fill_actions(struct request *request, struct audit_page *page)
{
	const char *const *codes;

	TRY(audit_actions_load(&request->ctx, &codes, &page->action_count));
	page->actions = arena_array_of(request->ctx.arena, page->action_count, struct audit_action);
	for (size_t i = 0; i < page->action_count; i++)
		page->actions[i] = (struct audit_action){ codes[i], action_text(codes[i]) };
	return OK;
}

static void fill_paths(struct request *request, struct audit_page *page,
		       const struct audit_query *query, const struct audit_list *list)
{
	struct arena *arena = request->ctx.arena;
	const char *with = filters(request);

	page->csv_path = arena_printf(arena, PAGE ".csv%s", with);
	page->first_path = query->before_id ? arena_printf(arena, PAGE "%s", with) : "";
	page->next_path = list->next_id
				  ? arena_printf(arena, PAGE "%s%sbefore=%lld", with,
						 with[0] ? "&" : "?", (long long)list->next_id)
				  : "";
}

static enum err load_list(struct request *request, struct audit_query *query,
			  struct audit_list *list)
{
	*list = (struct audit_list){ 0 };
	TRY(read_query(request, query));
	query->limit = LINES_SHOWN;
	return audit_list_load(&request->ctx, query, list);
}

enum err admin_audit_show(struct request *request)
{
	struct audit_page page = { .error = { "", "" } };
	struct audit_query query = { 0 };
	struct audit_list list;
	enum err result;

	TRY(fill_actions(request, &page));
	result = load_list(request, &query, &list);
	if (result == ERR_INVALID)
		page.error = field_error_take(request);
	else
		TRY(result);
	fill_filters(request, &page);
	fill_rows(request, &page, &list);
	fill_paths(request, &page, &query, &list);
	frame_init(request, &page.frame, _("Audit log"));
	page.frame.section = "admin";
	template_audit(&request->response->body, &page);
	return OK;
}

/* The file ---------------------------------------------------------------------------- */

static void add_line(struct request *request, struct buf *csv, const struct audit_line *line)
{
	const char *const texts[] = { line->actor_name,  line->action, line->subject,
				      line->person_name, line->reason, line->details,
				      line->request_id };
	const int64_t numbers[] = { line->actor_id, line->subject_id, line->person_id };

	buf_printf(csv, "%lld,%s", (long long)line->id,
		   clock_rfc3339(request->ctx.arena, line->at));
	for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
		buf_printf(csv, ",%lld", (long long)numbers[i]);
	for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
		buf_char(csv, ',');
		csv_text(csv, texts[i]);
	}
	buf_text(csv, "\r\n");
}

enum err admin_audit_csv(struct request *request)
{
	struct audit_query query;
	struct audit_list list;
	struct buf csv;

	TRY(read_query(request, &query));
	query.limit = CSV_LINES;
	TRY(audit_list_load(&request->ctx, &query, &list));
	buf_init(&csv, request->ctx.arena, CSV_MAX_BYTES);
	buf_text(&csv, "id,at,actor_id,subject_id,person_id,actor,action,subject,person,reason,"
		       "details,request\r\n");
	for (size_t i = 0; i < list.count && csv.length < CSV_MAX_BYTES - 512 * 1024; i++)
		add_line(request, &csv, &list.lines[i]);
	return respond_csv(request, "audit.csv", &csv);
}
