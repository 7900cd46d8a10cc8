"""Crawlers: who counts as one, how often they may ask, what is said when they ask too often."""

import pathlib
import re
import uuid

import pytest

from support.waiting import until

ROOT = pathlib.Path(__file__).resolve().parents[2]


def table():
    """(class, signature) of each row of the program's table."""
    source = (ROOT / "src/http/crawler.c").read_text()
    rows = re.findall(r'^\t\{ "[a-z0-9-]+",\s+"[^"]+",\s+CRAWLER_(\w+),\s+"([^"]+)",', source, re.M)
    assert len(rows) > 30
    return rows


def browsers():
    """The line that comes before the table of crawlers."""
    configuration = (ROOT / "nginx/http.conf").read_text()
    return re.search(r'\$entraide_browser \{\n\tdefault "";\n\t"~(.+)" 1;', configuration)[1]


def nginx_class(agent):
    if re.search(browsers(), agent):
        return ""
    for line in (ROOT / "nginx/crawlers.conf").read_text().splitlines():
        if line.startswith("#"):
            continue
        match = re.fullmatch(r'"~\*(.+)" (search|other);', line)
        assert match, line
        if re.search(match[1], agent, re.I):
            return match[2]
    return ""


PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize("kind, signature", table())
def test_nginx_and_the_program_agree_on_who_is_who(kind, signature):
    """Where makers put their name: alone, or somewhere in what a browser says."""
    for agent in (f"Mozilla/5.0 (compatible; {signature} 2.1; +http://example.org/)", f"{signature} 2.1",
                  f"{PHONE} (compatible; {signature} 2.1; +http://example.org/)", f"{PHONE} {signature} 2.1",
                  f"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {signature} 2.1) Chrome/126.0 Safari/537.36"):
        assert nginx_class(agent) == ("search" if kind in ("SEARCH", "PREVIEW") else "other"), agent


def test_what_browsers_say_is_settled_by_the_first_line():
    windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
    android = "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    for agent in (PHONE, windows, f"{windows} Edg/131.0.0.0", f"{android} Mobile/15E148 Safari/537.36",
                  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"):
        assert re.search(browsers(), agent), agent


@pytest.mark.parametrize("agent", [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    PHONE,
    "",
])
def test_people_are_no_crawlers(agent):
    assert nginx_class(agent) == ""


def ask_often(site, address, agent, times):
    visitor = site.visitor(address=address)
    visitor.session.headers["User-Agent"] = agent
    return [visitor.get("/robots.txt") for _ in range(times)]


def test_robots_are_slowed_down_by_network_and_politely(site):
    unknown = "Mozilla/5.0 (compatible; GreedyBot/1.0)"
    answers = ask_often(site, "127.77.1.1", unknown, 60)
    refused = [answer for answer in answers if answer.status == 429]
    assert answers[0].status == 200 and len(refused) >= 20
    assert refused[0].headers["Retry-After"] == "60"
    # A neighbour is the same crawler; another network is not, nor is a person beside it.
    assert 429 in [answer.status for answer in ask_often(site, "127.77.1.200", unknown, 10)]
    assert ask_often(site, "127.77.2.1", unknown, 1)[0].status == 200
    assert {answer.status for answer in ask_often(site, "127.77.1.1", "Mozilla/5.0 (X11) Firefox/128.0", 20)} == {200}


def test_search_engines_have_more(site):
    agent = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    assert {answer.status for answer in ask_often(site, "127.77.3.1", agent, 100)} == {200}


# ---- who is not let in --------------------------------------------------------


def block(site, name, lines):
    administrator = site.member(role="administrator")
    saved = administrator.submit("/admin/settings/crawlers", "/admin/settings/crawlers", **{f"crawlers.{name}": lines})
    assert saved.status == 200
    return administrator


def with_agent(visitor, agent):
    visitor.session.headers["User-Agent"] = agent
    return visitor


@pytest.fixture
def unblocked(site):
    yield
    site.sql("delete from site_settings where name like 'crawlers.blocked%%'")


def test_a_program_is_kept_out_by_its_name(site, unblocked):
    agent = f"Mozilla/5.0 (compatible; Unwanted{uuid.uuid4().hex[:6]}/1.0)"
    reader, member = with_agent(site.visitor("en"), agent), with_agent(site.member(), agent)
    assert reader.get("/questions").status == 200
    block(site, "blocked_agents", "# these\nxy\n" + agent.split("; ")[1].split("/")[0].upper() + " # too greedy\n")
    until(lambda: reader.get("/questions").status == 403, what="the list to be in force")
    for path in ("/", "/questions", "/api/v1/topics", "/sitemap.xml", "/questions/feed", "/search?q=box"):
        assert reader.get(path).status == 403, path
    assert "If you are a person" in reader.get("/questions").page.text
    for path in ("/robots.txt", "/legal", "/login"):
        assert reader.get(path).status == 200, path
    assert member.get("/questions").status == 200
    # "xy" is too short to be one; others have not noticed.
    assert with_agent(site.visitor(), "oxygen-browser/1.0").get("/questions").status == 200


def test_a_network_is_kept_out(site, unblocked):
    inside, outside = site.visitor(address="127.99.5.7"), site.visitor(address="127.99.6.7")
    block(site, "blocked_networks", "127.99.5.0/24\nnonsense\n")
    until(lambda: inside.get("/questions").status == 403, what="the list to be in force")
    assert outside.get("/questions").status == 200 and inside.get("/legal").status == 200
