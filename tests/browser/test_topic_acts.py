"""A moderator puts the questions in order: joins two, makes one of an answer, takes both
back; from the page of a question and from a list, without a script and by the keyboard's
order of fields."""

import pytest
from selenium.webdriver.common.by import By

from support.forum import a_title, answer, ask


def enter(browser, site, language):
    browser.take_cookies(site.member(role="moderator", language=language, age_days=300))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_moderator_joins_and_splits_and_takes_it_back(browser, site, catalogue, language):
    words = catalogue(language)
    browser.speak(language)
    browser.scripts(False)
    asker, helper = site.member(age_days=9), site.member(age_days=9)
    kept, gone = ask(asker, a_title()), ask(helper, a_title())
    told = answer(asker, gone)
    enter(browser, site, language)

    browser.open(gone.path)
    browser.find("details.tools summary").click()
    browser.follow(words("Manage the question"))
    browser.fill(words("Address or number of the other question"), str(kept.id))
    browser.press(words("Join"))
    assert browser.path == kept.path
    assert browser.all(f"#p{told}")

    browser.open(f"/t/{kept.id}/acts")
    browser.find(f"#p-{told}").click()
    title = a_title()
    browser.fill(words("Title of the new question"), title)
    browser.press(words("Make the new question"))
    browser.open(f"/p/{told}")
    assert browser.find("h1").text == title

    # The later act stands in the way of the earlier one, and says so.
    browser.open(f"/t/{kept.id}/acts")
    buttons = browser.all("form[action$='/undo'] button")
    browser.leave(buttons[1])
    # Asked for with its spaces as they are written; the driver makes plain ones of them.
    assert browser.find("[role=alert]").get_attribute("textContent").strip() == words(
        "This cannot be undone as things are: something was changed here since. Undo the later change first.")
    browser.leave(browser.all("form[action$='/undo'] button")[0])
    assert browser.path == kept.path and browser.all(f"#p{told}")
    browser.open(f"/t/{kept.id}/acts")
    browser.leave(browser.all("form[action$='/undo'] button")[0])
    assert browser.path == gone.path and browser.all(f"#p{told}")


def test_several_questions_are_closed_from_a_list(browser, site, catalogue):
    words = catalogue("fr")
    browser.speak("fr")
    browser.scripts(False)
    asker = site.member(age_days=9)
    topics = [ask(asker, slug="listed-for-acts") for _ in range(2)]
    enter(browser, site, "fr")
    browser.open("/c/listed-for-acts")
    for topic in topics:
        box = browser.driver.find_element(By.NAME, f"t-{topic.id}")
        assert topic.row()["title"] in box.get_attribute("aria-label")
        box.click()
    browser.press(words("Manage the chosen questions"))
    assert len(browser.all("input[type=checkbox]:checked")) == 2
    browser.press("Fermer")
    assert {topic.row()["status"] for topic in topics} == {"closed"}
