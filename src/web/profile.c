/*
 * A person's public page: who they are, their questions, their answers.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/respond.h"

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
	page.frame.is_indexable = page.person.author.answer_count > 0 && !page.shows_answers;
	page.frame.canonical = site_url(request, tab_path(request, &page, after));
	page.frame.next_path = page.next_path;
	template_profile(&request->response->body, &page);
	return OK;
}
