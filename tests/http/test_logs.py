"""What all the other tests left in the logs: no report of a sanitizer, no secret."""

import re

import pytest

from support.site import PASSWORD

LOGS = ("web", "worker", "nginx", "access", "crawl", "postgres")


@pytest.mark.last
@pytest.mark.parametrize("name", LOGS)
def test_no_sanitizer_complained(site, name):
    assert not site.sanitizer_report(name), site.sanitizer_report(name)


@pytest.mark.last
@pytest.mark.parametrize("name", LOGS)
def test_no_secret_was_written(site, name, member):
    log = site.log(name)
    assert PASSWORD not in log
    for cookie in member.session.cookies:
        assert len(cookie.value) < 16 or cookie.value not in log
    # Titles in addresses of questions are as long as a token.
    links = [link for mail in site.mails() for link in mail.links if "/t/" not in link]
    tokens = {token for link in links for token in re.findall(r"[A-Za-z0-9_-]{43}", link)}
    assert not [token for token in tokens if token in log]


@pytest.mark.last
def test_requests_are_one_line_each_of_key_and_value(site, member):
    lines = [line for line in site.log("web").splitlines() if " event=request " in line]
    assert len(lines) > 10
    pair = r'[a-z_]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]*)'
    assert not [line for line in lines if not re.fullmatch(rf"{pair}(?: {pair})*", line)]
