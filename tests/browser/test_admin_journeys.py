"""What an administrator sets, and who sees it at once: the brand, a category with its
rights, a charter that everybody is asked about. Somebody else looks on meanwhile, in a
browser of their own. Each journey goes four ways (ways.py).
"""

import itertools

import pytest

from support import forum as posts
from support.browser import Browser, start_chromium
from support.forum import a_title, rest
from support.waiting import until
from ways import is_sound

SECONDS = 4  # two are promised, and two for whoever looks
GREEN = "#006644"
_numbers = itertools.count(1)


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture(scope="module")
def people(site):
    return {role: site.member(role=role, age_days=10, address="127.0.0.1")
            for role in ("customer", "advisor", "administrator")}


@pytest.fixture
def become(site, people, way):
    """In that browser goes on the person with that role; None is a stranger."""

    def change(browser, role=None):
        browser.forget()
        browser.speak(way.language)
        if role:
            site.sql("update people set language = %s where id = %s", way.language, people[role].person.id)
            browser.take_cookies(people[role])

    return change


@pytest.fixture(scope="module")
def second_chromium():
    driver = start_chromium()
    yield driver
    driver.quit()


@pytest.fixture
def other(second_chromium, site, way):
    """Another browser, of somebody who was never here."""
    window = Browser(second_chromium, site, site.var / "screenshots")
    window.reset()
    window.speak(way.language)
    window.look(way.width)
    window.scripts(way.scripts)
    yield window
    window.scripts(True)


# ---- the brand -----------------------------------------------------------------


def title_of(visitor):
    return visitor.get("/tags").page.find("title").text


@pytest.fixture
def the_themes_own(site):
    """Afterwards, for the other modules; each process has heard of it."""
    visitor = site.visitor(address="127.0.0.1")
    before = title_of(visitor)
    yield
    site.sql("delete from site_settings where name like 'brand.%%'")
    until(lambda: all(title_of(visitor) == before for _ in range(8)), SECONDS)


def button_colour(browser):
    """Of the button that signs in, as it is painted."""
    button = browser.find("main form[action='/login'] button[type=submit]")
    return browser.driver.execute_script("return getComputedStyle(arguments[0]).backgroundColor", button)


def shows_soon(browser, path, condition):
    def look():
        browser.open(path)
        return condition()

    browser.wait(look, SECONDS)


@pytest.mark.usefixtures("the_themes_own")
def test_another_brand_is_seen_at_once_by_everybody(browser, other, words, become, tmp_path):
    name = f"Brandissima {next(_numbers)}"
    other.open("/login")
    assert name not in other.title and button_colour(other) != "rgb(0, 102, 68)"
    become(browser, "administrator")
    browser.open("/admin")
    browser.follow(words("Brand"))
    browser.fill(words("Name"), name)
    browser.fill(words("Buttons"), GREEN)
    browser.press(words("Show a preview"), ".form-actions")
    assert browser.says(words("This is a preview: the page is shown in what stands in the fields. Nothing is saved yet."))
    assert name in browser.title
    is_sound(browser)
    other.open("/login")
    assert name not in other.title, "a preview is for one's own eyes"
    browser.press(words("Save the brand"), ".form-actions")
    assert browser.says(words("The settings are saved. They count everywhere within two seconds."))
    is_sound(browser)
    shows_soon(other, "/login", lambda: name in other.title and button_colour(other) == "rgb(0, 102, 68)")
    assert other.find("header .brand").text.strip() in (name, "")
    is_sound(other)

    picture = tmp_path / "logo.png"
    picture.write_bytes(browser.capture(64, 64))
    browser.find("#logo").send_keys(str(picture))
    browser.press(words("Upload the logo"))
    # The worker makes it anew first.
    browser.wait(lambda: (other.open("/"), "/brand/logo-" in other.find("header .brand img").get_attribute("src"))[1], 20)
    drawn = "const [logo] = arguments; return logo.complete && logo.naturalWidth"
    assert other.driver.execute_script(drawn, other.find("header .brand img")) == 64
    is_sound(other)
    assert not other.complaints()


# ---- a category ----------------------------------------------------------------


@pytest.fixture
def slug(site):
    name = f"journey-{next(_numbers)}"
    yield name
    # It leaves all lists, for the other modules.
    site.sql("update categories set archived_at = now() where slug = %s", name)


def subjects(browser):
    """What can be chosen in the form that asks."""
    browser.open("/ask")
    return [option.get_attribute("textContent").strip() for option in browser.all("#category option")]


def test_a_new_category_is_offered_to_whom_it_is_for(browser, other, site, words, way, become, slug):
    names = {"fr": f"Coulisses {slug}", "en": f"Backstage {slug}"}
    name = names[way.language]
    become(browser, "administrator")
    browser.open("/admin")
    browser.follow(words("Categories"))
    is_sound(browser)
    browser.follow(words("New category"))
    browser.fill(words("Name in French"), names["fr"])
    browser.fill(words("Name in English"), names["en"])
    browser.fill(words("Address"), slug)
    browser.fill(words("Place in the list"), "999")
    for field in ("asks", "answers"):
        browser.find(f"#{field} option[value=advisor]").click()
    browser.press(words("Save the category"))
    assert browser.field(words("Address")).get_attribute("value") == slug
    is_sound(browser)

    become(other, "customer")
    assert not any(name in subject for subject in subjects(other))
    become(other, "advisor")
    assert any(name in subject for subject in subjects(other))
    title = a_title()
    other.fill(words("Your question in one sentence"), title)
    other.find("#category").find_element("xpath", f"./descendant::option[contains(., '{name}')]").click()
    other.fill(words("The details"), f"{posts.BODY} {slug}")
    is_sound(other)
    rest(site)
    publish(other, words)
    assert other.find("h1").text == title
    topic = other.path.split("#")[0]

    become(other, "customer")
    other.open(f"/c/{slug}")
    assert other.find("h1").text == name and other.says(title)
    other.open(topic)
    assert other.find("h1").text == title and not other.all("form[action$='/answer'] textarea")
    is_sound(other)


# ---- a charter -----------------------------------------------------------------


def publish(browser, words):
    browser.press(words("Publish the question"))
    pass_others_by(browser, words)


def pass_others_by(browser, words):
    """Those of the other journeys are alike, and may stand before publishing."""
    if browser.says(words("None of these helps: publish my question")):
        browser.press(words("None of these helps: publish my question"))


@pytest.fixture
def the_themes_charter(people):
    """Afterwards nobody is asked any more."""
    yield
    page = "/admin/texts/charter"
    shown = people["administrator"].get(page)
    for form in shown.page.forms:
        if form.action == page and form.fields.get("do") == "undo":
            people["administrator"].post(page, form.fields)
    assert "/charter/agree" not in people["administrator"].get("/").text


@pytest.mark.usefixtures("the_themes_charter")
def test_a_new_charter_waits_for_consent_and_keeps_what_was_typed(browser, other, site, words, way, become, people):
    rule, title, asker = f"Soyez plus doux / be kinder, {next(_numbers)}.", a_title(), people["customer"].person.id
    rest(site)
    become(other, "customer")
    other.open("/ask?category=wifi")
    other.fill(words("Your question in one sentence"), title)
    other.fill(words("The details"), f"{posts.BODY} {title}")

    become(browser, "administrator")
    browser.open("/admin")
    browser.follow(words("Texts and legal pages"))
    is_sound(browser)
    browser.leave(browser.find("main a[href='/admin/texts/charter']"))
    for language in ("fr", "en"):
        for field, value in (("title", "Charte / charter"), ("body", rule)):
            control = browser.find(f"#{field}_{language}")
            control.clear()
            control.send_keys(value)
    browser.tick(words("On publication, ask everybody again for their consent"))
    browser.press(words("Save and publish"))
    assert browser.says(words("Everybody was asked"))
    is_sound(browser)

    publish(other, words)
    assert other.find("h1").text == words("The charter has changed") and other.says(rule)
    assert not site.sql("select 1 from topics where title = %s", title)
    is_sound(other)
    other.press(words("I agree to the charter: send it"))
    pass_others_by(other, words)
    assert other.find("h1").text == title, "it was sent as it stood"
    assert site.sql_value("select document from consents where person_id = %s order by id desc limit 1",
                          asker) == "charter"
    rest(site)
    other.fill(words("Write your answer"), "Je complète / one more thing.")
    other.press(words("Publish the answer"))
    assert other.says("one more thing") and not other.all("a[href*='/charter/agree']"), "asked once"

    # Whoever comes by without a form reads, is told, agrees, and is back.
    become(other, "advisor")
    other.open("/questions")
    other.follow(words("Read the charter"))
    assert other.says(rule)
    other.press(words("I agree to the charter"))
    assert other.path.startswith("/questions") and not other.all("a[href*='/charter/agree']")
    is_sound(other)
