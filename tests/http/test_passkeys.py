"""Passkeys by the pages: added, signed in with, asked for again, removed; and what must
be refused. On a site with a name, that demands a second factor of its team.
"""

import pytest

from support.accounts import is_signed_in
from support.forum import problem
from support.passkeys import PRESENT, Authenticator, NamedSite, add, options, sign_in
from support.site import PASSWORD


@pytest.fixture(scope="module")
def named():
    forum = NamedSite("named", settings={"ENTRAIDE_SECURITY_STAFF_WITHOUT_SECOND_FACTOR": "refused"}).start()
    yield forum
    forum.stop()


@pytest.fixture
def owner(named):
    """Somebody signed in, who has a passkey: (visitor, authenticator)."""
    visitor = named.member()
    device, answer = add(visitor)
    assert answer.status == 200, problem(answer)
    return visitor, device


def first_step(named, person):
    visitor = named.visitor()
    answer = visitor.submit("/login", "/login", email=person.email, password=PASSWORD)
    assert answer.path == "/login/second-step", problem(answer)
    return visitor, answer


def second_step(visitor, page, device):
    asked = options(visitor, page, "/login/second-step", "step")
    return visitor.post("/login/second-step", page.page.form("/login/second-step").fields | device.get(asked.json()))


def removal_of(page):
    return next(form.action for form in page.page.forms if "/passkeys/" in form.action)


def begun_by(named, person):
    return named.sql_value("select authenticated_by from sessions where person_id = %s order by id desc limit 1",
                           person.id)


# ---- taken ------------------------------------------------------------------------------


def test_a_passkey_is_added_named_and_listed_and_codes_are_shown_once(named):
    visitor = named.member()
    page = visitor.get("/settings/security")
    assert "Passkeys need JavaScript" in page.page.text
    device, answer = add(visitor, "My “green” <telephone>")
    assert answer.text.count("</code></li>") == 10 and "no-store" in answer.headers["Cache-Control"]
    listed = visitor.get("/settings/security").page.text
    assert "My “green” <telephone>" in listed and "10 recovery codes are left" in listed
    assert "A new passkey opens your account" in named.wait_mail(visitor.person.email).text
    asked = options(visitor, "/settings/security", "/settings/security/passkeys", "new").json()
    assert len(asked["excludeCredentials"]) == 1 and asked["attestation"] == "none"
    assert [item["alg"] for item in asked["pubKeyCredParams"]] == [-8, -7, -257]


def test_a_passkey_alone_signs_in(named, owner):
    _, device = owner
    visitor = named.visitor()
    answer = sign_in(visitor, device, "/login?next=/drafts")
    assert answer.path == "/drafts" and is_signed_in(visitor), problem(answer)
    assert begun_by(named, owner[0].person) == "passkey"
    asked = options(named.visitor(), "/login", "/login/passkey", "sign_in").json()
    assert asked["allowCredentials"] == [] and asked["userVerification"] == "required"


def test_the_password_alone_opens_no_session_any_more_and_the_passkey_is_the_step(named, owner):
    visitor, page = first_step(named, owner[0].person)
    assert not is_signed_in(visitor) and "Now your passkey" in page.page.text
    answer = second_step(visitor, page, owner[1])
    assert answer.status == 200 and is_signed_in(visitor), problem(answer)
    assert begun_by(named, owner[0].person) == "passkey"


def test_a_recovery_code_stands_in_for_it(named):
    visitor = named.member()
    _, answer = add(visitor)
    code = answer.page.find("ol", class_="recovery-codes").find("code").text
    again, page = first_step(named, visitor.person)
    assert again.submit(page, "/login/second-step", code=code).status == 200
    assert is_signed_in(again)


def test_a_security_key_that_does_not_know_its_person_is_a_second_step_only(named, owner):
    _, device = owner
    device.flags = PRESENT
    refused = sign_in(named.visitor(), device)
    assert refused.status == 422 and "This passkey was not accepted" in refused.page.text
    visitor, page = first_step(named, owner[0].person)
    assert second_step(visitor, page, device).status == 200 and is_signed_in(visitor)


@pytest.mark.parametrize("role", ("advisor", "moderator", "administrator"))
def test_the_team_gets_its_rights_by_a_passkey(named, role):
    visitor = named.member(role=role)
    assert visitor.get("/admin").path == "/settings/security"
    add(visitor)
    assert visitor.get("/admin", follow=False).status == 200
    listed = visitor.get("/settings/security")
    refused = visitor.submit(listed, removal_of(listed))
    assert refused.status == 403 and "cannot do without" in refused.page.text


def test_asking_again_takes_a_passkey_and_goes_on_with_what_waited(named, owner):
    visitor, device = owner
    named.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s", visitor.person.id)
    asked = visitor.submit("/settings/privacy", "/settings/privacy/erase")
    assert asked.status == 403 and "Is it still you?" in asked.page.text
    fields = asked.page.form("/check").fields
    challenge = options(visitor, asked, "/check", "check").json()
    assert len(challenge["allowCredentials"]) == 1
    done = visitor.post("/check", fields | device.get(challenge))
    assert done.path == "/settings/privacy" and "will be erased on" in done.page.text, problem(done)


def test_adding_and_removing_ask_again_after_a_while(named, owner):
    visitor, _ = owner
    named.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s", visitor.person.id)
    _, asked = add(visitor, "Another")
    assert asked.status == 403 and "Is it still you?" in asked.page.text
    done = visitor.submit(asked, "/check", check_password=PASSWORD)
    assert done.path == "/settings/security" and "Another" in done.page.text, problem(done)


def test_without_passkeys_the_password_does_again(named, owner):
    visitor, device = owner
    listed = visitor.get("/settings/security")
    gone = visitor.submit(listed, removal_of(listed))
    assert "The passkey is removed" in gone.page.text and "codes are left" not in gone.page.text
    assert sign_in(named.visitor(), device).status == 422
    again = named.visitor()
    again.submit("/login", "/login", email=visitor.person.email, password=PASSWORD)
    assert is_signed_in(again)


# ---- refused ------------------------------------------------------------------------------


def refused(answer):
    return answer.status == 422 and "This passkey was not accepted" in answer.page.text


def test_another_origin_or_site_is_refused(named, owner):
    _, device = owner
    for origin, rp_id in (("https://localhost", "localhost"), (named.url + ".evil.example", "localhost"),
                          ("http://localhost:1", "localhost"), (named.url, "localhost.evil.example")):
        device.origin, device.rp_id = origin, rp_id
        visitor = named.visitor()
        assert refused(sign_in(visitor, device)) and not is_signed_in(visitor), origin
        _, answer = add(named.member(), device=rigged(named, origin, rp_id))
        assert refused(answer), origin


def rigged(named, origin, rp_id):
    device = Authenticator(named)
    device.origin, device.rp_id = origin, rp_id
    return device


def test_an_answer_counts_once(named, owner):
    _, device = owner
    visitor = named.visitor()
    page = visitor.get("/login")
    fields = page.page.form("/login/passkey").fields | device.get(
        options(visitor, page, "/login/passkey", "sign_in").json())
    assert visitor.post("/login/passkey", fields).path == "/"
    thief = named.visitor()
    fields["csrf"] = thief.get("/login").page.form("/login/passkey").fields["csrf"]
    assert refused(thief.post("/login/passkey", fields)) and not is_signed_in(thief)


def test_a_challenge_of_ones_own_making_or_of_yesterday_is_refused(named, owner):
    _, device = owner
    visitor = named.visitor()
    page = visitor.get("/login")
    form = page.page.form("/login/passkey").fields
    assert refused(visitor.post("/login/passkey", form | device.get({"challenge": "A" * 43})))
    old = options(visitor, page, "/login/passkey", "sign_in").json()
    named.sql("update passkey_challenges set expires_at = now() - interval '1 second'")
    assert refused(visitor.post("/login/passkey", form | device.get(old)))


def test_a_counter_that_goes_back_is_refused_and_its_owner_told(named, owner):
    visitor, device = owner
    device.count = 40
    assert sign_in(named.visitor(), device).status == 200
    device.count = 20
    thief = named.visitor()
    assert refused(sign_in(thief, device)) and not is_signed_in(thief)
    mails = [named.wait_mail(visitor.person.email, number).text for number in (1, 2)]
    assert any("copy of one of your passkeys" in text for text in mails)
    assert named.sql_value("select count(*) from audit_log where action = 'passkey_counter_went_back'"
                           " and subject_id = %s", visitor.person.id) == 1


def test_another_persons_passkey_opens_nothing_here(named, owner):
    other = named.member()
    theirs, _ = add(other)
    visitor, page = first_step(named, owner[0].person)
    assert refused(second_step(visitor, page, theirs)) and not is_signed_in(visitor)
    stolen = Authenticator(named)
    stolen.id, stolen.user_handle = owner[1].id, owner[1].user_handle
    assert refused(sign_in(named.visitor(), stolen))
    claimed = Authenticator(named)
    claimed.id = owner[1].id
    _, answer = add(other, device=claimed)
    assert refused(answer)
    removal = named.sql_value("select id from passkeys where person_id = %s", owner[0].person.id)
    form = other.get("/settings/security").page.form("/settings/security/passkeys").fields
    assert other.post(f"/settings/security/passkeys/{removal}", {"csrf": form["csrf"]}).status == 404


def test_rubbish_is_refused_and_told_from_the_rest_by_nobody(named):
    visitor = named.visitor()
    form = visitor.get("/login").page.form("/login/passkey").fields
    for value in ("", "A", "%", "é", "A" * 9000, "AAAA", "{}"):
        fields = dict.fromkeys(("passkey_id", "passkey_client_data", "passkey_authenticator_data",
                                "passkey_signature", "passkey_user_handle"), value)
        assert refused(visitor.post("/login/passkey", form | fields)), value


def test_a_visitor_gets_no_challenge_for_adding_and_no_list_of_keys(named, owner):
    visitor = named.visitor()
    page = visitor.get("/login")
    assert options(visitor, page, "/login", "new").status in (302, 303, 401, 200)
    assert "challenge" not in options(visitor, page, "/login", "new").text
    assert options(visitor, page, "/login", "step").json()["allowCredentials"] == []
    assert visitor.post("/passkey/options", {"for": "sign_in"}).status == 403


def test_asking_for_challenges_is_limited(named):
    visitor = named.visitor()
    page = visitor.get("/login")
    statuses = [options(visitor, page, "/login", "sign_in").status for _ in range(31)]
    assert statuses[:30] == [200] * 30 and statuses[30] == 429


def test_at_a_number_there_are_none_and_the_page_says_why(site, member):
    page = member.get("/settings/security")
    assert "browsers allow no passkeys" in page.page.text
    assert "data-passkey" not in page.text and "data-passkey" not in site.visitor().get("/login").text
