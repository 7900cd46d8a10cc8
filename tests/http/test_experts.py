"""Experts from the list of candidates to the mark beside an answer, and leaderboards."""

from support.forum import answer, ask, category, problem


def press(visitor, page, action, **fields):
    return visitor.submit(page, action, **fields)


def test_from_candidate_to_the_mark_and_back(site, advisor, moderator, helper):
    asker, person = site.member(age_days=5), site.member(age_days=5)
    topic = ask(asker, slug="experts-here")
    post = answer(person, topic)
    press(asker, topic.path, f"/p/{post}/accept")
    assert person.get("/admin/experts").status == 403
    listed = advisor.get("/admin/experts?category=experts-here")
    assert person.person.name in listed.page.text and "100%" in listed.page.text
    form = next(form for form in listed.page.forms if form.action == "/admin/experts" and "person" in form.fields)
    refused = advisor.post("/admin/experts", {**form.fields, "reason": ""})
    assert refused.status == 422
    nominated = advisor.post("/admin/experts", {**form.fields, "reason": "Answers very well"})
    assert "Nothing happens before they agree" in nominated.page.text
    number = site.sql_value("select id from experts where person_id = %s", person.person.id)
    consent = f"/experts/{number}/consent"
    assert consent in person.get("/notifications").page.links
    assert helper.get(consent).status == 404
    shown = person.get(consent)
    assert "I answer correctly and kindly" in shown.page.text and "Answers very well" in shown.page.text
    refused = press(person, shown, consent, answer="yes")
    assert refused.status == 422 and "charter" in problem(refused)
    assert "Expert in this field" not in site.visitor().get(topic.path).page.text
    agreed = press(person, refused, consent, answer="yes", consent="1")
    assert agreed.path == "/experts/queue"
    assert "Expert in this field" in site.visitor().get(topic.path).page.text
    assert "/experts" in site.visitor().get(topic.path).page.links
    assert person.person.name in site.visitor().get("/experts").page.text
    waiting = ask(asker, slug="experts-here")
    assert waiting.path in person.get("/experts/queue").page.links
    fields = {**helper.get("/ask").page.form("/ask").fields, "reason": "because"}
    assert helper.post(f"/experts/{number}/end", fields).status == 403
    press(moderator, "/admin/experts", f"/experts/{number}/end", reason="A test is over")
    assert "Expert in this field" not in site.visitor().get(topic.path).page.text
    assert waiting.path not in person.get("/experts/queue").page.links


def test_an_expert_endorses_accepts_after_a_delay_and_proposes(site, helper):
    number = category(site, slug="experts-there")
    expert, writer = site.member(age_days=5), site.member(age_days=5)
    topic = ask(helper, slug="experts-there")
    post = answer(writer, topic)
    assert f"/p/{post}/endorse" not in [form.action for form in expert.get(topic.path).page.forms]
    site.sql("insert into experts (person_id, category_id, state, answered_at, ends_at)"
             " values (%s, %s, 'active', now(), now() + interval '1 year')", expert.person.id, number)
    shown = expert.get(topic.path)
    assert f"/p/{post}/accept" not in [form.action for form in shown.page.forms]
    endorsed = press(expert, shown, f"/p/{post}/endorse")
    assert "as good as official" in endorsed.page.text
    assert "As good as official" in site.visitor().get(topic.path).page.text
    assert press(expert, expert.get(topic.path), f"/p/{post}/propose").status == 200
    assert site.sql_value("select person_id from article_proposals where post_id = %s", post) == expert.person.id
    site.sql("update posts set created_at = created_at - interval '4 days' where id = %s", post)
    press(expert, topic.path, f"/p/{post}/accept")
    assert site.sql_value("select accepted_by from posts where id = %s", post) == expert.person.id
    fields = writer.get("/ask").page.form("/ask").fields
    assert writer.post(f"/p/{post}/endorse", fields).status == 403
    assert writer.post(f"/p/{post}/propose", fields).status == 403


def test_the_leaderboard_is_by_month_and_category(site):
    asker, person, shy = (site.member(age_days=5) for _ in range(3))
    topic = ask(asker, slug="leaders-here")
    category(site, slug="leaders-there")
    for visitor in (person, shy):
        press(asker, topic.path, f"/p/{answer(visitor, topic)}/accept")
    shy.submit(f"/u/{shy.person.id}/standing", "/settings/ranking")
    visitor = site.visitor()
    shown = visitor.get("/leaderboard?category=leaders-here").page
    assert person.person.name in shown.text and shy.person.name not in shown.text
    assert person.person.name not in visitor.get("/leaderboard?category=leaders-there").page.text
    assert person.person.name not in visitor.get("/leaderboard?month=2020-01&category=leaders-here").page.text
    for wrong in ("month=2020-13", "month=x", "category=nowhere"):
        assert visitor.get(f"/leaderboard?{wrong}").status == 404
