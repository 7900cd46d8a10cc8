"""Legal notices: from a stranger's form to the decision, the complaint, and what happens to
whoever sends nonsense."""

import re

import pytest

from support.forum import a_title, answer, ask, problem, rest

WHY = "The third line accuses me by name of a crime that I did not commit."


@pytest.fixture(autouse=True)
def unthrottled(site):
    site.sql("delete from throttles where key like 'notice:%%' or key like 'mail:%%'")


@pytest.fixture
def post(asker, helper, site):
    rest(site)
    return answer(helper, ask(asker, title=a_title()))


def notify(visitor, addresses, **fields):
    return visitor.submit("/legal/notice", "/legal/notice", addresses=addresses,
                          **{"category": "insult", "explanation": WHY, "faith": "1", **fields})


def sent(visitor, addresses, **fields):
    """(the code, the receipt)"""
    receipt = notify(visitor, addresses, **fields)
    assert receipt.status == 200, problem(receipt)
    return re.fullmatch(r"/legal/notice/([0-9a-f]{32})", receipt.path).group(1), receipt


def items_of(site, code):
    return [row["id"] for row in site.sql(
        "select i.id from moderation_items i join notices n on n.id = i.reference_id"
        " where i.kind = 'notice' and n.code = %s order by i.post_id", code)]


def decide(moderator, item, decision, **fields):
    return moderator.submit(f"/mod/items/{item}", f"/mod/items/{item}/decide", follow=False,
                            decision=decision, **fields)


def kept(site):
    """All that a notice leaves behind."""
    return site.sql("select (select count(*) from notices), (select count(*) from notice_targets),"
                    " (select count(*) from moderation_items where kind = 'notice'),"
                    " (select count(*) from mails where kind = 'notice')")


def where(site, code):
    return site.visitor().get(f"/legal/notice/{code}").page.text


# ---- sending ---------------------------------------------------------------------


def test_a_stranger_gets_a_receipt_and_the_team_an_item(site, post, moderator):
    stranger = site.visitor()
    assert stranger.get("/").page.find("a", href="/legal/notice"), "linked from every page"
    code, receipt = sent(stranger, f"{site.url}/p/{post}")
    assert "This page is your receipt" in receipt.page.text and code in receipt.page.text
    assert "We have received it" in receipt.page.text
    assert receipt.page.find("meta", name="robots")["content"] == "noindex"
    item, = items_of(site, code)
    assert moderator.get("/mod?kind=notice").page.find("a", href=f"/mod/items/{item}?kind=notice")
    shown = moderator.get(f"/mod/items/{item}").page
    assert WHY in shown.text and "Insult, defamation" in shown.text and "no name given" in shown.text
    assert shown.find("option", value="rude").has("selected"), "what it says is proposed"
    assert shown.find("input", id="law").has("checked")
    assert site.sql_value("select email || name from notices where code = %s", code) == ""


def test_the_status_follows_the_team(site, post, moderator):
    code, _ = sent(site.visitor(), f"/p/{post}")
    item, = items_of(site, code)
    moderator.submit(f"/mod/items/{item}", f"/mod/items/{item}/claim")
    assert "It is being examined by a person" in where(site, code)
    assert decide(moderator, item, "withdraw").status == 303
    told = where(site, code)
    assert "Decided: what you told us about was removed" in told and "court" in told


def test_every_form_of_an_address_of_ours_is_understood(site, asker, helper):
    topic = ask(asker, title=a_title())
    rest(site)
    post = answer(helper, topic)
    addresses = f"{site.url}{topic.path}\n{topic.path}#p{post}   {site.url}/p/{post}/comments"
    code, _ = sent(site.visitor(), addresses)
    assert [row["post_id"] for row in site.sql(
        "select t.post_id from notice_targets t join notices n on n.id = t.notice_id where n.code = %s"
        " order by 1", code)] == [topic.post, post], "each once"


HOSTILE = [
    ({"addresses": "https://evil.example/p/1"}, "addresses", "not the address of"),
    ({"addresses": "//evil.example/p/1"}, "addresses", "not the address of"),
    ({"addresses": "javascript:alert(1)"}, "addresses", "not the address of"),
    ({"addresses": "/admin"}, "addresses", "not the address of"),
    ({"addresses": "/p/999999999"}, "addresses", "Nothing can be read at"),
    ({"addresses": "/p/99999999999999999999"}, "addresses", "not the address of"),
    ({"addresses": " \n "}, "addresses", "fill in"),
    ({"addresses": "/p/1 " * 11}, "addresses", "At most 10"),
    ({"addresses": "<script>alert(1)</script>"}, "addresses", "not the address of"),
    ({"category": "nonsense"}, "category", "choose a reason"),
    ({"explanation": "Too short"}, "explanation", "Too short"),
    ({"explanation": "x" * 4001}, "explanation", "too long"),
    ({"name": "n" * 101}, "name", "too long"),
    ({"email": "no address"}, "email", ""),
    ({"faith": ""}, "faith", "Without this statement"),
    ({"trap": "http://spam.example"}, "trap", "leave this field empty"),
]


@pytest.mark.parametrize("fields, field, sentence", HOSTILE, ids=[f"{row[1]}-{i}" for i, row in enumerate(HOSTILE)])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(site, post, fields, field, sentence):
    before = kept(site)
    typed = {"addresses": f"/p/{post}", "name": "Kept", **fields}
    refused = notify(site.visitor(), **typed)
    assert refused.status == 422, refused
    assert refused.page.find(id=f"{field}-error"), refused.page.text
    assert sentence.lower() in refused.page.find(id=f"{field}-error").text.lower()
    if "explanation" not in fields:
        assert refused.page.find("textarea", id="explanation").text.strip() == WHY
    assert "<script>alert" not in refused.text, "escaped"
    assert kept(site) == before


def test_what_cannot_be_read_is_not_confirmed(site, post, asker):
    held = ask(asker, title=a_title())
    site.sql("update topics set visibility = 'held' where id = %s", held.id)
    site.sql("update posts set visibility = 'withdrawn' where id = %s", post)
    for address in (held.path, f"/p/{held.post}", f"/p/{post}"):
        refused = notify(site.visitor(), address)
        assert refused.status == 422 and "Nothing can be read at" in refused.page.text


def test_many_notices_from_one_place_are_slowed_down(site, post):
    visitor = site.visitor(address="127.0.0.77")
    answers = [notify(visitor, f"/p/{post}").status for _ in range(11)]
    assert answers == [200] * 10 + [429]
    site.sql("delete from throttles where key like 'notice:%%'")


def test_the_same_form_twice_is_one_notice(site, post):
    visitor = site.visitor()
    fields = visitor.get("/legal/notice").page.form("/legal/notice").fields | {
        "addresses": f"/p/{post}", "category": "other", "explanation": WHY, "faith": "1"}
    first, second = (visitor.post("/legal/notice", fields, follow=False) for _ in range(2))
    assert first.status == second.status == 303
    assert first.headers["Location"] == second.headers["Location"]


def test_the_number_cannot_be_guessed(site, post):
    code, _ = sent(site.visitor(), f"/p/{post}")
    for wrong in ("1", "0" * 32, code[:-1], code.upper() if code != code.upper() else "x", "%27", "a" * 4000):
        assert site.visitor().get(f"/legal/notice/{wrong}").status in (400, 404, 414), wrong[:40]


def test_the_address_is_there_when_coming_from_a_report(site, post):
    member = site.member()
    link = member.get(f"/p/{post}/flag").page.find("a", href=f"/legal/notice?address=/p/{post}")
    shown = member.get(link["href"])
    assert shown.page.find("textarea", id="addresses").text.strip() == f"{site.url}/p/{post}"
    for strange in ("//evil.example", "https://evil.example/"):
        shown = member.get(f"/legal/notice?address={strange}")
        assert shown.page.find("textarea", id="addresses").text.strip() == ""


# ---- mails -------------------------------------------------------------------------


def mails_to(site, address):
    return site.sql("select m.parameters ->> 'notification' as what, m.parameters ->> 'title' as title,"
                    " m.parameters::text as whole, m.language, m.person_id from mails m where m.address = %s order by m.id",
                    address)


def test_receipt_and_decision_go_by_mail_and_quote_nobody(site, post, moderator):
    address = f"stranger-{post}@example.org"
    code, _ = sent(site.visitor(), f"/p/{post}", email=address, name="Buy at spam.example")
    mail = site.wait_mail(address)
    assert f"{site.url}/legal/notice/{code}" in mail.text and f"Its number is {code}." in mail.text
    for said in (mail.text, mail.html):
        assert "spam.example" not in said and "accuses" not in said
    decide(moderator, items_of(site, code)[0], "withdraw", note="An accusation in the third line")
    assert [(m["what"], m["title"]) for m in mails_to(site, address)] == [
        ("received", ""), ("decided", "removed")]
    decision = site.wait_mail(address, 2)
    assert "We have removed what you told us about" in decision.text and "court" in decision.text
    assert "accusation" not in decision.text, "the facts are the author's"


# ---- deciding ------------------------------------------------------------------------


def test_removal_tells_the_author_the_reasons_and_not_the_notifier(site, post, helper, moderator):
    code, _ = sent(site.visitor(), f"/p/{post}", email=f"secret-{post}@example.org", name="Secret Notifier")
    decide(moderator, items_of(site, code)[0], "withdraw", law="1", note="An accusation in the third line")
    case = site.sql("select id, origin, ground, rule, statement from moderation_cases where post_id = %s", post)[0]
    assert (case["origin"], case["ground"], case["rule"]) == ("notice", "law", "rude")
    shown = helper.get(f"/cases/{case['id']}").page.text
    assert "reported to us by a legal notice" in shown and "An accusation in the third line" in shown
    assert "secret" not in shown.lower() and code not in shown


def test_several_addresses_are_decided_each_and_the_last_decides_the_notice(site, asker, helper, moderator):
    topic = ask(asker, title=a_title())
    posts = []
    for number in range(2):
        rest(site)
        posts.append(answer(helper, topic, body=f"One of two answers to be judged, the one with number {number}."))
    code, _ = sent(site.visitor(), f"/p/{posts[0]} /p/{posts[1]}")
    one, other = items_of(site, code)
    decide(moderator, one, "withdraw")
    assert "not decided yet" in where(site, code)
    assert decide(moderator, other, "approve").status == 422, "whoever sent it is owed a reason"
    decide(moderator, other, "approve", note="An opinion, which is free.")
    told = where(site, code)
    assert "some of what you told us about was removed" in told and "An opinion, which is free." in told
    assert site.sql_value("select outcome from notices where code = %s", code) == "partly"


def test_leaving_it_touches_nothing_else_that_waits(site, post, moderator):
    site.member().submit(f"/p/{post}/flag", f"/p/{post}/flag", reason="spam")
    code, _ = sent(site.visitor(), f"/p/{post}")
    decide(moderator, items_of(site, code)[0], "approve", note="Lawful, if rude.")
    assert site.sql_value("select visibility from posts where id = %s", post) == "visible"
    assert site.sql_value("select state from moderation_items where kind = 'flag' and post_id = %s", post) == "open"
    assert site.sql_value("select state from flags where post_id = %s", post) == "open"


def test_an_undone_decision_is_open_for_the_notifier_too(site, post, moderator):
    code, _ = sent(site.visitor(), f"/p/{post}")
    item, = items_of(site, code)
    done = moderator.submit(f"/mod/items/{item}", f"/mod/items/{item}/decide", decision="withdraw")
    back = moderator.submit(f"/mod/items/{item}", f"/mod/items/{item}/undo")
    assert done.status == back.status == 200
    assert site.sql_value("select visibility from posts where id = %s", post) == "visible"
    assert "It is being examined" in where(site, code)
    decide(moderator, item, "withdraw")
    assert "was removed" in where(site, code)


def test_what_was_withdrawn_meanwhile_makes_no_second_case(site, post, moderator):
    first, _ = sent(site.visitor(), f"/p/{post}")
    second, _ = sent(site.visitor(), f"/p/{post}")
    for code in (first, second):
        assert decide(moderator, items_of(site, code)[0], "withdraw").status == 303
    assert site.sql_value("select count(*) from moderation_cases where post_id = %s", post) == 1
    assert "was removed" in where(site, second)


def test_only_moderators_see_notices(site, post, helper, advisor):
    code, _ = sent(site.visitor(), f"/p/{post}")
    item, = items_of(site, code)
    for who in (helper, advisor):
        assert who.get(f"/mod/items/{item}").status == 403
        assert who.get("/mod/notices").status == 403
        token = who.get("/settings").page.form("/settings/profile").fields["csrf"]
        for path, fields in ((f"/mod/items/{item}/decide", {"decision": "withdraw", "reason": "rude"}),
                             ("/mod/notices", {"do": "hear", "id": "1"})):
            assert who.post(path, {"csrf": token, "key": "k" * 40, **fields}, follow=False).status == 403
    assert site.visitor().get("/mod/notices", follow=False).status == 302


# ---- the notifier's complaint ----------------------------------------------------------


def may_complain(site, code):
    return site.visitor().get(f"/legal/notice/{code}").page.find("form", action=f"/legal/notice/{code}/complaint")


def complain(site, code, text="The sentence names me, and it is a lie."):
    return site.visitor().submit(f"/legal/notice/{code}", f"/legal/notice/{code}/complaint", text=text)


def test_somebody_else_decides_the_notifiers_complaint(site, post, helper, moderator):
    address = f"complains-{post}@example.org"
    code, _ = sent(site.visitor(), f"/p/{post}", email=address)
    assert not may_complain(site, code)
    decide(moderator, items_of(site, code)[0], "approve", note="An opinion.")
    assert complain(site, code, "short").status == 422
    assert complain(site, code).status == 200
    item = site.sql_value("select i.id from moderation_items i join notices n on n.id = i.reference_id"
                          " where i.kind = 'notice_complaint' and n.code = %s", code)
    refused = decide(moderator, item, "uphold", note="You are right")
    assert refused.status == 403 and "Somebody else must decide" in refused.page.text
    other = site.member(role="moderator")
    shown = other.get(f"/mod/items/{item}").page
    assert "it is a lie" in shown.text and WHY in shown.text
    assert [b["value"] for b in shown.all("button", name="decision")] == ["uphold", "reject"]
    assert decide(other, item, "uphold", note="You are right: it names you.").status == 303
    assert site.sql_value("select visibility from posts where id = %s", post) == "withdrawn"
    assert "removed" in where(site, code) and "You are right: it names you." in where(site, code)
    assert site.sql_value("select origin || ground from moderation_cases where post_id = %s", post) == "noticelaw"
    assert "legal notice" in helper.get("/notifications").text or site.sql_value(
        "select count(*) from notifications where post_id = %s and kind = 'case'", post) == 1
    assert [m["what"] for m in mails_to(site, address)] == ["received", "decided", "complaint"]


def test_a_complaint_comes_once_and_within_six_months(site, post, moderator):
    code, _ = sent(site.visitor(), f"/p/{post}")
    decide(moderator, items_of(site, code)[0], "approve", note="An opinion.")
    page = site.visitor()
    form = page.get(f"/legal/notice/{code}")
    site.sql("update notices set decided_at = now() - interval '7 months' where code = %s", code)
    late = page.submit(form, f"/legal/notice/{code}/complaint", text="It names me, and it is a lie.")
    assert late.status == 409 and "six months" in late.page.text
    site.sql("update notices set decided_at = now() where code = %s", code)
    assert complain(site, code).status == 200
    item = site.sql_value("select max(id) from moderation_items where kind = 'notice_complaint'")
    assert decide(site.member(role="moderator"), item, "reject", note="It stays an opinion.").status == 303
    assert "Rejected: the decision stands." in where(site, code)
    assert not may_complain(site, code)


# ---- who misuses it ----------------------------------------------------------------------


def test_manifestly_unfounded_notices_lead_to_a_warning_then_to_silence(site, post, moderator):
    address = f"nonsense-{post}@example.org"
    codes = []
    for number in range(3):
        site.sql("delete from throttles")
        code, _ = sent(site.visitor(), f"/p/{post}", email=address)
        codes.append(code)
        decide(moderator, items_of(site, code)[0], "unfounded", note="Nothing of the sort stands there.")
    assert "warning" not in where(site, codes[0])
    assert "This is a warning" in site.sql_value(
        "select case when exists (select from notifier_measures m join notices n on n.id = m.notice_id"
        " where n.code = %s and m.kind = 'warning') then 'This is a warning' else '' end", codes[1])
    assert "Your notices and complaints are not handled until" in where(site, codes[2])
    site.sql("delete from throttles")
    later, receipt = sent(site.visitor(), f"/p/{post}", email=address)
    assert "Kept, but not handled" in receipt.page.text and items_of(site, later) == []
    site.sql("delete from throttles")
    other, _ = sent(site.visitor(), f"/p/{post}", email=f"other-{post}@example.org")
    assert items_of(site, other), "nobody else is concerned"
    # The team may look at it all the same, and hear that person again.
    number = site.sql_value("select id from notices where code = %s", later)
    listed = moderator.get("/mod/notices")
    assert "Set aside" in listed.page.text
    taken = moderator.post("/mod/notices", listed.page.form("/mod/notices").fields | {
        "do": "take_up", "id": str(number)})
    assert taken.status == 200 and "The notice is in the queue." in taken.page.text
    assert len(items_of(site, later)) == 1
    listed = moderator.get("/mod/notices")
    suspension = site.sql_value("select max(id) from notifier_measures where kind = 'suspension'")
    heard = moderator.post("/mod/notices", listed.page.form("/mod/notices").fields | {
        "do": "hear", "id": str(suspension)})
    assert heard.status == 200
    assert "not handled until" not in where(site, codes[2])


def test_whoever_repeats_illegal_content_is_shown_as_such(site, asker, moderator):
    offender = site.member(age_days=10)
    topic = ask(asker, title=a_title())
    for number in range(4):
        rest(site)
        post = answer(offender, topic, body=f"Something against the law, and that for the time number {number}.")
        site.sql("delete from throttles")
        code, _ = sent(site.visitor(), f"/p/{post}")
        item, = items_of(site, code)
        shown = moderator.get(f"/mod/items/{item}").page.text
        assert ("warn first" in shown) == (number == 3)
        if number < 3:
            decide(moderator, item, "withdraw", law="1")
    assert "3 posts were removed as against the law lately" in shown
