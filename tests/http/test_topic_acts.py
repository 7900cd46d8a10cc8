"""What the team does with whole questions: from the question's own page and in batches,
without a script; who may, what readers find then, and taking it back."""

import pytest

from support.forum import a_title, answer, ask, category, comment, path_of, press, set_status


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator")


def act(visitor, topic, do, follow=False, **fields):
    """A form of the page "Manage the question"."""
    manage = f"/t/{topic.id}/acts"
    page = visitor.get(manage).page
    form = next(form for form in page.forms if form.action == manage and form.fields.get("do") == do)
    return visitor.post(manage, {**form.fields, **fields}, follow=follow)


def undo(visitor, topic, follow=False, number=0):
    """The newest act that can be undone."""
    page = visitor.get(f"/t/{topic.id}/acts").page
    form = [form for form in page.forms if form.action.endswith("/undo")][number]
    return visitor.post(form.action, dict(form.fields), follow=follow)


@pytest.fixture
def pair(asker, helper):
    kept, gone = ask(asker), ask(helper)
    return kept, gone


def test_a_joined_question_leads_to_the_other_and_back(site, asker, helper, moderator, pair):
    kept, gone = pair
    told = answer(asker, gone)
    said = comment(helper, told)
    question = gone.post
    assert act(moderator, gone, "merge", into=kept.path, reason="the same fault").status == 303
    for visitor in (site.visitor(), asker, moderator):
        for path in (gone.path, f"/t/{gone.id}", f"/t/{gone.id}-other-words"):
            moved = visitor.get(path, follow=False)
            assert (moved.status, path_of(moved)) == (301, kept.path), path
    for post in (told, said, question):
        assert path_of(site.visitor().get(f"/p/{post}", follow=False)).startswith(kept.path)
    shown = site.visitor().get(kept.path)
    assert f'id="p{told}"' in shown.text and f'id="p{question}"' in shown.text
    assert f"Asked as “{gone.row()['title']}”" in shown.page.text
    # Not in lists any more; what was begun there is refused kindly.
    assert gone.row()["title"] not in site.visitor().get("/questions").text
    assert site.visitor().get(f"/api/v1/topics/{gone.id}", follow=False).status in (301, 404, 410)
    assert undo(moderator, kept).status == 303
    back = site.visitor().get(gone.path, follow=False)
    assert back.status == 200 and f'id="p{told}"' in back.text
    assert f'id="p{told}"' not in site.visitor().get(kept.path).text


def test_a_wrong_address_comes_back_with_the_form(moderator, pair):
    kept, gone = pair
    refused = act(moderator, gone, "merge", into="no such thing")
    assert refused.status == 422
    assert "There is no such question" in refused.text and 'value="no such thing"' in refused.text
    assert act(moderator, gone, "merge", into=str(gone.id)).status == 422


def test_a_form_sent_twice_joins_once(site, moderator, pair):
    kept, gone = pair
    manage = f"/t/{gone.id}/acts"
    form = next(form for form in moderator.get(manage).page.forms if form.fields.get("do") == "merge")
    fields = {**form.fields, "into": str(kept.id)}
    assert [moderator.post(manage, fields, follow=False).status for _ in range(2)] == [303, 303]
    assert site.sql_value("select count(*) from topic_acts where topic_id = %s", gone.id) == 1
    assert site.sql_value("select count(*) from audit_log where action = 'topic_merge' and subject_id = %s",
                          gone.id) == 1


def test_chosen_answers_become_a_question(site, asker, helper, moderator):
    topic = ask(asker)
    first, second = answer(helper, topic), answer(asker, topic)
    said = comment(asker, first)
    title = a_title()
    refused = act(moderator, topic, "split", title=title)
    assert refused.status == 422 and "Choose at least one answer" in refused.text
    assert title in refused.text
    assert act(moderator, topic, "split", title=title, **{f"p-{first}": "1"}).status == 303
    shown = site.visitor().get(f"/p/{said}")
    assert shown.page.find("h1").text == title and f'id="p{first}"' in shown.text
    left = site.visitor().get(topic.path)
    assert f'id="p{second}"' in left.text and f'id="p{first}"' not in left.text


def test_moved_pinned_locked_and_closed_with_a_reason(site, asker, helper, moderator):
    topic = ask(asker)
    other = category(site, "moved-here")
    assert act(moderator, topic, "move", category=other).status == 303
    assert topic.row()["category_id"] == other
    assert act(moderator, topic, "pin", pin="category", until="2001-01-01").status == 422
    assert act(moderator, topic, "pin", pin="category", until="2101-01-01").status == 303
    for _ in range(3):
        ask(asker, slug="moved-here")
    titles = [item.text for item in site.visitor().get("/c/moved-here").page.all("h3", class_="question-title")]
    assert titles[0] == topic.row()["title"] and titles.count(titles[0]) == 1
    assert act(moderator, topic, "lock").status == 303
    locked = helper.get(topic.path)
    assert "This question is locked" in locked.text and "Publish the answer" not in locked.text
    form = helper.get("/ask").page.form("/ask").fields
    forced = helper.post(f"/t/{topic.id}/answer", {
        "csrf": form["csrf"], "key": f"forced-into-a-locked-{topic.id}",
        "body": "I know something about it, and say so at length."}, follow=False)
    assert forced.status in (403, 422) and "This question is locked" in forced.text
    assert act(moderator, topic, "status", status="closed", reason="The service has ended.").status == 303
    assert "The service has ended." in site.visitor().get(topic.path).text


def test_a_later_change_stands_in_the_way(site, asker, moderator):
    topic = ask(asker)
    act(moderator, topic, "pin", pin="category")
    act(moderator, topic, "pin", pin="everywhere")
    refused = undo(moderator, topic, number=1)
    assert refused.status == 409 or refused.status == 422
    assert "Undo the later change first" in refused.text
    assert undo(moderator, topic).status == 303
    assert topic.row()["pinned"] == "category"
    assert undo(moderator, topic).status == 303
    assert topic.row()["pinned"] == ""


def test_who_may_do_what(site, asker, helper, advisor, moderator, administrator, pair):
    kept, gone = pair
    manage = f"/t/{gone.id}/acts"
    assert site.visitor().get(manage, follow=False).status in (302, 303, 401)
    assert asker.get(manage).status == 403
    assert asker.get("/topics/acts").status == 403

    def forms(visitor):
        return {form.fields["do"] for form in visitor.get(manage).page.forms if "do" in form.fields}

    assert forms(advisor) == {"status", "move"}
    assert forms(moderator) == {"status", "move", "merge", "pin", "lock"}
    answer(asker, gone)
    assert forms(administrator) == {"status", "move", "merge", "split", "pin", "lock", "author"}
    token = advisor.get(manage).page.forms
    fields = next(form for form in token if form.fields.get("do") == "move").fields
    for do in ("merge", "split", "pin", "lock", "author"):
        forced = advisor.post(manage, {**fields, "key": f"forced-by-an-advisor-{do}-{gone.id}", "do": do,
                                       "into": str(kept.id), "title": a_title(), "on": "1",
                                       "pin": "everywhere", "post": str(gone.post), "member": "Nobody"},
                              follow=False)
        assert forced.status in (403, 422), do
    assert site.sql_value("select count(*) from topic_acts where topic_id = %s", gone.id) == 0


def test_author_and_date_of_an_imported_post(site, asker, helper, administrator):
    topic = ask(asker)
    told = answer(helper, topic)
    assert act(administrator, topic, "author", post=told, member="An early member", date="2011-05-06").status == 303
    shown = site.visitor().get(topic.path).text
    assert "An early member" in shown and "2011-05-06" in shown
    assert act(administrator, topic, "author", post=told, member="@nobody-of-that-name").status == 422
    assert undo(administrator, topic).status == 303
    assert site.sql_value("select author_id from posts where id = %s", told) == helper.person.id


def test_several_at_once_from_a_list(site, asker, helper, moderator):
    topics = [ask(asker, slug="many") for _ in range(3)]
    listed = moderator.get("/c/many")
    boxes = {box.get("name") for box in listed.page.all("input", type="checkbox")}
    assert {f"t-{topic.id}" for topic in topics} <= boxes
    assert not helper.get("/c/many").page.all("input", type="checkbox")
    path = "/topics/acts?" + "&".join(f"t-{topic.id}=1" for topic in topics)
    page = moderator.get(path).page
    form = next(form for form in page.forms if form.action == "/topics/acts")
    fields = {key: value for key, value in form.fields.items() if key != "do"}
    fields.update({f"t-{topic.id}": "1" for topic in topics})
    assert moderator.post("/topics/acts", {**fields, "do": "close", "reason": "Old."}, follow=False).status == 303
    assert {topic.row()["status"] for topic in topics} == {"closed"}
    # One of them cannot be joined with itself: it says so, the others are done.
    form = next(form for form in moderator.get(path).page.forms if form.action == "/topics/acts")
    fields = {key: value for key, value in form.fields.items() if key != "do"}
    fields.update({f"t-{topic.id}": "1" for topic in topics})
    mixed = moderator.post("/topics/acts", {**fields, "do": "merge", "into": str(topics[0].id)}, follow=False)
    assert "cannot be joined with itself" in mixed.text
    assert [topic.row()["merged_into"] for topic in topics] == [None, topics[0].id, topics[0].id]
    assert site.run("check").returncode == 0


def test_withdrawn_question_is_restored_from_the_page(site, asker, moderator):
    topic = ask(asker)
    set_status(moderator, topic, "closed")
    press(moderator, topic.path, f"/p/{topic.post}/withdraw")
    assert site.visitor().get(topic.path, follow=False).status == 410
    assert undo(moderator, topic).status == 303
    assert site.visitor().get(topic.path, follow=False).status == 200
