"""Editing, withdrawing, closing; and how much one may write."""

import pytest

from support.forum import (
    a_title, answer, article, ask, category, comment, edit, has_button, notifications, press, problem, rest, set_status,
)


# ---- editing ------------------------------------------------------------------


def test_an_edit_keeps_its_history_with_a_readable_difference(site, asker, helper):
    topic = ask(asker, title="Why is the red lamp blinking today?", body="The red lamp blinks since this morning.",
                tags="lampe")
    shown = edit(asker, topic.post, title="Why is the green lamp blinking today?",
                 body="The green lamp blinks since this morning.", tags="lampe, box", reason="Looked again")
    assert shown.status == 200 and shown.page.find("h1").text == "Why is the green lamp blinking today?"
    assert "green-lamp" in shown.path, "the slug follows the title"
    assert sorted(a.text for a in shown.page.find("ul", class_="tags").all("a")) == ["box", "lampe"]
    edit(asker, topic.post, body="The green lamp blinks slowly since this morning.")
    history = site.visitor().get(f"/p/{topic.post}/history")
    assert history.status == 200
    versions = history.page.find(class_="revisions").all("li")
    assert len(versions) == 3
    assert [len(v.all("ins")) > 0 for v in versions][:2] == [True, True]
    assert "slowly" in versions[0].find("ins").text
    assert "Looked again" in versions[1].text
    assert {node.text.split(" ", 1)[1].split()[0] for node in versions[1].all("del")} >= {"red"}
    assert [row["number"] for row in site.sql(
        "select number from revisions where post_id = %s order by number", topic.post)] == [0, 1, 2]
    assert "edited" in site.visitor().get(shown.path).page.text


def test_an_edit_that_changes_nothing_makes_no_version(site, asker):
    topic = ask(asker)
    assert edit(asker, topic.post).status == 200
    assert site.sql_value("select count(*) from revisions where post_id = %s", topic.post) == 0


def test_two_who_edit_at_once_do_not_overwrite_each_other(site, asker, moderator):
    topic = ask(asker)
    form = f"/p/{topic.post}/edit"
    mine, theirs = asker.get(form), moderator.get(form)
    assert moderator.submit(theirs, form, body="The moderator's words came first.").status == 200
    late = asker.submit(mine, form, body="The asker's words came second.", reason="A better text")
    assert late.status == 409
    fields = late.page.form(form).fields
    assert fields["body"] == "The asker's words came second." and fields["reason"] == "A better text"
    assert "Somebody changed this post" in problem(late)
    assert site.sql_value("select body_md from posts where id = %s", topic.post).startswith("The moderator's")
    again = asker.submit(form, form, body="Both of our words, put together.")
    assert again.status == 200


def test_what_was_refused_as_a_conflict_can_be_saved_again_from_the_page_that_says_so(site, asker, moderator):
    topic = ask(asker)
    form = f"/p/{topic.post}/edit"
    mine = asker.get(form)
    edit(moderator, topic.post, body="The moderator's words came first.")
    late = asker.submit(mine, form, body="The asker's words came second.")
    assert late.status == 409
    saved = asker.submit(late, form)
    assert saved.status == 200, "“then save again”, the sentence says"


def test_the_edit_window_ends_after_a_day_and_for_trusted_people_after_thirty(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    site.sql("update posts set created_at = created_at - interval '25 hours' where id = %s", post)
    refused = helper.get(f"/p/{post}/edit")
    assert refused.status == 403 and "too late" in refused.page.text
    assert f"/p/{post}/edit" not in helper.get(topic.path).page.links
    trusted = site.person()
    site.sql("update people set trust_level = 2 where id = %s", trusted.id)
    visitor = site.member(trusted)
    other = answer(visitor, topic)
    site.sql("update posts set created_at = created_at - interval '29 days' where id = %s", other)
    assert edit(visitor, other, body="Trusted people have thirty days.").status == 200
    site.sql("update posts set created_at = created_at - interval '2 days' where id = %s", other)
    assert visitor.get(f"/p/{other}/edit").status == 403


def test_nobody_edits_the_post_of_somebody_else_but_moderators(site, asker, helper, advisor, moderator):
    topic = ask(asker)
    for visitor in (helper, advisor):
        assert visitor.get(f"/p/{topic.post}/edit").status == 403
        fields = visitor.get("/ask").page.form("/ask").fields
        assert visitor.post(f"/p/{topic.post}/edit", {**fields, "body": "Something else entirely, ha!",
                                                       "revision": "0"}).status == 403
    assert edit(moderator, topic.post, body="A name was removed here by the team.",
                reason="Personal data").status == 200
    assert site.sql("select 1 from audit_log where action = 'post_edit' and subject_id = %s", topic.post)


def test_a_comment_is_edited_too(site, asker, helper):
    topic = ask(asker)
    number = comment(helper, topic.post, "Which model is it?")
    shown = edit(helper, number, body="Which model is it, and how old?")
    assert shown.status == 200 and "how old?" in shown.page.text
    assert edit(helper, number, body="x" * 2001).status == 422


# ---- withdrawing --------------------------------------------------------------


def test_a_withdrawn_answer_disappears_for_others_and_can_come_back(site, asker, helper, moderator):
    topic = ask(asker)
    post = answer(helper, topic, body="Words that I regret by now, and how.")
    press(asker, topic.path, f"/p/{post}/accept")
    press(helper, topic.path, f"/p/{post}/withdraw")
    for visitor in (site.visitor(), asker):
        page = visitor.get(topic.path)
        assert "regret" not in page.text and article(page, post) is None
        assert visitor.get(f"/p/{post}", follow=False).status in (404, 410)
        assert visitor.get(f"/p/{post}/history").status in (404, 410)
        assert visitor.get(f"/p/{post}/comments").status in (404, 410)
    assert "Solved" not in asker.get(topic.path).page.find(class_="topic-facts").text
    assert topic.row()["answer_count"] == 0 and topic.row()["accepted_count"] == 0
    for visitor in (helper, moderator):
        assert "regret" in article(visitor.get(topic.path), post).text
    press(helper, topic.path, f"/p/{post}/restore")
    assert "regret" in site.visitor().get(topic.path).text
    assert topic.row()["answer_count"] == 1 and topic.row()["accepted_count"] == 1


def test_a_withdrawn_question_is_gone_for_readers_lists_and_programs(site, asker, helper):
    topic = ask(asker, tags="fleeting")
    title = topic.row()["title"]
    shown = press(asker, topic.path, f"/p/{topic.post}/withdraw")
    assert shown.status == 200
    reader = site.visitor()
    gone = reader.get(topic.path)
    assert gone.status == 410 and title not in gone.text
    for path in ("/", "/questions", "/c/box", "/tag/fleeting", f"/u/{asker.person.id}", "/api/v1/topics",
                 f"/api/v1/topics/{topic.id}", "/api/v1/topics?tag=fleeting"):
        assert title not in reader.get(path).text, path
    assert asker.get(topic.path).status == 200
    assert "Withdrawn" in asker.get(f"/u/{asker.person.id}").page.text
    assert title not in helper.get(f"/u/{asker.person.id}").page.text
    press(asker, topic.path, f"/p/{topic.post}/restore")
    assert reader.get(topic.path).status == 200


def test_notifications_of_a_withdrawn_question_still_say_something(site, asker, helper, moderator):
    topic = ask(asker)
    answer(helper, topic, body="Hold the button for ten seconds, as always.")
    comment(asker, topic.post, "And then, @nobody?")
    note = comment(asker, site.sql_value("select max(id) from posts where kind = 'answer'"))
    press(moderator, topic.path, f"/p/{topic.post}/withdraw")
    for visitor in (asker, helper):
        rows = visitor.get("/notifications").page.all("li", class_="notification")
        assert rows and not [row for row in rows for link in row.all("a") if not link.text]
    assert topic.row()["title"] in notifications(asker)[0], "one's own question"
    assert "(withdrawn question)" in notifications(helper)[0]
    assert helper.get(f"/p/{note}").status == 410


def test_a_question_with_answers_is_withdrawn_by_moderators_only(site, asker, helper, moderator):
    topic = ask(asker)
    answer(helper, topic)
    action = f"/p/{topic.post}/withdraw"
    assert not has_button(asker.get(topic.path).page.root, action)
    refused = asker.post(action, asker.get("/ask").page.form("/ask").fields)
    assert refused.status == 403 and "can no longer be withdrawn" in refused.page.text
    press(moderator, topic.path, action)
    assert site.visitor().get(topic.path).status == 410
    fields = asker.get("/ask").page.form("/ask").fields
    assert asker.post(f"/p/{topic.post}/restore", fields).status == 403, "what moderators withdrew stays so"
    assert press(moderator, topic.path, f"/p/{topic.post}/restore").status == 200


def test_an_answer_under_a_withdrawn_question_is_out_of_reach(site, asker, helper, moderator):
    topic = ask(asker)
    post = answer(helper, topic)
    note = comment(asker, post, "A comment under the answer")
    press(moderator, topic.path, f"/p/{topic.post}/withdraw")
    reader = site.visitor()
    for number in (post, note):
        for path in (f"/p/{number}", f"/p/{number}/history", f"/p/{number}/comments"):
            assert reader.get(path).status in (404, 410), path
    listed = reader.get(f"/u/{helper.person.id}?tab=answers")
    assert topic.row()["title"] not in listed.page.text


# ---- states -------------------------------------------------------------------


def test_needs_information_ends_when_the_asker_says_more(site, asker, helper, advisor):
    topic = ask(asker)
    shown = set_status(advisor, topic, "needs_information")
    assert "Needs information" in shown.page.text
    assert "The team changed the state" in notifications(asker)[0]
    answer(helper, topic)
    assert topic.row()["status"] == "needs_information", "others may still answer"
    comment(asker, topic.post, "It is the model with two lamps.")
    assert topic.row()["status"] == "open"
    set_status(advisor, topic, "needs_information")
    edit(asker, topic.post, body="It is the model with two lamps, bought in May.")
    assert topic.row()["status"] == "open"


@pytest.mark.parametrize("status", ["closed", "duplicate"])
def test_a_closed_or_duplicate_question_takes_answers_of_the_team_only(site, asker, helper, advisor, status):
    original, topic = ask(asker), ask(asker)
    before = helper.get(f"/t/{topic.id}/answer")
    shown = set_status(advisor, topic, status, duplicate_of=str(original.id))
    assert shown.status == 200
    refused = helper.get(f"/t/{topic.id}/answer")
    assert refused.status == 403 and "closed" in refused.page.text
    late = helper.submit(before, f"/t/{topic.id}/answer", body="An answer that was written meanwhile.")
    assert late.status == 403
    assert late.page.form(f"/t/{topic.id}/answer").fields["body"] == "An answer that was written meanwhile."
    assert helper.get(f"/p/{topic.post}/comment").status == 403
    assert f"/t/{topic.id}/answer" not in [form.action for form in helper.get(topic.path).page.forms]
    answer(advisor, topic)
    page = site.visitor().get(f"{topic.path}?view=duplicate").page
    assert (page.find("meta", name="robots") is not None) == (status == "duplicate")
    assert (original.path in [a.get("href") for a in page.find(class_="notice").all("a")]) == (status == "duplicate")
    if status == "duplicate":
        assert f"{topic.path}?view=duplicate" in site.visitor().get(original.path).page.links, "asked again here"
    set_status(advisor, topic, "open")
    assert helper.get(f"/t/{topic.id}/answer").status == 200


def test_a_duplicate_points_to_a_question_that_exists_and_is_another(site, asker, advisor):
    original, topic = ask(asker), ask(asker)
    for given in ("", "999999999", str(topic.id), "nonsense", "/t/0", f"{site.url}/u/1"):
        refused = set_status(advisor, topic, "duplicate", duplicate_of=given)
        assert refused.status == 422, given
    assert topic.row()["status"] == "open"
    third = ask(asker)
    set_status(advisor, topic, "duplicate", duplicate_of=f" {site.url}{original.path}?page=1 ")
    assert topic.row()["duplicate_of"] == original.id
    set_status(advisor, third, "duplicate", duplicate_of=f"#{topic.id}")
    assert third.row()["duplicate_of"] == original.id, "the original's original, so that one step is enough"


def test_customers_set_no_states(site, asker, helper, advisor):
    topic = ask(asker)
    for visitor in (asker, helper):
        assert not has_button(visitor.get(topic.path).page.root, f"/t/{topic.id}/status")
        fields = visitor.get("/ask").page.form("/ask").fields
        for status in ("closed", "needs_information", "duplicate"):
            assert visitor.post(f"/t/{topic.id}/status", {**fields, "status": status}).status == 403
    assert topic.row()["status"] == "open"
    fields = advisor.get("/ask").page.form("/ask").fields
    for status in ("", "solved", "CLOSED", "'"):
        assert advisor.post(f"/t/{topic.id}/status", {**fields, "status": status}).status in (400, 422), status
    assert topic.row()["status"] == "open"


# ---- limits on writing --------------------------------------------------------


def test_a_new_member_asks_three_questions_and_answers_ten_times_on_the_first_day(site, asker):
    visitor, topic = site.member(), ask(asker)
    number = category(site)

    def again(path, keys, **fields):
        site.sql("delete from throttles where key like any (%s)", [[f"{key}:%" for key in keys]][0])
        return visitor.submit(path, path, follow=False, **fields)

    questions = [again("/ask", ["question-gap"], title=a_title(), body=f"What about number {n}, please?",
                       category=number, considered="1") for n in range(4)]
    assert [sent.status for sent in questions] == [303, 303, 303, 429]
    path = f"/t/{topic.id}/answer"
    answers = [again(path, ["post-gap"], body=f"This is my answer number {n}.") for n in range(11)]
    assert [sent.status for sent in answers] == [303] * 10 + [429]
    refused = answers[-1]
    assert int(refused.headers["Retry-After"]) > 3600
    assert refused.page.form(path).fields["body"] == "This is my answer number 10."


def test_two_posts_need_some_seconds_between_them_and_the_text_is_kept(site, asker):
    visitor, topic = site.member(age_days=5), ask(asker)
    path = f"/t/{topic.id}/answer"
    first = visitor.submit(path, path, follow=False, body="The first of two quick answers.")
    second = visitor.submit(path, path, follow=False, body="The second of two quick answers.")
    assert (first.status, second.status) == (303, 429)
    assert 0 < int(second.headers["Retry-After"]) <= 5
    assert second.page.form(path).fields["body"] == "The second of two quick answers."
    rest(site)
    assert visitor.submit(second, path, follow=False).status == 303


def test_the_same_text_again_is_a_mistake(site, asker, helper):
    topic = ask(asker)
    answer(helper, topic, body="Exactly the same words as a moment ago.")
    rest(site)
    path = f"/t/{topic.id}/answer"
    twin = helper.submit(path, path, body="Exactly the same words as a moment ago.")
    assert twin.status == 422 and "exactly this" in problem(twin)


def test_somebody_suspended_reads_and_does_nothing_else(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    visitor = site.member()
    fields = visitor.get("/ask").page.form("/ask").fields
    site.sql("update people set state = 'suspended' where id = %s", visitor.person.id)
    assert visitor.get(topic.path).status == 200
    fields |= {"title": a_title(), "body": "Let me in, I have things to say.", "on": "1", "category": category(site)}
    for path in ("/ask", f"/t/{topic.id}/answer", f"/p/{post}/comment", f"/p/{post}/thank",
                 f"/t/{topic.id}/me-too"):
        refused = visitor.post(path, fields)
        assert refused.status == 403 and "suspended" in refused.page.text, path
