/*
 * The first page of the administration; admin_house.c knows what is in it.
 */
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/respond.h"

enum err admin_show(struct request *request)
{
	const struct subject nothing = { .now = request->ctx.now };
	struct admin_page page = { 0 };

	TRY(policy_require(&request->ctx, MAY_SEE_ADMINISTRATION, &nothing));
	frame_init(request, &page.frame, _("Administration"));
	page.frame.section = "admin";
	template_admin(&request->response->body, &page);
	return OK;
}
