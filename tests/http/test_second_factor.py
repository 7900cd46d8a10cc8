"""Signing in in two steps, on a site that demands it of its team."""

import urllib.parse

import pytest

from support.accounts import end_windows, is_signed_in, log_in, reset_link
from support.codes import code, set_up
from support.forum import path_of, problem
from support.rights import TEAMS
from support.site import PASSWORD, Site


@pytest.fixture(scope="module")
def strict():
    """A site as a brand runs it: ./dev's own lets the team in without a telephone."""
    forum = Site("second-factor", settings={
        "ENTRAIDE_SECURITY_STAFF_WITHOUT_SECOND_FACTOR": "refused"}).start()
    yield forum
    forum.stop()


def first_step(site, person):
    """Who has given the right password and no code yet."""
    visitor = site.visitor()
    answer = visitor.submit("/login", "/login", email=person.email, password=person.password)
    assert answer.path == "/login/second-step", problem(answer)
    return visitor, answer


def second_step(visitor, page, typed):
    return visitor.submit(page, "/login/second-step", code=typed)


# ---- setting up and signing in ---------------------------------------------------


def test_the_secret_is_shown_as_text_link_and_square(site, member):
    page = member.submit("/settings/security", "/settings/security/begin").page
    secret = page.find("code", class_="secret").text
    link = next(a for a in page.all("a") if a.get("href").startswith("otpauth:"))
    address = urllib.parse.urlsplit(link["href"])
    query = urllib.parse.parse_qs(address.query)
    assert address.netloc == "totp" and query["secret"] == [secret]
    assert urllib.parse.unquote(address.path).endswith(":" + member.person.email)
    square = page.find("svg", class_="qr")
    assert square.get("aria-label") and square.find("path")["d"].startswith("M4 4h7v1h-7z")
    assert "http" not in square.find("path")["d"]


def test_the_password_alone_opens_no_session_any_more(site):
    person = site.person()
    owner = site.member(person)
    other = site.member(person)
    secret, codes = set_up(owner)
    assert len(set(codes)) == 10
    assert is_signed_in(owner) and not is_signed_in(other)
    visitor, page = first_step(site, person)
    assert "session" not in visitor.session.cookies
    assert not is_signed_in(visitor)
    answer = second_step(visitor, page, code(secret, 1))
    assert answer.status == 200 and is_signed_in(visitor)
    assert site.sql_value("select authenticated_by from sessions where person_id = %s"
                          " order by id desc limit 1", person.id) == "totp"


def test_a_code_counts_once_and_a_wrong_one_says_so(site):
    person = site.person()
    secret, _ = set_up(site.member(person))
    visitor, page = first_step(site, person)
    for typed in ("", "12345", code(secret, 5), code(secret)):
        answer = second_step(visitor, page, typed)
        assert answer.status == 422 and "This code is not right" in answer.page.text, typed
        assert not is_signed_in(visitor)
    assert second_step(visitor, page, code(secret, 1)).status == 200
    again, page = first_step(site, person)
    assert second_step(again, page, code(secret, 1)).status == 422


def test_a_recovery_code_opens_the_account_once_and_a_mail_tells(site):
    person = site.person()
    _, codes = set_up(site.member(person))
    visitor, page = first_step(site, person)
    assert second_step(visitor, page, codes[4].upper().replace("-", " ")).status == 200
    assert is_signed_in(visitor)
    assert "recovery code" in site.wait_mail(person.email, 2).text
    again, page = first_step(site, person)
    assert second_step(again, page, codes[4]).status == 422
    assert "9 recovery codes are left" in visitor.get("/settings/security").page.text


def test_guessing_codes_is_stopped(site):
    person = site.person()
    secret, _ = set_up(site.member(person))
    visitor, page = first_step(site, person)
    statuses = [second_step(visitor, page, f"{n:06}").status for n in range(6)]
    assert statuses[:5] == [422] * 5 and statuses[5] == 429
    assert second_step(visitor, page, code(secret, 1)).status == 429
    end_windows(site)
    assert second_step(visitor, page, code(secret, 1)).status == 200


def test_a_new_password_by_mail_does_not_get_around_it(site):
    person = site.person()
    secret, _ = set_up(site.member(person))
    visitor = site.visitor()
    page = visitor.get(reset_link(site, person.email))
    answer = visitor.submit(page, "/reset/password", password="a quite different sentence")
    assert answer.path == "/login/second-step" and not is_signed_in(visitor)
    assert second_step(visitor, answer, code(secret, 1)).status == 200
    assert is_signed_in(visitor)


def test_without_the_first_step_there_is_no_second(site):
    visitor = site.visitor()
    assert visitor.get("/login/second-step?next=/drafts", follow=False).status == 302
    visitor.session.cookies.set("second_step", "A" * 43)
    answer = visitor.get("/login/second-step?next=/drafts")
    assert answer.path == "/login"
    assert site.sql_value("select count(*) from sign_in_steps where expires_at > now() + interval '11 minutes'") == 0


def test_recovery_codes_are_shown_once(site, member):
    _, codes = set_up(member)
    assert codes[0] not in member.get("/settings/security").text
    fresh = member.submit("/settings/security", "/settings/security/codes")
    assert codes[0] not in fresh.text and fresh.text.count("</code></li>") == 10
    assert "no-store" in fresh.headers["Cache-Control"]


# ---- asking again --------------------------------------------------------------------


def grow_old(site, visitor):
    site.sql("update sessions set checked_at = now() - interval '16 minutes' where person_id = %s",
             visitor.person.id)


def test_what_guards_the_account_asks_again_after_a_while(site, member):
    set_up(member)
    grow_old(site, member)
    page = member.get("/settings/security")
    asked = member.submit(page, "/settings/security/remove")
    assert asked.status == 403 and "Is it still you?" in asked.page.text
    wrong = member.submit(asked, "/check", check_password="not this one")
    assert wrong.status == 422 and "not your present password" in wrong.page.text
    done = member.submit(wrong, "/check", check_password=PASSWORD)
    assert done.path == "/settings/security" and "Two-step sign-in is off" in done.page.text


def test_a_code_does_as_well_as_the_password(site, member):
    secret, codes = set_up(member)
    grow_old(site, member)
    asked = member.submit("/settings/security", "/settings/security/codes")
    done = member.submit(asked, "/check", check_code=code(secret, 1))
    assert done.status == 200 and "Your recovery codes" in done.page.text
    assert codes[0] not in done.text


# ---- the team ----------------------------------------------------------------------------

TEAM = ("advisor", "moderator", "administrator")


@pytest.mark.parametrize("role", TEAM)
def test_the_team_is_led_to_set_it_up_first(strict, role):
    visitor = strict.member(role=role)
    for path in ("/admin", "/admin/search", "/t/1/answer", "/drafts"):
        answer = visitor.get(path)
        assert answer.path == "/settings/security", path
        assert answer.address.query == "next=" + urllib.parse.quote(path, safe="")
    assert "signs in in two steps" in visitor.get("/").page.text
    page = visitor.get("/settings/security?next=/admin")
    page = visitor.submit(page, "/settings/security/begin")
    secret = page.page.find("code", class_="secret").text
    done = visitor.submit(page, "/settings/security/confirm", code=code(secret))
    assert done.page.find("a", href="/admin")
    assert visitor.get("/admin", follow=False).status == 200
    assert "signs in in two steps" not in visitor.get("/").page.text


@pytest.mark.parametrize("role", TEAM)
def test_no_address_of_the_teams_opens_without_it(strict, role):
    visitor = strict.member(role=role, address="127.0.0.1")
    token = visitor.get("/settings").page.form("/settings/profile").fields["csrf"]
    for method, pattern in TEAMS:
        path = pattern.replace(":id", "1").replace(":slug", "writing")
        if method == "GET":
            answer = visitor.get(path, follow=False)
            assert answer.status == 302 and path_of(answer).startswith("/settings/security"), path
        else:
            answer = visitor.post(path, {"csrf": token, "key": "k" * 40}, follow=False)
            assert answer.status == 403 or path_of(answer).startswith("/settings/security"), f"{path}: {answer}"


def test_what_the_team_had_typed_is_not_lost(strict):
    visitor = strict.member(role="advisor")
    token = visitor.get("/settings").page.form("/settings/profile").fields["csrf"]
    answer = visitor.post("/ask", {"csrf": token, "body": "A long text that took an hour.",
                                   "title": "A question"})
    assert answer.status == 403 and "A long text that took an hour." in answer.page.text
    assert "two steps" in answer.page.text


def test_customers_are_left_in_peace(strict):
    visitor = strict.member()
    assert "two steps" not in visitor.get("/").page.text
    assert visitor.get("/drafts", follow=False).status == 200


def test_the_operator_can_help_who_lost_everything(strict):
    person = strict.person(role="moderator")
    set_up(strict.member(person))
    done = strict.run("user", "reset-second-factor", person.email)
    assert person.email in done.stdout
    visitor = strict.visitor()
    assert log_in(visitor, person.email).path == "/"
    assert visitor.get("/admin").path == "/settings/security"
    assert "was reset" in strict.wait_mail(person.email, 2).subject
