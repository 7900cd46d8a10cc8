"""The head of each kind of page: title, description, canonical address, robots, cards, and
what kind of data it carries. One row a kind; docs/seo.md has the rules."""

import pytest

from support.articles import path_of_article, put_article
from support.forum import BODY, a_title, answer, ask, category, path_of, plant_answers, set_status
from support.microdata import kinds

LONG = ("My lamp stays dark when I press the large button at its back, and neither another socket nor another bulb"
        " changes anything about it, which I find rather astonishing for a lamp that is not even three weeks old.")


class Pages:
    def __init__(self, site):
        self.site = site
        member, helper = site.member(age_days=10), site.member(age_days=10)
        category(site, "heads", parent="box")
        site.sql("update categories set description_en = 'All about heads.' where slug = 'heads'")
        category(site, "heads-ideas")
        site.sql("update categories set purpose = 'ideas' where slug = 'heads-ideas'")
        self.topic = ask(member, slug="heads", tags="heads-tag", body=LONG)
        plant_answers(site, helper.person, self.topic.id, 21)
        answer(helper, self.topic)
        self.closed = ask(member, slug="heads")
        answer(helper, self.closed)
        set_status(site.member(role="advisor"), self.closed, "closed")
        self.newcomer = ask(site.member())
        self.idea = ask(member, title=a_title("I would like a lamp that dims"), slug="heads-ideas")
        answer(helper, self.idea)
        site.sql("update tags set topic_count = 3 where name = 'heads-tag'")
        site.sql("update people set bio_md = 'I know *lamps*.' where id = %s", helper.person.id)
        self.article = path_of_article(site, put_article(site, a_title("A head that stays dark"), slug="heads"))
        reader = site.visitor()
        self.helper = path_of(reader.get(f"/u/{helper.person.id}", follow=False))
        self.asker = path_of(reader.get(f"/u/{member.person.id}", follow=False))

    def path(self, pattern):
        return pattern.format(topic=self.topic.path, closed=self.closed.path, newcomer=self.newcomer.path,
                              idea=self.idea.path, article=self.article, helper=self.helper, asker=self.asker)


@pytest.fixture(scope="module")
def pages(site):
    yield Pages(site)
    site.sql("update categories set archived_at = now() where slug = 'heads-ideas'")


TRAIL = "BreadcrumbList"
# path, may be indexed, Open Graph's kind, kinds of data, what the description begins with
ROWS = [
    ("/", True, "website", ["Organization", "WebSite"], "Ask your question"),
    ("/questions", True, "website", [TRAIL], "What customers of Entraide ask"),
    ("/questions?filter=solved", False, "website", [], "What customers of Entraide ask"),
    ("/c/heads", True, "website", [TRAIL], "All about heads."),
    ("/c/heads?filter=unanswered", False, "website", [], "All about heads."),
    ("/c/box", True, "website", [TRAIL], "Questions and answers about Subject box."),
    ("/tags", True, "website", [TRAIL], "Words that say"),
    ("/tag/heads-tag", True, "website", [TRAIL], "Questions and answers with the tag “heads-tag”."),
    ("{topic}", True, "article", [TRAIL, "QAPage"], "My lamp stays dark when"),
    ("{topic}?page=2", True, "article", [TRAIL, "QAPage"], "My lamp stays dark when"),
    ("{topic}?sort=votes", False, "article", [], "My lamp stays dark when"),
    ("{closed}", True, "article", [TRAIL, "DiscussionForumPosting"], BODY[:40]),
    ("{idea}", True, "article", [TRAIL, "DiscussionForumPosting"], BODY[:40]),
    ("{newcomer}", False, "article", [], BODY[:40]),
    ("{helper}", True, "profile", ["ProfilePage"], "I know lamps."),
    ("{helper}?tab=answers", False, "profile", [], "I know lamps."),
    ("{asker}", False, "profile", [], "What "),
    ("/ideas", True, "website", [TRAIL], "What you would like to see"),
    ("/ideas?sort=new", False, "website", [], "What you would like to see"),
    ("/kb", True, "website", [TRAIL], "What has been answered well"),
    ("/kb/c/heads", True, "website", [TRAIL], ""),
    ("{article}", True, "article", ["Article", TRAIL], ""),
    ("/badges", True, "website", None, "Small honours"),
    ("/experts", True, "website", None, "Members who know"),
    ("/levels", True, "website", None, "Rights grow"),
    ("/search?q=lamp", False, None, [], None),
    ("/ask", False, None, [], "Say what happens"),
    ("/signup", False, None, [], "With an account you"),
    ("/login", False, None, [], None),
    ("/legal/notice", False, None, [], None),
]


@pytest.mark.parametrize("pattern, is_open, kind, data, description", ROWS, ids=[row[0] for row in ROWS])
def test_a_head_says_what_the_page_is(pages, pattern, is_open, kind, data, description):
    path = pages.path(pattern)
    shown = pages.site.visitor().get(path)
    assert shown.status == 200
    page = shown.page
    meta = {node.get("property") or node.get("name"): node["content"] for node in page.all("meta") if node.has("content")}
    assert ("robots" not in meta) == is_open and meta.get("robots", "noindex") == "noindex"
    if data is not None:
        assert kinds(shown) == sorted(data)
    assert page.title == "Entraide: questions and answers between customers" or page.title.endswith(" · Entraide")
    if kind is None:
        assert meta.get("description", "").startswith(description or "")
        return
    canonical = page.find("link", rel="canonical")["href"]
    assert canonical == pages.site.url + path == meta["og:url"]
    assert (meta["og:type"], meta["og:site_name"], meta["og:locale"]) == (kind, "Entraide", "en_GB")
    assert page.title in (f"{meta['og:title']} · Entraide", "Entraide: questions and answers between customers")
    assert meta["description"] == meta["og:description"]
    assert meta["description"].startswith(description)
    assert 10 <= len(meta["description"]) <= 160
    assert ("article:published_time" in meta) == (kind == "article")
    assert meta["twitter:card"] == ("summary_large_image" if "og:image" in meta else "summary")


def test_a_description_is_not_cut_in_a_word(pages):
    content = pages.site.visitor().get(pages.topic.path).page.find("meta", name="description")["content"]
    assert content.endswith("…") and 130 < len(content) <= 160
    assert LONG.startswith(content[:-1]) and LONG[len(content) - 1] == " "


def test_titles_of_further_pages_say_which(pages):
    french = pages.site.visitor("fr").get(f"{pages.topic.path}?page=2").page
    assert " – page 2 · Entraide" in french.title
    assert french.find("meta", property="og:locale")["content"] == "fr_FR"
    assert french.find("h1").text == pages.topic.row()["title"], "the page's heading stays the question"
