"""What people come for, from beginning to end, by the words on the page: in both
languages, with and without scripts.
"""

import itertools

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from support import forum as posts
from support.browser import DESKTOP
from support.forum import rest, without_badges
from support.site import PASSWORD

_numbers = itertools.count(1)

QUESTION = {
    "fr": ("Pourquoi ma box {} redémarre-t-elle la nuit ?", "Depuis **lundi**, à 3 h.\n\n- débranchée\n- remise\n\nUne idée ?"),
    "en": ("Why does my box {} restart at night?", "Since **Monday**, at 3.\n\n- unplugged\n- plugged in\n\nAny idea?"),
}
BOLD = {"fr": "lundi", "en": "Monday"}


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request, browser):
    browser.scripts(request.param)
    return request.param


@pytest.fixture(params=["fr", "en"])
def language(request, browser):
    browser.speak(request.param)
    return request.param


@pytest.fixture
def words(catalogue, language):
    """The sentence of the templates as this language has it."""
    return catalogue(language)


def flash(browser):
    """What the site says after something was done."""
    return browser.find("main > [role=status]").text


def sign_up(browser, site, words, language):
    """By the form and the link of the mail; the address."""
    number = next(_numbers)
    email = f"journey-{number}-{language}@example.org"
    browser.open("/")
    browser.follow(words("Sign in"))
    browser.follow(words("Create an account"))
    browser.fill(words("Your name here"), f"Voyage{number}{language}")
    browser.fill(words("E-mail address"), email)
    browser.fill(words("Password"), PASSWORD)
    browser.find("#consent").click()
    browser.press(words("Create the account"))
    assert browser.find("h1").text == words("Look into your mail")
    mail = site.wait_mail(email)
    assert words("Confirm your address") in mail.subject
    browser.open(mail.link("/confirm"))
    browser.press(words("Confirm my address"))
    assert flash(browser) == words("Your address is confirmed. Welcome!")
    return email


def ask(browser, words, language, scripts):
    """A question with a look at the preview first; its title."""
    title, body = QUESTION[language]
    title = title.format(next(_numbers))
    browser.open("/")
    browser.follow(words("Ask a question"))
    browser.fill(words("Your question in one sentence"), title)
    Select(browser.field(words("Subject"))).select_by_index(2)
    browser.fill(words("The details"), body)
    if scripts:
        # As one types, without a button.
        browser.wait(lambda: browser.all(".preview:not([hidden]) strong"))
    else:
        browser.press(words("Preview"))
        assert browser.field(words("The details")).get_attribute("value") == body
        assert browser.field(words("Your question in one sentence")).get_attribute("value") == title
    assert browser.find(".preview strong").text == BOLD[language]
    assert len(browser.all(".preview li")) == 2
    browser.press(words("Publish the question"))
    # Those of the other journeys are alike, and stand before publishing.
    if not browser.all(".question-post"):
        browser.press(words("None of these helps: publish my question"))
    assert flash(browser) == words("Your question is published. You will be told when somebody answers.")
    assert browser.find("h1").text == title
    assert browser.find(".question-post strong").text == BOLD[language]
    return title


def test_a_newcomer_asks_and_is_helped(browser, site, words, language, scripts):
    """The story of the whole site: sign up, ask, get an answer from another
    account, thank, accept."""
    email = sign_up(browser, site, words, language)
    without_badges(site, site.sql_value("select id from people where email = %s", email))
    title = ask(browser, words, language, scripts)
    topic = browser.path.split("#")[0]
    asker = browser.cookies()

    browser.forget()
    browser.speak(language)
    browser.take_cookies(site.member(language=language, age_days=3))
    browser.open(topic)
    browser.fill(words("Write your answer"), "Regardez le **journal** / look at the *log*.")
    browser.press(words("Publish the answer"))
    assert flash(browser) == words("Thank you! Your answer is published.")
    assert browser.find(".answers .prose strong").text == "journal"
    assert not browser.all("button.button-accept"), "only the asker accepts"

    browser.forget()
    browser.speak(language)
    browser.put_cookies(asker)
    browser.open("/")
    bell = browser.find("a.header-icon")
    assert "1" in bell.accessible_name
    browser.follow(bell.accessible_name)
    browser.follow(title)
    assert browser.path.startswith(topic)
    browser.press(words("Thank you"), ".answers")
    thanked = browser.find(".answers form[action$='/thank'] button")
    assert thanked.get_attribute("aria-pressed") == "true" and thanked.text.endswith("1")
    browser.press(words("This solved it"), ".answers")
    assert flash(browser) == words("Marked as the solution. Thank you for saying what helped!")
    assert browser.find(".solution strong").text == "journal"
    assert browser.find(".topic-facts .badge").text == words("Solved", "question")
    browser.follow(words("See it among the answers"))
    assert browser.all(".answer.is-accepted")
    assert site.mails(email), "the confirmation came"
    assert not [line for line in browser.complaints() if "favicon" not in line]


def test_quoting_mentioning_commenting_and_editing(browser, site, words, language, scripts):
    asker, helper = (site.person(language=language, age_days=3) for _ in range(2))
    handle = site.sql_value("select handle from people where id = %s", asker.id)
    browser.take_cookies(site.member(asker, language=language))
    title = ask(browser, words, language, scripts)
    topic = browser.path.split("#")[0]

    rest(site)
    browser.forget()
    browser.speak(language)
    browser.take_cookies(site.member(helper, language=language))
    browser.open(topic)
    browser.follow(words("Quote", "verb"), ".question-post")
    text = browser.find("#body")
    assert text.get_attribute("value").startswith("> ")
    text.send_keys(f"@{handle} essayez / try `reset`.")
    browser.press(words("Publish the answer"))
    answer = browser.find(".answers article")
    assert answer.find_element(By.CSS_SELECTOR, "blockquote strong").text == BOLD[language]
    assert answer.find_element(By.CSS_SELECTOR, ".prose a[href^='/u/']").text == f"@{handle}"

    rest(site)
    browser.follow(words("Comment", "verb"), ".answers")
    browser.fill(words("Your text"), "Et le câble / and the *cable*?")
    browser.press(words("Publish the comment"))
    assert flash(browser) == words("Your comment is published.")
    assert browser.find(".answers .comment em").text == "cable"

    rest(site)
    browser.find(".answers .post-actions .menu > summary").click()
    browser.follow(words("Edit", "verb"), ".answers .menu-panel")
    browser.fill(words("Your text"), "Essayez encore / try again.")
    browser.fill(words("What did you change? (optional)"), "Précision / detail")
    browser.press(words("Save the changes"))
    assert flash(browser) == words("Your changes are saved.")
    browser.leave(browser.find(".answers a[href$='/history']"))
    assert browser.find("h1").text == words("History of changes")
    assert browser.find(".revision-reason").text == "Précision / detail"
    assert "again" in browser.find(".diff ins").text or "again" in browser.find(".diff").text
    assert browser.all(".diff ins") and browser.all(".diff del")
    assert title in browser.text


def test_the_preview_leaves_the_buttons_where_they_are(browser, site):
    """It comes a moment after the last key, when one is about to press."""
    member = site.member(age_days=3)
    topic = posts.ask(member)
    browser.take_cookies(member)
    browser.open(topic.path)
    button = browser.find("[name=save_draft]")
    before = button.rect
    browser.find("#body").send_keys("- un\n- **deux / two**")
    browser.wait(lambda: browser.all(".preview:not([hidden]) strong"))
    assert button.rect == before


def test_a_draft_is_kept_by_its_button(browser, site, words, language):
    browser.scripts(False)
    browser.take_cookies(site.member(language=language, age_days=3))
    browser.open("/ask")
    browser.fill(words("Your question in one sentence"), "À finir plus tard / to be finished")
    browser.fill(words("The details"), "Le début / the beginning")
    browser.press(words("Save as a draft"))
    assert flash(browser) == words("Your draft is saved.")
    browser.follow(words("Go on writing"))
    assert browser.field(words("The details")).get_attribute("value") == "Le début / the beginning"
    browser.open("/drafts")
    browser.press(words("Delete"))
    assert flash(browser) == words("The draft is deleted.")
    assert browser.says(words("No drafts: all is said."))


def test_a_draft_survives_a_closed_tab(browser, site, words, language):
    """The browser sends it while the tab closes, however soon that is."""
    person = site.person(language=language, age_days=3)
    browser.take_cookies(site.member(person, language=language))
    browser.open("/")
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open("/ask")
    browser.find("#body").send_keys("Pas encore fini / not yet done")
    browser.driver.close()
    browser.driver.switch_to.window(first)
    browser.wait(lambda: site.sql("select 1 from drafts where person_id = %s", person.id))
    browser.open("/ask")
    assert browser.find("#body").get_attribute("value") == "Pas encore fini / not yet done"
    assert browser.all(".notice time"), "it says since when"


def test_a_draft_is_saved_while_one_writes(browser, site, words, language):
    person = site.person(language=language, age_days=3)
    browser.take_cookies(site.member(person, language=language))
    browser.open("/ask")
    browser.find("#title").send_keys("Écrit d’une traite / in one go")
    browser.wait(lambda: browser.find(".draft-state").text)
    assert browser.find(".draft-state").text.startswith(words("Draft saved at {time}").split("{")[0])
    browser.open("/drafts")
    assert "Écrit d’une traite / in one go" in browser.text


def test_sessions_are_listed_and_ended_everywhere(browser, site, words, language, scripts):
    person = site.person(language=language, age_days=3)
    elsewhere = site.member(person, language=language)
    browser.take_cookies(site.member(person, language=language))
    browser.open("/settings")
    assert len(browser.all(".session")) == 2
    assert words("This device") in browser.find(".sessions").text
    browser.press(words("Sign me out everywhere"))
    assert flash(browser) == words("All your sessions have ended.")
    browser.open("/settings")
    assert browser.path.startswith("/login"), "here too"
    assert elsewhere.get("/settings").path == "/login"


@pytest.mark.parametrize("has_account", [False, True], ids=["visitor", "member"])
def test_the_language_is_switched_and_kept(browser, site, scripts, has_account):
    if has_account:
        browser.take_cookies(site.member(language="fr", age_days=3))
    browser.open("/questions?filter=solved")
    assert browser.find("html").get_attribute("lang") == "fr"
    browser.press("English")
    assert browser.path == "/questions?filter=solved", "one stays where one was"
    assert browser.find("html").get_attribute("lang") == "en"
    browser.open("/tags")
    assert browser.find("h1").text == "Tags"
    browser.press("Français")
    assert browser.find("h1").text == "Mots-clés"


def test_following_and_me_too(browser, site, words, language, scripts):
    browser.look(DESKTOP)
    browser.take_cookies(site.member(language=language, age_days=3))
    browser.open("/c/wifi")
    browser.press(words("Follow", "verb"))
    assert browser.find("form[action='/follow'] button").get_attribute("aria-pressed") == "true"
    title = browser.find(".question-title").text
    browser.follow(title)
    browser.press(words("Follow", "verb"), ".question-post")
    count = int(browser.find("form[action$='/me-too'] .button-count").text)
    browser.press(f"{words('Me too')} {count}")
    button = browser.find("form[action$='/me-too'] button")
    assert int(button.text.split()[-1]) == count + 1
    assert button.get_attribute("aria-pressed") == "true"
    browser.open("/questions?filter=followed")
    assert browser.find(".question-title").text == title


def test_drafts_say_what_they_are_about(browser, site, scene, words, language):
    browser.take_cookies(site.member(language=language, age_days=3))
    title = site.sql_value("select title from topics where id = %s", scene.own.id)
    for path in (f"/t/{scene.own.id}/answer", f"/p/{scene.own_answer}/comment"):
        browser.open(path)
        browser.fill(words("Your text"), "Pas encore fini / not yet done")
        browser.press(words("Save as a draft"))
    for sentence in ("Your comment on “%s”", "Your answer to “%s”"):
        browser.open("/drafts")
        browser.follow(words(sentence) % title)
        assert browser.field(words("Your text")).get_attribute("value") == "Pas encore fini / not yet done"


def test_a_refused_change_of_state_keeps_what_was_chosen(browser, site, scene, words, language):
    browser.take_cookies(site.member(role="moderator", language=language))
    browser.open(f"/t/{scene.fresh}")
    browser.press(words("Team tools"))
    Select(browser.field(words("State of the question"))).select_by_visible_text(words("Duplicate", "question"))
    browser.fill(words("If it is a duplicate: address or number of the other question"), "999999999")
    browser.press(words("Change the state"))
    field = browser.driver.switch_to.active_element
    assert field.get_attribute("id") == "duplicate_of" and field.get_attribute("value") == "999999999"
    assert browser.says(words("There is no such question. Give its address or its number."))
    assert Select(browser.field(words("State of the question"))).first_selected_option.text == words(
        "Duplicate", "question")
