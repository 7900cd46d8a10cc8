"""Every page as every kind of reader, in both languages: that it is there, says
what it is to readers and machines, and asks the database a fixed number of times.
"""

import os
import pathlib
import re
import signal
import subprocess
import time

import html5lib
import pytest

from support.articles import path_of_article, put_article
from support.forum import (BODY, answer, ask, category, comment, plant_answers, plant_topics, path_of, press,
                           without_badges)
from support.site import Site

ROOT = pathlib.Path(__file__).resolve().parents[2]


class World:
    """A little of everything, and a reader of each kind in each language."""

    def __init__(self, site):
        self.site = site
        self.readers = {}
        for language in ("fr", "en"):
            self.readers["visitor", language] = site.visitor(language, "127.0.0.1")
            for role in ("customer", "advisor", "administrator"):
                self.readers[role, language] = site.member(role=role, language=language)
        category(site, "parts", parent="box")
        member, self.staff = self.readers["customer", "en"], self.readers["advisor", "en"]
        self.topic = ask(member, slug="parts", tags="lamp, cable", body=BODY)
        # The job "counts" has not been here; a tag of less is too thin for search engines.
        site.sql("update tags set topic_count = 3 where name = 'lamp'")
        self.post = answer(self.staff, self.topic)
        comment(member, self.post)
        press(member, self.topic.path, f"/p/{self.post}/accept")
        self.staff.submit(f"/p/{self.post}/edit", f"/p/{self.post}/edit", body=f"{BODY} Edited since.")
        member.submit("/ask", "/ask", title="A draft of mine", body="", category="", save_draft="1")
        self.article = path_of_article(site, put_article(site, "A lamp that stays dark", slug="box", product="Lamp"))
        put_article(site, "Une lampe sombre", language="fr", slug="box", product="Lamp")
        self.person = path_of(self.readers["visitor", "en"].get(f"/u/{member.person.id}", follow=False))

    def path(self, path):
        return path.format(topic=self.topic.path, number=self.topic.id, post=self.post, person=self.person,
                           question=self.topic.post, article=self.article)


@pytest.fixture(scope="module")
def world(site):
    return World(site)


# path, who may, indexable
PAGES = [
    ("/", "all", True), ("/questions", "all", True), ("/questions?filter=unanswered", "all", False),
    ("/questions?filter=unsolved", "all", False), ("/questions?filter=solved", "all", False),
    ("/questions?filter=useful", "all", False), ("/c/box", "all", True), ("/c/parts", "all", True),
    ("/c/parts?filter=solved", "all", False), ("/tags", "all", True), ("/tag/lamp", "all", True),
    ("{topic}", "all", True), ("{topic}?sort=votes", "all", False), ("/p/{post}/comments", "all", False),
    ("/p/{post}/history", "all", False), ("{person}", "all", None), ("{person}?tab=answers", "all", False),
    ("/search", "all", False), ("/search?q=restart", "all", False), ("/search?q=nothingofthekind", "all", False),
    ("/kb", "all", True), ("/kb/c/box", "all", True), ("/kb/p/lamp", "all", True), ("{article}", "all", True),
    ("/charter", "all", True), ("/about", "all", True), ("/legal", "all", True),
    ("/legal/notice", "all", False), ("/legal/transparency", "all", False),
    ("/login", "visitor", False), ("/signup", "visitor", False), ("/reset", "visitor", False),
    ("/confirm?token=x", "all", False), ("/unsubscribe?person=1&token=x", "all", False),
    ("/ask", "member", False), ("/t/{number}/answer", "member", False), ("/p/{question}/comment", "member", False),
    ("/drafts", "member", False), ("/settings", "member", False), ("/notifications", "member", False),
    ("/questions?filter=followed", "member", False),
]
READERS = [(role, language) for role in ("visitor", "customer", "advisor", "administrator")
           for language in ("fr", "en")]


def may_open(role, who):
    return who == "all" or (who == "visitor") == (role == "visitor")


@pytest.mark.parametrize("path, who, is_indexable", PAGES, ids=[page[0] for page in PAGES])
def test_a_page_is_there_for_everybody_it_is_for(world, path, who, is_indexable):
    for role, language in READERS:
        if not may_open(role, who):
            continue
        shown = world.readers[role, language].get(world.path(path), follow=False)
        where = (role, language)
        if shown.status == 404 and path in ("/charter", "/about", "/legal"):
            pytest.skip("the theme of this copy has no such text")
        assert shown.status == 200, (where, shown)
        page = shown.page
        assert page.language == language, where
        assert len(page.all("h1")) == 1 and page.find("h1").text, where
        assert page.title and (path == "/" or page.title.endswith(" · Entraide")), (where, page.title)
        assert len(page.all("main")) == len(page.all("title")) == 1, where
        robots = page.find("meta", name="robots")
        if is_indexable is not None:
            assert (robots is None) == is_indexable, where
        if is_indexable:
            canonical = page.find("link", rel="canonical")["href"]
            assert canonical == world.site.url + world.path(path), where
        identifiers = [node["id"] for node in page.root.walk() if node.has("id")]
        assert len(identifiers) == len(set(identifiers)), "an id stands twice"
        for node in page.all("label"):
            if node.has("for"):
                assert node["for"] in identifiers, (where, node["for"])
        for use in page.all("use"):
            assert use["href"].startswith("/static/")


def test_descriptions_say_what_a_page_is_about(world):
    reader = world.readers["visitor", "en"]
    assert BODY[:60] in reader.get(world.topic.path).page.find("meta", name="description")["content"]
    assert reader.get("/").page.find("meta", name="description")["content"]


# Words of our own interface that would show that a sentence was not translated.
ENGLISH = re.compile(
    r"\b(the|your|you|this|that|with|from|and|of|sign in|sign out|answer|answers|question's|search|save|write|"
    r"settings|password|address|withdraw|edit|thank you|me too|solved|newest|published|nothing|page)\b", re.I)


@pytest.mark.parametrize("path, who", [page[:2] for page in PAGES], ids=[page[0] for page in PAGES])
def test_a_french_page_has_no_english_sentence(world, path, who):
    role = "visitor" if who == "visitor" else "advisor"
    shown = world.readers[role, "fr"].get(world.path(path))
    if shown.status == 404:
        pytest.skip("the theme of this copy has no such text")
    # Other tests ask in French with the words of this one: those are a person's.
    labels = (re.sub("«[^»]*»", "", text) for text in own_words(shown.page.root, "fr"))
    found = [text for text in labels
             if len(ENGLISH.findall(text)) > 1 and text.strip(" …") not in BODY]
    assert not found


def own_words(node, language):
    """Texts and labels, less what is marked as another language or written by people."""
    if node.get("lang", language) != language or node.get("translate") == "no":
        return
    if node.tag in ("script", "style", "code") or {"prose", "question-title", "question-excerpt", "letter"} & set(node.get("class").split()):
        return
    for name in ("aria-label", "title", "placeholder", "alt", "data-saved", "data-left", "data-unsaved"):
        if node.has(name) and node.tag != "meta":
            yield node.get(name)
    for child in node.children:
        if not isinstance(child, str):
            yield from own_words(child, language)
        elif child.strip():
            yield child.strip()


def test_the_catalogue_of_french_is_complete(site):
    """msgfmt counts what is missing or doubtful."""
    done = subprocess.run(["msgfmt", "--statistics", "--check", "-o", "/dev/null", str(ROOT / "po" / "fr.po")],
                          stderr=subprocess.PIPE, encoding="utf-8", env={"LC_ALL": "C", "PATH": "/usr/bin"})
    assert done.returncode == 0, done.stderr
    assert "untranslated" not in done.stderr and "fuzzy" not in done.stderr, done.stderr


# ---- caches -----------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/questions", "/c/box", "/tags", "{topic}", "{person}", "/p/{post}/comments",
                                  "/kb", "/kb/c/box", "{article}"])
def test_a_visitors_page_sets_no_cookie_and_holds_nothing_personal(world, path):
    first, second = (world.site.visitor("en").get(world.path(path)) for _ in range(2))
    assert "Set-Cookie" not in first.headers
    assert "public" in first.headers["Cache-Control"]
    assert {part.strip() for part in first.headers["Vary"].split(",")} >= {"Accept-Language", "Cookie"}
    assert 'name="csrf"' not in first.text
    ages = re.compile(r'<time.*?</time>')
    assert ages.sub("", first.text) == ages.sub("", second.text), "the same bytes for everybody"


# ---- how often the database is asked ----------------------------------------


@pytest.fixture(scope="module")
def counting():
    """A forum of its own whose answers say how many statements they took."""
    forum = Site("pages")
    forum.start()
    configuration = forum.var / "entraide.conf"
    configuration.write_text(configuration.read_text() + "\n[log]\nlevel = debug\n")
    os.kill(forum.process("web"), signal.SIGHUP)
    end = time.monotonic() + 10
    while "X-Statements" not in forum.visitor(address="127.0.0.1").get("/").headers:
        assert time.monotonic() < end, "the new configuration was not taken over"
        time.sleep(0.1)
    yield forum
    forum.stop()


# path, round trips and statements for a visitor, and for somebody signed in.
BUDGET = [
    ("/", (1, 5), (2, 6)),
    ("/questions", (1, 2), (2, 3)),
    ("/questions?filter=solved", (1, 1), (2, 2)),
    ("/questions?filter=useful", (1, 1), (2, 2)),
    ("/c/box", (2, 3), (4, 5)),
    ("/tag/lamp", (2, 2), (4, 4)),
    ("/ideas", (1, 3), (2, 4)),
    ("/tags", (1, 1), (2, 2)),
    ("/kb", (1, 5), (2, 6)),
    ("/kb/c/box", (1, 2), (2, 3)),
    # A visitor’s also asks for its version.
    ("{article}", (1, 6), (2, 6)),
    ("{topic}", (1, None), (2, None)),
    ("{topic}?page=2", (1, None), (2, None)),
    # With a stage and a poll: one more for both.
    ("{idea}", (2, None), (3, None)),
    ("{person}", (2, 3), (3, 4)),
    ("{person}?tab=answers", (2, 3), (3, 4)),
    ("/api/v1/topics", (1, 1), (1, 1)),
    ("/api/v1/topics/{number}", (1, None), (1, None)),
    ("/robots.txt", (0, 0), (1, 1)),
]


def costs(reader, path):
    shown = reader.get(path)
    assert shown.status == 200, shown
    return int(shown.headers["X-Round-Trips"]), int(shown.headers["X-Statements"])


def test_how_often_a_page_asks_does_not_depend_on_how_much_there_is(counting, capsys):
    site = counting
    author = site.person(role="advisor")
    visitor, member = site.visitor(address="127.0.0.1"), site.member(role="advisor", address="127.0.0.1")
    without_badges(site, member.person.id)
    topic = ask(member, tags="lamp")
    plant_answers(site, author, topic.id, 21)
    category(site, "counted-ideas")
    site.sql("update categories set purpose = 'ideas' where slug = 'counted-ideas'")
    idea = ask(member, slug="counted-ideas")
    site.sql("with p as (insert into polls (topic_id, question, is_multiple, shows, closes_at)"
             " values (%s, 'Which?', false, 'always', now() + interval '1 day') returning id)"
             " insert into poll_choices (poll_id, position, label) select id, n, n::text from p, generate_series(1, 2) n",
             idea.id)
    person = path_of(visitor.get(f"/u/{member.person.id}", follow=False))
    article = path_of_article(site, put_article(site, "The first lamp", slug="box", product="Lamp"))

    def measure():
        measured = {}
        for path, *_ in BUDGET:
            real = path.format(topic=topic.path, idea=idea.path, number=topic.id, person=person, article=article)
            measured[path] = costs(visitor, real), costs(member, real)
        return measured

    small = measure()
    plant_topics(site, member.person, 60, answers=3)
    plant_answers(site, author, topic.id, 60)
    for post in site.sql("select id from posts where topic_id = %s and kind = 'answer' limit 20", topic.id):
        site.sql("insert into posts (topic_id, number, kind, parent_id, author_id, body_md, body_html)"
                 " select %s, 1000 + %s * 20 + n, 'comment', %s, %s, 'c', '<p>c</p>' from generate_series(1, 12) n",
                 topic.id, post["id"], post["id"], author.id)
    for number in range(20):
        put_article(site, f"Lamp {number}", slug="box", product="Lamp")
    large = measure()
    with capsys.disabled():
        print("\nround trips/statements: visitor, signed in")
        for path, counts in large.items():
            print(f"  {path:32} {counts[0][0]}/{counts[0][1]}  {counts[1][0]}/{counts[1][1]}")
    assert small == large
    over = {}
    for path, *budgets in BUDGET:
        for counted, budget in zip(large[path], budgets):
            if counted[0] > budget[0] or (budget[1] is not None and counted[1] > budget[1]):
                over[path] = counted, budget
    assert not over


def test_a_question_at_the_desk_costs_the_same_however_much_was_said(counting):
    site = counting
    asker, reader = site.member(), site.member(role="advisor", address="127.0.0.1")
    without_badges(site, reader.person.id)
    topic = ask(asker, tags="lamp")
    site.sql("insert into desk_questions (topic_id, stage, category_id, top_category_id, asked_at, order_at)"
             " select id, 'unanswered', category_id, top_category_id, created_at, created_at from topics where id = %s"
             " on conflict do nothing", topic.id)
    small = costs(reader, f"/desk/{topic.id}")
    site.sql("insert into desk_notes (topic_id, author_id, body_md, body_html)"
             " select %s, %s, 'n', '<p>n</p>' from generate_series(1, 60)", topic.id, reader.person.id)
    site.sql("insert into desk_templates (language, title, body_md) select 'en', 'T' || n, 'Hello'"
             " from generate_series(1, 100) n")
    plant_answers(site, asker.person, topic.id, 30)
    assert costs(reader, f"/desk/{topic.id}") == small
    assert small[0] in (3, 4), "the session, what the desk knows, the question; articles, if the index has any like it"


def test_a_panel_costs_the_same_however_many_are_in_it(counting):
    site = counting
    reader, member = site.member(role="advisor", address="127.0.0.1"), site.member(address="127.0.0.1")
    panel = site.sql_value("insert into panels (title, purpose_md, purpose_html, is_anonymous) values ('P', 'p', 'p', false)"
                           " returning id")
    asked = site.sql_value("insert into questionnaires (panel_id, title, text, opens_at, closes_at) values (%s, 'Q',"
                           " 'one: A? | b | c', now() - interval '1 day', now() + interval '1 day') returning id", panel)
    site.sql("insert into panel_members (panel_id, person_id, state, why, answered_at) values (%s, %s, 'joined', '{}', now())",
             panel, member.person.id)
    pages = [(reader, f"/desk/panels/{panel}"), (reader, "/desk/panels"), (reader, f"/desk/panels/questions/{asked}"),
             (member, "/panels"), (member, f"/panels/{panel}"), (member, f"/panels/questions/{asked}")]
    few = [costs(*page) for page in pages]
    for n in range(8):
        other = site.person()
        site.sql("insert into panel_members (panel_id, person_id, state, why, answered_at) values (%s, %s, 'joined', '{}', now())",
                 panel, other.id)
        answer = site.sql_value("insert into questionnaire_answers (questionnaire_id, person_id) values (%s, %s) returning id",
                                asked, other.id)
        site.sql("insert into questionnaire_values (answer_id, question, choices) values (%s, 1, '{1}')", answer)
    site.sql("insert into questionnaires (panel_id, title, text, opens_at, closes_at) select panel_id, title, text, opens_at,"
             " closes_at from questionnaires, generate_series(1, 20) where id = %s", asked)
    assert [costs(*page) for page in pages] == few
    # The session, and the page; the results are counted once it is known whether they are shown.
    assert [trips for trips, *_ in few] == [2, 2, 3, 2, 2, 2]


# ---- lists ------------------------------------------------------------------


def rows(page):
    return [int(re.match(r"/t/(\d+)-", node.find("a")["href"])[1]) for node in page.all("h3", class_="question-title")]


def walk(reader, path):
    """All pages of a list, following its own links."""
    seen, pages = [], 0
    while path:
        shown = reader.get(path)
        assert shown.status == 200
        seen += rows(shown.page)
        pages += 1
        assert pages < 30
        link = shown.page.find("a", rel="next")
        path = link["href"] if link else None
    return seen, pages


@pytest.fixture(scope="module")
def listed(counting):
    """Questions in all states under one category and tag; and their rows."""
    site = counting
    author = site.person()
    numbers = plant_topics(site, author, 70, slug="listed")
    site.sql("insert into tags (name) values ('listed') on conflict do nothing")
    site.sql("insert into topic_tags (topic_id, tag_id, position) select t, g.id, 1 from unnest(%s::bigint[]) t, tags g"
             " where g.name = 'listed'", numbers)
    for index, number in enumerate(numbers):
        if index % 3 == 0:
            posts = plant_answers(site, author, number, 2)
            if index % 2 == 0:
                site.sql("update posts set accepted_at = now() where id = %s", posts[0])
        if index % 7 == 0:
            site.sql("update topics set status = 'closed' where id = %s", number)
        if index % 11 == 0:
            site.sql("update topics set status = 'needs_information' where id = %s", number)
        if index % 13 == 0:
            site.sql("update topics set visibility = 'withdrawn' where id = %s", number)
    # Many of one score and of one moment: ties must not hide a row.
    site.sql("update topics set votes_imported = id %% 3, score = id %% 3, created_at = date_trunc('minute', created_at)"
             " where id = any (%s)", numbers)
    site.sql("update topic_tags tt set created_at = t.created_at from topics t where t.id = tt.topic_id")
    return site


OPEN = "status in ('open', 'needs_information')"
FILTERS = {
    "new": ("true", "created_at desc, id desc"),
    "unanswered": (f"answer_count = 0 and stage = '' and {OPEN}", "created_at desc, id desc"),
    "unsolved": (f"accepted_count = 0 and stage = '' and {OPEN}", "created_at desc, id desc"),
    "solved": ("accepted_count > 0", "created_at desc, id desc"),
    "useful": ("true", "score desc, id desc"),
}


@pytest.mark.parametrize("place", ["/c/listed", "/tag/listed", "/questions"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_list_shows_each_question_that_it_is_for_once_and_in_order(listed, place, name):
    condition, order = FILTERS[name]
    if place != "/questions":
        condition += " and category_id = (select id from categories where slug = 'listed')"
    wanted = [row["id"] for row in listed.sql(
        f"select id from topics where visibility = 'visible' and {condition} order by {order}")]
    seen, pages = walk(listed.visitor(address="127.0.0.1"), f"{place}?filter={name}")
    assert seen == wanted
    assert pages == max(1, -(-len(wanted) // 20))


def test_questions_that_come_meanwhile_shift_no_page(listed):
    reader, author = listed.visitor(address="127.0.0.1"), listed.person()
    first = reader.get("/c/listed")
    plant_topics(listed, author, 5, slug="listed", prefix="Late", first=500)
    second = reader.get(first.page.find("a", rel="next")["href"])
    assert not set(rows(first.page)) & set(rows(second.page))


def test_the_list_of_what_one_follows_is_ones_own(listed):
    numbers = listed.sql("select id from topics where visibility = 'visible' order by id limit 25")
    member = listed.member()
    for row in numbers:
        listed.sql("insert into follows (person_id, kind, target_id) values (%s, 'topic', %s)", member.person.id, row["id"])
    seen, pages = walk(member, "/questions?filter=followed")
    assert sorted(seen) == [row["id"] for row in numbers] and pages == 2
    other = listed.member()
    assert walk(other, "/questions?filter=followed") == ([], 1)


def test_tags_are_listed_by_use_a_hundred_a_page(listed):
    listed.sql("insert into tags (name, topic_count) select 'many-' || n, 1 + n %% 4 from generate_series(1, 230) n"
               " on conflict do nothing")
    listed.sql("update tags set topic_count = 1 + id %% 4")
    reader, seen, path, pages = listed.visitor(address="127.0.0.1"), [], "/tags", 0
    while path:
        page = reader.get(path).page
        seen += [node.find(class_="tag-card-name").text for node in page.all("a", class_="tag-card")]
        link = page.find("a", rel="next")
        path, pages = link and link["href"], pages + 1
    assert seen == [row["name"] for row in listed.sql(
        "select name from tags where topic_count > 0 order by topic_count desc, name collate \"C\"")]
    assert pages == -(-len(seen) // 100)


def test_a_profile_pages_by_key_too(listed):
    author = listed.sql_value("select author_id from topics where title like 'Planted question%%' order by id limit 1")
    wanted = [row["id"] for row in listed.sql(
        "select id from topics where author_id = %s and visibility = 'visible' order by created_at desc, id desc", author)]
    seen, _ = walk(listed.visitor(address="127.0.0.1"), f"/u/{author}")
    assert seen == wanted


# ---- all pages that were shown ----------------------------------------------


@pytest.mark.last
def test_no_page_has_an_inline_script_or_style_and_all_its_tags_are_closed(site):
    faults = {}
    for file in sorted(site.pages.glob("*.html"))[:1500]:
        text = file.read_text("utf-8")
        for pattern in (r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)", r"<style", r"\son[a-z]+\s*=\s*[\"']", r"\sstyle\s*=",
                        r"(?:href|src|action)=\"\s*javascript:"):
            markup = re.sub(r"<(textarea|code|pre|title)\b.*?</\1>|\b(?:value|content|title|data-[a-z]+|alt)=\"[^\"]*\"", "",
                            text, flags=re.S)
            if re.search(pattern, re.sub(r">[^<]*<", "><", markup)):
                faults.setdefault(pattern, file.name)
    assert not faults


def test_pages_are_parsed_by_a_browsers_rules_without_a_fault(world):
    for role in ("visitor", "advisor"):
        for path, who, _ in PAGES:
            if not may_open(role, who):
                continue
            shown = world.readers[role, "fr"].get(world.path(path))
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(shown.text)
            assert not parser.errors, (path, parser.errors[:3])
