"""Working on articles: from a draft to the published page and back to an earlier version."""

import datetime
import re

import pytest
from support.articles import put_article
from support.forum import a_title, category, path_of, problem
from support.waiting import until

TEXT = "## Begin\n\nSwitch it off, wait, switch it on.\n"


@pytest.fixture
def writer(site):
    return site.member(role="advisor")


def write(writer, title, **fields):
    page = writer.submit("/kb/work/new", "/kb/work/new", do="save",
                         **{"language": "en", "title": title, "summary": "Short.", "body": TEXT, **fields})
    assert page.status == 200 and page.path.startswith("/kb/work/"), page
    return int(page.path.rpartition("/")[2]), page


def save(visitor, page, **fields):
    """The editor's form on that page."""
    form = next(form for form in page.page.forms if "body" in form.fields)
    return visitor.post(form.action, {**form.fields, "do": "save", **fields})


def press(visitor, number, act, **fields):
    """The form of that act on the article's working page."""
    shown = visitor.get(f"/kb/work/{number}")
    form = next(form for form in shown.page.forms if form.fields.get("do") == act)
    return visitor.post(form.action, {**form.fields, **fields})


def test_from_a_draft_to_readers_and_back(site, writer):
    reader, title, second = site.visitor("en"), a_title(), a_title()
    number, page = write(writer, title)
    assert "Readers do not see it before it is published" in page.page.text
    assert reader.get(f"/kb/{number}").status == 404
    assert "waits for somebody" in press(writer, number, "review").page.text
    assert title in writer.get("/kb/work?show=review").page.text
    press(writer, number, "return", reason="Say how long to wait.")
    assert "Readers see this version now" in press(writer, number, "publish").page.text
    assert reader.get(f"/kb/{number}").page.find("h1").text == title
    assert save(writer, writer.get(f"/kb/work/{number}"), title=second).status == 200
    assert reader.get(f"/kb/{number}").page.find("h1").text == title
    press(writer, number, "publish")
    assert reader.get(f"/kb/{number}").page.find("h1").text == second
    earlier = writer.get(f"/kb/work/{number}/1")
    assert title in earlier.page.text and "Make a new version" in earlier.page.text
    assert "<ins>" in writer.get(f"/kb/work/{number}/2").text
    restored = writer.submit(f"/kb/work/{number}/1", f"/kb/work/{number}")
    assert "is the newest again" in restored.page.text
    press(writer, number, "publish")
    assert reader.get(f"/kb/{number}").page.find("h1").text == title
    assert site.sql_value("select count(*) from audit_log where subject = 'article' and subject_id = %s", number) >= 8


def test_two_writers_are_told_of_each_other(site, writer):
    number, _ = write(writer, a_title())
    slow = site.member(role="advisor")
    shown = slow.get(f"/kb/work/{number}")
    save(writer, writer.get(f"/kb/work/{number}"), title=a_title())
    typed = a_title()
    refused = save(slow, shown, title=typed)
    assert refused.status == 409 and "Somebody else worked on this article" in refused.page.text
    assert refused.page.find("input", id="title")["value"] == typed


def test_the_preview_keeps_what_was_typed(site, writer):
    page = writer.submit("/kb/work/new", "/kb/work/new", do="preview", language="en", title="T",
                         body="## One\n\n> **Warning** Hot.\n\n<script>alert(1)</script>")
    assert page.status == 200 and "callout-warning" in page.text and "<script>alert" not in page.text
    assert page.page.find("input", id="title")["value"] == "T"
    refused = writer.submit("/kb/work/new", "/kb/work/new", do="save", language="en", title="T", body=TEXT)
    assert refused.status == 422 and problem(refused)


@pytest.mark.parametrize("role, can_publish, can_archive", [
    ("advisor", True, False), ("moderator", True, True), ("administrator", True, True)])
def test_acts_follow_the_role(site, role, can_publish, can_archive):
    number = put_article(site, a_title(), published=False)
    visitor = site.member(role=role)
    offered = {form.fields.get("do") for form in visitor.get(f"/kb/work/{number}").page.forms}
    assert ("publish" in offered) == can_publish and ("archive" in offered) == can_archive
    form = next(form for form in visitor.get(f"/kb/work/{number}").page.forms if form.fields.get("do") == "plan")
    fields = {**form.fields, "do": "archive"}
    assert visitor.post(f"/kb/work/{number}", fields, follow=False).status == (303 if can_archive else 403)


def test_customers_have_no_business_there_but_experts_do(site):
    number = put_article(site, a_title(), slug="kb-expert", published=False)
    other = put_article(site, a_title(), slug="kb-elsewhere", published=False)
    member = site.member(age_days=30)
    for path in ("/kb/work", "/kb/work/new", f"/kb/work/{number}", f"/kb/work/{number}/1"):
        assert member.get(path).status == 403
        assert site.visitor("en").get(path, follow=False).status == 302
    site.sql("insert into experts (person_id, category_id, state, answered_at, ends_at)"
             " values (%s, %s, 'active', now(), now() + interval '1 year')",
             member.person.id, category(site, "kb-expert"))
    assert member.get("/kb/work").status == 200
    assert member.get(f"/kb/work/{number}").status == 200
    assert member.get(f"/kb/work/{other}").status == 403
    offered = {form.fields.get("do") for form in member.get(f"/kb/work/{number}").page.forms}
    assert "review" in offered and "publish" not in offered
    assert press(member, number, "review").status == 200


def test_where_two_people_are_wanted_nobody_publishes_alone(site, writer):
    site.sql("insert into site_settings (name, value) values ('articles.two_people', 'on')"
             " on conflict (name) do update set value = 'on'")
    try:
        number, _ = write(writer, a_title())
        # A process hears of the setting between two requests.
        until(lambda: "Somebody else publishes" in writer.get(f"/kb/work/{number}").page.text)
        offered = {form.fields.get("do") for form in writer.get(f"/kb/work/{number}").page.forms}
        assert "publish" not in offered
        assert press(site.member(role="advisor"), number, "publish").status == 200
    finally:
        site.sql("delete from site_settings where name = 'articles.two_people'")


def test_planning_joining_and_putting_away(site):
    writer, title = site.member(role="moderator"), a_title()
    number, _ = write(writer, title)
    other, _ = write(writer, a_title(), language="fr")
    soon = (datetime.datetime.now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert "Planned for" in press(writer, number, "schedule", at=soon).page.text
    refused = press(writer, number, "schedule", at="2001-01-01T00:00")
    assert refused.status == 422 and "time to come" in problem(refused)
    assert "It is changed" in press(writer, number, "join", other=f"/kb/{other}-x").page.text
    assert press(writer, number, "plan", owner="@nobody-of-that-name").status == 422
    handle = site.sql_value("select handle from people where id = %s", writer.person.id)
    assert press(writer, number, "plan", owner=f"@{handle}", due="2031-01-02").status == 200
    assert str(site.sql_value("select review_due from articles where id = %s", number)) == "2031-01-02"
    press(writer, number, "publish")
    assert f"/kb/old/x-{number}" in press(writer, number, "redirect", address=f"x-{number}").page.text
    press(writer, other, "publish")
    assert "no longer find" in press(writer, number, "archive", other=f"{other}").page.text
    gone = site.visitor("en").get(f"/kb/old/x-{number}", follow=False)
    assert gone.status == 301 and re.match(rf"/kb/{other}-", path_of(gone))
    assert "It is changed" in press(writer, number, "revive").page.text
