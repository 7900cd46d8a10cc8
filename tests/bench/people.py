"""People who sign in: to measure signing in, to have somebody signed in, and to
make the noise of somebody who tries passwords.

wrk cannot do this: the program counts attempts by address, so each comes from an
address of its own (all of 127.0.0.0/8 is this machine).
"""

import dataclasses
import http.cookies
import itertools
import pathlib
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from filling import PEOPLE, STAFF, email_of  # noqa: E402
from say import Failure  # noqa: E402
from support.page import Page  # noqa: E402

THREADS = 16


def _addresses():
    """Never the same twice, and not 127.0.0.1, which nginx does not limit."""
    for number in itertools.count():
        yield f"127.{2 + number // 62500 % 250}.{number // 250 % 250}.{number % 250 + 1}"


def _cookies(headers):
    jar = http.cookies.SimpleCookie()
    for line in headers.get_all("Set-Cookie") or ():
        jar.load(line)
    return {name: morsel.value for name, morsel in jar.items()}


@dataclasses.dataclass
class Member:
    """Somebody signed in: what the browser would send along."""

    cookie: str
    csrf: str


class People:
    def __init__(self, scratch):
        self.scratch = scratch
        self.addresses = _addresses()
        self.lock = threading.Lock()

    def address(self):
        with self.lock:
            return next(self.addresses)

    def login_form(self):
        """(cookie, hidden fields) of a visitor who looks at the form."""
        status, headers, body = self.scratch.get("/login", address=self.address())
        if status != 200:
            raise Failure(f"/login answers {status}")
        form = Page(body.decode(), "/login").form("/login")
        visitor = "; ".join(f"{name}={value}" for name, value in _cookies(headers).items())
        return visitor, form.fields

    def login(self, person, password, form):
        """(status, cookies) of sending the form, from a new address."""
        cookie, fields = form
        fields = {**fields, "email": email_of(person), "password": password}
        headers = {
            "Cookie": cookie,
            "Origin": self.scratch.url,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status, answer, _ = self.scratch.ask(
            "POST", "/login", headers, urllib.parse.urlencode(fields), self.address()
        )
        return status, _cookies(answer)

    def members(self, numbers, path):
        """Signed in without asking the site: a hundred passwords take half a minute."""
        tokens = {number: f"bench{number}".ljust(43, "b") for number in numbers}
        with self.scratch.database("entraide") as connection:
            for number, token in tokens.items():
                connection.execute(
                    "insert into sessions (token_hash, person_id, expires_at, authenticated_by)"
                    " values (sha256(%s::bytea), %s, now() + interval '1 day', 'totp')"
                    " on conflict (token_hash) do update set expires_at = excluded.expires_at, seen_at = now()",
                    (token.encode(), number))
        return [self._member(number, token, path) for number, token in tokens.items()]

    def _member(self, person, token, path):
        """Opens a form at that path, for its hidden field."""
        cookie = f"session={token}"
        status, _, body = self.scratch.get(path, cookie)
        if status != 200:
            raise Failure(f"{path} answers {status} to {email_of(person)}")
        form = next(f for f in Page(body.decode(), path).forms if "csrf" in f.fields)
        return Member(cookie, form.fields["csrf"])


class Load:
    """Threads that sign in, one attempt after the other, until told to stop."""

    def __init__(self, people, password):
        self.people, self.password = people, password
        self.stopping = threading.Event()
        self.latencies, self.statuses = [], {}
        numbers = itertools.cycle(range(STAFF + 1, PEOPLE + 1))
        self.threads = [
            threading.Thread(target=self._attempts, args=(numbers, people.login_form()))
            for _ in range(THREADS)
        ]

    def _attempts(self, numbers, form):
        while not self.stopping.is_set():
            with self.people.lock:
                person = next(numbers)
            began = time.monotonic()
            try:
                status, _ = self.people.login(person, self.password, form)
            except OSError as error:
                status = type(error).__name__
            took = time.monotonic() - began
            with self.people.lock:
                self.latencies.append(took)
                self.statuses[status] = self.statuses.get(status, 0) + 1

    def __enter__(self):
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.seconds = time.monotonic() - self.began
        for thread in self.threads:
            thread.join()

    def percentile(self, share):
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
