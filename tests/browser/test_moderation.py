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


def still_open(site, items):
    return site.sql_value("select count(*) from moderation_items where id = any(%s) and state = 'open'", list(items))


def thirty_items(site):
    """What comes in on a day: reports, right and wrong ones, and what rules held, of three
    people. What each deserves, by item."""
    authors = [site.member(age_days=10) for _ in range(3)]
    topic = ask(site.member(age_days=10), title=a_title())
    deserved = {}
    for number in range(30):
        is_bad = number % 3 == 0
        post = answer(authors[number % 2 if not is_bad else 2], topic,
                      body=f"{'Buy followers' if is_bad else 'Press the reset button'}, number {number} of thirty.")
        rest(site)
        kind = ("flag", "held", "first_post")[number % 5 % 3]
        if kind != "flag":
            site.sql("update posts set visibility = 'held' where id = %s", post)
        item = site.sql_value("insert into moderation_items (kind, post_id, topic_id, person_id, reasons, score)"
                              " select %s, id, topic_id, author_id, '[]', %s from posts where id = %s returning id",
                              kind, number % 7, post)
        deserved[item] = "withdraw" if is_bad else "approve"
    return deserved


def test_thirty_items_take_thirty_one_keys_without_leaving_the_queue(browser, site, moderator):
    """Half a second a page and a glance at each is far below ten minutes; what can be held
    to without a clock is how much a moderator has to do: one key an item, one page an item."""
    empty_queue(site)
    deserved = thirty_items(site)
    keys, pages = 1, []
    browser.open("/mod")
    browser.wait(lambda: browser.all("#key-help:not([hidden])"))
    press(browser, "n")
    browser.wait(lambda: "/mod/items/" in browser.path)
    while left := still_open(site, deserved):
        here = browser.path
        # The page is there, and listens.
        browser.wait(lambda: browser.all("#key-help:not([hidden])"))
        pages.append(here)
        item = int(here.split("/")[3].split("?")[0])
        # All that is needed stands there: the text, and who wrote it, with what they did before.
        assert "of thirty." in browser.text
        person = site.sql_value("select p.name from moderation_items i join people p on p.id = i.person_id"
                                " where i.id = %s", item)
        assert person in browser.text and browser.all("a[href^='/mod/people/']")
        press(browser, "w" if deserved[item] == "withdraw" else "a")
        keys += 1
        browser.wait(lambda: browser.path != here and still_open(site, deserved) == left - 1)
    assert browser.path.startswith("/mod") and keys == 31 and len(set(pages)) == len(pages) == 30
    found = {row["id"]: row["decision"] for row in site.sql(
        "select id, decision from moderation_items where id = any(%s) and state = 'decided' and decided_by = %s",
        list(deserved), moderator.person.id)}
    assert found == deserved


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
