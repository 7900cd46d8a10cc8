"""The door and what lies behind it, as people see it: who is too fast, the field for
programs, a rule tried before it is switched on, and a newcomer whose post is held."""

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser import DESKTOP, PHONE
from support.forum import a_title, ask, eventually
from support.site import PASSWORD

_numbers = iter(range(1, 1000))


@pytest.fixture
def least_seconds(site):
    def put(seconds):
        site.sql("update site_settings set value = %s where name = 'sign_up.min_seconds'", str(seconds))

    yield put
    put(0)


def fill_in(browser):
    email = f"door-{next(_numbers)}@example.org"
    browser.fill("Your name here", "Dominique")
    browser.fill("E-mail address", email)
    browser.fill("Password", PASSWORD)
    browser.find("#consent").click()
    return email


def accounts(site, email):
    return site.sql_value("select count(*) from people where email_key = %s", email)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_who_is_too_fast_sends_it_again(browser, site, least_seconds, scripts):
    least_seconds(60)
    browser.speak("en")
    browser.scripts(scripts)

    def is_refused():
        browser.open("/signup")
        is_refused.email = fill_in(browser)
        browser.press("Create the account")
        return browser.says("we took it for a program")

    eventually(is_refused, "the setting counts")
    assert not scripts or not browser.barriers()
    assert browser.field("Your name here").get_attribute("value") == "Dominique"
    assert browser.field("E-mail address").get_attribute("value") == is_refused.email
    assert browser.find("#consent").is_selected()
    assert accounts(site, is_refused.email) == 0
    least_seconds(1)

    def is_taken():
        browser.fill("Password", PASSWORD)
        browser.press("Create the account")
        return browser.says("Look into your mail")

    eventually(is_taken, "a person who took a moment is let in")
    assert accounts(site, is_refused.email) == 1


def test_nobody_comes_upon_the_field_for_programs(browser, site):
    browser.speak("en")
    browser.look(DESKTOP)
    browser.open("/signup")
    email = fill_in(browser)
    browser.find("#name").click()
    seen = []
    for _ in range(6):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        seen.append(browser.driver.switch_to.active_element.get_attribute("id"))
    assert "email" in seen and "website" not in seen
    box = browser.find("#website").find_element("xpath", "..").rect
    assert box["width"] <= 1 and box["height"] <= 1
    assert not browser.says("Leave this field empty")
    browser.driver.execute_script("document.querySelector('#website').value = 'https://promo.example'")
    browser.press("Create the account")
    assert browser.says("Look into your mail") and accounts(site, email) == 0


@pytest.fixture
def administrator(browser, site):
    visitor = site.member(role="administrator")
    browser.look(DESKTOP)
    browser.speak("en")
    browser.take_cookies(visitor)
    return visitor


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_rule_is_tried_before_it_is_switched_on(browser, site, administrator, width):
    browser.look(width)
    asker, word = site.member(age_days=10), f"zwirbel{next(_numbers)}x"
    title = a_title()
    topic = ask(asker, title=title, body=f"My router shows {word} on its display since Monday.")
    browser.open("/admin/holding")
    assert not browser.barriers()
    browser.follow("Add a rule")
    browser.fill("Name", "Odd words")
    browser.find("#kind option[value=words]").click()
    browser.fill("List", word)
    browser.press("Save the rule")
    assert not browser.barriers()
    number = browser.path.rsplit("/", 1)[1]

    def press(action):
        button = browser.find(f"form:has(input[name=rule][value='{number}']) button[value={action}]")
        # Into the middle: a sticky header must not lie over it.
        browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        browser.leave(button)

    press("try")

    def has_result():
        browser.open(browser.path)
        return browser.says("it would have caught 1 of")

    browser.wait(has_result, seconds=30)
    assert browser.says(title)
    assert not browser.barriers()
    # It held nothing: the question is where it was.
    assert word in site.visitor().get(topic.path).page.text

    def is_on():
        return site.sql_value("select is_on from holding_rules where id = %s", number)

    # The buttons of the list lie on a card that is one link.
    for action, wanted in (("on", True), ("off", False)):
        browser.open("/admin/holding")
        press(action)
        assert browser.path.startswith("/admin/holding") and is_on() is wanted
    assert not browser.barriers() and browser.overflow() <= 0


def test_a_newcomer_whose_post_a_rule_holds_is_told_and_let_through(browser, site):
    """The demo's own rule about advertising."""
    author, moderator = site.member(), site.member(role="moderator")
    topic = ask(site.member(age_days=10), title=a_title())
    browser.look(DESKTOP)
    browser.speak("en")
    browser.take_cookies(author)
    browser.open(topic.path)
    browser.fill("Write your answer", "Behind the casino there is a shop that repaired mine.")
    browser.press("Publish the answer")
    assert browser.says("Somebody of the team reads this before it is published")
    assert not browser.barriers()
    post = site.sql_value("select id from posts where author_id = %s", author.person.id)
    assert "repaired mine" not in site.visitor().get(topic.path).page.text
    browser.forget()
    browser.speak("en")
    browser.take_cookies(moderator)
    item = site.sql_value("select id from moderation_items where post_id = %s and kind = 'held'", post)
    browser.open(f"/mod/items/{item}")
    assert browser.says("casino")
    browser.press("Approve")
    eventually(lambda: "repaired mine" in site.visitor().get(topic.path).page.text, "everybody can read it")
    browser.forget()
    browser.speak("en")
    browser.take_cookies(author)
    browser.open("/notifications")
    assert browser.says("everybody can read it")
