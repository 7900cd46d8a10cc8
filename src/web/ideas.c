/*
 * /ideas: what people would like, by votes or newest first, and what the brand makes of
 * it; and the form by which the team sets an idea's stage.
 */
#include "forum/idea.h"

#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/indexing.h"
#include "web/pages_ideas.h"
#include "web/respond.h"
#include "web/topic_show.h"

#define PAGE "/ideas"

static enum err read_query(struct request *request, struct idea_query *query)
{
	const char *stage = http_parameter(request->http, "stage");
	const char *sort = http_parameter(request->http, "sort");

	*query = (struct idea_query){ .stage = idea_stage_from_text(stage),
				      .is_by_date = strcmp(sort, "new") == 0 };
	if ((stage[0] && !query->stage) || (sort[0] && !query->is_by_date))
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	return list_key_read(request, &query->after);
}

static const char *list_path(struct request *request, enum idea_stage stage, bool is_by_date,
			     struct list_key after)
{
	struct buf path;
	char separator = '?';

	buf_init(&path, request->ctx.arena, 1024);
	buf_text(&path, PAGE);
	if (stage) {
		buf_printf(&path, "%cstage=%s", separator, idea_stage_text(stage));
		separator = '&';
	}
	if (is_by_date) {
		buf_printf(&path, "%csort=new", separator);
		separator = '&';
	}
	if (after.id)
		buf_printf(&path, "%cafter=%s", separator, list_key_text(request, after));
	return buf_to_arena(&path, request->ctx.arena);
}

static void fill_tabs(struct request *request, const struct idea_query *query,
		      const struct idea_list *list, struct ideas_page *page)
{
	const struct list_key top = { 0 };

	for (int i = 0; i < IDEA_STAGE_COUNT; i++) {
		enum idea_stage stage = (enum idea_stage)i;

		page->stages[i] = (struct idea_tab){
			.label = stage ? idea_stage_label(stage) : _("All ideas"),
			.path = list_path(request, stage, query->is_by_date, top),
			.count = list->counts[i],
			.is_current = stage == query->stage,
		};
	}
	for (int is_by_date = 0; is_by_date < 2; is_by_date++)
		page->sorts[is_by_date] = (struct idea_tab){
			.label = is_by_date ? pgettext("ideas", "Newest") : _("Most votes"),
			.path = list_path(request, query->stage, is_by_date, top),
			.is_current = is_by_date == query->is_by_date,
		};
}

static void fill_chart(struct request *request, const struct idea_list *list, struct chart *chart)
{
	*chart = (struct chart){ .kind = CHART_BARS,
				 .scale = CHART_COUNT,
				 .slug = "idea-stages",
				 .title = _("Ideas by stage"),
				 .series_count = 1,
				 .point_count = IDEA_STAGE_COUNT - 1 };
	chart->series[0].name = _("Ideas");
	for (int stage = IDEA_PROPOSED; stage < IDEA_STAGE_COUNT; stage++) {
		chart->series[0].values[stage - 1] = list->counts[stage];
		chart->point_names[stage - 1] = idea_stage_label((enum idea_stage)stage);
	}
	chart_draw(request->ctx.arena, chart);
}

/* To the first category for ideas; there they are told which others there are. */
static const char *ask_path(struct request *request, const struct categories *categories)
{
	for (size_t i = 0; i < categories->count; i++)
		if (categories->items[i].is_for_ideas)
			return arena_printf(request->ctx.arena, "/ask?category=%s",
					    categories->items[i].slug);
	return "";
}

enum err ideas_show(struct request *request)
{
	struct ideas_page page = { .first_path = "", .next_path = "" };
	struct idea_query query;
	struct idea_list list;

	TRY(read_query(request, &query));
	TRY(idea_list(&request->ctx, &query, &list));
	page.ideas = list.ideas;
	fill_tabs(request, &query, &list, &page);
	fill_chart(request, &list, &page.chart);
	page.ask_path = ask_path(request, &list.categories);
	if (query.after.id)
		page.first_path = list_path(request, query.stage, query.is_by_date,
					    (struct list_key){ 0 });
	if (list.ideas.has_more)
		page.next_path = list_path(request, query.stage, query.is_by_date, list.ideas.next);
	frame_init(request, &page.frame, _("Ideas"));
	page.frame.section = "ideas";
	page.frame.is_indexable = page_may_index(&(struct index_facts){
		.is_sorted = query.is_by_date,
		.is_filtered = query.stage != IDEA_NONE,
		.is_thin = list.ideas.count == 0,
	});
	page.frame.canonical = site_url(
		request, list_path(request, query.stage, query.is_by_date, query.after));
	page.frame.next_path = page.next_path;
	page.frame.feed_path = arena_printf(request->ctx.arena, "/ideas/feed?lang=%s",
					    request->ctx.language);
	page.frame.description = arena_printf(
		request->ctx.arena,
		_("What you would like to see, and what %s makes of it. Vote for what you want too."),
		page.frame.brand);
	template_ideas(&request->response->body, &page);
	return OK;
}

enum err idea_stage_post(struct request *request)
{
	const struct topic_act_form form = {
		.topic_id = request->id,
		.reason = http_form(request->http, "reason"),
		.form_key = request->form_key,
	};
	enum idea_stage stage = idea_stage_from_text(http_form(request->http, "stage"));
	enum err result = idea_set_stage(&request->ctx, &form, stage);

	if (result == ERR_INVALID)
		return topic_show_refused_stage(request, stage, form.reason);
	TRY(result);
	respond_notice(request, "stage");
	return respond_redirect(request, 303, back_path(request, PAGE));
}
