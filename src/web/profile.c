/*
 * A person's public page: who they are, their questions, their answers.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "text/excerpt.h"
#include "text/markdown.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/indexing.h"
#include "web/respond.h"
#include "web/site_data.h"

static enum err load_lists(struct request *request, struct profile_page *page,
			   struct list_key after)
{
	const struct topic_query query = { .author_id = request->id,
					   .after = after,
					   .limit = TOPICS_PER_PAGE };
	struct ctx *ctx = &request->ctx;
	struct rows tab, badges;

	if (page->shows_answers)
		answer_list_add(ctx, request->id, after, &tab);
	else
		topic_list_add(ctx, &query, &tab);
	badge_add_rows_of(ctx, request->id, &badges);
	TRY(db_run(ctx));
	if (page->shows_answers)
		answer_list_read(ctx, &tab, &page->answers);
	else
		topic_list_read(ctx, &query, &tab, &page->questions);
	badges_read(ctx, &badges, &page->badges);
	return OK;
}

static const char *tab_path(struct request *request, const struct profile_page *page,
			    struct list_key key)
{
	const char *tab = page->shows_answers ? "?tab=answers" : "";

	if (!key.id)
		return arena_printf(request->ctx.arena, "%s%s", page->path, tab);
	return arena_printf(request->ctx.arena, "%s%s%safter=%s", page->path, tab,
			    page->shows_answers ? "&" : "?", list_key_text(request, key));
}

/* What they say of themselves, or what there is of them. */
static const char *describe(struct request *request, const struct profile_page *page)
{
	struct arena *arena = request->ctx.arena;

	if (page->person.bio_md[0])
		return markdown_excerpt(arena, page->person.bio_md, EXCERPT_OF_HEAD);
	return arena_printf(arena, _("What %1$s has asked and answered in the community of %2$s."),
			    page->person.author.name, page->frame.brand);
}

enum err profile_show(struct request *request)
{
	const struct subject subject = { .author_id = request->id };
	struct profile_page page = { .next_path = "" };
	struct list_key after;

	page.shows_answers = strcmp(http_parameter(request->http, "tab"), "answers") == 0;
	TRY(list_key_read(request, &after));
	TRY(person_load(&request->ctx, request->id, &page.person));
	page.path = arena_printf(request->ctx.arena, "/u/%lld-%s", (long long)request->id,
				 page.person.author.slug);
	if (strcmp(page.path, request->http->path) != 0)
		return respond_redirect(request, 301, tab_path(request, &page, after));
	TRY(load_lists(request, &page, after));
	if (page.shows_answers ? page.answers.has_more : page.questions.has_more)
		page.next_path = tab_path(request, &page,
					  page.shows_answers ? page.answers.next
							     : page.questions.next);
	page.is_own = request->actor.id == request->id;
	page.can_see_standing = policy_can(&request->actor, MAY_SEE_STANDING, &subject);
	page.can_remove_all = policy_can(&request->actor, MAY_MANAGE_PEOPLE, &subject) &&
			      !role_is_staff(page.person.author.role);
	page.can_moderate = policy_can(&request->actor, MAY_MODERATE,
				       &(struct subject){ .now = request->ctx.now });

	frame_init(request, &page.frame, page.person.author.name);
	page.frame.is_indexable = page_may_index(&(struct index_facts){
		.is_filtered = page.shows_answers || after.id != 0,
		.is_hidden = page.person.author.is_suspended,
		.is_thin = page.person.author.answer_count == 0,
	});
	page.frame.canonical = site_url(request, tab_path(request, &page, after));
	page.frame.next_path = page.next_path;
	page.frame.kind = "profile";
	page.frame.description = describe(request, &page);
	if (page.frame.is_indexable && !page.frame.is_signed_in)
		page.frame.data = profile_data(request, &page);
	page.frame.feed_path = arena_printf(
		request->ctx.arena, "/u/%lld/feed?%slang=%s", (long long)request->id,
		page.shows_answers ? "tab=answers&" : "", request->ctx.language);
	template_profile(&request->response->body, &page);
	return OK;
}
