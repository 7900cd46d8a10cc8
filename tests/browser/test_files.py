"""Files, four ways (ways.py): a picture from the editor to an article's readers, and one in a
private exchange from whoever asked to the team."""

import itertools
import time

import pytest

from support.files import png
from test_articles import become, place, told, words, write  # noqa: F401
from test_desk_work import put_question
from ways import is_sound

_numbers = itertools.count(1)


@pytest.fixture
def picture(tmp_path):
    """A file that the browser can choose."""
    path = tmp_path / "Voyants de la box.png"
    path.write_bytes(png(1200, 800, colour=(0xC0, 0x30, 0x30)))
    return str(path)


def wait_ready(site):
    for _ in range(200):
        if site.sql_value("select count(*) from attachments where state = 'waiting'") == 0:
            return
        time.sleep(0.1)
    raise AssertionError("the worker made no picture")


def stands_in_the_page(browser, image):
    """Loaded, and not wider than its place."""
    browser.wait(lambda: browser.driver.execute_script(
        "arguments[0].scrollIntoView(); return arguments[0].complete && arguments[0].naturalWidth > 0", image))
    assert not browser.overflow()


def test_a_picture_from_the_editor_to_the_readers(browser, site, words, way, become, place, picture):
    become(site.member(role="advisor"))
    number = write(browser, words, way, place, f"Voyants / lights {way} {next(_numbers)}")
    browser.field(words("Another picture or file")).send_keys(picture)
    browser.press(words("Add the file"))
    assert browser.find("#alt-error").text
    is_sound(browser)
    browser.field(words("Another picture or file")).send_keys(picture)
    browser.fill(words("What the picture shows, in words"), "Le voyant rouge / the red light")
    browser.fill(words("Title"), f"Encore / again {way}")
    browser.press(words("Add the file"))
    assert browser.says(words("The file is added: its code goes into the text."))
    assert browser.field(words("Title")).get_attribute("value") == f"Encore / again {way}", "nothing typed is lost"
    is_sound(browser)
    code = browser.find(".article-code input").get_attribute("value")
    if way.scripts:
        browser.press(words("Put it into the text"))
        assert code in browser.find("#body").get_attribute("value")
    else:
        assert not browser.find("[data-insert-code]").is_displayed()
        browser.find("#body").send_keys(f"\n{code}\n")
    wait_ready(site)
    browser.press(words("Save this version"))
    told(browser, words("The version is saved. Readers do not see it before it is published."))
    is_sound(browser)
    browser.press(words("Publish the newest version"))
    told(browser, words("Readers see this version now."))
    become()
    browser.open(f"/kb/{number}")
    image = browser.find(".article-body img")
    stands_in_the_page(browser, image)
    assert image.get_attribute("alt") == "Le voyant rouge / the red light"
    is_sound(browser)


def test_a_picture_in_private(browser, site, words, way, become, picture):
    asker, advisor = site.member(), site.member(role="advisor")
    topic = put_question(site, asker)
    exchange = site.sql_value(
        "insert into private_exchanges (topic_id, person_id, in_charge, started_by, started_at, said_at)"
        " values (%s, %s, %s, %s, now(), now()) returning id", topic.id, asker.person.id, advisor.person.id, advisor.person.id)
    become(asker)
    browser.open(f"/private/{exchange}")
    is_sound(browser)
    browser.field(words("Pictures or files (optional)")).send_keys(picture)
    browser.fill(words("Your message"), "La voici / here it is")
    browser.press(words("Send"))
    told(browser, words("It is sent. Only you and the other side can read it."))
    wait_ready(site)
    become(advisor)
    for path in (f"/private/{exchange}", f"/desk/{topic.id}"):
        browser.open(path)
        stands_in_the_page(browser, browser.find(".file-picture img"))
        is_sound(browser)
