"""A forgotten password, a new address or password, and what is kept of it all."""

import hashlib
import subprocess
import time

import pytest

from support.accounts import NEW_PASSWORD, an_address, is_signed_in, log_in, plain, reset_link
from support.site import PASSWORD


# ---- forgotten password -------------------------------------------------------


def test_a_forgotten_password_is_replaced_and_all_sessions_end(site):
    person = site.person()
    before = site.member(person)
    link, visitor = reset_link(site, person.email), site.visitor()
    answer = visitor.submit(visitor.get(link), "/reset/password", password=NEW_PASSWORD)
    assert answer.status == 200
    assert is_signed_in(visitor)
    assert not is_signed_in(before)
    assert log_in(site.visitor(), person.email, person.password).status == 422
    assert log_in(site.visitor(), person.email, NEW_PASSWORD).status == 200
    assert "password was changed" in site.wait_mail(person.email, 2).subject


def test_a_reset_link_works_once(site):
    person = site.person()
    link, visitor = reset_link(site, person.email), site.visitor()
    page = visitor.get(link).page
    assert visitor.submit(page, "/reset/password", password=NEW_PASSWORD).status == 200
    stranger = site.visitor()
    assert stranger.get(link).status == 410
    form = stranger.get("/reset").page.form("/reset").fields
    token = link.rpartition("token=")[2]
    answer = stranger.post("/reset/password", {**form, "token": token, "password": "thief's password"})
    assert answer.status == 410
    assert log_in(site.visitor(), person.email, NEW_PASSWORD).status == 200


@pytest.mark.parametrize("what", ["expired", "replaced", "changed address", "garbage", "other purpose"])
def test_a_dead_reset_link_is_refused(site, what):
    person = site.person()
    link = reset_link(site, person.email)
    if what == "expired":
        site.sql("update mail_tokens set expires_at = now() where person_id = %s", person.id)
    elif what == "replaced":
        reset_link(site, person.email)
    elif what == "changed address":
        site.sql("update people set email = 'new-' || email, email_key = 'new-' || email_key where id = %s",
                 person.id)
    elif what == "garbage":
        link = link[:-3] + "AAA"
    else:
        site.sql("update mail_tokens set purpose = 'confirm' where person_id = %s", person.id)
    answer = site.visitor().get(link)
    assert answer.status == 410
    assert answer.page.find("form", action="/reset/password") is None
    assert "/reset" in answer.page.links


def test_a_reset_link_is_not_given_away_by_its_page(site):
    link = reset_link(site, site.person().email)
    answer = site.visitor().get(link)
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin", "strict-origin",
                                                 "strict-origin-when-cross-origin")
    assert answer.headers["Cache-Control"] == "private, no-store"
    token = link.rpartition("token=")[2]
    assert not [href for href in answer.page.links if token in href]
    canonical = answer.page.find("link", rel="canonical")
    assert canonical is None or token not in canonical["href"]


def test_a_refused_new_password_leaves_the_link_alive(site):
    person = site.person()
    link, visitor = reset_link(site, person.email), site.visitor()
    refused = visitor.submit(visitor.get(link), "/reset/password", password="short")
    assert refused.status == 422 and refused.page.find(id="password-error")
    assert visitor.submit(refused, "/reset/password", password=NEW_PASSWORD).status == 200


# ---- changing address and password --------------------------------------------


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(site):
    person, new = site.person(), an_address()
    visitor = site.member(person)
    answer = visitor.submit("/settings", "/settings/email", email=new, password=person.password)
    assert answer.status == 200 and "sent a link" in answer.page.text
    mail = site.wait_mail(new)
    assert site.sql_value("select email from people where id = %s", person.id) == person.email
    assert log_in(site.visitor(), new).status == 422
    assert visitor.confirm(mail).status == 200
    assert site.sql_value("select email_key from people where id = %s", person.id) == new
    assert log_in(site.visitor(), new).status == 200
    assert log_in(site.visitor(), person.email).status == 422
    assert "address was changed" in site.wait_mail(person.email).subject
    assert new not in site.mails(person.email)[0].text, "nor does it say where to"


def test_a_new_address_needs_the_password(site):
    person = site.person()
    visitor = site.member(person)
    answer = visitor.submit("/settings", "/settings/email", email="other@example.org", password="wrong")
    assert answer.status == 422
    assert answer.page.form("/settings/email").fields["email"] == "other@example.org"
    time.sleep(0.3)
    assert not site.mails("other@example.org")


def test_an_address_that_is_taken_is_answered_alike_and_its_owner_told(site):
    person, owner = site.person(), site.person()
    visitor = site.member(person)
    free = visitor.submit("/settings", "/settings/email", email=an_address(), password=person.password)
    taken = visitor.submit("/settings", "/settings/email", email=owner.email, password=person.password)
    assert free.status == taken.status == 200
    assert plain(free) == plain(taken)
    assert "already" in site.wait_mail(owner.email).subject
    assert site.sql_value("select email from people where id = %s", person.id) == person.email


def test_two_who_want_the_same_address_cannot_both_have_it(site):
    new = an_address()
    people = [site.person(), site.person()]
    visitors = [site.member(person) for person in people]
    for visitor, person in zip(visitors, people):
        visitor.submit("/settings", "/settings/email", email=new, password=person.password)
    first, second = site.wait_mail(new, 1), site.wait_mail(new, 2)
    assert visitors[0].confirm(first).status == 200
    late = visitors[1].confirm(second)
    assert late.status in (409, 410, 422), late
    assert site.sql_value("select count(*) from people where email_key = %s", new) == 1


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(site):
    person = site.person()
    here, there = site.member(person), site.member(person)
    before = here.session.cookies["session"]
    answer = here.submit("/settings", "/settings/password", password=person.password, new_password=NEW_PASSWORD)
    assert answer.status == 200
    assert here.session.cookies["session"] != before
    assert is_signed_in(here) and not is_signed_in(there)
    assert log_in(site.visitor(), person.email, NEW_PASSWORD).status == 200
    assert "password was changed" in site.wait_mail(person.email).subject


@pytest.mark.parametrize("password, new_password, field", [
    ("wrong one", NEW_PASSWORD, "password"), (PASSWORD, "short", "new_password"),
    (PASSWORD, "iloveyou1", "new_password"), (PASSWORD, "", "new_password"),
])
def test_a_refused_change_of_password_changes_nothing(site, password, new_password, field):
    person = site.person()
    visitor = site.member(person)
    answer = visitor.submit("/settings", "/settings/password", password=password, new_password=new_password)
    assert answer.status == 422
    assert answer.page.find(id=f"{field}-error")
    assert is_signed_in(visitor)
    assert log_in(site.visitor(), person.email).status == 200


def test_a_stolen_session_is_no_place_to_guess_the_password_at(site):
    visitor = site.member()
    page = visitor.get("/settings").page
    statuses = [visitor.submit(page, "/settings/password", password=f"guess {n}",
                               new_password=NEW_PASSWORD).status for n in range(11)]
    assert statuses == [422] * 10 + [429]


# ---- what is kept -------------------------------------------------------------


def dump(site):
    """All that is in the database, as text."""
    return subprocess.run(
        ["/usr/lib/postgresql/15/bin/pg_dump", "--data-only", "-d", site.conninfo("postgres")],
        check=True, stdout=subprocess.PIPE, encoding="utf-8", timeout=60,
    ).stdout


def test_the_database_holds_hashes_and_no_secret(site):
    person = site.person()
    visitor = site.member(person)
    token = visitor.session.cookies["session"]
    link = reset_link(site, person.email).rpartition("token=")[2]
    hashes = {row["token_hash"] for row in site.sql("select token_hash from sessions")}
    assert hashlib.sha256(token.encode()).digest() in hashes
    assert hashlib.sha256(link.encode()).digest() in {
        row["token_hash"] for row in site.sql("select token_hash from mail_tokens")}
    kept = site.sql_value("select password_hash from people where id = %s", person.id)
    assert kept.startswith("$argon2id$")
    parameters = dict(part.split("=") for part in kept.split("$")[3].split(","))
    assert int(parameters["m"]) >= 19 * 1024 and int(parameters["t"]) >= 2
    end = time.monotonic() + 5
    while site.sql_value("select count(*) from mails where state = 'queued' and kind <> 'notification'"):
        assert time.monotonic() < end
        time.sleep(0.1)
    everything = dump(site)
    secrets = [token, link, PASSWORD, NEW_PASSWORD, *(cookie.value for cookie in visitor.session.cookies
                                                       if len(cookie.value) > 20)]
    assert not [secret for secret in secrets if secret in everything]


def test_what_is_done_to_accounts_is_in_the_audit_log(site):
    person = site.person()
    visitor = site.member(person)
    visitor.submit("/settings", "/settings/password", password=person.password, new_password=NEW_PASSWORD)
    site.run("user", "role", person.email, "advisor")
    actions = [row["action"] for row in site.sql(
        "select action from audit_log where subject = 'person' and subject_id = %s order by id", person.id)]
    assert actions[-2:] == ["password_changed", "role_changed"]
