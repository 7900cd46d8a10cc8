/*
 * Which pages /admin has. Whoever may not open one does not see it.
 */
#include "web/admin_house.h"

#include "i18n/i18n.h"

enum area {
	AREA_COMMUNITY,
	AREA_CONTENT,
	AREA_MODERATION,
	AREA_APPEARANCE,
	AREA_CONNECTIONS,
	AREA_SYSTEM,
	AREA_COUNT
};

static const struct {
	const char *slug, *name;
} areas[AREA_COUNT] = {
	[AREA_COMMUNITY] = { "community", N_("Community") },
	[AREA_CONTENT] = { "content", N_("Content") },
	[AREA_MODERATION] = { "moderation", N_("Moderation") },
	[AREA_APPEARANCE] = { "appearance", N_("Appearance and texts") },
	[AREA_CONNECTIONS] = { "connections", N_("Connections") },
	[AREA_SYSTEM] = { "system", N_("System") },
};

/* One line a page, in the order in which they are shown. */
/* clang-format off */
static const struct {
	enum area area;
	enum action action;
	const char *path, *icon, *name, *description;
} pages[] = {
	{ AREA_COMMUNITY, MAY_SEE_STATISTICS, "/admin/dashboard", "chart", N_("Dashboards"),
	  N_("What is asked and answered, how fast and by whom, who is here, what moderators have to do.") },
	{ AREA_COMMUNITY, MAY_NOMINATE, "/admin/experts", "idea", N_("Experts"),
	  N_("Who knows a field, and who might look after it.") },
	{ AREA_COMMUNITY, MAY_GIVE_ROLES, "/admin/members", "people", N_("Members and roles"),
	  N_("Find a member, see how their account is, give a role.") },
	{ AREA_COMMUNITY, MAY_EDIT_RANKS, "/admin/ranks", "medal", N_("Ranks"),
	  N_("What counts, and which rank it leads to.") },
	{ AREA_COMMUNITY, MAY_MANAGE_DESK, "/admin/desk", "steps", N_("The desk"),
	  N_("How soon questions are to be answered and solved, and the teams of advisors.") },
	{ AREA_CONTENT, MAY_CHANGE_SETTINGS, "/admin/categories", "folder", N_("Categories"),
	  N_("Where questions stand, in which order, and who may write there.") },
	{ AREA_CONTENT, MAY_WRITE_ARTICLE, "/kb/work", "draft", N_("Knowledge base"),
	  N_("Write articles, look at them, publish them, and see which are due or do not help.") },
	{ AREA_CONTENT, MAY_MANAGE_TAGS, "/admin/tags", "tag", N_("Tags"),
	  N_("Describe tags, rename them, merge two, say which words lead to them.") },
	{ AREA_CONTENT, MAY_EDIT_SYNONYMS, "/admin/synonyms", "copy", N_("Synonyms"),
	  N_("Words that stand for each other when people search.") },
	{ AREA_CONTENT, MAY_SEE_STATISTICS, "/admin/search", "search", N_("Searching and asking"),
	  N_("How many questions are answered before they are asked, and what people look for in vain.") },
	{ AREA_MODERATION, MAY_MANAGE_PEOPLE, "/admin/erasures", "lock", N_("Requests to be forgotten"),
	  N_("By people whose words were copied from elsewhere.") },
	{ AREA_MODERATION, MAY_EDIT_HOLDING, "/admin/holding", "lock", N_("Before publication"),
	  N_("The rules that hold, refuse or mark what members write, each with a dry run.") },
	{ AREA_MODERATION, MAY_CHANGE_SETTINGS, "/admin/sign-up", "people", N_("Signing up"),
	  N_("Whom sign-up turns away: programs, throw-away addresses, those who were removed.") },
	{ AREA_MODERATION, MAY_PUBLISH_REPORT, "/admin/transparency", "copy", N_("Transparency report"),
	  N_("The figures that the law asks for once a year: look at a year, publish it.") },
	{ AREA_APPEARANCE, MAY_CHANGE_SETTINGS, "/admin/brand", "official", N_("Brand"),
	  N_("Name, logo, colours, fonts, and what stands above and below every page.") },
	{ AREA_APPEARANCE, MAY_CHANGE_SETTINGS, "/admin/texts", "draft", N_("Texts and legal pages"),
	  N_("Charter, legal notice, privacy policy and pages of your own, version by version.") },
	{ AREA_APPEARANCE, MAY_EDIT_MAILS, "/admin/mails", "mail", N_("Mails"),
	  N_("What each mail of the forum says, in each language.") },
	{ AREA_MODERATION, MAY_JUDGE_RINGS, "/mod/rings", "thanks", N_("Rings"),
	  N_("People who seem to raise each other’s reputation.") },
	{ AREA_CONNECTIONS, MAY_MANAGE_MIRRORS, "/admin/mirror", "copy", N_("Mirrors"),
	  N_("Conversations of your pages elsewhere, kept in step with topics here.") },
	{ AREA_SYSTEM, MAY_CHANGE_SETTINGS, "/admin/settings", "settings", N_("Settings"),
	  N_("How the site behaves, with the history of every change.") },
	{ AREA_SYSTEM, MAY_RUN_SYSTEM, "/admin/crawlers", "globe", N_("Crawlers"),
	  N_("Which programs read the site, how much, and whether they are who they say.") },
	{ AREA_SYSTEM, MAY_RUN_SYSTEM, "/admin/jobs", "steps", N_("Jobs"),
	  N_("What waits for the worker, and what could not be done.") },
	{ AREA_SYSTEM, MAY_RUN_SYSTEM, "/admin/system", "device", N_("State of the system"),
	  N_("Versions, sizes, search index, queues, mail.") },
	{ AREA_SYSTEM, MAY_SEE_AUDIT, "/admin/audit", "history", N_("Audit log"),
	  N_("Every act of the team and every change: who, what, when, why.") },
};
/* clang-format on */

/* "/admin/mirror" is where one is on "/admin/mirror/3" as well. */
static bool is_under(const char *path, const char *page)
{
	size_t length = strlen(page);

	return strncmp(path, page, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static void area_fill(struct request *request, enum area area, struct admin_area *out)
{
	const struct subject nothing = { .now = request->ctx.now };

	*out = (struct admin_area){ .slug = areas[area].slug, .name = _(areas[area].name) };
	out->links = arena_array_of(request->ctx.arena, ARRAY_COUNT(pages), struct admin_link);
	for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
		if (pages[i].area != area ||
		    !policy_can(&request->actor, pages[i].action, &nothing))
			continue;
		out->links[out->count++] = (struct admin_link){
			.path = pages[i].path,
			.icon = pages[i].icon,
			.name = _(pages[i].name),
			.description = _(pages[i].description),
			.is_current = is_under(request->http->path, pages[i].path),
		};
	}
}

const struct admin_house *admin_house_of(struct request *request)
{
	struct admin_house *house;

	if (!is_under(request->http->path, "/admin") && !is_under(request->http->path, "/mod") &&
	    !is_under(request->http->path, "/kb/work"))
		return NULL;
	house = arena_new_of(request->ctx.arena, struct admin_house);
	house->areas = arena_array_of(request->ctx.arena, AREA_COUNT, struct admin_area);
	for (int area = 0; area < AREA_COUNT; area++) {
		area_fill(request, (enum area)area, &house->areas[house->count]);
		if (house->areas[house->count].count > 0)
			house->count++;
	}
	return house;
}
