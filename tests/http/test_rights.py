"""Every address of the team's houses refuses everyone below, by GET and POST. The list of
addresses is the table of routes itself: a new one fails here until its row says whom it is for.
"""

import pytest

from support.forum import path_of
from support.rights import ADVISOR_HELD, LEAST, ROLES, TEAMS, roles_below
from support.world import World, state

def test_the_table_says_for_whom_each_address_is():
    assert {pattern for _, pattern in TEAMS} == set(LEAST)


class Below(World):
    """A question that was reported, so that there is something behind every address; and
    everybody who might come to it, all in the state in which they are."""

    def __init__(self, site):
        super().__init__(site, "127.0.0.1")
        self.item = site.sql_value(
            "insert into moderation_items (kind, post_id, topic_id, person_id, reasons) select 'flag', id, topic_id,"
            " author_id, '[]' from posts where id = %s returning id", self.answer)
        self.visitor.submit(f"/mod/people/{self.asker.person.id}", f"/mod/people/{self.asker.person.id}/measures",
                            kind="note", measure_reason="A note for the tests of rights")
        self.measure = site.sql_value("select max(id) from measures")
        self.nobody = site.visitor(address="127.0.0.1")
        self.members = {role: site.member(role=role, address="127.0.0.1") for role in ROLES}
        for name, change in (("suspended", "state = 'suspended', suspended_until = now() + interval '1 day'"),
                             ("unconfirmed", "email_confirmed_at = null, state = 'unconfirmed'")):
            self.members[name] = site.member(role="administrator", address="127.0.0.1")
            site.sql(f"update people set {change} where id = %s", self.members[name].person.id)

    def path(self, pattern):
        if pattern.startswith("/mod/items/"):
            return pattern.replace(":id", str(self.item))
        if pattern.startswith("/mod/measures/"):
            return pattern.replace(":id", str(self.measure))
        if pattern.startswith("/mod/people/"):
            return pattern.replace(":id", str(self.asker.person.id))
        return super().path(pattern)

    def send(self, visitor, method, pattern):
        if method == "GET":
            return visitor.get(self.path(pattern), follow=False)
        # The token of a form that everybody has: the language, at the foot of each page.
        token = visitor.get("/").page.find("input", name="csrf")
        fields = self.fields(pattern) | {"csrf": token["value"] if token else ""}
        return visitor.post(self.path(pattern), fields, follow=False)


@pytest.fixture(scope="module")
def below(site):
    return Below(site)


@pytest.mark.parametrize("method, pattern", TEAMS)
def test_everyone_below_is_refused_and_nothing_changes(site, below, method, pattern):
    before = state(site)
    for name in (*roles_below(pattern), "suspended", "unconfirmed"):
        refused = below.send(below.members[name], method, pattern)
        assert refused.status == 403, f"{name}: {refused}"
    asked = below.send(below.nobody, method, pattern)
    if method == "GET":
        assert asked.status == 302 and path_of(asked).startswith("/login"), asked
    else:
        assert asked.status in (303, 401, 403), asked
        assert asked.status != 303 or path_of(asked).startswith("/login"), asked
    assert state(site) == before


@pytest.mark.parametrize("method, pattern", [row for row in TEAMS if LEAST[row[1]] == ADVISOR_HELD])
def test_an_advisor_gets_at_nothing_that_was_reported(site, below, method, pattern):
    # What other modules left that is held: an advisor may claim that.
    site.sql("update moderation_items set state = 'decided', decision = 'ignore', decided_at = now(), claimed_by = null,"
             " claimed_until = null where state = 'open' and kind in ('held', 'first_post', 'similar')")
    before = state(site)
    given = below.send(below.members["advisor"], method, pattern)
    if method == "GET" and pattern == "/mod":
        assert given.status == 200 and f"/mod/items/{below.item}" not in given.text
    elif pattern == "/mod/next":
        assert given.status in (303, 403) and f"/mod/items/{below.item}" not in given.headers.get("Location", "")
    else:
        assert given.status in (303, 403, 404), given
    assert state(site) == before
