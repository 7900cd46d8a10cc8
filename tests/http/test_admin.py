"""The house of /admin: whoever may gets a page, and what its navigation shows. Who is
refused is in test_rights.py."""

import pytest

from support.rights import LEAST, ROLES, TEAMS

ADMIN = [row for row in TEAMS if row[1] == "/admin" or row[1].startswith("/admin/")]


@pytest.fixture(scope="module")
def members(site):
    return {role: site.member(role=role) for role in ROLES}


SLUGS = {"/admin/texts/:slug": "charter", "/admin/mails/:slug": "reset-fr", "/admin/settings/:slug": "writing"}


# Those of one thing are looked at by the tests of that thing.
@pytest.mark.parametrize("pattern", [row[1] for row in ADMIN if row[0] == "GET" and ":id" not in row[1]])
def test_whoever_may_gets_an_answer(members, pattern):
    path = pattern.replace(":slug", SLUGS.get(pattern, ""))
    path += "?table=views" if pattern.endswith("/dashboard.csv") else ""
    for role in ROLES[ROLES.index(LEAST[pattern]):]:
        assert members[role].get(path).status == 200, role


@pytest.mark.parametrize("role", ROLES[1:])
def test_the_first_page_shows_what_one_may_open_and_nothing_else(members, role):
    page = members[role].get("/admin").page
    shown = {link for link in page.links if link.startswith("/admin/")}
    assert shown, role
    for link in shown:
        assert members[role].get(link).status == 200, (role, link)
    everything = {link for link in members["administrator"].get("/admin").page.links if link.startswith("/admin/")}
    for link in everything - shown:
        assert members[role].get(link).status == 403, (role, link)


def test_the_navigation_marks_where_one_is(members):
    page = members["administrator"].get("/admin/settings/writing").page
    marked = [link for link in page.all("a", class_="house-link") if link.has("aria-current")]
    assert [link["href"] for link in marked] == ["/admin/settings"]
    assert not members["administrator"].get("/tags").page.find("nav", class_="house-nav")
