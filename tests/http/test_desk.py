"""The advisors' queue: what the worker makes of questions, filters, claims, counts."""

import pytest

from support.forum import a_title, answer, ask, category, eventually, press, problem, set_status


def row_of(shown, topic):
    return next((node for node in shown.page.all("li", class_="desk-row")
                 if any(str(topic.id) in link["href"] for link in node.all("a"))), None)


def queue(advisor, site, slug, **choice):
    words = "&".join(f"{name}={value}" for name, value in {"category": category(site, slug), **choice}.items())
    return advisor.get(f"/desk?{words}")


def comes(advisor, site, topic, slug, **choice):
    """The worker is told at once; a busy machine may take its time."""
    eventually(lambda: row_of(queue(advisor, site, slug, **choice), topic) is not None, "the question in the queue")
    return row_of(queue(advisor, site, slug, **choice), topic)


def goes(advisor, site, topic, slug, **choice):
    eventually(lambda: row_of(queue(advisor, site, slug, **choice), topic) is None, "the question out of the queue")


def test_a_question_comes_into_the_queue_with_its_clock_and_leaves_it_when_solved(site, advisor, helper):
    asker = site.member(age_days=5)
    topic = ask(asker, slug="desk-stages")
    row = comes(advisor, site, topic, "desk-stages", show="unanswered")
    assert "Due:" in row.text and "Without an answer" in row.text and row.find("time")
    post = answer(helper, topic)
    row = comes(advisor, site, topic, "desk-stages", show="answered")
    assert "Answered, but not solved" in row.text
    press(asker, topic.path, f"/p/{post}/accept")
    goes(advisor, site, topic, "desk-stages")


def test_what_needs_information_has_no_clock_that_runs(site, advisor):
    topic = ask(site.member(age_days=5), slug="desk-waiting")
    comes(advisor, site, topic, "desk-waiting")
    set_status(advisor, topic, "needs_information")
    row = comes(advisor, site, topic, "desk-waiting", show="waiting")
    assert "Needs information" in row.text and "Due:" not in row.text


def test_watched_words_are_marked(site, advisor):
    topic = ask(site.member(age_days=5), title=a_title("My box caught fire, what now"), slug="desk-words")
    row = comes(advisor, site, topic, "desk-words", show="watched")
    assert "Safety word" in row.text


def test_a_claim_is_seen_by_others_and_kept_from_them(site, advisor, moderator):
    topic = ask(site.member(age_days=5), slug="desk-claims")
    comes(advisor, site, topic, "desk-claims")
    taken = press(advisor, f"/desk?category={category(site, 'desk-claims')}", f"/desk/{topic.id}/claim")
    assert "in hand for ten minutes" in taken.page.text
    assert taken.address.query == f"category={category(site, 'desk-claims')}"
    assert row_of(queue(advisor, site, "desk-claims", show="mine"), topic)
    theirs = row_of(queue(moderator, site, "desk-claims"), topic)
    assert f"{advisor.person.name} is working on it" in theirs.text and not theirs.find("button")
    assert row_of(queue(moderator, site, "desk-claims", free="1"), topic) is None
    form = advisor.get("/desk").page.form("/logout").fields
    mine = {name: form[name] for name in ("csrf", "key")}
    other = moderator.get("/desk").page.form("/logout").fields
    refused = moderator.post(f"/desk/{topic.id}/claim", {"csrf": other["csrf"], "key": other["key"]})
    assert refused.status == 409 and advisor.person.name in refused.page.text
    token = site.sql_value("select claim_token from desk_questions where topic_id = %s", topic.id)
    before = site.sql_value("select claimed_until from desk_questions where topic_id = %s", topic.id)
    assert advisor.post(f"/desk/{topic.id}/claim", {**mine, "token": token}).status == 200
    assert site.sql_value("select claimed_until from desk_questions where topic_id = %s", topic.id) > before
    assert advisor.post(f"/desk/{topic.id}/claim", {**mine, "token": "of another tab"}).status == 409
    assert advisor.post(f"/desk/{topic.id}/claim", {**mine, "on": "0"}).status == 200
    assert site.sql_value("select claimed_by from desk_questions where topic_id = %s", topic.id) is None


def test_filters_are_kept_and_dropped(site, advisor):
    number = category(site, "desk-filters")
    path = f"/desk?show=unanswered&category={number}&free=1"
    refused = advisor.submit(path, "/desk/filters", name=" ")
    assert refused.status == 422 and problem(refused)
    kept = advisor.submit(path, "/desk/filters", name="Morning round")
    assert "The filter is kept" in kept.page.text and f"{kept.path}?{kept.address.query}" == path
    shown = advisor.get("/desk")
    link = next(node for node in shown.page.all("a") if node.text == "Morning round")
    assert link["href"] == path
    assert "Morning round" not in site.member(role="advisor").get("/desk").page.text
    form = next(form for form in shown.page.forms if form.action == "/desk/filters" and form.fields.get("id", "") != "")
    dropped = advisor.post("/desk/filters", form.fields)
    assert "The filter is dropped" in dropped.page.text and "Morning round" not in dropped.page.text


def test_counts_are_numbers_and_of_those_who_may_see(site, advisor):
    counts = advisor.get("/desk/counts").json()
    assert set(counts) == {"all", "mine", "unanswered", "answered", "reopened", "breached", "watched", "mirrored",
                           "escalated", "waiting", "private"}
    assert all(isinstance(count, int) for count in counts.values())
    assert site.member().get("/desk/counts").status == 403


def test_an_expert_sees_the_questions_of_their_field_and_no_others(site, advisor):
    asker, expert = site.member(age_days=5), site.member(age_days=5)
    inside, outside = ask(asker, slug="desk-inside"), ask(asker, slug="desk-outside")
    comes(advisor, site, outside, "desk-outside")
    comes(advisor, site, inside, "desk-inside")
    assert expert.get("/desk").status == 403
    site.sql("insert into experts (person_id, category_id, state, answered_at, ends_at)"
             " values (%s, %s, 'active', now(), now() + interval '1 year')", expert.person.id,
             category(site, "desk-inside"))
    shown = expert.get("/desk")
    assert row_of(shown, inside) and not row_of(shown, outside)
    assert press(expert, "/desk", f"/desk/{inside.id}/claim").status == 200
    form = expert.get("/desk").page.form("/logout").fields
    assert expert.post(f"/desk/{outside.id}/claim", {"csrf": form["csrf"], "key": form["key"]}).status == 403


@pytest.mark.parametrize("path", ["/desk?show=nothing", "/desk?category=x", "/desk?team=-1", "/desk?after=x"])
def test_an_address_that_is_none_is_not_found(advisor, path):
    assert advisor.get(path).status == 404
