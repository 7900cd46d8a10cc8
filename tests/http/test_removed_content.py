"""What a legal notice has removed is nowhere any more, at once: each place where a text of
the community can be met, before, after, and after the decision was undone."""

import pytest

from support.forum import a_title, answer, ask, comment, rest, settle
from support.waiting import until

WORD = "Zwirbelkram"


@pytest.fixture
def removal(site, moderator):
    """Reports a post as a stranger does and removes it; then takes that back."""

    class Removal:
        def remove(self, post):
            site.sql("delete from throttles")
            sent = site.visitor().submit(
                "/legal/notice", "/legal/notice", addresses=f"/p/{post}", category="other", faith="1",
                explanation="Against a law that this test has made up.")
            self.item = site.sql_value("select i.id from moderation_items i join notices n on n.id = i.reference_id"
                                       " where i.kind = 'notice' and n.code = %s", sent.path.rpartition("/")[2])
            done = moderator.submit(f"/mod/items/{self.item}", f"/mod/items/{self.item}/decide",
                                    decision="withdraw", law="1", follow=False)
            assert done.status == 303, done

        def undo(self):
            assert moderator.submit(f"/mod/items/{self.item}", f"/mod/items/{self.item}/undo").status == 200

    return Removal()


def places_of_a_question(topic, asker):
    return ("/", "/questions", "/questions?filter=unanswered", "/c/box", f"/tag/{WORD.lower()}",
            f"/u/{asker.person.id}", f"/search?q={WORD}", f"/search/suggest?q={WORD}",
            "/api/v1/topics", f"/api/v1/topics?tag={WORD.lower()}", "/api/v1/topics?category=box")


def test_a_removed_question_is_nowhere_and_comes_back(site, asker, removal):
    rest(site)
    topic = ask(asker, title=f"{WORD}: {a_title()}", tags=WORD.lower())
    settle(site, topic)
    reader = site.visitor()
    places = places_of_a_question(topic, asker)
    until(lambda: WORD in reader.get(f"/search/suggest?q={WORD}").text)
    before = {path for path in places if WORD in reader.get(path).text.replace(f"q={WORD}", "")}
    assert {"/", "/questions", "/c/box", f"/u/{asker.person.id}", f"/search/suggest?q={WORD}",
            "/api/v1/topics"} <= before, before
    removal.remove(topic.post)
    # Not one request later, whatever the index and the worker are doing.
    for path in before:
        shown = reader.get(path)
        assert topic.path not in shown.text and f"{WORD}:" not in shown.text, path
    for language, words in (("en", "This was taken away"), ("fr", "retiré")):
        stranger = site.visitor(language)
        for path in (topic.path, f"/t/{topic.id}", f"/p/{topic.post}", f"/p/{topic.post}/history"):
            gone = stranger.get(path)
            assert gone.status == 410, (path, gone)
            assert words in gone.page.text and gone.page.language == language
            assert WORD not in gone.text.replace(topic.path, "")
            assert "no-store" in gone.headers["Cache-Control"]
    assert reader.get(f"/api/v1/topics/{topic.id}").status == 410
    assert reader.get(f"/api/v1/posts/{topic.post}/comments").status in (404, 410)
    assert asker.get(topic.path).status == 200, "its author still sees what the reasons are about"
    removal.undo()
    assert reader.get(topic.path).status == 200
    for path in before - {f"/search?q={WORD}", f"/search/suggest?q={WORD}"}:
        assert f"{WORD}:" in reader.get(path).text, path
    until(lambda: topic.path in reader.get(f"/search/suggest?q={WORD}").text)


def test_a_removed_answer_takes_its_comments_along(site, asker, helper, removal):
    rest(site)
    topic = ask(asker, title=a_title())
    rest(site)
    post = answer(helper, topic, body="The Plimborex must be turned to the left, and then pressed.")
    rest(site)
    note = comment(asker, post, "That Plimborex is mine, by the way.")
    reader = site.visitor()
    places = (topic.path, f"/u/{helper.person.id}?tab=answers", f"/api/v1/topics/{topic.id}",
              f"/api/v1/posts/{post}/comments", f"/p/{post}/comments")
    for path in (topic.path, f"/p/{post}/comments", f"/api/v1/topics/{topic.id}"):
        assert "Plimborex" in reader.get(path).text, path
    removal.remove(post)
    for path in places:
        assert "Plimborex" not in reader.get(path).text, path
    for path in (f"/p/{post}", f"/p/{post}/history", f"/p/{post}/comments", f"/p/{note}", f"/p/{note}/history"):
        assert reader.get(path).status == 410, path
    assert reader.get(topic.path).status == 200
    removal.undo()
    for path in (topic.path, f"/p/{post}/comments", f"/api/v1/topics/{topic.id}"):
        assert "Plimborex" in reader.get(path).text, path
    assert reader.get(f"/p/{note}").status == 200


def test_search_does_not_wait_for_the_index(site, asker, helper, removal):
    rest(site)
    topic = ask(asker, title=a_title(), body=f"How do I get rid of the {WORD}, once and for all times?")
    settle(site, topic)
    reader = site.visitor()
    until(lambda: topic.path in reader.get(f"/search?q={WORD}").text)
    removal.remove(topic.post)
    assert topic.path not in reader.get(f"/search?q={WORD}").text
    assert topic.path not in helper.get(f"/search?q={WORD}").text


def test_no_cache_may_keep_a_page_of_the_community_unasked(site, asker, helper):
    rest(site)
    topic = ask(asker, title=a_title())
    rest(site)
    post = answer(helper, topic)
    reader = site.visitor()
    for path in ("/", "/questions", topic.path, f"/p/{post}/comments", f"/u/{helper.person.id}",
                 f"/search?q={WORD}", "/api/v1/topics", f"/api/v1/topics/{topic.id}",
                 f"/api/v1/posts/{post}/comments", f"/api/v1/people/{helper.person.id}"):
        control = reader.get(path).headers["Cache-Control"]
        assert "max-age=0, must-revalidate" in control or "no-store" in control, (path, control)
