"""Reporting a post: the form, what comes of it, and what its author is told."""

from support.forum import a_title, answer, ask, comment, problem, rest


def test_a_report_is_a_page_with_reasons_that_works_without_a_script(site, asker, helper):
    topic = ask(asker)
    post = answer(helper, topic)
    path = f"/p/{post}/flag"
    assert asker.get(topic.path).page.find("a", href=path)
    assert not helper.get(topic.path).page.find("a", href=path)
    assert not site.visitor().get(topic.path).page.find("a", href=path)
    form = asker.get(path)
    assert form.status == 200 and len(form.page.all("input", type="radio")) == 7
    none = asker.submit(form, path, detail="It is not nice")
    assert none.status == 422 and "choose a reason" in problem(none)
    vague = asker.submit(path, path, reason="other", detail="")
    assert vague.status == 422 and vague.page.find("input", id="reason-other").has("checked")
    done = asker.submit(path, path, reason="rude", detail="Insults the asker")
    assert done.status == 200 and "the team looks at it" in done.page.find(role="status").text
    (row,) = site.sql("select reason, detail, weight, network <> '' as has_network, state from flags"
                      " where post_id = %s", post)
    assert (row["reason"], row["detail"], row["has_network"], row["state"]) == (
        "rude", "Insults the asker", True, "open")
    assert site.sql_value("select count(*) from moderation_items where post_id = %s and kind = 'flag'"
                          " and state = 'open'", post) == 1


def test_questions_and_comments_are_reported_too(site, asker, helper):
    topic = ask(asker)
    remark = comment(asker, answer(helper, topic))
    for post, who in ((topic.post, helper), (remark, helper)):
        assert who.submit(f"/p/{post}/flag", f"/p/{post}/flag", reason="spam").status == 200
        assert site.sql_value("select count(*) from flags where post_id = %s", post) == 1


def test_hidden_by_reports_the_post_is_gone_for_all_but_its_author_and_the_team(site, asker, helper, advisor):
    topic = ask(asker, title=a_title())
    body = "Buy this miracle box of mine, it never restarts at all."
    post = answer(helper, topic, body=body)
    site.sql("update people set trust_level = 0 where id = %s", helper.person.id)
    for number in range(5):
        flagger = site.member()
        site.sql("update people set trust_level = 2 where id = %s", flagger.person.id)
        # Each from an address of their own, as people are.
        site.sql("update sessions set address = %s where person_id = %s", f"10.99.0.{number}", flagger.person.id)
        shown = flagger.submit(f"/p/{post}/flag", f"/p/{post}/flag", reason="spam")
        assert shown.status == 200
        if number == 2:
            break
    assert site.sql_value("select visibility from posts where id = %s", post) == "held"
    assert body not in site.visitor().get(topic.path).page.text
    assert body in helper.get(topic.path).page.text and body in advisor.get(topic.path).page.text
    assert "a decision" in helper.get("/notifications").page.text
    rest(site)


def test_nobody_reports_without_an_account_or_their_own(site, asker):
    topic = ask(asker)
    path = f"/p/{topic.post}/flag"
    assert site.visitor().get(path, follow=False).status == 302
    assert asker.get(path).status == 403
    assert asker.get("/p/999999999/flag").status == 404
