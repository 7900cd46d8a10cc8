"""/desk/listening: volumes by source and theme, and the themes. The counting itself:
tests/unit/test_forum_listening.c."""

import csv
import io

import pytest

from support.forum import a_title, category, problem

PAGE = "/desk/listening"
THEMES = PAGE + "/themes"


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


@pytest.fixture
def theme(site):
    """One that holds what is counted below, with last week's numbers; the worker's next run takes them away."""
    number = site.sql_value("insert into listening_themes (name, words) values (%s, 'zyxomma') returning id",
                            f"Licornes {a_title()}"[:60])
    site.sql("insert into listening_counts (week, source_id, theme_id, count)"
             " values (date_trunc('week', now())::date - 7, 0, %s, 321), (date_trunc('week', now())::date - 35, 0, %s, 300)",
             number, number)
    yield number
    site.sql("delete from listening_counts where theme_id = %s", number)
    site.sql("delete from listening_themes where id = %s", number)


def rows(page, slug):
    section = page.find("section", aria_labelledby=f"{slug}-heading")
    return [[row.find("th").text] + [cell.text for cell in row.all("td")] for row in section.find("tbody").all("tr")]


def test_theme_has_its_weeks_and_its_change(site, advisor, theme):
    page = advisor.get(f"{PAGE}?weeks=4&theme={theme}").page
    weeks = rows(page, "sources")
    assert len(weeks) == 5
    assert weeks[0][0].endswith(", so far")
    assert weeks[1][1] == "321"
    name = site.sql_value("select name from listening_themes where id = %s", theme)
    (line,) = [line for line in rows(page, "themes") if line[0] == name]
    assert (line[1], line[3], line[4]) == ("321", "300", "+7%")


def test_tables_are_files(site, advisor, theme):
    sent = advisor.get(f"{PAGE}.csv?weeks=52&theme={theme}&table=sources")
    lines = list(csv.reader(io.StringIO(sent.text)))
    assert lines[0][:2] == ["week", "The forum"]
    assert len(lines) == 54
    monday = site.sql_value("select (date_trunc('week', now())::date - 7)::text")
    assert [line[1] for line in lines if line[0] == monday] == ["321"]
    themes = list(csv.reader(io.StringIO(advisor.get(f"{PAGE}.csv?weeks=4&table=themes").text)))
    assert ["321", "300"] in [line[1:] for line in themes]
    for query in ("weeks=4", "weeks=4&table=people", "weeks=5&table=themes", "theme=999999&table=themes"):
        assert advisor.get(f"{PAGE}.csv?{query}").status == 404


def test_advisors_read_themes_and_moderators_change_them(site, client, asker, advisor, moderator):
    word = "zyxomma" + str(site.sql_value("select count(*) from listening_themes"))
    assert asker.get(PAGE).status == 403
    assert advisor.get(THEMES + "/new").status == 403
    box = category(site, "ecoute")
    name = f"Prix {a_title()}"[:60]
    sent = moderator.submit(THEMES + "/new", THEMES + "/new", name=name, words=f"{word}\ntarif*",
                            **{f"c-{box}": "1"})
    assert sent.status == 200, problem(sent)
    assert "The theme is saved" in sent.page.text
    page = advisor.get(THEMES).page
    assert word in page.text and name in page.text
    assert not [link for link in page.links if link.startswith(THEMES + "/")]
    number = site.sql_value("select id from listening_themes where name = %s", name)
    assert site.sql_value("select category_ids from listening_themes where id = %s", number) == [box]
    one = f"{THEMES}/{number}"
    refused = moderator.submit(one, one, words="a*", **{f"c-{box}": None})
    assert refused.status == 422 and "Line 1" in refused.page.text
    form = next(form for form in moderator.get(one).page.forms if form.fields.get("do") != "save" and form.action == one)
    deleted = moderator.post(one, {"csrf": form.fields["csrf"], "key": form.fields["key"], "do": "delete"})
    assert deleted.status in (200, 303)
    assert site.sql_value("select count(*) from listening_themes where id = %s", number) == 0


def test_without_themes_the_page_invites(site, advisor, moderator):
    if site.sql_value("select count(*) from listening_themes"):
        pytest.skip("there are themes")
    assert "There is no theme yet" in advisor.get(PAGE).page.text
