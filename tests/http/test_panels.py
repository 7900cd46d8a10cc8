"""Panels: making one, inviting, saying yes and no, without a script; nobody else learns of it."""

import pytest

from support.forum import a_title, accepted, ask


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


@pytest.fixture(scope="module")
def advisor(site):
    return site.member(role="advisor")


def panel(moderator, **fields):
    title = f"Tasters {a_title()}"
    made = moderator.submit("/desk/panels/new", "/desk/panels/new", follow=False, **{
        "title": title, "body": "Try the **box**.", "trust": "0", "months": "6", **fields})
    return accepted(made), title


def invite(moderator, path, *members):
    page = moderator.get(f"{path}/people")
    form = page.page.form(f"{path}/people")
    fields = {name: value for name, value in form.fields.items() if not name.startswith("p-")}
    return moderator.post(form.action, fields | {f"p-{member.person.id}": "1" for member in members}, follow=False)


def own(path):
    return path.replace("/desk", "")


def test_a_panel_is_made_people_are_invited_and_answer(site, moderator, advisor):
    member, other = site.member(), site.member()
    ask(member)
    path, title = panel(moderator)
    assert member.get(own(path)).status == 404
    found = moderator.get(f"{path}/people")
    assert f'name="p-{member.person.id}"' in found.text and f'name="p-{other.person.id}"' not in found.text
    assert accepted(invite(moderator, path, member))
    told = member.get("/notifications")
    assert title in told.page.text
    assert title in member.get("/panels").page.text
    asked = member.get(own(path))
    assert "1 post within 6 months" in asked.page.text and "<strong>box</strong>" in asked.text
    assert "Waits for your answer" in asked.page.text
    assert accepted(member.submit(own(path), own(path), follow=False, answer="yes")) == own(path)
    assert "You are in it" in member.get(own(path)).page.text
    shown = advisor.get(path)
    assert member.person.name in shown.page.text and "Joined" in shown.page.text
    assert accepted(member.submit(own(path), own(path), follow=False, answer="no"))
    assert "You left it" in member.get(own(path)).page.text
    assert site.sql_value("select count(*) from audit_log where action like 'panel%%' and subject_id = %s",
                          int(path.rpartition("/")[2])) == 2


def test_nobody_else_learns_of_it(site, moderator, advisor):
    member, other = site.member(), site.member()
    ask(member)
    path, title = panel(moderator)
    assert accepted(invite(moderator, path, member))
    for stranger in (other, advisor, moderator):
        assert stranger.get(own(path)).status == 404
        forged = stranger.get("/ask").page.form("/ask").fields
        answered = stranger.post(own(path), {"csrf": forged["csrf"], "key": forged["key"], "answer": "yes"}, follow=False)
        assert answered.status == 404
        assert title not in stranger.get("/panels").page.text
    assert site.visitor().get(own(path), follow=False).status == 302
    for address in ("/sitemap.xml", "/robots.txt", f"/search?q={title.split()[-1]}", f"/u/{member.person.id}"):
        assert title not in site.visitor().get(address).text
    assert "no-store" in member.get(own(path)).headers["Cache-Control"]
    for below in (other, advisor):
        assert below.get(f"{path}/people").status == 403 and below.get(f"{path}/edit").status == 403
    assert other.get(path).status == 403 and advisor.get(path).status == 200
    assert "Invite people" not in advisor.get(path).page.text


def test_what_is_wrong_comes_back_as_typed(moderator):
    refused = moderator.submit("/desk/panels/new", "/desk/panels/new", title="<b>Hostile</b>", body=" ", months="6")
    assert refused.status == 422 and "<b>Hostile</b>" in refused.page.find("input", id="title")["value"]
    assert "<b>Hostile</b>" not in refused.text
    refused = moderator.submit("/desk/panels/new", "/desk/panels/new", title="Fine", body="Fine", months="99")
    assert refused.status == 422 and "0 to 36 months" in refused.page.text
    path, _ = panel(moderator)
    nobody = invite(moderator, path)
    assert nobody.status == 422 and "Choose at least one person" in nobody.page.text


def test_a_closed_panel_takes_nobody(site, moderator):
    member = site.member()
    ask(member)
    path, _ = panel(moderator, anonymous="1")
    assert accepted(invite(moderator, path, member))
    assert accepted(moderator.submit(path, path, follow=False, do="close"))
    shown = member.get(own(path))
    assert "This panel is closed" in shown.page.text and "Yes, I take part" not in shown.page.text
    forged = member.get("/ask").page.form("/ask").fields
    late = member.post(own(path), {"csrf": forged["csrf"], "key": forged["key"], "answer": "yes"}, follow=False)
    assert late.status == 409
