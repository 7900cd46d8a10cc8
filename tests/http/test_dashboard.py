"""/admin/dashboard: charts, their tables and files, for the team alone."""

import csv
import io
import os
import re
import signal

import pytest

from support.forum import ask, category, eventually, path_of

DAY = "(now() at time zone 'utc')::date"
TABLES = ("questions", "in-time", "first-answer", "answered-by", "people", "engagement", "moderation", "decision",
          "views")


def put(site, table, starts_on, **numbers):
    """A row that the worker's jobs have not worked out; the next run puts it right."""
    columns = [row["column_name"] for row in site.sql(
        "select column_name from information_schema.columns where table_name = %s and table_schema = current_schema()"
        " and column_name not in ('unit', 'starts_on', 'category_id')", table)]
    values = {name: 0 for name in columns} | numbers
    key = ", category_id" if table == "question_periods" else ""
    site.sql(f"delete from {table} where unit = 'day' and starts_on = {starts_on}")
    site.sql(f"insert into {table} (unit, starts_on{key}, {', '.join(values)})"
             f" values ('day', {starts_on}{', 0' if key else ''}, {', '.join(['%s'] * len(values))})", *values.values())


@pytest.fixture
def figures(site, asker):
    """A week ago, where no frequent job looks."""
    week_ago = f"{DAY} - 7"
    put(site, "question_periods", week_ago, questions=1234, answers=2000, solved=617, due_1h=1000, in_1h=333,
        due_24h=1000, in_24h=800, due_72h=1000, in_72h=900, first_count=10, first_median=5400, first_p90=90000,
        staff_count=2, staff_median=3600, staff_p90=7200, customer_count=8, customer_median=12000,
        customer_p90=90000, views=4321)
    put(site, "community_periods", week_ago, active=25, writers=10, members=100, opened=7, decided=5,
        decision_median=3600, decision_p90=86400)
    yield site
    site.sql(f"delete from question_periods where starts_on = {week_ago}")
    site.sql(f"delete from community_periods where starts_on = {week_ago}")


def panel(page, slug):
    return page.find("section", aria_labelledby=f"{slug}-heading")


def row_of_figures(page, slug):
    rows = panel(page, slug).find("tbody").all("tr")
    assert len(rows) == 30
    return [cell.text for cell in rows[7].all("td")]


def test_nobody_but_the_team_sees_it(site, client, asker, advisor, moderator):
    for path in ("/admin/dashboard", "/admin/dashboard.csv?table=views"):
        assert path_of(client.get(path, follow=False)).startswith("/login")
        assert asker.get(path).status == 403
        assert advisor.get(path).status == moderator.get(path).status == 200
    assert "/admin/dashboard" in advisor.get("/admin").page.links


def test_every_figure_stands_in_its_table(figures, advisor):
    page = advisor.get("/admin/dashboard").page
    assert row_of_figures(page, "questions") == ["1,234", "2,000", "617", "50%"]
    assert row_of_figures(page, "in-time") == ["33%", "80%", "90%", "1,000", "1,000", "1,000"]
    assert row_of_figures(page, "first-answer") == [
        "1 h", "–", "3 h 20 min", "1 h 30 min", "2 h", "–", "1 d 1 h", "1 d 1 h"]
    assert row_of_figures(page, "answered-by") == ["2", "0", "8", "20%", "0%", "80%"]
    assert row_of_figures(page, "people") == ["25", "10", "100"]
    assert row_of_figures(page, "engagement") == ["25%", "25", "100"]
    assert row_of_figures(page, "moderation") == ["7", "5"]
    assert row_of_figures(page, "decision") == ["1 h", "1 d", "5"]
    assert row_of_figures(page, "views") == ["4,321"]


def test_french_readers_see_french_numbers(figures, site):
    text = site.member(role="advisor", language="fr").get("/admin/dashboard").text
    for number in ("1\u202f234", "50\u00a0%", "3\u00a0h\u00a020\u00a0min"):
        assert f">{number}</td>" in text, number


def test_charts_say_in_words_what_they_show(figures, advisor):
    page = advisor.get("/admin/dashboard").page
    section = panel(page, "questions")
    picture = section.find("svg", class_="chart-picture")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == picture.find("title").get("id")
    described = picture.find("desc")
    assert picture.get("aria-describedby") == described.get("id") and "Questions: at most" in described.text
    assert any("Questions: 1,234" in node.text for node in picture.all("title"))
    assert panel(page, "in-time").find("path", class_="chart-line").get("d")
    assert all(panel(page, slug).find("details").find("table") for slug in TABLES)


def test_no_style_stands_in_the_page(figures, advisor):
    answer = advisor.get("/admin/dashboard")
    assert not re.search(r"<style|\sstyle=", answer.text)


def test_weeks_and_months_and_a_category(figures, site, advisor):
    category(site, "box")
    page = advisor.get("/admin/dashboard?period=weeks").page
    assert len(panel(page, "questions").find("tbody").all("tr")) == 12
    assert panel(page, "questions").find("tbody").find("th").text.startswith("Week of ")
    page = advisor.get("/admin/dashboard?period=months&category=box").page
    assert len(panel(page, "questions").find("tbody").all("tr")) == 12
    assert "counted for the whole forum only" in page.text
    assert [slug for slug in TABLES if any(
        node.get("aria-labelledby") == f"{slug}-heading" for node in page.all("section"))] == [
            "questions", "in-time", "first-answer", "answered-by", "views"]
    for wrong in ("period=years", "category=none-of-this-name", "period=days&category=%3Cb%3E"):
        assert advisor.get(f"/admin/dashboard?{wrong}").status == 404


def rows(answer):
    assert answer.status == 200, answer
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_each_table_is_a_file_for_programs(figures, advisor, site):
    for table in TABLES:
        answer = advisor.get(f"/admin/dashboard.csv?table={table}")
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert f'filename="{table}.csv"' in answer.headers["Content-Disposition"]
        lines = rows(answer)
        assert len(lines) == 30 and lines[0]["day"] > lines[1]["day"]
        for line in lines:
            for cell in line.values():
                assert cell == "" or cell[0] not in "=+-@\t\r", line
    # The same whatever the language of whoever asks.
    french = site.member(role="advisor", language="fr")
    (row,) = [row for row in rows(french.get("/admin/dashboard.csv?table=in-time")) if row["due_1h"] == "1000"]
    assert (row["within_1h_percent"], row["within_24h_percent"]) == ("33.3", "80.0")
    row = rows(advisor.get("/admin/dashboard.csv?table=first-answer"))[7]
    assert (row["staff_median_seconds"], row["expert_median_seconds"]) == ("3600", "")
    assert len(rows(advisor.get("/admin/dashboard.csv?table=views&period=months"))) == 12
    assert advisor.get("/admin/dashboard.csv").status == 404
    assert advisor.get("/admin/dashboard.csv?table=people'").status == 404


def test_it_costs_the_same_number_of_statements_whatever_there_is(figures, site, advisor):
    """With who is signed in, the figures, and the categories."""
    category(site, "box")

    def costs():
        """In no order: several processes write that log."""
        return sorted(re.findall(
            r"path=/admin/dashboard route=.* status=200 .*statements=(\d+) trips=(\d+)", site.log("web"))[before:])

    before = 0
    before = len(costs())
    for query in ("", "?period=months", "?category=box"):
        advisor.get(f"/admin/dashboard{query}")
    eventually(lambda: len(costs()) == 3, "three lines of the log")
    assert costs() == [("3", "3"), ("3", "3"), ("4", "4")]


def test_the_worker_adds_up_what_happens_today(site, asker, advisor):
    def of_today(slug, column):
        return int(rows(advisor.get(f"/admin/dashboard.csv?table={slug}"))[0][column])

    def recount():
        site.sql("update jobs set run_at = now() where kind = 'counts'")
        site.sql("notify jobs")

    recount()
    before = of_today("questions", "questions")
    ask(asker)
    asked = site.sql_value(f"select count(*) from topics where visibility = 'visible' and created_at >= {DAY}::timestamp"
                           " at time zone 'utc'")
    # Again and again: one that is running just then has looked before the question came.
    eventually(lambda: recount() or of_today("questions", "questions") == asked, "today's questions")
    assert asked > before
    assert of_today("people", "active") > 0


BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
ROBOT = {"User-Agent": "Mozilla/5.0 (compatible; SomeBot/1.0)"}


def test_a_view_is_counted_without_anything_about_the_reader(site, asker, client):
    """Written when the process ends, at the latest: it is told to make room for another."""
    columns = {row["column_name"] for row in site.sql(
        "select column_name from information_schema.columns where table_name = 'view_days'"
        " and table_schema = current_schema()")}
    assert columns == {"day", "category_id", "views"}
    here = category(site, "seldom-seen")
    topic = ask(asker, slug="seldom-seen")
    for headers, times in ((BROWSER, 3), (ROBOT, 2)):
        for _ in range(times):
            answer = client.get(topic.path, headers=headers)
            assert answer.status == 200
            assert "view" not in answer.headers.get("Set-Cookie", "")
    os.kill(site.process("web"), signal.SIGHUP)

    def views():
        return site.sql_value(f"select coalesce(sum(views), 0) from view_days where category_id = {here} and day >= {DAY} - 1")

    eventually(lambda: views() >= 3, "the views")
    # The asker was led there, too; robots count for nothing.
    assert views() <= 4


def test_the_command_works_out_everything_anew(site, asker):
    ask(asker)
    site.sql("delete from question_periods")
    said = site.run("activity").stdout
    assert re.search(r"activity: [1-9]\d* rows written", said), said
    assert site.sql_value("select count(*) from question_periods where unit = 'day' and category_id = 0") == 30
