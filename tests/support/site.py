"""A whole forum of its own, started by ./dev, for the tests that need one.

`./dev test` says by the environment where its build is; run by hand, pytest
builds in var/test first, in the same way.
"""

import hashlib
import json
import os
import pathlib
import re
import secrets
import socket
import subprocess
import time

import psycopg
from psycopg.rows import dict_row

from support.visitor import Visitor

ROOT = pathlib.Path(__file__).resolve().parents[2]
VAR = pathlib.Path(os.environ.get("ENTRAIDE_TEST_VAR", ROOT / "var" / "test"))
NPM = pathlib.Path(os.environ.get("ENTRAIDE_TEST_NPM", VAR / "npm" / "node_modules"))
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


class Site:
    """name: its folder below var/test; two sites run side by side."""

    def __init__(self, name, options=("--empty",)):
        self.var = VAR / name
        self.options = list(options)
        self.port = None
        self.pages = self.var / "pages"
        self._database = None

    # ---- its life ---------------------------------------------------------

    def start(self):
        if (self.var / "settings").exists():
            self.dev("down", "--delete")
        self.port = free_port()
        environment = {**os.environ, "ENTRAIDE_DEV_FSYNC": "off"}
        up = ["up", "--port", str(self.port), *self.options]
        self.dev(*up, "--prefix", str(self.prefix()), environment=environment)
        self.pages.mkdir(parents=True, exist_ok=True)
        for old in self.pages.iterdir():
            old.unlink()
        return self

    def stop(self):
        if self._database:
            self._database.close()
            self._database = None
        self.dev("down")

    def prefix(self):
        """Where the program is installed; built first when run by hand."""
        if "ENTRAIDE_TEST_PREFIX" in os.environ:
            return pathlib.Path(os.environ["ENTRAIDE_TEST_PREFIX"])
        subprocess.run([str(ROOT / "dev"), "test", "build"], check=True)
        return VAR / "prefix"

    def dev(self, command, *arguments, environment=None):
        """./dev COMMAND for this site; its words come with the exception."""
        done = subprocess.run(
            [str(ROOT / "dev"), command, "--var", str(self.var), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=environment,
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
        return (self.var / "log" / f"{name}.log").read_text("utf-8", "replace")

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
            env={**os.environ, "ENTRAIDE_CONFIG": str(self.var / "entraide.conf")},
            timeout=600,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"entraide {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done

    # ---- people -----------------------------------------------------------

    def visitor(self, language="en", address=None):
        return Visitor(self, language, address)

    def member(self, person=None, **options):
        """A visitor who is logged in; makes the account where none is given."""
        visitor = self.visitor(
            language=options.get("language", "en"), address=options.pop("address", None)
        )
        visitor.login(person or self.person(**options))
        return visitor

    # ---- mail -------------------------------------------------------------

    def mails(self, to=None):
        raise NotImplementedError

    # ---- pages ------------------------------------------------------------

    def keep_page(self, answer):
        """For the HTML checker, which looks at each different page at the end."""
        if not answer.is_html or not answer.response.content or not self.pages.is_dir():
            return
        digest = hashlib.sha256(answer.response.content).hexdigest()[:20]
        (self.pages / f"{digest}.html").write_bytes(answer.response.content)
        note = {"status": answer.status, "url": answer.response.url}
        (self.pages / f"{digest}.json").write_text(json.dumps(note))
