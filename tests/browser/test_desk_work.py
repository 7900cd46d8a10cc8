"""A question at the desk, from the hand that takes it to the answer that solves it; four
ways (ways.py): both languages, on a phone and on a desk, with and without scripts."""

import itertools

import pytest
from selenium.webdriver.support.ui import Select

from support.forum import ask
from ways import is_sound

_numbers = itertools.count(1)

BODY = "Il faut tenir le bouton dix secondes / hold the button for ten seconds, then wait."


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture
def become(browser, site, way):
    """The browser goes on as that visitor."""

    def change(visitor):
        browser.forget()
        browser.speak(way.language)
        site.sql("update people set language = %s where id = %s", way.language, visitor.person.id)
        browser.take_cookies(visitor)

    return change


def told(browser, sentence):
    """What the site says after something was done."""
    assert browser.says(sentence), browser.find("main > [role=status]").text


def unfold(browser, label):
    """The act's form stands behind its name."""
    browser.press(label, within=".desk-acts")


def put_question(site, asker):
    topic = ask(asker, body=f"{BODY} {next(_numbers)}")
    site.sql("insert into desk_questions (topic_id, stage, category_id, top_category_id, asked_at, order_at)"
             " select id, 'unanswered', category_id, top_category_id, created_at, created_at from topics where id = %s"
             " on conflict do nothing", topic.id)
    return topic


def put_expert(site, person, topic):
    site.sql("insert into experts (person_id, category_id, state, reason, answered_at, ends_at)"
             " select %s, category_id, 'active', 'x', now(), now() + interval '1 year' from topics where id = %s",
             person.id, topic.id)


def write_template(browser, words, way, title):
    browser.open("/desk/templates")
    browser.follow(words("New template"))
    browser.fill(words("Title, for choosing it"), title)
    Select(browser.field(words("Language of the reply"))).select_by_value(way.language)
    Select(browser.field(words("Who finds it at a question"))).select_by_value("all")
    browser.fill(words("Text"), "{customer} / {me}: {nobody}")
    browser.press(words("Save"))
    assert "{nobody}" in browser.find(".field-error").text
    is_sound(browser)
    browser.fill(words("Text"), "Bonjour {customer}")
    browser.press(words("Save"))
    told(browser, words("The template is saved."))
    is_sound(browser)


def test_a_question_is_taken_noted_escalated_answered_and_solved(browser, site, words, way, become):
    asker, advisor, expert = site.member(), site.member(role="advisor"), site.member()
    topic = put_question(site, asker)
    put_expert(site, expert.person, topic)
    title = f"Modèle / template {way} {next(_numbers)}"

    become(advisor)
    write_template(browser, words, way, title)

    browser.open(f"/desk/{topic.id}")
    is_sound(browser)
    browser.press(words("Take it"))
    assert browser.says(words("You have it in hand; it stays yours while this page is open, and for ten minutes after."))
    browser.fill(words("New note"), "Vu / seen, **important**")
    browser.press(words("Keep the note"))
    told(browser, words("The note is kept. Only the desk sees it."))
    assert browser.find(".desk-note .prose strong").text == "important"
    is_sound(browser)

    Select(browser.find("#template")).select_by_visible_text(title)
    # With a script the page stays, without one it comes anew.
    button = browser.find(".desk-templates button")
    browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    greeting = f"Bonjour {asker.person.name}"
    browser.wait(lambda: greeting in browser.find("#body").get_attribute("value"))
    is_sound(browser)

    unfold(browser, words("Escalate"))
    Select(browser.find("#escalate-to")).select_by_visible_text(expert.person.name)
    browser.press(words("Escalate it"))
    told(browser, words("The question is escalated."))
    assert browser.says(expert.person.name)
    is_sound(browser)

    become(expert)
    browser.open("/notifications")
    browser.leave(browser.find(f"a[href='/desk/{topic.id}']"))
    assert browser.says("important"), "an expert of the field reads the notes"
    is_sound(browser)
    browser.find("#body").send_keys(BODY)
    browser.press(words("Publish the answer"))
    told(browser, words("Thank you! Your answer is published."))
    assert browser.path.startswith(f"/desk/{topic.id}")

    become(asker)
    browser.open(topic.path)
    assert not browser.says("important"), "notes are for the desk alone"
    browser.press(words("This solved it"))
    assert site.sql_value("select is_solved from topics where id = %s", topic.id)
    assert site.sql_value("select escalated_to_person from desk_questions where topic_id = %s", topic.id) is None
