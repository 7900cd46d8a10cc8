"""Ranks and badges: their pages, giving by hand, the ladder, opting out."""

import time

from support.forum import answer, ask, problem


def wait_for(check, what):
    for _ in range(150):
        if check():
            return
        time.sleep(0.1)
    raise AssertionError(f"never happened: {what}")


def test_a_badge_is_awarded_announced_and_shown(site, helper):
    topic = ask(helper)
    person = site.member(age_days=5)
    answer(person, topic)
    wait_for(lambda: site.sql("select 1 from badge_awards a join badges b on b.id = a.badge_id"
                              " where a.person_id = %s and b.slug = 'premiere-reponse'", person.person.id),
             "the badge")
    told = person.get("/notifications").page
    assert "You were awarded the badge First answer" in told.text
    shown = site.visitor().get("/badges/premiere-reponse").page
    assert person.person.name in shown.text and "First answer" in shown.title
    profile = site.visitor().get(f"/u/{person.person.id}").page
    assert "/badges/premiere-reponse" in profile.links
    assert "Newcomer" in profile.text


def test_badges_are_listed_in_both_languages(site):
    english, french = site.visitor().get("/badges").page, site.visitor(language="fr").get("/badges").page
    assert "Fount of knowledge" in english.text and "Puits de science" in french.text
    assert len([link for link in english.links if link.startswith("/badges/")]) >= 25


def test_an_unknown_badge_is_not_found(site):
    assert site.visitor().get("/badges/nothing").status == 404


def test_moderators_give_and_take_badges_by_hand(site, moderator, advisor):
    person = site.member(age_days=5)
    handle = site.sql_value("select handle from people where id = %s", person.person.id)
    path = "/badges/ambassadeur"
    assert not any(form.action == path for form in advisor.get(path).page.forms)
    fields = {**advisor.get("/ask").page.form("/ask").fields, "do": "give", "handle": handle, "reason": "because"}
    assert advisor.post(path, fields).status == 403
    refused = moderator.submit(path, path, do="give", handle="nobody-of-that-name", reason="For all the help")
    assert refused.status == 422 and "Nobody has this name" in problem(refused)
    given = moderator.submit(refused, path, do="give", handle=f"@{handle}", reason="For all the help")
    assert person.person.name in given.page.text
    taken = moderator.submit(given, path, do="take", handle=handle, reason="It was a mistake")
    assert person.person.name not in taken.page.text


def test_administrators_change_a_rule_and_nobody_else(site, moderator):
    administrator = site.member(role="administrator")
    path = "/badges/oiseau-de-nuit"
    fields = {**moderator.get("/ask").page.form("/ask").fields, "do": "rule", "threshold": "3", "window_days": "0"}
    assert moderator.post(path, fields).status == 403
    assert administrator.post(path, {**administrator.get("/ask").page.form("/ask").fields, "do": "rule",
                                     "threshold": "0", "window_days": "0"}).status == 422
    done = administrator.post(path, {**administrator.get("/ask").page.form("/ask").fields, "do": "rule",
                                     "threshold": "12", "window_days": "0", "is_active": "1"})
    assert "Answers at night: 12" in done.page.text


def test_the_ladder_is_changed_refused_by_line_and_restored(site, moderator):
    administrator = site.member(role="administrator")
    path = "/admin/ranks"
    assert moderator.get(path).status == 403
    shown = administrator.get(path)
    first = site.sql_value("select max(id) from rank_ladders")
    refused = administrator.submit(shown, path, ladder="points: accepted 15\nAb | Ab | x", reason="")
    assert refused.status == 422 and "Line 2" in problem(refused)
    saved = administrator.submit(refused, path, ladder="points: replies 1\nUn | One | 0\nDeux | Twofold | 1",
                                 reason="Simpler")
    assert saved.status == 200 and "Twofold" in saved.text and "Simpler" in saved.page.text
    late = administrator.submit(refused, path, ladder="points: replies 1\nUn | One | 0")
    assert late.status == 409
    person = site.member(age_days=5)
    topic = ask(person)
    answer(person, topic)
    wait_for(lambda: site.sql_value("select rank_en from people where id = %s", person.person.id) == "Twofold",
             "the new rank")
    assert "Twofold" in site.visitor().get(topic.path).page.text
    old = administrator.get(f"{path}?version={first}")
    assert "earlier version" in old.page.text
    assert administrator.submit(old, path).status == 200


def test_one_switch_keeps_a_person_out_of_rankings(site, helper):
    person = site.member(age_days=5)
    topic = ask(helper)
    answer(person, topic)
    path = f"/u/{person.person.id}/standing"
    wait_for(lambda: site.sql_value("select rank_position from people where id = %s", person.person.id) > 0, "a rank")
    profile = f"/u/{person.person.id}"
    rank = site.sql_value("select rank_en from people where id = %s", person.person.id)
    assert rank in site.visitor().get(profile).page.text
    out = person.submit(path, "/settings/ranking")
    assert "no ranking" in out.page.text
    assert rank not in site.visitor().get(profile).page.text
    again = person.submit(out, "/settings/ranking")
    assert "You are in rankings" in again.page.text
