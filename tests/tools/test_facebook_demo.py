"""./dev up --with-facebook, for real: a copy of its own on ports of its own, in which a
comment written on the "Page" appears in the forum and an advisor's answer on the "Page"."""

import html
import os
import re
import sys
import time
import urllib.request

import pytest

sys.path.insert(0, __file__.rpartition("/tools/")[0])

from support.forum import accepted  # noqa: E402
from support.site import Site  # noqa: E402

pytestmark = pytest.mark.skipif("ENTRAIDE_TEST_PREFIX" not in os.environ, reason="run by ./dev test tools")

COMMENT = "Le voyant orange clignote trois fois puis s’éteint, pépère."
ANSWER = "Débranchez la prise, comptez jusqu’à dix, rebranchez."
NAMES = ("facebook", "worker", "web", "nginx")


@pytest.fixture(scope="module")
def copy():
    site = Site("facebook", options=["--empty", "--with-facebook"]).start()
    yield site
    site.stop()
    site.dev("down", "--delete")


class Page:
    """The Page as a person sees it in a browser, at the address that ./dev prints."""

    def __init__(self, said):
        self.url = re.search(r"Page is at (http://127\.0\.0\.1:\d+)/", said)[1]

    def text(self, path="/"):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return html.unescape(answer.read().decode())

    def write(self, act, **fields):
        data = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(f"{self.url}/act/{act}", data, timeout=10) as answer:
            return answer.status


def wait(check, what, seconds=30):
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.2)
    return found


def up(site):
    return site.dev("up", "--prefix", str(site.prefix()))


def thread(site):
    """The newest thread whose question is a customer's: (its path, its number at Facebook)."""
    row = wait(lambda: site.sql(
        "select t.id, i.address from topics t join mirror_items i on i.topic_id = t.id and i.kind = 'post'"
        " where i.is_by_visitor and t.visibility = 'visible' order by t.id desc limit 1"), "a thread")[0]
    return site.visitor().get(f"/t/{row['id']}-").path, row["address"]


def test_the_page_and_the_forum_are_kept_in_step(copy):
    page = Page(up(copy))
    assert "Ceci n’est pas Facebook" in page.text()
    path, address = thread(copy)
    assert page.write("comment", id=address, who="Sophie Martin", message=COMMENT) == 200
    visitor = copy.visitor("fr")
    shown = wait(lambda: COMMENT in (answer := visitor.get(path)).page.text and answer, "the comment in the forum")
    assert "Sophie" not in shown.text
    origin = shown.page.find("p", class_="origin").find("a")["href"]
    assert origin.startswith(page.url + "/")
    assert COMMENT in page.text(origin.removeprefix(page.url))

    advisor = copy.member(role="advisor")
    form = next(form for form in advisor.get(path).page.forms if form.action.endswith("/answer"))
    accepted(advisor.post(form.action, {**form.fields, "body": ANSWER, "send": "facebook"}, follow=False))
    wait(lambda: ANSWER in page.text(), "the answer on the Page", 60)


def test_it_stops_and_starts_again_where_it_was(copy):
    page = Page(up(copy))
    before = {name: copy.process(name) for name in NAMES}
    path, _ = thread(copy)
    up(copy)
    assert {name: copy.process(name) for name in NAMES} == before
    topics = copy.sql_value("select count(*) from topics")
    copy._database.close()
    copy.dev("down")
    with pytest.raises(OSError):
        page.text()
    # Not asked for again: a copy that has it keeps it.
    again = Page(up(copy))
    assert again.url == page.url
    assert COMMENT in again.text() and ANSWER in again.text()
    assert COMMENT in copy.visitor().get(path).page.text
    assert copy.sql_value("select count(*) from topics") >= topics
    assert copy.sql_value("select count(*) from mirror_sources") == 1
    assert re.search(r"facebook\s+running", copy.dev("status"))


def test_what_both_sides_keep_secret_is_in_files_of_our_own(copy):
    for name in ("app", "page", "verify"):
        file = copy.var / "facebook" / f"{name}.secret"
        assert len(file.read_text()) == 48
        assert file.stat().st_mode & 0o077 == 0
    assert (copy.var / "log" / "facebook.log").stat().st_mode & 0o077 == 0
    secret = (copy.var / "facebook" / "page.secret").read_text()
    assert not copy.sql("select 1 from mirror_sources s where s::text like %s", f"%{secret}%")
