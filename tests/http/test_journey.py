"""Taking part, from the first question to the accepted answer and all that can
happen in between, by the buttons and forms of the pages.
"""

import re

import pytest

from support.forum import (
    a_title, answer, ask, category, comment, mails_are_due, path_of, plant_answers, press, problem, rest,
)


@pytest.fixture(scope="module")
def asker(site):
    return site.member(age_days=10)


@pytest.fixture(scope="module")
def helper(site):
    return site.member(age_days=10)


@pytest.fixture(scope="module")
def advisor(site):
    return site.member(role="advisor")


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


def article(answer, post):
    """The article of a post on its topic's page."""
    return answer.page.find("article", id=f"p{post}")


def has_button(node, action):
    return node.find("form", action=action) is not None


def notifications(visitor):
    page = visitor.get("/notifications").page
    return [node.text for node in page.all("li", class_="notification")]


# ---- asking -----------------------------------------------------------------


@pytest.mark.parametrize("language, title, body, words", [
    ("fr", "Ma box redémarre « toute seule » chaque nuit à 3 h, pourquoi ?",
     "Depuis **lundi**, à 3 h précises.\n\n1. J’ai débranché.\n2. J’ai attendu : rien.", "Votre question est publiée"),
    ("en", "How do I call abroad — and what does it cost & when?",
     "I have the *small* plan.\n\n> \"roaming\" is on\n\nThanks!", "Your question is published"),
])
def test_a_question_is_asked_and_shown(site, language, title, body, words):
    visitor = site.member(language=language)
    number = category(site, "mobile")
    shown = visitor.submit("/ask", "/ask", title=title, body=body, category=number,
                           tags="Wi-Fi, Forfait bloqué", language=language)
    assert shown.status == 200 and words in shown.page.text
    assert shown.page.find("h1").text == title
    assert shown.page.language == language
    prose = shown.page.find(class_="prose")
    assert prose.find("strong") or prose.find("em")
    assert [tag.text for tag in shown.page.all("a", class_="tag")][:2] == ["wi-fi", "forfait-bloqué"]
    again = site.visitor(language=language).get(shown.path)
    assert again.page.find("h1").text == title and words not in again.page.text
    assert title in again.page.title
    assert title in site.visitor().get("/c/mobile").page.text
    assert title in site.visitor().get("/questions").page.text
    assert title in site.visitor().get("/").page.text


def test_a_question_in_the_other_language_says_so_to_readers_and_their_machines(site, asker):
    topic = ask(asker, title="Comment changer de forfait en cours de mois ?", language="fr")
    page = site.visitor(language="en").get(topic.path).page
    assert page.language == "en"
    assert page.find("h1").get("lang") == "fr"
    assert page.find(class_="prose").get("lang") == "fr"


def test_a_preview_shows_the_text_keeps_the_form_and_publishes_nothing(site, asker):
    number, title = category(site), a_title()
    before = site.sql_value("select count(*) from topics")
    typed = dict(title=title, body="Some **bold** words and <script>alert(1)</script> too.",
                 category=str(number), tags="box, wifi", language="fr")
    shown = asker.submit("/ask", "/ask", preview="1", **typed)
    assert shown.status == 200
    preview = shown.page.find(class_="preview")
    assert preview.find("strong").text == "bold"
    assert not preview.all("script")
    form = shown.page.form("/ask")
    assert {name: form.fields[name] for name in typed} == typed
    assert site.sql_value("select count(*) from topics") == before
    rest(site)
    published = asker.submit(shown, "/ask")
    assert published.status == 200 and published.page.find("h1").text == title


def test_a_preview_of_what_is_too_short_shows_it_all_the_same(asker):
    shown = asker.submit("/ask", "/ask", preview="1", title="", body="Hm *so*.", category="")
    assert shown.status == 200
    assert shown.page.find(class_="preview").find("em").text == "so"


def test_the_script_gets_a_fragment_for_its_preview(asker):
    page = asker.get("/ask").page
    answer = asker.post("/preview", {**page.form("/ask").fields, "body": "A `code` and\n\n| a |\n|---|\n| b |"})
    assert answer.status == 200
    assert "<code>code</code>" in answer.text and "<table>" in answer.text
    assert "<html" not in answer.text


REFUSED_QUESTIONS = [
    ("a title of 14 letters", {"title": "a" * 14}, "title"),
    ("a title of 256 letters", {"title": "a" * 256}, "title"),
    ("a title of blanks", {"title": " \u00a0\u200b\t" * 10}, "title"),
    ("a text of 19 letters", {"body": "a" * 19}, "body"),
    ("a text of 32,001 bytes", {"body": "é" * 16000 + "a"}, "body"),
    ("no subject", {"category": ""}, "category"),
    ("an unknown subject", {"category": "99999999"}, "category"),
    ("six tags", {"tags": "a1, b2, c3, d4, e5, f6"}, "tags"),
    ("a tag of 36 letters", {"tags": "a" * 36}, "tags"),
    ("a tag with a slash", {"tags": "a/b"}, "tags"),
]


@pytest.mark.parametrize("fields, field", [c[1:] for c in REFUSED_QUESTIONS],
                         ids=[c[0] for c in REFUSED_QUESTIONS])
def test_a_refused_question_says_why_at_its_field_and_keeps_the_text(site, asker, fields, field):
    typed = {"title": a_title(), "body": "Text that somebody took trouble with.",
             "category": str(category(site)), "tags": "box"} | fields
    before = site.sql_value("select count(*) from posts")
    answer = asker.submit("/ask", "/ask", **typed)
    assert answer.status == 422
    assert answer.page.find(id=f"{field}-error").text
    assert answer.page.find(id=field).get("aria-invalid") == "true"
    kept = answer.page.form("/ask").fields
    for name in ("title", "body", "tags"):
        assert kept[name] == typed[name]
    if typed["category"] != "99999999":
        assert kept["category"] == typed["category"]
    assert site.sql_value("select count(*) from posts") == before


@pytest.mark.parametrize("title, body", [
    ("a" * 15, "a" * 20), ("é" * 255, "é" * 16000), ("日本語の質問はここに書けますか、はい", "日本" * 10),
], ids=["shortest", "longest", "Japanese"])
def test_a_question_at_its_limits_is_taken(site, asker, title, body):
    topic = ask(asker, title=title, body=body)
    assert topic.row()["title"] == title


def test_white_space_and_invisible_letters_are_cleaned_out_of_a_title(asker):
    topic = ask(asker, title="  Why\u202e does\tthis \u200b\u200b  happen\r\nevery day?  ")
    assert topic.row()["title"] == "Why does this happen every day?"


def test_the_address_of_an_empty_slug_works(site, asker):
    topic = ask(asker, title="???????????????????")
    assert site.visitor().get(topic.path).status == 200


# ---- drafts -----------------------------------------------------------------


def test_a_draft_is_kept_shown_and_gone_once_published(site):
    visitor = site.member(age_days=3)
    number = category(site)
    listed = visitor.submit("/ask", "/ask", title="Half a title that I", body="Half a text, to be continued",
                            category=number, tags="box", save_draft="1")
    assert listed.path == "/drafts" and "Half a title that I" in listed.page.text
    page = visitor.get("/ask")
    fields = page.page.form("/ask").fields
    assert (fields["title"], fields["body"]) == ("Half a title that I", "Half a text, to be continued")
    assert (fields["category"], fields["tags"]) == (str(number), "box")
    assert "This is your draft" in page.page.text
    published = visitor.submit(page, "/ask")
    assert published.status == 200
    assert visitor.get("/ask").page.form("/ask").fields["body"] == ""
    assert "No drafts" in visitor.get("/drafts").page.text


def test_the_script_saves_drafts_of_answers_and_a_new_browser_finds_them(site, asker):
    topic = ask(asker)
    person = site.person()
    first, second = site.member(person), site.member(person)
    page = first.get(topic.path).page
    token = page.form(f"/t/{topic.id}/answer").fields["csrf"]
    saved = first.post("/drafts", {"csrf": token, "place": f"answer:{topic.id}", "body": "I once had"})
    assert saved.status == 204
    assert second.get(topic.path).page.form(f"/t/{topic.id}/answer").fields["body"] == "I once had"
    assert second.get(f"/t/{topic.id}/answer").page.form(f"/t/{topic.id}/answer").fields["body"] == "I once had"
    listed = second.get("/drafts")
    gone = second.submit(listed, "/drafts", delete="1")
    assert gone.status == 200 and "I once had" not in gone.page.text


def test_nobody_sees_the_drafts_of_somebody_else(site, asker, helper):
    asker.submit("/ask", "/ask", title="My very private draft", body="", category="", save_draft="1")
    assert "very private" not in helper.get("/drafts").page.text
    assert helper.get("/ask").page.form("/ask").fields["title"] == ""
    asker.submit("/drafts", "/drafts", delete="1")


def test_a_published_edit_forgets_no_draft_of_another_place(site, asker, helper):
    topic = ask(asker)
    helper.submit(f"/t/{topic.id}/answer", f"/t/{topic.id}/answer", body="Still thinking about", save_draft="1")
    ask(helper)
    assert "Still thinking about" in helper.get("/drafts").page.text
    answer(helper, topic)
    assert "Still thinking about" not in helper.get("/drafts").page.text


# ---- answering and commenting -----------------------------------------------


def test_an_answer_is_shown_counted_and_told_to_the_asker(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic, body="Hold the **reset** button for ten seconds.")
    page = site.visitor().get(topic.path)
    assert article(page, post).find("strong").text == "reset"
    assert "1 answer" in page.page.text and "Answered" in page.page.text
    assert topic.row()["answer_count"] == 1
    told = notifications(asker)[0]
    assert helper.person.name in told and topic.row()["title"] in told
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


# ---- mentions and mail ------------------------------------------------------


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
    for _ in range(2):
        answer(asker, ask(visitor))
        site.sql("update people set created_at = now() - interval '3 days' where id = %s", visitor.person.id)
    page = visitor.get("/notifications")
    assert len(page.page.all("li", class_="is-unread")) == 2
    page = visitor.submit(page, "/notifications/read")
    assert not page.page.all("li", class_="is-unread") and len(page.page.all("li", class_="notification")) == 2


def test_notifications_page_by_key(site, asker, helper):
    visitor = site.member()
    topic = ask(visitor)
    for _ in range(35):
        site.sql(
            "insert into notifications (person_id, kind, topic_id, post_id, actor_id)"
            " select %s, 'comment', %s, p.id, %s from posts p where p.id not in"
            " (select post_id from notifications where person_id = %s and post_id is not null) limit 1",
            visitor.person.id, topic.id, helper.person.id, visitor.person.id)
    total = site.sql_value("select count(*) from notifications where person_id = %s", visitor.person.id)
    first = visitor.get("/notifications").page
    rows = first.all("li", class_="notification")
    following = visitor.get(first.find("a", rel="next")["href"]).page
    assert len(rows) == 30
    assert len(following.all("li", class_="notification")) == total - 30
    assert following.find("a", rel="next") is None


# ---- thanks, me too, follow -------------------------------------------------


def test_thanks_are_given_counted_and_taken_back(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    before = site.sql("select thanks_count, reputation from people where id = %s", helper.person.id)[0]
    shown = press(asker, topic.path, f"/p/{post}/thank")
    button = article(shown, post).find("form", action=f"/p/{post}/thank").find("button")
    assert button["aria-pressed"] == "true" and "1" in button.text
    after = site.sql("select thanks_count, reputation from people where id = %s", helper.person.id)[0]
    assert after["thanks_count"] == before["thanks_count"] + 1
    assert after["reputation"] == before["reputation"] + 4
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


# ---- accepting --------------------------------------------------------------


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


# ---- editing ----------------------------------------------------------------


def edit(visitor, post, follow=True, **fields):
    return visitor.submit(f"/p/{post}/edit", f"/p/{post}/edit", follow=follow, **fields)


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
    site.sql("update people set is_trusted = true where id = %s", trusted.id)
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


# ---- withdrawing ------------------------------------------------------------


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


# ---- states -----------------------------------------------------------------


def set_status(visitor, topic, status, follow=True, **fields):
    return press(visitor, topic.path, f"/t/{topic.id}/status", follow=follow, status=status, **fields)


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
    page = site.visitor().get(topic.path).page
    assert (page.find("meta", name="robots") is not None) == (status == "duplicate")
    assert (original.path in page.links) == (status == "duplicate")
    if status == "duplicate":
        assert topic.path in site.visitor().get(original.path).page.links, "asked again here"
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


# ---- limits on writing ------------------------------------------------------


def test_a_new_member_asks_three_questions_and_answers_ten_times_on_the_first_day(site, asker):
    visitor, topic = site.member(), ask(asker)
    number = category(site)

    def again(path, keys, **fields):
        site.sql("delete from throttles where key like any (%s)", [[f"{key}:%" for key in keys]][0])
        return visitor.submit(path, path, follow=False, **fields)

    questions = [again("/ask", ["question-gap"], title=a_title(), body=f"What about number {n}, please?",
                       category=number) for n in range(4)]
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


# ---- where things are -------------------------------------------------------


def test_a_permalink_leads_to_the_page_that_the_post_is_on(site, asker, helper):
    topic = ask(asker)
    posts = plant_answers(site, helper.person, topic.id, 45)
    reader = site.visitor()
    for index, page in ((0, None), (19, None), (20, "2"), (44, "3")):
        moved = reader.get(f"/p/{posts[index]}", follow=False)
        assert moved.status == 302
        wanted = topic.path + (f"?page={page}" if page else "") + f"#p{posts[index]}"
        assert path_of(moved) == wanted
        assert article(reader.get(path_of(moved)), posts[index])
    note = comment(asker, posts[30])
    assert path_of(reader.get(f"/p/{note}", follow=False)) == f"{topic.path}?page=2#p{note}"
    last = answer(helper, topic)
    assert path_of(reader.get(f"/p/{last}", follow=False)) == f"{topic.path}?page=3#p{last}"


def test_answers_are_shown_twenty_a_page_all_once_in_both_orders(site, asker, helper):
    topic = ask(asker)
    posts = plant_answers(site, helper.person, topic.id, 45)
    site.sql("update posts set votes_imported = number %% 7, score = number %% 7 where id = any (%s)", posts)
    reader = site.visitor()
    by_score = [row["id"] for row in site.sql(
        "select id from posts where id = any (%s) order by score desc, created_at, id", posts)]
    for query, wanted in (("", posts), ("sort=votes", by_score)):
        seen, pages = [], []
        path = topic.path + (f"?{query}" if query else "")
        while path:
            answer_ = reader.get(path)
            assert answer_.status == 200
            shown = [int(node["id"][1:]) for node in answer_.page.all("article", class_="answer")]
            pages.append(len(shown))
            seen += shown
            canonical = answer_.page.find("link", rel="canonical")["href"]
            assert canonical == site.url + path, "each page is its own canonical"
            noindex = answer_.page.find("meta", name="robots") is not None
            assert noindex == bool(query), "sorted variants are not for search engines"
            link = answer_.page.find("a", rel="next")
            path = link["href"] if link else None
        assert pages == [20, 20, 5] and seen == wanted
    assert reader.get(f"{topic.path}?page=4").status == 404


def test_any_slug_leads_to_the_right_one_for_good(site, asker):
    topic = ask(asker, title="Éteindre & rallumer l’« œil » : où est le bouton ?")
    reader = site.visitor()
    for path in (f"/t/{topic.id}", f"/t/{topic.id}-", f"/t/{topic.id}-quite-another", f"/t/{topic.id}-%C3%A9"):
        moved = reader.get(path, follow=False)
        assert (moved.status, path_of(moved)) == (301, topic.path), path
    kept = reader.get(f"/t/{topic.id}-x?sort=votes", follow=False)
    assert path_of(kept) == f"{topic.path}?sort=votes"
    page = reader.get(topic.path).page
    assert page.find("link", rel="canonical")["href"] == site.url + topic.path
    person = reader.get(f"/u/{asker.person.id}", follow=False)
    assert person.status == 301
    assert reader.get(path_of(person)).status == 200


def test_a_persons_page_shows_their_questions_and_answers(site, asker, helper):
    topic = ask(asker)
    answer(helper, topic, body="An answer that my page shows as well.")
    own = site.visitor().get(f"/u/{asker.person.id}").page
    assert topic.row()["title"] in own.text and own.find("h1").text == asker.person.name
    theirs = site.visitor().get(f"/u/{helper.person.id}?tab=answers").page
    assert topic.row()["title"] in theirs.text and "my page shows" in theirs.text
    assert asker.person.email not in own.text


def test_the_profile_text_is_markdown_and_harmless(site):
    visitor = site.member()
    saved = visitor.submit("/settings", "/settings/profile", language="en", wants_mail="1",
                           bio="I **help** with [boxes](javascript:alert(1)) <b onclick=x>.</b>")
    assert saved.status == 200 and "saved" in saved.page.text
    page = site.visitor().get(f"/u/{visitor.person.id}").page
    prose = page.find(class_="prose")
    assert prose.find("strong").text == "help"
    assert not prose.find("a", href="javascript:alert(1)") and not prose.find("b", onclick="x")
    long = visitor.submit("/settings", "/settings/profile", language="en", bio="x" * 4001)
    assert long.status == 422 and long.page.find(id="bio").raw_text.strip() == "x" * 4001


def test_the_language_is_changed_by_visitors_and_members(site):
    visitor = site.visitor(language="en")
    shown = visitor.submit("/questions", "/language")
    assert shown.page.language == "fr" and shown.path == "/questions"
    assert visitor.get("/").page.language == "fr"
    member = site.member(language="en")
    shown = member.submit("/tags", "/language")
    assert shown.page.language == "fr"
    assert site.sql_value("select language from people where id = %s", member.person.id) == "fr"
    elsewhere = site.member(member.person, language="en")
    assert elsewhere.get("/").page.language == "fr"


def test_links_of_new_people_do_not_count_for_search_engines(site, asker):
    body = "See [this](https://example.com/a) and https://example.com/b and [ours](/questions) please."
    topic = ask(asker, body=body)
    prose = site.visitor().get(topic.path).page.find(class_="prose")
    outside = [a for a in prose.all("a") if a["href"].startswith("https://example.com")]
    assert len(outside) == 2
    assert all({"ugc", "nofollow"} <= set(a.get("rel").split()) for a in outside)
    staff = site.member(role="advisor")
    trusted = site.visitor().get(ask(staff, body=body).path).page.find(class_="prose")
    outside = [a for a in trusted.all("a") if a["href"].startswith("https://example.com")]
    assert len(outside) == 2 and not [a for a in outside if "nofollow" in a.get("rel")]


def test_a_topic_without_answers_is_listed_as_such_and_counts_are_right_in_both_languages(site, asker, helper):
    topic = ask(asker)
    for language, none, one, two in (("en", "0 answers", "1 answer", "2 answers"),
                                     ("fr", "0 réponse", "1 réponse", "2 réponses")):
        reader = site.visitor(language=language)
        site.sql("update posts set visibility = 'withdrawn' where topic_id = %s and kind = 'answer'", topic.id)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == none
        answer(helper, topic)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == one
        answer(helper, topic)
        assert reader.get(topic.path).page.find(id="answers").text.replace("\u00a0", " ") == two


def test_times_are_relative_with_the_exact_one_beside_them(site, asker):
    topic = ask(asker)
    site.sql("update posts set created_at = now() - interval '3 hours' where id = %s", topic.post)
    for language, words in (("en", "3 hours ago"), ("fr", "il y a 3 heures")):
        page = site.visitor(language=language).get(topic.path)
        shown = article(page, topic.post).find("time", class_="ago")
        assert shown.text.replace("\u00a0", " ") == words
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", shown["datetime"])
        assert shown["title"]


def test_whoever_is_asked_to_sign_in_comes_back_to_the_question(site, asker):
    topic = ask(asker)
    person, visitor = site.person(), site.visitor()
    page = visitor.get(topic.path)
    login = next(a for a in page.page.all("a") if a.get("href").startswith("/login?next="))
    back = visitor.submit(visitor.get(login["href"]), "/login", email=person.email, password=person.password)
    assert back.status == 200 and back.path == topic.path
