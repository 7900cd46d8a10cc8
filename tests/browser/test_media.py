"""What somebody's settings or a printer ask of a page."""

import pytest

from support.browser import DESKTOP

MOVING = """
return [document.documentElement, ...document.querySelectorAll("body *")].filter(element => {
    const style = getComputedStyle(element);
    return style.transitionDuration.split(", ").some(time => parseFloat(time) > 0) ||
        style.animationName !== "none" || style.scrollBehavior === "smooth";
}).length;
"""

SHOWN = "return [...document.querySelectorAll(arguments[0])].filter(element => element.checkVisibility()).length;"


@pytest.mark.parametrize("path", ["/", "/tags", "/t/{scene.long}"])
def test_nothing_moves_for_those_who_do_not_want_it(browser, scene, path):
    browser.open(path.format(scene=scene))
    assert browser.driver.execute_script(MOVING) == 0
    browser.look(DESKTOP, motion="no-preference")
    assert browser.driver.execute_script(MOVING) > 0, "the test sees what moves"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_holds_what_was_said_and_nothing_to_press(browser, scene, scheme):
    scene.become(browser, "member")
    browser.open(f"/t/{scene.question.id}")
    browser.look(DESKTOP, scheme, media="print")

    def shown(selector):
        return browser.driver.execute_script(SHOWN, selector)

    assert shown("h1") and shown(".question-post .prose") and shown(".solution .prose") and shown(".brand")
    for selector in ("button", "input", "textarea", ".site-nav", ".column-side", ".site-footer", ".breadcrumbs"):
        assert not shown(selector), f"{selector} is printed"
    colours = browser.driver.execute_script(
        "return [document.body, document.querySelector('.question-post')]"
        ".map(element => getComputedStyle(element).backgroundColor)"
    )
    assert set(colours) <= {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}, "ink is dear"
    assert browser.driver.execute_script("return getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
