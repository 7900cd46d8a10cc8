"""Answering, commenting, mentioning, thanking, following, accepting; and who is told."""

import pytest

from support.forum import (
    answer, article, ask, category, comment, has_button, mails_are_due, notifications, press, rest, without_badges,
)


# ---- answering and commenting -------------------------------------------------


def test_an_answer_is_shown_counted_and_told_to_the_asker(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic, body="Hold the **reset** button for ten seconds.")
    page = site.visitor().get(topic.path)
    assert article(page, post).find("strong").text == "reset"
    assert "1 answer" in page.page.text and "Answered" in page.page.text
    assert topic.row()["answer_count"] == 1
    told = next(text for text in notifications(asker) if helper.person.name in text)
    assert topic.row()["title"] in told
    assert not [text for text in notifications(helper) if topic.row()["title"] in text]


def test_a_quote_stands_in_the_form_and_in_the_answer(site, asker, helper):
    topic = ask(asker, body="First line of mine.\n\nSecond *line* of mine, the last.")
    form = helper.get(f"/t/{topic.id}/answer?quote={topic.post}").page.form(f"/t/{topic.id}/answer")
    assert form.fields["body"].startswith("> First line of mine.\n>\n> Second")
    post = answer(helper, topic, body=form.fields["body"] + "\n\nThat second line is the reason.")
    quote = article(site.visitor().get(topic.path), post).find("blockquote")
    assert "Second line of mine" in quote.text
    other = ask(asker)
    assert helper.get(f"/t/{other.id}/answer?quote={topic.post}").status == 404
    assert helper.get(f"/t/{other.id}/answer?quote=1x").status == 404


def test_comments_stand_under_their_post_ten_and_the_rest_on_a_page_of_its_own(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    numbers = [comment(asker, post, f"Comment number {n} of mine") for n in range(1, 13)]
    page = site.visitor().get(topic.path)
    shown = article(page, post).find(class_="comments")
    assert len(shown.all("li", class_="comment")) == 10
    more = shown.find("a", class_="more-comments")
    assert "12" in more.text
    listed = site.visitor().get(more["href"]).page
    assert [node["id"] for node in listed.all("li", class_="comment")] == [f"p{n}" for n in numbers]
    assert topic.row()["comment_count"] == 12
    assert helper.person.name not in [n for n in notifications(asker)]
    assert [text for text in notifications(helper) if "commented on" in text]


def test_a_comment_cannot_be_commented_or_accepted_or_thanked(site, asker, helper):
    topic = ask(asker)
    number = comment(helper, topic.post)
    assert helper.get(f"/p/{number}/comment").status in (403, 404, 200)
    page = helper.get("/ask").page
    token = page.form("/ask").fields
    for action, who in (("comment", helper), ("accept", asker), ("thank", asker)):
        fields = who.get("/ask").page.form("/ask").fields
        refused = who.post(f"/p/{number}/{action}", {**fields, "body": "More words than five", "on": "1"})
        assert refused.status in (403, 404), (action, refused)
    assert token


def test_a_withdrawn_question_takes_no_answers(site, asker, helper):
    topic = ask(asker)
    page = helper.get(f"/t/{topic.id}/answer")
    press(asker, topic.path, f"/p/{topic.post}/withdraw")
    rest(site)
    late = helper.submit(page, f"/t/{topic.id}/answer", body="An answer that comes too late, sadly.")
    assert late.status in (403, 410)
    assert "comes too late" in late.text, "the text is kept"


# ---- mentions and mail --------------------------------------------------------


@pytest.mark.parametrize("language, subject, button", [
    ("en", "You were mentioned", "Read it on the site"), ("fr", "mentionne", None),
])
def test_a_mention_is_a_link_a_notification_and_a_mail_in_the_persons_language(
        site, asker, language, subject, button):
    person = site.person(name=f"Marie {language.upper()} Claire", language=language)
    handle = site.sql_value("select handle from people where id = %s", person.id)
    topic = ask(asker)
    post = answer(asker, topic, body=f"Perhaps @{handle} knows more, she had it. `@{handle}` is code.")
    page = site.visitor().get(topic.path)
    links = [a for a in article(page, post).find(class_="prose").all("a") if a["href"].startswith("/u/")]
    assert [(a.text, a["href"].split("-")[0]) for a in links] == [(f"@{handle}", f"/u/{person.id}")]
    visitor = site.member(person)
    assert len(notifications(visitor)) == 1
    assert not site.mails(person.email), "who looks within ten minutes gets no mail"
    mails_are_due(site)
    mail = site.wait_mail(person.email)
    assert subject in mail.subject and topic.row()["title"] in mail.subject
    assert site.url + f"/p/{post}" in mail.links
    assert asker.person.name in mail.text and asker.person.name in mail.html
    assert button is None or button in mail.text
    assert f'lang="{language}"' in mail.html
    message = mail.message
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] and message["Date"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_leaving_the_mailing_takes_a_button_or_one_click_without_cookies(site, asker):
    person = site.person()
    handle = site.sql_value("select handle from people where id = %s", person.id)
    answer(asker, ask(asker), body=f"What do you say, @{handle}? You wrote about that.")
    mails_are_due(site)
    mail = site.wait_mail(person.email)
    link = mail.message["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{site.url}/unsubscribe?") and link in mail.text
    wants = "select wants_mail from people where id = %s"
    scanner = site.visitor()
    page = scanner.get(link)
    assert page.status == 200 and page.page.find("button", type="submit")
    assert site.sql_value(wants, person.id) is True, "following the link changes nothing"
    stranger = site.visitor()
    forged = stranger.post(link.replace(f"person={person.id}", f"person={asker.person.id}"),
                           {"List-Unsubscribe": "One-Click"})
    assert forged.status == 404
    assert site.sql_value(wants, asker.person.id) is True
    machine = site.visitor()
    left = machine.request("POST", link, data={"List-Unsubscribe": "One-Click"})
    assert left.status == 200
    assert site.sql_value(wants, person.id) is False
    answer(asker, ask(asker), body=f"And what about this, @{handle}? It is like that.")
    mails_are_due(site)
    site.person()
    assert len(site.mails(person.email)) == 1
    site.sql("update people set wants_mail = true where id = %s", person.id)
    pressed = scanner.submit(page, page.page.find("form", method="post")["action"].split("?")[0])
    assert pressed.status == 200
    assert site.sql_value(wants, person.id) is False


def test_a_notification_that_was_read_is_not_mailed(site, asker):
    person = site.person()
    without_badges(site, person.id)
    visitor = site.member(person, language="en")
    topic = ask(visitor)
    answer(asker, topic)
    assert visitor.get("/").page.find(class_="bell-count").text == "1"
    visitor.get(topic.path)
    assert visitor.get("/").page.find(class_="bell-count") is None
    mails_are_due(site)
    other = site.person()
    site.visitor().submit("/reset", "/reset", email=other.email)
    site.wait_mail(other.email)
    assert not site.mails(person.email)


def test_all_notifications_are_marked_as_read_by_one_button(site, asker):
    visitor = site.member()
    without_badges(site, visitor.person.id)
    for _ in range(2):
        answer(asker, ask(visitor))
        site.sql("update people set created_at = now() - interval '3 days' where id = %s", visitor.person.id)
    page = visitor.get("/notifications")
    assert len(page.page.all("li", class_="is-unread")) == 2
    page = visitor.submit(page, "/notifications/read")
    assert not page.page.all("li", class_="is-unread") and len(page.page.all("li", class_="notification")) == 2


def test_notifications_page_by_key(site):
    visitor = site.member()
    site.sql(
        "insert into notifications (person_id, kind, standing, rank_fr, rank_en)"
        " select %s, 'rank', n, 'Rang ' || n, 'Rank ' || n from generate_series(1, 35) n",
        visitor.person.id)
    total = site.sql_value("select count(*) from notifications where person_id = %s", visitor.person.id)
    first = visitor.get("/notifications").page
    rows = first.all("li", class_="notification")
    following = visitor.get(first.find("a", rel="next")["href"]).page
    assert len(rows) == 30
    assert "new rank: Rank 35." in rows[0].text
    assert rows[0].find("a")["href"] == f"/u/{visitor.person.id}/standing"
    assert len(following.all("li", class_="notification")) == total - 30
    assert following.find("a", rel="next") is None


# ---- thanks, me too, follow ---------------------------------------------------


def test_thanks_are_given_counted_and_taken_back(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    before = site.sql("select thanks_count, reputation from people where id = %s", helper.person.id)[0]
    # Somebody new: thanks of the same people, again and again, earn nothing.
    asker = site.member()
    shown = press(asker, topic.path, f"/p/{post}/thank")
    button = article(shown, post).find("form", action=f"/p/{post}/thank").find("button")
    assert button["aria-pressed"] == "true" and "1" in button.text
    after = site.sql("select thanks_count, reputation from people where id = %s", helper.person.id)[0]
    assert after["thanks_count"] == before["thanks_count"] + 1
    assert after["reputation"] == before["reputation"] + 10
    assert [text for text in notifications(helper) if "thanks you" in text and topic.row()["title"] in text]
    shown = press(asker, shown, f"/p/{post}/thank")
    assert article(shown, post).find("form", action=f"/p/{post}/thank").find("button")["aria-pressed"] == "false"
    assert site.sql("select thanks_count, reputation from people where id = %s", helper.person.id)[0] == before


def test_nobody_thanks_themselves(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    assert not has_button(article(helper.get(topic.path), post), f"/p/{post}/thank")
    fields = helper.get("/ask").page.form("/ask").fields
    assert helper.post(f"/p/{post}/thank", {**fields, "on": "1"}).status == 403
    assert site.sql_value("select thanks_count from posts where id = %s", post) == 0


def test_me_too_counts_once_and_is_taken_back(site, asker, helper):
    topic = ask(asker)
    action = f"/t/{topic.id}/me-too"
    page = helper.get(topic.path)
    fields = page.page.form(action).fields
    for _ in range(3):
        assert helper.post(action, fields).status == 200
    assert topic.row()["me_too_count"] == 1
    shown = press(helper, topic.path, action)
    assert shown.path == topic.path
    assert topic.row()["me_too_count"] == 0
    assert not has_button(asker.get(topic.path).page.root, action), "not on one's own question"
    assert asker.post(action, asker.get("/ask").page.form("/ask").fields).status == 403


def test_following_a_topic_a_tag_and_a_category_brings_their_news(site, asker, helper):
    reader = site.member()
    topic = ask(asker, slug="tv", tags="decodeur")
    press(reader, topic.path, "/follow")
    assert topic.path in reader.get("/questions?filter=followed").page.links
    answer(helper, topic)
    assert topic.row()["title"] in notifications(reader)[0]
    press(reader, "/tag/decodeur", "/follow")
    tagged = ask(asker, slug="mobile", tags="decodeur")
    assert tagged.row()["title"] in notifications(reader)[0] and "asked" in notifications(reader)[0]
    press(reader, "/c/tv", "/follow")
    placed = ask(asker, slug="tv")
    assert placed.row()["title"] in notifications(reader)[0]
    both = ask(asker, slug="tv", tags="decodeur")
    assert len([text for text in notifications(reader) if both.row()["title"] in text]) == 1
    press(reader, "/c/tv", "/follow")
    press(reader, "/tag/decodeur", "/follow")
    quiet = ask(asker, slug="tv", tags="decodeur")
    assert not [text for text in notifications(reader) if quiet.row()["title"] in text]


def test_following_a_category_brings_the_news_of_its_parts(site, asker):
    category(site, "phones", parent="devices")
    reader = site.member()
    press(reader, "/c/devices", "/follow")
    topic = ask(asker, slug="phones")
    assert topic.row()["title"] in notifications(reader)[0]
    assert topic.row()["title"] in site.visitor().get("/c/devices").page.text


# ---- accepting ----------------------------------------------------------------


def test_the_asker_accepts_and_takes_it_back(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    shown = press(asker, topic.path, f"/p/{post}/accept")
    assert shown.status == 200 and "Thank you for saying what helped" in shown.page.text
    assert "Solved" in shown.page.find(class_="topic-facts").text
    solution = shown.page.find("article", class_="solution")
    assert helper.person.name in solution.text
    assert "is-accepted" in article(shown, post).get("class")
    assert [text for text in notifications(helper) if "is the solution" in text and topic.row()["title"] in text]
    assert topic.row()["solved_at"] is not None
    shown = press(asker, shown, f"/p/{post}/accept")
    assert shown.page.find("article", class_="solution") is None
    assert "Answered" in shown.page.find(class_="topic-facts").text
    assert topic.row()["solved_at"] is None and topic.row()["accepted_count"] == 0


def test_two_answers_can_both_be_the_solution(site, asker, helper, advisor):
    topic = ask(asker)
    first, second = answer(helper, topic), answer(advisor, topic)
    press(asker, topic.path, f"/p/{first}/accept")
    shown = press(asker, topic.path, f"/p/{second}/accept")
    assert len(shown.page.all("article", class_="solution")) == 2
    press(asker, topic.path, f"/p/{first}/accept")
    assert topic.row()["accepted_count"] == 1 and "Solved" in asker.get(topic.path).page.text


def test_others_do_not_accept_and_staff_only_after_three_days(site, asker, helper, advisor, moderator):
    topic = ask(asker)
    post = answer(helper, topic)
    action = f"/p/{post}/accept"
    for visitor in (helper, advisor, moderator):
        assert not has_button(article(visitor.get(topic.path), post), action)
        fields = visitor.get("/ask").page.form("/ask").fields
        refused = visitor.post(action, {**fields, "on": "1"})
        assert refused.status == 403
    assert "three days" in refused.page.text
    site.sql("update posts set created_at = created_at - interval '3 days' where id = %s", post)
    shown = press(advisor, topic.path, action)
    assert shown.page.find("article", class_="solution")
    assert site.sql("select 1 from audit_log where action = 'accept' and subject_id = %s", post)
    assert press(moderator, topic.path, action).status == 200
    assert topic.row()["accepted_count"] == 0
