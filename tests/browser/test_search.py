"""Searching as people do: the field that suggests, by keyboard, mouse and without a
script; and the page of results with its filters."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from support.browser import DESKTOP, PHONE

FIELDS = [("/", "#home-search"), ("/questions", "#header-search"), ("/search?q=box", "#page-search")]


class Combobox:
    def __init__(self, browser, selector):
        self.browser = browser
        self.input = browser.find(selector)

    def type(self, words):
        """Suggestions come a moment later."""
        self.input.clear()
        self.input.send_keys(words)
        self.browser.wait(lambda: self.options)
        return self

    def press(self, *keys):
        self.input.send_keys(*keys)

    @property
    def list(self):
        return self.browser.find("#" + self.input.get_attribute("aria-controls"))

    @property
    def options(self):
        return self.list.find_elements(By.CSS_SELECTOR, "[role=option]") if self.is_open else []

    @property
    def is_open(self):
        # Both at one moment: the list may open between two questions.
        shown, expanded = self.browser.driver.execute_script(
            "return [arguments[1].checkVisibility(), arguments[0].getAttribute('aria-expanded')]", self.input, self.list)
        assert expanded == ("true" if shown else "false")
        return shown

    @property
    def active(self):
        """The option that the keyboard is at: the input names it, and it alone is selected."""
        name = self.input.get_attribute("aria-activedescendant")
        selected = [option.get_attribute("id") for option in self.options
                    if option.get_attribute("aria-selected") == "true"]
        assert selected == ([name] if name else [])
        return self.options.index(self.browser.find("#" + name)) if name else None

    @property
    def said(self):
        return self.browser.find(".search-field [role=status]").get_attribute("textContent")


@pytest.fixture
def desk(browser):
    browser.look(DESKTOP)
    return browser


@pytest.mark.parametrize("path, field", FIELDS)
def test_every_field_is_a_combobox(desk, path, field):
    desk.open(path)
    box = Combobox(desk, field)
    assert box.input.get_attribute("role") == "combobox"
    assert box.input.accessible_name
    assert not box.is_open and box.said == ""
    box.type("wifi")
    assert box.list.accessible_name == "Suggestions"
    assert "suggestions" in box.said
    assert desk.complaints() == []


def test_the_keyboard_goes_round_and_opens_what_it_is_at(desk):
    desk.open("/questions")
    box = Combobox(desk, "#header-search").type("wifi")
    count = len(box.options)
    assert box.active is None, "nothing is chosen for anybody"
    box.press(Keys.ARROW_DOWN)
    assert box.active == 0
    box.press(Keys.ARROW_UP)
    assert box.active is None, "back in the field"
    box.press(Keys.ARROW_UP)
    assert box.active == count - 1
    box.press(Keys.HOME)
    assert box.active is None, "the cursor's keys belong to the text"
    box.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert box.active == 1
    assert box.input.get_attribute("value") == "wifi", "what was typed stays"
    path = box.options[1].get_attribute("data-path")
    page = desk.find("html")
    box.press(Keys.ENTER)
    desk.wait(lambda: desk.path.split("?")[0] == path)
    assert page != desk.find("html")


def test_enter_without_a_choice_searches(desk):
    desk.open("/questions")
    box = Combobox(desk, "#header-search").type("wifi")
    box.press(Keys.ENTER)
    desk.wait(lambda: desk.path.startswith("/search?q=wifi"))
    assert desk.all(".result")


def test_escape_closes_and_keeps_the_words(desk):
    desk.open("/")
    box = Combobox(desk, "#home-search").type("wifi")
    box.press(Keys.ARROW_DOWN, Keys.ESCAPE)
    assert not box.is_open
    assert box.input.get_attribute("value") == "wifi"
    box.press(Keys.ARROW_DOWN)
    desk.wait(lambda: box.is_open)
    box.press(Keys.TAB)
    desk.wait(lambda: not box.is_open)


def test_a_click_follows_a_suggestion(desk):
    desk.open("/")
    box = Combobox(desk, "#home-search").type("wifi")
    path = box.options[0].get_attribute("data-path")
    box.options[0].click()
    desk.wait(lambda: desk.path.split("?")[0] == path)


def test_what_nobody_asked_suggests_nothing_and_says_so(desk):
    desk.open("/")
    box = Combobox(desk, "#home-search")
    box.input.send_keys("zygomatique xylo")
    desk.wait(lambda: box.said)
    assert box.said == "Aucune suggestion."
    assert not box.is_open


def test_a_title_with_markup_is_shown_as_text(desk, scene):
    desk.open("/")
    box = Combobox(desk, "#home-search").type("donaudampf")
    assert "<script>alert" in box.options[0].text
    assert desk.complaints() == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_has_no_barriers(browser, width, scheme):
    browser.look(width, scheme)
    browser.open("/questions")
    box = Combobox(browser, "#header-search").type("wifi")
    box.press(Keys.ARROW_DOWN)
    assert browser.barriers() == []
    assert browser.overflow() == 0


def test_an_old_answer_does_not_replace_a_newer_one(desk):
    """The first request is held back until the second was answered."""
    desk.open("/")
    desk.driver.execute_script("""
        const real = window.fetch;
        window.fetch = async (path, options) => {
            if (String(path).includes("q=bo") && !String(path).includes("q=box"))
                await new Promise((resolve, reject) => {
                    setTimeout(resolve, 1500);
                    options.signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
                });
            return real(path, options);
        };""")
    box = Combobox(desk, "#home-search")
    box.input.send_keys("bo")
    desk.driver.execute_async_script("setTimeout(arguments[0], 300)")
    box.input.send_keys("x t3")
    desk.wait(lambda: box.options)
    shown = [option.text for option in box.options]
    desk.driver.execute_async_script("setTimeout(arguments[0], 1600)")
    assert [option.text for option in box.options] == shown


def test_without_a_script_it_is_a_form(desk):
    desk.scripts(False)
    desk.open("/")
    field = desk.find("#home-search")
    assert field.get_attribute("role") is None
    field.send_keys("wifi", Keys.ENTER)
    desk.wait(lambda: desk.path.startswith("/search?q=wifi"))
    desk.follow("Les plus récentes")
    desk.wait(lambda: "sort=newest" in desk.path)
    link = desk.find(".facet a")
    desk.leave(link)
    assert len(desk.all(".chip-on")) == 1
    desk.leave(desk.find(".chip-on"))
    assert not desk.all(".chip-on")
    assert "sort=newest" in desk.path, "the order stays"


def test_an_opened_result_is_counted(desk, site):
    before = site.sql_value("select count(*) from search_opened")
    desk.open("/search?q=wifi")
    desk.leave(desk.find(".result h3 a"))
    desk.wait(lambda: site.sql_value("select count(*) from search_opened") == before + 1)


def test_on_a_phone_the_filters_are_a_step_away(browser):
    browser.look(PHONE)
    browser.open("/search?q=wifi")
    browser.follow("Affiner", within=".result-bar")
    browser.wait(lambda: browser.driver.execute_script(
        "const place = document.querySelector('.facets').getBoundingClientRect();"
        "return place.top >= 0 && place.top < window.innerHeight"))
