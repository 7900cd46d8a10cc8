"""Signing in and out, guessing passwords, and the sessions that come of it."""

import base64
import time

import pytest

from support.accounts import NEW_PASSWORD, an_address, end_windows, guess, is_signed_in, log_in, set_cookies
from support.forum import problem
from support.site import PASSWORD


# ---- signing in and out -------------------------------------------------------


def test_signing_in_leads_back_to_where_one_was(site):
    person, visitor = site.person(), site.visitor()
    asked = visitor.get("/settings")
    assert asked.path == "/login"
    answer = visitor.submit(asked, "/login", email=person.email, password=person.password)
    assert answer.status == 200 and answer.path == "/settings"


def test_signing_in_takes_the_address_in_any_case(site):
    person = site.person()
    assert log_in(site.visitor(), person.email.upper()).status == 200


def test_signing_out_ends_the_session_on_the_server_too(site, member):
    stolen = member.session.cookies["session"]
    answer = member.logout()
    assert answer.status == 200 and "signed out" in answer.page.text
    assert not is_signed_in(member)
    thief = site.visitor()
    thief.session.cookies.set("session", stolen)
    assert not is_signed_in(thief)


def test_a_session_begins_anew_at_every_login(site):
    person = site.person()
    visitor = site.member(person)
    first = visitor.session.cookies["session"]
    visitor.session.cookies.pop("session")
    log_in(visitor, person.email)
    second = visitor.session.cookies["session"]
    assert second != first


def test_a_session_that_somebody_planted_is_not_taken_over(site):
    person, visitor = site.person(), site.visitor()
    planted = base64.urlsafe_b64encode(b"p" * 32).decode().rstrip("=")
    visitor.session.cookies.set("session", planted, domain="127.0.0.1", path="/")
    page = visitor.get("/login")
    answer = visitor.submit(page, "/login", email=person.email, password=person.password, follow=False)
    assert answer.status == 303
    mine = set_cookies(answer)["session"]
    assert planted not in mine
    thief = site.visitor()
    thief.session.cookies.set("session", planted)
    assert not is_signed_in(thief)


def test_signing_in_while_signed_in_ends_the_session_before(site):
    first, second = site.person(), site.person()
    visitor = site.member(first)
    old = visitor.session.cookies["session"]
    page = site.visitor()
    # The login page redirects members; a form that was open before still arrives.
    form = visitor.get("/settings").page.form("/settings/sessions").fields
    answer = visitor.post("/login", {"csrf": form["csrf"], "email": second.email,
                                     "password": second.password}, follow=False)
    assert answer.status == 303
    page.session.cookies.set("session", old)
    assert not is_signed_in(page)


@pytest.mark.parametrize("cookie", ["session", "device", "visitor", "notice"])
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(site, cookie):
    person, visitor = site.person(), site.visitor()
    cookies = set_cookies(visitor.get("/login"))
    page = visitor.get("/login")
    cookies |= set_cookies(visitor.submit(page, "/login", email=person.email,
                                          password=person.password, follow=False))
    attributes = {part.strip().lower() for part in cookies[cookie].split(";")[1:]}
    assert {"httponly", "path=/"} <= attributes
    assert "samesite=lax" in attributes or "samesite=strict" in attributes
    assert not [part for part in attributes if part.startswith("domain")]


def test_pages_for_a_person_are_kept_by_no_cache(member):
    for path in ("/", "/settings", "/notifications"):
        assert member.get(path).headers["Cache-Control"] == "private, no-store"


# ---- throttling ---------------------------------------------------------------


def test_guessing_ends_after_ten_and_the_right_password_gets_in_after_the_wait(site):
    person, visitor = site.person(), site.visitor()
    statuses, last = guess(visitor, person.email, 12)
    assert statuses == [422] * 10 + [429] * 2
    assert 0 < int(last.headers["Retry-After"]) <= 600
    assert "wait" in problem(last)
    refused = log_in(visitor, person.email)
    assert refused.status == 429, "even with the right password, for a bounded time"
    assert refused.page.form("/login").fields["email"] == person.email
    ends_at = site.sql("select ends_at from throttles where key like 'login-account:%%'")
    log_in(visitor, person.email)
    assert site.sql("select ends_at from throttles where key like 'login-account:%%'") == ends_at, \
        "a refused attempt must not lengthen the wait"
    end_windows(site)
    assert log_in(visitor, person.email).status == 200
    assert is_signed_in(visitor)


def test_an_unknown_address_is_throttled_like_a_known_one(site):
    statuses, last = guess(site.visitor(), "nobody-is-here@example.org", 11)
    assert statuses == [422] * 10 + [429]


def test_somebody_elses_guesses_do_not_keep_the_owner_out(site):
    person = site.person()
    owner = site.member(person)
    owner.logout()
    stranger = site.visitor(address=owner.address)
    statuses, _ = guess(stranger, person.email, 11)
    assert statuses[-1] == 429
    assert log_in(owner, person.email).status == 200, "a browser that is known is counted by itself"
    elsewhere = site.visitor()
    assert log_in(elsewhere, person.email).status == 200, "other addresses are not concerned"


def test_guesses_from_everywhere_have_a_ceiling_that_spares_known_browsers(site):
    person = site.person()
    owner = site.member(person)
    owner.logout()
    log_in(site.visitor(), person.email, "wrong once")
    site.sql("update throttles set attempts = 100 where key = %s", f"login-everywhere:{person.email}")
    assert log_in(site.visitor(), person.email).status == 429
    assert log_in(owner, person.email).status == 200
    end_windows(site)
    assert log_in(site.visitor(), person.email).status == 200


def test_a_forged_device_cookie_is_no_known_browser(site):
    person, other = site.person(), site.member()
    visitor = site.visitor()
    visitor.session.cookies.set("device", other.session.cookies["device"])
    statuses, _ = guess(visitor, person.email, 11)
    assert statuses[-1] == 429


def test_a_new_password_makes_all_browsers_strangers(site):
    person = site.person()
    owner = site.member(person)
    device = owner.session.cookies["device"]
    page = owner.get("/settings")
    assert owner.submit(page, "/settings/password", password=person.password,
                        new_password=NEW_PASSWORD).status == 200
    thief = site.visitor()
    thief.session.cookies.set("device", device)
    assert guess(thief, person.email, 11)[0][-1] == 429


def test_one_address_cannot_try_many_accounts(site):
    visitor = site.visitor()
    page = visitor.get("/login").page
    statuses = [visitor.submit(page, "/login", email=f"try-{n}@example.org", password="secret").status
                for n in range(22)]
    assert statuses == [422] * 20 + [429] * 2
    end_windows(site)
    assert visitor.submit(page, "/login", email="try@example.org", password="secret").status == 422


def test_sign_ups_from_one_address_have_a_limit(site):
    visitor = site.visitor()
    statuses = []
    for _ in range(11):
        visitor.session.cookies.clear()
        statuses.append(visitor.sign_up("One Of Many", an_address(), PASSWORD).status)
    assert statuses == [200] * 10 + [429]


def test_links_to_one_account_have_a_limit(site):
    person = site.person()
    for _ in range(7):
        assert site.visitor().submit("/reset", "/reset", email=person.email).status == 200
    site.wait_mail(person.email, 5)
    time.sleep(1)
    assert len(site.mails(person.email)) == 5


# ---- sessions -----------------------------------------------------------------


def test_the_list_of_sessions_names_each_and_ends_the_one_chosen(site):
    person = site.person()
    here = site.member(person)
    phone = site.visitor()
    phone.session.headers["User-Agent"] = "Mozilla/5.0 (Android 14; Mobile) Firefox/130.0"
    log_in(phone, person.email)
    page = here.get("/settings").page
    sessions = [node for node in page.all("li") if "session" in node.get("class").split()]
    assert len(sessions) == 2
    other = next(node for node in sessions if "Firefox" in node.text)
    assert "Android" in other.text and phone.address in other.text
    mine = next(node for node in sessions if node is not other)
    assert "This device" in mine.text and mine.find("form") is None
    number = other.find("input", name="session")["value"]
    answer = here.submit(page, "/settings/sessions", session=number)
    assert answer.status == 200
    assert is_signed_in(here) and not is_signed_in(phone)


def test_nobody_ends_a_session_of_somebody_else(site, member):
    victim = site.member()
    number = site.sql_value("select max(id) from sessions")
    member.submit("/settings", "/settings/sessions", session=number)
    assert is_signed_in(victim)


def test_signing_out_everywhere_ends_all_sessions(site):
    person = site.person()
    visitors = [site.member(person) for _ in range(3)]
    page = visitors[0].get("/settings").page
    form = next(form for form in page.forms if form.action == "/settings/sessions"
                and "session" not in form.fields)
    answer = visitors[0].post(form.action, form.fields)
    assert answer.status == 200 and answer.path == "/login"
    assert not any(is_signed_in(visitor) for visitor in visitors)
    assert site.sql_value("select count(*) from sessions where person_id = %s", person.id) == 0


def test_a_new_role_ends_the_sessions(site):
    person = site.person()
    visitor = site.member(person)
    site.run("user", "role", person.email, "moderator")
    assert not is_signed_in(visitor)
    log_in(visitor, person.email)
    assert is_signed_in(visitor)
    assert site.sql_value("select role from people where id = %s", person.id) == "moderator"


def test_a_session_ends_when_it_was_not_used_for_long(site):
    person = site.person()
    visitor = site.member(person)
    site.sql("update sessions set expires_at = now() where person_id = %s", person.id)
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("state, may_read", [("suspended", True), ("anonymised", False)])
def test_the_state_of_an_account_holds_at_once(site, state, may_read):
    person = site.person()
    visitor = site.member(person)
    site.sql("update people set state = %s where id = %s", state, person.id)
    assert is_signed_in(visitor) == may_read
    shown = visitor.get("/ask")
    assert shown.status == (403 if may_read else 200)
    assert ("To publish it you need an account" in shown.page.text) == (not may_read)
