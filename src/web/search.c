/*
 * Searching: the index where it is there, else an honest sentence. What the index
 * finds is checked against the database before it is shown, so a withdrawn topic
 * is gone at once.
 */
#include "search/search.h"

#include "base/log.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

static struct search_reader *site_search(struct site *site)
{
	/* The worker makes the index; until then each request looks again. */
	if (!site->search)
		(void)search_reader_open(site->config->search.index_dir, &site->search);
	return site->search;
}

static bool search_worked(struct request *request, enum search_result result)
{
	if (result == SEARCH_OK)
		return true;
	log_event(LOG_LEVEL_WARNING, "search", "id", request->http->request_id, "result",
		  search_result_name(result), NULL);
	if (request->site->search) {
		search_reader_close(request->site->search);
		request->site->search = NULL;
	}
	return false;
}

static enum err fill_results(struct request *request, struct search_page *page, size_t offset)
{
	struct search_reader *reader = site_search(request->site);
	struct search_hits *hits = arena_new_of(request->ctx.arena, struct search_hits);
	struct search_query query = { .words = page->words,
				      .language = request->ctx.language,
				      .offset = offset,
				      .limit = TOPICS_PER_PAGE };
	int64_t ids[SEARCH_HITS_MAX];

	if (!reader || !search_worked(request, search_run(reader, &query, hits)))
		return OK;
	page->is_available = true;
	page->estimate = (int64_t)hits->estimate;
	if (hits->count == TOPICS_PER_PAGE && offset + TOPICS_PER_PAGE <= SEARCH_OFFSET_MAX)
		page->next_path = arena_printf(request->ctx.arena, "/search?q=%s&from=%zu",
					       page->words_encoded, offset + TOPICS_PER_PAGE);
	for (size_t i = 0; i < hits->count; i++)
		ids[i] = hits->items[i].id;
	return topic_list_by_ids(&request->ctx, ids, hits->count, &page->topics);
}

enum err search_show(struct request *request)
{
	struct search_page page = { .words = http_parameter(request->http, "q"), .next_path = "" };
	struct buf encoded;
	int64_t offset;

	TRY(query_number(request, "from", 0, &offset));
	if (offset > SEARCH_OFFSET_MAX)
		return fail(&request->ctx, ERR_NOT_FOUND, NULL, NULL);
	page.is_too_long = strlen(page.words) > SEARCH_QUERY_MAX_BYTES;
	buf_init(&encoded, request->ctx.arena, 4 * HTTP_QUERY_MAX_BYTES);
	buf_url(&encoded, page.words);
	page.words_encoded = encoded.data;
	if (page.words[0] && !page.is_too_long)
		TRY(fill_results(request, &page, (size_t)offset));
	frame_init(request, &page.frame, page.words[0] ? page.words : _("Search"));
	page.frame.search_words = page.words;
	template_search(&request->response->body, &page);
	return OK;
}
