"""Signing up and in, for the tests about accounts."""

import re

from support.forum import problem
from support.site import PASSWORD
from support.waiting import until

NEW_PASSWORD = "a quite different sentence"
_count = iter(range(1, 10_000))


def an_address():
    return f"account-{next(_count)}@example.org"


def signed_up(site, language="en", email=None, name=None):
    """A visitor who has filled in the form, not confirmed; and the address."""
    visitor, email = site.visitor(language=language), email or an_address()
    answer = visitor.sign_up(name or f"Newcomer {next(_count)}", email, PASSWORD)
    assert answer.status == 200, problem(answer)
    return visitor, email


def is_signed_in(visitor):
    return visitor.get("/settings", follow=False).status == 200


def plain(answer):
    """A page less what is random in it: two such pages must be the same bytes."""
    text = re.sub(r'name="(csrf|key|opened)" value="[^"]*"', r'name="\1"', answer.text)
    return re.sub(r"\b[0-9a-f]{32}\b", "ID", text)


def set_cookies(answer):
    """name → the whole Set-Cookie line."""
    lines = answer.response.raw.headers.getlist("Set-Cookie")
    return {line.split("=", 1)[0]: line for line in lines}


def log_in(visitor, email, password=PASSWORD, follow=True, **fields):
    return visitor.submit("/login", "/login", follow=follow, email=email, password=password, **fields)


def end_windows(site):
    """The wait is over: every throttle's window lies in the past."""
    site.sql("update throttles set ends_at = now() - interval '1 second'")


def guess(visitor, email, times):
    page = visitor.get("/login").page
    answers = [visitor.submit(page, "/login", email=email, password=f"guess number {n}")
               for n in range(times)]
    return [answer.status for answer in answers], answers[-1]


def reset_link(site, email):
    """Of the newest mail that has one: others may be on their way."""
    def links():
        return [link for mail in site.mails(email) for link in mail.links if "/reset/password" in link]

    before = len(links())
    assert site.visitor().submit("/reset", "/reset", email=email).status == 200
    return until(lambda: links()[before:])[0]
