/*
 * The page of results: names to numbers, the index, and what it found held against
 * the database. Without the index, titles by PostgreSQL, and a sentence that says so.
 */
#include "search/search.h"

#include "base/log.h"
#include "forum/index_state.h"
#include "forum/statistics.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/gate.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/marked.h"
#include "web/respond.h"
#include "web/search_facets.h"

struct search_reader *site_search(struct site *site)
{
	/* The worker makes the index; until then each request looks again. */
	if (!site->search)
		(void)search_reader_open(site->config->search.index_dir, &site->search);
	return site->search;
}

bool search_worked(struct request *request, enum search_result result)
{
	if (result == SEARCH_OK)
		return true;
	log_event(LOG_LEVEL_WARNING, "search", "id", request->http->request_id, "result",
		  search_result_name(result), NULL);
	/* The worker sees only what it writes itself. */
	if (result == SEARCH_CORRUPT && index_report_broken(&request->ctx) != OK)
		error_clear(&request->ctx);
	if (request->site->search) {
		search_reader_close(request->site->search);
		request->site->search = NULL;
	}
	return false;
}

/* What is shown ---------------------------------------------------------------------- */

/* The very answer, where that is what matches; its page is found by /p/ID. */
static const char *result_path(struct arena *arena, const struct search_result_row *found)
{
	if (found->post_id && !found->is_post_question)
		return arena_printf(arena, "/p/%lld", (long long)found->post_id);
	return arena_printf(arena, "/t/%lld-%s", (long long)found->topic.id, found->topic.slug);
}

static void fill_solution(struct arena *arena, const struct search_result_row *found,
			  struct search_row *row)
{
	bool is_best = found->post_id == found->solution_id && found->snippet[0];

	row->solution = marked_read(arena, is_best ? found->snippet : found->solution_excerpt);
}

static void fill_article(struct arena *arena, const struct search_result_row *found,
			 struct search_row *row)
{
	const struct article *article = &found->article;

	*row = (struct search_row){
		.article = article,
		.path = article_path(arena, article->id, article->title),
		.title = marked_read(arena, found->title),
		.snippet = marked_read(arena,
				       found->snippet[0] ? found->snippet : article->summary),
	};
}

static void fill_row(struct arena *arena, const struct search_result_row *found,
		     struct search_row *row)
{
	bool is_answer = found->post_id && !found->is_post_question;

	*row = (struct search_row){
		.topic = &found->topic,
		.path = result_path(arena, found),
		.title = marked_read(arena, found->title),
		.is_answer = is_answer,
		.is_official = is_answer && found->is_post_official,
	};
	if (found->solution_id)
		fill_solution(arena, found, row);
	if (found->post_id != found->solution_id || !found->solution_id)
		row->snippet = marked_read(arena, found->snippet);
	if (row->solution.count == 0 && row->snippet.count == 0)
		row->snippet = marked_read(arena, found->topic.excerpt);
}

static void fill_rows(struct request *request, const struct search_result_list *found,
		      struct search_page *page)
{
	struct arena *arena = request->ctx.arena;

	page->rows = arena_array_of(arena, found->count, struct search_row);
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].kind == SEARCH_ARTICLE)
			fill_article(arena, &found->items[i], &page->rows[i]);
		else
			fill_row(arena, &found->items[i], &page->rows[i]);
	page->row_count = found->count;
}

static void fill_pager(struct request *request, const struct search_asked *asked, size_t shown,
		       struct search_page *page)
{
	struct search_asked other = *asked;

	other.page = asked->page - 1;
	if (asked->page > 1)
		page->previous_path = search_asked_path(request->ctx.arena, &other);
	other.page = asked->page + 1;
	if (shown == SEARCH_ROWS_PER_PAGE && other.page <= SEARCH_PAGES_MAX)
		page->next_path = search_asked_path(request->ctx.arena, &other);
	page->is_at_the_end = shown == SEARCH_ROWS_PER_PAGE && other.page > SEARCH_PAGES_MAX;
}

static void fill_correction(struct request *request, const struct search_asked *asked,
			    const struct search_hits *hits, struct search_page *page)
{
	struct search_asked other = *asked;

	if (!hits->correction[0])
		return;
	page->correction = hits->correction;
	page->is_corrected = hits->is_corrected;
	other.page = 1;
	(void)snprintf(other.typed.words, sizeof(other.typed.words), "%s", hits->correction);
	page->correction_path = search_asked_path(request->ctx.arena, &other);
}

/* Nothing but words that stand in every question. */
static bool has_no_keywords(const struct request *request, const char *words)
{
	struct search_keywords keywords;

	search_keywords_of(words, request->ctx.language, &keywords);
	return keywords.count == 0;
}

/* Searching -------------------------------------------------------------------------- */

static enum err show_titles(struct request *request, const struct search_asked *asked,
			    struct search_page *page)
{
	struct search_result_list found;

	page->is_by_title = true;
	TRY(search_results_by_title(&request->ctx, asked->typed.words, &found));
	fill_rows(request, &found, page);
	return OK;
}

static enum err show_hits(struct request *request, const struct search_asked *asked,
			  const struct search_scope *scope, const struct search_hits *hits,
			  struct search_page *page)
{
	struct search_result_list found;

	TRY(search_results_load(&request->ctx, hits, &found));
	fill_rows(request, &found, page);
	fill_pager(request, asked, hits->count, page);
	fill_correction(request, asked, hits, page);
	search_fill_facets(request, asked, scope, &hits->facets, page);
	page->estimate = (int64_t)hits->estimate;
	page->is_exact = hits->is_exact;
	page->has_no_keywords = has_no_keywords(request, asked->typed.words);
	/* Whatever a first page found is counted here, and only here. */
	if (asked->page == 1)
		record_search(&request->ctx, asked->typed.words,
			      hits->count > 0 && !hits->is_corrected);
	return OK;
}

static enum err search(struct request *request, const struct search_asked *asked,
		       const struct search_scope *scope, struct search_page *page)
{
	struct search_reader *reader = site_search(request->site);
	struct search_hits *hits = arena_new_of(request->ctx.arena, struct search_hits);
	const struct search_query query = {
		.words = asked->typed.words,
		.language = request->ctx.language,
		.synonyms = request->site->synonyms.parsed,
		.filter = scope->filter,
		.sort = asked->sort,
		.offset = (size_t)(asked->page - 1) * SEARCH_ROWS_PER_PAGE,
		.limit = SEARCH_ROWS_PER_PAGE,
		.wants_snippets = true,
		.wants_facets = true,
	};

	if (!reader || !search_worked(request, search_run(reader, &query, hits)))
		return show_titles(request, asked, page);
	return show_hits(request, asked, scope, hits, page);
}

static enum err fill_results(struct request *request, const struct search_asked *asked,
			     struct search_page *page)
{
	const struct search_scope_question question = {
		.typed = &asked->typed,
		.source = asked->source,
		.address = page->is_asked && !gate_is_operator(request)
				   ? request->http->client_address
				   : NULL,
	};
	struct search_scope scope;

	TRY(search_scope_load(&request->ctx, &question, &request->site->synonyms, &scope));
	scope.filter.has_kind = asked->has_kind;
	scope.filter.kind = asked->kind;
	search_fill_controls(request, asked, &scope, page);
	page->categories = scope.categories;
	page->problem = scope.problem;
	if (!page->is_asked || scope.problem != SCOPE_FINE)
		return OK;
	return search(request, asked, &scope, page);
}

static const char *path_with(struct request *request, const char *before, const char *text)
{
	struct buf path;

	buf_init(&path, request->ctx.arena, 4 * HTTP_QUERY_MAX_BYTES);
	buf_text(&path, before);
	buf_url(&path, text);
	return path.data;
}

enum err search_show(struct request *request)
{
	const char *typed = http_parameter(request->http, "q");
	struct search_page page = { .previous_path = "", .next_path = "", .correction = "" };
	struct search_asked asked;

	TRY(search_asked_read(request, &asked));
	page.words = asked.typed.words;
	page.typed = &asked.typed;
	page.is_long = strlen(typed) > SEARCH_QUERY_MAX_BYTES;
	page.hidden = search_asked_pairs(request->ctx.arena, &asked);
	page.is_asked = page.words[0] || search_asked_has_filter(&asked);
	page.ask_path = path_with(request, "/ask?title=", page.words);
	page.login_path = path_with(request, "/login?next=", present_path(request));
	page.first_position = (asked.page - 1) * SEARCH_ROWS_PER_PAGE + 1;
	TRY(fill_results(request, &asked, &page));
	frame_init(request, &page.frame, page.words[0] ? page.words : _("Search"));
	page.frame.section = "search";
	page.frame.search_words = page.words;
	template_search(&request->response->body, &page);
	return OK;
}

/* A result was followed: told by the page's script, for the figures of the team. */
enum err search_opened_post(struct request *request)
{
	int64_t position;

	TRY(form_id(request, "position", &position));
	if (position < 1 || position > SEARCH_OFFSET_MAX)
		return fail(&request->ctx, ERR_BAD_REQUEST, NULL, NULL);
	record_search_opened(&request->ctx, position);
	return respond_text(request, 204, "text/plain; charset=utf-8", "");
}
