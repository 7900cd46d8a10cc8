/*
 * The first page of the administration: what of it the actor may open. A new page
 * of /admin has a row here, and its right in policy.c.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/respond.h"

static const struct {
	enum action action;
	const char *path, *icon, *name, *description;
} pages[] = {
	{ MAY_SEE_STATISTICS, "/admin/search", "search", N_("Searching and asking"),
	  N_("How many questions are answered before they are asked, and what people look for in vain.") },
	{ MAY_MANAGE_MIRRORS, "/admin/mirror", "copy", N_("Mirrors"),
	  N_("Conversations of your pages elsewhere, kept in step with topics here.") },
	{ MAY_MANAGE_PEOPLE, "/admin/erasures", "lock", N_("Requests to be forgotten"),
	  N_("By people whose words were copied from elsewhere.") },
	{ MAY_JUDGE_RINGS, "/mod/rings", "thanks", N_("Rings"),
	  N_("People who seem to raise each other’s reputation.") },
	{ MAY_EDIT_SYNONYMS, "/admin/synonyms", "copy", N_("Synonyms"),
	  N_("Words that stand for each other when people search.") },
};

enum err admin_show(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct admin_page page = { 0 };

	TRY(policy_require(&request->ctx, MAY_SEE_ADMINISTRATION, &nothing));
	page.links = arena_array_of(request->ctx.arena, ARRAY_COUNT(pages), struct admin_link);
	for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
		if (!policy_can(&request->actor, pages[i].action, &nothing))
			continue;
		page.links[page.count++] = (struct admin_link){
			.path = pages[i].path,
			.icon = pages[i].icon,
			.name = _(pages[i].name),
			.description = _(pages[i].description),
		};
	}
	frame_init(request, &page.frame, _("Administration"));
	page.frame.section = "admin";
	template_admin(&request->response->body, &page);
	return OK;
}
