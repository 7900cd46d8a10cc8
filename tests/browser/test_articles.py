"""An article from a draft to its readers, what they say about it, and back to an earlier
version; four ways (ways.py)."""

import itertools
import re

import pytest
from selenium.webdriver.support.ui import Select

from support.forum import category
from ways import is_sound

_numbers = itertools.count(1)

TEXT = "## Avant / before\n\n> **Note** En deux minutes.\n\n## Les étapes / steps\n\n1. Éteindre.\n2. Rallumer.\n"


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture
def become(browser, site, way):
    """The browser goes on as that visitor; None is a stranger."""

    def change(visitor=None):
        browser.forget()
        browser.speak(way.language)
        if visitor:
            site.sql("update people set language = %s where id = %s", way.language, visitor.person.id)
            browser.take_cookies(visitor)

    return change


@pytest.fixture
def place(site, way):
    """A category of the test's own, with its name in both languages; afterwards it leaves all lists."""
    slug = f"kb-journey-{next(_numbers)}"
    number = category(site, slug)
    site.sql("update categories set position = 999 where id = %s", number)
    yield number
    site.sql("update categories set archived_at = now() where id = %s", number)


def flash(browser):
    return browser.find("main > [role=status]").text


def told(browser, sentence):
    """What the site says after something was done."""
    shown = flash(browser)
    assert browser.says(sentence), shown


def write(browser, words, way, place, title):
    """A draft with a look at it first; its number."""
    browser.open("/kb")
    browser.follow(words("Work on articles"))
    is_sound(browser)
    browser.follow(words("Write an article"))
    Select(browser.field(words("Language"))).select_by_value(way.language)
    browser.fill(words("Title"), title)
    browser.fill(words("In short"), "En bref / in short.")
    Select(browser.field(words("Category"))).select_by_value(str(place))
    browser.fill(words("Text"), TEXT)
    browser.press(words("Preview"))
    assert len(browser.all(".article-body ol li")) == 2 and browser.all(".callout-note")
    assert browser.field(words("Title")).get_attribute("value") == title
    is_sound(browser)
    browser.press(words("Save this version"))
    told(browser, words("The version is saved. Readers do not see it before it is published."))
    is_sound(browser)
    return re.search(r"/kb/work/(\d+)$", browser.path)[1]


def write_again(browser, words, number, title):
    browser.open(f"/kb/work/{number}")
    browser.fill(words("Title"), title)
    browser.press(words("Save this version"))


def read(browser, become, number):
    """As a stranger: what stands on top."""
    become()
    browser.open(f"/kb/{number}")
    return browser.find("h1").text


def say_why_not(browser, words):
    browser.press(words("No, not quite"))
    browser.find("label[for=reason-unclear]").click()
    browser.fill(words("In a few words (optional)"), "Quel bouton ? / which button?")
    is_sound(browser)
    browser.press(words("Send", "verb"), within=".helpful-no")
    told(browser, words("Thank you: that is how our articles get better."))


def test_from_a_draft_to_readers_and_back_to_an_earlier_version(browser, site, words, way, become, place):
    writer, publisher = site.member(role="advisor"), site.member(role="advisor")
    first, second = (f"Rallumer la box / restart {way} {next(_numbers)}" for _ in range(2))

    become(writer)
    number = write(browser, words, way, place, first)
    browser.press(words("Have it looked at"))
    told(browser, words("It waits for somebody to look at it."))
    assert read(browser, become, number) != first, "readers have nothing yet"

    become(publisher)
    browser.open("/kb/work?show=review")
    browser.follow(first)
    browser.press(words("Publish the newest version"))
    told(browser, words("Readers see this version now."))

    assert read(browser, become, number) == first
    contents = browser.all(".article-contents a")
    assert [link.text for link in contents] == ["Avant / before", "Les étapes / steps"]
    is_sound(browser)
    contents[1].click()
    assert browser.find(":target").text == "Les étapes / steps"
    say_why_not(browser, words)
    assert site.sql_value("select unhelpful_count from articles where id = %s", number) == 1

    become(publisher)
    browser.open(f"/kb/work/{number}")
    assert browser.says("which button?"), "the team reads what was said"
    write_again(browser, words, number, second)
    assert read(browser, become, number) == first, "a new version stands beside what readers see"

    become(publisher)
    browser.open(f"/kb/work/{number}")
    browser.press(words("Publish the newest version"))
    browser.leave(browser.find(f"a[href='/kb/work/{number}/1']"))
    assert browser.find("h1").text == first
    is_sound(browser)
    browser.press(words("Make a new version of these words"))
    told(browser, words("The earlier version is the newest again. Publish it to show it."))
    browser.press(words("Publish the newest version"))
    assert read(browser, become, number) == first
    assert site.sql_value("select count(*) from article_versions where article_id = %s", number) == 3


def test_a_member_says_that_it_helped(browser, site, words, way, become):
    number = site.sql_value("select id from articles where is_public and language = %s order by id limit 1",
                            way.language)
    before = site.sql_value("select helpful_count from articles where id = %s", number)
    become(site.member())
    browser.open("/kb")
    is_sound(browser)
    browser.leave(browser.find(f"main a[href^='/kb/{number}-']"))
    browser.press(words("Yes, thank you"))
    told(browser, words("Thank you: that is how our articles get better."))
    is_sound(browser)
    assert site.sql_value("select helpful_count from articles where id = %s", number) == before + 1
