"""An administrator writes what a mail says: looked at, tried, refused, sent, undone; on a
telephone, without scripts, in both languages."""

import pytest

from support.browser import PHONE
from support.forum import rest

PATH = "/admin/mails"
WORDS = {
    "en": {"subject": "Subject of the mail", "text": "Text", "preview": "Preview",
           "test": "Send me this mail as a test", "save": "Save", "missing": "{link} is missing",
           "tried": "on its way to your address", "saved": "The words are saved.", "own": "Own text since",
           "undo": "Undo the last change", "undone": "What the mail said before counts again.",
           "shown": "Preview, with example values", "greeting": "Hello ", "prefix": "Test: "},
    "fr": {"subject": "Objet de l’e-mail", "text": "Texte", "preview": "Aperçu",
           "test": "M’envoyer cet e-mail à titre d’essai", "save": "Enregistrer", "missing": "Il manque {link}",
           "tried": "en route vers votre adresse", "saved": "Le texte est enregistré.", "own": "Texte personnalisé depuis",
           "undo": "Annuler le dernier changement", "undone": "Le texte précédent de l’e-mail s’applique de nouveau.",
           "shown": "Aperçu, avec des valeurs d’exemple", "greeting": "Bonjour ", "prefix": "Essai\u00a0: "},
}


def write(browser, words, subject, body):
    browser.fill(words["subject"], subject)
    browser.fill(words["text"], body)


def reset_mail(site, language):
    rest(site)
    person = site.person(language=language)
    assert site.visitor().submit("/reset", "/reset", email=person.email).status == 200
    return site.wait_mail(person.email)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_mail_is_written_looked_at_tried_and_undone(browser, site, language):
    words = WORDS[language]
    odile = site.person(name="Odile Lettres", role="administrator", language=language)
    browser.look(PHONE)
    browser.speak(language)
    browser.scripts(False)
    browser.login(odile)
    browser.open(PATH)
    browser.leave(browser.find(f'a[href="{PATH}/reset-{language}"]'))
    assert browser.path == f"{PATH}/reset-{language}"
    standard = browser.field(words["subject"]).get_attribute("value")
    write(browser, words, "Ouf", "Sans lien")
    browser.press(words["save"], within="main")
    assert browser.says(words["missing"])
    assert browser.field(words["text"]).get_attribute("value") == "Sans lien"
    write(browser, words, "Ouf, {name}", "De {brand} :\n\n{link}")
    browser.press(words["preview"], within="main")
    assert browser.says(words["shown"])
    assert browser.find("pre.mail-words").text.startswith(f"{words['greeting']}Odile Lettres,")
    assert browser.overflow() <= 0
    browser.press(words["test"], within="main")
    assert browser.says(words["tried"])
    assert site.wait_mail(odile.email).subject == f"{words['prefix']}Ouf, Odile Lettres"
    browser.press(words["save"], within="main")
    assert browser.says(words["saved"]) and browser.says(words["own"])
    assert reset_mail(site, language).subject.startswith("Ouf, ")
    browser.press(words["undo"], within="main")
    assert browser.says(words["undone"])
    assert browser.field(words["subject"]).get_attribute("value") == standard
    assert reset_mail(site, language).subject == standard
