"""Labelling a sample of texts: with a key for each label, and by the same buttons without scripts; four
ways (ways.py)."""

import re

import pytest
from selenium.webdriver.common.by import By

from support.forum import ask
from ways import is_sound

PAGE = "/desk/listening/label"


@pytest.fixture
def words(catalogue, way):
    return catalogue(way.language)


@pytest.fixture
def sample(site):
    """Three texts of last week, the only ones that wait."""
    writer = site.member()
    topics = [ask(writer) for _ in range(3)]
    site.sql("delete from listening_samples")
    number = site.sql_value("insert into listening_samples (week, seed)"
                            " values (date_trunc('week', now() at time zone 'Europe/Paris')::date - 7, 5) returning id")
    site.sql("insert into listening_strata (sample_id, source_id, theme_id, size) values (%s, 0, 0, 30)", number)
    for topic in topics:
        site.sql("insert into listening_texts (sample_id, post_id, source_id, theme_id, probability, is_double)"
                 " values (%s, %s, 0, 0, 0.1, false)", number, topic.post)
    yield
    site.sql("delete from listening_samples where id = %s", number)


def labels(site):
    return [row["label"] for row in site.sql("select label from listening_labels order by id")]


def give(browser, way, label, key):
    """By the key where there are scripts, else by the button that has it."""
    button = browser.find(f"button[value={label}]")
    if not way.scripts:
        browser.leave(button)
        return
    before = button
    browser.driver.find_element(By.TAG_NAME, "body").send_keys(key)
    browser.wait(lambda: is_gone(before))


def is_gone(element):
    try:
        element.is_enabled()
    except Exception:
        return True
    return False


def test_texts_are_labelled_one_after_the_other(browser, site, words, way, sample):
    advisor = site.member(role="advisor")
    browser.forget()
    browser.speak(way.language)
    site.sql("update people set language = %s where id = %s", way.language, advisor.person.id)
    browser.take_cookies(advisor)
    browser.open("/desk/listening")
    is_sound(browser)
    browser.follow(words("Label texts"))
    assert browser.path.startswith(PAGE)
    is_sound(browser)
    give(browser, way, "negative", "1")
    assert labels(site) == ["negative"]
    give(browser, way, "undo", "u")
    assert labels(site) == []
    for label, key in (("negative", "1"), ("positive", "3"), ("other", "0")):
        assert browser.find("main h1").text == words("Label texts")
        give(browser, way, label, key)
    assert labels(site) == ["negative", "positive", "other"]
    assert browser.says(words("Nothing is left for you. Some texts may still wait for a second person’s label."))
    is_sound(browser)
    browser.follow(words("Back to listening"))
    # One negative of two about us.
    shares = browser.find("section[aria-labelledby=sentiment-heading] tbody").get_attribute("textContent")
    assert re.search(r"\b50\s?%", shares), shares
    is_sound(browser)
