"""What helping brings: a badge, a place among those who helped most (or none, by one
switch), and being asked to look after a field. Each journey goes four ways (ways.py).
"""

import itertools

import pytest

from support import forum as posts
from support.forum import a_title, answer, ask, press, rest
from ways import is_sound

HELP = "Regardez le journal / look at the log, it says why."
_numbers = itertools.count(1)


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture
def become(browser, site, way):
    """The browser goes on as that visitor; None is a stranger."""

    def change(visitor=None):
        browser.forget()
        browser.speak(way.language)
        if visitor:
            site.sql("update people set language = %s where id = %s", way.language, visitor.person.id)
            browser.take_cookies(visitor)

    return change


@pytest.fixture
def person(site):
    number = next(_numbers)
    return site.member(name=f"Camille Serviable {number}", age_days=5)


@pytest.fixture
def field(site):
    """A category of the test's own: its slug. Afterwards it leaves all lists."""
    slug = f"field-{next(_numbers)}"
    posts.category(site, slug)
    site.sql("update categories set position = 999 where slug = %s", slug)
    yield slug
    site.sql("update categories set archived_at = now() where slug = %s", slug)


def accepted(asker, helper, slug):
    """A question that this helper has solved, and the answer's number."""
    topic = ask(asker, slug=slug)
    post = answer(helper, topic)
    press(asker, topic.path, f"/p/{post}/accept")
    return topic, post


def link_soon(browser, path, selector):
    """A link of that page; the worker takes a moment."""

    def look():
        browser.open(path)
        return browser.all(selector)

    return browser.wait(look, 30)[0]


# ---- a badge -------------------------------------------------------------------


def test_a_first_answer_earns_a_badge_that_is_announced_and_shown(browser, site, words, become, person):
    topic = ask(site.member(age_days=5), title=a_title())
    rest(site)
    become(person)
    browser.open(topic.path)
    browser.fill(words("Write your answer"), HELP)
    browser.press(words("Publish the answer"))
    link = link_soon(browser, "/notifications", "main a[href='/badges/premiere-reponse']")
    name = link.text
    before, _, after = words("You were awarded the badge {badge}.").partition("{badge}")
    assert browser.says(f"{before}{name}{after}")
    is_sound(browser)
    browser.leave(link)
    assert name in browser.find("h1").text
    holder = [item for item in browser.all(".holders li") if person.person.name in item.text]
    assert holder, "its page tells who has it"
    is_sound(browser)
    become()
    browser.open(f"/u/{person.person.id}")
    assert name in browser.find("main a[href='/badges/premiere-reponse']").text, "everybody sees it at the person's"
    is_sound(browser)


# ---- who helped most -----------------------------------------------------------


def test_one_switch_keeps_a_person_out_of_the_leaderboard(browser, site, words, become, person, field):
    asker, also = site.member(age_days=5), site.member(name=f"Dominique Aussi {next(_numbers)}", age_days=5)
    for helper in (person, also):
        accepted(asker, helper, field)
    path, shown = f"/leaderboard?category={field}", [person.person.name, also.person.name]

    def listed():
        browser.open(path)
        text = browser.find("main").text
        return [name for name in shown if name in text]

    become(person)
    browser.wait(lambda: listed() == shown, 30)
    is_sound(browser)
    browser.open(f"/u/{person.person.id}/standing")
    assert browser.says(words("You are in rankings, and your rank stands beside your name."))
    is_sound(browser)
    browser.press(words("Keep me out of rankings"))
    assert browser.says(words("You are in no ranking, and no rank stands beside your name."))
    assert listed() == [also.person.name]
    become()
    assert listed() == [also.person.name]
    become(person)
    browser.open(f"/u/{person.person.id}/standing")
    browser.press(words("Show me in rankings again"))
    browser.wait(lambda: listed() == shown)


# ---- an expert -----------------------------------------------------------------


def test_from_candidate_to_the_mark_beside_the_name(browser, site, words, become, person, field):
    asker = site.member(age_days=5)
    topic, post = accepted(asker, person, field)
    elsewhere, other_post = accepted(asker, person, "wifi")
    mark = "header .role-expert"

    become(site.member(role="advisor"))
    browser.open("/admin")
    browser.follow(words("Experts"))
    browser.find(f"#category option[value='{field}']").click()
    browser.press(words("Show candidates"))
    is_sound(browser)
    reason = browser.find(f"input[aria-label='{words('Why %s').replace('%s', person.person.name)}']")
    reason.send_keys("Répond très bien / answers very well")
    form = reason.find_element("xpath", "./ancestor::form")
    browser.leave(form.find_element("css selector", "button"))
    assert browser.says(words("The person was asked. Nothing happens before they agree."))
    is_sound(browser)
    become()
    browser.open(topic.path)
    assert not browser.all(f"#p{post} {mark}"), "nothing before the consent"

    become(person)
    number = site.sql_value("select id from experts where person_id = %s", person.person.id)
    browser.leave(link_soon(browser, "/notifications", f"main a[href='/experts/{number}/consent']"))
    assert browser.says("answers very well") and browser.says(words("The experts’ charter"))
    is_sound(browser)
    browser.press(words("Become an expert"))
    assert browser.all("#consent-error"), "not without the charter"
    is_sound(browser)
    browser.tick(words("I have read the experts’ charter and agree to it."))
    browser.press(words("Become an expert"))
    assert browser.find("h1").text == words("Questions for you")
    is_sound(browser)

    become()
    browser.open(elsewhere.path)
    assert not browser.all(f"#p{other_post} {mark}"), "in another field the mark says nothing"
    browser.open(topic.path)
    shown = browser.find(f"#p{post} {mark}")
    assert shown.text == words("Expert in this field")
    is_sound(browser)
    browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", shown)
    browser.leave(shown)
    assert browser.says(words("What the mark means")) and browser.says(person.person.name)
    is_sound(browser)
