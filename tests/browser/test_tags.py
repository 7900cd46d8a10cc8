"""An administrator puts tags in order on a phone and without a script: describes one, gives
it a synonym, renames it, merges it into another and takes that back; and a member asks."""

import itertools

import pytest
from selenium.webdriver.common.by import By

from support.forum import BODY, a_title, category, eventually, plant_topics, rest

_numbers = itertools.count(1)


def put(browser, name, value):
    field = browser.driver.find_element(By.ID, name)
    field.clear()
    field.send_keys(value)


def plant(site, name):
    number = site.sql_value("insert into tags (name, topic_count) values (%s, 2) returning id", name)
    planted = plant_topics(site, site.person(), 2)
    site.sql("insert into topic_tags (topic_id, tag_id, position) select t, %s, 1 from unnest(%s::bigint[]) t",
             number, planted)
    return number


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_administrator_puts_tags_in_order(browser, site, catalogue, language):
    words, name = catalogue(language), f"journey-{language}-{next(_numbers)}"
    number, other = plant(site, name), plant(site, f"{name}-other")

    def ended(state):
        return lambda: site.sql_value("select state from tag_changes where tag_id = %s order by id desc limit 1",
                                      number) == state

    browser.look()
    browser.scripts(False)
    browser.speak(language)
    browser.take_cookies(site.member(role="administrator", language=language, age_days=300))
    browser.open("/admin/tags")
    browser.fill(words("A part of the name, or of a synonym"), f"{name}")
    browser.press(words("Search", "verb"), within="main")
    browser.follow(name)
    assert browser.path == f"/admin/tags/{number}"

    put(browser, f"description_{language}", "Voilà : what it is.")
    browser.press(words("Save the tag"))
    browser.fill(words("One more synonym"), f"Mot {name}")
    browser.press(words("Add the synonym"))
    put(browser, "name", f"{name}-new")
    put(browser, "rename_reason", "Clearer")
    browser.press(words("Rename the tag"))
    eventually(ended("done"), "the questions follow")
    browser.open(f"/tag/mot-{name}")
    assert browser.path == f"/tag/{name}-new"
    assert "what it is." in browser.text and f"mot-{name}" in browser.text
    assert len(browser.all(".question")) >= 2 and browser.overflow() <= 0

    browser.open(f"/admin/tags/{number}")
    put(browser, "into", f"{name}-other")
    put(browser, "merge_reason", "The same")
    browser.press(words("Merge the tag"))
    eventually(ended("done"), "the questions follow")
    browser.open(f"/tag/{name}")
    assert browser.path == f"/tag/{name}-other"
    browser.open(f"/admin/tags/{number}")
    browser.leave(browser.find(f".page-heading a[href='/admin/tags/{other}']"))
    assert browser.path == f"/admin/tags/{other}"
    browser.press(words("Undo it"))
    eventually(ended("undone"), "the questions come back")
    browser.open(f"/tag/{name}")
    assert browser.path == f"/tag/{name}-new"


def test_a_member_types_a_synonym_and_is_told_what_is_the_teams(browser, site, catalogue):
    words, name = catalogue("fr"), f"asked-{next(_numbers)}"
    number = plant(site, name)
    site.sql("update tags set is_restricted = true where id = %s", plant(site, f"{name}-team"))
    site.sql("insert into tag_words (word, kind, tag_id) values (%s, 'synonym', %s)", f"mot-{name}", number)
    chosen = str(category(site, "box"))
    browser.look()
    browser.scripts(False)
    browser.speak("fr")
    browser.take_cookies(site.member(language="fr", age_days=9))
    rest(site)
    browser.open("/ask")
    assert f"{name}-team" in browser.find("#tags-help").text
    fields = {"title": a_title(), "body": f"{BODY} {a_title()}", "category": chosen, "considered": "1"}
    browser.send("/ask", {**fields, "tags": f"{name}-team"})
    refusal = browser.find("#tags-error").get_attribute("textContent").strip()
    assert refusal == words("Only the team puts the tag “%s” on questions. Please leave it out.").replace(
        "%s", f"{name}-team")
    browser.send("/ask", {**fields, "tags": f"Mot {name},"})
    assert [tag.text for tag in browser.all(".tags .tag")][0] == name
    site.sql("update tags set is_restricted = false where name = %s", f"{name}-team")
