"""Ideas: a category for them, votes, the stage that the team answers for with its reason,
who may set it, and what is not shown of an idea."""

import pytest

from support.forum import a_title, accepted, answer, ask, category, press, rest

IDEAS = "ideas-box"


@pytest.fixture(scope="module")
def advisor(site):
    return site.member(role="advisor")


@pytest.fixture(scope="module", autouse=True)
def ideas_box(site):
    category(site, IDEAS)
    site.sql("update categories set purpose = 'ideas' where slug = %s", IDEAS)
    yield
    site.sql("update categories set archived_at = now() where slug = %s", IDEAS)


def propose(visitor, title=None):
    return ask(visitor, title or a_title("I would like a lamp that dims"), slug=IDEAS)


def forged(visitor, **fields):
    """As of a form that the page does not show."""
    shown = visitor.get("/ask").page.form("/ask").fields
    return {"csrf": shown["csrf"], "key": shown["key"], **fields}


def stage(visitor, topic, word, reason, follow=False):
    return visitor.submit(topic.path, f"/t/{topic.id}/stage", follow=follow, stage=word, reason=reason)


def test_the_menu_leads_to_ideas_while_there_is_a_category_for_them(site):
    menu = lambda: {link["href"] for link in site.visitor().get("/about").page.all("a")}
    assert "/ideas" in menu()
    site.sql("update categories set archived_at = now() where purpose = 'ideas'")
    try:
        assert "/ideas" not in menu()
    finally:
        site.sql("update categories set archived_at = null where slug = %s", IDEAS)
    assert "/ideas" in menu()


def test_asking_there_is_suggesting_an_idea(site, asker):
    for visitor in (asker, site.visitor()):
        shown = visitor.get(f"/ask?category={IDEAS}").page
        assert shown.find("h1").text == "Suggest an idea"
        assert "Your idea in one sentence" in shown.text
    assert asker.get("/ask").page.find("h1").text == "Ask a question"
    start = site.visitor().get(f"/ask?category={IDEAS}").text
    assert f"category%3D{IDEAS}" in start or f"category={IDEAS}" in start


def test_an_idea_has_votes_and_opinions_and_no_solution(site, asker, helper):
    topic = propose(asker)
    said = answer(helper, topic)
    shown = asker.get(topic.path).page
    assert "1 opinion" in shown.text and "This solved it" not in shown.text
    assert "Proposed: the team has not answered yet" in shown.text
    assert accepted(helper.submit(topic.path, f"/t/{topic.id}/me-too", follow=False, on="1"))
    assert "I want this too 1" in " ".join(helper.get(topic.path).page.text.split())
    # Sent all the same.
    assert asker.post(f"/p/{said}/accept", forged(asker, on="1")).status == 403
    title = topic.row()["title"]
    assert title not in site.visitor().get("/questions?filter=unanswered").text
    assert title not in site.visitor().get("/questions?filter=unsolved").text
    assert title in site.visitor().get("/questions").text


def test_the_stage_is_answered_for_with_a_reason(site, asker, helper, advisor):
    topic = propose(asker)
    assert f"/t/{topic.id}/stage" not in helper.get(topic.path).text
    refused = stage(advisor, topic, "planned", " ")
    assert refused.status == 422 and 'class="card tools" open' in refused.text
    assert accepted(stage(advisor, topic, "planned", "The factory <b>has</b> the part"))
    shown = site.visitor().get(topic.path)
    assert "Planned" in shown.page.text and "The factory <b>has</b> the part" in shown.page.text
    assert "<b>has</b>" not in shown.text
    assert "It is now: Planned" in " ".join(asker.get("/notifications").page.text.split())
    row = site.visitor().get(f"/api/v1/topics/{topic.id}").json()
    assert row["stage"] == "planned"
    assert helper.post(f"/t/{topic.id}/stage", forged(helper, stage="done", reason="I say so")).status == 403
    question = ask(asker)
    assert advisor.post(f"/t/{question.id}/stage", forged(advisor, stage="done", reason="No idea")).status == 404
    assert site.visitor().get(f"/api/v1/topics/{question.id}").json()["stage"] is None


def test_a_stage_is_undone_with_the_other_acts(site, asker, advisor):
    topic = propose(asker)
    assert accepted(stage(advisor, topic, "no", "Too dear, I am afraid"))
    acts = advisor.get(f"/t/{topic.id}/acts").page
    assert "The idea is now: Not taken up" in acts.text
    form = next(form for form in acts.forms if form.action.endswith("/undo"))
    assert advisor.post(form.action, dict(form.fields), follow=False).status == 303
    assert "Too dear" not in site.visitor().get(topic.path).text
    assert topic.row()["stage"] == "proposed"


def test_ideas_are_listed_by_stage_and_votes_with_a_chart(site, asker, helper, advisor):
    first, second = propose(asker), propose(asker)
    assert accepted(helper.submit(first.path, f"/t/{first.id}/me-too", follow=False, on="1"))
    assert accepted(stage(advisor, first, "study", "We look at it"))
    assert accepted(stage(advisor, second, "study", "At this as well"))
    by_votes = site.visitor().get("/ideas?stage=study").page
    titles = [node.text for node in by_votes.all("h3")]
    assert titles.index(first.row()["title"]) < titles.index(second.row()["title"])
    newest = [node.text for node in site.visitor().get("/ideas?stage=study&sort=new").page.all("h3")]
    assert newest.index(second.row()["title"]) < newest.index(first.row()["title"])
    assert first.row()["title"] not in site.visitor().get("/ideas?stage=done").text
    table = by_votes.find("table").text
    count = site.sql_value("select count(*) from topics where stage = 'study' and visibility = 'visible'")
    assert f"Under study {count}" in " ".join(table.split())
    assert site.visitor().get("/ideas?stage=nonsense").status == 404
    assert site.visitor().get("/ideas?sort=nonsense").status == 404


def test_a_moved_question_becomes_an_idea_and_a_question_again(site, asker, advisor):
    topic = ask(asker)
    manage = f"/t/{topic.id}/acts"
    for slug, words in ((IDEAS, "What"), ("box", None)):
        form = next(form for form in advisor.get(manage).page.forms if form.fields.get("do") == "move")
        moved = advisor.post(manage, {**form.fields, "category": str(category(site, slug))}, follow=False)
        assert moved.status == 303
        shown = site.visitor().get(topic.path).page
        assert (shown.find("section", class_="idea-stages") is not None) == bool(words)


def test_administrators_say_what_a_category_is_for(site, asker):
    administrator = site.member(role="administrator")
    rest(site)
    number = category(site, "wishes")
    page = f"/admin/categories/{number}"
    assert accepted(administrator.submit(page, page, follow=False, purpose="ideas", icon="idea"))
    assert site.sql_value("select purpose from categories where id = %s", number) == "ideas"
    assert "Suggest an idea" in asker.get("/c/wishes").page.text
    assert "Unsolved" not in asker.get("/c/wishes").page.text
    assert accepted(administrator.submit(page, page, follow=False, purpose="questions", icon="idea"))
    assert "Ask here" in asker.get("/c/wishes").page.text
