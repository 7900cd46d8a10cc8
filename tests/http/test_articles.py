"""The knowledge base as readers see it: places, an article, addresses that moved, votes."""

import datetime
import json
import xml.etree.ElementTree

import pytest
from support.articles import path_of_article, put_article
from support.forum import a_title, category, path_of


@pytest.fixture
def reader(site):
    return site.visitor("en")


def location(reader, path):
    answer = reader.get(path, follow=False)
    assert answer.status == 301, answer
    return path_of(answer)


def test_an_article_has_contents_boxes_and_related_ones(site, reader):
    title, product = a_title(), "Kettle"
    other = a_title()
    number = put_article(site, title, product=product)
    put_article(site, other, product=product)
    shown = reader.get(path_of_article(site, number))
    assert shown.status == 200 and shown.page.find("h1").text == title
    assert "#s-first" in shown.page.links and "#s-then" in shown.page.links
    assert shown.page.find("h3", id="s-first").text == "First"
    assert "callout-warning" in shown.page.find("blockquote").get("class")
    assert other in shown.page.text
    assert shown.page.find("meta", name="description")["content"] == f"In short: {title}"
    assert shown.page.find("meta", name="robots") is None
    assert "QAPage" not in shown.text and "public" in shown.headers["Cache-Control"]


def test_language_versions_know_each_other(site, reader):
    english, french = a_title(), a_title()
    number = put_article(site, english)
    group = site.sql_value("select group_id from articles where id = %s", number)
    other = put_article(site, french, language="fr", group=group)
    here, there = path_of_article(site, number), path_of_article(site, other)
    for path in (here, there):
        shown = reader.get(path)
        links = {link["hreflang"]: link["href"] for link in shown.page.all("link") if link.has("hreflang")}
        assert links == {"en": site.url + here, "fr": site.url + there}
    assert reader.get(there).page.find("h1")["lang"] == "fr"


def test_what_is_not_published_is_not_there(site, reader):
    number = put_article(site, a_title(), published=False)
    assert reader.get(f"/kb/{number}").status == 404
    assert site.member().get(f"/kb/{number}").status == 404
    assert reader.get("/kb/999999999").status == 404
    assert reader.get("/kb/c/no-such-place").status == 404
    assert reader.get("/kb/p/no-such-thing").status == 404
    assert reader.get("/kb/old/no-such-address").status == 404


def test_renamed_and_replaced_articles_lead_on_and_archived_ones_are_gone(site, reader):
    old, new = a_title(), a_title()
    number, other = put_article(site, old), put_article(site, new)
    site.sql("insert into article_redirects (address, article_id) values (%s, %s)", f"faq-{number}", number)
    path = path_of_article(site, number)
    assert location(reader, f"/kb/{number}-any-other-title") == path
    assert location(reader, f"/kb/old/faq-{number}") == path
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", number)
    assert reader.get(path, follow=False).status == 410
    assert reader.get(f"/kb/old/faq-{number}", follow=False).status == 410
    site.sql("update articles set replaced_by = %s where id = %s", other, number)
    assert location(reader, path) == path_of_article(site, other)
    assert location(reader, f"/kb/old/faq-{number}") == path_of_article(site, other)


def test_places_list_what_is_there_and_go_on(site, reader):
    titles = [a_title() for _ in range(31)]
    for title in titles:
        put_article(site, title, slug="kb-full", product="Crowded house")
    for path in ("/kb/c/kb-full", "/kb/p/crowded-house"):
        first = reader.get(path)
        assert titles[-1] in first.page.text and titles[0] not in first.page.text
        assert titles[0] in reader.get(first.page.find("link", rel="next")["href"]).page.text
        assert reader.get(f"{path}?after=nonsense").status == 404
    home = reader.get("/kb")
    assert titles[-1] in home.page.text and "/kb/c/kb-full" in home.page.links
    assert titles[-1] not in site.visitor("fr").get("/kb").page.text


def counts(site, number):
    row = site.sql("select helpful_count, unhelpful_count from articles where id = %s", number)[0]
    return row["helpful_count"], row["unhelpful_count"]


def test_a_vote_counts_once_however_often_it_is_sent(site):
    number = put_article(site, a_title())
    path = path_of_article(site, number)
    visitor, member = site.visitor("en"), site.member()
    for who in (visitor, visitor, member, member):
        answer = who.post(f"/kb/{number}/helpful", {"on": "1"}, follow=False)
        assert answer.status == 303 and path_of(answer) == path
    assert counts(site, number) == (2, 0)
    said = visitor.post(f"/kb/{number}/helpful", {"on": "0", "reason": "unclear", "comment": "<b>What</b>?"})
    assert "that is how our articles get better" in said.page.text
    assert counts(site, number) == (1, 1)
    assert "It helped 1 person." in visitor.get(path).page.text
    assert site.sql_value("select count(*) from article_votes where article_id = %s and code is not null", number) == 1
    assert visitor.post(f"/kb/{number}/helpful", {"on": "1"}, headers={"Origin": "https://evil.example"},
                        follow=False).status == 403


def test_a_refused_vote_keeps_what_was_typed(site, reader):
    number = put_article(site, a_title())
    refused = reader.post(f"/kb/{number}/helpful", {"on": "0", "reason": "other", "comment": "long " * 120})
    assert refused.status == 422 and refused.page.find("input", id="comment")["value"].startswith("long long")
    assert refused.page.find("input", id="reason-other").has("checked")
    assert reader.post(f"/kb/{number}/helpful", {"on": "0", "reason": "because"}).status == 422
    assert reader.post("/kb/999999999/helpful", {"on": "1"}).status == 404
    assert counts(site, number) == (0, 0)


def moment(value):
    return f"{value.astimezone(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def data_of(reader, site, number):
    """What the page tells programs: the Article, and the names and addresses that lead to it."""
    shown = reader.get(path_of_article(site, number))
    (block,) = [node for node in shown.page.all("script") if node.get("type") == "application/ld+json"]
    assert "script-src 'self'" in shown.headers["Content-Security-Policy"], "nothing inline runs"
    graph = json.loads(shown.text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert graph["@context"] == "https://schema.org" and block
    article, way = graph["@graph"]
    assert way["@type"] == "BreadcrumbList"
    assert [step["position"] for step in way["itemListElement"]] == list(range(1, len(way["itemListElement"]) + 1))
    return shown, article, [(step["name"], step["item"]) for step in way["itemListElement"]]


def test_search_engines_are_told_what_the_database_says(site, reader):
    parent, slug = "kb-data", "kb-data-below"
    title = "</script><script>alert(\"1\")</script> & <!-- \\ é "
    category(site, parent)
    category(site, slug, parent)
    number = put_article(site, title, slug=slug)
    site.sql("update articles set published_at = now() - interval '40 days', changed_at = now() - interval '2 days'"
             " where id = %s", number)
    row = site.sql("select title, summary, language, published_at, changed_at from articles where id = %s", number)[0]
    shown, article, way = data_of(reader, site, number)
    address = shown.page.find("link", rel="canonical")["href"]
    brand = {"@type": "Organization", "name": shown.page.find("meta", property="og:site_name")["content"],
             "url": site.url + "/"}
    assert article == {
        "@type": "Article", "@id": f"{address}#article", "mainEntityOfPage": address, "headline": row["title"],
        "description": row["summary"], "inLanguage": row["language"], "author": brand, "publisher": brand,
        "datePublished": moment(row["published_at"]),
        "dateModified": moment(row["changed_at"]),
    }
    assert way == [("Home", f"{site.url}/"), ("Articles", f"{site.url}/kb"),
                   (f"Subject {parent}", f"{site.url}/kb/c/{parent}"), (f"Subject {slug}", f"{site.url}/kb/c/{slug}"),
                   (title, address)]
    assert "<script>alert" not in shown.text
    assert "QAPage" not in shown.text


def test_an_article_of_no_category_has_a_shorter_way(site, reader):
    number = put_article(site, a_title())
    site.sql("update articles set category_id = null, summary = '' where id = %s", number)
    _, article, way = data_of(reader, site, number)
    assert [name for name, _ in way[:2]] == ["Home", "Articles"] and len(way) == 3
    assert "description" not in article


def test_an_archived_category_leaves_the_list_and_its_articles_stay(site, reader):
    number = put_article(site, a_title(), slug="kb-gone")
    path = path_of_article(site, number)
    assert "/kb/c/kb-gone" in reader.get("/kb").page.links
    site.sql("update categories set archived_at = now() where slug = 'kb-gone'")
    assert "/kb/c/kb-gone" not in reader.get("/kb?again").page.links
    for still in (path, "/kb/c/kb-gone", f"/api/v1/articles/{number}"):
        assert reader.get(still).status == 200, still
    assert path in reader.get("/kb/c/kb-gone").page.links


# ---- feeds -----------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(reader, path):
    got = reader.get(path)
    assert got.status == 200 and got.headers["Content-Type"] == "application/atom+xml; charset=utf-8", got
    return xml.etree.ElementTree.fromstring(got.text.encode())


def entries(root):
    return {entry.find(f"{ATOM}id").text: entry for entry in root.findall(f"{ATOM}entry")}


def test_a_feed_has_what_is_new_in_one_language(site, reader):
    title = "<b>Feed</b> & \"quotes\" ]]> é"
    category(site, "kb-feed")
    category(site, "kb-feed-below", "kb-feed")
    number, other = put_article(site, title, slug="kb-feed-below"), put_article(site, a_title(), language="fr", slug="kb-feed")
    hidden = put_article(site, a_title(), slug="kb-feed", published=False)
    site.sql("update articles set published_at = now() - interval '40 days' where id = %s", number)
    (link,) = [node for node in reader.get("/kb/c/kb-feed").page.all("link") if node.get("type") == "application/atom+xml"]
    root = feed(reader, link["href"])
    assert root.find(f"{ATOM}title").text == "Articles: Subject kb-feed" and root.find(f"{ATOM}author/{ATOM}name").text
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == root.find(f"{ATOM}id").text == f"{site.url}{link['href']}"
    assert root.find(f"{ATOM}link[@rel='alternate']").get("href") == f"{site.url}/kb/c/kb-feed"
    found = entries(root)
    assert set(found) == {f"{site.url}/kb/{number}"}, "one language, with what is below, and nothing hidden"
    entry = found[f"{site.url}/kb/{number}"]
    row = site.sql("select title, summary, published_at, changed_at from articles where id = %s", number)[0]
    assert entry.find(f"{ATOM}title").text == row["title"] and entry.find(f"{ATOM}summary").text == row["summary"]
    assert entry.find(f"{ATOM}published").text == moment(row["published_at"])
    assert entry.find(f"{ATOM}updated").text == moment(row["changed_at"])
    assert entry.find(f"{ATOM}link").get("href") == f"{site.url}{path_of_article(site, number)}"
    assert entry.find(f"{ATOM}category").get("term") == "kb-feed-below"
    assert set(entries(feed(reader, "/kb/c/kb-feed/feed?lang=fr"))) == {f"{site.url}/kb/{other}"}
    every = entries(feed(reader, "/kb/feed?lang=en"))
    assert f"{site.url}/kb/{number}" in every and f"{site.url}/kb/{hidden}" not in every


def test_a_feed_has_thirty_of_the_newest_and_refuses_what_is_not_there(site, reader):
    for n in range(31):
        put_article(site, f"Many {n}", slug="kb-many")
    root = feed(reader, "/kb/c/kb-many/feed?lang=en")
    times = [entry.find(f"{ATOM}updated").text for entry in root.findall(f"{ATOM}entry")]
    assert len(times) == 30 and times == sorted(times, reverse=True) and root.find(f"{ATOM}updated").text == times[0]
    assert feed(reader, "/kb/c/kb-many/feed?lang=fr").find(f"{ATOM}entry") is None
    for path in ("/kb/feed?lang=de", "/kb/c/no-such-place/feed"):
        assert reader.get(path).status == 404, path
    assert any(node.get("href") == "/kb/feed?lang=en" for node in reader.get("/kb").page.all("link"))
