"""/admin/members, /admin/jobs and /admin/system: people's roles and the machine room."""

import concurrent.futures

import psycopg
import pytest

MEMBERS, JOBS, SYSTEM = "/admin/members", "/admin/jobs", "/admin/system"


@pytest.fixture(scope="module")
def administrator(site):
    return site.member(role="administrator", address="127.0.0.1")


def names(answer):
    table = answer.page.find("tbody")
    return [row.find("th").text for row in table.all("tr")] if table else []


def give(visitor, person, role, **fields):
    path = f"{MEMBERS}/{person.id}"
    return visitor.submit(path, path, role=role, **fields)


def role_of(site, person):
    return site.sql_value("select role from people where id = %s", person.id)


# ---- finding -------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["Quentin Quatorze", "quentin-qua", "@quentin", "Quentin.Q@Example.ORG", "#{id}"])
def test_a_member_is_found_by_name_address_and_number(site, administrator, words):
    known = site.sql("select id from people where email_key = 'quentin.q@example.org'")
    number = known[0]["id"] if known else site.person(name="Quentin Quatorze", email="quentin.q@example.org").id
    found = administrator.get(MEMBERS, params={"q": words.format(id=number)})
    assert names(found) == ["Quentin Quatorze"]


@pytest.mark.parametrize("words", ["nobody@example.org", "#999999999", "zzzzzz", "%", "'; drop table people"])
def test_nobody_is_found_by_what_nobody_is_called(administrator, words):
    answer = administrator.get(MEMBERS, params={"q": words})
    assert answer.status == 200 and "Nobody was found" in answer.page.text


def test_roles_filter_and_pages_go_by_key(site, administrator):
    site.sql("insert into people (name, handle, email, email_key, role, state) select 'Paged ' || n, 'paged-' || n,"
             " 'paged-' || n || '@example.org', 'paged-' || n || '@example.org', 'advisor', 'active'"
             " from generate_series(1, 60) n on conflict do nothing")
    seen, answer = [], administrator.get(MEMBERS, params={"role": "advisor"})
    while True:
        seen += names(answer)
        following = [link for link in answer.page.links if "before=" in link]
        if not following:
            break
        answer = administrator.get(following[0])
    assert len(seen) == len(set(seen)) == site.sql_value("select count(*) from people where role = 'advisor'")


# ---- roles ---------------------------------------------------------------------------


def test_a_role_is_given_with_a_reason_and_ends_the_sessions(site, administrator):
    person = site.person()
    member = site.member(person)
    answer = give(administrator, person, "moderator", reason="Knows the charter by heart")
    assert "The role is given" in answer.page.text
    assert role_of(site, person) == "moderator"
    assert member.get("/settings", follow=False).status == 302, "signed out"
    entry = site.sql("select * from audit_log where action = 'role_changed' and person_id = %s", person.id)[0]
    assert entry["actor_id"] == administrator.person.id and entry["reason"] == "Knows the charter by heart"
    assert entry["details"] == {"role": "moderator", "was": "customer"}


def test_an_unknown_role_and_people_without_an_account_are_refused(site, administrator):
    person = site.person()
    answer = give(administrator, person, "emperor")
    assert answer.status == 422 and role_of(site, person) == "customer"
    imported = site.sql_value("insert into people (name, state) values ('Brought Along', 'imported') returning id")
    path = f"{MEMBERS}/{imported}"
    answer = administrator.submit(path, path, role="moderator")
    assert answer.status == 422 and "no role" in answer.page.find(id="role-error").text
    assert administrator.get(f"{MEMBERS}/999999999").status == 404


def without_others(site, kept):
    """Everybody else who is an administrator, set aside for the test."""
    ids = [row["id"] for row in site.sql("select id from people where role = 'administrator' and state = 'active'")]
    others = [number for number in ids if number not in kept]
    site.sql("update people set role = 'moderator' where id = any (%s)", others)
    return others


def test_the_last_administrator_stays(site, administrator):
    others = without_others(site, [administrator.person.id])
    try:
        answer = give(administrator, administrator.person, "customer")
        assert answer.status == 409
        assert "the last administrator" in answer.page.find(id="role-error").text
        for change in ("role = 'customer'", "state = 'suspended'", "state = 'anonymised', email_key = null"):
            with pytest.raises(psycopg.errors.CheckViolation):
                site.sql(f"update people set {change} where id = %s", administrator.person.id)
    finally:
        site.sql("update people set role = 'administrator' where id = any (%s)", others)


def test_two_who_demote_each_other_leave_one(site):
    pair = [site.member(role="administrator", address="127.0.0.1") for _ in range(2)]
    others = without_others(site, [visitor.person.id for visitor in pair])
    try:
        pages = [(visitor, visitor.get(f"{MEMBERS}/{other.person.id}")) for visitor, other in zip(pair, pair[::-1])]

        def press(pressed):
            visitor, page = pressed
            form = next(f for f in page.page.forms if f.action.startswith(MEMBERS + "/"))
            return visitor.post(form.action, {**form.fields, "role": "customer"}, follow=False).status

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            statuses = list(pool.map(press, pages))
        left = site.sql_value("select count(*) from people where role = 'administrator' and state = 'active'")
        assert left == 1, statuses
    finally:
        site.sql("update people set role = 'administrator' where id = any (%s)", others)


# ---- jobs ------------------------------------------------------------------------------


@pytest.fixture
def dead(site):
    """Three jobs that could not be done; far in the future, so that no worker takes one."""
    ids = [site.sql_value("insert into jobs (kind, payload, state, attempts, run_at, last_error)"
                          " values ('unheard_of', '{\"id\": 7}', 'dead', 10, now(), 'no such kind') returning id")
           for _ in range(3)]
    yield ids
    site.sql("delete from jobs where kind = 'unheard_of'")


def press_job(visitor, what, number):
    page = visitor.get(JOBS).page
    form = next(f for f in page.forms if f.action == JOBS and f.fields["job"] == str(number))
    return visitor.post(JOBS, {**form.fields, "do": what})


def test_a_dead_job_is_shown_with_its_reason_and_tried_again(site, administrator, dead):
    text = administrator.get(JOBS).page.text
    assert "unheard_of" in text and "no such kind" in text and "10 attempts" in text
    assert "tried again" in press_job(administrator, "retry", dead[0]).page.text
    row = site.sql("select state, attempts from jobs where id = %s", dead[0])[0]
    assert row["state"] in ("queued", "running") and row["attempts"] <= 1, "a new life"
    assert site.sql_value("select count(*) from jobs where id = any (%s) and state = 'dead'", dead[1:]) == 2


def test_dead_jobs_are_dropped_one_or_all(site, administrator, dead):
    press_job(administrator, "drop", dead[1])
    assert site.sql_value("select count(*) from jobs where id = any (%s)", dead) == 2
    press_job(administrator, "drop", 0)
    assert site.sql_value("select count(*) from jobs where id = any (%s)", dead) == 0
    assert site.sql_value("select count(*) from audit_log where action = 'job_drop' and actor_id = %s",
                          administrator.person.id) >= 2


def test_a_living_job_is_neither_dropped_nor_begun_anew(site, administrator):
    number = site.sql_value("insert into jobs (kind, run_at) values ('unheard_of', now() + interval '1 day') returning id")
    token = administrator.get("/settings").page.form("/settings/profile").fields["csrf"]
    administrator.post(JOBS, {"csrf": token, "key": "d" * 40, "do": "drop", "job": str(number)})
    assert site.sql_value("select count(*) from jobs where id = %s", number) == 1
    assert administrator.post(JOBS, {"csrf": token, "key": "e" * 40, "do": "burn", "job": "1"}).status == 400
    site.sql("delete from jobs where id = %s", number)


def test_the_state_of_the_system_is_told(site, administrator):
    page = administrator.get(SYSTEM).page
    facts = {term.text: term.parent.find("dd").text for term in page.all("dt")}
    assert facts["Version of the schema"] == str(site.sql_value("select max(number) from schema_migrations"))
    assert facts["Version of PostgreSQL"].startswith("15")
    assert facts["Health"] == "ok"
    assert "posts" in page.find("tbody").text
    assert "the configuration file has no key for one" in page.text
