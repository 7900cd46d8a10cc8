"""/desk/reports: figures, their tables and files, and two lists of people with reasons.
The figures themselves: tests/unit/test_forum_desk_report.c, tests/simulation/reports.py and, of
articles, test_desk_deflection.py."""

import csv
import io
import re

import pytest

from support.forum import ask, category, path_of

TABLES = ("targets", "teams", "causes", "times", "sides", "backlog", "load", "articles")
LINES = {
    "targets": [(0, 0, [20, 15, 10, 5]), (1, "box", [8, 8, 0, 0])],
    "teams": [(0, 0, [3, 1, 2, 2])],
    "causes": [(0, 0, [7, 5, 2, 0]), (9, 0, [2, 0, 2, 2])],
    "times": [(0, 0, [1234, 1000, 5400, 90000, 617, 86400, 172800])],
    "sides": [(1, 0, [60, 600, 7200, 30, 3600, 7200, 100, 40]), (2, 0, [10, 0, 0, 0, 0, 0, 100, 40]),
              (3, 0, [30, 0, 0, 8, 0, 0, 100, 40]), (4, 0, [0, 0, 0, 2, 0, 0, 100, 40])],
    "backlog": [(0, 0, [4, 1, 0]), (6, 0, [2, 3, 1])],
    "load": [(9, 0, [12, 4]), (167, 0, [1, 0])],
    "articles": [(0, 0, [40, 22, 18, 6])],
}


@pytest.fixture
def figures(site):
    """In place of what the worker's hourly job wrote; the next run puts it right."""
    site.sql("delete from desk_report_lines where days = 90")
    site.sql("delete from desk_report_people where days = 90")
    for report, lines in LINES.items():
        for place, subject, numbers in lines:
            site.sql("insert into desk_report_lines (days, report, place, subject_id, figures) values (90, %s, %s, %s, %s)",
                     report, place, category(site, subject) if subject else 0, numbers)
    site.sql("insert into desk_report_runs values (90, now()) on conflict (days) do update set worked_out_at = now()")
    return site


def panel(page, slug):
    return page.find("section", aria_labelledby=f"{slug}-heading")


def table(page, slug):
    return [[row.find("th").text] + [cell.text for cell in row.all("td")]
            for row in panel(page, slug).find("tbody").all("tr")]


def test_nobody_but_the_team_sees_them(client, asker, advisor):
    for path in ("/desk/reports", "/desk/reports.csv?table=times"):
        assert path_of(client.get(path, follow=False)).startswith("/login")
        assert asker.get(path).status == 403
        assert advisor.get(path).status == 200
    assert "/desk/reports" in advisor.get("/desk").page.links


def test_every_figure_stands_in_its_table(figures, advisor):
    page = advisor.get("/desk/reports?days=90").page
    assert table(page, "targets") == [["All categories", "75%", "50%", "20", "15", "10", "5"],
                                      ["Subject box", "100%", "–", "8", "8", "0", "0"]]
    assert table(page, "teams") == [["No team", "33%", "100%", "3", "1", "2", "2"]]
    assert table(page, "causes") == [["Nobody took it in hand", "7", "5", "2", "0"], ["Something else", "2", "0", "2", "2"]]
    assert table(page, "times") == [["All categories", "1 h 30 min", "1 d", "1 d 1 h", "2 d", "1,234", "1,000", "617"]]
    assert table(page, "sides")[0] == ["Customers", "60%", "75%", "60", "10 min", "2 h", "30", "1 h", "2 h"]
    assert [row[0] for row in table(page, "sides")] == ["Customers", "Experts", "The team", "Askers themselves"]
    assert len(table(page, "backlog")) == 7
    assert table(page, "backlog")[0] == ["less than 4 hours ago", "4", "1", "0"]
    assert table(page, "backlog")[6] == ["more than a year ago", "2", "3", "1"]
    assert table(page, "articles") == [["All articles", "45%", "15%", "40", "22", "18", "6"]]
    assert table(page, "load") == [["Monday, 9:00", "12", "4"], ["Sunday, 23:00", "1", "0"]]


def test_each_panel_has_its_picture_and_its_definition(figures, advisor):
    page = advisor.get("/desk/reports?days=90").page
    for slug in (*TABLES, "engagement"):
        assert panel(page, slug).find("svg"), slug
        closed = [node for node in panel(page, slug).all("details") if "How this is counted" in node.find("summary").text]
        assert len(closed[0].find("p").text) > 60, slug
    squares = panel(page, "load").find("svg", class_="report-week").all("rect")
    assert len(squares) == 3 and "Monday, 9:00: 12 questions, 4 answers of the team" in page.text
    assert not re.search(r"<style|\sstyle=", advisor.get("/desk/reports").text)


def test_each_table_is_a_file_for_programs(figures, site, advisor):
    for name in TABLES:
        answer = advisor.get(f"/desk/reports.csv?days=90&table={name}")
        assert answer.status == 200 and f'filename="{name}.csv"' in answer.headers["Content-Disposition"]
        lines = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(lines) == {"backlog": 7, "load": 168}.get(name, len(LINES[name]))
    (row, *_) = csv.DictReader(io.StringIO(advisor.get("/desk/reports.csv?days=90&table=times").text))
    assert (row["first_median_seconds"], row["solved_p90_seconds"], row["questions"]) == ("5400", "172800", "1234")
    for wrong in ("/desk/reports?days=8", "/desk/reports.csv", "/desk/reports.csv?table=people",
                  "/desk/reports.csv?table=times&days=x"):
        assert advisor.get(wrong).status == 404, wrong


def test_lists_of_people_say_why_and_forget_who_does_not_want_it(figures, site, advisor):
    helper, unlucky = site.member(), site.member()
    topic = ask(unlucky)
    site.sql("insert into desk_report_people values (90, 'ambassadors', %s, '{40,50,30,25,120,0,60}')", helper.person.id)
    site.sql("insert into desk_report_people values (90, 'care', %s, %s)", unlucky.person.id, [5, 4, 2, topic.id])
    page = advisor.get("/desk/reports?days=90").page
    thanked, cared = panel(page, "ambassadors"), panel(page, "care")
    assert helper.person.name in thanked.text and "Why are they here?" in thanked.text
    # 30 of 30 for the share, 15 of 25 for reach, 10 of 20 for thanks, 14 of 15 for two hours, 10 of 10 for days.
    assert thanked.find("li").find("strong").text == "79"
    assert "4 of 5 questions were not solved after three days, 2 of them have no answer" in cared.text
    assert f"/t/{topic.id}" in [link["href"] for link in cared.all("a")]
    saved = unlucky.submit("/settings", "/settings/profile", language="en", is_minor="1")
    assert saved.page.find(id="is_minor").has("checked")
    helper.submit(f"/u/{helper.person.id}/standing", "/settings/ranking")
    page = advisor.get("/desk/reports?days=90").page
    assert unlucky.person.name not in page.text and helper.person.name not in page.text
    shown = advisor.get(f"/u/{unlucky.person.id}").page.text.lower()
    assert "under 18" not in shown and "minor" not in shown
