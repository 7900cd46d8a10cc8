"""An article made of a thread: one press, credit, and what both pages show from then on."""

import pytest

from support.articles import path_of_article
from support.forum import a_title, answer, ask, press


@pytest.fixture
def advisor(site):
    return site.member(role="advisor", age_days=9)


@pytest.fixture
def thread(site):
    """A question with an accepted answer and another one."""
    asker, helper, other = (site.member(age_days=9) for _ in range(3))
    topic = ask(asker, title=a_title("How do I fold a map of the network"))
    topic.asker, topic.helper, topic.other = asker, helper, other
    topic.answer = answer(helper, topic, body="Fold it **twice**, then once more.")
    answer(other, topic, body="I throw mine away, every single time.")
    press(asker, topic.path, f"/p/{topic.answer}/accept")
    return topic


def make(advisor, topic, **options):
    page = advisor.get(topic.path)
    form = page.page.form(f"/t/{topic.id}/article")
    return advisor.post(form.action, form.fields, **options)


def publish(advisor, number):
    page = advisor.get(f"/kb/work/{number}").page
    form = next(form for form in page.forms if form.fields.get("do") == "publish")
    return advisor.post(form.action, form.fields)


def test_a_thread_becomes_a_draft_with_what_was_accepted(site, advisor, thread):
    made = make(advisor, thread)
    number = int(made.path.rpartition("/")[2])
    body = made.page.find("textarea", id="body").text
    assert made.page.find("input", id="title")["value"] == thread.row()["title"]
    assert "## The question" in body and "Fold it **twice**" in body and "throw mine" not in body
    assert make(advisor, thread).path == made.path, "once made, it is led to"
    assert site.sql_value("select count(*) from article_sources where article_id = %s", number) == 2
    assert not site.visitor().get(thread.path).page.find("section", class_="official-article")


def test_both_pages_name_each_other_once_it_is_public(site, advisor, thread):
    reader, number = site.visitor("en"), int(make(advisor, thread).path.rpartition("/")[2])
    assert publish(advisor, number).status == 200
    box = reader.get(thread.path).page.find("section", class_="official-article")
    assert box.find("a")["href"] == path_of_article(site, number) and "Official article" in box.text
    credit = reader.get(f"/kb/{number}").page.find("section", class_="article-credit")
    links = [link["href"] for link in credit.all("a")]
    assert thread.path in links and any(link.startswith(f"/u/{thread.helper.person.id}-") for link in links)
    assert thread.other.person.name not in credit.text and thread.asker.person.name not in credit.text
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", number)
    assert not reader.get(thread.path).page.find("section", class_="official-article")


def test_credit_follows_what_happens_to_posts(site, advisor, thread):
    reader, number = site.visitor("en"), int(make(advisor, thread).path.rpartition("/")[2])
    publish(advisor, number)

    def credit():
        return reader.get(f"/kb/{number}").page.find("section", class_="article-credit")

    site.sql("update posts set author_id = null where id = %s", thread.answer)
    assert thread.helper.person.name not in credit().text and thread.path in [a["href"] for a in credit().all("a")]
    site.sql("update topics set visibility = 'withdrawn' where id = %s", thread.id)
    assert credit() is None


def test_articles_that_answers_went_into_count_for_who_wrote_them(site, advisor, thread):
    number = int(make(advisor, thread).path.rpartition("/")[2])
    figure = "select articles from person_figures(array[%s::bigint], null, now())"
    helper = thread.helper.person.id
    assert site.sql_value(figure, helper) == 0
    publish(advisor, number)
    assert site.sql_value(figure, helper) == 1 and site.sql_value(figure, thread.asker.person.id) == 0
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", number)
    assert site.sql_value(figure, helper) == 0


def test_only_writers_make_articles_and_only_of_what_was_answered(site, advisor):
    member = site.member(age_days=9)
    topic = ask(member, title=a_title("What is a network without a map"))
    answer(member, topic, body="I do not know either.")
    assert f"/t/{topic.id}/article" not in member.get(topic.path).text
    key = member.get(topic.path).page.form(f"/t/{topic.id}/answer").fields
    assert member.post(f"/t/{topic.id}/article", {"csrf": key["csrf"], "key": key["key"] + "x"}).status == 403
    refused = make(advisor, topic)
    assert refused.status == 409 and "nothing to make an article of yet" in refused.page.text
