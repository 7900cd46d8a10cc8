"""Everything without a mouse: reaching it, opening it, sending it, getting out."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from support.browser import DESKTOP
from support.site import PASSWORD

FOCUSED = """
const element = document.activeElement;
return element === document.body ? "" : element.id || element.name ||
	(element.getAttribute("aria-label") || element.textContent).trim().replace(/\\s+/g, " ");
"""

# In the order of the document, as Tab should go: what is shown, not disabled, and
# of a toolbar only the button whose turn it is.
ORDER = """
return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
	.filter(element => element.tabIndex >= 0 && !element.disabled && element.type !== "hidden" &&
		element.checkVisibility({ visibilityProperty: true })).length;
"""


@pytest.fixture
def keyboard(browser):
    browser.look(DESKTOP)
    return Keyboard(browser)


class Keyboard:
    def __init__(self, browser):
        self.browser = browser

    def press(self, *keys, times=1):
        actions = ActionChains(self.browser.driver, duration=0)
        for _ in range(times):
            for key in keys:
                actions.send_keys(key)
        actions.perform()

    def chord(self, modifier, key):
        ActionChains(self.browser.driver, duration=0).key_down(modifier).send_keys(key).key_up(modifier).perform()

    @property
    def focused(self):
        """The name of what has the focus; '' for none."""
        return self.browser.driver.execute_script(FOCUSED)

    def tab_to(self, name, most=60):
        for _ in range(most):
            self.press(Keys.TAB)
            if self.focused.endswith(name):
                return
        raise AssertionError(f"Tab never reaches {name!r}")


def test_the_first_stop_leads_past_the_menus(browser, keyboard):
    browser.open("/questions")
    keyboard.press(Keys.TAB)
    assert keyboard.focused == "Aller au contenu"
    link = browser.find(".skip-link")
    assert link.is_displayed() and link.location["y"] >= 0, "it shows itself"
    keyboard.press(Keys.ENTER)
    assert keyboard.focused == "main"
    keyboard.press(Keys.TAB)
    assert keyboard.focused == "Accueil", "the first link of the content"


@pytest.mark.parametrize("path", ["/", "/questions", "/t/{scene.long}", "/t/{scene.question.id}", "/ask", "/settings"])
def test_tab_visits_every_control_once_and_leaves(browser, keyboard, scene, path):
    scene.become(browser, "member")
    browser.open(path.format(scene=scene))
    browser.driver.execute_script(
        """
        window.stops = [];
        document.addEventListener("focusin", event => window.stops.push(event.target));
        """
    )
    expected = browser.driver.execute_script(ORDER)
    assert expected > 5
    keyboard.press(Keys.TAB, times=expected + 1)
    stops, is_ordered, last = browser.driver.execute_script(
        """
        const stops = window.stops;
        const inOrder = stops.slice(0, arguments[0]).every((element, index) => index === 0 ||
            stops[index - 1].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
        return [new Set(stops).size, inOrder, document.activeElement === stops[arguments[0] - 1]];
        """,
        expected,
    )
    assert stops == expected, "some are never reached, or never left"
    assert is_ordered, "the order is not that of reading"
    assert not last, "the last one keeps the focus"


def test_the_menu_opens_and_closes(browser, keyboard, scene):
    scene.become(browser, "member")
    browser.open("/")
    keyboard.tab_to("Votre compte, Claire Fontaine")
    keyboard.press(Keys.ENTER)
    menu = browser.find("details.menu")
    assert menu.get_attribute("open") is not None
    keyboard.press(Keys.TAB)
    assert keyboard.focused == "Votre profil"
    keyboard.press(Keys.ESCAPE)
    assert menu.get_attribute("open") is None
    assert "Votre compte" in keyboard.focused, "the focus comes back"


def test_signing_in_and_asking_by_keyboard_alone(browser, keyboard, site):
    person = site.person(language="fr", age_days=3)
    browser.open("/login?next=/ask")
    keyboard.tab_to("email")
    keyboard.press(person.email, Keys.TAB, PASSWORD, Keys.ENTER)
    browser.wait(lambda: browser.path == "/ask")
    keyboard.tab_to("title")
    keyboard.press("Comment tout faire au clavier ?", Keys.TAB, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    keyboard.press(Keys.TAB)
    assert keyboard.focused == "Gras", "one stop for the toolbar"
    keyboard.press(Keys.ARROW_RIGHT)
    assert keyboard.focused == "Italique"
    keyboard.press(Keys.END)
    assert keyboard.focused == "Étapes numérotées"
    keyboard.press(Keys.TAB)
    assert keyboard.focused == "body"
    keyboard.press("Je n’ai pas de souris, c’est ")
    keyboard.chord(Keys.CONTROL, "b")
    keyboard.press("promis")
    assert browser.find("#body").get_attribute("value") == "Je n’ai pas de souris, c’est **promis**"
    keyboard.tab_to("Publier la question")
    keyboard.press(Keys.ENTER)
    browser.wait(lambda: browser.path.startswith("/t/"))
    assert browser.find(".question-post strong").text == "promis"


def test_the_toolbar_writes_markdown(browser, scene):
    """Each button, on chosen words and without; undone by the browser itself."""
    browser.look(DESKTOP)
    scene.become(browser, "member")
    browser.open("/ask")
    text = browser.find("#body")
    for name, before, after in (
        ("Gras", "mot", "**mot**"),
        ("Italique", "mot", "*mot*"),
        ("Lien", "mot", "[mot](https://)"),
        ("Lien", "https://example.org/", "[](https://example.org/)"),
        ("Citation", "une\ndeux", "> une\n> deux"),
        ("Code", "mot", "`mot`"),
        ("Code", "une\ndeux", "```\nune\ndeux\n```"),
        ("Liste", "une\ndeux", "- une\n- deux"),
        ("Étapes numérotées", "une\ndeux", "1. une\n2. deux"),
    ):
        text.clear()
        text.send_keys(before, Keys.CONTROL + "a" + Keys.NULL)
        browser.press(name)
        assert text.get_attribute("value") == after
        text.send_keys(Keys.CONTROL + "z" + Keys.NULL)
        assert text.get_attribute("value") == before, f"{name} cannot be undone"
