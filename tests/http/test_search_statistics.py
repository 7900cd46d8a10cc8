"""/admin/search: what was counted, for the team alone."""

import csv
import io

import pytest

from support.forum import ask, eventually, path_of


@pytest.fixture
def counted(site, asker):
    """One week with a bit of everything, as the worker sums it up."""
    for table in ("deflection_views", "search_log", "search_opened", "deflection_days", "search_days",
                  "search_word_days", "search_position_days"):
        site.sql(f"delete from {table}")
    return site


def sums(site, **numbers):
    fields = dict(started=0, shown=0, opened=0, solved=0, followed=0, asked=0, asked_although=0,
                  left_after_opening=0) | numbers
    site.sql(f"insert into deflection_days (day, {', '.join(fields)}) values"
             f" ((now() at time zone 'utc')::date, {', '.join(['%s'] * len(fields))})", *fields.values())


def searched(site, words, example, searches=1, days_ago=0):
    site.sql("insert into search_word_days (day, words, example, searches)"
             " values ((now() at time zone 'utc')::date - %s::integer, %s, %s, %s)", days_ago, words, example, searches)


def test_nobody_but_the_team_sees_it(site, client, asker, advisor, moderator):
    for path in ("/admin/search", "/admin/search.csv", "/admin/search-words.csv"):
        assert path_of(client.get(path, follow=False)).startswith("/login")
        assert asker.get(path).status == 403
        assert advisor.get(path).status == moderator.get(path).status == 200
    assert "/admin/search" in advisor.get("/admin").page.links


def test_before_anything_was_counted_it_says_so(counted, advisor):
    page = advisor.get("/admin/search").page
    assert "Nothing was counted yet" in page.text and not page.all("table")
    assert "Deflection rate" in page.text, "the definitions are there from the start"


def test_weeks_rates_words_and_places_are_shown(counted, advisor):
    sums(counted, started=40, shown=30, opened=20, solved=12, followed=3, asked=10, asked_although=7,
         left_after_opening=5)
    counted.sql("insert into search_days values ((now() at time zone 'utc')::date, 100, 9)")
    searched(counted, "fibr tromp", "trompe à fibre", 4)
    searched(counted, "fibr tromp", "trompes pour la fibre", 3, days_ago=7)
    searched(counted, "kazoo", "kazoo", 2, days_ago=8)
    searched(counted, "old", "old", 50, days_ago=150)
    for position, opened in ((1, 60), (2, 30), (11, 5), (30, 5)):
        counted.sql("insert into search_position_days values ((now() at time zone 'utc')::date, %s, %s)",
                    position, opened)
    page = advisor.get("/admin/search").page
    weeks = page.all("table")[0].find("tbody").all("tr")
    assert len(weeks) == 13
    assert [cell.text for cell in weeks[0].all("td")] == ["40", "30", "20", "12", "40%", "3", "5", "10", "7", "100", "9"]
    assert [cell.text for cell in weeks[1].all("td")][4] == "–"
    words = page.all("table")[1].find("tbody").all("tr")
    assert [[cell.text for cell in row.all("td")][1] for row in words] == ["7", "2"]
    assert words[0].find("a").text == "trompe à fibre"
    places = page.all("table")[2].find("tbody").all("tr")
    assert len(places) == 11
    assert [cell.text for cell in places[0].all("td")] == ["60", "60%"]
    assert [cell.text for cell in places[10].all("td")] == ["10", "10%"]
    picture = page.find("svg", class_="chart-picture")
    assert picture.get("role") == "img" and picture.find("title").text
    tall = {rect.get("class"): int(rect.get("height")) for rect in picture.all("rect")}
    assert tall["chart-shown"] > tall["chart-solved"] > tall["chart-asked"] > 0


def test_questions_asked_although_are_listed_with_what_was_shown(counted, asker, advisor):
    shown, asked, withdrawn = ask(asker), ask(asker), ask(asker)
    for number, topic in enumerate((asked, withdrawn)):
        view = f"{number}" * 43
        counted.sql("insert into deflection_views (id, is_shown, is_opened, asked_topic_id) values (%s, true, true, %s)",
                    view, topic.id)
        counted.sql("insert into deflection_hits (view_id, topic_id, position) values (%s, %s, 1)", view, shown.id)
    counted.sql("update topics set visibility = 'withdrawn' where id = %s", withdrawn.id)
    sums(counted, started=2, shown=2, opened=2, asked=2, asked_although=2)
    section = advisor.get("/admin/search").page.find("section", aria_labelledby="failed-heading")
    assert [a.get("href") for a in section.all("a")] == [asked.path, shown.path]
    assert "1 suggestion was shown, and opened" in section.text


def test_the_files_have_the_same_numbers_and_no_formulas(counted, advisor):
    sums(counted, started=8, shown=5, solved=2)
    searched(counted, "tromp", '=cmd|"x"', 3)
    answer = advisor.get("/admin/search.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="search.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 13
    assert (rows[0]["questions_started"], rows[0]["similar_shown"], rows[0]["solved"]) == ("8", "5", "2")
    assert rows[0]["week"] > rows[1]["week"]
    (row,) = csv.DictReader(io.StringIO(advisor.get("/admin/search-words.csv").text))
    assert row["example"] == "'=cmd|\"x\"" and row["searches"] == "3"


def test_an_opened_result_is_counted_without_saying_who(counted, client):
    before = counted.sql_value("select count(*) from search_opened")
    assert client.post("/search/opened", {"position": "3"}).status == 204
    assert counted.sql_value("select count(*) from search_opened") == before + 1
    assert client.post("/search/opened", {"position": "51"}).status == 204
    for position in ("0", "-1", "999999999999", "", "x"):
        assert client.post("/search/opened", {"position": position}).status == 400
    assert client.post("/search/opened", {"position": "1"}, headers={"Origin": "https://evil.example"}).status == 403
    assert counted.sql_value("select count(*) from search_opened") == before + 1


def test_the_worker_adds_up(counted, advisor):
    counted.sql("insert into search_log (words, example, has_hits) values ('kazoo', 'kazoo', false)")
    counted.sql("update jobs set run_at = now() where kind = 'counts'")
    counted.sql("notify jobs")
    eventually(lambda: counted.sql("select 1 from search_word_days where words = 'kazoo'"), "the sums")
    assert "kazoo" in advisor.get("/admin/search").page.text
