"""/admin/audit: searching by who, whom, what, on what and when, paging, the file."""

import csv
import io
import time

import pytest

PAGE = "/admin/audit"


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture(scope="module")
def acts(site):
    """Two of the team and a member; what they did, a day apart, long ago."""
    anna = site.person(role="moderator", name="Anna Auditrice")
    boris = site.person(role="moderator", name="Boris Bureau")
    member = site.person(name="Milo Membre")
    days = (("2019-03-01", anna, "spam_removed", "post", 4711, member, "Advertising"),
            ("2019-03-02", anna, "title_mended", "topic", 4712, None, ""),
            ("2019-03-03", boris, "spam_removed", "post", 4713, None, "=1+1"))
    for day, who, action, subject, number, whom, reason in days:
        site.sql("insert into audit_log (at, actor_id, action, subject, subject_id, person_id, reason, details)"
                 " values (%s::timestamptz + interval '12 hours', %s, %s, %s, %s, %s, %s, '{\"rule\": \"7\"}')",
                 day, who.id, action, subject, number, whom and whom.id, reason)
    return anna, boris, member


def found(visitor, **filters):
    """The numbers of the things acted upon, newest first."""
    page = visitor.get(PAGE, params={"from": "2019-01-01", "to": "2019-12-31", **filters}).page
    rows = page.all("tr")[1:]
    return [int(row.all("td")[2].text.split()[-1]) for row in rows]


@pytest.mark.parametrize("filters, numbers", [
    ({}, [4713, 4712, 4711]),
    ({"who": "Anna Auditrice"}, [4712, 4711]),
    ({"who": "@anna-auditrice"}, [4712, 4711]),
    ({"whom": "milo membre"}, [4711]),
    ({"action": "spam_removed"}, [4713, 4711]),
    ({"subject": "topic"}, [4712]),
    ({"subject": "post", "id": "4713"}, [4713]),
    ({"who": "Boris Bureau", "action": "title_mended"}, []),
    ({"from": "2019-03-02"}, [4713, 4712]),
    ({"to": "2019-03-02"}, [4712, 4711]),
    ({"from": "2019-03-02", "to": "2019-03-02", "who": "Anna Auditrice"}, [4712]),
])
def test_each_filter_finds_its_entries(administrator, acts, filters, numbers):
    assert found(administrator, **filters) == numbers


def test_an_entry_says_who_what_whom_when_and_why(administrator, acts):
    anna, _, member = acts
    text = administrator.get(PAGE, params={"subject": "post", "id": "4711"}).page.find("tbody").text
    for part in (anna.name, member.name, "spam_removed", "post 4711", "1 March 2019", "Advertising", "rule: 7"):
        assert part in text, text


def test_actions_are_in_words_in_both_languages(site, administrator):
    person = site.person(role="moderator")
    site.sql("insert into audit_log (actor_id, action, subject, subject_id) values (%s, 'post_withdraw', 'post', 1)",
             person.id)
    assert "Withdrew a post" in administrator.get(PAGE, params={"who": person.name}).page.find("tbody").text
    french = site.member(role="administrator", language="fr")
    assert "A retiré un message" in french.get(PAGE, params={"who": person.name}).page.find("tbody").text


@pytest.mark.parametrize("filters, field", [
    ({"who": "Nobody Of That Name"}, "who"), ({"whom": "'; drop table x"}, "whom"),
    ({"from": "yesterday"}, "from"), ({"to": "2019-13-45"}, "to"), ({"id": "-3"}, "id"),
])
def test_what_cannot_be_searched_is_said_at_its_field(administrator, filters, field):
    answer = administrator.get(PAGE, params=filters)
    assert answer.status == 422
    assert answer.page.find(id=f"{field}-error")
    # What is no date cannot stand in a field for dates.
    kept = "" if field in ("from", "to") else filters[field]
    assert answer.page.find(id=field)["value"] == kept


def test_pages_go_by_key_through_everything_once(site, administrator):
    person = site.person(role="advisor")
    site.sql("insert into audit_log (actor_id, action, subject, subject_id)"
             " select %s, 'paged_through', 'thing', n from generate_series(1, 120) n", person.id)
    seen, answer = [], administrator.get(PAGE, params={"who": person.name})
    for _ in range(5):
        seen += [int(row.all("td")[2].text.split()[-1]) for row in answer.page.all("tr")[1:]]
        following = [link for link in answer.page.links if "before=" in link]
        if not following:
            break
        answer = administrator.get(following[0])
    assert seen == list(range(120, 0, -1))


def test_the_file_has_the_same_entries_and_no_formula(administrator, acts):
    answer = administrator.get("/admin/audit.csv", params={"action": "spam_removed", "to": "2019-12-31"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="audit.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["subject_id"] for row in rows] == ["4713", "4711"]
    assert rows[0]["reason"] == "'=1+1"
    assert rows[1]["actor"] == "Anna Auditrice" and rows[1]["at"] == "2019-03-01T12:00:00Z"


@pytest.fixture
def a_hundred_thousand(site, administrator):
    """Taken out again: other modules compare the whole log before and after each form they
    forge. Only the owner of the table can, and only so."""
    site.sql("insert into audit_log (at, actor_id, action, subject, subject_id)"
             " select '2018-01-01'::timestamptz + n * interval '1 minute', %s, 'bulk_' || n %% 20, 'bulk', n"
             " from generate_series(1, 100000) n", administrator.person.id)
    site.sql("analyze audit_log")
    yield
    site.sql("alter table audit_log disable trigger audit_log_append_only;"
             " delete from audit_log where subject = 'bulk';"
             " alter table audit_log enable trigger audit_log_append_only")
    site.sql("vacuum full analyze audit_log")


@pytest.mark.usefixtures("a_hundred_thousand")
@pytest.mark.timed
def test_a_hundred_thousand_entries_answer_in_under_100_ms(administrator):
    for filters in ({}, {"who": administrator.person.name}, {"action": "bulk_7"}, {"subject": "bulk", "id": "99"},
                    {"from": "2018-01-02", "to": "2018-01-03"}):
        times = []
        for _ in range(7):
            began = time.monotonic()
            assert administrator.get(PAGE, params=filters).status == 200
            times.append(time.monotonic() - began)
        assert sorted(times)[3] < 0.1, (filters, times)
