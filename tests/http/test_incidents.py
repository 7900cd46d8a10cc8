"""/desk/incidents: opening one, what readers see of it, keeping it, and its report."""

import csv
import io
import urllib.parse

import pytest

from support.forum import a_title, ask, category, eventually, problem

PAGE = "/desk/incidents"
WORDS = {"fr": "Panne en cours, nous y travaillons", "en": "Outage under way, we are on it"}


@pytest.fixture(scope="module")
def advisor(site):
    return site.member(role="advisor")


def open_one(site, advisor, **fields):
    values = {"title": f"Panne générale {a_title()}", "body": f"Nous cherchons la cause. {a_title()}",
              "category": str(category(site, "pannes")), "severity": "critical", "banner": "1",
              "banner_fr": WORDS["fr"], "banner_en": WORDS["en"], "link": "/about", **fields}
    return advisor.submit(PAGE + "/new", PAGE + "/new", follow=False,
                          **{name: value for name, value in values.items() if value is not None})


@pytest.fixture
def opened(site, advisor):
    """The path of an incident that is open; closed again at the end."""
    sent = open_one(site, advisor)
    assert sent.status == 303, problem(sent)
    path = path_of(sent)
    yield path
    act(advisor, path, "close", last="", summary="")


def path_of(sent):
    return urllib.parse.urlparse(sent.headers["Location"]).path


def act(visitor, path, do, **fields):
    """One of the page's acts, with its token and a key of its own."""
    form = next(form for form in visitor.get(path).page.forms if form.action == path)
    return visitor.post(path, {"csrf": form.fields["csrf"], "key": form.fields["key"], "do": do, **fields})


def thread_of(site, path):
    return site.sql_value("select topic_id from incidents where id = %s", int(path.rpartition("/")[2]))


def test_banner_is_on_all_pages_in_the_readers_language_until_it_is_closed(site, advisor, opened):
    for language in ("fr", "en"):
        visitor = site.visitor(language)
        for page in ("/questions?filter=solved", "/login", "/kb"):
            eventually(lambda: WORDS[language] in visitor.get(page).page.text, "the banner", 5)
    act(advisor, opened, "close", last="", summary="Une carte")
    visitor = site.visitor("fr")
    eventually(lambda: WORDS["fr"] not in visitor.get("/login").page.text, "the banner", 5)
    assert "Une carte" in advisor.get(opened).page.text


def test_second_banner_is_refused_with_what_was_typed(site, advisor, opened):
    title = f"Une autre panne {a_title()}"
    sent = open_one(site, advisor, title=title)
    assert sent.status == 409
    assert sent.page.form(PAGE + "/new").fields["title"] == title
    assert "Take that one down first" in sent.page.text


def test_fields_that_are_wrong_are_named(site, advisor):
    sent = open_one(site, advisor, link="javascript:alert(1)", banner=None)
    assert sent.status == 422 and "an address with https" in sent.page.text


def test_update_stands_first_in_the_thread(site, advisor, opened):
    site.sql("delete from throttles")
    words = f"La cause est trouvée {a_title()}"
    assert act(advisor, opened, "update", body=words).status == 200
    thread = thread_of(site, opened)
    eventually(lambda: "Newest update from the team" in site.visitor().get(f"/t/{thread}").page.text, "the banner", 5)
    assert words in advisor.get(opened).page.text


def test_duplicates_are_gathered_and_let_go(site, advisor, opened):
    topic = ask(site.member())
    assert act(advisor, opened, "gather", address=f"/t/{topic.id}").status == 200
    assert site.sql_value("select duplicate_of from topics where id = %s", topic.id) == thread_of(site, opened)
    assert act(advisor, opened, "release", topic=str(topic.id)).status == 200
    assert site.sql_value("select status from topics where id = %s", topic.id) == "open"


def test_nothing_chosen_is_said(site, advisor, opened):
    sent = act(advisor, opened, "gather")
    assert sent.status == 422 and "Choose at least one question" in sent.page.text


def test_report_has_its_hours_as_a_file(site, advisor, opened):
    sent = advisor.get(f"{opened}/hours.csv")
    assert sent.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sent.text)))
    assert len(rows) >= 24 and set(rows[0]) == {"hour", "questions"}


def test_alert_shows_its_threads_and_leads_to_an_incident(site, advisor):
    topic = ask(site.member())
    alert = site.sql_value("insert into crisis_alerts (began_at, last_at) values (now(), now()) returning id")
    site.sql("insert into crisis_alert_signals values (%s, 'questions', 0, now(), 1, 41, 8.2, 1e-9)", alert)
    site.sql("insert into crisis_alert_topics values (%s, %s)", alert, topic.id)
    eventually(lambda: "alert is open" in advisor.get("/desk").page.text, "the banner", 5)
    shown = advisor.get(f"/desk/alerts/{alert}").page
    assert shown.find("a", href=f"{PAGE}/new?alert={alert}")
    assert site.sql_value("select title from topics where id = %s", topic.id) in shown.text
    site.sql("update crisis_alerts set ended_at = now() where id = %s", alert)
    eventually(lambda: "alert is open" not in advisor.get("/desk").page.text, "the banner", 5)


def test_banner_of_a_category_stands_on_its_pages_alone(site, advisor):
    sent = open_one(site, advisor, alone="1")
    path = path_of(sent)
    slug = site.sql_value("select slug from categories where id = %s", category(site, "pannes"))
    visitor = site.visitor("fr")
    eventually(lambda: WORDS["fr"] in visitor.get(f"/c/{slug}").page.text, "the banner", 5)
    assert WORDS["fr"] not in visitor.get("/login").page.text
    act(advisor, path, "close", last="", summary="")
