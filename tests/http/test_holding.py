"""Rules before publication: what a held author sees, and what nobody else does."""

import pytest

from support.forum import a_title, answer, ask, category, eventually, rest


@pytest.fixture
def rule(site):
    """Makes a rule, on until the test ends: rule("links", "hold", number=1)."""
    made = []

    def make(kind, act, number=0, words="", message="", trust=0):
        made.append(site.sql_value(
            "insert into holding_rules (position, name, kind, act, number, words, message_en, message_fr, trust_most, is_on)"
            " values (1, 'A rule of a test', %s, %s, %s, %s, %s, %s, %s, true) returning id",
            kind, act, number, words, message, message, trust))
        return made[-1]

    yield make
    site.sql("update holding_rules set is_on = false where id = any (%s)", made)


def asked(visitor, body, title=None):
    return visitor.submit("/ask", "/ask", title=title or a_title(), body=body, considered="1",
                          category=category(visitor.site), tags="", language="en")


def test_a_held_question_is_told_to_its_author_and_seen_by_nobody_else(site, rule):
    rule("hosts", "hold", words="holdme.example")
    newcomer, title = site.member(), a_title()
    shown = asked(newcomer, "Look at https://www.holdme.example/offer it is about my router.", title)
    assert shown.status == 200 and "reads this before it is published" in shown.page.text
    assert "only its author and the team see this so far" in shown.page.text
    assert site.visitor().get(shown.path).status == 404
    assert title not in site.visitor().get("/questions").page.text
    assert title not in site.visitor().get("/").page.text
    kind = site.sql_value("select i.kind || ' ' || (i.reasons->0->>'text') from moderation_items i"
                          " join topics t on t.id = i.topic_id where t.title = %s", title)
    assert kind == "held A rule of a test · www.holdme.example"


def test_a_held_answer_is_not_told_until_it_is_let_through(site, asker, rule):
    topic = ask(asker)
    rule("words", "hold", words="grosse arnaque\nholdword")
    newcomer = site.member()
    shown = newcomer.submit(f"/t/{topic.id}/answer", f"/t/{topic.id}/answer", body="You need a h0ldw0rd for this router.")
    assert shown.status == 200 and "You need a h0ldw0rd" in shown.page.text
    assert "h0ldw0rd" not in site.visitor().get(topic.path).page.text
    assert "h0ldw0rd" not in asker.get(topic.path).page.text
    told = "select count(*) from notifications where kind = 'answer' and topic_id = %s"
    assert site.sql_value(told, topic.id) == 0
    site.sql("update posts set visibility = 'visible' where topic_id = %s and visibility = 'held'", topic.id)
    eventually(lambda: site.sql_value(told, topic.id) == 1, "the asker is told")
    assert "h0ldw0rd" in site.visitor().get(topic.path).page.text


def test_a_refusal_keeps_the_text_and_says_the_rules_words(site, rule):
    rule("words", "refuse", words="refuseme", message="Games are not for this forum.")
    shown = asked(site.member(), "Here is my text with refuseme in it, all of it kept.")
    assert shown.status == 422 and "Games are not for this forum." in shown.page.text
    assert shown.page.form("/ask").fields["body"] == "Here is my text with refuseme in it, all of it kept."


def test_what_was_written_too_fast_is_held_and_what_took_its_time_is_not(site, rule):
    rule("fill_time", "hold", number=3)
    quick = asked(site.member(), "A text that a program filled in at once, about my router.")
    assert "only its author and the team" in quick.page.text
    slow, forged = site.member(), site.member()
    page = slow.get("/ask").page
    fields = page.form("/ask").fields
    # A time that the site did not sign says nothing.
    second = fields["opened"].split("-")[0]
    rest(site)
    shown = forged.submit("/ask", "/ask", title=a_title(), body="A text with a made-up time, about my router.",
                          considered="1", category=category(site), tags="", language="en",
                          opened=f"{int(second) - 100}-0011223344556677")
    assert shown.status == 200 and "only its author" not in shown.page.text


def test_the_team_and_the_trusted_pass(site, advisor, rule):
    rule("first_posts", "hold", number=100, trust=0)
    shown = asked(advisor, "The team writes what it has to write about routers.")
    assert "only its author" not in shown.page.text
    trusted = site.member()
    site.sql("update people set trust_level = 2 where id = %s", trusted.person.id)
    shown = asked(trusted, "A member at level two asks about the router.")
    assert "only its author" not in shown.page.text


# ---- /admin/holding -------------------------------------------------------------


@pytest.fixture
def administrator(site):
    return site.member(role="administrator")


def new_rule(visitor, **fields):
    return visitor.submit("/admin/holding/new", "/admin/holding/new",
                          **{"name": "Tried rule", "kind": "words", "act": "hold", "number": "0", "words": "trialword", **fields})


def test_an_administrator_makes_tries_and_switches_a_rule(site, asker, administrator):
    topic = ask(asker, body="This text has a tri@lw0rd in it, for the dry run.")
    other = ask(asker, body="This text has nothing of the kind in it at all.")
    shown = new_rule(administrator, name="A rule to try")
    assert shown.status == 200 and shown.page.find("h1").text == "A rule to try"
    number = int(shown.path.rsplit("/", 1)[1])
    shown = administrator.submit(shown, "/admin/holding", do="try", rule=str(number))
    assert shown.status == 200
    state = "select state from holding_trials where rule_id = %s"
    eventually(lambda: site.sql_value(state, number) == "done", "the dry run ends")
    page = administrator.get(f"/admin/holding/{number}")
    titles = [node.text for node in page.page.all("h3", class_="question-title")]
    assert titles == [topic.row()["title"]] and other.row()["title"] not in page.text
    assert "it would have caught 1 of" in page.page.text
    assert site.sql_value("select visibility from topics where id = %s", topic.id) == "visible"
    listed = administrator.get("/admin/holding")
    administrator.submit(listed, "/admin/holding", do="on", rule=str(number))
    held = asked(site.member(), "Another text with a trialword in it, written later.")
    assert "only its author and the team" in held.page.text
    administrator.submit(administrator.get("/admin/holding"), "/admin/holding", do="off", rule=str(number))
    assert site.sql_value("select count(*) from audit_log where subject = 'holding_rule' and subject_id = %s", number) >= 3


def test_the_rules_that_come_along_have_names_in_the_readers_language(site):
    names = {"en": "Like something that was removed", "fr": "Semblable à ce qui a été retiré"}
    for language, other in (("en", "fr"), ("fr", "en")):
        text = site.member(role="administrator", language=language).get("/admin/holding").page.text
        assert names[language] in text and names[other] not in text


def test_rules_are_moved_taken_away_and_brought_back(site, administrator):
    order = "select string_agg(id::text, ',' order by position, id) from holding_rules where deleted_at is null"
    first = int(new_rule(administrator, name="Moved one").path.rsplit("/", 1)[1])
    second = int(new_rule(administrator, name="Moved two").path.rsplit("/", 1)[1])
    assert site.sql_value(order).endswith(f"{first},{second}")
    administrator.submit(administrator.get("/admin/holding"), "/admin/holding", do="up", rule=str(second))
    assert site.sql_value(order).endswith(f"{second},{first}")
    gone = administrator.submit(administrator.get("/admin/holding"), "/admin/holding", do="delete", rule=str(second))
    assert "Moved two" not in [node.text for node in gone.page.all("h3")]
    assert administrator.get(f"/admin/holding/{second}").status == 404
    administrator.submit(gone, "/admin/holding", do="restore", rule=str(second))
    assert administrator.get(f"/admin/holding/{second}").status == 200


def test_a_list_that_would_catch_everything_is_refused_with_its_line(administrator):
    shown = new_rule(administrator, words="fine\na*\n", name="Kept name")
    assert shown.status == 422 and "Line 2" in shown.page.text
    assert shown.page.form("/admin/holding/new").fields["name"] == "Kept name"
    assert new_rule(administrator, kind="hours", words="at night").status == 422
    assert new_rule(administrator, kind="links", number="many").status == 422
    assert new_rule(administrator, kind="nothing").status == 400


def test_only_administrators_open_the_rules(site, asker, advisor, moderator):
    for who in (asker, advisor, moderator):
        assert who.get("/admin/holding").status == 403
        assert who.get("/admin/holding/new").status == 403
        fields = who.get("/ask").page.form("/ask").fields
        for path in ("/admin/holding", "/admin/holding/new", "/admin/holding/1"):
            answer = who.post(path, {"csrf": fields["csrf"], "key": fields["key"], "do": "on", "rule": "1", "kind": "links",
                                     "act": "hold", "name": "x"})
            assert answer.status == 403, path
    assert site.visitor().get("/admin/holding", follow=False).status in (302, 303)
