"""Personal data is caught before it is public; its writer takes it out, or says that it is none."""

from support.forum import answer, article, ask, category, comment, rest

BODY = "Please call me back at 06 12 34 56 78, I am at home\nor write to marie.tests@free.fr, thanks!"


def asked(visitor, **fields):
    return visitor.submit("/ask", "/ask", **{
        "title": "Who can call me about my router this week?", "body": BODY, "considered": "1",
        "category": category(visitor.site), "tags": "", "language": "en", **fields})


def marked(shown):
    return [node.text for node in shown.page.all("mark")]


def queue(site, post):
    return site.sql_value("select string_agg(r->>'code', ',') from moderation_items i, jsonb_array_elements(i.reasons) r"
                          " where i.post_id = %s and i.state = 'open'", post)


def test_the_form_comes_back_with_the_text_kept_and_the_finds_marked(site, asker):
    before = site.sql_value("select count(*) from topics")
    shown = asked(asker)
    assert shown.status == 422
    assert marked(shown) == ["06 12 34 56 78", "marie.tests@free.fr"]
    assert "telephone number" in shown.page.text and "e-mail address" in shown.page.text
    assert shown.page.form("/ask").fields["body"] == BODY
    assert site.sql_value("select count(*) from topics") == before
    french = asked(site.member(language="fr"))
    assert french.status == 422 and "numéro de téléphone" in french.page.text


def test_one_press_publishes_the_question_without_it(site, asker):
    shown = asked(asker, title="My number is 0612345678, who can call me?")
    assert marked(shown)[0] == "0612345678"
    rest(site)
    published = asker.submit(shown, "/ask", personal="remove")
    assert published.status == 200
    assert published.page.find("h1").text == "My number is [telephone number removed], who can call me?"
    text = published.page.find(class_="prose").text
    assert "[telephone number removed]" in text and "[e-mail address removed]" in text
    assert "06 12" not in published.text and "free.fr" not in published.text


def test_what_is_none_is_published_and_the_team_looks(site, asker):
    shown = asked(asker)
    rest(site)
    published = asker.submit(shown, "/ask", personal="keep")
    assert published.status == 200 and "06 12 34 56 78" in published.page.find(class_="prose").text
    post = site.sql_value("select max(id) from posts where body_md like '%%06 12 34 56 78%%'")
    assert queue(site, post) == "personal_data_found"


def test_answers_comments_and_edits_are_looked_at_too(site, asker, helper):
    topic = ask(asker)
    refused = helper.submit(f"/t/{topic.id}/answer", f"/t/{topic.id}/answer",
                            body="My account is FR76 3000 6000 0112 3456 7890 189, pay me there.")
    assert refused.status == 422 and marked(refused) == ["FR76 3000 6000 0112 3456 7890 189"]
    refused = helper.submit(f"/p/{topic.post}/comment", f"/p/{topic.post}/comment", body="Card 4111 1111 1111 1111")
    assert refused.status == 422 and marked(refused) == ["4111 1111 1111 1111"]
    post = answer(helper, topic, body="Hold the reset button for ten seconds.")
    refused = helper.submit(f"/p/{post}/edit", f"/p/{post}/edit", body="Hold it, or call 06 98 76 54 32 for help.")
    assert refused.status == 422
    rest(site)
    shown = helper.submit(refused, f"/p/{post}/edit", personal="remove")
    assert "[telephone number removed]" in article(shown, post).text
    # What stands there is not asked about again.
    rest(site)
    kept = helper.submit(f"/p/{post}/edit", f"/p/{post}/edit", body="Call 06 98 76 54 32 for help.", personal="keep")
    assert kept.status == 200 and queue(site, post) == "personal_data_found"
    rest(site)
    again = helper.submit(f"/p/{post}/edit", f"/p/{post}/edit", body="You may call 06 98 76 54 32 for help.")
    assert again.status == 200 and "You may call" in article(again, post).text


def test_a_double_click_on_publish_without_it_asks_once(site, asker):
    shown = asked(asker)
    rest(site)
    first = asker.submit(shown, "/ask", personal="remove")
    second = asker.submit(shown, "/ask", personal="remove")
    assert first.path == second.path


def test_an_innocent_number_is_published_at_once(site, asker):
    topic = ask(asker, body="Since 01/02/2023 at 12:30 firmware 1.2.3.4 says 0x80070005 at 192.168.1.1, call 0800 123 456.")
    comment(asker, topic.post, "That is version 10.0.19045.3570 by the way")
