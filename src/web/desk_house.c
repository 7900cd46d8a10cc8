/*
 * Which pages /desk has. Whoever may not open one does not see it.
 */
#include "web/desk_house.h"

#include "forum/desk.h"
#include "i18n/i18n.h"

/* One line a page, in the order in which they are shown. */
static const struct {
	bool is_for_experts; /* as well as for the team */
	const char *path, *icon, *name;
} pages[] = {
	{ true, "/desk", "list", N_("Queue") },
	{ false, "/desk/private", "lock", N_("Private exchanges") },
	{ false, "/desk/incidents", "warning", N_("Incidents") },
	{ true, "/desk/templates", "draft", N_("Reply templates") },
	{ false, "/desk/panels", "community", N_("Panels") },
	{ false, "/desk/listening", "chart", N_("Listening") },
	{ false, "/desk/reports", "chart", N_("Reports of the desk") },
};

/* "/desk/incidents" is where one is on "/desk/incidents/3" as well; "/desk" only there. */
static bool is_current(const char *path, const char *page)
{
	size_t length = strlen(page);

	if (strcmp(page, "/desk") == 0)
		return strcmp(path, page) == 0;
	return strncmp(path, page, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

const struct desk_house *desk_house_of(struct request *request)
{
	const struct subject anywhere = { .now = request->ctx.now };
	bool is_of_team = policy_can(&request->actor, MAY_WORK_DESK, &anywhere);
	struct desk_house *house = arena_new_of(request->ctx.arena, struct desk_house);

	house->links = arena_array_of(request->ctx.arena, ARRAY_COUNT(pages), struct admin_link);
	for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
		if (!is_of_team && !pages[i].is_for_experts)
			continue;
		house->links[house->count++] = (struct admin_link){
			.path = pages[i].path,
			.icon = pages[i].icon,
			.name = _(pages[i].name),
			.description = "",
			.is_current = is_current(request->http->path, pages[i].path),
		};
	}
	return house;
}
