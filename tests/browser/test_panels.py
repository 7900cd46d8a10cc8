"""A panel from its making to what came of it: invited, joined, answered, counted; with a
script and without, in both languages."""

import datetime

import pytest
from selenium.webdriver.common.by import By

from support.forum import a_title, ask, category


def enter(browser, site, language, **who):
    member = site.member(language=language, age_days=30, **who)
    browser.take_cookies(member)
    return member


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_people_are_invited_join_answer_and_are_counted(browser, site, catalogue, language, scripts):
    words = catalogue(language)
    browser.speak(language)
    browser.scripts(scripts)
    taster = site.member(language=language, age_days=30)
    slug = f"panel-{language}-{int(scripts)}"  # where nobody else has written
    ask(taster, slug=slug)
    title = a_title("Une lampe à l’essai")

    moderator = enter(browser, site, language, role="moderator")
    browser.open("/desk/panels")
    browser.follow(words("New panel"))
    browser.fill(words("Title"), title)
    browser.fill(words("What it is for"), "Essayer la lampe, puis dire.")
    browser.find("#trust option[value='0']").click()
    browser.find(f"#category option[value='{category(site, slug)}']").click()
    browser.find("#anonymous").click()
    browser.press(words("Save"))
    panel = browser.path
    browser.follow(words("Invite people"))
    for box in browser.driver.find_elements(By.CSS_SELECTOR, "input[name^=p-]"):
        if box.get_attribute("name") != f"p-{taster.person.id}":
            box.click()
    browser.press(words("Invite those ticked"))
    assert browser.path == panel and taster.person.name in browser.find("main").text

    browser.scripts(True)  # The driver types dates in the order of its own language.
    browser.open(f"{panel}/questions")
    browser.fill(words("Title"), title)
    browser.fill(words("Questions, one a line"), "one *: Alors ? | Oui | Non\nscale: Et ?\ntext: Autre chose ?")
    later = (datetime.date.today() + datetime.timedelta(days=5)).isoformat()
    browser.driver.execute_script("document.getElementById('closes').value = arguments[0]", later)
    browser.press(words("Save"))
    result = browser.path
    browser.scripts(scripts)

    browser.take_cookies(taster)
    browser.open("/notifications")
    browser.follow(title)
    assert words("Why you") in browser.find("main").text
    browser.press(words("Yes, I take part"))
    browser.follow(title)
    browser.find("#q-1-2").click()
    browser.find("#q-2-4").click()
    browser.fill("Autre chose ?", "Rien du tout.")
    browser.press(words("Send my answer"))
    assert words("Answered", "questionnaire") in browser.find("main").text

    browser.take_cookies(moderator)
    browser.open(result)
    assert words("Mean %1$s, median %2$s, from %3$s to %4$s.").split()[0] in browser.find("main").text
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "svg.chart-picture")) == 2
    browser.follow(words("Read what was written"))
    assert "Rien du tout." in browser.find("#words").text
