/*
 * Who acts: the two actors that are nobody's account, and the roles' names.
 */
#include "forum/actor.h"

const struct actor actor_system = {
	.role = ROLE_ADMINISTRATOR,
	.name = "",
	.handle = "",
	.language = "",
	.authenticated_by = "",
	.is_confirmed = true,
	.trust_level = TRUST_LEVEL_MAX,
	.is_trusted = true,
	.is_automatic = true,
	.csrf_token = "",
};

const struct actor actor_visitor = {
	.role = ROLE_VISITOR,
	.name = "",
	.handle = "",
	.language = "",
	.authenticated_by = "",
	.csrf_token = "",
};

static const char *const role_texts[ROLE_COUNT] = {
	[ROLE_VISITOR] = "visitor",
	[ROLE_CUSTOMER] = "customer",
	[ROLE_ADVISOR] = "advisor",
	[ROLE_MODERATOR] = "moderator",
	[ROLE_ADMINISTRATOR] = "administrator",
};

const char *role_text(enum role role)
{
	return role_texts[role];
}

bool role_from_text(const char *text, enum role *out)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		if (!strcmp(role_texts[role], text)) {
			*out = (enum role)role;
			return true;
		}
	}
	return false;
}

bool role_is_staff(enum role role)
{
	return role >= ROLE_ADVISOR;
}
