"""Working a question at the desk: its page, notes, templates, acts; and who sees nothing of it."""

import pytest
from support.articles import put_article
from support.forum import BODY, a_title, answer, ask, eventually, notifications, problem

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'single' {{ 7*7 }}"


@pytest.fixture
def advisor(site):
    return site.member(role="advisor")


@pytest.fixture
def asker(site):
    return site.member()


def put_question(site, asker, **fields):
    """As the worker makes it, a moment later."""
    topic = ask(asker, **fields)
    site.sql("insert into desk_questions (topic_id, stage, category_id, top_category_id, asked_at, order_at)"
             " select id, 'unanswered', category_id, top_category_id, created_at, created_at from topics where id = %s"
             " on conflict do nothing", topic.id)
    return topic


def act(visitor, topic, word, follow=True, **fields):
    """The form of that act on the question's page."""
    shown = visitor.get(f"/desk/{topic.id}")
    form = next(form for form in shown.page.forms if form.fields.get("do") == word)
    return visitor.post(form.action, {**form.fields, **fields}, follow=follow)


def is_told(visitor, words):
    return any(words in line for line in notifications(visitor))


def put_expert(site, person, topic):
    site.sql("insert into experts (person_id, category_id, state, reason, answered_at, ends_at)"
             " select %s, category_id, 'active', 'x', now(), now() + interval '1 year' from topics where id = %s",
             person.id, topic.id)


def test_the_page_has_all_that_helps(site, advisor, asker):
    earlier, topic = ask(asker, tags="modem"), put_question(site, asker, tags="modem")
    shown = advisor.get(f"/desk/{topic.id}").page
    assert shown.find("h1").text == site.sql_value("select title from topics where id = %s", topic.id)
    for words in ("What is promised", "Member since", "Products and subjects", "Notes of the desk", "Your answer",
                  "Hand over", "Escalate", "Follow up later", "Close as a duplicate", "Nobody has it in hand"):
        assert words in shown.text, words
    assert shown.find("a", href=earlier.path)
    assert shown.find("form", action=f"/t/{topic.id}/answer")


def test_nobody_below_sees_notes_card_or_page(site, advisor, asker):
    topic, other = put_question(site, asker), site.member()
    secret = f"secret {a_title()}"
    assert "The note is kept" in act(advisor, topic, "note", note=secret).page.text
    for reader in (asker, other):
        assert reader.get(f"/desk/{topic.id}").status == 403
        assert reader.post(f"/desk/{topic.id}", {**reader.get("/ask").page.forms[-1].fields, "do": "note", "note": "x"},
                           follow=False).status == 403
        assert secret not in reader.get(topic.path).text
    visitor = site.visitor("en")
    assert "/login" in visitor.get(f"/desk/{topic.id}", follow=False).headers["Location"]
    assert secret not in visitor.get(topic.path).text
    assert secret not in visitor.get(f"/api/v1/topics/{topic.id}").text
    # An expert of the field works on it, one of another field does not.
    expert = site.member()
    put_expert(site, expert.person, topic)
    assert secret in expert.get(f"/desk/{topic.id}").text
    assert "Close the question" not in expert.get(f"/desk/{topic.id}").text
    elsewhere = site.member()
    site.sql("insert into experts (person_id, tag_id, state, reason, answered_at, ends_at) values (%s, %s, 'active', 'x',"
             " now(), now() + interval '1 year')", elsewhere.person.id,
             site.sql_value("insert into tags (name) values (%s) returning id", f"elsewhere-{topic.id}"))
    assert elsewhere.get(f"/desk/{topic.id}").status == 403


def test_a_note_is_text_and_tells_who_is_named(site, advisor, asker):
    topic, colleague = put_question(site, asker), site.member(role="advisor")
    handle = site.sql_value("select handle from people where id = %s", colleague.person.id)
    shown = act(advisor, topic, "note", note=f"{HOSTILE} @{handle}")
    assert "<script>alert" not in shown.text
    assert site.sql_value("select body_md from desk_notes where topic_id = %s", topic.id) == f"{HOSTILE} @{handle}"
    assert is_told(colleague, "named you in a note")
    assert colleague.get("/notifications").page.find("a", href=f"/desk/{topic.id}")
    refused = act(advisor, topic, "note", note="   ")
    assert refused.status == 422 and problem(refused)


def test_a_note_is_changed_and_taken_back_by_its_writer(site, advisor, asker):
    topic = put_question(site, asker)
    act(advisor, topic, "note", note="First words")
    page = advisor.get(f"/desk/{topic.id}")
    form = next(form for form in page.page.forms if "note_id" in form.fields)
    advisor.post(form.action, {**form.fields, "do": "note_change", "note": "Other words"})
    assert "Other words" in advisor.get(f"/desk/{topic.id}").page.text
    site.sql("update desk_notes set created_at = now() - interval '11 minutes' where topic_id = %s", topic.id)
    fields = {**form.fields, "key": page.page.forms[-1].fields["key"], "do": "note_delete"}
    assert advisor.post(form.action, fields, follow=False).status == 409
    assert "Change it or take it back" not in advisor.get(f"/desk/{topic.id}").page.text


def test_asking_for_information_tells_what_is_wanted_until_the_asker_writes(site, advisor, asker):
    topic, wanted = put_question(site, asker), "Which lamp blinks?"
    assert act(advisor, topic, "information", wanted="  ").status == 422
    assert "is told what is needed" in act(advisor, topic, "information", wanted=wanted).page.text
    assert wanted in asker.get(topic.path).page.text
    assert f"Asked for: {wanted}" in advisor.get(f"/desk/{topic.id}").page.text
    assert is_told(asker, "changed the state")
    answer(asker, topic)
    assert site.sql_value("select status from topics where id = %s", topic.id) == "open"


def test_a_colleagues_claim_is_not_crossed(site, advisor, asker):
    topic, other = put_question(site, asker), site.member(role="advisor")
    page = other.get(f"/desk/{topic.id}")
    claim = next(form for form in page.page.forms if form.action == f"/desk/{topic.id}/claim")
    waiting = [form for form in page.page.forms if form.fields.get("do") in ("hand_over", "information", "follow_up")]
    advisor.submit(f"/desk/{topic.id}", f"/desk/{topic.id}/claim")
    assert "You have it in hand" in advisor.get(f"/desk/{topic.id}").page.text
    assert other.post(claim.action, claim.fields, follow=False).status == 409
    for form in waiting:
        fields = {**form.fields, "to": f"person-{other.person.id}", "wanted": "What?", "follow_up": ""}
        refused = other.post(form.action, fields, follow=False)
        assert refused.status == 409, form.fields["do"]
        assert f"{advisor.person.name} is working on this question" in refused.page.text
    assert site.sql_value("select status from topics where id = %s", topic.id) == "open"


def test_escalated_to_an_expert_and_taken_back(site, advisor, asker):
    topic, expert = put_question(site, asker), site.member()
    put_expert(site, expert.person, topic)
    assert act(advisor, topic, "escalate", to="", hours="24").status == 422
    shown = act(advisor, topic, "escalate", to=f"person-{expert.person.id}", hours="24", reason="Radio")
    assert "The question is escalated" in shown.page.text and expert.person.name in shown.page.text
    assert is_told(expert, "hands a question over to you")
    assert site.sql_value("select escalated_to_person from desk_questions where topic_id = %s",
                          topic.id) == expert.person.id
    assert "It is undone" in act(advisor, topic, "undo").page.text
    assert site.sql_value("select escalated_to_person from desk_questions where topic_id = %s", topic.id) is None
    lines = site.sql("select action from audit_log where subject = 'topic' and subject_id = %s order by id", topic.id)
    assert [line["action"] for line in lines] == ["desk_escalated", "desk_act_undone"]


def test_following_up_handing_over_and_settling(site, advisor, asker):
    topic, colleague = put_question(site, asker), site.member(role="advisor")
    day = site.sql_value("select to_char(now() + interval '3 days', 'YYYY-MM-DD')")
    assert act(advisor, topic, "follow_up", follow_up="2001-01-01").status == 422
    assert "when to look at it again" in act(advisor, topic, "follow_up", follow_up=day).page.text
    assert "handed over" in act(advisor, topic, "hand_over", to=f"person-{colleague.person.id}").page.text
    assert colleague.person.name in advisor.get(f"/desk/{topic.id}").page.text
    assert act(advisor, topic, "settle", settled="").status == 422
    assert "settled" in act(advisor, topic, "settle", settled="Solved by telephone").page.text
    assert "Solved by telephone" in asker.get(topic.path).page.text
    duplicate, original = put_question(site, asker), ask(asker)
    act(advisor, duplicate, "duplicate", duplicate_of=original.path)
    assert site.sql_value("select duplicate_of from topics where id = %s", duplicate.id) == original.id


def write_template(visitor, **fields):
    return visitor.submit("/desk/templates/new", "/desk/templates/new",
                          **{"do": "save", "language": "en", "scope": "all", "title": a_title("Greeting"),
                             "body": "Hello {customer}", **fields})


def test_a_template_fills_the_reply_and_is_counted(site, advisor, asker):
    topic, name = put_question(site, asker), a_title("Lamp article")
    article = put_article(site, name)
    body = f"Hello {{customer}}, about “{{question}}” in {{category}}: {{link:{article}}}. {{me}}"
    saved = write_template(advisor, body=body)
    assert "The template is saved" in saved.page.text
    number = int(saved.path.rpartition("/")[2])
    shown = advisor.get(f"/desk/{topic.id}?template={number}").page
    text = shown.find("textarea", id="body").text
    assert asker.person.name.split()[0] in text and f"/kb/{article}" in text and advisor.person.name in text
    alone = advisor.get(f"/desk/{topic.id}?template={number}&as=text")
    assert alone.headers["Content-Type"].startswith("text/plain") and f"/kb/{article}" in alone.text
    form = next(form for form in shown.forms if form.action == f"/t/{topic.id}/answer")
    sent = advisor.post(form.action, {**form.fields, "body": f"{form.fields['body']} {BODY}"})
    assert sent.path == f"/desk/{topic.id}" and "Your answer is published" in sent.page.text
    assert site.sql_value("select use_count from desk_templates where id = %s", number) == 1
    assert advisor.get(f"/desk/{topic.id}?template=999999").status == 404


def test_an_answer_that_is_refused_comes_back_to_the_desk_afterwards(site, advisor, asker):
    topic = put_question(site, asker)
    page = advisor.get(f"/desk/{topic.id}").page
    form = next(form for form in page.forms if form.action == f"/t/{topic.id}/answer")
    refused = advisor.post(form.action, {**form.fields, "body": "Short"})
    assert refused.status == 422
    again = next(form for form in refused.page.forms if form.action == f"/t/{topic.id}/answer")
    sent = advisor.post(again.action, {**again.fields, "body": f"{BODY} {a_title()}"})
    assert sent.path == f"/desk/{topic.id}"


def test_unknown_places_are_refused_with_their_line(site, advisor):
    refused = write_template(advisor, body="Hello\n{name}")
    assert refused.status == 422 and "Line 2" in problem(refused) and "{name}" in problem(refused)
    assert "Hello\n{name}</textarea>" in refused.text.replace("\r", "")
    assert "no article" in problem(write_template(advisor, body="{link:Nothing is called so}"))
    preview = write_template(advisor, do="preview", body=f"Hello {{customer}}\n\n{HOSTILE.replace('{{ 7*7 }}', '')}")
    assert preview.status == 200 and "Hello Camille" in preview.page.text and "<script>alert" not in preview.text


def test_a_template_is_deleted_brought_back_and_guarded_against_two_writers(site, advisor):
    saved = write_template(advisor, title="Two writers")
    number, other = int(saved.path.rpartition("/")[2]), site.member(role="advisor")
    stale = next(form for form in other.get(f"/desk/templates/{number}").page.forms if "body" in form.fields)
    advisor.submit(f"/desk/templates/{number}", f"/desk/templates/{number}", do="save", title="Newer")
    refused = other.post(stale.action, {**stale.fields, "do": "save", "title": "Slower"})
    assert refused.status == 409 and refused.page.find("input", id="title")["value"] == "Slower"
    for word, state in (("delete", True), ("undo", False)):
        form = next(form for form in advisor.get(f"/desk/templates/{number}").page.forms if form.fields.get("do") == word)
        assert advisor.post(form.action, form.fields).path == "/desk/templates"
        assert site.sql_value("select is_deleted from desk_templates where id = %s", number) is state


def test_experts_use_shared_templates_and_write_their_own(site, advisor, asker):
    topic, expert = put_question(site, asker), site.member()
    shared = int(write_template(advisor).path.rpartition("/")[2])
    assert expert.get("/desk/templates").status == 403
    put_expert(site, expert.person, topic)
    assert expert.get("/desk/templates").status == 200
    page = expert.get(f"/desk/templates/{shared}").page
    assert not page.find("textarea", id="body")
    assert write_template(expert, scope="all").status == 403
    own = write_template(expert, scope="own")
    assert own.status == 200
    assert advisor.get(own.path).status == 404


def test_who_opted_out_is_not_looked_up(site, advisor, asker):
    earlier, topic = ask(asker), put_question(site, asker)
    site.sql("update people set is_ranked = false where id = %s", asker.person.id)
    shown = advisor.get(f"/desk/{topic.id}").page
    assert "Does not want figures" in shown.text
    assert not shown.find("a", href=earlier.path) and "Member since" not in shown.text


def test_articles_stand_beside_it_and_one_press_puts_a_link_into_the_reply(site, advisor, asker):
    title = "Samovar whistles the national anthem [loud]"
    public, draft = put_article(site, title), put_article(site, f"{title} again", published=False)
    site.sql("notify search")
    eventually(lambda: not site.sql("select 1 from search_article_marks"), "articles in the index")
    topic = put_question(site, asker, title=a_title("My samovar whistles the anthem"))
    shown = advisor.get(f"/desk/{topic.id}").page
    card = shown.find("section", aria_labelledby="articles-heading")
    assert [link.text for link in card.all("a")] == [title] and f"In short: {title}" in card.text
    form = card.find("form", method="get")
    assert form.find("button")["name"] == "article" and form.find("button")["value"] == str(public)
    link = f"[Samovar whistles the national anthem \\[loud\\]](/kb/{public}-samovar-whistles-the-national-anthem-loud)"
    assert form["action"] == f"/desk/{topic.id}#answer"
    assert advisor.get(f"/desk/{topic.id}?article={public}&as=text").text == link
    template = site.sql_value("insert into desk_templates (language, title, body_md) values ('en', 'S', 'Hello,')"
                              " returning id")
    both = advisor.get(f"/desk/{topic.id}?template={template}&article={public}").page
    assert both.find("textarea", id="body").text == f"Hello, {link}", "with an empty line between"
    for missing in (draft, 987654321, "x"):
        assert advisor.get(f"/desk/{topic.id}?article={missing}").status == 404, missing
    site.sql("update articles set state = 'archived', archived_at = now() where id = %s", public)
    assert advisor.get(f"/desk/{topic.id}?article={public}").status == 410
    assert not advisor.get(f"/desk/{topic.id}").page.find("section", aria_labelledby="articles-heading")
