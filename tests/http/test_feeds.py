"""Atom feeds: what RFC 4287 asks for, whose news they are, and what is not in them."""

import re
import urllib.parse
import uuid
import xml.etree.ElementTree

import pytest
from support.articles import put_article
from support.forum import a_title, answer, ask, category, edit, path_of

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def absolute(address, site):
    return urllib.parse.urlsplit(address).scheme and address.startswith(site.url + "/")


def once(node, name):
    """The text of an element that stands there exactly once (RFC 4287, 4.1.1 and 4.1.2)."""
    found = node.findall(ATOM + name)
    assert len(found) == 1, (name, len(found))
    return found[0].text


def links(node):
    found = {}
    for link in node.findall(ATOM + "link"):
        kind = link.get("rel", "alternate"), link.get("type")
        assert kind not in found, kind
        found[kind] = link.get("href")
    return found


def read_feed(site, path):
    """{entry's address: entry}, after a look at all that the RFC requires."""
    shown = site.visitor().get(path)
    assert shown.status == 200, shown
    assert shown.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = xml.etree.ElementTree.fromstring(shown.response.content)
    assert root.tag == ATOM + "feed" and once(root, "title")
    assert absolute(once(root, "id"), site) and re.fullmatch(TIME, once(root, "updated"))
    assert root.find(ATOM + "author").findtext(ATOM + "name")
    own = links(root)
    assert own["self", "application/atom+xml"] == once(root, "id")
    assert site.visitor().get(own["self", "application/atom+xml"].removeprefix(site.url)).status == 200
    assert absolute(own["alternate", "text/html"], site)
    entries, ids, newest = {}, set(), "1970-01-01T00:00:00Z"
    for entry in root.findall(ATOM + "entry"):
        assert once(entry, "title") and absolute(once(entry, "id"), site)
        assert once(entry, "id") not in ids
        ids.add(once(entry, "id"))
        assert re.fullmatch(TIME, once(entry, "published")) and re.fullmatch(TIME, once(entry, "updated"))
        assert once(entry, "updated") >= once(entry, "published")
        newest = max(newest, once(entry, "updated"))
        content = entry.find(ATOM + "content")
        assert content is None or content.get("type") == "html"
        author = entry.find(ATOM + "author")
        assert author is None or author.findtext(ATOM + "name")
        address = links(entry)["alternate", "text/html"]
        assert absolute(address, site)
        entries[path_of_address(address)] = entry
    assert once(root, "updated") == newest
    return entries


def path_of_address(address):
    return urllib.parse.urlsplit(address).path


def head_feed(shown):
    found = [link["href"] for link in shown.page.all("link")
             if link.get("rel") == "alternate" and link.get("type") == "application/atom+xml"]
    assert len(found) == 1
    return found[0]


def test_lists_name_their_feeds_and_the_feeds_have_what_is_new(site, asker, helper):
    category(site, "fed")
    tag = "fed-" + uuid.uuid4().hex[:8]
    open_, solved = ask(asker, slug="fed", tags=tag), ask(asker, slug="fed", tags=tag)
    answer(helper, solved)
    site.sql("update topics set accepted_count = 1 where id = %s", solved.id)
    reader = site.visitor("en")
    for page, there, not_there in (
            ("/c/fed", {open_, solved}, set()), ("/c/fed?filter=unanswered", {open_}, {solved}),
            ("/c/fed?filter=solved", {solved}, {open_}), (f"/tag/{tag}", {open_, solved}, set()),
            ("/questions", {open_, solved}, set()), ("/", {open_, solved}, set())):
        feed = head_feed(reader.get(page))
        entries = read_feed(site, feed)
        assert {topic.path for topic in there} <= set(entries), page
        assert not {topic.path for topic in not_there} & set(entries), page
    person = path_of(reader.get(f"/u/{asker.person.id}", follow=False))
    assert open_.path in read_feed(site, head_feed(reader.get(person)))
    helped = path_of(reader.get(f"/u/{helper.person.id}", follow=False))
    answers = read_feed(site, head_feed(reader.get(helped + "?tab=answers")))
    assert answers and all(re.fullmatch(r"/p/\d+", path) for path in answers)


def test_ideas_and_articles_too(site, asker):
    category(site, "fed-ideas")
    site.sql("update categories set purpose = 'ideas' where slug = 'fed-ideas'")
    idea = ask(asker, slug="fed-ideas")
    put_article(site, a_title())
    reader = site.visitor("en")
    assert idea.path in read_feed(site, head_feed(reader.get("/ideas")))
    assert read_feed(site, head_feed(reader.get("/kb")))
    site.sql("update categories set purpose = 'questions' where slug = 'fed-ideas'")


def test_what_is_not_public_is_not_passed_on(site, asker):
    category(site, "fed-silent")
    shown, held, withdrawn = (ask(asker, slug="fed-silent") for _ in range(3))
    site.sql("update topics set visibility = 'held' where id = %s", held.id)
    site.sql("update topics set visibility = 'withdrawn' where id = %s", withdrawn.id)
    assert list(read_feed(site, "/c/fed-silent/feed")) == [shown.path]
    # Signed in, one sees more on pages; a feed is the same for everybody.
    own = asker.get("/c/fed-silent/feed")
    assert held.path not in own.text and "private" not in own.headers["Cache-Control"]


def test_an_entry_stays_itself_when_it_changes(site, asker):
    category(site, "fed-change")
    topic = ask(asker, slug="fed-change", body="A body that <b>has</b> & signs, at least fifteen letters long.")
    site.sql("update posts set created_at = created_at - interval '1 hour' where topic_id = %s", topic.id)
    site.sql("update topics set created_at = created_at - interval '1 hour' where id = %s", topic.id)
    before = read_feed(site, "/c/fed-change/feed")[topic.path]
    assert "&amp; signs" in before.findtext(ATOM + "content")
    post = site.sql_value("select id from posts where topic_id = %s and kind = 'question'", topic.id)
    edit(asker, post, title=a_title("An entirely other title for the very same thing"))
    entries = read_feed(site, "/c/fed-change/feed")
    assert len(entries) == 1 and topic.path not in entries
    after = next(iter(entries.values()))
    assert once(after, "id") == once(before, "id") == f"{site.url}/t/{topic.id}"
    assert once(after, "updated") > once(before, "updated")


def test_whoever_has_it_is_told_so(site, asker):
    category(site, "fed-known")
    ask(asker, slug="fed-known")
    reader = site.visitor()
    first = reader.get("/c/fed-known/feed?lang=en")
    again = reader.get("/c/fed-known/feed?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304 and not again.response.content
    ask(asker, slug="fed-known")
    assert reader.get("/c/fed-known/feed?lang=en",
                      headers={"If-None-Match": first.headers["ETag"]}).status == 200


@pytest.mark.parametrize("path", ["/questions/feed?filter=useful", "/questions/feed?filter=followed",
                                  "/questions/feed?filter=x", "/questions/feed?lang=xx", "/c/no-such/feed",
                                  "/tag/no-such-tag/feed", "/u/999999999/feed", "/u/x/feed"])
def test_other_feeds_are_not_there(client, path):
    assert client.get(path).status == 404
