"""Pages that visitors' browsers and crawlers have already: the version that says so,
and everything that makes another one of it."""

import re

import pytest

from support.articles import path_of_article, put_article
from support.forum import a_title, answer, ask, category, comment, plant_answers, press
from support.waiting import until

def settle(site):
    """As if a minute had passed, and the worker had found what is like what: settings are
    the new ones everywhere."""
    until(lambda: not site.sql_value("select (select count(*) from search_marks) + (select count(*) from related_due)"))
    site.sql("update page_changes set at = at - interval '1 minute'")


def version(site, path, language="en"):
    settle(site)
    shown = site.visitor(language).get(path)
    assert shown.status == 200, shown
    return shown.headers["ETag"]


@pytest.fixture(scope="module")
def thread(site, asker, helper):
    topic = ask(asker, slug="conditional", tags="conditional-lamp")
    topic.answer = answer(helper, topic)
    topic.comment = comment(asker, topic.answer)
    return topic


@pytest.fixture(scope="module")
def article(site):
    return path_of_article(site, put_article(site, "Conditional reading of a manual", slug="conditional-articles"))


def asks_again(site, path, tag, **headers):
    return site.visitor().get(path, follow=False, headers={"If-None-Match": tag, **headers})


@pytest.mark.parametrize("which", ["thread", "article"])
def test_who_has_the_page_is_told_so_in_one_statement(site, request, which):
    page = request.getfixturevalue(which)
    path = getattr(page, "path", page)
    tag = version(site, path)
    assert re.fullmatch(r'W/"[0-9a-f]+-[0-9a-f]+-en-[0-9a-f]{10}"', tag)
    for sent in (tag, f'"other", {tag}'):
        same = asks_again(site, path, sent)
        assert (same.status, same.text) == (304, "")
        assert same.headers["ETag"] == tag
        assert same.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert asks_again(site, path, 'W/"0-0-en-0000000000"').status == 200


def test_the_date_of_the_last_change_is_said_once_it_has_rested(site, asker, helper):
    topic = ask(asker, slug="conditional")
    answer(helper, topic)
    assert "Last-Modified" not in site.visitor().get(topic.path).headers
    settle(site)
    dated = site.visitor().get(topic.path).headers["Last-Modified"]
    again = site.visitor().get(topic.path, headers={"If-Modified-Since": dated})
    assert (again.status, again.text) == (304, "")
    # A tag comes first, whatever the date says.
    other = {"If-Modified-Since": dated, "If-None-Match": '"other"'}
    assert site.visitor().get(topic.path, headers=other).status == 200


def test_a_version_is_of_one_language(site, thread):
    english, french = version(site, thread.path), version(site, thread.path, "fr")
    assert english != french
    assert site.visitor("fr").get(thread.path, headers={"If-None-Match": english}).status == 200


def test_a_head_has_the_same_version(site, thread):
    tag = version(site, thread.path)
    assert site.visitor().head(thread.path).headers["ETag"] == tag


def test_who_is_known_gets_no_version(site, thread, asker):
    tag = version(site, thread.path)
    shown = asker.get(thread.path, headers={"If-None-Match": tag})
    assert shown.status == 200 and "ETag" not in shown.headers
    assert shown.headers["Cache-Control"] == "private, no-store"
    known = site.visitor()
    known.get("/login")
    assert "visitor" in known.session.cookies
    assert "ETag" not in known.get(thread.path).headers


def test_what_lives_in_other_networks_and_votes_has_no_version(site, asker):
    topic = ask(asker, slug="conditional")
    version(site, topic.path)
    site.sql("update topics set has_poll = true where id = %s", topic.id)
    assert "ETag" not in site.visitor().get(topic.path).headers


def test_right_after_a_setting_nothing_has_a_version(site, thread):
    tag = version(site, thread.path)
    site.sql("update site_settings set value = value where name = 'sign_up.min_seconds'")
    assert "ETag" not in site.visitor().get(thread.path).headers
    assert asks_again(site, thread.path, tag).status == 200
    assert version(site, thread.path) != tag


def changes(site, asker, helper, moderator, topic):
    """Name → what changes the topic's page for visitors, in an order in which all can be done."""
    other = topic.other = ask(asker, title=a_title(), slug="conditional")
    helper_id = helper.person.id

    def sql(query, *parameters):
        return lambda: site.sql(query, *parameters)

    def of_other(column, value):
        return sql(f"update topics set {column} = %s where id = %s", value, other.id)

    def of_helper(column, value):
        return sql(f"update people set {column} = %s where id = %s", value, helper_id)

    return {
        "an answer": lambda: answer(helper, topic),
        "a comment": lambda: comment(asker, topic.answer),
        "an answer of the team": lambda: answer(moderator, topic),
        "thanks": lambda: press(asker, topic.path, f"/p/{topic.answer}/thank"),
        "me too": lambda: press(helper, topic.path, f"/t/{topic.id}/me-too"),
        "the solution": sql("update posts set accepted_at = now() where id = %s", topic.answer),
        "an edit": sql("update posts set body_html = '<p>Other words.</p>', edited_at = now() where id = %s", topic.answer),
        "a comment withdrawn": sql("update posts set visibility = 'withdrawn' where id = %s", topic.comment),
        "an answer hidden": sql("update posts set visibility = 'withdrawn' where id = %s", topic.answer),
        "an answer back": sql("update posts set visibility = 'visible' where id = %s", topic.answer),
        "closed": sql("update topics set status = 'closed', status_reason = 'It is settled.' where id = %s", topic.id),
        "locked": sql("update topics set is_locked = true where id = %s", topic.id),
        "its tags": sql("update topics set tag_list = '' where id = %s", topic.id),
        "its category": sql("update topics set category_id = %s, top_category_id = %s where id = %s",
                            *[category(site, "conditional-elsewhere")] * 2, topic.id),
        "a private exchange": sql("insert into private_exchanges (topic_id, person_id, started_by, started_at, said_at)"
                                  " select id, author_id, %s, now(), now() from topics where id = %s",
                                  moderator.person.id, topic.id),
        "the title of one like it": of_other("title", a_title()),
        "the state of one like it": of_other("status", "closed"),
        "one like it gone": of_other("visibility", "withdrawn"),
        "another like it": sql("insert into related_topics (topic_id, position, related_id) values (%s, 91, %s)",
                               topic.id, other.id),
        "a duplicate": sql("update topics set status = 'duplicate', visibility = 'visible', duplicate_of = %s where id = %s",
                           topic.id, other.id),
        "no duplicate": sql("update topics set status = 'open', duplicate_of = null where id = %s", other.id),
        "a name": of_helper("name", "Somebody Else"),
        "a rank": of_helper("rank_en", "Lamp lighter"),
        "a role": of_helper("role", "advisor"),
        "a suspension": of_helper("state", "suspended"),
        "a category's name": sql("update categories set name_en = 'Lamps' where slug = 'conditional-elsewhere'"),
        "an incident": sql("insert into incidents (title, severity, banner_fr, banner_en, topic_id, began_at,"
                           " state, closed_at) values ('Lamps', 'warning', 'Lampes', 'Lamps', %s, now(), 'closed', now())",
                           other.id),
        "an erasure": sql("update posts set author_id = null, author_name = '' where id = %s", topic.answer),
    }


def relate(site, topic):
    """The worker looks for others like it whenever its words change, and forgets the planted one."""
    site.sql("insert into related_topics (topic_id, position, related_id) values (%s, 90, %s)"
             " on conflict (topic_id, position) do nothing", topic.id, topic.other.id)


def test_everything_that_a_page_shows_makes_another_version_of_it(site, asker, moderator):
    helper = site.member(age_days=10)
    topic = ask(asker, slug="conditional", tags="conditional-torch")
    topic.answer = answer(helper, topic)
    topic.comment = comment(asker, topic.answer)
    missed = []
    for name, change in changes(site, asker, helper, moderator, topic).items():
        relate(site, topic)
        before = version(site, topic.path)
        change()
        if version(site, topic.path) == before:
            missed.append(name)
    assert not missed


def test_a_withdrawn_question_is_not_there_whatever_the_client_has(site, asker):
    topic = ask(asker, slug="conditional")
    tag = version(site, topic.path)
    site.sql("update topics set visibility = 'withdrawn' where id = %s", topic.id)
    settle(site)
    assert asks_again(site, topic.path, tag).status == 410


def test_what_an_article_shows_makes_another_version_of_it(site, article, thread, helper):
    number = int(re.search(r"/kb/(\d+)-", article)[1])
    site.sql("insert into article_sources (article_id, topic_id, post_id) values (%s, %s, %s)",
             number, thread.id, thread.answer)
    before = version(site, article)
    title = a_title()
    for change in (
        "update articles set summary = 'Another summary of it.' where id = %s",
        f"update topics set title = '{title}'"
        " where id = (select topic_id from article_sources where article_id = %s)",
        "update people set name = 'The Lamp Lady' where id = (select p.author_id from posts p"
        " join article_sources s on s.post_id = p.id where s.article_id = %s)",
        "delete from article_sources where article_id = %s",
    ):
        site.sql(change, number)
        after = version(site, article)
        assert after != before, change
        before = after


def test_what_nobody_sees_makes_no_other_version(site, asker, helper):
    topic = ask(asker, slug="conditional")
    plant_answers(site, helper.person, topic.id, 1)
    before = version(site, topic.path)
    site.sql("update topics set last_number = last_number + 1 where id = %s", topic.id)
    site.sql("update people set password_hash = password_hash where id = %s", helper.person.id)
    press(asker, topic.path, "/follow")
    assert version(site, topic.path) == before


# ---- all else that visitors see: a version made of the finished page ----------------------


@pytest.fixture(scope="module")
def shown(site, thread, article, helper):
    """Page → what changes it for visitors. In every list stands what the other tests put there."""
    slug = site.sql_value("select c.slug from categories c join topics t on t.category_id = c.id where t.id = %s", thread.id)

    def another():
        ask(helper, title=a_title(), slug=slug, tags="conditional-lamp")

    def renamed(table, column, number):
        site.sql(f"update {table} set {column} = %s where id = %s", a_title(), number)

    def of_helper(column):
        return lambda: renamed("people", column, helper.person.id)

    tag = site.sql_value("select id from tags where name = 'conditional-lamp'")
    number = int(re.search(r"/kb/(\d+)-", article)[1])
    profile = site.visitor().get(f"/u/{helper.person.id}").path
    return {
        "/": another,
        "/questions": another,
        "/questions/feed": another,
        f"/c/{slug}": another,
        f"/c/{slug}/feed": another,
        "/tags": lambda: site.sql("update tags set topic_count = topic_count + 1000 where id = %s", tag),
        "/tag/conditional-lamp": another,
        "/tag/conditional-lamp/feed": another,
        profile: of_helper("name"),
        f"/u/{helper.person.id}/feed": another,
        "/kb": lambda: renamed("articles", "title", number),
    }


LISTS = ("/", "/questions", "/questions/feed", "/c/", "/c/…/feed", "/tags", "/tag/", "/tag/…/feed", "/u/", "/u/…/feed", "/kb")


@pytest.mark.parametrize("place", range(len(LISTS)), ids=LISTS)
def test_a_list_that_is_the_same_is_not_sent_again(site, shown, place):
    path, change = list(shown.items())[place]

    def look(**headers):
        return site.visitor().get(path, headers=headers)

    until(lambda: look().headers["ETag"] == look().headers["ETag"])
    first = look()
    tag = first.headers["ETag"]
    assert re.fullmatch(r'W/"[0-9a-f]{24,32}"', tag) and first.status == 200
    same = look(**{"If-None-Match": tag})
    assert (same.status, same.text) == (304, "") and same.headers["ETag"] == tag
    assert same.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert look(**{"If-None-Match": 'W/"0"'}).status == 200
    change()
    until(lambda: (now := look(**{"If-None-Match": tag})).status == 200 and now.headers["ETag"] != tag)


def test_who_is_known_gets_lists_without_a_version(site, asker):
    for path in ("/", "/questions", "/tags", "/kb"):
        assert "ETag" not in asker.get(path).headers, path


def test_a_list_has_a_version_for_each_language_and_address(site, shown):
    tags = [site.visitor(language).get(path).headers["ETag"] for path in ("/questions", "/tags") for language in ("en", "fr")]
    assert len(set(tags)) == 4
