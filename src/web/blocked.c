/*
 * Both lists are the settings' text as it was typed: most sites have none, and a few
 * lines are looked through faster than the page is made.
 */
#include "web/blocked.h"

#include <strings.h>

#include "base/slice.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/address_list.h"
#include "web/routes.h"

/* Shorter ones stand in everybody's. */
#define SIGNATURE_LEAST 4

static bool contains(const char *text, struct slice word)
{
	for (; *text; text++)
		if (strncasecmp(text, word.data, word.length) == 0)
			return true;
	return false;
}

static bool is_by_name(const char *agent)
{
	struct slice rest = slice_of(site_text(SITE_BLOCKED_AGENTS));

	while (rest.data) {
		struct slice line = slice_cut(&rest, '\n'),
			     word = slice_trim(slice_cut(&line, '#'));

		if (word.length >= SIGNATURE_LEAST && contains(agent, word))
			return true;
	}
	return false;
}

/* What a blocked program may still read, and whoever was blocked by mistake. */
static bool is_open_to_all(const struct request *request)
{
	static const char *const open[] = { "/robots.txt", "/legal", "/privacy", "/login",
					    "/brand" };
	const char *path = request->http->path;

	if (request->actor.id || request->route->access == ACCESS_OPERATOR ||
	    request->http->method != HTTP_GET)
		return true;
	for (size_t i = 0; i < ARRAY_COUNT(open); i++)
		if (strncmp(path, open[i], strlen(open[i])) == 0)
			return true;
	return false;
}

enum err blocked_check(struct request *request)
{
	if (is_open_to_all(request))
		return OK;
	if (!is_by_name(request->http->user_agent) &&
	    !network_list_has(site_text(SITE_BLOCKED_NETWORKS), request->http->client_address))
		return OK;
	return fail(&request->ctx, ERR_FORBIDDEN, NULL,
		    _("Programs that read the whole site are not let in from here. If you are a "
		      "person, sign in, or write to us: the legal notice says where."));
}
