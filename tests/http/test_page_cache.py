"""nginx's store of visitors' pages: who gets what is kept, and that nothing is kept of what
has changed. A forum of its own, as the others' tests look at pages right after a change."""

import concurrent.futures
import http.client
import os
import pathlib
import re
import shutil
import signal
import threading
import time

import pytest
import requests

from support.articles import path_of_article, put_article
from support.forum import a_title, answer, ask, category, comment, plant_answers
from support.site import Site
from support.waiting import until

# A change, the worker's second look, and a slow machine (jobs/page_cache.c).
GONE_AFTER = 1.0


@pytest.fixture(scope="module")
def kept():
    forum = Site("kept", settings={"ENTRAIDE_DEV_PAGE_CACHE": "on"}).start()
    yield forum
    forum.stop()


@pytest.fixture(scope="module")
def people(kept):
    """Somebody who asks, somebody who answers, and one of the team."""
    return kept.member(age_days=10), kept.member(age_days=10), kept.member(role="moderator")


class Look:
    """One look at a page by somebody about whom nothing is known."""

    def __init__(self, site, path, language="en", coding="gzip", method="GET", session=requests, **headers):
        self.began = time.monotonic()
        response = session.request(method, site.url + path, allow_redirects=False, timeout=30, headers={
            "Accept-Language": language, "Accept-Encoding": coding, "User-Agent": "entraide-tests", **headers})
        self.ended = time.monotonic()
        self.status, self.headers, self.text = response.status_code, response.headers, response.text
        self.kept = response.headers.get("X-Cache")


def warm(site, path, **options):
    """The page out of the store, where it stays: right after a setting it would not."""
    return until(lambda: (look := Look(site, path, **options)).kept == "HIT" and "ETag" in look.headers and look,
                 10, path)


def gone(site, path, words, since=None, **options):
    """From a second after a change on, nobody is shown what was there before; on a machine
    that has other things to do, from a few."""
    end = (since or time.monotonic()) + GONE_AFTER
    time.sleep(max(0, end - time.monotonic()))
    until(lambda: words not in Look(site, path, **options).text, 4)


@pytest.fixture(scope="module")
def thread(people):
    asker, helper, _ = people
    topic = ask(asker, slug="kept")
    topic.answer = answer(helper, topic)
    return topic


# ---- who gets it ----------------------------------------------------------------------


def test_a_second_visitor_gets_the_page_that_the_first_one_had(kept, thread):
    first = warm(kept, thread.path)
    second = Look(kept, thread.path)
    assert second.kept == "HIT" and second.text == first.text
    assert second.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert second.headers["Vary"] == "Accept-Language, Accept-Encoding, Cookie"
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert "X-Accel-Expires" not in second.headers


def test_who_is_signed_in_neither_gets_what_is_kept_nor_fills_it(kept, thread, people):
    asker, helper, _ = people
    warm(kept, thread.path)
    shown = asker.get(thread.path)
    assert shown.headers["X-Cache"] == "BYPASS" and "/logout" in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "Content-Encoding" not in shown.headers
    cold = ask(asker, slug="kept")
    for _ in range(3):
        assert helper.get(cold.path).headers["X-Cache"] == "BYPASS"
    look = Look(kept, cold.path)
    assert look.kept == "MISS" and "/logout" not in look.text


@pytest.mark.parametrize("cookie", [
    "session=x", "a=b; session=x", "__Host-session=x", "visitor=x", "notice=answered", "__Host-notice=answered",
    "language=de", "language=fr; language=en",
])
def test_whoever_has_a_cookie_of_ours_is_asked_for_anew(kept, thread, cookie):
    warm(kept, thread.path)
    look = Look(kept, thread.path, Cookie=cookie)
    if cookie == "language=fr; language=en":
        # Two of a name: the program takes the first, and keeps nothing that is not so.
        assert look.status == 200
        return
    assert look.kept == "BYPASS"


def test_a_cookie_of_somebody_else_is_no_matter(kept, thread):
    warm(kept, thread.path)
    assert Look(kept, thread.path, Cookie="_ga=GA1.2.3; consent=yes").kept == "HIT"


def test_each_language_has_its_own(kept, thread):
    for language, cookie, shown in (("en", "", "en"), ("fr", "", "fr"), ("fr-FR,fr;q=0.9,en;q=0.8", "", "fr"),
                                    ("en", "language=fr", "fr"), ("fr", "a=b; language=en", "en"), ("", "", "fr")):
        look = warm(kept, thread.path, language=language, Cookie=cookie)
        assert f'<html lang="{shown}">' in look.text, (language, cookie)


def test_an_unclear_wish_is_not_kept_and_answered_as_ever(kept, thread):
    warm(kept, thread.path)
    for language, shown in (("de, en;q=0.5", "en"), ("en;q=0.2, fr;q=0.9", "fr")):
        look = Look(kept, thread.path, language=language)
        assert look.kept == "BYPASS" and f'<html lang="{shown}">' in look.text


def test_each_encoding_has_its_own_and_all_say_the_same(kept, thread):
    sizes, texts = {}, set()
    for accepted, coding in (("identity", None), ("gzip", "gzip"), ("gzip, deflate, br", "br"),
                             ("br;q=0, gzip;q=0.5", "gzip")):
        look = warm(kept, thread.path, coding=accepted)
        assert look.headers.get("Content-Encoding") == coding, accepted
        sizes[coding] = int(look.headers["Content-Length"])
        if coding != "br":
            texts.add(look.text)
    assert len(texts) == 1
    assert sizes["br"] <= sizes["gzip"] < sizes[None] / 3


def test_a_head_and_a_get_share_one_page(kept, people):
    topic = ask(people[0], slug="kept")
    until(lambda: Look(kept, topic.path, method="HEAD").kept == "HIT", 10)
    look = Look(kept, topic.path)
    assert look.kept == "HIT" and "</html>" in look.text


def test_what_is_kept_answers_that_nothing_changed(kept, thread):
    look = warm(kept, thread.path)
    again = Look(kept, thread.path, **{"If-None-Match": look.headers["ETag"]})
    assert (again.status, again.kept, again.text) == (304, "HIT", "")


def as_it_stands(site, path):
    """Without what clients do to an address before they send it."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", path, headers={"Accept-Language": "en"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_other_spellings_of_an_address_are_never_kept(kept, thread, people):
    kept.sql("update posts set created_at = created_at - interval '2 hours' where topic_id = %s", thread.id)
    plant_answers(kept, people[1].person, thread.id, 25)
    warm(kept, thread.path + "?page=2")
    for path in (thread.path + "?page=1", thread.path + "?sort=votes", thread.path + "?x=1", thread.path + "?",
                 thread.path.replace("-", "%2D", 1), thread.path + "?page=02"):
        for _ in range(3):
            assert as_it_stands(kept, path).getheader("X-Cache") in ("BYPASS", "MISS", "EXPIRED"), path


def test_an_article_is_kept_and_a_new_version_of_it_shown(kept):
    number = put_article(kept, "How the kept lamp is cleaned", slug="kept")
    path = path_of_article(kept, number)
    assert "How the kept lamp" in warm(kept, path).text
    kept.sql("update articles set summary = 'With a dry cloth only.' where id = %s", number)
    gone(kept, path, "In short: How the kept lamp is cleaned")
    assert "With a dry cloth only." in warm(kept, path).text


def test_lists_are_kept_for_a_second(kept, people):
    def looks():
        return [Look(kept, "/questions") for _ in range(2)]

    assert until(lambda: looks()[1].kept == "HIT" or None, 10)
    topic = ask(people[0], title=a_title("Does a list show this within a second"), slug="kept")
    time.sleep(1.1)
    assert topic.path in Look(kept, "/questions").text


def test_a_crowd_before_a_cold_page_has_it_made_once(kept, people):
    topic = ask(people[0], slug="kept")
    until(lambda: Look(kept, topic.path).kept == "HIT", 10)
    kept.sql("update topics set me_too_count = me_too_count where id = %s", topic.id)
    answer(people[1], topic)
    time.sleep(6)
    said = len(kept.log("web"))
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        looks = list(pool.map(lambda _: Look(kept, topic.path, language="fr"), range(48)))
    assert {look.status for look in looks} == {200}
    assert len({look.text for look in looks}) == 1
    until(lambda: f"path={topic.path} " in kept.log("web")[said:])
    made = kept.log("web")[said:].count(f"path={topic.path} ")
    assert made == 1, made


# ---- what changes ----------------------------------------------------------------------


def test_a_withdrawn_post_is_gone_within_a_second_whoever_reads(kept, people):
    """Readers of all forms of the page race a moderator; what each saw is held against
    when the post was withdrawn."""
    asker, helper, _ = people
    topic = ask(asker, slug="kept")
    post = answer(helper, topic, body="Press the vermilion button, and count to ten before you let it go.")
    forms = [(language, coding) for language in ("en", "fr", "") for coding in ("identity", "gzip", "br")]
    warm(kept, topic.path)
    seen, is_over = [[] for _ in forms], threading.Event()

    def read(which):
        language, coding = forms[which]
        with requests.Session() as session:
            while not is_over.is_set():
                look = Look(kept, topic.path, language, "identity" if coding == "br" else coding, session=session)
                seen[which].append((look.began, look.ended, "vermilion" in look.text, look.kept))

    readers = [threading.Thread(target=read, args=(which,)) for which in range(len(forms))]
    for reader in readers:
        reader.start()
    withdrawn, back = [], []
    try:
        for round_ in range(12):
            # At another moment of the worker's second look each time.
            time.sleep(1.1 + 0.07 * round_)
            kept.sql("update posts set visibility = 'withdrawn' where id = %s", post)
            withdrawn.append(time.monotonic())
            time.sleep(1.5)
            back.append(time.monotonic())
            kept.sql("update posts set visibility = 'visible' where id = %s", post)
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    looks = [look for each in seen for look in each]
    # The worker is held up by whatever else the machine does, as long as the readers are.
    gone_after = GONE_AFTER + max(ended - began for began, ended, *_ in looks)
    late = [(began - hidden, kept_) for began, ended, is_there, kept_ in looks if is_there
            for hidden, shown in zip(withdrawn, back) if hidden + gone_after < began and ended < shown]
    assert not late, (gone_after, sorted(late)[-1], len(late))
    assert sum(kept_ == "HIT" for *_, kept_ in looks) > len(looks) / 2
    for hidden, shown in zip(withdrawn, back):
        assert any(hidden + GONE_AFTER / 2 < began < shown for began, *_ in looks)


def test_what_a_page_shows_is_gone_from_it_within_a_second(kept, people):
    asker, _, moderator = people
    helper = kept.member(age_days=10)
    topic = ask(asker, title=a_title("Which amber lamp stays on all night"), slug="kept-change")
    topic.answer = answer(helper, topic, body="The crimson one does, if you turn its ring to the left.")
    remark = comment(asker, topic.answer, "That is the turquoise ring, is it?")
    like = ask(asker, title=a_title("Why does the olive lamp hum at night"), slug="kept-change")
    other = category(kept, "kept-elsewhere")

    def shows(words):
        """The worker looks for others like it whenever its words change, and forgets the planted one."""
        kept.sql("insert into related_topics (topic_id, position, related_id) values (%s, 90, %s)"
                 " on conflict (topic_id, position) do nothing", topic.id, like.id)
        return words in warm(kept, topic.path).text

    for words, query, parameters in (
        ("turquoise", "update posts set visibility = 'withdrawn' where id = %s", [remark]),
        ("olive lamp", "update topics set visibility = 'withdrawn' where id = %s", [like.id]),
        ("crimson", "update posts set body_html = '<p>The blue one.</p>' where id = %s", [topic.answer]),
        (helper.person.name, "update people set name = 'Somebody Else' where id = %s", [helper.person.id]),
        ("Somebody Else", "update posts set author_id = null, author_name = '' where id = %s", [topic.answer]),
        ("/c/kept-change", "update topics set category_id = %s, top_category_id = %s where id = %s",
         [other, other, topic.id]),
        ("Subject kept-elsewhere", "update categories set name_en = 'Night lamps' where id = %s", [other]),
    ):
        until(lambda: shows(words), 20)
        kept.sql(query, *parameters)
        gone(kept, topic.path, words)
    warm(kept, topic.path)
    kept.sql("update topics set visibility = 'withdrawn' where id = %s", topic.id)
    gone(kept, topic.path, "amber lamp")
    assert Look(kept, topic.path).status == 410


def test_an_old_address_leads_to_the_new_one_within_a_second(kept, people):
    topic = ask(people[0], title=a_title("What is the first title of this one"), slug="kept")
    warm(kept, topic.path)
    kept.sql("update topics set title = 'What is the second title of this one?' where id = %s", topic.id)
    time.sleep(GONE_AFTER)
    look = Look(kept, topic.path)
    assert look.status == 301 and look.headers["Location"].endswith(f"/t/{topic.id}-what-is-the-second-title-of-this-one")


def test_further_pages_of_a_thread_go_with_it(kept, people):
    topic = ask(people[0], slug="kept")
    posts = plant_answers(kept, people[1].person, topic.id, 45)
    pages = [topic.path, topic.path + "?page=2", topic.path + "?page=3"]
    for page in pages:
        warm(kept, page)
    kept.sql("update posts set visibility = 'withdrawn' where id = any(%s)", posts[:20])
    time.sleep(GONE_AFTER)
    assert Look(kept, pages[2]).status == 404
    assert "Planted answer 21<" in Look(kept, pages[0]).text


def test_what_stands_on_every_page_changes_on_all_of_them(kept, people):
    pages = [ask(people[0], slug="kept").path for _ in range(3)]
    for page in pages:
        assert "Violet Lamps" not in warm(kept, page).text
    kept.sql("insert into site_settings (name, value) values ('brand.name', 'Violet Lamps')"
             " on conflict (name) do update set value = excluded.value")
    for page in pages:
        until(lambda: "Violet Lamps" in Look(kept, page).text, 3, page)
    for page in pages:
        assert "Violet Lamps" in warm(kept, page).text
    kept.sql("delete from site_settings where name = 'brand.name'")
    time.sleep(GONE_AFTER)
    for page in pages:
        assert "Violet Lamps" not in Look(kept, page).text


# ---- when something is away --------------------------------------------------------------


def start_again(site):
    site.dev("up", "--port", str(site.port), "--empty", "--prefix", str(site.prefix()),
             environment={**os.environ, "ENTRAIDE_DEV_FSYNC": "off", **site.environment})


def end(site, name):
    number = site.process(name)
    os.kill(number, signal.SIGTERM)
    until(lambda: not os.path.exists(f"/proc/{number}"), 30)


def test_without_the_worker_nothing_is_kept(kept, thread):
    warm(kept, thread.path)
    end(kept, "worker")
    try:
        assert os.readlink(kept.var / "cache" / "generation") == "none"
        lines = kept.log("nginx").count("realpath")
        kept.sql("update topics set title = 'What nobody took from the store?' where id = %s", thread.id)
        assert Look(kept, thread.path).status == 301
        assert kept.log("nginx").count("realpath") == lines, "nginx is told where to look"
    finally:
        start_again(kept)
    warm(kept, f"/t/{thread.id}-what-nobody-took-from-the-store")
    thread.path = f"/t/{thread.id}-what-nobody-took-from-the-store"


def test_a_worker_that_is_replaced_begins_anew(kept, thread):
    warm(kept, thread.path)
    before = os.readlink(kept.var / "cache" / "generation")
    os.kill(kept.process("worker"), signal.SIGHUP)
    until(lambda: os.path.lexists(kept.var / "cache" / "generation")
          and os.readlink(kept.var / "cache" / "generation") != before, 20)
    assert Look(kept, thread.path).kept == "MISS"


def test_when_nginx_cannot_be_told_everything_is_new(kept, people):
    door = (kept.var / "run").resolve() / "purge.sock"
    topic = ask(people[0], slug="kept")
    warm(kept, topic.path)
    door.rename(door.with_suffix(".away"))
    try:
        answer(people[1], topic, body="The indigo one, as long as nobody tells anybody.")
        time.sleep(GONE_AFTER)
        assert "indigo" in Look(kept, topic.path).text
        assert "nginx could not be told" in kept.log("worker")
    finally:
        door.with_suffix(".away").rename(door)


def test_a_folder_that_was_emptied_fills_again(kept, thread):
    warm(kept, thread.path)
    for folder in (kept.var / "cache" / "nginx-pages").iterdir():
        shutil.rmtree(folder)
    assert Look(kept, thread.path).status == 200
    warm(kept, thread.path)


def sheet_of(look):
    return re.search(r'href="(/theme/[0-9a-f]{16}\.css)"', look.text)[1]


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_the_style_sheet_of_a_kept_page_is_kept_in_each_form(kept, thread, coding):
    path = sheet_of(warm(kept, thread.path))
    look = until(lambda: (look := Look(kept, path, coding=coding)).kept == "HIT" and look)
    assert look.status == 200 and look.headers.get("Content-Encoding", "identity") == coding
    assert look.headers["Vary"] == "Accept-Encoding" and "immutable" in look.headers["Cache-Control"]
    assert look.headers["Content-Type"] == "text/css; charset=utf-8"
    # Words that anybody may make up are not another sheet.
    assert Look(kept, f"{path}?anything", coding=coding).kept == "HIT"
    assert Look(kept, "/theme/0123456789abcdef.css").kept != "HIT", "where another one leads to is not kept"


def test_a_list_that_the_client_has_is_not_sent_again(kept, thread):
    def is_known():
        look = Look(kept, "/questions")
        return Look(kept, "/questions", **{"If-None-Match": look.headers["ETag"]}).status == 304

    until(is_known, 10)


def test_what_is_kept_is_shown_while_the_program_is_away(kept, thread):
    # The worker still finds out what is like it, and takes it away for that.
    until(lambda: not kept.sql_value("select (select count(*) from search_marks) + (select count(*) from related_due)"))
    time.sleep(6)
    sheet = sheet_of(warm(kept, thread.path))
    until(lambda: Look(kept, sheet).kept == "HIT")
    end(kept, "web")
    try:
        assert Look(kept, sheet).status == 200, "it is dressed"
        look = Look(kept, thread.path)
        assert look.status == 200 and look.kept == "HIT"
        assert Look(kept, "/drafts").status == 503
    finally:
        start_again(kept)
    until(lambda: Look(kept, "/tags").status == 200, 20)


# ---- what is counted of what the program has not heard of -------------------------------


def test_views_of_kept_pages_are_counted_and_no_crawler_s(kept):
    asker = kept.member(age_days=10)
    # A program that says so: what it is shown is no view, so the program counts none here.
    asker.session.headers["User-Agent"] = "curl/8.0"
    topic = ask(asker, slug="kept-views")
    warm(kept, topic.path, **{"User-Agent": "curl/8.0"})
    readers = [Look(kept, topic.path) for _ in range(12)]
    for agent in ("curl/8.0", "SeznamBot/4.0", "Mozilla/5.0 (HeadlessX)", ""):
        Look(kept, topic.path, **{"User-Agent": agent})
    tag = until(lambda: Look(kept, topic.path, **{"User-Agent": "curl/8.0"}).headers.get("ETag"), what="a version")
    assert Look(kept, topic.path, **{"If-None-Match": tag}).status == 304
    Look(kept, topic.path, method="HEAD", **{"User-Agent": "curl/8.0"})
    # Lines are read in order: when this one is, so are all the others.
    Look(kept, topic.path, **{"User-Agent": "MojeekBot/0.11"})
    until(lambda: kept.sql("select 1 from crawl_days where crawler = 'mojeekbot' and kind = 'topic'"),
          40, "the log to be read")
    # What the program made meanwhile it counts itself, within a minute.
    hits = sum(look.kept in ("HIT", "STALE", "UPDATING") for look in readers)
    views = kept.sql_value("select coalesce(sum(views), 0)::int from view_days v"
                           " join categories c on c.id = v.category_id where c.slug = 'kept-views'")
    assert hits > 5 and hits <= views <= len(readers)
    lines = [line for line in kept.log("crawl").splitlines() if f" /t/{topic.id} " in line and "Bot/" not in line]
    assert len(lines) == hits and all(line.endswith('"-" -') for line in lines)


def test_a_worker_that_is_killed_goes_on_counting_where_it_was(kept):
    supervisor = kept.process("worker")
    for number in range(1, 13):
        assert Look(kept, "/robots.txt", **{"User-Agent": "Qwantbot/2.4"}).status == 200
        if number % 4 == 0:
            for child in pathlib.Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
                try:
                    os.kill(int(child), signal.SIGKILL)
                except ProcessLookupError:
                    pass
    count = "select coalesce(sum(requests), 0)::int from crawl_days where crawler = 'qwantbot'"
    until(lambda: kept.sql_value(count) >= 12, 60, "all of them to be counted")
    assert kept.sql_value(count) == 12
