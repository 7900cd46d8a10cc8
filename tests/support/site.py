"""A whole forum of its own, started by ./dev, for the tests that need one.

`./dev test` builds first and says by the environment where the build is; one
test alone is `./dev test http -- -k NAME`.
"""

import email
import email.policy
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import psycopg
from psycopg.rows import dict_row

from support.visitor import Visitor
from support.waiting import until

ROOT = pathlib.Path(__file__).resolve().parents[2]
VAR = pathlib.Path(os.environ.get("ENTRAIDE_TEST_VAR", ROOT / "var" / "test"))
NPM = pathlib.Path(os.environ.get("ENTRAIDE_TEST_NPM", VAR / "npm" / "node_modules"))
PIECE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Piece</title></head><body><main><h1>Piece</h1><h2>It</h2><form id="similar-solved"></form>
<form id="similar-follow"></form>%s</main></body></html>"""
# Tests look at pages right after they changed them.
KEEP_NOTHING = {"ENTRAIDE_DEV_PAGE_CACHE": "off"}
PASSWORD = "correct horse battery staple"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def shared_folder():
    """The project's shared data beside the checkout, or None."""
    folder = pathlib.Path(os.environ.get("ENTRAIDE_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None


class Person:
    """An account that the tests made, with its password."""

    def __init__(self, number, name, email, role, password):
        self.id, self.name, self.email = number, name, email
        self.role, self.password = role, password

    def __repr__(self):
        return f"<{self.role} {self.name} #{self.id}>"


class Mail:
    """A caught mail: who, subject, both bodies and the links to the site."""

    def __init__(self, raw):
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.to = self.message["X-Envelope-To"].strip()
        self.subject = self.message["Subject"]
        self.text = self._part("plain")
        self.html = self._part("html")

    def _part(self, kind):
        part = self.message.get_body((kind,))
        return part.get_content() if part else ""

    @property
    def links(self):
        return re.findall(r"https?://[^\s<>\"')\]]+", self.text)

    def link(self, part):
        """The first link with that in its address."""
        for link in self.links:
            if part in link:
                return link
        raise AssertionError(f"no link with {part} in: {self.links}")


class Site:
    """name: its folder below var/test; two sites run side by side. settings: what
    stands in no file, as the program's environment (ENTRAIDE_…)."""

    def __init__(self, name, options=("--empty",), settings=None):
        self.environment = dict(settings or {})
        self.var = VAR / name
        self.options = list(options)
        self.port = None
        self.pages = self.var / "pages"
        self._database = None
        self._addresses = (f"127.1.{n // 250}.{n % 250 + 1}" for n in itertools.count())
        self._numbers = itertools.count(1)
        self._hashes = {}
        self._mails = {}

    # ---- its life ---------------------------------------------------------

    def start(self):
        if (self.var / "settings").exists():
            self.dev("down", "--delete")
        shutil.rmtree(self.var / "log", ignore_errors=True)
        self.port = self.port or free_port()
        environment = {**os.environ, "ENTRAIDE_DEV_FSYNC": "off", **KEEP_NOTHING, **self.environment}
        up = ["up", "--port", str(self.port), *self.options]
        self.dev(*up, "--prefix", str(self.prefix()), environment=environment)
        # Tests fill in forms as fast as programs do; test_sign_up_guard.py sets it back.
        self.sql("insert into site_settings (name, value) values ('sign_up.min_seconds', '0')"
                 " on conflict (name) do nothing")
        # What tests ask in a minute would be a crisis, with a mail to everybody.
        self.sql("insert into site_settings (name, value) values ('crisis.watch', 'off') on conflict (name) do nothing")
        self._mails = {}
        shutil.rmtree(self.pages, ignore_errors=True)
        self.pages.mkdir(parents=True)
        return self

    def stop(self):
        if self._database:
            self._database.close()
            self._database = None
        said = len(self.log("dev"))
        self.dev("down")
        assert "did not stop by itself" not in self.log("dev")[said:], self.log("dev")[said:]
        for name in ("web", "worker"):
            assert not self.sanitizer_report(name), self.sanitizer_report(name)

    def sanitizer_report(self, name):
        """What AddressSanitizer or UndefinedBehaviorSanitizer said in that log, or ""."""
        log = self.log(name)
        found = re.search(r"ERROR: \w+Sanitizer|runtime error:|assertion .* failed", log, re.I)
        return log[found.start():found.start() + 3000] if found else ""

    def prefix(self):
        """Where the program is installed."""
        assert "ENTRAIDE_TEST_PREFIX" in os.environ, "run the tests by ./dev test"
        return pathlib.Path(os.environ["ENTRAIDE_TEST_PREFIX"])

    def dev(self, command, *arguments, environment=None):
        """./dev COMMAND for this site; its words come with the exception."""
        done = subprocess.run(
            [str(ROOT / "dev"), command, "--var", str(self.var), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=environment or {**os.environ, **KEEP_NOTHING, **self.environment},
            timeout=600,
        )
        if done.returncode != 0:
            raise RuntimeError(f"./dev {command} failed:\n{done.stdout}")
        return done.stdout

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def settings(self):
        lines = (self.var / "settings").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def process(self, name):
        """Process id of nginx, web, worker or mail, as ./dev noted it."""
        return int((self.var / "run" / f"{name}.pid").read_text().split()[0])

    def log(self, name):
        if name in ("access", "crawl"):
            time.sleep(1.2)  # nginx keeps lines for up to a second
        return (self.var / "log" / f"{name}.log").read_text("utf-8", "replace")

    def request_line(self, answer):
        """What web logged of it, which it does after the answer has left."""
        number = f"id={answer.headers['X-Request-Id']} "
        return until(lambda: next((line for line in self.log("web").splitlines()
                                   if number in line and " event=request " in line), None), what="a line of the log")

    # ---- behind its back --------------------------------------------------

    def conninfo(self, role="entraide"):
        configuration = (self.var / "entraide.conf").read_text()
        conninfo = re.search(r"^conninfo = (.*)$", configuration, re.M).group(1)
        return re.sub(r"user=\S+", f"user={role}", conninfo)

    def sql(self, query, *parameters):
        """Rows as dictionaries; none for a statement that returns nothing."""
        if self._database is None or self._database.closed:
            self._database = psycopg.connect(
                self.conninfo(), autocommit=True, row_factory=dict_row
            )
        cursor = self._database.execute(query, parameters)
        return cursor.fetchall() if cursor.description else []

    def sql_value(self, query, *parameters):
        (row,) = self.sql(query, *parameters)
        (value,) = row.values()
        return value

    def run(self, *arguments, stdin=None, check=True):
        """The entraide program with this site's configuration."""
        done = subprocess.run(
            [str(self.prefix() / "bin" / "entraide"), *arguments],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, **self.environment,
                 "ENTRAIDE_CONFIG": str(self.var / "entraide.conf")},
            timeout=600,
        )
        # Who is to be refused must not have crashed instead.
        if done.returncode < 0 or (check and done.returncode != 0):
            raise RuntimeError(f"entraide {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done

    # ---- people -----------------------------------------------------------

    def person(self, role="customer", name=None, email=None, password=PASSWORD,
               language="en", age_days=0):
        """A new account with its address confirmed. age_days: how long ago it was
        made; in its first day one may write only a little.

        The first one is made by `entraide user create`; later ones copy its hash,
        because a hundred Argon2 hashes would be half of the tests' time."""
        number = next(self._numbers)
        name, email = name or f"Person {number}", email or f"person-{number}@example.org"
        if password not in self._hashes:
            self.run("user", "create", "--email", email, "--name", name, "--role", role,
                     "--language", language, "--password-stdin", stdin=password + "\n")
            made = self.sql("select id, password_hash from people where email = %s", email)[0]
            self._hashes[password] = made["password_hash"]
            person_id = made["id"]
        else:
            person_id = self.sql_value(
                "insert into people (name, handle, email, email_key, password_hash, role, language,"
                " trust_level, state, email_confirmed_at)"
                " values (%s, free_handle(%s), %s, lower(%s), %s, %s, %s, %s, 'active', now()) returning id",
                name, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "person", email, email,
                self._hashes[password], role, language, 0 if role == "customer" else 4,
            )
        if age_days:
            self.sql("update people set created_at = created_at - make_interval(days => %s)"
                     " where id = %s", age_days, person_id)
        return Person(person_id, name, email, role, password)

    def visitor(self, language="en", address=None):
        """Each comes from an address of its own, as people do: the program and
        nginx count by address. 127.0.0.1 is the machine itself, without limit."""
        return Visitor(self, language, address or next(self._addresses))

    def member(self, person=None, **options):
        """A visitor who is logged in; makes the account where none is given."""
        visitor = self.visitor(options.get("language", "en"), options.pop("address", None))
        person = person or self.person(**options)
        answer = visitor.login(person)
        # What an outage that a test made leaves behind for a moment; a person would
        # try again too. Logging in has tests of its own.
        for _ in range(3):
            if answer.status == 503:
                time.sleep(1)
                answer = visitor.login(person)
        assert visitor.person, f"the login was refused: {answer}"
        return visitor

    # ---- mail -------------------------------------------------------------

    def mails(self, to=None):
        """Those that arrived so far, in their order; to: an address."""
        files = sorted((self.var / "mail").glob("*.eml"))
        for file in files:
            # Asked for every moment while one is waited for: each is read once.
            if file.name not in self._mails:
                self._mails[file.name] = Mail(file.read_bytes())
        mails = [self._mails[file.name] for file in files]
        return [mail for mail in mails if to is None or mail.to == to]

    def wait_mail(self, to, number=1, seconds=20):
        """The number-th mail to that address; the worker takes a moment."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            mails = self.mails(to)
            if len(mails) >= number:
                return mails[number - 1]
            time.sleep(0.1)
        raise AssertionError(f"no mail number {number} to {to}; worker: {self.log('worker')[-2000:]}")

    # ---- pages ------------------------------------------------------------

    def keep_page(self, answer):
        """For the HTML checker, which looks at each different page at the end.
        Nobody sees what a redirect says; a piece of a page is judged within one."""
        if not answer.is_html or not answer.text or 300 <= answer.status < 400:
            return
        content = answer.response.content
        if not content[:15].lower().startswith(b"<!doctype html>"):
            content = PIECE % content
        # Pages that differ by tokens, numbers and times alone are the same page.
        alike = re.sub(rb"[A-Za-z0-9_-]{22,}|[0-9]+", b"", content)
        digest = hashlib.sha256(alike).hexdigest()[:20]
        (self.pages / f"{digest}.html").write_bytes(content)
        note = {"status": answer.status, "url": answer.response.url}
        (self.pages / f"{digest}.json").write_text(json.dumps(note))
