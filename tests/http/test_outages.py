"""When something behind the pages is away: the database, its connections, a
worker. Readers get an honest answer at once, and all is well again by itself.
"""

import concurrent.futures
import os
import pathlib
import shutil
import signal
import subprocess
import time

import psycopg
import pytest

from support.forum import BODY, ask
from support.waiting import until

PG_CTL = "/usr/lib/postgresql/15/bin/pg_ctl"


def pg_ctl(site, *arguments):
    """As the user that the cluster belongs to; its log goes on where it was."""
    data = (site.var / "postgres").resolve()
    command = [PG_CTL, "-D", str(data), "-w", "-t", "60", *arguments]
    if os.geteuid() == 0:
        command = [shutil.which("runuser"), "-u", "postgres", "--", *command]
    with open(site.var / "log" / "postgres.log", "ab") as log:
        subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=90)


class Stopped:
    """The database is away inside the with; then it is back."""

    def __init__(self, site, mode="fast"):
        self.site, self.mode = site, mode

    def __enter__(self):
        pg_ctl(self.site, "-m", self.mode, "stop")
        if self.site._database:
            self.site._database.close()

    def __exit__(self, *exception):
        pg_ctl(self.site, "start")


def timed(request, *arguments, **options):
    started = time.monotonic()
    answer = request(*arguments, **options)
    return answer, time.monotonic() - started


@pytest.fixture(scope="module", autouse=True)
def everybody_is_back(site):
    """Afterwards every worker of both pools has found the database again; on a busy
    machine some take seconds longer than others, and the next test would meet them."""
    yield
    stranger = {"email": "nobody@example.org", "password": "not a password"}

    def is_back():
        # So many that none of the workers is missed.
        visitors = [site.visitor() for _ in range(24)]
        return all(one.get("/").status == 200 and
                   one.submit("/login", "/login", **stranger).status == 422 for one in visitors)

    until(is_back, 60)


@pytest.mark.timed
def test_without_its_database_the_site_says_so_at_once_and_comes_back_by_itself(site):
    reader, member = site.visitor("fr", "127.0.0.1"), site.member(role="advisor", address="127.0.0.1")
    topic = ask(member)
    form = member.get("/ask").page.form("/ask").fields
    typed = form | {"title": "Will this be lost when all is down?", "body": BODY, "category": "1"}
    with Stopped(site):
        for _ in range(3):
            for path in ("/", "/questions", topic.path, f"/u/{member.person.id}", "/tags", "/api/v1/topics"):
                answer, seconds = timed(reader.get, path)
                assert answer.status == 503 and seconds < 5, (path, seconds)
                assert int(answer.headers["Retry-After"]) > 0
                assert "no-store" in answer.headers["Cache-Control"]
        page = reader.get("/").page
        assert page.language == "fr" and page.find("main") and "revenons" in page.text.replace("\u00a0", " ")
        for word in ("postgres", "socket", "connection", "libpq", "SQL"):
            assert word not in page.text
        kept, seconds = timed(member.post, "/ask", typed)
        assert kept.status == 503 and seconds < 5
        assert BODY in kept.text, "what was typed is kept"
        login, seconds = timed(reader.submit, "/login", "/login", email="x@example.org", password="whatever it is")
        assert login.status == 503 and seconds < 8
        local = site.visitor(address="127.0.0.1")
        assert local.get("/healthz").status == 200
        assert local.get("/readyz").status == 503
        metrics = local.get("/metrics")
        assert metrics.status == 200 and "entraide_database_up 0" in metrics.text
        assert reader.get("/robots.txt").status == 200
        assert reader.get("/theme/theme.css").status == 200
    until(lambda: all(reader.get(topic.path).status == 200 for _ in range(8)), 5)
    until(lambda: all(reader.get("/search?q=box").status == 200 for _ in range(4)), 5)
    again = member.post("/ask", typed, follow=False)
    assert again.status in (303, 422), "the same form, sent again"
    assert member.get("/settings").status == 200, "nobody was signed out"


def test_the_worker_comes_back_by_itself_too(site):
    with Stopped(site, "immediate"):
        time.sleep(1.5)
    until(lambda: site.visitor(address="127.0.0.1").get("/readyz").status == 200, 5)
    person = site.person()
    site.visitor().submit("/reset", "/reset", email=person.email)
    assert site.wait_mail(person.email, seconds=20)


def hammer(site, paths, seconds, disturb, every):
    """Reads by four readers for so long while disturb is called now and then; what
    was not a 200."""
    def read(number):
        reader, count, bad = site.visitor(address="127.0.0.1"), 0, []
        while time.monotonic() < end:
            answer = reader.get(paths[count % len(paths)])
            count += 1
            if answer.status != 200:
                bad.append((answer.status, answer.path))
        return count, bad

    end = time.monotonic() + seconds
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, number) for number in range(4)]
        while time.monotonic() < end:
            disturb()
            time.sleep(every)
        results = [reader.result() for reader in readers]
    return sum(count for count, _ in results), [one for _, bad in results for one in bad]


def test_a_killed_worker_is_invisible_to_readers_of_pages(site, member):
    topic = ask(member)
    supervisor = site.process("web")
    killed = []

    def kill():
        children = pathlib.Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
        if children:
            os.kill(int(children[len(killed) % len(children)]), signal.SIGKILL)
            killed.append(children)

    count, bad = hammer(site, ["/", "/questions", topic.path], 4, kill, 0.25)
    assert len(killed) >= 8 and count > 100
    assert bad == []
    metrics = site.visitor(address="127.0.0.1").get("/metrics").text
    restarts = [float(line.rpartition(" ")[2]) for line in metrics.splitlines()
                if line.startswith("entraide_restarts_total")]
    assert sum(restarts) >= 8


def test_connections_that_break_are_made_again_without_an_error(site, member):
    topic = ask(member)

    def terminate():
        site.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'entraide_app'")

    connect = site.conninfo
    site.conninfo = lambda role="postgres": connect("postgres")
    site._database.close()
    try:
        # Whoever loses a connection that is new waits a second for the next one.
        time.sleep(1.5)
        count, bad = hammer(site, ["/", topic.path], 3, terminate, 3)
    finally:
        site.conninfo = connect
        site._database.close()
    assert count > 50
    assert len(bad) <= 4, bad


def test_a_reload_loses_no_reader(site, member):
    topic = ask(member)
    supervisor = site.process("web")
    count, bad = hammer(site, ["/", topic.path], 3, lambda: os.kill(supervisor, signal.SIGHUP), 0.7)
    assert count > 50 and bad == []
    assert site.process("web") == supervisor
    assert member.get("/settings").status == 200


def everybody_answers(site):
    """A worker that a test has just had replaced connects at its first request, and one that has
    lost the database rests before it tries again: each is asked for here."""
    def status(path):
        return site.visitor(address="127.0.0.1").get(path).status

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        return set(pool.map(status, ["/tags", "/search?q=box"] * 12)) == {200}


def test_a_statement_that_hangs_is_given_up_and_does_not_stop_other_pages(site, member):
    topic = ask(member)
    reader = site.visitor(address="127.0.0.1")
    until(lambda: everybody_answers(site), 30)
    with psycopg.connect(site.conninfo()) as connection:
        connection.execute("lock table topics in access exclusive mode")
        answer, seconds = timed(reader.get, topic.path)
        assert answer.status == 503 and seconds < 20, "nginx would have waited 30 s, twice"
        answer, seconds = timed(reader.get, "/tags")
        assert answer.status == 200 and seconds < 10, seconds
        connection.rollback()
    # A worker whose connection was lost rests for four times as long as it waited.
    until(lambda: all(reader.get(path).status == 200 for path in (topic.path, "/search?q=box") for _ in range(6)), 30)
