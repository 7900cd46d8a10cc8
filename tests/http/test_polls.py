"""Polls in topics: asking one, voting and changing the vote, what is shown to whom, and
removal; without a script."""

import datetime

import pytest

from support.forum import accepted, ask

CHOICES = "Blue\nGreen\n<b>Red</b>"


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()


def trust(site, member, level=1):
    site.sql("update people set trust_level = %s where id = %s", level, member.person.id)


@pytest.fixture
def author(site, asker):
    trust(site, asker)
    return asker


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


def poll(author, topic=None, follow=False, **fields):
    topic = topic or ask(author)
    page = f"/t/{topic.id}/poll"
    answer = author.submit(page, page, follow=follow, **{
        "question": "Which colour?", "choices": CHOICES, "closes": day(3), "shows": "voted", **fields})
    return topic, answer


def forged(visitor, **fields):
    """As of a form that the page does not show."""
    shown = visitor.get("/ask").page.form("/ask").fields
    return {"csrf": shown["csrf"], "key": shown["key"], **fields}


def vote(visitor, topic, follow=False, **fields):
    return visitor.submit(topic.path, f"/t/{topic.id}/vote", follow=follow, **fields)


def test_a_poll_is_asked_answered_and_changed(site, author, helper):
    topic, answer = poll(author)
    assert accepted(answer) == topic.path
    shown = helper.get(topic.path)
    assert "Which colour?" in shown.page.text and "<b>Red</b>" in shown.page.text
    assert "<b>Red</b>" not in shown.text
    assert "once you have voted" in shown.page.text and "1 vote (" not in shown.page.text
    assert accepted(vote(helper, topic, choice="2"))
    assert "1 vote (100%) · your vote" in " ".join(helper.get(topic.path).page.text.split())
    assert accepted(vote(helper, topic, choice="1"))
    assert site.sql_value("select count(*) from poll_votes v join polls p on p.id = v.poll_id"
                          " where p.topic_id = %s", topic.id) == 1
    # Who has not voted reads no figures, nor does a program.
    assert "vote (100%)" not in site.visitor().get(topic.path).page.text
    told = site.visitor().get(f"/api/v1/topics/{topic.id}").json()["poll"]
    assert told["voter_count"] == 1 and [choice["votes"] for choice in told["choices"]] == [None] * 3
    site.sql("update polls set closes_at = now() - interval '1 minute' where topic_id = %s", topic.id)
    assert "1 vote (100%)" in site.visitor().get(topic.path).page.text
    told = site.visitor().get(f"/api/v1/topics/{topic.id}").json()["poll"]
    assert [choice["votes"] for choice in told["choices"]] == [1, 0, 0] and told["is_open"] is False
    late = helper.post(f"/t/{topic.id}/vote", forged(helper, choice="2"))
    assert late.status == 422 and "This poll is closed" in late.page.text


def test_several_choices_are_boxes(site, author, helper):
    topic, answer = poll(author, multiple="1", shows="always")
    assert accepted(answer)
    nothing = vote(helper, topic)
    assert nothing.status == 422 and "Choose at least one answer" in nothing.page.text
    assert accepted(vote(helper, topic, **{"c-1": "1", "c-3": "1"}))
    votes = [choice["votes"] for choice in site.visitor().get(f"/api/v1/topics/{topic.id}").json()["poll"]["choices"]]
    assert votes == [1, 0, 1]


def test_a_refused_poll_comes_back_as_typed(author):
    topic, refused = poll(author, choices="Only this")
    assert refused.status == 422 and "Only this" in refused.text and "Which colour?" in refused.text
    assert "Write 2 to 10 different choices" in refused.page.text
    assert poll(author, topic, closes=day(-1))[1].status == 422
    assert poll(author, topic, closes="soon")[1].status == 422
    assert accepted(poll(author, topic)[1])
    assert f"/t/{topic.id}/poll" not in author.get(topic.path).text


def test_who_may_ask_and_remove_a_poll(site, author, helper, moderator):
    topic = ask(author)
    page = f"/t/{topic.id}/poll"
    trust(site, helper, 4)
    assert page not in helper.get(topic.path).text and helper.get(page).status == 403
    trust(site, author, 0)
    assert page not in author.get(topic.path).text and author.get(page).status == 403
    trust(site, author)
    assert page in author.get(topic.path).text
    assert accepted(poll(author, topic)[1])
    assert author.post(f"{page}/remove", forged(author, reason="Mine")).status == 403
    assert accepted(moderator.submit(topic.path, f"{page}/remove", follow=False, reason="Not about this"))
    shown = site.visitor().get(topic.path).page.text
    assert "Not about this" in shown and "Which colour?" not in shown
    assert site.visitor().get(f"/api/v1/topics/{topic.id}").json()["poll"] is None


def test_nobody_votes_in_a_closed_question(site, author, helper, moderator):
    topic, answer = poll(author, shows="always")
    assert accepted(answer)
    assert accepted(moderator.submit(topic.path, f"/t/{topic.id}/status", follow=False, status="closed"))
    assert f"/t/{topic.id}/vote" not in helper.get(topic.path).text
    assert helper.post(f"/t/{topic.id}/vote", forged(helper, choice="1")).status == 403
