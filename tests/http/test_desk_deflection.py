"""What articles answered before it was asked: the report of the desk, worked out a second
time, from the rows of the ask pages and by the definition that the report shows."""

import csv
import datetime
import io

import pytest

from support.articles import put_article
from support.forum import category, eventually, rest

FIGURES = ("offered", "opened", "answered", "asked")


@pytest.fixture(scope="module")
def shelf(site):
    numbers = [put_article(site, title, language="fr") for title in
               ("Accorder une cornemuse électrique", "Accorder une cornemuse électrique sous la pluie")]
    site.sql("notify search")
    eventually(lambda: not site.sql("select 1 from search_article_marks"), "articles in the index")
    return numbers


def begins(site, visitor):
    """A question that the articles may answer; the ask page's form."""
    rest(site)
    page = visitor.get("/ask").page
    form = page.form("/ask/solved").fields
    found = visitor.post("/ask/similar", {**form, "language": "fr", "body": "", "title": "Accorder ma cornemuse électrique"})
    return form, [int(item["data-article"]) for item in found.page.all("li", class_="similar-article")]


def asks_anyway(site, visitor, form):
    asked = visitor.submit("/ask", "/ask", follow=False, view=form["view"], considered="1", category=category(site),
                           title="Accorder ma cornemuse électrique", body="Elle joue faux depuis dimanche.", tags="", language="fr")
    assert asked.status == 303


def raw_pages(site):
    """What each ask page that offered articles led to: its day, its articles, whether it was asked anyway."""
    pages = {row["id"]: {"day": row["day"], "asked": row["asked_topic_id"] is not None, "articles": {}}
             for row in site.sql("select id, day, asked_topic_id from deflection_views")}
    for row in site.sql("select view_id, article_id, is_opened, is_solved from deflection_articles"):
        pages[row["view_id"]]["articles"][row["article_id"]] = (row["is_opened"], row["is_solved"])
    return [page for page in pages.values() if page["articles"]]


def by_article(pages):
    found = {}
    for page in pages:
        for article, (is_opened, is_solved) in page["articles"].items():
            before = found.get(article, (0, 0, 0, 0))
            found[article] = tuple(a + b for a, b in zip(before, (1, is_opened, is_solved, page["asked"])))
    return found


def in_all(pages):
    marks = [page["articles"].values() for page in pages]
    return (len(pages), sum(any(opened for opened, _ in page) for page in marks),
            sum(any(solved for _, solved in page) for page in marks), sum(page["asked"] for page in pages))


def recount(site):
    site.sql("insert into jobs (kind) values ('counts')")
    site.sql("notify jobs")


def shown(advisor, days):
    """Lines of the file: name → figures."""
    text = advisor.get(f"/desk/reports.csv?days={days}&table=articles").text
    return {row["line"]: tuple(int(row[name]) for name in FIGURES) for row in csv.DictReader(io.StringIO(text))}


def test_every_figure_is_what_the_ask_pages_say(site, advisor, shelf):
    solved, opened, asked, gone = (site.member(age_days=3, language="fr") for _ in range(4))
    form, offered = begins(site, solved)
    assert set(shelf) <= set(offered)
    assert solved.post("/ask/opened", {**form, "article": str(shelf[1])}).status == 204
    assert solved.post("/ask/solved", {**form, "article": str(shelf[0])}, follow=False).status == 303
    form, _ = begins(site, opened)
    assert opened.post("/ask/opened", {**form, "article": str(shelf[0])}).status == 204
    form, _ = begins(site, asked)
    asks_anyway(site, asked, form)
    begins(site, gone)

    pages = raw_pages(site)
    wanted = by_article(pages)
    assert wanted[shelf[0]] == (4, 1, 1, 1) and wanted[shelf[1]] == (4, 1, 0, 1)
    eventually(lambda: recount(site) or site.sql_value(
        "select coalesce(sum(asked), 0) from article_deflections where article_id = %s", shelf[0]) == 1, "the sums")
    site.run("activity")
    titles = {row["id"]: row["title"] for row in site.sql("select id, title from articles")}
    for days in (7, 30, 90):
        lines = shown(advisor, days)
        assert lines.pop("All articles") == in_all(pages), days
        assert lines == {titles[article]: figures for article, figures in wanted.items()}, days


def test_a_span_has_its_days_and_no_others(site, advisor, shelf):
    """Sums of earlier days, whose ask pages are long gone."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    old = put_article(site, "Vernir un didgeridoo")
    title = site.sql_value("select title from articles where id = %s", old)
    sums = {ago: (ago + 5, ago + 3, ago + 2, ago + 1) for ago in (6, 7, 29, 30, 89, 90)}
    before = {days: (site.run("activity"), shown(advisor, days))[1].get("All articles", (0, 0, 0, 0)) for days in (7, 30, 90)}
    try:
        for ago, figures in sums.items():
            day = today - datetime.timedelta(days=ago)
            site.sql("insert into article_deflections (day, article_id, shown, opened, solved, asked)"
                     " values (%s, %s, %s, %s, %s, %s)", day, old, *figures)
            site.sql("insert into article_deflection_days (day, shown, opened, solved, asked) values (%s, %s, %s, %s, %s)",
                     day, *figures)
        site.run("activity")
        for days in (7, 30, 90):
            wanted = tuple(sum(column) for column in zip(*(figures for ago, figures in sums.items() if ago < days)))
            lines = shown(advisor, days)
            assert lines[title] == wanted, days
            assert lines["All articles"] == tuple(a + b for a, b in zip(before[days], wanted)), days
    finally:
        site.sql("delete from article_deflections where article_id = %s", old)
        site.sql("delete from article_deflection_days where day < %s", today)


def test_the_page_has_bars_a_table_and_a_definition(site, advisor, shelf):
    site.run("activity")
    page = advisor.get("/desk/reports?days=7").page
    section = page.find("section", aria_labelledby="articles-heading")
    assert "Asked anyway: the question was published from that page" in section.text
    if shown(advisor, 7):
        rows = [row.find("th").text for row in section.find("tbody").all("tr")]
        assert rows[0] == "All articles" and section.find("svg")
