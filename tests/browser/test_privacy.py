"""What guards an account and what people may ask about their data, from beginning to
end, by the words on the pages; with and without scripts.
"""

import io
import zipfile

import pytest

from support.browser import DESKTOP, PHONE
from support.codes import code
from support.site import PASSWORD


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request, browser):
    browser.scripts(request.param)
    return request.param


@pytest.fixture
def person(browser, site):
    """Somebody who is signed in, in English."""
    browser.speak("en")
    somebody = site.person(age_days=3)
    browser.login(somebody)
    return somebody


def sign_in(browser, person):
    """As somebody who was never here, as far as the second step."""
    browser.forget()
    browser.open("/login")
    browser.fill("E-mail address", person.email)
    browser.fill("Password", PASSWORD)
    browser.press("Sign in", within="main")


def test_two_steps_from_setting_up_to_the_day_the_telephone_is_lost(browser, site, person, scripts):
    browser.open("/settings/security")
    browser.press("Set it up")
    secret = browser.find("code.secret").text
    browser.fill("Code", code(secret))
    browser.press("Switch it on")
    codes = [line.text for line in browser.all(".recovery-codes code")]
    assert len(set(codes)) == 10
    sign_in(browser, person)
    assert browser.path.startswith("/login/second-step")
    browser.fill("Code", code(secret, 9))
    browser.press("Sign in", within="main")
    assert browser.says("This code is not right")
    browser.fill("Code", codes[3])
    browser.press("Sign in", within="main")
    browser.open("/settings/security")
    assert browser.says("9 recovery codes are left.")
    assert site.sql_value("select authenticated_by from sessions where person_id = %s order by id desc limit 1",
                          person.id) == "recovery_code"


def test_what_cannot_be_taken_back_asks_again_and_then_goes_on(browser, site, person, scripts):
    site.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s", person.id)
    browser.open("/settings/privacy")
    browser.press("Erase my account")
    assert browser.says("Is it still you?")
    browser.fill("Your password", "not this one")
    browser.press("Go on")
    assert browser.says("not your present password")
    browser.fill("Your password", PASSWORD)
    browser.press("Go on")
    assert browser.says("Your account will be erased on")
    browser.press("Keep my account")
    assert browser.says("your account is kept")
    assert site.sql("select 1 from person_erasures where person_id = %s", person.id) == []


def test_a_copy_is_asked_for_fetched_and_can_be_read_by_everybody(browser, site, person, scripts):
    visitor = site.member(person)
    browser.take_cookies(visitor)
    browser.open("/settings/privacy")
    browser.press("Make a copy")
    assert browser.says("being made")
    assert "/settings/privacy" in site.wait_mail(person.email).link("/settings/privacy")
    browser.open("/settings/privacy")
    assert browser.find("a[href='/settings/privacy/export']").text == "Fetch the copy"
    archive = zipfile.ZipFile(io.BytesIO(visitor.get("/settings/privacy/export").response.content))
    browser.show(archive.read("index.html").decode())
    assert browser.says("Everything about you") and browser.says(person.email)
    for width in (PHONE, DESKTOP):
        browser.look(width)
        assert not browser.barriers() and browser.overflow() <= 0


def test_the_register_is_found_and_leads_back_to_ones_own_data(browser, person, scripts):
    browser.open("/settings/privacy")
    browser.follow("What is stored, why, and for how long")
    assert browser.path == "/privacy"
    browser.follow("Have a copy of yours, or leave")
    assert browser.path == "/settings/privacy"
