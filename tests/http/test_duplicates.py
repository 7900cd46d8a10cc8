"""Marking a question as a duplicate: what visitors, its asker and the team find
then, what is merged, and that all of it can be repeated and undone."""

import pytest

from support.forum import a_title, answer, ask, notifications, plant_answers, path_of, press, set_status, settle, without_badges


def followers(site, topic):
    return {row["person_id"] for row in site.sql(
        "select person_id from follows where kind = 'topic' and target_id = %s", topic.id)}


def me_too(site, topic):
    return {row["person_id"] for row in site.sql("select person_id from me_too where topic_id = %s", topic.id)}


def relate(site, topic, others):
    """As the worker would have found them, whatever it found since."""
    site.sql("delete from related_topics where topic_id = %s", topic.id)
    for position, other in enumerate(others, 1):
        site.sql("insert into related_topics (topic_id, position, related_id) values (%s, %s, %s)",
                 topic.id, position, other.id)


@pytest.fixture
def pair(site, asker, helper, advisor):
    original, duplicate = ask(asker), ask(helper)
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
    return original, duplicate


def test_visitors_and_search_engines_are_led_to_the_original_for_good(site, pair):
    original, duplicate = pair
    for path in (duplicate.path, f"/t/{duplicate.id}", f"/t/{duplicate.id}-another-slug", f"{duplicate.path}?page=9"):
        moved = site.visitor().get(path, follow=False)
        if path.endswith("9"):
            assert moved.status in (301, 404)
            continue
        assert (moved.status, path_of(moved)) == (301, original.path), path
        assert "must-revalidate" in moved.headers["Cache-Control"], "so that it can be undone"


def test_the_page_itself_can_still_be_read_and_is_not_for_search_engines(site, asker, helper, advisor, pair):
    original, duplicate = pair
    shown = site.visitor().get(f"/t/{duplicate.id}?view=duplicate")
    assert shown.status == 200 and shown.path == duplicate.path
    assert shown.page.find("h1").text == duplicate.row()["title"]
    assert shown.page.find("meta", name="robots").get("content") == "noindex"
    assert original.path in shown.page.links
    for person in (asker, helper, advisor):
        seen = person.get(duplicate.path, follow=False)
        assert seen.status == 200 and original.path in seen.page.links


def test_an_answer_under_a_duplicate_keeps_its_address(site, helper, advisor, asker):
    original, duplicate = ask(asker), ask(helper)
    told = answer(asker, duplicate)
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
    assert path_of(site.visitor().get(f"/p/{told}", follow=False)) == (
        f"{duplicate.path}?view=duplicate#p{told}")
    assert f'id="p{told}"' in site.visitor().get(f"/p/{told}").text
    assert site.visitor().get(f"/p/{duplicate.post}").path == original.path


def test_all_pages_of_a_duplicate_can_be_read(site, asker, advisor):
    original, duplicate = ask(asker), ask(asker)
    plant_answers(site, asker.person, duplicate.id, 25)
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
    first = site.visitor().get(f"{duplicate.path}?view=duplicate")
    (second,) = {link for link in first.page.links if "page=2" in link}
    assert "view=duplicate" in second
    assert site.visitor().get(second).page.text.count("Answer by") >= 5


def test_nobody_is_led_in_a_circle_or_to_what_is_hidden(site, asker, pair):
    original, duplicate = pair
    # An imported dump may hold this; our own forms refuse it.
    site.sql("update topics set status = 'duplicate', duplicate_of = %s where id = %s", duplicate.id, original.id)
    assert site.visitor().get(duplicate.path, follow=False).status == 200
    site.sql("update topics set status = 'open', duplicate_of = null, visibility = 'withdrawn' where id = %s",
             original.id)
    seen = site.visitor().get(duplicate.path, follow=False)
    assert seen.status == 200 and original.path not in seen.page.links


def test_followers_and_me_too_become_the_originals_once(site, advisor):
    people = [site.member(age_days=10) for _ in range(4)]
    first, second, third, fourth = people
    original, duplicate = ask(first), ask(second)
    for person in (third, fourth, first):
        press(person, duplicate.path, f"/t/{duplicate.id}/me-too")
    press(third, duplicate.path, "/follow")
    press(third, original.path, "/follow")
    for _ in range(2):
        set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
        assert followers(site, original) == {p.person.id for p in (first, second, third)}
        assert me_too(site, original) == {p.person.id for p in (second, third, fourth)}, "without who asked it"
        assert original.row()["me_too_count"] == 3
        set_status(advisor, duplicate, "open")
    assert me_too(site, original) == {p.person.id for p in (second, third, fourth)}, "what is merged stays"
    assert duplicate.row()["me_too_count"] == 3, "and stays here too"


def test_the_asker_is_told_and_the_change_is_in_the_log(site, asker, advisor):
    writer = site.member(age_days=10)
    without_badges(site, writer.person.id)
    original, duplicate = ask(asker), ask(writer)
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(original.id))
    assert "The team changed the state" in notifications(writer)[0]
    (entry,) = site.sql("select * from audit_log where subject = 'topic' and subject_id = %s", duplicate.id)
    assert entry["details"] == {"from": "open", "to": "duplicate", "duplicate_of": original.id}
    assert entry["actor_id"] == advisor.person.id


def test_undoing_brings_the_page_back_and_says_what_stays(site, advisor, pair):
    original, duplicate = pair
    answer(advisor, duplicate)
    page = advisor.get(duplicate.path)
    undone = press(advisor, page, f"/t/{duplicate.id}/status")
    assert undone.status == 200 and "goes on following the other one" in undone.page.text
    assert site.visitor().get(duplicate.path, follow=False).status == 200
    assert site.visitor().get(duplicate.path).page.find("meta", name="robots") is None
    assert duplicate.row()["duplicate_of"] is None


def test_who_was_led_to_a_duplicate_is_led_on(site, asker, advisor):
    first, second, third = ask(asker), ask(asker), ask(asker)
    set_status(advisor, first, "duplicate", duplicate_of=str(second.id))
    set_status(advisor, second, "duplicate", duplicate_of=str(third.id))
    assert first.row()["duplicate_of"] == third.id
    assert path_of(site.visitor().get(first.path, follow=False)) == third.path


def test_the_team_marks_a_suggestion_with_one_press(site, asker, helper, advisor):
    topic, other, further = ask(asker), ask(helper), ask(helper)
    settle(site, topic, other, further)
    relate(site, topic, [other, further])
    page = advisor.get(topic.path).page
    card = page.find("section", aria_labelledby="looks-like-heading")
    assert {other.path, further.path} <= {a.get("href") for a in card.all("a")}
    form = next(form for form in page.forms if form.fields.get("duplicate_of") == str(further.id))
    shown = advisor.post(form.action, form.fields)
    assert shown.status == 200 and "Marked as a duplicate" in shown.page.text
    assert topic.row()["duplicate_of"] == further.id
    again = advisor.post(form.action, form.fields)
    assert again.status == 200 and topic.row()["duplicate_of"] == further.id
    for person in (asker, helper, site.visitor()):
        assert person.get(f"{topic.path}?view=duplicate").page.find(id="looks-like-heading") is None


def test_the_team_looks_for_the_original_by_words(site, asker, advisor):
    words = "Zanzibar xylophone humming in the attic"
    topic, other = ask(asker), ask(asker, title=a_title(words))
    settle(site, topic, other)
    found = advisor.get(f"/t/{topic.id}/duplicates?q=zanzibar+xylophone+attic")
    assert found.status == 200 and other.path in found.page.links
    form = next(form for form in found.page.forms if form.fields.get("duplicate_of") == str(other.id))
    assert advisor.post(form.action, form.fields).path == topic.path
    assert topic.row()["duplicate_of"] == other.id
    assert "Nothing like it was found" in advisor.get(f"/t/{topic.id}/duplicates?q=qqqq+zzzz").page.text
    assert asker.get(f"/t/{topic.id}/duplicates").status == 403
    assert site.visitor().get(f"/t/{topic.id}/duplicates").path == "/login"
    assert advisor.get("/t/999999999/duplicates").status == 404


def test_nothing_hidden_and_no_duplicates_among_similar_questions(site, asker, helper, advisor):
    topic = ask(asker)
    good, held, withdrawn, duplicate, other = (ask(helper) for _ in range(5))
    settle(site, topic, good, held, withdrawn, duplicate, other)
    relate(site, topic, [held, withdrawn, duplicate, other, good])
    relate(site, held, [topic])
    site.sql("update topics set visibility = 'held' where id = %s", held.id)
    site.sql("update topics set visibility = 'withdrawn' where id = %s", withdrawn.id)
    set_status(advisor, duplicate, "duplicate", duplicate_of=str(other.id))
    settle(site, topic, held, withdrawn, duplicate)
    relate(site, topic, [held, withdrawn, duplicate, other, good])
    relate(site, held, [topic])

    def related(visitor, of):
        section = visitor.get(f"{of.path}?view=duplicate").page.find("section", aria_labelledby="related-heading")
        return [a.get("href") for a in section.all("a")] if section else []

    assert related(site.visitor(), topic) == [other.path, good.path]
    assert related(asker, topic) == [other.path, good.path]
    assert related(advisor, held) == [], "nothing beside what is held"
    set_status(advisor, topic, "duplicate", duplicate_of=str(other.id))
    settle(site, topic)
    relate(site, topic, [other, good])
    assert related(site.visitor(), topic) == [good.path], "the original stands in the banner"
