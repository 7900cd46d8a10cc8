"""The copy that is measured: a forum of its own, started by ./dev, filled, and
deleted at the end. Nothing in it is shared with a copy that people use.
"""

import os
import datetime
import http.client
import pathlib
import random
import re
import socket
import subprocess
import time

import psycopg

from filling import DOMAIN, SEED, Filling
from processes import Group
from say import Failure, step

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "bench-bench-bench-2026"
CONTROL_NAME = "bench-control.bin"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Scratch:
    def __init__(self, var, port, topics, up_options=()):
        """up_options: further ones of ./dev up, at its first start."""
        self.var, self.port, self.topics = pathlib.Path(var).resolve(), port, topics
        self.up_options = up_options

    # ---- its life -----------------------------------------------------------

    def start(self):
        """A filled copy; one that an earlier run kept is used again."""
        if not self._use_again():
            if (self.var / "settings").exists():
                self._dev("down", "--delete")
            self.port = self.port or free_port()
            self._dev("up", "--empty", "--port", str(self.port), *self.up_options)
            self._fill()
        self._settle()
        self.wait_for_worker()

    def _use_again(self):
        """False: there is none of that size, or its tables are of another version."""
        marker = self.var / "bench-topics"
        if not (self.var / "settings").exists() or not marker.exists():
            return False
        if marker.read_text() != str(self.topics):
            return False
        step(f"Using the {self.topics} topics that are there")
        self.port = self.port or int(self._setting("port"))
        try:
            self._dev("up", "--port", str(self.port), *self.up_options)
        except Failure:
            return False
        return True

    def stop(self, is_kept, has_failed):
        if not (self.var / "settings").exists():
            return
        (self.static / CONTROL_NAME).unlink(missing_ok=True)
        if is_kept:
            print(f"  Kept: {self.url}/, ./dev down --delete --var {self.var}")
            return
        self._dev("down", "--delete")
        if has_failed:
            print(f"  Its logs are in {self.var}/log")
            return
        # A line a request: what is not needed any more is large.
        for name in ("access.log", "web.log", "worker.log", "postgres.log"):
            (self.var / "log" / name).unlink(missing_ok=True)

    def _dev(self, command, *arguments):
        words = [str(ROOT / "dev"), command, "--var", str(self.var), *arguments]
        # What is measured is the program, not nginx's store of what it made.
        kept = {"ENTRAIDE_DEV_PAGE_CACHE": os.environ.get("ENTRAIDE_DEV_PAGE_CACHE", "off")}
        done = subprocess.run(words, stdin=subprocess.DEVNULL, timeout=1800, env={**os.environ, **kept})
        if done.returncode != 0:
            raise Failure(f"./dev {command} failed")

    def _setting(self, name):
        settings = (self.var / "settings").read_text()
        found = re.search(rf"^{name}=(.*)$", settings, re.M)
        return found and found.group(1)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def static(self):
        """Where nginx serves files from."""
        return pathlib.Path(self._setting("prefix")) / "share" / "entraide" / "static"

    # ---- what is in it --------------------------------------------------------

    def _fill(self):
        step(f"Making {self.topics} topics")
        now = datetime.datetime.now(datetime.timezone.utc)
        filling = Filling(self.topics, now).make()
        step(f"Loading {len(filling.rows['posts'])} posts")
        with self.database("entraide") as connection:
            filling.write(connection)
        step("Giving everybody a password")
        self._make_passwords()
        step("Counting (entraide check --repair)")
        self.program("check", "--repair")
        step("Indexing (the worker does)")
        with self.database("entraide") as connection:
            connection.execute("insert into search_marks (topic_id) select id from topics"
                               " on conflict do nothing")
            connection.execute("notify search")
        self.wait_for_worker(900)
        step("Packing the tables")
        with self.database("postgres") as connection:
            connection.execute("vacuum (full, analyze)")
        (self.var / "bench-topics").write_text(str(self.topics))

    def _make_passwords(self):
        """One account by the program itself; its hash goes to the others."""
        email = f"first@{DOMAIN}"
        self.program("user", "create", "--role", "administrator", "--name", "First",
                     "--email", email, "--password-stdin", stdin=PASSWORD + "\n")
        with self.database("entraide") as connection:
            connection.execute(
                "update people set password_hash = (select password_hash from people where"
                " email_key = %s) where email_key <> %s", (email, email)
            )

    def _settle(self):
        """What the filling left to do later must not be done while we measure."""
        with self.database("postgres") as connection:
            connection.execute("vacuum (analyze)")
            connection.execute("checkpoint")

    def program(self, *arguments, stdin=None):
        done = subprocess.run(
            [str(ROOT / "dev"), "run", "--var", str(self.var), "--", *arguments],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            timeout=900,
        )
        if done.returncode != 0:
            raise Failure(f"entraide {' '.join(arguments)} failed: {done.stdout}")
        return done.stdout

    def database(self, role):
        configuration = (self.var / "entraide.conf").read_text()
        conninfo = re.search(r"^conninfo = (.*)$", configuration, re.M).group(1)
        return psycopg.connect(re.sub(r"user=\S+", f"user={role}", conninfo), autocommit=True)

    def wait_for_worker(self, seconds=120):
        """Until nothing is left to index."""
        end = time.monotonic() + seconds
        with self.database("entraide") as connection:
            while time.monotonic() < end:
                (marks,) = connection.execute("select (select count(*) from search_marks)"
                                              " + (select count(*) from related_due)").fetchone()
                if marks == 0:
                    return
                time.sleep(0.2)
        raise Failure(f"after {seconds} s the worker has {marks} topics left to index")

    # ---- what runs ------------------------------------------------------------

    def groups(self):
        """Its processes by what they are."""
        return {name: Group(name, self._process(name)) for name in ("nginx", "web", "worker")} | {
            "postgres": Group("postgres", self._postmaster())
        }

    def _process(self, name):
        return int((self.var / "run" / f"{name}.pid").read_text().split()[0])

    def _postmaster(self):
        # Of another user when root runs us; root may read it.
        return int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])

    def socket_path(self, pool):
        return (self.var / "run").resolve() / f"{pool}.sock"

    # ---- asking it one by one ---------------------------------------------------

    def get(self, path, cookie="", address=None):
        """(status, headers, body) of one page, without following."""
        return self.ask("GET", path, {"Cookie": cookie} if cookie else {}, None, address)

    def ask(self, method, path, headers, body, address=None):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=30, source_address=(address, 0) if address else None
        )
        try:
            connection.request(method, path, body, {"Accept-Language": "fr", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def page(self, path):
        """The address at which that page is answered with 200, and its bytes."""
        for _ in range(3):
            status, headers, body = self.get(path)
            if status == 200:
                return path, body
            if status not in (301, 302):
                break
            path = headers["Location"].removeprefix(self.url)
        raise Failure(f"{self.url}{path} answers {status}: {body[:300]!r}")

    def put_control(self, size):
        """A file of that size, for nginx alone to serve; its path."""
        (self.static / CONTROL_NAME).write_bytes(random.Random(SEED).randbytes(size))
        return f"/static/{CONTROL_NAME}"
