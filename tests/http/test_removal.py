"""Everything by a person is removed in the background, and put back within thirty days."""

from support.forum import answer, ask, comment, eventually


def begin(moderator, person, **fields):
    path = f"/mod/removal/{person}"
    return moderator.submit(path, path, **{"reason": "Floods the forum with advertising.", "spam": "1", **fields})


def state(site, person):
    return site.sql_value("select state from removals where person_id = %s order by id desc limit 1", person)


def test_all_is_removed_learnt_and_put_back(site, asker, moderator):
    spammer = site.member()
    person = spammer.person.id
    own = ask(spammer, body="Cheap watches of all brands for you, look at our shop today, free delivery for all.")
    topic = ask(asker)
    post = answer(spammer, topic, body="Cheap watches of all brands for you, order in our shop before Sunday evening.")
    note = comment(spammer, topic.post, "Cheap watches here")
    taken = answer(spammer, topic, body="Something that a moderator took away by hand before.")
    site.sql("update posts set visibility = 'withdrawn', withdrawn_by = %s, withdrawn_at = now() where id = %s", moderator.person.id, taken)
    shown = begin(moderator, person)
    assert shown.status == 200
    eventually(lambda: state(site, person) == "removed", "all is removed")
    assert site.sql_value("select done from removals where person_id = %s", person) == 3
    assert site.visitor().get(own.path).status == 410
    page = site.visitor().get(topic.path).page
    assert "Cheap watches" not in page.text
    assert topic.row()["answer_count"] == 0
    learnt = "select count(*) from spam_lessons where label = 'spam' and post_id = any (%s)"
    eventually(lambda: site.sql_value(learnt, [post, note, own.post]) == 3, "the spam score learns")
    assert site.sql_value("select count(*) from notifications where person_id = %s and kind = 'case'", person) == 1
    assert site.sql_value("select count(*) from audit_log where action = 'removal_begin' and person_id = %s", person) == 1

    path = f"/mod/removal/{person}"
    number = site.sql_value("select max(id) from removals where person_id = %s", person)
    moderator.submit(path, path, do="undo", removal=str(number))
    eventually(lambda: state(site, person) == "restored", "all is put back")
    assert "Cheap watches" in site.visitor().get(topic.path).page.text
    assert site.visitor().get(own.path).status == 200
    # What was withdrawn before stays so.
    assert site.sql_value("select visibility from posts where id = %s", taken) == "withdrawn"
    eventually(lambda: site.sql_value(learnt, [post, note, own.post]) == 0, "the lesson is unlearnt")
    assert site.sql_value("select reversal from moderation_cases c join removals r on r.case_id = c.id where r.id = %s", number) == "undone"


def test_more_than_a_batch_is_removed(site, moderator):
    flooder = site.member()
    topic = ask(flooder)
    site.sql("insert into posts (topic_id, number, kind, author_id, body_md, body_html)"
             " select %s, 1000 + n, 'answer', %s, 'Flood ' || n, '' from generate_series(1, 250) n", topic.id, flooder.person.id)
    begin(moderator, flooder.person.id, spam="")
    eventually(lambda: state(site, flooder.person.id) == "removed", "all is removed")
    assert site.sql_value("select count(*) from posts where author_id = %s and visibility = 'visible'", flooder.person.id) == 0
    assert site.sql_value("select done from removals where person_id = %s", flooder.person.id) == 251


def test_the_team_cannot_be_removed_and_members_cannot_remove(site, asker, advisor, moderator):
    target = ask(asker)
    assert begin(moderator, asker.person.id, reason="").status == 422
    refused = moderator.post(f"/mod/removal/{advisor.person.id}",
                             {**moderator.get("/ask").page.form("/ask").fields, "reason": "No reason at all"})
    assert refused.status == 403
    for who in (asker, advisor):
        assert who.get(f"/mod/removal/{asker.person.id}").status == 403
    assert moderator.get("/mod/removal/999999999").status == 404
    assert site.visitor().get(target.path).status == 200
