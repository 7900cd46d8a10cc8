"""The private side of the desk: two sides, and nobody else."""

import pytest
from support.forum import a_title, notifications, problem
from test_desk import row_of
from test_desk_work import act, put_expert, put_question

HOSTILE = "<script>alert(1)</script> & \"quoted\" {{ 7*7 }}"


@pytest.fixture
def advisor(site):
    return site.member(role="advisor")


@pytest.fixture
def asker(site):
    return site.member()


def begin(site, advisor, asker, words="Which number is on your bill?", **fields):
    """The question and the address of the exchange."""
    topic = put_question(site, asker, **fields)
    begun = act(advisor, topic, "private", private=words)
    assert "It goes on privately" in begun.page.text, problem(begun)
    number = site.sql_value("select id from private_exchanges where topic_id = %s", topic.id)
    return topic, f"/private/{number}"


def say(visitor, path, words, page=None):
    form = next(form for form in visitor.get(page or path).page.forms
                if form.action == f"{path}/message")
    visitor.site.sql("delete from throttles")
    return visitor.post(form.action, {**form.fields, "body": words})


def close(visitor, path, word="close", **fields):
    form = next(form for form in visitor.get(path).page.forms if form.fields.get("do") == word)
    return visitor.post(path, {**form.fields, **fields})


def test_an_exchange_from_the_first_word_to_the_summary(site, advisor, asker):
    secret = f"customer {a_title()}"
    topic, path = begin(site, advisor, asker)
    assert any("wrote to you in private" in line for line in notifications(asker))
    led = asker.get(f"/private?topic={topic.id}")
    assert led.path == path and "no-store" in led.headers["Cache-Control"]
    assert "Which number is on your bill?" in led.page.text and "The team will answer" not in led.page.text
    assert "It is sent" in say(asker, path, f"{secret} {HOSTILE}").page.text
    shown = advisor.get(f"/desk/{topic.id}")
    assert secret in shown.page.text and "<script>alert" not in shown.text
    back = say(advisor, path, "It is mended.", page=f"/desk/{topic.id}")
    assert back.path == f"/desk/{topic.id}" and "It is mended." in back.page.text
    public = site.visitor().get(topic.path).page.text
    assert "This goes on privately" in public and secret not in public and "mended" not in public
    summary = f"We mended your account {a_title()}."
    form = next(form for form in advisor.get(path).page.forms if form.fields.get("do") == "close")
    preview = advisor.post(path, {**form.fields, "summary": f"**{summary}**", "preview": "1"})
    assert preview.page.find("section", id="preview").find("strong").text == summary
    assert site.sql_value("select state from private_exchanges where topic_id = %s", topic.id) == "open"
    for _ in range(2):
        assert "The exchange is closed" in advisor.post(path, {**form.fields, "summary": summary}).page.text
    public = site.visitor().get(topic.path).page.text
    assert public.count(summary) == 1 and "was settled privately" in public
    assert "Its public summary" in asker.get(path).page.text


def test_everybody_else_finds_nothing(site, advisor, asker):
    secret = f"hush{topic_number()}"
    topic, path = begin(site, advisor, asker, words=f"{secret} and more of it")
    expert = site.member()
    put_expert(site, expert.person, topic)
    for other in (site.member(), expert):
        assert other.get(path).status == 404
        token = other.get("/ask").page.form("/ask").fields["csrf"]
        for word in ("write", "take", "close_silently"):
            sent = {"do": word, "csrf": token, "key": f"{'g' * 43}-{word}", "body": "Mine too", "reason": "Mine"}
            assert other.post(f"{path}/message" if word == "write" else path, sent).status == 404, word
        assert secret not in other.get("/private").text
    assert secret not in expert.get(f"/desk/{topic.id}").text
    assert expert.get("/desk/private").status == 403 and asker.get("/desk/private").status == 403
    assert site.visitor().get(path, follow=False).status in (302, 303)
    found = site.visitor().get(f"/search?q={secret}").page
    assert not found.find("a", href=path) and not found.find("a", href=topic.path)
    for address in (topic.path, f"/api/v1/topics/{topic.id}", "/sitemap.xml", "/"):
        assert secret not in site.visitor().get(address).text, address
        assert path not in site.visitor().get(address).text, address
    for staff in ("advisor", "moderator", "administrator"):
        assert secret in site.member(role=staff).get(path).text


def test_the_queue_says_who_has_the_next_private_word(site, advisor, asker):
    topic, path = begin(site, advisor, asker, slug="exchange-queue")
    expert = site.member()
    put_expert(site, expert.person, topic)
    category = site.sql_value("select category_id from topics where id = %s", topic.id)

    def row(visitor, show=""):
        return row_of(visitor.get(f"/desk?category={category}&show={show}"), topic)

    assert "Goes on privately" in row(advisor).text and not row(advisor, "private")
    say(asker, path, "It is number twelve.")
    assert "A private reply waits" in row(advisor, "private").text
    assert "priva" not in row(expert).text and not row(expert, "private")
    say(advisor, path, "It is mended.")
    assert not row(advisor, "private")
    close(advisor, path, "close_silently", reason="Settled by telephone")
    assert "priva" not in row(advisor).text.lower()


def test_a_colleague_reads_on_record_and_takes_over(site, advisor, asker):
    topic, path = begin(site, advisor, asker, words="Only between us two")
    colleague = site.member(role="advisor")
    assert "Only between us two" not in colleague.get(f"/desk/{topic.id}").page.text
    say(asker, path, "I wait for you")
    assert path in colleague.get("/desk/private").text
    read = "select count(*) from audit_log where action = 'private_read' and subject_id = %s"
    assert site.sql_value(read, topic.id) == 0
    colleague.get(path)
    assert site.sql_value(read, topic.id) == 1
    assert "You are in charge" in close(colleague, path, "take").page.text
    assert "Only between us two" in colleague.get(f"/desk/{topic.id}").page.text
    site.sql("update notifications set read_at = now() where person_id = %s", advisor.person.id)
    say(asker, path, "Here it is")
    assert any("answered in private" in line for line in notifications(colleague))
    assert site.sql_value("select count(*) from notifications where person_id = %s and read_at is null",
                          advisor.person.id) == 0


def test_what_is_refused_keeps_the_words(site, advisor, asker):
    topic, path = begin(site, advisor, asker)
    again = act(advisor, topic, "note", note="Seen")
    assert not any(form.fields.get("do") == "private" for form in again.page.forms), "one at a time"
    empty = say(asker, path, "  ")
    assert empty.status == 422 and "fill in" in problem(empty)
    assert say(asker, path, "x" * 16001).status == 422
    short = close(advisor, path, summary="Short")
    assert short.status == 422 and short.page.find("textarea", id="summary").text.strip() == "Short"
    number = close(advisor, path, summary="Call the customer on 06 12 34 56 78, who waits for it.")
    assert number.status == 422 and "personal data" in problem(number)
    assert answer_count(site, topic) == 0
    assert close(advisor, path, "close_silently", reason="").status == 422
    assert "closed" in close(advisor, path, "close_silently", reason="Only about one account").page.text
    assert "Only about one account" in asker.get(path).page.text
    assert "It is sent" in say(asker, path, "It came back").page.text
    assert site.sql_value("select state from private_exchanges where topic_id = %s", topic.id) == "open"


def topic_number():
    """A word that nobody else wrote."""
    return "".join(character for character in a_title() if character.isdigit())


def answer_count(site, topic):
    return site.sql_value("select answer_count from topics where id = %s", topic.id)


def test_a_mail_says_where_and_not_what(site, advisor, asker):
    begin(site, advisor, asker, words="The code is 4711-secret")
    queued = site.sql_value("select count(*) from mails m join notifications n on n.id = m.notification_id"
                            " where m.address = %s and n.kind = 'private'", asker.person.email)
    assert queued == 1
    kept = "select count(*) from mails m where m.address = %s and m.parameters::text like '%%4711%%'"
    assert site.sql_value(kept, asker.person.email) == 0


def test_own_questions_of_advisors_are_not_for_themselves(site, advisor):
    topic = put_question(site, advisor)
    page = advisor.get(f"/desk/{topic.id}").page
    assert not any(form.fields.get("do") == "private" for form in page.forms)
