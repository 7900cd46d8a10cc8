#!/usr/bin/python3
"""Random stories on a fake Facebook Page, with our worker running and dying; at the end
the forum must show what the Page shows. A story is named by its seed, and comes again
with it:

    ./dev test convergence --from 17 --seeds 1
    tests/convergence/converge.py --build BUILD --from 17 --seeds 1 --keep

See README.md.
"""
import argparse
import hashlib
import http.server
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata

import psycopg

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fakes"))

from graph.client import FakeGraph  # noqa: E402
from graph.scenario import Scenario  # noqa: E402

SETTLE_SECONDS = 90
INSERT = """with stored as (insert into mirror_deliveries (connector, body, body_hash)
    values ('facebook', %s, %s) returning id) select pg_notify('mirror', '') from stored"""

ANSWER = """with next as (update topics set last_number = last_number + 1 where id = %(topic)s
        returning last_number)
    insert into posts (topic_id, number, kind, parent_id, body_md, body_html)
    select %(topic)s, last_number, case when %(parent)s::bigint is null then 'answer' else 'comment' end,
        %(parent)s, %(text)s, '<p>' || %(text)s || '</p>' from next
    returning id"""


NATIVE = "A question that was asked on the forum itself."
NATIVE_QUESTION = """with asked as (insert into topics (category_id, title, last_number)
        select id, %(text)s, 1 from categories returning id)
    insert into posts (topic_id, number, kind, body_md, body_html)
    select id, 1, 'question', %(text)s, '<p>' || %(text)s || '</p>' from asked"""


class Receiver:
    """The door for notices: stores the bytes, as the site's own does."""

    def __init__(self, conninfo):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                try:
                    receiver.store(body)
                    status = 200
                except psycopg.Error:
                    status = 500
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.lock = threading.Lock()
        self.database = psycopg.connect(conninfo, autocommit=True)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def store(self, body):
        with self.lock:
            self.database.execute(INSERT, (body, hashlib.sha256(body).digest()))

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.database.close()


class Forum:
    """A database and a worker, without pages."""

    def __init__(self, build, conninfo, folder, fake):
        self.program = build / "entraide"
        self.folder = folder
        self.conninfo = conninfo
        config = fake.config
        (folder / "entraide.conf").write_text(f"""
[site]
base_url = http://127.0.0.1:9
[database]
conninfo = {conninfo}
[worker]
slots = 1
[secret]
key = {"0123456789abcdef" * 2}
[search]
index_dir = {folder / "index"}
[facebook]
app_id = {config["app_id"]}
app_secret = {config["app_secret"]}
verify_token = word
page_tokens = {config["page_token"]}
base_url = {config["graph"]}
media_hosts = {config["media"].split("//")[1]}
[mirror]
slots = 2
media_dir = {folder / "media"}
absence_hours = 0
write_seconds = 0
look_seconds = 0
brake_percent = 100
[paths]
locale_dir = {build / "locale"}
migrations_dir = {ROOT / "migrations"}
""")
        self.log = open(folder / "worker.log", "ab")
        self.worker = None

    def run(self, *arguments, check=True):
        done = subprocess.run([self.program, *arguments], env=self.environment(), text=True,
                              capture_output=True)
        if check and done.returncode != 0:
            raise RuntimeError(f"entraide {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def environment(self):
        return {**os.environ, "ENTRAIDE_CONFIG": str(self.folder / "entraide.conf")}

    def start_worker(self):
        self.worker = subprocess.Popen([self.program, "worker"], env=self.environment(),
                                       stdout=self.log, stderr=self.log)

    def kill_somebody(self, chance):
        """kill -9 of one of the worker's processes; another takes its place."""
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.worker.pid)],
                                capture_output=True, text=True)
        children = [int(word) for word in listed.stdout.split()]
        if children:
            try:
                os.kill(chance.choice(children), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stop(self):
        if self.worker:
            self.worker.terminate()
            try:
                self.worker.wait(60)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()
        self.log.close()


# What is compared ----------------------------------------------------------------------


def last_part(name):
    return name.rsplit("_", 1)[-1] if name else None


def plain(text):
    """As far as both sides can agree: what UTF-8 cannot hold is U+FFFD, line ends are one."""
    text = re.sub("[\ud800-\udfff\x00]", "\ufffd", text or "")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def of_page(state):
    shown = {}
    for post in state["posts"]:
        key = last_part(post["id"])
        shown[key] = ("post", key, None, plain(post["message"]), post["own"],
                      len(post["photos"]))
        for comment in post["comments"]:
            shown[last_part(comment["id"])] = (
                "comment", key, last_part(comment["parent"]) or key, plain(comment["message"]),
                comment["own"], int(bool(comment["photo"])))
    return shown


def of_forum(state):
    shown = {}
    for post in state["threads"]:
        shown[post["key"]] = ("post", post["key"], None, plain(post["text"]),
                              not post["is_by_visitor"], post["pictures"])
        for comment in post["comments"]:
            shown[comment["key"]] = ("comment", post["key"], comment["parent"] or post["key"],
                                     plain(comment["text"]), comment["is_self"],
                                     comment["pictures"])
    return shown


def differences(page, forum):
    for key in sorted(page.keys() | forum.keys()):
        if page.get(key) != forum.get(key):
            yield f"  {key}: the Page has {page.get(key)}\n    the forum {forum.get(key)}"


# A story --------------------------------------------------------------------------------


class Story:
    def __init__(self, options, seed, folder, conninfo):
        self.seed, self.options, self.folder = seed, options, folder
        self.chance = random.Random(f"mischief {seed}")
        self.lines = []
        self.answers = 0
        self.fake = FakeGraph(seed=seed)
        self.receiver = self.forum = None
        try:
            self.receiver = Receiver(conninfo)
            self.forum = Forum(options.build, conninfo, folder, self.fake)
            self.set_up()
        except BaseException:
            self.stop()
            raise

    def set_up(self):
        self.forum.run("migrate")
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            database.execute("insert into categories (slug, name_fr, name_en) values ('page', 'Page', 'Page')")
        self.source = self.forum.run(
            "mirror", "add", "facebook", self.fake.config["page_id"], "--name", "Page",
            "--category", "page").strip()
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            database.execute(NATIVE_QUESTION, {"text": NATIVE})
        self.fake.do("subscribe", callback_url=self.receiver.url, verify_token="word")
        self.forum.run("mirror", "backfill", self.source)
        self.forum.start_worker()

    def play(self):
        scenario = Scenario(self.fake, self.seed, steps=self.options.steps, say=self.lines.append,
                            lose_removals=self.seed % 3 == 0, unstorable=self.seed % 2 == 0)
        # Every fourth story is about answering: nobody knows what came of many calls.
        is_about_answers = self.seed % 4 == 0
        if is_about_answers:
            scenario.weights["write_fault"] = 14
        for _ in scenario.play():
            if self.chance.random() < (0.5 if is_about_answers else 0.1):
                self.answer()
            if self.chance.random() < 0.08:
                self.act_on_topics()
            if self.chance.random() < 0.3:
                time.sleep(self.chance.random() * 0.2)
            if self.chance.random() < 0.12:
                self.lines.append("    kill -9")
                self.forum.kill_somebody(self.chance)
        return scenario.settle()

    def answer(self):
        """An advisor answers something that is shown, and sends it to the Page."""
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            chosen = database.execute(
                "select p.topic_id, case when p.kind = 'answer' then p.id end from mirror_items i"
                " join posts p on p.id = i.post_id and p.visibility = 'visible' and p.kind <> 'comment'"
                " join topics t on t.id = p.topic_id and t.visibility = 'visible'"
                " order by p.id offset floor(%s * (select count(*) from mirror_items)) limit 1",
                (self.chance.random() * 0.7,)).fetchone()
            if not chosen:
                return
            self.answers += 1
            text = f"Advice number {self.answers} of story {self.seed}"
            post = database.execute(ANSWER, {"topic": chosen[0], "parent": chosen[1],
                                             "text": text}).fetchone()[0]
        self.lines.append(f"    the forum answers: {text}")
        self.forum.run("mirror", "send", str(post), check=False)

    def act_on_topics(self):
        """A moderator joins two questions, makes one of an answer, or takes that back."""
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            topics = [row[0] for row in database.execute(
                "select id from topics where visibility = 'visible' order by id")]
            answers = database.execute(
                "select p.topic_id, p.id from posts p join topics t on t.id = p.topic_id and t.visibility = 'visible'"
                " where p.kind = 'answer' and p.visibility = 'visible' order by p.id").fetchall()
            acts = [row[0] for row in database.execute(
                "select id from topic_acts where undone_at is null order by id")]
        what = self.chance.choice(("merge", "merge", "split", "undo"))
        if what == "merge" and len(topics) > 1:
            words = map(str, self.chance.sample(topics, 2))
        elif what == "split" and answers:
            words = [*map(str, self.chance.choice(answers)), "--title", "A question that was an answer",
                     "--category", "page"]
        elif what == "undo" and acts:
            words = [str(self.chance.choice(acts))]
        else:
            return
        done = self.forum.run("topic", what, *words, check=False).strip()
        self.lines.append(f"    the forum: {what}: {done or 'refused'}")

    def take_apart(self):
        """A joined question is as visible as its own first words. Where these were hidden or
        removed there, a moderator takes the others out again, the last act first."""
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            acts = database.execute(
                "select a.id from topic_acts a join topics t on t.id = a.other_id and t.visibility <> 'visible'"
                " where a.kind = 'merge' and a.undone_at is null order by a.id desc").fetchall()
        for (act,) in acts:
            done = self.forum.run("topic", "undo", str(act), check=False).strip()
            self.lines.append(f"    the forum takes apart: {done or 'refused'}")

    def waiting(self):
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            return database.execute(
                "select (select count(*) from mirror_deliveries where state = 'waiting')"
                " + (select count(*) from mirror_refreshes where attempts = 0)"
                " + (select count(*) from mirror_media where state = 'waiting' and attempts < 3)"
                " + (select count(*) from mirror_outbox where state in ('queued', 'sending', 'unknown'))"
            ).fetchone()[0]

    def settle(self):
        """Polling finds what no notice told: everything is read twice."""
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            database.execute("update mirror_sources set health_at = null, usage_until = null")
            database.execute("update mirror_refreshes set run_at = now()")
            database.execute("update mirror_outbox set run_at = now()")
            database.execute("update mirror_sources set writes_blocked_until = null")
            database.execute("select pg_notify('mirror', '')")
        self.until(lambda: self.waiting() == 0 and self.is_active(), "the worker came to rest")
        self.take_apart()
        for _ in range(2):
            self.forum.run("mirror", "poll", self.source, "--all")
            self.forum.run("mirror", "work")
        self.forum.run("mirror", "poll", self.source)
        return json.loads(self.forum.run("mirror", "dump", self.source))

    def is_active(self):
        return "\tactive\t" in self.forum.run("mirror", "list")

    def until(self, condition, what):
        end = time.monotonic() + SETTLE_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"not within {SETTLE_SECONDS} seconds: {what}")
            time.sleep(0.1)

    def check(self):
        """What differs, as lines; none is good."""
        self.play()
        forum = self.settle()
        page = self.fake.get("state")
        found = list(differences(of_page(page), of_forum(forum)))
        found += self.doubles()
        found += self.answers_told(page)
        checked = self.forum.run("check", check=False)
        found += [f"  entraide check: {line}" for line in checked.splitlines()
                  if re.search(r"\b[1-9]\d* ", line) and "differ" in line]
        return found

    def doubles(self):
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            rows = database.execute(
                "select p.id from posts p left join mirror_items i on i.post_id = p.id"
                " where i.id is null and p.visibility = 'visible'"
                " and p.body_md not like 'Advice number%%' and p.body_md <> %s", (NATIVE,)).fetchall()
            rows += database.execute(
                "select c.id from posts c join posts p on p.id = c.parent_id"
                " where c.topic_id <> p.topic_id or p.kind = 'comment'").fetchall()
        return [f"  post {row[0]} is no item's" for row in rows]

    def answers_told(self, page):
        """Each answer is on the Page once if it was sent, and never if it was not."""
        messages = [comment["message"] for post in page["posts"] for comment in post["comments"]]
        with psycopg.connect(self.forum.conninfo, autocommit=True) as database:
            rows = database.execute(
                "select o.body, o.state from mirror_outbox o where o.kind = 'reply'").fetchall()
        for text, state in rows:
            found = messages.count(text)
            if found > 1 or (state == "failed" and found) or state not in ("sent", "failed"):
                yield f"  “{text}” is {state}, and {found} times on the Page"

    def stop(self):
        if self.forum:
            self.forum.stop()
        if self.receiver:
            self.receiver.stop()
        self.fake.stop()


def database_of(conninfo, name):
    with psycopg.connect(conninfo, autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name}")
    return re.sub(r"dbname=\S+", f"dbname={name}", conninfo)


def tell_failure(story, options, found):
    print(f"seed {story.seed}: the forum differs from the Page")
    print("\n".join(found))
    print("the story:")
    print("\n".join(f"  {line}" for line in story.lines))
    print(f"again: ./dev test convergence --from {story.seed} --seeds 1 --steps {options.steps}",
          flush=True)


def try_seed(options, seed, conninfo, folder):
    story = Story(options, seed, folder, database_of(conninfo, f"converge_{seed}"))
    try:
        found = story.check()
    except (RuntimeError, psycopg.Error) as error:
        found = [f"  {error}"]
    finally:
        story.stop()
    if found:
        tell_failure(story, options, found)
    return not found


def run(options, conninfo, folder):
    failed = []
    for seed in range(options.first, options.first + options.seeds):
        began = time.monotonic()
        place = folder / f"seed-{seed}"
        place.mkdir()
        if try_seed(options, seed, conninfo, place):
            print(f"seed {seed}: the same ({time.monotonic() - began:.1f} s)", flush=True)
            if not options.keep:
                shutil.rmtree(place)
        else:
            failed.append(seed)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path,
                        default=os.environ.get("ENTRAIDE_TEST_BUILD", "build"))
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--keep", action="store_true", help="leave logs and databases behind")
    options = parser.parse_args()
    options.build = pathlib.Path(options.build).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="entraide-converge."))
    folder.chmod(0o755)
    server = str(ROOT / "tests" / "postgres.sh")
    conninfo = os.environ.get("ENTRAIDE_TEST_DATABASE")
    is_own = not conninfo
    if is_own:
        conninfo = subprocess.run([server, "start", folder / "postgres", "--unsafe"], check=True,
                                  capture_output=True, text=True, cwd="/").stdout.strip()
    began = time.monotonic()
    try:
        failed = run(options, conninfo, folder)
    finally:
        if is_own and not options.keep:
            subprocess.run([server, "stop", folder / "postgres"], check=False, cwd="/")
    seconds = time.monotonic() - began
    if failed:
        print(f"logs: {folder}")
    elif not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"convergence: {options.seeds - len(failed)} passed, {len(failed)} failed"
          f" in {seconds:.1f}s" + (f", seeds {failed}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
