"""The copy that is measured: a forum of its own, started by ./dev, filled, and
deleted at the end. Nothing in it is shared with a copy that people use.
"""

import os
import datetime
import gzip
import http.client
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

import psycopg

from filling import DOMAIN, SEED, Filling
from processes import Group
from say import Failure, step

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSWORD = "bench-bench-bench-2026"
CONTROL_NAME = "bench-control"
WORN = 1.0  # posts that runs may have added, a topic: a fifth of what there is
CHECKED = 50000  # the largest copy whose derived values are all looked at again
# Values are set all at once, so that nothing must follow each of them.
IMPORTING = " options='-c entraide.importing=on'"
FILLING_SECONDS = 4 * 3600


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# Related questions, as the worker finds them: five of all, anywhere on the disk.
RELATED = """
insert into related_topics (topic_id, position, related_id)
select t.id, n, 1 + (t.id * 7919 + n * 104729) % {topics} from topics t, generate_series(1, 5) n
where 1 + (t.id * 7919 + n * 104729) % {topics} <> t.id"""

# The ledger at once: entry by entry, as acts come in, a million take hours. Without the
# discounts for what the same people give each other, which chance seldom makes.
REPUTATION = """
insert into reputation_entries (person_id, cause, points, discount, post_id, from_id, created_at)
select c.person_id, c.cause, reputation_points(c.cause), '', c.post_id, c.from_id, c.at
from reputation_causes c order by c.at, c.post_id, c.from_id"""


class Scratch:
    """has_index: False makes one that cannot be searched, for an index of a million topics
    takes an hour."""

    def __init__(self, var, port, topics, up_options=(), has_index=True):
        """up_options: further ones of ./dev up, at its first start."""
        self.var, self.port, self.topics = pathlib.Path(var).resolve(), port, topics
        self.up_options, self.has_index = up_options, has_index
        self.page_cache = os.environ.get("ENTRAIDE_DEV_PAGE_CACHE", "off")
        self.generations = tempfile.mkdtemp(prefix="entraide-bench-")

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
        # Its nightly work may be due: a large copy's takes minutes.
        self.wait_for_worker(FILLING_SECONDS)

    def _use_again(self):
        """False: there is none of that size, or its tables are of another version."""
        marker = self.var / "bench-topics"
        if not (self.var / "settings").exists() or not marker.exists():
            return False
        if marker.read_text() != self._marker():
            return False
        step(f"Using the {self.topics} topics that are there")
        self.port = self.port or int(self._setting("port"))
        try:
            self._dev("up", "--port", str(self.port), *self.up_options)
        except Failure:
            return False
        return not self._is_worn()

    def _marker(self):
        return f"{self.topics} topics, seed {SEED}, {'an' if self.has_index else 'no'} index"

    def _is_worn(self):
        """Whether runs have posted so much that it is not the forum any more that was made."""
        with self.database("entraide") as connection:
            (posts,) = connection.execute("select count(*) from posts where id > %s",
                                          (int((self.var / "bench-posts").read_text()),)).fetchone()
        return posts > WORN * self.topics

    def stop(self, is_kept, has_failed):
        if not (self.var / "settings").exists():
            return
        shutil.rmtree(self.static / CONTROL_NAME, ignore_errors=True)
        if is_kept:
            print(f"  Kept: {self.url}/, ./dev down --delete --var {self.var}")
            return
        self._dev("down", "--delete")
        if has_failed:
            print(f"  Its logs are in {self.var}/log")
            return
        self._drop_logs()

    def _drop_logs(self):
        """A line a request: what is not needed any more is large."""
        for name in ("access.log", "crawl.log", "web.log", "worker.log", "postgres.log"):
            (self.var / "log" / name).unlink(missing_ok=True)

    def rest(self):
        """Stops it and keeps what is in it, for the next run."""
        if (self.var / "settings").exists():
            shutil.rmtree(self.static / CONTROL_NAME, ignore_errors=True)
            self._dev("down")
            self._drop_logs()
            print(f"  Kept for the next run: {self.var} (./dev down --delete --var {self.var})")

    def keep_pages(self):
        """From now on nginx keeps visitors' pages. Its processes are others then: groups()."""
        self.page_cache = "on"
        self._dev("up", "--port", str(self.port), *self.up_options)

    def _dev(self, command, *arguments):
        words = [str(ROOT / "dev"), command, "--var", str(self.var), *arguments]
        # What is measured is the program, not nginx's store of what it made; and that store
        # as deep in the file system as /var/cache/entraide, not as this checkout.
        # A web worker that is replaced after so many requests would hide what grows.
        other = {"ENTRAIDE_DEV_PAGE_CACHE": self.page_cache, "ENTRAIDE_DEV_GENERATIONS": self.generations + "/cache",
                 "ENTRAIDE_WEB_REQUESTS_PER_WORKER": "0"}
        done = subprocess.run(words, stdin=subprocess.DEVNULL, timeout=1800, env={**os.environ, **other})
        if done.returncode != 0:
            raise Failure(f"./dev {command} failed")
        if command == "down":
            shutil.rmtree(self.generations, ignore_errors=True)

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
        step(f"Making and loading {self.topics} topics")
        now = datetime.datetime.now(datetime.timezone.utc)
        with self.database("postgres") as connection:
            filling = Filling(self.topics, now)
            filling.write(connection)
            with connection.transaction():
                connection.execute("set local session_replication_role = replica")
                connection.execute(RELATED.format(topics=self.topics))
                connection.execute(REPUTATION)
        step("Giving everybody a password")
        self._make_passwords()
        with self.database("postgres") as connection:
            connection.execute("analyze")
        step("Counting (entraide check --repair)")
        self.program("check", "--repair", conninfo=self.conninfo("entraide") + IMPORTING)
        if self.topics <= CHECKED:
            self.program("check")  # ends with 1 when something differs
        if self.has_index:
            step("Indexing (entraide search rebuild)")
            self.program("search", "rebuild", "--anew")
        self.wait_for_worker(FILLING_SECONDS)
        step("Packing the tables")
        with self.database("postgres") as connection:
            connection.execute("vacuum (full, analyze)")
        (self.var / "bench-posts").write_text(str(filling.posts_written))
        (self.var / "bench-topics").write_text(self._marker())

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

    def program(self, *arguments, stdin=None, conninfo=None):
        done = subprocess.run(
            [str(ROOT / "dev"), "run", "--var", str(self.var), "--", *arguments],
            env={**os.environ, **({"ENTRAIDE_DATABASE_CONNINFO": conninfo} if conninfo else {})},
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            timeout=FILLING_SECONDS,
        )
        if done.returncode != 0:
            raise Failure(f"entraide {' '.join(arguments)} failed: {done.stdout}")
        return done.stdout

    def conninfo(self, role):
        configuration = (self.var / "entraide.conf").read_text()
        conninfo = re.search(r"^conninfo = (.*)$", configuration, re.M).group(1)
        return re.sub(r"user=\S+", f"user={role}", conninfo)

    def database(self, role):
        return psycopg.connect(self.conninfo(role), autocommit=True)

    def wait_for_worker(self, seconds=120):
        """Until nothing is left to index and no job is due."""
        end = time.monotonic() + seconds
        with self.database("entraide") as connection:
            while time.monotonic() < end:
                (marks,) = connection.execute("select (select count(*) from search_marks)"
                                              " + (select count(*) from related_due) + (select count(*) from jobs"
                                      "   where state in ('queued', 'running') and run_at <= now()"
                                      "   and kind <> 'mail')").fetchone()
                if marks == 0:
                    return
                time.sleep(0.2)
        raise Failure(f"after {seconds} s the worker has {marks} topics or jobs left")

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

    def final(self, path):
        """The address to which that one leads, slug and all; the page itself is not read."""
        status, headers, _ = self.get(path)
        if status not in (200, 301):
            raise Failure(f"{self.url}{path} answers {status}")
        return path if status == 200 else headers["Location"].removeprefix(self.url)

    def put_file(self, name, body):
        """For nginx alone to serve, also compressed: the control. Its path."""
        folder = self.static / CONTROL_NAME
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(body)
        (folder / f"{name}.gz").write_bytes(gzip.compress(body, 6))
        return f"/static/{CONTROL_NAME}/{name}"
