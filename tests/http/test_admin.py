"""The house of /admin: who may open which page, and what its navigation shows."""

import pytest

from support.world import routes

ROLES = ("customer", "advisor", "moderator", "administrator")

# The least role for each address; what is not named is for administrators.
LEAST = {"/admin": "advisor", "/admin/search": "advisor", "/admin/search.csv": "advisor",
         "/admin/search-words.csv": "advisor", "/admin/erasures": "moderator",
         "/admin/experts": "advisor"}
ADMIN = [(method, pattern) for method, pattern, _, _ in routes() if pattern == "/admin" or pattern.startswith("/admin/")]


def below(role):
    return ROLES[:ROLES.index(role)]


@pytest.fixture(scope="module")
def members(site):
    return {role: site.member(role=role) for role in ROLES}


@pytest.mark.parametrize("method, pattern", ADMIN)
def test_everyone_below_is_refused(members, method, pattern):
    path = pattern.replace(":id", "1").replace(":slug", "writing")
    for role in below(LEAST.get(pattern, "administrator")):
        visitor = members[role]
        if method == "GET":
            answer = visitor.get(path, follow=False)
        else:
            token = visitor.get("/settings").page.form("/settings/profile").fields["csrf"]
            answer = visitor.post(path, {"csrf": token, "key": "k" * 40}, follow=False)
        assert answer.status == 403, f"{role}: {answer}"


# Those of one thing are looked at by the tests of that thing.
@pytest.mark.parametrize("pattern", [row[1] for row in ADMIN if row[0] == "GET" and ":id" not in row[1]])
def test_whoever_may_gets_an_answer(members, pattern):
    path = pattern.replace(":slug", "writing")
    for role in ROLES[ROLES.index(LEAST.get(pattern, "administrator")):]:
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
