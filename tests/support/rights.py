"""Whom each address of the team's houses is for. Which addresses there are, the table of
routes says; test_rights.py compares the two.
"""

from support.world import routes

ROLES = ("customer", "advisor", "moderator", "administrator")
HOUSES = ("/mod", "/admin", "/desk")

# The least role that an address is for. ADVISOR_HELD: advisors see there what was held
# before publication and nothing else (test_moderation.py).
ADVISOR, MODERATOR, ADMINISTRATOR, ADVISOR_HELD = "advisor", "moderator", "administrator", "held"
LEAST = {
    "/desk": ADVISOR,
    "/desk/:id": ADVISOR,
    "/desk/:id/claim": ADVISOR,
    "/desk/private": ADVISOR,
    "/desk/reports": ADVISOR,
    "/desk/reports.csv": ADVISOR,
    "/desk/counts": ADVISOR,
    "/desk/filters": ADVISOR,
    "/desk/listening": ADVISOR,
    "/desk/listening.csv": ADVISOR,
    "/desk/listening/label": ADVISOR,
    "/desk/listening/themes": ADVISOR,
    "/desk/listening/themes/:id": MODERATOR,
    "/desk/listening/themes/new": MODERATOR,
    "/desk/templates": ADVISOR,
    "/desk/templates/:id": ADVISOR,
    "/desk/templates/new": ADVISOR,
    "/desk/alerts/:id": ADVISOR,
    "/desk/incidents": ADVISOR,
    "/desk/incidents/:id": ADVISOR,
    "/desk/incidents/:id/:slug": ADVISOR,
    "/desk/incidents/new": ADVISOR,
    "/desk/panels": ADVISOR,
    "/desk/panels/:id": ADVISOR,
    "/desk/panels/:id/edit": MODERATOR,
    "/desk/panels/:id/people": MODERATOR,
    "/desk/panels/new": MODERATOR,
    "/desk/panels/:id/questions": MODERATOR,
    "/desk/panels/questions/:id": ADVISOR,
    "/desk/panels/questions/:id/edit": MODERATOR,
    "/desk/panels/questions/:id/answers.csv": ADVISOR,
    "/mod": ADVISOR_HELD,
    "/mod/next": ADVISOR_HELD,
    "/mod/batch": ADVISOR_HELD,
    "/mod/items/:id": ADVISOR_HELD,
    "/mod/items/:id/claim": ADVISOR_HELD,
    "/mod/items/:id/decide": ADVISOR_HELD,
    "/mod/items/:id/undo": ADVISOR_HELD,
    "/mod/people/:id": MODERATOR,
    "/mod/people/:id/measures": MODERATOR,
    "/mod/measures/:id/end": MODERATOR,
    "/mod/removal/:id": MODERATOR,
    "/mod/notices": MODERATOR,
    "/mod/rings": MODERATOR,
    "/mod/rings/:id": MODERATOR,
    "/admin": ADVISOR,
    "/admin/audit": ADMINISTRATOR,
    "/admin/audit.csv": ADMINISTRATOR,
    "/admin/brand": ADMINISTRATOR,
    "/admin/brand/logo": ADMINISTRATOR,
    "/admin/brand/preview.css": ADMINISTRATOR,
    "/admin/dashboard": ADVISOR,
    "/admin/dashboard.csv": ADVISOR,
    "/admin/categories": ADMINISTRATOR,
    "/admin/categories/:id": ADMINISTRATOR,
    "/admin/categories/new": ADMINISTRATOR,
    "/admin/erasures": MODERATOR,
    "/admin/experts": ADVISOR,
    "/admin/holding": ADMINISTRATOR,
    "/admin/holding/:id": ADMINISTRATOR,
    "/admin/holding/new": ADMINISTRATOR,
    "/admin/jobs": ADMINISTRATOR,
    "/admin/mails": ADMINISTRATOR,
    "/admin/mails/:slug": ADMINISTRATOR,
    "/admin/members": ADMINISTRATOR,
    "/admin/members/:id": ADMINISTRATOR,
    "/admin/mirror": ADMINISTRATOR,
    "/admin/mirror/:id": ADMINISTRATOR,
    "/admin/mirror/deliveries": ADMINISTRATOR,
    "/admin/mirror/new": ADMINISTRATOR,
    "/admin/privacy": ADMINISTRATOR,
    "/admin/ranks": ADMINISTRATOR,
    "/admin/search": ADVISOR,
    "/admin/search-words.csv": ADVISOR,
    "/admin/search.csv": ADVISOR,
    "/admin/settings": ADMINISTRATOR,
    "/admin/settings/:slug": ADMINISTRATOR,
    "/admin/sign-up": ADMINISTRATOR,
    "/admin/sign-up/kept": ADMINISTRATOR,
    "/admin/synonyms": ADMINISTRATOR,
    "/admin/system": ADMINISTRATOR,
    "/admin/desk": MODERATOR,
    "/admin/tags": ADMINISTRATOR,
    "/admin/tags/:id": ADMINISTRATOR,
    "/admin/tags/forbidden": ADMINISTRATOR,
    "/admin/texts": ADMINISTRATOR,
    "/admin/texts/:slug": ADMINISTRATOR,
    "/admin/texts/:slug/:id": ADMINISTRATOR,
    "/admin/transparency": ADMINISTRATOR,
    "/admin/transparency.csv": ADMINISTRATOR,
    "/admin/undo": ADMINISTRATOR,
}

TEAMS = sorted({(method, pattern) for method, pattern, _, _ in routes()
                if any(pattern == house or pattern.startswith(house + "/") for house in HOUSES)})


def roles_below(pattern):
    least = LEAST[pattern]
    return ROLES[:ROLES.index(ADVISOR if least == ADVISOR_HELD else least)]
