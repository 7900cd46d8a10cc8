"""What sign-up turns away: programs, throw-away addresses, listed networks, and those who
were removed; and what administrators see of it."""

import re

import pytest

from support.accounts import an_address
from support.forum import a_title, answer, ask, category, eventually
from support.site import PASSWORD


@pytest.fixture
def setting(site):
    """setting("sign_up.domains", "a.example"), until the test ends."""
    before = {}

    def put(name, value):
        rows = site.sql("select value from site_settings where name = %s", name)
        before.setdefault(name, rows[0]["value"] if rows else None)
        site.sql("insert into site_settings (name, value) values (%s, %s)"
                 " on conflict (name) do update set value = excluded.value", name, value)

    yield put
    for name, value in before.items():
        site.sql("delete from site_settings where name = %s", name)
        if value is not None:
            site.sql("insert into site_settings (name, value) values (%s, %s)", name, value)


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator")


def sign_up(visitor, email, page="/signup", **fields):
    return visitor.submit(page, "/signup", **{"name": "Somebody new", "email": email, "password": PASSWORD,
                                              "consent": "1", **fields})


def accounts(site, email):
    return site.sql_value("select count(*) from people where email_key = %s", email.lower())


def refused(site, reason):
    return site.sql_value("select coalesce(sum(count), 0) from sign_up_refusals where reason = %s", reason)


# ---- programs --------------------------------------------------------------------


def test_a_program_that_fills_in_every_field_gets_the_same_answer_and_no_account(site):
    email, before = an_address(), refused(site, "trap")
    trapped = sign_up(site.visitor(), email, website="https://spam.example")
    assert trapped.status == 200 and "Look into your mail" in trapped.page.text
    assert accounts(site, email) == 0 and refused(site, "trap") == before + 1
    real = sign_up(site.visitor(), email)
    assert real.status == 200 and accounts(site, email) == 1
    assert trapped.page.text == real.page.text


def test_the_field_for_programs_is_out_of_sight_sound_and_reach(site):
    page = site.visitor().get("/signup").page
    field = page.find("input", id="website")
    assert field.attributes["tabindex"] == "-1" and field.attributes["autocomplete"] == "off"
    assert 'class="visually-hidden" aria-hidden="true"' in site.visitor().get("/signup").text


def test_who_is_faster_than_a_person_is_asked_again_and_keeps_what_was_typed(site, setting):
    setting("sign_up.min_seconds", "30")
    email, visitor = an_address(), site.visitor()
    eventually(lambda: sign_up(visitor, email).status == 422, "the setting counts")
    before = refused(site, "fast")
    again = sign_up(visitor, email)
    assert "we took it for a program" in again.page.text and refused(site, "fast") == before + 1
    fields = again.page.form("/signup").fields
    assert fields["name"] == "Somebody new" and fields["email"] == email and fields["consent"] == "1"
    assert accounts(site, email) == 0
    # The form's time goes on: it began when the first page was opened.
    first = visitor.get("/signup").page
    started = first.form("/signup").fields["opened"]
    assert sign_up(visitor, email, page=first).page.form("/signup").fields["opened"] == started
    setting("sign_up.min_seconds", "1")
    eventually(lambda: sign_up(visitor, email, page=again).status == 200, "a person who takes a second is let in")
    assert accounts(site, email) == 1


def test_a_time_that_the_site_did_not_sign_counts_for_nothing(site, setting):
    setting("sign_up.min_seconds", "1")
    visitor, email = site.visitor(), an_address()
    page = visitor.get("/signup").page
    started = page.form("/signup").fields["opened"]
    second = int(started.split("-")[0])
    theirs = site.visitor().get("/signup").page.form("/signup").fields["opened"]
    for forged in ("", "1", f"{second - 100}-" + "0" * 16, started.replace(str(second), str(second - 100))):
        eventually(lambda: sign_up(visitor, email, page=page, opened=forged).status == 422, forged)
        answer = sign_up(visitor, email, page=page, opened=forged)
        assert "open for too long" in answer.page.text, forged
    # Somebody else's time is none either.
    assert sign_up(visitor, email, page=page, opened=theirs).status == 422
    assert accounts(site, email) == 0


# ---- lists ------------------------------------------------------------------------


def test_addresses_of_a_listed_domain_are_refused_with_the_form_kept(site, setting):
    setting("sign_up.domains", "blocked-mail.example # since May\n")
    visitor = site.visitor()
    eventually(lambda: sign_up(visitor, "a@blocked-mail.example").status == 422, "the list counts")
    answer = sign_up(visitor, "b@sub.Blocked-Mail.example")
    assert answer.status == 422 and "This address cannot be used here" in answer.page.text
    assert answer.page.form("/signup").fields["email"] == "b@sub.Blocked-Mail.example"
    email = "c@unblocked-mail.example"
    assert sign_up(visitor, email).status == 200 and accounts(site, email) == 1
    # Nor can one change to such an address afterwards.
    member = site.member()
    changed = member.submit("/settings", "/settings/email", email="d@blocked-mail.example", password=PASSWORD)
    assert changed.status == 422 and "This address cannot be used here" in changed.page.text


def test_throw_away_addresses_are_refused_by_default(site):
    before = refused(site, "disposable")
    answer = sign_up(site.visitor(), "somebody@yopmail.com")
    assert answer.status == 422 and "you could not get back in" in answer.page.text
    assert refused(site, "disposable") == before + 1


def test_a_listed_range_is_told_to_try_from_elsewhere(site, setting):
    visitor, outside = site.visitor(), site.visitor()
    setting("sign_up.networks", f"{visitor.address}/32")
    eventually(lambda: sign_up(visitor, an_address()).status == 403, "the list counts")
    email = an_address()
    answer = sign_up(visitor, email)
    assert "Nobody can sign up from your network" in answer.page.text
    assert answer.page.form("/signup").fields["email"] == email
    assert sign_up(outside, email).status == 200


# ---- kept addresses ------------------------------------------------------------------


def removed_as_spam(site, moderator, spammer):
    path = f"/mod/removal/{spammer.person.id}"
    moderator.submit(path, path, reason="Advertises in every thread", spam="1", removal="0")
    eventually(lambda: site.sql_value("select state from removals where person_id = %s order by id desc limit 1",
                                      spammer.person.id) == "removed", "all is removed")


def test_who_was_removed_as_spam_may_not_come_back_until_it_is_undone(site, moderator, administrator):
    spammer, name = site.member(age_days=10), f"spammer-{a_title().split()[-1]}".lower()
    email = re.sub(r"[^a-z0-9-]", "", name) + "@fine.example"
    site.sql("update people set email = %s, email_key = %s where id = %s", email, email, spammer.person.id)
    ask(spammer)
    removed_as_spam(site, moderator, spammer)
    stored = site.sql("select kind, encode(code, 'hex') as code, place from sign_up_blocks b"
                      " join removals r on r.id = b.removal_id where r.person_id = %s order by kind", spammer.person.id)
    assert [row["kind"] for row in stored] == ["email", "network"] and stored[0]["place"] == "fine.example"
    # With a tag, and in capitals: the same mailbox.
    for again in (email, email.replace("@", "+again@"), email.upper()):
        answer = sign_up(site.visitor(), again)
        assert answer.status == 422 and "This address cannot be used here" in answer.page.text, again
    there = site.visitor(address=spammer.address)
    assert sign_up(there, an_address()).status == 403
    page = administrator.get("/admin/sign-up").page
    assert "A mail address at fine.example" in page.text and email not in page.text
    path = f"/mod/removal/{spammer.person.id}"
    removal = site.sql_value("select max(id) from removals where person_id = %s", spammer.person.id)
    moderator.submit(path, path, do="undo", removal=str(removal))
    assert sign_up(there, an_address()).status == 200
    assert sign_up(site.visitor(), email).status == 200


def test_many_kept_networks_of_a_range_close_the_range(site, administrator, setting):
    def keep(address):
        shown = administrator.submit("/admin/sign-up", "/admin/sign-up/kept", do="add", address=address,
                                     block_reason="Floods of a test")
        assert shown.status == 200 and "A network" in shown.page.text
        assert address not in shown.page.text

    setting("sign_up.range_from", "3")
    neighbour = site.visitor()
    network = neighbour.address.rsplit(".", 1)[0]
    others = [f"{network}.{n}" for n in range(230, 250) if f"{network}.{n}" != neighbour.address]
    try:
        for address in others[:2]:
            keep(address)
        assert sign_up(neighbour, an_address()).status == 200
        keep(others[2])
        eventually(lambda: sign_up(neighbour, an_address()).status == 403, "the range is closed")
    finally:
        site.sql("delete from sign_up_blocks where reason = 'Floods of a test'")


def test_an_address_is_kept_lifted_and_put_back_and_stands_nowhere(site, administrator):
    email = an_address()
    for typed, at in (("nonsense", "Write an e-mail address"), ("", "")):
        answer = administrator.submit("/admin/sign-up", "/admin/sign-up/kept", do="add", address=typed,
                                      block_reason="Of a test")
        assert answer.status == 422 and at in answer.page.text
    administrator.submit("/admin/sign-up", "/admin/sign-up/kept", do="add", address=email, block_reason="Sold watches")
    assert sign_up(site.visitor(), email).status == 422
    block = site.sql_value("select id from sign_up_blocks where reason = 'Sold watches'")

    def press(action):
        page = administrator.get("/admin/sign-up").page
        form = next(form for form in page.forms if form.action.endswith("/kept") and form.fields.get("block") == str(block))
        return administrator.post("/admin/sign-up/kept", {**form.fields, "do": action})

    assert press("lift").status == 200 and sign_up(site.visitor(), email).status == 200
    assert press("restore").status == 200 and sign_up(site.visitor(), email).status == 422
    trail = site.sql("select action from audit_log where subject = 'sign_up_block' and subject_id = %s order by id", block)
    assert [row["action"] for row in trail] == ["sign_up_block", "sign_up_block_lift", "sign_up_block_restore"]
    assert site.sql_value("select count(*) from audit_log a where a::text like %s", f"%{email}%") == 0
    site.sql("delete from sign_up_blocks where id = %s", block)


# ---- accounts that slept ----------------------------------------------------------------


def test_an_account_that_slept_is_looked_at_again_at_its_first_post(site, setting, administrator):
    setting("sign_up.domains", "since-listed.example")
    # The first post of each process reads the rules.
    sleeper, fresh = site.member(age_days=60), site.member(age_days=2)
    for visitor, name in ((sleeper, "sleeper"), (fresh, "fresh")):
        email = f"{name}-{visitor.person.id}@since-listed.example"
        site.sql("update people set email = %s, email_key = %s where id = %s", email, email, visitor.person.id)
    eventually(lambda: sign_up(site.visitor(), "x@since-listed.example").status == 422, "the list counts")
    held = ask_at(site, sleeper)
    assert "only its author and the team" in held.page.text
    assert "only its author and the team" not in ask_at(site, fresh).page.text
    reason = site.sql_value("select i.reasons->0->>'code' from moderation_items i where i.person_id = %s", sleeper.person.id)
    assert reason == "listed"
    # The dry run of the rule says the same of what was written before.
    rule = site.sql_value("select id from holding_rules where kind = 'listed' and deleted_at is null")
    administrator.submit(administrator.get("/admin/holding"), "/admin/holding", do="try", rule=str(rule))
    state = "select state from holding_trials where rule_id = %s order by id desc limit 1"
    eventually(lambda: site.sql_value(state, rule) == "done", "the dry run ends")
    caught = [link["href"] for link in administrator.get(f"/admin/holding/{rule}").page.all("a")]
    number = site.sql_value("select p.id from posts p where p.author_id = %s", sleeper.person.id)
    assert any(f"/p/{number}" in href for href in caught)
    number = site.sql_value("select p.id from posts p where p.author_id = %s", fresh.person.id)
    assert not any(f"/p/{number}" in href for href in caught)


def ask_at(site, visitor):
    return visitor.submit("/ask", "/ask", title=a_title(), body="My router restarts every night since Monday.",
                          considered="1", category=category(site), tags="", language="en")


# ---- the page -----------------------------------------------------------------------------


def test_the_page_says_which_line_is_wrong_and_undo_is_one_press(site, administrator):
    page = administrator.get("/admin/sign-up").page
    wrong = administrator.submit(page, "/admin/sign-up", **{"sign_up.networks": "203.0.113.7\n0.0.0.0/0"})
    assert wrong.status == 422 and "Line 2 is no network" in wrong.page.text
    assert wrong.page.form("/admin/sign-up").fields["sign_up.networks"] == "203.0.113.7\n0.0.0.0/0"
    saved = administrator.submit(page, "/admin/sign-up", reason="Floods", **{"sign_up.networks": "203.0.113.7"})
    assert saved.status == 200 and "Networks that may not sign up" in saved.page.text and "Floods" in saved.page.text
    undone = administrator.submit(saved, "/admin/undo")
    assert undone.status == 200 and undone.page.form("/admin/sign-up").fields["sign_up.networks"] == ""


def test_the_page_counts_refusals_by_reason(site, administrator):
    sign_up(site.visitor(), an_address(), website="x")
    text = administrator.get("/admin/sign-up").page.text
    assert "Filled in the field that people do not see" in text and "Accounts that were made" in text


def test_settings_lead_to_the_page_and_moderators_do_not_see_it(site, administrator, moderator):
    assert administrator.get("/admin/settings/sign_up", follow=False).headers["Location"].endswith("/admin/sign-up")
    assert moderator.get("/admin/sign-up").status in (403, 404)
    assert moderator.post("/admin/sign-up/kept", {"do": "add"}).status in (403, 404)
