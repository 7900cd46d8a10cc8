"""Who crawls what: from a request to the administrators' page, on the real nginx and the real
worker. Crawlers that no other test plays, so that only what is ours is counted."""

import csv
import io
import os
import pathlib
import re
import signal

import pytest

from support.forum import ask
from support.waiting import until

ROOT = pathlib.Path(__file__).resolve().parents[2]
# nginx writes once a second, the worker looks every two, a renamed log rests for five.
SOON = 40


def as_crawler(site, name, address):
    visitor = site.visitor(address=address)
    visitor.session.headers["User-Agent"] = f"Mozilla/5.0 (compatible; {name}/3.0; +http://example.org/bot)"
    return visitor


def is_at(site, *pairs):
    """Instead of DNS: which address has which name."""
    with (site.var / "crawler-hosts").open("a") as file:
        file.writelines(f"{address} {name}\n" for address, name in pairs)


def counted(site, crawler, condition="true"):
    return site.sql_value("select coalesce(sum(requests), 0)::bigint from crawl_days"
                          f" where crawler = %s and {condition}", crawler)


def wait_counted(site, crawler, number):
    until(lambda: counted(site, crawler) >= number, SOON, f"{number} requests of {crawler}")
    assert counted(site, crawler) == number


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator")


# ---- from the log to the counts --------------------------------------------------


def test_requests_are_counted_by_page_and_answer(site, asker, administrator):
    topic = ask(asker)
    is_at(site, ("127.88.1.1", "crawl-1.seznam.cz"))
    crawler = as_crawler(site, "SeznamBot", "127.88.1.1")
    tag = until(lambda: site.visitor().get(topic.path).headers.get("ETag"), what="a page that has settled")
    assert crawler.get(topic.path).status == 200
    assert crawler.get(topic.path, headers={"If-None-Match": tag}).status == 304
    for path, status in (("/questions", 200), ("/questions/feed", 200), ("/robots.txt", 200), ("/sitemap.xml", 200),
                         ("/t/987654321-nothing", 404), ("/search?q=box", 200), ("/login", 200)):
        assert crawler.get(path).status == status, path
    wait_counted(site, "seznambot", 9)
    assert counted(site, "seznambot", "verdict = 'verified'") == 9
    kinds = {row["kind"]: row["n"] for row in site.sql(
        "select kind, sum(requests)::int n from crawl_days where crawler = 'seznambot' group by kind")}
    assert kinds == {"topic": 3, "list": 1, "feed": 1, "robots": 1, "sitemap": 1, "search": 1, "other": 1}
    assert counted(site, "seznambot", "answer = 'same'") == 1
    assert counted(site, "seznambot", "answer = 'gone' and kind = 'topic'") == 1
    assert counted(site, "seznambot", "answer = 'ok'") == 7
    assert site.sql_value("select sum(bytes)::bigint from crawl_days where crawler = 'seznambot'") > 5000


def test_who_only_pretends_is_found_out(site, administrator):
    is_at(site, ("127.88.2.1", "crawl-1.petalsearch.com"), ("127.88.2.2", "crawl-1.petalsearch.com.example.net"))
    for last in (1, 1, 2, 3):
        assert as_crawler(site, "PetalBot", f"127.88.2.{last}").get("/robots.txt").status == 200
    wait_counted(site, "petalbot", 4)
    assert counted(site, "petalbot", "verdict = 'verified'") == 2
    assert counted(site, "petalbot", "verdict = 'false'") == 2
    page = administrator.get("/admin/crawlers?days=7").page
    assert "Claims to be PetalBot" in page.text and "crawl-1.petalsearch.com.example.net" in page.text
    assert "127.88.2.2" in page.text and "127.88.2.3" in page.text and "127.88.2.1" not in page.text
    # Whose maker gives no way to check is neither the one nor the other.
    assert as_crawler(site, "MJ12bot", "127.88.2.1").get("/robots.txt").status == 200
    wait_counted(site, "mj12bot", 1)
    assert counted(site, "mj12bot", "verdict = 'none'") == 1


def test_who_was_slowed_down_is_counted_as_refused(site):
    crawler = as_crawler(site, "DotBot", "127.88.3.1")
    statuses = [crawler.get("/robots.txt").status for _ in range(40)]
    assert 429 in statuses
    wait_counted(site, "dotbot", 40)
    assert counted(site, "dotbot", "answer = 'refused' and kind = 'robots'") == statuses.count(429)


def test_nothing_is_lost_or_counted_twice_when_the_log_is_rotated(site):
    log = site.var / "log" / "crawl.log"
    crawler = as_crawler(site, "MojeekBot", "127.88.4.1")
    for _ in range(3):
        crawler.get("/robots.txt")
    wait_counted(site, "mojeekbot", 3)
    crawler.get("/robots.txt")
    log.rename(log.with_suffix(".log.1"))
    # nginx has not noticed: these go where the log was.
    for _ in range(2):
        crawler.get("/robots.txt")
    os.kill(site.process("nginx"), signal.SIGUSR1)
    until(log.exists, what="the new log")
    for _ in range(3):
        crawler.get("/robots.txt")
    wait_counted(site, "mojeekbot", 9)


# ---- what stands in the log ----------------------------------------------------------


def test_the_log_says_nothing_of_people_and_no_secret(site, asker):
    topic = ask(asker)
    person, crawler = site.visitor(address="127.88.6.1"), as_crawler(site, "SemrushBot", "127.88.6.2")
    for visitor in (person, crawler):
        for path in (topic.path + "?page=1&word=hidden-in-query", "/search?q=hidden-in-query",
                     "/confirm/hidden-in-the-path", "/reset/hidden-in-the-path"):
            visitor.get(path)
    log = until(lambda: (text := site.log("crawl")).count("127.88.6.2") >= 4 and text, SOON, "the log")
    assert "127.88.6.1" not in log and "entraide-tests" not in log
    assert "hidden-in" not in log and topic.path not in log
    places = {line.split(" ")[5] for line in log.splitlines() if "127.88.6.2" in line}
    assert places == {f"/t/{topic.id}", "/search", "/confirm", "/reset"}


def test_a_hostile_agent_breaks_no_line(site):
    crawler = site.visitor(address="127.88.7.1")
    for agent in ('AhrefsBot" 192.0.2.66', "AhrefsBot \\\" -", "x" * 3000 + "AhrefsBot", "AhrefsBot\té\xff"):
        crawler.session.headers["User-Agent"] = agent.encode("latin-1")
        assert crawler.get("/robots.txt").status in (200, 400)
    # The third says so beyond what is written of it: one of the others.
    wait_counted(site, "ahrefsbot", 3)
    assert "192.0.2.66" not in [row["network"] for row in site.sql("select host(network) network from crawl_networks")]


def test_nginx_and_the_program_agree_on_whose_views_count():
    conf = (ROOT / "nginx/http.conf").read_text()
    (words,) = re.findall(r'\$entraide_may_read \{\s+default 1;\s+"" "";\s+"~\*([^"]+)" "";\s+\}', conf)
    source = (ROOT / "src/forum/view_count.c").read_text()
    marks = re.search(r"marks\[\] = \{(.*?)\}", source, re.S)[1]
    assert words.split("|") == re.findall(r'"([^"]+)"', marks)


# ---- the page ---------------------------------------------------------------------------


@pytest.fixture
def figures(site):
    """A week of a crawler that is not known any more, in the past."""
    site.sql("insert into crawl_days select (now() at time zone 'utc')::date - n, 'oldbot', 'none', 'article', answer,"
             " false, requests, 1500000 from generate_series(40, 46) n,"
             " (values ('ok', 60), ('same', 30), ('refused', 10)) a (answer, requests)")
    yield
    site.sql("delete from crawl_days where crawler = 'oldbot'")


def test_the_page_shows_shares_and_periods(site, administrator, figures):
    assert "oldbot" not in administrator.get("/admin/crawlers").page.text
    page = administrator.get("/admin/crawlers?days=90").page
    row = next(row for row in page.all("tr") if row.all("td") and row.find("th").text.strip() == "oldbot")
    cells = [cell.text.strip() for cell in row.all("td")]
    assert cells[:8] == ["700", "Cannot be checked", "30%", "0%", "70", "0", "0", "32 MB"]
    assert cells[8] == "articles"
    for wrong in ("days=8", "days=x", "days=0", "days=-7"):
        assert administrator.get(f"/admin/crawlers?{wrong}").status == 404, wrong
    assert "/admin/crawlers" in administrator.get("/admin").page.links
    french = site.member(role="administrator", language="fr").get("/admin/crawlers?days=90").text
    assert "Robots d’exploration" in french


def test_the_file_has_a_line_for_each_day_and_crawler(site, administrator, figures):
    answer = administrator.get("/admin/crawlers.csv?days=90")
    assert 'filename="crawlers.csv"' in answer.headers["Content-Disposition"]
    rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["crawler"] == "oldbot"]
    assert len(rows) == 7 and rows[0]["day"] > rows[1]["day"]
    assert {k: v for k, v in rows[0].items() if k != "day"} == {
        "crawler": "oldbot", "verdict": "none", "requests": "100", "unchanged": "30", "kept": "0", "refused": "10",
        "gone": "0", "errors": "0", "bytes": "4500000"}


def test_a_log_that_is_not_read_is_said_to_be_so(site, administrator):
    site.sql("insert into crawl_logs (node, trouble) values ('other-node:/nowhere/crawl.log', 'missing')")
    try:
        page = administrator.get("/admin/crawlers").page
        assert "other-node:/nowhere/crawl.log" in page.text and "there is no such file" in page.text
    finally:
        site.sql("delete from crawl_logs where node like 'other-node:%%'")
    assert "is not read" not in administrator.get("/admin/crawlers").page.text
    assert "entraide_crawl_log_seconds" in site.visitor(address="127.0.0.1").get("/metrics").text
