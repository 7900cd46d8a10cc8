"""Passkeys with Chromium's own virtual authenticator: added, signed in with, asked for
again, removed; on a site with a name, as browsers want it.
"""

import pytest
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from support.browser import DESKTOP, PHONE, Browser
from support.passkeys import NamedSite
from support.site import PASSWORD


@pytest.fixture(scope="module")
def named():
    forum = NamedSite("named-browser").start()
    yield forum
    forum.stop()


@pytest.fixture
def window(chromium, named):
    """A desk, light, English, with scripts, never here before."""
    browser = Browser(chromium, named, named.var / "screenshots")
    browser.reset()
    browser.speak("en")
    yield browser
    browser.scripts(True)


@pytest.fixture
def device(chromium):
    """A telephone that knows its owner's finger."""
    options = VirtualAuthenticatorOptions()
    options.protocol = VirtualAuthenticatorOptions.Protocol.CTAP2
    options.transport = VirtualAuthenticatorOptions.Transport.INTERNAL
    options.has_resident_key = options.has_user_verification = options.is_user_verified = True
    chromium.add_virtual_authenticator(options)
    yield chromium
    chromium.remove_virtual_authenticator()


def add_passkey(window, name):
    window.open("/settings/security")
    window.fill("What you call it", name)
    button = next(b for b in window.all("button") if b.text == "Add a passkey")
    window.leave(button)


def press_passkey(window, words):
    """A button of the script: the page is left when the device has answered."""
    window.leave(next(b for b in window.all("button[data-passkey-button]") if b.text == words))


def judge(window):
    for width in (PHONE, DESKTOP):
        for scheme in ("light", "dark"):
            window.look(width, scheme)
            assert not window.barriers() and window.overflow() <= 0, (width, scheme)
    window.look(PHONE)


def sign_out(window):
    window.forget()


def test_from_adding_one_over_signing_in_to_removing_it(window, named, device):
    person = named.person(age_days=3)
    window.login(person)
    add_passkey(window, "My telephone")
    assert len(window.all(".recovery-codes code")) == 10
    window.open("/settings/security")
    judge(window)
    assert window.says("My telephone") and window.says("10 recovery codes are left.")
    sign_out(window)
    window.open("/login?next=/drafts")
    judge(window)
    press_passkey(window, "Sign in with a passkey")
    assert window.path == "/drafts" and window.says("You are signed in.")
    assert named.sql_value("select authenticated_by from sessions where person_id = %s order by id desc limit 1",
                           person.id) == "passkey"
    window.open("/settings/security")
    assert window.says("last used")
    window.press("Remove the passkey “My telephone”")
    assert window.says("The passkey is removed.") and not window.says("recovery codes are left")
    assert not [line for line in window.complaints() if "403" not in line]


def test_the_second_step_and_being_asked_again(window, named, device):
    person = named.person(age_days=3)
    window.login(person)
    add_passkey(window, "My telephone")
    sign_out(window)
    window.open("/login")
    window.fill("E-mail address", person.email)
    window.fill("Password", PASSWORD)
    window.press("Sign in", within="main")
    assert window.path.startswith("/login/second-step") and window.says("Now your passkey.")
    judge(window)
    press_passkey(window, "Use a passkey")
    assert window.says("You are signed in.")
    named.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s", person.id)
    window.open("/settings/privacy")
    window.press("Erase my account")
    assert window.says("Is it still you?")
    judge(window)
    press_passkey(window, "Use a passkey")
    assert window.says("Your account will be erased on")


def test_a_device_is_added_once_and_a_refusal_is_said(window, named, device):
    window.login(named.person(age_days=3))
    add_passkey(window, "My telephone")
    window.open("/settings/security")
    window.fill("What you call it", "The same")
    next(b for b in window.all("button") if b.text == "Add a passkey").click()
    window.wait(lambda: window.says("This device has a passkey of yours already."))
    device.set_user_verified(False)
    sign_out(window)
    window.open("/login")
    next(b for b in window.all("button") if b.text == "Sign in with a passkey").click()
    window.wait(lambda: window.says("Your device did not answer, or you stopped it."))
    assert window.path == "/login"


@pytest.mark.parametrize("language, sentence", [
    ("en", "Passkeys need JavaScript and a browser that knows them. One-time codes of an app, above, work without."),
    ("fr", "Les clés d’accès demandent JavaScript et un navigateur qui les connaît. Les codes à usage unique d’une"
           " application, ci-dessus, marchent sans."),
])
def test_without_scripts_the_page_says_so_and_offers_codes(window, named, language, sentence):
    window.scripts(False)
    window.speak(language)
    window.login(named.person(age_days=3, language=language))
    window.open("/settings/security")
    assert window.says(sentence)
    assert not [b for b in window.all("button[data-passkey-button]") if b.is_displayed()]
    judge(window)
    window.press({"en": "Set it up", "fr": "Mettre en place"}[language])
    assert window.find("code.secret").text


def test_the_team_works_after_adding_one(window, named, device):
    person = named.person(role="moderator", language="fr", age_days=3)
    window.speak("fr")
    window.login(person)
    window.open("/settings/security")
    window.fill("Le nom que vous lui donnez", "Ma clé")
    window.leave(next(b for b in window.all("button") if b.text == "Ajouter une clé d’accès"))
    assert len(window.all(".recovery-codes code")) == 10
    window.open("/mod")
    assert window.status() == 200
