"""A legal notice from a stranger, through the queue, to the removal, the statement of
reasons and the author's complaint, which somebody else decides: with and without a script."""

import pytest

from support.browser import DESKTOP, PHONE
from support.forum import a_title, answer, ask, rest

WORDS = "The neighbour at number twelve steals parcels, and everybody here knows it."


@pytest.fixture
def post(site):
    asker, author = site.member(age_days=10), site.member(age_days=10, language="en")
    rest(site)
    number = answer(author, ask(asker, title=a_title()), body=WORDS)
    site.sql("delete from throttles")
    return number, author


def become(browser, visitor=None):
    browser.forget()
    browser.speak("en")
    if visitor:
        browser.take_cookies(visitor)


@pytest.mark.parametrize("has_script", (True, False), ids=("with-script", "without-script"))
def test_from_a_strangers_notice_to_the_authors_complaint(browser, site, post, has_script):
    number, author = post
    browser.scripts(has_script)

    # A stranger, on a phone, from the foot of the page.
    browser.look(PHONE)
    become(browser)
    browser.open(f"/p/{number}")
    browser.follow("Report illegal content", within=".footer-links")
    assert browser.path == "/legal/notice"
    assert not has_script or not browser.barriers()
    browser.fill("Addresses of what is illegal on this site, one a line", f"{site.url}/p/{number}")
    browser.find("#category option[value=insult]").click()
    browser.fill("Why is it illegal?", "I live at number twelve, and this is a lie about me.")
    browser.tick("I believe in good faith that what I say here is accurate and complete")
    browser.press("Send the notice")
    receipt = browser.path
    assert receipt.startswith("/legal/notice/") and browser.says("We have received it")
    assert not has_script or not browser.barriers()

    # The queue: on one page, what was sent and the post.
    moderator = site.member(role="moderator")
    browser.look(DESKTOP)
    become(browser, moderator)
    item = site.sql_value("select id from moderation_items where kind = 'notice' and post_id = %s", number)
    browser.open("/mod?kind=notice")
    browser.leave(browser.find(f"a[href='/mod/items/{item}?kind=notice']"))
    assert browser.says("I live at number twelve") and browser.says(WORDS)
    assert not has_script or not browser.barriers()
    browser.find("#note").send_keys("It accuses a person who can be recognised of theft.")
    browser.press("Withdraw")
    assert site.sql_value("select visibility from posts where id = %s", number) == "withdrawn"

    # The stranger learns what came of it; nobody reads it any more.
    become(browser)
    browser.open(receipt)
    assert browser.says("Decided: what you told us about was removed")
    assert site.visitor().get(f"/p/{number}").status == 410

    # The author reads the reasons, and does not agree.
    become(browser, author)
    case = site.sql_value("select id from moderation_cases where post_id = %s", number)
    browser.open(f"/cases/{case}")
    assert browser.says("It accuses a person who can be recognised of theft.")
    assert browser.says("It was reported to us by a legal notice.")
    assert not browser.says("this is a lie about me"), "not a word of who sent it"
    browser.fill("Why is the decision wrong?", "I never wrote who it is, and nobody can know.")
    browser.press("Send the complaint")
    assert browser.says("Somebody else than who took the decision will look at it.")

    # Not by who decided it; somebody else puts it back.
    appeal = site.sql_value("select id from moderation_items where kind = 'appeal' and reference_id = %s", case)
    assert moderator.submit(f"/mod/items/{appeal}", f"/mod/items/{appeal}/decide", decision="uphold",
                            note="Mine").status == 403
    become(browser, site.member(role="moderator"))
    browser.open(f"/mod/items/{appeal}")
    browser.find("#note").send_keys("You are right: nobody can be recognised.")
    browser.press("Uphold: put it back")
    assert site.sql_value("select visibility from posts where id = %s", number) == "visible"
    become(browser)
    browser.open(receipt)
    assert browser.says("removed, and put back later")
    assert site.visitor().get(f"/p/{number}").status == 200
