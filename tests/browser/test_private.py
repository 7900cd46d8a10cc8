"""The private side of the desk, from the advisor's first word to the public summary; four
ways (ways.py): both languages, on a phone and on a desk, with and without scripts."""

import itertools

import pytest
from test_desk_work import put_question, told
from ways import is_sound

_numbers = itertools.count(1)


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
        if visitor:
            site.sql("update people set language = %s where id = %s", way.language, visitor.person.id)
            browser.take_cookies(visitor)

    return change


def test_a_question_goes_on_privately_and_ends_with_a_public_summary(browser, site, words, way, become):
    asker, advisor = site.member(), site.member(role="advisor")
    topic = put_question(site, asker)
    secret = f"4471-{next(_numbers)}"

    become(advisor)
    browser.open(f"/desk/{topic.id}")
    browser.press(words("Go on privately"))
    browser.fill(words("Your first message"), "Quel numéro / which number?")
    browser.press(words("Begin the exchange"))
    told(browser, words("It goes on privately. Whoever asked is told; the public page says no more than that."))
    is_sound(browser)

    become(asker)
    browser.open("/notifications")
    browser.leave(browser.find(f"a[href='/private?topic={topic.id}']"))
    assert browser.says("which number?") and browser.path.startswith("/private/")
    is_sound(browser)
    browser.fill(words("Your message"), f"C’est / it is **{secret}**")
    browser.press(words("Send"))
    told(browser, words("It is sent. Only you and the other side can read it."))
    is_sound(browser)

    become(None)
    browser.open(topic.path)
    assert browser.says(words("This goes on privately between whoever asked and the team.")) and not browser.says(secret)

    become(advisor)
    browser.open(f"/desk/{topic.id}")
    assert browser.says(secret), "who is in charge reads it beside the question"
    is_sound(browser)
    browser.leave(browser.find("#private .desk-link a"))
    summary = f"Le compte est réparé / the account is mended, {way} {next(_numbers)}."
    browser.fill(words("Public summary"), summary)
    browser.press(words("Preview"), within=".desk-acts")
    assert browser.find("#preview").text.endswith(summary)
    is_sound(browser)
    browser.press(words("Publish the summary and close"))
    told(browser, words("The exchange is closed."))
    is_sound(browser)

    become(None)
    browser.open(topic.path)
    assert browser.says(summary) and not browser.says(secret)
    is_sound(browser)
