"""The moderators' house: a queue cleared by keyboard, and what a held author sees."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains

from support.browser import DESKTOP
from support.forum import a_title, answer, ask, rest


def press(browser, *keys):
    for key in keys:
        ActionChains(browser.driver, duration=0).send_keys(key).perform()


def flag(site, post, reason, trust=0):
    visitor = site.member()
    site.sql("update people set trust_level = %s where id = %s", trust, visitor.person.id)
    shown = visitor.submit(f"/p/{post}/flag", f"/p/{post}/flag", reason=reason)
    assert shown.status == 200


@pytest.fixture
def moderator(browser, site):
    """Somebody of the team in the browser, on a desk, in English."""
    visitor = site.member(role="moderator")
    browser.look(DESKTOP)
    browser.speak("en")
    browser.take_cookies(visitor)
    return visitor


def empty_queue(site):
    site.sql("update moderation_items set state = 'decided', decision = 'ignore', decided_at = now(),"
             " claimed_by = null, claimed_until = null where state = 'open'")


def test_a_moderator_clears_the_queue_by_keyboard(browser, site, moderator):
    asker, helper = site.member(age_days=10), site.member(age_days=10)
    empty_queue(site)
    posts = []
    for number in range(4):
        posts.append(answer(helper, ask(asker, title=a_title()), body=f"An answer to be judged, number {number} of four."))
        flag(site, posts[-1], "spam")
        rest(site)
    browser.open("/mod")
    assert len(browser.all("[data-row]")) == 4
    assert not browser.barriers()
    press(browser, "j", "x")
    assert browser.find("[data-row] input").is_selected()
    press(browser, "x", "n")
    browser.wait(lambda: "/mod/items/" in browser.path)
    assert not browser.barriers()
    decided = []
    for key, decision in (("a", "approve"), ("w", "withdraw"), ("i", "ignore")):
        here = browser.path
        press(browser, key)
        browser.wait(lambda: browser.path != here)
        decided.append(decision)
    assert sorted(row["decision"] for row in site.sql(
        "select decision from moderation_items where post_id = any(%s) and state = 'decided'", posts)) == sorted(decided)
    # What was typed into a field is no key.
    press(browser, "r")
    press(browser, "a", "w", "i")
    assert browser.find("#note").get_attribute("value") == "awi"
    browser.driver.execute_script("document.activeElement.blur()")
    here = browser.path
    press(browser, "u")
    browser.wait(lambda: browser.path != here)
    assert site.sql_value("select count(*) from moderation_items where post_id = any(%s) and state = 'open'", posts) == 2
    for _ in range(2):
        here = browser.path
        press(browser, "a")
        browser.wait(lambda: browser.path != here)
    assert site.sql_value("select count(*) from moderation_items where post_id = any(%s) and state = 'open'", posts) == 0
    press(browser, "?")
    assert browser.find("#key-help").get_attribute("open")
    browser.find("#keys-off").click()
    browser.driver.execute_script("document.activeElement.blur()")
    here = browser.path
    press(browser, "n")
    assert browser.path == here, "keys that were switched off do nothing"


def test_a_held_author_is_told_and_released(browser, site, moderator):
    author = site.member(age_days=10)
    topic = ask(site.member(age_days=10), title=a_title())
    post = answer(author, topic, body="An honest answer that three people did not like.")
    for _ in range(3):
        flag(site, post, "rude", trust=2)
    assert site.sql_value("select visibility from posts where id = %s", post) == "held"
    browser.forget()
    browser.take_cookies(author)
    browser.open("/notifications")
    browser.follow("a decision")
    assert "Your post is hidden" in browser.text and "Members of the community reported it." in browser.text
    assert not browser.barriers()
    assert "hidden" in site.wait_mail(author.person.email).text
    browser.open(topic.path)
    assert "Waiting for the team to read it" in browser.text
    browser.forget()
    browser.take_cookies(moderator)
    item = site.sql_value("select id from moderation_items where post_id = %s and kind = 'flag'", post)
    browser.open(f"/mod/items/{item}")
    press(browser, "a")
    browser.wait(lambda: "Decided" in browser.text or "Nothing is left" in browser.text)
    browser.forget()
    browser.take_cookies(author)
    browser.open("/notifications")
    assert "everybody can read it" in browser.text
    assert "An honest answer" in site.visitor().get(topic.path).page.text
