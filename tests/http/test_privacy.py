"""One's own data by the pages: a copy, leaving, and the register; with the worker."""

import io
import json
import time
import zipfile

import pytest

from support.forum import answer, ask, problem
from support.site import PASSWORD


def test_a_copy_is_made_told_of_and_fetched(site, member):
    topic = ask(member)
    asked = member.submit("/settings/privacy", "/settings/privacy/export")
    assert "being made" in asked.page.text, problem(asked)
    mail = site.wait_mail(member.person.email)
    assert mail.link("/settings/privacy")
    fetched = member.get("/settings/privacy/export")
    assert fetched.headers["Content-Type"] == "application/zip"
    assert "no-store" in fetched.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(fetched.response.content))
    assert archive.testzip() is None
    data = json.loads(archive.read("data.json"))
    assert data["account"][0]["email"] == member.person.email
    assert [question["id"] for question in data["questions"]] == [topic.id]
    assert data["sessions"][0]["user_agent"] == "entraide-tests"
    readable = archive.read("index.html").decode()
    assert "Everything about you" in readable and data["questions"][0]["title"] in readable
    assert "argon2" not in readable + archive.read("data.json").decode()


def test_nobody_else_fetches_it_and_an_old_session_asks_first(site, member):
    member.submit("/settings/privacy", "/settings/privacy/export")
    site.wait_mail(member.person.email)
    assert site.member().get("/settings/privacy/export").status == 404
    assert site.visitor().get("/settings/privacy/export").path == "/login"
    site.sql("update sessions set checked_at = now() - interval '1 hour' where person_id = %s", member.person.id)
    page = member.get("/settings/privacy/export")
    assert page.path == "/check"
    fetched = member.submit(page, "/check", check_password=PASSWORD)
    assert fetched.headers["Content-Type"] == "application/zip"


def test_leaving_can_be_taken_back(site, member):
    asked = member.submit("/settings/privacy", "/settings/privacy/erase")
    assert "will be erased on" in asked.page.text
    kept = member.submit(asked, "/settings/privacy/keep")
    assert "your account is kept" in kept.page.text
    assert site.sql("select 1 from person_erasures where person_id = %s", member.person.id) == []


def test_who_left_is_nowhere_to_be_found(site):
    person = site.person(name="Quirinius Fadeaway", email="quirinius.fadeaway@example.org", age_days=5)
    member, other = site.member(person), site.member(age_days=5)
    topic = ask(member)
    answer(other, topic)
    member.submit("/settings/privacy", "/settings/privacy/erase")
    site.wait_mail(person.email)
    site.sql("update person_erasures set due_at = now() where person_id = %s", person.id)
    site.sql("update jobs set run_at = now() where kind = 'erase' and key = %s", f"erase:{person.id}")
    for _ in range(150):
        if not site.sql("select 1 from people where email_key = %s", person.email):
            break
        time.sleep(0.1)
    page = site.visitor().get(topic.path)
    assert page.status == 200 and "Former member" in page.page.text
    assert "Fadeaway" not in page.text
    assert "Fadeaway" not in site.visitor().get(f"/u/{person.id}").text
    tables = [row["relname"] for row in site.sql(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")]
    for table in tables:
        assert site.sql_value(f"select count(*) from {table} t where t::text ilike %s", "%fadeaway%") == 0, table
    end = time.monotonic() + 20
    while traces_in_the_index(site) and time.monotonic() < end:
        time.sleep(0.5)
    assert traces_in_the_index(site) == []
    assert site.visitor().submit("/login", "/login", email=person.email, password=PASSWORD).status == 422


def traces_in_the_index(site):
    return [file.name for file in (site.var / "index").rglob("*")
            if file.is_file() and b"fadeaway" in file.read_bytes().lower()]


def test_the_register_says_what_is_stored_in_both_languages(site):
    assert "As long as the account" in site.visitor().get("/privacy").page.text
    french = site.visitor(language="fr").get("/privacy")
    assert "Aussi longtemps que le compte" in french.page.text


def test_the_log_of_the_nights_is_for_administrators(site, moderator):
    assert moderator.get("/admin/privacy").status == 403
    assert site.member().get("/admin/privacy").status == 403
    site.sql("insert into retention_log (class, deleted) values ('visits', 12)")
    assert "visits" in site.member(role="administrator").get("/admin/privacy").page.text


@pytest.mark.parametrize("role", ("advisor", "moderator", "administrator"))
def test_the_team_does_not_vanish_with_its_role(site, role):
    visitor = site.member(role=role)
    assert "have your role taken back first" in visitor.get("/settings/privacy").page.text
    token = visitor.get("/settings/privacy").page.form("/settings/privacy/export").fields["csrf"]
    assert visitor.post("/settings/privacy/erase", {"csrf": token}).status in (403, 422)
