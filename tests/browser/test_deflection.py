"""The ask page answers before the question is posted: with and without scripts, in
both languages, on a phone and on a desk."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from support.browser import DESKTOP, PHONE
from support.forum import answer, ask, press, rest, settle

SAME = {
    "fr": ("Mon grille-pain connecté affiche l’heure de Tokyo", "Depuis mardi, et seulement le matin.",
           "Réglez le fuseau dans *Système*."),
    "en": ("My smart toaster shows the time of Tokyo", "Since Tuesday, and in the morning only.",
           "Set the time zone in *System*."),
}


@pytest.fixture(params=["fr", "en"])
def language(request, browser):
    browser.speak(request.param)
    return request.param


@pytest.fixture
def words(catalogue, language):
    return catalogue(language)


@pytest.fixture(scope="module")
def known(site):
    """A solved question in each language, in the index."""
    asker, helper = site.member(age_days=9), site.member(age_days=9)
    topics = {}
    for language, (title, body, solution) in SAME.items():
        topic = topics[language] = ask(asker, f"{title} ?", body, slug="wifi", language=language)
        press(asker, topic.path, f"/p/{answer(helper, topic, solution)}/accept")
    settle(site, *topics.values())
    return topics


@pytest.fixture
def writer(browser, site, language):
    rest(site)
    person = site.person(language=language, age_days=9)
    browser.take_cookies(site.member(person, language=language))
    return person


def fill_in(browser, words, language):
    title, body, _ = SAME[language]
    browser.fill(words("Your question in one sentence"), f"{title} chaque jour / every day")
    Select(browser.field(words("Subject"))).select_by_index(2)
    browser.fill(words("The details"), body)


def item(browser, topic):
    found = browser.all(f".similar-item[data-topic='{topic.id}']")
    return found[0] if found else None


def notice(browser):
    return browser.find("main > [role=status]").text


def test_the_answer_comes_while_one_types_and_one_press_ends_the_search(
        browser, site, words, language, known, writer):
    browser.open("/ask")
    browser.find("#title").send_keys(SAME[language][0])
    browser.wait(lambda: item(browser, known[language]))
    state = browser.find(".similar-state")
    assert state.get_attribute("role") == "status" and state.text
    assert browser.driver.switch_to.active_element.get_attribute("id") == "title", "the focus stays"
    found = item(browser, known[language])
    summary = found.find_element(By.TAG_NAME, "summary")
    if found.find_element(By.TAG_NAME, "details").get_attribute("open") is None:
        summary.click()
    assert ("Système" if language == "fr" else "System") in found.text
    assert not browser.barriers(), "axe"
    view = browser.find("form[data-ask] [name=view]").get_attribute("value")
    browser.wait(lambda: site.sql("select 1 from deflection_views where id = %s and is_opened", view))
    browser.press(words("This solved my problem"), f".similar-item[data-topic='{known[language].id}']")
    assert browser.path.startswith(known[language].path)
    assert notice(browser) == words("Good to hear that this helped! We have thanked its author for you."
                                    " What you had begun to write is kept in your drafts.")
    assert not [line for line in browser.complaints() if "favicon" not in line]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_field_one_writes_in_does_not_move(browser, site, catalogue, known, width):
    browser.look(width)
    browser.take_cookies(site.member(language="fr", age_days=9))
    browser.open("/ask")
    body = browser.find("#body")
    browser.driver.execute_script("arguments[0].focus(); arguments[0].scrollIntoView({block: 'center'});", body)
    browser.driver.execute_script(
        "document.getElementById('title').value = arguments[0];", SAME["fr"][0])
    top = "return Math.round(arguments[0].getBoundingClientRect().top)"
    before = browser.driver.execute_script(top, body)
    body.send_keys("Depuis mardi.")
    browser.wait(lambda: item(browser, known["fr"]))
    assert abs(browser.driver.execute_script(top, body) - before) <= 2
    assert browser.driver.switch_to.active_element.get_attribute("id") == "body"


def test_enter_in_the_title_never_says_that_it_was_solved(browser, site, words, language, known, writer):
    browser.open("/ask")
    browser.find("#title").send_keys(SAME[language][0])
    browser.wait(lambda: item(browser, known[language]))
    browser.driver.execute_script("document.querySelector('form[data-ask]').noValidate = true")
    page = browser.find("html")
    browser.find("#title").send_keys(Keys.ENTER)
    browser.wait(lambda: browser.find("html") != page)
    assert browser.path == "/ask", "a refused question, not a solved one"


def test_with_a_script_the_list_is_not_shown_twice(browser, site, words, language, known, writer):
    browser.open("/ask")
    fill_in(browser, words, language)
    browser.wait(lambda: item(browser, known[language]))
    browser.press(words("Publish the question"))
    assert browser.path.startswith("/t/")
    assert notice(browser) == words("Your question is published. You will be told when somebody answers.")


def test_without_a_script_there_is_a_step_before_publishing(browser, site, words, language, known, writer):
    browser.scripts(False)
    browser.open("/ask")
    fill_in(browser, words, language)
    browser.press(words("Publish the question"))
    assert browser.find("h1").text == words("These look like your question")
    assert item(browser, known[language])
    assert not browser.barriers(), "axe"
    browser.press(words("Change my question"))
    assert browser.field(words("The details")).get_attribute("value") == SAME[language][1]
    browser.press(words("Publish the question"))
    assert notice(browser) == words("Your question is published. You will be told when somebody answers.")


def test_without_a_script_it_is_followed_instead(browser, site, words, language, known, writer):
    browser.scripts(False)
    browser.open("/ask")
    fill_in(browser, words, language)
    browser.press(words("Publish the question"))
    found = item(browser, known[language])
    if found.find_element(By.TAG_NAME, "details").get_attribute("open") is None:
        found.find_element(By.TAG_NAME, "summary").click()
    browser.press(words("Me too, follow it"), f".similar-item[data-topic='{known[language].id}']")
    assert browser.path == known[language].path
    assert browser.says(words("You follow this question now: you will be told of every answer."))
    browser.open("/drafts")
    assert SAME[language][0] in browser.text


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_visitors_sentence_comes_along(browser, site, words, language, known, has_scripts):
    browser.scripts(has_scripts)
    person = site.person(language=language, age_days=9)
    browser.open("/ask")
    browser.fill(words("Your question in one sentence"), SAME[language][0])
    if has_scripts:
        browser.wait(lambda: item(browser, known[language]))
    else:
        browser.press(words("Look for answers"))
        assert item(browser, known[language])
    assert not browser.barriers(), "axe"
    browser.follow(words("Sign in"), ".ask-sign-in")
    browser.fill(words("E-mail address"), person.email)
    browser.fill(words("Password"), person.password)
    browser.press(words("Sign in"), "main")
    assert browser.path.startswith("/ask?")
    assert browser.field(words("Your question in one sentence")).get_attribute("value") == SAME[language][0]


def test_an_advisor_marks_a_duplicate_in_one_step_and_undoes_it(browser, site, words, language, known):
    advisor = site.person(role="advisor", language=language, age_days=99)
    topic = ask(site.member(age_days=9), f"{SAME[language][0]} aussi / too ?", "Pareil / the same here, for a week.",
                slug="wifi", language=language)
    settle(site, topic)
    browser.scripts(False)
    browser.take_cookies(site.member(advisor, language=language))
    browser.open(f"/t/{topic.id}/duplicates")
    buttons = browser.all(f"form:has([name=duplicate_of][value='{known[language].id}']) button")
    browser.leave(buttons[0])
    assert browser.path == topic.path
    assert notice(browser).startswith(words("Marked as a duplicate. Visitors are led to the other question,"
                                            " and whoever followed this one or had it too is told of its answers.")[:22])
    browser.press(words("Not a duplicate"))
    assert browser.path == topic.path and not browser.all(".notice:not([role])")
