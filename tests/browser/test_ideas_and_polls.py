"""An idea from its suggestion to what the brand makes of it, and a poll on its page: without
a script, in both languages."""

import datetime

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from support.forum import a_title, category

IDEAS = "journey-ideas"


@pytest.fixture(scope="module", autouse=True)
def ideas_box(site):
    category(site, IDEAS)
    site.sql("update categories set purpose = 'ideas' where slug = %s", IDEAS)
    yield
    site.sql("update categories set archived_at = now() where slug = %s", IDEAS)


def enter(browser, site, language, **who):
    member = site.member(language=language, age_days=30, **who)
    site.sql("update people set trust_level = 2 where id = %s", member.person.id)
    browser.take_cookies(member)
    return member


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_idea_is_voted_for_polled_and_answered(browser, site, catalogue, language):
    words = catalogue(language)
    browser.speak(language)
    browser.scripts(False)
    enter(browser, site, language)
    title = a_title("Une lampe qui baisse toute seule le soir")

    site.sql("update categories set archived_at = now() where purpose = 'ideas' and slug <> %s", IDEAS)
    try:
        browser.open("/ideas")
        browser.follow(words("Suggest an idea"))
        assert browser.find("h1").text == words("Suggest an idea")
        browser.fill(words("Your idea in one sentence"), title)
        browser.fill(words("The details"), "Elle éclaire trop quand on regarde un film, tard le soir.")
        browser.press(words("Publish the idea"))
    finally:
        site.sql("update categories set archived_at = null where purpose = 'ideas'")
    if browser.path == "/ask":  # What looks like it stands before.
        browser.press(words("Mine is another: publish my idea"))
    page = browser.path
    assert browser.find("h1").text == title
    assert words("Proposed") in browser.find(".topic-facts").text

    # The driver types dates in the order of its own language: a script sets this one.
    browser.scripts(True)
    browser.open(page)
    browser.follow(words("Add a poll"))
    browser.fill(words("What do you want to know?"), "À quelle heure ?")
    browser.fill(words("The choices, one a line"), "20 h\n22 h")
    day = (datetime.date.today() + datetime.timedelta(days=5)).isoformat()
    browser.driver.execute_script("document.getElementById('closes').value = arguments[0]", day)
    browser.press(words("Publish the poll"))
    browser.scripts(False)
    assert browser.path == page

    enter(browser, site, language)
    browser.open(page)
    browser.press(f"{words('I want this too')} 0")
    browser.find("input[name=choice][value='2']").click()
    browser.press(words("Vote", "verb"))
    shown = browser.find(".poll-results").text
    assert "100" in shown and words("your vote") in shown

    enter(browser, site, language, role="advisor")
    browser.open(page)
    browser.find("#stage-choice").find_element(By.XPATH, "ancestor::details/summary").click()
    Select(browser.find("#stage-choice")).select_by_value("planned")
    browser.fill(words("Why, or what comes next: everybody reads it"), "Prévu pour la rentrée.")
    browser.press(words("Set the stage"))
    assert browser.path == page
    stages = browser.find(".idea-stages").text
    assert words("Planned") in stages and "Prévu pour la rentrée." in stages

    browser.open("/ideas?stage=planned&sort=new")
    assert title in browser.find("main").text
