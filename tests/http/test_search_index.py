"""The index's life under a running site: deleted, broken, built anew while people
write, killed in the middle, compared with the database, and a burst of changes.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from support.forum import a_title, answer, ask, plant_topics
from support.site import Site
from support.waiting import until

PLANTED = 6000


@pytest.fixture(scope="module")
def site():
    """One of its own: nobody else's index is broken."""
    forum = Site("index").start()
    yield forum
    forum.stop()


@pytest.fixture(scope="module")
def member(site):
    return site.member(role="advisor", age_days=10)


@pytest.fixture(scope="module")
def planted(site, member):
    plant_topics(site, member.person, PLANTED, prefix="A planted question about modems")
    site.sql("update topics set last_number = 2 where title like 'A planted question%%' and last_number = %s", 1)
    site.sql("insert into posts (topic_id, number, kind, author_id, body_md, body_html)"
             " select id, 2, 'answer', %s, 'Planted: turn it off.', '<p>Planted: turn it off.</p>'"
             " from topics where title like 'A planted question%%'", member.person.id)
    # One author in one statement: 12,000 dead versions of a row, which every report would walk along.
    site.sql("vacuum people")
    rest(site, 120)


@pytest.fixture
def reader(site):
    return site.visitor(address="127.0.0.1")


def rest(site, seconds=60):
    """Until the index owes nothing and nothing is being built."""
    until(lambda: site.sql_value("select not exists (select from search_marks) and generation is null from search_state"),
          seconds)


def finds(site, words):
    """Whether the index has it, whatever the page falls back to."""
    done = site.run("search", "query", words, check=False)
    return done.returncode == 0 and not done.stdout.startswith("0 in all")


def folder(site):
    configuration = (site.var / "entraide.conf").read_text()
    return pathlib.Path(re.search(r"^index_dir = (.*)$", configuration, re.M)[1])


def new_word(number=[0]):
    number[0] += 1
    return "quux" + "".join(chr(ord("a") + int(digit)) for digit in str(1000 + number[0]))


def ask_with(member, word):
    return ask(member, title=a_title(f"Where can I get a {word} for my box"))


def ready(reader):
    return reader.get("/readyz").text


def test_a_new_question_is_found_within_two_seconds(site, member):
    for _ in range(3):
        rest(site)
        word = new_word()
        ask_with(member, word)
        began = time.monotonic()
        until(lambda: finds(site, word), 10)
        assert time.monotonic() - began < 2


def test_an_index_deleted_under_a_running_site_mends_itself(site, member, reader):
    word = new_word()
    ask_with(member, word)
    until(lambda: finds(site, word))
    shutil.rmtree(folder(site))
    answered = reader.get("/search", params={"q": word})
    assert answered.status == 200
    until(lambda: finds(site, word))
    rest(site)
    assert re.search(r"^index ok [1-9]", ready(reader), re.M)
    shutil.rmtree(folder(site) / "current", ignore_errors=True)
    (folder(site) / "current").unlink()
    until(lambda: finds(site, word))
    rest(site)
    assert site.run("search", "check").returncode == 0


def test_a_broken_index_mends_itself_and_says_so_once(site, member, reader, planted):
    word = new_word()
    topic = ask_with(member, word)
    until(lambda: finds(site, word))
    rest(site)
    site.sql("update search_state set built_at = now() - interval '1 hour'")
    logged = len(site.log("worker"))
    table = folder(site) / "current" / "termlist.glass"
    blocks = table.stat().st_size // 8192
    with open(table, "r+b") as file:
        file.seek(8192 * (blocks // 3))
        file.write(bytes(8192 * (blocks // 3)))
    site.sql("insert into search_marks (topic_id) select id from topics on conflict do nothing")
    site.sql("notify search")
    assert reader.get(topic.path).status == 200
    until(lambda: site.sql_value("select generation is not null or failure <> '' or built_at > now() - interval '1 minute'"
                                 " from search_state"))
    rest(site, 60)
    assert finds(site, word)
    assert site.run("search", "check").returncode == 0
    said = [line for line in site.log("worker")[logged:].splitlines() if "event=index" in line and "level=error" in line]
    assert len(said) <= 2, said


def test_a_rebuild_loses_nothing_that_is_written_meanwhile(site, member, planted):
    rest(site)
    before = os.readlink(folder(site) / "current")
    gone = ask_with(member, new_word())
    program = subprocess.Popen([str(site.prefix() / "bin" / "entraide"), "search", "rebuild", "--anew"],
                               env={**os.environ, "ENTRAIDE_CONFIG": str(site.var / "entraide.conf")},
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    words = []
    site.sql("update topics set visibility = 'withdrawn' where id = %s", gone.id)
    while program.poll() is None:
        words.append(new_word())
        answer(member, ask_with(member, words[-1]), body=f"You get it where {words[-1]} is sold.")
        assert finds(site, "modems"), "searching goes on"
    said, errors = program.communicate()
    assert program.returncode == 0, errors
    assert re.fullmatch(r"search rebuild: \d+ topics in [\d.]+ s, \d+ in the index, \d+ [kM]B\n", said)
    assert len(words) >= 2
    rest(site)
    assert os.readlink(folder(site) / "current") != before
    assert [name for name in os.listdir(folder(site)) if name not in ("current", os.readlink(folder(site) / "current"))] == []
    assert all(finds(site, word) for word in words)
    done = site.run("search", "check")
    assert "missing    0\nstale      0\nleft over  0\n" in done.stdout


class Frozen:
    """The worker's processes stand still, between two steps."""

    def __init__(self, site):
        parent = site.process("worker")
        self.children = [int(pid) for pid in
                         pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        rest(site)
        until(lambda: site.sql_value("select count(*) = 0 from related_due"), 120)
        time.sleep(0.5)

    def __enter__(self):
        for child in self.children:
            os.kill(child, signal.SIGSTOP)

    def __exit__(self, *exception):
        for child in self.children:
            os.kill(child, signal.SIGCONT)


def test_a_rebuild_killed_in_the_middle_goes_on(site, planted):
    command = [str(site.prefix() / "bin" / "entraide"), "search", "rebuild"]
    environment = {**os.environ, "ENTRAIDE_CONFIG": str(site.var / "entraide.conf")}
    site.sql("delete from related_due")
    with Frozen(site):
        program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: site.sql_value("select generation is not null and generation_done >= 1000 from search_state"), 60)
        program.kill()
        program.wait()
        done = site.sql_value("select generation_done from search_state where generation is not null")
        assert 1000 <= done <= PLANTED
        assert finds(site, "modems"), "the living one is as it was"
        said = site.run("search", "stats").stdout
        assert f"being built         {done} of " in said
        said = site.run("search", "rebuild").stdout
        resumed = int(re.search(r"went on after (\d+) topics", said)[1])
        built = int(re.search(r"rebuild: (\d+) topics in", said)[1])
        assert resumed >= done
        assert resumed + built == site.sql_value("select count(*) from topics where visibility = 'visible'")
        assert not (folder(site) / "building").exists()
    rest(site)
    assert site.run("search", "check").returncode == 0


def test_check_names_what_differs_and_repairs_it(site, member):
    topics = [ask_with(member, new_word()) for _ in range(3)]
    rest(site)
    assert site.run("search", "check").returncode == 0
    missing, stale, left_over = (topic.id for topic in topics)
    # As if the triggers had been off.
    site.sql("select set_config('entraide.importing', 'on', false)")
    site.sql("update topics set title = title || ' now' where id = %s", stale)
    site.sql("update topics set visibility = 'held' where id in (%s, %s)", left_over, missing)
    site.sql("select set_config('entraide.importing', 'off', false)")
    site.sql("insert into search_marks (topic_id) values (%s)", missing)
    site.sql("notify search")
    rest(site)
    site.sql("select set_config('entraide.importing', 'on', false)")
    site.sql("update topics set visibility = 'visible' where id = %s", missing)
    site.sql("select set_config('entraide.importing', 'off', false)")
    done = site.run("search", "check", check=False)
    assert done.returncode == 1
    assert f"missing    1: topic {missing}\nstale      1: topic {stale}\nleft over  1: topic {left_over}\n" in done.stdout
    done = site.run("search", "check", "--repair")
    assert "the worker puts them right" in done.stdout
    site.sql("notify search")
    rest(site)
    assert site.run("search", "check").returncode == 0


def test_a_burst_of_changes_does_not_keep_a_new_question_waiting(site, member, planted):
    rest(site)
    # Titles, which are words just written, and states, which are not: each topic once.
    site.sql("update topics set title = title || '!' where mod(id, 2) = 0")
    site.sql("update topics set status = case status when 'open' then 'closed' else 'open' end where mod(id, 2) = 1")
    site.sql("update posts set body_md = body_md || ' Or not.' where kind = 'answer'")
    assert site.sql_value("select count(*) from search_marks") > PLANTED / 2
    word = new_word()
    ask_with(member, word)
    began = time.monotonic()
    until(lambda: finds(site, word), 30)
    assert time.monotonic() - began < 10
    rest(site, 120)
    assert site.run("search", "check").returncode == 0


def test_a_renamed_category_changes_all_its_topics_in_the_background(site, member, planted):
    rest(site)
    category = site.sql_value("select id from categories where slug = 'box'")
    site.sql("update categories set name_en = name_en || ' and more' where id = %s", category)
    until(lambda: site.sql_value("select count(*) = 0 from jobs where kind = 'search_category'"))
    rest(site, 120)
    # A document made with the old name would be stale.
    assert site.run("search", "check").returncode == 0


def test_metrics_tell_of_the_index(site, reader):
    rest(site)
    text = reader.get("/metrics").text
    figures = dict(re.findall(r"^(entraide_search_\w+) (\S+)$", text, re.M))
    assert figures["entraide_search_up"] == "1"
    assert int(figures["entraide_search_documents"]) == site.sql_value(
        "select count(*) from topics where visibility = 'visible'")
    assert figures["entraide_search_marks"] == "0"
    assert figures["entraide_search_failing"] == "0"
    assert int(figures["entraide_search_bytes"]) > 0
    assert abs(time.time() - int(figures["entraide_search_last_commit_timestamp_seconds"])) < 600
    assert "entraide_search_failures_total" in figures


def test_a_place_that_is_in_the_way_is_told_and_pages_go_on(site, member, reader):
    place, aside = folder(site), folder(site).with_name("aside")
    rest(site)
    place.rename(aside)
    place.write_text("in the way")
    try:
        until(lambda: site.sql_value("select failure <> '' from search_state"), 30)
        assert "index failed" in ready(reader) or "index missing" in ready(reader)
        topic = ask_with(member, new_word())
        assert reader.get(topic.path).status == 200
        assert reader.get("/search", params={"q": "modems"}).status == 200
        assert re.search(r"^entraide_search_up 0$", reader.get("/metrics").text, re.M)
    finally:
        place.unlink()
        aside.rename(place)
    site.sql("update search_state set retry_at = null")
    until(lambda: site.sql_value("select failure = '' from search_state"), 90)
    rest(site)
    assert site.run("search", "check").returncode == 0
