"""/search/suggest: what a field suggests, to our script and to browsers; OpenSearch;
and how many searches a person may do."""

import concurrent.futures
import re
import statistics
import time
import xml.etree.ElementTree

import pytest

from support.forum import a_title, ask, category, press
from support.waiting import until

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def reader(site):
    return site.visitor(address="127.0.0.1")


def suggest(visitor, words, **parameters):
    answer = visitor.get("/search/suggest", params={"q": words, **parameters})
    assert answer.status == 200, answer
    return answer.json()["suggestions"]


def plain(suggestion):
    return "".join(piece["text"] for piece in suggestion["title"])


@pytest.fixture(scope="module")
def topic(site, reader):
    topic = ask(site.member(age_days=10), title=a_title("Where is the quonkdipper of <b>my</b> & \"your\" box"),
                slug="quonkery", tags="quonk-dipping")
    site.sql("update tags set topic_count = 1 where name = 'quonk-dipping'")
    until(lambda: suggest(reader, "quonkdip"))
    return topic


# ---- what is suggested ------------------------------------------------------------


def test_titles_categories_and_tags_are_suggested(reader, topic):
    found = suggest(reader, "quonk")
    assert {(item["kind"], item["path"]) for item in found} >= {
        ("topic", topic.path), ("category", "/c/quonkery"), ("tag", "/tag/quonk-dipping"),
    }
    (title,) = [item for item in found if item["kind"] == "topic"]
    assert plain(title).startswith("Where is the quonkdipper of <b>my</b> & \"your\" box")
    assert [piece["text"] for piece in title["title"] if piece.get("match")] == ["quonkdipper"]
    assert title["note"] == "0 answers"
    for item in found:
        assert reader.get(item["path"]).status == 200


def test_notes_are_in_the_language_of_the_page(reader, topic):
    notes = {item["kind"]: item["note"] for item in suggest(reader, "quonk", lang="fr")}
    assert notes["topic"] == "0 réponse"
    assert notes["category"] == "Rubrique"


def test_the_last_word_is_unfinished_and_case_does_not_matter(reader, topic):
    for words in ("QUONKDIP", "box quonkdi", "quonkdipper"):
        assert topic.path in [item["path"] for item in suggest(reader, words)], words


@pytest.mark.parametrize("words", ["", "q", " ", "*", "\"", "<script>", "‮quonk​", "🙂", "'; drop table tags; --",
                                   "-", "%", "_", "é" * 150, "a " * 500, "\\", "￿"])
def test_whatever_is_typed_is_answered_with_json(reader, words):
    for form in ("", "opensearch"):
        answer = reader.get("/search/suggest", params={"q": words, "format": form})
        assert answer.status == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "json" in answer.headers["Content-Type"]
        answer.json()


def test_a_withdrawn_question_is_suggested_no_more_at_once(site, reader):
    member = site.member(age_days=10)
    gone = ask(member, title=a_title("Does the plinkwharf need a licence"))
    until(lambda: suggest(reader, "plinkwh"))
    press(member, gone.path, f"/p/{gone.post}/withdraw")
    assert not suggest(reader, "plinkwh")


# ---- what it costs -----------------------------------------------------------------


def test_no_session_is_looked_up_and_two_round_trips_are_enough(site, reader, topic):
    member = site.member(address="127.0.0.1")
    answer = member.get("/search/suggest", params={"q": "quonk"})
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    line = site.request_line(answer)
    assert "person=" not in line
    assert int(re.search(r"trips=(\d+)", line)[1]) <= 2, line


@pytest.mark.timed
def test_suggestions_do_not_wait_behind_logins(site, reader, topic):
    """Argon2 keeps every worker of the slow pool busy meanwhile."""
    person = site.person()
    form = {"email": person.email, "password": "wrong"}

    def try_to_log_in(_):
        visitor = site.visitor(address="127.0.0.1")
        return [visitor.submit("/login", "/login", **form).status for _ in range(3)]

    def took():
        began = time.monotonic()
        suggest(reader, "quonk")
        return time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        logins = [pool.submit(try_to_log_in, n) for n in range(6)]
        times = []
        while not all(login.done() for login in logins):
            times.append(took())
    assert len(times) > 10
    assert statistics.median(times) < 0.1, sorted(times)[-5:]


# ---- for browsers -------------------------------------------------------------------


def test_every_page_names_the_description_and_browsers_understand_it(site, reader, topic):
    link = reader.get("/").page.find("link", rel="search")
    assert link["type"] == "application/opensearchdescription+xml"
    answer = reader.get(link["href"])
    assert answer.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    root = xml.etree.ElementTree.fromstring(answer.text)
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 1 <= len(root.find(f"{OPENSEARCH}ShortName").text) <= 16
    assert len(root.find(f"{OPENSEARCH}Description").text) <= 1024
    urls = {url.get("type"): url.get("template") for url in root.findall(f"{OPENSEARCH}Url")}
    page = urls["text/html"].replace("{searchTerms}", "quonkdipper")
    assert reader.get(page).page.find("li", class_="result")
    words, titles, notes, addresses = reader.get(
        urls["application/x-suggestions+json"].replace("{searchTerms}", "quonk")).json()
    assert words == "quonk"
    assert len(titles) == len(notes) == len(addresses) >= 3
    assert f"{site.url}{topic.path}" in addresses


def test_the_description_speaks_both_languages(reader):
    said = [reader.get(f"/opensearch.xml?lang={language}").text for language in ("fr", "en")]
    assert "Cherchez" in said[0] or "Chercher" in said[0]
    assert "Search the questions" in said[1]


# ---- how many -----------------------------------------------------------------------


def test_too_many_suggestions_are_refused_in_json(site):
    visitor = site.visitor()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: visitor.get("/search/suggest?q=qu"), range(120)))
    assert {answer.status for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.headers["Content-Type"].startswith("application/json")
    assert refused.json()["status"] == 429
    assert int(refused.headers["Retry-After"]) > 0


def spend(site, key, most):
    """As if that had been done so often within the last minutes."""
    site.sql("insert into throttles (key, attempts, ends_at) values (%s, %s, now() + interval '4 minutes')"
             " on conflict (key) do update set attempts = excluded.attempts, ends_at = excluded.ends_at", key, most)


@pytest.mark.parametrize("language, sentence", [("en", "That was done often"), ("fr", "minutes")])
def test_a_visitor_who_searches_without_end_is_asked_to_wait(site, language, sentence):
    visitor = site.visitor(language)
    assert visitor.get("/search?q=quonk").status == 200
    spend(site, f"search:{visitor.address}", 75)
    refused = visitor.get("/search?q=quonk")
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert refused.page.find("header", class_="site-header"), "in the site's frame"
    assert refused.page.language == language
    assert sentence in refused.page.text
    assert visitor.get("/search").status == 200, "the empty page costs nothing"
    assert site.visitor(language).get("/search?q=quonk").status == 200, "others may go on"


def test_a_member_may_search_twice_as_often_wherever_they_are(site):
    member = site.member()
    spend(site, f"search:{member.address}", 75)
    assert member.get("/search?q=quonk").status == 200
    spend(site, f"search-member:{member.person.id}", 150)
    assert member.get("/search?q=quonk").status == 429


def test_the_team_and_the_machine_itself_are_not_counted(site, reader):
    advisor = site.member(role="advisor")
    spend(site, f"search-member:{advisor.person.id}", 1000)
    assert advisor.get("/search?q=quonk").status == 200
    spend(site, "search:127.0.0.1", 1000)
    assert reader.get("/search?q=quonk").status == 200


def test_suggested_categories_are_those_that_exist(site, reader):
    category(site, "vrombissement")
    assert ["/c/vrombissement"] == [item["path"] for item in suggest(reader, "vrombi")]
