"""What topics' pages tell programs that read them: compared with the database field by
field, and with what search engines ask for (support/requirements.py)."""

import gzip
import html
import json
import random
import re

import pytest

from support.forum import a_title, answer, ask, category, comment, edit, plant_answers, plant_topics, press, set_status
from support.microdata import json_ld, kinds, microdata, one
from support.page import Page
from support.requirements import check

THREADS = ("QAPage", "DiscussionForumPosting")


def words(text):
    return " ".join(text.split())


def time_of(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Database:
    """The public posts of a topic as they are stored."""

    def __init__(self, site, topic):
        self.site = site
        (self.topic,) = site.sql("select t.*, c.slug from topics t join categories c on c.id = t.category_id"
                                 " where t.id = %s", topic)
        posts = site.sql("select p.*, a.name from posts p left join people a on a.id = p.author_id"
                         " where p.topic_id = %s and p.visibility = 'visible' order by p.created_at, p.id", topic)
        self.posts = {post["id"]: post for post in posts}
        (self.question,) = self.of("question")

    def of(self, kind, parent=None):
        return [post for post in self.posts.values()
                if post["kind"] == kind and (parent is None or post["parent_id"] == parent)]

    def compare_author(self, item, post):
        author = one(item, "author")
        assert author["@type"] == "Person"
        if post["author_id"]:
            assert one(author, "name") == post["name"]
            assert one(author, "url").startswith(f"{self.site.url}/u/{post['author_id']}-")
        else:
            assert one(author, "name") == (post["author_name"] or "Former member") and "url" not in author

    def compare(self, item, post):
        """What every post has, whatever it is."""
        assert words(one(item, "text")) == words(html.unescape(Page(post["body_html"]).root.text)), post["id"]
        assert one(item, "datePublished") == time_of(post["created_at"])
        assert item.get("dateModified", []) == ([time_of(post["edited_at"])] if post["edited_at"] else [])
        self.compare_author(item, post)
        comments = item.get("comment", []) if post["kind"] != "question" or item["@type"] == "Question" else []
        stored = [row["id"] for row in self.of("comment", post["id"])][:10]
        if post["kind"] != "comment":
            assert [self.number(inner) for inner in comments] == stored
        for inner in comments:
            assert inner["@type"] == "Comment"
            self.compare(inner, self.posts[self.number(inner)])

    @staticmethod
    def number(item):
        return int(re.search(r"(?:#p|/p/)(\d+)$", one(item, "url"))[1])


def read(site, path):
    """The page's thread, checked against the table; None where it has none."""
    shown = site.visitor().get(path)
    assert shown.status == 200
    items = microdata(shown)
    for item in items:
        check(item)
    threads = [item for item in items if item["@type"] in THREADS]
    assert len(threads) <= 1 and not json_ld(shown)
    return threads[0] if threads else None


def question_of(site, path):
    return one(read(site, path), "mainEntity")


@pytest.fixture(scope="module")
def thread(site, asker, helper):
    """Everything at once: two pages, solutions on both,
    comments, votes against, an erased author, edited texts, hostile words."""
    title = a_title("Why is <b>every</b> \"lamp\" dark </script><!-- & \u2028")
    topic = ask(asker, title=title, body="It says `</script><!--` & nothing else, since this morning. <b>Really</b>",
                tags="lamp, cable")
    first = answer(helper, topic, body="First of all, look at <https://a.example/?x=1&y=2>, then *wait* a moment.")
    topic.first, topic.many = first, plant_answers(site, helper.person, topic.id, 24)
    topic.last = answer(helper, topic, body="And the last thing to try is another cable altogether.")
    for number in range(12):
        comment(asker, first, f"A remark, number {number} of twelve.")
    comment(helper, topic.post, "Which lamp is it that stays dark?")
    # Those that were planted are older: they fill the first page.
    press(asker, topic.path, f"/p/{topic.many[2]}/accept")
    for post in (first, topic.last):
        press(asker, f"{topic.path}?page=2", f"/p/{post}/accept")
    edit(helper, first, body="First of all, look at the fuse. Edited since.")
    site.sql("update posts set votes_imported = -4, score = score - 4 where id = %s", topic.many[3])
    site.sql("update posts set votes_imported = 7, score = score + 7 where id = %s", topic.last)
    site.sql("update topics set votes_imported = -2, score = score - 2 where id = %s", topic.id)
    site.sql("update posts set author_id = null, author_name = '' where id = %s", topic.many[5])
    site.sql("update posts set author_id = null, author_name = 'Somebody elsewhere' where id = %s", topic.many[6])
    return topic


@pytest.mark.parametrize("page", [1, 2])
def test_each_page_of_a_question_tells_the_truth_about_it(site, thread, page):
    stored = Database(site, thread.id)
    question = question_of(site, thread.path + (f"?page={page}" if page > 1 else ""))
    assert question["@type"] == "Question"
    answers = [row["id"] for row in stored.of("answer")]
    assert one(question, "name") == stored.topic["title"]
    assert int(one(question, "answerCount")) == len(answers) == 26
    assert int(one(question, "commentCount")) == len(stored.of("comment")) == 13
    assert int(one(question, "upvoteCount")) == stored.topic["score"] == -2
    assert one(question, "url") == site.url + thread.path
    stored.compare(question, stored.question)

    given = question["acceptedAnswer"] + question["suggestedAnswer"]
    accepted = {thread.first, thread.last, thread.many[2]}
    assert sorted(stored.number(item) for item in question["acceptedAnswer"]) == sorted(accepted)
    here = answers[(page - 1) * 20:page * 20]
    assert {stored.number(item) for item in given} == set(here) | accepted
    assert len(given) == len({stored.number(item) for item in given}), "each once"
    for item in given:
        post = stored.posts[stored.number(item)]
        assert int(one(item, "upvoteCount")) == post["score"]
        assert int(one(item, "commentCount")) == len(stored.of("comment", post["id"]))
        if post["id"] in here:
            stored.compare(item, post)
            assert one(item, "url").startswith(site.url + thread.path)
        else:
            assert words(one(item, "text")) == words(Page(post["body_html"]).root.text)


def test_pages_of_members_carry_no_data(site, thread, asker):
    assert not [item for item in microdata(asker.get(thread.path)) if item["@type"] in THREADS]


def test_what_people_write_is_no_data(site, asker, helper):
    topic = ask(asker, body='<div itemscope itemtype="https://schema.org/Product"><b itemprop="name">A thing</b></div> of mine')
    answer(helper, topic)
    assert set(kinds(site.visitor().get(topic.path))) == {"BreadcrumbList", "QAPage"}


@pytest.mark.parametrize("kind", ["unanswered", "closed", "locked", "idea", "poll", "team"])
def test_what_a_thread_is(site, asker, helper, advisor, kind):
    topic = ask(advisor if kind == "team" else asker)
    if kind != "unanswered":
        post = answer(helper, topic)
        comment(asker, post)
    if kind == "closed":
        set_status(advisor, topic, "closed")
    elif kind == "locked":
        site.sql("update topics set is_locked = true where id = %s", topic.id)
    elif kind == "idea":
        site.sql("update topics set stage = 'proposed' where id = %s", topic.id)
    elif kind == "poll":
        site.sql("update topics set has_poll = true where id = %s", topic.id)
    else:
        site.sql("update people set trust_level = 1, trust_level_given = 1 where id = %s", asker.person.id)
    stored = Database(site, topic.id)
    thread = read(site, topic.path)
    if kind == "unanswered":
        question = one(thread, "mainEntity")
        assert int(one(question, "answerCount")) == 0
        assert "acceptedAnswer" not in question and "suggestedAnswer" not in question
        return
    assert thread["@type"] == "DiscussionForumPosting"
    assert one(thread, "headline") == stored.topic["title"]
    assert int(one(thread, "commentCount")) == 2 == len(stored.of("answer")) + len(stored.of("comment"))
    assert one(thread, "isPartOf") == f"{site.url}/c/{stored.topic['slug']}"
    assert one(thread, "url") == site.url + topic.path
    stored.compare(thread, stored.question)
    (said,) = thread["comment"]
    assert stored.number(said) == post and int(one(said, "commentCount")) == 1
    stored.compare(said, stored.posts[post])


@pytest.fixture(scope="module")
def mirror(site):
    number = site.sql_value("insert into mirror_sources (connector, account, name, category_id, language, state,"
                            " index_answer_min) values ('facebook', 'structured-data', 'Elsewhere', %s, 'en', 'paused', 0)"
                            " returning id", category(site))
    yield number
    site.sql("update topics set mirror_source_id = null where mirror_source_id = %s", number)
    site.sql("delete from mirror_sources where id = %s", number)


@pytest.mark.parametrize("title, source, kind", [
    ("Is your shop open on Sundays, too?", "facebook", "QAPage"),
    ("The shop was open on Sunday, well done", "facebook", "DiscussionForumPosting"),
    ("Is our newest lamp the best of all?", "feed", "DiscussionForumPosting"),
])
def test_what_came_from_elsewhere_is_a_question_if_it_asks(site, asker, helper, mirror, title, source, kind):
    topic = ask(asker, title=a_title(title.rstrip("?")) if "?" in title else None, body=f"We came by on Sunday, all {len(title)} of us.")
    answer(helper, topic)
    site.sql("update topics set mirror_source_id = %s, source = %s, title = %s where id = %s", mirror, source, title, topic.id)
    assert read(site, f"/t/{topic.id}-")["@type"] == kind
    # The brand's own words there carry the official mark.
    site.sql("update topics set is_official = true where id = %s", topic.id)
    assert read(site, f"/t/{topic.id}-")["@type"] == "DiscussionForumPosting"
    site.sql("update mirror_sources set index_answer_min = 100000 where id = %s", mirror)
    try:
        assert kinds(site.visitor().get(f"/t/{topic.id}-")) == []
    finally:
        site.sql("update mirror_sources set index_answer_min = 0 where id = %s", mirror)


def test_pages_that_search_engines_may_not_have_say_nothing(site, thread, asker, helper):
    unknown = site.member()
    topic = ask(unknown)
    held = ask(asker)
    site.sql("update topics set visibility = 'held' where id = %s", held.id)
    assert kinds(site.visitor().get(topic.path)) == [], "nobody knows who asks, and nobody has answered"
    answer(unknown, topic)
    assert kinds(site.visitor().get(topic.path)) == [], "nor does their own answer count"
    assert kinds(asker.get(held.path)) == []
    assert kinds(site.visitor().get(f"{thread.path}?sort=votes")) == []
    answer(helper, topic)
    assert kinds(site.visitor().get(topic.path)) == ["BreadcrumbList", "QAPage"]


def test_the_rule_is_the_same_for_a_page_and_for_lists_of_many(site, thread, asker, helper):
    """topic_may_index of migrations/functions.sql, which the sitemap asks."""
    unknown = site.member().person
    (alone,), (answered,) = plant_topics(site, unknown, 1), plant_topics(site, unknown, 1, first=2)
    plant_answers(site, helper.person, answered, 1)
    (repeated,) = plant_topics(site, unknown, 1, first=3)
    plant_answers(site, helper.person, repeated, 1)
    site.sql("update topics set status = 'duplicate', duplicate_of = %s where id = %s", answered, repeated)
    for topic in (thread.id, alone, answered, repeated):
        shown = site.visitor().get(f"/t/{topic}-?view=duplicate" if topic == repeated else f"/t/{topic}-")
        assert shown.status == 200
        is_open = shown.page.find("meta", name="robots") is None
        assert is_open == site.sql_value("select topic_may_index(t) from topics t where t.id = %s", topic) == (topic in (thread.id, answered)), topic


def test_breadcrumbs_lead_home(site, thread):
    parent = category(site, "data-parent")
    child = category(site, "data-child", parent="data-parent")
    (topic,) = plant_topics(site, site.member().person, 1, slug="data-child")
    plant_answers(site, site.member().person, topic, 1)
    assert parent and child
    for path, steps in ((f"/t/{topic}-", ["Home", "Subject data-parent", "Subject data-child"]),
                        ("/c/data-child", ["Home", "Subject data-parent", "Subject data-child"]),
                        ("/questions", ["Home", "Questions"]), ("/tags", ["Home", "Tags"])):
        shown = site.visitor().get(path)
        (trail,) = [item for item in microdata(shown) if item["@type"] == "BreadcrumbList"]
        check(trail)
        assert [one(step, "name") for step in trail["itemListElement"]] == steps
        assert [one(step, "position") for step in trail["itemListElement"]] == [str(n + 1) for n in range(len(steps))]
        links = [step["item"][0] for step in trail["itemListElement"] if "item" in step]
        assert links[0] == site.url + "/" and len(links) >= len(steps) - 1
        assert all(site.visitor().get(link.removeprefix(site.url)).status == 200 for link in links)


def test_the_home_page_says_whose_site_it_is(site):
    shown = site.visitor().get("/")
    organization, website = json_ld(shown)
    assert (organization["@type"], website["@type"]) == ("Organization", "WebSite")
    assert organization["url"] == website["url"] == site.url + "/"
    assert organization["name"] == website["name"] == shown.page.find("meta", property="og:site_name")["content"]
    assert website["publisher"] == {"@id": organization["@id"]}
    assert site.visitor().get(organization["logo"].removeprefix(site.url)).status == 200
    search = website["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", "lamp")
    found = site.visitor().get(search.removeprefix(site.url))
    assert found.status == 200 and found.page.find("input", type="search").get("value") == "lamp"


def test_a_profile_is_a_person(site, thread, helper):
    bio = 'Lamps, cables & "all" </script><!-- that.'
    site.sql("update people set bio_md = %s where id = %s", bio, helper.person.id)
    shown = site.visitor().get(f"/u/{helper.person.id}-")
    (data,) = json_ld(shown)
    (row,) = site.sql("select * from people where id = %s", helper.person.id)
    person = data["mainEntity"]
    assert (data["@type"], person["@type"]) == ("ProfilePage", "Person")
    assert data["dateCreated"] == time_of(row["created_at"])
    assert (person["name"], person["alternateName"]) == (row["name"], row["handle"])
    assert person["identifier"] == str(row["id"]) and person["url"] == shown.page.find("link", rel="canonical")["href"]
    assert person["description"].startswith("Lamps, cables &")
    written = site.sql_value("select question_count + answer_count from people where id = %s", row["id"])
    assert person["agentInteractionStatistic"]["userInteractionCount"] == written
    assert person["interactionStatistic"]["userInteractionCount"] == row["thanks_count"]
    assert "image" not in person, "a letter in a circle is no picture of anybody"
    assert json_ld(site.visitor().get(shown.response.url.removeprefix(site.url) + "?tab=answers")) == []
    assert json_ld(site.visitor().get(f"/u/{site.member().person.id}-")) == [], "nothing stands there yet"


# ---- what it costs ---------------------------------------------------------------

MARKUP = re.compile(r'<(?:meta|link) itemprop="[^>]*>| itemprop="[^"]*"| itemscope| itemtype="[^"]*"')


def compact(item):
    """The same item as JSON-LD, as short as it can be said."""
    said = {}
    for name, values in item.items():
        if name == "@type":
            said[name] = values
            continue
        values = [compact(value) if isinstance(value, dict) else words(value) for value in values]
        said[name] = values if len(values) > 1 else values[0]
    return said


def size(text):
    return len(text.encode()), len(gzip.compress(text.encode(), 6))


def test_data_in_the_markup_is_smaller_than_beside_it(site, helper):
    """Why topics have microdata and no JSON-LD (docs/seo.md): twenty answers of a
    hundred words each."""
    (topic,) = plant_topics(site, helper.person, 1, prefix="How large is the page")
    dice, letters = random.Random(7), "aeiourstlnmpdcgbv"
    language = ["".join(dice.choice(letters) for _ in range(dice.randint(2, 9))) for _ in range(1500)]
    for post in plant_answers(site, helper.person, topic, 20):
        text = " ".join(dice.choice(language) for _ in range(100))
        site.sql("update posts set body_md = %s, body_html = '<p>' || %s || '</p>' where id = %s", text, text, post)
    site.sql("update people set trust_level = 1, trust_level_given = 1 where id = %s", helper.person.id)
    shown = site.visitor().get(f"/t/{topic}-")
    (thread,) = [item for item in microdata(shown) if item["@type"] == "QAPage"]
    without = MARKUP.sub("", shown.text)
    beside = json.dumps({"@context": "https://schema.org", **compact(thread)}, separators=(",", ":"), ensure_ascii=False)
    sizes = {"microdata": size(shown.text), "none": size(without),
             "json-ld": size(f'{without}<script type="application/ld+json">{beside}</script>')}
    posts = [post["body_html"] for post in Database(site, topic).posts.values()]
    print(sizes, "posts:", sum(len(post) for post in posts))
    assert sizes["microdata"][0] < sizes["json-ld"][0] and sizes["microdata"][1] < sizes["json-ld"][1]
    markup = shown.text
    for post in posts:
        markup = markup.replace(post, "")
    assert len(markup.encode()) < 60_000 and size(markup)[1] < 12_000
