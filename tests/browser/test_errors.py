"""What people see when something is refused or broken: a page of the site, in
their language, that says what to do next and loses nothing they typed.
"""

import contextlib
import re

import psycopg
import pytest

from support.site import PASSWORD


@pytest.fixture(params=["fr", "en"])
def language(request, browser):
    browser.speak(request.param)
    return request.param


@pytest.fixture
def words(catalogue, language):
    return catalogue(language)


@contextlib.contextmanager
def without(site, take, give):
    """Something that the program needs is away; statements of the database's owner."""
    with psycopg.connect(site.conninfo("postgres"), autocommit=True) as database:
        for statement in take:
            database.execute(statement)
        try:
            yield
        finally:
            database.execute(give)


def check_error_page(browser, words, status, heading):
    """In the frame, in the language, accessible, with a number to tell us."""
    assert browser.status() == status
    assert browser.find("html").get_attribute("lang") == words.language
    assert browser.find("h1").text == words(heading)
    assert words("Error %d").replace("%d", str(status)) in browser.text
    assert browser.all(".site-header") and browser.all(".site-footer")
    assert len(browser.find(".request-id code").text) == 32
    assert not browser.overflow()
    assert not browser.barriers()


def test_there_is_no_such_page(browser, words):
    browser.open("/n-existe-pas")
    check_error_page(browser, words, 404, "There is nothing here")
    browser.fill(words("Search the questions"), "box")
    browser.press(words("Search", "verb"))
    assert browser.path == "/search?q=box", "one can go on from here"


def test_what_is_not_allowed(browser, words, site, scene):
    browser.take_cookies(site.member(language=words.language))
    browser.open(f"/p/{scene.answer}/edit")
    check_error_page(browser, words, 403, "This is not open to you")
    assert words("Only its author may do this.") in browser.text


def test_what_was_withdrawn(browser, words, scene):
    browser.open(f"/t/{scene.withdrawn}")
    check_error_page(browser, words, 410, "This was taken away")


def wait_a_while(site, person, what):
    """As if that person had done it too often."""
    site.sql("insert into throttles (key, attempts, ends_at) values (%s, 99, now() + interval '90 seconds')",
             f"{what}:{person.id}")


def test_too_fast(browser, words, site, scene):
    person = site.person(language=words.language, age_days=3)
    browser.take_cookies(site.member(person, language=words.language))
    browser.open(f"/t/{scene.fresh}")
    wait_a_while(site, person, "reaction")
    browser.send(f"/t/{scene.fresh}/me-too", {})
    check_error_page(browser, words, 429, "A little too fast")


def test_too_fast_to_write(browser, words, site, scene):
    """Then it is the form again, with what was typed."""
    person = site.person(language=words.language, age_days=3)
    browser.take_cookies(site.member(person, language=words.language))
    browser.open(f"/t/{scene.fresh}/answer")
    wait_a_while(site, person, "post-gap")
    browser.fill(words("Your text"), "Un texte long à écrire / a long text")
    browser.press(words("Publish the answer"))
    assert browser.status() == 429
    assert browser.field(words("Your text")).get_attribute("value") == "Un texte long à écrire / a long text"
    assert re.search(r"\b(8\d|90)\b", browser.find("[role=alert]").text), "it says how long"


def test_too_much_at_once(browser, words, site, scene):
    """nginx refuses it before it is read, with the program's page."""
    browser.take_cookies(site.member(language=words.language, age_days=3))
    browser.open(f"/t/{scene.fresh}/answer")
    browser.send(f"/t/{scene.fresh}/answer", {"body": "x" * 300_000})
    check_error_page(browser, words, 413, "That is too much at once")


def test_a_session_that_ended_while_one_wrote(browser, words, site, scene):
    visitor = site.member(language=words.language, age_days=3)
    browser.take_cookies(visitor)
    browser.open(f"/t/{scene.fresh}/answer")
    browser.fill(words("Your text"), "Écrit pendant une heure / for an hour")
    site.sql("delete from sessions where person_id = %s", visitor.person.id)
    browser.press(words("Publish the answer"))
    assert browser.find("#kept-body").get_attribute("value") == "Écrit pendant une heure / for an hour"
    assert words("Sign in (opens a new tab)") in browser.text
    assert not browser.barriers()


def test_our_own_fault(browser, words, site):
    with without(site, ["revoke select on tags from entraide_app"], "grant select on tags to entraide_app"):
        browser.open("/tags")
        check_error_page(browser, words, 500, "Something went wrong on our side")
    browser.open("/tags")
    assert browser.status() == 200


def test_the_database_is_away(browser, words, site):
    away = [
        "alter role entraide_app nologin",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'entraide_app'",
    ]
    with without(site, away, "alter role entraide_app login"):
        browser.open("/")
        check_error_page(browser, words, 503, "We will be right back")
    browser.wait(lambda: (browser.open("/"), browser.status() == 200)[1])


@pytest.mark.parametrize("field, form, wrong", [
    ("password", "/login", {"email": "personne@example.org", "password": "tout faux"}),
    ("name", "/signup", {"name": "x", "email": "x@example.org", "password": PASSWORD, "consent": "1"}),
    ("password", "/signup", {"name": "Lou", "email": "x@example.org", "password": "court", "consent": "1"}),
    ("consent", "/signup", {"name": "Lou", "email": "x@example.org", "password": PASSWORD}),
    ("email", "/reset", {"email": "pas une adresse"}),
])
def test_a_refused_field_has_the_focus_and_its_sentence(browser, words, form, field, wrong):
    browser.open(form)
    browser.send(form, wrong)
    control = browser.driver.switch_to.active_element
    assert control.get_attribute("id") == field
    assert control.get_attribute("aria-invalid") == "true"
    sentence = browser.find(f"#{field}-error").text
    assert f"{field}-error" in control.get_attribute("aria-describedby").split()
    assert sentence and sentence in browser.find("[role=alert]").text
    if "email" in wrong:
        assert browser.find("#email").get_attribute("value") == wrong["email"], "what was typed is kept"
