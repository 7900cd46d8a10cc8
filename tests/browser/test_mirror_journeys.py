"""A brand's Facebook page and its mirror, as people live through it: set up and tested,
read by a stranger, answered from here, in trouble, and forgotten.

Each journey goes four ways (ways.py). The stand-in for Facebook is beside the forum, and the
worker carries everything over. See README.md.
"""

import json
import re

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from support.forum import category, rest
from support.mirror import PAGE_NAME, MirrorSite, Thread
from ways import is_sound

NETWORK = "Facebook"
ELSEWHERE = "https://autre.example/crochet"


@pytest.fixture(scope="session")
def site():
    """A forum of this module's own, empty but for what comes from the Page."""
    forum = MirrorSite("mirror-browser").start()
    category(forum)
    yield forum
    forum.stop()


@pytest.fixture(scope="session")
def people(site):
    """Signed in once each for the run."""
    return {role: site.member(role=role, address="127.0.0.1") for role in ("advisor", "moderator", "administrator")}


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture
def become(browser, site, people, way):
    """Goes on as the member of the team with that role; None is a stranger."""

    def change(role=None):
        browser.forget()
        browser.speak(way.language)
        if role:
            site.sql("update people set language = %s where id = %s", way.language, people[role].person.id)
            browser.take_cookies(people[role])

    return change


@pytest.fixture
def thread(site):
    site.source()
    return Thread(site)


def filled(sentence, *values):
    """What printf makes of it: %s, %1$s and %1$lld alike."""
    values = list(values)

    def value(match):
        return str(values[int(match[1]) - 1] if match[1] else values.pop(0))

    return re.sub(r"%(?:(\d)\$)?(?:s|lld|d)", value, sentence)


def shows(element, sentence, *values):
    """Whether it can be read there; no-break spaces are spaces there."""
    return " ".join(filled(sentence, *values).split()) in " ".join(element.text.split())


def reload_until(browser, condition, seconds=20):
    """The pages of the team are not live: whoever waits for the worker looks again."""

    def look():
        browser.open(browser.path.split("#")[0])
        return condition()

    return browser.wait(look, seconds)


# ---- set up --------------------------------------------------------------------


def checks(browser):
    return [line.text for line in browser.all(".checks li")]


def set_up(browser, site, words, way):
    """By the form; the Page may have been mirrored before."""
    site.sql("update mirror_sources set state = 'removed', health = '{}', health_at = null")
    browser.open("/admin/mirror")
    browser.follow(words("A new mirror"))
    browser.fill(words("Number of the page, or address of the feed"), site.page_id)
    browser.fill(words("Name for people"), PAGE_NAME)
    Select(browser.field(words("Subject that the threads go to"))).select_by_index(1)
    Select(browser.field(words("Language of what is written there"))).select_by_value("fr")
    browser.press(words("Set it up"))
    assert re.fullmatch(r"/admin/mirror/\d+", browser.path)
    assert PAGE_NAME in browser.find("h1").text
    assert words("Running", "mirror").casefold() in browser.find("h1").text.casefold()


def test_an_administrator_sets_a_mirror_up_and_reads_the_self_test(browser, site, words, way, become):
    become("administrator")
    set_up(browser, site, words, way)
    hook = f"{site.url}/hooks/facebook"
    assert hook in [node.text for node in browser.all("code")], "the address that Meta is told"
    site.graph.do("subscribe", callback_url=ELSEWHERE, verify_token=site.verify_token)
    try:
        browser.press(words("Test now"))
        reload_until(browser, lambda: ELSEWHERE in browser.text)
    finally:
        site.graph.do("subscribe", callback_url=hook, verify_token=site.verify_token)
    bad = browser.all(".checks .bad")
    assert len(bad) == 1, "nothing else is wrong"
    assert shows(bad[0], words("The app is subscribed to notices"))
    assert shows(bad[0], words("The app's notices go to %s, not to %s. Run “entraide mirror subscribe” to change that."),
                 ELSEWHERE, hook)
    said = " ".join(" ".join(checks(browser)).split())
    for sentence in ("The token is valid", "The token is this Page's", "It has the permissions that a mirror needs"):
        assert words(sentence) in said
    assert not [sentence for sentence in words.foreign if len(sentence) > 20 and sentence in said]
    assert site.secret not in browser.text and site.verify_token not in browser.text
    is_sound(browser)
    browser.press(words("Test now"))
    reload_until(browser, lambda: checks(browser) and not browser.all(".checks .bad"))


# ---- reading -------------------------------------------------------------------


def test_a_stranger_reads_a_mirrored_thread(browser, words, become, thread):
    become()
    browser.open(thread.path)
    origin = browser.find(".origin")
    assert shows(origin, words("From our %s page"), NETWORK)
    link = origin.find_element(By.TAG_NAME, "a")
    assert link.text == filled(words("see the original on %s"), NETWORK)
    assert thread.post.rpartition("_")[2] in link.get_attribute("href") or "/posts/" in link.get_attribute("href")
    answer = browser.find(f"#p{thread.answer_post}")
    assert PAGE_NAME in answer.text
    assert answer.find_element(By.CSS_SELECTOR, ".role").is_displayed(), "the official answer is marked"
    comment = browser.find(f"#p{thread.comment_post}")
    assert "Client Facebook" in comment.text, "in the language of the Page"
    assert not comment.find_elements(By.CSS_SELECTOR, "header .role")
    for name in ("Camille", "Durand", thread.person):
        assert name not in browser.driver.page_source, "nobody's name by default"
    assert not browser.all(".mirror-menu") and not browser.all("#send"), "that is for the team"
    is_sound(browser)


# ---- answering there -----------------------------------------------------------


def refuse_slowly(site):
    """The next comment of the Page is refused, after a while."""
    site.graph.do("faults", faults=[{
        "match": {"method": "POST", "path": "/comments"}, "times": 1,
        "action": {"delay": 2, "status": 400, "body": {"error": {
            "message": "Commenting is closed", "code": 1705, "type": "OAuthException", "fbtrace_id": "Trace7"}}}}])


def test_an_advisor_answers_there_too(browser, site, words, way, become, thread):
    text, plain = (f"Ouvrez {bold}les réglages{bold} de la box {thread.id}." for bold in ("**", ""))
    rest(site)
    become("advisor")
    browser.open(thread.path)
    box = browser.field(filled(words("Send it to %s as well, in the name of our page"), NETWORK))
    assert box.is_selected(), "what is written under a mirrored thread goes there too, unless one says no"
    browser.fill(words("Write your answer"), text)
    if way.scripts:
        browser.wait(lambda: browser.all(".send-preview"))
    else:
        browser.press(words("Preview"))
    shown = browser.find(".send-preview")
    assert shows(shown, words("On %s it will read:"), NETWORK)
    assert shown.find_element(By.CSS_SELECTOR, ".plain-text").text == plain
    most = "8,000" if way.language == "en" else "8\u202f000"
    assert shows(shown, words("%1$s of at most %2$s characters there."), len(plain), most)
    assert browser.field(filled(words("Send it to %s as well, in the name of our page"), NETWORK)).is_selected()
    refuse_slowly(site)
    browser.press(words("Publish the answer"))
    post = site.sql_value("select max(id) from posts where topic_id = %s", thread.id)
    article = f"#p{post}"
    assert shows(browser.find(article), words("Waits to be sent to %s"), NETWORK)
    reload_until(browser, lambda: browser.find(article).find_elements(By.CSS_SELECTOR, ".sending-failed"))
    assert shows(browser.find(article), words("Not on %s:"), NETWORK)
    assert "Commenting is closed" in browser.find(f"{article} .sending-failed [lang=en]").text
    is_sound(browser)
    browser.press(words("Try again"), article)
    reload_until(browser, lambda: shows(browser.find(article), words("Sent to %s"), NETWORK))
    assert not browser.find(article).find_elements(By.CSS_SELECTOR, ".sending-failed")
    assert json.dumps(site.graph.get("state"), ensure_ascii=False).count(plain) == 1, "once, as it was shown"
    become()
    browser.open(thread.path)
    assert plain in browser.find(article).text
    assert not browser.all(".sending"), "how it was sent is the team's business"


# ---- in trouble ----------------------------------------------------------------


def test_an_administrator_tries_a_dead_letter_again(browser, site, words, become, thread):
    body = json.dumps({"object": "page", "entry": []})
    site.sql("delete from mirror_deliveries where state = 'dead'")
    number = site.sql_value("insert into mirror_deliveries (connector, body, body_hash, state, error) values"
                            " ('facebook', %s, '', 'dead', 'the database was away') returning id", body)
    become("administrator")
    browser.open("/admin/mirror")
    figures = dict(zip((node.text for node in browser.all(".facts dt")), (node.text for node in browser.all(".facts dd"))))
    assert int(figures[words("Posts copied here")]) >= 1 and int(figures[words("Comments copied here")]) >= 2
    assert re.fullmatch(r"\d+[\s\u00a0\u202f]?%", figures[words("Use of the rate limit")])
    assert words("Notices that could not be worked in") in browser.text
    assert "the database was away" in browser.text
    is_sound(browser)
    browser.press(words("Try again"))
    reload_until(browser, lambda: "the database was away" not in browser.text)
    assert words("Notices that could not be worked in") not in browser.text
    assert not site.sql("select 1 from mirror_deliveries where id = %s and state = 'dead'", number)


# ---- being forgotten -----------------------------------------------------------


def test_a_stranger_asks_to_be_forgotten_and_a_moderator_erases(browser, site, words, become, thread):
    site.sql("delete from throttles")
    become()
    browser.open("/erasure")
    browser.fill(words("Address of your comment, there or on this site"), f"{site.url}/p/{thread.comment_post}")
    browser.fill(words("Your name there"), "Camille Durand")
    is_sound(browser)
    browser.press(words("Send the request"))
    receipt = browser.path
    assert re.fullmatch(r"/erasure/[0-9a-f]{32}", receipt)
    assert browser.find("h1").text == words("Your request to be forgotten")
    assert browser.says(words("We have it. Somebody of the team looks at it, as a rule within a few days."))
    assert receipt.rpartition("/")[2] in [node.text for node in browser.all("code")]
    is_sound(browser)

    become("moderator")
    browser.open("/admin/erasures")
    assert browser.says("Même chose ici depuis la mise à jour."), "the comment that was found"
    browser.open(thread.path)
    article = f"#p{thread.comment_post}"
    menu = browser.find(f"{article} .mirror-menu summary")
    browser.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", menu)
    menu.click()
    browser.follow(words("Erase this author…"), article)
    assert browser.says("Même chose ici depuis la mise à jour.")
    is_sound(browser)
    browser.press(words("Erase everything of this author"))
    assert browser.path.startswith("/erasure/")

    become()
    browser.open(thread.path)
    reload_until(browser, lambda: "Même chose ici" not in browser.text)
