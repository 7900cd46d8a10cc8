"""The forum that is broken: a scratch copy of its own (see ../bench), and the handles by
which its processes are hurt. Only processes that it started itself are signalled.
"""

import itertools
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time

import psycopg

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "bench"),
                str(pathlib.Path(__file__).resolve().parents[1])]

from people import Member  # noqa: E402
from processes import listens_to  # noqa: E402
from say import Failure  # noqa: E402
from scratch import Scratch  # noqa: E402
from support.page import Page  # noqa: E402
from verify import wait_until  # noqa: E402

JOBS_SECONDS = 240
MEMBERS = 8  # of the team: nobody counts how often they answer
REPLY = "Bonjour, débranchez la box une minute, puis attendez que le voyant soit fixe."
PG_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


class Site(Scratch):
    reply = REPLY

    def __init__(self, var, port, topics, prefix=None, is_timed=True):
        super().__init__(var, port, topics, ("--prefix", prefix) if prefix else ())
        self.is_timed = is_timed  # else no limit in seconds is held against it
        self.name = self.run = f"chaos{os.getpid()}x{int(time.time()) % 100000}"
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def start(self):
        super().start()
        self._sign_in()
        self.paths = ["/", "/questions"] + [self.page(f"/t/{n}")[0] for n in range(1, 11)]

    def begin(self, trial):
        """Its keys are told from those of other trials."""
        self.run = f"{self.name}-{trial}"

    def topics_of(self, number):
        """Each writer has questions of their own and some that all write to."""
        own = range(20 + number * 5, 20 + number * 5 + 5)
        return [*own, 11, 12, 13]

    def new_key(self, number):
        with self.lock:
            return f"{self.run}-{number}-{next(self.numbers):06d}"

    def _sign_in(self):
        tokens = [f"{self.run}{n}".ljust(43, "c")[:43] for n in range(MEMBERS)]
        with self.database("postgres") as connection:
            people = [row[0] for row in connection.execute(
                "update people set role = 'advisor' where id in (select id from people"
                " where role <> 'administrator' order by id limit %s) returning id", (MEMBERS,))]
            for token, person in zip(tokens, people):
                connection.execute(
                    "insert into sessions (token_hash, person_id, expires_at, authenticated_by)"
                    " values (sha256(%s::bytea), %s, now() + interval '1 day', 'totp')", (token.encode(), person))
        self.members = [self._member(f"session={token}") for token in tokens]

    def _member(self, cookie):
        status, _, body = self.get("/t/11/answer", cookie)
        if status != 200:
            raise Failure(f"the form of an answer is answered with {status}")
        form = next(form for form in Page(body.decode(), "/").forms if "csrf" in form.fields)
        return Member(cookie, form.fields["csrf"])

    def program_as_owner(self, *arguments):
        """Migrating: what web and worker may not."""
        done = subprocess.run([str(self.binary), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=120,
                              env={**os.environ, "ENTRAIDE_CONFIG": str(self.var / "entraide.conf"),
                                   "ENTRAIDE_DATABASE_CONNINFO": self.conninfo("entraide")})
        if done.returncode != 0:
            raise Failure(f"entraide {' '.join(arguments)} failed: {done.stdout}")

    # ---- what runs ----------------------------------------------------------------

    def workers(self, pool="pages"):
        """The processes of the web's pool."""
        return [pid for pid in self.groups()["web"].children() if self._is_of(pid, pool)]

    def _is_of(self, pid, pool):
        try:
            return listens_to(pid, self.socket_path(pool))
        except (FileNotFoundError, ProcessLookupError):
            return False  # it has just ended

    def kill(self, pids):
        """All at once: halted first, so that none takes up what another has dropped."""
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in pids:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass

    def pid(self, name):
        return self.groups()[name].root

    def is_answering(self, path="/"):
        try:
            return self.get(path)[0] == 200
        except OSError:
            return False

    def is_ready(self):
        return self.is_answering("/readyz")

    def wait_for_jobs(self, seconds=JOBS_SECONDS):
        """Until the worker has nothing left to do. What a killed worker had begun is taken
        again when its lease of five minutes is over; of these all but ten seconds are spared."""
        def is_done():
            with self.database("postgres") as connection:
                connection.execute("update jobs set leased_until = now() where state = 'running'"
                                   " and leased_until < now() + interval '290 seconds'")
                return connection.execute(
                    "select (select count(*) from jobs where state in ('queued', 'running') and run_at <= now() and kind <> 'mail')"
                    " + (select count(*) from search_marks) + (select count(*) from desk_events where is_new)"
                ).fetchone()[0] == 0
        wait_until(is_done, seconds, "the worker's queue to be empty")

    # ---- PostgreSQL -----------------------------------------------------------------

    @property
    def cluster(self):
        return (self.var / "postgres").resolve()

    def pg_ctl(self, *arguments):
        owner = pwd.getpwuid(self.cluster.stat().st_uid).pw_name
        words = [str(PG_BIN / "pg_ctl"), "-D", str(self.cluster), "-w", *arguments]
        if os.getuid() == 0:
            words = ["runuser", "-u", owner, "--", "env", "-i", "LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin", *words]
        done = subprocess.run(words, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", timeout=120)
        return done.returncode, done.stdout

    def start_postgres(self):
        """It recovers first; a kill may leave its children a moment to notice."""
        def has_started():
            return self.pg_ctl("-l", str(self.var / "log" / "postgres.log"), "start")[0] == 0
        wait_until(has_started, 60, "PostgreSQL to start")

    def kill_postgres(self):
        """All of them at once, as a power cut does, and nobody is left to clean up."""
        group = self.groups()["postgres"]
        self.kill([group.root, *group.children()])
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def set_postgres(self, **settings):
        """alter system; None takes a setting back."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            for name, value in settings.items():
                if value is None:
                    connection.execute(f"alter system reset {name}")
                else:
                    connection.execute(f"alter system set {name} = '{value}'")
            connection.execute("select pg_reload_conf()")

    # ---- a new version -----------------------------------------------------------------

    @property
    def binary(self):
        return pathlib.Path(self._setting("prefix")) / "bin" / "entraide"

    def install_new_binary(self):
        """Another file at the same place, as a package does it: written beside, then renamed."""
        beside = self.binary.with_suffix(".new")
        shutil.copy2(self.binary, beside)
        with open(beside, "ab") as file:
            file.write(b"\0")
        beside.replace(self.binary)
