"""/admin/categories: making, changing and archiving them, and who may write there."""

import itertools

import pytest

from support.forum import BODY, a_title, answer, ask, category, eventually, plant_topics, problem, rest

PAGE = "/admin/categories"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


@pytest.fixture
def slug():
    return f"house-{next(_numbers)}"


def make(visitor, slug, **fields):
    """The number of a new category."""
    words = {"name_fr": f"Maison {slug}", "name_en": f"House {slug}", "slug": slug, "asks": "customer",
             "answers": "customer", "position": "7"}
    made = visitor.submit(f"{PAGE}/new", f"{PAGE}/new", **{**words, **fields})
    assert made.status == 200 and made.path.startswith(PAGE + "/"), problem(made)
    return int(made.path.rpartition("/")[2])


def change(visitor, number, act="save", **fields):
    path = f"{PAGE}/{number}"
    shown = visitor.get(path)
    form = next(form for form in shown.page.forms if form.action == path and form.fields.get("do", "save") == act)
    return visitor.post(path, {**form.fields, **fields})


def row(site, number):
    return site.sql("select * from categories where id = %s", number)[0]


def options(page):
    return {option["value"] for option in page.find("select", id="category").all("option")}


def test_a_category_is_made_changed_and_its_change_undone(site, administrator, slug):
    number = make(administrator, slug, description_en="About houses", reason="Many asked")
    shown = site.visitor().get(f"/c/{slug}")
    assert shown.status == 200 and shown.page.find("h1").text == f"House {slug}"
    assert slug in {item["slug"] for item in site.visitor().get("/api/v1/categories").json()["categories"]}
    change(administrator, number, name_en="Homes")
    assert site.visitor().get(f"/c/{slug}").page.find("h1").text == "Homes"
    undone = change(administrator, number, "undo")
    assert "undone" in undone.page.text and row(site, number)["name_en"] == f"House {slug}"
    entries = site.sql("select action from audit_log where subject = 'category' and subject_id = %s order by id", number)
    assert [entry["action"] for entry in entries] == ["category_made", "category_changed", "category_undone"]


def test_an_earlier_address_leads_to_the_new_one(site, administrator, slug):
    number = make(administrator, slug)
    change(administrator, number, slug=f"{slug}-new")
    moved = site.visitor().get(f"/c/{slug}", follow=False)
    assert moved.status == 301 and moved.headers["Location"].endswith(f"/c/{slug}-new")
    make(administrator, slug)
    assert site.visitor().get(f"/c/{slug}", follow=False).status == 200, "in use again"


@pytest.mark.parametrize("fields, field", [
    ({"name_fr": ""}, "name_fr"), ({"name_en": "x" * 81}, "name_en"), ({"slug": "Not An Address"}, "slug"),
    ({"slug": "box"}, "slug"), ({"position": "10000"}, "position"), ({"reason": "r" * 201}, "reason"),
])
def test_what_does_not_fit_comes_back_with_the_reason(site, administrator, slug, fields, field):
    category(site, "box")
    words = {"name_fr": "Maison", "name_en": "House", "slug": slug, "position": "1"}
    refused = administrator.submit(f"{PAGE}/new", f"{PAGE}/new", **{**words, **fields})
    assert refused.status == 422 and refused.page.find(id=f"{field}-error"), problem(refused)
    assert site.sql("select id from categories where slug = %s", slug) == []


def test_there_are_two_levels_and_no_circles(site, administrator, slug):
    parent = make(administrator, slug)
    child = make(administrator, f"{slug}-child", parent=str(parent))
    assert row(site, child)["parent_id"] == parent
    for number, below in ((parent, child), (parent, parent), (child, child)):
        refused = change(administrator, number, parent=str(below))
        assert refused.status == 422 and refused.page.find(id="parent-error")


def test_only_the_team_asks_where_only_the_team_may(site, administrator, slug):
    number = make(administrator, slug, asks="advisor", answers="advisor")
    member, advisor = site.member(), site.member(role="advisor")
    category(site, "box")
    assert str(number) not in options(member.get("/ask").page) and str(number) in options(advisor.get("/ask").page)
    rest(site)
    refused = member.submit("/ask", "/ask", follow=False, title=a_title(), body=BODY, category=str(number), tags="",
                            considered="1")
    assert refused.status in (403, 422) and "only the team asks" in refused.page.text
    topic = ask(advisor, slug=slug)
    shown = member.get(topic.path)
    assert shown.status == 200 and "only the team writes" in shown.page.text
    token = member.get("/ask").page.form("/ask").fields["csrf"]
    late = member.post(f"/t/{topic.id}/answer", {"csrf": token, "key": "a" * 43, "body": "I answer all the same."})
    assert late.status in (403, 422) and site.sql("select id from posts where topic_id = %s and kind = 'answer'", topic.id) == []
    answer(advisor, topic)


def test_below_a_strict_category_it_is_as_strict(site, administrator, slug):
    parent = make(administrator, slug, asks="moderator")
    child = make(administrator, f"{slug}-child", parent=str(parent))
    assert str(child) not in options(site.member(role="advisor").get("/ask").page)
    assert str(child) in options(site.member(role="moderator").get("/ask").page)


def test_an_own_question_does_not_move_to_where_one_may_not_ask(site, administrator, slug):
    number = make(administrator, slug, asks="advisor")
    member = site.member()
    topic = ask(member)
    path = f"/p/{topic.post}/edit"
    refused = member.submit(path, path, category=str(number))
    assert refused.status in (403, 422) and topic.row()["category_id"] != number


def test_questions_move_when_a_category_is_archived_and_come_back(site, administrator, slug):
    number, target = make(administrator, slug), make(administrator, f"{slug}-target")
    member = site.member()
    planted = plant_topics(site, member.person, 5, slug=slug)
    archived = change(administrator, number, "archive", target=str(target), reason="Too small")
    assert "archived" in archived.page.text, problem(archived)

    def count(place):
        return site.sql_value("select count(*) from topics where category_id = %s and id = any(%s)", place, planted)

    eventually(lambda: count(target) == 5, "the questions move")
    moved = site.visitor().get(f"/c/{slug}", follow=False)
    assert moved.status == 301 and moved.headers["Location"].endswith(f"/c/{slug}-target")
    assert str(number) not in options(member.get("/ask").page)
    change(administrator, number, "undo")
    eventually(lambda: count(number) == 5, "the questions come back")
    assert site.visitor().get(f"/c/{slug}", follow=False).status == 200


def test_an_archived_category_without_a_target_can_be_read(site, administrator, slug):
    number = make(administrator, slug)
    member = site.member()
    topic = ask(member, slug=slug)
    change(administrator, number, "archive")
    assert site.visitor().get(f"/c/{slug}").status == 200
    shown = member.get(topic.path)
    assert shown.status == 200 and "only the team writes" in shown.page.text
    assert slug not in {item["slug"] for item in site.visitor().get("/api/v1/categories").json()["categories"]}


def test_one_with_others_below_is_not_archived(site, administrator, slug):
    parent = make(administrator, slug)
    make(administrator, f"{slug}-child", parent=str(parent))
    refused = change(administrator, parent, "archive")
    assert refused.status == 422 and refused.page.find(id="target-error")
    assert row(site, parent)["archived_at"] is None


def test_two_administrators_are_told_of_each_other(site, administrator, slug):
    number = make(administrator, slug)
    path = f"{PAGE}/{number}"
    stale = administrator.get(path)
    change(administrator, number, name_en="First")
    late = administrator.submit(stale, path, name_en="Second")
    assert late.status == 409 and "Second" in late.text and row(site, number)["name_en"] == "First"
