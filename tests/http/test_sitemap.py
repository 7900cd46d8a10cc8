"""The sitemap and robots.txt: that they agree with each other and with the pages."""

import os
import re
import subprocess
import urllib.robotparser

import pytest
from support.articles import path_of_article, put_article
from support.forum import a_title, answer, ask, category
from support.sitemap import make_sitemap, read_sitemap
from support.waiting import until


@pytest.fixture(scope="module")
def helper(site):
    """Somebody whom one knows: not at level 0."""
    member = site.member(age_days=10)
    site.sql("update people set trust_level = 2 where id = %s", member.person.id)
    return member


def paths(files, kind):
    return {path: at for name, rows in files.items() if name.startswith(kind + "-") for path, at in rows.items()}


def test_what_is_in_it_is_there_canonical_and_to_be_found(site, helper):
    reader, newcomer = site.visitor("en"), site.member()
    category(site, "mapped")
    topic, fresh = ask(helper, slug="mapped"), ask(newcomer)
    answered = ask(newcomer)
    answer(helper, answered)
    number = put_article(site, a_title())
    make_sitemap(site)
    files = read_sitemap(reader, site)
    topics = paths(files, "topics")
    assert topic.path in topics and answered.path in topics and fresh.path not in topics
    assert topics[topic.path].endswith("Z")
    assert {topic.path, answered.path} <= set(paths(files, "recent"))
    assert path_of_article(site, number) in paths(files, "articles")
    assert {"/", "/questions", "/c/mapped"} <= set(paths(files, "pages"))
    for kind, few in (("topics", [topic.path, answered.path]), ("pages", paths(files, "pages")),
                      ("people", list(paths(files, "people"))[-20:]), ("tags", list(paths(files, "tags"))[-20:])):
        for path in few:
            shown = site.visitor("fr", address="127.0.0.1").get(path, follow=False)
            assert shown.status == 200, (kind, path)
            assert shown.page.find("meta", name="robots") is None, (kind, path)
            canonical = next((link["href"] for link in shown.page.all("link") if link.get("rel") == "canonical"), None)
            assert canonical == site.url + path, (kind, path)


def test_what_is_withdrawn_is_out_of_it(site, helper):
    reader = site.visitor("en")
    topic = ask(helper)
    make_sitemap(site)
    assert topic.path in paths(read_sitemap(reader, site), "topics")
    site.sql("update topics set visibility = 'withdrawn' where id = %s", topic.id)
    make_sitemap(site)
    files = read_sitemap(reader, site)
    assert not [name for name, rows in files.items() if topic.path in rows]


def test_a_crawler_that_has_it_is_told_so(site, helper):
    reader = site.visitor("en")
    ask(helper)
    make_sitemap(site)
    for path in ("/sitemap.xml", "/sitemap/topics-0.xml.gz"):
        first = reader.get(path)
        assert first.status == 200 and "public" in first.headers["Cache-Control"]
        again = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status == 304 and again.response.content == b""
        assert again.headers["Last-Modified"] == first.headers["Last-Modified"]
    before = reader.get("/sitemap/topics-0.xml.gz").headers["ETag"]
    ask(helper)
    make_sitemap(site)
    assert reader.get("/sitemap/topics-0.xml.gz", headers={"If-None-Match": before}).status == 200


@pytest.mark.parametrize("name", ["", "topics", "topics-0", "topics-00.xml.gz", "topics-7000.xml.gz", "x-0.xml.gz"])
def test_other_names_are_nothing(client, name):
    assert client.get(f"/sitemap/{name}").status == 404


def may_fetch(text, path):
    """RFC 9309 for everybody's group: the standard library's parser drops the query."""
    rules = [re.escape(rule).replace(r"\*", ".*") for rule in re.findall(r"(?m)^Disallow: (\S+)\r?$", text)]
    return not any(re.match(rule, path) for rule in rules)


def test_robots_txt_says_where_it_is_and_forbids_nothing_in_it(site, helper):
    reader = site.visitor("en")
    ask(helper)
    make_sitemap(site)
    text = reader.get("/robots.txt").text
    assert f"Sitemap: {site.url}/sitemap.xml" in text.splitlines()
    assert text.startswith("User-agent: *\n") and text.count("User-agent") == 1
    for rows in read_sitemap(reader, site).values():
        for path in rows:
            assert may_fetch(text, path), path
    assert not may_fetch(text, "/search?q=box") and not may_fetch(text, "/p/12/history")
    # These say themselves that they are not to be found; forbidden, they could not.
    for path in ("/login", "/search", "/questions?filter=solved", "/u/1"):
        assert may_fetch(text, path), path


def test_operators_add_lines_to_robots_txt(site):
    administrator = site.member(role="administrator")
    lines = "User-agent: Greedybot\nDisallow: /"
    saved = administrator.submit("/admin/settings/crawlers", "/admin/settings/crawlers",
                                 **{"crawlers.robots": lines})
    assert saved.status == 200
    text = site.visitor().get("/robots.txt").text.replace("\r\n", "\n")
    assert lines in text
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(text.splitlines())
    assert not robots.can_fetch("Greedybot", site.url + "/") and robots.can_fetch("Other", site.url + "/")
    site.sql("delete from site_settings where name = 'crawlers.robots'")


def command(site, *arguments):
    program = site.prefix() / "bin" / "entraide"
    return subprocess.run([program, "sitemap", *arguments], env={**os.environ, "ENTRAIDE_CONFIG": str(site.var / "entraide.conf")},
                          capture_output=True, text=True, timeout=120)


def test_the_command_looks_whether_it_is_true(site, helper):
    topics = [ask(helper) for _ in range(4)]
    assert command(site, "build").returncode == 0
    fine = command(site, "check", "--parallel", "3")
    assert fine.returncode == 0, fine.stdout + fine.stderr
    checked = int(re.search(r"0 of (\d+) are not", fine.stdout)[1])
    assert checked >= len(topics)
    # Behind the worker's back: gone, another title (so another address), not to be found.
    site.sql("alter table topics disable trigger user")
    try:
        site.sql("update topics set visibility = 'withdrawn' where id = %s", topics[0].id)
        site.sql("update topics set title = %s where id = %s", a_title("Quite another title than before"), topics[1].id)
        site.sql("update topics set status = 'closed', created_at = created_at where id = %s", topics[2].id)
        site.sql("update people set trust_level = 0 where id = %s", helper.person.id)
        site.sql("delete from sitemap_touches")
    finally:
        site.sql("alter table topics enable trigger user")
    found = command(site, "check")
    assert found.returncode == 1
    said = {line.split()[0].removeprefix(site.url): line for line in found.stdout.splitlines()
            if line.startswith(site.url)}
    assert "answers 410" in said[topics[0].path] or "answers 404" in said[topics[0].path]
    assert "answers 301, to " in said[topics[1].path]
    assert "says noindex" in said[topics[3].path]
    site.sql("update people set trust_level = 2 where id = %s", helper.person.id)
    make_sitemap(site)
    some = command(site, "check", "--sample", "3")
    assert some.returncode == 0, some.stdout
    assert int(re.search(r"0 of (\d+) are not", some.stdout)[1]) <= checked


@pytest.mark.parametrize("arguments", [(), ("check", "--parallel", "0"), ("check", "--sample", "-1"), ("check", "x"), ("x",)])
def test_the_command_explains_itself(site, arguments):
    refused = command(site, *arguments)
    assert refused.returncode == 1 and "sitemap" in refused.stderr


def test_the_key_of_indexnow_is_there_once_it_is_on(site):
    reader = site.visitor()
    assert reader.get("/indexnow.txt").status == 404
    site.sql("insert into site_settings (name, value) values ('crawlers.indexnow', 'on')")
    try:
        until(lambda: reader.get("/indexnow.txt").status == 200, what="the setting to be in force")
        assert re.fullmatch(r"[0-9a-f]{32}", reader.get("/indexnow.txt").text)
    finally:
        site.sql("delete from site_settings where name = 'crawlers.indexnow'")
