"""Panels: making one, inviting, saying yes and no, without a script; nobody else learns of it."""

import datetime
import re

import pytest

from support.forum import a_title, accepted, ask, category


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
    # Of many there is room for fifty: those who are active here are few.
    ask(member, slug="tasters")
    path, title = panel(moderator, category=category(site, "tasters"))
    assert member.get(own(path)).status == 404
    found = moderator.get(f"{path}/people")
    assert f'name="p-{member.person.id}"' in found.text and f'name="p-{other.person.id}"' not in found.text
    assert accepted(invite(moderator, path, member))
    told = member.get("/notifications")
    assert title in told.page.text
    assert title in member.get("/panels").page.text
    asked = member.get(own(path))
    assert re.search("1 post in .* within 6 months", asked.page.text) and "<strong>box</strong>" in asked.text
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


# ---- questionnaires -----------------------------------------------------------------------

TEXT = "one *: How is <b>it</b>? | Good | Bad\nseveral: Where? | Here | There\nscale: And? | No | Yes\nnumber: How many?\ntext: Else?"


def day(ahead):
    return (datetime.date.today() + datetime.timedelta(days=ahead)).isoformat()


def ask_panel(moderator, path, follow=False, **fields):
    return moderator.submit(f"{path}/questions", f"{path}/questions", follow=follow, **{
        "title": f"Questions {a_title()}", "text": TEXT, "opens": day(0), "closes": day(3), "do": "save", **fields})


def tasters(site, moderator, count, **fields):
    """A panel with so many people in it."""
    members = [site.member() for _ in range(count)]
    path, _ = panel(moderator, **fields)
    for member in members:
        site.sql("insert into panel_members (panel_id, person_id, state, why, answered_at) values (%s, %s, 'joined', '{}', now())",
                 int(path.rpartition("/")[2]), member.person.id)
    return path, members


def reply(member, path, follow=False, **fields):
    return member.submit(path, path, follow=follow, **fields)


def test_a_questionnaire_is_looked_at_saved_answered_and_counted(site, moderator, advisor):
    path, members = tasters(site, moderator, 2, anonymous="")
    looked = ask_panel(moderator, path, do="preview")
    assert looked.status == 200 and looked.page.find("input", name="q-2-2") and "How is <b>it</b>?" in looked.page.text
    result = accepted(ask_panel(moderator, path))
    asked = own(result)
    assert asked in members[0].get(own(path)).text
    assert accepted(reply(members[0], asked, **{"q-1": "1", "q-2-1": "1", "q-2-2": "1", "q-3": "5", "q-4": "12",
                                                "q-5": "=SUM(1) <script>"}))
    assert accepted(reply(members[1], asked, **{"q-1": "2", "q-4": "8"}))
    assert accepted(reply(members[1], asked, **{"q-1": "1", "q-4": "8"}))
    shown = advisor.get(result)
    assert "answers: 2, in the panel: 2" in shown.page.text
    assert "Mean 10.0, median 10.0, from 8 to 12" in shown.page.text
    assert "<script>" not in shown.text.replace("<script ", "")
    words = advisor.get(f"{result}?question=5")
    assert "=SUM(1) <script>" in words.page.text and members[0].person.name in words.page.text
    sheet = advisor.get(f"{result}/answers.csv").text
    assert sheet.startswith("name,") and "'=SUM(1)" in sheet and members[1].person.name in sheet
    page = members[1].get(asked)
    form = next(form for form in page.page.forms if form.fields.get("do") == "back")
    assert accepted(members[1].post(form.action, form.fields, follow=False))
    assert "answers: 1, in the panel: 2" in advisor.get(result).page.text


def test_an_anonymous_panel_shows_nothing_of_few_and_nobody_ever(site, moderator, advisor):
    path, members = tasters(site, moderator, 5, anonymous="1")
    result = accepted(ask_panel(moderator, path))
    for member in members[:4]:
        assert accepted(reply(member, own(result), **{"q-1": "1", "q-5": f"I am {a_title()}"}))
    few = advisor.get(result)
    assert "once 5 people have answered" in few.page.text and "CSV" not in few.page.text
    assert "I am" not in advisor.get(f"{result}?question=5").page.text
    assert advisor.get(f"{result}/answers.csv").text.count("\n") == 1
    assert accepted(reply(members[4], own(result), **{"q-1": "2", "q-5": "Last"}))
    for page in (result, f"{result}?question=5", f"{result}/answers.csv"):
        text = advisor.get(page).text
        assert not any(member.person.name in text for member in members), page
    assert advisor.get(f"{result}/answers.csv").text.count("\n") == 6
    assert "Last" in advisor.get(f"{result}?question=5").page.text


def test_only_those_in_the_panel_answer(site, moderator, advisor):
    path, members = tasters(site, moderator, 1)
    result = accepted(ask_panel(moderator, path))
    stranger = site.member()
    for visitor in (stranger, advisor, moderator):
        assert visitor.get(own(result)).status == 404
    assert stranger.get(result).status == 403 and stranger.get(f"{result}/answers.csv").status == 403
    assert advisor.get(f"{result}/edit").status == 403
    assert members[0].get(own(result)).status == 200
    later = accepted(ask_panel(moderator, path, opens=day(1)))
    assert members[0].get(own(later)).status == 404
    assert "no-store" in members[0].get(own(result)).headers["Cache-Control"]


def test_hostile_and_missing_answers_are_refused_and_come_back(site, moderator):
    path, (member,) = tasters(site, moderator, 1)
    asked = own(accepted(ask_panel(moderator, path)))
    missing = reply(member, asked, **{"q-4": "3", "q-5": "Kept words"})
    assert missing.status == 422 and "Please answer this question" in missing.page.text and "Kept words" in missing.text
    assert reply(member, asked, **{"q-1": "1", "q-4": "many"}).status == 422
    shown = member.get(asked).page.form(asked).fields
    for fields in ({"q-1": "3"}, {"q-1": "99"}, {"q-1": "-1"}, {"q-1": "1", "q-3": "6"}):
        forged = member.post(asked, {"csrf": shown["csrf"], "key": shown["key"], **fields}, follow=False)
        assert forged.status == 400, fields
    assert site.sql_value("select count(*) from questionnaire_answers a join questionnaires q on q.id = a.questionnaire_id"
                          " where q.id = %s", int(asked.rpartition("/")[2])) == 0


def test_a_questionnaire_that_cannot_be_read_is_refused_with_its_line(site, moderator):
    path, (member,) = tasters(site, moderator, 1)
    refused = ask_panel(moderator, path, text="text: Fine\none: Only one | choice")
    assert refused.status == 422 and "Line 2: Give at least two choices" in refused.page.text
    assert "Only one | choice" in refused.page.text
    assert ask_panel(moderator, path, closes=day(-1)).status == 422
    result = accepted(ask_panel(moderator, path))
    assert accepted(reply(member, own(result), **{"q-1": "1"}))
    late = moderator.submit(f"{result}/edit", f"{result}/edit", text="text: Other", do="save")
    assert late.status in (409, 422) and "the questions stay as they are" in late.page.text
