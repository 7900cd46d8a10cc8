"""The yearly transparency report: counted from what happened, published by an administrator,
and then the same for everybody whatever comes after."""

import csv
import io

import pytest

YEAR = 2019


@pytest.fixture
def past(site):
    """A small year, long ago, that no other test has anything in."""
    author, moderator = site.person(), site.person(role="moderator")
    site.sql("delete from transparency_reports where year = %s", YEAR)
    site.sql("insert into notices (code, category, explanation, language, created_at, decided_at, outcome)"
             " select md5('past' || n), case when n < 3 then 'fraud' else 'hate' end, 'An explanation', 'fr',"
             " '2019-03-01', case when n < 4 then timestamptz '2019-03-01' + n * interval '10 hours' end,"
             " case when n < 4 then 'removed' end from generate_series(1, 4) n")
    site.sql("insert into notice_complaints (notice_id, text, created_at, decided_at, decided_by, decision, answer)"
             " select id, 'Not so', '2019-04-01', '2019-04-03', %s, 'rejected', 'It is' from notices"
             " where code = md5('past1')", moderator.id)
    site.sql("insert into moderation_cases (act, person_id, rule, ground, facts, origin, is_decided_automatically,"
             " decided_by, statement, created_at, complaint_until)"
             " select 'hide', %s, 'spam', 'charter', '', 'flags', n = 1, %s, 'Because', '2019-05-01', '2019-11-01'"
             " from generate_series(1, 3) n", author.id, moderator.id)
    site.sql("insert into moderation_cases (act, person_id, rule, ground, facts, origin, decided_by, statement,"
             " created_at, complaint_until) values ('withdraw', %s, 'illegal', 'law', '', 'notice', %s, 'Because',"
             " '2019-05-01', '2019-11-01')", author.id, moderator.id)
    site.sql("insert into notifier_measures (notifier, kind, created_at) values ('mail:past', 'warning', '2019-06-01')")
    site.sql("insert into person_days (person_id, day) select p, '2019-12-31' from unnest(%s::bigint[]) p",
             [author.id, moderator.id])
    yield
    site.sql("delete from transparency_reports where year = %s", YEAR)
    site.sql("delete from notices where code in (select md5('past' || n) from generate_series(1, 4) n)")
    site.sql("delete from moderation_cases where created_at = '2019-05-01'")
    site.sql("delete from notifier_measures where notifier = 'mail:past'")
    site.sql("delete from person_days where day = '2019-12-31'")


def figures(answer):
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/csv")
    return {(row["section"], row["subject"], row["detail"]): row for row in csv.DictReader(io.StringIO(answer.text))}


def act(visitor, what):
    page = visitor.get(f"/admin/transparency?year={YEAR}")
    return visitor.post("/admin/transparency", page.page.form("/admin/transparency").fields | {
        "year": str(YEAR), "do": what})


@pytest.mark.usefixtures("past")
def test_the_figures_are_those_of_the_year(site):
    administrator = site.member(role="administrator")
    shown = administrator.get(f"/admin/transparency?year={YEAR}")
    assert shown.status == 200 and f"Transparency report {YEAR}" in shown.page.text
    assert "Not published" in shown.page.text
    found = figures(administrator.get(f"/admin/transparency.csv?year={YEAR}"))
    assert found["all_notices", "decided", ""]["count"] == "3"
    assert found["all_notices", "decided", ""]["median_hours"] == "20.00"
    assert found["all_notices", "open", ""]["count"] == "1" and not found["all_notices", "open", ""]["median_hours"]
    assert found["notices", "fraud", "removed"]["count"] == "2"
    assert found["notices", "hate", "removed"]["count"] == found["notices", "hate", "open"]["count"] == "1"
    assert found["own_initiative", "hide", "spam"]["count"] == "3"
    assert found["own_initiative", "hide", "spam"]["automated"] == "1"
    assert found["by_notice", "withdraw", "illegal"]["count"] == "1"
    assert found["complaints", "notifier", "rejected"]["median_hours"] == "48.00"
    assert found["suspensions", "notifier_warning", ""]["count"] == "1"
    assert found["recipients", "2019-12", ""]["count"] == "2"
    assert "on the average of the last six months" in shown.page.text


@pytest.mark.usefixtures("past")
def test_what_is_published_stays_as_it_was(site):
    administrator, reader = site.member(role="administrator"), site.visitor()
    for path in (f"/legal/transparency?year={YEAR}", f"/legal/transparency.csv?year={YEAR}"):
        assert reader.get(path).status == 404, "nothing is public before"
    assert "The report is published." in act(administrator, "publish").page.text
    shown = reader.get(f"/legal/transparency?year={YEAR}")
    assert shown.status == 200 and "Moderation on our own initiative" in shown.page.text
    before = figures(reader.get(f"/legal/transparency.csv?year={YEAR}"))
    site.sql("update notices set created_at = '2018-03-01', decided_at = null, outcome = null"
             " where code = md5('past1')")
    assert figures(reader.get(f"/legal/transparency.csv?year={YEAR}")) == before
    assert figures(administrator.get(f"/admin/transparency.csv?year={YEAR}")) != before
    act(administrator, "publish")
    assert figures(reader.get(f"/legal/transparency.csv?year={YEAR}"))["notices", "fraud", "removed"]["count"] == "1"
    act(administrator, "withdraw")
    assert reader.get(f"/legal/transparency?year={YEAR}").status == 404
    assert [row["action"] for row in site.sql(
        "select action from audit_log where subject = 'report' and actor_id = %s order by id",
        administrator.person.id)] == ["report_publish", "report_publish", "report_withdraw"]


@pytest.mark.parametrize("role", ("customer", "advisor", "moderator"))
def test_only_administrators_see_and_publish(site, role):
    visitor = site.member(role=role)
    for path in (f"/admin/transparency?year={YEAR}", f"/admin/transparency.csv?year={YEAR}"):
        assert visitor.get(path).status == 403
    token = visitor.get("/settings").page.form("/settings/profile").fields["csrf"]
    for what in ("publish", "withdraw", "nonsense"):
        assert visitor.post("/admin/transparency", {"csrf": token, "key": "k" * 40, "year": str(YEAR), "do": what},
                            follow=False).status == 403
    assert site.sql("select 1 from transparency_reports where year = %s", YEAR) == []


def test_a_year_that_is_none_is_not_found(site):
    administrator = site.member(role="administrator")
    for year in ("0", "-1", "1999", "2201", "99999999999999999999", "x", "%27"):
        assert administrator.get(f"/admin/transparency?year={year}").status == 404, year
        if year != "0":
            assert site.visitor().get(f"/legal/transparency?year={year}").status == 404, year


def test_the_page_is_there_in_both_languages(site):
    assert site.visitor("fr").get("/legal/transparency").page.find("h1").text.startswith("Rapport de transparence")
