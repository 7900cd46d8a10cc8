"""Where people stand: limits of the new, levels by hand, the ledger, rings."""

from support.forum import answer, ask, problem, rest

LINKS = " ".join(f"https://example{n}.org/page" for n in range(3))


def level(site, person, wanted):
    site.sql("update people set trust_level = %s where id = %s", wanted, person.id)


def give(site, person, wanted):
    """By hand, so that the worker's rules leave it."""
    site.sql("update people set trust_level = %s, trust_level_given = %s where id = %s", wanted, wanted, person.id)


def test_new_people_may_post_two_links_and_others_more(site, helper):
    topic = ask(helper)
    newcomer = site.member(age_days=5)
    form = newcomer.get(topic.path).page
    refused = newcomer.submit(form, f"/t/{topic.id}/answer", body=f"Look here: {LINKS}")
    assert refused.status == 422 and "2 links" in problem(refused)
    level(site, newcomer.person, 1)
    rest(site)
    taken = newcomer.submit(refused, f"/t/{topic.id}/answer", body=f"Look here: {LINKS}")
    assert taken.status == 200 and "example2.org" in taken.page.text


def test_links_of_regulars_are_followed(site, helper):
    topic = ask(helper)
    regular = site.member(age_days=5)
    give(site, regular.person, 3)
    first = answer(regular, topic, body="See https://example.org/followed for more.")
    give(site, regular.person, 2)
    rest(site)
    second = answer(regular, topic, body="See https://example.org/unfollowed for more.")
    shown = site.visitor().get(topic.path).text
    html = {post: shown.split(f'id="p{post}"', 1)[1].split("</article>", 1)[0] for post in (first, second)}
    assert 'rel="ugc"' in html[first] and "nofollow" not in html[first]
    assert 'rel="ugc nofollow"' in html[second]


def test_a_person_sees_where_they_stand_and_why(site, helper):
    thankful = site.member(age_days=5)
    topic = ask(thankful)
    helpful = site.member(age_days=5)
    post = answer(helpful, topic)
    page = thankful.get(topic.path)
    assert thankful.submit(page, f"/p/{post}/thank").status == 200
    path = f"/u/{helpful.person.id}/standing"
    shown = helpful.get(path).page
    assert "Level 0: New" in shown.text and "What comes next: level 1" in shown.text
    assert "Thanks received" in shown.text and "10 points" in shown.text
    assert f"/p/{post}" in shown.links
    assert thankful.get(path).status == 403
    assert site.visitor().get(path, follow=False).status in (302, 303)
    thankful.submit(thankful.get(topic.path), f"/p/{post}/thank")
    after = helpful.get(path).page.text
    assert "Taken back: Thanks received" in after and "0 points" in after


def test_a_moderator_gives_a_level_by_hand_and_says_why(site, moderator, advisor):
    person = site.member(age_days=5)
    path, action = f"/u/{person.person.id}/standing", f"/u/{person.person.id}/trust"
    assert advisor.get(path).status == 403
    shown = moderator.get(path)
    refused = moderator.submit(shown, action, level="4", reason="")
    assert refused.status == 422
    given = moderator.submit(refused, action, level="4", reason="Looks after the newcomers")
    assert "Level 4: Leader" in given.page.text and "given by a moderator" in given.page.text
    assert "Level 4" in person.get(path).page.text
    row = site.sql("select reason, actor_id from audit_log where action = 'trust_give' and person_id = %s",
                   person.person.id)[0]
    assert row == {"reason": "Looks after the newcomers", "actor_id": moderator.person.id}
    fields = {**person.get("/ask").page.form("/ask").fields, "level": "4", "reason": "because"}
    assert person.post(action, fields).status == 403


def test_the_levels_are_explained_to_everybody(site):
    shown = site.visitor().get("/levels").page.text
    assert "Level 3: Regular" in shown and "Days visited" in shown


def test_days_and_addresses_are_noted_at_login_as_codes(site):
    person = site.person()
    visitor = site.member(person)
    assert visitor.person
    assert site.sql_value("select count(*) from person_days where person_id = %s", person.id) == 1
    row = site.sql("select length(address_hash) as bytes from person_addresses where person_id = %s", person.id)
    assert row == [{"bytes": 32}]


def test_the_worker_raises_who_fulfils_the_rules(site, helper):
    import time
    topic = ask(helper)
    person = site.member(age_days=5)
    answer(person, topic)
    site.sql("insert into person_days values (%s, current_date - 1) on conflict do nothing", person.person.id)
    for _ in range(100):
        if site.sql_value("select trust_level from people where id = %s", person.person.id) == 1:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("nobody raised the level")
    assert "Level 1" in person.get(f"/u/{person.person.id}/standing").page.text


def test_a_ring_is_shown_to_moderators_and_judged(site, moderator, advisor, helper):
    ring = [site.person(age_days=20) for _ in range(3)]
    topic = ask(helper)
    category = site.sql_value("select category_id from topics where id = %s", topic.id)
    for round_number in range(3):
        for place, giver in enumerate(ring):
            receiver = ring[(place + 1) % 3]
            post = site.sql_value(
                "insert into posts (topic_id, number, kind, author_id, body_md, body_html)"
                " select %s, 1 + max(number), 'answer', %s, 'ring', '<p>ring</p>' from posts where topic_id = %s"
                " returning id", topic.id, receiver.id, topic.id)
            site.sql("insert into thanks (post_id, person_id) values (%s, %s)", post, giver.id)
    assert category
    site.sql("update topics set last_number = (select max(number) from posts where topic_id = %s) where id = %s",
             topic.id, topic.id)
    site.sql("select reputation_find_rings(now())")
    assert helper.get("/mod/rings").status == 403
    assert advisor.get("/mod/rings").status == 403
    listed = moderator.get("/mod/rings").page
    number = site.sql_value("select id from reputation_rings where members @> array[%s::bigint]", ring[0].id)
    assert f"/mod/rings/{number}" in listed.links
    assert advisor.get(f"/mod/rings/{number}").status == 403
    shown = moderator.get(f"/mod/rings/{number}")
    assert all(person.name in shown.page.text for person in ring)
    fields = {**advisor.get("/ask").page.form("/ask").fields, "state": "confirmed", "reason": "because"}
    assert advisor.post(f"/mod/rings/{number}", fields).status == 403
    assert moderator.submit(shown, f"/mod/rings/{number}", state="confirmed", reason="").status == 422
    done = moderator.submit(shown, f"/mod/rings/{number}", state="confirmed", reason="One class, one evening")
    assert done.status == 200 and f"/mod/rings/{number}" not in done.page.links
    assert site.sql_value("select sum(reputation)::integer from people where id = any(%s)",
                          [person.id for person in ring]) == 0
    assert "One class" in moderator.get(f"/mod/rings/{number}").page.text
